/* SPDX-License-Identifier: GPL-2.0-or-later */
/* walk_words.c - the sentences of "v6doctor walk", filled. */
#include "walk_words.h"

#include <stdio.h>

#include "tongue.h"

static const char *const words[] = {
#define WORD(id, text) text,
#include "walk_words.def"
#undef WORD
};

const char *
v6d_walk_word(enum v6d_walk_word w)
{
	return _(words[w]);
}

void
v6d_walk_word_vadd(struct v6d_text *t, enum v6d_walk_word w, va_list ap)
{
	char text[2048];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	vsnprintf(text, sizeof(text), v6d_walk_word(w), ap);
#pragma GCC diagnostic pop
	v6d_text_add(t, "%s", text);
}

void
v6d_walk_word_add(struct v6d_text *t, enum v6d_walk_word w, ...)
{
	va_list ap;

	va_start(ap, w);
	v6d_walk_word_vadd(t, w, ap);
	va_end(ap);
}
