/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * losses.h - how much of small GRE is lost, comes late or comes twice, by
 * bursts of LCP echoes (RFC 1661 5.8) that none is too large for. Where
 * anything is lost it is asked on until the rates are clear.
 */
#ifndef V6D_PROBE_LOSSES_H
#define V6D_PROBE_LOSSES_H

#include "probe/probe.h"

struct v6d_losses {
	/* The peer drops repeated numbers and holds back what is behind one
	 * that did not come: each is sent again (RFC 2637 4.3). */
	bool shadowed;
	bool suspected; /* something was lost before */
	v6d_ns rtt, spent;
	/* mute: without any answer; unclosed: without one to what closes. */
	unsigned rounds, mute, unclosed;
	unsigned n, copies; /* of the round under way */
	unsigned out, in; /* lost that way */
	unsigned sent, arrived; /* of so many: out of sent, in of arrived */
	unsigned came, late, twice; /* of what the peer sent meanwhile */
	/* What these are made of: numbers sent; answered by a copy alone; not
	 * answered; the same with closing ones, and of those lost inwards. */
	unsigned numbers, copied, lost, all, all_in;
	bool undirected; /* out and in could not be told apart */
	v6d_ns last_rtt, jitter_sum;
	unsigned n_jitter;
	bool over;
};

/*
 * suspected: packets were lost or repeated before, so that a clean burst or
 * two are no proof. rtt: of small echoes, 0: not known.
 */
void v6d_losses_init(
    struct v6d_losses *l, bool shadowed, bool suspected, v6d_ns rtt);

/* The next burst, all but its tag; false: it is over. */
bool v6d_losses_next(struct v6d_losses *l, struct v6d_ask *ret_ask);

void v6d_losses_feed(struct v6d_losses *l, const struct v6d_answer *a);

/* So many are lost one way that it is a fault, and certain. */
bool v6d_losses_heavy(const struct v6d_losses *l);

/* So many are lost, late or repeated that it is worth a word. */
bool v6d_losses_found(const struct v6d_losses *l);

/* gre.loss.*, gre.reorder, gre.jitter. */
void v6d_losses_facts(const struct v6d_losses *l, struct v6d_probe_run *r);

#endif
