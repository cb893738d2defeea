/* SPDX-License-Identifier: GPL-2.0-or-later */
/* instance.c - options, names and messages of a gateway's commands. */
#include "instance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "say.h"

enum opt { OPT_JSON = 256, OPT_PROFILE, OPT_STATE, OPT_READY };

static const struct option options[] = {
	{ "profile", required_argument, NULL, OPT_PROFILE },
	{ "state", required_argument, NULL, OPT_STATE },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "ready-fd", required_argument, NULL, OPT_READY },
	{ "quiet", no_argument, NULL, 'q' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

const char v6d_instance_help[] =
    "  --profile FILE|NAME   which profile (NAME.conf in the configuration\n"
    "                        folder; default: v6doctor.conf there)\n"
    "  --state DIR           journal and run files in DIR (default:\n"
    "                        " V6D_GW_STATE_DIR " and " V6D_GW_RUN_DIR ")\n"
    "  --json                one JSON document on standard output (status)\n"
    "  --ready-fd N          write a line to descriptor N when all stands\n"
    "                        (connect)\n"
    "  -q, --quiet           errors only\n"
    "  -h, --help            this help\n";

/* "/etc/v6doctor/home.conf" and "home" are the instance "home". */
static int
take_name(struct v6d_instance *i)
{
	const char *p = i->profile ? i->profile : "v6doctor";
	const char *slash = strrchr(p, '/');
	size_t n;

	p = slash ? slash + 1 : p;
	n = strlen(p);
	if (n > 5 && strcmp(p + n - 5, ".conf") == 0)
		n -= 5;
	if (n == 0 || n >= sizeof(i->name) || p[0] == '.')
		return v6d_say(i->command, V6D_EXIT_USAGE,
		    "'%s' is no name of a profile", i->profile);
	memcpy(i->name, p, n);
	i->name[n] = '\0';
	return 0;
}

static int
take_state(struct v6d_instance *i, const char *dir)
{
	if (strlen(dir) + 80 > sizeof(i->run_dir) || !dir[0])
		return v6d_say(i->command, V6D_EXIT_USAGE,
		    "--state: '%s' is too long", dir);
	snprintf(i->state_dir, sizeof(i->state_dir), "%s", dir);
	snprintf(i->run_dir, sizeof(i->run_dir), "%s/run", dir);
	return 0;
}

static int
take_fd(struct v6d_instance *i, const char *s)
{
	char *end;
	long n = strtol(s, &end, 10);

	if (*end || end == s || n < 0 || n > 1000000)
		return v6d_say(i->command, V6D_EXIT_USAGE,
		    "--ready-fd takes a number, not '%s'", s);
	i->ready_fd = (int)n;
	return 0;
}

static int
take(struct v6d_instance *i, int c)
{
	switch (c) {
	case OPT_PROFILE:
		i->profile = optarg;
		return 0;
	case OPT_STATE:
		return take_state(i, optarg);
	case OPT_READY:
		return take_fd(i, optarg);
	case OPT_JSON:
		i->json = true;
		return 0;
	case 'q':
		i->quiet = true;
		return 0;
	case 'h':
		i->help = true;
		return 0;
	}
	return V6D_EXIT_INTERNAL;
}

int
v6d_instance_options(int argc, char **argv, struct v6d_instance *ret)
{
	struct v6d_instance *i = ret;
	int c, status = 0;

	*i = (struct v6d_instance){ .command = argv[0], .ready_fd = -1 };
	snprintf(i->state_dir, sizeof(i->state_dir), V6D_GW_STATE_DIR);
	snprintf(i->run_dir, sizeof(i->run_dir), V6D_GW_RUN_DIR);
	opterr = 0;
	optind = 1;
	while (status == 0 &&
	       (c = getopt_long(argc, argv, ":qh", options, NULL)) != -1) {
		const char *word = argv[optind - 1];

		if (c == ':' || c == '?')
			return v6d_say_option(i->command, c, word, options);
		status = take(i, c);
	}
	if (status == 0 && optind < argc && !i->profile)
		i->profile = argv[optind++];
	if (status == 0 && optind < argc)
		return v6d_say(i->command, V6D_EXIT_USAGE,
		    "'%s' is not wanted here; \"v6doctor %s --help\" tells "
		    "more",
		    argv[optind], i->command);
	return status == 0 ? take_name(i) : status;
}

static void
say(void *arg, enum v6d_gw_level level, const char *line)
{
	const struct v6d_instance *i = arg;

	if (level == V6D_GW_INFO && i->quiet)
		return;
	if (level == V6D_GW_INFO && !i->json) {
		printf("%s\n", line);
		fflush(stdout);
		return;
	}
	v6d_say(i->command, 0, "%s%s", level == V6D_GW_WARN ? "warning: " : "",
	    line);
}

void
v6d_instance_conf(const struct v6d_instance *i, struct v6d_gw_conf *ret)
{
	*ret = (struct v6d_gw_conf){
		.name = i->name,
		.state_dir = i->state_dir,
		.run_dir = i->run_dir,
		.ns = { -1, -1 },
		.outside_fd = -1,
		.ready_fd = i->ready_fd,
		.arg = (void *)(uintptr_t)i,
		.say = say,
	};
}

int
v6d_instance_exit(enum v6d_gw_end end)
{
	switch (end) {
	case V6D_GW_OK:
		return V6D_EXIT_OK;
	case V6D_GW_FAULT:
	case V6D_GW_RESIDUE:
		return V6D_EXIT_FAULT;
	case V6D_GW_CONFIG:
		return V6D_EXIT_CONFIG;
	case V6D_GW_UNAVAILABLE:
		return V6D_EXIT_UNAVAILABLE;
	case V6D_GW_INTERNAL:
		return V6D_EXIT_INTERNAL;
	}
	return V6D_EXIT_INTERNAL;
}
