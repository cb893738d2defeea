/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * packetsock.h - a packet socket that sees what passes between this host and
 * a PPTP server (packet(7)), in front of the host's own firewall.
 */
#ifndef V6D_IO_PACKETSOCK_H
#define V6D_IO_PACKETSOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"

struct v6d_packetsock {
	const struct v6d_addr *server; /* IPv4 */
	bool all; /* its TCP and ICMP from anywhere, too, not its GRE alone */
	uint32_t snap; /* bytes kept of a packet */
	unsigned ifindex; /* 0: every interface */
	int buffer; /* bytes; 0: the system's default */
};

/*
 * A bound socket of the namespace ns_fd; packets begin with the IPv4 header.
 * Returns 0 or -errno. -EPERM: no CAP_NET_RAW. The caller closes it.
 */
int
v6d_packetsock_open(int ns_fd, const struct v6d_packetsock *what, int *ret_fd);

#endif
