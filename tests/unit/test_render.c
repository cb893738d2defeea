/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_render.c - what machine renderings share, and each of them. */
#include "report_help.h"

#include <stdlib.h>

#include "report/render.h"

static void
test_points(void **state)
{
	static const struct {
		const char *name;
		enum v6d_outcome outcome;
	} want[] = {
		{ "control", V6D_OUTCOME_PASS },
		{ "gre", V6D_OUTCOME_FAIL },
		{ "dns", V6D_OUTCOME_SKIPPED },
		{ "cause gre-size-limit", V6D_OUTCOME_FAIL },
	};
	struct v6d_point p;
	struct run u;
	size_t i;

	(void)state;
	run_story(&u);
	for (i = 0; v6d_render_point(&u.r, i, &p); i++) {
		assert_true(i < sizeof(want) / sizeof(want[0]));
		assert_string_equal(p.name, want[i].name);
		assert_int_equal(p.outcome, want[i].outcome);
	}
	assert_int_equal(i, sizeof(want) / sizeof(want[0]));
}

/* Of a capture the stages; what could have been seen and was not is unknown,
 * what this source cannot show is skipped. */
static void
test_stage_points(void **state)
{
	struct v6d_scope scope = { .can = { [V6D_STAGE_RA] = true } };
	struct v6d_point p;
	struct run u;

	(void)state;
	run_undecided(&u);
	u.r.scope = &scope;
	assert_true(v6d_render_point(&u.r, V6D_STAGE_CONTROL, &p));
	assert_int_equal(p.outcome, V6D_OUTCOME_PASS);
	assert_true(v6d_render_point(&u.r, V6D_STAGE_GRE, &p));
	assert_int_equal(p.outcome, V6D_OUTCOME_FAIL);
	assert_true(v6d_render_point(&u.r, V6D_STAGE_RA, &p));
	assert_int_equal(p.outcome, V6D_OUTCOME_UNKNOWN);
	assert_true(v6d_render_point(&u.r, V6D_STAGE_DNS, &p));
	assert_int_equal(p.outcome, V6D_OUTCOME_SKIPPED);
	assert_true(v6d_render_point(&u.r, V6D_N_STAGES, &p));
	assert_string_equal(p.name, "cause undecided");
	assert_int_equal(p.outcome, V6D_OUTCOME_FAIL);
	assert_false(v6d_render_point(&u.r, V6D_N_STAGES + 1, &p));
}

static void
test_unexplained_point(void **state)
{
	struct v6d_symptoms s = symptoms("ppp.ipv6cp=other");
	struct v6d_point p;
	struct run u;

	(void)state;
	run_start(&u);
	v6d_diagnose_symptoms(&s, NULL, &u.d);
	assert_true(v6d_render_point(&u.r, V6D_N_STAGES, &p));
	assert_string_equal(p.name, "cause unknown");
	assert_string_equal(p.words, "ppp.ipv6cp: other");
}

static void
test_every_status(void **state)
{
	static const struct {
		const char *status;
		enum v6d_outcome outcome;
	} t[] = {
		{ "pass", V6D_OUTCOME_PASS },
		{ "warn", V6D_OUTCOME_PASS },
		{ "fail", V6D_OUTCOME_FAIL },
		{ "unknown", V6D_OUTCOME_UNKNOWN },
		{ "skipped", V6D_OUTCOME_SKIPPED },
		{ "broken", V6D_OUTCOME_BROKEN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct v6d_check c = { "gre", t[i].status, "why", 1 };
		struct v6d_point p;
		struct run u;

		run_start(&u);
		u.r.checks = &c;
		u.r.n_checks = 1;
		assert_true(v6d_render_point(&u.r, 0, &p));
		assert_int_equal(p.outcome, t[i].outcome);
	}
}

static void
test_xml(void **state)
{
	char buf[128];
	struct v6d_text t = v6d_text_to(buf, sizeof(buf));

	(void)state;
	v6d_render_xml(&t, "a<b>&\"c'\033\n\x7f");
	assert_string_equal(buf, "a&lt;b&gt;&amp;&quot;c&#39;?\n\x7f");
}

static void
test_label(void **state)
{
	char buf[128];
	struct v6d_text t = v6d_text_to(buf, sizeof(buf));

	(void)state;
	v6d_render_label(&t, "a\"b\\c\nd");
	assert_string_equal(buf, "\"a\\\"b\\\\c\\nd\"");
}

RUN(cmocka_unit_test(test_points), cmocka_unit_test(test_stage_points),
    cmocka_unit_test(test_unexplained_point),
    cmocka_unit_test(test_every_status), cmocka_unit_test(test_xml),
    cmocka_unit_test(test_label))
