/* SPDX-License-Identifier: GPL-2.0-or-later */
/* say.h - messages to standard error, and options that are wrong. */
#ifndef V6D_TOOLS_SAY_H
#define V6D_TOOLS_SAY_H

#include <getopt.h>
#include <stdbool.h>

#include "report/report.h"

/*
 * Prints "v6doctor COMMAND: ..." as printf does, broken between words at 80
 * columns. Returns `status`. An empty command is the program itself.
 */
int v6d_say(const char *command, int status, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Columns of the terminal that standard output is, or of COLUMNS where that is
 * set; 0: neither. */
unsigned v6d_say_columns(void);

/*
 * Why a file cannot be read: what is wrong with it (message), or else an
 * -errno of opening it. Returns the exit status for that.
 */
int v6d_say_cannot(
    const char *command, const char *path, int err, const char *message);

/*
 * What getopt_long made of the word `arg`: c is '?' (no such option; the
 * nearest of `longs` is suggested) or ':' (its value is missing). Wants
 * opterr 0 and ":" first in the short options. Returns V6D_EXIT_USAGE.
 */
int v6d_say_option(
    const char *command, int c, const char *arg, const struct option *longs);

/* --color WORD; NULL is "auto". False: it is another word. */
bool v6d_color_of(const char *word, enum v6d_color *ret);

#endif
