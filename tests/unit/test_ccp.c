/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_ccp.c - the MPPE option and MPPE's header. */
#include "sweep.h"

#include "proto/ccp.h"

static enum v6d_wire_err
decode_opts(struct v6d_wire *w, const void *arg)
{
	struct v6d_ccp_opts o;

	(void)arg;
	return v6d_ccp_opts_decode(w, &o);
}

static enum v6d_wire_err
decode_head(struct v6d_wire *w, const void *arg)
{
	struct v6d_mppe_head h;

	(void)arg;
	return v6d_mppe_head_decode(w, &h);
}

static void
test_option(void **state)
{
	uint8_t buf[16];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	struct v6d_wire w;
	struct v6d_ccp_opts c;

	(void)state;
	v6d_ccp_put_mppe(&o, V6D_MPPE_BIT_STATELESS | V6D_MPPE_BIT_128);
	assert_hex(&o, "120601000040");
	sweep(buf, o.len, 0, decode_opts, NULL);
	w = v6d_wire_from(buf, o.len, o.len);
	assert_int_equal(v6d_ccp_opts_decode(&w, &c), V6D_WIRE_OK);
	assert_true(c.has_mppe);
	assert_int_equal(c.mppe, 0x01000040);
	assert_int_equal(c.n_other, 0);
}

static void
test_option_lengths(void **state)
{
	static const struct {
		const char *hex;
		enum v6d_wire_err err;
		bool has, bad;
		unsigned other;
	} t[] = {
		{ "", V6D_WIRE_OK, false, false, 0 },
		{ "1202", V6D_WIRE_OK, false, true, 0 },
		{ "1205010000", V6D_WIRE_OK, false, true, 0 },
		{ "12070100004000", V6D_WIRE_OK, false, true, 0 },
		{ "1200", V6D_WIRE_MALFORMED, false, false, 0 },
		{ "12ff01000040", V6D_WIRE_MALFORMED, false, false, 0 },
		{ "1a047800 1503 2f 120600000020", V6D_WIRE_OK, true, false,
		    2 },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		uint8_t buf[32];
		size_t n = unhex(t[i].hex, buf, sizeof(buf));
		uint8_t *heap = exact(buf, n);
		struct v6d_wire w = v6d_wire_from(heap, n, n);
		struct v6d_ccp_opts c;

		if (v6d_ccp_opts_decode(&w, &c) != t[i].err ||
		    c.has_mppe != t[i].has || c.bad_option != t[i].bad ||
		    c.n_other != t[i].other)
			fail_msg("CCP %s: %d", t[i].hex, (int)w.err);
		free(heap);
	}
}

static void
test_header(void **state)
{
	static const struct {
		const char *hex;
		struct v6d_mppe_head h;
	} t[] = {
		{ "9000", { true, true, 0 } },
		{ "9fff", { true, true, 4095 } },
		{ "1001", { false, true, 1 } },
		{ "8123", { true, false, 0x123 } },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		uint8_t buf[4];
		struct v6d_out o = v6d_out_to(buf, sizeof(buf));
		struct v6d_wire w;
		struct v6d_mppe_head h;

		v6d_mppe_head_encode(&o, &t[i].h);
		assert_hex(&o, t[i].hex);
		sweep(buf, o.len, o.len, decode_head, NULL);
		w = v6d_wire_from(buf, o.len, o.len);
		assert_int_equal(v6d_mppe_head_decode(&w, &h), V6D_WIRE_OK);
		assert_int_equal(h.flushed, t[i].h.flushed);
		assert_int_equal(h.encrypted, t[i].h.encrypted);
		assert_int_equal(h.count, t[i].h.count);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_option),
		cmocka_unit_test(test_option_lengths),
		cmocka_unit_test(test_header),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
