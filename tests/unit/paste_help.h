/* SPDX-License-Identifier: GPL-2.0-or-later */
/* paste_help.h - a pasted text to its picture, facts, findings, ranking. */
#ifndef TESTS_PASTE_HELP_H
#define TESTS_PASTE_HELP_H

#include "diag_help.h"

#include <stdlib.h>

#include "paste/impl.h"
#include "paste/paste.h"

struct pasted {
	struct v6d_paste p;
	struct v6d_obs obs[512];
	struct v6d_facts f;
	struct v6d_scope scope;
	struct v6d_diagnosis d;
	struct v6d_notes notes;
	struct v6d_ranking rank;
};

static inline void
paste_bytes(struct v6d_paste *p, const char *s, size_t n)
{
	struct v6d_paste_mem mem = { .cap = v6d_paste_room(n), .n_lines = 2 };
	uint8_t *exact = malloc(n > 0 ? n : 1); /* so that overreads show */

	for (size_t i = 0; i < n && mem.n_lines < 4000; i++)
		mem.n_lines += s[i] == '\n' || s[i] == '\r';
	mem.text = malloc(mem.cap);
	mem.lines = calloc(mem.n_lines, sizeof(mem.lines[0]));
	assert_true(exact && mem.text && mem.lines);
	memcpy(exact, s, n);
	v6d_paste_add(p, exact, n, &mem);
	free(exact);
	free(mem.text);
	free(mem.lines);
}

static inline void
judge(struct pasted *q)
{
	v6d_facts_init(&q->f, q->obs, 512);
	q->f.source = "paste";
	v6d_paste_facts(&q->p, &q->f);
	v6d_paste_scope(&q->p, &q->f, &q->scope);
	v6d_diagnose(&q->f, &q->scope, &q->d);
	v6d_paste_temper(&q->p, &q->d, &q->scope);
	v6d_paste_notes(&q->p, &q->notes);
	v6d_paste_rank(&q->p, &q->f, &q->rank);
}

/* One piece, judged; release it with free(). */
static inline struct pasted *
pasted(const char *s)
{
	struct pasted *q = calloc(1, sizeof(*q));

	assert_non_null(q);
	v6d_paste_init(&q->p);
	paste_bytes(&q->p, s, strlen(s));
	judge(q);
	return q;
}

/* A whole file in memory; *ret_n its length. free() it. */
static inline char *
slurp(const char *path, size_t *ret_n)
{
	FILE *f = fopen(path, "rb");
	char *s = malloc(1 << 20);

	if (!f)
		fail_msg("cannot open %s", path);
	assert_non_null(s);
	*ret_n = fread(s, 1, (1 << 20) - 1, f);
	s[*ret_n] = '\0';
	fclose(f);
	return s;
}

static inline void
paste_file(struct pasted *q, const char *path)
{
	size_t n;
	char *s = slurp(path, &n);

	paste_bytes(&q->p, s, n);
	free(s);
	judge(q);
}

static inline const struct v6d_paste_if *
interface(const struct pasted *q, const char *name)
{
	for (unsigned i = 0; i < q->p.n_ifs; i++)
		if (strcmp(q->p.ifs[i].name, name) == 0)
			return &q->p.ifs[i];
	fail_msg("no interface %s", name);
	return NULL;
}

/* The address of an interface, or a failure. */
static inline const struct v6d_paste_addr *
address(const struct pasted *q, const char *ifname, const char *text)
{
	struct v6d_addr a;

	assert_true(v6d_addr_parse(text, &a));
	for (unsigned i = 0; i < q->p.n_addrs; i++)
		if (v6d_addr_eq(&q->p.addrs[i].addr, &a) &&
		    strcmp(q->p.ifs[q->p.addrs[i].ifi].name, ifname) == 0)
			return &q->p.addrs[i];
	fail_msg("%s has no address %s", ifname, text);
	return NULL;
}

static inline const struct v6d_note *
note(const struct pasted *q, enum v6d_note_id id)
{
	for (unsigned i = 0; i < q->notes.n; i++)
		if (q->notes.note[i].id == id)
			return &q->notes.note[i];
	return NULL;
}

static inline const struct v6d_note *
need_note(const struct pasted *q, enum v6d_note_id id, const char *part)
{
	const struct v6d_note *n = note(q, id);

	if (!n) {
		fail_msg("no finding %s", v6d_note_name(id));
		return NULL;
	}
	if (part && !strstr(n->text, part))
		fail_msg(
		    "%s: no \"%s\" in: %s", v6d_note_name(id), part, n->text);
	return n;
}

/* "addr.global ok 2001:.." */
static inline void
need_fact(const struct pasted *q, enum v6d_fact fact, enum v6d_state state,
    const char *word, const char *subject)
{
	for (size_t i = 0; i < q->f.n; i++) {
		const struct v6d_obs *o = &q->f.obs[i];

		if (o->fact == fact && o->state == state &&
		    (!word || strcmp(o->word, word) == 0) &&
		    (!subject || strcmp(o->subject, subject) == 0))
			return;
	}
	fail_msg("no fact %s %s %s %s", v6d_fact_name(fact),
	    v6d_state_name(state), word ? word : "", subject ? subject : "");
}

static inline void
no_fact(const struct pasted *q, enum v6d_fact fact)
{
	const struct v6d_obs *o = v6d_facts_last(&q->f, fact);

	if (o)
		fail_msg("there is a fact %s %s", v6d_fact_name(fact),
		    v6d_state_name(o->state));
}

#endif
