/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_payload.c - long echoes whose data are compared. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "probe/payload.h"

static void
test_course(void **state)
{
	static struct v6d_ask q;
	static struct v6d_answer a;
	struct v6d_payload p;
	unsigned n_long = 0;

	(void)state;
	v6d_payload_init(&p, 1444, V6D_MS(50));
	assert_true(v6d_payload_next(&p, &q));
	assert_int_equal(q.kind, V6D_ASK_BURST);
	assert_true(q.df);
	assert_true(q.gap > 0);
	assert_true(q.timeout > q.gap * q.n_frames + V6D_MS(200));
	assert_true(q.n_frames <= V6D_ASK_FRAMES);
	for (unsigned i = 0; i < q.n_frames; i++) {
		n_long += q.frames[i].outer_len == 1444;
		assert_int_equal(
		    q.frames[i].closes, q.frames[i].outer_len != 1444);
	}
	assert_true(n_long >= 30 && n_long < q.n_frames);
	a.n_frames = q.n_frames;
	for (unsigned i = 0; i < q.n_frames; i++) {
		a.frames[i].answered = i != 5;
		a.frames[i].changed = i == 5 || i == 7 || i == 9;
	}
	a.frames[q.n_frames - 1].changed = true; /* not a long one */
	v6d_payload_feed(&p, &a);
	assert_int_equal(p.answered, n_long - 1);
	assert_int_equal(p.changed, 2);
	assert_false(v6d_payload_next(&p, &q));
}

/* What is short was compared by the other bursts. */
static void
test_too_short(void **state)
{
	struct v6d_payload p;
	struct v6d_ask q;

	(void)state;
	v6d_payload_init(&p, 599, 0);
	assert_false(v6d_payload_next(&p, &q));
	v6d_payload_init(&p, 0, 0);
	assert_false(v6d_payload_next(&p, &q));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_course),
		cmocka_unit_test(test_too_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
