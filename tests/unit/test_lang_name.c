/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lang_name.c: languages are chosen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/lang.h"

static void
test_name(void **state)
{
	static const struct {
		const char *name;
		const struct v6d_lang *lang;
	} t[] = {
		{ "ja", &v6d_lang_ja },
		{ "JA", &v6d_lang_ja },
		{ "ja_JP.UTF-8", &v6d_lang_ja },
		{ "ja_JP.utf8@x", &v6d_lang_ja },
		{ "ja-JP", &v6d_lang_ja },
		{ "ja_JP.eucJP", NULL },
		{ "ja.", NULL },
		{ "en_GB.ISO-8859-1", &v6d_lang_en },
		{ "en", &v6d_lang_en },
		{ "j", NULL },
		{ "jap", NULL },
		{ "de", NULL },
		{ "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		assert_ptr_equal(v6d_lang_by_name(t[i].name), t[i].lang);
}

static void
test_environment(void **state)
{
	static const struct {
		const char *language, *lc_all, *lc_messages, *lang;
		const struct v6d_lang *is;
	} t[] = {
		{ NULL, NULL, NULL, NULL, &v6d_lang_en },
		{ NULL, NULL, NULL, "ja_JP.UTF-8", &v6d_lang_ja },
		{ NULL, "", "", "ja_JP.UTF-8", &v6d_lang_ja },
		{ NULL, "C", NULL, "ja_JP.UTF-8", &v6d_lang_en },
		{ NULL, NULL, "ja_JP.UTF-8", "de_DE.UTF-8", &v6d_lang_ja },
		{ NULL, NULL, NULL, "de_DE.UTF-8", &v6d_lang_en },
		{ "ja", NULL, NULL, "de_DE.UTF-8", &v6d_lang_ja },
		{ "de:ja:en", NULL, NULL, "en_GB.UTF-8", &v6d_lang_ja },
		{ "de:en:ja", NULL, NULL, "ja_JP.UTF-8", &v6d_lang_en },
		{ "de", NULL, NULL, "ja_JP.UTF-8", &v6d_lang_ja },
		{ "ja", "C", NULL, NULL, &v6d_lang_en },
		{ "ja", "C.UTF-8", NULL, NULL, &v6d_lang_en },
		{ "ja", NULL, NULL, NULL, &v6d_lang_en },
		{ "ja", "POSIX", NULL, "ja_JP.UTF-8", &v6d_lang_en },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		assert_ptr_equal(v6d_lang_by_environment(t[i].language,
				     t[i].lc_all, t[i].lc_messages, t[i].lang),
		    t[i].is);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_name),
		cmocka_unit_test(test_environment),
	};

	return cmocka_run_group_tests_name("lang_name", tests, NULL, NULL);
}
