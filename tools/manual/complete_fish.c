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

/* What may stand there: " -x -a '...'", files by fish itself. */
static void
values(FILE *f, enum v6d_takes takes, const struct v6d_cmd *c)
{
	char room[80];
	const char *name, *what;

	switch (takes) {
	case V6D_TAKES_NOTHING:
		return;
	case V6D_TAKES_TEXT:
		fputs(" -x", f);
		return;
	case V6D_TAKES_FILE:
		fputs(" -r -F", f);
		return;
	case V6D_TAKES_DIR:
		fputs(" -x -a '(__fish_complete_directories)'", f);
		return;
	case V6D_TAKES_PROFILE:
		fputs(" -r -F -a '(__v6doctor_profiles)'", f);
		return;
	case V6D_TAKES_INTERFACE:
		fputs(" -x -a '(command ls /sys/class/net)'", f);
		return;
	case V6D_TAKES_FORMAT:
	case V6D_TAKES_REGRESS_FORMAT:
	case V6D_TAKES_COLOR:
	case V6D_TAKES_FAULT:
	case V6D_TAKES_STEP:
	case V6D_TAKES_CHECK:
	case V6D_TAKES_EXPLAINED:
	case V6D_TAKES_ITEM:
		break;
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
