/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_losses.c - bursts that count losses, and what is counted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "probe/losses.h"

static struct v6d_losses losses;
static struct v6d_ask ask;
static struct v6d_answer answer;

static void
next(void)
{
	assert_true(v6d_losses_next(&losses, &ask));
	memset(&answer, 0, sizeof(answer));
	answer.n_frames = ask.n_frames;
	answer.in_gaps_known = true;
	answer.in_frames = 27;
	for (unsigned i = 0; i < ask.n_frames; i++) {
		answer.frames[i].answered = !ask.frames[i].reuse;
		answer.frames[i].rtt = V6D_MS(1);
	}
}

/* Two bursts where all is well; each echo has its shadow. */
static void
test_clean(void **state)
{
	(void)state;
	v6d_losses_init(&losses, true, V6D_MS(1));
	for (unsigned k = 0; k < 2; k++) {
		next();
		assert_int_equal(ask.n_frames, 51);
		assert_true(ask.frames[24].reuse && ask.frames[24].of == 0);
		assert_true(ask.frames[50].closes);
		v6d_losses_feed(&losses, &answer);
	}
	assert_false(v6d_losses_next(&losses, &ask));
	assert_int_equal(losses.sent, 48);
	assert_int_equal(losses.in + losses.out + losses.late, 0);
}

/* A hole in the peer's numbers is a loss inwards, the rest is outwards. */
static void
test_directions(void **state)
{
	unsigned rounds = 0;

	(void)state;
	v6d_losses_init(&losses, false, V6D_MS(1));
	for (; rounds < 8; rounds++) {
		next();
		assert_int_equal(ask.n_frames, 27);
		answer.frames[3].answered = answer.frames[9].answered = false;
		answer.frames[5].answered = false;
		answer.in_gaps = 1;
		v6d_losses_feed(&losses, &answer);
	}
	assert_false(v6d_losses_next(&losses, &ask));
	assert_int_equal(losses.in, 8);
	assert_int_equal(losses.out, 16);
	assert_int_equal(losses.sent, 192);
}

/* Without a sentinel nothing is known: a hole may hold all back. */
static void
test_mute(void **state)
{
	(void)state;
	v6d_losses_init(&losses, true, V6D_MS(1));
	next();
	for (unsigned i = 0; i < ask.n_frames; i++)
		answer.frames[i].answered = false;
	v6d_losses_feed(&losses, &answer);
	assert_int_equal(losses.sent, 0);
	next();
	answer.how = V6D_ANSWER_REFUSED;
	v6d_losses_feed(&losses, &answer);
	assert_false(v6d_losses_next(&losses, &ask));
}

static void
test_jitter(void **state)
{
	(void)state;
	v6d_losses_init(&losses, false, V6D_MS(1));
	next();
	for (unsigned i = 0; i < ask.n_frames; i++)
		answer.frames[i].rtt = V6D_MS(i % 2 ? 3 : 1);
	v6d_losses_feed(&losses, &answer);
	assert_int_equal(losses.jitter_sum / losses.n_jitter, V6D_MS(2));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_directions),
		cmocka_unit_test(test_mute),
		cmocka_unit_test(test_jitter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
