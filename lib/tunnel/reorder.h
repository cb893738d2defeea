/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reorder.h - frames that overtook others wait until it is their turn
 * (RFC 2637 4.3): at most so many of them, and for so long.
 */
#ifndef V6D_TUNNEL_REORDER_H
#define V6D_TUNNEL_REORDER_H

#include "base/time.h"
#include "tunnel/session.h"

#define V6D_REORDER_MAX 64 /* numbers ahead of the one that is missing */

/* Where a received number stands. */
enum v6d_reorder_place {
	V6D_REORDER_NEXT, /* its turn */
	V6D_REORDER_AHEAD, /* others before it are missing */
	V6D_REORDER_FAR, /* too far ahead to wait for what is missing */
	V6D_REORDER_LATE, /* its turn is over, or it is here already */
};

struct v6d_reorder_slot {
	bool taken; /* came already: held, or (len 0) passed on */
	size_t len;
	v6d_ns at; /* when it came */
	uint8_t bytes[V6D_SESSION_FRAME];
};

struct v6d_reorder {
	bool started;
	uint32_t next; /* number whose turn it is */
	unsigned n; /* slots taken */
	v6d_ns since; /* when the first number was found missing */
	struct v6d_reorder_slot slot[V6D_REORDER_MAX];
};

void v6d_reorder_init(struct v6d_reorder *r);

/* The first number asked about begins the sequence. */
enum v6d_reorder_place v6d_reorder_place(struct v6d_reorder *r, uint32_t seq);

/* A frame that is NEXT or AHEAD has gone on already. */
void v6d_reorder_pass(struct v6d_reorder *r, uint32_t seq, v6d_ns now);

/* Keeps a copy of a frame that is AHEAD; n: 1 to V6D_SESSION_FRAME. */
void v6d_reorder_hold(struct v6d_reorder *r, uint32_t seq, const uint8_t *p,
    size_t n, v6d_ns now);

/*
 * The held frame whose turn it is, or NULL. What was missing for `wait` (0:
 * at all) is given up. The bytes are the caller's until the next hold.
 */
uint8_t *
v6d_reorder_take(struct v6d_reorder *r, v6d_ns wait, v6d_ns now, size_t *ret_n);

/* Begins anew with this number; nothing is held any more. */
void v6d_reorder_restart(struct v6d_reorder *r, uint32_t seq);

/* When take is next to be called; V6D_NEVER: nothing waits. */
v6d_ns v6d_reorder_deadline(const struct v6d_reorder *r, v6d_ns wait);

#endif
