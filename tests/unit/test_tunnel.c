/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_tunnel.c - a tunnel whose ends were taken for one another. */
#include "flow_help.h"

#include "flow/track.h"

/* Everything that has a direction, seen from either end. */
static void
test_swap(void **state)
{
	struct tape t;
	struct v6d_tunnel *u;
	struct v6d_view *before = malloc(sizeof(*before));

	(void)state;
	tape_init(&t);
	tape_up(&t);
	tape_echo(&t, OUT, false, 1, 500);
	tape_inner_tcp(&t, OUT, V6D_TCP_SYN, 1, 0, 0);
	tape_play(&t);
	u = t.flow->list[0][0];
	*before = u->v;
	v6d_tunnel_swap(u);
	assert_true(v6d_addr_eq(&u->v.client, &before->server));
	assert_int_equal(u->v.gre[IN].frames, before->gre[OUT].frames);
	assert_int_equal(u->v.gre[IN].largest, before->gre[OUT].largest);
	assert_int_equal(u->v.control.call_id[IN], SERVER_ID);
	assert_int_equal(u->v.ttl[IN], 64);
	assert_int_equal(u->v.ppp.ifid[IN][7], 2);
	assert_int_equal(u->v.inner.frames[IN], before->inner.frames[OUT]);
	assert_true(u->v.ppp.demand[OUT].known);
	assert_int_equal(u->v.inner.echoes[0].dir, IN);
	assert_int_equal(u->v.inner.flows[0]->dir, IN);
	assert_int_equal(u->v.inner.largest[IN], 500);
	v6d_tunnel_swap(u);
	assert_memory_equal(&u->v, before, sizeof(*before));
	free(before);
	tape_done(&t);
}

static void
test_touch(void **state)
{
	struct v6d_tunnel *u = malloc(sizeof(*u));
	struct v6d_addr a = addr6("::1");
	struct v6d_pool none;

	(void)state;
	v6d_pool_init(&none, NULL, 0);
	v6d_tunnel_init(u, &none, &a, &a, 1, 100);
	v6d_tunnel_touch(u, 200);
	v6d_tunnel_touch(u, 50);
	assert_int_equal(u->v.first, 50);
	assert_int_equal(u->v.last, 200);
	assert_int_equal(u->v.tcp.syn, V6D_NEVER);
	assert_int_equal(u->v.ppp.opened[V6D_VIEW_LCP], V6D_NEVER);
	assert_int_equal(u->v.ra.first, V6D_NEVER);
	free(u);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_swap),
		cmocka_unit_test(test_touch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
