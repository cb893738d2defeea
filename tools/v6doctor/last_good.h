/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * last_good.h - the report of a profile's last healthy run, kept on this host
 * with the real addresses (mode 0600, without packets), so that a run that is
 * not healthy can say what has changed since.
 */
#ifndef V6D_TOOLS_LAST_GOOD_H
#define V6D_TOOLS_LAST_GOOD_H

#include "io/run.h"
#include "io/savefile.h"
#include "trace/compare.h"
#include "trace/load.h"

struct v6d_last_good {
	const char *command; /* for messages */
	/* Folder that was asked for; NULL: good/ of $STATE_DIRECTORY, of
	 * /var/lib/v6doctor for root, else of the user's state folder. */
	const char *dir;
	char path[4096];
	struct v6d_savefile file;
	struct v6d_trace *trace; /* of the last healthy run; or NULL */
	struct v6d_loaded *was, *is;
	struct v6d_report_since since;
};

/*
 * Reads the last report of what is judged (profile: its file, or NULL;
 * interface: or NULL) and opens the next, before rights are given up. Where
 * that fails nothing is kept; only of a folder that was asked for it is told:
 * 0 or an exit status.
 */
int v6d_last_good_open(
    struct v6d_last_good *g, const char *profile, const char *interface);

/* What changed; NULL: the run is healthy, or there is nothing to compare. */
const struct v6d_report_since *
v6d_last_good_since(struct v6d_last_good *g, const struct v6d_run *r);

/* Keeps the report of a healthy run. Before v6d_save_run, which redacts. */
void v6d_last_good_keep(struct v6d_last_good *g, const struct v6d_run *r);

void v6d_last_good_done(struct v6d_last_good *g);

#endif
