/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_innertcp.c - transfers inside the tunnel: going on, or stalling. */
#include "flow_help.h"

#define ACK V6D_TCP_ACK

static void
open_connection(struct tape *t)
{
	tape_inner_tcp(t, OUT, V6D_TCP_SYN, 100, 0, 0);
	tape_inner_tcp(t, IN, V6D_TCP_SYN | ACK, 900, 101, 0);
	tape_inner_tcp(t, OUT, ACK, 101, 901, 0);
}

static const struct v6d_view_flow *
play(struct tape *t)
{
	const struct v6d_view *v = tape_play(t);

	assert_int_equal(v->inner.n_flows, 1);
	return v->inner.flows[0];
}

static void
test_healthy(void **state)
{
	struct tape t;
	const struct v6d_view_flow *f;

	(void)state;
	tape_init(&t);
	tape_up(&t);
	open_connection(&t);
	tape_inner_tcp(&t, OUT, ACK, 101, 901, 80);
	for (uint32_t i = 0; i < 10; i++) {
		tape_inner_tcp(&t, IN, ACK, 901 + i * 1384, 181, 1384);
		tape_inner_tcp(&t, OUT, ACK, 181, 901 + (i + 1) * 1384, 0);
	}
	f = play(&t);
	assert_true(f->up);
	assert_int_equal(f->dir, OUT);
	assert_int_equal(f->port[1], 80);
	assert_int_equal(f->d[0].mss, 1384);
	assert_int_equal(f->d[1].data, 13840);
	assert_int_equal(f->d[1].n_again + v6d_view_hole(&f->d[1]) +
			     v6d_view_waiting(&f->d[1]),
	    0);
	assert_int_equal(f->d[1].largest, 1444);
	assert_int_equal(f->d[1].largest_acked, 1444);
	assert_int_equal(v6d_view_lost(f, 0, NULL), 0);
	tape_done(&t);
}

/* The server's full segments never come; its next small one tells. */
static void
test_hole(void **state)
{
	struct tape t;
	const struct v6d_view_flow *f;

	(void)state;
	tape_init(&t);
	tape_up(&t);
	open_connection(&t);
	tape_inner_tcp(&t, OUT, ACK, 101, 901, 80);
	tape_inner_tcp(&t, IN, ACK, 901, 181, 200);
	tape_inner_tcp(&t, OUT, ACK, 181, 1101, 0);
	tape_inner_tcp(&t, IN, ACK, 1101 + 5000, 181, 0);
	f = play(&t);
	assert_int_equal(v6d_view_hole(&f->d[1]), 5000);
	assert_int_equal(f->d[1].data, 200);
	tape_done(&t);
}

/* A hole that is filled by sending again is none. */
static void
test_filled(void **state)
{
	struct tape t;
	const struct v6d_view_flow *f;

	(void)state;
	tape_init(&t);
	tape_up(&t);
	open_connection(&t);
	tape_inner_tcp(&t, IN, ACK, 901 + 1000, 101, 1000);
	tape_inner_tcp(&t, OUT, ACK, 101, 901, 0);
	tape_inner_tcp(&t, IN, ACK, 901, 101, 1000);
	tape_inner_tcp(&t, OUT, ACK, 101, 901 + 2000, 0);
	f = play(&t);
	assert_int_equal(v6d_view_hole(&f->d[1]), 0);
	assert_int_equal(f->d[1].n_again, 1);
	tape_done(&t);
}

static void
test_lost_segment(void **state)
{
	struct tape t;
	const struct v6d_view_flow *f;
	uint16_t outer;

	(void)state;
	tape_init(&t);
	tape_up(&t);
	open_connection(&t);
	tape_inner_tcp(&t, OUT, ACK, 101, 901, 300);
	tape_inner_tcp(&t, IN, ACK, 901, 401, 0);
	for (int i = 0; i < 3; i++)
		tape_inner_tcp(&t, OUT, ACK, 401, 901, 1384);
	f = play(&t);
	assert_int_equal(v6d_view_lost(f, 0, &outer), 1444);
	assert_int_equal(outer, 1444 + 40);
	assert_int_equal(f->d[0].largest_acked, 360);
	assert_int_equal(v6d_view_waiting(&f->d[0]), 1384);
	tape_done(&t);
}

static void
test_refused_and_many(void **state)
{
	struct tape t;
	const struct v6d_view *v;

	(void)state;
	tape_init(&t);
	tape_up(&t);
	for (uint32_t i = 0; i < V6D_VIEW_TCPS + 5; i++)
		tape_inner_tcp(&t, OUT, V6D_TCP_SYN, 1000 * i, 0, 0);
	tape_inner_tcp(
	    &t, IN, V6D_TCP_RST | ACK, 0, 1000 * (V6D_VIEW_TCPS - 1) + 1, 0);
	v = tape_play(&t);
	assert_int_equal(v->inner.n_flows, V6D_VIEW_TCPS);
	assert_int_equal(v->inner.n_flows_dropped, 5);
	assert_true(v->inner.flows[V6D_VIEW_TCPS - 1]->d[1].rst);
	assert_false(v->inner.flows[V6D_VIEW_TCPS - 1]->up);
	tape_done(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_healthy),
		cmocka_unit_test(test_hole),
		cmocka_unit_test(test_filled),
		cmocka_unit_test(test_lost_segment),
		cmocka_unit_test(test_refused_and_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
