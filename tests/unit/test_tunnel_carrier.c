/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_tunnel_carrier.c - GRE numbers and acknowledgments (RFC 2637 4). */
#include "sim/pair.h"

static const uint8_t ping6[40] = { 0x60 };

static void
connect_pair(struct pair *p)
{
	struct v6d_session_conf c = pair_conf(V6D_ROLE_CLIENT, 1);
	struct v6d_session_conf v = pair_conf(V6D_ROLE_SERVER, 1);

	pair_connect(p, &c, &v);
}

/* One GRE packet straight to the client. */
static void
hand(struct pair *p, uint16_t call_id, bool has_seq, uint32_t seq, bool has_ack,
    uint32_t ack)
{
	struct v6d_gre g = { .version = 1,
		.proto = V6D_GRE_PROTO_PPP,
		.call_id = call_id,
		.payload_len = has_seq ? 44 : 0,
		.has_seq = has_seq,
		.seq = seq,
		.has_ack = has_ack,
		.ack = ack };
	uint8_t buf[128];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	v6d_gre_encode(&o, &g);
	if (has_seq) {
		v6d_ppp_encode(&o, V6D_PPP_IPV6);
		v6d_out_bytes(&o, ping6, sizeof(ping6));
	}
	pair_feed(p, CLIENT, V6D_EV_GRE, buf, o.len, 0);
}

static void
test_gaps_pass_and_old_ones_do_not(void **state)
{
	uint32_t seq;
	struct pair p;

	(void)state;
	connect_pair(&p);
	seq = v6d_session_next_seq(p.end[SERVER]);
	hand(&p, 0x1234, true, seq, false, 0);
	assert_int_equal(p.tun[CLIENT], 1);
	hand(&p, 0x1234, true, seq, false, 0); /* twice */
	hand(&p, 0x1234, true, seq - 1, false, 0);
	assert_int_equal(p.tun[CLIENT], 1);
	hand(&p, 0x1234, true, seq + 1000, false, 0); /* a gap */
	assert_int_equal(p.tun[CLIENT], 2);
	hand(&p, 0x1234, true, seq + 999, false, 0); /* late */
	assert_int_equal(p.tun[CLIENT], 2);
	hand(&p, 0x1235, true, seq + 1001, false, 0); /* another call's */
	assert_int_equal(p.tun[CLIENT], 2);
	pair_done(&p);
}

/* 50 ms after the frame, alone; or at once with a frame of ours. */
static void
test_acknowledgments(void **state)
{
	struct v6d_wire w;
	struct v6d_wire frame;
	struct v6d_gre g;
	uint32_t seq;
	struct pair p;

	(void)state;
	connect_pair(&p);
	seq = v6d_session_next_seq(p.end[SERVER]);
	p.gre_len[CLIENT] = 0;
	hand(&p, 0x1234, true, seq, false, 0);
	assert_true(v6d_session_deadline(p.end[CLIENT]) == p.now + V6D_MS(50));
	pair_run(&p, V6D_MS(49));
	assert_int_equal(p.gre_len[CLIENT], 0);
	pair_run(&p, V6D_MS(2));
	assert_int_equal(p.gre_len[CLIENT], 12);
	w = v6d_wire_from(p.gre[CLIENT], 12, 12);
	assert_int_equal(v6d_gre_decode(&w, &g, &frame), V6D_WIRE_OK);
	assert_true(!g.has_seq && g.has_ack);
	assert_int_equal(g.ack, seq);

	hand(&p, 0x1234, true, seq + 1, false, 0);
	pair_feed(&p, CLIENT, V6D_EV_TUN, ping6, sizeof(ping6), 0);
	w = v6d_wire_from(p.gre[CLIENT], p.gre_len[CLIENT], p.gre_len[CLIENT]);
	assert_int_equal(v6d_gre_decode(&w, &g, &frame), V6D_WIRE_OK);
	assert_true(g.has_seq && g.has_ack);
	assert_int_equal(g.ack, seq + 1);
	p.gre_len[CLIENT] = 0;
	pair_run(&p, V6D_MS(200));
	assert_int_equal(p.gre_len[CLIENT], 0); /* nothing left to ack */
	pair_done(&p);
}

static void
test_server_without_acks(void **state)
{
	struct v6d_session_conf c = pair_conf(V6D_ROLE_CLIENT, 1);
	struct v6d_session_conf v = pair_conf(V6D_ROLE_SERVER, 1);
	uint32_t acked;
	struct pair p;

	(void)state;
	v.server.no_gre_ack = true;
	pair_connect(&p, &c, &v);
	acked = v6d_session_acked(p.end[CLIENT]);
	pair_feed(&p, CLIENT, V6D_EV_TUN, ping6, sizeof(ping6), 0);
	pair_run(&p, V6D_S(1));
	assert_int_equal(p.tun[SERVER], 1);
	assert_int_equal(v6d_session_acked(p.end[CLIENT]), acked);
	pair_done(&p);
}

/* Only progress counts, and only over what was sent. */
static void
test_what_the_peer_acknowledged(void **state)
{
	uint32_t next;
	struct pair p;

	(void)state;
	connect_pair(&p);
	for (unsigned i = 0; i < 3; i++)
		v6d_session_feed(
		    p.end[CLIENT], V6D_EV_TUN, ping6, sizeof(ping6), 0, p.now);
	next = v6d_session_next_seq(p.end[CLIENT]);
	assert_int_equal(v6d_session_acked(p.end[CLIENT]), next - 4);
	p.acked[CLIENT] = 0;
	hand(&p, 0x1234, false, 0, true, next - 2);
	assert_int_equal(p.acked[CLIENT], next - 2);
	p.acked[CLIENT] = 0;
	hand(&p, 0x1234, false, 0, true, next - 3);
	hand(&p, 0x1234, false, 0, true, next);
	assert_int_equal(p.acked[CLIENT], 0);
	assert_int_equal(v6d_session_acked(p.end[CLIENT]), next - 2);
	pair_done(&p);
}

static void
test_damaged_packets(void **state)
{
	uint8_t good[12 + 44] = { 0x30, 0x01, 0x88, 0x0b, 0, 44, 0x12, 0x34, 0,
		0, 1, 0, 0xff, 0x03, 0x00, 0x57, 0x60 };
	struct pair p;

	(void)state;
	connect_pair(&p);
	for (size_t n = 0; n < sizeof(good); n++) {
		uint8_t *heap = malloc(n ? n : 1);

		memcpy(heap, good, n);
		pair_feed(&p, CLIENT, V6D_EV_GRE, heap, n, 0);
		free(heap);
	}
	assert_int_equal(p.tun[CLIENT], 0);
	pair_feed(&p, CLIENT, V6D_EV_GRE, good, sizeof(good), 0);
	assert_int_equal(p.tun[CLIENT], 1);
	pair_done(&p);
}

/* Under steady traffic the ack is no later than after silence. */
static void
test_ack_is_not_put_off(void **state)
{
	uint32_t seq;
	struct pair p;

	(void)state;
	connect_pair(&p);
	seq = v6d_session_next_seq(p.end[SERVER]);
	p.gre_len[CLIENT] = 0;
	for (uint32_t i = 0; i < 8; i++) {
		hand(&p, 0x1234, true, seq + i, false, 0);
		pair_run(&p, V6D_MS(10));
	}
	assert_int_equal(p.gre_len[CLIENT], 12);
	pair_done(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gaps_pass_and_old_ones_do_not),
		cmocka_unit_test(test_acknowledgments),
		cmocka_unit_test(test_server_without_acks),
		cmocka_unit_test(test_what_the_peer_acknowledged),
		cmocka_unit_test(test_damaged_packets),
		cmocka_unit_test(test_ack_is_not_put_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
