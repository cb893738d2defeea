/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_gredemux.c - whose GRE it is, and GRE in IPv4 fragments. */
#include "flow_help.h"

static const uint8_t frame[] = { 0xff, 3, 0xc0, 0x21, 9, 1, 0, 8, 0, 0, 0, 0 };

static void
gre_with_id(struct tape *t, enum v6d_dir d, uint16_t id)
{
	struct v6d_gre g = gre_header(t, d, sizeof(frame));

	g.call_id = id;
	tape_gre_as(t, d, &g, frame, sizeof(frame));
}

static void
test_foreign(void **state)
{
	struct tape t;
	const struct v6d_view *v;

	(void)state;
	tape_init(&t);
	tape_call(&t);
	tape_gre(&t, IN, frame, sizeof(frame));
	gre_with_id(&t, IN, 1234);
	gre_with_id(&t, IN, 1234);
	gre_with_id(&t, IN, 0);
	v = tape_play(&t);
	assert_int_equal(v6d_flow_n(t.flow), 1);
	assert_int_equal(v->gre[IN].frames, 1);
	assert_int_equal(v6d_view_odd(&v->gre[IN])->foreign, 3);
	assert_int_equal(v6d_view_odd(&v->gre[IN])->foreign_id, 1234);
	tape_done(&t);
}

/* Two calls between the same addresses, told apart by their ids. */
static void
test_two_calls(void **state)
{
	struct v6d_pptp req = message(V6D_PPTP_OCRQ);
	struct v6d_pptp rep = message(V6D_PPTP_OCRP);
	struct tape t;

	(void)state;
	tape_init(&t);
	tape_call(&t);
	t.port++;
	t.tcp[OUT] += 1000;
	tape_handshake(&t);
	req.call_id = rep.peer_call_id = 0; /* 0 is a legal id */
	rep.call_id = 100;
	tape_message(&t, OUT, &req);
	tape_message(&t, IN, &rep);
	gre_with_id(&t, IN, CLIENT_ID);
	gre_with_id(&t, IN, 0);
	gre_with_id(&t, OUT, 100);
	tape_again(&t, t.n - 1);
	tape_play(&t);
	assert_int_equal(v6d_flow_n(t.flow), 2);
	assert_int_equal(v6d_flow_view(t.flow, 0)->gre[IN].frames, 1);
	assert_int_equal(v6d_flow_view(t.flow, 0)->gre[OUT].frames, 0);
	assert_int_equal(v6d_flow_view(t.flow, 1)->gre[IN].frames, 1);
	assert_int_equal(v6d_flow_view(t.flow, 1)->gre[OUT].frames, 2);
	assert_int_equal(
	    v6d_view_odd(&v6d_flow_view(t.flow, 1)->gre[OUT])->duplicates, 1);
	tape_done(&t);
}

/* Without the call: the first id each way is taken for the tunnel's. */
static void
test_adopted(void **state)
{
	struct tape t;
	const struct v6d_view *v;

	(void)state;
	tape_init(&t);
	tape_type(&t, OUT, V6D_PPTP_ECHORQ);
	tape_gre(&t, IN, frame, sizeof(frame));
	tape_gre(&t, OUT, frame, sizeof(frame));
	gre_with_id(&t, IN, 555);
	v = tape_play(&t);
	assert_int_equal(v6d_flow_n(t.flow), 1);
	assert_true(v->tcp.midway);
	assert_int_equal(v->control.call_id[IN], CLIENT_ID);
	assert_int_equal(v->gre[IN].frames, 1);
	assert_int_equal(v->gre[OUT].frames, 1);
	assert_int_equal(v6d_view_odd(&v->gre[IN])->foreign, 1);
	tape_done(&t);
}

/* GRE alone, the server heard first: a router advertisement tells who. */
static void
test_gre_alone(void **state)
{
	struct v6d_ra ra = good_ra();
	struct tape t;
	const struct v6d_view *v;

	(void)state;
	tape_init(&t);
	tape_ra(&t, &ra);
	tape_echo(&t, OUT, false, 1, 100);
	tape_echo(&t, IN, true, 1, 100);
	v = tape_play(&t);
	assert_true(v->gre_only && v->roles_guessed);
	assert_true(v6d_addr_eq(&v->client, &t.client));
	assert_int_equal(v->control.call_id[IN], CLIENT_ID);
	assert_int_equal(v->gre[IN].frames, 2);
	assert_int_equal(v->ra.n, 1);
	assert_int_equal(v->inner.echoes[0].dir, OUT);
	tape_done(&t);
}

static void
test_other_gre(void **state)
{
	static const uint8_t plain[] = { 0, 0, 8, 0, 0x45, 0 }; /* RFC 2784 */
	struct tape t;
	struct v6d_ip ip;
	const struct v6d_view *v;

	(void)state;
	tape_init(&t);
	tape_call(&t);
	ip = tape_ip(&t, IN, V6D_IPPROTO_GRE);
	tape_ip4(&t, &ip, plain, sizeof(plain));
	v = tape_play(&t);
	assert_int_equal(v6d_view_odd(&v->gre[IN])->not_pptp, 1);
	assert_int_equal(v->gre[IN].frames, 0);
	tape_done(&t);
}

/* ---- fragments ---- */

/* Replaces the tape's newest packet by its fragments of `size` bytes. */
static void
break_up(struct tape *t, size_t size, bool backwards, unsigned without)
{
	struct tape_packet whole = t->packets[--t->n];
	size_t n = whole.n - 20, parts = (n + size - 1) / size;

	for (size_t i = 0; i < parts; i++) {
		size_t k = backwards ? parts - 1 - i : i, at = k * size;
		size_t len = at + size < n ? size : n - at;
		uint8_t buf[2048];

		if (k + 1 == without)
			continue;
		memcpy(buf, whole.p, 20);
		memcpy(buf + 20, whole.p + 20 + at, len);
		buf[2] = (uint8_t)((len + 20) >> 8);
		buf[3] = (uint8_t)(len + 20);
		buf[6] = (uint8_t)(at / 8 >> 8 | (k + 1 < parts ? 0x20 : 0));
		buf[7] = (uint8_t)(at / 8);
		buf[10] = buf[11] = 0;
		tape_raw(t, buf, len + 20);
	}
	free(whole.p);
}

static void
test_fragments(void **state)
{
	(void)state;
	for (int backwards = 0; backwards < 2; backwards++) {
		struct tape t;
		const struct v6d_view *v;

		tape_init(&t);
		t.dont_frag = false;
		tape_call(&t);
		tape_inner_tcp(&t, IN, V6D_TCP_ACK, 1, 1, 1400);
		break_up(&t, 504, backwards, 0);
		v = tape_play(&t);
		assert_int_equal(v->gre[IN].frames, 1);
		assert_int_equal(v6d_view_odd(&v->gre[IN])->first_frags, 1);
		assert_int_equal(v6d_view_odd(&v->gre[IN])->later_frags, 2);
		assert_int_equal(v6d_view_odd(&v->gre[IN])->lone_frags, 0);
		assert_int_equal(v->gre[IN].largest, 1400 + 60 + 36);
		assert_int_equal(v->inner.packets[IN], 1);
		assert_int_equal(v->inner.corrupt[IN], 0);
		tape_done(&t);
	}
}

/* A datagram that never comes whole is no frame that arrived. */
static void
test_lost_fragment(void **state)
{
	(void)state;
	for (unsigned lost = 1; lost <= 3; lost++) {
		struct tape t;
		const struct v6d_view *v;

		tape_init(&t);
		tape_call(&t);
		tape_gre(&t, IN, frame, sizeof(frame));
		tape_inner_tcp(&t, IN, V6D_TCP_ACK, 1, 1, 1400);
		break_up(&t, 504, false, lost);
		tape_gre(&t, IN, frame, sizeof(frame));
		v = tape_play(&t);
		assert_int_equal(v->gre[IN].frames, 2);
		assert_int_equal(v6d_view_odd(&v->gre[IN])->gaps, 1);
		assert_int_equal(
		    v6d_view_odd(&v->gre[IN])->lone_frags, lost != 1);
		tape_done(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_foreign),
		cmocka_unit_test(test_two_calls),
		cmocka_unit_test(test_adopted),
		cmocka_unit_test(test_gre_alone),
		cmocka_unit_test(test_other_gre),
		cmocka_unit_test(test_fragments),
		cmocka_unit_test(test_lost_fragment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
