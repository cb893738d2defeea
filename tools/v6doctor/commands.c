/* SPDX-License-Identifier: GPL-2.0-or-later */
/* commands.c - the table of subcommands. */
#include "cmd.h"

#include <string.h>

const struct v6d_cmd v6d_cmds[] = {
#define CMD(id, name, section, args, summary) \
	{ name, v6d_cmd_##id, section, args, summary, &v6d_usage_##id },
#include "commands.def"
#undef CMD
	{ NULL, NULL, 0, NULL, NULL, NULL },
};

const struct v6d_cmd *
v6d_cmd_by_name(const char *name)
{
	for (const struct v6d_cmd *c = v6d_cmds; c->name; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}
