/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * witness_out.c - whether what this host sends to a target comes out into the
 * tunnel at all. Live only: the session sees every packet that does. What the
 * routes lead into the tunnel, and never comes out, this host's own filter
 * took; without this the target would get the blame.
 */
#include "diag/witness_impl.h"

static bool
came_out(const struct v6d_view_inner *n, const struct v6d_addr *to)
{
	for (unsigned i = 0; i < n->n_echoes; i++)
		if (n->echoes[i].dir == V6D_DIR_OUT &&
		    v6d_addr_eq(&n->echoes[i].to, to))
			return true;
	for (unsigned i = 0; i < n->n_flows; i++)
		if (n->flows[i]->dir == V6D_DIR_OUT &&
		    v6d_addr_eq(&n->flows[i]->addr[1], to))
			return true;
	return false;
}

/* All that came out was read, and kept. */
static bool
all_seen(const struct v6d_view *v)
{
	const struct v6d_view_inner *n = &v->inner;

	return !v->ppp.opaque && v->ppp.opened[V6D_VIEW_IPV6CP] != V6D_NEVER &&
	       n->packets[V6D_DIR_OUT] > 0 &&
	       n->n_flows_dropped + n->n_echoes_dropped == 0;
}

/* The route is good, and small packets were tried: the newest of that. */
static bool
was_tried(const struct v6d_facts *f, const char *target)
{
	const struct v6d_obs *route =
	    v6d_facts_of(f, V6D_FACT_ROUTE_TARGET, target);
	const struct v6d_obs *small =
	    v6d_facts_of(f, V6D_FACT_V6_SMALL, target);

	return route && route->state == V6D_OK && small &&
	       small->state != V6D_UNKNOWN;
}

void
v6d_witness_out(struct v6d_witness *w)
{
	size_t n = w->f->n; /* what is added here is no target */

	if (!w->live)
		return;
	for (size_t i = 0; i < n; i++) {
		const struct v6d_obs *o = &w->f->obs[i];
		struct v6d_addr to;

		if (o->fact != V6D_FACT_ROUTE_TARGET ||
		    !v6d_addr_parse(o->subject, &to) ||
		    !was_tried(w->f, o->subject))
			continue;
		if (came_out(&w->v->inner, &to))
			v6d_witness_say(w, V6D_NEVER, V6D_FACT_V6_OUT,
			    o->subject, V6D_OK, NULL, V6D_NO_VALUE);
		else if (all_seen(w->v))
			v6d_witness_say(w, V6D_NEVER, V6D_FACT_V6_OUT,
			    o->subject, V6D_BAD, "filtered", V6D_NO_VALUE);
	}
}
