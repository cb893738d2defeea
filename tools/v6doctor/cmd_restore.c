/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_restore.c - "v6doctor restore": undoes what a crash left. */
#include <stdio.h>

#include "cmd.h"
#include "instance.h"

int
v6d_cmd_restore(int argc, char **argv)
{
	struct v6d_instance i;
	struct v6d_gw_conf conf;
	int status = v6d_instance_options(argc, argv, &i);

	if (status != 0)
		return status;
	if (i.help) {
		printf("v6doctor restore [PROFILE] [OPTION]... - undo what a "
		       "crash left\n\n"
		       "Works off the journal of a \"connect\" that was "
		       "killed, last change first. What\n"
		       "somebody has changed since then is left and "
		       "named.\n\n%s\n"
		       "Exit status: 0 all is as before, 2 something could "
		       "not be undone, 69 it runs\n"
		       "(\"v6doctor disconnect\" ends it) or belongs to "
		       "another network namespace.\n",
		    v6d_instance_help);
		return V6D_EXIT_OK;
	}
	v6d_instance_conf(&i, &conf);
	return v6d_instance_exit(v6d_gw_restore(&conf));
}
