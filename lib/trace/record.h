/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * record.h - writes a live run down while it happens. Its driver calls these
 * at the places where it calls the graph; what replays the trace makes the
 * same calls again.
 */
#ifndef V6D_TRACE_RECORD_H
#define V6D_TRACE_RECORD_H

#include "report/report.h"
#include "trace/trace.h"

#define V6D_RECORD_WAITING 64 /* asks under way at a time */

struct v6d_record {
	struct v6d_trace *trace; /* NULL: nothing is recorded */
	const struct v6d_plan *plan; /* borrowed, as are the facts */
	const struct v6d_facts *facts;
	size_t n_facts; /* written down so far */
	struct v6d_plan last; /* written down */
	unsigned n_asks;
	/* The asks without an answer yet, by probe and tag. */
	unsigned n_waiting;
	struct {
		unsigned id, tag;
		const struct v6d_probe_run *who;
		enum v6d_ask_kind kind;
	} waiting[V6D_RECORD_WAITING];
};

/* Starts a record with its head; false: no memory. */
bool v6d_record_init(struct v6d_record *r, const struct v6d_trace_head *head,
    const struct v6d_plan *plan, const struct v6d_facts *facts);
void v6d_record_done(struct v6d_record *r);

/* What the run can show and which probes it has, once the plan is made. */
void v6d_record_scope(struct v6d_record *r, const struct v6d_scope *s);
void v6d_record_probe(struct v6d_record *r, const char *name);

/* Before v6d_graph_take is called, until it is false, with this `now`. */
void v6d_record_turn(struct v6d_record *r, v6d_ns now);
void v6d_record_ask(struct v6d_record *r, const struct v6d_probe_run *who,
    const struct v6d_ask *ask);
/* Before v6d_graph_answer is called with this `now`. */
void v6d_record_answer(struct v6d_record *r, const struct v6d_probe_run *who,
    const struct v6d_answer *a, v6d_ns now);
/* Before v6d_graph_expire. */
void v6d_record_expire(struct v6d_record *r, v6d_ns now);

/* What the probes came to; returns how many of `cap` are filled. */
size_t
v6d_record_checks(const struct v6d_graph *g, struct v6d_check *ret, size_t cap);

/* The finished report: its checks and its end. */
void v6d_record_end(struct v6d_record *r, const struct v6d_report *report,
    uint64_t packets_left_out);

#endif
