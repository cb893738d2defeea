/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_sweep.c - what the GRE size search makes of single bursts; whole
 * searches against model peers are in tests/sim/sim_gre.c.
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
	v6d_sweep_init(&sweep, 1484, V6D_MS(1));
	assert_true(v6d_sweep_next(&sweep, &ask));
	memset(&answer, 0, sizeof(answer));
	answer.kind = V6D_ASK_BURST;
	answer.n_frames = ask.n_frames;
	answer.took = V6D_MS(1);
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
		cmocka_unit_test(test_modes),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_median),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
