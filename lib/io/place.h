/* SPDX-License-Identifier: GPL-2.0-or-later */
/* place.h - what is up on this host already: a session, a tunnel interface. */
#ifndef V6D_IO_PLACE_H
#define V6D_IO_PLACE_H

#include <stdbool.h>

#include "base/addr.h"
#include "probe/ask.h"

/* Established TCP connections to a port, whoever owns them. */
struct v6d_place_calls {
	unsigned n;
	struct v6d_addr client, server; /* of one of them */
	uint16_t client_port;
};

/*
 * Those from this namespace (-1: our own) to server:port, IPv4; NULL: to that
 * port anywhere. Returns 0 or -errno.
 */
int v6d_place_calls(int ns_fd, const struct v6d_addr *server, uint16_t port,
    struct v6d_place_calls *ret);

struct v6d_place_tunnel {
	char ifname[V6D_ASK_IFNAME]; /* "": none */
	unsigned mtu;
	bool up, has_ipv6;
};

/*
 * The tunnel's interface: `name` where given, else the point-to-point
 * interface that is up, one with an IPv6 address before others. -ENODEV: no
 * interface of that name. Without a name finding none is no error.
 */
int v6d_place_tunnel(int ns_fd, const char *name, struct v6d_place_tunnel *ret);

#endif
