/* SPDX-License-Identifier: GPL-2.0-or-later */
/* live_options.c - the options of run-all and run. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "cmd.h"
#include "live.h"
#include "save.h"
#include "say.h"
#include "tongue.h"

#define SECONDS_MAX 3600
#define WATCH_MAX 86400
#define STRESS_MAX 4096

static int
bad_value(const struct v6d_live *o, const char *name, const char *value,
    const char *want)
{
	return v6d_say(
	    o->command, V6D_EXIT_USAGE, "%s '%s': %s", name, value, _(want));
}

static int
take_stress(struct v6d_live *o, const char *s)
{
	char *end;
	unsigned long n = strtoul(s, &end, 10);

	if (s[0] < '0' || s[0] > '9' || *end != '\0' || n == 0 ||
	    n > STRESS_MAX)
		return bad_value(o, "--stress", s, N_("sessions, 1 to 4096"));
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
		return bad_value(o, "--color", s, N_("auto, always or never"));
	return 0;
}

static int
take_fault(struct v6d_live *o, const char *s)
{
	if (o->n_faults == V6D_LIVE_FAULTS)
		return bad_value(o, "--fault", s, N_("that is one too many"));
	o->faults[o->n_faults++] = s;
	return 0;
}

static int
take(struct v6d_live *o, int option, const char *value)
{
	switch (option) {
	case V6D_OPT_JSON:
		return v6d_output_format(&o->output, o->command, "json");
	case V6D_OPT_FORMAT:
		return v6d_output_format(&o->output, o->command, value);
	case V6D_OPT_PROFILE:
		o->profile = value;
		return 0;
	case V6D_OPT_LAB:
		o->lab = true;
		return 0;
	case V6D_OPT_FAULT:
		return take_fault(o, value);
	case V6D_OPT_DEADLINE:
		return take_seconds(
		    o, "--deadline", value, SECONDS_MAX, &o->deadline);
	case V6D_OPT_DEEP:
		return take_seconds(o, "--deep", value, SECONDS_MAX, &o->idle);
	case V6D_OPT_INTERFACE:
		o->interface = value;
		return 0;
	case V6D_OPT_DIAL:
		o->dial = true;
		return 0;
	case V6D_OPT_STRESS:
		return take_stress(o, value);
	case V6D_OPT_YES:
		o->yes = true;
		return 0;
	case V6D_OPT_COLOR:
		return take_color(o, value);
	case V6D_OPT_OUTPUT:
		o->to = value;
		return 0;
	case V6D_OPT_SAVE:
		o->save = value;
		return 0;
	case V6D_OPT_REDACT:
		o->no_redact = false;
		return 0;
	case V6D_OPT_NO_REDACT:
		o->no_redact = true;
		return 0;
	case V6D_OPT_MAPPING:
		o->mapping = value;
		return 0;
	case V6D_OPT_LAST_GOOD:
		o->last_good = value;
		return 0;
	case V6D_OPT_NO_LAST_GOOD:
		o->no_last_good = true;
		return 0;
	case V6D_OPT_WATCH:
		return take_seconds(o, "--watch", value, WATCH_MAX, &o->watch);
	case V6D_OPT_QUIET:
		o->quiet = true;
		return 0;
	case V6D_OPT_VERBOSE:
		o->output.how.verbose = true;
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
	if (o->last_good && o->no_last_good)
		return v6d_say(o->command, V6D_EXIT_USAGE,
		    "--last-good and --no-last-good: one of them");
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
	struct v6d_args a;
	bool colored = false;
	int option, status = 0;

	v6d_color_of(NULL, &o.output.how.color);
	v6d_args_begin(&a, argc, argv);
	while (status == 0 && (option = v6d_args_next(&a))) {
		status = take(&o, option, a.value);
		colored = colored || option == V6D_OPT_COLOR;
	}
	if (status == 0 && a.over)
		status = a.status;
	o.help = a.over;
	if (o.to && !colored)
		v6d_color_of("never", &o.output.how.color);
	if (status == 0 && !o.help)
		status = check_together(&o);
	o.first = a.first;
	if (status == 0)
		*ret = o;
	return status;
}
