/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lines.c - bytes to lines: UTF-16 and full-width forms become plain text,
 * mail quotes, colours and blanks around are taken off.
 */
#include "paste/lines.h"

#include <string.h>

/* Bytes of the source, as code points. */
struct source {
	const uint8_t *p, *end;
	int utf16; /* 0, or 1: little-endian, 2: big-endian */
};

size_t
v6d_paste_room(size_t n)
{
	return n * 2 + 64; /* two bytes of UTF-16 may become three */
}

bool
v6d_paste_is_text(const uint8_t *b, size_t n)
{
	if (n >= 2 &&
	    ((b[0] == 0xff && b[1] == 0xfe) || (b[0] == 0xfe && b[1] == 0xff)))
		return true;
	for (size_t i = 0; i < n; i++)
		if (b[i] < 0x20 && b[i] != '\t' && b[i] != '\n' &&
		    b[i] != '\r' && b[i] != '\f' && b[i] != 0x1b)
			return false;
	return n > 0;
}

static uint32_t
next16(struct source *s)
{
	unsigned hi = s->utf16 == 2 ? 0 : 1;
	uint32_t c;

	if (s->end - s->p < 2) {
		s->p = s->end;
		return '?';
	}
	c = (uint32_t)s->p[hi] << 8 | s->p[1 - hi];
	s->p += 2;
	return c >= 0xd800 && c < 0xe000 ? '?' : c;
}

/* One code point of UTF-8; a stray byte is '?'. */
static uint32_t
next8(struct source *s)
{
	static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
	uint32_t c = *s->p++;
	unsigned more;

	if (c < 0x80)
		return c;
	more = c >= 0xf0 && c < 0xf5 ? 3 : c >= 0xe0 ? 2 : c >= 0xc2 ? 1 : 0;
	if (more == 0 || c >= 0xf5 || s->end - s->p < (ptrdiff_t)more)
		return '?';
	c &= 0x3fu >> more;
	for (unsigned i = 0; i < more; i++) {
		if ((s->p[i] & 0xc0) != 0x80)
			return '?';
		c = c << 6 | (s->p[i] & 0x3fu);
	}
	s->p += more;
	return c < least[more] || (c >= 0xd800 && c < 0xe000) ? '?' : c;
}

static uint32_t
next(struct source *s)
{
	return s->utf16 ? next16(s) : next8(s);
}

/* What a word processor or an input method made of a plain character. */
static uint32_t
plain(uint32_t c)
{
	if (c >= 0xff01 && c <= 0xff5e)
		return c - 0xfee0; /* full-width forms */
	switch (c) {
	case 0x3000: /* ideographic space */
	case 0x00a0:
	case 0x2002:
	case 0x2003:
	case 0x2009:
	case 0x202f:
	case '\t':
	case '\f':
	case '\v':
		return ' ';
	case 0x2010:
	case 0x2011:
	case 0x2012:
	case 0x2013:
	case 0x2014:
	case 0x2212:
		return '-';
	case 0x2018:
	case 0x2019:
		return '\'';
	case 0x201c:
	case 0x201d:
		return '"';
	default:
		break;
	}
	if (c == 0xfeff || (c >= 0x200b && c <= 0x200f))
		return 0;
	return (c < 0x20 && c != '\n') || (c >= 0x7f && c < 0xa0) ? '?' : c;
}

struct sink {
	char *p, *end;
};

static void
put(struct sink *o, uint32_t c)
{
	if (o->end - o->p < 5)
		return;
	if (c < 0x80) {
		*o->p++ = (char)c;
	} else if (c < 0x800) {
		*o->p++ = (char)(0xc0 | c >> 6);
		*o->p++ = (char)(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		*o->p++ = (char)(0xe0 | c >> 12);
		*o->p++ = (char)(0x80 | (c >> 6 & 0x3f));
		*o->p++ = (char)(0x80 | (c & 0x3f));
	} else {
		*o->p++ = (char)(0xf0 | c >> 18);
		*o->p++ = (char)(0x80 | (c >> 12 & 0x3f));
		*o->p++ = (char)(0x80 | (c >> 6 & 0x3f));
		*o->p++ = (char)(0x80 | (c & 0x3f));
	}
}

/* Past ESC [ ... letter: colours of a terminal. */
static void
skip_colour(struct source *s)
{
	unsigned n = 0;
	struct source q = *s;

	if (q.p >= q.end || next(&q) != '[')
		return;
	while (q.p < q.end && n++ < 16) {
		uint32_t c = next(&q);

		if (c >= '@' && c <= '~') {
			*s = q;
			return;
		}
	}
}

/* One line of the source, plain, to o; false at the end. */
static bool
next_line(struct source *s, struct sink *o)
{
	if (s->p >= s->end)
		return false;
	while (s->p < s->end) {
		uint32_t c = next(s);

		if (c == '\r') {
			struct source q = *s;

			if (q.p < q.end && next(&q) == '\n')
				*s = q;
			return true;
		}
		if (c == '\n')
			return true;
		if (c == 0x1b) {
			skip_colour(s);
			continue;
		}
		c = plain(c);
		if (c)
			put(o, c);
	}
	return true;
}

/* Takes quotes and blanks off; s has room to be cut at its end. */
static void
strip(char *s, size_t n, struct v6d_paste_line *ret)
{
	unsigned indent = 0;

	ret->quote = 0;
	for (;;) {
		while (*s == ' ') {
			s++;
			n--;
			indent++;
		}
		if (*s != '>' || ret->quote == 20)
			break;
		s++;
		n--;
		ret->quote++;
		indent = 0;
	}
	while (n > 0 && s[n - 1] == ' ')
		n--;
	s[n] = '\0';
	ret->s = s;
	ret->indent = (uint8_t)(indent < 200 ? indent : 200);
}

size_t
v6d_paste_lines(
    const uint8_t *text, size_t n, struct v6d_paste_mem *mem, size_t *ret_lost)
{
	struct source s = { text, text + n, 0 };
	struct sink o = { mem->text, mem->text + mem->cap };
	size_t lines = 0;

	*ret_lost = 0;
	if (n >= 2 && text[0] == 0xff && text[1] == 0xfe)
		s.utf16 = 1;
	else if (n >= 2 && text[0] == 0xfe && text[1] == 0xff)
		s.utf16 = 2;
	for (uint32_t no = 1;; no++) {
		char *begin = o.p;

		if (!next_line(&s, &o))
			return lines;
		if (o.end - o.p < 8 || lines == mem->n_lines) {
			(*ret_lost)++;
			o.p = begin;
			continue;
		}
		*o.p = '\0';
		mem->lines[lines].no = no;
		strip(begin, (size_t)(o.p - begin), &mem->lines[lines]);
		lines++;
		o.p++;
	}
}
