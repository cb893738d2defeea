/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_redact_packet.c - kept packets without addresses, names and texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fields_fill.h"
#include "proto/auth.h"
#include "proto/eap.h"
#include "proto/gre.h"
#include "proto/icmp.h"
#include "proto/pptp.h"
#include "proto/tcp.h"
#include "trace/redact.h"

#define NAME "SECRETNAME"

static const struct v6d_addr client = { 4, { 192, 168, 11, 2 } };
static const struct v6d_addr server = { 4, { 203, 0, 113, 10 } };
static const uint8_t ifid[8] = { 0x02, 0x11, 0x22, 0xff, 0xfe, 0x33, 0x44,
	0x55 };
static const uint8_t mac[6] = { 0x00, 0x11, 0x22, 0x33, 0x44, 0x55 };
static const uint8_t global[16] = { 0x20, 0x01, 0x0d, 0xb8, 0, 0x77, 0x77, 1,
	0x02, 0x11, 0x22, 0xff, 0xfe, 0x33, 0x44, 0x55 };

static struct v6d_redact *r;
static struct v6d_packets *p;

static int
setup(void **state)
{
	static const uint8_t key[V6D_REDACT_KEY] = { 9 };

	(void)state;
	r = calloc(1, sizeof(*r));
	v6d_redact_init(r, key);
	p = v6d_packets_new();
	v6d_packets_ends(p, &client, &server);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	free(r);
	v6d_packets_free(p);
	return 0;
}

static bool
holds(const void *s, size_t n)
{
	for (size_t i = 0; i < p->n; i++)
		if (memmem(p->packet[i].bytes, p->packet[i].len, s, n))
			return true;
	return false;
}

/* Redacts all; nothing secret is left, and all are packets still. */
static void
redact(void)
{
	v6d_redact_packets(r, p);
	assert_false(holds(NAME, strlen(NAME)));
	assert_false(holds(client.b, 4));
	assert_false(holds(server.b, 4));
	assert_false(holds(global + 4, 4));
	assert_false(holds(ifid, sizeof(ifid)));
	assert_false(holds(mac, sizeof(mac)));
	for (size_t i = 0; i < p->n; i++) {
		struct v6d_packet *k = &p->packet[i];
		struct v6d_wire w =
		    v6d_wire_from(k->bytes, k->len, k->wire_len);
		struct v6d_wire body;
		struct v6d_ip ip;

		assert_int_not_equal(
		    v6d_ip_decode(&w, &ip, &body), V6D_WIRE_MALFORMED);
		assert_false(ip.bad_checksum);
	}
}

static void
test_control(void **state)
{
	static const uint16_t types[] = { V6D_PPTP_SCCRQ, V6D_PPTP_SCCRP,
		V6D_PPTP_OCRQ, V6D_PPTP_OCRP, V6D_PPTP_CDN, V6D_PPTP_ICRQ,
		V6D_PPTP_SLI };
	uint8_t buf[3 * V6D_PPTP_MAX];
	struct v6d_out o;

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(types); i++) {
		struct v6d_pptp m = { .type = types[i],
			.call_id = 77,
			.host = NAME,
			.vendor = NAME,
			.phone = NAME,
			.subaddress = NAME,
			.dialing = NAME };

		o = v6d_out_to(buf, sizeof(buf));
		v6d_pptp_encode(&o, &m);
		v6d_packets_control(p, V6D_DIR_OUT, buf, o.len, i);
		v6d_pptp_encode(&o, &m); /* two in one segment */
		v6d_packets_control(p, V6D_DIR_OUT, buf, o.len, i);
		/* cut within the first, as a stream may be */
		v6d_packets_control(p, V6D_DIR_OUT, buf, 100, i);
	}
	v6d_packets_control(p, V6D_DIR_IN,
	    (const uint8_t *)"220 " NAME " ESMTP", 4 + strlen(NAME) + 6, 99);
	redact();
	/* what is no name is there: the call id of an OCRQ */
	assert_int_equal(v6d_be16(p->packet[6].bytes + 40 + 12), 77);
}

static void
gre(uint16_t proto, const uint8_t *body, size_t n)
{
	uint8_t buf[1600];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	struct v6d_gre g = { .version = 1,
		.proto = V6D_GRE_PROTO_PPP,
		.payload_len = (uint16_t)(n + 4),
		.has_seq = true };

	v6d_gre_encode(&o, &g);
	v6d_ppp_encode(&o, proto);
	v6d_out_bytes(&o, body, n);
	v6d_packets_gre(p, V6D_DIR_IN, buf, o.len, o.len + 20, p->n);
}

static void
test_negotiation(void **state)
{
	uint8_t buf[300];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	uint8_t opts[100];
	struct v6d_out q = v6d_out_to(opts, sizeof(opts));

	(void)state;
	v6d_cp_put_opt(&q, V6D_LCP_MRU, (const uint8_t *)"\x05\xa4", 2);
	v6d_cp_put_opt(&q, V6D_LCP_ENDPOINT, mac, 6);
	v6d_cp_put_opt(&q, 99, (const uint8_t *)NAME, 10);
	v6d_cp_encode(&o, V6D_CP_CONF_REQ, 1, opts, q.len);
	gre(V6D_PPP_LCP, buf, o.len);
	q = v6d_out_to(opts, sizeof(opts));
	v6d_cp_put_opt(&q, V6D_IPV6CP_IFID, ifid, 8);
	o = v6d_out_to(buf, sizeof(buf));
	v6d_cp_encode(&o, V6D_CP_CONF_NAK, 1, opts, q.len);
	gre(V6D_PPP_IPV6CP, buf, o.len);
	q = v6d_out_to(opts, sizeof(opts));
	v6d_cp_put_opt(&q, 3, client.b, 4);
	v6d_cp_put_opt(&q, 129, server.b, 4);
	v6d_cp_put_opt(&q, 1, server.b, 4);
	o = v6d_out_to(buf, sizeof(buf));
	v6d_cp_encode(&o, V6D_CP_CONF_REQ, 1, opts, q.len);
	gre(V6D_PPP_IPCP, buf, o.len);
	redact();
	assert_int_equal(v6d_be16(p->packet[0].bytes + 20 + 16 + 6), 1444);
	/* the identifier is still one of a MAC */
	assert_int_equal(p->packet[1].bytes[20 + 16 + 6 + 3], 0xff);
}

static void
test_login(void **state)
{
	uint8_t buf[300];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	(void)state;
	v6d_pap_encode_req(&o, 1, NAME, NAME);
	gre(V6D_PPP_PAP, buf, o.len);
	o = v6d_out_to(buf, sizeof(buf));
	v6d_pap_encode_reply(&o, V6D_PAP_NAK, 1, NAME);
	gre(V6D_PPP_PAP, buf, o.len);
	o = v6d_out_to(buf, sizeof(buf));
	v6d_chap_encode_value(&o, V6D_CHAP_RESPONSE, 1,
	    (const uint8_t *)"0123456789abcdef", 16, NAME);
	gre(V6D_PPP_CHAP, buf, o.len);
	o = v6d_out_to(buf, sizeof(buf));
	v6d_chap_encode_message(&o, V6D_CHAP_FAILURE, 1, "E=691 M=" NAME);
	gre(V6D_PPP_CHAP, buf, o.len);
	o = v6d_out_to(buf, sizeof(buf));
	v6d_eap_encode(
	    &o, V6D_EAP_RESPONSE, 1, V6D_EAP_IDENTITY, NAME, strlen(NAME));
	gre(V6D_PPP_EAP, buf, o.len);
	o = v6d_out_to(buf, sizeof(buf));
	v6d_eap_encode_md5(&o, V6D_EAP_REQUEST, 1,
	    (const uint8_t *)"0123456789abcdef", 16, NAME);
	gre(V6D_PPP_EAP, buf, o.len);
	redact();
	assert_true(holds("E=691", 5));
	assert_false(holds("01234567", 8));
}

/* An IPv6 packet between `global` and a link-local of `ifid`. */
static size_t
ip6(uint8_t *buf, size_t cap, uint8_t proto, const uint8_t *body, size_t n)
{
	struct v6d_out o = v6d_out_to(buf, cap);
	struct v6d_ip ip = { .version = 6,
		.ttl = 255,
		.proto = proto,
		.src = v6d_addr_link_local(ifid),
		.dst = v6d_addr_6(global) };

	v6d_ip6_encode(&o, &ip, n);
	v6d_out_bytes(&o, body, n);
	return o.len;
}

static void
test_inner(void **state)
{
	uint8_t buf[1500], ra[16 + 8 + 32 + 24 + 8 + 8] = { 134 };
	uint8_t tcp[60] = { 0x12, 0x34 };
	uint8_t *o = ra + 16;

	(void)state;
	o[0] = 1; /* the router's link-layer address */
	o[1] = 1;
	memcpy(o + 2, mac, 6);
	o += 8;
	o[0] = 3; /* a prefix */
	o[1] = 4;
	o[2] = 64;
	memcpy(o + 16, global, 8);
	o += 32;
	o[0] = 25; /* a resolver */
	o[1] = 3;
	memcpy(o + 8, global, 16);
	o += 24;
	o[0] = 5; /* the MTU */
	o[1] = 1;
	o[6] = 0x05;
	o[7] = 0x78;
	o += 8;
	o[0] = 31; /* a search list */
	o[1] = 1;
	memcpy(o + 2, NAME, 6);
	gre(V6D_PPP_IPV6, buf,
	    ip6(buf, sizeof(buf), V6D_IPPROTO_ICMP6, ra, sizeof(ra)));
	memcpy(tcp + 20, NAME, 10);
	gre(V6D_PPP_IPV6, buf,
	    ip6(buf, sizeof(buf), V6D_IPPROTO_TCP, tcp, sizeof(tcp)));
	redact();
	assert_false(holds(NAME, 6));
	assert_true(holds("\x05\x01\0\0\0\0\x05\x78", 8));
	assert_int_equal(v6d_be16(p->packet[1].bytes + 20 + 16 + 40), 0x1234);
}

static void
test_icmp(void **state)
{
	const struct v6d_addr router = { 4, { 192, 168, 11, 1 } };

	(void)state;
	v6d_packets_icmp(p, true, 3, 4, 1400, &router, 1);
	redact();
	assert_false(holds(router.b, 4));
}

/* Anything at all: no crash, no overrun. */
static void
test_chance(void **state)
{
	(void)state;
	for (int i = 0; i < 3000; i++) {
		struct v6d_packets one = { .n = 1,
			.packet = calloc(1, sizeof(struct v6d_packet)) };
		struct v6d_packet *k = one.packet;

		fill_bytes(k->bytes, sizeof(k->bytes));
		k->bytes[0] = 0x45;
		k->bytes[9] = i % 4 == 0 ? 6 : i % 4 == 1 ? 1 : 47;
		if (i % 2) {
			memcpy(k->bytes + 20, "\x30\x01\x88\x0b", 4);
			k->bytes[32] = 0xff;
			k->bytes[33] = 0x03;
			memcpy(k->bytes + 34,
			    (const uint8_t *[]){ (const uint8_t *)"\xc0\x21",
				(const uint8_t *)"\x00\x57",
				(const uint8_t *)"\xc2\x23",
				(const uint8_t *)"\x80\x57" }[i / 2 % 4],
			    2);
			k->bytes[36 + 6] = i % 3 ? 58 : 6;
			k->bytes[36 + 40] = (uint8_t)(130 + i % 8);
		}
		k->len = (uint16_t)(fill_random() % sizeof(k->bytes));
		k->wire_len = k->len;
		v6d_redact_packets(r, &one);
		r->n_addrs = 0;
		free(k);
	}
	v6d_redact_packets(r, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_control, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_negotiation, setup, teardown),
		cmocka_unit_test_setup_teardown(test_login, setup, teardown),
		cmocka_unit_test_setup_teardown(test_inner, setup, teardown),
		cmocka_unit_test_setup_teardown(test_icmp, setup, teardown),
		cmocka_unit_test_setup_teardown(test_chance, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
