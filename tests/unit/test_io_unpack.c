/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_io_unpack.c - files packed with gzip or Zstandard. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "io/input.h"

#define SIZE 200000 /* more than any buffer on the way */

static char path[] = "/tmp/v6d-unpack-XXXXXX";
static uint8_t data[SIZE], packed[SIZE * 2];

static int
setup(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	for (size_t i = 0; i < SIZE; i++)
		data[i] = (uint8_t)(i * i >> 7);
	return fd < 0 ? -1 : close(fd);
}

static int
teardown(void **state)
{
	(void)state;
	return unlink(path);
}

static size_t
gzip(const uint8_t *p, size_t n, uint8_t *buf, size_t room)
{
	z_stream z = { .next_in = (uint8_t *)(uintptr_t)p,
		.avail_in = (unsigned)n,
		.next_out = buf,
		.avail_out = (unsigned)room };

	assert_int_equal(
	    deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY),
	    Z_OK);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return room - z.avail_out;
}

static size_t
zstd(const uint8_t *p, size_t n, uint8_t *buf, size_t room)
{
	size_t r = ZSTD_compress(buf, room, p, n, 3);

	assert_false(ZSTD_isError(r));
	return r;
}

typedef size_t pack_fn(const uint8_t *p, size_t n, uint8_t *buf, size_t room);
static pack_fn *const packers[] = { gzip, zstd };

static void
put(size_t n)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(packed, 1, n, f), n);
	fclose(f);
}

/* What the file gives: that much of `data`, and then this. */
static void
expect(size_t n_low, size_t n_high, int want)
{
	FILE *f = v6d_input_open(path);
	uint8_t first[48], *p = NULL;
	size_t n = 0;
	int err;

	assert_non_null(f);
	v6d_input_peek(f, first, sizeof(first));
	err = v6d_input_all(f, SIZE, &p, &n);
	assert_int_equal(err, want);
	assert_true(n >= n_low && n <= n_high);
	if (n > 0)
		assert_memory_equal(p, data, n);
	free(p);
	v6d_input_close(f);
}

static void
test_whole(void **state)
{
	(void)state;
	for (size_t k = 0; k < 2; k++) {
		for (size_t n = 0; n < 60; n++) {
			put(packers[k](data, n, packed, sizeof(packed)));
			expect(n, n, 0);
		}
		put(packers[k](data, SIZE, packed, sizeof(packed)));
		expect(SIZE, SIZE, 0);
	}
}

/* Two members or frames in one file. */
static void
test_parts(void **state)
{
	(void)state;
	for (size_t k = 0; k < 2; k++) {
		size_t n = packers[k](data, 1000, packed, sizeof(packed));

		n += packers[k](
		    data + 1000, SIZE - 1000, packed + n, sizeof(packed) - n);
		put(n);
		expect(SIZE, SIZE, 0);
	}
}

/* A packed file that is cut gives what there is, then an error. */
static void
test_cut(void **state)
{
	(void)state;
	for (size_t k = 0; k < 2; k++) {
		size_t n = packers[k](data, SIZE, packed, sizeof(packed));
		FILE *f;
		char buf[4096];

		put(n - n / 8);
		f = v6d_input_open(path);
		assert_non_null(f);
		while (fread(buf, 1, sizeof(buf), f) == sizeof(buf))
			;
		assert_true(ferror(f));
		v6d_input_close(f);
		put(n - 1);
		expect(1, SIZE, 0);
	}
}

static void
test_broken(void **state)
{
	(void)state;
	for (size_t k = 0; k < 2; k++) {
		size_t n = packers[k](data, SIZE, packed, sizeof(packed));

		memset(packed + 10, 0xff, 20); /* behind the header */
		put(n);
		expect(0, 0, -EBADMSG);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_broken),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
