/* SPDX-License-Identifier: GPL-2.0-or-later */
/* walk_options.c - the options of "v6doctor walk". */
#include "walk_options.h"

#include <stdlib.h>

#include "args.h"
#include "cmd.h"
#include "say.h"
#include "tongue.h"

/* At a question. */
static const struct v6d_item keys[] = {
	{ "?", N_("I don't know") },
	{ "c", N_("it cannot be done") },
	{ "s", N_("skip; it comes again at the end") },
	{ "b", N_("back: takes the last answer back") },
	{ "p", N_("paste a text") },
	{ "w", N_("what is known") },
	{ "r", N_("after something was tried: let the checks see for "
		  "themselves") },
	{ "e", N_("end with what is known") },
	{ "q", N_("stop, as an interrupt does; --resume goes on") },
	{ NULL, NULL },
};

const struct v6d_usage v6d_usage_walk = {
	.words = "[REPORT|CAPTURE|TEXT]...",
	.takes = V6D_TAKES_FILE,
	.text = { N_("Says what is known and asks for the most telling thing "
		     "next: a check that it runs itself, a question, "
		     "something to try, a text to paste. Ends with the cause, "
		     "what to do, and whom to tell what."),
	    N_("Begins with nothing, or with what is given: a report of "
	       "\"run-all --save\", a capture, text that somebody pasted. "
	       "Which step comes next is computed from the table of causes. "
	       "What people tell makes no cause certain; what checks and "
	       "packets show does.") },
	.lists = { { N_("At any question, beside its own answers:"), keys,
	    NULL } },
	.options = { V6D_OPT_AS_HELPER, V6D_OPT_PLAIN, V6D_OPT_NO_CHECKS,
	    V6D_OPT_RESUME, V6D_OPT_STATE_FILE, V6D_OPT_WALK_SAVE,
	    V6D_OPT_PROFILE, V6D_OPT_INTERFACE, V6D_OPT_LAB, V6D_OPT_FAULT,
	    V6D_OPT_DEADLINE, V6D_OPT_COLOR, V6D_OPT_HELP },
	.status = { { V6D_EXIT_OK, N_("nothing is wrong") },
	    { V6D_EXIT_DEGRADED,
		N_("it works, but something is degraded or at risk") },
	    { V6D_EXIT_FAULT, N_("a fault was found") },
	    { V6D_EXIT_UNDETERMINED, N_("stopped, or not decided") },
	    { V6D_EXIT_USAGE, N_("wrong usage") },
	    { V6D_EXIT_DATA, N_("a file is damaged, or is nothing known") },
	    { V6D_EXIT_NOINPUT, N_("a file cannot be opened") },
	    { V6D_EXIT_INTERNAL, N_("internal error") } },
	.examples = { { "sudo v6doctor walk", NULL },
	    { "v6doctor walk --as-helper",
		N_("for whoever helps somebody else") },
	    { "v6doctor walk report.pcapng", NULL } },
};

static int
take_deadline(struct v6d_walk_options *o, const char *value)
{
	char *end;
	double d = strtod(value, &end);

	if (end == value || *end != '\0' || !(d > 0) || d > 3600)
		return v6d_say("walk", V6D_EXIT_USAGE,
		    "--deadline '%s': seconds, more than 0 and at most 3600",
		    value);
	o->live.deadline = (v6d_ns)(d * 1e9);
	return 0;
}

static int
take(struct v6d_walk_options *o, int option, const char *value)
{
	switch (option) {
	case V6D_OPT_AS_HELPER:
		o->helper = true;
		return 0;
	case V6D_OPT_PLAIN:
		o->plain = true;
		return 0;
	case V6D_OPT_NO_CHECKS:
		o->no_checks = true;
		return 0;
	case V6D_OPT_RESUME:
		o->resume = true;
		return 0;
	case V6D_OPT_STATE_FILE:
		o->state = value;
		return 0;
	case V6D_OPT_WALK_SAVE:
		o->save = value;
		return 0;
	case V6D_OPT_PROFILE:
		o->live.profile = value;
		return 0;
	case V6D_OPT_INTERFACE:
		o->live.interface = value;
		return 0;
	case V6D_OPT_LAB:
		o->live.lab = true;
		return 0;
	case V6D_OPT_FAULT:
		if (o->live.n_faults == V6D_LIVE_FAULTS)
			return v6d_say("walk", V6D_EXIT_USAGE,
			    "--fault '%s': that is one too many", value);
		o->live.faults[o->live.n_faults++] = value;
		return 0;
	case V6D_OPT_DEADLINE:
		return take_deadline(o, value);
	case V6D_OPT_COLOR:
		if (v6d_color_of(value, &o->live.output.how.color))
			return 0;
		return v6d_say("walk", V6D_EXIT_USAGE,
		    "--color '%s': auto, always or never", value);
	}
	return V6D_EXIT_INTERNAL;
}

int
v6d_walk_options(int argc, char **argv, struct v6d_walk_options *o)
{
	struct v6d_args a;
	int option, status = 0;

	o->live.command = "walk";
	v6d_color_of(NULL, &o->live.output.how.color);
	v6d_args_begin(&a, argc, argv);
	while (status == 0 && (option = v6d_args_next(&a)))
		status = take(o, option, a.value);
	o->first = a.first;
	o->help = a.over;
	if (a.over)
		return a.status;
	if (status == 0 && o->live.n_faults > 0 && !o->live.lab)
		return v6d_say("walk", V6D_EXIT_USAGE,
		    "--fault needs --lab: faults are made in the practice "
		    "network only");
	if (status == 0 && o->resume && a.first < argc)
		return v6d_say("walk", V6D_EXIT_USAGE,
		    "--resume goes on with what was given; leave out '%s'",
		    argv[a.first]);
	if (o->plain)
		o->live.output.how.color = V6D_COLOR_NEVER;
	return status;
}
