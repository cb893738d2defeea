/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_io_input.c - files to read; packed ones: test_io_unpack.c. */
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

#include "io/input.h"

#define SIZE 200000 /* more than any buffer on the way */

static char path[] = "/tmp/v6d-input-XXXXXX";
static uint8_t data[SIZE];

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

static void
put(const void *p, size_t n, const char *how)
{
	FILE *f = fopen(path, how);

	assert_non_null(f);
	assert_int_equal(fwrite(p, 1, n, f), n);
	fclose(f);
}

static void
check_reads(size_t want)
{
	FILE *f = v6d_input_open(path);
	uint8_t first[48], *p;
	size_t n;

	assert_non_null(f);
	assert_int_equal(v6d_input_peek(f, first, sizeof(first)),
	    want < sizeof(first) ? want : sizeof(first));
	assert_int_equal(v6d_input_all(f, SIZE, &p, &n), 0);
	assert_int_equal(n, want);
	assert_memory_equal(p, data, n);
	free(p);
	v6d_input_close(f);
}

static void
test_plain(void **state)
{
	(void)state;
	for (size_t n = 0; n < 60; n++) {
		put(data, n, "w");
		check_reads(n);
	}
	put(data, SIZE, "w");
	check_reads(SIZE);
}

static void
test_refused(void **state)
{
	FILE *f;
	uint8_t *p;
	size_t n;

	(void)state;
	assert_null(v6d_input_open("/nonexistent/file"));
	assert_int_equal(errno, ENOENT);
	assert_null(v6d_input_open("/"));
	assert_int_equal(errno, EISDIR);
	put(data, 100, "w");
	f = v6d_input_open(path);
	assert_int_equal(v6d_input_all(f, 99, &p, &n), -EFBIG);
	v6d_input_close(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
