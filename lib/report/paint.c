/* SPDX-License-Identifier: GPL-2.0-or-later */
/* paint.c - text for a terminal: wrapped at its width, coloured or not. */
#include "report/paint.h"

#include <string.h>

#include "base/width.h"

static const char *
sequence(enum v6d_ink ink)
{
	switch (ink) {
	case V6D_INK_PLAIN:
		return "";
	case V6D_INK_BOLD:
		return "\033[1m";
	case V6D_INK_GOOD:
		return "\033[32m";
	case V6D_INK_WARN:
		return "\033[33m";
	case V6D_INK_BAD:
		return "\033[1;31m";
	case V6D_INK_FAINT:
		return "\033[2m";
	}
	return "";
}

void
v6d_paint_add(struct v6d_paint *p, enum v6d_ink ink, const char *s)
{
	bool on = p->color && ink != V6D_INK_PLAIN;

	v6d_text_add(
	    &p->t, "%s%s%s", on ? sequence(ink) : "", s, on ? "\033[0m" : "");
}

/* ---- wrapping ---- */

/* What must not begin a line, and what must not end one (JIS X 4051). */
static const char no_start[] =
    "\u3001\u3002\uff0c\uff0e\uff1a\uff1b\uff1f\uff01"
    "\uff09\u300d\u300f\u3011\u3015\u3005\u30fb\u30fc"
    "\u3041\u3043\u3045\u3047\u3049\u3063\u3083\u3085"
    "\u3087\u30a1\u30a3\u30a5\u30a7\u30a9\u30c3\u30e3"
    "\u30e5\u30e7)]}.,:;!?%";
static const char no_end[] = "\uff08\u300c\u300e\u3010\u3014([{";

/* The character of n bytes at s is one of these. */
static bool
among(const char *set, const char *s, size_t n)
{
	size_t len;

	for (; *set; set += len) {
		v6d_width_char(set, &len);
		if (len == n && memcmp(set, s, n) == 0)
			return true;
	}
	return false;
}

/* A line may end between the character of n bytes at s and what follows. */
static bool
may_break(const char *s, size_t n)
{
	size_t len;
	unsigned here = v6d_width_of(v6d_width_char(s, &len));
	unsigned next;

	s += n;
	if (!*s || *s == ' ' || *s == '\n')
		return true;
	next = v6d_width_of(v6d_width_char(s, &len));
	return (here == 2 || next == 2) && !among(no_start, s, len) &&
	       !among(no_end, s - n, n);
}

/* Bytes at s that stay together: a word, or a full-width character with what
 * must not be parted from it. */
static size_t
piece(const char *s)
{
	size_t n = 0, len;

	do {
		v6d_width_char(s + n, &len);
		n += len;
	} while (!may_break(s + n - len, len));
	return n;
}

/*
 * The n bytes of white space at s stand for a blank: not where a line of the
 * source ended beside a full-width character, nor at the end.
 */
static bool
is_blank(const char *s, size_t n, unsigned before)
{
	size_t len;

	if (n == 0 || !s[n])
		return false;
	return !memchr(s, '\n', n) ||
	       (before < 2 && v6d_width_of(v6d_width_char(s + n, &len)) < 2);
}

/* Columns of the last character of the n bytes at s. */
static unsigned
last_width(const char *s, size_t n)
{
	size_t at = 0, len, last = 0;

	for (; at < n; at += len) {
		last = at;
		v6d_width_char(s + at, &len);
	}
	return v6d_width_of(v6d_width_char(s + last, &len));
}

#define NARROWEST 24

unsigned
v6d_paint_width(const struct v6d_paint *p)
{
	if (p->columns == 0 || p->columns > V6D_PAINT_WIDTH)
		return V6D_PAINT_WIDTH;
	return p->columns < NARROWEST ? NARROWEST : p->columns;
}

/* Half of a narrow line is for words, however far others are indented. */
static unsigned
indent_of(unsigned width, unsigned indent)
{
	return indent * 2 > width ? 4 : indent;
}

void
v6d_paint_wrap(
    struct v6d_paint *p, unsigned column, unsigned indent, const char *s)
{
	unsigned before = 0; /* columns of the character before; 0: none yet */
	unsigned width = v6d_paint_width(p);

	indent = indent_of(width, indent);

	for (;;) {
		size_t n = strspn(s, " \n");
		bool blank = is_blank(s, n, before);
		unsigned columns;

		s += n;
		if (!*s)
			break;
		n = piece(s);
		columns = v6d_width_n(s, n);
		if ((before || (width < V6D_PAINT_WIDTH && column > indent)) &&
		    column + blank + columns > width) {
			column =
			    indent + columns > width && indent > 4 ? 4 : indent;
			v6d_text_add(&p->t, "\n%*s", (int)column, "");
		} else if (before && blank) {
			v6d_text_add(&p->t, " ");
			column++;
		}
		v6d_text_add(&p->t, "%.*s", (int)n, s);
		column += columns;
		before = last_width(s, n);
		s += n;
	}
	v6d_text_add(&p->t, "\n");
}

void
v6d_paint_say(
    struct v6d_paint *p, unsigned column, unsigned indent, const char *message)
{
	v6d_paint_wrap(p, column, indent, v6d_lang_get(p->t.lang, message));
}

void
v6d_paint_head(struct v6d_paint *p, const char *s)
{
	s = v6d_lang_get(p->t.lang, s);
	v6d_text_add(&p->t, "\n");
	if (v6d_width(s) > v6d_paint_width(p)) {
		v6d_paint_wrap(p, 0, 0, s);
		return;
	}
	v6d_paint_add(p, V6D_INK_BOLD, s);
	v6d_text_add(&p->t, "\n");
}

/* ---- verdicts ---- */

enum v6d_ink
v6d_paint_ink(enum v6d_verdict v)
{
	switch (v) {
	case V6D_VERDICT_HEALTHY:
		return V6D_INK_GOOD;
	case V6D_VERDICT_DEGRADED:
	case V6D_VERDICT_UNDETERMINED:
		return V6D_INK_WARN;
	case V6D_VERDICT_FAULTY:
		return V6D_INK_BAD;
	}
	return V6D_INK_PLAIN;
}

void
v6d_paint_verdict(struct v6d_paint *p, enum v6d_verdict v, const char *words)
{
	static const char *const names[] = { N_("HEALTHY"), N_("DEGRADED"),
		N_("FAULTY"), N_("UNDETERMINED") };
	const char *name = v6d_lang_get(p->t.lang, names[v]);
	unsigned indent = v6d_width(name) + 2;

	v6d_paint_add(p, v6d_paint_ink(v), name);
	v6d_text_add(&p->t, "  ");
	v6d_paint_wrap(p, indent, indent, words);
}
