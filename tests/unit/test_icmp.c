/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_icmp.c - ICMP and ICMPv6. Checksums below come from other code. */
#include "sweep.h"

#include "proto/icmp.h"

#define A4 "c0000201 c0000202"
#define A6 "20010db8000000000000000000000001 20010db8000000000000000000000002"

static const struct v6d_ip around = {
	.src = { 6, { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 } },
	.dst = { 6, { 0x20, 0x01, 0x0d, 0xb8, [15] = 2 } },
};

static enum v6d_wire_err
decode4(struct v6d_wire *w, const void *arg)
{
	struct v6d_icmp m;

	(void)arg;
	return v6d_icmp4_decode(w, &m);
}

static enum v6d_wire_err
decode6(struct v6d_wire *w, const void *arg)
{
	struct v6d_icmp m;

	(void)arg;
	return v6d_icmp6_decode(w, &around, &m);
}

static void
test_echo(void **state)
{
	static const char hex4[] = "080006fa 12340001 70696e67";
	static const char hex6[] = "8000123d 12340001 70696e6721";
	uint8_t buf[32], out[32];
	size_t n = unhex(hex4, buf, sizeof(buf));
	struct v6d_wire w = v6d_wire_from(buf, n, n);
	struct v6d_out o = v6d_out_to(out, sizeof(out));
	struct v6d_icmp m;

	(void)state;
	assert_int_equal(v6d_icmp4_decode(&w, &m), V6D_WIRE_OK);
	assert_int_equal(m.type, V6D_ICMP_ECHO);
	assert_int_equal(m.id, 0x1234);
	assert_int_equal(m.seq, 1);
	assert_false(m.error || m.bad_checksum);
	assert_int_equal(v6d_wire_left(&w), 4);
	v6d_icmp4_encode_echo(&o, &m, w.p, 4);
	assert_hex(&o, hex4);
	sweep(buf, n, 8, decode4, NULL);

	n = unhex(hex6, buf, sizeof(buf));
	w = v6d_wire_from(buf, n, n);
	o = v6d_out_to(out, sizeof(out));
	assert_int_equal(v6d_icmp6_decode(&w, &around, &m), V6D_WIRE_OK);
	assert_int_equal(m.type, V6D_ICMP6_ECHO);
	assert_int_equal(m.id, 0x1234);
	assert_false(m.error || m.bad_checksum);
	v6d_icmp6_encode_echo(&o, &m, &around, w.p, 5);
	assert_hex(&o, hex6);
	sweep(buf, n, 8, decode6, NULL);
	o = v6d_out_to(out, 12);
	v6d_icmp6_encode_echo(&o, &m, &around, buf, 5);
	assert_true(o.full);
}

static void
test_needs_frag(void **state)
{
	static const char hex[] =
	    "0304df57 00000578 45000514 00004000 40060000" A4
	    "c35006bb 00000001";
	uint8_t buf[64];
	size_t n = unhex(hex, buf, sizeof(buf));
	struct v6d_wire w = v6d_wire_from(buf, n, n);
	struct v6d_icmp m;

	(void)state;
	assert_int_equal(v6d_icmp4_decode(&w, &m), V6D_WIRE_OK);
	assert_true(m.error);
	assert_false(m.bad_checksum);
	assert_int_equal(m.type, V6D_ICMP_UNREACHABLE);
	assert_int_equal(m.code, 4);
	assert_int_equal(m.mtu, 1400);
	assert_int_equal(m.quoted.version, 4);
	assert_int_equal(m.quoted.total_len, 1300);
	assert_int_equal(m.quoted.dst.b[3], 2);
	assert_int_equal(m.quoted_sport, 50000);
	assert_int_equal(m.quoted_dport, 1723);
	assert_int_equal(m.quoted_len, 8);
	assert_memory_equal(m.quoted_payload, buf + n - 8, 8);
	assert_int_equal(v6d_wire_left(&w), 0);
	sweep(buf, n, 8, decode4, NULL);
	buf[n - 1]++;
	w = v6d_wire_from(buf, n, n);
	v6d_icmp4_decode(&w, &m);
	assert_true(m.bad_checksum);
	w = v6d_wire_from(buf, n, n + 4); /* cut: not judged */
	v6d_icmp4_decode(&w, &m);
	assert_false(m.bad_checksum);
}

static void
test_too_big(void **state)
{
	static const char hex[] =
	    "020011fd 00000514 60000000 05b00640" A6 "0050c350 00000001";
	uint8_t buf[64];
	size_t n = unhex(hex, buf, sizeof(buf));
	struct v6d_wire w = v6d_wire_from(buf, n, n);
	struct v6d_icmp m;

	(void)state;
	assert_int_equal(v6d_icmp6_decode(&w, &around, &m), V6D_WIRE_OK);
	assert_true(m.error);
	assert_false(m.bad_checksum);
	assert_int_equal(m.mtu, 1300);
	assert_int_equal(m.quoted.version, 6);
	assert_int_equal(m.quoted.total_len, 1496);
	assert_int_equal(m.quoted_sport, 80);
	assert_int_equal(m.quoted_dport, 50000);
	sweep(buf, n, 8, decode6, NULL);
}

/* Quotes that routers cut where they like, and what is no quote. */
static void
test_quotes(void **state)
{
	static const struct {
		const char *hex;
		uint8_t version;
		size_t len;
		uint16_t dport;
	} t[] = {
		{ "", 0, 0, 0 },
		{ "45", 0, 0, 0 },
		{ "45000514 00004000 40060000" A4, 4, 0, 0 },
		{ "45000514 00004000 40060000" A4 "c35006", 4, 3, 0 },
		{ "45000514 00004000 40060000" A4 "c35006bb", 4, 4, 1723 },
		{ "45000514 00004000 402f0000" A4 "3001880b", 4, 4, 0 },
		{ "45000514 00000001 40060000" A4 "c35006bb", 4, 4, 0 },
		{ "45000013 00004000 40060000" A4 "c35006bb", 0, 0, 0 },
		{ "55000514 00004000 40060000" A4 "c35006bb", 0, 0, 0 },
		/* Longer than the packet said: padding, not payload. */
		{ "45000018 00004000 40110000" A4 "c3500035 0000", 4, 4, 53 },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		uint8_t buf[64] = { V6D_ICMP_UNREACHABLE, 2 }, *heap;
		size_t n = 8 + unhex(t[i].hex, buf + 8, sizeof(buf) - 8);
		struct v6d_wire w;
		struct v6d_icmp m;

		heap = exact(buf, n);
		w = v6d_wire_from(heap, n, n);
		assert_int_equal(v6d_icmp4_decode(&w, &m), V6D_WIRE_OK);
		if (m.quoted.version != t[i].version ||
		    m.quoted_len != t[i].len || m.quoted_dport != t[i].dport)
			fail_msg("row %zu: %u %zu %u", i, m.quoted.version,
			    m.quoted_len, m.quoted_dport);
		free(heap);
	}
}

static void
test_kinds(void **state)
{
	(void)state;
	for (unsigned type = 0; type < 256; type++) {
		uint8_t buf[8] = { (uint8_t)type };
		struct v6d_wire w = v6d_wire_from(buf, 8, 8);
		struct v6d_icmp m;

		v6d_icmp4_decode(&w, &m);
		assert_int_equal(m.error, type == 3 || type == 4 || type == 5 ||
					      type == 11 || type == 12);
		w = v6d_wire_from(buf, 8, 8);
		v6d_icmp6_decode(&w, &around, &m);
		assert_int_equal(m.error, type < 128);
	}
}

static void
test_error(void **state)
{
	struct v6d_ip ip = { .src = { 6, { 0x20, 1, [15] = 1 } },
		.dst = { 6, { 0x20, 1, [15] = 2 } },
		.proto = V6D_IPPROTO_ICMP6 };
	struct v6d_ip inner = {
		.src = ip.dst, .dst = ip.src, .ttl = 9, .proto = V6D_IPPROTO_UDP
	};
	static const uint8_t ports[8] = { 0x12, 0x34, 0x56, 0x78 };
	struct v6d_icmp m = { .type = V6D_ICMP6_TOO_BIG, .mtu = 1300 }, got;
	uint8_t quote[64], buf[128];
	struct v6d_out q = v6d_out_to(quote, sizeof(quote));
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	struct v6d_wire w;

	(void)state;
	v6d_ip6_encode(&q, &inner, sizeof(ports));
	v6d_out_bytes(&q, ports, sizeof(ports));
	v6d_icmp6_encode_error(&o, &m, &ip, quote, q.len);
	assert_int_equal(o.len, 8 + q.len);
	w = v6d_wire_from(buf, o.len, o.len);
	assert_int_equal(v6d_icmp6_decode(&w, &ip, &got), V6D_WIRE_OK);
	assert_false(got.bad_checksum);
	assert_true(got.error);
	assert_int_equal(got.mtu, 1300);
	assert_int_equal(got.quoted_sport, 0x1234);
	o = v6d_out_to(buf, 8 + q.len - 1);
	v6d_icmp6_encode_error(&o, &m, &ip, quote, q.len);
	assert_true(o.full);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_echo),
		cmocka_unit_test(test_needs_frag),
		cmocka_unit_test(test_too_big),
		cmocka_unit_test(test_quotes),
		cmocka_unit_test(test_error),
		cmocka_unit_test(test_kinds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
