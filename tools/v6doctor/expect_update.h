/* SPDX-License-Identifier: GPL-2.0-or-later */
/* expect_update.h - a .expect file as it would be right, and what changes. */
#ifndef V6D_TOOLS_EXPECT_UPDATE_H
#define V6D_TOOLS_EXPECT_UPDATE_H

#include "expect.h"

#define V6D_EXPECT_BYTES 8192 /* of a .expect file, at most */

struct v6d_expect_update {
	char text[V6D_EXPECT_BYTES]; /* the file that would be right */
	char diff[V6D_EXPECT_BYTES]; /* lines "- old", "+ new", "? old" */
	bool changes; /* there is something to write */
	unsigned by_hand; /* lines that differ and only a person can mend */
	bool too_long; /* text does not hold all: it must not be written */
};

/*
 * Lines that hold, comments and blank lines stay; those about the diagnosis
 * say what is so now. A file that says nothing, or none (f NULL), says all.
 */
void v6d_expect_update(
    FILE *f, const struct v6d_expect_of *of, struct v6d_expect_update *ret);

#endif
