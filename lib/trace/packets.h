/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * packets.h - the packets of a session as a report keeps them: IPv4 with the
 * control connection, GRE and ICMP errors. What is secret is never kept, what
 * is payload is cut away; the lengths of the headers still tell its size.
 */
#ifndef V6D_TRACE_PACKETS_H
#define V6D_TRACE_PACKETS_H

#include "flow/flow.h"

#define V6D_PACKETS_MAX 1024
#define V6D_PACKET_BYTES 320 /* kept of one: a control message is whole */

struct v6d_packet {
	v6d_ns at; /* as the caller counts */
	uint32_t wire_len; /* of the IPv4 packet */
	uint16_t len; /* of it kept */
	uint8_t bytes[V6D_PACKET_BYTES];
};

struct v6d_packets {
	struct v6d_addr client, server; /* IPv4 */
	uint32_t seq[V6D_N_DIRS]; /* of TCP, next */
	unsigned connections; /* begun so far */
	uint64_t left_out; /* beyond V6D_PACKETS_MAX, or without memory */
	size_t n, cap;
	struct v6d_packet *packet;
};

/* NULL: no memory. */
struct v6d_packets *v6d_packets_new(void);
void v6d_packets_free(struct v6d_packets *p); /* NULL is fine */

/*
 * Room for one more, at its place in time (what a batch brought may be older
 * than a reply), to be filled at once. NULL: it is left out, and counted.
 */
struct v6d_packet *v6d_packets_add(struct v6d_packets *p, v6d_ns at);

/* The same calls as a live session makes to flow.h; p NULL: nothing is done. */
void v6d_packets_ends(struct v6d_packets *p, const struct v6d_addr *client,
    const struct v6d_addr *server);
void v6d_packets_event(struct v6d_packets *p, enum v6d_flow_ev ev, v6d_ns at);
void v6d_packets_control(struct v6d_packets *p, enum v6d_dir dir,
    const uint8_t *bytes, size_t n, v6d_ns at);
void v6d_packets_gre(struct v6d_packets *p, enum v6d_dir dir,
    const uint8_t *gre, size_t n, size_t outer_len, v6d_ns at);
void v6d_packets_icmp(struct v6d_packets *p, bool gre, uint8_t type,
    uint8_t code, uint32_t mtu, const struct v6d_addr *from, v6d_ns at);

#endif
