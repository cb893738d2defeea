/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_connect.c - "v6doctor connect": the whole set-up, in the foreground. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "instance.h"
#include "load.h"
#include "say.h"

struct connect {
	struct v6d_instance i;
	char path[4096];
	struct v6d_profile profile, next;
	char password[V6D_PROFILE_TEXT];
};

static void
help(void)
{
	printf(
	    "v6doctor connect [PROFILE] [OPTION]... - the whole set-up on this "
	    "host\n"
	    "\n"
	    "Packet filter, session, addresses, forwarding, routes, radvd, DNS "
	    "update, in\n"
	    "this order; supervised until Ctrl-C, SIGTERM or \"v6doctor "
	    "disconnect\"; then\n"
	    "undone exactly. SIGHUP reads the profile anew, SIGUSR1 writes "
	    "report.json.\n"
	    "What would be changed is tried first by \"v6doctor rehearse\".\n"
	    "\n%s\n"
	    "Exit status: 0 ended as asked and undone, 2 no session or not all "
	    "undone, 64\n"
	    "usage, 66 no such profile, 69 something is missing or in the way, "
	    "78 the\n"
	    "profile is wrong. At 64 to 78 nothing is left changed.\n",
	    v6d_instance_help);
}

static int
find(struct connect *c)
{
	int err = v6d_profile_find(c->i.profile, c->path, sizeof(c->path));

	if (err == 0)
		return 0;
	if (err == -ENOENT)
		return v6d_say("connect", V6D_EXIT_NOINPUT,
		    "no profile '%.64s'; looked for %s (a file of this folder "
		    "is named ./FILE)",
		    c->i.profile ? c->i.profile : "v6doctor", c->path);
	return v6d_say("connect", V6D_EXIT_NOINPUT, "%s", strerror(-err));
}

/* The gateway keeps the one in use until it has taken the other. */
static int
reload(void *arg, const struct v6d_profile **ret)
{
	struct v6d_instance *i = arg;
	struct connect *c = (struct connect *)(void *)i;

	if (v6d_load_profile("connect", c->path, &c->next) != 0)
		return -1;
	c->profile = c->next;
	*ret = &c->profile;
	return 0;
}

int
v6d_cmd_connect(int argc, char **argv)
{
	static struct connect c; /* large */
	struct v6d_gw_conf conf;
	int status = v6d_instance_options(argc, argv, &c.i);

	if (status == 0 && c.i.help) {
		help();
		return V6D_EXIT_OK;
	}
	if (status == 0)
		status = find(&c);
	if (status == 0)
		status = v6d_load_profile("connect", c.path, &c.profile);
	if (status == 0)
		status = v6d_load_password(
		    "connect", &c.profile, c.password, sizeof(c.password));
	if (status != 0)
		return status;
	v6d_instance_conf(&c.i, &conf);
	conf.profile = &c.profile;
	conf.password = c.password;
	conf.reload = reload;
	status = v6d_instance_exit(v6d_gw_run(&conf));
	explicit_bzero(c.password, sizeof(c.password));
	return status;
}
