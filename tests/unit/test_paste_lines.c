/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_paste_lines.c - bytes to lines and words. Covers paste/lines.c and
 * paste/tok.c. */
#include "paste_help.h"

#include "paste/lines.h"

static void
check_line(const char *bytes, size_t n, const char *want, unsigned quote)
{
	char text[512];
	struct v6d_paste_line lines[8];
	struct v6d_paste_mem mem = { text, sizeof(text), lines, 8 };
	uint8_t *exact = malloc(n);
	size_t lost;

	assert_non_null(exact);
	memcpy(exact, bytes, n);
	assert_true(v6d_paste_lines(exact, n, &mem, &lost) >= 1);
	assert_int_equal(lost, 0);
	assert_string_equal(lines[0].s, want);
	assert_int_equal(lines[0].quote, quote);
	free(exact);
}

#define LINE(bytes, want, quote) \
	check_line(bytes, sizeof(bytes) - 1, want, quote)

static void
test_clean(void **state)
{
	(void)state;
	LINE("  ether 1  \r\n", "ether 1", 0);
	LINE("> > a b\n", "a b", 2);
	LINE(">>a", "a", 2);
	LINE("\xef\xbc\x9e a\n", "a", 1); /* full-width > */
	LINE("a\xef\xbc\x9d\xef\xbc\x91\n", "a=1", 0); /* ＝１ */
	LINE("a\xe3\x80\x80"
	     "b\n",
	    "a b", 0); /* ideographic space */
	LINE("a\xc2\xa0"
	     "b\n",
	    "a b", 0);
	LINE("-\xe2\x80\x93"
	     "n\n",
	    "--n", 0); /* en dash */
	LINE("\xe2\x80\x9cx\xe2\x80\x9d\n", "\"x\"", 0);
	LINE("\x1b[31mred\x1b[0m\n", "red", 0);
	LINE("\x1b[31", "[31", 0); /* cut within a colour */
	LINE("a\x01"
	     "b\x7f\n",
	    "a?b?", 0); /* control characters */
	LINE("\xff\xfe"
	     "a\0b\0\n\0",
	    "ab", 0); /* UTF-16 */
	LINE("\xfe\xff"
	     "\0a\0b\0\n",
	    "ab", 0);
	LINE("\xff\xfe"
	     "a\0b",
	    "a?", 0); /* half a character at the end */
	LINE("\xef\xbb\xbf"
	     "a\n",
	    "a", 0); /* byte order mark */
	LINE("\x83\x65\n", "?e", 0); /* no UTF-8 */
	LINE("\xe3\x82", "??", 0); /* cut character */
	LINE("a\rb\n", "a", 0); /* an old line end */
}

/* Lines without room are counted, never written. */
static void
test_room(void **state)
{
	static const char many[] = "a\nb\nc\nd\n";
	char text[64];
	struct v6d_paste_line lines[2];
	struct v6d_paste_mem mem = { text, sizeof(text), lines, 2 };
	size_t lost;

	(void)state;
	assert_int_equal(v6d_paste_lines((const uint8_t *)many,
			     sizeof(many) - 1, &mem, &lost),
	    2);
	assert_int_equal(lost, 2);
	mem.cap = 4;
	assert_int_equal(v6d_paste_lines((const uint8_t *)many,
			     sizeof(many) - 1, &mem, &lost),
	    0);
	assert_int_equal(lost, 4);
}

static void
test_is_text(void **state)
{
	(void)state;
	assert_true(v6d_paste_is_text((const uint8_t *)"abc\n", 4));
	assert_true(v6d_paste_is_text((const uint8_t *)"\xff\xfe", 2));
	assert_true(v6d_paste_is_text((const uint8_t *)"\x83\x65", 2));
	assert_false(v6d_paste_is_text((const uint8_t *)"", 0));
	assert_false(v6d_paste_is_text((const uint8_t *)"a\0b", 3));
	assert_false(v6d_paste_is_text((const uint8_t *)"\x0a\x0d\x0d\x01", 4));
}

static void
test_ip(void **state)
{
	static const struct {
		const char *s, *addr, *zone;
		int plen;
	} t[] = {
		{ "fe80::1%ppp0", "fe80::1", "ppp0", -1 },
		{ "fe80::%en1/64", "fe80::", "en1", 64 },
		{ "2001:db8::1/64", "2001:db8::1", "", 64 },
		{ "2001:db8::1(Preferred)", "2001:db8::1", "", -1 },
		{ "fe80::1%12(Preferred)", "fe80::1", "12(Preferred", -1 },
		{ "[2001:db8::1]:80", "2001:db8::1", "", -1 },
		{ "2001:db8::80:", "2001:db8::80", "", -1 },
		{ "2001:db8::1,", "2001:db8::1", "", -1 },
		{ "2001:db8::80...", "2001:db8::80", "", -1 },
		{ "192.0.2.1.", "192.0.2.1", "", -1 },
		{ "::/0", "::", "", 0 },
		{ "2001:db8::1/999", "2001:db8::1", "", -1 },
		{ "zebra", NULL, NULL, 0 },
		{ "", NULL, NULL, 0 },
		{ ":", NULL, NULL, 0 },
		{ "1:2:3", NULL, NULL, 0 },
		{ "deadbeef", NULL, NULL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct v6d_addr a;
		char zone[16], text[V6D_ADDR_TEXT];
		int plen;
		bool ok = v6d_ip(t[i].s, &a, &plen, zone, sizeof(zone));

		if (ok != (t[i].addr != NULL))
			fail_msg("%s", t[i].s);
		if (!ok)
			continue;
		assert_string_equal(
		    v6d_addr_text(&a, text, sizeof(text)), t[i].addr);
		assert_int_equal(plen, t[i].plen);
		if (i != 4)
			assert_string_equal(zone, t[i].zone);
		else
			assert_memory_equal(zone, "12", 2);
	}
}

static void
test_mac(void **state)
{
	static const struct {
		const char *s;
		int len; /* 0: none */
	} t[] = {
		{ "f0:b4:79:18:0:89", 6 },
		{ "00-1C-42-00-00-08", 6 },
		{ "70:cd:60:ff:fe:03:c8:5a", 8 },
		{ "f0:b4:79:18:0", 0 },
		{ "f0:b4:79:18:0:89:1", 0 },
		{ "f0:b4-79:18:0:89", 0 },
		{ "f0:b4:79:18:0:", 0 },
		{ "fe80::1", 0 },
		{ "", 0 },
		{ "f0:b4:79:18:0:89:1:2:3", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		uint8_t mac[8], len = 0;
		bool ok = v6d_mac(t[i].s, mac, &len);

		if (ok != (t[i].len > 0) || (ok && len != t[i].len))
			fail_msg("%s", t[i].s);
	}
}

static void
test_numbers(void **state)
{
	int64_t v = -1;
	uint32_t h;

	(void)state;
	assert_true(v6d_lead("86398sec", &v));
	assert_int_equal(v, 86398);
	assert_false(v6d_lead("x1", &v));
	assert_true(v6d_lead("99999999999999999999", &v)); /* no overflow */
	assert_true(v >= 0);
	assert_true(v6d_whole("0x1f", &v));
	assert_int_equal(v, 31);
	assert_false(v6d_whole("12a", &v));
	assert_false(v6d_whole("", &v));
	assert_false(v6d_whole("0x", &v));
	assert_false(v6d_whole("0x123456789", &v));
	assert_true(v6d_hex("8863<UP", &h));
	assert_int_equal(h, 0x8863);
	assert_false(v6d_hex("<", &h));
}

static void
test_words(void **state)
{
	struct v6d_tok t = { 0 };
	char many[4096];
	char c[8];

	(void)state;
	v6d_tok_split(&t, "a  bb c");
	assert_int_equal(t.n, 3);
	assert_string_equal(v6d_tok_after(&t, "bb"), "c");
	assert_string_equal(v6d_tok_after(&t, "c"), "");
	assert_int_equal(v6d_tok_find(&t, 1, "a"), -1);
	for (size_t i = 0; i < sizeof(many) - 1; i++)
		many[i] = i % 2 ? ' ' : 'x';
	many[sizeof(many) - 1] = '\0';
	v6d_tok_split(&t, many);
	assert_int_equal(t.n, V6D_TOK_MAX);
	/* never through the middle of a character */
	v6d_copy(c, sizeof(c), "ab\xe3\x82\xa2\xe3\x82\xa2");
	assert_string_equal(c, "ab\xe3\x82\xa2");
	assert_true(v6d_has_word("A Closed NETWORK", "closed network"));
	assert_false(v6d_has_word("ab", "abc"));
	assert_true(v6d_ends("abc", "bc"));
	assert_false(v6d_ends("c", "bc"));
}

RUN(cmocka_unit_test(test_clean), cmocka_unit_test(test_room),
    cmocka_unit_test(test_is_text), cmocka_unit_test(test_ip),
    cmocka_unit_test(test_mac), cmocka_unit_test(test_numbers),
    cmocka_unit_test(test_words))
