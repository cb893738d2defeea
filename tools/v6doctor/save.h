/* SPDX-License-Identifier: GPL-2.0-or-later */
/* save.h - --save: the report of a run as a file. */
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

/* Before the run and before rights are dropped: 0 or an exit status. */
int v6d_save_open(struct v6d_save *s);

/* The finished run; says where it is. user: of the profile, or "". 0 or an
 * exit status. */
int v6d_save_run(struct v6d_save *s, const struct v6d_run *r, const char *user);

/* Where there is no run to save. */
void v6d_save_drop(struct v6d_save *s);

#endif
