/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_paint.c - wrapping and ink. */
#include "diag_help.h"

#include "report/paint.h"

#define W "\u8a9e" /* a full-width character */
#define STOP "\u3002"
#define NL "\n  " /* the line ends, and two blanks begin the next */

static void
test_wrap(void **state)
{
	char buf[512];
	struct v6d_paint p = { .t = v6d_text_to(buf, sizeof(buf)) };

	(void)state;
	v6d_paint_wrap(&p, 0, 4,
	    "one two  three\nfour five six seven eight nine ten eleven twelve "
	    "thirteen fourteen fifteen");
	assert_string_equal(buf,
	    "one two three four five six seven eight nine ten eleven twelve "
	    "thirteen\n    fourteen fifteen\n");
	p.t = v6d_text_to(buf, sizeof(buf));
	v6d_paint_wrap(&p, 10, 10, "");
	assert_string_equal(buf, "\n");
	/* a word longer than a line stands alone */
	p.t = v6d_text_to(buf, sizeof(buf));
	v6d_paint_wrap(&p, 70, 2, "aaaaaaaaaaaaaaaaaaaa b");
	assert_string_equal(buf, "aaaaaaaaaaaaaaaaaaaa\n  b\n");
}

/* Full-width characters take two columns; a line may end beside one, but for
 * what must not begin or end a line. */
static void
test_wide(void **state)
{
	static const struct {
		unsigned column;
		const char *s, *want;
	} t[] = {
		/* 78 columns are 39 characters */
		{ 76, W W, W NL W "\n" },
		/* a full stop stays behind, a bracket before */
		{ 74, W W STOP W, W NL W STOP W "\n" },
		{ 74, W "\uff08" W, W NL "\uff08" W "\n" },
		/* a word of letters is not parted */
		{ 73, W "MTU" W, W "MTU" NL W "\n" },
		{ 74, W "MTU" W, W NL "MTU" W "\n" },
		/* a line's end in the source is no blank there */
		{ 0, W "\n" W, W W "\n" },
		{ 0, W " " W, W " " W "\n" },
		{ 0, "a\nb", "a b\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		char buf[256];
		struct v6d_paint p = { .t = v6d_text_to(buf, sizeof(buf)) };

		v6d_paint_wrap(&p, t[i].column, 2, t[i].s);
		assert_string_equal(buf, t[i].want);
	}
}

/* On a narrow terminal; half of a line is for words. */
static void
test_narrow(void **state)
{
	char buf[256];
	struct v6d_paint p = { .t = v6d_text_to(buf, sizeof(buf)),
		.columns = 30 };

	(void)state;
	assert_int_equal(v6d_paint_width(&p), 30);
	v6d_paint_wrap(&p, 20, 20, "aaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbb cc");
	assert_string_equal(buf, "aaaaaaaaaa\n    bbbbbbbbbbbbbbbbbbbbbbbb\n"
				 "    cc\n");
	p.t = v6d_text_to(buf, sizeof(buf));
	v6d_paint_wrap(&p, 28, 2, "aaa");
	assert_string_equal(buf, "\n  aaa\n");
	p.columns = 5;
	assert_int_equal(v6d_paint_width(&p), 24);
	p.columns = 200;
	assert_int_equal(v6d_paint_width(&p), V6D_PAINT_WIDTH);
}

static void
test_ink(void **state)
{
	char buf[64];
	struct v6d_paint p = { .t = v6d_text_to(buf, sizeof(buf)) };

	(void)state;
	v6d_paint_add(&p, V6D_INK_BAD, "FAIL");
	assert_string_equal(buf, "FAIL");
	p = (struct v6d_paint){ .t = v6d_text_to(buf, sizeof(buf)),
		.color = true };
	v6d_paint_add(&p, V6D_INK_BAD, "FAIL");
	assert_string_equal(buf, "\033[1;31mFAIL\033[0m");
	p.t = v6d_text_to(buf, sizeof(buf));
	v6d_paint_add(&p, V6D_INK_PLAIN, "x");
	assert_string_equal(buf, "x");
}

RUN(cmocka_unit_test(test_wrap), cmocka_unit_test(test_wide),
    cmocka_unit_test(test_narrow), cmocka_unit_test(test_ink))
