/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_io_charset.c - Shift-JIS and EUC-JP are told from other sets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "io/charset.h"

/* "アドレス: 1" and more, in each set. */
#define UTF8 "\xe3\x82\xa2\xe3\x83\x89\xe3\x83\xac\xe3\x82\xb9: 1\r\n"

static void
test_sets(void **state)
{
	static const struct {
		const char *what, *text, *want; /* NULL: as it is */
	} cases[] = {
		{ "Shift-JIS", "\x83\x41\x83\x68\x83\x8c\x83\x58: 1\r\n",
		    UTF8 },
		{ "EUC-JP", "\xa5\xa2\xa5\xc9\xa5\xec\xa5\xb9: 1\r\n", UTF8 },
		{ "UTF-8", UTF8, NULL },
		{ "ASCII", "Address: 1\r\n", NULL },
		{ "nothing", "", NULL },
		{ "Latin-1",
		    "Vorl\xe4ufige Adresse f\xfcr: 1, ung\xfcltig, l\xe4uft "
		    "\xfc"
		    "ber Ger\xe4t",
		    NULL },
		{ "code page 850",
		    "Verbindung f\x81r: 1, ung\x81ltig, l\x84uft \x81"
		    "ber Ger\x84t, \x8a"
		    "cole, m\x88me, \x83me",
		    NULL },
		{ "two kana by chance", "\x83\x41\x83\x68", NULL },
		{ "UTF-16", "\xff\xfe\x41\x30", NULL },
		{ "one strange byte in ten kana",
		    "\x83\x41\x83\x68\x83\x8c\x83\x58\x83\x41\x83\x68\x83\x8c"
		    "\x83\x58\x83\x41\x83\x68 \xff",
		    "\xe3\x82\xa2\xe3\x83\x89\xe3\x83\xac\xe3\x82\xb9"
		    "\xe3\x82\xa2\xe3\x83\x89\xe3\x83\xac\xe3\x82\xb9"
		    "\xe3\x82\xa2\xe3\x83\x89 ?" },
		{ "cut within a character",
		    "\x83\x41\x83\x68\x83\x8c\x83\x58\x83\x41\x83\x68\x83\x8c"
		    "\x83\x58\x83\x41\x83\x68\x83",
		    "\xe3\x82\xa2\xe3\x83\x89\xe3\x83\xac\xe3\x82\xb9"
		    "\xe3\x82\xa2\xe3\x83\x89\xe3\x83\xac\xe3\x82\xb9"
		    "\xe3\x82\xa2\xe3\x83\x89?" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t len = strlen(cases[i].text), n = 0;
		uint8_t *text = malloc(len ? len : 1), *got;

		assert_non_null(text);
		memcpy(text, cases[i].text, len); /* of its exact size */
		got = v6d_charset_japanese(text, len, &n);
		if (!cases[i].want != !got ||
		    (got && (n != strlen(cases[i].want) ||
				memcmp(got, cases[i].want, n) != 0)))
			fail_msg("%s: %.*s", cases[i].what, (int)n,
			    got ? (char *)got : "as it is");
		free(got);
		free(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_sets) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
