/* SPDX-License-Identifier: GPL-2.0-or-later */
/* complete_bash.c - the completion for bash; bash-completion is not needed. */
#include "manual.h"

#include "complete.h"

static const char head[] =
    "# generated: do not edit\n"
    "# v6doctor(1) completion for bash\n"
    "_v6doctor_words() { COMPREPLY=($(compgen -W \"$1\" -- \"$2\")); }\n"
    "_v6doctor_files() {\n"
    "\tlocal IFS=$'\\n'\n"
    "\tcompopt -o filenames 2>/dev/null\n"
    "\tCOMPREPLY=($(compgen \"$1\" -- \"$2\"))\n"
    "}\n"
    "_v6doctor_profiles() {\n"
    "\tlocal f names=\n"
    "\tfor f in \"${XDG_CONFIG_HOME:-$HOME/.config}\"/v6doctor/*.conf "
    "/etc/v6doctor/*.conf; do\n"
    "\t\t[ -e \"$f\" ] || continue\n"
    "\t\tf=${f##*/}\n"
    "\t\tnames=\"$names ${f%.conf}\"\n"
    "\tdone\n"
    "\t_v6doctor_files -f \"$1\"\n"
    "\tCOMPREPLY+=($(compgen -W \"$names\" -- \"$1\"))\n"
    "}\n"
    "_v6doctor_interfaces() {\n"
    "\t_v6doctor_words \"$(cd /sys/class/net && echo *)\" \"$1\"\n"
    "}\n"
    "_v6doctor() {\n"
    "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
    "\tlocal cmd= i\n"
    "\tCOMPREPLY=()\n"
    "\t# \"--format=te\" comes as three words.\n"
    "\tif [ \"$cur\" = = ]; then\n"
    "\t\tcur=\n"
    "\telif [ \"$prev\" = = ]; then\n"
    "\t\tprev=${COMP_WORDS[COMP_CWORD-2]}\n"
    "\tfi\n"
    "\tif [ \"$prev\" = --lang ]; then\n"
    "\t\t_v6doctor_words 'ja en' \"$cur\"\n"
    "\t\treturn\n"
    "\tfi\n"
    "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
    "\t\tcase ${COMP_WORDS[i]} in\n"
    "\t\t--lang) ((i++)) ;;\n"
    "\t\t-* | =) ;;\n"
    "\t\t*) cmd=${COMP_WORDS[i]}; break ;;\n"
    "\t\tesac\n"
    "\tdone\n";

static void
words(FILE *f, enum v6d_takes takes, const struct v6d_cmd *c)
{
	char room[80];
	const char *name, *what;

	for (unsigned i = 0;
	     (name = complete_word(takes, c, i, room, sizeof(room), &what));
	     i++)
		fprintf(f, "%s%s", i ? " " : "", name);
}

/* What fills COMPREPLY, of things that have no words. */
static const char *const fillers[] = {
	[V6D_TAKES_NOTHING] = ":",
	[V6D_TAKES_TEXT] = ":",
	[V6D_TAKES_FILE] = "_v6doctor_files -f \"$cur\"",
	[V6D_TAKES_DIR] = "_v6doctor_files -d \"$cur\"",
	[V6D_TAKES_PROFILE] = "_v6doctor_profiles \"$cur\"",
	[V6D_TAKES_INTERFACE] = "_v6doctor_interfaces \"$cur\"",
};

static void
fill(FILE *f, enum v6d_takes takes, const struct v6d_cmd *c)
{
	if (!complete_has_words(takes)) {
		fputs(fillers[takes], f);
		return;
	}
	fputs("_v6doctor_words '", f);
	words(f, takes, c);
	fputs("' \"$cur\"", f);
}

static void
command(FILE *f, const struct v6d_cmd *c)
{
	const enum v6d_opt *o;

	fprintf(f, "\t%s)\n\t\tcase $prev in\n", c->name);
	for (o = c->usage->options; *o; o++) {
		if (!v6d_options[*o].value)
			continue;
		fprintf(f, "\t\t--%s) ", v6d_options[*o].name);
		fill(f, v6d_options[*o].takes, c);
		fputs("; return ;;\n", f);
	}
	fputs("\t\tesac\n\t\tcase $cur in\n\t\t-*) _v6doctor_words '", f);
	for (o = c->usage->options; *o; o++)
		fprintf(f, "--%s ", v6d_options[*o].name);
	fputs("--lang' \"$cur\" ;;\n\t\t*) ", f);
	fill(f, c->usage->takes, c);
	fputs(" ;;\n\t\tesac\n\t\t;;\n", f);
}

void
manual_bash(FILE *f)
{
	fputs(head, f);
	fputs("\tcase $cmd in\n\t'') _v6doctor_words '", f);
	for (const struct v6d_cmd *c = v6d_cmds; c->name; c++)
		fprintf(f, "%s ", c->name);
	fputs("--help --version --lang' \"$cur\" ;;\n", f);
	for (const struct v6d_cmd *c = v6d_cmds; c->name; c++)
		command(f, c);
	fputs("\tesac\n}\ncomplete -F _v6doctor v6doctor\n", f);
}
