/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_sweep_plan.c - the bursts of the GRE size search. */
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
		assert_true(!f->reuse || f->closes || f->of == i - n);
		shadows += f->reuse && !f->closes;
		closing += f->closes;
	}
	assert_int_equal(shadows, n);
	assert_int_equal(ask.frames[n - 1].outer_len, 1484);
	assert_true(closing >= 3);
	assert_int_equal(2 * n + closing, ask.n_frames);
	/* The kernel drops what a PPP daemon has not read beyond 32. */
	assert_true(ask.n_frames <= 32);
}

/* What a server that drops repeated numbers says of a path. */
static void
pptpd(unsigned out, unsigned in)
{
	bool arrived[V6D_ASK_FRAMES] = { false };

	memset(&answer, 0, sizeof(answer));
	answer.kind = V6D_ASK_BURST;
	answer.n_frames = ask.n_frames;
	answer.took = V6D_MS(1);
	for (unsigned i = 0; i < ask.n_frames; i++) {
		const struct v6d_ask_frame *f = &ask.frames[i];
		unsigned of = f->reuse ? f->of : i;

		if (f->outer_len > out || arrived[of])
			continue;
		arrived[of] = true;
		if (f->outer_len > in)
			continue;
		answer.frames[i].answered = true;
		answer.frames[i].len = f->outer_len;
		answer.frames[i].rtt = V6D_MS(1);
	}
	v6d_sweep_feed(&sweep, &answer);
}

/* The last bytes: echoes apart, each with its shadow at once behind it. */
static void
test_careful_burst(void **state)
{
	bool careful = false;

	(void)state;
	begin();
	do {
		pptpd(1500, 1437);
		if (!v6d_sweep_next(&sweep, &ask))
			break;
		assert_true(ask.n_frames <= V6D_ASK_FRAMES);
		careful |= ask.gap > 0;
		for (unsigned i = 1; i < ask.n_frames && ask.gap > 0; i++)
			assert_true(
			    !ask.frames[i].reuse || ask.frames[i].of == i - 1);
	} while (sweep.rounds < 10);
	assert_true(careful);
	assert_int_equal(v6d_sweep_in(&sweep).size, 1437);
	assert_true(v6d_sweep_in(&sweep).exact);
	assert_true(sweep.rounds <= 5);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_burst),
		cmocka_unit_test(test_careful_burst),
		cmocka_unit_test(test_silence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
