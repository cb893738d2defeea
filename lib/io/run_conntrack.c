/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run_conntrack.c - what this host's own connection tracking turned away
 * during the run: where this host is the gateway, that is everybody's loss.
 */
#include "io/run_impl.h"

void
v6d_run_conntrack_begin(struct v6d_run *r)
{
	r->tracked = v6d_ctstats_read(r->ns.host_fd, &r->conntrack) == 0;
}

static void
say(struct v6d_run *r, enum v6d_fact fact, const char *word, uint32_t n)
{
	v6d_facts_add(&r->facts, fact, NULL, n > 0 ? V6D_BAD : V6D_OK,
	    n > 0 ? word : NULL, n);
}

void
v6d_run_conntrack_end(struct v6d_run *r)
{
	struct v6d_ctstats now;
	struct v6d_ctstats_grew g;
	bool evicted;

	if (!r->tracked || v6d_ctstats_read(r->ns.host_fd, &now) < 0)
		return;
	g = v6d_ctstats_compare(&r->conntrack, &now);
	evicted = g.refused == 0;
	say(r, V6D_FACT_HOST_CONNTRACK_ROOM, evicted ? "evicted" : "refused",
	    evicted ? g.evicted : g.refused);
	say(r, V6D_FACT_HOST_CONNTRACK_CLASH, "failed", g.failed);
}
