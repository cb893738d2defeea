/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_limit.c - the largest size that passes, from noisy observations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "probe/limit.h"

static struct v6d_limit limit;

/* Observations as text: "p1400 l1450 s1420" and what follows from them. */
static void
observe(const char *what)
{
	v6d_limit_init(&limit, 100, 1500);
	for (; *what; what++) {
		char kind = *what++;
		unsigned size = 0;

		for (; *what >= '0' && *what <= '9'; what++)
			size = size * 10 + (unsigned)(*what - '0');
		if (kind == 'p')
			v6d_limit_pass(&limit, size);
		else if (kind == 's')
			v6d_limit_soft(&limit, size);
		else
			v6d_limit_lose(&limit, size);
		if (!*what)
			return;
	}
}

static void
test_best(void **state)
{
	static const struct {
		const char *seen;
		unsigned pass, fail;
	} rows[] = {
		{ "", 99, 1501 }, { "p1500", 1500, 1501 },
		{ "p1400 l1450", 1400, 1450 }, { "p1400 l1401", 1400, 1401 },
		{ "l1300 p1400 l1450", 1400, 1450 }, /* chance below */
		{ "p1400 l1450 p1460 l1490", 1460, 1490 },
		{ "l100 l200", 99, 100 }, { "s1400 l1450", 1400, 1450 },
		{ "s1400 l1450 l1460 l1470 s1480", 1400, 1450 },
		{ "p1300 s1400 l1350 l1350 l1400 l1400", 1300, 1350 },
		{ "p99 p1501", 99, 1501 }, /* not asked */
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint16_t pass, fail;

		observe(rows[i].seen);
		v6d_limit_best(&limit, &pass, &fail);
		if (pass != rows[i].pass || fail != rows[i].fail)
			fail_msg("\"%s\": %u %u", rows[i].seen, pass, fail);
	}
}

static void
test_margin(void **state)
{
	static const struct {
		const char *seen;
		unsigned below, above;
	} rows[] = {
		{ "p1500", V6D_LIMIT_CERTAIN, V6D_LIMIT_CERTAIN },
		{ "p1400 l1401", V6D_LIMIT_CERTAIN, 1 },
		{ "p1400 l1401 l1401 l1401", V6D_LIMIT_CERTAIN, 3 },
		{ "p1400 l1401 l1401 s1401", V6D_LIMIT_CERTAIN, 1 },
		{ "s1400 s1400 l1401", 2, 1 },
		{ "s1400 s1400 l1400 l1401", 1, 1 },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		unsigned below, above;

		observe(rows[i].seen);
		below = v6d_limit_margin_below(&limit);
		above = v6d_limit_margin_above(&limit);
		if (below != rows[i].below || above != rows[i].above)
			fail_msg("\"%s\": %u %u", rows[i].seen, below, above);
	}
}

static void
test_grid(void **state)
{
	uint16_t sizes[16];

	(void)state;
	assert_int_equal(v6d_limit_grid(1400, 1401, sizes, 16), 0);
	assert_int_equal(v6d_limit_grid(1400, 1400, sizes, 16), 0);
	assert_int_equal(v6d_limit_grid(1400, 1404, sizes, 16), 3);
	assert_int_equal(sizes[0], 1401);
	assert_int_equal(sizes[2], 1403);
	assert_int_equal(v6d_limit_grid(99, 1501, sizes, 16), 16);
	for (unsigned i = 0; i < 16; i++) {
		assert_true(sizes[i] > (i ? sizes[i - 1] : 99));
		assert_true(sizes[i] < 1501);
	}
}

static void
test_gap(void **state)
{
	(void)state;
	observe("l1300 l1350 p1350 p1400 l1450");
	assert_int_equal(v6d_limit_gap(&limit, 0), 1300);
	assert_int_equal(v6d_limit_gap(&limit, 1301), 0);
	observe("p1400");
	assert_int_equal(v6d_limit_gap(&limit, 0), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_best),
		cmocka_unit_test(test_margin),
		cmocka_unit_test(test_grid),
		cmocka_unit_test(test_gap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
