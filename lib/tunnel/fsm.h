/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fsm.h - the option negotiation automaton that LCP and the network control
 * protocols share (RFC 1661 4). The lower layer is taken to be up.
 */
#ifndef V6D_TUNNEL_FSM_H
#define V6D_TUNNEL_FSM_H

#include "base/time.h"
#include "proto/ppp.h"

#define V6D_FSM_REQUEST 64 /* bytes of options that we may ask for */
#define V6D_FSM_PACKET 1500

enum v6d_fsm_state {
	V6D_FSM_CLOSED, /* nothing negotiated, nothing wanted */
	V6D_FSM_STOPPED, /* waits for the peer to speak first */
	V6D_FSM_CLOSING, /* Terminate-Request sent */
	V6D_FSM_REQ_SENT,
	V6D_FSM_ACK_RCVD,
	V6D_FSM_ACK_SENT,
	V6D_FSM_OPENED,
};

/* Why a negotiation ended without opening, or after it was open. */
enum v6d_fsm_end {
	V6D_FSM_END_SILENCE, /* Max-Configure requests, no answer */
	V6D_FSM_END_NO_AGREEMENT, /* too many rounds, or a code rejected */
	V6D_FSM_END_TERMINATED, /* the peer sent Terminate-Request */
	V6D_FSM_END_CLOSED, /* our Terminate-Request was acknowledged */
};

/* What is thought of one option that the peer asks for. */
enum v6d_fsm_verdict {
	V6D_FSM_GOOD,
	V6D_FSM_NAK, /* known, but with another value: `better` */
	V6D_FSM_REJ, /* not to be negotiated */
};

/* What one protocol adds to the automaton. All get the automaton's owner. */
struct v6d_fsm_ops {
	/* Sends one whole packet of this protocol, code first. */
	void (*send)(void *owner, const uint8_t *packet, size_t n);
	/* Writes the options of our Configure-Request. */
	void (*request)(void *owner, struct v6d_out *o);
	/* Judges one option; writes a better value for V6D_FSM_NAK. */
	enum v6d_fsm_verdict (*judge)(
	    void *owner, const struct v6d_cp_opt *opt, struct v6d_out *better);
	/* Writes options that the peer's request misses; NULL: none are. */
	void (*missing)(
	    void *owner, struct v6d_wire *opts, struct v6d_out *nak);
	/* The peer's request stands as it is: learn its values. */
	void (*accept)(void *owner, struct v6d_wire *opts);
	/* The peer answered our request with Nak or Reject: adapt. */
	void (*refused)(void *owner, uint8_t code, struct v6d_wire *opts);
	void (*up)(void *owner);
	void (*down)(void *owner); /* was open, is negotiated anew */
	void (*over)(void *owner, enum v6d_fsm_end end);
	/* A code above 7; false: unknown, Code-Reject it. NULL: all are. */
	bool (*other)(
	    void *owner, const struct v6d_cp *c, struct v6d_wire *data);
};

struct v6d_fsm {
	const struct v6d_fsm_ops *ops;
	void *owner;
	enum v6d_fsm_state state;
	v6d_ns restart; /* interval of the restart timer, at the most */
	v6d_ns first; /* the same for a new request; the owner's to shorten */
	v6d_ns wait; /* the same now: twice as long each time */
	v6d_ns timer; /* when it rings; V6D_NEVER: stopped */
	unsigned tries; /* Configure-Requests left */
	unsigned naks; /* sent in a row */
	unsigned rounds; /* refusals, ours and theirs, since the start */
	uint8_t side_id; /* of the last packet that is no request */
	uint8_t id; /* of the last Configure-Request sent */
	bool answered; /* and whether the peer answered that one */
	size_t asked_len; /* and its options */
	uint8_t asked[V6D_FSM_REQUEST];
};

void v6d_fsm_init(struct v6d_fsm *f, const struct v6d_fsm_ops *ops, void *owner,
    v6d_ns restart);

/*
 * Starts to negotiate; a passive one waits for the peer's first request, or
 * until f->timer where the owner sets it.
 */
void v6d_fsm_open(struct v6d_fsm *f, bool passive, v6d_ns now);

/* Sends Terminate-Request; `over` tells when it is acknowledged. */
void v6d_fsm_close(struct v6d_fsm *f);

/* Forgets everything without a word: the layer below went away. */
void v6d_fsm_reset(struct v6d_fsm *f);

/* One packet of this protocol, code first. A damaged one is ignored. */
void v6d_fsm_input(struct v6d_fsm *f, struct v6d_wire *w, v6d_ns now);

/* To be called when f->timer is reached. */
void v6d_fsm_tick(struct v6d_fsm *f, v6d_ns now);

#endif
