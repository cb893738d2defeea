/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_udp.c - the UDP header. Checksums below come from other code. */
#include "sweep.h"

#include "proto/udp.h"

static const struct v6d_ip around = {
	.src = { 4, { 192, 0, 2, 1 } },
	.dst = { 4, { 192, 0, 2, 2 } },
};

static enum v6d_wire_err
decode(struct v6d_wire *w, const void *arg)
{
	struct v6d_wire data;
	struct v6d_udp u;

	(void)arg;
	v6d_udp_decode(w, &u, &data);
	if (!w->err)
		v6d_wire_take(&data, u.length - 8u);
	v6d_wire_fail(w, data.err);
	return w->err;
}

static void
test_golden(void **state)
{
	static const char golden[] = "c3500035 000d7478 68656c6c6f";
	uint8_t buf[32], out[32];
	size_t n = unhex(golden, buf, sizeof(buf));
	struct v6d_wire w = v6d_wire_from(buf, n + 3, n + 3), data;
	struct v6d_out o = v6d_out_to(out, sizeof(out));
	struct v6d_udp u;

	(void)state;
	assert_int_equal(v6d_udp_decode(&w, &u, &data), V6D_WIRE_OK);
	assert_int_equal(u.sport, 50000);
	assert_int_equal(u.dport, 53);
	assert_int_equal(u.length, 13);
	assert_int_equal(v6d_wire_left(&data), 5);
	v6d_udp_encode(&o, &u, &around, data.p, 5);
	assert_hex(&o, golden);
	sweep(buf, n, n, decode, NULL);
}

/* A sum of zero is written as all ones (RFC 768). */
static void
test_zero_sum(void **state)
{
	static const uint8_t data[] = { 0xb8, 0x50 };
	uint8_t out[32];
	struct v6d_out o = v6d_out_to(out, sizeof(out));
	struct v6d_udp u = { .sport = 50000, .dport = 53 };

	(void)state;
	v6d_udp_encode(&o, &u, &around, data, 2);
	assert_hex(&o, "c3500035 000affff b850");
	v6d_udp_encode(&o, &u, &around, data, 65528);
	assert_true(o.full);
}

static void
test_length(void **state)
{
	static const struct {
		uint16_t length;
		enum v6d_wire_err err;
		size_t left;
	} t[] = {
		{ 0, V6D_WIRE_OK, 2 }, /* RFC 2675: all that is there */
		{ 1, V6D_WIRE_MALFORMED, 0 },
		{ 7, V6D_WIRE_MALFORMED, 0 },
		{ 8, V6D_WIRE_OK, 0 },
		{ 9, V6D_WIRE_OK, 1 },
		{ 10, V6D_WIRE_OK, 2 },
		{ 11, V6D_WIRE_MALFORMED, 2 },
		{ 65535, V6D_WIRE_MALFORMED, 2 },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		uint8_t buf[10] = { 0 }, *heap;
		struct v6d_wire w, data;
		struct v6d_udp u;

		buf[4] = (uint8_t)(t[i].length >> 8);
		buf[5] = (uint8_t)t[i].length;
		heap = exact(buf, sizeof(buf));
		w = v6d_wire_from(heap, sizeof(buf), sizeof(buf));
		assert_int_equal(v6d_udp_decode(&w, &u, &data), t[i].err);
		assert_int_equal(v6d_wire_left(&data), t[i].left);
		free(heap);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_zero_sum),
		cmocka_unit_test(test_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
