/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report.h - a finished run as text for people or JSON for machines. */
#ifndef V6D_REPORT_REPORT_H
#define V6D_REPORT_REPORT_H

#include "base/lang.h"
#include "diag/diagnosis.h"
#include "diag/witness.h"
#include "flow/trail.h"

struct v6d_check {
	char probe[24];
	const char *status; /* pass warn fail unknown skipped broken */
	char summary[160];
	unsigned ms;
};

/* One of a capture's tunnels. */
struct v6d_report_tunnel {
	size_t number; /* in the capture, from 1 on */
	unsigned began_ms; /* since the capture's first packet */
	char client[V6D_SUBJECT], server[V6D_SUBJECT];
	struct v6d_position position;
	enum v6d_verdict verdict;
	const char *code;
	/* in whole ones only, else NULL; until the next one is asked for */
	const struct v6d_facts *facts;
	const struct v6d_diagnosis *diagnosis;
};

/* All of them, the worst first. */
struct v6d_report_tunnels {
	size_t n;
	void (*get)(
	    void *arg, size_t i, bool whole, struct v6d_report_tunnel *ret_t);
	void *arg;
};

/* One of several captures of the same session, the nearest to the client
 * first. */
struct v6d_report_place {
	const char *name; /* of its file, or files */
	struct v6d_position position;
	enum v6d_verdict verdict; /* what it tells by itself */
	const char *code;
};

/* What became of the session's packets between two of them. */
struct v6d_report_between {
	const char *near_name, *far_name;
	bool ordered; /* it is known which is nearer to the client */
	bool partial; /* there were more packets than are compared */
	struct v6d_between seen;
};

/* Of a pasted text: findings, hypotheses, what to test next. */
struct v6d_report_note {
	const char *name, *grade, *text, *where;
};
struct v6d_report_guess {
	const char *name, *text, *why;
	const char *standing; /* stands claimed-against refuted */
};
struct v6d_report_test {
	const char *name, *text;
};

/*
 * What is otherwise than in the last run of this profile that was healthy:
 * of a run that is not.
 */
#define V6D_SINCE_CHANGES 16
#define V6D_SINCE_TEXT 160
struct v6d_report_change {
	const char *name; /* "routes" */
	const char *words; /* a message: "the routes" */
	/* English parts with ", " between; "": nothing of it */
	char was[V6D_SINCE_TEXT], is[V6D_SINCE_TEXT];
	bool result; /* it may follow from the fault itself */
};
struct v6d_report_since {
	int64_t started_unix_ms; /* of that run */
	unsigned n;
	struct v6d_report_change changes[V6D_SINCE_CHANGES];
};

/* Everything that a rendering may need; all borrowed. */
struct v6d_report {
	const struct v6d_lang *lang; /* of what people read; NULL: English */
	unsigned columns; /* of the terminal, for the text; 0: the usual */
	const char *version;
	const char *source_kind; /* live capture text report lab */
	const char *source_name; /* file, lab or profile; or NULL */
	int64_t started_unix_ms;
	unsigned duration_ms;
	char client[V6D_SUBJECT], server[V6D_SUBJECT]; /* for the path line */
	const struct v6d_facts *facts;
	const struct v6d_diagnosis *diagnosis;
	const struct v6d_scope *scope;
	size_t n_checks;
	const struct v6d_check *checks;
	const struct v6d_report_since *since; /* or NULL */
	/* of a capture: where it was taken, what was seen, which tunnel this
	   is, and how many there are; all of them, if they are asked for */
	struct v6d_position position;
	const struct v6d_view *view; /* or NULL */
	size_t tunnel, n_in_capture;
	uint64_t n_left_out; /* packets of tunnels that had no room */
	struct v6d_report_tunnels tunnels;
	/* of several captures of one session */
	size_t n_places, n_between;
	const struct v6d_report_place *places;
	const struct v6d_report_between *between;
	/* of a pasted text */
	size_t n_notes, n_guesses, n_tests;
	const struct v6d_report_note *notes;
	const struct v6d_report_guess *guesses;
	const struct v6d_report_test *tests;
	/* live: GRE that went out and came in, outer packets and bytes */
	uint64_t gre_sent, gre_sent_bytes, gre_came, gre_came_bytes;
	/* and what else the run sent from the host, IP packets and bytes */
	uint64_t other_sent, other_sent_bytes;
};

enum v6d_color { V6D_COLOR_NEVER, V6D_COLOR_ALWAYS };

/*
 * The report for a terminal: verdict, path, checks, diagnosis, what to do.
 * Returns malloc'd text that the caller frees, or NULL (no memory).
 */
char *
v6d_report_text(const struct v6d_report *r, enum v6d_color color, bool verbose);

/* One JSON document (schema v6doctor/1), newline at the end; free() it. */
char *v6d_report_json(const struct v6d_report *r);

/*
 * `explain`: a cause, probe, fact, telephone code, abbreviation (glossary.def)
 * or number of another program (codes.h) in words; NULL when there is no such
 * thing, or no text for it. columns: of the terminal, 0: the usual. free() it.
 */
char *
v6d_explain_text(const char *what, const struct v6d_lang *l, unsigned columns);

/*
 * What kind of number this is, of which there is no text: "an error of the
 * dial-up of Windows"; NULL: there is no such thing.
 */
const char *v6d_explain_no_text(const char *what);

/* `list`: causes by layer. free() it. */
char *v6d_list_causes_text(const struct v6d_lang *l);

#endif
