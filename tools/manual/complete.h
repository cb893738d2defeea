/* SPDX-License-Identifier: GPL-2.0-or-later */
/* complete.h - the words that a shell can suggest, of the program's tables. */
#ifndef V6D_TOOLS_MANUAL_COMPLETE_H
#define V6D_TOOLS_MANUAL_COMPLETE_H

#include <stdbool.h>
#include <stddef.h>

#include "v6doctor/cmd.h"

/*
 * Word i that can stand for a thing of that kind, with what it means (or
 * NULL); NULL: no more. ret_name: room for a word that is made up.
 */
const char *complete_word(enum v6d_takes takes, const struct v6d_cmd *c,
    unsigned i, char *ret_name, size_t n, const char **ret_what);

/* Are there such words? Files, interfaces, free text have none. */
bool complete_has_words(enum v6d_takes takes);

#endif
