/* SPDX-License-Identifier: GPL-2.0-or-later */
/* walk_options.c - the options of "v6doctor walk". */
#include "walk_options.h"

#include <getopt.h>
#include <stdlib.h>

#include "cmd.h"
#include "say.h"

const char v6d_walk_help[] =
    "v6doctor walk [OPTION]... [REPORT|CAPTURE|TEXT]... - guided, to the "
    "cause\n"
    "\n"
    "Says what is known and asks for the most telling thing next: a check "
    "that it\n"
    "runs itself, a question, something to try. Ends with the cause, what to "
    "do, and\n"
    "whom to tell what. Begins with nothing, or with what is given: a report "
    "of\n"
    "\"run-all --save\", a capture, text that somebody pasted. What people "
    "tell makes\n"
    "no cause certain; what checks and packets show does.\n"
    "\n"
    "  --as-helper           for two people at a distance: what to ask the\n"
    "                        user; nothing is checked on this computer\n"
    "  --plain               for screen readers: no colour, no progress line\n"
    "  --no-checks           questions only, on this computer too\n"
    "  --resume              go on with a walk that was stopped\n"
    "  --state FILE          keep the walk there (default: the folder\n"
    "                        v6doctor of XDG_STATE_HOME, ~/.local/state)\n"
    "  --save FILE           the finished walk as a text (default: in that\n"
    "                        folder, with the time in its name)\n"
    "  --profile FILE|NAME   which tunnel the checks dial\n"
    "  --interface IF        they judge a tunnel that is already up\n"
    "  --lab, --fault F      they run in a practice network of their own\n"
    "  --deadline S          they end after S seconds (30)\n"
    "  --color auto|always|never\n"
    "  -h, --help            this help\n"
    "\n"
    "Exit status: 0 nothing is wrong, 1 degraded, 2 a fault, 3 stopped or not\n"
    "decided, 64 usage, 65 damaged input, 66 no such file.\n";

enum opt {
	OPT_HELPER = 256,
	OPT_PLAIN,
	OPT_NO_CHECKS,
	OPT_RESUME,
	OPT_STATE,
	OPT_SAVE,
	OPT_PROFILE,
	OPT_INTERFACE,
	OPT_LAB,
	OPT_FAULT,
	OPT_DEADLINE,
	OPT_COLOR,
};

static const struct option longs[] = {
	{ "as-helper", no_argument, NULL, OPT_HELPER },
	{ "plain", no_argument, NULL, OPT_PLAIN },
	{ "no-checks", no_argument, NULL, OPT_NO_CHECKS },
	{ "resume", no_argument, NULL, OPT_RESUME },
	{ "state", required_argument, NULL, OPT_STATE },
	{ "save", required_argument, NULL, OPT_SAVE },
	{ "profile", required_argument, NULL, OPT_PROFILE },
	{ "interface", required_argument, NULL, OPT_INTERFACE },
	{ "lab", no_argument, NULL, OPT_LAB },
	{ "fault", required_argument, NULL, OPT_FAULT },
	{ "deadline", required_argument, NULL, OPT_DEADLINE },
	{ "color", required_argument, NULL, OPT_COLOR },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static int
take_deadline(struct v6d_walk_options *o)
{
	char *end;
	double d = strtod(optarg, &end);

	if (end == optarg || *end != '\0' || !(d > 0) || d > 3600)
		return v6d_say("walk", V6D_EXIT_USAGE,
		    "--deadline '%s': seconds, more than 0 and at most 3600",
		    optarg);
	o->live.deadline = (v6d_ns)(d * 1e9);
	return 0;
}

static int
take(struct v6d_walk_options *o, int c)
{
	switch (c) {
	case OPT_HELPER:
		o->helper = true;
		return 0;
	case OPT_PLAIN:
		o->plain = true;
		return 0;
	case OPT_NO_CHECKS:
		o->no_checks = true;
		return 0;
	case OPT_RESUME:
		o->resume = true;
		return 0;
	case OPT_STATE:
		o->state = optarg;
		return 0;
	case OPT_SAVE:
		o->save = optarg;
		return 0;
	case OPT_PROFILE:
		o->live.profile = optarg;
		return 0;
	case OPT_INTERFACE:
		o->live.interface = optarg;
		return 0;
	case OPT_LAB:
		o->live.lab = true;
		return 0;
	case OPT_FAULT:
		if (o->live.n_faults == V6D_LIVE_FAULTS)
			return v6d_say("walk", V6D_EXIT_USAGE,
			    "--fault '%s': that is one too many", optarg);
		o->live.faults[o->live.n_faults++] = optarg;
		return 0;
	case OPT_DEADLINE:
		return take_deadline(o);
	case OPT_COLOR:
		if (v6d_color_of(optarg, &o->live.output.how.color))
			return 0;
		return v6d_say("walk", V6D_EXIT_USAGE,
		    "--color '%s': auto, always or never", optarg);
	case 'h':
		o->help = true;
		return 0;
	}
	return V6D_EXIT_INTERNAL;
}

int
v6d_walk_options(int argc, char **argv, struct v6d_walk_options *o)
{
	int c, status = 0;

	opterr = 0;
	optind = 1;
	o->live.command = "walk";
	v6d_color_of(NULL, &o->live.output.how.color);
	while (status == 0 &&
	       (c = getopt_long(argc, argv, ":h", longs, NULL)) != -1) {
		if (c == ':' || c == '?')
			return v6d_say_option(
			    "walk", c, argv[optind - 1], longs);
		status = take(o, c);
	}
	if (status == 0 && o->live.n_faults > 0 && !o->live.lab)
		return v6d_say("walk", V6D_EXIT_USAGE,
		    "--fault needs --lab: faults are made in the practice "
		    "network only");
	if (status == 0 && o->resume && optind < argc)
		return v6d_say("walk", V6D_EXIT_USAGE,
		    "--resume goes on with what was given; leave out '%s'",
		    argv[optind]);
	if (o->plain)
		o->live.output.how.color = V6D_COLOR_NEVER;
	return status;
}
