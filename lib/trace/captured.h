/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * captured.h - the packets of one session out of a capture, as a report keeps
 * them: without link layer, payload and secrets. A report's own packets may
 * go through it once more.
 */
#ifndef V6D_TRACE_CAPTURED_H
#define V6D_TRACE_CAPTURED_H

#include "trace/packets.h"

/* Whose packets are wanted. */
struct v6d_captured_of {
	struct v6d_addr client, server; /* IPv4 */
	uint16_t client_port; /* 0: of any connection */
	v6d_ns first, last; /* and of this time, both included */
};

/*
 * Adds the packet to p, timed from `epoch` on, when it is one of these: the
 * control connection, GRE, ICMP about either, echoes between both ends. Of
 * fragments behind the first only the header is kept.
 */
void v6d_captured_packet(struct v6d_packets *p,
    const struct v6d_captured_of *of, v6d_ns epoch, uint32_t linktype,
    const uint8_t *bytes, size_t caplen, size_t wirelen, v6d_ns at);

/*
 * The name with which the client logs in, as the packets that were kept have
 * it, into ret of n bytes; "" where none has.
 */
void v6d_captured_user(const struct v6d_packets *p,
    const struct v6d_captured_of *of, char *ret, size_t n);

#endif
