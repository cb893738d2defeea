/* SPDX-License-Identifier: GPL-2.0-or-later */
/* run_watch.c - the GRE of a session in place, as a capture would have it. */
#include "io/run_impl.h"

#include "diag/witness.h"
#include "io/clock.h"

/* Of several sessions nobody can say which one the interface is the end of. */
static bool
is_told(const struct v6d_run *r)
{
	return r->plan.in_place && r->calls.n == 1 &&
	       r->tunnel.ifname[0] != '\0' && r->plan.have_raw;
}

void
v6d_run_watch(struct v6d_run *r)
{
	const struct v6d_place_calls *c = &r->calls;

	if (is_told(r) &&
	    v6d_watch_new(&r->loop, r->ns.host_fd, &c->client, c->client_port,
		&c->server, r->flow, &r->watch) == 0)
		r->plan.watched = true;
}

static bool
is_ok(const struct v6d_run *r, enum v6d_fact fact)
{
	const struct v6d_obs *o = v6d_facts_last(&r->facts, fact);

	return o && o->state == V6D_OK;
}

#define ECHOES 12 /* that probe gre sends at the least */

/*
 * A session may be up beside an interface of another kind, and then carries
 * nothing of what was sent.
 */
static bool
carries(const struct v6d_view *v)
{
	return v->inner.packets[V6D_DIR_OUT] > 0 ||
	       (v->ppp.opaque && v->gre[V6D_DIR_OUT].frames >= ECHOES);
}

void
v6d_run_watched(struct v6d_run *r)
{
	struct v6d_witness_how how = { .carrier = true,
		.now = v6d_clock_now() };
	const struct v6d_view *v = v6d_flow_view(r->flow, 0);
	struct v6d_scope *s = &r->scope;
	bool missed;

	if (!r->watch)
		return;
	v6d_watch_read(r->watch);
	missed = v6d_watch_missed(r->watch);
	v6d_watch_free(r->watch);
	r->watch = NULL;
	v6d_flow_end(r->flow, how.now);
	r->facts.now = how.now - r->start;
	if (missed || !v || !carries(v))
		return;
	v6d_witness(v, &how, &r->facts);
	if (is_ok(r, V6D_FACT_GRE_IN) && is_ok(r, V6D_FACT_GRE_OUT)) {
		s->can[V6D_STAGE_GRE] = true;
		s->why_not[V6D_STAGE_GRE] = NULL;
	}
}
