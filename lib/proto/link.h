/* SPDX-License-Identifier: GPL-2.0-or-later */
/* link.h - link layers of captures: what stands before the IP header. */
#ifndef V6D_PROTO_LINK_H
#define V6D_PROTO_LINK_H

#include "base/wire.h"

/* Values of the LINKTYPE_ registry (tcpdump.org/linktypes.html). */
enum v6d_linktype {
	V6D_LINK_NULL = 0,
	V6D_LINK_ETHERNET = 1,
	V6D_LINK_PPP = 9,
	V6D_LINK_RAW_OLD = 12,
	V6D_LINK_RAW_OPENBSD = 14,
	V6D_LINK_PPP_HDLC = 50,
	V6D_LINK_PPP_ETHER = 51, /* a PPPoE session */
	V6D_LINK_RAW = 101,
	V6D_LINK_LOOP = 108,
	V6D_LINK_LINUX_SLL = 113,
	V6D_LINK_LINUX_SLL2 = 276,
	V6D_LINK_IPV4 = 228,
	V6D_LINK_IPV6 = 229,
};

struct v6d_link {
	/* 0x0800 IPv4, 0x86dd IPv6; others, and PPP protocols, as seen. */
	uint16_t ethertype;
	uint8_t src[6], dst[6]; /* Ethernet only, else zero */
	bool outgoing; /* SLL: sent by the capturing host */
	bool has_outgoing; /* SLL: `outgoing` is known */
};

/* True for a link type that v6d_link_decode understands. */
bool v6d_link_known(uint32_t linktype);

/*
 * Reads the link header, up to four VLAN tags and PPPoE included; w is left
 * at the network header. An unknown link type is MALFORMED.
 */
enum v6d_wire_err
v6d_link_decode(struct v6d_wire *w, uint32_t linktype, struct v6d_link *l);

/* Writes an Ethernet header. */
void v6d_ether_encode(struct v6d_out *o, const struct v6d_link *l);

#endif
