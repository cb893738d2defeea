/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_connect.c - "v6doctor connect": the whole set-up, in the foreground. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "instance.h"
#include "load.h"
#include "say.h"
#include "tongue.h"

struct connect {
	struct v6d_instance i;
	char path[4096];
	struct v6d_profile profile, next;
	char password[V6D_PROFILE_TEXT];
};

const struct v6d_usage v6d_usage_connect = {
	.words = "[PROFILE]",
	.takes = V6D_TAKES_PROFILE,
	.text = { N_("Packet filter, session, addresses from the server's "
		     "advertisement, forwarding, routes, radvd, DNS update, in "
		     "this order; supervised until Ctrl-C, SIGTERM or "
		     "\"v6doctor disconnect\"; then undone exactly. What will "
		     "have to be undone is on disk before it is done."),
	    N_("The session is made anew when it ends, and a prefix that "
	       "changes is followed. SIGHUP reads the profile anew, SIGUSR1 "
	       "writes report.json."),
	    N_("What would be changed is tried first by \"v6doctor "
	       "rehearse\".") },
	.options = { V6D_OPT_PROFILE, V6D_OPT_STATE_DIR, V6D_OPT_READY_FD,
	    V6D_OPT_ERRORS_ONLY, V6D_OPT_HELP },
	.status = { { V6D_EXIT_OK, N_("ended as asked, and undone") },
	    { V6D_EXIT_FAULT, N_("no session, or not all was undone") },
	    { V6D_EXIT_USAGE, N_("wrong usage") },
	    { V6D_EXIT_NOINPUT,
		N_("there is no such profile; nothing is changed") },
	    { V6D_EXIT_UNAVAILABLE,
		N_("something is missing or in the way; nothing is changed") },
	    { V6D_EXIT_INTERNAL, N_("internal error") },
	    { V6D_EXIT_CONFIG,
		N_("the profile is wrong; nothing is changed") } },
	.examples = { { "sudo v6doctor connect home", NULL } },
};

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
	return v6d_say(
	    "connect", V6D_EXIT_NOINPUT, "%s", v6d_retold(strerror(-err)));
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

	if (status == 0 && c.i.help)
		return V6D_EXIT_OK;
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
