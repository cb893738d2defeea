/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe.h - what a probe is: one file, one line in registry.def. A probe
 * does no I/O. It asks (ask.h), gets answers as data, and adds facts.
 */
#ifndef V6D_PROBE_PROBE_H
#define V6D_PROBE_PROBE_H

#include "diag/facts.h"
#include "probe/ask.h"

#define V6D_PROBE_STATE 16384 /* bytes of memory of its own a probe may use */
#define V6D_PROBE_SUMMARY 160
#define V6D_TARGETS 4

/* What the run is about: from the profile and the host. Constant in a run. */
struct v6d_plan {
	char server_name[V6D_ASK_TEXT]; /* as the profile has it, or "" */
	struct v6d_addr server; /* family 0: no server named */
	bool in_place; /* a session is up already: no session of ours */
	bool watched; /* in place: what carries the tunnel is seen */
	bool lent; /* in place: its owner carries out what needs the session */
	char interface[V6D_ASK_IFNAME]; /* the tunnel's, in its namespace */
	/* Of the tunnel interface, bytes inner IPv6; what was asked for until
	 * the link is up, then not more than the peer's MRU. */
	uint16_t mtu;
	uint16_t mru; /* that we announce, bytes; 0: 1500 */
	unsigned n_targets; /* IPv6 literals */
	struct v6d_addr targets[V6D_TARGETS];
	struct v6d_addr v4_target; /* family 0: none */
	char page[V6D_ASK_TEXT]; /* path of a large page at targets[0];
					   "": none is known, "/" is asked */
	char name[V6D_ASK_TEXT]; /* has A and AAAA; "": none */
	struct v6d_addr literal; /* what its AAAA should be; or family 0 */
	bool libc; /* libc asks the same resolvers as we do */
	unsigned n_resolvers;
	struct v6d_addr resolvers[V6D_TARGETS];
	char napt_name[V6D_ASK_TEXT]; /* as the profile has it, or "" */
	struct v6d_addr napt_target; /* family 0: no address of it */
	uint16_t napt_port;
	unsigned max_sessions; /* that napt may open at a time */
	struct v6d_addr gateway; /* IPv4 gateway towards the server */
	bool have_raw, have_tun; /* the rights this run has */
	int raw_err, tun_err; /* errno, where it has not */
	v6d_ns deadline; /* of the whole run, since its start */
	v6d_ns idle; /* wait so long without a packet; 0: do not */
};

enum v6d_probe_status {
	V6D_PROBE_WAITING, /* for what it is `after` */
	V6D_PROBE_RUNNING,
	V6D_PROBE_PASS,
	V6D_PROBE_WARN,
	V6D_PROBE_FAIL,
	V6D_PROBE_UNKNOWN, /* asked, and could not tell */
	V6D_PROBE_SKIPPED, /* not asked: summary says why */
	V6D_PROBE_BROKEN, /* the check itself failed */
};

struct v6d_probe;

/* One probe's life in one run. */
struct v6d_probe_run {
	const struct v6d_probe *probe;
	const struct v6d_plan *plan;
	struct v6d_facts *facts;
	enum v6d_probe_status status;
	char summary[V6D_PROBE_SUMMARY]; /* English, for --json and logs */
	v6d_ns started, ended; /* since the run's start */
	v6d_ns now; /* of the call under way */
	char source[16]; /* "probe gre", on its facts */
	/* Sessions outside the tunnel that others of this run had opened
	 * before this one started, in the routers' tables for a while. */
	unsigned outer_flows, outer_udp; /* in all; those of UDP */
	unsigned n_pending; /* asks without an answer yet */
	unsigned q_head, q_len;
	struct v6d_ask q[24]; /* asks not yet taken by the driver */
	_Alignas(16) uint8_t state[V6D_PROBE_STATE]; /* zeroed at the start */
};

struct v6d_probe {
	const char *name; /* "gre": command line and JSON */
	const char *question; /* one English sentence, ends with '?' */
	const char *after; /* names of probes that must be over, blanks
				   between; "" for none */
	const char *in_place_after; /* the same where a tunnel is judged in
				       place; NULL: no different */
	const char *needs; /* names of facts that must be ok by then, else
				   it is skipped; blanks between. A fact that
				   nobody saw blocks only when some `after`
				   probe was there to see it */
	const char *without; /* why it is skipped then: "no call came up" */
	bool exclusive; /* runs alone: it disturbs others */
	/* Asks its first questions, or concludes at once. */
	void (*start)(struct v6d_probe_run *r);
	/* Every ask gets exactly one answer (a time-out is one). */
	void (*answer)(struct v6d_probe_run *r, const struct v6d_answer *a);
};

extern const struct v6d_probe *const v6d_probes[];
extern const size_t v6d_n_probes;

/* The probe of that name, or NULL. */
const struct v6d_probe *v6d_probe_by_name(const char *name);

/* For probes: queues one ask. False (and the ask is lost) when 24 wait. */
bool v6d_probe_ask(struct v6d_probe_run *r, const struct v6d_ask *a);

/* For probes: adds a fact, as v6d_facts_add. */
void v6d_probe_fact(struct v6d_probe_run *r, enum v6d_fact fact,
    const char *subject, enum v6d_state state, const char *word, int64_t value);

/* For probes: adds a rate in per mille, of `hits` of n, with its bounds. */
void v6d_probe_rate(struct v6d_probe_run *r, enum v6d_fact fact,
    enum v6d_state state, const char *word, unsigned hits, unsigned n);

/* For probes: the newest observation is OK (BAD or WAS_OK) / there is one. */
bool v6d_probe_ok(const struct v6d_probe_run *r, enum v6d_fact fact);
bool v6d_probe_bad(const struct v6d_probe_run *r, enum v6d_fact fact);
bool v6d_probe_seen(const struct v6d_probe_run *r, enum v6d_fact fact);

/* For probes: the end, with its status and a sentence. */
void v6d_probe_end(struct v6d_probe_run *r, enum v6d_probe_status status,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

const char *v6d_probe_status_name(enum v6d_probe_status s);

/*
 * The graph: which probes run when. Pure; the driver calls step, carries out
 * the asks it takes, and hands the answers back.
 */
struct v6d_graph;

size_t v6d_graph_size(size_t n_probes);

/* p: the probes wanted, in any order; their `after` is honoured among those
 * wanted only. mem: v6d_graph_size(n) bytes, aligned as malloc aligns. */
struct v6d_graph *v6d_graph_init(void *mem, const struct v6d_probe *const *p,
    size_t n, const struct v6d_plan *plan, struct v6d_facts *facts);

/*
 * Takes the next ask to carry out (and, in *ret_run, whose it is), starting
 * probes that have become ready. False: nothing to do until an answer.
 */
bool v6d_graph_take(struct v6d_graph *g, v6d_ns now, struct v6d_ask *ret_ask,
    struct v6d_probe_run **ret_run);

/* Hands an answer to the probe that asked; the facts must be up to date. */
void v6d_graph_answer(struct v6d_graph *g, struct v6d_probe_run *r,
    const struct v6d_answer *a, v6d_ns now);

/* Ends what still runs or waits as V6D_PROBE_UNKNOWN: the time is up. */
void v6d_graph_expire(struct v6d_graph *g, v6d_ns now);

bool v6d_graph_done(const struct v6d_graph *g);
size_t v6d_graph_n(const struct v6d_graph *g);
const struct v6d_probe_run *v6d_graph_run(const struct v6d_graph *g, size_t i);

#endif
