/* SPDX-License-Identifier: GPL-2.0-or-later */
/* witness_impl.h - shared by the parts of the witness; nobody else's. */
#ifndef V6D_DIAG_WITNESS_IMPL_H
#define V6D_DIAG_WITNESS_IMPL_H

#include "diag/witness.h"

struct v6d_witness {
	const struct v6d_view *v;
	struct v6d_facts *f;
	bool live, shared, again;
	bool stamped; /* facts have their time, f->now, already */
	v6d_ns patience;
	v6d_ns end; /* of looking */
	v6d_ns by_client; /* when the client ended the session, or NEVER */
	v6d_ns by_server; /* when the server did */
	v6d_ns over; /* the earliest of the three */
};

/* One observation, made of what happened at `at` (V6D_NEVER: at the end). */
void v6d_witness_say(struct v6d_witness *w, v6d_ns at, enum v6d_fact fact,
    const char *subject, enum v6d_state state, const char *word, int64_t value);

/* True when `since` was looked at for long enough after. */
bool v6d_witness_waited(const struct v6d_witness *w, v6d_ns since);

/* Milliseconds from a to b; V6D_NO_VALUE where one is missing. */
int64_t v6d_witness_ms(v6d_ns a, v6d_ns b);

/* Seen beside that end: its packets have not passed a router yet. */
bool v6d_witness_near(const struct v6d_view *v, enum v6d_dir sender);

void v6d_witness_control(struct v6d_witness *w);
void v6d_witness_outside(struct v6d_witness *w);
void v6d_witness_gre(struct v6d_witness *w);
void v6d_witness_ppp(struct v6d_witness *w);
void v6d_witness_ra(struct v6d_witness *w);
/* Packet-too-big that came out of the tunnel, whether heeded or not. */
void v6d_witness_ptb(struct v6d_witness *w);
void v6d_witness_out(struct v6d_witness *w);
void v6d_witness_path(struct v6d_witness *w);
/* whole: what is not in the capture was not sent. */
void v6d_witness_dns(struct v6d_witness *w, bool whole);
/* Of GRE alone: which sizes arrive, and how much is lost. */
void v6d_witness_carried(struct v6d_witness *w);
/* any_size: what was lost is not only what is large. */
void v6d_witness_rate(struct v6d_witness *w, enum v6d_dir d, bool any_size);

#endif
