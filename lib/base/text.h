/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text.h - text built in borrowed memory with a ceiling, in one language. */
#ifndef V6D_BASE_TEXT_H
#define V6D_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/lang.h"

/* Always NUL-terminated when cap > 0; `cut` sticks when something was lost. */
struct v6d_text {
	char *p;
	size_t cap, len;
	bool cut;
	const struct v6d_lang *lang; /* NULL: English */
};

/* Starts an empty English text in buf. */
struct v6d_text v6d_text_to(char *buf, size_t cap);

/* The same in the language of another text. */
struct v6d_text v6d_text_like(const struct v6d_text *t, char *buf, size_t cap);

/* Appends as printf does. What does not fit is lost and `cut` is set; no
 * character is cut in two. */
void v6d_text_add(struct v6d_text *t, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* The same in the text's language: fmt is a message. */
void v6d_text_say(struct v6d_text *t, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Appends an English sentence that was finished elsewhere, maybe long ago
 * (a check's summary in a saved report), in the text's language: a message,
 * or what a message with conversions made. Else as it stands.
 */
void v6d_text_retell(struct v6d_text *t, const char *sentence);

/* Appends s and blanks up to so many columns of a terminal. */
void v6d_text_pad(struct v6d_text *t, const char *s, unsigned columns);

/*
 * Appends n bytes that came from a stranger: stops at the first NUL, and
 * bytes outside printable ASCII become '?'.
 */
void v6d_text_add_foreign(struct v6d_text *t, const uint8_t *s, size_t n);

#endif
