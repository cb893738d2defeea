/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_frags.c - echoes that may be fragmented, and what is made of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "probe/frags.h"

static struct v6d_frags frags;
static struct v6d_ask ask;
static struct v6d_answer answer;

static void
next(void)
{
	assert_true(v6d_frags_next(&frags, &ask));
	assert_false(ask.df);
	memset(&answer, 0, sizeof(answer));
	answer.n_frames = ask.n_frames;
	answer.in_gaps_known = true;
	for (unsigned i = 0; i < ask.n_frames; i++)
		answer.frames[i].answered = ask.frames[i].closes;
}

/* One that comes back shows that they do. */
static void
test_pass(void **state)
{
	(void)state;
	v6d_frags_init(&frags, 1540, 0, true, V6D_MS(1));
	next();
	assert_int_equal(ask.n_frames, 11);
	assert_int_equal(ask.frames[0].outer_len, 1540);
	assert_int_equal(ask.frames[1].outer_len, 1540);
	assert_true(ask.frames[4].reuse && ask.frames[4].of == 0);
	answer.frames[2].answered = true;
	v6d_frags_feed(&frags, &answer);
	assert_false(v6d_frags_next(&frags, &ask));
	assert_int_equal(frags.full_passed, 1);
}

/* All lost, three times; the peer's numbers tell which way. */
static void
test_lost(void **state)
{
	(void)state;
	v6d_frags_init(&frags, 1540, 0, false, V6D_MS(1));
	for (unsigned k = 0; k < 3; k++) {
		next();
		assert_int_equal(ask.n_frames, 7);
		answer.in_gaps = 4;
		v6d_frags_feed(&frags, &answer);
	}
	assert_false(v6d_frags_next(&frags, &ask));
	assert_int_equal(frags.lost_in, 12);
	assert_int_equal(frags.lost_out, 0);
}

/* Just over a limit as well: both sizes have to pass. */
static void
test_over(void **state)
{
	(void)state;
	v6d_frags_init(&frags, 1484, 1401, true, V6D_MS(1));
	next();
	assert_int_equal(ask.frames[0].outer_len, 1484);
	assert_int_equal(ask.frames[1].outer_len, 1401);
	answer.frames[0].answered = true;
	v6d_frags_feed(&frags, &answer);
	next();
	answer.frames[3].answered = true;
	v6d_frags_feed(&frags, &answer);
	assert_false(v6d_frags_next(&frags, &ask));
	assert_int_equal(frags.full_passed, 1);
	assert_int_equal(frags.over_passed, 1);
}

static void
test_silence(void **state)
{
	(void)state;
	v6d_frags_init(&frags, 1540, 0, true, V6D_MS(1));
	next();
	memset(answer.frames, 0, sizeof(answer.frames));
	v6d_frags_feed(&frags, &answer);
	assert_int_equal(frags.lost_out + frags.lost_in, 0);
	next();
	answer.how = V6D_ANSWER_REFUSED;
	v6d_frags_feed(&frags, &answer);
	assert_false(v6d_frags_next(&frags, &ask));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pass),
		cmocka_unit_test(test_lost),
		cmocka_unit_test(test_over),
		cmocka_unit_test(test_silence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
