/* SPDX-License-Identifier: GPL-2.0-or-later */
/* paint.h - text for a terminal: wrapped at its width, coloured or not. */
#ifndef V6D_REPORT_PAINT_H
#define V6D_REPORT_PAINT_H

#include "base/text.h"
#include "report/report.h"

#define V6D_PAINT_WIDTH 78

enum v6d_ink {
	V6D_INK_PLAIN,
	V6D_INK_BOLD,
	V6D_INK_GOOD,
	V6D_INK_WARN,
	V6D_INK_BAD,
	V6D_INK_FAINT,
};

struct v6d_paint {
	struct v6d_text t;
	bool color;
	unsigned columns; /* of the terminal; 0 and more: V6D_PAINT_WIDTH */
};

/* Columns that a line may take: V6D_PAINT_WIDTH, or less on a narrow one. */
unsigned v6d_paint_width(const struct v6d_paint *p);

enum v6d_ink v6d_paint_ink(enum v6d_verdict v);

/* "FAULTY  words", a headline with its newline. */
void
v6d_paint_verdict(struct v6d_paint *p, enum v6d_verdict v, const char *words);

/* Appends s in this ink. */
void v6d_paint_add(struct v6d_paint *p, enum v6d_ink ink, const char *s);

/* Appends s, broken between words, or beside a full-width character where a
 * line may end; later lines start with `indent` blanks.
 * `column` is where the text starts. Ends with a newline. */
void v6d_paint_wrap(
    struct v6d_paint *p, unsigned column, unsigned indent, const char *s);

/* A message or text in the paint's language, wrapped as above. */
void v6d_paint_say(
    struct v6d_paint *p, unsigned column, unsigned indent, const char *message);

/* A heading, a message, on a line of its own, after an empty line. */
void v6d_paint_head(struct v6d_paint *p, const char *s);

#endif
