/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fixture.h - files with a known diagnosis: how they are called and written. */
#ifndef V6D_TOOLS_FIXTURE_H
#define V6D_TOOLS_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>

/* Where the ending of a file that regress reads begins, or NULL. */
const char *v6d_fixture_ending(const char *name);

/* True: it holds a text, by its ending. */
bool v6d_fixture_is_text(const char *name);

/* The path of the .expect file beside such a file. Returns buf. */
const char *v6d_fixture_expect(const char *path, char *buf, size_t n);

/*
 * Writes a whole file or nothing; what is there already keeps its mode, a new
 * one has that of any file. 0 or -errno.
 */
int v6d_fixture_write(const char *path, const void *p, size_t n);

/* Gives a file that is there the mode of any new one. 0 or -errno. */
int v6d_fixture_share(const char *path);

#endif
