/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mirror_main.c - makes the model of the namespace it runs in, says what it
 * took and what was left out, and runs a command in the model.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/clock.h"
#include "io/mirror.h"
#include "io/netns.h"
#include "io/sysctl.h"

/* The command's exit status. */
static int
run_there(int there, char **argv)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		if (setns(there, CLONE_NEWNET) == 0)
			execvp(argv[0], argv);
		fprintf(stderr, "mirror: %s\n", strerror(errno));
		_exit(4);
	}
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status)
		   ? WEXITSTATUS(status)
		   : 4;
}

int
main(int argc, char **argv)
{
	struct v6d_mirror m;
	v6d_ns began = v6d_clock_now(), made;
	int here, there, err;

	if (argc < 2) {
		fprintf(stderr, "usage: mirror COMMAND...\n");
		return 3;
	}
	err = v6d_netns_here(&here);
	if (err == 0)
		err = v6d_netns_private(&there);
	if (err == 0)
		err = v6d_sysctl_mirror_ipv6(here, there, NULL, NULL);
	if (err < 0) {
		fprintf(stderr, "mirror: %s\n", strerror(-err));
		return 4;
	}
	made = v6d_clock_now();
	v6d_mirror_make(here, there, "v6tun0", &m);
	fprintf(stderr,
	    "links %u addresses %u routes %u rules %u labels %u filter %u "
	    "us %u+%u\n",
	    m.n_links, m.n_addrs, m.n_routes, m.n_rules, m.n_labels, m.n_filter,
	    (unsigned)((made - began) / 1000),
	    (unsigned)((v6d_clock_now() - made) / 1000));
	for (unsigned i = 0; i < m.n_gaps; i++)
		fprintf(stderr, "without %s\n", m.gaps[i].text);
	return run_there(there, argv + 1);
}
