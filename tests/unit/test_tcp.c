/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_tcp.c - the TCP header. Checksums below come from other code. */
#include "sweep.h"

#include "proto/tcp.h"

static const char golden[] = "c35006bb 00000001 00000002 6012ffff 859e0000"
			     "020405b4 616263";

static const struct v6d_ip around = {
	.src = { 4, { 192, 0, 2, 1 } },
	.dst = { 4, { 192, 0, 2, 2 } },
};

static enum v6d_wire_err
decode(struct v6d_wire *w, const void *arg)
{
	struct v6d_tcp t;

	(void)arg;
	return v6d_tcp_decode(w, &t);
}

static void
test_golden(void **state)
{
	uint8_t buf[64], out[64];
	size_t n = unhex(golden, buf, sizeof(buf));
	struct v6d_wire w = v6d_wire_from(buf, n, n);
	struct v6d_out o = v6d_out_to(out, sizeof(out));
	struct v6d_tcp t;

	(void)state;
	assert_int_equal(v6d_tcp_decode(&w, &t), V6D_WIRE_OK);
	assert_int_equal(t.sport, 50000);
	assert_int_equal(t.dport, 1723);
	assert_int_equal(t.seq, 1);
	assert_int_equal(t.ack, 2);
	assert_int_equal(t.flags, V6D_TCP_SYN | V6D_TCP_ACK);
	assert_int_equal(t.window, 65535);
	assert_int_equal(t.mss, 1460);
	assert_int_equal(t.header_len, 24);
	assert_false(t.sack_ok || t.bad_option);
	assert_int_equal(v6d_wire_left(&w), 3);
	v6d_tcp_encode(&o, &t, &around, w.p, 3);
	assert_hex(&o, golden);
	sweep(buf, n, 24, decode, NULL);
	t.mss = 0;
	o = v6d_out_to(out, sizeof(out));
	v6d_tcp_encode(&o, &t, &around, w.p, 3);
	assert_int_equal(o.len, 23);
	assert_int_equal(out[12], 0x50);
	o = v6d_out_to(out, 22);
	v6d_tcp_encode(&o, &t, &around, w.p, 3);
	assert_true(o.full);
}

/* SYN of a usual stack: MSS, SACK permitted, timestamps, window scale. */
static const char usual[] = "c35006bb 00000001 00000000 a002ffff a8110000"
			    "020405b4 0402 080a 0000000b 00000007 030307 00";
/* An ack that says what arrived out of order. */
static const char holes[] = "c35006bb 00000001 00000002 b010ffff 00000000"
			    "0101 080a 0000000b 00000007"
			    "0101 050a 00000010 00000020";

static void
test_usual_options(void **state)
{
	uint8_t buf[64], out[64];
	size_t n = unhex(usual, buf, sizeof(buf));
	struct v6d_wire w = v6d_wire_from(buf, n, n);
	struct v6d_out o = v6d_out_to(out, sizeof(out));
	struct v6d_tcp t, again;

	(void)state;
	assert_int_equal(v6d_tcp_decode(&w, &t), V6D_WIRE_OK);
	assert_false(t.bad_option);
	assert_int_equal(t.mss, 1460);
	assert_true(t.sack_ok && t.has_ts && t.has_wscale);
	assert_int_equal(t.tsval, 11);
	assert_int_equal(t.tsecr, 7);
	assert_int_equal(t.wscale, 7);
	sweep(buf, n, 40, decode, NULL);
	/* written, and read again */
	v6d_tcp_encode(&o, &t, &around, NULL, 0);
	w = v6d_wire_from(out, o.len, o.len);
	assert_int_equal(v6d_tcp_decode(&w, &again), V6D_WIRE_OK);
	assert_int_equal(o.len, 40);
	assert_memory_equal(&t, &again, sizeof(t));
	n = unhex(holes, buf, sizeof(buf));
	w = v6d_wire_from(buf, n, n);
	assert_int_equal(v6d_tcp_decode(&w, &t), V6D_WIRE_OK);
	assert_int_equal(t.n_sack, 1);
	assert_int_equal(t.sack[0].from, 16);
	assert_int_equal(t.sack[0].to, 32);
	sweep(buf, n, 44, decode, NULL);
}

static void
test_options(void **state)
{
	static const struct {
		uint8_t words; /* data offset */
		const char *hex;
		enum v6d_wire_err err;
		uint16_t mss;
		bool sack_ok, bad;
	} t[] = {
		{ 0, "", V6D_WIRE_MALFORMED, 0, false, false },
		{ 4, "", V6D_WIRE_MALFORMED, 0, false, false },
		{ 5, "", V6D_WIRE_OK, 0, false, false },
		{ 6, "", V6D_WIRE_MALFORMED, 0, false, false },
		{ 15, "020405b4", V6D_WIRE_MALFORMED, 0, false, false },
		{ 7, "020405b4 01010402", V6D_WIRE_OK, 1460, true, false },
		{ 7, "0402080a 020405b4", V6D_WIRE_OK, 0, true, true },
		{ 6, "01010101", V6D_WIRE_OK, 0, false, false },
		{ 6, "00020304", V6D_WIRE_OK, 0, false, false },
		{ 6, "02000000", V6D_WIRE_OK, 0, false, true },
		{ 6, "02010000", V6D_WIRE_OK, 0, false, true },
		{ 6, "02030000", V6D_WIRE_OK, 0, false, true },
		{ 6, "020505b4", V6D_WIRE_OK, 0, false, true },
		/* lengths that are not those of their kind */
		{ 6, "03020000", V6D_WIRE_OK, 0, false, true },
		{ 6, "04030000", V6D_WIRE_OK, 0, false, true },
		{ 6, "08040000", V6D_WIRE_OK, 0, false, true },
		{ 6, "05020000", V6D_WIRE_OK, 0, false, true },
		{ 8, "05090000 00000000 00010101", V6D_WIRE_OK, 0, false,
		    true },
		/* another's option is passed over */
		{ 7, "fd04f989 020405b4", V6D_WIRE_OK, 1460, false, false },
		{ 6, "02ff05b4", V6D_WIRE_OK, 0, false, true },
		{ 6, "01010102", V6D_WIRE_OK, 0, false, true },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		uint8_t buf[64] = { 0 }, *heap;
		size_t n = 20 + unhex(t[i].hex, buf + 20, sizeof(buf) - 20);
		struct v6d_wire w;
		struct v6d_tcp h;

		buf[12] = (uint8_t)(t[i].words << 4);
		heap = exact(buf, n);
		w = v6d_wire_from(heap, n, n);
		v6d_tcp_decode(&w, &h);
		if (w.err != t[i].err || h.mss != t[i].mss ||
		    h.sack_ok != t[i].sack_ok || h.bad_option != t[i].bad)
			fail_msg("row %zu: %d", i, (int)w.err);
		free(heap);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_usual_options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
