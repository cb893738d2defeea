/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text.h - text built in borrowed memory with a ceiling. */
#ifndef V6D_BASE_TEXT_H
#define V6D_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Always NUL-terminated when cap > 0; `cut` sticks when something was lost. */
struct v6d_text {
	char *p;
	size_t cap, len;
	bool cut;
};

/* Starts an empty text in buf. */
struct v6d_text v6d_text_to(char *buf, size_t cap);

/* Appends as printf does. What does not fit is lost and `cut` is set. */
void v6d_text_add(struct v6d_text *t, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Appends n bytes that came from a stranger: stops at the first NUL, and
 * bytes outside printable ASCII become '?'.
 */
void v6d_text_add_foreign(struct v6d_text *t, const uint8_t *s, size_t n);

#endif
