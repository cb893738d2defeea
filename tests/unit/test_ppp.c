/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_ppp.c - PPP framing and Configure packets. */
#include "sweep.h"

#include "proto/ppp.h"

static enum v6d_wire_err
decode_ppp(struct v6d_wire *w, const void *arg)
{
	struct v6d_ppp p;

	(void)arg;
	return v6d_ppp_decode(w, &p);
}

static void
test_framing(void **state)
{
	static const struct {
		const char *hex;
		enum v6d_wire_err err;
		uint16_t proto;
		bool ff03, shortened;
	} t[] = {
		{ "ff03c021", V6D_WIRE_OK, V6D_PPP_LCP, true, false },
		{ "c021", V6D_WIRE_OK, V6D_PPP_LCP, false, false },
		{ "ff030057", V6D_WIRE_OK, V6D_PPP_IPV6, true, false },
		{ "ff0357", V6D_WIRE_OK, V6D_PPP_IPV6, true, true },
		{ "0057", V6D_WIRE_OK, V6D_PPP_IPV6, false, false },
		{ "57", V6D_WIRE_OK, V6D_PPP_IPV6, false, true },
		{ "", V6D_WIRE_MALFORMED, 0, false, false },
		{ "ff", V6D_WIRE_MALFORMED, 0, false, false },
		{ "ff03", V6D_WIRE_MALFORMED, 0, true, false },
		{ "ff04c021", V6D_WIRE_MALFORMED, 0, false, false },
		{ "00", V6D_WIRE_MALFORMED, 0, false, false },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		uint8_t buf[8];
		size_t n = unhex(t[i].hex, buf, sizeof(buf));
		uint8_t *heap = exact(buf, n);
		struct v6d_wire w = v6d_wire_from(heap, n, n);
		struct v6d_ppp p;

		assert_int_equal(v6d_ppp_decode(&w, &p), t[i].err);
		assert_int_equal(p.had_ff03, t[i].ff03);
		if (t[i].err == V6D_WIRE_OK) {
			assert_int_equal(p.proto, t[i].proto);
			assert_int_equal(p.short_proto, t[i].shortened);
			sweep(buf, n, n, decode_ppp, NULL);
		}
		free(heap);
	}
}

static void
test_encode(void **state)
{
	uint8_t buf[64];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	(void)state;
	v6d_ppp_encode(&o, V6D_PPP_IPV6CP);
	v6d_cp_encode(&o, V6D_CP_CONF_REQ, 1,
	    (const uint8_t *)"\x01\x0a\0\0\0\0\0\0\0\x01", 10);
	assert_hex(&o, "ff038057 0101000e 010a0000000000000001");
	o = v6d_out_to(buf, sizeof(buf));
	v6d_cp_put_opt(&o, V6D_LCP_MRU, (const uint8_t *)"\x05\xdc", 2);
	v6d_cp_put_opt(&o, V6D_LCP_PFC, NULL, 0);
	assert_hex(&o, "010405dc 0702");
	v6d_cp_put_opt(&o, 9, buf, 254);
	assert_true(o.full);
	o = v6d_out_to(buf, sizeof(buf));
	v6d_cp_encode(&o, V6D_CP_CONF_REQ, 1, buf, 65532);
	assert_true(o.full);
}

/* Header and options of one LCP packet. */
static enum v6d_wire_err
decode_lcp(struct v6d_wire *w, const void *arg)
{
	struct v6d_lcp_opts o;
	struct v6d_wire data;
	struct v6d_cp c;

	(void)arg;
	v6d_cp_decode(w, &c, &data);
	v6d_lcp_opts_decode(&data, &o);
	v6d_wire_fail(w, data.err);
	return w->err;
}

static void
test_lcp(void **state)
{
	static const char hex[] = "01010023 010405dc 020600000001 0305c22381"
				  "0506deadbeef 0702 0802 0d0306 11040646";
	uint8_t buf[64];
	size_t n = unhex(hex, buf, sizeof(buf));
	struct v6d_wire w = v6d_wire_from(buf, n, n), data;
	struct v6d_lcp_opts o;
	struct v6d_cp c;

	(void)state;
	buf[3] = (uint8_t)n;
	assert_int_equal(v6d_cp_decode(&w, &c, &data), V6D_WIRE_OK);
	assert_int_equal(c.code, V6D_CP_CONF_REQ);
	assert_int_equal(c.id, 1);
	assert_int_equal(c.length, n);
	assert_int_equal(v6d_lcp_opts_decode(&data, &o), V6D_WIRE_OK);
	assert_true(o.has_mru && o.has_accm && o.has_auth && o.has_magic);
	assert_true(o.pfc && o.acfc);
	assert_int_equal(o.mru, 1500);
	assert_int_equal(o.accm, 1);
	assert_int_equal(o.magic, 0xdeadbeef);
	assert_int_equal(o.auth_proto, V6D_PPP_CHAP);
	assert_int_equal(o.auth_alg, 0x81);
	assert_int_equal(o.n_other, 2);
	assert_false(o.bad_option);
	sweep(buf, n, n, decode_lcp, NULL);
}

static void
test_lcp_lengths(void **state)
{
	static const struct {
		const char *hex; /* options */
		enum v6d_wire_err err;
		bool bad;
	} t[] = {
		{ "", V6D_WIRE_OK, false },
		{ "0100", V6D_WIRE_MALFORMED, false },
		{ "0101", V6D_WIRE_MALFORMED, false },
		{ "0102", V6D_WIRE_OK, true },
		{ "010305", V6D_WIRE_OK, true },
		{ "010405dc", V6D_WIRE_OK, false },
		{ "010505dc00", V6D_WIRE_OK, true },
		{ "010505dc", V6D_WIRE_MALFORMED, false },
		{ "01ff05dc", V6D_WIRE_MALFORMED, false },
		{ "0206ffffffff", V6D_WIRE_OK, false },
		{ "0204ffff", V6D_WIRE_OK, true },
		{ "0304c023", V6D_WIRE_OK, false },
		{ "0303c0", V6D_WIRE_OK, true },
		{ "0304c223", V6D_WIRE_OK, true },
		{ "0304c227", V6D_WIRE_OK, false },
		{ "0504dead", V6D_WIRE_OK, true },
		{ "070300", V6D_WIRE_OK, true },
		{ "080300", V6D_WIRE_OK, true },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		uint8_t buf[32];
		size_t n = unhex(t[i].hex, buf, sizeof(buf));
		uint8_t *heap = exact(buf, n);
		struct v6d_wire w = v6d_wire_from(heap, n, n);
		struct v6d_lcp_opts o;

		if (v6d_lcp_opts_decode(&w, &o) != t[i].err ||
		    o.bad_option != t[i].bad)
			fail_msg("options %s: %d", t[i].hex, (int)w.err);
		free(heap);
	}
}

static void
test_cp_length(void **state)
{
	static const struct {
		const char *hex;
		enum v6d_wire_err err;
		size_t left; /* in the data */
	} t[] = {
		{ "01010000aabb", V6D_WIRE_MALFORMED, 0 },
		{ "01010003aabb", V6D_WIRE_MALFORMED, 0 },
		{ "01010004aabb", V6D_WIRE_OK, 0 },
		{ "01010005aabb", V6D_WIRE_OK, 1 },
		{ "01010006aabb", V6D_WIRE_OK, 2 },
		{ "01010007aabb", V6D_WIRE_MALFORMED, 2 },
		{ "0101ffffaabb", V6D_WIRE_MALFORMED, 2 },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		uint8_t buf[8];
		size_t n = unhex(t[i].hex, buf, sizeof(buf));
		uint8_t *heap = exact(buf, n);
		struct v6d_wire w = v6d_wire_from(heap, n, n), data;
		struct v6d_cp c;

		assert_int_equal(v6d_cp_decode(&w, &c, &data), t[i].err);
		assert_int_equal(v6d_wire_left(&data), t[i].left);
		free(heap);
	}
}

static enum v6d_wire_err
decode_ipv6cp(struct v6d_wire *w, const void *arg)
{
	struct v6d_ipv6cp_opts o;

	(void)arg;
	return v6d_ipv6cp_opts_decode(w, &o);
}

static void
test_ipv6cp(void **state)
{
	uint8_t buf[32];
	size_t n = unhex("010a0000000000000001 02040061", buf, sizeof(buf));
	struct v6d_wire w = v6d_wire_from(buf, n, n);
	struct v6d_ipv6cp_opts o;

	(void)state;
	assert_int_equal(v6d_ipv6cp_opts_decode(&w, &o), V6D_WIRE_OK);
	assert_true(o.has_ifid);
	assert_memory_equal(o.ifid, "\0\0\0\0\0\0\0\x01", 8);
	assert_int_equal(o.n_other, 1);
	assert_false(o.bad_option);
	sweep(buf, n, 0, decode_ipv6cp, NULL);
	n = unhex("0109000000000000 01", buf, sizeof(buf));
	w = v6d_wire_from(buf, n, n);
	assert_int_equal(v6d_ipv6cp_opts_decode(&w, &o), V6D_WIRE_OK);
	assert_true(o.bad_option && !o.has_ifid);
}

static void
test_names(void **state)
{
	(void)state;
	assert_string_equal(v6d_ppp_proto_name(0xc021), "LCP");
	assert_string_equal(v6d_ppp_proto_name(0x8057), "IPV6CP");
	assert_string_equal(v6d_ppp_proto_name(1), "unknown");
	assert_string_equal(v6d_cp_code_name(1), "Configure-Request");
	assert_string_equal(v6d_cp_code_name(8), "Protocol-Reject");
	assert_string_equal(v6d_cp_code_name(0), "unknown");
	assert_string_equal(v6d_cp_code_name(14), "unknown");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_framing),
		cmocka_unit_test(test_encode),
		cmocka_unit_test(test_lcp),
		cmocka_unit_test(test_lcp_lengths),
		cmocka_unit_test(test_cp_length),
		cmocka_unit_test(test_ipv6cp),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
