/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_returns.c - large replies to echoes that got out in fragments. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "probe/returns.h"

#define TOP 1484
#define MTU 1444

static struct v6d_sweep sweep;
static struct v6d_echoes echoes;
static struct v6d_ask ask;
static struct v6d_answer answer;

/* A sweep that has found the way out to end at `out`. */
static void
swept(unsigned out)
{
	v6d_sweep_init(&sweep, TOP, V6D_MS(1));
	sweep.mode = V6D_SWEEP_SHADOW;
	for (unsigned n = V6D_SWEEP_LO; n <= out; n++) {
		v6d_limit_pass(&sweep.out, n);
		v6d_limit_pass(&sweep.in, n);
	}
	for (unsigned k = 0; k < 2 * V6D_SWEEP_MARGIN; k++)
		if (out < TOP)
			v6d_limit_lose(&sweep.out, out + 1);
}

/* Replies up to `limit` outer bytes come back, with an acknowledgment. */
static void
ask_all(int limit)
{
	while (v6d_echoes_next(&echoes, &ask)) {
		assert_false(ask.df);
		assert_true(ask.piece > 0);
		memset(&answer, 0, sizeof(answer));
		answer.n_frames = ask.n_frames;
		for (unsigned i = 0; i < ask.n_frames; i++)
			answer.frames[i].answered =
			    ask.frames[i].outer_len + V6D_GRE_OVERHEAD <= limit;
		v6d_echoes_feed(&echoes, &answer);
	}
}

static void
test_wanted(void **state)
{
	(void)state;
	swept(1400);
	assert_true(v6d_returns_wanted(&sweep, TOP));
	assert_false(v6d_returns_wanted(&sweep, 1400));
	swept(V6D_GRE_OVERHEAD + 100);
	assert_false(v6d_returns_wanted(&sweep, TOP));
	swept(TOP);
	assert_false(v6d_returns_wanted(&sweep, TOP));
}

static void
test_limit(void **state)
{
	(void)state;
	for (int limit = 1404; limit < TOP; limit += 5) {
		struct v6d_sweep_result in;

		swept(1400);
		v6d_returns_begin(&echoes, &sweep, MTU);
		ask_all(limit);
		in = v6d_returns_in(&echoes, &sweep);
		assert_int_equal(in.known, V6D_SWEEP_LIMIT);
		assert_int_equal(in.size, limit);
	}
	swept(1400);
	v6d_returns_begin(&echoes, &sweep, MTU);
	ask_all(TOP);
	assert_int_equal(v6d_returns_in(&echoes, &sweep).known, V6D_SWEEP_ALL);
}

/*
 * A busy server acknowledges apart from its replies, so that most of them are
 * shorter: what has come, in outer bytes, tells the limit all the same.
 */
static void
test_without_acks(void **state)
{
	(void)state;
	for (unsigned limit = 1408; limit < TOP - 4; limit++)
		for (unsigned every = 1; every <= 4; every++) {
			unsigned dice = 1, largest = 0;

			swept(1400);
			v6d_returns_begin(&echoes, &sweep, MTU);
			while (v6d_echoes_next(&echoes, &ask)) {
				memset(&answer, 0, sizeof(answer));
				answer.n_frames = ask.n_frames;
				for (unsigned i = 0; i < ask.n_frames; i++) {
					unsigned outer =
					    ask.frames[i].outer_len +
					    V6D_GRE_OVERHEAD;
					bool came;

					dice = dice * 1103515245u + 12345u;
					if ((dice >> 16) % every > 0)
						outer -= 4;
					came = outer <= limit;

					answer.frames[i].answered = came;
					if (came && outer > largest)
						largest = outer;
				}
				answer.in_largest = (uint16_t)largest;
				v6d_echoes_feed(&echoes, &answer);
			}
			assert_int_equal(v6d_returns_in(&echoes, &sweep).known,
			    V6D_SWEEP_LIMIT);
			assert_int_equal(
			    v6d_returns_in(&echoes, &sweep).size, limit);
		}
}

/* Silence adds nothing to what the sweep knows. */
static void
test_silence(void **state)
{
	struct v6d_sweep_result in;

	(void)state;
	swept(1400);
	v6d_returns_begin(&echoes, &sweep, MTU);
	ask_all(0);
	in = v6d_returns_in(&echoes, &sweep);
	assert_int_equal(in.known, V6D_SWEEP_AT_LEAST);
	assert_int_equal(in.size, v6d_sweep_in(&sweep).size);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wanted),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_without_acks),
		cmocka_unit_test(test_silence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
