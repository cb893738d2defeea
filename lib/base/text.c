/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text.c - text built in borrowed memory with a ceiling. */
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/width.h"

struct v6d_text
v6d_text_to(char *buf, size_t cap)
{
	if (cap > 0)
		buf[0] = '\0';
	return (struct v6d_text){ buf, cap, 0, false, NULL };
}

struct v6d_text
v6d_text_like(const struct v6d_text *t, char *buf, size_t cap)
{
	struct v6d_text r = v6d_text_to(buf, cap);

	r.lang = t->lang;
	return r;
}

/* Takes away what is left of a character that was cut in two. */
static void
drop_half(struct v6d_text *t)
{
	size_t at = t->len;

	while (at > 0 && ((uint8_t)t->p[at - 1] & 0xc0) == 0x80)
		at--;
	if (at > 0 && (uint8_t)t->p[at - 1] >= 0xc0) {
		size_t len;

		v6d_width_char(t->p + at - 1, &len);
		if (at - 1 + len != t->len)
			t->len = at - 1;
	}
	t->p[t->len] = '\0';
}

__attribute__((format(printf, 2, 0))) static void
add(struct v6d_text *t, const char *fmt, va_list ap)
{
	size_t room = t->cap - t->len;
	int n = vsnprintf(t->p + t->len, room, fmt, ap);

	if (n < 0)
		return;
	if ((size_t)n < room) {
		t->len += (size_t)n;
		return;
	}
	t->cut = true;
	t->len = t->cap > 0 ? t->cap - 1 : 0;
	if (t->cap > 0)
		drop_half(t);
}

void
v6d_text_add(struct v6d_text *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(t, fmt, ap);
	va_end(ap);
}

void
v6d_text_say(struct v6d_text *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(t, v6d_lang_get(t->lang, fmt), ap);
	va_end(ap);
}

void
v6d_text_pad(struct v6d_text *t, const char *s, unsigned columns)
{
	unsigned w = v6d_width(s);

	v6d_text_add(t, "%s%*s", s, w < columns ? (int)(columns - w) : 0, "");
}

void
v6d_text_add_foreign(struct v6d_text *t, const uint8_t *s, size_t n)
{
	for (size_t i = 0; i < n && s[i] != '\0'; i++)
		v6d_text_add(
		    t, "%c", s[i] >= 0x20 && s[i] < 0x7f ? (char)s[i] : '?');
}
