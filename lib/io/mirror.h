/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mirror.h - a private namespace made a model of the host: a stand-in for
 * each interface, IPv6 addresses, routes, rules, address labels, the packet
 * filter. The host is only read. Packets into a stand-in go nowhere.
 */
#ifndef V6D_IO_MIRROR_H
#define V6D_IO_MIRROR_H

#include <stdbool.h>

#define V6D_MIRROR_LINKS 64
#define V6D_MIRROR_GAPS 12
#define V6D_MIRROR_TEXT 96

enum v6d_mirror_part {
	V6D_MIRROR_PATH, /* interfaces, addresses, routes, rules, labels */
	V6D_MIRROR_FILTER, /* the packet filter, alone or with the others */
};

/* What could not be mirrored and why, and how many there are of it. */
struct v6d_mirror_gap {
	enum v6d_mirror_part part;
	char text[V6D_MIRROR_TEXT];
	unsigned n;
};

struct v6d_mirror {
	int fd[V6D_MIRROR_LINKS]; /* the stand-ins live as long as these */
	unsigned n_links, n_addrs, n_routes, n_rules, n_labels, n_filter;
	unsigned n_gaps;
	struct v6d_mirror_gap gaps[V6D_MIRROR_GAPS];
};

/*
 * Fills the namespace private_fd, whose net/ipv6/conf/{all,default} are set
 * already, from host_fd (-1: our own). `tunnel` (NULL: none) is the name that
 * the tunnel will have: nothing else gets it. Needs the right to make TUN
 * devices there. What cannot be mirrored is left out and told in ret->gaps.
 * Whatever is in *ret is released by v6d_mirror_close.
 */
void v6d_mirror_make(
    int host_fd, int private_fd, const char *tunnel, struct v6d_mirror *ret);
/* The packet filter alone. */
void
v6d_mirror_only_filter(int host_fd, int private_fd, struct v6d_mirror *ret);
void v6d_mirror_close(struct v6d_mirror *m);

#endif
