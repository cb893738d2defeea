/* SPDX-License-Identifier: GPL-2.0-or-later */
/* run_impl.h - the parts of a run, for run*.c. */
#ifndef V6D_IO_RUN_IMPL_H
#define V6D_IO_RUN_IMPL_H

#include <uv.h>

#include "io/ask.h"
#include "io/ctstats.h"
#include "io/dial.h"
#include "io/mirror.h"
#include "io/place.h"
#include "io/privileges.h"
#include "io/rulecount.h"
#include "io/run.h"
#include "io/watch.h"
#include "trace/record.h"

#define V6D_RUN_FACTS 1024
#define V6D_RUN_CHECKS 32

struct v6d_run {
	struct v6d_run_conf conf;
	v6d_ns start;
	int64_t start_unix_ms;
	struct v6d_netns ns;
	struct v6d_rights rights;
	struct v6d_mirror mirror;
	struct v6d_plan plan;
	/* Sessions to that server (to any, where none is named) that are up
	 * on the host. */
	struct v6d_place_calls calls;
	struct v6d_place_tunnel tunnel; /* up on the host already */
	int lent_err; /* why it is not lent, -errno */
	int lent_fd; /* to who lends the session in place; -1: nobody */
	char missing[1024];
	char no_tunnel[160], no_session[160];

	uv_loop_t loop;
	bool loop_made, timer_made;
	uv_timer_t timer; /* the deadline, then the patience at the end */
	uv_timer_t redial;
	bool redialling; /* between two calls: the first is over */
	unsigned dialled; /* calls of this run */
	unsigned late_calls; /* of them came up late: a packet was lost */
	bool hurried; /* the line is so bad that the run is cut short */
	unsigned logins; /* of them ended while it was proved who we are */
	uv_signal_t on_int, on_term;
	int signal;
	bool over, closed;

	struct v6d_asker *asker;
	struct v6d_dial *dial;
	struct v6d_watch *watch; /* of the session in place; NULL: none */
	struct v6d_flow *flow;
	struct v6d_graph *graph;

	/* Counters of the host's filter when the loss showed that they are to
	 * tell of, in the call of that number (0: none yet). */
	struct v6d_rulecount rules;
	unsigned rules_call;
	uint64_t rules_lost; /* GRE, by then */

	bool tracked; /* conntrack holds what the host's had counted at first */
	struct v6d_ctstats conntrack;

	struct v6d_record record;
	struct v6d_packets *packets; /* NULL: they are not kept */

	struct v6d_facts facts;
	struct v6d_obs obs[V6D_RUN_FACTS];
	struct v6d_scope scope;
	struct v6d_diagnosis diagnosis;
	struct v6d_check checks[V6D_RUN_CHECKS];
	struct v6d_report report;
};

/* What the run is about, from profile and host. 0 or -errno with words. */
int v6d_run_make_plan(struct v6d_run *r, char *text, size_t n);

/* The private namespace, where one is needed and may be made. */
void v6d_run_make_place(struct v6d_run *r);

/* Why nothing can be looked at inside the tunnel; err is a -errno. */
void v6d_run_no_tun(struct v6d_run *r, int err);

#define V6D_RUN_TUNNEL "v6tun0" /* where the profile names none */

/* Dials, where there is a server and no session in place. */
void v6d_run_dial(struct v6d_run *r);

/* Watches what carries the tunnel in place, where that can be told. */
void v6d_run_watch(struct v6d_run *r);

/* Facts of what was watched; the watch is over. */
void v6d_run_watched(struct v6d_run *r);

/* The session is dead: at the end of a run nothing more is waited for. */
void v6d_run_session_over(struct v6d_run *r);

/* What this run can show. */
void v6d_run_make_scope(struct v6d_run *r);

/* Begins and ends the record of the run, where one is wanted. */
int v6d_run_record(struct v6d_run *r);
void v6d_run_record_end(struct v6d_run *r);

/* Facts of the live view up to now. */
void v6d_run_witness(struct v6d_run *r);

/*
 * Where this host itself drops GRE: which rule of its filter counts it? The
 * first counts what there is as soon as the loss shows, the second adds the
 * fact, at the end.
 */
void v6d_run_rules_begin(struct v6d_run *r);
void v6d_run_rules_end(struct v6d_run *r);

/* What the host's connection tracking turns away between the two: facts. */
void v6d_run_conntrack_begin(struct v6d_run *r);
void v6d_run_conntrack_end(struct v6d_run *r);

/* Facts -> diagnosis -> report. */
void v6d_run_conclude(struct v6d_run *r);

#endif
