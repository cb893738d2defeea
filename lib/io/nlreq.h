/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nlreq.h - one rtnetlink request and all its answers; for netlink*.c. */
#ifndef V6D_IO_NLREQ_H
#define V6D_IO_NLREQ_H

#include <netlink/msg.h>

struct v6d_nlreq {
	int type; /* RTM_... */
	int flags; /* NLM_F_... beside REQUEST and ACK */
	/* Appends header and attributes; runs in the namespace. */
	int (*fill)(struct nl_msg *m, void *arg);
	/* Gets every answer, in the namespace; NULL: none is expected. */
	void (*answer)(const struct nlmsghdr *h, void *arg);
	void *arg;
};

/* Returns 0, what fill returned, or the kernel's own -errno. */
int v6d_nlreq_run(int ns_fd, const struct v6d_nlreq *q);

/* Index of an interface of the thread's namespace, or -ENODEV. */
int v6d_nlreq_ifindex(const char *ifname);

#endif
