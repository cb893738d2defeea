/* SPDX-License-Identifier: GPL-2.0-or-later */
/* live_options.c - the options of run-all and run. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "live.h"
#include "save.h"
#include "say.h"

#define SECONDS_MAX 3600
#define WATCH_MAX 86400
#define STRESS_MAX 4096

enum opt {
	OPT_JSON = 256,
	OPT_FORMAT,
	OPT_PROFILE,
	OPT_LAB,
	OPT_FAULT,
	OPT_DEADLINE,
	OPT_DEEP,
	OPT_INTERFACE,
	OPT_DIAL,
	OPT_STRESS,
	OPT_YES,
	OPT_COLOR,
	OPT_OUTPUT,
	OPT_SAVE,
	OPT_REDACT,
	OPT_NO_REDACT,
	OPT_MAPPING,
	OPT_WATCH,
};

static const struct option options[] = {
	{ "json", no_argument, NULL, OPT_JSON },
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "profile", required_argument, NULL, OPT_PROFILE },
	{ "lab", no_argument, NULL, OPT_LAB },
	{ "fault", required_argument, NULL, OPT_FAULT },
	{ "deadline", required_argument, NULL, OPT_DEADLINE },
	{ "deep", required_argument, NULL, OPT_DEEP },
	{ "interface", required_argument, NULL, OPT_INTERFACE },
	{ "dial", no_argument, NULL, OPT_DIAL },
	{ "stress", required_argument, NULL, OPT_STRESS },
	{ "yes", no_argument, NULL, OPT_YES },
	{ "color", required_argument, NULL, OPT_COLOR },
	{ "output", required_argument, NULL, OPT_OUTPUT },
	{ "save", required_argument, NULL, OPT_SAVE },
	{ "redact", no_argument, NULL, OPT_REDACT },
	{ "no-redact", no_argument, NULL, OPT_NO_REDACT },
	{ "mapping", required_argument, NULL, OPT_MAPPING },
	{ "watch", required_argument, NULL, OPT_WATCH },
	{ "quiet", no_argument, NULL, 'q' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

const char v6d_live_options_help[] =
    "  --profile FILE|NAME   which tunnel (NAME.conf in the configuration\n"
    "                        folder; default: v6doctor.conf there)\n"
    "  --interface IF        judge a tunnel that is already up\n"
    "  --dial                call even where a session to the server is up;\n"
    "                        a second call can kill the first behind a\n"
    "                        simple router\n"
    "  --lab                 against a practice network of its own\n"
    "  --fault F             with that fault in it: NAME[=VALUE][@PLACE],\n"
    "                        may be repeated; \"v6doctor lab faults\"\n"
    "  --deadline S          end after S seconds, whatever is open (30)\n"
    "  --deep S              see too whether the tunnel lives through S\n"
    "                        seconds without a packet: 1.75 times S longer\n"
    "  --stress N            open up to N sessions (4096 at most) to find\n"
    "                        the routers' limit; asks first\n"
    "  --yes                 do not ask\n"
    "  --json                one JSON document on standard output\n"
    "  --format F            text, json, jsonl, tap, junit, prometheus,\n"
    "                        markdown or html\n"
    "  --output FILE         write that to FILE, which is there whole or not\n"
    "                        at all: for a collector of metrics, a web server\n"
    "  --watch S             again every S seconds, until Ctrl-C: the first\n"
    "                        report, then what changes (text, jsonl); with\n"
    "                        --output, FILE is always the last report\n"
    "  --save FILE           the report as one file, for \"v6doctor read\"\n"
    "                        and whoever is to help\n"
    "  --no-redact           with real addresses and names in it\n"
    "  --mapping FILE        and a file that tells what stands for what\n"
    "  --color auto|always|never\n"
    "  -q, --quiet           no progress\n"
    "  -v, --verbose         every observation too\n"
    "  -h, --help            this help\n"
    "\n"
    "Exit status: 0 healthy, 1 degraded, 2 a fault was found, 3\n"
    "undetermined, 64 usage, 66 no such file, 69 a right or device is\n"
    "missing, 78 the profile is wrong.\n";

static int
bad_value(const struct v6d_live *o, const char *name, const char *value,
    const char *want)
{
	return v6d_say(
	    o->command, V6D_EXIT_USAGE, "%s '%s': %s", name, value, want);
}

static int
take_stress(struct v6d_live *o, const char *s)
{
	char *end;
	unsigned long n = strtoul(s, &end, 10);

	if (s[0] < '0' || s[0] > '9' || *end != '\0' || n == 0 ||
	    n > STRESS_MAX)
		return bad_value(o, "--stress", s, "sessions, 1 to 4096");
	o->stress = (unsigned)n;
	return 0;
}

static int
take_seconds(struct v6d_live *o, const char *name, const char *s, unsigned max,
    v6d_ns *ret)
{
	char *end;
	double d;

	errno = 0;
	d = strtod(s, &end);
	if (errno != 0 || end == s || *end != '\0' || !(d > 0) || d > max)
		return v6d_say(o->command, V6D_EXIT_USAGE,
		    "%s '%s': seconds, more than 0 and at most %u", name, s,
		    max);
	*ret = (v6d_ns)(d * 1e9);
	return 0;
}

static int
take_color(struct v6d_live *o, const char *s)
{
	if (!v6d_color_of(s, &o->output.how.color))
		return bad_value(o, "--color", s, "auto, always or never");
	return 0;
}

static int
take_fault(struct v6d_live *o, const char *s)
{
	if (o->n_faults == V6D_LIVE_FAULTS)
		return bad_value(o, "--fault", s, "that is one too many");
	o->faults[o->n_faults++] = s;
	return 0;
}

static int
take(struct v6d_live *o, int c)
{
	switch (c) {
	case OPT_JSON:
		return v6d_output_format(&o->output, o->command, "json");
	case OPT_FORMAT:
		return v6d_output_format(&o->output, o->command, optarg);
	case OPT_PROFILE:
		o->profile = optarg;
		return 0;
	case OPT_LAB:
		o->lab = true;
		return 0;
	case OPT_FAULT:
		return take_fault(o, optarg);
	case OPT_DEADLINE:
		return take_seconds(
		    o, "--deadline", optarg, SECONDS_MAX, &o->deadline);
	case OPT_DEEP:
		return take_seconds(o, "--deep", optarg, SECONDS_MAX, &o->idle);
	case OPT_INTERFACE:
		o->interface = optarg;
		return 0;
	case OPT_DIAL:
		o->dial = true;
		return 0;
	case OPT_STRESS:
		return take_stress(o, optarg);
	case OPT_YES:
		o->yes = true;
		return 0;
	case OPT_COLOR:
		return take_color(o, optarg);
	case OPT_OUTPUT:
		o->to = optarg;
		return 0;
	case OPT_SAVE:
		o->save = optarg;
		return 0;
	case OPT_REDACT:
		o->no_redact = false;
		return 0;
	case OPT_NO_REDACT:
		o->no_redact = true;
		return 0;
	case OPT_MAPPING:
		o->mapping = optarg;
		return 0;
	case OPT_WATCH:
		return take_seconds(o, "--watch", optarg, WATCH_MAX, &o->watch);
	case 'q':
		o->quiet = true;
		return 0;
	case 'v':
		o->output.how.verbose = true;
		return 0;
	case 'h':
		o->help = true;
		return 0;
	}
	return V6D_EXIT_INTERNAL;
}

static int
check_watch(const struct v6d_live *o)
{
	const struct v6d_format *f = o->output.format;

	if (o->save)
		return v6d_say(o->command, V6D_EXIT_USAGE,
		    "--watch makes many runs, --save keeps one: one of them");
	if (f && !f->changes && !o->to)
		return v6d_say(o->command, V6D_EXIT_USAGE,
		    "--watch prints changes as text or jsonl; --format %s "
		    "holds one run, in the file of --output",
		    f->name);
	return 0;
}

static int
check_together(const struct v6d_live *o)
{
	const struct v6d_save save = { .command = o->command,
		.path = o->save,
		.plain = o->no_redact,
		.mapping = o->mapping };

	if (o->n_faults > 0 && !o->lab)
		return v6d_say(o->command, V6D_EXIT_USAGE,
		    "--fault needs --lab: faults are made in the practice "
		    "network only");
	if (o->to && ((o->save && strcmp(o->to, o->save) == 0) ||
			 (o->mapping && strcmp(o->to, o->mapping) == 0)))
		return v6d_say(o->command, V6D_EXIT_USAGE,
		    "--output and --save: two files, not one");
	if (o->interface && o->dial)
		return v6d_say(o->command, V6D_EXIT_USAGE,
		    "--interface judges what is up, --dial makes a new "
		    "session: one of them");
	return o->watch ? check_watch(o) : v6d_save_check(&save);
}

bool
v6d_live_take_target(struct v6d_live *o, const char *word)
{
	char text[2 * V6D_URL_TEXT];
	struct v6d_url u = { .path = "/" };

	if (v6d_addr_parse(word, &u.addr) && u.addr.family == 6)
		v6d_addr_text(&u.addr, u.host, sizeof(u.host));
	else if (!v6d_url_parse(word, &u))
		return false;
	if (u.bare)
		v6d_say(o->command, 0,
		    "an IPv6 address in a URL needs brackets (a browser or "
		    "curl would refuse it unsent); read as %s",
		    v6d_url_text(&u, text, sizeof(text)));
	o->target = u;
	return true;
}

int
v6d_live_options(int argc, char **argv, struct v6d_live *ret)
{
	struct v6d_live o = { .command = argv[0] };
	bool colored = false;
	int c, status = 0;

	v6d_color_of(NULL, &o.output.how.color);
	opterr = 0;
	optind = 1;
	while (status == 0 &&
	       (c = getopt_long(argc, argv, ":qvh", options, NULL)) != -1) {
		const char *word = argv[optind - 1];

		if (c == ':' || c == '?')
			return v6d_say_option(o.command, c, word, options);
		status = take(&o, c);
		colored = colored || c == OPT_COLOR;
	}
	if (o.to && !colored)
		v6d_color_of("never", &o.output.how.color);
	if (status == 0 && !o.help)
		status = check_together(&o);
	o.first = optind;
	if (status == 0)
		*ret = o;
	return status;
}
