/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * outbox.h - GRE packets that leave together, many with one system call. What
 * the kernel cannot take at the moment waits here and is tried again; the
 * owner stops making packets until then.
 */
#ifndef V6D_IO_OUTBOX_H
#define V6D_IO_OUTBOX_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <uv.h>

#include "base/addr.h"
#include "tunnel/session.h"

#define V6D_OUTBOX_BATCH 64 /* packets that leave together */
#define V6D_OUTBOX_SPARE 16 /* room beside for the session's own packets */
#define V6D_OUTBOX_MAX (V6D_OUTBOX_BATCH + V6D_OUTBOX_SPARE)

struct v6d_outbox_slot {
	struct sockaddr_in to;
	struct iovec iov;
	void *arg;
	uint8_t buf[V6D_SESSION_FRAME];
};

struct v6d_outbox {
	uv_timer_t retry;
	int fd; /* raw socket; -1: none, packets are dropped */
	unsigned limit; /* packets of a call */
	unsigned first, n; /* those that wait */
	bool blocked; /* the kernel did not take them all */
	bool full; /* and somebody was refused room since */
	/* Each packet, when it left (0) or failed (-errno); or NULL. */
	void (*done)(void *arg, const uint8_t *gre, size_t n, int err);
	void (*ready)(void *arg); /* there is room again */
	void (*closed)(void *arg);
	void *arg; /* of ready and closed */
	struct mmsghdr msg[V6D_OUTBOX_MAX];
	struct v6d_outbox_slot slot[V6D_OUTBOX_MAX];
};

/* limit: 1 (each leaves at once) to V6D_OUTBOX_BATCH. */
void
v6d_outbox_init(struct v6d_outbox *o, uv_loop_t *loop, int fd, unsigned limit);

/*
 * Room for an IPv6 packet of V6D_SESSION_FRAME - V6D_SESSION_HEADROOM bytes
 * with that headroom before it. NULL: so much waits that no more is to be
 * made; ready is called when that is over.
 */
uint8_t *v6d_outbox_room(struct v6d_outbox *o);

/* Adds a copy of a GRE packet of the session's own, at most
 * V6D_SESSION_FRAME bytes. False: not even the spare room is enough. */
bool v6d_outbox_copy(struct v6d_outbox *o, const struct sockaddr_in *to,
    const uint8_t *gre, size_t n, void *arg);

/* Adds the GRE packet that was made there, beginning at gre. */
void v6d_outbox_add(struct v6d_outbox *o, const struct sockaddr_in *to,
    uint8_t *gre, size_t n, void *arg);

/* Sends what waits. False: the kernel's queues are full, some still waits. */
bool v6d_outbox_flush(struct v6d_outbox *o);

/* Drops what waits; closed(o->arg) (or NULL) is called when the loop turns. */
void v6d_outbox_close(struct v6d_outbox *o, void (*closed)(void *arg));

#endif
