/* SPDX-License-Identifier: GPL-2.0-or-later */
/* usage.c - the help of a command, from its table. */
#include "usage.h"

#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "report/paint.h"
#include "say.h"
#include "tongue.h"

#define HELP_BYTES 32768 /* three for each character of Japanese */
#define RIGHT 24 /* column of what an option does */

const struct v6d_option v6d_options[V6D_N_OPTS] = {
#define OPTION(id, name, letter, value, takes, help) \
	[V6D_OPT_##id] = { name, letter, value, V6D_TAKES_##takes, help },
#include "options.def"
#undef OPTION
};

const char *
v6d_list_item(const struct v6d_list *l, unsigned i, const char **ret_what)
{
	if (l->item)
		return l->item(i, ret_what);
	*ret_what = l->items[i].what;
	return l->items[i].name;
}

/* "  left   right", right on a line of its own where left is too long. */
static void
row(struct v6d_paint *p, const char *left, unsigned column, const char *right)
{
	unsigned n = (unsigned)strlen(left) + 2;

	v6d_text_add(&p->t, "  %s", left);
	if (n + 2 > column)
		v6d_text_add(&p->t, "\n%*s", (int)column, "");
	else
		v6d_text_add(&p->t, "%*s", (int)(column - n), "");
	v6d_paint_say(p, column, column, right);
}

static void
heading(struct v6d_paint *p, const char *words)
{
	v6d_text_add(&p->t, "\n");
	v6d_paint_say(p, 0, 0, words);
}

static void
list(struct v6d_paint *p, const struct v6d_list *l)
{
	const char *name, *what;
	unsigned column = 0;

	for (unsigned i = 0; (name = v6d_list_item(l, i, &what)); i++)
		if (strlen(name) + 4 > column && strlen(name) + 4 <= RIGHT)
			column = (unsigned)strlen(name) + 4;
	heading(p, l->head);
	for (unsigned i = 0; (name = v6d_list_item(l, i, &what)); i++)
		row(p, name, column, what);
}

static void
option(struct v6d_paint *p, const struct v6d_option *o)
{
	char left[64];
	struct v6d_text t = v6d_text_to(left, sizeof(left));

	if (o->letter)
		v6d_text_add(&t, "-%c, ", o->letter);
	v6d_text_add(&t, "--%s%s%s", o->name, o->value ? " " : "",
	    o->value ? o->value : "");
	row(p, left, RIGHT, o->help);
}

static void
statuses(struct v6d_paint *p, const struct v6d_status *s)
{
	char number[12];

	heading(p, N_("Exit status:"));
	for (; s->meaning; s++) {
		snprintf(number, sizeof(number), "%d", s->status);
		row(p, number, 6, s->meaning);
	}
}

void
v6d_usage_print(const struct v6d_cmd *c, FILE *f)
{
	const struct v6d_usage *u = c->usage;
	char *text = malloc(HELP_BYTES), first[160];
	struct v6d_text t = v6d_text_to(first, sizeof(first));
	struct v6d_paint p;

	if (!text)
		return;
	p = (struct v6d_paint){ .t = v6d_tongue_text(text, HELP_BYTES),
		.columns = f == stdout ? v6d_say_columns() : 0 };
	v6d_text_add(&t, "v6doctor %s [OPTION]... %s%s- %s", c->name, u->words,
	    u->words[0] ? " " : "", _(c->summary));
	v6d_paint_wrap(&p, 0, 2, first);
	for (size_t i = 0; i < 5 && u->text[i]; i++)
		heading(&p, u->text[i]);
	if (u->picture)
		v6d_text_add(&p.t, "\n%s", u->picture);
	for (size_t i = 0; i < 2 && u->lists[i].head; i++)
		list(&p, &u->lists[i]);
	heading(&p, N_("Options:"));
	for (size_t i = 0; u->options[i]; i++)
		option(&p, &v6d_options[u->options[i]]);
	statuses(&p, u->status);
	if (u->examples[0].name)
		heading(&p, N_("For example:"));
	for (size_t i = 0; i < 4 && u->examples[i].name; i++) {
		v6d_text_add(&p.t, "  %s\n", u->examples[i].name);
		if (u->examples[i].what) {
			v6d_text_add(&p.t, "      ");
			v6d_paint_say(&p, 6, 6, u->examples[i].what);
		}
	}
	fputs(text, f);
	free(text);
}
