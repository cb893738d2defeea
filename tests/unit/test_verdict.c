/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_verdict.c - what passed, the verdict, the code, and laws of both. */
#include "diag_help.h"

static void
test_verdicts(void **state)
{
	static const struct diag_case t[] = {
		{ "", "undetermined" },
		{ UP SIZE BULK DNS, "healthy" },
		{ UP SIZE BULK, "undetermined" },
		{ LINK RA SIZE BULK DNS "route.default=ok", "undetermined" },
		{ UP DNS SIZE BULK "ppp.ipv6cp=other", "faulty ?ppp.ipv6cp" },
		/* a warning and not all seen: not even degraded */
		{ UP SIZE BULK "gre.loss=loss", "undetermined gre-loss!" },
		/* two at once, each of its own kind */
		{ UP "gre.size.in=limit v6.get=stall dns.a=ok "
		     "dns.aaaa=timeout",
		    "faulty gre-size-limit!(v6.get) dns-aaaa-dropped!" },
		{ "host.raw=denied control.tcp=timeout server.alive=ok",
		    "faulty control-blocked local-prerequisite!" },
	};

	(void)state;
	check_cases(t, sizeof(t) / sizeof(t[0]));
}

/* A source that cannot show a stage need not have it pass. */
static void
test_scope(void **state)
{
	struct v6d_scope scope = { .can = { true, true, true, true } };
	struct v6d_symptoms s = symptoms(LINK RA);
	struct v6d_diagnosis d;

	(void)state;
	v6d_diagnose_symptoms(&s, &scope, &d);
	assert_int_equal(d.verdict, V6D_VERDICT_HEALTHY);
	assert_true(d.passed[V6D_STAGE_RA] && !d.passed[V6D_STAGE_DNS]);
	assert_true(d.seen[V6D_STAGE_RA] && !d.seen[V6D_STAGE_DNS]);
	scope.can[V6D_STAGE_DNS] = true;
	v6d_diagnose_symptoms(&s, &scope, &d);
	assert_int_equal(d.verdict, V6D_VERDICT_UNDETERMINED);
	memset(&scope, 0, sizeof(scope));
	v6d_diagnose_symptoms(&s, &scope, &d);
	assert_int_equal(d.verdict, V6D_VERDICT_UNDETERMINED);
}

static void
test_codes(void **state)
{
	static const struct {
		const char *symptoms, *code;
	} t[] = {
		{ UP SIZE BULK DNS, "OK" },
		{ "", "U0" },
		{ "ppp.ipv6cp=other", "U1" },
		{ "control.tcp=refused", "C3" },
		{ CONTROL "gre.in=absent", "G1/G5/G6" },
	};
	struct v6d_obs o[4];
	struct v6d_facts f;
	struct v6d_diagnosis d;

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct v6d_symptoms s = symptoms(t[i].symptoms);

		v6d_diagnose_symptoms(&s, NULL, &d);
		assert_string_equal(d.code, t[i].code);
	}
	v6d_facts_init(&f, o, 4);
	v6d_facts_add(
	    &f, V6D_FACT_GRE_SIZE_IN, "203.0.113.10", V6D_BAD, "limit", 1454);
	v6d_diagnose(&f, NULL, &d);
	assert_string_equal(d.code, "G3-1454");
}

/* ---- laws ---- */

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
	for (unsigned i = 0; i < 100000; i++) {
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
	for (unsigned i = 0; i < 20000; i++) {
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

RUN(cmocka_unit_test(test_verdicts), cmocka_unit_test(test_scope),
    cmocka_unit_test(test_codes), cmocka_unit_test(test_all_pairs),
    cmocka_unit_test(test_random), cmocka_unit_test(test_success_adds_no_cause),
    cmocka_unit_test(test_unknown_adds_no_certainty),
    cmocka_unit_test(test_repeatable))
