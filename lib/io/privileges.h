/* SPDX-License-Identifier: GPL-2.0-or-later */
/* privileges.h - what this process may do, and giving up the rest. */
#ifndef V6D_IO_PRIVILEGES_H
#define V6D_IO_PRIVILEGES_H

#include <stdbool.h>
#include <stddef.h>

/* Each tried, not guessed: 0, or the -errno of the attempt. */
struct v6d_rights {
	int raw; /* raw GRE socket in the host's namespace */
	int netns; /* a namespace of our own */
	int tun; /* /dev/net/tun in it; -ENODEV: it is missing */
	/* netns < 0: the sysctl that forbids it to users ("NAME=VALUE": what
	 * would allow it), or NULL: it is none that is known. */
	const char *sysctl;
};

void v6d_rights_look(int host_fd, struct v6d_rights *ret);

/*
 * What is missing and how to get it, one sentence a line; "" when nothing is.
 * Returns buf.
 */
const char *v6d_rights_text(const struct v6d_rights *r, char *buf, size_t n);

/*
 * Nothing that this process or a child of it executes can gain rights, and
 * all capabilities but those a run needs until its end (net admin, net raw,
 * and entering namespaces) are gone. Files of other users (a password, a
 * report to be written) must be open before. Harmless without any.
 */
int v6d_rights_drop(void);

#endif
