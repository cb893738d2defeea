/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tcp.h - TCP header (RFC 9293 3.1). */
#ifndef V6D_PROTO_TCP_H
#define V6D_PROTO_TCP_H

#include "proto/ip.h"

enum v6d_tcp_flag {
	V6D_TCP_FIN = 0x01,
	V6D_TCP_SYN = 0x02,
	V6D_TCP_RST = 0x04,
	V6D_TCP_PSH = 0x08,
	V6D_TCP_ACK = 0x10,
};

#define V6D_TCP_SACKS 4 /* as many as fit (RFC 2018 3) */

struct v6d_tcp {
	uint16_t sport, dport;
	uint32_t seq, ack;
	uint8_t flags; /* enum v6d_tcp_flag */
	uint16_t window;
	uint16_t mss; /* MSS option, bytes; 0: absent */
	bool sack_ok;
	bool has_wscale;
	uint8_t wscale; /* window scale, at most 14 (RFC 7323 2.3) */
	bool has_ts;
	uint32_t tsval, tsecr; /* timestamps (RFC 7323 3) */
	uint8_t n_sack; /* blocks that say what arrived out of order */
	struct v6d_tcp_sack {
		uint32_t from, to; /* to: one past the last byte */
	} sack[V6D_TCP_SACKS];
	uint8_t header_len; /* bytes */
	bool bad_option; /* an option that contradicts itself */
};

/* Reads the header; w is left at the segment's data. */
enum v6d_wire_err v6d_tcp_decode(struct v6d_wire *w, struct v6d_tcp *t);

/*
 * Writes header and data with the checksum over the pseudo-header of ip.
 * Options are written where t has them: MSS when it is not 0, SACK permitted,
 * window scale, timestamps; blocks of SACK are not.
 */
void v6d_tcp_encode(struct v6d_out *o, const struct v6d_tcp *t,
    const struct v6d_ip *ip, const uint8_t *data, size_t n);

#endif
