/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_ip4.c - the IPv4 header. */
#include "sweep.h"

#include "proto/ip.h"

/* GRE from 192.0.2.2 to 192.0.2.3 by a real server, its payload cut short. */
static const char golden[] =
    "4500001c29fd4000402f8cb0c0000202c0000203 3001880b00000000";

static enum v6d_wire_err
decode(struct v6d_wire *w, const void *arg)
{
	struct v6d_wire payload;
	struct v6d_ip ip;

	(void)arg;
	v6d_ip4_decode(w, &ip, &payload);
	if (!w->err)
		v6d_wire_take(&payload, ip.total_len - ip.header_len);
	v6d_wire_fail(w, payload.err);
	return w->err;
}

static void
test_golden(void **state)
{
	uint8_t buf[64], out[64];
	size_t n = unhex(golden, buf, sizeof(buf));
	struct v6d_wire w = v6d_wire_from(buf, n + 6, n + 6), payload;
	struct v6d_out o = v6d_out_to(out, sizeof(out));
	char text[V6D_ADDR_TEXT];
	struct v6d_ip ip;

	(void)state;
	assert_int_equal(v6d_ip4_decode(&w, &ip, &payload), V6D_WIRE_OK);
	assert_int_equal(ip.version, 4);
	assert_int_equal(ip.ttl, 64);
	assert_int_equal(ip.proto, V6D_IPPROTO_GRE);
	assert_int_equal(ip.total_len, 28);
	assert_int_equal(ip.header_len, 20);
	assert_int_equal(ip.id, 0x29fd);
	assert_true(ip.dont_frag);
	assert_false(ip.more_frags || ip.fragment || ip.bad_checksum);
	assert_string_equal(v6d_addr_text(&ip.src, text, 48), "192.0.2.2");
	assert_string_equal(v6d_addr_text(&ip.dst, text, 48), "192.0.2.3");
	assert_int_equal(v6d_wire_left(&payload), 8); /* not the padding */
	v6d_ip4_encode(&o, &ip, 8);
	v6d_out_bytes(&o, payload.p, 8);
	assert_hex(&o, golden);
	sweep(buf, n, n, decode, NULL);
}

static void
test_lengths(void **state)
{
	/* First byte (header words) and total length of 28 present. */
	static const struct {
		uint8_t first;
		uint16_t total;
		enum v6d_wire_err err;
		size_t left;
	} t[] = {
		{ 0x45, 28, V6D_WIRE_OK, 8 },
		{ 0x45, 27, V6D_WIRE_OK, 7 },
		{ 0x45, 20, V6D_WIRE_OK, 0 },
		{ 0x45, 19, V6D_WIRE_MALFORMED, 0 },
		{ 0x45, 0, V6D_WIRE_MALFORMED, 0 },
		{ 0x45, 29, V6D_WIRE_MALFORMED, 8 },
		{ 0x45, 65535, V6D_WIRE_MALFORMED, 8 },
		{ 0x44, 28, V6D_WIRE_MALFORMED, 0 },
		{ 0x40, 28, V6D_WIRE_MALFORMED, 0 },
		{ 0x46, 28, V6D_WIRE_OK, 4 }, /* one word of options */
		{ 0x47, 28, V6D_WIRE_OK, 0 },
		{ 0x48, 28, V6D_WIRE_MALFORMED, 0 },
		{ 0x4f, 60, V6D_WIRE_MALFORMED, 0 },
		{ 0x55, 28, V6D_WIRE_MALFORMED, 0 },
	};
	uint8_t buf[64];
	size_t n = unhex(golden, buf, sizeof(buf));

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		uint8_t *heap = exact(buf, n);
		struct v6d_wire w = v6d_wire_from(heap, n, n), payload;
		struct v6d_ip ip;

		heap[0] = t[i].first;
		heap[2] = (uint8_t)(t[i].total >> 8);
		heap[3] = (uint8_t)t[i].total;
		if (v6d_ip4_decode(&w, &ip, &payload) != t[i].err ||
		    v6d_wire_left(&payload) != t[i].left)
			fail_msg("row %zu: %d", i, (int)w.err);
		free(heap);
	}
}

static void
test_fragments(void **state)
{
	static const struct {
		uint16_t field, offset;
		bool df, mf, fragment;
	} t[] = {
		{ 0x0000, 0, false, false, false },
		{ 0x4000, 0, true, false, false },
		{ 0x2000, 0, false, true, true },
		{ 0x00b9, 1480, false, false, true },
		{ 0x3fff, 65528, false, true, true },
		{ 0x8000, 0, false, false, false },
	};
	uint8_t buf[64];
	size_t n = unhex(golden, buf, sizeof(buf));

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		struct v6d_wire w = v6d_wire_from(buf, n, n), payload;
		struct v6d_ip ip;

		buf[6] = (uint8_t)(t[i].field >> 8);
		buf[7] = (uint8_t)t[i].field;
		assert_int_equal(
		    v6d_ip4_decode(&w, &ip, &payload), V6D_WIRE_OK);
		assert_int_equal(ip.frag_offset, t[i].offset);
		assert_int_equal(ip.dont_frag, t[i].df);
		assert_int_equal(ip.more_frags, t[i].mf);
		assert_int_equal(ip.fragment, t[i].fragment);
		assert_int_equal(ip.bad_checksum, t[i].field != 0x4000);
	}
}

static void
test_too_long(void **state)
{
	uint8_t buf[64];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	struct v6d_ip ip = { .version = 4 };

	(void)state;
	v6d_ip4_encode(&o, &ip, 65515);
	assert_false(o.full);
	v6d_ip4_encode(&o, &ip, 65516);
	assert_true(o.full);
	o = v6d_out_to(buf, 19);
	v6d_ip4_encode(&o, &ip, 0);
	assert_true(o.full);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_fragments),
		cmocka_unit_test(test_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
