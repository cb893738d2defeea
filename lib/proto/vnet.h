/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vnet.h - the header in front of packets that a kernel hands over with work
 * left to do: checksums and segmentation (VIRTIO 1.2, 5.1.6; little-endian).
 */
#ifndef V6D_PROTO_VNET_H
#define V6D_PROTO_VNET_H

#include "base/wire.h"

#define V6D_VNET_HEADER 10 /* bytes */

enum v6d_vnet_gso {
	V6D_VNET_WHOLE = 0, /* one packet, as it goes */
	V6D_VNET_TCP4 = 1,
	V6D_VNET_TCP6 = 4,
	V6D_VNET_UDP = 5, /* datagrams of one size, IPv4 or IPv6 */
};

struct v6d_vnet {
	/* The field at csum_start + csum_offset holds the sum of the
	 * pseudo-header only; what follows csum_start is to be added. */
	bool needs_csum;
	bool ecn; /* TCP with CWR: for the first segment only */
	uint8_t gso; /* enum v6d_vnet_gso, or another */
	uint16_t header_len; /* up to the data; a hint, may be 0 */
	uint16_t gso_size; /* data bytes of a segment */
	uint16_t csum_start, csum_offset;
};

enum v6d_wire_err v6d_vnet_decode(struct v6d_wire *w, struct v6d_vnet *h);
void v6d_vnet_encode(struct v6d_out *o, const struct v6d_vnet *h);

#endif
