/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trail.h - what passed one place of the path, packet by packet, and what
 * became of it at another place: two captures of the same sessions, each by
 * its own clock.
 */
#ifndef V6D_FLOW_TRAIL_H
#define V6D_FLOW_TRAIL_H

#include "flow/flow.h"

enum v6d_pass_kind {
	V6D_PASS_CONTROL, /* a segment of TCP 1723 with data, SYN, FIN, RST */
	V6D_PASS_GRE, /* with or without a frame */
};

#define V6D_PASS_KINDS 2

/* One packet that passed. Of a datagram in fragments: when the last came. */
struct v6d_pass {
	v6d_ns at; /* by that place's clock */
	uint64_t print; /* alike wherever it passes: no address, port, id */
	uint32_t tunnel; /* its number in the flow, from 0 */
	uint16_t outer; /* bytes of the IPv4 packet */
	uint8_t kind, dir; /* enum v6d_pass_kind, v6d_dir */
	bool rich; /* few others have its print: numbers are drawn by lot in
		      it (control), or bytes of a frame are in it */
	bool stranger; /* of no call that was agreed there: foreign id */
	bool matched; /* v6d_trail_compare: it was seen at both */
};

/* The passes of one place, in any order, and what it was looking at. */
struct v6d_trail {
	struct v6d_pass *p;
	size_t n;
	v6d_ns first, last; /* of any packet of that capture */
};

/* ---- one direction, one kind ---- */

struct v6d_crossing {
	unsigned sent; /* at the sender's side, while the other one looked */
	unsigned lost; /* of these never seen at the other */
	unsigned stray; /* at the other only: the first did not record them */
	unsigned stranger; /* arrived with a call id that nobody agreed */
	/* outer IPv4 bytes; 0 where there were none */
	uint16_t largest_passed, smallest_lost, largest_lost;
	v6d_ns first_lost, last_lost; /* by the sender's side's clock */
	v6d_ns first_sent, last_sent; /* the same, of all of them */
};

/* The same session at two places. */
struct v6d_between {
	unsigned n_both; /* packets that were seen at both */
	/* The far clock is so much ahead of the near one, at least and at
	   most, ns; known once packets of both ways were seen at both. */
	bool clock_known;
	int64_t ahead_min, ahead_max;
	bool drifts; /* one runs faster: no difference fits all packets */
	struct v6d_crossing way[V6D_PASS_KINDS][V6D_N_DIRS];
};

/* Puts a trail in the order in which it is compared. */
void v6d_trail_sort(struct v6d_trail *t);

/*
 * True: two sorted trails have a session in common. Numbers of GRE begin at 0
 * in every session, so a few packets alike prove nothing: a segment of the
 * control connection does, or most frames of a way.
 */
bool v6d_trail_related(const struct v6d_trail *a, const struct v6d_trail *b);

/* Which tunnel of b is that of a (its number); -1: none. Both sorted. */
long v6d_trail_twin(
    const struct v6d_trail *a, uint32_t tunnel, const struct v6d_trail *b);

/*
 * Where the two have the ways of these tunnels the other way round (one of
 * them guessed who is the client), the ways of b's become those of a's.
 */
void v6d_trail_align(const struct v6d_trail *a, uint32_t tunnel_a,
    struct v6d_trail *b, uint32_t tunnel_b);

/*
 * Compares a tunnel at two places, near the client and far from it, of sorted
 * trails. Marks what matched.
 */
void v6d_trail_compare(struct v6d_trail *near_, uint32_t near_tunnel,
    struct v6d_trail *far_, uint32_t far_tunnel, struct v6d_between *ret_b);

#endif
