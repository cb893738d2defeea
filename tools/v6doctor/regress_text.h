/* SPDX-License-Identifier: GPL-2.0-or-later */
/* regress_text.h - a pasted text against what its .expect file says. */
#ifndef V6D_TOOLS_REGRESS_TEXT_H
#define V6D_TOOLS_REGRESS_TEXT_H

#include <stdio.h>

#include "base/text.h"

/* Reads the text at path and appends to *differs what is not as expected. */
void v6d_regress_text(const char *path, FILE *expect, struct v6d_text *differs);

/* The lines that an .expect file of a text may have, for the help. */
extern const char v6d_regress_text_help[];

#endif
