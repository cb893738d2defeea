/* SPDX-License-Identifier: GPL-2.0-or-later */
/* record.c - one line of a journal: escaped words and a checksum. */
#include "gateway/record.h"

#include <stdio.h>
#include <string.h>

#define SUM_LEN 9 /* a blank and eight digits */

static const char digits[] = "0123456789abcdef";

/* FNV-1a, 32 bit: guards against tearing and bit rot, not against people. */
static uint32_t
sum_of(const char *s, size_t n)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (uint8_t)s[i]) * 16777619u;
	return h;
}

static bool
is_plain(char c)
{
	return c > ' ' && c < 0x7f && c != '%';
}

/* An empty word is written as "%": it must still be a word. */
static size_t
put_word(const char *w, char *buf, size_t n)
{
	size_t len = 0;

	if (!*w) {
		if (n > 0)
			buf[0] = '%';
		return 1;
	}
	for (; *w; w++) {
		if (len + 3 > n)
			return n + 1;
		if (is_plain(*w)) {
			buf[len++] = *w;
			continue;
		}
		buf[len++] = '%';
		buf[len++] = digits[(uint8_t)*w >> 4];
		buf[len++] = digits[(uint8_t)*w & 15];
	}
	return len;
}

size_t
v6d_record_encode(const struct v6d_record *r, char *buf, size_t n)
{
	size_t len = 0;

	if (r->n == 0 || n < SUM_LEN + 2)
		return 0;
	for (unsigned i = 0; i < r->n; i++) {
		size_t room = n - SUM_LEN - 2, k;

		if (len + 1 > room)
			return 0;
		if (i > 0)
			buf[len++] = ' ';
		k = put_word(r->word[i], buf + len, room - len);
		if (k > room - len)
			return 0;
		len += k;
	}
	snprintf(buf + len, n - len, " %08x\n", (unsigned)sum_of(buf, len));
	return len + SUM_LEN + 1;
}

static int
digit_of(char c)
{
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Takes the escapes out of a word; false: one is no escape. */
static bool
plain_word(char *w)
{
	char *to = w;

	if (strcmp(w, "%") == 0) {
		*w = '\0';
		return true;
	}
	for (const char *from = w; *from; from++) {
		int a, b;

		if (*from != '%') {
			*to++ = *from;
			continue;
		}
		a = digit_of(from[1]);
		b = a < 0 ? -1 : digit_of(from[2]);
		if (b < 0 || (a == 0 && b == 0))
			return false;
		*to++ = (char)(a << 4 | b);
		from += 2;
	}
	*to = '\0';
	return true;
}

static bool
check_sum(const char *line, const char *end)
{
	uint32_t sum = 0;

	if (end - line <= SUM_LEN || end[-SUM_LEN] != ' ')
		return false;
	for (const char *c = end - SUM_LEN + 1; c < end; c++) {
		int d = digit_of(*c);

		if (d < 0)
			return false;
		sum = sum << 4 | (uint32_t)d;
	}
	return sum == sum_of(line, (size_t)(end - line) - SUM_LEN);
}

bool
v6d_record_decode(char *line, char *end, struct v6d_record *ret)
{
	struct v6d_record r = { 0 };

	if (!check_sum(line, end))
		return false;
	end[-SUM_LEN] = '\0';
	for (char *w = line, *next; w; w = next) {
		next = strchr(w, ' ');
		if (next)
			*next++ = '\0';
		if (!*w || r.n == V6D_RECORD_WORDS || !plain_word(w))
			return false;
		r.word[r.n++] = w;
	}
	*ret = r;
	return true;
}
