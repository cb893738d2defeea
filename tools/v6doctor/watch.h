/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watch.h - repeats a run until a signal comes. Each run is a process of its
 * own: its namespace, its memory and its given-up rights end with it.
 */
#ifndef V6D_TOOLS_WATCH_H
#define V6D_TOOLS_WATCH_H

#include "base/wire.h"
#include "report/changes.h"

struct v6d_watch {
	v6d_ns every; /* from the start of one run to that of the next */
	void *arg;
	/*
	 * One run, in a process of its own: prints what there is to print
	 * and fills `now`, whose run stays 0 where the run came to nothing.
	 * Returns the exit status.
	 */
	int (*run)(
	    void *arg, const struct v6d_seen *before, struct v6d_seen *now);
};

/*
 * Returns, after SIGINT or SIGTERM, the exit status of the last whole run;
 * or that of a run that came to nothing, where it is the first or nothing
 * can be printed any more; or -errno.
 */
int v6d_watch_go(const struct v6d_watch *w);

#endif
