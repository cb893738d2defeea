/* SPDX-License-Identifier: GPL-2.0-or-later */
/* walk_words.h - the sentences of "v6doctor walk" by name. */
#ifndef V6D_TOOLS_WALK_WORDS_H
#define V6D_TOOLS_WALK_WORDS_H

enum v6d_walk_word {
#define WORD(id, text) V6D_SAY_##id,
#include "walk_words.def"
#undef WORD
};

/* A sentence, to be printed as it is or by printf where it holds a %. */
const char *v6d_walk_word(enum v6d_walk_word w);

#endif
