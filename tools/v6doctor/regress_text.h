/* SPDX-License-Identifier: GPL-2.0-or-later */
/* regress_text.h - a pasted text against lines of its .expect file. */
#ifndef V6D_TOOLS_REGRESS_TEXT_H
#define V6D_TOOLS_REGRESS_TEXT_H

#include "base/text.h"
#include "read_text.h"
#include "usage.h"

/*
 * Adds to *differs what is not as a line says of the text, beyond its
 * diagnosis. Takes the line apart. False: it says nothing known.
 */
bool v6d_regress_text_line(
    const struct v6d_text_judgement *j, char *line, struct v6d_text *differs);

/* The lines that an .expect file of a text may have, for the help. */
extern const struct v6d_item v6d_regress_text_items[];

#endif
