/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * witness_outside.c - what a capture tells of IPv4 beside the tunnel: whether
 * the server and others answer, and whether a router has room for another
 * session. Only what stands and lives proves that the line was not down.
 */
#include "diag/witness_impl.h"

/* Fewer lost ones may be chance. */
#define LOST_MIN 2

/* Something that stood when the first new one was lost went on after it. */
static bool
old_lives(const struct v6d_view *v)
{
	const struct v6d_view_gre *in = &v->gre[V6D_DIR_IN];
	const struct v6d_view_outside *o = v6d_view_outside(v);

	return o->old_lives ||
	       (in->first != V6D_NEVER && in->first < o->first_lost &&
		   in->last > o->first_lost + V6D_S(1));
}

static const char *
sessions_word(const struct v6d_view_outside *o)
{
	if (o->again_other)
		return "per-target";
	if (o->pongs_after > 0)
		return "ports";
	if (o->n_lost_hosts > 1)
		return "exhausted";
	return o->pings_after >= 2 ? "none-new" : "limit";
}

/* New ones are lost, one after the other, and old ones live. */
static void
sessions(struct v6d_witness *w)
{
	const struct v6d_view_outside *o = v6d_view_outside(w->v);
	char to[V6D_ADDR_TEXT];

	if (o->n_lost < LOST_MIN || o->again_same || o->n_dropped > 0 ||
	    o->standing == 0 || !old_lives(w->v))
		return;
	v6d_witness_say(w, o->first_lost, V6D_FACT_NAPT_SESSIONS,
	    v6d_addr_text(&o->lost, to, sizeof(to)), V6D_BAD, sessions_word(o),
	    o->standing);
}

void
v6d_witness_outside(struct v6d_witness *w)
{
	const struct v6d_view_outside *o = v6d_view_outside(w->v);
	char to[V6D_ADDR_TEXT];

	if (w->live)
		return;
	if (o->server_answers)
		v6d_witness_say(w, V6D_NEVER, V6D_FACT_SERVER_ALIVE, NULL,
		    V6D_OK, NULL, V6D_NO_VALUE);
	if (o->n_up > 0 && !v6d_addr_eq(&o->up, &w->v->server))
		v6d_witness_say(w, o->up_at, V6D_FACT_V4_CONTROL,
		    v6d_addr_text(&o->up, to, sizeof(to)), V6D_OK, NULL,
		    (int64_t)(o->up_took / V6D_MS(1)));
	if (o->n_lost > 0 && !v6d_addr_eq(&o->lost, &w->v->server))
		v6d_witness_say(w, o->first_lost, V6D_FACT_V4_CONTROL,
		    v6d_addr_text(&o->lost, to, sizeof(to)), V6D_BAD, "timeout",
		    V6D_NO_VALUE);
	sessions(w);
}
