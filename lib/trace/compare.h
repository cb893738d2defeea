/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compare.h - two reports side by side: before and after, this line and that
 * one. What of the surroundings changed, which causes went and came, and what
 * may be concluded from that: several changes at once narrow, and do not
 * prove.
 */
#ifndef V6D_TRACE_COMPARE_H
#define V6D_TRACE_COMPARE_H

#include "base/text.h"
#include "probe/probe.h"
#include "report/report.h"
#include "trace/trace.h"

#define V6D_COMPARE_TEXT 160
#define V6D_COMPARE_CAUSES 16
#define V6D_COMPARE_FACTS 64

/* One of the two. */
struct v6d_side {
	const char *name; /* the file's */
	const struct v6d_report *report;
	const struct v6d_plan *plan; /* NULL: of a capture */
	const struct v6d_trace *trace; /* NULL: of a capture */
	const char *system; /* kernel, or "" */
	bool pseudonyms; /* its addresses and names are not its own */
};

/* What surrounds a diagnosis. */
enum v6d_aspect {
	V6D_ASPECT_LINE, /* this host's own address: the line it is on */
	V6D_ASPECT_DEVICE, /* the gateway */
	V6D_ASPECT_NAT, /* how many routers translate */
	V6D_ASPECT_PATH_MTU, /* what the path carries */
	V6D_ASPECT_SERVER,
	V6D_ASPECT_TUNNEL, /* interface's MTU, MRU, how it is made */
	V6D_ASPECT_LOGIN, /* method and encryption */
	V6D_ASPECT_RESOLVERS,
	V6D_ASPECT_TARGETS,
	V6D_ASPECT_SYSTEM,
	V6D_ASPECT_ADDRESSES, /* of this host, but the tunnel's */
	V6D_ASPECT_ROUTES,
	V6D_ASPECT_RULES, /* policy routing */
	V6D_ASPECT_SYSCTLS,
	V6D_ASPECT_FILTER, /* how many rules, and whether they are others */
	V6D_N_ASPECTS
};

enum v6d_aspect_how {
	V6D_ASPECT_UNKNOWN, /* one of the two does not say */
	V6D_ASPECT_SAME,
	V6D_ASPECT_CHANGED,
};

struct v6d_aspect_pair {
	enum v6d_aspect_how how;
	char was[V6D_COMPARE_TEXT], is[V6D_COMPARE_TEXT];
	bool result; /* it may follow from the cause itself */
};

struct v6d_fact_pair {
	enum v6d_fact fact;
	const struct v6d_obs *was, *is; /* the newest; NULL: not observed */
};

struct v6d_cause_list {
	unsigned n;
	enum v6d_cause cause[V6D_COMPARE_CAUSES];
};

enum v6d_conclusion {
	V6D_CONCLUDE_SAME, /* the same causes, or none */
	V6D_CONCLUDE_NARROWED, /* several things changed: among them */
	V6D_CONCLUDE_POINTED, /* one thing changed */
	V6D_CONCLUDE_UNSEEN, /* nothing changed that was looked at */
	V6D_CONCLUDE_OPEN, /* one of the two could not tell */
};

struct v6d_comparison {
	struct v6d_side was, is;
	struct v6d_aspect_pair aspects[V6D_N_ASPECTS];
	unsigned n_changed; /* of these, other than results */
	/* Named or among the candidates of only one of them, or of both. */
	struct v6d_cause_list gone, come, stayed;
	unsigned n_facts, n_facts_dropped;
	struct v6d_fact_pair facts[V6D_COMPARE_FACTS];
	enum v6d_conclusion conclusion;
};

void v6d_compare(const struct v6d_side *was, const struct v6d_side *is,
    struct v6d_comparison *ret);

/* What changed, for the report of `is`. */
void
v6d_compare_since(const struct v6d_comparison *c, struct v6d_report_since *ret);

/*
 * compare_setup.c: of what a run read of its host (probe setup), what only
 * one of the two had, ", " between; a list that grew has "" in was. Unknown
 * where one of the two did not read it, or not all of it.
 */
enum v6d_aspect_how
v6d_compare_setup(const struct v6d_side *was, const struct v6d_side *is,
    enum v6d_aspect what, struct v6d_text *ret_was, struct v6d_text *ret_is);

/* "line", ...: as in JSON; and in words. */
const char *v6d_aspect_name(enum v6d_aspect a);
const char *v6d_aspect_words(enum v6d_aspect a);
const char *v6d_conclusion_name(enum v6d_conclusion c);

/* For people and for machines (schema v6doctor-compare/1), in a language
 * (NULL: English); free() them. */
char *v6d_compare_text(const struct v6d_comparison *c, enum v6d_color color,
    const struct v6d_lang *l, unsigned columns);
char *
v6d_compare_json(const struct v6d_comparison *c, const struct v6d_lang *l);

#endif
