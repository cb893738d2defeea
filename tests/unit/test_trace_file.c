/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_trace_file.c - a report as a pcapng file; covers trace/file.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "trace/file.h"

#define LINE "a line of some length, as the report's are: "

static char *text;
static size_t n_text;
static struct v6d_trace_bytes file;

/* Lines of 60 bytes, 100 kB: several comments; and two packets. */
static int
setup(void **state)
{
	struct v6d_packets *p = v6d_packets_new();

	(void)state;
	text = calloc(1, 100001);
	for (int i = 0; n_text + 60 <= 100000; i++)
		n_text +=
		    (size_t)snprintf(text + n_text, 61, "%-50s%9d\n", LINE, i);
	v6d_packets_event(p, V6D_FLOW_TCP_SYN, 5);
	v6d_packets_event(p, V6D_FLOW_TCP_SYN, 6);
	assert_true(
	    v6d_trace_file_write(text, n_text, "test 1", p, 1000, &file));
	v6d_packets_free(p);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	free(text);
	free(file.p);
	return 0;
}

static void
test_whole(void **state)
{
	char message[100];
	size_t n;
	char *back =
	    v6d_trace_file_read(file.p, file.n, &n, message, sizeof(message));

	(void)state;
	assert_true(v6d_trace_file_is(file.p, file.n));
	assert_int_equal(file.n % 4, 0);
	assert_string_equal(message, "");
	assert_int_equal(n, n_text);
	assert_string_equal(back, text);
	free(back);
}

/* Cut anywhere: whole lines from the beginning, and word of it. */
static void
test_cut(void **state)
{
	char message[100];
	size_t n;

	(void)state;
	for (size_t i = 1; i < file.n; i += 97) {
		uint8_t *cut = malloc(i);
		char *back;

		memcpy(cut, file.p, i);
		back =
		    v6d_trace_file_read(cut, i, &n, message, sizeof(message));
		if (back) {
			assert_true(n <= n_text);
			assert_memory_equal(back, text, n);
			assert_string_not_equal(message, "");
		} else {
			assert_true(i < 60);
		}
		free(back);
		free(cut);
	}
}

/* A byte changed anywhere in the text ends it there, or before. */
static void
test_changed(void **state)
{
	char message[100];
	size_t n;

	(void)state;
	for (size_t i = 60; i < n_text; i += 331) {
		uint8_t *bad = malloc(file.n);
		char *back;

		memcpy(bad, file.p, file.n);
		bad[i] ^= 1;
		back = v6d_trace_file_read(
		    bad, file.n, &n, message, sizeof(message));
		assert_non_null(back);
		assert_string_not_equal(message, "");
		assert_true(n < n_text);
		assert_memory_equal(back, text, n);
		free(back);
		free(bad);
	}
}

/* Every single bit of the file's first kilobyte and of its end. */
static void
test_bits(void **state)
{
	char message[100];
	uint8_t *bad = malloc(file.n);
	size_t n;

	(void)state;
	for (size_t i = 0; i < file.n; i = i == 1024 ? file.n - 300 : i + 1)
		for (int bit = 0; bit < 8; bit++) {
			char *back;

			memcpy(bad, file.p, file.n);
			bad[i] ^= (uint8_t)(1 << bit);
			back = v6d_trace_file_read(
			    bad, file.n, &n, message, sizeof(message));
			if (back)
				assert_memory_equal(back, text, n);
			free(back);
		}
	free(bad);
}

static void
test_others(void **state)
{
	const uint8_t pcapng[64] = { 0x0a, 0x0d, 0x0d, 0x0a };
	char message[100];
	size_t n;

	(void)state;
	assert_false(v6d_trace_file_is(pcapng, sizeof(pcapng)));
	assert_false(v6d_trace_file_is(pcapng, 0));
	assert_null(v6d_trace_file_read(
	    pcapng, sizeof(pcapng), &n, message, sizeof(message)));
}

/* One line longer than a comment holds. */
static void
test_long_line(void **state)
{
	struct v6d_trace_bytes b = { 0 };
	char *line = malloc(70000), message[100], *back;
	size_t n;

	(void)state;
	memset(line, 'x', 70000);
	line[69999] = '\n';
	assert_true(v6d_trace_file_write(line, 70000, "test", NULL, 0, &b));
	back = v6d_trace_file_read(b.p, b.n, &n, message, sizeof(message));
	assert_int_equal(n, 70000);
	assert_memory_equal(back, line, n);
	free(back);
	free(line);
	free(b.p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_changed),
		cmocka_unit_test(test_bits),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_long_line),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
