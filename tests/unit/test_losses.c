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

/* A burst, and a peer that answers the first copy of each number. */
static bool
take(void)
{
	if (!v6d_losses_next(&losses, &ask))
		return false;
	memset(&answer, 0, sizeof(answer));
	answer.n_frames = ask.n_frames;
	answer.in_gaps_known = true;
	answer.in_frames = 27;
	answer.took = V6D_MS(1);
	for (unsigned i = 0; i < ask.n_frames; i++) {
		answer.frames[i].answered = !ask.frames[i].reuse;
		answer.frames[i].rtt = V6D_MS(1);
	}
	return true;
}

static void
next(void)
{
	assert_true(take());
}

static void
silence_from(unsigned first)
{
	for (unsigned i = first; i < ask.n_frames; i++)
		answer.frames[i].answered = false;
}

/* Bursts with so many of 24 echoes lost inwards each, until it is over. */
static unsigned
rounds_of(unsigned lost_each)
{
	unsigned rounds = 0;

	while (take()) {
		for (unsigned i = 0; i < lost_each; i++)
			answer.frames[1 + i].answered = false;
		answer.in_gaps = lost_each;
		v6d_losses_feed(&losses, &answer);
		rounds++;
	}
	return rounds;
}

/* Two bursts where all is well; each number has its copy. */
static void
test_clean(void **state)
{
	(void)state;
	v6d_losses_init(&losses, true, false, V6D_MS(1));
	for (unsigned k = 0; k < 2; k++) {
		next();
		assert_int_equal(ask.n_frames, 52);
		assert_true(ask.frames[1].reuse && ask.frames[1].of == 0);
		assert_true(ask.frames[50].closes && !ask.frames[50].reuse);
		assert_true(ask.frames[51].closes && ask.frames[51].reuse);
		assert_int_equal(ask.frames[51].of, 50);
		v6d_losses_feed(&losses, &answer);
	}
	assert_false(v6d_losses_next(&losses, &ask));
	assert_int_equal(losses.arrived, 52);
	assert_int_equal(losses.in + losses.out + losses.late, 0);
}

/* A hole in the peer's numbers is a loss inwards, the rest is outwards. */
static void
test_directions(void **state)
{
	(void)state;
	v6d_losses_init(&losses, false, false, V6D_MS(1));
	for (unsigned k = 0; k < 8; k++) {
		next();
		assert_int_equal(ask.n_frames, 27);
		answer.frames[3].answered = answer.frames[9].answered = false;
		answer.frames[5].answered = false;
		answer.in_gaps = 1;
		v6d_losses_feed(&losses, &answer);
	}
	assert_int_equal(losses.in, 8);
	assert_int_equal(losses.out, 16);
	assert_int_equal(losses.sent, 192);
	assert_int_equal(losses.arrived, 176);
}

/* What of the holes was of closing frames is no loss of the others. */
static void
test_closing_frame_lost(void **state)
{
	(void)state;
	v6d_losses_init(&losses, false, false, V6D_MS(1));
	next();
	answer.frames[3].answered = answer.frames[24].answered = false;
	answer.in_gaps = 1;
	v6d_losses_feed(&losses, &answer);
	next();
	answer.frames[3].answered = answer.frames[24].answered = false;
	answer.in_gaps = 1;
	v6d_losses_feed(&losses, &answer);
	assert_int_equal(losses.in, 1);
	assert_int_equal(losses.out, 1);
}

/* With copies it shows by itself which way one was lost. */
static void
test_copies(void **state)
{
	(void)state;
	v6d_losses_init(&losses, true, true, V6D_MS(1));
	next();
	assert_int_equal(ask.n_frames, 88); /* 20 and 2 numbers, 4 times */
	answer.frames[12].answered = false; /* out: its copy came */
	answer.frames[14].answered = true;
	assert_int_equal(ask.frames[14].of, 12);
	answer.frames[28].answered = false; /* in: no copy is answered */
	answer.in_gaps = 1;
	v6d_losses_feed(&losses, &answer);
	assert_int_equal(losses.out, 1);
	assert_int_equal(losses.in, 1);
	assert_int_equal(losses.arrived, 22);
	assert_int_equal(losses.sent, 21);
	assert_true(losses.shadowed);
	next();
	answer.frames[1].answered = true; /* it answers late ones, too */
	v6d_losses_feed(&losses, &answer);
	assert_false(losses.shadowed);
}

/* Whether that was chance is asked until chance is ruled out. */
static void
test_asks_on(void **state)
{
	(void)state;
	v6d_losses_init(&losses, false, false, V6D_MS(1));
	assert_int_equal(rounds_of(0), 2);
	v6d_losses_init(&losses, false, true, V6D_MS(1));
	assert_int_equal(rounds_of(0), 5); /* others had losses */
	v6d_losses_init(&losses, false, false, V6D_MS(1));
	assert_int_equal(rounds_of(12), 4); /* no doubt is left */
	v6d_losses_init(&losses, false, false, V6D_MS(1));
	assert_int_equal(rounds_of(2), 20); /* 83 per mille: much is left */
	v6d_losses_init(&losses, false, false, V6D_MS(1));
	assert_true(rounds_of(5) < 10);
}

/* A burst whose end was not heard shows that something is lost. */
static void
test_not_closed(void **state)
{
	(void)state;
	v6d_losses_init(&losses, false, false, V6D_MS(1));
	next();
	silence_from(20);
	assert_false(ask.frames[19].closes);
	v6d_losses_feed(&losses, &answer);
	assert_int_equal(losses.sent, 20); /* of what is behind, nothing */
	assert_int_equal(losses.in + losses.out, 0);
	assert_true(rounds_of(0) > 4);
}

/* Where nothing comes back nothing is known, and it is not asked for ever. */
static void
test_mute(void **state)
{
	(void)state;
	v6d_losses_init(&losses, true, false, V6D_MS(1));
	for (unsigned k = 0; k < 3; k++) {
		next();
		silence_from(0);
		v6d_losses_feed(&losses, &answer);
	}
	assert_false(v6d_losses_next(&losses, &ask));
	assert_int_equal(losses.sent, 0);
}

static void
test_refused(void **state)
{
	(void)state;
	v6d_losses_init(&losses, true, false, V6D_MS(1));
	next();
	answer.how = V6D_ANSWER_REFUSED;
	v6d_losses_feed(&losses, &answer);
	assert_false(v6d_losses_next(&losses, &ask));
}

static void
test_jitter(void **state)
{
	(void)state;
	v6d_losses_init(&losses, false, false, V6D_MS(1));
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
		cmocka_unit_test(test_closing_frame_lost),
		cmocka_unit_test(test_copies),
		cmocka_unit_test(test_asks_on),
		cmocka_unit_test(test_not_closed),
		cmocka_unit_test(test_mute),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_jitter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
