/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_restore.c - "v6doctor restore": undoes what a crash left. */
#include <stdio.h>

#include "cmd.h"
#include "instance.h"
#include "tongue.h"

const struct v6d_usage v6d_usage_restore = {
	.words = "[PROFILE]",
	.takes = V6D_TAKES_PROFILE,
	.text = { N_("Works off the journal of a \"connect\" that was killed, "
		     "last change first. What somebody has changed since then "
		     "is left, and named.") },
	.options = { V6D_OPT_PROFILE, V6D_OPT_STATE_DIR, V6D_OPT_ERRORS_ONLY,
	    V6D_OPT_HELP },
	.status = { { V6D_EXIT_OK, N_("all is as before") },
	    { V6D_EXIT_FAULT, N_("something could not be undone") },
	    { V6D_EXIT_USAGE, N_("wrong usage") },
	    { V6D_EXIT_UNAVAILABLE,
		N_("it runs (\"v6doctor disconnect\" ends it), or belongs to "
		   "another network namespace") },
	    { V6D_EXIT_INTERNAL, N_("internal error") } },
	.examples = { { "sudo v6doctor restore home", NULL } },
};

int
v6d_cmd_restore(int argc, char **argv)
{
	struct v6d_instance i;
	struct v6d_gw_conf conf;
	int status = v6d_instance_options(argc, argv, &i);

	if (status != 0)
		return status;
	if (i.help)
		return V6D_EXIT_OK;
	v6d_instance_conf(&i, &conf);
	return v6d_instance_exit(v6d_gw_restore(&conf));
}
