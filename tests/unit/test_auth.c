/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_auth.c - PAP and CHAP packets. */
#include "sweep.h"

#include "proto/auth.h"

static enum v6d_wire_err
decode_pap(struct v6d_wire *w, const void *arg)
{
	struct v6d_pap p;

	(void)arg;
	return v6d_pap_decode(w, &p);
}

static enum v6d_wire_err
decode_chap(struct v6d_wire *w, const void *arg)
{
	struct v6d_chap c;

	(void)arg;
	return v6d_chap_decode(w, &c);
}

static void
test_pap(void **state)
{
	uint8_t buf[1024];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	struct v6d_wire w;
	struct v6d_pap p;

	(void)state;
	v6d_pap_encode_req(&o, 7, "user", "pass1");
	assert_hex(&o, "0107000f 0475736572 057061737331");
	sweep(buf, o.len, o.len, decode_pap, NULL);
	w = v6d_wire_from(buf, o.len, o.len);
	assert_int_equal(v6d_pap_decode(&w, &p), V6D_WIRE_OK);
	assert_int_equal(p.cp.code, V6D_PAP_REQ);
	assert_int_equal(p.cp.id, 7);
	assert_int_equal(p.id_len, 4);
	assert_memory_equal(p.id, "user", 4);
	assert_int_equal(p.password_len, 5);
	assert_memory_equal(p.password, "pass1", 5);

	o = v6d_out_to(buf, sizeof(buf));
	v6d_pap_encode_reply(&o, V6D_PAP_NAK, 8, "no");
	assert_hex(&o, "03080007 026e6f");
	sweep(buf, o.len, o.len, decode_pap, NULL);
	w = v6d_wire_from(buf, o.len, o.len);
	assert_int_equal(v6d_pap_decode(&w, &p), V6D_WIRE_OK);
	assert_int_equal(p.id_len, 2);
	assert_null(p.password);
}

static void
test_pap_lengths(void **state)
{
	static const struct {
		const char *hex;
		enum v6d_wire_err err;
		uint8_t id_len, password_len;
	} t[] = {
		{ "02010004", V6D_WIRE_OK, 0, 0 }, /* no message at all */
		{ "0201000500", V6D_WIRE_OK, 0, 0 },
		{ "0201000501", V6D_WIRE_MALFORMED, 0, 0 },
		{ "01010004", V6D_WIRE_MALFORMED, 0, 0 },
		{ "010100060000", V6D_WIRE_OK, 0, 0 },
		{ "01010007016100", V6D_WIRE_OK, 1, 0 },
		{ "01010007026100", V6D_WIRE_MALFORMED, 2, 0 },
		{ "01010007ff6100", V6D_WIRE_MALFORMED, 0, 0 },
		{ "0101000701 61ff", V6D_WIRE_MALFORMED, 1, 0 },
		{ "07010004", V6D_WIRE_OK, 0, 0 }, /* another code */
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		uint8_t buf[16];
		size_t n = unhex(t[i].hex, buf, sizeof(buf));
		uint8_t *heap = exact(buf, n);
		struct v6d_wire w = v6d_wire_from(heap, n, n);
		struct v6d_pap p;

		if (v6d_pap_decode(&w, &p) != t[i].err ||
		    p.id_len != t[i].id_len ||
		    p.password_len != t[i].password_len)
			fail_msg("PAP %s: %d", t[i].hex, (int)w.err);
		free(heap);
	}
}

/* A name longer than its length octet can say is cut, not wrapped. */
static void
test_pap_long(void **state)
{
	char user[301];
	uint8_t buf[600];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	struct v6d_wire w;
	struct v6d_pap p;

	(void)state;
	memset(user, 'u', 300);
	user[300] = '\0';
	v6d_pap_encode_req(&o, 1, user, "p");
	w = v6d_wire_from(buf, o.len, o.len);
	assert_int_equal(v6d_pap_decode(&w, &p), V6D_WIRE_OK);
	assert_int_equal(p.id_len, 255);
	assert_memory_equal(p.password, "p", 1);
}

static void
test_chap(void **state)
{
	static const uint8_t value[] = { 0xde, 0xad, 0xbe };
	uint8_t buf[64];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	struct v6d_wire w;
	struct v6d_chap c;

	(void)state;
	v6d_chap_encode_value(&o, V6D_CHAP_CHALLENGE, 9, value, 3, "srv");
	assert_hex(&o, "0109000b 03deadbe 737276");
	sweep(buf, o.len, o.len, decode_chap, NULL);
	w = v6d_wire_from(buf, o.len, o.len);
	assert_int_equal(v6d_chap_decode(&w, &c), V6D_WIRE_OK);
	assert_int_equal(c.cp.code, V6D_CHAP_CHALLENGE);
	assert_int_equal(c.value_len, 3);
	assert_memory_equal(c.value, value, 3);
	assert_int_equal(c.name_len, 3);
	assert_memory_equal(c.name, "srv", 3);

	o = v6d_out_to(buf, sizeof(buf));
	v6d_chap_encode_message(&o, V6D_CHAP_FAILURE, 9, "E=691 R=0");
	assert_hex(&o, "0409000d 453d36393120523d30");
	sweep(buf, o.len, o.len, decode_chap, NULL);
	w = v6d_wire_from(buf, o.len, o.len);
	assert_int_equal(v6d_chap_decode(&w, &c), V6D_WIRE_OK);
	assert_int_equal(v6d_mschap_error(c.message, c.message_len), 691);
}

/* Of a message that the capture cut, what is there can be used. */
static void
test_chap_cut(void **state)
{
	uint8_t buf[16];
	size_t n = unhex("04010010453d36393120", buf, sizeof(buf));
	struct v6d_wire w = v6d_wire_from(buf, n, 16);
	struct v6d_chap c;

	(void)state;
	assert_int_equal(v6d_chap_decode(&w, &c), V6D_WIRE_TRUNCATED);
	assert_int_equal(c.message_len, 6);
	assert_int_equal(v6d_mschap_error(c.message, c.message_len), 691);
}

static void
test_chap_value_size(void **state)
{
	static const struct {
		const char *hex;
		enum v6d_wire_err err;
		size_t value_len, name_len;
	} t[] = {
		{ "02010004", V6D_WIRE_MALFORMED, 0, 0 },
		{ "02010007006162", V6D_WIRE_OK, 0, 2 },
		{ "02010007016162", V6D_WIRE_OK, 1, 1 },
		{ "02010007026162", V6D_WIRE_OK, 2, 0 },
		{ "02010007036162", V6D_WIRE_MALFORMED, 0, 0 },
		{ "02010007ff6162", V6D_WIRE_MALFORMED, 0, 0 },
		{ "03010004", V6D_WIRE_OK, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		uint8_t buf[16];
		size_t n = unhex(t[i].hex, buf, sizeof(buf));
		uint8_t *heap = exact(buf, n);
		struct v6d_wire w = v6d_wire_from(heap, n, n);
		struct v6d_chap c;

		assert_int_equal(v6d_chap_decode(&w, &c), t[i].err);
		assert_int_equal(c.value_len, t[i].value_len);
		assert_int_equal(c.name_len, t[i].name_len);
		free(heap);
	}
}

static void
test_mschap_error(void **state)
{
	static const struct {
		const char *message;
		unsigned error;
	} t[] = {
		{ "E=691 R=1 C=00 V=3 M=no", 691 },
		{ "R=1 E=648", 648 },
		{ "NAME=7", 0 },
		{ "", 0 },
		{ "E", 0 },
		{ "E=", 0 },
		{ "E=x", 0 },
		{ "M=go away", 0 },
		{ "E=99999999999999999999", 999999 },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		size_t n = strlen(t[i].message);
		uint8_t *heap = exact(t[i].message, n);

		assert_int_equal(v6d_mschap_error(heap, n), t[i].error);
		free(heap);
	}
	assert_string_equal(
	    v6d_mschap_error_text(691), "authentication failure");
	assert_null(v6d_mschap_error_text(1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pap),
		cmocka_unit_test(test_pap_lengths),
		cmocka_unit_test(test_pap_long),
		cmocka_unit_test(test_chap),
		cmocka_unit_test(test_chap_cut),
		cmocka_unit_test(test_chap_value_size),
		cmocka_unit_test(test_mschap_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
