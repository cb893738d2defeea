/* SPDX-License-Identifier: GPL-2.0-or-later */
/* main.c - finds the subcommand and runs it. */
#include "cmd.h"
#include "nearest.h"
#include "say.h"
#include "tongue.h"

#include <stdio.h>
#include <string.h>

static void
help(FILE *f)
{
	fputs(
	    _("v6doctor finds out why IPv6 over a PPTP tunnel does not work.\n"
	      "\n"
	      "  sudo v6doctor run-all      every check, the diagnosis, what "
	      "to do\n"
	      "\n"
	      "Commands:\n"),
	    f);
	for (const struct v6d_cmd *c = v6d_cmds; c->name; c++) {
		char left[40];

		snprintf(left, sizeof(left), "%s %s", c->name, c->args);
		fprintf(f, "  %-26s %s\n", left, _(c->summary));
	}
	fputs(_("\n\"v6doctor COMMAND --help\" tells a command's options; "
		"--lang ja or en\nsets the language of any of them.\n"),
	    f);
}

static int
unknown(const char *word)
{
	struct v6d_nearest near = { .n = 0 };

	for (const struct v6d_cmd *c = v6d_cmds; c->name; c++)
		v6d_nearest_offer(&near, word, c->name);
	if (near.n > 0)
		return v6d_say("", V6D_EXIT_USAGE,
		    "unknown command '%s'; did you mean \"%s\"? \"v6doctor "
		    "--help\" lists the commands",
		    word, near.names[0]);
	return v6d_say("", V6D_EXIT_USAGE,
	    "unknown command '%s'; \"v6doctor --help\" lists the commands",
	    word);
}

/* "help COMMAND" is "COMMAND --help". */
static int
help_of(char *word)
{
	char option[] = "--help", *args[] = { word, option, NULL };
	const struct v6d_cmd *c = v6d_cmd_by_name(word);

	return c ? c->run(2, args) : unknown(word);
}

int
main(int argc, char **argv)
{
	int status = v6d_tongue_choose(&argc, argv);
	const struct v6d_cmd *c;

	if (status)
		return status;
	if (argc > 2 && strcmp(argv[1], "help") == 0)
		return help_of(argv[2]);
	if (argc < 2 || strcmp(argv[1], "--help") == 0 ||
	    strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
		help(stdout);
		return V6D_EXIT_OK;
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("v6doctor " V6D_VERSION);
		return V6D_EXIT_OK;
	}
	c = v6d_cmd_by_name(argv[1]);
	return c ? c->run(argc - 1, argv + 1) : unknown(argv[1]);
}
