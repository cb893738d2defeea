/* SPDX-License-Identifier: GPL-2.0-or-later */
/* run_report.c - the end of a run: facts, diagnosis, report. */
#include "io/run_impl.h"

#include <stdio.h>
#include <string.h>

#include "base/wire.h"
#include "diag/witness.h"
#include "io/clock.h"

/* Which check shows which stage. */
static const char *const stage_probe[V6D_N_STAGES] = {
	[V6D_STAGE_CONTROL] = "control",
	[V6D_STAGE_GRE] = "gre",
	[V6D_STAGE_PPP] = "ppp",
	[V6D_STAGE_RA] = "ra",
	[V6D_STAGE_ROUTE] = "route",
	[V6D_STAGE_MTU] = "pmtu",
	[V6D_STAGE_DNS] = "dns",
};

void
v6d_run_witness(struct v6d_run *r)
{
	const struct v6d_view *v = r->dial ? v6d_dial_view(r->dial) : NULL;
	bool others = r->plan.server.family != 0 && r->calls.n > 0;
	struct v6d_witness_how how = { .live = true,
		.now = v6d_clock_now(),
		.shared = others || r->dialled > 1,
		.again = r->dialled > 1 };

	r->facts.now = how.now - r->start;
	if (!v || r->redialling)
		return;
	v6d_witness(v, &how, &r->facts);
	v6d_run_rules_begin(r);
}

static bool
was_asked(const struct v6d_run *r, const char *probe)
{
	for (size_t i = 0; i < r->conf.n_probes; i++)
		if (strcmp(r->conf.probes[i]->name, probe) == 0)
			return true;
	return false;
}

/* Why the profile leaves a stage out, or NULL. */
static const char *
not_named(const struct v6d_plan *p, unsigned stage)
{
	if (stage == V6D_STAGE_MTU && p->n_targets == 0)
		return "the profile names no ipv6-target";
	if (stage == V6D_STAGE_DNS && p->name[0] == '\0')
		return "the profile names no name to look up";
	return NULL;
}

/*
 * What this run could show. Missing rights do not count: where they would be
 * needed the stage stays open, and the run is not healthy.
 */
void
v6d_run_make_scope(struct v6d_run *r)
{
	for (unsigned i = 0; i < V6D_N_STAGES; i++) {
		const char *why = not_named(&r->plan, i);

		if (!was_asked(r, stage_probe[i]))
			why = "this check was not asked for";
		else if (i <= V6D_STAGE_RA && r->plan.in_place &&
			 (i == V6D_STAGE_RA || !r->plan.lent))
			why = "a session that is up already is judged by what "
			      "the host shows of it";
		r->scope.can[i] = why == NULL;
		r->scope.why_not[i] = why;
	}
}

static void
count_traffic(struct v6d_report *p, const struct v6d_dial_counts *c)
{
	p->gre_sent = c->gre_out;
	p->gre_sent_bytes = c->gre_out_bytes;
	p->other_sent += c->control.packets;
	p->other_sent_bytes += c->control.bytes;
	p->gre_came = c->gre_in;
	p->gre_came_bytes = c->gre_in_bytes;
}

static void
make_report(struct v6d_run *r)
{
	struct v6d_report *p = &r->report;
	struct v6d_addr client = { 0 };

	p->version = r->conf.version;
	p->source_kind = r->conf.source_kind;
	p->source_name = r->conf.source_name;
	p->started_unix_ms = r->start_unix_ms;
	if (r->dial)
		client = v6d_dial_client(r->dial);
	if (client.family)
		v6d_addr_text(&client, p->client, sizeof(p->client));
	if (r->plan.server.family)
		v6d_addr_text(&r->plan.server, p->server, sizeof(p->server));
	else
		snprintf(
		    p->server, sizeof(p->server), "%.90s", r->plan.server_name);
	if (r->plan.watched) {
		v6d_addr_text(&r->calls.client, p->client, sizeof(p->client));
		v6d_addr_text(&r->calls.server, p->server, sizeof(p->server));
	}
	if (r->asker) {
		p->other_sent = v6d_asker_sent(r->asker).packets;
		p->other_sent_bytes = v6d_asker_sent(r->asker).bytes;
	}
	if (r->dial)
		count_traffic(p, v6d_dial_counts(r->dial));
	p->facts = &r->facts;
	p->diagnosis = &r->diagnosis;
	p->scope = &r->scope;
}

void
v6d_run_conclude(struct v6d_run *r)
{
	v6d_run_witness(r);
	v6d_run_rules_end(r);
	v6d_run_conntrack_end(r);
	v6d_diagnose(&r->facts, &r->scope, &r->diagnosis);
	make_report(r);
	r->report.checks = r->checks;
	r->report.n_checks =
	    v6d_record_checks(r->graph, r->checks, V6D_RUN_CHECKS);
}
