/* SPDX-License-Identifier: GPL-2.0-or-later */
/* track.h - the state behind a view; only lib/flow includes this. */
#ifndef V6D_FLOW_TRACK_H
#define V6D_FLOW_TRACK_H

#include "base/pool.h"
#include "flow/flow.h"
#include "flow/index.h"
#include "proto/gre.h"
#include "proto/icmp.h"
#include "proto/pptp.h"
#include "proto/tcp.h"

#define V6D_STREAM_HELD 8 /* segments that wait for one before them */
#define V6D_STREAM_SEG 512 /* bytes kept of such a segment */
#define V6D_GRE_RECENT 256 /* frames whose ack is still waited for */
#define V6D_SEGS_RECENT 32 /* inner TCP segments, each direction */
#define V6D_GRE_PENDING 16 /* of these, whose silence is not judged yet */
#define V6D_FRAG_TABLE 64 /* outer datagrams in fragments */
#define V6D_FRAG_BYTES 2048 /* the largest of them; PPTP: 1532 + headers */
#define V6D_FLOW_LISTS 24 /* of tunnels, each twice as long as the last */
#define V6D_PING_TABLE 16 /* pairs of addresses that ping */
#define V6D_OUTSIDE_TABLE 256 /* TCP connections beside the tunnels */

/* How long a frame may be the newest before its missing ack means a loss. */
#define V6D_ACK_PATIENCE V6D_MS(1000)

/* A segment that came before the one in front of it. */
struct v6d_held {
	uint32_t seq;
	uint16_t len, wire_len; /* kept; on the wire */
	uint8_t data[V6D_STREAM_SEG];
};

/* One direction of the control connection. */
struct v6d_stream {
	bool started; /* `next` is known */
	bool lost; /* a hole was skipped: wait for a message's start */
	bool dead; /* no PPTP: nothing more is read */
	bool acked_known;
	uint32_t next; /* sequence number of the next byte wanted */
	uint32_t high; /* one past the highest byte seen */
	uint32_t acked; /* by the other end */
	uint32_t fin; /* its sequence number */
	bool has_fin;
	uint8_t segs; /* segments that gave bytes to it: 0, 1, or more */
	uint16_t n; /* bytes of the message under way */
	uint8_t *buf; /* V6D_PPTP_MAX bytes; NULL: none is under way */
	struct v6d_held *held;
	uint16_t n_held, cap_held;
};

/*
 * A frame whose ack may still come: its outer length, some bits of its IPv4
 * identification, and what is known. Length 0: several packets had its number.
 */
#define V6D_RECENT_LEN 0x07ff /* longer ones are taken for so long */
#define V6D_RECENT_ID 0x3800
#define V6D_RECENT_ID_SHIFT 11
#define V6D_RECENT_SEEN 0x4000
#define V6D_RECENT_ACKED 0x8000

/* A frame without ack, until the next frame back shows what that means. */
struct v6d_pending {
	uint16_t outer;
	uint32_t back_gaps, back_frames; /* as far as 32 bits tell */
};

/* The newest frames of one direction. */
struct v6d_gretrack {
	v6d_ns newest_at;
	/* by number modulo `window`, which grows to V6D_GRE_RECENT */
	uint16_t *ring;
	struct v6d_pending *pending;
	uint32_t newest;
	uint32_t back_gaps; /* gap events of the other direction then */
	uint32_t back_frames; /* and its frames, as far as 32 bits go */
	uint16_t window, span; /* its width; numbers that it has moved over */
	uint16_t n_pending, cap_pending;
	bool has_newest;
};

/* Bytes of one direction in the last second, in eighths of it. */
#define V6D_LOAD_SLOTS 8
struct v6d_loadtrack {
	uint64_t slot; /* number of the newest, since the epoch */
	v6d_ns last; /* the frame before */
	uint32_t bytes[V6D_LOAD_SLOTS];
};

/* Requests under negotiation. */
struct v6d_negtrack {
	uint8_t id;
	bool has_id;
};

/* A segment of inner TCP: where it ends, and its packets' lengths. */
struct v6d_seg {
	uint32_t end;
	uint16_t inner; /* IPv6 packet, bytes */
	uint8_t around; /* bytes of IPv4, GRE and PPP; 0: not known */
	bool again; /* sent twice or more */
};

/* A timestamp of inner TCP that waits for its echo (RFC 7323 3). */
#define V6D_STAMPS 64
#define V6D_STAMP_BITS (((v6d_ns)1 << 48) - 1) /* of its time: 78 hours */
struct v6d_stamp {
	uint32_t value;
	uint32_t at_low; /* v6d_ns, as far as 48 bits go */
	uint16_t at_high;
	uint8_t flow, from; /* which connection, which of its ends */
};

/* One direction of an inner TCP connection. */
struct v6d_segtrack {
	uint32_t stamp, echo; /* its newest timestamp, and what came back */
	uint16_t cap; /* of its ring, V6D_SEGS_RECENT at most */
	uint8_t n; /* in its ring */
	uint8_t at : 6; /* whose place the next one takes */
	bool has_stamp : 1, has_echo : 1;
};

/* One connection of the inner TCP. */
struct v6d_conn {
	struct v6d_view_flow v; /* first: what v.inner.flows points to */
	/* by its ends; ring: segments that are not acknowledged yet */
	struct v6d_seg *ring[2];
	struct v6d_segtrack segs[2];
};

struct v6d_tunnel {
	/*
	 * Of ten thousand tunnels none is in the processor's caches when its
	 * next packet comes. What nearly every one touches is in twelve lines
	 * of memory: from here to the end of v.gre, and from the call ids at
	 * the end of v.control to the middle of v.inner.
	 */
	uint8_t flow_keys[V6D_VIEW_TCPS]; /* v6d_innertcp_key() of each */
	struct v6d_pool *pool; /* its flow's */
	struct v6d_stamp *stamps;
	uint16_t n_stamps, cap_stamps, oldest_stamp;
	bool streams[V6D_N_DIRS]; /* its newest frame came soon after another */
	bool waits[V6D_N_DIRS]; /* a row of long round trips is under way */
	struct v6d_gretrack gre[V6D_N_DIRS];
	struct v6d_loadtrack load[V6D_N_DIRS];
	struct v6d_view v;

	struct v6d_tunnel *older; /* between the same two hosts, or NULL */
	uint32_t number; /* in order of appearance, from 0 */
	uint32_t syn_seq;
	int role_hint; /* > 0: roles are right, < 0: the other way round */
	struct v6d_negtrack neg[V6D_VIEW_PROTOS][V6D_N_DIRS];
	unsigned echo_open[V6D_N_DIRS];
	struct v6d_stream stream[V6D_N_DIRS];
	bool new_call_id; /* one was learnt: to be found by it */
};

/* An outer datagram that travels in pieces (RFC 791 3.2). */
struct v6d_frag {
	bool used, first, last;
	bool dropped; /* a piece did not fit: it never comes whole */
	struct v6d_ip ip; /* of the newest piece */
	uint32_t later; /* pieces that do not begin it */
	uint32_t want; /* bytes in all, once the last piece came */
	uint32_t seen[V6D_FRAG_BYTES / 8 / 32]; /* bit per eight bytes */
	uint32_t have; /* bytes in data that are there without a hole */
	uint8_t data[V6D_FRAG_BYTES];
};

struct v6d_pings {
	struct v6d_addr from, to;
	unsigned n_ping, n_pong;
	v6d_ns last_ping, last_pong;
	/* unanswered since the newest reply, and when the first of them was */
	unsigned n_silent;
	v6d_ns silent_since;
};

/* One TCP connection that is not the tunnel's, by who opened it. */
struct v6d_outside {
	bool used;
	struct v6d_addr client, target;
	uint16_t cport, tport;
	unsigned n_syn;
	v6d_ns syn, last_syn;
	v6d_ns up, refused, closed, last_in; /* V6D_NEVER: not seen */
};

struct v6d_flow {
	struct v6d_flow_totals totals;
	struct v6d_frag frags[V6D_FRAG_TABLE];
	unsigned next_frag;
	struct v6d_pings pings[V6D_PING_TABLE];
	unsigned n_pings;
	struct v6d_outside outside[V6D_OUTSIDE_TABLE];
	unsigned n_outside, n_outside_dropped;
	struct v6d_index index;
	struct v6d_pool pool;
	size_t most, n; /* tunnels: at most, and there are */
	struct v6d_tunnel **list[V6D_FLOW_LISTS]; /* by number */
	struct v6d_tunnel *live;
	void (*watch)(void *arg, const struct v6d_pass *p); /* or NULL */
	void *watch_arg;
};

/* What a frame was carried in. */
struct v6d_carrier {
	enum v6d_dir dir;
	bool has_seq;
	uint32_t seq;
	uint16_t outer; /* outer IPv4 length, bytes */
	v6d_ns at;
};

static inline enum v6d_dir
v6d_dir_other(enum v6d_dir d)
{
	return d == V6D_DIR_OUT ? V6D_DIR_IN : V6D_DIR_OUT;
}

/* A length for a record; a jumbogram is "at least". */
static inline uint16_t
v6d_len16(size_t n)
{
	return (uint16_t)(n < UINT16_MAX ? n : UINT16_MAX);
}

/* a - b of sequence numbers that wrap. */
static inline int32_t
v6d_seq_diff(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b);
}

/* One more, up to the most that the count holds. */
static inline void
v6d_one_more(uint16_t *n)
{
	if (*n < UINT16_MAX)
		(*n)++;
}

static inline struct v6d_conn *
v6d_conn_of(const struct v6d_tunnel *t, unsigned i)
{
	return (struct v6d_conn *)t->v.inner.flows[i];
}

/* Keeps the first time of a thing. */
static inline void
v6d_once(v6d_ns *at, v6d_ns now)
{
	if (*at == V6D_NEVER)
		*at = now;
}

/* ---- tunnel.c ---- */
void v6d_tunnel_init(struct v6d_tunnel *t, struct v6d_pool *pool,
    const struct v6d_addr *client, const struct v6d_addr *server, uint16_t port,
    v6d_ns at);
/* The first of n bytes as a text; NULL where there are none, or no memory. */
const uint8_t *
v6d_tunnel_text(struct v6d_tunnel *t, const uint8_t *p, size_t n);
void v6d_tunnel_touch(struct v6d_tunnel *t, v6d_ns at);
/* The record of rare things in that direction; NULL: no memory. */
struct v6d_view_odd *v6d_tunnel_odd(struct v6d_tunnel *t, enum v6d_dir dir);
/* Client and server change places: GRE alone, guessed wrong. */
void v6d_tunnel_swap(struct v6d_tunnel *t);

/* ---- control.c ---- */
/* One segment with its header read; w: the data, of wire_len on the wire. */
void v6d_control_segment(struct v6d_tunnel *t, enum v6d_dir dir,
    const struct v6d_tcp *tcp, struct v6d_wire *w, size_t wire_len, v6d_ns at);
/* Bytes of the stream in order; wire_len >= n where the capture cut it. */
void v6d_control_bytes(struct v6d_tunnel *t, enum v6d_dir dir, const uint8_t *p,
    size_t n, size_t wire_len, v6d_ns at);
void v6d_control_end(struct v6d_tunnel *t);

/* ---- gretrack.c ---- */
/* The IPv4 packet around a GRE header. */
struct v6d_outer {
	size_t len;
	uint16_t ip_id; /* 0: not known */
};
/* A GRE header of this call. *ret_new: its frame was not seen before. */
void v6d_gretrack_packet(struct v6d_tunnel *t, enum v6d_dir dir,
    const struct v6d_gre *g, const struct v6d_outer *o, v6d_ns at,
    bool *ret_new);
void v6d_gretrack_end(struct v6d_tunnel *t, v6d_ns at);

/* ---- load.c ---- */
/* A frame of `outer` bytes, and how many before it were lost. */
void v6d_load_frame(struct v6d_tunnel *t, enum v6d_dir dir, size_t outer,
    uint32_t lost, v6d_ns at);
/* A round trip of inner TCP, ended by a packet that travels `dir`. */
void
v6d_load_rtt(struct v6d_tunnel *t, enum v6d_dir dir, v6d_ns rtt, v6d_ns at);

/* False: numbers so far back are not kept any more. */
bool
v6d_gretrack_acked(const struct v6d_gretrack *k, uint32_t seq, bool *ret_acked);

/* ---- ppptrack.c ---- */
void v6d_ppptrack_frame(
    struct v6d_tunnel *t, const struct v6d_carrier *c, struct v6d_wire w);

/* ---- inner.c ---- */
void v6d_inner_packet(
    struct v6d_tunnel *t, const struct v6d_carrier *c, struct v6d_wire w);
void v6d_inner_end(struct v6d_tunnel *t);

/* ---- innerdns.c ---- */
void v6d_innerdns_datagram(struct v6d_tunnel *t, const struct v6d_carrier *c,
    const struct v6d_ip *ip, struct v6d_wire w);

/* ---- innertcp.c ---- */
/* Of a connection, the same from both ends; few others have it. */
uint8_t
v6d_innertcp_key(const struct v6d_ip *ip, uint16_t sport, uint16_t dport);
void v6d_innertcp_segment(struct v6d_tunnel *t, const struct v6d_carrier *c,
    const struct v6d_ip *ip, struct v6d_wire w);

#endif
