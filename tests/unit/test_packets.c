/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_packets.c - what a live session says as packets that flow can read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/auth.h"
#include "proto/gre.h"
#include "proto/icmp.h"
#include "proto/pptp.h"
#include "proto/tcp.h"
#include "trace/packets.h"

static const struct v6d_addr client = { 4, { 192, 168, 11, 2 } };
static const struct v6d_addr server = { 4, { 203, 0, 113, 10 } };

static struct v6d_packets *
start(void)
{
	struct v6d_packets *p = v6d_packets_new();

	v6d_packets_ends(p, &client, &server);
	return p;
}

/* What flow makes of them, as of a capture. */
static const struct v6d_view *
view_of(const struct v6d_packets *p, struct v6d_flow **ret_f)
{
	struct v6d_flow *f = malloc(v6d_flow_size(2));

	v6d_flow_init(f, 2);
	for (size_t i = 0; i < p->n; i++) {
		const struct v6d_packet *k = &p->packet[i];

		assert_true(k->len <= k->wire_len);
		v6d_flow_packet(
		    f, V6D_LINK_IPV4, k->bytes, k->len, k->wire_len, k->at);
	}
	v6d_flow_end(f, p->packet[p->n - 1].at);
	assert_int_equal(v6d_flow_totals(f)->malformed, 0);
	*ret_f = f;
	return v6d_flow_view(f, 0);
}

static void
test_control(void **state)
{
	struct v6d_packets *p = start();
	struct v6d_flow *f;
	const struct v6d_view *v;
	uint8_t buf[V6D_PPTP_MAX];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	struct v6d_pptp m = { .type = V6D_PPTP_SCCRQ, .version = 0x100 };

	(void)state;
	v6d_pptp_encode(&o, &m);
	v6d_packets_event(p, V6D_FLOW_TCP_SYN, 1);
	v6d_packets_event(p, V6D_FLOW_TCP_UP, 2);
	v6d_packets_control(p, V6D_DIR_OUT, buf, o.len, 3);
	v6d_packets_control(p, V6D_DIR_OUT, buf, 0, 3);
	v6d_packets_event(p, V6D_FLOW_TCP_CLOSED, 5);
	v6d_packets_event(p, V6D_FLOW_TCP_TIMEOUT, 6);
	assert_int_equal(p->n, 5);
	v = view_of(p, &f);
	assert_true(v6d_addr_eq(&v->client, &client));
	assert_int_equal(v->tcp.syn, 1);
	assert_int_equal(v->tcp.synack, 2);
	assert_int_equal(v->tcp.bytes[V6D_DIR_OUT], o.len);
	assert_int_equal(v->tcp.fin[V6D_DIR_IN], 5);
	assert_int_equal(v->control.msg[V6D_DIR_OUT][V6D_PPTP_SCCRQ].n, 1);
	free(f);
	v6d_packets_free(p);
}

static void
test_refused(void **state)
{
	struct v6d_packets *p = start();
	struct v6d_flow *f;
	const struct v6d_view *v;

	(void)state;
	v6d_packets_event(p, V6D_FLOW_TCP_SYN, 1);
	v6d_packets_event(p, V6D_FLOW_TCP_REFUSED, 2);
	v = view_of(p, &f);
	assert_int_equal(v->tcp.rst[V6D_DIR_IN], 2);
	free(f);
	v6d_packets_free(p);
}

/* A long text on the port is cut, its length is not. */
static void
test_long(void **state)
{
	struct v6d_packets *p = start();
	uint8_t buf[3000] = "HTTP/1.1 400 Bad Request";

	(void)state;
	v6d_packets_control(p, V6D_DIR_IN, buf, sizeof(buf), 1);
	assert_int_equal(p->packet[0].wire_len, 40 + 3000);
	assert_int_equal(p->packet[0].len, V6D_PACKET_BYTES);
	v6d_packets_control(p, V6D_DIR_IN, buf, 1, 2);
	assert_int_equal(v6d_be32(p->packet[1].bytes + 24), 3000);
	v6d_packets_free(p);
}

static size_t
gre_packet(uint8_t *buf, size_t cap, uint16_t proto, const uint8_t *b, size_t n)
{
	struct v6d_out o = v6d_out_to(buf, cap);
	struct v6d_gre g = { .version = 1,
		.proto = V6D_GRE_PROTO_PPP,
		.payload_len = (uint16_t)(n + 4),
		.has_seq = true };

	v6d_gre_encode(&o, &g);
	v6d_ppp_encode(&o, proto);
	v6d_out_bytes(&o, b, n);
	return o.len;
}

static void
test_gre(void **state)
{
	struct v6d_packets *p = start();
	struct v6d_flow *f;
	const struct v6d_view *v;
	uint8_t buf[1600], body[1400] = { 0x60 };
	struct v6d_out o = v6d_out_to(body, sizeof(body));
	size_t n = gre_packet(buf, sizeof(buf), V6D_PPP_IPV6, body, 1400);

	(void)state;
	v6d_packets_gre(p, V6D_DIR_IN, buf, n, n + 20, 1);
	assert_int_equal(p->packet[0].wire_len, n + 20);
	assert_int_equal(p->packet[0].len, 20 + 16 + 48);
	/* a password's length does not show */
	v6d_pap_encode_req(&o, 1, "alice", "a long password");
	n = gre_packet(buf, sizeof(buf), V6D_PPP_PAP, body, o.len);
	v6d_packets_gre(p, V6D_DIR_OUT, buf, n, n + 20, 2);
	assert_int_equal(p->packet[1].wire_len, n + 20 - 15);
	assert_int_equal(p->packet[1].len, p->packet[1].wire_len);
	assert_int_equal(
	    v6d_be16(p->packet[1].bytes + 2), p->packet[1].wire_len);
	v = view_of(p, &f);
	assert_int_equal(
	    v->gre[V6D_DIR_IN].frames + v->gre[V6D_DIR_OUT].frames, 2);
	free(f);
	v6d_packets_free(p);
}

static void
test_icmp(void **state)
{
	struct v6d_packets *p = start();
	struct v6d_flow *f;
	const struct v6d_view *v;
	const struct v6d_addr router = { 4, { 192, 168, 11, 1 } };
	const struct v6d_addr none = { 0 };

	(void)state;
	v6d_packets_event(p, V6D_FLOW_TCP_SYN, 1);
	v6d_packets_icmp(p, false, 3, 13, 0, &router, 2);
	v6d_packets_icmp(p, true, 3, 4, 1400, &router, 3);
	v6d_packets_icmp(p, true, 3, 4, 1400, &none, 3);
	v = view_of(p, &f);
	assert_int_equal(v->n_icmp, 2);
	assert_false(v->icmp[0].gre);
	assert_int_equal(v->icmp[0].code, 13);
	assert_true(v->icmp[1].gre);
	assert_int_equal(v->icmp[1].mtu, 1400);
	assert_true(v6d_addr_eq(&v->icmp[1].from, &router));
	free(f);
	v6d_packets_free(p);
}

/* They stand in order of time, whatever order they were told in. */
static void
test_order(void **state)
{
	struct v6d_packets *p = start();
	static const v6d_ns at[] = { 5, 3, 9, 3, 1 };

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(at); i++)
		v6d_packets_event(p, V6D_FLOW_TCP_SYN, at[i]);
	for (size_t i = 1; i < p->n; i++)
		assert_true(p->packet[i - 1].at <= p->packet[i].at);
	v6d_packets_free(p);
}

static void
test_ceiling(void **state)
{
	struct v6d_packets *p = start();

	(void)state;
	for (int i = 0; i < V6D_PACKETS_MAX + 7; i++)
		v6d_packets_event(p, V6D_FLOW_TCP_SYN, (v6d_ns)i);
	assert_int_equal(p->n, V6D_PACKETS_MAX);
	assert_int_equal(p->left_out, 7);
	v6d_packets_free(p);
}

/* Without a recorder nothing is done. */
static void
test_none(void **state)
{
	(void)state;
	v6d_packets_ends(NULL, &client, &server);
	v6d_packets_event(NULL, V6D_FLOW_TCP_SYN, 1);
	v6d_packets_control(NULL, V6D_DIR_IN, client.b, 4, 1);
	v6d_packets_gre(NULL, V6D_DIR_IN, client.b, 4, 24, 1);
	v6d_packets_icmp(NULL, true, 3, 4, 0, &client, 1);
	v6d_packets_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_control),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_gre),
		cmocka_unit_test(test_icmp),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_ceiling),
		cmocka_unit_test(test_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
