/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_cksum.c - the Internet checksum. */
#include "sweep.h"

#include "base/cksum.h"

/* As RFC 1071 4.1 computes it: slow and plain. */
static uint16_t
plain(const uint8_t *p, size_t n)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += i % 2 ? p[i] : (uint32_t)p[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static void
test_against_plain(void **state)
{
	uint8_t b[300];

	(void)state;
	for (size_t i = 0; i < sizeof(b); i++)
		b[i] = (uint8_t)(i * 167 + 13);
	for (size_t n = 0; n <= sizeof(b); n++) {
		uint8_t *heap = exact(b, n);
		uint32_t sum = v6d_cksum_add(0, heap, n);

		assert_int_equal(v6d_cksum_fold(sum), plain(heap, n));
		/* In two even parts it is the same. */
		sum = v6d_cksum_add(0, heap, n / 4 * 2);
		sum = v6d_cksum_add(sum, heap + n / 4 * 2, n - n / 4 * 2);
		assert_int_equal(v6d_cksum_fold(sum), plain(heap, n));
		free(heap);
	}
}

static void
test_large(void **state)
{
	uint8_t *p = malloc(65535);
	uint32_t sum = 0;

	(void)state;
	assert_non_null(p);
	memset(p, 0xff, 65535);
	assert_int_equal(
	    v6d_cksum_fold(v6d_cksum_add(0, p, 65535)), plain(p, 65535));
	for (int i = 0; i < 100000; i++)
		sum = v6d_cksum_add(sum, p, 2);
	assert_int_equal(v6d_cksum_fold(sum), 0);
	free(p);
}

static void
test_packets(void **state)
{
	/* The IPv4 header of a real packet, its checksum b861 in place. */
	static const char ip[] = "45000073000040004011b861c0a80001c0a800c7";
	/* UDP from 2001:db8::1 to ::2, ports 1 and 2, "hi". */
	static const char udp[] = "00010002000a3bf96869";
	struct v6d_addr a = { .family = 6,
		.b = { 0x20, 1, 0xd, 0xb8, [15] = 1 } };
	struct v6d_addr b = a;
	uint8_t buf[64];
	size_t n = unhex(ip, buf, sizeof(buf));
	uint32_t sum;

	(void)state;
	assert_int_equal(v6d_cksum_fold(v6d_cksum_add(0, buf, n)), 0);
	b.b[15] = 2;
	n = unhex(udp, buf, sizeof(buf));
	sum = v6d_cksum_pseudo(0, &a, &b, 17, (uint32_t)n);
	assert_int_equal(v6d_cksum_fold(v6d_cksum_add(sum, buf, n)), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_plain),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_packets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
