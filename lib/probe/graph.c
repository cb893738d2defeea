/* SPDX-License-Identifier: GPL-2.0-or-later */
/* graph.c - which probes run when, and what they may do while they run. */
#include "probe/probe.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/rate.h"
#include "base/text.h"
#include "base/wire.h"

struct v6d_graph {
	struct v6d_facts *facts;
	size_t n;
	unsigned outer_flows, outer_udp; /* asked for so far */
	struct v6d_probe_run runs[];
};

static bool
is_over(enum v6d_probe_status s)
{
	return s != V6D_PROBE_WAITING && s != V6D_PROBE_RUNNING;
}

/* The next word of a list with blanks between; 0 at its end. */
static size_t
next_word(const char **list, const char **ret_word)
{
	const char *p = *list + strspn(*list, " ");
	size_t n = strcspn(p, " ");

	*ret_word = p;
	*list = p + n;
	return n;
}

static struct v6d_probe_run *
find_run(struct v6d_graph *g, const char *name, size_t n)
{
	for (size_t i = 0; i < g->n; i++) {
		const char *have = g->runs[i].probe->name;

		if (strlen(have) == n && memcmp(have, name, n) == 0)
			return &g->runs[i];
	}
	return NULL;
}

/* True when everything it waits for is over; *ret_all: all of it is asked
 * for, so that what it would have shown is known. */
static bool
after_is_over(
    struct v6d_graph *g, const struct v6d_probe_run *self, bool *ret_all)
{
	const struct v6d_probe *p = self->probe;
	const char *list = self->plan->in_place && p->in_place_after
			       ? p->in_place_after
			       : p->after;
	const char *word;
	bool all = true;
	size_t n;

	while ((n = next_word(&list, &word)) > 0) {
		const struct v6d_probe_run *r = find_run(g, word, n);

		if (r && !is_over(r->status))
			return false;
		all = all && r;
	}
	*ret_all = all;
	return true;
}

/* The first need that is not met, or false: all are. */
static bool
unmet_need(const struct v6d_graph *g, const struct v6d_probe *p, bool strict,
    enum v6d_fact *ret_fact)
{
	const char *list = p->needs, *word;
	char name[48];
	size_t n;

	while ((n = next_word(&list, &word)) > 0) {
		const struct v6d_obs *o;
		enum v6d_fact fact;

		if (n >= sizeof(name))
			continue;
		memcpy(name, word, n);
		name[n] = '\0';
		if (!v6d_fact_by_name(name, &fact))
			continue;
		o = v6d_facts_last(g->facts, fact);
		if (o ? o->state != V6D_OK : strict) {
			*ret_fact = fact;
			return true;
		}
	}
	return false;
}

/* A probe's facts carry its name and the time of the call. */
static const char *
enter(struct v6d_graph *g, struct v6d_probe_run *r, v6d_ns now)
{
	const char *before = g->facts->source;

	r->now = now;
	g->facts->source = r->source;
	g->facts->now = now;
	return before;
}

static void
leave(struct v6d_graph *g, struct v6d_probe_run *r, const char *before)
{
	g->facts->source = before;
	if (r->status == V6D_PROBE_RUNNING && r->n_pending == 0)
		v6d_probe_end(r, V6D_PROBE_BROKEN,
		    "the check stopped without a result (a bug in v6doctor)");
	if (is_over(r->status))
		r->ended = r->now;
}

/* Without one nobody could have seen what it shows: the probe says why. */
static bool
own_tunnel(const struct v6d_plan *p)
{
	return !p->in_place && p->server.family != 0 && p->have_raw &&
	       p->have_tun;
}

static void
start(struct v6d_graph *g, struct v6d_probe_run *r, bool strict, v6d_ns now)
{
	const char *before = enter(g, r, now);
	enum v6d_fact fact;

	r->started = now;
	r->outer_flows = g->outer_flows;
	r->outer_udp = g->outer_udp;
	r->status = V6D_PROBE_RUNNING;
	if (unmet_need(g, r->probe, strict && own_tunnel(r->plan), &fact))
		v6d_probe_end(
		    r, V6D_PROBE_SKIPPED, "not tried: %s", r->probe->without);
	else
		r->probe->start(r);
	leave(g, r, before);
}

/* True when some probe runs; *ret_alone: it wants to be alone. */
static bool
running(const struct v6d_graph *g, bool *ret_alone)
{
	bool any = false;

	*ret_alone = false;
	for (size_t i = 0; i < g->n; i++)
		if (g->runs[i].status == V6D_PROBE_RUNNING) {
			any = true;
			*ret_alone |= g->runs[i].probe->exclusive;
		}
	return any;
}

/* Starts what has become ready. True when something was started. */
static bool
start_ready(struct v6d_graph *g, v6d_ns now)
{
	bool started = false;

	for (size_t i = 0; i < g->n; i++) {
		struct v6d_probe_run *r = &g->runs[i];
		bool all, alone, any = running(g, &alone);

		if (r->status != V6D_PROBE_WAITING || alone ||
		    (any && r->probe->exclusive) || !after_is_over(g, r, &all))
			continue;
		start(g, r, all, now);
		started = true;
	}
	return started;
}

size_t
v6d_graph_size(size_t n_probes)
{
	return sizeof(struct v6d_graph) +
	       n_probes * sizeof(struct v6d_probe_run);
}

struct v6d_graph *
v6d_graph_init(void *mem, const struct v6d_probe *const *p, size_t n,
    const struct v6d_plan *plan, struct v6d_facts *facts)
{
	struct v6d_graph *g = mem;

	memset(g, 0, v6d_graph_size(n));
	g->facts = facts;
	g->n = n;
	for (size_t i = 0; i < n; i++) {
		struct v6d_probe_run *r = &g->runs[i];

		r->probe = p[i];
		r->plan = plan;
		r->facts = facts;
		snprintf(r->source, sizeof(r->source), "probe %s", p[i]->name);
	}
	return g;
}

/*
 * An entry that stays in the tables of the routers on the way: UDP and ICMP
 * time out there (30 s and more), while TCP is closed in good order, after
 * which many routers count it no more.
 */
static bool
is_outer_flow(const struct v6d_ask *q, const struct v6d_plan *p)
{
	if (q->ns != V6D_NS_HOST || v6d_addr_eq(&q->addr, &p->gateway))
		return false;
	return (q->kind == V6D_ASK_DNS && !q->tcp) || q->kind == V6D_ASK_LIBC ||
	       q->kind == V6D_ASK_PING;
}

static void
count_outer(
    struct v6d_graph *g, const struct v6d_ask *q, const struct v6d_plan *p)
{
	if (!is_outer_flow(q, p))
		return;
	g->outer_flows++;
	g->outer_udp += q->kind != V6D_ASK_PING;
}

bool
v6d_graph_take(struct v6d_graph *g, v6d_ns now, struct v6d_ask *ret_ask,
    struct v6d_probe_run **ret_run)
{
	do {
		for (size_t i = 0; i < g->n; i++) {
			struct v6d_probe_run *r = &g->runs[i];

			if (r->q_len == 0)
				continue;
			*ret_ask = r->q[r->q_head];
			*ret_run = r;
			r->q_head = (r->q_head + 1) % V6D_ARRAY_LEN(r->q);
			r->q_len--;
			count_outer(g, ret_ask, r->plan);
			return true;
		}
	} while (start_ready(g, now));
	return false;
}

void
v6d_graph_answer(struct v6d_graph *g, struct v6d_probe_run *r,
    const struct v6d_answer *a, v6d_ns now)
{
	const char *before;

	if (r->n_pending > 0)
		r->n_pending--;
	if (r->status != V6D_PROBE_RUNNING)
		return; /* it has ended; the answer is late */
	before = enter(g, r, now);
	r->probe->answer(r, a);
	leave(g, r, before);
}

void
v6d_graph_expire(struct v6d_graph *g, v6d_ns now)
{
	for (size_t i = 0; i < g->n; i++) {
		struct v6d_probe_run *r = &g->runs[i];
		bool waited = r->status == V6D_PROBE_WAITING;

		if (is_over(r->status))
			continue;
		r->now = now;
		v6d_probe_end(r, V6D_PROBE_UNKNOWN,
		    waited ? "not reached before the time was up"
			   : "no result before the time was up");
		r->started = waited ? now : r->started;
		r->ended = now;
	}
}

bool
v6d_graph_done(const struct v6d_graph *g)
{
	for (size_t i = 0; i < g->n; i++)
		if (!is_over(g->runs[i].status))
			return false;
	return true;
}

size_t
v6d_graph_n(const struct v6d_graph *g)
{
	return g->n;
}

const struct v6d_probe_run *
v6d_graph_run(const struct v6d_graph *g, size_t i)
{
	return &g->runs[i];
}

bool
v6d_probe_ask(struct v6d_probe_run *r, const struct v6d_ask *a)
{
	if (r->q_len == V6D_ARRAY_LEN(r->q))
		return false;
	r->q[(r->q_head + r->q_len) % V6D_ARRAY_LEN(r->q)] = *a;
	r->q_len++;
	r->n_pending++;
	return true;
}

void
v6d_probe_fact(struct v6d_probe_run *r, enum v6d_fact fact, const char *subject,
    enum v6d_state state, const char *word, int64_t value)
{
	v6d_facts_add(r->facts, fact, subject, state, word, value);
}

void
v6d_probe_rate(struct v6d_probe_run *r, enum v6d_fact fact,
    enum v6d_state state, const char *word, unsigned hits, unsigned n)
{
	struct v6d_rate x = v6d_rate_of(hits, n);

	v6d_facts_add_between(r->facts, fact, NULL, state, word,
	    (x.seen + 500) / 1000, x.low / 1000, (x.high + 999) / 1000);
}

bool
v6d_probe_ok(const struct v6d_probe_run *r, enum v6d_fact fact)
{
	const struct v6d_obs *o = v6d_facts_last(r->facts, fact);

	return o && o->state == V6D_OK;
}

bool
v6d_probe_bad(const struct v6d_probe_run *r, enum v6d_fact fact)
{
	const struct v6d_obs *o = v6d_facts_last(r->facts, fact);

	return o && (o->state == V6D_BAD || o->state == V6D_WAS_OK);
}

bool
v6d_probe_seen(const struct v6d_probe_run *r, enum v6d_fact fact)
{
	return v6d_facts_last(r->facts, fact) != NULL;
}

void
v6d_probe_end(
    struct v6d_probe_run *r, enum v6d_probe_status status, const char *fmt, ...)
{
	va_list ap;

	r->status = status;
	r->q_len = 0;
	va_start(ap, fmt);
	vsnprintf(r->summary, sizeof(r->summary), fmt, ap);
	va_end(ap);
}

const char *
v6d_probe_status_name(enum v6d_probe_status s)
{
	switch (s) {
	case V6D_PROBE_WAITING:
		return "waiting";
	case V6D_PROBE_RUNNING:
		return "running";
	case V6D_PROBE_PASS:
		return "pass";
	case V6D_PROBE_WARN:
		return "warn";
	case V6D_PROBE_FAIL:
		return "fail";
	case V6D_PROBE_UNKNOWN:
		return "unknown";
	case V6D_PROBE_SKIPPED:
		return "skipped";
	case V6D_PROBE_BROKEN:
		return "broken";
	}
	return "?";
}
