/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_rate.c - Wilson's interval against figures from the books. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/rate.h"

/* low and high: as R's prop.test(correct = FALSE) gives them, in millionths. */
static const struct {
	uint32_t hits, n, low, high;
} rows[] = {
	{ 0, 48, 0, 74103 },
	{ 1, 48, 3687, 108995 },
	{ 4, 192, 8131, 52335 },
	{ 20, 192, 68448, 155414 },
	{ 24, 48, 363891, 636109 },
	{ 48, 48, 925897, 1000000 },
	{ 20000, 1000000, 19727, 20276 },
};

static unsigned
apart(uint32_t a, uint32_t b)
{
	return a > b ? a - b : b - a;
}

static void
test_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct v6d_rate r = v6d_rate_of(rows[i].hits, rows[i].n);

		if (apart(r.low, rows[i].low) > 60 ||
		    apart(r.high, rows[i].high) > 60)
			fail_msg("%u of %u: %u to %u", rows[i].hits, rows[i].n,
			    r.low, r.high);
	}
}

/* z = 3.2905; by the same formula, in another language. */
static void
test_sure(void **state)
{
	struct v6d_rate none = v6d_rate_sure_of(0, 48);
	struct v6d_rate some = v6d_rate_sure_of(20, 192);

	(void)state;
	assert_true(apart(none.low, 0) <= 60);
	assert_true(apart(none.high, 184056) <= 60);
	assert_true(apart(some.low, 51622) <= 60);
	assert_true(apart(some.high, 198973) <= 60);
}

/* The rate seen is always inside, and more tries narrow it. */
static void
test_order(void **state)
{
	(void)state;
	for (uint32_t n = 1; n < 500; n++)
		for (uint32_t hits = 0; hits <= n; hits++) {
			struct v6d_rate r = v6d_rate_of(hits, n);
			struct v6d_rate s = v6d_rate_of(10 * hits, 10 * n);

			assert_true(r.low <= r.seen && r.seen <= r.high);
			assert_true(r.high <= 1000000);
			assert_true(s.high - s.low <= r.high - r.low);
		}
	assert_int_equal(v6d_rate_of(4000000000u, 4294967295u).seen, 931322);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_sure),
		cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
