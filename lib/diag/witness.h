/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * witness.h - what packets prove: a view of a tunnel (flow/view.h) as facts.
 * What was not seen is not said; silence counts only once it lasted.
 */
#ifndef V6D_DIAG_WITNESS_H
#define V6D_DIAG_WITNESS_H

#include "base/wire.h"
#include "diag/facts.h"
#include "flow/view.h"

struct v6d_witness_how {
	/* The session is our own: probes measure sizes and the path inside,
	   and facts are stamped with f->now. Else with the packet's time. */
	bool live;
	v6d_ns now; /* live: until when was looked; captures: unused */
	v6d_ns patience; /* a silence this long is one; 0: 5 s */
	/* Another call of this host to that server is up: GRE of another call
	   is no stranger's, and proves nothing. */
	bool shared;
	/* Of a session that others hold, only what carries it: control and
	   GRE. The path inside is looked at by probes. */
	bool carrier;
	/* This is another try, after the server hung up on one before
	   any GRE came: until GRE comes, that stands. */
	bool again;
};

/* Adds to f what the view proves. May be called again as the view grows. */
void v6d_witness(const struct v6d_view *v, const struct v6d_witness_how *how,
    struct v6d_facts *f);

/* Where a capture was taken. */
enum v6d_seen_from {
	V6D_SEEN_UNKNOWN,
	V6D_SEEN_CLIENT, /* no router between the client and here */
	V6D_SEEN_SERVER,
	V6D_SEEN_BETWEEN, /* routers towards both */
	V6D_SEEN_BOTH, /* none towards either */
};

struct v6d_position {
	enum v6d_seen_from from;
	int client_hops, server_hops; /* routers towards it; -1: not known */
};

void v6d_witness_position(const struct v6d_view *v, struct v6d_position *ret_p);

/* "client", "server", "between", "both", "unknown" */
const char *v6d_seen_from_name(enum v6d_seen_from from);

/* True when this view holds more than noise: a connection or a call. */
bool v6d_witness_is_session(const struct v6d_view *v);

#endif
