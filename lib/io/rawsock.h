/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rawsock.h - raw IPv4 sockets for GRE (protocol 47): what was sent and what
 * came, and ICMP errors about it with router and quoted packet.
 */
#ifndef V6D_IO_RAWSOCK_H
#define V6D_IO_RAWSOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "base/addr.h"
#include "base/time.h"

#define V6D_RAW_MAX 65535 /* bytes of the longest IPv4 packet */
#define V6D_RAW_QUOTE 128
#define V6D_RAW_BATCH 64 /* packets that are received together */
#define V6D_RAW_FRAME 2048 /* bytes; what a PPTP tunnel can carry is below */

/* The don't-fragment bit of what is sent. */
enum v6d_raw_df {
	V6D_RAW_DF_PATH, /* as the kernel's path MTU says; else in fragments */
	V6D_RAW_DF_ON, /* always, whatever the path MTU is believed to be */
	V6D_RAW_DF_OFF, /* never: routers may fragment */
};

/* One ICMP error about something we sent, or a refusal by this host. */
struct v6d_raw_icmp {
	bool local; /* this host refused; type and code are 0 */
	int err; /* errno that the kernel made of it */
	uint8_t type, code;
	uint32_t mtu; /* frag-needed: the next hop's; else 0 */
	struct v6d_addr from; /* who says so; family 0: unknown */
	struct v6d_addr dst; /* where our packet was going */
	size_t len; /* quoted bytes from our IP payload on */
	uint8_t quote[V6D_RAW_QUOTE];
	uint16_t outer_len; /* the quoted packet's total length, or 0 */
};

/* What the sockets are for. */
enum v6d_raw_use {
	V6D_RAW_PROBES, /* the don't-fragment bit is chosen for each packet */
	/*
	 * V6D_RAW_DF_PATH only. One socket is all: each raw socket of a host
	 * costs a copy of every packet that comes.
	 */
	V6D_RAW_TRAFFIC, /* until v6d_raw_examine */
};

struct v6d_raw {
	int fd; /* receives */
	int whole_fd; /* sends with DF; for probes it is fd; -1: traffic */
	int plain_fd; /* sends without DF; receives nothing; -1: traffic */
	int path_fd; /* sends as the path MTU says; for traffic it is fd */
};

/*
 * Opens the sockets in a namespace. peer (or NULL): receive from this
 * address only. -EPERM: no CAP_NET_RAW.
 */
int v6d_raw_open(int ns_fd, const struct v6d_addr *peer, enum v6d_raw_use use,
    struct v6d_raw *ret);
void v6d_raw_close(struct v6d_raw *r);

/*
 * Sockets that were opened for traffic can send with and without DF as well,
 * until `on` is false again. Receiving stays as it is. 0 or -errno.
 */
int v6d_raw_examine(int ns_fd, struct v6d_raw *r, bool on);

/*
 * Sends one GRE packet (IP payload) to dst. A pending ICMP error never stops
 * it. -EMSGSIZE: too long for the outgoing device with DF on; -EPERM: the
 * host's own firewall; -EAGAIN: the queue is full.
 */
int v6d_raw_send(struct v6d_raw *r, const struct v6d_addr *dst,
    const uint8_t *gre, size_t len, enum v6d_raw_df df);

/* Where received packets are; zeros to begin with. */
struct v6d_raw_inbox {
	bool laid_out;
	struct mmsghdr msg[V6D_RAW_BATCH];
	struct iovec iov[V6D_RAW_BATCH];
	uint8_t buf[V6D_RAW_BATCH][V6D_RAW_FRAME];
};

/* One received packet: the caller's until the next receive. */
struct v6d_raw_packet {
	const uint8_t *ip; /* the whole IPv4 packet */
	size_t len;
	uint8_t *gre; /* its payload */
	size_t gre_len;
	struct v6d_addr src;
	v6d_ns at;
};

/*
 * Calls fn for every packet that waits, at most `max` of them and
 * V6D_RAW_BATCH. Returns how many there were or -errno; ICMP errors are left
 * in their queue.
 */
int v6d_raw_receive(struct v6d_raw *r, struct v6d_raw_inbox *in, unsigned max,
    void (*fn)(void *arg, const struct v6d_raw_packet *p), void *arg);

/*
 * The next ICMP error. 1: *ret holds it; 0: none waits. Works for any IPv4
 * socket with IP_RECVERR (TCP: quote and outer_len stay empty).
 */
int v6d_raw_icmp(int fd, struct v6d_raw_icmp *ret);

#endif
