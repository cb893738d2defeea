/* SPDX-License-Identifier: GPL-2.0-or-later */
/* args.h - the options of a command line, by the command's own table. */
#ifndef V6D_TOOLS_ARGS_H
#define V6D_TOOLS_ARGS_H

#include <getopt.h>
#include <stdbool.h>

#include "usage.h"

/* Those of a command, and getopt_long's view of them. */
struct v6d_args {
	const struct v6d_cmd *cmd;
	int argc;
	char **argv;
	struct option longs[V6D_USAGE_OPTIONS + 1];
	char shorts[2 * V6D_USAGE_OPTIONS + 2];
	const char *value; /* of the option that was taken last, or NULL */
	int first; /* at the end: index of the first word */
	bool over; /* nothing more is to be done, but to return */
	int status; /* that */
};

/* argv[0] is the command's name. */
void v6d_args_begin(struct v6d_args *a, int argc, char **argv);

/*
 * The next option, an enum v6d_opt (an int: no command knows them all), or 0:
 * no more. Then `over` tells whether help was asked for and printed, or an
 * option was wrong and that was told.
 */
int v6d_args_next(struct v6d_args *a);

#endif
