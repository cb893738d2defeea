/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_demux.c - what stands before IPv4, ICMP errors and pings. */
#include "flow_help.h"

#include "base/cksum.h"

static void
feed_behind(struct tape *t, uint32_t linktype, const uint8_t *head, size_t n)
{
	free(t->flow);
	t->flow = v6d_flow_init(malloc(v6d_flow_size(4)), 4);
	for (unsigned i = 0; i < t->n; i++) {
		struct tape_packet *k = &t->packets[i];
		uint8_t *p = malloc(n + k->n);

		memcpy(p, head, n);
		memcpy(p + n, k->p, k->n);
		v6d_flow_packet(
		    t->flow, linktype, p, n + k->n, n + k->n, k->at);
		free(p);
	}
	v6d_flow_end(t->flow, t->now);
}

static void
test_links(void **state)
{
	static const struct {
		const char *what;
		uint32_t linktype;
		uint8_t head[32];
		size_t n;
	} cases[] = {
		{ "Ethernet", V6D_LINK_ETHERNET, { [12] = 8 }, 14 },
		{ "VLAN", V6D_LINK_ETHERNET,
		    { [12] = 0x81, [15] = 5, [16] = 8 }, 18 },
		{ "two VLANs", V6D_LINK_ETHERNET,
		    { [12] = 0x88, 0xa8, 0, 9, 0x81, 0, 0, 5, 8, 0 }, 22 },
		{ "PPPoE", V6D_LINK_ETHERNET,
		    { [12] = 0x88, 0x64, 0x11, 0, 0, 1, 0, 90, 0, 0x21 }, 22 },
		{ "raw", V6D_LINK_RAW, { 0 }, 0 },
		{ "IPv4", V6D_LINK_IPV4, { 0 }, 0 },
		{ "SLL", V6D_LINK_LINUX_SLL, { [5] = 6, [14] = 8 }, 16 },
		{ "VLAN behind SLL", V6D_LINK_LINUX_SLL,
		    { [5] = 6, [14] = 0x81, [17] = 5, [18] = 8 }, 20 },
		{ "PPPoE behind SLL2", V6D_LINK_LINUX_SLL2,
		    { 0x88, 0x64, [20] = 0x11, [25] = 90, [27] = 0x21 }, 28 },
	};
	struct tape t;

	(void)state;
	tape_init(&t);
	tape_call(&t);
	for (size_t i = 0; i < V6D_ARRAY_LEN(cases); i++) {
		feed_behind(&t, cases[i].linktype, cases[i].head, cases[i].n);
		if (v6d_flow_n(t.flow) != 1 ||
		    v6d_flow_view(t.flow, 0)->control.call_up == V6D_NEVER)
			fail_msg("%s", cases[i].what);
	}
	tape_done(&t);
}

static void
test_not_ours(void **state)
{
	static const uint8_t ipv6_head[] = { [12] = 0x86, 0xdd };
	static const uint8_t pppoe_v6[] = {
		[12] = 0x88, 0x64, 0x11, 0, 0, 1, 0, 90, 0, 0x57
	};
	struct tape t;

	(void)state;
	tape_init(&t);
	tape_call(&t);
	feed_behind(&t, V6D_LINK_ETHERNET, ipv6_head, sizeof(ipv6_head));
	assert_int_equal(v6d_flow_n(t.flow), 0);
	assert_int_equal(v6d_flow_totals(t.flow)->not_ip, t.n);
	feed_behind(&t, V6D_LINK_ETHERNET, pppoe_v6, sizeof(pppoe_v6));
	assert_int_equal(v6d_flow_n(t.flow), 0);
	tape_done(&t);
}

/* An ICMP error from `from` that quotes the tape's newest packet. */
static void
tape_error(struct tape *t, const struct v6d_addr *from, uint8_t ttl,
    uint8_t code, uint16_t mtu)
{
	const struct tape_packet *k = &t->packets[t->n - 1];
	struct v6d_ip ip = { .src = *from,
		.dst = t->client,
		.version = 4,
		.ttl = ttl,
		.proto = V6D_IPPROTO_ICMP };
	uint8_t buf[64] = { V6D_ICMP_UNREACHABLE, code, 0, 0, 0, 0,
		(uint8_t)(mtu >> 8), (uint8_t)mtu };
	uint16_t sum;

	memcpy(buf + 8, k->p, 28);
	sum = v6d_cksum_fold(v6d_cksum_add(0, buf, 36));
	buf[2] = (uint8_t)(sum >> 8);
	buf[3] = (uint8_t)sum;
	tape_ip4(t, &ip, buf, 36);
}

static void
test_errors(void **state)
{
	static const uint8_t r[4] = { 192, 0, 2, 1 };
	struct v6d_addr router = v6d_addr_4(r);
	static const uint8_t frame[] = { 0xff, 3, 0xc0, 0x21, 1, 1, 0, 4 };
	struct tape t;
	const struct v6d_view *v;

	(void)state;
	tape_init(&t);
	tape_tcp(&t, OUT, V6D_TCP_SYN, NULL, 0);
	tape_error(&t, &router, 64, 13, 0);
	tape_gre(&t, OUT, frame, sizeof(frame));
	tape_error(&t, &router, 63, 4, 1400);
	tape_error(&t, &t.server, 60, 2, 0); /* quotes an ICMP error */
	v = tape_play(&t);
	assert_int_equal(v->n_icmp, 2);
	assert_false(v->icmp[0].gre);
	assert_int_equal(v->icmp[0].code, 13);
	assert_int_equal(v->icmp[0].ttl, 64);
	assert_int_equal(v->icmp[0].dir, OUT);
	assert_true(v6d_addr_eq(&v->icmp[0].from, &router));
	assert_true(v->icmp[1].gre);
	assert_int_equal(v->icmp[1].mtu, 1400);
	tape_done(&t);
}

static void
tape_ping(struct tape *t, enum v6d_dir d, bool reply)
{
	struct v6d_ip ip = tape_ip(t, d, V6D_IPPROTO_ICMP);
	struct v6d_icmp m = { .type =
				  reply ? V6D_ICMP_ECHO_REPLY : V6D_ICMP_ECHO };
	uint8_t buf[64];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	v6d_icmp4_encode_echo(&o, &m, NULL, 0);
	tape_ip4(t, &ip, buf, o.len);
}

/* Pings of the pair count before and behind the connection. */
static void
test_pings(void **state)
{
	struct tape t;
	const struct v6d_view *v;

	(void)state;
	tape_init(&t);
	tape_ping(&t, OUT, false);
	tape_handshake(&t);
	tape_ping(&t, OUT, false);
	tape_ping(&t, IN, true);
	v = tape_play(&t);
	assert_int_equal(v->n_ping, 2);
	assert_int_equal(v->n_pong, 1);
	tape_done(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_not_ours),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_pings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
