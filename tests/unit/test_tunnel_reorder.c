/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_tunnel_reorder.c - frames that wait for others, and for how long. */
#include "sweep.h"

#include "tunnel/reorder.h"

#define WAIT V6D_MS(10)

static struct v6d_reorder r;

static void
begin(uint32_t seq)
{
	v6d_reorder_init(&r);
	assert_int_equal(v6d_reorder_place(&r, seq), V6D_REORDER_NEXT);
	v6d_reorder_pass(&r, seq, 0);
}

static void
hold(uint32_t seq, v6d_ns now)
{
	uint8_t frame[4] = { (uint8_t)seq, 1, 2, 3 };

	assert_int_equal(v6d_reorder_place(&r, seq), V6D_REORDER_AHEAD);
	v6d_reorder_hold(&r, seq, frame, sizeof(frame), now);
}

/* What take gives now: the low byte of the number, or -1. */
static int
take(v6d_ns wait, v6d_ns now)
{
	size_t n = 0;
	uint8_t *p = v6d_reorder_take(&r, wait, now, &n);

	if (!p)
		return -1;
	assert_int_equal(n, 4);
	return p[0];
}

static void
test_overtaken(void **state)
{
	(void)state;
	begin(0xfffffffe); /* and around the end of the numbers */
	hold(0, 5);
	hold(1, 6);
	assert_int_equal(take(WAIT, 7), -1);
	assert_int_equal(v6d_reorder_place(&r, 0xffffffff), V6D_REORDER_NEXT);
	v6d_reorder_pass(&r, 0xffffffff, 7);
	assert_int_equal(take(WAIT, 7), 0);
	assert_int_equal(take(WAIT, 7), 1);
	assert_int_equal(take(WAIT, 7), -1);
	assert_true(v6d_reorder_deadline(&r, WAIT) == V6D_NEVER);
	assert_int_equal(v6d_reorder_place(&r, 2), V6D_REORDER_NEXT);
}

static void
test_twice_and_late(void **state)
{
	(void)state;
	begin(10);
	assert_int_equal(v6d_reorder_place(&r, 10), V6D_REORDER_LATE);
	assert_int_equal(v6d_reorder_place(&r, 9), V6D_REORDER_LATE);
	hold(12, 1);
	assert_int_equal(v6d_reorder_place(&r, 12), V6D_REORDER_LATE);
	v6d_reorder_pass(&r, 13, 1);
	assert_int_equal(v6d_reorder_place(&r, 13), V6D_REORDER_LATE);
}

/* Two gaps: each has its own time. */
static void
test_patience(void **state)
{
	(void)state;
	begin(0);
	hold(2, V6D_MS(1));
	hold(3, V6D_MS(2));
	hold(5, V6D_MS(4));
	assert_true(v6d_reorder_deadline(&r, WAIT) == V6D_MS(11));
	assert_int_equal(take(WAIT, V6D_MS(11) - 1), -1);
	assert_int_equal(take(WAIT, V6D_MS(11)), 2);
	assert_int_equal(take(WAIT, V6D_MS(11)), 3);
	assert_int_equal(take(WAIT, V6D_MS(11)), -1);
	assert_int_equal(v6d_reorder_place(&r, 1), V6D_REORDER_LATE);
	assert_true(v6d_reorder_deadline(&r, WAIT) == V6D_MS(14));
	assert_int_equal(take(WAIT, V6D_MS(14)), 5);
	assert_true(v6d_reorder_deadline(&r, WAIT) == V6D_NEVER);
}

/* What passed out of turn is neither given again nor waited for. */
static void
test_passed_ahead(void **state)
{
	(void)state;
	begin(0);
	assert_int_equal(v6d_reorder_place(&r, 2), V6D_REORDER_AHEAD);
	v6d_reorder_pass(&r, 2, V6D_MS(1));
	hold(3, V6D_MS(5));
	assert_true(v6d_reorder_deadline(&r, WAIT) == V6D_MS(11));
	v6d_reorder_pass(&r, 1, V6D_MS(6));
	assert_int_equal(take(WAIT, V6D_MS(6)), 3);
	assert_int_equal(take(WAIT, V6D_MS(6)), -1);
	assert_int_equal(v6d_reorder_place(&r, 4), V6D_REORDER_NEXT);
}

static void
test_too_many(void **state)
{
	(void)state;
	begin(0);
	for (uint32_t i = 2; i <= V6D_REORDER_MAX; i++)
		hold(i, 1);
	assert_int_equal(
	    v6d_reorder_place(&r, V6D_REORDER_MAX + 1), V6D_REORDER_FAR);
	assert_int_equal(v6d_reorder_place(&r, 0x7fff0000), V6D_REORDER_FAR);
	for (int i = 2; i <= V6D_REORDER_MAX; i++)
		assert_int_equal(take(0, 1), i);
	assert_int_equal(take(0, 1), -1);
	v6d_reorder_restart(&r, 1000);
	assert_int_equal(v6d_reorder_place(&r, 1000), V6D_REORDER_NEXT);
	assert_int_equal(v6d_reorder_place(&r, 999), V6D_REORDER_LATE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_overtaken),
		cmocka_unit_test(test_twice_and_late),
		cmocka_unit_test(test_patience),
		cmocka_unit_test(test_passed_ahead),
		cmocka_unit_test(test_too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
