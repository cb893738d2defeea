/* SPDX-License-Identifier: GPL-2.0-or-later */
/* complete_zsh.c - the completion for zsh, by its _arguments. */
#include "manual.h"

#include <string.h>

#include "complete.h"

/* Inside '...[...]': up to the first semicolon, what is special quoted. */
static void
quoted(FILE *f, const char *s)
{
	for (; *s && *s != ';'; s++) {
		if (*s == '\'')
			fputs("'\\''", f);
		else if (strchr("[]:\\", *s))
			fprintf(f, "\\%c", *s);
		else
			fputc(*s, f);
	}
}

static void
action(FILE *f, enum v6d_takes takes, const struct v6d_cmd *c)
{
	char room[80];
	const char *name, *what;

	if (takes == V6D_TAKES_FILE)
		fputs("_files", f);
	else if (takes == V6D_TAKES_DIR)
		fputs("_files -/", f);
	else if (takes == V6D_TAKES_PROFILE)
		fputs("_v6doctor_profiles", f);
	else if (takes == V6D_TAKES_INTERFACE)
		fputs("_v6doctor_interfaces", f);
	if (!complete_has_words(takes))
		return;
	fputc('(', f);
	for (unsigned i = 0;
	     (name = complete_word(takes, c, i, room, sizeof(room), &what));
	     i++)
		fprintf(f, "%s%s", i ? " " : "", name);
	fputc(')', f);
}

static void
option(FILE *f, const struct v6d_option *o, const struct v6d_cmd *c)
{
	bool again = o->takes == V6D_TAKES_FAULT;

	if (o->letter) {
		fprintf(f, " \\\n\t\t\t'(--%s)-%c[", o->name, o->letter);
		quoted(f, o->help);
		fputs("]'", f);
	}
	fprintf(f, " \\\n\t\t\t'%s--%s%s[", again ? "*" : "", o->name,
	    o->value ? "=" : "");
	quoted(f, o->help);
	fputc(']', f);
	if (o->value) {
		fputc(':', f);
		quoted(f, o->value);
		fputc(':', f);
		action(f, o->takes, c);
	}
	fputc('\'', f);
}

static void
command(FILE *f, const struct v6d_cmd *c)
{
	fprintf(f, "\t%s)\n\t\t_arguments -S", c->name);
	for (const enum v6d_opt *o = c->usage->options; *o; o++)
		option(f, &v6d_options[*o], c);
	fputs(" \\\n\t\t\t'--lang=[language]:language:(ja en)'", f);
	if (c->usage->takes != V6D_TAKES_NOTHING) {
		fputs(" \\\n\t\t\t'*:", f);
		quoted(f, c->usage->words);
		fputc(':', f);
		action(f, c->usage->takes, c);
		fputc('\'', f);
	}
	fputs("\n\t\t;;\n", f);
}

void
manual_zsh(FILE *f)
{
	fputs("#compdef v6doctor\n"
	      "# generated: do not edit\n"
	      "_v6doctor_profiles() {\n"
	      "\tlocal -a names\n"
	      "\tnames=(${XDG_CONFIG_HOME:-$HOME/.config}/v6doctor/"
	      "*.conf(N:t:r) /etc/v6doctor/*.conf(N:t:r))\n"
	      "\t(( $#names )) && compadd -a names\n"
	      "\t_files\n"
	      "}\n"
	      "_v6doctor_interfaces() { compadd /sys/class/net/*(N:t) }\n"
	      "_v6doctor() {\n"
	      "\tlocal -a commands\n"
	      "\tcommands=(\n",
	    f);
	for (const struct v6d_cmd *c = v6d_cmds; c->name; c++) {
		fprintf(f, "\t\t'%s:", c->name);
		quoted(f, c->summary);
		fputs("'\n", f);
	}
	fputs("\t)\n"
	      "\tif (( CURRENT == 2 )); then\n"
	      "\t\tif [[ $words[2] == -* ]]; then\n"
	      "\t\t\tcompadd -- --help --version --lang\n"
	      "\t\telse\n"
	      "\t\t\t_describe command commands\n"
	      "\t\tfi\n"
	      "\t\treturn\n"
	      "\tfi\n"
	      "\tshift words\n"
	      "\t(( CURRENT-- ))\n"
	      "\tcase $words[1] in\n",
	    f);
	for (const struct v6d_cmd *c = v6d_cmds; c->name; c++)
		command(f, c);
	fputs("\tesac\n}\n_v6doctor \"$@\"\n", f);
}
