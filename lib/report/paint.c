/* SPDX-License-Identifier: GPL-2.0-or-later */
/* paint.c - text for a terminal: wrapped at 80 columns, coloured or not. */
#include "report/paint.h"

#include <string.h>

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

void
v6d_paint_wrap(
    struct v6d_paint *p, unsigned column, unsigned indent, const char *s)
{
	bool first = true;

	while (*(s += strspn(s, " \n"))) {
		size_t n = strcspn(s, " \n");

		if (!first && column + 1 + n > V6D_PAINT_WIDTH) {
			v6d_text_add(&p->t, "\n%*s", (int)indent, "");
			column = indent;
		} else if (!first) {
			v6d_text_add(&p->t, " ");
			column++;
		}
		v6d_text_add(&p->t, "%.*s", (int)n, s);
		column += (unsigned)n;
		s += n;
		first = false;
	}
	v6d_text_add(&p->t, "\n");
}

void
v6d_paint_head(struct v6d_paint *p, const char *s)
{
	v6d_text_add(&p->t, "\n");
	v6d_paint_add(p, V6D_INK_BOLD, s);
	v6d_text_add(&p->t, "\n");
}
