/* SPDX-License-Identifier: GPL-2.0-or-later */
/* udp.h - UDP header (RFC 768). */
#ifndef V6D_PROTO_UDP_H
#define V6D_PROTO_UDP_H

#include "proto/ip.h"

struct v6d_udp {
	uint16_t sport, dport;
	uint16_t length; /* header included; 0 in a jumbogram */
};

/* Reads the header and leaves the datagram's data in *ret_data. */
enum v6d_wire_err v6d_udp_decode(
    struct v6d_wire *w, struct v6d_udp *u, struct v6d_wire *ret_data);

/* Writes header and data with the checksum over the pseudo-header of ip. */
void v6d_udp_encode(struct v6d_out *o, const struct v6d_udp *u,
    const struct v6d_ip *ip, const uint8_t *data, size_t n);

#endif
