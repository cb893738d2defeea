/* SPDX-License-Identifier: GPL-2.0-or-later */
/* progress.h - the checks ticking by on a terminal. */
#ifndef V6D_TOOLS_PROGRESS_H
#define V6D_TOOLS_PROGRESS_H

#include "probe/probe.h"

struct v6d_progress {
	bool on; /* standard error is a terminal and nobody said no */
	bool shown; /* there is a line to be wiped */
};

/* One line on standard error, drawn again in place. arg: the progress. */
void v6d_progress_show(void *arg, const struct v6d_graph *g);

/* The same line with a sentence in it. */
void v6d_progress_say(struct v6d_progress *p, const char *what);

/* Wipes the line. */
void v6d_progress_end(struct v6d_progress *p);

#endif
