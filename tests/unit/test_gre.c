/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_gre.c - enhanced GRE headers. */
#include "sweep.h"

#include "proto/gre.h"

static enum v6d_wire_err
decode(struct v6d_wire *w, const void *arg)
{
	struct v6d_wire payload;
	struct v6d_gre g;

	(void)arg;
	v6d_gre_decode(w, &g, &payload);
	v6d_wire_take(&payload, w->err ? 0 : g.payload_len);
	v6d_wire_fail(w, payload.err);
	return w->err;
}

static void
test_golden(void **state)
{
	static const struct {
		const char *hex;
		struct v6d_gre want;
	} t[] = {
		{ "3001880b0003000700000001 c02101",
		    { 1, 0x880b, 7, 3, true, false, 1, 0, false } },
		{ "3081880b0003abcd0000000100000002 c02101",
		    { 1, 0x880b, 0xabcd, 3, true, true, 1, 2, false } },
		{ "2081880b0000000700000001",
		    { 1, 0x880b, 7, 0, false, true, 0, 1, false } },
		{ "3081880b00000000ffffffff00000000",
		    { 1, 0x880b, 0, 0, true, true, UINT32_MAX, 0, false } },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		const struct v6d_gre *want = &t[i].want;
		uint8_t buf[64], out[64];
		size_t n = unhex(t[i].hex, buf, sizeof(buf));
		struct v6d_wire w = v6d_wire_from(buf, n, n), payload;
		struct v6d_out o = v6d_out_to(out, sizeof(out));
		struct v6d_gre g;

		assert_int_equal(v6d_gre_decode(&w, &g, &payload), V6D_WIRE_OK);
		assert_int_equal(g.version, want->version);
		assert_int_equal(g.proto, want->proto);
		assert_int_equal(g.call_id, want->call_id);
		assert_int_equal(g.payload_len, want->payload_len);
		assert_int_equal(g.has_seq, want->has_seq);
		assert_int_equal(g.has_ack, want->has_ack);
		assert_int_equal(g.seq, want->seq);
		assert_int_equal(g.ack, want->ack);
		assert_false(g.odd_flags);
		assert_true(v6d_gre_is_pptp(&g));
		assert_int_equal(v6d_wire_left(&payload), g.payload_len);
		v6d_gre_encode(&o, &g);
		v6d_out_bytes(&o, payload.p, v6d_wire_left(&payload));
		assert_hex(&o, t[i].hex);
		sweep(buf, n, n, decode, NULL);
	}
}

static void
test_payload_length(void **state)
{
	static const struct {
		const char *hex;
		enum v6d_wire_err err;
		size_t left; /* in the payload */
	} t[] = {
		{ "3001880b0000000700000001 c02101", V6D_WIRE_OK, 0 },
		{ "3001880b0002000700000001 c02101", V6D_WIRE_OK, 2 },
		{ "3001880b0003000700000001 c02101", V6D_WIRE_OK, 3 },
		{ "3001880b0004000700000001 c02101", V6D_WIRE_MALFORMED, 3 },
		{ "3001880bffff000700000001 c02101", V6D_WIRE_MALFORMED, 3 },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		uint8_t buf[64];
		size_t n = unhex(t[i].hex, buf, sizeof(buf));
		uint8_t *heap = exact(buf, n);
		struct v6d_wire w = v6d_wire_from(heap, n, n), payload;
		struct v6d_gre g;

		assert_int_equal(v6d_gre_decode(&w, &g, &payload), t[i].err);
		assert_int_equal(v6d_wire_left(&payload), t[i].left);
		free(heap);
	}
}

static void
test_flags(void **state)
{
	static const struct {
		const char *hex;
		bool pptp, odd;
	} t[] = {
		{ "3001880b000000070000 0001", true, false },
		{ "1001880b0000000700000001", true, true }, /* no key */
		{ "b001880b0000000700000001", true, true }, /* checksum */
		{ "7001880b0000000700000001", true, true }, /* routing */
		{ "3801880b0000000700000001", true, true }, /* strict route */
		{ "3701880b0000000700000001", true, true }, /* recursion */
		{ "3009880b0000000700000001", true, true }, /* reserved */
		{ "00000800", false, false }, /* plain GRE */
		{ "00006558", false, false },
		{ "3000880b0000000700000001", false, false }, /* version 0 */
		{ "300108000000000700000001", false, false },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		uint8_t buf[64];
		size_t n = unhex(t[i].hex, buf, sizeof(buf));
		struct v6d_wire w = v6d_wire_from(buf, n, n), payload;
		struct v6d_gre g;

		assert_int_equal(v6d_gre_decode(&w, &g, &payload), V6D_WIRE_OK);
		assert_int_equal(v6d_gre_is_pptp(&g), t[i].pptp);
		assert_int_equal(g.odd_flags, t[i].odd);
		assert_int_equal(v6d_wire_left(&payload), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_payload_length),
		cmocka_unit_test(test_flags),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
