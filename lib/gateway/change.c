/* SPDX-License-Identifier: GPL-2.0-or-later */
/* change.c - the kinds of change there are, and one of them undone. */
#include "gateway/change_impl.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/wire.h"

int
v6d_change_told(struct v6d_changes *c, int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->why, sizeof(c->why), fmt, ap);
	va_end(ap);
	return err;
}

enum v6d_undo
v6d_change_left(struct v6d_changes *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->why, sizeof(c->why), fmt, ap);
	va_end(ap);
	return V6D_UNDO_LEFT;
}

enum v6d_undo
v6d_change_stuck(struct v6d_changes *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->why, sizeof(c->why), fmt, ap);
	va_end(ap);
	return V6D_UNDO_FAILED;
}

int
v6d_change_note(struct v6d_changes *c, const struct v6d_record *r)
{
	int err = v6d_journal_add(c->j, r);

	if (err < 0)
		v6d_change_told(c, err, "the journal cannot be written: %s",
		    strerror(-err));
	return err;
}

int
v6d_change_noted(
    const struct v6d_journal *j, unsigned n, const char *const *word)
{
	for (unsigned i = j->n; i-- > 0;) {
		const struct v6d_record *r = &j->e[i].r;
		unsigned same = 0;

		while (same < n && same < r->n &&
		       strcmp(r->word[same], word[same]) == 0)
			same++;
		if (same == n && !j->e[i].undone)
			return (int)i;
	}
	return -1;
}

int
v6d_change_not_made(struct v6d_changes *c, int err)
{
	v6d_journal_undone(c->j, c->j->n - 1);
	return err;
}

static const struct v6d_change_kind kinds[] = {
	{ "sysctl", false, v6d_undo_sysctl, 4 },
	{ "forwarding", false, v6d_undo_forwarding, 3 },
	{ "table", false, v6d_undo_table, 4 },
	{ "address", false, v6d_undo_addr, 3 },
	{ "route", false, v6d_undo_route, 6 },
	{ "rule", false, v6d_undo_rule, 5 },
	{ "folder", true, v6d_undo_folder, 2 },
	{ "advert", false, v6d_undo_advert, 4 },
	{ "pppd", false, v6d_undo_pppd, 3 },
	{ "dns", true, v6d_undo_dns, 7 },
};

const struct v6d_change_kind *
v6d_change_kind_of(const struct v6d_record *r)
{
	for (size_t i = 0; i < V6D_ARRAY_LEN(kinds); i++)
		if (r->n >= kinds[i].n_words &&
		    strcmp(r->word[0], kinds[i].name) == 0)
			return &kinds[i];
	return NULL;
}

/* The first words tell enough; a table's text would be too much. */
const char *
v6d_change_text(const struct v6d_record *r, char *buf, size_t n)
{
	static const struct {
		const char *kind, *form;
	} forms[] = {
		{ "sysctl", N_("the setting %s") },
		{ "forwarding", N_("the forwarding of IPv6 packets") },
		{ "table", N_("the packet filter's table %s") },
		{ "address", N_("the address of %s: %s") },
		{ "route", N_("the route %s") },
		{ "rule", N_("the rule from %s") },
		{ "folder", N_("the folder %s") },
		{ "advert", N_("the advertisement on %s of %s") },
		{ "pppd", N_("the pppd of %s") },
		{ "dns", N_("the record at %s") },
	};
	struct v6d_text t = v6d_text_to(buf, n);
	const char *a = r->n > 1 ? r->word[1] : "";
	const char *b = r->n > 2 ? r->word[2] : "";

	for (size_t i = 0; i < V6D_ARRAY_LEN(forms); i++) {
		const char *at = forms[i].form, *hole;
		unsigned k = 0;

		if (strcmp(r->word[0], forms[i].kind) != 0)
			continue;
		while ((hole = strstr(at, "%s"))) {
			v6d_text_add(
			    &t, "%.*s%s", (int)(hole - at), at, k++ ? b : a);
			at = hole + 2;
		}
		v6d_text_add(&t, "%s", at);
		return buf;
	}
	v6d_text_add(&t, "%s", r->word[0]);
	return buf;
}

enum v6d_undo
v6d_change_undo(struct v6d_changes *c, unsigned i)
{
	struct v6d_journal_entry *e = &c->j->e[i];
	const struct v6d_change_kind *k = v6d_change_kind_of(&e->r);
	enum v6d_undo u;

	c->why[0] = '\0';
	if (!k || e->undone)
		return V6D_UNDO_DONE;
	u = k->undo(c, &e->r);
	/* A full disk must not stop what gives the host back. */
	if (u != V6D_UNDO_FAILED)
		v6d_journal_undone(c->j, i);
	return u;
}
