/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rulecount.c - counters of rules that drop: nft(8), iptables-save(8). */
#include "io/rulecount.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "io/clock.h"
#include "io/netns.h"
#include "io/nft.h"
#include "io/program.h"

#define LINE 1024 /* bytes of one rule's text; what is longer is cut */
#define NAME 64
#define LEGACY "iptables-legacy-save"
#define LEGACY_TABLES "/proc/thread-self/net/ip_tables_names"
#define LEGACY_MAX (1u << 20) /* bytes of a listing */
#define LEGACY_PATIENCE V6D_S(1)

static int
add(struct v6d_rulecount *c, const char *name, uint64_t packets)
{
	struct v6d_rulecount_rule *r;
	size_t cap = c->cap ? 2 * c->cap : 16;

	if (c->n == c->cap) {
		r = realloc(c->rules, cap * sizeof(*r));
		if (!r)
			return -ENOMEM;
		c->rules = r;
		c->cap = cap;
	}
	r = &c->rules[c->n];
	r->name = strdup(name);
	r->packets = packets;
	c->n += r->name != NULL;
	return r->name ? 0 : -ENOMEM;
}

/* ---- words of a line; what is in quotes is one ---- */

struct word {
	const char *p;
	size_t n;
};

/* The elements of a set can go on behind a comma, on the next line. */
static bool
goes_on(const char *end)
{
	return *end == '\n' && end[-1] == ',';
}

/* False: the line is over. *at is not the line's end at first. */
static bool
next_word(const char **at, struct word *ret)
{
	const char *p = *at + strspn(*at, " \t");
	bool quoted = false;
	size_t n = 0;

	if (goes_on(p))
		p += 1 + strspn(p + 1, " \t");
	for (; p[n] && p[n] != '\n'; n++) {
		if (!quoted && (p[n] == ' ' || p[n] == '\t'))
			break;
		quoted ^= p[n] == '"';
	}
	*ret = (struct word){ p, n };
	*at = p + n;
	return n > 0;
}

static bool
is(struct word w, const char *text)
{
	return w.n == strlen(text) && memcmp(w.p, text, w.n) == 0;
}

static const char *
next_line(const char *line)
{
	const char *end = line + strcspn(line, "\n");

	while (*end && end > line && goes_on(end))
		end += 1 + strcspn(end + 1, "\n");
	return *end ? end + 1 : end;
}

static void
keep(char ret[NAME], struct word w)
{
	snprintf(ret, NAME, "%.*s", (int)w.n, w.p);
}

static void
append(struct v6d_text *t, struct word w)
{
	v6d_text_add(t, " %.*s", (int)w.n, w.p);
}

/* ---- nft ---- */

struct object { /* a counter with a name, of the table at hand */
	char name[NAME];
	uint64_t packets;
};

struct nft {
	struct v6d_rulecount *c;
	char family[NAME], table[NAME];
	char chain[NAME]; /* "": not in a chain */
	char object[NAME]; /* "": not in a counter */
	struct object *objects;
	size_t n_objects;
	unsigned skip; /* braces of something else that are open */
};

static void
new_object(struct nft *x, uint64_t packets)
{
	size_t size = (x->n_objects + 1) * sizeof(*x->objects);
	struct object *o = realloc(x->objects, size);

	if (!o)
		return;
	x->objects = o;
	o += x->n_objects++;
	memcpy(o->name, x->object, sizeof(o->name));
	o->packets = packets;
}

/* `quoted` as a rule names it. */
static bool
find_object(const struct nft *x, struct word quoted, uint64_t *ret)
{
	for (size_t i = 0; i < x->n_objects; i++) {
		const struct object *o = &x->objects[i];
		size_t n = strlen(o->name);

		if ((quoted.n == n + 2 &&
			memcmp(quoted.p + 1, o->name, n) == 0) ||
		    is(quoted, o->name)) {
			*ret = o->packets;
			return true;
		}
	}
	return false;
}

/* "packets N bytes M" or "name X", behind "counter". */
static bool
read_counter(const struct nft *x, const char **at, uint64_t *ret)
{
	struct word kind, value, w;

	if (!next_word(at, &kind) || !next_word(at, &value))
		return false;
	if (is(kind, "name"))
		return find_object(x, value, ret);
	if (!is(kind, "packets") || !next_word(at, &w) || !next_word(at, &w))
		return false;
	*ret = strtoull(value.p, NULL, 10);
	return true;
}

/* Verdicts of nft, and those that nft shows of iptables's extensions. */
static bool
drops(struct word before, struct word w)
{
	return is(w, "drop") || is(w, "reject") ||
	       (is(before, "target") &&
		   (is(w, "\"DROP\"") || is(w, "\"REJECT\"")));
}

/* A map within braces has verdicts of its own, which are not the rule's. */
static int
add_rule(struct nft *x, const char *line)
{
	char text[LINE];
	struct v6d_text t = v6d_text_to(text, sizeof(text));
	bool counts = false, ends = false;
	unsigned braces = 0;
	uint64_t packets = 0;
	struct word w, before = { "", 0 };

	v6d_text_add(&t, "%s %s %s:", x->family, x->table, x->chain);
	while (next_word(&line, &w)) {
		if (is(w, "counter")) {
			counts |= read_counter(x, &line, &packets);
			continue;
		}
		braces += is(w, "{");
		braces -= is(w, "}") && braces > 0;
		ends |= braces == 0 && drops(before, w);
		append(&t, w);
		before = w;
	}
	return counts && ends ? add(x->c, text, packets) : 0;
}

static void
open_brace(struct nft *x, const char *line)
{
	struct word kind = { "", 0 }, name = { "", 0 }, more = { "", 0 };

	next_word(&line, &kind);
	next_word(&line, &name);
	next_word(&line, &more);
	if (is(kind, "table")) {
		keep(x->family, name);
		keep(x->table, more);
		x->n_objects = 0;
	} else if (is(kind, "chain")) {
		keep(x->chain, name);
	} else if (is(kind, "counter")) {
		keep(x->object, name);
	} else {
		x->skip++;
	}
}

static void
close_brace(struct nft *x)
{
	if (x->skip > 0)
		x->skip--;
	x->chain[0] = x->object[0] = '\0';
}

static int
nft_line(struct nft *x, const char *line)
{
	const char *at = line;
	struct word first, w, last;

	if (*line == '\n' || !next_word(&at, &first) || first.p[0] == '#')
		return 0;
	for (w = last = first; next_word(&at, &w);)
		last = w;
	if (is(last, "{")) {
		open_brace(x, line);
	} else if (is(first, "}")) {
		close_brace(x);
	} else if (x->object[0] && is(first, "packets")) {
		new_object(x, strtoull(first.p + first.n, NULL, 10));
	} else if (x->chain[0] && x->skip == 0 && !is(first, "type")) {
		return add_rule(x, line);
	}
	return 0;
}

int
v6d_rulecount_add_nft(struct v6d_rulecount *c, const char *list)
{
	struct nft x = { .c = c };
	int err = 0;

	for (; err == 0 && *list; list = next_line(list))
		err = nft_line(&x, list);
	free(x.objects);
	return err;
}

/* ---- iptables-legacy ---- */

/* "[7:504]": packets, bytes. */
static uint64_t
packets_of(struct word w)
{
	return w.n > 1 ? strtoull(w.p + 1, NULL, 10) : 0;
}

/* "[7:504] -A INPUT -p gre -j DROP" */
static int
legacy_rule(struct v6d_rulecount *c, const char *table, const char *line)
{
	char text[LINE];
	struct v6d_text t = v6d_text_to(text, sizeof(text));
	struct word count, w, chain;
	bool verdict = false, ends = false;

	if (!next_word(&line, &count) || !next_word(&line, &w) ||
	    !is(w, "-A") || !next_word(&line, &chain))
		return 0;
	v6d_text_add(&t, "iptables %s %.*s:", table, (int)chain.n, chain.p);
	while (next_word(&line, &w)) {
		ends |= verdict && (is(w, "DROP") || is(w, "REJECT"));
		verdict = is(w, "-j");
		append(&t, w);
	}
	return ends ? add(c, text, packets_of(count)) : 0;
}

/* ":INPUT DROP [12:3456]" */
static int
legacy_policy(struct v6d_rulecount *c, const char *table, const char *line)
{
	char text[LINE];
	struct word chain, policy, count;

	line++;
	if (!next_word(&line, &chain) || !next_word(&line, &policy) ||
	    !next_word(&line, &count) || !is(policy, "DROP"))
		return 0;
	snprintf(text, sizeof(text), "iptables %s %.*s: policy DROP", table,
	    (int)chain.n, chain.p);
	return add(c, text, packets_of(count));
}

int
v6d_rulecount_add_legacy(struct v6d_rulecount *c, const char *list)
{
	char table[NAME] = "";
	int err = 0;

	for (; err == 0 && *list; list = next_line(list)) {
		if (*list == '*')
			keep(table,
			    (struct word){ list + 1, strcspn(list + 1, "\n") });
		else if (*list == ':')
			err = legacy_policy(c, table, list);
		else if (*list == '[')
			err = legacy_rule(c, table, list);
	}
	return err;
}

/* ---- reading ---- */

/* To ask for a table that is not there would make it; these are there. */
static int
has_legacy(void *arg)
{
	FILE *f = fopen(LEGACY_TABLES, "re");

	(void)arg;
	if (!f)
		return 0;
	return fclose(f) == 0 ? 1 : 0;
}

static int
read_legacy(int ns_fd, struct v6d_rulecount *c)
{
	const char *const argv[] = { LEGACY, "-c", NULL };
	char *out;
	int status = 0, err;

	if (v6d_netns_run(ns_fd, has_legacy, NULL) <= 0 ||
	    v6d_program_look(LEGACY) < 0)
		return 0;
	out = calloc(1, LEGACY_MAX);
	if (!out)
		return -ENOMEM;
	err = v6d_program_run(ns_fd, argv, NULL, out, LEGACY_MAX,
	    v6d_clock_now() + LEGACY_PATIENCE, &status);
	/* What it cannot tell is as good as a rule without a counter. */
	err = err == 0 && status == 0 ? v6d_rulecount_add_legacy(c, out) : 0;
	free(out);
	return err;
}

int
v6d_rulecount_read(int ns_fd, struct v6d_rulecount *ret)
{
	char *list = NULL;
	int err = v6d_nft_rules(ns_fd, true, &list);

	memset(ret, 0, sizeof(*ret));
	if (err == 0)
		err = v6d_rulecount_add_nft(ret, list);
	free(list);
	if (err == 0)
		err = read_legacy(ns_fd, ret);
	if (err < 0)
		v6d_rulecount_done(ret);
	return err;
}

void
v6d_rulecount_done(struct v6d_rulecount *c)
{
	for (size_t i = 0; i < c->n; i++)
		free(c->rules[i].name);
	free(c->rules);
	memset(c, 0, sizeof(*c));
}

/* ---- comparing ---- */

/* The same rule's place before; *from goes behind it. -1: it is new. */
static long
find(const struct v6d_rulecount *c, const char *name, size_t *from)
{
	for (size_t k = 0; k < c->n; k++) {
		size_t i = (*from + k) % c->n;

		if (strcmp(c->rules[i].name, name) == 0) {
			*from = i + 1;
			return (long)i;
		}
	}
	return -1;
}

/* Of what is counted beside what is lost a few come at another moment. */
static uint64_t
slack(uint64_t lost)
{
	return 1 + lost / 4;
}

static bool
is_about(uint64_t grew, uint64_t lost)
{
	return grew + slack(lost) >= lost && grew <= lost + slack(lost);
}

static uint64_t
distance(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

struct search {
	uint64_t lost;
	unsigned n_about, n_more;
	const char *nearest;
	uint64_t grew;
};

static void
consider(struct search *s, const char *name, uint64_t grew)
{
	if (grew == 0 || grew + slack(s->lost) < s->lost)
		return;
	s->n_about += is_about(grew, s->lost);
	s->n_more += !is_about(grew, s->lost);
	if (s->nearest && distance(grew, s->lost) >= distance(s->grew, s->lost))
		return;
	s->nearest = name;
	s->grew = grew;
}

void
v6d_rulecount_compare(const struct v6d_rulecount *before,
    const struct v6d_rulecount *after, uint64_t lost,
    struct v6d_rulecount_found *ret)
{
	struct search s = { .lost = lost };
	struct v6d_text t = v6d_text_to(ret->rule, sizeof(ret->rule));
	size_t from = 0;

	for (size_t i = 0; i < after->n; i++) {
		const struct v6d_rulecount_rule *a = &after->rules[i];
		long at = find(before, a->name, &from);

		/* A counter that was reset meanwhile tells nothing. */
		if (at >= 0 && a->packets >= before->rules[at].packets)
			consider(&s, a->name,
			    a->packets - before->rules[at].packets);
	}
	ret->how = s.n_about == 1             ? V6D_RULECOUNT_ONE
		   : s.n_about + s.n_more > 0 ? V6D_RULECOUNT_UNCLEAR
					      : V6D_RULECOUNT_NONE;
	ret->packets = s.grew;
	v6d_text_add(&t, "%s", s.nearest ? s.nearest : "");
}
