/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lang.c: messages are found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/lang.h"

static void
test_get(void **state)
{
	static const struct v6d_message m[] = { { "a", "A" }, { "c", "C" },
		{ "d %u", "D %u" } };
	const struct v6d_lang l = { "xx", 3, m };

	(void)state;
	assert_string_equal(v6d_lang_get(&l, "a"), "A");
	assert_string_equal(v6d_lang_get(&l, "c"), "C");
	assert_string_equal(v6d_lang_get(&l, "d %u"), "D %u");
	assert_string_equal(v6d_lang_get(&l, "b"), "b");
	assert_string_equal(v6d_lang_get(&l, ""), "");
	assert_string_equal(v6d_lang_get(NULL, "a"), "a");
	assert_string_equal(v6d_lang_get(&v6d_lang_en, "a"), "a");
}

/* The table that is built from po/ja.po is in order: each is found. */
static void
test_table(void **state)
{
	(void)state;
	assert_true(v6d_lang_ja.n > 0);
	for (size_t i = 0; i < v6d_lang_ja.n; i++) {
		const struct v6d_message *m = &v6d_lang_ja.messages[i];

		assert_ptr_equal(
		    v6d_lang_get(&v6d_lang_ja, m->english), m->own);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_get),
		cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests_name("lang", tests, NULL, NULL);
}
