/* SPDX-License-Identifier: GPL-2.0-or-later */
/* save.h - --save: a report as a file. */
#ifndef V6D_TOOLS_SAVE_H
#define V6D_TOOLS_SAVE_H

#include "io/run.h"
#include "io/savefile.h"

struct v6d_save {
	const char *command; /* for messages */
	const char *path; /* NULL: nothing is saved */
	bool plain; /* real addresses and names */
	const char *mapping; /* file that tells what stands for what */
	bool quiet;
	struct v6d_savefile file, mapping_file;
};

/* What contradicts itself on the command line: 0 or an exit status. */
int v6d_save_check(const struct v6d_save *s);

/* Before the run and before rights are dropped: 0 or an exit status. */
int v6d_save_open(struct v6d_save *s);

/*
 * The file, and word of where it is; t and p (NULL: no packets) are redacted
 * in place. To the packets' times `epoch` is added. user: a name to be looked
 * for, or "". 0 or an exit status.
 */
int v6d_save_trace(struct v6d_save *s, struct v6d_trace *t,
    struct v6d_packets *p, v6d_ns epoch, const char *user);

/* The same of a finished run; nothing where there is no path. */
int v6d_save_run(struct v6d_save *s, const struct v6d_run *r, const char *user);

/* Where there is no run to save. */
void v6d_save_drop(struct v6d_save *s);

#endif
