/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * losses.h - how much of small GRE is lost, comes late or comes twice, by
 * bursts of LCP echoes (RFC 1661 5.8) that none is too large for.
 */
#ifndef V6D_PROBE_LOSSES_H
#define V6D_PROBE_LOSSES_H

#include "probe/probe.h"

struct v6d_losses {
	bool shadowed; /* the peer drops repeated numbers: fill its holes */
	v6d_ns rtt;
	unsigned rounds, sent, out, in; /* out, in: lost that way */
	unsigned came, late, twice; /* of what the peer sent meanwhile */
	bool undirected; /* out and in could not be told apart */
	v6d_ns last_rtt, jitter_sum;
	unsigned n_jitter;
	bool over;
};

void v6d_losses_init(struct v6d_losses *l, bool shadowed, v6d_ns rtt);

/* The next burst, all but its tag; false: it is over. */
bool v6d_losses_next(struct v6d_losses *l, struct v6d_ask *ret_ask);

void v6d_losses_feed(struct v6d_losses *l, const struct v6d_answer *a);

/* gre.loss.*, gre.reorder, gre.jitter. */
void v6d_losses_facts(const struct v6d_losses *l, struct v6d_probe_run *r);

#endif
