/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * busy.h - what large transfers do to the line: are packets thrown away above
 * a rate, or do they wait in a long queue?
 */
#ifndef V6D_PROBE_BUSY_H
#define V6D_PROBE_BUSY_H

#include "probe/probe.h"

/* One way. */
struct v6d_busy_way {
	unsigned kbit; /* per second, of the transfer; 0: none was timed */
	unsigned sent, lost; /* GRE in; TCP segments out */
	v6d_ns added; /* to a small echo's round trip under this load */
	bool pinged;
};

struct v6d_busy {
	uint16_t mtu; /* of the tunnel, bytes */
	struct v6d_busy_way in, out;
	v6d_ns added; /* to TCP's round trip, both ways under load */
};

/* What a transfer shows by itself. */
void
v6d_busy_transfer(struct v6d_busy *l, const struct v6d_answer *a, bool put);

/* Worth a second look: each way alone, with small echoes beside it. */
bool v6d_busy_suspicious(const struct v6d_busy *l);

/* Those echoes, all but the target and the tag. */
void v6d_busy_ask(struct v6d_ask *ret_ask);

/* idle: a round trip of an idle line. */
void v6d_busy_pings(
    struct v6d_busy *l, const struct v6d_answer *a, bool put, v6d_ns idle);

/* gre.rate.in, gre.rate.out, gre.queue. */
void v6d_busy_facts(const struct v6d_busy *l, struct v6d_probe_run *r);

#endif
