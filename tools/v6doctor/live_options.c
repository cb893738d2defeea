/* SPDX-License-Identifier: GPL-2.0-or-later */
/* live_options.c - the options of run-all and run. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "live.h"

#define DEADLINE_MAX_S 3600

enum opt {
	OPT_JSON = 256,
	OPT_FORMAT,
	OPT_PROFILE,
	OPT_LAB,
	OPT_FAULT,
	OPT_DEADLINE,
	OPT_INTERFACE,
	OPT_DIAL,
	OPT_COLOR,
};

static const struct option options[] = {
	{ "json", no_argument, NULL, OPT_JSON },
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "profile", required_argument, NULL, OPT_PROFILE },
	{ "lab", no_argument, NULL, OPT_LAB },
	{ "fault", required_argument, NULL, OPT_FAULT },
	{ "deadline", required_argument, NULL, OPT_DEADLINE },
	{ "interface", required_argument, NULL, OPT_INTERFACE },
	{ "dial", no_argument, NULL, OPT_DIAL },
	{ "color", required_argument, NULL, OPT_COLOR },
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
    "  --json                one JSON document on standard output\n"
    "  --format text|json\n"
    "  --color auto|always|never\n"
    "  -q, --quiet           no progress\n"
    "  -v, --verbose         every observation too\n"
    "  -h, --help            this help\n"
    "\n"
    "Exit status: 0 healthy, 1 degraded, 2 a fault was found, 3\n"
    "undetermined, 64 usage, 66 no such file, 69 a right or device is\n"
    "missing, 78 the profile is wrong.\n";

static size_t
min3(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

/* How many letters to change (Levenshtein); words up to 31 letters. */
static size_t
distance(const char *a, size_t n, const char *b)
{
	size_t row[32], m = strlen(b);

	if (n > 31 || m > 31)
		return 32;
	for (size_t k = 0; k <= m; k++)
		row[k] = k;
	for (size_t i = 1; i <= n; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (size_t k = 1; k <= m; k++) {
			size_t old = row[k];

			row[k] = min3(row[k] + 1, row[k - 1] + 1,
			    corner + (a[i - 1] != b[k - 1]));
			corner = old;
		}
	}
	return row[m];
}

static const char *
nearest(const char *word)
{
	size_t n = strcspn(word, "="), best = 4;
	const char *found = NULL;

	for (const struct option *o = options; o->name; o++) {
		size_t d = distance(word, n, o->name);

		if (d < best) {
			best = d;
			found = o->name;
		}
	}
	return found;
}

static int
unknown_option(const struct v6d_live *o, const char *arg)
{
	const char *hint = strncmp(arg, "--", 2) == 0 ? nearest(arg + 2) : NULL;

	fprintf(stderr, "v6doctor %s: unknown option '%s'", o->command, arg);
	if (hint)
		fprintf(stderr, "; did you mean --%s?", hint);
	fprintf(
	    stderr, "\n\"v6doctor %s --help\" lists the options\n", o->command);
	return V6D_EXIT_USAGE;
}

static int
bad_value(const struct v6d_live *o, const char *name, const char *value,
    const char *want)
{
	fprintf(stderr, "v6doctor %s: %s '%s': %s\n", o->command, name, value,
	    want);
	return V6D_EXIT_USAGE;
}

static int
take_deadline(struct v6d_live *o, const char *s)
{
	char *end;
	double d;

	errno = 0;
	d = strtod(s, &end);
	if (errno != 0 || end == s || *end != '\0' || !(d > 0) ||
	    d > DEADLINE_MAX_S)
		return bad_value(o, "--deadline", s,
		    "seconds, more than 0 and at most 3600");
	o->deadline = (v6d_ns)(d * 1e9);
	return 0;
}

static int
take_format(struct v6d_live *o, const char *s)
{
	if (strcmp(s, "json") == 0)
		o->json = true;
	else if (strcmp(s, "text") == 0)
		o->json = false;
	else
		return bad_value(o, "--format", s, "text or json");
	return 0;
}

static bool
terminal_with_colors(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no && no[0] != '\0') &&
	       !(term && strcmp(term, "dumb") == 0);
}

static int
take_color(struct v6d_live *o, const char *s)
{
	if (strcmp(s, "always") == 0)
		o->color = V6D_COLOR_ALWAYS;
	else if (strcmp(s, "never") == 0)
		o->color = V6D_COLOR_NEVER;
	else if (strcmp(s, "auto") == 0)
		o->color =
		    terminal_with_colors() ? V6D_COLOR_ALWAYS : V6D_COLOR_NEVER;
	else
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
		o->json = true;
		return 0;
	case OPT_FORMAT:
		return take_format(o, optarg);
	case OPT_PROFILE:
		o->profile = optarg;
		return 0;
	case OPT_LAB:
		o->lab = true;
		return 0;
	case OPT_FAULT:
		return take_fault(o, optarg);
	case OPT_DEADLINE:
		return take_deadline(o, optarg);
	case OPT_INTERFACE:
		o->interface = optarg;
		return 0;
	case OPT_DIAL:
		o->dial = true;
		return 0;
	case OPT_COLOR:
		return take_color(o, optarg);
	case 'q':
		o->quiet = true;
		return 0;
	case 'v':
		o->verbose = true;
		return 0;
	case 'h':
		o->help = true;
		return 0;
	}
	return V6D_EXIT_INTERNAL;
}

static int
check_together(const struct v6d_live *o)
{
	if (o->n_faults > 0 && !o->lab) {
		fprintf(stderr,
		    "v6doctor %s: --fault needs --lab: faults are made in "
		    "the practice network only\n",
		    o->command);
		return V6D_EXIT_USAGE;
	}
	if (o->interface && o->dial) {
		fprintf(stderr,
		    "v6doctor %s: --interface judges what is up, --dial makes "
		    "a new session: one of them\n",
		    o->command);
		return V6D_EXIT_USAGE;
	}
	return 0;
}

int
v6d_live_options(int argc, char **argv, struct v6d_live *ret)
{
	struct v6d_live o = { .command = argv[0] };
	int c, status = take_color(&o, "auto");

	opterr = 0;
	optind = 1;
	while (status == 0 &&
	       (c = getopt_long(argc, argv, ":qvh", options, NULL)) != -1) {
		const char *word = argv[optind - 1];

		if (c == ':') {
			fprintf(stderr, "v6doctor %s: %s wants a value\n",
			    o.command, word);
			return V6D_EXIT_USAGE;
		}
		if (c == '?')
			return unknown_option(&o, word);
		status = take(&o, c);
	}
	if (status == 0 && !o.help)
		status = check_together(&o);
	o.first = optind;
	if (status == 0)
		*ret = o;
	return status;
}
