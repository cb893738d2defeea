/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_text.c - text with a ceiling. */
#include "sweep.h"

#include "base/text.h"

static void
test_ceiling(void **state)
{
	char *buf = malloc(8);
	struct v6d_text t;

	(void)state;
	assert_non_null(buf);
	t = v6d_text_to(buf, 8);
	assert_string_equal(buf, "");
	v6d_text_add(&t, "%d-%s", 42, "ab");
	assert_string_equal(buf, "42-ab");
	assert_int_equal(t.len, 5);
	assert_false(t.cut);
	v6d_text_add(&t, "cd"); /* to the last byte */
	assert_false(t.cut);
	v6d_text_add(&t, "e");
	assert_true(t.cut);
	assert_string_equal(buf, "42-abcd");
	v6d_text_add(&t, "%s", "");
	assert_true(t.cut);
	t = v6d_text_to(buf, 8);
	v6d_text_add(&t, "123456789");
	assert_string_equal(buf, "1234567");
	assert_int_equal(t.len, 7);
	t = v6d_text_to(buf, 0);
	v6d_text_add(&t, "x");
	assert_true(t.cut);
	free(buf);
}

static void
test_foreign(void **state)
{
	static const uint8_t name[] = "ab\x1b[31m\xff\n~ \0hidden";
	char buf[32];
	struct v6d_text t = v6d_text_to(buf, sizeof(buf));

	(void)state;
	v6d_text_add_foreign(&t, name, sizeof(name));
	assert_string_equal(buf, "ab?[31m??~ ");
	t = v6d_text_to(buf, sizeof(buf));
	v6d_text_add_foreign(&t, name, 1);
	assert_string_equal(buf, "a");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ceiling),
		cmocka_unit_test(test_foreign),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
