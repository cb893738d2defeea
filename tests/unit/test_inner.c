/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_inner.c - advertisements, echoes and errors inside the tunnel. */
#include "flow_help.h"

static void
test_ra(void **state)
{
	struct v6d_ra ra = good_ra();
	struct tape t;
	const struct v6d_view_ra *r;

	(void)state;
	tape_init(&t);
	tape_up(&t); /* holds one, asked for */
	tape_wait(&t, V6D_S(10));
	ra.lifetime_s = 9;
	tape_ra(&t, &ra);
	r = &tape_play(&t)->ra;
	assert_int_equal(r->n, 2);
	assert_int_equal(r->n_solicits, 1);
	assert_int_equal(r->n_unsolicited, 1);
	assert_int_equal(r->ra->lifetime_s, 9);
	assert_int_equal(r->n_routers, 1);
	assert_true(r->ra->checksum_ok && r->ra->hop_limit_255);
	tape_done(&t);
}

static void
test_echoes(void **state)
{
	struct tape t;
	const struct v6d_view_inner *n;

	(void)state;
	tape_init(&t);
	tape_up(&t);
	tape_echo(&t, OUT, false, 1, 100);
	tape_echo(&t, IN, true, 1, 100);
	tape_echo(&t, OUT, false, 2, 1300);
	tape_gre_lost(&t, IN); /* its reply */
	tape_wait(&t, V6D_MS(1500));
	tape_echo(&t, IN, false, 77, 80); /* the server asks */
	tape_echo(&t, OUT, false, 3, 1400);
	tape_echo(&t, IN, false, 78, 80);
	tape_wait(&t, V6D_MS(1500));
	tape_echo(&t, IN, false, 79, 80);
	n = &tape_play(&t)->inner;
	assert_int_equal(n->n_echoes, 6);
	assert_int_equal(n->echoes[0].reply_outer, 100 + 40);
	assert_int_equal(n->echoes[1].inner_len, 1300);
	assert_int_equal(n->echoes[1].outer_len, 1300 + 40);
	assert_int_equal(n->echoes[1].reply_outer, 0);
	assert_true(n->echoes[1].later && n->echoes[1].gap);
	assert_int_equal(n->echoes[2].dir, IN);
	assert_true(n->echoes[3].reached && n->echoes[3].later);
	assert_false(n->echoes[3].gap);
	assert_true(n->has_global);
	assert_int_equal(n->largest[OUT], 1400);
	tape_done(&t);
}

static void
tape_too_big(struct tape *t, uint32_t mtu)
{
	struct v6d_ip ip = inner_ip(IN, V6D_IPPROTO_ICMP6);
	uint8_t buf[60] = { V6D_ICMP6_TOO_BIG, 0, 0, 0, 0, 0,
		(uint8_t)(mtu >> 8), (uint8_t)mtu, 0x60 };

	tape_ip6(t, IN, &ip, buf, sizeof(buf));
}

static void
test_too_big(void **state)
{
	struct tape t;
	const struct v6d_view_inner *n;

	(void)state;
	tape_init(&t);
	tape_up(&t);
	tape_too_big(&t, 1300);
	tape_too_big(&t, 1300);
	tape_too_big(&t, 1280);
	n = &tape_play(&t)->inner;
	assert_int_equal(n->n_ptb, 2);
	assert_int_equal(n->ptb[0].mtu, 1300);
	assert_int_equal(n->ptb[0].n, 2);
	assert_int_equal(n->ptb[0].dir, IN);
	tape_done(&t);
}

/* A byte that changed on the way shows in the inner checksum. */
static void
test_corrupt(void **state)
{
	struct tape t;

	(void)state;
	tape_init(&t);
	tape_up(&t);
	tape_inner_tcp(&t, IN, V6D_TCP_ACK, 1, 1, 500);
	t.packets[t.n - 1].p[300] ^= 0x55;
	assert_int_equal(tape_play(&t)->inner.corrupt[IN], 1);
	/* A cut packet cannot be judged. */
	assert_int_equal(tape_play_part(&t, 0, 200, 0)->inner.corrupt[IN], 0);
	tape_done(&t);
}

/* The first piece of a big echo: its sum is over what is not there. */
static void
test_fragment(void **state)
{
	static const uint8_t zeros[1200];
	struct v6d_ip ip = inner_ip(IN, V6D_IPPROTO_ICMP6);
	struct v6d_icmp m = { .type = V6D_ICMP6_ECHO_REPLY, .id = 9, .seq = 1 };
	const struct v6d_view_inner *n;
	uint8_t buf[2048] = { V6D_IPPROTO_ICMP6, 0, 0, 1, 0, 0, 0, 7 };
	struct v6d_out o = v6d_out_to(buf + 8, sizeof(buf) - 8);
	struct tape t;

	(void)state;
	tape_init(&t);
	tape_up(&t);
	v6d_icmp6_encode_echo(&o, &m, &ip, zeros, sizeof(zeros));
	ip.proto = 44; /* a fragment header, more to come */
	for (unsigned i = 0; i < 4; i++)
		tape_ip6(&t, IN, &ip, buf, 8 + 800);
	n = &tape_play(&t)->inner;
	assert_int_equal(n->corrupt[IN], 0);
	assert_int_equal(n->malformed, 0);
	assert_int_equal(n->unread[IN], 0);
	tape_done(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fragment),
		cmocka_unit_test(test_ra),
		cmocka_unit_test(test_echoes),
		cmocka_unit_test(test_too_big),
		cmocka_unit_test(test_corrupt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
