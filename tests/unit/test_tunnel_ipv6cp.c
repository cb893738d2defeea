/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_tunnel_ipv6cp.c - interface identifiers (RFC 5072 4.1). */
#include "sim/pair.h"

/* The server never starts IPV6CP: its lines are the test's. */
static void
negotiating(struct pair *p, uint8_t our_last_byte)
{
	struct v6d_session_conf c = pair_conf(V6D_ROLE_CLIENT, 7);
	struct v6d_session_conf v = pair_conf(V6D_ROLE_SERVER, 1);

	c.ifid[7] = our_last_byte;
	pair_init(p, &c, &v);
	pair_dial(p);
	while (v6d_session_state(p->end[CLIENT]) != V6D_SESSION_NETWORK)
		assert_true(pair_step(p, V6D_S(9)));
	for (unsigned i = 0; i < p->n_flight; i++)
		free(p->flight[i].bytes);
	p->n_flight = 0; /* nobody hears what is under way */
}

/* The four cases of theirs against ours, and what is no identifier. */
static void
test_their_identifier(void **state)
{
	static const struct {
		uint8_t ours, theirs;
		enum v6d_cp_code answer;
	} rows[] = {
		{ 1, 2, V6D_CP_CONF_ACK },
		{ 0, 2, V6D_CP_CONF_ACK },
		{ 1, 0, V6D_CP_CONF_NAK },
		{ 1, 1, V6D_CP_CONF_NAK },
		{ 0, 0, V6D_CP_CONF_REJ },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(rows); i++) {
		uint8_t ask[14] = { V6D_CP_CONF_REQ, 9, 0, 14, 1, 10 };
		static const uint8_t zero[8];
		struct v6d_wire w;
		uint16_t proto;
		struct pair p;

		ask[13] = rows[i].theirs;
		negotiating(&p, rows[i].ours);
		pair_inject(&p, CLIENT, V6D_PPP_IPV6CP, ask, sizeof(ask));
		w = pair_answer(&p, CLIENT, &proto);
		assert_int_equal(proto, V6D_PPP_IPV6CP);
		assert_int_equal(w.p[0], rows[i].answer);
		assert_int_equal(w.p[1], 9);
		assert_int_equal(v6d_wire_left(&w), 14);
		if (rows[i].answer == V6D_CP_CONF_NAK) {
			assert_memory_not_equal(w.p + 6, ask + 6, 8);
			assert_memory_not_equal(w.p + 6, zero, 8);
			assert_int_equal(w.p[6] & 2, 0); /* not universal */
		} else {
			assert_memory_equal(w.p + 4, ask + 4, 10);
		}
		pair_done(&p);
	}
}

static void
test_missing_and_strange_options(void **state)
{
	static const uint8_t none[] = { V6D_CP_CONF_REQ, 1, 0, 4 };
	static const uint8_t more[] = { V6D_CP_CONF_REQ, 2, 0, 18, 1, 10, 0, 0,
		0, 0, 0, 0, 0, 2, 2, 4, 0, 0x61 };
	static const uint8_t less[] = { V6D_CP_CONF_REJ, 2, 0, 8, 2, 4, 0,
		0x61 };
	static const uint8_t odd[] = { V6D_CP_CONF_REQ, 3, 0, 8, 1, 4, 0, 2 };
	static const uint8_t odd_rej[] = { V6D_CP_CONF_REJ, 3, 0, 8, 1, 4, 0,
		2 };
	struct v6d_wire w;
	uint16_t proto;
	struct pair p;

	(void)state;
	negotiating(&p, 1);
	pair_inject(&p, CLIENT, V6D_PPP_IPV6CP, none, sizeof(none));
	w = pair_answer(&p, CLIENT, &proto);
	assert_int_equal(w.p[0], V6D_CP_CONF_NAK);
	assert_int_equal(v6d_wire_left(&w), 14);
	pair_expect(&p, CLIENT, V6D_PPP_IPV6CP, more, sizeof(more),
	    V6D_PPP_IPV6CP, less, sizeof(less));
	pair_expect(&p, CLIENT, V6D_PPP_IPV6CP, odd, sizeof(odd),
	    V6D_PPP_IPV6CP, odd_rej, sizeof(odd_rej));
	pair_done(&p);
}

/* A suggestion is taken; a useless one is replaced by one of our own. */
static void
test_nak_of_ours(void **state)
{
	uint8_t nak[14] = { V6D_CP_CONF_NAK, 0, 0, 14, 1, 10, 0, 0, 0, 0, 0, 0,
		0xab, 0xcd };
	static const uint8_t zero[8];
	struct v6d_session *s;
	struct pair p;

	(void)state;
	negotiating(&p, 1);
	s = p.end[CLIENT];
	nak[1] = s->ipv6cp.fsm.id;
	pair_inject(&p, CLIENT, V6D_PPP_IPV6CP, nak, sizeof(nak));
	assert_memory_equal(v6d_session_ifid(s), nak + 6, 8);
	assert_memory_equal(s->ipv6cp.fsm.asked + 2, nak + 6, 8);
	nak[1] = s->ipv6cp.fsm.id;
	memset(nak + 6, 0, 8);
	pair_inject(&p, CLIENT, V6D_PPP_IPV6CP, nak, sizeof(nak));
	assert_memory_not_equal(v6d_session_ifid(s), zero, 8);
	pair_done(&p);
}

/* A peer that never likes what we take: an end, with its reason. */
static void
test_nak_without_end(void **state)
{
	uint8_t nak[14] = { V6D_CP_CONF_NAK, 0, 0, 14, 1, 10 };
	struct v6d_session *s;
	struct pair p;

	(void)state;
	negotiating(&p, 1);
	s = p.end[CLIENT];
	for (uint8_t i = 0; i < 30 && p.dead[CLIENT] == 0; i++) {
		nak[1] = s->ipv6cp.fsm.id;
		nak[13] = i;
		pair_inject(&p, CLIENT, V6D_PPP_IPV6CP, nak, sizeof(nak));
	}
	assert_int_equal(v6d_session_why(s), V6D_WHY_IPV6CP_FAILED);
	assert_int_equal(v6d_session_failed_in(s), V6D_SESSION_NETWORK);
	pair_done(&p);
}

static void
test_terminated(void **state)
{
	static const uint8_t leave[] = { V6D_CP_TERM_REQ, 7, 0, 4 };
	struct pair p;

	(void)state;
	negotiating(&p, 1);
	pair_inject(&p, CLIENT, V6D_PPP_IPV6CP, leave, sizeof(leave));
	assert_int_equal(v6d_session_why(p.end[CLIENT]), V6D_WHY_IPV6CP_FAILED);
	pair_done(&p);
}

/* A server that was busy when our request came hears it again soon. */
static void
test_early_request_is_repeated_soon(void **state)
{
	struct pair p;

	(void)state;
	negotiating(&p, 1);
	assert_true(p.end[CLIENT]->ipv6cp.fsm.timer <= p.now + V6D_S(3));
	v6d_ipv6cp_open(p.end[CLIENT]);
	assert_true(p.end[CLIENT]->ipv6cp.fsm.timer <= p.now + V6D_MS(750));
	pair_done(&p);
}

/* Told to take the identifier that the peer has itself: we do not. */
static void
test_nak_with_the_peers_own(void **state)
{
	uint8_t ask[14] = { V6D_CP_CONF_REQ, 9, 0, 14, 1, 10, 0, 0, 0, 0, 0, 0,
		0, 7 };
	uint8_t nak[14] = { V6D_CP_CONF_NAK, 0, 0, 14, 1, 10, 0, 0, 0, 0, 0, 0,
		0, 7 };
	struct v6d_session *s;
	struct pair p;

	(void)state;
	negotiating(&p, 1);
	s = p.end[CLIENT];
	pair_inject(&p, CLIENT, V6D_PPP_IPV6CP, ask, sizeof(ask));
	nak[1] = s->ipv6cp.fsm.id;
	pair_inject(&p, CLIENT, V6D_PPP_IPV6CP, nak, sizeof(nak));
	assert_memory_not_equal(v6d_session_ifid(s), nak + 6, 8);
	pair_done(&p);
}

/* Rejected: we keep what we have, and say no more about it. */
static void
test_reject_of_ours(void **state)
{
	uint8_t rej[14] = { V6D_CP_CONF_REJ, 0, 0, 14, 1, 10, 0, 0, 0, 0, 0, 0,
		0, 1 };
	struct v6d_session *s;
	struct pair p;

	(void)state;
	negotiating(&p, 1);
	s = p.end[CLIENT];
	rej[1] = s->ipv6cp.fsm.id;
	pair_inject(&p, CLIENT, V6D_PPP_IPV6CP, rej, sizeof(rej));
	assert_int_equal(s->ipv6cp.fsm.asked_len, 0);
	assert_int_equal(v6d_session_ifid(s)[7], 1);
	pair_done(&p);
}

/* Without one of our own we do not ask the peer for one. */
static void
test_none_at_either_end(void **state)
{
	static const uint8_t none[] = { V6D_CP_CONF_REQ, 1, 0, 4 };
	static const uint8_t ack[] = { V6D_CP_CONF_ACK, 1, 0, 4 };
	struct pair p;

	(void)state;
	negotiating(&p, 0);
	pair_expect(&p, CLIENT, V6D_PPP_IPV6CP, none, sizeof(none),
	    V6D_PPP_IPV6CP, ack, sizeof(ack));
	pair_done(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_their_identifier),
		cmocka_unit_test(test_missing_and_strange_options),
		cmocka_unit_test(test_nak_of_ours),
		cmocka_unit_test(test_nak_without_end),
		cmocka_unit_test(test_terminated),
		cmocka_unit_test(test_early_request_is_repeated_soon),
		cmocka_unit_test(test_nak_with_the_peers_own),
		cmocka_unit_test(test_reject_of_ours),
		cmocka_unit_test(test_none_at_either_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
