/* SPDX-License-Identifier: GPL-2.0-or-later */
/* demux.h - which tunnel a packet belongs to; only lib/flow includes this. */
#ifndef V6D_FLOW_DEMUX_H
#define V6D_FLOW_DEMUX_H

#include "flow/track.h"

/* ---- flow.c ---- */
/* A new tunnel, or NULL (and counted) when the table is full. */
struct v6d_tunnel *
v6d_flow_add(struct v6d_flow *f, const struct v6d_addr *client,
    const struct v6d_addr *server, uint16_t port, v6d_ns at);
/* The newest tunnel between two hosts, or NULL; its `older` is the next. */
struct v6d_tunnel *v6d_flow_newest(
    struct v6d_flow *f, const struct v6d_addr *a, const struct v6d_addr *b);
/* The newest of these ends, with a control connection; or NULL. */
struct v6d_tunnel *
v6d_flow_by_port(struct v6d_flow *f, const struct v6d_addr *client,
    uint16_t port, const struct v6d_addr *server);
/* It has learnt of a call id, and is to be found by it. */
void v6d_flow_note_call(struct v6d_flow *f, struct v6d_tunnel *t);
void v6d_flow_time(struct v6d_flow *f, v6d_ns at);

/* ---- demux.c ---- */
/* A packet as far as it can be read without a look at any tunnel. */
struct v6d_unwrapped {
	v6d_ns at;
	enum v6d_wire_err err;
	bool is_ip4; /* and these two are there */
	struct v6d_ip ip;
	struct v6d_wire payload;
	/* of GRE in one piece; v6d_gre_unwrap */
	enum v6d_wire_err gre_err;
	bool is_pptp; /* and these three are there */
	struct v6d_gre gre;
	struct v6d_wire frame; /* what it carries */
	uint32_t call; /* hash by which its tunnel is looked up */
};
void v6d_flow_unwrap(const struct v6d_captured *p, struct v6d_unwrapped *ret_u);
void v6d_flow_take(struct v6d_flow *f, const struct v6d_unwrapped *u);
/* Both. */
void v6d_flow_take_one(struct v6d_flow *f, const struct v6d_captured *p);
void v6d_icmp_note(struct v6d_tunnel *t, const struct v6d_view_icmp *m);

/* ---- gredemux.c ---- */
/* Reads the GRE in u->payload. */
void v6d_gre_unwrap(struct v6d_unwrapped *u);
/* GRE between two hosts, or a piece of it, of which nothing is read yet. */
void v6d_gre_outer(struct v6d_flow *f, const struct v6d_unwrapped *u);
void v6d_gre_live(struct v6d_tunnel *t, enum v6d_dir dir,
    struct v6d_wire payload, size_t outer, v6d_ns at);
/* First fragments whose rest never came are counted. */
void v6d_frag_end(struct v6d_flow *f);

/* ---- outside.c ---- */
/* A TCP segment that belongs to no tunnel. */
void v6d_outside_segment(struct v6d_flow *f, const struct v6d_ip *ip,
    const struct v6d_tcp *tcp, v6d_ns at);
void v6d_outside_ping(struct v6d_flow *f, const struct v6d_addr *from,
    const struct v6d_addr *to, bool reply, v6d_ns at);
/* What the client of a view did beside the tunnel. */
void v6d_outside_take(struct v6d_flow *f, struct v6d_view *v);

/* ---- trail.c: what passed, told to whoever watches (flow/trail.h) ---- */
void v6d_trail_gre(struct v6d_flow *f, const struct v6d_tunnel *t,
    enum v6d_dir dir, const struct v6d_gre *g, const struct v6d_wire *payload,
    size_t outer, bool stranger, v6d_ns at);
void v6d_trail_segment(struct v6d_flow *f, const struct v6d_tunnel *t,
    enum v6d_dir dir, const struct v6d_tcp *tcp, size_t len, size_t outer,
    v6d_ns at);

#endif
