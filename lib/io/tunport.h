/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tunport.h - IPv6 packets out of and into a TUN device: one by one, or where
 * it was opened with offload, many with one system call.
 */
#ifndef V6D_IO_TUNPORT_H
#define V6D_IO_TUNPORT_H

#include "proto/coalesce.h"
#include "proto/segment.h"

#define V6D_TUNPORT_READ (V6D_VNET_HEADER + 65535) /* bytes of one read */

struct v6d_tunport {
	int fd; /* -1: closed */
	bool offload; /* a v6d_vnet header stands before each packet */
	uint64_t written_n, dropped; /* packets of the tunnel */
	/* A packet that was written, alone; or NULL. */
	void (*written)(void *arg, const uint8_t *p, size_t n);
	void *arg;
	bool flushing;
	struct v6d_coalesce batch; /* those that are to be written */
};

/* fd (non-blocking) is given over. */
void v6d_tunport_open(struct v6d_tunport *t, int fd, bool offload);
void v6d_tunport_close(struct v6d_tunport *t);

/*
 * Reads what waits next into buf (V6D_TUNPORT_READ bytes), to be taken out of
 * *ret packet by packet. 1: *ret has some; 0: nothing waits; what the kernel
 * gives that makes no sense is counted as dropped and skipped.
 */
int
v6d_tunport_read(struct v6d_tunport *t, uint8_t *buf, struct v6d_segment *ret);

/*
 * Writes a packet, now or at the next flush; until then its bytes must stay,
 * and are changed.
 */
void v6d_tunport_add(struct v6d_tunport *t, uint8_t *p, size_t n);
void v6d_tunport_flush(struct v6d_tunport *t);

/* Writes a packet now, behind those that wait. */
void v6d_tunport_write(struct v6d_tunport *t, const uint8_t *p, size_t n);

#endif
