/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * charset.c - which of the Japanese character sets a text is in, by the kana
 * that it would have, and its conversion by iconv.
 */
#include "io/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdlib.h>

/* Japanese is full of kana; a few come out of other languages by chance. */
#define KANA_MIN 3

struct converted {
	uint8_t *p;
	size_t n, cap;
	size_t strange; /* bytes that are no character of that set */
};

/* Every byte above 127 is part of a whole sequence. */
static bool
is_utf8(const uint8_t *p, size_t n)
{
	for (size_t i = 0, more; i < n; i += 1 + more) {
		more = p[i] < 0x80   ? 0
		       : p[i] < 0xc2 ? n
		       : p[i] < 0xe0 ? 1
		       : p[i] < 0xf0 ? 2
		       : p[i] < 0xf5 ? 3
				     : n;
		if (more >= n - i)
			return false;
		for (size_t k = 1; k <= more; k++)
			if ((p[i + k] & 0xc0) != 0x80)
				return false;
	}
	return true;
}

static bool
is_utf16(const uint8_t *p, size_t n)
{
	return n >= 2 && ((p[0] == 0xff && p[1] == 0xfe) ||
			     (p[0] == 0xfe && p[1] == 0xff));
}

/* False: there is no such set here. A strange byte becomes a '?'. */
static bool
convert(const char *set, const uint8_t *text, size_t n, struct converted *c)
{
	iconv_t cd = iconv_open("UTF-8", set);
	char *in = (char *)(uintptr_t)text, *out = (char *)c->p;
	size_t left = c->cap;

	if (cd == (iconv_t)-1)
		return false;
	c->strange = 0;
	while (n > 0 && iconv(cd, &in, &n, &out, &left) == (size_t)-1) {
		if (errno == E2BIG || left == 0)
			break;
		*out++ = '?';
		left--;
		in++;
		n--;
		c->strange++;
	}
	iconv_close(cd);
	c->n = c->cap - left;
	return n == 0;
}

/* U+3041 to U+30FF are E3 81 81 to E3 83 BF; n_wide: all of three bytes. */
static size_t
kana_in(const struct converted *c, size_t *ret_wide)
{
	size_t kana = 0, wide = 0;

	for (size_t i = 0; i + 2 < c->n; i++) {
		if ((c->p[i] & 0xf0) != 0xe0)
			continue;
		wide++;
		kana += c->p[i] == 0xe3 && c->p[i + 1] >= 0x81 &&
			c->p[i + 1] <= 0x83;
	}
	*ret_wide = wide;
	return kana;
}

static bool
is_japanese(const struct converted *c)
{
	size_t wide, kana = kana_in(c, &wide);

	return kana >= KANA_MIN && kana * 4 >= wide && c->strange * 10 <= kana;
}

uint8_t *
v6d_charset_japanese(const uint8_t *text, size_t n, size_t *ret_n)
{
	static const char *const sets[] = { "CP932", "EUC-JP" };
	struct converted c = { .cap = 3 * n };

	if (n == 0 || is_utf16(text, n) || is_utf8(text, n))
		return NULL;
	c.p = malloc(c.cap);
	for (size_t i = 0; c.p && i < sizeof(sets) / sizeof(sets[0]); i++)
		if (convert(sets[i], text, n, &c) && is_japanese(&c)) {
			*ret_n = c.n;
			return c.p;
		}
	free(c.p);
	return NULL;
}
