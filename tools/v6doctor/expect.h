/* SPDX-License-Identifier: GPL-2.0-or-later */
/* expect.h - what a fixture came to against the lines of a .expect file. */
#ifndef V6D_TOOLS_EXPECT_H
#define V6D_TOOLS_EXPECT_H

#include <stdio.h>

#include "base/text.h"
#include "diag/diagnosis.h"
#include "read_text.h"
#include "usage.h"

#define V6D_EXPECT_LINE 512

/* What a fixture came to. */
struct v6d_expect_of {
	const struct v6d_diagnosis *d; /* NULL: no session to judge */
	size_t sessions; /* of a capture; 1 of a report */
	const struct v6d_text_judgement *text; /* of a text; else NULL */
};

/*
 * Adds to t what is not as one line says, indented by four. Takes the line
 * apart. False: it says nothing known.
 */
bool
v6d_expect_line(const struct v6d_expect_of *of, char *line, struct v6d_text *t);

/* The same for a whole file, and what is wrong with the file. */
void
v6d_expect_compare(FILE *f, const struct v6d_expect_of *of, struct v6d_text *t);

/*
 * The line that would be right instead of one with this first word; "" where
 * nothing of the kind is to be said now. False: such a line is nobody's but
 * its writer's.
 */
bool v6d_expect_now(
    const struct v6d_expect_of *of, const char *key, struct v6d_text *ret);

/* Every line about the diagnosis that is right. */
void v6d_expect_all(const struct v6d_expect_of *of, struct v6d_text *ret);

/* The lines that each .expect file may have, for a help. */
extern const struct v6d_item v6d_expect_items[];

#endif
