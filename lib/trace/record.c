/* SPDX-License-Identifier: GPL-2.0-or-later */
/* record.c - a live run, written down while it happens. */
#include "trace/record.h"

#include <stdio.h>
#include <string.h>

bool
v6d_record_init(struct v6d_record *r, const struct v6d_trace_head *head,
    const struct v6d_plan *plan, const struct v6d_facts *facts)
{
	*r = (struct v6d_record){
		.trace = v6d_trace_new(), .plan = plan, .facts = facts
	};
	if (!r->trace)
		return false;
	v6d_trace_add(r->trace, V6D_TRACE_HEAD, head);
	return true;
}

void
v6d_record_done(struct v6d_record *r)
{
	v6d_trace_free(r->trace);
	r->trace = NULL;
}

/* What came about since the last call: observations, another plan. */
static void
catch_up(struct v6d_record *r)
{
	struct v6d_trace_fact f;

	for (; r->n_facts < r->facts->n; r->n_facts++) {
		v6d_trace_from_obs(&r->facts->obs[r->n_facts], &f);
		v6d_trace_add(r->trace, V6D_TRACE_FACT, &f);
	}
	if (memcmp(&r->last, r->plan, sizeof(r->last)) == 0)
		return;
	memcpy(&r->last, r->plan, sizeof(r->last));
	v6d_trace_add(r->trace, V6D_TRACE_PLAN, r->plan);
}

void
v6d_record_scope(struct v6d_record *r, const struct v6d_scope *s)
{
	struct v6d_trace_scope t = { .n = V6D_N_STAGES, .cut = s->cut };

	if (!r->trace)
		return;
	for (int i = 0; i < V6D_N_STAGES; i++) {
		struct v6d_trace_stage *to = &t.stages[i];

		snprintf(to->stage, sizeof(to->stage), "%s",
		    v6d_stage_name((enum v6d_stage)i));
		to->can = s->can[i];
		snprintf(to->why_not, sizeof(to->why_not), "%s",
		    s->why_not[i] ? s->why_not[i] : "");
	}
	v6d_trace_add(r->trace, V6D_TRACE_SCOPE, &t);
}

void
v6d_record_probe(struct v6d_record *r, const char *name)
{
	struct v6d_trace_probe p = { 0 };

	if (!r->trace)
		return;
	snprintf(p.name, sizeof(p.name), "%s", name);
	v6d_trace_add(r->trace, V6D_TRACE_PROBE_OF, &p);
}

void
v6d_record_turn(struct v6d_record *r, v6d_ns now)
{
	const struct v6d_trace_time t = { now };

	if (!r->trace)
		return;
	catch_up(r);
	v6d_trace_add(r->trace, V6D_TRACE_TURN, &t);
}

void
v6d_record_ask(struct v6d_record *r, const struct v6d_probe_run *who,
    const struct v6d_ask *ask)
{
	struct v6d_trace_ask a = { .id = ++r->n_asks, .ask = *ask };
	unsigned at = r->n_waiting;

	if (!r->trace)
		return;
	snprintf(a.probe, sizeof(a.probe), "%s", who->probe->name);
	catch_up(r); /* what starting probes observed comes before */
	v6d_trace_add(r->trace, V6D_TRACE_ASK, &a);
	if (at == V6D_RECORD_WAITING) {
		r->trace->lost = true;
		return;
	}
	r->waiting[at].id = a.id;
	r->waiting[at].tag = ask->tag;
	r->waiting[at].kind = ask->kind;
	r->waiting[at].who = who;
	r->n_waiting++;
}

/* The oldest ask of that probe that this may answer; 0: none. */
static unsigned
answered(struct v6d_record *r, const struct v6d_probe_run *who,
    const struct v6d_answer *a)
{
	for (unsigned i = 0; i < r->n_waiting; i++) {
		unsigned id = r->waiting[i].id;

		if (r->waiting[i].who != who || r->waiting[i].tag != a->tag ||
		    r->waiting[i].kind != a->kind)
			continue;
		r->n_waiting--;
		memmove(&r->waiting[i], &r->waiting[i + 1],
		    (r->n_waiting - i) * sizeof(r->waiting[0]));
		return id;
	}
	return 0;
}

void
v6d_record_answer(struct v6d_record *r, const struct v6d_probe_run *who,
    const struct v6d_answer *a, v6d_ns now)
{
	struct v6d_trace_answer t = { .at = now, .answer = *a };

	if (!r->trace)
		return;
	t.id = answered(r, who, a);
	catch_up(r);
	v6d_trace_add(r->trace, V6D_TRACE_ANSWER, &t);
}

void
v6d_record_expire(struct v6d_record *r, v6d_ns now)
{
	const struct v6d_trace_time t = { now };

	if (!r->trace)
		return;
	catch_up(r);
	v6d_trace_add(r->trace, V6D_TRACE_EXPIRE, &t);
}

size_t
v6d_record_checks(const struct v6d_graph *g, struct v6d_check *ret, size_t cap)
{
	size_t n = v6d_graph_n(g);

	for (size_t i = 0; i < n && i < cap; i++) {
		const struct v6d_probe_run *p = v6d_graph_run(g, i);
		struct v6d_check *c = &ret[i];

		snprintf(c->probe, sizeof(c->probe), "%s", p->probe->name);
		snprintf(c->summary, sizeof(c->summary), "%s", p->summary);
		c->status = v6d_probe_status_name(p->status);
		c->ms = (unsigned)((p->ended - p->started) / V6D_MS(1));
	}
	return n < cap ? n : cap;
}

static void
add_check(struct v6d_record *r, const struct v6d_check *c)
{
	struct v6d_trace_check t = { .ms = c->ms };

	snprintf(t.probe, sizeof(t.probe), "%s", c->probe);
	snprintf(t.status, sizeof(t.status), "%s", c->status);
	snprintf(t.summary, sizeof(t.summary), "%s", c->summary);
	v6d_trace_add(r->trace, V6D_TRACE_CHECK, &t);
}

void
v6d_record_end(struct v6d_record *r, const struct v6d_report *report,
    uint64_t packets_left_out)
{
	struct v6d_trace_end e = { .duration_ms = report->duration_ms,
		.gre_sent = report->gre_sent,
		.gre_sent_bytes = report->gre_sent_bytes,
		.gre_came = report->gre_came,
		.gre_came_bytes = report->gre_came_bytes,
		.other_sent = report->other_sent,
		.other_sent_bytes = report->other_sent_bytes,
		.packets_left_out = packets_left_out };

	if (!r->trace)
		return;
	catch_up(r);
	for (size_t i = 0; i < report->n_checks; i++)
		add_check(r, &report->checks[i]);
	memcpy(e.client, report->client, sizeof(e.client));
	memcpy(e.server, report->server, sizeof(e.server));
	v6d_trace_add(r->trace, V6D_TRACE_END, &e);
}
