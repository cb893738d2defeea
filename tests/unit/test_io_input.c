/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_io_input.c - files to read, plain and packed. */
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
pack(const void *p, size_t n, const char *how)
{
	gzFile g = gzopen(path, how);

	assert_non_null(g);
	assert_int_equal(gzwrite(g, p, (unsigned)n), n);
	gzclose(g);
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
test_packed(void **state)
{
	(void)state;
	for (size_t n = 0; n < 60; n++) {
		pack(data, n, "w");
		check_reads(n);
	}
	pack(data, SIZE, "w");
	check_reads(SIZE);
	pack(data, 1000, "w"); /* two members, one file */
	pack(data + 1000, SIZE - 1000, "a");
	check_reads(SIZE);
}

/* A packed file that is cut gives what there is; a broken one an error. */
static void
test_damaged(void **state)
{
	uint8_t *all, *p;
	FILE *f;
	size_t n, got;

	(void)state;
	pack(data, SIZE, "w");
	f = fopen(path, "r");
	assert_int_equal(v6d_input_all(f, SIZE, &all, &n), 0);
	fclose(f);
	put(all, n / 2, "w");
	f = v6d_input_open(path);
	assert_int_equal(v6d_input_all(f, SIZE, &p, &got), 0);
	assert_true(got > 0 && got < SIZE);
	assert_memory_equal(p, data, got);
	free(p);
	v6d_input_close(f);
	memset(all + 10, 0xff, 20); /* behind the header of gzip */
	put(all, n, "w");
	f = v6d_input_open(path);
	assert_int_equal(v6d_input_all(f, SIZE, &p, &got), -EBADMSG);
	v6d_input_close(f);
	free(all);
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
		cmocka_unit_test(test_packed),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
