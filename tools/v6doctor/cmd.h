/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd.h - what a subcommand is, and the exit statuses they share. */
#ifndef V6D_TOOLS_CMD_H
#define V6D_TOOLS_CMD_H

#include "usage.h"

/* 0-3 verdicts, then sysexits: exits.def. */
enum v6d_exit {
#define STATUS(id, number, meaning) V6D_EXIT_##id = (number),
#include "exits.def"
#undef STATUS
};

/* argv[0] is the subcommand's own name. Returns an exit status. */
struct v6d_cmd {
	const char *name;
	int (*run)(int argc, char **argv);
	int section; /* of the manual: 1 or 8 */
	const char *args; /* for the list of commands: "PROBE..." */
	const char *summary; /* one line */
	const struct v6d_usage *usage;
};

/* Ended by an entry without a name; commands.def: CMD(id, name, ...). */
extern const struct v6d_cmd v6d_cmds[];

/* NULL: there is none of that name. */
const struct v6d_cmd *v6d_cmd_by_name(const char *name);

#define CMD(id, name, section, args, summary)    \
	int v6d_cmd_##id(int argc, char **argv); \
	extern const struct v6d_usage v6d_usage_##id;
#include "commands.def"
#undef CMD

#define V6D_VERSION "0.1.0"

#endif
