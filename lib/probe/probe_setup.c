/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe_setup.c - how is this host set up, and what of that would be gone
 * after a restart? What is read here and not judged (addresses, routes,
 * policy rules, the packet filter) is there to be compared with another run.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/wire.h"
#include "probe/help.h"

enum tag {
	DISABLE_IPV6, /* the first three: indexes of settings[] */
	ACCEPT_RA,
	FORWARDING,
	N_SETTINGS,
	NOT_JUDGED = N_SETTINGS,
	BOOT = 16, /* and the setting's index */
};

/* As the kernel has them where nobody says otherwise (ip-sysctl.rst). */
static const struct {
	const char *name;
	int64_t usual;
} settings[N_SETTINGS] = {
	[DISABLE_IPV6] = { "disable_ipv6", 0 },
	[ACCEPT_RA] = { "accept_ra", 1 },
	[FORWARDING] = { "forwarding", 0 },
};

/* What else decides where packets go. */
static const char *const others[] = {
	"net/ipv4/ip_forward",
	"net/ipv4/conf/all/rp_filter",
	"net/ipv6/conf/all/disable_ipv6",
	"net/ipv6/conf/all/forwarding",
	"net/ipv6/conf/default/use_tempaddr",
};

struct setting {
	int64_t now, file; /* -1: not known; no file says */
	bool asked, unread;
	char where[96]; /* file and line, or "" */
};

struct setup {
	struct setting s[N_SETTINGS];
	unsigned left, lost;
	char first[V6D_SUBJECT]; /* of what would be lost */
};

static struct setup *
mine(struct v6d_probe_run *r)
{
	return (struct setup *)(void *)r->state;
}

/* A new interface inherits them; a tunnel in place has its own. */
static const char *
interface_of(const struct v6d_plan *p)
{
	bool own = p->in_place && p->interface[0] != '\0';

	return own ? p->interface : "default";
}

static void
ask(struct v6d_probe_run *r, enum v6d_ask_kind kind, const char *name,
    unsigned tag)
{
	struct v6d_ask q = { .kind = kind, .tag = tag, .timeout = V6D_S(1) };

	snprintf(q.name, sizeof(q.name), "%s", name);
	v6d_probe_ask(r, &q);
}

static void
start(struct v6d_probe_run *r)
{
	struct setup *s = mine(r);

	for (unsigned i = 0; i < N_SETTINGS; i++) {
		char path[64];

		s->s[i].now = s->s[i].file = -1;
		snprintf(path, sizeof(path), "net/ipv6/conf/%s/%s",
		    interface_of(r->plan), settings[i].name);
		ask(r, V6D_ASK_SYSCTL, path, i);
		ask(r, V6D_ASK_BOOT, path, BOOT + i);
	}
	for (size_t i = 0; i < V6D_ARRAY_LEN(others); i++)
		ask(r, V6D_ASK_SYSCTL, others[i], NOT_JUDGED);
	ask(r, V6D_ASK_ADDRS_OF, "", NOT_JUDGED);
	ask(r, V6D_ASK_ROUTES_OF, "", NOT_JUDGED);
	ask(r, V6D_ASK_RULES, "", NOT_JUDGED);
	ask(r, V6D_ASK_FILTER, "", NOT_JUDGED);
	s->left = r->n_pending;
}

/* ---- what would be lost ---- */

/* What it will be: a file's word, or the kernel's own. */
static int64_t
later(const struct setup *s, unsigned i)
{
	return s->s[i].file >= 0 ? s->s[i].file : settings[i].usual;
}

/* RFC 4861 6.2.1 makes of a router no listener; 2 says: it is one as well. */
static bool
listens(int64_t accept_ra, bool forwarding)
{
	return accept_ra == 2 || (accept_ra == 1 && !forwarding);
}

/*
 * Only what works now can be lost. Forwarding counts for accept_ra as it is
 * now: whoever makes it last needs the other one as well.
 */
static bool
is_lost(const struct setup *s, unsigned i)
{
	bool router = s->s[FORWARDING].now > 0;
	int64_t now = s->s[i].now;

	if (now < 0 || !s->s[i].asked)
		return false;
	switch (i) {
	case DISABLE_IPV6:
		return now == 0 && later(s, i) != 0;
	case FORWARDING:
		return now != 0 && later(s, i) == 0;
	case ACCEPT_RA:
		return listens(now, router) &&
		       !listens(
			   later(s, i), router || later(s, FORWARDING) != 0);
	}
	return false;
}

static void
note_lost(struct v6d_probe_run *r, unsigned i)
{
	struct setup *s = mine(r);
	const struct setting *k = &s->s[i];
	char text[V6D_SUBJECT];
	struct v6d_text t = v6d_text_to(text, sizeof(text));

	if (k->unread)
		v6d_text_add(&t, "%s = %lld (%.60s is not read at the start)",
		    settings[i].name, (long long)k->now, k->where);
	else if (k->file >= 0)
		v6d_text_add(&t, "%s = %lld (%.60s says %lld)",
		    settings[i].name, (long long)k->now, k->where,
		    (long long)k->file);
	else
		v6d_text_add(&t, "%s = %lld (no file says so)",
		    settings[i].name, (long long)k->now);
	v6d_probe_fact(
	    r, V6D_FACT_HOST_PERSISTENT, text, V6D_BAD, "lost", V6D_NO_VALUE);
	if (s->lost++ == 0)
		snprintf(s->first, sizeof(s->first), "%s", text);
}

static void
conclude(struct v6d_probe_run *r)
{
	struct setup *s = mine(r);
	bool known = true;

	for (unsigned i = 0; i < N_SETTINGS; i++) {
		known = known && s->s[i].now >= 0 && s->s[i].asked;
		/* "connect" makes them itself, each time. */
		if (!r->plan->lent && is_lost(s, i))
			note_lost(r, i);
	}
	if (s->lost > 0) {
		v6d_probe_end(r, V6D_PROBE_WARN,
		    "lost at the next start: %.120s", s->first);
		return;
	}
	if (!known) {
		v6d_probe_end(r, V6D_PROBE_UNKNOWN,
		    "this host's settings could not be read");
		return;
	}
	v6d_probe_fact(
	    r, V6D_FACT_HOST_PERSISTENT, NULL, V6D_OK, NULL, V6D_NO_VALUE);
	v6d_probe_end(r, V6D_PROBE_PASS,
	    r->plan->lent ? "\"v6doctor connect\" makes the settings itself"
			  : "the settings would be the same after a restart");
}

static void
on_boot(struct setting *k, const struct v6d_answer *a)
{
	k->asked = a->how == V6D_ANSWER_DONE;
	k->file = k->asked ? a->value : -1;
	k->unread = a->cut;
	snprintf(k->where, sizeof(k->where), "%.95s", a->text);
}

static void
answer(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	struct setup *s = mine(r);

	s->left--;
	if (a->tag >= BOOT && a->tag < BOOT + N_SETTINGS)
		on_boot(&s->s[a->tag - BOOT], a);
	else if (a->tag < N_SETTINGS && a->how == V6D_ANSWER_DONE &&
		 a->err == 0)
		s->s[a->tag].now = a->value;
	if (s->left == 0)
		conclude(r);
}

const struct v6d_probe v6d_probe_setup = {
	.name = "setup",
	.question = "Would this host's settings outlive a restart?",
	/* Reading the filter takes a while, in which nothing is measured. */
	.after = "napt",
	.needs = "",
	.without = "",
	.start = start,
	.answer = answer,
};
