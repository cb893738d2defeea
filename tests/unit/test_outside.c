/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_outside.c - connections and echoes beside the tunnel. */
#include "flow_help.h"

#define SERVER 5 /* of tape_init() */

static void
test_counts(void **state)
{
	const struct v6d_view_outside *o;
	struct tape t;

	(void)state;
	tape_init(&t);
	tape_call(&t);
	tape_beside_up(&t, 1000, 80);
	tape_beside_up(&t, 1001, 80);
	tape_beside(&t, OUT, 1001, 80, V6D_TCP_FIN | V6D_TCP_ACK);
	tape_beside(&t, OUT, 1002, 81, V6D_TCP_SYN);
	tape_beside(&t, IN, 1002, 81, V6D_TCP_RST | V6D_TCP_ACK);
	tape_beside_lost(&t, 1003, 80);
	/* asked once: that may be under way */
	tape_beside(&t, OUT, 1004, 80, V6D_TCP_SYN);
	tape_beside(&t, IN, 1000, 80, V6D_TCP_ACK);
	o = v6d_view_outside(tape_play_part(&t, 0, SIZE_MAX, V6D_S(5)));
	assert_int_equal(o->n_up, 2);
	assert_int_equal(o->n_refused, 1);
	assert_int_equal(o->n_lost, 1);
	assert_int_equal(o->n_lost_hosts, 1);
	assert_int_equal(o->standing, 1);
	assert_true(o->old_lives);
	assert_false(o->server_answers || o->again_same || o->again_other);
	/* the same, and not waited for long enough */
	o = v6d_view_outside(tape_play(&t));
	assert_int_equal(o->n_lost, 0);
	/* cut to the bare header: ports and flags are there */
	o = v6d_view_outside(tape_play_part(&t, 0, 40, V6D_S(5)));
	assert_int_equal(o->n_lost, 1);
	assert_int_equal(o->n_up, 2);
	tape_done(&t);
}

static void
test_after(void **state)
{
	const struct v6d_view *v;
	struct tape t;

	(void)state;
	tape_init(&t);
	tape_call(&t);
	tape_beside_up(&t, 1000, SERVER);
	tape_beside_lost(&t, 1001, 80);
	tape_beside_lost(&t, 1002, 81);
	tape_ping4(&t, OUT, SERVER);
	tape_ping4(&t, OUT, SERVER);
	v = tape_play_part(&t, 0, SIZE_MAX, V6D_S(5));
	assert_true(v6d_view_outside(v)->server_answers);
	assert_int_equal(v6d_view_outside(v)->n_lost_hosts, 2);
	assert_int_equal(v6d_view_outside(v)->pings_after, 2);
	assert_int_equal(v6d_view_outside(v)->pongs_after, 0);
	assert_int_equal(v->n_ping, 2);
	tape_ping4(&t, IN, SERVER);
	tape_beside_up(&t, 1003, 82);
	v = tape_play_part(&t, 0, SIZE_MAX, V6D_S(5));
	assert_int_equal(v6d_view_outside(v)->pings_after, 0);
	assert_int_equal(v6d_view_outside(v)->pongs_after, 1);
	assert_int_equal(v->n_pong, 1);
	assert_true(v6d_view_outside(v)->again_other);
	assert_false(v6d_view_outside(v)->again_same);
	tape_beside_up(&t, 1004, 81);
	v = tape_play_part(&t, 0, SIZE_MAX, V6D_S(5));
	assert_true(v6d_view_outside(v)->again_other ||
		    v6d_view_outside(v)->again_same);
	tape_done(&t);
}

/* A used port opens a new connection once the old one is over. */
static void
test_again(void **state)
{
	const struct v6d_view_outside *o;
	struct tape t;

	(void)state;
	tape_init(&t);
	tape_call(&t);
	tape_beside_up(&t, 1000, 80);
	tape_beside(&t, IN, 1000, 80, V6D_TCP_RST);
	tape_beside_lost(&t, 1000, 80);
	o = v6d_view_outside(tape_play_part(&t, 0, SIZE_MAX, V6D_S(5)));
	assert_int_equal(o->n_up, 0);
	assert_int_equal(o->n_lost, 1);
	assert_int_equal(o->standing, 0);
	tape_done(&t);
}

static void
test_full(void **state)
{
	const struct v6d_view_outside *o;
	struct tape t;

	(void)state;
	tape_init(&t);
	tape_call(&t);
	for (uint16_t i = 0; i < 400; i++)
		tape_beside(&t, OUT, (uint16_t)(1000 + i), 80, V6D_TCP_SYN);
	o = v6d_view_outside(tape_play(&t));
	assert_true(o->n_dropped > 0);
	tape_done(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_after),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
