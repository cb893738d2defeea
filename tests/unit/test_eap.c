/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_eap.c - EAP packets. */
#include "sweep.h"

#include "proto/eap.h"

static enum v6d_wire_err
decode(struct v6d_wire *w, const void *arg)
{
	struct v6d_eap e;

	(void)arg;
	return v6d_eap_decode(w, &e);
}

static void
test_identity(void **state)
{
	uint8_t buf[64];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	struct v6d_wire w;
	struct v6d_eap e;

	(void)state;
	v6d_eap_encode(&o, V6D_EAP_RESPONSE, 3, V6D_EAP_IDENTITY, "user", 4);
	assert_hex(&o, "02030009 01 75736572");
	sweep(buf, o.len, o.len, decode, NULL);
	w = v6d_wire_from(buf, o.len, o.len);
	assert_int_equal(v6d_eap_decode(&w, &e), V6D_WIRE_OK);
	assert_int_equal(e.cp.code, V6D_EAP_RESPONSE);
	assert_int_equal(e.type, V6D_EAP_IDENTITY);
	assert_int_equal(e.data_len, 4);
	assert_memory_equal(e.data, "user", 4);
	assert_null(e.value);
}

static void
test_md5(void **state)
{
	static const uint8_t value[] = { 0xde, 0xad };
	uint8_t buf[64];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	struct v6d_wire w;
	struct v6d_eap e;

	(void)state;
	v6d_eap_encode_md5(&o, V6D_EAP_REQUEST, 9, value, 2, "srv");
	assert_hex(&o, "0109000b 04 02dead 737276");
	sweep(buf, o.len, o.len, decode, NULL);
	w = v6d_wire_from(buf, o.len, o.len);
	assert_int_equal(v6d_eap_decode(&w, &e), V6D_WIRE_OK);
	assert_int_equal(e.value_len, 2);
	assert_memory_equal(e.value, value, 2);
	assert_int_equal(e.name_len, 3);
	assert_memory_equal(e.name, "srv", 3);
}

static void
test_lengths(void **state)
{
	static const struct {
		const char *hex;
		enum v6d_wire_err err;
		size_t value_len;
	} t[] = {
		{ "03010004", V6D_WIRE_OK, 0 },
		{ "04010004", V6D_WIRE_OK, 0 },
		{ "01010004", V6D_WIRE_MALFORMED, 0 }, /* no type */
		{ "0101000501", V6D_WIRE_OK, 0 },
		{ "0101000504", V6D_WIRE_MALFORMED, 0 }, /* no value size */
		{ "010100060400", V6D_WIRE_OK, 0 },
		{ "01010007040155", V6D_WIRE_OK, 1 },
		{ "01010007040255", V6D_WIRE_MALFORMED, 0 },
		{ "0101000704ff55", V6D_WIRE_MALFORMED, 0 },
		{ "01010003040155", V6D_WIRE_MALFORMED, 0 },
		{ "0101ffff040155", V6D_WIRE_MALFORMED, 1 },
		{ "09010004", V6D_WIRE_OK, 0 },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		uint8_t buf[16];
		size_t n = unhex(t[i].hex, buf, sizeof(buf));
		uint8_t *heap = exact(buf, n);
		struct v6d_wire w = v6d_wire_from(heap, n, n);
		struct v6d_eap e;

		if (v6d_eap_decode(&w, &e) != t[i].err ||
		    (!w.err && e.value_len != t[i].value_len))
			fail_msg("EAP %s: %d", t[i].hex, (int)w.err);
		free(heap);
	}
}

/* What does not fit is not sent at all. */
static void
test_too_long(void **state)
{
	uint8_t buf[1024], data[600] = { 0 };
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	(void)state;
	v6d_eap_encode(&o, V6D_EAP_RESPONSE, 1, V6D_EAP_IDENTITY, data, 600);
	assert_true(o.full);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_identity),
		cmocka_unit_test(test_md5),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
