/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wiretap.h - a second look at GRE, in front of the host's own firewall: a
 * packet socket sees what came by the wire and what really left. Compared
 * with the raw socket, which sees what the firewall lets through, it tells a
 * host that drops GRE from a line that does.
 */
#ifndef V6D_IO_WIRETAP_H
#define V6D_IO_WIRETAP_H

#include <stdint.h>

#include "base/addr.h"

struct v6d_wiretap {
	int fd; /* readable when something passed; -1: closed */
	struct v6d_addr server;
	uint32_t in; /* of our call, from the server */
	uint32_t out; /* of any call, to the server */
};

/* Starts looking. Returns 0 or -errno. -EPERM: no CAP_NET_RAW. */
int v6d_wiretap_open(
    int ns_fd, const struct v6d_addr *server, struct v6d_wiretap *ret);

/* Counts what waits; call_id: ours, which the server's packets carry. */
void v6d_wiretap_read(struct v6d_wiretap *t, uint16_t call_id);

void v6d_wiretap_close(struct v6d_wiretap *t);

#endif
