/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_embed.c - text files that travel inside the program. */
#include "sweep.h"

#include "base/embed.h"

static void
test_lookup(void **state)
{
	static const struct v6d_file t[] = {
		{ "a/b", "one\n" },
		{ "a/bc", "two\n" },
		{ NULL, NULL },
	};

	(void)state;
	assert_string_equal(v6d_file_text(t, "a/b"), "one\n");
	assert_string_equal(v6d_file_text(t, "a/bc"), "two\n");
	assert_null(v6d_file_text(t, "a/"));
	assert_null(v6d_file_text(t, ""));
	assert_null(v6d_file_text(t + 2, "a/b"));
}

/* What the build made of the tree's own files. */
static void
test_built(void **state)
{
	const char *text = v6d_file_text(v6d_lab_files, "topology/nat2");

	(void)state;
	assert_non_null(text);
	assert_true(strlen(text) > 0);
	assert_int_equal(text[strlen(text) - 1], '\n');
	assert_null(v6d_file_text(v6d_lab_files, "lab.c"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lookup),
		cmocka_unit_test(test_built),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
