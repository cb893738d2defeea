/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pump.h - turns one session machine's actions into reads and writes on a uv
 * loop, and carries packets between its TUN device and GRE; what client
 * (dial.c) and server (serve.c) have in common.
 */
#ifndef V6D_IO_PUMP_H
#define V6D_IO_PUMP_H

#include <uv.h>

#include "io/outbox.h"
#include "io/tunport.h"
#include "tunnel/session.h"

/*
 * What the owner does; what it does not care about is NULL. All is borrowed
 * for the call.
 */
struct v6d_pump_ops {
	/* Start connecting, and give the socket to v6d_pump_tcp. */
	void (*connect)(void *arg);
	/* TCP came up, failed (err), was closed or reset: told before the
	 * machine hears of it. */
	void (*tcp)(void *arg, enum v6d_session_ev ev, int err);
	/* Control bytes that were sent (out) or came. */
	void (*control)(void *arg, bool out, const uint8_t *p, size_t n);
	/* Send a GRE packet of the session's own: into the outbox, so that
	 * it stays behind what is there, or where that is empty, otherwise. */
	void (*gre)(void *arg, const uint8_t *p, size_t n);
	/* IPV6CP is open: make the TUN device, and give it to v6d_pump_tun. */
	void (*up)(void *arg);
	/* One IPv6 packet went to the TUN device, not joined with others. */
	void (*written)(void *arg, const uint8_t *p, size_t n);
	/* V6D_ACT_LCP_ECHO_REPLY, _ACKED and _CONTROL_ECHO_REPLY. */
	void (*event)(void *arg, const struct v6d_session_act *a);
	/* The machine's state is not what it was. */
	void (*state)(void *arg, enum v6d_session_state st);
};

struct v6d_pump {
	uv_loop_t *loop;
	const struct v6d_pump_ops *ops;
	void *arg;
	struct v6d_session *s; /* ours, from the heap */
	enum v6d_session_state told;
	int tcp_fd; /* -1: none */
	bool connecting;
	uv_poll_t tcp, tun_poll;
	uv_poll_cb on_tcp;
	uv_timer_t timer;
	unsigned n_handles; /* not closed yet */
	bool closing;
	void (*closed)(void *arg);
	uint8_t out[4096]; /* control bytes the kernel did not take yet */
	size_t out_len;
	/* The data path: many calls may share an outbox. */
	struct v6d_outbox *box;
	struct sockaddr_in peer;
	struct v6d_tunport tun;
	bool unsettled; /* packets came since */
	struct v6d_segment unsent; /* out of tun_buf, not yet in the box */
	uint64_t tun_in, tun_dropped; /* packets; dropped before the tunnel */
	uint8_t tun_buf[V6D_TUNPORT_READ];
};

/*
 * Makes the machine. Packets go to peer, an IPv4 address, by the outbox, which
 * is the owner's. The memory of p must not move. 0 or -errno.
 */
int v6d_pump_init(struct v6d_pump *p, uv_loop_t *loop,
    const struct v6d_session_conf *conf, const struct v6d_pump_ops *ops,
    void *arg, struct v6d_outbox *box, const struct v6d_addr *peer);

/* Feeds V6D_EV_START when the loop turns. */
void v6d_pump_start(struct v6d_pump *p);

/* Feeds an event and carries out what follows from it. */
void v6d_pump_feed(struct v6d_pump *p, enum v6d_session_ev ev,
    const uint8_t *bytes, size_t n, int code);

/* Carries out all actions that wait; may be called from within an op. */
void v6d_pump_drain(struct v6d_pump *p);

/*
 * Takes a GRE packet that came at that time and carries out what follows. Its
 * bytes are changed, and must stay until v6d_pump_settle, which is to be
 * called when all packets that came together are in.
 */
void v6d_pump_receive(struct v6d_pump *p, uint8_t *gre, size_t n, v6d_ns at);
void v6d_pump_settle(struct v6d_pump *p);

/* The outbox has room again. */
void v6d_pump_ready(struct v6d_pump *p);

/* Writes an IPv6 packet to the TUN device; counted as dropped without one. */
void v6d_pump_deliver(struct v6d_pump *p, const uint8_t *bytes, size_t n);

/* Takes over a TCP socket, connected or on its way. */
int v6d_pump_tcp(struct v6d_pump *p, int fd, bool connecting);

/* Takes over a TUN device. -EBUSY: there is one already. */
int v6d_pump_tun(struct v6d_pump *p, int fd, bool offload);
bool v6d_pump_has_tun(const struct v6d_pump *p);

/*
 * Closes sockets and the TUN device at once and the handles when the loop
 * turns; then the machine is freed and closed(arg) is called.
 */
void v6d_pump_close(struct v6d_pump *p, void (*closed)(void *arg));

#endif
