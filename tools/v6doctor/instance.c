/* SPDX-License-Identifier: GPL-2.0-or-later */
/* instance.c - options, names and messages of a gateway's commands. */
#include "instance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "cmd.h"
#include "say.h"
#include "tongue.h"

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
take(struct v6d_instance *i, int option, const char *value)
{
	switch (option) {
	case V6D_OPT_PROFILE:
		i->profile = value;
		return 0;
	case V6D_OPT_STATE_DIR:
		return take_state(i, value);
	case V6D_OPT_READY_FD:
		return take_fd(i, value);
	case V6D_OPT_JSON:
		i->json = true;
		return 0;
	case V6D_OPT_ERRORS_ONLY:
		i->quiet = true;
		return 0;
	}
	return V6D_EXIT_INTERNAL;
}

int
v6d_instance_options(int argc, char **argv, struct v6d_instance *ret)
{
	struct v6d_instance *i = ret;
	struct v6d_args a;
	int option, status = 0;

	*i = (struct v6d_instance){ .command = argv[0], .ready_fd = -1 };
	snprintf(i->state_dir, sizeof(i->state_dir), V6D_GW_STATE_DIR);
	snprintf(i->run_dir, sizeof(i->run_dir), V6D_GW_RUN_DIR);
	v6d_args_begin(&a, argc, argv);
	while (status == 0 && (option = v6d_args_next(&a)))
		status = take(i, option, a.value);
	i->help = a.over;
	if (a.over)
		return a.status;
	if (status == 0 && a.first < argc && !i->profile)
		i->profile = argv[a.first++];
	if (status == 0 && a.first < argc)
		return v6d_say(i->command, V6D_EXIT_USAGE,
		    "'%s' is not wanted here; \"v6doctor %s --help\" tells "
		    "more",
		    argv[a.first], i->command);
	return status == 0 ? take_name(i) : status;
}

/*
 * The line in the language of this run; of "STEP: SENTENCE", where no message
 * is the whole of it, the sentence.
 */
static const char *
retold(const char *line, char *buf, size_t n)
{
	struct v6d_text t = v6d_tongue_text(buf, n);
	size_t word = strcspn(line, " ");

	v6d_text_retell(&t, line);
	if (strcmp(buf, line) != 0 || word == 0 || line[word - 1] != ':' ||
	    !line[word])
		return buf;
	t = v6d_tongue_text(buf, n);
	v6d_text_add(&t, "%.*s", (int)word + 1, line);
	v6d_text_retell(&t, line + word + 1);
	return buf;
}

static void
say(void *arg, enum v6d_gw_level level, const char *line)
{
	const struct v6d_instance *i = arg;
	char text[2048];

	if (level == V6D_GW_INFO && i->quiet)
		return;
	if (level == V6D_GW_INFO && !i->json) {
		printf("%s\n", retold(line, text, sizeof(text)));
		fflush(stdout);
		return;
	}
	v6d_say(i->command, 0, "%s%s",
	    level == V6D_GW_WARN ? _("warning: ") : "",
	    retold(line, text, sizeof(text)));
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
