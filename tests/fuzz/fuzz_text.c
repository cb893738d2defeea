/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_text.c - libFuzzer: pasted text through lines, formats, facts,
 * diagnosis, findings and hypotheses. A NUL byte begins another piece.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "paste/paste.h"

enum {
	FACTS = 256,
	LINES = 2000,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct all {
	struct v6d_paste p;
	struct v6d_obs obs[FACTS];
	struct v6d_facts f;
	struct v6d_scope scope;
	struct v6d_diagnosis d;
	struct v6d_notes notes;
	struct v6d_ranking rank;
};

static void
must(bool ok)
{
	if (!ok)
		abort();
}

static void
piece(struct v6d_paste *p, const uint8_t *data, size_t n)
{
	struct v6d_paste_mem mem = { .cap = v6d_paste_room(n),
		.n_lines = LINES };

	mem.text = malloc(mem.cap);
	mem.lines = calloc(LINES, sizeof(mem.lines[0]));
	must(mem.text && mem.lines);
	v6d_paste_add(p, data, n, &mem);
	free(mem.text);
	free(mem.lines);
}

/* Indexes lie within their tables, names are ended and printable. */
static void
sound(const struct v6d_paste *p)
{
	must(p->n_known <= p->n_lines);
	for (unsigned i = 0; i < p->n_addrs; i++)
		must(p->addrs[i].ifi < p->n_ifs && p->addrs[i].plen <= 128);
	for (unsigned i = 0; i < p->n_rules; i++)
		must(p->rules[i].chain < p->n_chains);
	for (unsigned i = 0; i < p->n_ifs; i++) {
		const char *s = p->ifs[i].name;

		must(memchr(s, '\0', sizeof(p->ifs[i].name)) != NULL);
		for (; *s; s++)
			must((uint8_t)*s >= 0x20 && *s != 0x7f);
	}
	must(v6d_paste_tunnel(p) < (int)p->n_ifs);
}

static void
judge(struct all *a)
{
	v6d_facts_init(&a->f, a->obs, FACTS);
	a->f.source = "paste";
	v6d_paste_facts(&a->p, &a->f);
	v6d_paste_scope(&a->p, &a->f, &a->scope);
	v6d_diagnose(&a->f, &a->scope, &a->d);
	v6d_paste_temper(&a->p, &a->d, &a->scope);
	must(a->d.verdict != V6D_VERDICT_HEALTHY);
	v6d_paste_notes(&a->p, &a->notes);
	must(a->notes.n <= V6D_PASTE_NOTES);
	v6d_paste_rank(&a->p, &a->f, &a->rank);
	must(a->rank.n_standing <= a->rank.n && a->rank.n <= V6D_N_HYPOTHESES &&
	     a->rank.n_tests <= V6D_RANK_TESTS);
	for (unsigned i = 0; i < a->rank.n_tests; i++)
		must(v6d_rank_test_text(a->rank.tests[i]) != NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct all *a = calloc(1, sizeof(*a));

	must(a);
	v6d_paste_init(&a->p);
	for (;;) {
		const uint8_t *end = size > 0 ? memchr(data, '\0', size) : NULL;
		size_t n = end ? (size_t)(end - data) : size;

		piece(&a->p, data, n);
		if (!end)
			break;
		data += n + 1;
		size -= n + 1;
	}
	sound(&a->p);
	judge(a);
	free(a);
	return 0;
}
