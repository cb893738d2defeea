/* SPDX-License-Identifier: GPL-2.0-or-later */
/* read_save.h - what was judged of a file as a report: read --save. */
#ifndef V6D_TOOLS_READ_SAVE_H
#define V6D_TOOLS_READ_SAVE_H

#include "judge.h"
#include "save.h"

/* False: the file cannot be read a second time, as its packets have to be. */
bool v6d_read_save_can(const char *path);

/*
 * Writes the report of the worst session of a capture, or a report once more,
 * with the packets of path; j->trace is redacted in place. Returns 0 or an
 * exit status; the message is out.
 */
int v6d_read_save(
    struct v6d_save *s, const char *path, const struct v6d_judgement *j);

#endif
