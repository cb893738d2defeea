/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe_napt.c - how many new IPv4 sessions do the routers on the way take?
 * Opens TCP connections to the profile's napt-target in growing steps, and
 * UDP sessions to a resolver beside them, never to the PPTP server, and not
 * more in all than the profile allows.
 */
#include <errno.h>
#include <string.h>

#include "probe/help.h"

#define PATIENCE V6D_S(5)
#define RUN V6D_MS(9500) /* all that a run is to take, whatever is wrong */
/* Two tries of a step, their count, and what is asked at the limit. */
#define LEAST V6D_MS(4100)
#define LEAST_LOSSY V6D_MS(1400) /* where chance would spoil the second */
#define PATIENCE_PER_FLOW V6D_MS(3) /* of those beyond the usual number */
#define USUAL 128
#define PING_PATIENCE V6D_MS(1200)
#define PING_LEAST V6D_MS(400)
#define PINGS 3
#define HTTP 80
#define DNS 53
#define TYPE_A 1
#define UDP_PART 4 /* of all sessions, the fourth part */
#define UDP_MOST 256 /* a resolver is no target to load */
/* One PC with a browser and mail keeps 200 to 300 sessions. */
#define ENOUGH 256

enum tag { FLOWS, SERVER, TUNNEL };

struct napt {
	unsigned left;
	bool server_answers, tunnel_lives;
	bool udp; /* UDP is counted as well */
	char target[V6D_ADDR_TEXT], resolver[V6D_ADDR_TEXT];
};

/* Whether UDP and TCP have entries in one table. */
enum tables { UNTOLD, ONE, TWO };

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

/* A resolver whose answers come through the routers that are in question. */
static bool
is_beyond(const struct v6d_plan *p, const struct v6d_addr *a)
{
	return a->family == 4 && !v6d_addr_eq(a, &p->gateway) &&
	       !v6d_addr_eq(a, &p->server) && !v6d_help_is_private(a);
}

static void
udp_targets(const struct v6d_plan *p, struct v6d_ask *q)
{
	for (unsigned i = 0; i < p->n_resolvers; i++) {
		if (!is_beyond(p, &p->resolvers[i]))
			continue;
		if (q->udp_addr.family == 0) {
			q->udp_addr = p->resolvers[i];
		} else if (!v6d_addr_eq(&q->udp_addr, &p->resolvers[i])) {
			q->udp_addr2 = p->resolvers[i];
			return;
		}
	}
}

/* How many of each, those in the routers' tables already subtracted. */
static void
share(const struct v6d_probe_run *r, struct v6d_ask *q)
{
	const struct v6d_plan *p = r->plan;
	unsigned most = p->max_sessions, n = others(r);

	q->flows = most > n ? most - n : 1;
	if (p->name[0] != '\0')
		udp_targets(p, q);
	if (q->udp_addr.family == 0 || q->flows < UDP_PART)
		return;
	q->udp_flows = q->flows / UDP_PART;
	if (q->udp_flows > UDP_MOST)
		q->udp_flows = UDP_MOST;
	q->flows -= q->udp_flows;
	q->qtype = TYPE_A;
	memcpy(q->name, p->name, sizeof(q->name));
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
		.timeout = patience(r) };

	if (why) {
		v6d_probe_end(r, V6D_PROBE_SKIPPED, "%s", why);
		return;
	}
	share(r, &q);
	second_target(p, &q);
	mine(r)->udp = q.udp_flows > 0;
	v6d_help_text(&p->napt_target, mine(r)->target);
	v6d_help_text(&q.udp_addr, mine(r)->resolver);
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
udp(struct v6d_probe_run *r, enum v6d_state state, const char *word,
    int64_t value)
{
	v6d_probe_fact(
	    r, V6D_FACT_NAPT_UDP, mine(r)->resolver, state, word, value);
}

static bool
tcp_lives(const struct v6d_answer *a)
{
	return a->flows_asked > 0 && a->flows_alive == a->flows_asked;
}

/*
 * TCP has met its limit: do a few of UDP still come up? Only while an older
 * one lives, which shows that the resolver answers, and while TCP takes no
 * more.
 */
static enum tables
tables(const struct v6d_answer *a)
{
	unsigned tried = a->udp - a->udp_asked + a->udp_failed;

	if (a->udp_asked == 0 || a->udp_alive < a->udp_asked || tried == 0 ||
	    !a->more_asked || a->more_up)
		return UNTOLD;
	if (a->udp_failed == 0)
		return TWO;
	return a->udp_failed == tried ? ONE : UNTOLD;
}

static void
udp_at_limit(struct v6d_probe_run *r, const struct v6d_answer *a, enum tables t)
{
	if (!mine(r)->udp)
		return;
	switch (t) {
	case ONE:
		udp(r, V6D_BAD, "shared", a->udp);
		break;
	case TWO:
		udp(r, V6D_OK, NULL, a->udp);
		break;
	case UNTOLD:
		udp(r, V6D_UNKNOWN, a->udp ? "at-least" : "silent", a->udp);
		break;
	}
}

/* What the limit of TCP counts, with what it counts beside this check's. */
static unsigned
counted(
    const struct v6d_probe_run *r, const struct v6d_answer *a, enum tables t)
{
	return a->flows +
	       (t == TWO ? v6d_probe_ok(r, V6D_FACT_CONTROL_TCP) : others(r));
}

static const char *
table_words(enum tables t)
{
	switch (t) {
	case ONE:
		return "UDP is lost as well";
	case TWO:
		return "UDP still comes up";
	case UNTOLD:
		break;
	}
	return "of UDP nothing is known";
}

static void
on_limit(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	const struct napt *x = mine(r);
	enum tables t = tables(a);
	unsigned n = counted(r, a, t);

	v6d_probe_fact(r, V6D_FACT_NAPT_OLD_ALIVE, x->target,
	    tcp_lives(a) ? V6D_OK : V6D_BAD, tcp_lives(a) ? NULL : "dead",
	    V6D_NO_VALUE);
	if (!tcp_lives(a)) {
		sessions(r, V6D_UNKNOWN, "interrupted", V6D_NO_VALUE);
		v6d_probe_end(r, V6D_PROBE_UNKNOWN,
		    "%u sessions to %.60s came up, then old ones failed as "
		    "well: that is no limit",
		    a->flows, x->target);
	} else if (n >= ENOUGH) {
		sessions(r, V6D_OK, NULL, n);
		v6d_probe_end(r, V6D_PROBE_PASS,
		    "%u new sessions at a time, then no more", a->flows);
	} else if (a->other_up && !a->more_up) {
		sessions(r, V6D_BAD, "per-target", a->flows);
		if (t == TWO)
			udp_at_limit(r, a, t);
		v6d_probe_end(r, V6D_PROBE_WARN,
		    "only %u new sessions to one target at a time; another "
		    "target still takes new ones",
		    a->flows);
	} else {
		sessions(r, V6D_BAD, "limit", n);
		udp_at_limit(r, a, t);
		v6d_probe_end(r, V6D_PROBE_WARN,
		    "only %u new TCP sessions at a time beside %u of this "
		    "run; the next are lost while old ones live; %s",
		    a->flows, n - a->flows, table_words(t));
	}
}

/* UDP has met its limit while more was allowed: does TCP take one more? */
static void
on_udp_limit(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	const struct napt *x = mine(r);
	unsigned all = a->flows + a->udp + others(r);

	if (!a->more_up) {
		sessions(r, V6D_BAD, "limit", all);
		udp(r, V6D_BAD, "shared", a->udp);
		v6d_probe_end(r, V6D_PROBE_WARN,
		    "only %u new sessions at a time, TCP and UDP together, "
		    "beside %u of this run; the next are lost while old ones "
		    "live",
		    a->flows + a->udp, others(r));
		return;
	}
	sessions(r, V6D_OK, NULL, all);
	if (a->udp_other_up) {
		udp(r, V6D_BAD, "per-target", a->udp);
		v6d_probe_end(r, V6D_PROBE_WARN,
		    "only %u new UDP sessions to %.60s at a time; another "
		    "resolver still answers",
		    a->udp, x->resolver);
		return;
	}
	udp(r, V6D_BAD, "limit", a->udp + r->outer_udp);
	v6d_probe_end(r, V6D_PROBE_WARN,
	    "only %u new UDP sessions at a time beside %u of this run; TCP "
	    "still takes new ones",
	    a->udp, r->outer_udp);
}

/* Of TCP all that were tried stand. */
static void
on_udp(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	const struct napt *x = mine(r);
	bool lives = a->udp_asked > 0 && a->udp_alive == a->udp_asked;
	bool told = a->how != V6D_ANSWER_TIMEOUT && a->more_asked && lives;

	if (x->udp && a->udp_failed > 0 && a->udp > 0 && told &&
	    a->flows + a->udp + others(r) < ENOUGH) {
		on_udp_limit(r, a);
		return;
	}
	sessions(r, V6D_OK, NULL, a->flows + a->udp + others(r));
	if (x->udp && a->udp_failed == 0 && a->how != V6D_ANSWER_TIMEOUT)
		udp(r, V6D_OK, NULL, a->udp);
	else if (x->udp)
		udp(r, V6D_UNKNOWN,
		    a->udp == 0 ? "silent"
		    : lives     ? "at-least"
				: "interrupted",
		    a->udp);
	v6d_probe_end(r, V6D_PROBE_PASS,
	    "%u new sessions at a time, %u of them of UDP; more were not "
	    "tried",
	    a->flows + a->udp + others(r), a->udp + r->outer_udp);
}

static void
on_flows(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	bool cut = a->how == V6D_ANSWER_TIMEOUT || a->err == EMFILE;
	bool counted_all = a->flows_failed == 0 && tcp_lives(a);

	if (a->how == V6D_ANSWER_REFUSED) {
		v6d_probe_end(r, V6D_PROBE_UNKNOWN,
		    "sessions could not be counted: %.100s", a->text);
	} else if (a->flows == 0 && !cut) {
		on_none(r, a);
	} else if (a->flows_failed > 0 && !cut) {
		on_limit(r, a);
	} else if (cut && !counted_all) {
		sessions(r, V6D_UNKNOWN, "at-least", a->flows);
		v6d_probe_end(r, V6D_PROBE_UNKNOWN,
		    "%u new sessions came up; %s", a->flows,
		    a->err == EMFILE ? "this host may open no more files"
				     : "then the time was up");
	} else {
		on_udp(r, a);
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
