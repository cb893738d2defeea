/* SPDX-License-Identifier: GPL-2.0-or-later */
/* instance.h - what connect, disconnect, status and restore have in common. */
#ifndef V6D_TOOLS_INSTANCE_H
#define V6D_TOOLS_INSTANCE_H

#include <stdbool.h>

#include "gateway/gateway.h"

struct v6d_instance {
	const char *command;
	bool json, quiet;
	bool help; /* was printed */
	int ready_fd; /* -1: none */
	const char *profile; /* as it was given, or NULL */
	char name[64]; /* of the instance: the profile's, without .conf */
	char state_dir[V6D_JOURNAL_PATH], run_dir[V6D_JOURNAL_PATH];
};

/*
 * Reads options and at most one word, the profile. 0, or an exit status; the
 * message is out.
 */
int v6d_instance_options(int argc, char **argv, struct v6d_instance *ret);

/* Fills in name, folders, namespace and say. */
void v6d_instance_conf(const struct v6d_instance *i, struct v6d_gw_conf *ret);

int v6d_instance_exit(enum v6d_gw_end end);

#endif
