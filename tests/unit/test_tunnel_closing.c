/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_tunnel_closing.c - how sessions end, and what is said before. */
#include "sim/pair.h"

/* Types of the control messages that this end sends. */
static uint16_t said[2][16];
static unsigned n_said[2];

static enum fate
listen(struct pair *p, int from, bool gre, unsigned nth, const uint8_t *bytes,
    size_t len)
{
	struct v6d_wire w = v6d_wire_from(bytes, len, len);
	struct v6d_pptp m;

	(void)p, (void)nth;
	if (!gre && len > 0 && n_said[from] < 16 &&
	    v6d_pptp_decode(&w, &m) == V6D_WIRE_OK)
		said[from][n_said[from]++] = m.type;
	return DELIVER;
}

static void
connect_pair(struct pair *p)
{
	struct v6d_session_conf c = pair_conf(V6D_ROLE_CLIENT, 7);
	struct v6d_session_conf v = pair_conf(V6D_ROLE_SERVER, 1);

	pair_connect(p, &c, &v);
	n_said[CLIENT] = n_said[SERVER] = 0;
	p->fate = listen;
}

static void
test_client_stops_in_order(void **state)
{
	struct pair p;

	(void)state;
	connect_pair(&p);
	pair_feed(&p, CLIENT, V6D_EV_STOP, NULL, 0, 0);
	assert_int_equal(v6d_session_state(p.end[CLIENT]), V6D_SESSION_CLOSING);
	pair_feed(&p, CLIENT, V6D_EV_STOP, NULL, 0, 0); /* once is enough */
	pair_run(&p, V6D_MS(50));
	assert_int_equal(n_said[CLIENT], 2);
	assert_int_equal(said[CLIENT][0], V6D_PPTP_CCR);
	assert_int_equal(said[CLIENT][1], V6D_PPTP_STOPCCRQ);
	assert_int_equal(n_said[SERVER], 2);
	assert_int_equal(said[SERVER][0], V6D_PPTP_CDN);
	assert_int_equal(said[SERVER][1], V6D_PPTP_STOPCCRP);
	assert_int_equal(p.dead[CLIENT] + p.dead[SERVER], 2);
	pair_done(&p);
}

static void
test_server_stops_in_order(void **state)
{
	struct pair p;

	(void)state;
	connect_pair(&p);
	pair_feed(&p, SERVER, V6D_EV_STOP, NULL, 0, 0);
	pair_run(&p, V6D_MS(50));
	assert_int_equal(v6d_session_why(p.end[SERVER]), V6D_WHY_STOPPED);
	assert_int_equal(v6d_session_why(p.end[CLIENT]), V6D_WHY_TERMINATED);
	pair_done(&p);
}

/* A failure is told to the peer, and not waited upon. */
static void
test_failure_says_goodbye(void **state)
{
	struct pair p;

	(void)state;
	connect_pair(&p);
	v6d_closing_fail(p.end[CLIENT], V6D_WHY_LCP_FAILED, 1, 2);
	v6d_closing_fail(p.end[CLIENT], V6D_WHY_TIMEOUT, 3, 4);
	pair_drain(&p, CLIENT);
	assert_int_equal(p.dead[CLIENT], 1);
	assert_int_equal(n_said[CLIENT], 2);
	assert_int_equal(said[CLIENT][0], V6D_PPTP_CCR);
	assert_int_equal(said[CLIENT][1], V6D_PPTP_STOPCCRQ);
	assert_int_equal(v6d_session_why(p.end[CLIENT]), V6D_WHY_LCP_FAILED);
	assert_int_equal(v6d_session_failed_in(p.end[CLIENT]), V6D_SESSION_UP);
	assert_int_equal(v6d_session_code(p.end[CLIENT]), 1);
	assert_int_equal(v6d_session_code2(p.end[CLIENT]), 2);
	pair_done(&p);
}

/* The first reason stands, whatever happens while closing. */
static void
test_first_reason_stands(void **state)
{
	static const enum v6d_session_ev events[] = { V6D_EV_TCP_CLOSED,
		V6D_EV_TCP_RESET };

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(events); i++) {
		struct pair p;

		connect_pair(&p);
		pair_feed(&p, CLIENT, V6D_EV_STOP, NULL, 0, 0);
		pair_feed(&p, CLIENT, events[i], NULL, 0, 0);
		assert_int_equal(p.dead[CLIENT], 1);
		assert_int_equal(
		    v6d_session_why(p.end[CLIENT]), V6D_WHY_STOPPED);
		assert_int_equal(
		    v6d_session_failed_in(p.end[CLIENT]), V6D_SESSION_UP);
		pair_done(&p);
	}
}

/* The server waits for its client's farewell, but not longer than 1 s. */
static void
test_linger(void **state)
{
	struct pair p;

	(void)state;
	connect_pair(&p);
	pair_feed(&p, SERVER, V6D_EV_TICK, NULL, 0, 0);
	v6d_closing_linger(p.end[SERVER], V6D_WHY_TERMINATED, 0, 0);
	pair_run(&p, V6D_MS(990));
	assert_int_equal(p.dead[SERVER], 0);
	pair_run(&p, V6D_MS(20));
	assert_int_equal(p.dead[SERVER], 1);
	assert_int_equal(v6d_session_why(p.end[SERVER]), V6D_WHY_TERMINATED);
	pair_done(&p);
}

static enum fate
deaf(struct pair *p, int from, bool gre, unsigned nth, const uint8_t *bytes,
    size_t len)
{
	(void)gre, (void)nth, (void)bytes, (void)len;
	return from == p->victim ? DROP : DELIVER;
}

/* Nothing answers a server's Call-Disconnect-Notify: two waits, not three. */
static void
test_waits(void **state)
{
	static const v6d_ns waits[] = { V6D_MS(900), V6D_MS(600) };

	(void)state;
	for (int who = CLIENT; who <= SERVER; who++) {
		struct pair p;

		connect_pair(&p);
		p.fate = deaf;
		p.victim = !who;
		pair_feed(&p, who, V6D_EV_STOP, NULL, 0, 0);
		pair_run(&p, waits[who] - V6D_MS(1));
		assert_int_equal(p.dead[who], 0);
		pair_run(&p, V6D_MS(2));
		assert_int_equal(p.dead[who], 1);
		pair_done(&p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_client_stops_in_order),
		cmocka_unit_test(test_server_stops_in_order),
		cmocka_unit_test(test_failure_says_goodbye),
		cmocka_unit_test(test_first_reason_stands),
		cmocka_unit_test(test_linger),
		cmocka_unit_test(test_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
