/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_format.c - the table of renderings. */
#include "report_help.h"

#include <stdlib.h>

#include "report/format.h"

static void
test_names(void **state)
{
	char names[128];

	(void)state;
	for (size_t i = 0; i < v6d_n_formats; i++) {
		assert_ptr_equal(
		    v6d_format_by_name(v6d_formats[i].name), &v6d_formats[i]);
		assert_non_null(strstr(v6d_format_names(names, sizeof(names)),
		    v6d_formats[i].name));
	}
	assert_null(v6d_format_by_name("xml"));
	assert_null(v6d_format_by_name(""));
	assert_string_equal(v6d_formats[0].name, "text");
}

/* Each renders each kind of run, ends its last line, and tells its verdict
 * or its points. */
static void
test_renders(void **state)
{
	(void)state;
	for (size_t i = 0; i < v6d_n_formats; i++) {
		struct v6d_format_how how = { 0 };
		struct run u;
		char *a, *b;

		run_story(&u);
		a = v6d_formats[i].render(&u.r, &how);
		run_undecided(&u);
		b = v6d_formats[i].render(&u.r, &how);
		assert_non_null(a);
		assert_non_null(b);
		assert_int_equal(a[strlen(a) - 1], '\n');
		assert_int_equal(b[strlen(b) - 1], '\n');
		assert_non_null(strstr(a, "gre-size-limit"));
		assert_non_null(strstr(b, "napt-no-helper"));
		free(a);
		free(b);
	}
}

RUN(cmocka_unit_test(test_names), cmocka_unit_test(test_renders))
