/* SPDX-License-Identifier: GPL-2.0-or-later */
/* walk_options.h - the options of "v6doctor walk". */
#ifndef V6D_TOOLS_WALK_OPTIONS_H
#define V6D_TOOLS_WALK_OPTIONS_H

#include "live.h"

struct v6d_walk_options {
	struct v6d_live live; /* for the checks */
	bool helper, plain, no_checks, resume;
	bool help; /* was printed */
	int first; /* index of the first word that is no option */
	const char *state, *save; /* NULL: the usual places */
};

/* Reads them. 0, or an exit status; the message is out. */
int v6d_walk_options(int argc, char **argv, struct v6d_walk_options *ret);

#endif
