/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tcpinfo.h - what the kernel knows of one of our TCP connections. */
#ifndef V6D_IO_TCPINFO_H
#define V6D_IO_TCPINFO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/time.h"

struct v6d_tcpinfo {
	v6d_ns rtt, rtt_min; /* smoothed; the least; 0: not known */
	uint32_t segments, again; /* with data, sent; of those sent again */
	uint32_t unacked; /* segments with data, sent and not acknowledged */
	uint16_t packet; /* bytes of a full packet that is sent, IPv6 */
	uint16_t segment; /* bytes of data in it */
};

/* What this end has sent, headers, handshake and repetitions included. */
struct v6d_tcp_sent {
	uint64_t packets, bytes; /* IP packets */
	unsigned headers; /* bytes of one without data */
};

/* family: 4 or 6, of the addresses. False: it is no TCP connection,
 * and *ret is untouched. */
bool v6d_tcpinfo_sent(int fd, unsigned family, struct v6d_tcp_sent *ret);

/* False: it is no TCP connection. */
bool v6d_tcpinfo_read(int fd, struct v6d_tcpinfo *ret);

#endif
