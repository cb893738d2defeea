/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_pptp.c - PPTP control messages. */
#include "sweep.h"

#include "proto/pptp.h"

static enum v6d_wire_err
decode(struct v6d_wire *w, const void *arg)
{
	struct v6d_pptp m;

	(void)arg;
	return v6d_pptp_decode(w, &m);
}

/* Every field of every message set to something of its own. */
static struct v6d_pptp
full(uint16_t type)
{
	struct v6d_pptp m = {
		.type = type,
		.version = 0x0100,
		.result = 1,
		.error = 5,
		.framing = 0x03040506,
		.bearer = 0x0708090a,
		.max_channels = 0x0b0c,
		.firmware = 0x0d0e,
		.host = "local",
		.vendor = "v6doctor",
		.echo_id = 0x0f101112,
		.call_id = 0xabcd,
		.peer_call_id = 0x1234,
		.serial = 0x1314,
		.min_bps = 2400,
		.max_bps = 10000000,
		.window = 64,
		.delay = 10,
		.cause = 0x1516,
		.channel = 0x1718191a,
		.send_accm = UINT32_MAX,
		.recv_accm = 0x1b1c1d1e,
		.phone = "0312345678",
		.subaddress = "42",
		.dialing = "0398765432",
		.wen_errors = { 1, 2, 3, 4, 5, 6 },
	};

	memset(m.vendor, 'v', sizeof(m.vendor)); /* no room for a NUL */
	return m;
}

/* Encoding, decoding and encoding again gives the same bytes. */
static void
test_round_trip(void **state)
{
	(void)state;
	for (uint16_t type = 1; type <= 15; type++) {
		uint8_t a[V6D_PPTP_MAX], b[V6D_PPTP_MAX];
		struct v6d_out oa = v6d_out_to(a, sizeof(a));
		struct v6d_out ob = v6d_out_to(b, sizeof(b));
		struct v6d_pptp m = full(type);
		struct v6d_wire w;
		size_t n = 0;

		v6d_pptp_encode(&oa, &m);
		assert_false(oa.full);
		assert_int_equal(oa.len, v6d_pptp_length(type));
		assert_int_equal(v6d_pptp_peek(a, oa.len, &n), V6D_WIRE_OK);
		assert_int_equal(n, oa.len);
		w = v6d_wire_from(a, oa.len, oa.len);
		assert_int_equal(v6d_pptp_decode(&w, &m), V6D_WIRE_OK);
		assert_int_equal(v6d_wire_left(&w), 0);
		assert_int_equal(m.type, type);
		assert_int_equal(m.length, oa.len);
		v6d_pptp_encode(&ob, &m);
		assert_int_equal(ob.len, oa.len);
		assert_memory_equal(a, b, oa.len);
		sweep(a, oa.len, oa.len, decode, NULL);
	}
}

static void
encode_as(const struct v6d_pptp *m, const char *hex)
{
	uint8_t buf[V6D_PPTP_MAX];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	v6d_pptp_encode(&o, m);
	assert_hex(&o, hex);
}

static void
test_golden(void **state)
{
	(void)state;
	encode_as(&(struct v6d_pptp){ .type = V6D_PPTP_SLI,
		      .peer_call_id = 7,
		      .send_accm = UINT32_MAX,
		      .recv_accm = UINT32_MAX },
	    "00180001 1a2b3c4d 000f0000 00070000 ffffffff ffffffff");
	encode_as(&(struct v6d_pptp){ .type = V6D_PPTP_ECHORQ, .echo_id = 1 },
	    "00100001 1a2b3c4d 00050000 00000001");
	encode_as(
	    &(struct v6d_pptp){
		.type = V6D_PPTP_ECHORP, .echo_id = 1, .result = 1 },
	    "00140001 1a2b3c4d 00060000 00000001 01000000");
	encode_as(&(struct v6d_pptp){ .type = V6D_PPTP_CCR, .call_id = 0xabcd },
	    "00100001 1a2b3c4d 000c0000 abcd0000");
	encode_as(&(struct v6d_pptp){ .type = V6D_PPTP_STOPCCRQ, .result = 1 },
	    "00100001 1a2b3c4d 00030000 01000000");
	encode_as(&(struct v6d_pptp){ .type = V6D_PPTP_OCRP,
		      .call_id = 0xabcd,
		      .peer_call_id = 7,
		      .result = 4,
		      .error = 0,
		      .cause = 17,
		      .max_bps = 10000000,
		      .window = 3,
		      .delay = 1,
		      .channel = 9 },
	    "00200001 1a2b3c4d 00080000 abcd0007 04000011 00989680"
	    "00030001 00000009");
}

/* Where names and the numbers before them stand (RFC 2637 2.1, 2.7). */
static void
test_places(void **state)
{
	uint8_t buf[V6D_PPTP_MAX];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	struct v6d_pptp m = full(V6D_PPTP_SCCRP);

	(void)state;
	v6d_pptp_encode(&o, &m);
	assert_memory_equal(buf + 12, "\x01\x00\x01\x05\x03\x04\x05\x06", 8);
	assert_memory_equal(buf + 24, "\x0b\x0c\x0d\x0elocal\0", 10);
	assert_memory_equal(buf + 92, m.vendor, 64);
	m = full(V6D_PPTP_OCRQ);
	o = v6d_out_to(buf, sizeof(buf));
	v6d_pptp_encode(&o, &m);
	assert_memory_equal(buf + 12, "\xab\xcd\x13\x14\0\0\x09\x60", 8);
	assert_memory_equal(buf + 32,
	    "\0\x40\0\x0a\0\x0a\0\0"
	    "0312",
	    12);
	assert_memory_equal(buf + 104, "42\0", 3);
	m = full(V6D_PPTP_CDN);
	o = v6d_out_to(buf, sizeof(buf));
	v6d_pptp_encode(&o, &m);
	assert_memory_equal(buf + 12, "\xab\xcd\x01\x05\x15\x16\0\0", 8);
}

/* What stands behind a name's first NUL is garbage, and not kept. */
static void
test_name_garbage(void **state)
{
	static const uint8_t zero[58];
	uint8_t buf[V6D_PPTP_MAX];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	struct v6d_pptp m = full(V6D_PPTP_SCCRQ);
	struct v6d_wire w;

	(void)state;
	v6d_pptp_encode(&o, &m);
	memset(buf + 28 + 6, 0xee, 58);
	w = v6d_wire_from(buf, o.len, o.len);
	assert_int_equal(v6d_pptp_decode(&w, &m), V6D_WIRE_OK);
	assert_memory_equal(m.host, "local\0", 6);
	assert_memory_equal(m.host + 6, zero, 58);
}

/* Each prefix of a stream: what it is, told as early as can be. */
static void
test_peek(void **state)
{
	static const struct {
		const char *hex;
		enum v6d_wire_err err;
		size_t len;
	} t[] = {
		{ "", V6D_WIRE_TRUNCATED, 0 },
		{ "00", V6D_WIRE_TRUNCATED, 0 },
		{ "48", V6D_WIRE_MALFORMED, 0 }, /* "H" of HTTP */
		{ "000b", V6D_WIRE_MALFORMED, 0 },
		{ "000c", V6D_WIRE_TRUNCATED, 0 },
		{ "00dc", V6D_WIRE_TRUNCATED, 0 },
		{ "00dd", V6D_WIRE_MALFORMED, 0 },
		{ "0000", V6D_WIRE_MALFORMED, 0 },
		{ "ffff", V6D_WIRE_MALFORMED, 0 },
		{ "0010 0002", V6D_WIRE_MALFORMED, 0 },
		{ "0010 0001 1a", V6D_WIRE_TRUNCATED, 0 },
		{ "0010 0001 1b", V6D_WIRE_MALFORMED, 0 },
		{ "0010 0001 1a2b3c4c", V6D_WIRE_MALFORMED, 0 },
		{ "0010 0001 1a2b3c4d 00", V6D_WIRE_TRUNCATED, 0 },
		{ "0010 0001 1a2b3c4d 0005", V6D_WIRE_OK, 16 },
		{ "000f 0001 1a2b3c4d 0005", V6D_WIRE_MALFORMED, 0 },
		{ "0011 0001 1a2b3c4d 0005", V6D_WIRE_MALFORMED, 0 },
		{ "0011 0001 1a2b3c4d 0010", V6D_WIRE_OK, 17 },
		{ "00dc 0001 1a2b3c4d ffff", V6D_WIRE_OK, 220 },
		{ "000c 0001 1a2b3c4d 0000", V6D_WIRE_OK, 12 },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		uint8_t buf[16];
		size_t n = unhex(t[i].hex, buf, sizeof(buf)), len = 0;
		uint8_t *heap = exact(buf, n);

		if (v6d_pptp_peek(heap, n, &len) != t[i].err || len != t[i].len)
			fail_msg("peek at %s", t[i].hex);
		free(heap);
	}
}

static void
test_unknown_type(void **state)
{
	uint8_t buf[20] = { 0 };
	size_t n = unhex("000e 0001 1a2b3c4d 0010 0000 ffff", buf, 20);
	struct v6d_wire w = v6d_wire_from(buf, n + 4, n + 4);
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	struct v6d_pptp m;

	(void)state;
	sweep(buf, n, n, decode, NULL);
	assert_int_equal(v6d_pptp_decode(&w, &m), V6D_WIRE_OK);
	assert_int_equal(m.type, 16);
	assert_int_equal(v6d_wire_left(&w), 4); /* the next message */
	v6d_pptp_encode(&o, &m);
	assert_true(o.full);
	o = v6d_out_to(buf, sizeof(buf)); /* too small for 156 bytes */
	m.type = V6D_PPTP_SCCRQ;
	v6d_pptp_encode(&o, &m);
	assert_true(o.full);
	assert_int_equal(o.len, 0);
}

static void
test_words(void **state)
{
	(void)state;
	assert_string_equal(v6d_pptp_type_name(7), "Outgoing-Call-Request");
	assert_string_equal(v6d_pptp_type_name(0), "unknown");
	assert_string_equal(v6d_pptp_type_name(16), "unknown");
	assert_string_equal(v6d_pptp_result_text(V6D_PPTP_OCRP, 4), "busy");
	assert_string_equal(v6d_pptp_result_text(V6D_PPTP_SCCRP, 5),
	    "the protocol version is not supported");
	assert_string_equal(
	    v6d_pptp_result_text(V6D_PPTP_OCRP, 0), "unknown code");
	assert_string_equal(
	    v6d_pptp_result_text(V6D_PPTP_CDN, 255), "unknown code");
	assert_string_equal(v6d_pptp_result_text(99, 1), "unknown code");
	assert_string_equal(v6d_pptp_error_text(5), "bad Call ID");
	assert_string_equal(v6d_pptp_error_text(7), "unknown code");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_name_garbage),
		cmocka_unit_test(test_peek),
		cmocka_unit_test(test_unknown_type),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
