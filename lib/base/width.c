/* SPDX-License-Identifier: GPL-2.0-or-later */
/* width.c - columns of UTF-8 text (RFC 3629, UAX #11). */
#include "base/width.h"

#include <string.h>

#define REPLACEMENT 0xfffd

static const struct {
	uint32_t first, last;
	unsigned columns;
} ranges[] = {
	{ 0x0300, 0x036f, 0 }, /* combining */
	{ 0x1100, 0x115f, 2 }, /* Hangul */
	{ 0x200b, 0x200f, 0 }, /* zero width space, marks */
	{ 0x2e80, 0x303e, 2 }, /* radicals, CJK punctuation */
	{ 0x3041, 0x3096, 2 }, /* Hiragana */
	{ 0x3099, 0x309a, 0 }, /* combining voiced sound marks */
	{ 0x309b, 0x4dbf, 2 }, /* Katakana to CJK extension A */
	{ 0x4e00, 0xa4cf, 2 }, /* CJK, Yi */
	{ 0xac00, 0xd7a3, 2 }, /* Hangul */
	{ 0xf900, 0xfaff, 2 }, /* CJK compatibility */
	{ 0xfe30, 0xfe6f, 2 }, { 0xff01, 0xff60, 2 }, /* full-width forms */
	{ 0xffe0, 0xffe6, 2 }, { 0x1f300, 0x1f64f, 2 },
	{ 0x20000, 0x3fffd, 2 }, /* CJK extensions B and on */
};

uint32_t
v6d_width_char(const char *s, size_t *ret_len)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint8_t b = (uint8_t)s[0];
	size_t n = b < 0x80 ? 1 : b >= 0xf0 ? 4 : b >= 0xe0 ? 3 : 2;
	uint32_t c = n == 1 ? b : b & (0xffu >> (n + 1));

	*ret_len = 1;
	if ((b >= 0x80 && b < 0xc0) || b >= 0xf8)
		return REPLACEMENT;
	for (size_t i = 1; i < n; i++) {
		uint8_t more = (uint8_t)s[i];

		if ((more & 0xc0) != 0x80)
			return REPLACEMENT;
		c = c << 6 | (more & 0x3f);
	}
	if (c < least[n])
		return REPLACEMENT;
	*ret_len = n;
	return c;
}

unsigned
v6d_width_of(uint32_t c)
{
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return ranges[i].columns;
	return 1;
}

unsigned
v6d_width_n(const char *s, size_t n)
{
	unsigned columns = 0;
	size_t len;

	for (size_t i = 0; i < n && s[i]; i += len)
		columns += v6d_width_of(v6d_width_char(s + i, &len));
	return columns;
}

unsigned
v6d_width(const char *s)
{
	return v6d_width_n(s, strlen(s));
}
