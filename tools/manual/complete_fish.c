/* SPDX-License-Identifier: GPL-2.0-or-later */
/* complete_fish.c - the completion for fish. */
#include "manual.h"

#include "complete.h"

/* In single quotes, up to the first semicolon. */
static void
quoted(FILE *f, const char *s)
{
	fputc('\'', f);
	for (; *s && *s != ';'; s++) {
		if (*s == '\'' || *s == '\\')
			fputc('\\', f);
		fputc(*s, f);
	}
	fputc('\'', f);
}

/* What may stand there, of things that have no words. */
static const char *const flags[] = {
	[V6D_TAKES_NOTHING] = "",
	[V6D_TAKES_TEXT] = " -x",
	[V6D_TAKES_FILE] = " -r -F",
	[V6D_TAKES_DIR] = " -x -a '(__fish_complete_directories)'",
	[V6D_TAKES_PROFILE] = " -r -F -a '(__v6doctor_profiles)'",
	[V6D_TAKES_INTERFACE] = " -x -a '(command ls /sys/class/net)'",
};

static void
values(FILE *f, enum v6d_takes takes, const struct v6d_cmd *c)
{
	char room[80];
	const char *name, *what;

	if (!complete_has_words(takes)) {
		fputs(flags[takes], f);
		return;
	}
	fputs(" -x -a '", f);
	for (unsigned i = 0;
	     (name = complete_word(takes, c, i, room, sizeof(room), &what));
	     i++)
		fprintf(f, "%s%s", i ? " " : "", name);
	fputc('\'', f);
}

static void
start(FILE *f, const struct v6d_cmd *c)
{
	fprintf(f, "complete -c v6doctor -n '__v6doctor_in %s'", c->name);
}

static void
command(FILE *f, const struct v6d_cmd *c)
{
	fprintf(f, "complete -c v6doctor -n __v6doctor_first -f -a %s -d ",
	    c->name);
	quoted(f, c->summary);
	fputc('\n', f);
	for (const enum v6d_opt *o = c->usage->options; *o; o++) {
		start(f, c);
		fprintf(f, " -l %s", v6d_options[*o].name);
		if (v6d_options[*o].letter)
			fprintf(f, " -s %c", v6d_options[*o].letter);
		values(f, v6d_options[*o].takes, c);
		fputs(" -d ", f);
		quoted(f, v6d_options[*o].help);
		fputc('\n', f);
	}
	if (c->usage->takes == V6D_TAKES_FILE ||
	    c->usage->takes == V6D_TAKES_NOTHING ||
	    c->usage->takes == V6D_TAKES_TEXT)
		return;
	start(f, c);
	values(f, c->usage->takes, c);
	fputc('\n', f);
}

void
manual_fish(FILE *f)
{
	fputs("# generated: do not edit\n"
	      "function __v6doctor_words\n"
	      "\tset -l words (commandline -opc)\n"
	      "\tstring match -v -- '-*' $words[2..]\n"
	      "end\n"
	      "function __v6doctor_first\n"
	      "\tnot __v6doctor_words >/dev/null\n"
	      "end\n"
	      "function __v6doctor_in\n"
	      "\tset -l words (__v6doctor_words)\n"
	      "\ttest \"$words[1]\" = $argv[1]\n"
	      "end\n"
	      "function __v6doctor_profiles\n"
	      "\tset -l base $XDG_CONFIG_HOME ~/.config\n"
	      "\tfor f in $base[1]/v6doctor/*.conf /etc/v6doctor/*.conf\n"
	      "\t\tpath change-extension '' (path basename $f)\n"
	      "\tend\n"
	      "end\n"
	      "complete -c v6doctor -n __v6doctor_first -l version "
	      "-d 'the version'\n"
	      "complete -c v6doctor -n __v6doctor_first -l help "
	      "-d 'the commands'\n"
	      "complete -c v6doctor -l lang -x -a 'ja en' -d language\n",
	    f);
	for (const struct v6d_cmd *c = v6d_cmds; c->name; c++)
		command(f, c);
}
