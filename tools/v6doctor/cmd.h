/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd.h - what a subcommand is, and the exit statuses they share. */
#ifndef V6D_TOOLS_CMD_H
#define V6D_TOOLS_CMD_H

#include "usage.h"

/* As PRODUCT documents them: 0-3 verdicts, then sysexits. */
enum v6d_exit {
	V6D_EXIT_OK = 0,
	V6D_EXIT_DEGRADED = 1,
	V6D_EXIT_FAULT = 2,
	V6D_EXIT_UNDETERMINED = 3,
	V6D_EXIT_USAGE = 64,
	V6D_EXIT_DATA = 65,
	V6D_EXIT_NOINPUT = 66,
	V6D_EXIT_UNAVAILABLE = 69,
	V6D_EXIT_INTERNAL = 70,
	V6D_EXIT_CONFIG = 78,
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
