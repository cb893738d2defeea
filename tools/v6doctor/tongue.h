/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tongue.h - the language that this run of the program speaks. */
#ifndef V6D_TOOLS_TONGUE_H
#define V6D_TOOLS_TONGUE_H

#include "base/text.h"

/* Of what people read; main sets it before the command starts. */
extern const struct v6d_lang *v6d_tongue;

/* A message of the program in it. */
#define _(s) v6d_lang_get(v6d_tongue, s)

/* Starts an empty text in it. */
struct v6d_text v6d_tongue_text(char *buf, size_t cap);

/*
 * An English sentence that was finished elsewhere (what is wrong with a file,
 * strerror's words) in it, as v6d_text_retell does. Good until it was called
 * four times more.
 */
const char *v6d_retold(const char *sentence);

/*
 * Sets the language: --lang X or --lang=X, which stands anywhere on the
 * command line and is taken out of it, else the environment. Returns 0, or
 * an exit status; the message is out.
 */
int v6d_tongue_choose(int *argc, char **argv);

/* What --lang asked for, NULL without it: for texts in machines' formats. */
const struct v6d_lang *v6d_tongue_asked(void);

#endif
