/* SPDX-License-Identifier: GPL-2.0-or-later */
/* page_command.c - v6doctor(1) and a page for each command. */
#include "manual.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "mdoc.h"

static void
lower(FILE *f, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fputc(tolower((unsigned char)s[i]), f);
}

/* "A|B..." as an argument; lower-case words are to be typed. */
static void
word(FILE *f, const char *s, size_t n)
{
	bool typed = islower((unsigned char)s[0]), more;

	more = n > 3 && strncmp(s + n - 3, "...", 3) == 0;
	n -= more ? 3 : 0;
	fputs(typed ? " Cm " : " Ar ", f);
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '|')
			fputs(" | ", f);
		else
			lower(f, s + i, 1);
	}
	if (more)
		fputs(" ...", f);
}

/* "CHECK... [URL|ADDRESS]" */
static void
words(FILE *f, const char *s)
{
	while (*s) {
		size_t n = strcspn(s, " ");

		if (s[0] == '[') {
			size_t in = strcspn(s, "]");
			bool more = strncmp(s + in, "]...", 4) == 0;

			fputs(".Op", f);
			word(f, s + 1, in - 1);
			fputs(more ? " ...\n" : "\n", f);
		} else if (strncmp(s, "...", 3) == 0) {
			fputs(".Ar ...\n", f);
		} else {
			fputs(islower((unsigned char)s[0]) ? ".Cm" : ".Ar", f);
			for (size_t i = 0; i < n; i++) {
				if (i == 0 || s[i - 1] == '|')
					fputc(' ', f);
				if (s[i] == '|')
					fputs(" |", f);
				else if (n - i == 3 && s[i] == '.')
					fputc(' ', f);
				if (s[i] != '|')
					lower(f, s + i, 1);
			}
			fputc('\n', f);
		}
		s += n;
		s += strspn(s, " ");
	}
}

static void
flag(FILE *f, const struct v6d_option *o)
{
	if (o->letter)
		fprintf(f, "Fl %c , ", o->letter);
	fprintf(f, "Fl \\-%s", o->name);
	if (!o->value)
		return;
	fputs(" Ar ", f);
	for (const char *s = o->value; *s; s++) {
		if (*s == '|')
			fputs(" | ", f);
		else
			lower(f, s, 1);
	}
}

static void
synopsis(FILE *f, const struct v6d_cmd *c)
{
	fprintf(f, ".Sh SYNOPSIS\n.Nm v6doctor %s\n", c->name);
	for (size_t i = 0; c->usage->options[i]; i++) {
		const struct v6d_option o = v6d_options[c->usage->options[i]];

		fputs(".Op ", f);
		flag(f,
		    &(struct v6d_option){ .name = o.name, .value = o.value });
		fputc('\n', f);
	}
	words(f, c->usage->words);
}

static void
list(FILE *f, const struct v6d_list *l)
{
	const char *name, *what;

	fputs(".Pp\n", f);
	mdoc_text(f, l->head);
	fputs(".Bl -tag -width Ds\n", f);
	for (unsigned i = 0; (name = v6d_list_item(l, i, &what)); i++) {
		fputs(".It Ic \\&", f);
		mdoc_word(f, name);
		fputc('\n', f);
		mdoc_text(f, what);
	}
	fputs(".El\n", f);
}

static void
options(FILE *f, const struct v6d_usage *u)
{
	fputs(".Sh OPTIONS\n"
	      "A value follows its option as the next word or behind\n"
	      ".Ql = .\n"
	      ".Bl -tag -width Ds\n",
	    f);
	for (size_t i = 0; u->options[i]; i++) {
		const struct v6d_option *o = &v6d_options[u->options[i]];

		fputs(".It ", f);
		flag(f, o);
		fputc('\n', f);
		mdoc_text(f, o->help);
	}
	fputs(".El\n.Pp\nEvery command also takes\n"
	      ".Fl \\-lang Cm ja | en ,\n"
	      "see\n.Xr v6doctor 1 .\n",
	    f);
}

static void
statuses(FILE *f, const struct v6d_status *s)
{
	fputs(".Bl -tag -width Ds\n", f);
	for (; s->meaning; s++) {
		fprintf(f, ".It %d\n", s->status);
		mdoc_text(f, s->meaning);
	}
	fputs(".El\n", f);
}

static void
examples(FILE *f, const struct v6d_usage *u)
{
	if (!u->examples[0].name)
		return;
	fputs(".Sh EXAMPLES\n", f);
	for (size_t i = 0; i < 4 && u->examples[i].name; i++) {
		fputs(i ? ".Pp\n" : "", f);
		if (u->examples[i].what) {
			fputc(
			    toupper((unsigned char)u->examples[i].what[0]), f);
			mdoc_word(f, u->examples[i].what + 1);
			fputs(":\n", f);
		}
		fputs(".Dl ", f);
		mdoc_word(f, u->examples[i].name);
		fputc('\n', f);
	}
}

void
manual_command(FILE *f, const struct v6d_cmd *c, const char *more)
{
	const struct v6d_usage *u = c->usage;
	char name[64];

	snprintf(name, sizeof(name), "v6doctor-%s", c->name);
	mdoc_head(f, name, c->section, name, c->summary);
	synopsis(f, c);
	fputs(".Sh DESCRIPTION\n", f);
	for (size_t i = 0; i < 5 && u->text[i]; i++) {
		fputs(i ? ".Pp\n" : "", f);
		mdoc_text(f, u->text[i]);
	}
	if (u->picture) {
		fputs(".Bd -literal\n", f);
		mdoc_word(f, u->picture);
		fputs(".Ed\n", f);
	}
	for (size_t i = 0; i < 2 && u->lists[i].head; i++)
		list(f, &u->lists[i]);
	options(f, u);
	fputs(more ? more : "", f);
	fputs(".Sh EXIT STATUS\n", f);
	statuses(f, u->status);
	examples(f, u);
	fputs(".Sh SEE ALSO\n.Xr v6doctor 1 ,\n", f);
	if (strcmp(c->name, "run") == 0)
		fputs(".Xr v6doctor-run-all 1 ,\n", f);
	fputs(".Xr v6doctor.conf 5 ,\n"
	      ".Xr v6doctor\\-causes 7\n",
	    f);
}

static void
commands(FILE *f)
{
	fputs(".Bl -tag -width Ds\n", f);
	for (const struct v6d_cmd *c = v6d_cmds; c->name; c++) {
		fprintf(f, ".It Xr v6doctor-%s %d\n", c->name, c->section);
		fputc(toupper((unsigned char)c->summary[0]), f);
		mdoc_word(f, c->summary + 1);
		fputs(".\n", f);
	}
	fputs(".El\n", f);
}

void
manual_program(FILE *f, const char *frame)
{
	static const struct v6d_status all[] = {
#define STATUS(id, number, meaning) { number, meaning },
#include "v6doctor/exits.def"
#undef STATUS
		{ 0, NULL },
	};

	for (; *frame; frame += strcspn(frame, "\n") + 1) {
		if (strncmp(frame, "@commands\n", 10) == 0)
			commands(f);
		else if (strncmp(frame, "@status\n", 8) == 0)
			statuses(f, all);
		else
			fprintf(f, "%.*s\n", (int)strcspn(frame, "\n"), frame);
	}
}
