/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_verdict.c - what passed, the verdict, and the code. */
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
	scope.can[V6D_STAGE_DNS] = false;
	scope.cut = true;
	v6d_diagnose_symptoms(&s, &scope, &d);
	assert_int_equal(d.verdict, V6D_VERDICT_UNDETERMINED);
	assert_string_equal(d.code, "U0");
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

RUN(cmocka_unit_test(test_verdicts), cmocka_unit_test(test_scope),
    cmocka_unit_test(test_codes))
