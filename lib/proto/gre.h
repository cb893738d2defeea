/* SPDX-License-Identifier: GPL-2.0-or-later */
/* gre.h - enhanced GRE, version 1 (RFC 2637 section 4). */
#ifndef V6D_PROTO_GRE_H
#define V6D_PROTO_GRE_H

#include "base/wire.h"

#define V6D_GRE_PROTO_PPP 0x880b
#define V6D_GRE_HEADER_MAX 16

struct v6d_gre {
	uint8_t version;
	uint16_t proto;
	uint16_t call_id; /* assigned by the receiver; 0 is legal */
	uint16_t payload_len;
	bool has_seq, has_ack;
	uint32_t seq, ack;
	bool odd_flags; /* bits set that RFC 2637 4.1 wants clear */
};

/*
 * Reads a GRE header (w: the IP payload) and leaves in *ret_payload the
 * payload_len bytes that it announces (trailing padding is cut off). GRE of
 * another version or protocol is OK with only version and proto filled:
 * look at them first. An announced length beyond the packet is MALFORMED.
 */
enum v6d_wire_err v6d_gre_decode(
    struct v6d_wire *w, struct v6d_gre *g, struct v6d_wire *ret_payload);

/* True for what a PPTP peer may send: version 1, 0x880B. */
bool v6d_gre_is_pptp(const struct v6d_gre *g);

/* Writes the header for g->payload_len bytes to follow. */
void v6d_gre_encode(struct v6d_out *o, const struct v6d_gre *g);

#endif
