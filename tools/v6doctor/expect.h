/* SPDX-License-Identifier: GPL-2.0-or-later */
/* expect.h - a diagnosis against the lines of a .expect file. */
#ifndef V6D_TOOLS_EXPECT_H
#define V6D_TOOLS_EXPECT_H

#include <stdio.h>

#include "base/text.h"
#include "diag/diagnosis.h"

/*
 * Adds to t a line, indented by four, for each that is not as expected. d:
 * NULL where there is no session to judge; sessions: how many there are.
 */
void v6d_expect_compare(FILE *f, const struct v6d_diagnosis *d, size_t sessions,
    struct v6d_text *t);

#endif
