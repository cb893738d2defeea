/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_compare.c - v6doctor compare: two reports, and what changed. */
#include "cmd.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "judge.h"
#include "say.h"
#include "tongue.h"
#include "tongue.h"
#include "trace/compare.h"

struct options {
	bool json;
	enum v6d_color color;
};

/* One of the two files, judged. */
struct side {
	struct v6d_judgement j;
	struct v6d_report capture; /* of the worst session, where it is one */
	struct v6d_side side;
};

const struct v6d_usage v6d_usage_compare = {
	.words = "BEFORE AFTER",
	.takes = V6D_TAKES_FILE,
	.text = { N_("Two reports of \"run-all --save\" (or two captures): "
		     "which causes went and came, what changed around them, "
		     "what was observed otherwise, and what follows from "
		     "that: before and after a change, this line and that "
		     "one. Several changes at once narrow a cause, they do not "
		     "prove it."),
	    N_("Save both with --no-redact: pseudonyms of two reports cannot "
	       "be compared.") },
	.options = { V6D_OPT_JSON, V6D_OPT_COLOR, V6D_OPT_HELP },
	.status = { { V6D_EXIT_OK, N_("compared") },
	    { V6D_EXIT_USAGE, N_("wrong usage") },
	    { V6D_EXIT_DATA, N_("not a report or capture, or a damaged one") },
	    { V6D_EXIT_NOINPUT, N_("a file cannot be opened") },
	    { V6D_EXIT_INTERNAL, N_("internal error") } },
	.examples = { { "v6doctor compare home.pcapng phone.pcapng", NULL } },
};

/* Returns an exit status, or -1: go on. */
static int
read_options(int argc, char **argv, struct options *o)
{
	struct v6d_args a;
	int c;

	v6d_color_of(NULL, &o->color);
	v6d_args_begin(&a, argc, argv);
	while ((c = v6d_args_next(&a)))
		switch (c) {
		case V6D_OPT_JSON:
			o->json = true;
			break;
		case V6D_OPT_COLOR:
			if (v6d_color_of(a.value, &o->color))
				break;
			return v6d_say("compare", V6D_EXIT_USAGE,
			    "--color '%s': auto, always or never", a.value);
		}
	if (a.over)
		return a.status;
	if (optind + 2 == argc)
		return -1;
	return v6d_say("compare", V6D_EXIT_USAGE,
	    "which two? \"v6doctor compare --help\" tells more");
}

static void
side_of_capture(struct side *s)
{
	const struct v6d_judged *worst = s->j.chosen;
	struct v6d_report *r = &s->capture;
	const struct v6d_flow_totals *t = v6d_flow_totals(s->j.flow);

	r->started_unix_ms = (int64_t)(t->first / V6D_MS(1));
	r->facts = &worst->facts;
	r->diagnosis = &worst->diagnosis;
	r->scope = &worst->scope;
	v6d_addr_text(&worst->view->client, r->client, sizeof(r->client));
	v6d_addr_text(&worst->view->server, r->server, sizeof(r->server));
	s->side.report = r;
	s->side.system = "";
}

static void
side_of_report(struct side *s)
{
	const struct v6d_trace_head *h =
	    v6d_trace_next(s->j.trace, V6D_TRACE_HEAD, NULL);

	s->side.report = &s->j.report->report;
	s->side.plan = &s->j.report->plan;
	s->side.trace = s->j.trace;
	s->side.system = h->system;
	s->side.pseudonyms = h->redacted;
}

/* 0 or an exit status; a damaged file is told, and compared as it is. */
static int
read_side(const char *path, struct side *s, int *status)
{
	int err = v6d_judge_file(path, &s->j);

	s->side.name = path;
	if (err)
		return v6d_say_cannot("compare", path, err, s->j.message);
	if (s->j.damaged)
		*status = v6d_say("compare", V6D_EXIT_DATA,
		    "%s is damaged: %s. What stands before that is compared.",
		    path, v6d_retold(s->j.message));
	if (s->j.report)
		side_of_report(s);
	else if (s->j.n > 0)
		side_of_capture(s);
	else
		return v6d_say("compare", V6D_EXIT_DATA,
		    "%s: no PPTP session in this file", path);
	return 0;
}

static int
print(const struct v6d_comparison *c, const struct options *o)
{
	char *text = o->json ? v6d_compare_json(c, v6d_tongue_asked())
			     : v6d_compare_text(
				   c, o->color, v6d_tongue, v6d_say_columns());

	if (!text)
		return v6d_say("compare", V6D_EXIT_INTERNAL, "out of memory");
	fputs(text, stdout);
	if (o->json)
		putchar('\n');
	free(text);
	return fflush(stdout) == 0 ? 0
				   : v6d_say("compare", V6D_EXIT_INTERNAL,
					 "standard output cannot be written");
}

static int
compare(char **paths, const struct options *o, struct side *sides)
{
	static struct v6d_comparison c;
	int damaged = 0, status = 0;

	for (int i = 0; i < 2 && status == 0; i++)
		status = read_side(paths[i], &sides[i], &damaged);
	if (status)
		return status;
	v6d_compare(&sides[0].side, &sides[1].side, &c);
	status = print(&c, o);
	return status ? status : damaged;
}

int
v6d_cmd_compare(int argc, char **argv)
{
	struct options o = { 0 };
	int status = read_options(argc, argv, &o);
	struct side *sides;

	if (status >= 0)
		return status;
	sides = calloc(2, sizeof(*sides));
	if (!sides)
		return v6d_say("compare", V6D_EXIT_INTERNAL, "out of memory");
	status = compare(argv + optind, &o, sides);
	v6d_judgement_done(&sides[0].j);
	v6d_judgement_done(&sides[1].j);
	free(sides);
	return status;
}
