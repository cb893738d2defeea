/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace.h - a run as a list of events in the order in which they happened:
 * what it was about, each ask and answer, each observation, how it ended.
 * As text it is one JSON object a line, so that what stands before a damage
 * is a run that was stopped there. docs/report.md is its reference.
 */
#ifndef V6D_TRACE_TRACE_H
#define V6D_TRACE_TRACE_H

#include "diag/diagnosis.h"
#include "probe/probe.h"
#include "trace/field.h"

#define V6D_TRACE_SCHEMA "v6doctor-report/1"

#define V6D_TRACE_WHY 128
#define V6D_TRACE_PROBE 24

enum v6d_trace_kind {
	V6D_TRACE_HEAD, /* first, once */
	V6D_TRACE_PLAN, /* at the start, and when it changed */
	V6D_TRACE_SCOPE, /* once */
	V6D_TRACE_PROBE_OF, /* one for each probe of the run, in order */
	V6D_TRACE_FACT, /* of probes and others, in order */
	V6D_TRACE_TURN, /* ready probes start, asks are taken */
	V6D_TRACE_ASK,
	V6D_TRACE_ANSWER,
	V6D_TRACE_EXPIRE, /* the time was up */
	V6D_TRACE_CHECK, /* at the end, one for each probe */
	V6D_TRACE_END, /* last, once */
	V6D_N_TRACE_KINDS
};

struct v6d_trace_head {
	char schema[32], version[32];
	char kind[16]; /* of the source: live or lab */
	char source[V6D_ASK_TEXT]; /* profile or lab */
	char system[128]; /* the host's kernel */
	int64_t started_unix_ms;
	bool redacted;
};

struct v6d_trace_stage {
	char stage[16];
	bool can;
	char why_not[V6D_TRACE_WHY];
};

struct v6d_trace_scope {
	unsigned n;
	struct v6d_trace_stage stages[V6D_N_STAGES];
	bool cut; /* packets were cut short */
};

struct v6d_trace_probe {
	char name[V6D_TRACE_PROBE];
};

/* Names as text: a newer program may know more. */
struct v6d_trace_fact {
	char name[48], state[12];
	char subject[V6D_SUBJECT], word[V6D_WORD];
	bool has_value;
	int64_t value;
	bool has_bounds;
	int64_t low, high;
	char source[48];
	v6d_ns at;
};

struct v6d_trace_time {
	v6d_ns at;
};

struct v6d_trace_ask {
	unsigned id; /* counts from 1 */
	char probe[V6D_TRACE_PROBE];
	struct v6d_ask ask;
};

struct v6d_trace_answer {
	unsigned id; /* of the ask */
	v6d_ns at; /* when it was handed to the probe */
	struct v6d_answer answer;
};

struct v6d_trace_check {
	char probe[V6D_TRACE_PROBE], status[12];
	char summary[V6D_PROBE_SUMMARY];
	unsigned ms;
};

struct v6d_trace_end {
	unsigned duration_ms;
	char client[V6D_SUBJECT], server[V6D_SUBJECT];
	uint64_t gre_sent, gre_sent_bytes, gre_came, gre_came_bytes;
	uint64_t other_sent, other_sent_bytes;
	uint64_t packets_left_out; /* of the run, beyond what was kept */
};

/* How an event of a kind is called, and its struct's fields. */
struct v6d_trace_what {
	const char *name;
	const struct v6d_fields *fields;
};
extern const struct v6d_trace_what v6d_trace_whats[V6D_N_TRACE_KINDS];

struct v6d_trace_event {
	enum v6d_trace_kind kind;
	void *body; /* the kind's struct */
};

struct v6d_trace {
	size_t n, cap;
	struct v6d_trace_event *events;
	bool lost; /* no memory for all of it */
	bool whole; /* read: its end was there */
};

/* NULL: no memory. */
struct v6d_trace *v6d_trace_new(void);
void v6d_trace_free(struct v6d_trace *t); /* NULL is fine */

/* Copies one event (body: the kind's struct) to the end of the list. */
void
v6d_trace_add(struct v6d_trace *t, enum v6d_trace_kind kind, const void *body);

/* The first event's body of that kind at or behind *at, or NULL; *at goes
 * behind it. NULL: from the beginning. */
const void *
v6d_trace_next(const struct v6d_trace *t, enum v6d_trace_kind kind, size_t *at);

/* One observation as an event's body and back; false: not of our names. */
void v6d_trace_from_obs(const struct v6d_obs *o, struct v6d_trace_fact *ret);
bool v6d_trace_to_obs(const struct v6d_trace_fact *f, struct v6d_obs *ret);

/* All of it as lines of JSON, NUL-terminated; free() it. NULL: no memory. */
char *v6d_trace_text(const struct v6d_trace *t, size_t *ret_n);

/*
 * Reads lines up to the first that cannot be understood. NULL, with words in
 * message (n bytes), when there is not even a head: none of ours, or of a
 * newer format. Events of an unknown kind are passed over. Where the end is
 * missing, `whole` is false and message says why.
 */
struct v6d_trace *
v6d_trace_read(const char *text, size_t len, char *message, size_t n);

#endif
