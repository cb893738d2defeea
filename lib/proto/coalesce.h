/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * coalesce.h - the reverse of segment.h: TCP segments over IPv6 that follow
 * one another become one large packet, so that a kernel handles them once.
 * The kernel can cut it again into the very same segments.
 */
#ifndef V6D_PROTO_COALESCE_H
#define V6D_PROTO_COALESCE_H

#include "proto/vnet.h"

#define V6D_COALESCE_MAX 128 /* packets of one batch */
#define V6D_COALESCE_PIECES 64 /* packets that become one */

/* One packet of the batch, and what it is a part of. */
struct v6d_coalesce_packet {
	uint8_t *p; /* the caller's */
	size_t len;
	size_t header; /* bytes before TCP's data; 0: not to be joined */
	unsigned next; /* the packet behind it in its group; 0: none */
};

/* Packets in a row that become one, or a single one. */
struct v6d_coalesce_group {
	unsigned first, last; /* packets */
	unsigned n;
	size_t data; /* bytes of TCP's data in all */
	uint32_t next_seq;
	bool open; /* another may follow */
};

struct v6d_coalesce {
	unsigned n_packets, n_groups;
	struct v6d_coalesce_packet packet[V6D_COALESCE_MAX];
	struct v6d_coalesce_group group[V6D_COALESCE_MAX];
};

/* One packet to hand over, in pieces; all borrowed. */
struct v6d_joined {
	struct v6d_vnet how;
	unsigned n; /* packets that it was; 1: it is as it came */
	unsigned n_pieces;
	struct v6d_joined_piece {
		const uint8_t *p;
		size_t len;
	} piece[V6D_COALESCE_PIECES + 1];
};

/* Starts an empty batch. */
void v6d_coalesce_init(struct v6d_coalesce *c);

/*
 * Adds an IPv6 packet behind the others. Its bytes stay the caller's, are
 * changed, and must be left alone until the batch is over. False: the batch
 * is full. Packets of one connection keep their order.
 */
bool v6d_coalesce_add(struct v6d_coalesce *c, uint8_t *packet, size_t n);

/* The batch's packets, joined: the i-th of c->n_groups, each to be asked
 * for once. */
void
v6d_coalesce_get(struct v6d_coalesce *c, unsigned i, struct v6d_joined *ret);

#endif
