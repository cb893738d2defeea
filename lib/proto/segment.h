/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * segment.h - packets made out of what a kernel left unfinished: TCP and UDP
 * data of many packets under one IPv6 header are cut into packets, checksums
 * are completed. What a network card does with segmentation offload.
 */
#ifndef V6D_PROTO_SEGMENT_H
#define V6D_PROTO_SEGMENT_H

#include "proto/vnet.h"

struct v6d_segment {
	const uint8_t *packet; /* borrowed until the last one is out */
	size_t len;
	struct v6d_vnet how;
	size_t header; /* bytes before the data, of every segment */
	size_t at; /* of the data that comes next, in the packet */
	bool over;
};

/*
 * Begins with an IPv6 packet of n bytes and the header that came with it.
 * False: the two do not fit together (no IPv6, a header beyond the packet,
 * segments of no size, a kind that is not known): nothing is to be had of it.
 */
bool v6d_segment_start(struct v6d_segment *s, const struct v6d_vnet *how,
    const uint8_t *packet, size_t n);

/*
 * Writes the next packet and returns its length; 0: there is none any more,
 * or (over is false) cap bytes are too few for it.
 */
size_t v6d_segment_next(struct v6d_segment *s, uint8_t *ret, size_t cap);

#endif
