/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_doubt.c - a size that was always lost, asked for again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "probe/doubt.h"

#define NUMBERS 15

static struct v6d_doubt doubt;
static struct v6d_ask ask;
static struct v6d_answer answer;

/* A burst, of which nothing has come back yet. */
static void
next(unsigned copies)
{
	unsigned n = (NUMBERS + 2) * (copies + 1);

	assert_true(v6d_doubt_next(&doubt, &ask));
	assert_int_equal(ask.kind, V6D_ASK_BURST);
	assert_true(ask.df);
	assert_int_equal(ask.n_frames, n);
	for (unsigned i = 0; i < n; i++) {
		bool big = i < NUMBERS * (copies + 1);

		assert_int_equal(ask.frames[i].outer_len, big ? 1484 : 100);
		assert_int_equal(ask.frames[i].closes, !big);
		assert_int_equal(ask.frames[i].reuse, i % (copies + 1) != 0);
		if (ask.frames[i].reuse)
			assert_int_equal(
			    ask.frames[i].of, i - i % (copies + 1));
	}
	memset(&answer, 0, sizeof(answer));
	answer.n_frames = n;
}

static void
hear_the_end(void)
{
	answer.frames[answer.n_frames - 1].answered = true;
	answer.frames[answer.n_frames - 1].len = 100;
}

/* One that comes back is enough; its largest reply is told. */
static void
test_chance(void **state)
{
	(void)state;
	v6d_doubt_init(&doubt, 1484, true, V6D_MS(1));
	next(3);
	hear_the_end();
	v6d_doubt_feed(&doubt, &answer);
	assert_false(doubt.passed);
	next(3);
	answer.frames[4].answered = answer.frames[9].answered = true;
	answer.frames[4].len = 1484;
	answer.frames[9].len = 1480;
	v6d_doubt_feed(&doubt, &answer);
	assert_true(doubt.passed);
	assert_int_equal(doubt.len, 1484);
	assert_false(v6d_doubt_next(&doubt, &ask));
}

/* Three bursts whose ends are answered, and none of the size. */
static void
test_limit(void **state)
{
	(void)state;
	v6d_doubt_init(&doubt, 1484, false, V6D_MS(1));
	for (unsigned i = 0; i < 3; i++) {
		next(0);
		hear_the_end();
		v6d_doubt_feed(&doubt, &answer);
	}
	assert_false(v6d_doubt_next(&doubt, &ask));
	assert_false(doubt.passed);
}

/* Where nothing at all comes back a burst tells nothing, but there is an end;
 * so there is where none can be sent, and where no size is in doubt. */
static void
test_silence(void **state)
{
	(void)state;
	v6d_doubt_init(&doubt, 1484, true, V6D_MS(1));
	for (unsigned i = 0; i < 8; i++) {
		next(3);
		v6d_doubt_feed(&doubt, &answer);
	}
	assert_false(v6d_doubt_next(&doubt, &ask));
	v6d_doubt_init(&doubt, 1484, true, V6D_MS(1));
	next(3);
	answer.how = V6D_ANSWER_REFUSED;
	v6d_doubt_feed(&doubt, &answer);
	assert_false(v6d_doubt_next(&doubt, &ask));
	v6d_doubt_init(&doubt, 0, true, V6D_MS(1));
	assert_false(v6d_doubt_next(&doubt, &ask));
	assert_false(doubt.passed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chance),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_silence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
