/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_nd.c - Router Solicitations and Advertisements. */
#include "sweep.h"

#include "proto/nd.h"

/* By radvd behind a real server: /64 on-link autonomous, MTU 1400. */
static const char golden[] = "86003519 4000001e 00000000 00000000"
			     "0304 40c0 00015180 00003840 00000000"
			     "20010db8011800000000000000000000"
			     "0501 0000 00000578";

static const struct v6d_ip around = {
	.src = { 6, { 0xfe, 0x80, [15] = 1 } },
	.dst = { 6, { 0xff, 0x02, [15] = 1 } },
	.version = 6,
	.ttl = 255,
	.proto = V6D_IPPROTO_ICMP6,
};

static enum v6d_wire_err
decode(struct v6d_wire *w, const void *arg)
{
	struct v6d_ra ra;

	(void)arg;
	return v6d_ra_decode(w, &around, &ra);
}

static void
test_golden(void **state)
{
	uint8_t buf[128], out[128];
	size_t n = unhex(golden, buf, sizeof(buf));
	struct v6d_wire w = v6d_wire_from(buf, n, n);
	struct v6d_out o = v6d_out_to(out, sizeof(out));
	char text[V6D_ADDR_TEXT];
	struct v6d_ra ra;

	(void)state;
	assert_int_equal(v6d_ra_decode(&w, &around, &ra), V6D_WIRE_OK);
	assert_true(v6d_ra_valid(&ra));
	assert_int_equal(ra.cur_hop_limit, 64);
	assert_int_equal(ra.lifetime_s, 30);
	assert_int_equal(ra.mtu, 1400);
	assert_false(ra.managed || ra.other || ra.bad_option);
	assert_int_equal(ra.n_prefixes, 1);
	assert_int_equal(ra.prefixes[0].prefix.len, 64);
	assert_string_equal(
	    v6d_addr_text(&ra.prefixes[0].prefix.addr, text, sizeof(text)),
	    "2001:db8:118::");
	assert_true(ra.prefixes[0].on_link && ra.prefixes[0].autonomous);
	assert_int_equal(ra.prefixes[0].valid_s, 86400);
	assert_int_equal(ra.prefixes[0].preferred_s, 14400);
	v6d_ra_encode(&o, &ra, &around);
	assert_hex(&o, golden);
	/* 16 bytes and every whole option are an RA of their own. */
	sweep(buf, n, 16, decode, NULL);
}

/* What RFC 4861 6.1.2 wants, broken one by one. */
static void
test_valid(void **state)
{
	uint8_t buf[128];
	size_t n = unhex(golden, buf, sizeof(buf));
	struct v6d_wire w = v6d_wire_from(buf, n, n);
	struct v6d_ip ip = around;
	struct v6d_ra ra;

	(void)state;
	ip.ttl = 254;
	v6d_ra_decode(&w, &ip, &ra);
	assert_false(ra.hop_limit_255 || v6d_ra_valid(&ra));
	assert_true(ra.checksum_ok);
	ip = around;
	ip.src.b[0] = 0x20;
	w = v6d_wire_from(buf, n, n);
	v6d_ra_decode(&w, &ip, &ra);
	assert_false(ra.source_link_local || v6d_ra_valid(&ra));
	buf[n - 1]++;
	w = v6d_wire_from(buf, n, n);
	assert_int_equal(v6d_ra_decode(&w, &around, &ra), V6D_WIRE_OK);
	assert_false(ra.checksum_ok || v6d_ra_valid(&ra));
	w = v6d_wire_from(buf, n - 8, n); /* not whole: cannot be judged */
	assert_int_equal(v6d_ra_decode(&w, &around, &ra), V6D_WIRE_TRUNCATED);
	assert_true(ra.checksum_ok);
	buf[1] = 1;
	w = v6d_wire_from(buf, n, n);
	v6d_ra_decode(&w, &around, &ra);
	assert_false(ra.code_0 || v6d_ra_valid(&ra));
}

static void
test_options(void **state)
{
#define PREFIX(len, flags, valid, preferred) \
	len flags valid preferred "00000000 20010db8000000000000000000000000"
	static const struct {
		const char *hex;
		enum v6d_wire_err err;
		bool bad;
		unsigned n_prefixes, n_rdnss;
		uint32_t mtu;
	} t[] = {
		{ "", V6D_WIRE_OK, false, 0, 0, 0 },
		{ "0500000000000578", V6D_WIRE_MALFORMED, false, 0, 0, 0 },
		{ "0502000000000578", V6D_WIRE_MALFORMED, false, 0, 0, 0 },
		{ "05ff000000000578", V6D_WIRE_MALFORMED, false, 0, 0, 0 },
		{ "05", V6D_WIRE_MALFORMED, false, 0, 0, 0 },
		{ "0501000000000578", V6D_WIRE_OK, false, 0, 0, 1400 },
		{ "0502000000000578 0000000000000000", V6D_WIRE_OK, true, 0, 0,
		    0 },
		{ "0101020000000001 0501000000000578", V6D_WIRE_OK, false, 0, 0,
		    1400 },
		{ "0304" PREFIX("40", "c0", "00000002", "00000001"),
		    V6D_WIRE_OK, false, 1, 0, 0 },
		{ "0304" PREFIX("80", "00", "ffffffff", "ffffffff"),
		    V6D_WIRE_OK, false, 1, 0, 0 },
		{ "0304" PREFIX("81", "c0", "00000002", "00000001"),
		    V6D_WIRE_OK, true, 0, 0, 0 },
		{ "0304" PREFIX("40", "c0", "00000001", "00000002"),
		    V6D_WIRE_OK, true, 0, 0, 0 },
		{ "030340c0 00000002 00000001 00000000 0000000000000000",
		    V6D_WIRE_OK, true, 0, 0, 0 },
		{ "1903 0000 00000004 20010db8000000000000000000000053",
		    V6D_WIRE_OK, false, 0, 1, 0 },
		{ "1901 0000 00000004", V6D_WIRE_OK, true, 0, 0, 0 },
		{ "1902 0000 00000004 20010db800000000", V6D_WIRE_OK, true, 0,
		    0, 0 },
		{ "f002 0000 00000004 20010db800000000", V6D_WIRE_OK, false, 0,
		    0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		uint8_t buf[128] = { 134 }, *heap;
		size_t n = 16 + unhex(t[i].hex, buf + 16, sizeof(buf) - 16);
		struct v6d_wire w;
		struct v6d_ra ra;

		heap = exact(buf, n);
		w = v6d_wire_from(heap, n, n);
		v6d_ra_decode(&w, &around, &ra);
		if (w.err != t[i].err || ra.bad_option != t[i].bad ||
		    ra.n_prefixes != t[i].n_prefixes ||
		    ra.n_rdnss != t[i].n_rdnss || ra.mtu != t[i].mtu)
			fail_msg("options %s: %d", t[i].hex, (int)w.err);
		free(heap);
	}
}

/* More than the tables hold is counted; all that they hold is kept. */
static void
test_full_tables(void **state)
{
	uint8_t buf[1024];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	struct v6d_ra ra = {
		.managed = true,
		.other = true,
		.n_prefixes = V6D_RA_PREFIXES,
		.n_rdnss = V6D_RA_RDNSS,
		.rdnss_lifetime_s = 1800,
	};
	struct v6d_wire w;
	size_t n;

	(void)state;
	for (uint8_t i = 0; i < V6D_RA_PREFIXES; i++) {
		ra.prefixes[i].prefix.addr = around.src;
		ra.prefixes[i].prefix.len = (uint8_t)(64 + i);
	}
	for (uint8_t i = 0; i < V6D_RA_RDNSS; i++) {
		ra.rdnss[i] = around.src;
		ra.rdnss[i].b[15] = i;
	}
	v6d_ra_encode(&o, &ra, &around);
	n = o.len - 16;
	v6d_out_bytes(&o, buf + 16, n); /* the same options once more */
	assert_false(o.full);
	w = v6d_wire_from(buf, o.len, o.len);
	assert_int_equal(v6d_ra_decode(&w, &around, &ra), V6D_WIRE_OK);
	assert_true(ra.managed && ra.other);
	assert_int_equal(ra.n_prefixes, V6D_RA_PREFIXES);
	assert_int_equal(ra.prefixes[7].prefix.len, 71);
	assert_int_equal(ra.n_rdnss, V6D_RA_RDNSS);
	assert_int_equal(ra.rdnss[3].b[15], 3);
	assert_int_equal(ra.n_dropped, V6D_RA_PREFIXES + V6D_RA_RDNSS);
}

static void
test_rs(void **state)
{
	/* Checksum computed by other code. */
	static const char want[] = "6000000000083aff"
				   "fe800000000000000000000000000001"
				   "ff020000000000000000000000000002"
				   "85007d36 00000000";
	uint8_t buf[64];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	(void)state;
	v6d_rs_encode_packet(&o, &around.src);
	assert_hex(&o, want);
	o = v6d_out_to(buf, 47);
	v6d_rs_encode_packet(&o, &around.src);
	assert_true(o.full);
}

static void
test_not_an_ra(void **state)
{
	uint8_t buf[16] = { 133 };

	(void)state;
	assert_int_equal(
	    sweep_once(buf, 16, 16, decode, NULL), V6D_WIRE_MALFORMED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_valid),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_full_tables),
		cmocka_unit_test(test_rs),
		cmocka_unit_test(test_not_an_ra),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
