/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * flow.h - rebuilds PPTP tunnels from what passes: packets of a capture, or
 * what a live session sends and gets. Both ends in the same view, from which
 * diag/witness.h makes facts. Never judges.
 */
#ifndef V6D_FLOW_FLOW_H
#define V6D_FLOW_FLOW_H

#include "base/captured.h"
#include "base/time.h"
#include "flow/view.h"
#include "proto/link.h"

struct v6d_flow; /* opaque: all tunnels of one capture or run */

/* Bytes of memory for up to n_tunnels tunnels. */
size_t v6d_flow_size(size_t n_tunnels);

/*
 * mem: v6d_flow_size(n_tunnels) bytes, aligned as malloc aligns. What a tunnel
 * needs of it depends on what is seen.
 */
struct v6d_flow *v6d_flow_init(void *mem, size_t n_tunnels);

/*
 * Lets it grow up to `most` tunnels: where its memory is used up it asks
 * `more` for a block of at least n bytes, aligned as malloc aligns, and is
 * told the block's size; NULL: there is none. The blocks stay the caller's,
 * who frees them after the last use of a view.
 */
void v6d_flow_grows(struct v6d_flow *f, size_t most,
    void *(*more)(void *arg, size_t n, size_t *ret_n), void *arg);

/*
 * Tells of every packet of a tunnel that passes (flow/trail.h), until the
 * flow's end; the ways of GRE alone may turn out to be the other way round
 * (v6d_view.turned).
 */
struct v6d_pass;
void v6d_flow_watch(struct v6d_flow *f,
    void (*each)(void *arg, const struct v6d_pass *p), void *arg);

/* One captured packet. wirelen >= caplen; time since the epoch. */
void v6d_flow_packet(struct v6d_flow *f, uint32_t linktype, const uint8_t *p,
    size_t caplen, size_t wirelen, v6d_ns at);

/* The same of several in their order, which costs less. */
void
v6d_flow_packets(struct v6d_flow *f, const struct v6d_captured *p, size_t n);

/*
 * A tunnel whose call was up before the first packet that will be seen; port:
 * the client's TCP port. False: there is no room.
 */
bool v6d_flow_midway(struct v6d_flow *f, const struct v6d_addr *client,
    uint16_t port, const struct v6d_addr *server, v6d_ns at);

/* ---- live: the same, from a session's own sockets ---- */

enum v6d_flow_ev {
	V6D_FLOW_TCP_SYN, /* we call connect() */
	V6D_FLOW_TCP_UP,
	V6D_FLOW_TCP_REFUSED,
	V6D_FLOW_TCP_TIMEOUT,
	V6D_FLOW_TCP_UNREACHABLE,
	V6D_FLOW_TCP_CLOSED, /* the peer's FIN */
	V6D_FLOW_TCP_RESET,
	V6D_FLOW_GRE_DENIED, /* the host refuses to send */
};

/* The one tunnel of a live run, made on the first call. */
struct v6d_view *v6d_flow_live(struct v6d_flow *f,
    const struct v6d_addr *client, const struct v6d_addr *server, v6d_ns at);

void v6d_flow_live_event(
    struct v6d_flow *f, struct v6d_view *v, enum v6d_flow_ev ev, v6d_ns at);

/* Control bytes in either direction, any split. */
void v6d_flow_live_control(struct v6d_flow *f, struct v6d_view *v,
    enum v6d_dir dir, const uint8_t *p, size_t n, v6d_ns at);

/* One GRE packet (IP payload), and the length of its outer IPv4 packet. */
void v6d_flow_live_gre(struct v6d_flow *f, struct v6d_view *v, enum v6d_dir dir,
    const uint8_t *p, size_t n, size_t outer_len, v6d_ns at);

/* An ICMP error about our TCP 1723 (gre: about our GRE), from a router. */
void v6d_flow_live_icmp(struct v6d_flow *f, struct v6d_view *v, bool gre,
    uint8_t type, uint8_t code, uint32_t mtu, const struct v6d_addr *from,
    v6d_ns at);

/* GRE seen so far on the host's interfaces, in front of its firewall. */
void v6d_flow_live_wire(
    struct v6d_flow *f, struct v6d_view *v, uint32_t in, uint32_t out);

/* ---- results ---- */

/* End of input at `at`: what still waits is judged lost. */
void v6d_flow_end(struct v6d_flow *f, v6d_ns at);

size_t v6d_flow_n(const struct v6d_flow *f);
const struct v6d_view *v6d_flow_view(const struct v6d_flow *f, size_t i);

/* What was read in all: packets, those not understood, cut ones. */
struct v6d_flow_totals {
	uint64_t packets, not_ip, malformed, truncated, pptp_control, gre;
	/* packets that would have begun a tunnel, had there been room */
	uint64_t tunnels_dropped;
	v6d_ns first, last;
};
const struct v6d_flow_totals *v6d_flow_totals(const struct v6d_flow *f);

#endif
