/* SPDX-License-Identifier: GPL-2.0-or-later */
/* args.c - the options of a command line, by the command's own table. */
#include "args.h"

#include <string.h>

#include "cmd.h"
#include "say.h"

#define LONG_ONLY 256 /* above every letter */

static void
add(struct v6d_args *a, size_t n, enum v6d_opt id)
{
	const struct v6d_option *o = &v6d_options[id];
	size_t len = strlen(a->shorts);

	a->longs[n] = (struct option){ o->name,
		o->value ? required_argument : no_argument, NULL,
		LONG_ONLY + (int)id };
	if (o->letter) {
		a->shorts[len] = o->letter;
		a->shorts[len + 1] = '\0';
	}
}

void
v6d_args_begin(struct v6d_args *a, int argc, char **argv)
{
	*a = (struct v6d_args){ .cmd = v6d_cmd_by_name(argv[0]),
		.argc = argc,
		.argv = argv,
		.shorts = ":" };
	for (size_t i = 0; a->cmd->usage->options[i]; i++)
		add(a, i, a->cmd->usage->options[i]);
	opterr = 0;
	optind = 1;
}

static int
by_letter(const struct v6d_args *a, int letter)
{
	for (size_t i = 0; a->cmd->usage->options[i]; i++)
		if (v6d_options[a->cmd->usage->options[i]].letter == letter)
			return (int)a->cmd->usage->options[i];
	return 0;
}

int
v6d_args_next(struct v6d_args *a)
{
	int c = getopt_long(a->argc, a->argv, a->shorts, a->longs, NULL);
	int id;

	a->first = optind;
	a->value = optarg;
	if (c == -1)
		return 0;
	if (c == ':' || c == '?') {
		a->over = true;
		a->status = v6d_say_option(
		    a->cmd->name, c, a->argv[optind - 1], a->longs);
		return 0;
	}
	id = c >= LONG_ONLY ? c - LONG_ONLY : by_letter(a, c);
	if (id != V6D_OPT_HELP)
		return id;
	v6d_usage_print(a->cmd, stdout);
	a->over = true;
	return 0;
}
