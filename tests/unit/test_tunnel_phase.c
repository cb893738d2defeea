/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_tunnel_phase.c - which frame is heard in which phase. */
#include "sim/pair.h"

static void
connect_pair(struct pair *p)
{
	struct v6d_session_conf c = pair_conf(V6D_ROLE_CLIENT, 7);
	struct v6d_session_conf v = pair_conf(V6D_ROLE_SERVER, V6D_AUTH_PAP);

	pair_connect(p, &c, &v);
}

static void
test_packets_both_ways(void **state)
{
	uint8_t packet[1500] = { 0x60 };
	struct pair p;

	(void)state;
	connect_pair(&p);
	for (size_t n = 40; n <= 1500; n += 73) {
		packet[n - 1] = (uint8_t)n;
		for (int to = CLIENT; to <= SERVER; to++) {
			pair_feed(&p, !to, V6D_EV_TUN, packet, n, 0);
			pair_run(&p, V6D_MS(2));
			assert_int_equal(p.tun_len[to], n);
			assert_memory_equal(p.tun_data[to], packet, n);
		}
	}
	pair_done(&p);
}

/* Not IPv6, too short, or longer than the peer takes: not carried. */
static void
test_packets_that_do_not_go(void **state)
{
	static const uint8_t v4[40] = { 0x45 }, v6[1501] = { 0x60 };
	struct v6d_session_conf c = pair_conf(V6D_ROLE_CLIENT, 7);
	struct v6d_session_conf v = pair_conf(V6D_ROLE_SERVER, 1);
	struct pair p;

	(void)state;
	v.mru = 1400;
	pair_connect(&p, &c, &v);
	assert_int_equal(v6d_session_peer_mru(p.end[CLIENT]), 1400);
	p.gre_len[CLIENT] = 0;
	pair_feed(&p, CLIENT, V6D_EV_TUN, v4, sizeof(v4), 0);
	pair_feed(&p, CLIENT, V6D_EV_TUN, v6, 39, 0);
	pair_feed(&p, CLIENT, V6D_EV_TUN, v6, 0, 0);
	pair_feed(&p, CLIENT, V6D_EV_TUN, v6, 1401, 0);
	assert_int_equal(p.gre_len[CLIENT], 0);
	pair_feed(&p, CLIENT, V6D_EV_TUN, v6, 1400, 0);
	assert_int_equal(p.gre_len[CLIENT], 12 + 4 + 1400);
	pair_inject(&p, CLIENT, V6D_PPP_IPV6, v4, sizeof(v4));
	pair_inject(&p, CLIENT, V6D_PPP_IPV6, v6, 39);
	pair_inject(&p, CLIENT, V6D_PPP_IPV6, v6, 1501);
	assert_int_equal(p.tun[CLIENT], 0);
	pair_done(&p);
}

/* IPv6 before IPV6CP is open goes nowhere, in either direction. */
static void
test_packets_before_up(void **state)
{
	static const enum v6d_session_state early[] = { V6D_SESSION_LCP,
		V6D_SESSION_AUTH, V6D_SESSION_NETWORK };
	static const uint8_t v6[40] = { 0x60 };

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(early); i++) {
		struct v6d_session_conf c = pair_conf(V6D_ROLE_CLIENT, 7);
		struct v6d_session_conf v =
		    pair_conf(V6D_ROLE_SERVER, V6D_AUTH_PAP);
		struct pair p;

		pair_init(&p, &c, &v);
		pair_dial(&p);
		while (v6d_session_state(p.end[CLIENT]) != early[i])
			assert_true(pair_step(&p, V6D_S(9)));
		p.gre_len[CLIENT] = 0;
		pair_inject(&p, CLIENT, V6D_PPP_IPV6, v6, 40);
		pair_feed(&p, CLIENT, V6D_EV_TUN, v6, 40, 0);
		assert_int_equal(p.gre_len[CLIENT], 0);
		assert_int_equal(p.tun[CLIENT], 0);
		pair_done(&p);
	}
}

/* A fresh Configure-Request of LCP takes everything above it down. */
static void
test_renegotiation(void **state)
{
	static const uint8_t again[] = { V6D_CP_CONF_REQ, 200, 0, 4 };
	struct pair p;

	(void)state;
	connect_pair(&p);
	pair_inject(&p, SERVER, V6D_PPP_LCP, again, sizeof(again));
	assert_int_equal(v6d_session_state(p.end[SERVER]), V6D_SESSION_LCP);
	assert_true(v6d_session_deadline(p.end[SERVER]) != V6D_NEVER);
	pair_run(&p, V6D_S(8));
	assert_true(pair_is_up(&p));
	assert_int_equal(p.up[SERVER], 2);
	pair_done(&p);
}

/* One of IPV6CP alone leaves the link and its authentication as they are. */
static void
test_ipv6cp_again(void **state)
{
	static const uint8_t again[] = { V6D_CP_CONF_REQ, 200, 0, 14, 1, 10, 0,
		0, 0, 0, 0, 0, 0, 0x11 };
	struct pair p;

	(void)state;
	connect_pair(&p);
	pair_inject(&p, SERVER, V6D_PPP_IPV6CP, again, sizeof(again));
	assert_int_equal(v6d_session_state(p.end[SERVER]), V6D_SESSION_NETWORK);
	pair_run(&p, V6D_S(8));
	assert_true(pair_is_up(&p));
	pair_done(&p);
}

/* Renegotiated in the middle of authentication: nothing is said twice. */
static void
test_renegotiation_while_authenticating(void **state)
{
	static const uint8_t again[] = { V6D_CP_CONF_REQ, 200, 0, 8, 3, 4, 0xc0,
		0x23 };
	struct v6d_session_conf c = pair_conf(V6D_ROLE_CLIENT, 7);
	struct v6d_session_conf v = pair_conf(V6D_ROLE_SERVER, V6D_AUTH_PAP);
	struct pair p;

	(void)state;
	pair_init(&p, &c, &v);
	pair_dial(&p);
	while (v6d_session_state(p.end[CLIENT]) != V6D_SESSION_AUTH)
		assert_true(pair_step(&p, V6D_S(9)));
	assert_true(p.end[CLIENT]->auth.timer != V6D_NEVER);
	pair_inject(&p, CLIENT, V6D_PPP_LCP, again, sizeof(again));
	assert_int_equal(v6d_session_state(p.end[CLIENT]), V6D_SESSION_LCP);
	assert_true(p.end[CLIENT]->auth.timer == V6D_NEVER);
	assert_true(p.end[CLIENT]->ipv6cp.fsm.timer == V6D_NEVER);
	pair_done(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_packets_both_ways),
		cmocka_unit_test(test_packets_that_do_not_go),
		cmocka_unit_test(test_packets_before_up),
		cmocka_unit_test(test_renegotiation),
		cmocka_unit_test(test_ipv6cp_again),
		cmocka_unit_test(test_renegotiation_while_authenticating),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
