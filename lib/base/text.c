/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text.c - text built in borrowed memory with a ceiling. */
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>

struct v6d_text
v6d_text_to(char *buf, size_t cap)
{
	if (cap > 0)
		buf[0] = '\0';
	return (struct v6d_text){ buf, cap, 0, false };
}

void
v6d_text_add(struct v6d_text *t, const char *fmt, ...)
{
	size_t room = t->cap - t->len;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(t->p + t->len, room, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	if ((size_t)n >= room) {
		t->cut = true;
		t->len = t->cap > 0 ? t->cap - 1 : 0;
		return;
	}
	t->len += (size_t)n;
}

void
v6d_text_add_foreign(struct v6d_text *t, const uint8_t *s, size_t n)
{
	for (size_t i = 0; i < n && s[i] != '\0'; i++)
		v6d_text_add(
		    t, "%c", s[i] >= 0x20 && s[i] < 0x7f ? (char)s[i] : '?');
}
