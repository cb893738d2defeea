/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * frags.h - do large GRE packets arrive that may be fragmented (RFC 791), by
 * LCP echoes without don't-fragment?
 */
#ifndef V6D_PROBE_FRAGS_H
#define V6D_PROBE_FRAGS_H

#include "probe/ask.h"

#define V6D_FRAGS_COPIES 4

struct v6d_frags {
	uint16_t full; /* outer bytes of a full packet */
	uint16_t over; /* just over a limit of those that may not be
			  fragmented; 0: there is none */
	bool shadowed; /* the peer drops repeated numbers: fill its holes */
	v6d_ns rtt;
	unsigned rounds, full_passed, over_passed, lost_out, lost_in;
	bool undirected; /* out and in could not be told apart */
	bool refused;
};

void v6d_frags_init(struct v6d_frags *f, uint16_t full, uint16_t over,
    bool shadowed, v6d_ns rtt);

/* The next burst, all but its tag; false: it is over. */
bool v6d_frags_next(struct v6d_frags *f, struct v6d_ask *ret_ask);

void v6d_frags_feed(struct v6d_frags *f, const struct v6d_answer *a);

#endif
