/* SPDX-License-Identifier: GPL-2.0-or-later */
/* width.c: columns of UTF-8 text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/width.h"

static void
test_width(void **state)
{
	static const struct {
		const char *s;
		unsigned columns;
	} t[] = {
		{ "", 0 },
		{ "abc", 3 },
		{ "\u30eb\u30fc\u30bf\u30fc", 8 }, /* ruta */
		{ "\u7d4c\u8defMTU", 7 },
		{ "\u3001\u3002\uff08\uff09", 8 },
		{ "\uff71", 1 }, /* half-width katakana */
		{ "e\u0301", 1 },
		{ "\xff", 1 },
		{ "\xe3\x81", 2 }, /* cut: two bytes that are no character */
		{ "\U00020000", 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		assert_int_equal(v6d_width(t[i].s), t[i].columns);
	assert_int_equal(v6d_width_n("\u7d4c\u8def", 3), 2);
}

static void
test_char(void **state)
{
	static const struct {
		const char *s;
		uint32_t c;
		size_t len;
	} t[] = {
		{ "a", 'a', 1 },
		{ "\u00e9", 0xe9, 2 },
		{ "\u30a2x", 0x30a2, 3 },
		{ "\U0001f600", 0x1f600, 4 },
		{ "\x80", 0xfffd, 1 },
		{ "\xc0\x80", 0xfffd, 1 }, /* overlong */
		{ "\xe3\x81", 0xfffd, 1 },
		{ "\xf8\x88\x80\x80", 0xfffd, 1 },
	};
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		assert_int_equal(v6d_width_char(t[i].s, &len), t[i].c);
		assert_int_equal(len, t[i].len);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_char),
	};

	return cmocka_run_group_tests_name("width", tests, NULL, NULL);
}
