/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_url.c - URLs with names and addresses, with and without brackets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/url.h"
#include "base/wire.h"

#define KAME "2001:200:dff:fff1:216:3eff:feb1:44d7"

static void
test_read(void **state)
{
	static const struct {
		const char *text, *host, *path, *written;
		unsigned family, port;
		bool bare;
	} rows[] = {
		{ "http://www.example.net", "www.example.net", "/",
		    "http://www.example.net/", 0, 0, false },
		{ "https://www.example.net:8080/a/b?c#d", "www.example.net",
		    "/a/b?c", "http://www.example.net:8080/a/b?c", 0, 8080,
		    false },
		{ "http://192.0.2.80:80/", "192.0.2.80", "/",
		    "http://192.0.2.80:80/", 4, 80, false },
		{ "http://[" KAME "]/", KAME, "/", "http://[" KAME "]/", 6, 0,
		    false },
		{ "http://[2001:db8::1]:8080/x", "2001:db8::1", "/x",
		    "http://[2001:db8::1]:8080/x", 6, 8080, false },
		{ "http://[fe80::1%25ppp0]/", "fe80::1", "/",
		    "http://[fe80::1]/", 6, 0, false },
		/* The story's: no brackets. */
		{ "http://" KAME "/", KAME, "/", "http://[" KAME "]/", 6, 0,
		    true },
		{ "http://2001:db8::1", "2001:db8::1", "/",
		    "http://[2001:db8::1]/", 6, 0, true },
	};
	char text[V6D_URL_TEXT * 2];

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(rows); i++) {
		struct v6d_url u;

		if (!v6d_url_parse(rows[i].text, &u))
			fail_msg("not read: %s", rows[i].text);
		assert_string_equal(u.host, rows[i].host);
		assert_string_equal(u.path, rows[i].path);
		assert_int_equal(u.addr.family, rows[i].family);
		assert_int_equal(u.port, rows[i].port);
		assert_int_equal(u.bare, rows[i].bare);
		assert_string_equal(
		    v6d_url_text(&u, text, sizeof(text)), rows[i].written);
	}
}

static void
test_refused(void **state)
{
	static const char *const bad[] = { "", "http://", "http:///",
		"www.example.net", "ftp://www.example.net/", "http://[::1",
		"http://[www]/", "http://[192.0.2.1]/", "http://[::1]x/",
		"http://[::1]:/", "http://[::1]:70000/", "http://a b/",
		"http://a:b/", "http://2001:db8::zz/", "http://:80/",
		"http://a:0/" };
	char text[2 * V6D_URL_TEXT + 16];
	struct v6d_url u = { .port = 7 };

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(bad); i++)
		if (v6d_url_parse(bad[i], &u) || u.port != 7)
			fail_msg("took \"%s\"", bad[i]);
	/* As long as fits, and one more. */
	memset(text, 'a', sizeof(text));
	memcpy(text, "http://", 7);
	text[7 + V6D_URL_TEXT] = '\0';
	assert_false(v6d_url_parse(text, &u));
	text[7 + V6D_URL_TEXT - 1] = '\0';
	assert_true(v6d_url_parse(text, &u));
	memcpy(text, "http://a/", 9);
	text[8 + V6D_URL_TEXT] = '\0';
	memset(text + 9, 'a', V6D_URL_TEXT - 1);
	assert_false(v6d_url_parse(text, &u));
	text[8 + V6D_URL_TEXT - 1] = '\0';
	assert_true(v6d_url_parse(text, &u));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
