/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_tunnel_ccp.c - what is agreed about encryption, and its frames. */
#include "sim/pair.h"

#include "proto/ccp.h"

static const uint8_t deflate[] = { 1, 9, 0, 8, 26, 4, 0x78, 0 };
static const uint8_t both[] = { 1, 9, 0, 14, 18, 6, 1, 0, 0, 0x40, 26, 4, 0x78,
	0 };
static const uint8_t weak[] = { 1, 9, 0, 10, 18, 6, 1, 0, 0, 0x60 };

static void
connect_pair(
    struct pair *p, enum v6d_mppe_wish client, enum v6d_mppe_wish server)
{
	struct v6d_session_conf c =
	    pair_conf(V6D_ROLE_CLIENT, V6D_AUTH_MSCHAPV2);
	struct v6d_session_conf v =
	    pair_conf(V6D_ROLE_SERVER, V6D_AUTH_MSCHAPV2);

	c.mppe = client;
	v.mppe = server;
	pair_connect(p, &c, &v);
}

/* Compression alone is no protocol of ours, and the link goes on. */
static void
test_compression_is_refused(void **state)
{
	static const uint8_t answer[] = { V6D_LCP_PROTO_REJ, 1, 0, 14, 0x80,
		0xfd, 1, 9, 0, 8, 26, 4, 0x78, 0 };
	struct pair p;

	(void)state;
	for (int wish = V6D_MPPE_ALLOW; wish <= V6D_MPPE_REFUSE; wish += 2) {
		connect_pair(&p, (enum v6d_mppe_wish)wish, V6D_MPPE_ALLOW);
		pair_expect(&p, CLIENT, V6D_PPP_CCP, deflate, sizeof(deflate),
		    V6D_PPP_LCP, answer, sizeof(answer));
		assert_true(pair_is_up(&p));
		pair_done(&p);
	}
}

/* Besides encryption it is one option too many; other strengths get a Nak. */
static void
test_options_are_sorted(void **state)
{
	static const uint8_t rej[] = { 4, 9, 0, 8, 26, 4, 0x78, 0 };
	static const uint8_t nak[] = { 3, 9, 0, 10, 18, 6, 1, 0, 0, 0x40 };
	struct pair p;

	(void)state;
	connect_pair(&p, V6D_MPPE_ALLOW, V6D_MPPE_ALLOW);
	pair_expect(&p, CLIENT, V6D_PPP_CCP, both, sizeof(both), V6D_PPP_CCP,
	    rej, sizeof(rej));
	pair_expect(&p, CLIENT, V6D_PPP_CCP, weak, sizeof(weak), V6D_PPP_CCP,
	    nak, sizeof(nak));
	assert_true(pair_is_up(&p));
	pair_done(&p);
}

/* Asking again and again for less ends it where we insist. */
static void
test_insisting_is_bounded(void **state)
{
	uint8_t less[] = { 3, 0, 0, 10, 18, 6, 1, 0, 0, 0x20 };
	struct v6d_session *s;
	struct pair p;

	(void)state;
	connect_pair(&p, V6D_MPPE_REQUIRE, V6D_MPPE_ALLOW);
	s = p.end[CLIENT];
	pair_inject(&p, CLIENT, V6D_PPP_CCP, weak, sizeof(weak));
	for (unsigned i = 0; i < 10; i++) {
		less[1] = s->ccp.fsm.id;
		pair_inject(&p, CLIENT, V6D_PPP_CCP, less, sizeof(less));
	}
	assert_int_equal(v6d_session_why(s), V6D_WHY_MPPE);
	assert_int_equal(v6d_session_code(s), V6D_MPPE_REQUIRE);
	pair_done(&p);
}

static enum fate
lossy(struct pair *p, int from, bool gre, unsigned nth, const uint8_t *bytes,
    size_t len)
{
	(void)p, (void)from, (void)bytes, (void)len;
	return gre && nth % 3 == 1 ? DROP : DELIVER;
}

static void
send_packets(struct pair *p, int from, unsigned n)
{
	uint8_t packet[100] = { 0x60 };

	for (unsigned i = 0; i < n; i++) {
		unsigned had = p->tun[!from];

		packet[99] = (uint8_t)i;
		pair_feed(p, from, V6D_EV_TUN, packet, 100, 0);
		/* not in clear on the wire */
		assert_null(memmem(p->gre[from], p->gre_len[from], packet, 40));
		pair_run(p, V6D_MS(2));
		if (p->tun[!from] > had)
			assert_memory_equal(p->tun_data[!from], packet, 100);
	}
}

/* Lost packets cost themselves and no others; counts wrap. */
static void
test_frames_with_loss(void **state)
{
	struct pair p;

	(void)state;
	connect_pair(&p, V6D_MPPE_ALLOW, V6D_MPPE_REQUIRE);
	assert_int_equal(v6d_session_mtu(p.end[CLIENT]), 1496);
	send_packets(&p, CLIENT, 10);
	send_packets(&p, SERVER, 4200);
	assert_int_equal(p.tun[SERVER], 10);
	assert_int_equal(p.tun[CLIENT], 4200);
	p.fate = lossy;
	send_packets(&p, CLIENT, 30);
	assert_in_range(p.tun[SERVER], 25, 35);
	pair_done(&p);
}

/* What is required in secret is not taken in clear. */
static void
test_clear_text(void **state)
{
	uint8_t packet[40] = { 0x60 };
	struct pair p;

	(void)state;
	connect_pair(&p, V6D_MPPE_ALLOW, V6D_MPPE_REQUIRE);
	pair_inject(&p, SERVER, V6D_PPP_IPV6, packet, 40);
	assert_int_equal(p.tun[SERVER], 0);
	pair_inject(&p, CLIENT, V6D_PPP_IPV6, packet, 40);
	assert_int_equal(p.tun[CLIENT], 1);
	pair_inject(&p, SERVER, V6D_PPP_COMP, packet, 1); /* cut */
	pair_inject(&p, SERVER, V6D_PPP_COMP, packet, 40); /* not ciphered */
	assert_int_equal(p.tun[SERVER], 0);
	assert_true(pair_is_up(&p));
	pair_done(&p);
}

/* The same packet as if nobody had encrypted it, at either end. */
static void
test_plain_view(void **state)
{
	uint8_t packet[40] = { 0x60, 1, 2, 3 }, plain[V6D_SESSION_FRAME];
	struct pair p;
	size_t n;

	(void)state;
	connect_pair(&p, V6D_MPPE_ALLOW, V6D_MPPE_REQUIRE);
	pair_feed(&p, CLIENT, V6D_EV_TUN, packet, 40, 0);
	n = v6d_session_plain(
	    p.end[CLIENT], true, p.gre[CLIENT], p.gre_len[CLIENT], plain);
	assert_int_equal(n, p.gre_len[CLIENT] - V6D_MPPE_GROWTH);
	assert_memory_equal(plain + n - 40, packet, 40);
	assert_int_equal(v6d_session_plain(p.end[SERVER], false, p.gre[CLIENT],
			     p.gre_len[CLIENT], plain),
	    n);
	assert_memory_equal(plain + n - 40, packet, 40);
	pair_run(&p, V6D_MS(2)); /* the look has changed nothing */
	assert_int_equal(p.tun[SERVER], 1);
	assert_int_equal(v6d_session_plain(p.end[SERVER], false, p.gre[CLIENT],
			     p.gre_len[CLIENT], plain),
	    0);
	pair_done(&p);
}

/* Nothing to reset without state, and nothing to complain about. */
static void
test_reset_request(void **state)
{
	static const uint8_t reset[] = { V6D_CCP_RESET_REQ, 1, 0, 4 };
	struct pair p;

	(void)state;
	connect_pair(&p, V6D_MPPE_ALLOW, V6D_MPPE_REQUIRE);
	pair_expect(&p, CLIENT, V6D_PPP_CCP, reset, 4, 0, NULL, 0);
	send_packets(&p, CLIENT, 3);
	assert_int_equal(p.tun[SERVER], 3);
	pair_done(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_compression_is_refused),
		cmocka_unit_test(test_options_are_sorted),
		cmocka_unit_test(test_insisting_is_bounded),
		cmocka_unit_test(test_frames_with_loss),
		cmocka_unit_test(test_clear_text),
		cmocka_unit_test(test_plain_view),
		cmocka_unit_test(test_reset_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
