/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_mask.c - sets of symptoms, in and across both of their words. */
#include "diag_help.h"

#include "diag/mask.h"

static void
test_bits(void **state)
{
	(void)state;
	for (unsigned i = 0; i < V6D_MASK_BITS; i++) {
		struct v6d_mask one = v6d_mask_bit(i);

		assert_true(v6d_mask_any(one));
		assert_int_equal(v6d_mask_count(one), 1);
		for (unsigned j = 0; j < V6D_MASK_BITS; j++)
			assert_int_equal(v6d_mask_has(one, j), i == j);
		assert_true(v6d_mask_equal(v6d_mask_low(one), one));
	}
}

static void
test_sets(void **state)
{
	const struct v6d_mask none = { 0, 0 };
	struct v6d_mask a = v6d_mask_or(v6d_mask_bit(3), v6d_mask_bit(64));
	struct v6d_mask b = v6d_mask_or(v6d_mask_bit(64), v6d_mask_bit(127));

	(void)state;
	assert_int_equal(v6d_mask_count(v6d_mask_or(a, b)), 3);
	assert_true(v6d_mask_equal(v6d_mask_and(a, b), v6d_mask_bit(64)));
	assert_true(v6d_mask_equal(v6d_mask_minus(a, b), v6d_mask_bit(3)));
	assert_true(v6d_mask_meets(a, b));
	assert_false(v6d_mask_meets(a, v6d_mask_bit(127)));
	assert_true(v6d_mask_equal(v6d_mask_low(a), v6d_mask_bit(3)));
	assert_true(v6d_mask_equal(v6d_mask_low(b), v6d_mask_bit(64)));
	assert_false(v6d_mask_any(v6d_mask_low(none)));
	assert_false(v6d_mask_any(none));
	assert_int_equal(v6d_mask_count(none), 0);
	assert_false(v6d_mask_equal(a, b));
}

RUN(cmocka_unit_test(test_bits), cmocka_unit_test(test_sets))
