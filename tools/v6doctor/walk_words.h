/* SPDX-License-Identifier: GPL-2.0-or-later */
/* walk_words.h - the sentences of "v6doctor walk" by name. */
#ifndef V6D_TOOLS_WALK_WORDS_H
#define V6D_TOOLS_WALK_WORDS_H

#include <stdarg.h>

#include "base/text.h"

enum v6d_walk_word {
#define WORD(id, text) V6D_SAY_##id,
#include "walk_words.def"
#undef WORD
};

/* A sentence that holds no %. */
const char *v6d_walk_word(enum v6d_walk_word w);

/* Appends one, filled as printf fills it. */
void v6d_walk_word_add(struct v6d_text *t, enum v6d_walk_word w, ...);
void v6d_walk_word_vadd(struct v6d_text *t, enum v6d_walk_word w, va_list ap);

#endif
