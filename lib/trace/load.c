/* SPDX-License-Identifier: GPL-2.0-or-later */
/* load.c - recorded observations to a diagnosis and a report. */
#include "trace/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t
count(const struct v6d_trace *t, enum v6d_trace_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++)
		n += t->events[i].kind == kind;
	return n;
}

static bool
load_facts(struct v6d_loaded *l)
{
	size_t n = count(l->trace, V6D_TRACE_FACT), at = 0;
	const struct v6d_trace_fact *f;

	l->obs = calloc(n + 1, sizeof(*l->obs));
	if (!l->obs)
		return false;
	v6d_facts_init(&l->facts, l->obs, n);
	while ((f = v6d_trace_next(l->trace, V6D_TRACE_FACT, &at)))
		if (v6d_trace_to_obs(f, &l->obs[l->facts.n]))
			l->facts.n++;
		else
			l->n_strange++;
	return true;
}

/* What the record does not speak of, the run could not show. */
static void
load_scope(struct v6d_loaded *l)
{
	const struct v6d_trace_scope *s =
	    v6d_trace_next(l->trace, V6D_TRACE_SCOPE, NULL);

	l->scope.cut = s && s->cut;
	for (int i = 0; i < V6D_N_STAGES; i++)
		l->scope.why_not[i] = "the report ends before that";
	for (unsigned k = 0; s && k < s->n; k++)
		for (int i = 0; i < V6D_N_STAGES; i++) {
			if (strcmp(s->stages[k].stage,
				v6d_stage_name((enum v6d_stage)i)) != 0)
				continue;
			l->scope.can[i] = s->stages[k].can;
			l->scope.why_not[i] =
			    s->stages[k].can ? NULL : s->stages[k].why_not;
		}
}

static void
load_checks(struct v6d_loaded *l)
{
	const struct v6d_trace_check *c;
	size_t at = 0, n = 0;

	while (n < V6D_LOAD_CHECKS &&
	       (c = v6d_trace_next(l->trace, V6D_TRACE_CHECK, &at))) {
		struct v6d_check *to = &l->checks[n++];

		snprintf(to->probe, sizeof(to->probe), "%s", c->probe);
		snprintf(to->summary, sizeof(to->summary), "%s", c->summary);
		to->status = c->status;
		to->ms = c->ms;
	}
	l->report.checks = l->checks;
	l->report.n_checks = n;
}

static void
load_plan(struct v6d_loaded *l)
{
	const struct v6d_plan *p;
	size_t at = 0;

	while ((p = v6d_trace_next(l->trace, V6D_TRACE_PLAN, &at)))
		l->plan = *p;
}

/* The last observation's time stands in for an end that is missing. */
static void
load_end(struct v6d_loaded *l)
{
	const struct v6d_trace_end *e =
	    v6d_trace_next(l->trace, V6D_TRACE_END, NULL);
	struct v6d_report *r = &l->report;

	if (!e) {
		if (l->facts.n > 0)
			r->duration_ms =
			    (unsigned)(l->obs[l->facts.n - 1].at / V6D_MS(1));
		if (l->plan.server.family)
			v6d_addr_text(
			    &l->plan.server, r->server, sizeof(r->server));
		return;
	}
	r->duration_ms = e->duration_ms;
	memcpy(r->client, e->client, sizeof(r->client));
	memcpy(r->server, e->server, sizeof(r->server));
	r->gre_sent = e->gre_sent;
	r->gre_sent_bytes = e->gre_sent_bytes;
	r->gre_came = e->gre_came;
	r->gre_came_bytes = e->gre_came_bytes;
	r->other_sent = e->other_sent;
	r->other_sent_bytes = e->other_sent_bytes;
}

/* What the rest of the run would have shown might have excluded it. */
static void
temper(struct v6d_diagnosis *d)
{
	for (unsigned i = 0; i < d->n; i++)
		if (d->findings[i].certainty == V6D_CERTAIN)
			d->findings[i].certainty = V6D_LIKELY;
}

struct v6d_loaded *
v6d_load(const struct v6d_trace *t, const char *version, const char *name)
{
	const struct v6d_trace_head *h = t->events[0].body;
	struct v6d_loaded *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->trace = t;
	if (!load_facts(l)) {
		free(l);
		return NULL;
	}
	load_plan(l);
	load_scope(l);
	load_checks(l);
	load_end(l);
	v6d_diagnose(&l->facts, &l->scope, &l->diagnosis);
	if (!v6d_trace_next(l->trace, V6D_TRACE_END, NULL))
		temper(&l->diagnosis);
	l->report.version = version;
	l->report.source_kind = "report";
	l->report.source_name = name;
	l->report.started_unix_ms = h->started_unix_ms;
	l->report.facts = &l->facts;
	l->report.diagnosis = &l->diagnosis;
	l->report.scope = &l->scope;
	return l;
}

void
v6d_loaded_free(struct v6d_loaded *l)
{
	if (!l)
		return;
	free(l->obs);
	free(l);
}
