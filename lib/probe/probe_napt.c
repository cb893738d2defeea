/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe_napt.c - how many new IPv4 sessions do the routers on the way take?
 * Opens TCP connections to the profile's napt-target in growing steps, never
 * to the PPTP server, and not more than the profile allows.
 */
#include <errno.h>
#include <string.h>

#include "probe/help.h"

#define PATIENCE V6D_S(5)
#define RUN V6D_MS(9500) /* all that a run is to take, whatever is wrong */
#define LEAST V6D_MS(2800) /* two tries of a step, and their count */
#define LEAST_LOSSY V6D_MS(1400) /* where chance would spoil the second */
#define PATIENCE_PER_FLOW V6D_MS(3) /* of those beyond the usual number */
#define USUAL 128
#define PING_PATIENCE V6D_MS(1200)
#define PING_LEAST V6D_MS(400)
#define PINGS 3
#define HTTP 80
#define DNS 53
/* One PC with a browser and mail keeps 200 to 300 sessions. */
#define ENOUGH 256

enum tag { FLOWS, SERVER, TUNNEL };

struct napt {
	unsigned left;
	bool server_answers, tunnel_lives;
	char target[V6D_ADDR_TEXT];
};

static struct napt *
mine(struct v6d_probe_run *r)
{
	return (struct napt *)(void *)r->state;
}

static const char *
why_not(struct v6d_probe_run *r)
{
	const struct v6d_plan *p = r->plan;

	if (p->napt_name[0] == '\0')
		return "the profile names no napt-target to open sessions to";
	if (p->napt_target.family != 4)
		return "the napt-target has no IPv4 address";
	if (v6d_addr_eq(&p->napt_target, &p->server))
		return "the napt-target is the PPTP server: name another";
	if (v6d_probe_bad(r, V6D_FACT_LAN_ADDR) ||
	    v6d_probe_bad(r, V6D_FACT_LAN_ROUTE) ||
	    v6d_probe_bad(r, V6D_FACT_LAN_GATEWAY))
		return "not tried: this host has no way out";
	return NULL;
}

/*
 * A second target tells a limit of the router from one for each target (a
 * shared address has few ports left for each).
 */
static void
second_target(const struct v6d_plan *p, struct v6d_ask *q)
{
	if (p->v4_target.family == 4 &&
	    !v6d_addr_eq(&p->v4_target, &p->napt_target)) {
		q->addr2 = p->v4_target;
		q->port2 = HTTP;
		return;
	}
	for (unsigned i = 0; i < p->n_resolvers; i++)
		if (p->resolvers[i].family == 4 &&
		    !v6d_addr_eq(&p->resolvers[i], &p->napt_target) &&
		    !v6d_addr_eq(&p->resolvers[i], &p->gateway)) {
			q->addr2 = p->resolvers[i];
			q->port2 = DNS;
			return;
		}
}

/*
 * What this run has in the routers' tables already: what its checks have
 * opened, and the tunnel's control connection and GRE.
 */
static unsigned
others(const struct v6d_probe_run *r)
{
	return r->outer_flows + v6d_probe_ok(r, V6D_FACT_CONTROL_TCP) +
	       v6d_probe_ok(r, V6D_FACT_GRE_SEND);
}

static unsigned
flows(const struct v6d_probe_run *r)
{
	unsigned most = r->plan->max_sessions, n = others(r);

	return most > n ? most - n : 1;
}

/* Where losses have made the run long, less is left for this. */
static v6d_ns
patience(const struct v6d_probe_run *r)
{
	unsigned most = r->plan->max_sessions;
	v6d_ns least = LEAST;

	if (most > USUAL)
		return PATIENCE + (most - USUAL) * PATIENCE_PER_FLOW;
	if (v6d_help_lossy(r))
		least = LEAST_LOSSY;
	if (r->now + least >= RUN)
		return least;
	return RUN - r->now < PATIENCE ? RUN - r->now : PATIENCE;
}

static void
start(struct v6d_probe_run *r)
{
	const struct v6d_plan *p = r->plan;
	const char *why = why_not(r);
	struct v6d_ask q = { .kind = V6D_ASK_FLOWS,
		.tag = FLOWS,
		.ns = V6D_NS_HOST,
		.addr = p->napt_target,
		.port = p->napt_port,
		.flows = flows(r),
		.timeout = patience(r) };

	if (why) {
		v6d_probe_end(r, V6D_PROBE_SKIPPED, "%s", why);
		return;
	}
	second_target(p, &q);
	v6d_help_text(&p->napt_target, mine(r)->target);
	v6d_probe_ask(r, &q);
}

static void
sessions(struct v6d_probe_run *r, enum v6d_state state, const char *word,
    int64_t value)
{
	v6d_probe_fact(
	    r, V6D_FACT_NAPT_SESSIONS, mine(r)->target, state, word, value);
}

/* ---- none came up ---- */

/* By what the tunnel's packets took to the same server. */
static v6d_ns
ping_patience(const struct v6d_probe_run *r)
{
	const struct v6d_obs *o = v6d_facts_last(r->facts, V6D_FACT_GRE_RTT);
	v6d_ns t = PING_LEAST;

	if (!o || o->value <= 0 || v6d_help_lossy(r))
		return PING_PATIENCE;
	t += 4 * V6D_US((v6d_ns)o->value);
	return t < PING_PATIENCE ? t : PING_PATIENCE;
}

/* An echo needs a new entry as well; the tunnel has had its own for long. */
static void
ask_elsewhere(struct v6d_probe_run *r)
{
	const struct v6d_plan *p = r->plan;
	struct napt *x = mine(r);
	v6d_ns patience = ping_patience(r);

	if (p->server.family == 4) {
		v6d_help_ping(
		    r, V6D_NS_HOST, &p->server, PINGS, patience, SERVER);
		x->left++;
	}
	if (p->n_targets > 0 && v6d_probe_ok(r, V6D_FACT_V6_SMALL)) {
		v6d_help_ping(
		    r, V6D_NS_TUNNEL, &p->targets[0], PINGS, patience, TUNNEL);
		x->left++;
	}
}

static void
none_came(struct v6d_probe_run *r)
{
	const struct napt *x = mine(r);

	if (x->tunnel_lives)
		v6d_probe_fact(r, V6D_FACT_NAPT_OLD_ALIVE, "tunnel", V6D_OK,
		    NULL, V6D_NO_VALUE);
	if (x->server_answers || !x->tunnel_lives) {
		sessions(r, V6D_UNKNOWN, "silent", V6D_NO_VALUE);
		v6d_probe_end(r, V6D_PROBE_UNKNOWN,
		    x->server_answers
			? "%.60s does not answer; the PPTP server answers a "
			  "new echo, so the routers do take new sessions"
			: "%.60s does not answer, and no tunnel is up to "
			  "compare with",
		    x->target);
		return;
	}
	sessions(r, V6D_BAD, "exhausted", 0);
	v6d_probe_end(r, V6D_PROBE_FAIL,
	    "no new IPv4 session comes up, to %.60s or the server; the "
	    "tunnel, which is older, lives",
	    x->target);
}

static void
on_none(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	const struct napt *x = mine(r);

	if (a->err == ETIMEDOUT) {
		ask_elsewhere(r);
		if (x->left == 0)
			none_came(r);
		return;
	}
	v6d_probe_end(r, V6D_PROBE_UNKNOWN, "%.60s: %s", x->target,
	    a->err == ECONNREFUSED ? "its port is closed, so sessions cannot "
				     "be counted there"
				   : "cannot be reached from this host");
}

/* ---- some came up ---- */

static void
on_limit(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	const struct napt *x = mine(r);
	bool alive = a->flows_asked > 0 && a->flows_alive == a->flows_asked;

	v6d_probe_fact(r, V6D_FACT_NAPT_OLD_ALIVE, x->target,
	    alive ? V6D_OK : V6D_BAD, alive ? NULL : "dead", V6D_NO_VALUE);
	if (!alive) {
		sessions(r, V6D_UNKNOWN, "interrupted", V6D_NO_VALUE);
		v6d_probe_end(r, V6D_PROBE_UNKNOWN,
		    "%u sessions to %.60s came up, then old ones failed as "
		    "well: that is no limit",
		    a->flows, x->target);
	} else if (a->flows + others(r) >= ENOUGH) {
		sessions(r, V6D_OK, NULL, a->flows + others(r));
		v6d_probe_end(r, V6D_PROBE_PASS,
		    "%u new sessions at a time, then no more", a->flows);
	} else if (a->other_up) {
		sessions(r, V6D_BAD, "per-target", a->flows);
		v6d_probe_end(r, V6D_PROBE_WARN,
		    "only %u new sessions to one target at a time; another "
		    "target still takes new ones",
		    a->flows);
	} else {
		sessions(r, V6D_BAD, "limit", a->flows + others(r));
		v6d_probe_end(r, V6D_PROBE_WARN,
		    "only %u new sessions at a time beside %u of this run; "
		    "the next are lost while old ones live",
		    a->flows, others(r));
	}
}

static void
on_flows(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	bool cut = a->how == V6D_ANSWER_TIMEOUT || a->err == EMFILE;

	if (a->how == V6D_ANSWER_REFUSED) {
		v6d_probe_end(r, V6D_PROBE_UNKNOWN,
		    "sessions could not be counted: %.100s", a->text);
	} else if (a->flows == 0 && !cut) {
		on_none(r, a);
	} else if (a->flows_failed > 0 && !cut) {
		on_limit(r, a);
	} else if (a->flows == 0 || (cut && a->flows_failed > 0)) {
		sessions(r, V6D_UNKNOWN, "at-least", a->flows);
		v6d_probe_end(r, V6D_PROBE_UNKNOWN,
		    "%u new sessions came up; %s", a->flows,
		    a->err == EMFILE ? "this host may open no more files"
				     : "then the time was up");
	} else {
		sessions(r, V6D_OK, NULL, a->flows + others(r));
		v6d_probe_end(r, V6D_PROBE_PASS,
		    "%u new sessions at a time; more were not tried",
		    a->flows + others(r));
	}
}

static void
answer(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	struct napt *x = mine(r);

	switch ((enum tag)a->tag) {
	case FLOWS:
		on_flows(r, a);
		return;
	case SERVER:
		x->server_answers = v6d_help_pong(a) != NULL;
		break;
	case TUNNEL:
		x->tunnel_lives = v6d_help_pong(a) != NULL;
		break;
	}
	if (--x->left == 0)
		none_came(r);
}

const struct v6d_probe v6d_probe_napt = {
	.name = "napt",
	.question = "How many new sessions do the routers on the way take?",
	.after = "host control gre ppp ra filter route pmtu dns name",
	.needs = "",
	.without = "",
	.exclusive = true,
	.start = start,
	.answer = answer,
};
