/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_ip.c - an IP packet of either version. */
#include "sweep.h"

#include "proto/ip.h"

static enum v6d_wire_err
decode(const char *hex, size_t lost, struct v6d_ip *ip)
{
	uint8_t buf[64], *heap;
	size_t n = unhex(hex, buf, sizeof(buf));
	struct v6d_wire w, payload;

	heap = exact(buf, n);
	w = v6d_wire_from(heap, n, n + lost);
	v6d_ip_decode(&w, ip, &payload);
	assert_true(v6d_wire_left(&payload) <= n);
	free(heap);
	return w.err;
}

static void
test_version(void **state)
{
	static const char v4[] = "4500001429fd4000402f8cb8c0000202c0000203";
	static const char v6[] = "6000000000003b40"
				 "00000000000000000000000000000000"
				 "00000000000000000000000000000000";
	struct v6d_ip ip;

	(void)state;
	assert_int_equal(decode(v4, 0, &ip), V6D_WIRE_OK);
	assert_int_equal(ip.version, 4);
	assert_int_equal(decode(v6, 0, &ip), V6D_WIRE_OK);
	assert_int_equal(ip.version, 6);
	assert_int_equal(decode("", 0, &ip), V6D_WIRE_MALFORMED);
	assert_int_equal(decode("", 20, &ip), V6D_WIRE_TRUNCATED);
	assert_int_equal(decode("45", 19, &ip), V6D_WIRE_TRUNCATED);
	assert_int_equal(decode("45", 0, &ip), V6D_WIRE_MALFORMED);
	assert_int_equal(decode("55", 19, &ip), V6D_WIRE_MALFORMED);
	assert_int_equal(decode("00", 39, &ip), V6D_WIRE_MALFORMED);
	assert_int_equal(ip.version, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
