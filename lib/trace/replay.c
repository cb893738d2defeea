/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replay.c - drives the graph of probes with recorded answers. It writes down
 * what happens as a live run does; the two records are then compared.
 */
#include "trace/replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "trace/record.h"
#include "trace/tables.h"

#define PROBES 32
#define FACTS 2048
#define WAITING V6D_RECORD_WAITING
#define PROBE_SOURCE "probe " /* begins the source of a probe's facts */

struct waiting {
	struct v6d_probe_run *who;
	struct v6d_ask ask;
};

struct player {
	const struct v6d_trace *from;
	struct v6d_replay *out;
	struct v6d_plan plan;
	struct v6d_obs *obs;
	struct v6d_facts facts;
	struct v6d_record record;
	size_t n_probes;
	const struct v6d_probe *probes[PROBES];
	struct v6d_graph *graph;
	unsigned n_waiting;
	struct waiting waiting[WAITING];
};

static bool
impossible(struct player *p, const char *what, const char *name)
{
	p->out->how = V6D_REPLAY_IMPOSSIBLE;
	snprintf(p->out->what, sizeof(p->out->what), "%s%s", what, name);
	return false;
}

static bool
add_probe(struct player *p, const struct v6d_trace_probe *e)
{
	const struct v6d_probe *probe = v6d_probe_by_name(e->name);

	if (!probe || p->graph || p->n_probes == PROBES)
		return impossible(
		    p, "there is no check of that name: ", e->name);
	p->probes[p->n_probes++] = probe;
	v6d_record_probe(&p->record, e->name);
	return true;
}

/* What no probe observed is given; what probes observed they do again. */
static void
add_fact(struct player *p, const struct v6d_trace_fact *e)
{
	if (strncmp(e->source, PROBE_SOURCE, strlen(PROBE_SOURCE)) == 0 ||
	    p->facts.n == p->facts.cap)
		return;
	if (v6d_trace_to_obs(e, &p->obs[p->facts.n]))
		p->facts.n++;
}

static bool
make_graph(struct player *p)
{
	void *mem;

	if (p->graph)
		return true;
	mem = malloc(v6d_graph_size(p->n_probes));
	if (!mem)
		return impossible(p, "out of memory", "");
	p->graph =
	    v6d_graph_init(mem, p->probes, p->n_probes, &p->plan, &p->facts);
	return true;
}

static bool
turn(struct player *p, v6d_ns now)
{
	struct v6d_probe_run *who;
	struct v6d_ask ask;

	if (!make_graph(p))
		return false;
	v6d_record_turn(&p->record, now);
	while (v6d_graph_take(p->graph, now, &ask, &who)) {
		v6d_record_ask(&p->record, who, &ask);
		if (p->n_waiting == WAITING)
			return impossible(p, "too many asks at a time", "");
		p->waiting[p->n_waiting++] = (struct waiting){ who, ask };
	}
	return true;
}

static const struct v6d_trace_ask *
recorded_ask(const struct v6d_trace *t, unsigned id)
{
	const struct v6d_trace_ask *a;
	size_t at = 0;

	while ((a = v6d_trace_next(t, V6D_TRACE_ASK, &at)))
		if (a->id == id)
			return a;
	return NULL;
}

/*
 * The ask under way that was answered then: the very same one, or else one of
 * the same probe, kind and tag, of which something else has changed.
 */
static struct waiting *
find_waiting(struct player *p, const struct v6d_trace_ask *a)
{
	struct waiting *like = NULL;

	for (unsigned i = 0; i < p->n_waiting; i++) {
		struct waiting *w = &p->waiting[i];

		if (strcmp(w->who->probe->name, a->probe) != 0 ||
		    w->ask.kind != a->ask.kind || w->ask.tag != a->ask.tag)
			continue;
		if (!v6d_fields_differ(&v6d_fields_ask, &w->ask, &a->ask))
			return w;
		like = like ? like : w;
	}
	return like;
}

/* A time-out of the run may leave answers to asks of before: those are late. */
static bool
answer(struct player *p, const struct v6d_trace_answer *e)
{
	const struct v6d_trace_ask *a = recorded_ask(p->from, e->id);
	struct waiting *w = a ? find_waiting(p, a) : NULL;
	struct v6d_probe_run *who;
	size_t left;

	if (!a)
		return impossible(p, "an answer stands without its ask", "");
	if (!w)
		return impossible(
		    p, "an answer that nobody asked for now, of ", a->probe);
	who = w->who;
	left = (size_t)(&p->waiting[p->n_waiting] - (w + 1));
	memmove(w, w + 1, left * sizeof(*w));
	p->n_waiting--;
	v6d_record_answer(&p->record, who, &e->answer, e->at);
	v6d_graph_answer(p->graph, who, &e->answer, e->at);
	return true;
}

static bool
expire(struct player *p, v6d_ns at)
{
	if (!make_graph(p))
		return false;
	v6d_record_expire(&p->record, at);
	v6d_graph_expire(p->graph, at);
	return true;
}

static void
copy_end(struct player *p, const struct v6d_trace_end *e)
{
	struct v6d_check checks[PROBES];
	struct v6d_report r = { .checks = checks,
		.duration_ms = e->duration_ms,
		.gre_sent = e->gre_sent,
		.gre_sent_bytes = e->gre_sent_bytes,
		.gre_came = e->gre_came,
		.gre_came_bytes = e->gre_came_bytes,
		.other_sent = e->other_sent,
		.other_sent_bytes = e->other_sent_bytes };

	memcpy(r.client, e->client, sizeof(r.client));
	memcpy(r.server, e->server, sizeof(r.server));
	if (p->graph)
		r.n_checks = v6d_record_checks(p->graph, checks, PROBES);
	v6d_record_end(&p->record, &r, e->packets_left_out);
}

/* One event of then; false: it cannot go on. */
static bool
play(struct player *p, const struct v6d_trace_event *e)
{
	const struct v6d_trace_time *t = e->body;

	switch (e->kind) {
	case V6D_TRACE_HEAD:
	case V6D_TRACE_SCOPE:
		v6d_trace_add(p->record.trace, e->kind, e->body);
		return true;
	case V6D_TRACE_PLAN:
		memcpy(&p->plan, e->body, sizeof(p->plan));
		return true;
	case V6D_TRACE_PROBE_OF:
		return add_probe(p, e->body);
	case V6D_TRACE_FACT:
		add_fact(p, e->body);
		return true;
	case V6D_TRACE_TURN:
		return turn(p, t->at);
	case V6D_TRACE_ANSWER:
		return answer(p, e->body);
	case V6D_TRACE_EXPIRE:
		return expire(p, t->at);
	case V6D_TRACE_END:
		copy_end(p, e->body);
		return true;
	case V6D_TRACE_ASK:
	case V6D_TRACE_CHECK:
	case V6D_N_TRACE_KINDS:
		return true; /* comes about by itself */
	}
	return true;
}

/* ---- comparing the two records ---- */

/* What an event is about, for words. */
static void
name_event(struct v6d_text *t, const struct v6d_trace_event *e)
{
	const struct v6d_trace_ask *a = e->body;
	const struct v6d_trace_fact *f = e->body;
	const struct v6d_trace_check *c = e->body;

	if (e->kind == V6D_TRACE_ASK)
		v6d_text_add(t, "ask %u of the check %s", a->id, a->probe);
	else if (e->kind == V6D_TRACE_FACT)
		v6d_text_add(t, "the observation %s of %s", f->name, f->source);
	else if (e->kind == V6D_TRACE_CHECK)
		v6d_text_add(t, "the check %s", c->probe);
}

static const struct v6d_trace_event *
next_event(const struct v6d_trace *t, enum v6d_trace_kind kind, size_t *at)
{
	for (; *at < t->n; (*at)++)
		if (t->events[*at].kind == kind)
			return &t->events[(*at)++];
	return NULL;
}

/*
 * Says the first event of a kind that differs; false: none does. Where the
 * replay stopped (not whole), what is missing behind that is no difference.
 */
static bool
differs(struct player *p, enum v6d_trace_kind kind, bool whole)
{
	const struct v6d_fields *fields = v6d_trace_whats[kind].fields;
	const struct v6d_trace_event *a, *b;
	struct v6d_text t;
	size_t at_a = 0, at_b = 0;
	const char *key = "";

	do {
		a = next_event(p->from, kind, &at_a);
		b = next_event(p->record.trace, kind, &at_b);
		if (a && b)
			key = v6d_fields_differ(fields, a->body, b->body);
	} while (a && b && !key);
	if ((!a && !b) || (!whole && (!a || !b)))
		return false;
	if (a && b && kind == V6D_TRACE_ASK && strcmp(key, "ask") == 0) {
		const struct v6d_trace_ask *x = a->body, *y = b->body;

		key = v6d_fields_differ(&v6d_fields_ask, &x->ask, &y->ask);
	}
	t = v6d_text_to(p->out->what, sizeof(p->out->what));
	name_event(&t, a ? a : b);
	if (a && b && strcmp(key, "name") == 0)
		v6d_text_add(&t, " does not come at its place");
	else if (a && b)
		v6d_text_add(&t, ": another %s", key);
	else
		v6d_text_add(&t, b ? " is new" : " is not there now");
	return true;
}

static void
compare(struct player *p)
{
	if (differs(p, V6D_TRACE_ASK, true))
		p->out->how = V6D_REPLAY_OTHER_ASKS;
	else if (differs(p, V6D_TRACE_FACT, true) ||
		 differs(p, V6D_TRACE_CHECK, true))
		p->out->how = V6D_REPLAY_OTHER_FACTS;
	else
		p->out->how = V6D_REPLAY_SAME;
}

static struct player *
player_new(const struct v6d_trace *t, struct v6d_replay *ret)
{
	struct player *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->from = t;
	p->out = ret;
	p->obs = calloc(FACTS, sizeof(*p->obs));
	v6d_facts_init(&p->facts, p->obs, FACTS);
	p->facts.source = "run";
	p->record = (struct v6d_record){
		.trace = v6d_trace_new(), .plan = &p->plan, .facts = &p->facts
	};
	return p;
}

bool
v6d_replay(const struct v6d_trace *t, struct v6d_replay *ret)
{
	struct player *p = player_new(t, ret);
	bool ok, on = true;

	memset(ret, 0, sizeof(*ret));
	if (!p)
		return false;
	ok = p->obs && p->record.trace;
	if (!v6d_trace_next(t, V6D_TRACE_PROBE_OF, NULL))
		on = impossible(p,
		    "it holds no checks; of a capture there are "
		    "none",
		    "");
	for (size_t i = 0; ok && on && i < t->n; i++)
		on = play(p, &t->events[i]);
	ok = ok && !p->record.trace->lost;
	if (ok && on)
		compare(p);
	else if (ok && differs(p, V6D_TRACE_ASK, false))
		ret->how = V6D_REPLAY_OTHER_ASKS; /* that is why it stopped */
	ret->trace = p->record.trace;
	free(p->graph);
	free(p->obs);
	free(p);
	if (!ok)
		v6d_replay_done(ret);
	return ok;
}

void
v6d_replay_done(struct v6d_replay *r)
{
	v6d_trace_free(r->trace);
	r->trace = NULL;
}
