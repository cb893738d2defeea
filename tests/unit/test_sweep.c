/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_sweep.c - single steps of the GRE size search; whole searches against
 * model peers are in tests/sim/sim_gre.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "probe/sweep.h"

static struct v6d_sweep sweep;
static struct v6d_ask ask;
static struct v6d_answer answer;

static void
begin(void)
{
	v6d_sweep_init(&sweep, 1484);
	assert_true(v6d_sweep_next(&sweep, &ask));
	memset(&answer, 0, sizeof(answer));
	answer.kind = V6D_ASK_BURST;
	answer.n_frames = ask.n_frames;
	answer.took = V6D_MS(1);
}

/* Ascending sizes, then a shadow of each with its number, then sentinels. */
static void
test_first_burst(void **state)
{
	unsigned n = 0, shadows = 0, closing = 0;

	(void)state;
	begin();
	assert_int_equal(ask.kind, V6D_ASK_BURST);
	assert_true(ask.df);
	while (n < ask.n_frames && !ask.frames[n].reuse)
		n++;
	for (unsigned i = 0; i < ask.n_frames; i++) {
		const struct v6d_ask_frame *f = &ask.frames[i];

		assert_true(f->outer_len <= 1484);
		assert_int_equal(f->frame, V6D_FRAME_LCP_ECHO);
		assert_true(i == 0 || i >= n || f->outer_len > f[-1].outer_len);
		assert_true(!f->reuse || f->of == i - n);
		shadows += f->reuse;
		closing += f->closes;
	}
	assert_int_equal(shadows, n);
	assert_int_equal(ask.frames[n - 1].outer_len, 1484);
	assert_true(closing >= 3);
	assert_int_equal(2 * n + closing, ask.n_frames);
	/* The kernel drops what a PPP daemon has not read beyond 32. */
	assert_true(ask.n_frames <= 32);
}

static void
test_modes(void **state)
{
	unsigned n;

	(void)state;
	/* Every frame answered, shadows too: late echoes are taken. */
	begin();
	for (unsigned i = 0; i < ask.n_frames; i++)
		answer.frames[i] = (struct v6d_answer_frame){ .answered = true,
			.len = ask.frames[i].outer_len };
	v6d_sweep_feed(&sweep, &answer);
	assert_int_equal(sweep.mode, V6D_SWEEP_ACK);
	assert_false(v6d_sweep_next(&sweep, &ask));
	assert_int_equal(v6d_sweep_in(&sweep).known, V6D_SWEEP_ALL);
	assert_int_equal(v6d_sweep_out(&sweep).known, V6D_SWEEP_ALL);
	/* No shadow answered: repeated numbers are dropped. */
	begin();
	for (n = 0; !ask.frames[n].reuse;)
		n++;
	for (unsigned i = 0; i < ask.n_frames; i++)
		answer.frames[i] =
		    (struct v6d_answer_frame){ .answered = i < n || i >= 2 * n,
			    .len = ask.frames[i].outer_len };
	v6d_sweep_feed(&sweep, &answer);
	assert_int_equal(sweep.mode, V6D_SWEEP_SHADOW);
	assert_false(v6d_sweep_next(&sweep, &ask));
	assert_int_equal(v6d_sweep_out(&sweep).size, 1484);
}

/* Silence is waited out, then the peer's queue is woken. */
static void
test_silence(void **state)
{
	(void)state;
	begin();
	answer.how = V6D_ANSWER_TIMEOUT;
	v6d_sweep_feed(&sweep, &answer);
	assert_int_equal(sweep.mode, V6D_SWEEP_UNTRIED);
	assert_true(v6d_sweep_next(&sweep, &ask));
	assert_int_equal(ask.kind, V6D_ASK_SLEEP);
	v6d_sweep_feed(&sweep, &answer);
	assert_true(v6d_sweep_next(&sweep, &ask));
	assert_int_equal(ask.n_frames, 2);
	assert_true(ask.gap > 0);
}

static void
test_refused(void **state)
{
	(void)state;
	begin();
	answer.how = V6D_ANSWER_REFUSED;
	v6d_sweep_feed(&sweep, &answer);
	assert_true(sweep.failed);
	assert_false(v6d_sweep_next(&sweep, &ask));
	assert_int_equal(v6d_sweep_in(&sweep).known, V6D_SWEEP_NOTHING);
}

static void
test_median(void **state)
{
	(void)state;
	begin();
	assert_int_equal(v6d_sweep_median_rtt(&sweep), 0);
	sweep.n_rtts = 3;
	sweep.rtts[0] = 50;
	sweep.rtts[1] = 10;
	sweep.rtts[2] = 20;
	assert_int_equal(v6d_sweep_median_rtt(&sweep), 20);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_burst),
		cmocka_unit_test(test_modes),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_median),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
