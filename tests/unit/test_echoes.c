/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_echoes.c - single rounds of the path MTU search; whole searches over a
 * model path are in tests/sim/sim_pmtu.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "probe/echoes.h"

static struct v6d_echoes echoes;
static struct v6d_ask ask;
static struct v6d_answer answer;

/* Everything up to `limit` comes back. */
static void
answer_up_to(unsigned limit)
{
	memset(&answer, 0, sizeof(answer));
	answer.kind = V6D_ASK_PING;
	answer.n_frames = ask.n_frames;
	for (unsigned i = 0; i < ask.n_frames; i++) {
		answer.frames[i].answered = ask.frames[i].outer_len <= limit;
		answer.frames[i].rtt = V6D_MS(1);
	}
	v6d_echoes_feed(&echoes, &answer);
}

static void
test_all_pass(void **state)
{
	unsigned closing = 0;
	bool top = false;

	(void)state;
	v6d_echoes_init(&echoes, 1280, 1444, false);
	assert_true(v6d_echoes_next(&echoes, &ask));
	assert_int_equal(ask.kind, V6D_ASK_PING);
	assert_true(ask.df);
	for (unsigned i = 0; i < ask.n_frames; i++) {
		assert_true(ask.frames[i].outer_len <= 1444);
		closing += ask.frames[i].closes;
		top |= ask.frames[i].outer_len == 1444;
	}
	assert_int_equal(closing, 3);
	assert_true(top);
	answer_up_to(1500);
	assert_false(v6d_echoes_next(&echoes, &ask));
	assert_true(v6d_echoes_all(&echoes));
	assert_int_equal(v6d_echoes_limit(&echoes), 1444);
	assert_true(echoes.packets <= 20);
}

/* Three rounds; the size above the limit is lost four times before it is
 * believed. */
static void
test_limit(void **state)
{
	(void)state;
	for (unsigned limit = 1280; limit < 1444; limit++) {
		v6d_echoes_init(&echoes, 1280, 1444, true);
		while (v6d_echoes_next(&echoes, &ask)) {
			assert_false(ask.df);
			answer_up_to(limit);
		}
		assert_int_equal(v6d_echoes_limit(&echoes), limit);
		assert_true(echoes.limit.lost[limit + 1] >= 4);
		assert_true(echoes.rounds <= 3);
		assert_true(v6d_echoes_measured(&echoes));
		assert_false(v6d_echoes_all(&echoes));
	}
}

/*
 * A reply without GRE's acknowledgment is four bytes shorter on the line, so
 * that sizes above the limit can come once: they do not move it.
 */
static void
test_vary(void **state)
{
	bool came[1500];

	(void)state;
	for (unsigned limit = 1290; limit < 1436; limit++) {
		memset(came, 0, sizeof(came));
		v6d_echoes_init(&echoes, 1280, 1444, true);
		echoes.vary = 4;
		while (v6d_echoes_next(&echoes, &ask)) {
			memset(&answer, 0, sizeof(answer));
			answer.n_frames = ask.n_frames;
			for (unsigned i = 0; i < ask.n_frames; i++) {
				unsigned size = ask.frames[i].outer_len;
				bool bare = size > limit && !came[size];

				answer.frames[i].answered =
				    size <= limit + (bare ? 4 : 0);
				came[size] |= bare;
			}
			v6d_echoes_feed(&echoes, &answer);
		}
		assert_int_equal(v6d_echoes_limit(&echoes), limit);
		assert_true(echoes.rounds <= 5);
	}
}

/* What is known beforehand is not contradicted by losses. */
static void
test_known(void **state)
{
	(void)state;
	v6d_echoes_init(&echoes, 1280, 1444, true);
	v6d_echoes_known(&echoes, 1500);
	while (v6d_echoes_next(&echoes, &ask))
		answer_up_to(1300);
	assert_true(v6d_echoes_all(&echoes));
	v6d_echoes_init(&echoes, 1280, 1444, true);
	v6d_echoes_known(&echoes, 0);
	while (v6d_echoes_next(&echoes, &ask))
		answer_up_to(1300);
	assert_int_equal(v6d_echoes_limit(&echoes), 1300);
}

/* Nothing is concluded of silence: the target may answer no echoes. */
static void
test_silence(void **state)
{
	(void)state;
	v6d_echoes_init(&echoes, 1280, 1444, false);
	while (v6d_echoes_next(&echoes, &ask))
		answer_up_to(0);
	assert_int_equal(echoes.rounds, 3);
	assert_false(v6d_echoes_measured(&echoes));
	assert_int_equal(echoes.limit.lost[1444], 0);
}

static void
test_ptb(void **state)
{
	(void)state;
	v6d_echoes_init(&echoes, 1280, 1444, false);
	assert_true(v6d_echoes_next(&echoes, &ask));
	memset(&answer, 0, sizeof(answer));
	answer.n_frames = ask.n_frames;
	for (unsigned i = 0; i < ask.n_frames; i++) {
		struct v6d_answer_frame *f = &answer.frames[i];

		f->answered = ask.frames[i].outer_len <= 1400;
		f->error = f->answered ? 0 : 2 << 8;
		f->error_mtu = 1400;
	}
	v6d_echoes_feed(&echoes, &answer);
	assert_true(echoes.n_ptb > 0);
	assert_int_equal(echoes.ptb.error_mtu, 1400);
	assert_true(echoes.ptb_size > 1400);
}

static void
test_refused(void **state)
{
	(void)state;
	v6d_echoes_init(&echoes, 1280, 1444, false);
	assert_true(v6d_echoes_next(&echoes, &ask));
	answer.how = V6D_ANSWER_REFUSED;
	v6d_echoes_feed(&echoes, &answer);
	assert_false(v6d_echoes_next(&echoes, &ask));
	assert_false(v6d_echoes_measured(&echoes));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_pass),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_vary),
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_ptb),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
