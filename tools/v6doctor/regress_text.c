/* SPDX-License-Identifier: GPL-2.0-or-later */
/* regress_text.c - a pasted text against lines of its .expect file. */
#include "regress_text.h"

#include <string.h>

const struct v6d_item v6d_regress_text_items[] = {
	{ "format NAME", N_("some of its lines are of this format") },
	{ "left-out N", N_("lines that no format knows") },
	{ "mtu IF N", N_("an interface's MTU") },
	{ "address IF ADDRESS", N_("it has this address") },
	{ "default IF GATEWAY", N_("an IPv6 default route; - for no gateway") },
	{ "sysctl KEY N", N_("the last value that is said") },
	{ "resolver ADDRESS", N_("it is asked") },
	{ "fact NAME STATE [WORD]",
	    N_("ok, bad, unknown or was-ok; none: there is no such fact") },
	{ "finding NAME [GRADE]",
	    N_("it is found; no-finding NAME: it is not") },
	{ "hypothesis NAME", N_("the likeliest") },
	{ "refuted NAME", N_("a hypothesis that is ruled out") },
	{ "next TEST", N_("the test that decides") },
	{ NULL, NULL },
};

#define MAX_WORDS 4

struct line {
	unsigned n;
	char *w[MAX_WORDS + 1];
};

static void
split(char *s, struct line *l)
{
	char *save = NULL;

	l->n = 0;
	for (char *w = strtok_r(s, " ", &save); w && l->n <= MAX_WORDS;
	     w = strtok_r(NULL, " ", &save))
		l->w[l->n++] = w;
}

static void
differs(struct v6d_text *t, const char *what, const char *want, const char *got)
{
	v6d_text_add(t, "    %s: expected %s, got %s\n", what, want,
	    got && got[0] ? got : "none");
}

static void
same(struct v6d_text *t, const char *what, const char *want, const char *got)
{
	if (strcmp(want, got ? got : "") != 0)
		differs(t, what, want, got);
}

/* ---- the picture ---- */

static void
format(const struct v6d_text_judgement *j, const struct line *l,
    struct v6d_text *t)
{
	char name[64] = "";
	struct v6d_text n = v6d_text_to(name, sizeof(name));

	for (unsigned i = 1; i < l->n; i++)
		v6d_text_add(&n, "%s%s", i > 1 ? " " : "", l->w[i]);
	for (int f = 0; f < V6D_N_PFS; f++)
		if (strcmp(v6d_paste_format_name((enum v6d_paste_format)f),
			name) == 0 &&
		    j->paste.lines_of[f] > 0)
			return;
	differs(t, "format", name, NULL);
}

static void
left_out(const struct v6d_text_judgement *j, const struct line *l,
    struct v6d_text *t)
{
	char got[16];

	snprintf(got, sizeof(got), "%u", j->paste.n_lines - j->paste.n_known);
	same(t, "left-out", l->w[1], got);
}

static int
interface(const struct v6d_text_judgement *j, const char *name)
{
	for (unsigned i = 0; i < j->paste.n_ifs; i++) {
		char buf[V6D_PASTE_NAME];

		/* a name with blanks is written with underscores */
		snprintf(buf, sizeof(buf), "%s", j->paste.ifs[i].name);
		for (char *p = buf; *p; p++)
			*p = *p == ' ' ? '_' : *p;
		if (strcmp(buf, name) == 0)
			return (int)i;
	}
	return -1;
}

static void
mtu(const struct v6d_text_judgement *j, const struct line *l,
    struct v6d_text *t)
{
	int i = interface(j, l->w[1]);
	char got[16] = "no interface";

	if (i >= 0)
		snprintf(got, sizeof(got), "%u", j->paste.ifs[i].mtu);
	same(t, "mtu", l->n > 2 ? l->w[2] : "", got);
}

static void
address(const struct v6d_text_judgement *j, const struct line *l,
    struct v6d_text *t)
{
	int ifi = interface(j, l->w[1]);
	struct v6d_addr a;

	if (l->n < 3 || !v6d_addr_parse(l->w[2], &a)) {
		differs(t, "address", "an interface and an address", NULL);
		return;
	}
	for (unsigned i = 0; i < j->paste.n_addrs; i++)
		if (j->paste.addrs[i].ifi == (unsigned)ifi &&
		    v6d_addr_eq(&j->paste.addrs[i].addr, &a))
			return;
	differs(t, "address", l->w[2], ifi < 0 ? "no such interface" : NULL);
}

static void
default_(const struct v6d_text_judgement *j, const struct line *l,
    struct v6d_text *t)
{
	struct v6d_addr a = { 0 };
	bool none = l->n < 3 || strcmp(l->w[2], "-") == 0;

	if (!none && !v6d_addr_parse(l->w[2], &a))
		differs(t, "default", "a gateway's address", l->w[2]);
	for (unsigned i = 0; i < j->paste.n_routes; i++) {
		const struct v6d_paste_route *r = &j->paste.routes[i];
		int ifi = interface(j, l->w[1]);
		bool dev =
		    strcmp(r->dev, l->w[1]) == 0 ||
		    (ifi >= 0 &&
			(strcmp(r->dev, j->paste.ifs[ifi].name) == 0 ||
			    (!r->dev[0] &&
				r->dev_index == j->paste.ifs[ifi].index)));

		if (r->is_default && dev && (r->gw == V6D_GW_ADDR) == !none &&
		    (none || v6d_addr_eq(&r->gateway, &a)))
			return;
	}
	differs(t, "default", l->w[1], NULL);
}

static void
sysctl(const struct v6d_text_judgement *j, const struct line *l,
    struct v6d_text *t)
{
	char got[24] = "";

	for (unsigned i = 0; i < j->paste.n_sysctls; i++)
		if (strcmp(j->paste.sysctls[i].key, l->w[1]) == 0)
			snprintf(got, sizeof(got), "%lld",
			    (long long)j->paste.sysctls[i].value);
	same(t, l->w[1], l->n > 2 ? l->w[2] : "", got);
}

static void
resolver(const struct v6d_text_judgement *j, const struct line *l,
    struct v6d_text *t)
{
	struct v6d_addr a;

	if (v6d_addr_parse(l->w[1], &a))
		for (unsigned i = 0; i < j->paste.n_resolvers; i++)
			if (v6d_addr_eq(&j->paste.resolvers[i].addr, &a))
				return;
	differs(t, "resolver", l->w[1], NULL);
}

/* ---- what follows ---- */

static void
fact(const struct v6d_text_judgement *j, const struct line *l,
    struct v6d_text *t)
{
	enum v6d_fact f;
	const struct v6d_obs *o = NULL;

	if (l->n < 3 || !v6d_fact_by_name(l->w[1], &f)) {
		differs(t, "fact", "a fact's name and state", l->w[1]);
		return;
	}
	for (size_t i = 0; i < j->facts.n; i++) {
		if (j->facts.obs[i].fact != f)
			continue;
		o = &j->facts.obs[i];
		if (strcmp(v6d_state_name(o->state), l->w[2]) == 0 &&
		    (l->n < 4 || strcmp(o->word, l->w[3]) == 0 ||
			strcmp(o->subject, l->w[3]) == 0))
			return;
	}
	if (!o && strcmp(l->w[2], "none") == 0)
		return;
	differs(t, l->w[1], l->n > 3 ? l->w[3] : l->w[2],
	    o ? v6d_state_name(o->state) : NULL);
}

static void
finding(const struct v6d_text_judgement *j, const struct line *l,
    struct v6d_text *t)
{
	const struct v6d_note *n = NULL;

	for (unsigned i = 0; i < j->notes.n && !n; i++)
		if (strcmp(v6d_note_name(j->notes.note[i].id), l->w[1]) == 0)
			n = &j->notes.note[i];
	if (!n)
		differs(t, "finding", l->w[1], NULL);
	else if (l->n > 2)
		same(t, l->w[1], l->w[2], v6d_grade_name(n->grade));
}

static void
no_finding(const struct v6d_text_judgement *j, const struct line *l,
    struct v6d_text *t)
{
	for (unsigned i = 0; i < j->notes.n; i++)
		if (strcmp(v6d_note_name(j->notes.note[i].id), l->w[1]) == 0)
			differs(t, "finding", "no such", l->w[1]);
}

static void
hypothesis(const struct v6d_text_judgement *j, const struct line *l,
    struct v6d_text *t)
{
	same(t, "hypothesis", l->w[1],
	    j->ranking.n_standing
		? v6d_hypothesis_name(j->ranking.ranked[0].hypothesis)
		: "none");
}

static void
refuted(const struct v6d_text_judgement *j, const struct line *l,
    struct v6d_text *t)
{
	for (unsigned i = j->ranking.n_standing; i < j->ranking.n; i++)
		if (strcmp(v6d_hypothesis_name(j->ranking.ranked[i].hypothesis),
			l->w[1]) == 0)
			return;
	differs(t, "refuted", l->w[1], NULL);
}

static void
next(const struct v6d_text_judgement *j, const struct line *l,
    struct v6d_text *t)
{
	for (unsigned i = 0; i < j->ranking.n_tests; i++)
		if (strcmp(j->ranking.tests[i], l->w[1]) == 0)
			return;
	differs(t, "next", l->w[1], NULL);
}

static const struct {
	const char *word;
	void (*compare)(const struct v6d_text_judgement *j,
	    const struct line *l, struct v6d_text *t);
} verbs[] = {
	{ "format", format },
	{ "left-out", left_out },
	{ "mtu", mtu },
	{ "address", address },
	{ "default", default_ },
	{ "sysctl", sysctl },
	{ "resolver", resolver },
	{ "fact", fact },
	{ "finding", finding },
	{ "no-finding", no_finding },
	{ "hypothesis", hypothesis },
	{ "refuted", refuted },
	{ "next", next },
};

bool
v6d_regress_text_line(
    const struct v6d_text_judgement *j, char *line, struct v6d_text *t)
{
	struct line l;

	split(line, &l);
	if (l.n < 2 || l.n > MAX_WORDS)
		return false;
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(verbs[i].word, l.w[0]) == 0) {
			verbs[i].compare(j, &l, t);
			return true;
		}
	return false;
}
