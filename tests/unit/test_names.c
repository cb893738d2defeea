/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_names.c - names and telephone codes. */
#include "diag_help.h"

static void
test_causes(void **state)
{
	(void)state;
	for (int i = 0; i < V6D_N_CAUSES; i++) {
		enum v6d_cause c = (enum v6d_cause)i, back;
		char code[32];

		assert_true(v6d_cause_by_name(v6d_cause_name(c), &back));
		assert_int_equal(back, c);
		assert_true(v6d_cause_by_code(v6d_cause_code(c), &back));
		assert_int_equal(back, c);
		snprintf(code, sizeof(code), "%s-1454", v6d_cause_code(c));
		assert_true(v6d_cause_by_code(code, &back));
		assert_int_equal(back, c);
	}
}

static void
test_codes(void **state)
{
	enum v6d_cause c = V6D_CAUSE_LAN_DOWN;

	(void)state;
	assert_string_equal(v6d_cause_code(V6D_CAUSE_GRE_SIZE_LIMIT), "G3");
	assert_true(v6d_cause_by_code("g3-1454", &c));
	assert_int_equal(c, V6D_CAUSE_GRE_SIZE_LIMIT);
	assert_true(v6d_cause_by_code("G10", &c));
	assert_int_equal(c, V6D_CAUSE_GRE_LOSS);
	assert_false(v6d_cause_by_code("", &c));
	assert_false(v6d_cause_by_code("G", &c));
	assert_false(v6d_cause_by_code("G99", &c));
	assert_false(v6d_cause_by_code("G3x", &c));
	assert_false(v6d_cause_by_name("", &c));
	assert_int_equal(c, V6D_CAUSE_GRE_LOSS);
}

static void
test_words(void **state)
{
	(void)state;
	assert_string_equal(v6d_verdict_name(V6D_VERDICT_FAULTY), "faulty");
	assert_int_equal(v6d_verdict_exit(V6D_VERDICT_HEALTHY), 0);
	assert_int_equal(v6d_verdict_exit(V6D_VERDICT_DEGRADED), 1);
	assert_int_equal(v6d_verdict_exit(V6D_VERDICT_FAULTY), 2);
	assert_int_equal(v6d_verdict_exit(V6D_VERDICT_UNDETERMINED), 3);
	assert_string_equal(v6d_stage_name(V6D_STAGE_MTU), "mtu");
	assert_string_equal(v6d_stage_name(V6D_STAGE_NONE), "none");
	assert_string_equal(v6d_layer_name(V6D_LAYER_NAPT), "napt");
	assert_string_equal(v6d_certainty_name(V6D_CERTAIN), "certain");
	assert_string_equal(v6d_severity_name(V6D_SEV_WARNING), "warning");
	assert_int_equal(v6d_cause_layer(V6D_CAUSE_RA_ABSENT), V6D_LAYER_RA);
}

RUN(cmocka_unit_test(test_causes), cmocka_unit_test(test_codes),
    cmocka_unit_test(test_words))
