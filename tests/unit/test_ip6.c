/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_ip6.c - the IPv6 header and its extension headers. */
#include "sweep.h"

#include "proto/ip.h"

#define ADDRS \
	"20010db8000000000000000000000001 20010db8000000000000000000000002"

static enum v6d_wire_err
decode(struct v6d_wire *w, const void *arg)
{
	struct v6d_wire payload;
	struct v6d_ip ip;

	(void)arg;
	v6d_ip6_decode(w, &ip, &payload);
	if (!w->err)
		v6d_wire_take(&payload, ip.total_len - ip.header_len);
	v6d_wire_fail(w, payload.err);
	return w->err;
}

static void
test_golden(void **state)
{
	static const char hex[] = "6ab00000 0004 3a ff" ADDRS "80000000";
	uint8_t buf[64], out[64];
	size_t n = unhex(hex, buf, sizeof(buf));
	struct v6d_wire w = v6d_wire_from(buf, n + 2, n + 2), payload;
	struct v6d_out o = v6d_out_to(out, sizeof(out));
	char text[V6D_ADDR_TEXT];
	struct v6d_ip ip;

	(void)state;
	assert_int_equal(v6d_ip6_decode(&w, &ip, &payload), V6D_WIRE_OK);
	assert_int_equal(ip.version, 6);
	assert_int_equal(ip.tos, 0xab);
	assert_int_equal(ip.ttl, 255);
	assert_int_equal(ip.proto, V6D_IPPROTO_ICMP6);
	assert_int_equal(ip.total_len, 44);
	assert_int_equal(ip.header_len, 40);
	assert_false(ip.fragment || ip.bad_checksum || ip.dont_frag);
	assert_string_equal(v6d_addr_text(&ip.src, text, 48), "2001:db8::1");
	assert_string_equal(v6d_addr_text(&ip.dst, text, 48), "2001:db8::2");
	assert_int_equal(v6d_wire_left(&payload), 4);
	v6d_ip6_encode(&o, &ip, 4);
	v6d_out_bytes(&o, payload.p, 4);
	assert_hex(&o, hex);
	sweep(buf, n, n, decode, NULL);
}

/* Each chain of extension headers, and where it ends. */
static void
test_extensions(void **state)
{
	static const struct {
		const char *next, *payload;
		enum v6d_wire_err err;
		uint8_t proto;
		uint16_t header_len, offset;
		bool fragment;
	} t[] = {
		{ "00", "3a00010400000000 80000000", V6D_WIRE_OK, 58, 48, 0,
		    false },
		{ "3c", "3a01010c0000000000000000 00000000 80000000",
		    V6D_WIRE_OK, 58, 56, 0, false },
		{ "2b", "2c00000000000000 1100000100000007 aabb", V6D_WIRE_OK,
		    17, 56, 0, true },
		{ "2c", "1100000000000007 aabb", V6D_WIRE_OK, 17, 48, 0,
		    false }, /* atomic */
		{ "2c", "110005a900000007 aabb", V6D_WIRE_OK, 17, 48, 1448,
		    true },
		/* Behind the first fragment's header nothing is a header. */
		{ "2c", "3c0005a800000007 ffff", V6D_WIRE_OK, 60, 48, 1448,
		    true },
		{ "33",
		    "0604000000000001 00000001 aabbccdd aabbccdd aabbccdd"
		    "0001",
		    V6D_WIRE_OK, 6, 64, 0, false },
		{ "3b", "", V6D_WIRE_OK, 59, 40, 0, false },
		{ "00", "", V6D_WIRE_MALFORMED, 0, 40, 0, false },
		{ "00", "3a01010400000000", V6D_WIRE_MALFORMED, 0, 40, 0,
		    false },
		{ "3c", "3aff010400000000 80000000", V6D_WIRE_MALFORMED, 60, 40,
		    0, false },
		{ "2c", "11000000000000", V6D_WIRE_MALFORMED, 44, 40, 0,
		    false },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		uint8_t buf[128];
		size_t n = unhex("60000000 0000 00 40" ADDRS, buf, 40);
		struct v6d_wire w, payload;
		struct v6d_ip ip;
		uint8_t *heap;

		n += unhex(t[i].payload, buf + n, sizeof(buf) - n);
		buf[5] = (uint8_t)(n - 40);
		unhex(t[i].next, buf + 6, 1);
		heap = exact(buf, n);
		w = v6d_wire_from(heap, n, n);
		v6d_ip6_decode(&w, &ip, &payload);
		if (w.err != t[i].err || ip.proto != t[i].proto ||
		    ip.header_len != t[i].header_len ||
		    ip.frag_offset != t[i].offset ||
		    ip.fragment != t[i].fragment)
			fail_msg("row %zu: %d %u %u", i, (int)w.err, ip.proto,
			    ip.header_len);
		if (!w.err) {
			assert_int_equal(
			    v6d_wire_left(&payload), n - ip.header_len);
			sweep(buf, n, n, decode, NULL);
		}
		free(heap);
	}
}

/* A chain without end is given up, not followed. */
static void
test_endless(void **state)
{
	uint8_t buf[40 + 64 * 8] = { 0x60, [4] = 2 };
	struct v6d_wire w = v6d_wire_from(buf, sizeof(buf), sizeof(buf));
	struct v6d_wire payload;
	struct v6d_ip ip;

	(void)state;
	assert_int_equal(v6d_ip6_decode(&w, &ip, &payload), V6D_WIRE_MALFORMED);
}

static void
test_lengths(void **state)
{
	static const struct {
		uint16_t len;
		enum v6d_wire_err err;
		size_t left;
	} t[] = {
		{ 4, V6D_WIRE_OK, 4 },
		{ 3, V6D_WIRE_OK, 3 },
		{ 0, V6D_WIRE_OK, 0 },
		{ 5, V6D_WIRE_MALFORMED, 4 },
		{ 65535, V6D_WIRE_MALFORMED, 4 },
	};
	uint8_t buf[64];
	size_t n = unhex("60000000 0004 3a ff" ADDRS "80000000", buf, 64);

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		uint8_t *heap = exact(buf, n);
		struct v6d_wire w = v6d_wire_from(heap, n, n), payload;
		struct v6d_ip ip;

		heap[4] = (uint8_t)(t[i].len >> 8);
		heap[5] = (uint8_t)t[i].len;
		assert_int_equal(v6d_ip6_decode(&w, &ip, &payload), t[i].err);
		assert_int_equal(v6d_wire_left(&payload), t[i].left);
		assert_int_equal(ip.total_len, 40u + t[i].len);
		free(heap);
	}
}

/* RFC 2675: the length stands in an option; all that came is the payload. */
static void
test_jumbogram(void **state)
{
	uint8_t buf[64];
	size_t n =
	    unhex("60000000 0000 00 ff" ADDRS "3a00c20400012000 8000", buf, 64);
	struct v6d_wire w = v6d_wire_from(buf, n, n), payload;
	struct v6d_ip ip;

	(void)state;
	assert_int_equal(v6d_ip6_decode(&w, &ip, &payload), V6D_WIRE_OK);
	assert_int_equal(ip.proto, V6D_IPPROTO_ICMP6);
	assert_int_equal(v6d_wire_left(&payload), 2);
}

static void
test_encode_limits(void **state)
{
	uint8_t buf[128];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	struct v6d_ip ip = { .version = 6 };

	(void)state;
	v6d_ip6_encode(&o, &ip, 65535);
	assert_false(o.full);
	v6d_ip6_encode(&o, &ip, 65536);
	assert_true(o.full);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_extensions),
		cmocka_unit_test(test_endless),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_jumbogram),
		cmocka_unit_test(test_encode_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
