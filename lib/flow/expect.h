/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * expect.h - asks the memory for what a frame's reading will touch, all at
 * once. Of ten thousand tunnels none is in the processor's caches when its
 * next frame comes: touched one after another, some thirty lines of it would
 * each be waited for.
 */
#ifndef V6D_FLOW_EXPECT_H
#define V6D_FLOW_EXPECT_H

#include "flow/track.h"

#define V6D_LINE 64 /* bytes that the memory gives at a time */

static inline void
v6d_expect(const void *p, size_t n)
{
	for (size_t i = 0; i < n; i += V6D_LINE)
		__builtin_prefetch((const uint8_t *)p + i, 1);
}

/* A tunnel's own. */
static inline void
v6d_expect_tunnel(const struct v6d_tunnel *t)
{
	v6d_expect(&t->v.client, sizeof(t->v.client));
	v6d_expect(&t->v.control.call_id, sizeof(t->v.control.call_id));
	v6d_expect(&t->v.gre, sizeof(t->v.gre));
	v6d_expect(&t->v.inner, sizeof(t->v.inner));
	v6d_expect(&t->v.ppp.n_ip6, sizeof(t->v.ppp.n_ip6));
	v6d_expect(&t->gre, sizeof(t->gre));
	v6d_expect(&t->load, sizeof(t->load));
	v6d_expect(&t->segs, V6D_LINE);
}

/* And its tables, of which the first is where they are. */
static inline void
v6d_expect_tables(const struct v6d_tunnel *t, enum v6d_dir dir, uint32_t seq)
{
	const struct v6d_view_gre *g = &t->v.gre[dir];
	const struct v6d_gretrack *k = &t->gre[dir];
	const struct v6d_view_inner *n = &t->v.inner;

	if (n->n_flows > 0) {
		v6d_expect(n->flows, 4 * sizeof(*n->flows));
		v6d_expect(t->segs, sizeof(*t->segs));
	}
	if (g->n_sizes > 0)
		v6d_expect(g->sizes, g->n_sizes * sizeof(*g->sizes));
	if (k->window > 0)
		v6d_expect(&k->ring[seq & (k->window - 1u)], 1);
	if (g->load.n_busy > 0)
		v6d_expect(
		    &g->load.busy[g->load.newest], sizeof(*g->load.busy));
	if (t->n_stamps > 0)
		v6d_expect(t->stamps, t->n_stamps * sizeof(*t->stamps));
}

#endif
