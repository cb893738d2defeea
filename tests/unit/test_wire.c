/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_wire.c - bounds-checked reading and writing. */
#include "sweep.h"

#include "base/wire.h"

static const uint8_t bytes[] = { 1, 2, 3, 4, 5, 6, 7, 8 };

static void
test_reads(void **state)
{
	uint8_t *heap = exact(bytes, 8), copy[2];
	struct v6d_wire w = v6d_wire_from(heap, 8, 8);

	(void)state;
	assert_int_equal(v6d_wire_u8(&w), 0x01);
	assert_int_equal(v6d_wire_be16(&w), 0x0203);
	assert_int_equal(v6d_wire_be32(&w), 0x04050607);
	assert_int_equal(v6d_wire_left(&w), 1);
	v6d_wire_copy(&w, copy, 2); /* one too many: nothing */
	assert_int_equal(copy[0], 0);
	assert_int_equal(w.err, V6D_WIRE_MALFORMED);
	assert_int_equal(v6d_wire_left(&w), 0);
	assert_int_equal(v6d_wire_u8(&w), 0); /* the error sticks */
	assert_null(v6d_wire_take(&w, 0));
	v6d_wire_fail(&w, V6D_WIRE_TRUNCATED);
	assert_int_equal(w.err, V6D_WIRE_MALFORMED);
	free(heap);
}

static void
test_cut(void **state)
{
	struct v6d_wire w = v6d_wire_from(bytes, 2, 3), sub;
	size_t n;

	(void)state;
	assert_int_equal(v6d_wire_be32(&w), 0);
	assert_int_equal(w.err, V6D_WIRE_TRUNCATED);
	w = v6d_wire_from(bytes, 2, 3);
	assert_ptr_equal(v6d_wire_rest(&w, &n), bytes);
	assert_int_equal(n, 2);
	assert_int_equal(w.err, V6D_WIRE_TRUNCATED);
	w = v6d_wire_from(bytes, 8, 9);
	sub = v6d_wire_sub(&w, 4); /* whole, so not cut */
	assert_int_equal(v6d_wire_left(&sub), 4);
	v6d_wire_take(&sub, 5);
	assert_int_equal(sub.err, V6D_WIRE_MALFORMED);
	assert_int_equal(w.err, V6D_WIRE_OK);
	sub = v6d_wire_sub(&w, 5);
	assert_int_equal(sub.err, V6D_WIRE_TRUNCATED);
	assert_int_equal(w.err, V6D_WIRE_TRUNCATED);
}

static void
test_payload(void **state)
{
	static const struct {
		size_t wirelen, n, left;
		enum v6d_wire_err parent, child; /* child: reading all n */
	} t[] = {
		{ 8, 0, 0, V6D_WIRE_OK, V6D_WIRE_OK },
		{ 8, 7, 7, V6D_WIRE_OK, V6D_WIRE_OK },
		{ 8, 8, 8, V6D_WIRE_OK, V6D_WIRE_OK },
		{ 8, 9, 8, V6D_WIRE_MALFORMED, V6D_WIRE_MALFORMED },
		{ 20, 8, 8, V6D_WIRE_OK, V6D_WIRE_OK },
		{ 20, 9, 8, V6D_WIRE_OK, V6D_WIRE_TRUNCATED },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		struct v6d_wire w = v6d_wire_from(bytes, 8, t[i].wirelen);
		struct v6d_wire p = v6d_wire_payload(&w, t[i].n);

		assert_int_equal(w.err, t[i].parent);
		assert_int_equal(v6d_wire_left(&p), t[i].left);
		v6d_wire_take(&p, t[i].n);
		assert_int_equal(p.err, t[i].child);
	}
}

static void
test_writes(void **state)
{
	uint8_t buf[8] = { 0 };
	struct v6d_out o = v6d_out_to(buf, 7);

	(void)state;
	v6d_out_u8(&o, 1);
	v6d_out_be16(&o, 0x0203);
	v6d_out_be32(&o, 0x04050607);
	assert_hex(&o, "01020304050607");
	v6d_out_patch16(&o, 5, 0xaabb);
	v6d_out_patch16(&o, 6, 0xffff); /* the second byte is not there */
	assert_hex(&o, "0102030405aabb");
	v6d_out_u8(&o, 9);
	assert_true(o.full);
	assert_int_equal(buf[7], 0);
	v6d_out_patch16(&o, 0, 0xffff);
	assert_int_equal(buf[0], 1);
	o = v6d_out_to(buf, 7);
	v6d_out_fill(&o, 0xee, 6);
	v6d_out_be16(&o, 1);
	v6d_out_bytes(&o, "x", 1); /* would fit, but `full` sticks */
	assert_true(o.full);
	assert_int_equal(o.len, 6);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_payload),
		cmocka_unit_test(test_writes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
