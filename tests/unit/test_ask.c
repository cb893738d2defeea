/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_ask.c - the check that splits causes that look alike. */
#include "diag_help.h"

#include "diag/rules.h"

static void
test_pairs(void **state)
{
	const enum v6d_cause gre[] = { V6D_CAUSE_NAPT_ONE_SESSION,
		V6D_CAUSE_NAPT_NO_HELPER, V6D_CAUSE_GRE_BLOCKED };
	const enum v6d_cause size[] = { V6D_CAUSE_GRE_SIZE_LIMIT,
		V6D_CAUSE_PATH_MTU_BLACKHOLE_IN };
	const enum v6d_cause odd[] = { V6D_CAUSE_IFID_CLASH,
		V6D_CAUSE_LAN_DOWN };

	(void)state;
	assert_non_null(strstr(v6d_ask_between(gre, 3), "another line"));
	assert_non_null(strstr(v6d_ask_between(size, 2), "run gre"));
	/* no row of their own: what would prove the first */
	assert_ptr_equal(
	    v6d_ask_between(odd, 2), v6d_rule_of(V6D_CAUSE_IFID_CLASH)->ask);
}

static void
test_any_two(void **state)
{
	(void)state;
	for (int a = 0; a < V6D_N_CAUSES; a++)
		for (int b = 0; b < V6D_N_CAUSES; b++) {
			const enum v6d_cause c[] = { (enum v6d_cause)a,
				(enum v6d_cause)b };

			assert_true(strlen(v6d_ask_between(c, 2)) > 20);
		}
}

RUN(cmocka_unit_test(test_pairs), cmocka_unit_test(test_any_two))
