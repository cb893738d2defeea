/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sheet.h - the text files of the lab: a head, then sections of raw lines. */
#ifndef V6D_TOOLS_LAB_SHEET_H
#define V6D_TOOLS_LAB_SHEET_H

#include "base/text.h"

#define V6D_SHEET_WORD 32
#define V6D_SHEET_LINE 256

/*
 * One section: "[KIND]" or "[KIND ARG]" and what follows up to the next one.
 * What stands before the first has an empty kind. body is borrowed from the
 * sheet's text.
 */
struct v6d_sheet {
	char kind[V6D_SHEET_WORD], arg[V6D_SHEET_WORD];
	const char *body;
	size_t len;
	const char *next; /* where the search goes on; NULL: at the start */
};

/* Steps to the next section of text; start with a zeroed struct. */
bool v6d_sheet_next(struct v6d_sheet *s, const char *text);

/*
 * The next line at *pos that is neither blank nor a comment, without the
 * blanks around it, cut to V6D_SHEET_LINE. False at the end.
 */
bool v6d_sheet_line(const struct v6d_sheet *s, size_t *pos, char *ret_line);

/* Cuts "KEY = VALUE" in two in place. NULL when there is no '='. */
char *v6d_sheet_split(char *line);

/* The value of `key` in a section. False when it is not there. */
bool v6d_sheet_key(const struct v6d_sheet *s, const char *key, char *ret_value);

struct v6d_sheet_var {
	const char *name; /* without the '$' */
	const char *value;
};

/*
 * Appends a section's lines to t, with each $NAME replaced. A line
 * "@for A..B STEP: LINE" stands for LINE once per number, $N in it.
 * A '\' at the start of a line is taken off: it lets a line begin with '['
 * or '#'. vars ends with an entry without a name.
 */
void v6d_sheet_expand(struct v6d_text *t, const struct v6d_sheet *s,
    const struct v6d_sheet_var *vars);

/*
 * Appends the lines of usual to t, which must start empty. Where instead has
 * lines "KEY = ..." with the same key, they stand in place of usual's, and
 * "KEY =" takes usual's away; its other lines follow at the end.
 */
void
v6d_sheet_merge(struct v6d_text *t, const char *usual, const char *instead);

#endif
