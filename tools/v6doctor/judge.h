/* SPDX-License-Identifier: GPL-2.0-or-later */
/* judge.h - a capture or a saved report to diagnoses: for read, regress. */
#ifndef V6D_TOOLS_JUDGE_H
#define V6D_TOOLS_JUDGE_H

#include "diag/diagnosis.h"
#include "flow/flow.h"
#include "flow/trail.h"
#include "io/capture.h"
#include "trace/load.h"

#define V6D_JUDGE_TUNNELS (1u << 20) /* tunnels of one capture */
#define V6D_JUDGE_FACTS 256 /* observations of one of them */

/* One PPTP session of a capture, in full. */
struct v6d_judged {
	const struct v6d_view *view; /* in the flow that holds it */
	struct v6d_obs obs[V6D_JUDGE_FACTS];
	struct v6d_facts facts;
	struct v6d_scope scope;
	struct v6d_diagnosis diagnosis;
};

/* The same in short. */
struct v6d_session {
	uint32_t number; /* in order of appearance, from 1 on */
	uint32_t view; /* its number in the flow */
	enum v6d_verdict verdict;
	char code[V6D_CODE];
};

/* All of a file. */
struct v6d_judgement {
	/* A saved report: these, and no sessions. NULL for a capture. */
	struct v6d_trace *trace;
	struct v6d_loaded *report;
	struct v6d_flow *flow;
	struct v6d_judge_block *blocks; /* the flow's memory */
	size_t memory; /* bytes of it */
	size_t n;
	struct v6d_session *sessions; /* the worst first */
	/* the worst, until v6d_judge_choose; means nothing where n is 0 */
	struct v6d_judged *chosen;
	size_t number; /* its */
	/* What is wrong with the file; "" where nothing is. */
	char message[V6D_CAPTURE_MESSAGE];
	bool damaged; /* it could be read up to a point only */
};

/*
 * Reads and judges one file ("-": standard input). Returns 0, with damaged
 * and message set where only its beginning could be read; or what
 * v6d_capture_open returns (a report that cannot be read: -EBADMSG). Give it
 * to v6d_judgement_done in any case.
 */
int v6d_judge_file(const char *path, struct v6d_judgement *j);
void v6d_judgement_done(struct v6d_judgement *j);

/* What passed a place, from where v6d_judge_captures put it. */
struct v6d_passed {
	struct v6d_trail trail; /* sorted */
	size_t cap;
	uint64_t n_left_out; /* more packets than are kept */
};
void v6d_passed_done(struct v6d_passed *p);

/*
 * The same of n captures of one place, as one in the order of time; no
 * saved reports. passed (NULL: not wanted): give it to v6d_passed_done.
 */
int v6d_judge_captures(const char *const *paths, size_t n,
    struct v6d_passed *passed, struct v6d_judgement *j);

/* Judges a view in full. It borrows the view. */
void v6d_judge_view(const struct v6d_view *v, struct v6d_judged *ret_s);

/*
 * Makes the session of that number the chosen one, instead of the worst.
 * False: there is no such session.
 */
bool v6d_judge_choose(struct v6d_judgement *j, size_t number);

/* Of the report or the chosen session; NULL: there is no session. */
const struct v6d_diagnosis *
v6d_judgement_diagnosis(const struct v6d_judgement *j);

/* When a capture began and how long it is, into its report. */
void v6d_judgement_times(const struct v6d_judgement *j, struct v6d_report *r);

/*
 * The report of the chosen session of a capture that has one, without
 * tunnels; borrows j. name: of the file, or NULL.
 */
void v6d_judgement_report(
    const struct v6d_judgement *j, const char *name, struct v6d_report *ret);

/* The chosen session's verdict; undetermined where there is none. */
enum v6d_verdict v6d_judgement_verdict(const struct v6d_judgement *j);

#endif
