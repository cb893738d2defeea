/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_io_gw_record.c - journal lines: there and back, torn, damaged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "gateway/record.h"

static const struct v6d_record sample = { 4,
	{ "sysctl", "a b%c\n", "", "\x7f\xc3\xa9" } };

static void
there_and_back(void **state)
{
	char line[256];
	size_t n = v6d_record_encode(&sample, line, sizeof(line));
	struct v6d_record r;

	(void)state;
	assert_true(n > 0 && line[n - 1] == '\n' && strlen(line) == n);
	assert_null(strchr(line, '\r'));
	assert_true(v6d_record_decode(line, line + n - 1, &r));
	assert_int_equal(r.n, sample.n);
	for (unsigned i = 0; i < r.n; i++)
		assert_string_equal(r.word[i], sample.word[i]);
}

/* Every beginning of a line is no record; nor is one with a bit changed. */
static void
torn_or_damaged(void **state)
{
	char line[256];
	size_t n = v6d_record_encode(&sample, line, sizeof(line)) - 1;
	struct v6d_record r;

	(void)state;
	for (size_t cut = 0; cut < n; cut++) {
		char *copy = malloc(cut + 1);

		memcpy(copy, line, cut);
		copy[cut] = '\0';
		assert_false(v6d_record_decode(copy, copy + cut, &r));
		free(copy);
	}
	for (size_t at = 0; at < n; at++)
		for (int bit = 0; bit < 8; bit++) {
			char copy[256];

			memcpy(copy, line, n + 1);
			copy[at] = (char)(copy[at] ^ 1 << bit);
			assert_false(v6d_record_decode(copy, copy + n, &r));
		}
}

static void
no_room(void **state)
{
	char line[256];
	size_t n = v6d_record_encode(&sample, line, sizeof(line));

	(void)state;
	for (size_t room = 0; room <= n; room++) {
		char *small = malloc(room + 1);

		assert_int_equal(v6d_record_encode(&sample, small, room), 0);
		free(small);
	}
	assert_int_equal(v6d_record_encode(&sample, line, n + 1), n);
	assert_int_equal(
	    v6d_record_encode(&(struct v6d_record){ 0 }, line, 256), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(torn_or_damaged),
		cmocka_unit_test(no_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
