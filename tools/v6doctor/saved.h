/* SPDX-License-Identifier: GPL-2.0-or-later */
/* saved.h - a saved report to standard output, for read. */
#ifndef V6D_TOOLS_SAVED_H
#define V6D_TOOLS_SAVED_H

#include "judge.h"
#include "output.h"

/*
 * Prints j->report; with replay, the checks run once more with the answers of
 * then, and how that went is told. Returns an exit status.
 */
int v6d_saved_print(
    const struct v6d_judgement *j, bool replay, struct v6d_output *o);

#endif
