/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fault.c - faults by name: which there are, where they may stand. */
#include "lab/fault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "cmd.h"

#define PREFIX "faults/"

static const char *const nodes[V6D_LAB_NODES] = {
	[V6D_LAB_C1] = "c1",
	[V6D_LAB_C2] = "c2",
	[V6D_LAB_NAT1] = "nat1",
	[V6D_LAB_NAT2] = "nat2",
	[V6D_LAB_ISP] = "isp",
	[V6D_LAB_SRV] = "srv",
	[V6D_LAB_R6] = "r6",
	[V6D_LAB_WEB] = "web",
};

const char *
v6d_lab_node_name(enum v6d_lab_node node)
{
	return (unsigned)node < V6D_LAB_NODES ? nodes[node] : NULL;
}

enum v6d_lab_node
v6d_lab_node_by_name(const char *name)
{
	unsigned i = 0;

	while (i < V6D_LAB_NODES && strcmp(nodes[i], name) != 0)
		i++;
	return (enum v6d_lab_node)i;
}

/* The next embedded file that is a fault, or NULL. */
static const struct v6d_file *
next_fault(const struct v6d_file *f)
{
	while (f->name && strncmp(f->name, PREFIX, strlen(PREFIX)) != 0)
		f++;
	return f->name ? f : NULL;
}

static const char *
find_text(const char *name)
{
	char path[V6D_SHEET_WORD + sizeof(PREFIX)];

	snprintf(path, sizeof(path), PREFIX "%s", name);
	return v6d_file_text(v6d_lab_files, path);
}

static bool
head_key(const char *text, const char *key, char *ret_value)
{
	struct v6d_sheet head = { 0 };

	return v6d_sheet_next(&head, text) &&
	       v6d_sheet_key(&head, key, ret_value);
}

static int
unknown_name(const char *name, char *err)
{
	struct v6d_text t = v6d_text_to(err, V6D_LAB_ERR);

	v6d_text_add(&t, N_("unknown fault '%s'. There are: %s"), name, "");
	for (const struct v6d_file *f = v6d_lab_files; (f = next_fault(f)); f++)
		v6d_text_add(&t, "%s%s", t.p[t.len - 2] == ':' ? "" : " ",
		    f->name + strlen(PREFIX));
	return V6D_EXIT_USAGE;
}

/* True when `word` is among the blank-separated words of list. */
static bool
has_word(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = list; *p; p += strspn(p, " ")) {
		size_t len = strcspn(p, " ");

		if (len == n && memcmp(p, word, n) == 0)
			return true;
		p += len;
	}
	return false;
}

static int
read_place(struct v6d_lab_fault *f, const char *place, char *err)
{
	char places[V6D_SHEET_LINE], first[V6D_SHEET_LINE];

	if (!head_key(f->text, "places", places))
		places[0] = '\0';
	memcpy(first, places, sizeof(first));
	first[strcspn(first, " ")] = '\0';
	if (!place)
		place = first;
	if (!has_word(places, place)) {
		snprintf(err, V6D_LAB_ERR,
		    N_("fault %s cannot stand at '%s'. Its places are: %s"),
		    f->name, place, places);
		return V6D_EXIT_USAGE;
	}
	f->place = v6d_lab_node_by_name(place);
	return V6D_EXIT_OK;
}

static bool
in_range(const char *range, const char *value)
{
	char *end;
	unsigned long lo = strtoul(range, &end, 10), hi, v;

	hi = strtoul(end + strspn(end, "."), NULL, 10);
	if (value[0] < '0' || value[0] > '9')
		return false;
	v = strtoul(value, &end, 10);
	return *end == '\0' && v >= lo && v <= hi;
}

/* "range = LO..HI" or "values = A B C" bound the value. */
static int
read_value(struct v6d_lab_fault *f, const char *value, char *err)
{
	char normal[V6D_SHEET_LINE], bound[V6D_SHEET_LINE];
	bool takes = head_key(f->text, "value", normal), ok;

	if (!takes && value) {
		snprintf(
		    err, V6D_LAB_ERR, N_("fault %s takes no value"), f->name);
		return V6D_EXIT_USAGE;
	}
	if (!takes)
		return V6D_EXIT_OK;
	if (!value)
		value = normal;
	if (head_key(f->text, "range", bound))
		ok = in_range(bound, value);
	else
		ok = head_key(f->text, "values", bound) &&
		     has_word(bound, value);
	if (!ok || strlen(value) >= sizeof(f->value)) {
		snprintf(err, V6D_LAB_ERR,
		    N_("fault %s: '%s' is no value for it. Values are: %s"),
		    f->name, value, bound);
		return V6D_EXIT_USAGE;
	}
	memcpy(f->value, value, strlen(value) + 1);
	return V6D_EXIT_OK;
}

int
v6d_fault_parse(
    const char *spec, size_t index, struct v6d_lab_fault *ret_fault, char *err)
{
	struct v6d_lab_fault f = { 0 };
	char copy[3 * V6D_SHEET_WORD], *at, *eq;
	int rc;

	snprintf(copy, sizeof(copy), "%s", spec);
	at = strchr(copy, '@');
	if (at)
		*at++ = '\0';
	eq = strchr(copy, '=');
	if (eq)
		*eq++ = '\0';
	snprintf(f.id, sizeof(f.id), "fault%u", (unsigned)index % 1000);
	if (copy[0] == '\0' || strlen(copy) >= sizeof(f.name))
		return unknown_name(copy, err);
	memcpy(f.name, copy, strlen(copy) + 1);
	f.text = find_text(f.name);
	if (!f.text)
		return unknown_name(copy, err);
	rc = read_value(&f, eq, err);
	if (rc == V6D_EXIT_OK)
		rc = read_place(&f, at, err);
	if (rc == V6D_EXIT_OK)
		*ret_fault = f;
	return rc;
}

void
v6d_fault_text(struct v6d_text *t, const struct v6d_lab_fault *f)
{
	v6d_text_add(t, "%s%s%s@%s", f->name, f->value[0] ? "=" : "", f->value,
	    nodes[f->place]);
}

/* Does the file have "[KIND @NODE]"? */
static bool
has_variant(const struct v6d_lab_fault *f, const char *kind, const char *node)
{
	struct v6d_sheet s = { 0 };

	while (v6d_sheet_next(&s, f->text))
		if (strcmp(s.kind, kind) == 0 && s.arg[0] == '@' &&
		    strcmp(s.arg + 1, node) == 0)
			return true;
	return false;
}

static bool
concerns(const struct v6d_lab_fault *f, const struct v6d_sheet *s,
    enum v6d_lab_node node)
{
	if (s->arg[0] == '@')
		return f->place == node && strcmp(s->arg + 1, nodes[node]) == 0;
	if (s->arg[0])
		return strcmp(s->arg, nodes[node]) == 0;
	return f->place == node && !has_variant(f, s->kind, nodes[node]);
}

void
v6d_fault_lines(struct v6d_text *t, const struct v6d_lab_fault *f,
    const char *kind, enum v6d_lab_node node)
{
	const struct v6d_sheet_var vars[] = {
		{ "VALUE", f->value },
		{ "FAULT", f->id },
		{ NULL, NULL },
	};
	struct v6d_sheet s = { 0 };

	while (v6d_sheet_next(&s, f->text))
		if (strcmp(s.kind, kind) == 0 && concerns(f, &s, node))
			v6d_sheet_expand(t, &s, vars);
}

void
v6d_fault_list(struct v6d_paint *p)
{
	char value[V6D_SHEET_LINE], line[V6D_SHEET_LINE + V6D_SHEET_WORD];
	char places[V6D_SHEET_LINE], what[4 * V6D_SHEET_LINE];

	for (const struct v6d_file *f = v6d_lab_files; (f = next_fault(f));
	     f++) {
		const char *name = f->name + strlen(PREFIX);

		if (!head_key(f->text, "value", value))
			value[0] = '\0';
		snprintf(line, sizeof(line), "%s%s%s", name,
		    value[0] ? "=" : "", value);
		v6d_text_add(&p->t, "  %-24s ", line);
		if (strlen(line) > 24)
			v6d_text_add(&p->t, "\n%27s", "");
		if (!head_key(f->text, "summary", value))
			value[0] = '\0';
		if (!head_key(f->text, "places", places))
			places[0] = '\0';
		snprintf(what, sizeof(what), "%s (@%s)",
		    v6d_lang_get(p->t.lang, value), places);
		v6d_paint_wrap(p, 27, 27, what);
	}
}
