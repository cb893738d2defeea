/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_laws.c - what holds of every diagnosis, whatever was seen: all pairs of
 * values, a million random vectors, and every cause as the truth.
 */
#include "diag_help.h"

#include "base/wire.h"
#include "diag/rules.h"

/* Under the sanitizers, which are ten times slower, fewer. */
#ifdef __SANITIZE_ADDRESS__
#define VECTORS 50000u
#else
#define VECTORS 1000000u
#endif

static uint64_t seed = 88172645463325252u;

static unsigned
chance(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed % n);
}

static bool
abnormal(const struct v6d_symptoms *s)
{
	for (int i = 0; i < V6D_N_SYMPTOMS; i++)
		if (s->v[i] > 0)
			return true;
	return false;
}

/* Whatever is wrong has an outcome, and nothing wrong has none. */
static void
check_outcome(const struct v6d_symptoms *s, struct v6d_diagnosis *d)
{
	bool told_any;

	v6d_diagnose_symptoms(s, NULL, d);
	told_any = d->n > 0 || d->n_undecided > 0 || d->n_unexplained > 0;
	assert_int_equal(told_any, abnormal(s));
	for (unsigned i = 0; i < d->n; i++)
		assert_true(d->verdict != V6D_VERDICT_HEALTHY ||
			    d->findings[i].severity == V6D_SEV_ADVICE);
	assert_true(d->verdict != V6D_VERDICT_HEALTHY || d->n_undecided == 0);
	assert_true(d->code[0] != '\0');
	for (unsigned i = 0; i < d->n_undecided; i++) {
		assert_true(d->undecided[i].n >= 2);
		assert_non_null(d->undecided[i].ask);
		assert_true(d->undecided[i].n_evidence > 0);
	}
	for (unsigned i = 0; i < d->n; i++)
		assert_true(d->findings[i].n_evidence > 0);
}

static void
test_all_pairs(void **state)
{
	struct v6d_symptoms s = symptoms("");
	struct v6d_diagnosis d;

	(void)state;
	for (int a = 0; a < V6D_N_SYMPTOMS; a++) {
		int8_t na = v6d_symptom_n_words((enum v6d_symptom)a);

		for (s.v[a] = 0; s.v[a] <= na; s.v[a]++)
			for (int b = 0; b < a; b++) {
				int8_t nb =
				    v6d_symptom_n_words((enum v6d_symptom)b);

				for (s.v[b] = 0; s.v[b] <= nb; s.v[b]++)
					check_outcome(&s, &d);
				s.v[b] = V6D_SYM_UNKNOWN;
			}
		s.v[a] = V6D_SYM_UNKNOWN;
	}
}

static void
any_symptoms(struct v6d_symptoms *s, unsigned one_in)
{
	for (int i = 0; i < V6D_N_SYMPTOMS; i++) {
		unsigned n = (unsigned)v6d_symptom_n_words((enum v6d_symptom)i);

		s->v[i] = chance(2) ? V6D_SYM_UNKNOWN : V6D_SYM_OK;
		if (chance(one_in) == 0)
			s->v[i] = (int8_t)(1 + chance(n));
	}
}

static void
test_random(void **state)
{
	struct v6d_symptoms s = symptoms("");
	struct v6d_diagnosis d;

	(void)state;
	for (unsigned i = 0; i < VECTORS; i++) {
		any_symptoms(&s, 4 + i % 40);
		check_outcome(&s, &d);
	}
}

static bool
is_candidate(const struct v6d_diagnosis *d, enum v6d_cause c)
{
	for (unsigned i = 0; i < d->n; i++)
		if (d->findings[i].cause == c)
			return true;
	for (unsigned i = 0; i < d->n_undecided; i++)
		for (unsigned j = 0; j < d->undecided[i].n; j++)
			if (d->undecided[i].between[j] == c)
				return true;
	return false;
}

/*
 * One thing wrong, explained by single causes: another success seen may rule
 * causes out and must not bring one in.
 */
static void
test_success_adds_no_cause(void **state)
{
	(void)state;
	for (int a = 0; a < V6D_N_SYMPTOMS; a++) {
		int8_t na = v6d_symptom_n_words((enum v6d_symptom)a);

		for (int8_t v = 1; v <= na; v++)
			for (int b = 0; b < V6D_N_SYMPTOMS; b++) {
				struct v6d_symptoms s = symptoms("");
				struct v6d_diagnosis before, after;

				if (a == b)
					continue;
				s.v[a] = v;
				v6d_diagnose_symptoms(&s, NULL, &before);
				s.v[b] = V6D_SYM_OK;
				v6d_diagnose_symptoms(&s, NULL, &after);
				for (int c = 0; c < V6D_N_CAUSES; c++)
					assert_true(!is_candidate(&after,
							(enum v6d_cause)c) ||
						    is_candidate(&before,
							(enum v6d_cause)c));
			}
	}
}

/* Looking away from a success never makes a cause certain. */
static void
test_unknown_adds_no_certainty(void **state)
{
	struct v6d_symptoms s = symptoms("");

	(void)state;
	for (unsigned i = 0; i < VECTORS / 5; i++) {
		struct v6d_diagnosis with, without;
		int b = (int)chance(V6D_N_SYMPTOMS);

		any_symptoms(&s, 20);
		s.v[b] = V6D_SYM_OK;
		v6d_diagnose_symptoms(&s, NULL, &with);
		s.v[b] = V6D_SYM_UNKNOWN;
		v6d_diagnose_symptoms(&s, NULL, &without);
		for (unsigned j = 0; j < without.n; j++) {
			enum v6d_cause c = without.findings[j].cause;

			if (without.findings[j].certainty != V6D_CERTAIN)
				continue;
			for (unsigned k = 0; k < with.n_undecided; k++)
				for (unsigned m = 0; m < with.undecided[k].n;
				     m++)
					assert_int_not_equal(
					    with.undecided[k].between[m], c);
		}
	}
}

/* The same symptoms give the same diagnosis. */
static void
test_repeatable(void **state)
{
	struct v6d_symptoms s = symptoms("");

	(void)state;
	for (unsigned i = 0; i < 2000; i++) {
		struct v6d_diagnosis a, b;
		char ta[1024], tb[1024];

		any_symptoms(&s, 10);
		v6d_diagnose_symptoms(&s, NULL, &a);
		v6d_diagnose_symptoms(&s, NULL, &b);
		assert_string_equal(
		    told(&a, ta, sizeof(ta)), told(&b, tb, sizeof(tb)));
	}
}

/* ---- candidates ---- */

static struct v6d_mask
mask_of(const struct v6d_candidates *c, uint8_t cause)
{
	for (unsigned i = 0; i < c->n; i++)
		if (c->cause[i] == cause)
			return c->mask[i];
	return (struct v6d_mask){ 0, 0 };
}

/*
 * A success seen where nothing was seen before takes causes away, or what
 * they explain; it never brings one in, nor lets one explain more.
 */
static void
test_success_only_takes_away(void **state)
{
	struct v6d_symptoms s = symptoms("");

	(void)state;
	for (unsigned i = 0; i < VECTORS / 5; i++) {
		struct v6d_candidates before, after;
		int b = (int)chance(V6D_N_SYMPTOMS);

		any_symptoms(&s, 5 + i % 30);
		s.v[b] = V6D_SYM_UNKNOWN;
		v6d_engine_candidates(&s, &before);
		s.v[b] = V6D_SYM_OK;
		v6d_engine_candidates(&s, &after);
		for (unsigned k = 0; k < after.n; k++) {
			struct v6d_mask more = v6d_mask_minus(
			    after.mask[k], mask_of(&before, after.cause[k]));

			if (v6d_mask_any(more))
				fail_msg("%s=ok brings in %s",
				    v6d_symptom_name((enum v6d_symptom)b),
				    v6d_cause_name(
					(enum v6d_cause)after.cause[k]));
		}
	}
}

/* ---- every cause as the truth ---- */

/* Makes a term hold: one of its words, and its condition's. */
static void
make_hold(const struct v6d_term *t, struct v6d_symptoms *s)
{
	int8_t n = v6d_symptom_n_words(t->sym);
	int8_t first = (int8_t)(1 + chance((unsigned)n));

	for (int8_t i = 0; i < n; i++) {
		s->v[t->sym] = (int8_t)(1 + (first - 1 + i) % n);
		if (v6d_symptom_is(s, t->sym, t->words))
			break;
	}
	if (!t->cond_words || v6d_term_holds(t, s))
		return;
	for (s->v[t->cond] = V6D_SYM_UNKNOWN;
	     s->v[t->cond] <= v6d_symptom_n_words(t->cond); s->v[t->cond]++)
		if (v6d_term_holds(t, s))
			return;
	fail_msg("%s cannot hold", v6d_symptom_name(t->sym));
}

static unsigned
n_terms(const struct v6d_term *t)
{
	unsigned n = 0;

	while (t && t[n].words)
		n++;
	return n;
}

/* Some of what the cause shows as, and of what follows from it. */
static void
make_true(const struct v6d_rule *r, struct v6d_symptoms *s)
{
	const struct v6d_term *lists[] = { r->shows, r->leads, r->and_leads };
	const struct v6d_term *must = r->only_if ? r->only_if : r->shows;

	make_hold(&must[chance(n_terms(must))], s);
	for (unsigned i = 0; i < V6D_ARRAY_LEN(lists); i++)
		for (unsigned j = 0; j < n_terms(lists[i]); j++)
			if (s->v[lists[i][j].sym] == V6D_SYM_UNKNOWN &&
			    chance(3) == 0)
				make_hold(&lists[i][j], s);
}

/* Whatever shows of a cause, it is named, or is among those that may be. */
static void
test_every_cause(void **state)
{
	(void)state;
	for (int i = 0; i < V6D_N_CAUSES; i++) {
		enum v6d_cause c = (enum v6d_cause)i;
		const struct v6d_rule *r = v6d_rule_of(c);
		unsigned named = 0, tried = 0;

		for (unsigned k = 0; k < 400; k++) {
			struct v6d_symptoms s = symptoms("");
			struct v6d_diagnosis d;

			make_true(r, &s);
			if (v6d_terms_any(r->excludes, &s))
				continue;
			v6d_diagnose_symptoms(&s, NULL, &d);
			tried++;
			named += is_candidate(&d, c);
		}
		if (tried == 0 || named == 0)
			fail_msg("%s is never named", v6d_cause_name(c));
	}
}

/* Where only the cause's own evidence shows, it is alone, and certain. */
static void
test_decisive(void **state)
{
	int bad = 0;

	(void)state;
	for (int i = 0; i < V6D_N_CAUSES; i++) {
		enum v6d_cause c = (enum v6d_cause)i;
		const struct v6d_rule *r = v6d_rule_of(c);

		for (unsigned j = 0; j < n_terms(r->needs); j++) {
			struct v6d_symptoms s = symptoms("");
			struct v6d_diagnosis d;

			make_hold(&r->needs[j], &s);
			if (v6d_terms_any(r->excludes, &s) ||
			    s.v[r->needs[j].sym] <= 0)
				continue;
			v6d_diagnose_symptoms(&s, NULL, &d);
			if (!is_candidate(&d, c)) {
				char buf[512];

				print_error("%s: %s=%s gives %s\n",
				    v6d_cause_name(c),
				    v6d_symptom_name(r->needs[j].sym),
				    v6d_symptom_word(
					r->needs[j].sym, s.v[r->needs[j].sym]),
				    told(&d, buf, sizeof(buf)));
				bad++;
			}
		}
	}
	assert_int_equal(bad, 0);
}

/* ---- no success is over-read ---- */

/*
 * A connection that comes up, a small echo, a banner: none of them says
 * anything of large packets. What explains a stall before explains it after.
 */
static void
test_small_successes(void **state)
{
	static const char *const stalls[] = { "v6.get=stall", "v6.put=stall",
		"v6.get=stall v6.pmtu.in=blackhole",
		"v6.put=stall v6.pmtu.out=blackhole" };
	char text[640], before[512], after[512];

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(stalls); i++) {
		struct v6d_symptoms s;
		struct v6d_diagnosis d;

		snprintf(text, sizeof(text), LINK RA "%s", stalls[i]);
		s = symptoms(text);
		v6d_diagnose_symptoms(&s, NULL, &d);
		told(&d, before, sizeof(before));
		snprintf(text, sizeof(text), UP "v6.router=ok %s", stalls[i]);
		s = symptoms(text);
		v6d_diagnose_symptoms(&s, NULL, &d);
		assert_string_equal(told(&d, after, sizeof(after)), before);
	}
}

/* Flows inside the tunnel need no entry of their own in any table. */
static void
test_table_and_stalls(void **state)
{
	static const char *const words[] = { "exhausted", "limit", "ports",
		"per-target", "none-new" };

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(words); i++) {
		char text[640];
		struct v6d_symptoms s;
		struct v6d_candidates c;

		snprintf(text, sizeof(text),
		    UP "v6.get=stall v6.put=stall v6.pmtu.in=blackhole "
		       "napt.sessions=%s v4.control=timeout",
		    words[i]);
		s = symptoms(text);
		v6d_engine_candidates(&s, &c);
		for (unsigned k = 0; k < c.n; k++) {
			enum v6d_cause one = (enum v6d_cause)c.cause[k];

			if (v6d_cause_layer(one) != V6D_LAYER_NAPT)
				continue;
			assert_false(v6d_mask_has(c.mask[k], V6D_SYM_V6_GET));
			assert_false(v6d_mask_has(c.mask[k], V6D_SYM_V6_PUT));
			assert_false(
			    v6d_mask_has(c.mask[k], V6D_SYM_V6_PMTU_IN));
		}
	}
}

RUN(cmocka_unit_test(test_all_pairs), cmocka_unit_test(test_random),
    cmocka_unit_test(test_success_adds_no_cause),
    cmocka_unit_test(test_unknown_adds_no_certainty),
    cmocka_unit_test(test_repeatable),
    cmocka_unit_test(test_success_only_takes_away),
    cmocka_unit_test(test_every_cause), cmocka_unit_test(test_decisive),
    cmocka_unit_test(test_small_successes),
    cmocka_unit_test(test_table_and_stalls))
