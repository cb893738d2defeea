/* SPDX-License-Identifier: GPL-2.0-or-later */
/* gre_facts.c - what the GRE check has found, as facts and as a sentence. */
#include <string.h>

#include "probe/gre_impl.h"
#include "probe/help.h"
#include "probe/nolink.h"

/* ---- what the sweep says ---- */

unsigned
v6d_gre_needed(const struct v6d_probe_run *r)
{
	return r->plan->mtu + V6D_GRE_OVERHEAD;
}

/* The limit harms this tunnel: its full packets are larger. */
bool
v6d_gre_harms(const struct v6d_probe_run *r, struct v6d_sweep_result s)
{
	return v6d_sweep_harms(s, v6d_gre_needed(r));
}

static void
size_fact(
    struct v6d_probe_run *r, enum v6d_fact fact, struct v6d_sweep_result s)
{
	bool enough =
	    s.known != V6D_SWEEP_NOTHING && s.size >= v6d_gre_needed(r);

	if (v6d_gre_harms(r, s))
		v6d_probe_fact(
		    r, fact, NULL, V6D_BAD, v6d_sweep_word(s.known), s.size);
	else if (s.known == V6D_SWEEP_ALL || s.known == V6D_SWEEP_LIMIT ||
		 enough)
		v6d_probe_fact(r, fact, NULL, V6D_OK, NULL, s.size);
	else
		v6d_probe_fact(r, fact, NULL, V6D_UNKNOWN,
		    v6d_sweep_word(s.known), s.size ? s.size : V6D_NO_VALUE);
}

/* Does a full packet of the tunnel fit what was measured? */
static void
mtu_fact(struct v6d_probe_run *r, struct v6d_sweep_result out,
    struct v6d_sweep_result in)
{
	bool fits =
	    out.size >= v6d_gre_needed(r) && in.size >= v6d_gre_needed(r);
	const char *word = NULL;

	if (r->plan->mtu < 1280)
		word = "too-small"; /* RFC 8200 5 */
	else if (v6d_gre_harms(r, out) || v6d_gre_harms(r, in))
		word = "too-big";
	else if (!fits)
		return;
	v6d_probe_fact(r, V6D_FACT_V6_MTU, NULL, word ? V6D_BAD : V6D_OK, word,
	    r->plan->mtu);
}

static unsigned
n_changed(const struct gre *g)
{
	return g->sweep.n_changed + g->payload.changed;
}

void
v6d_gre_data_fact(struct v6d_probe_run *r)
{
	const struct gre *g = v6d_gre_mine(r);
	bool changed = n_changed(g) > 0;

	if (g->sweep.n_answered + g->payload.answered > 0)
		v6d_probe_fact(r, V6D_FACT_GRE_DATA, NULL,
		    changed ? V6D_BAD : V6D_OK, changed ? "changed" : NULL,
		    V6D_NO_VALUE);
}

static void
other_facts(struct v6d_probe_run *r)
{
	v6d_ns rtt = v6d_sweep_median_rtt(&v6d_gre_mine(r)->sweep);

	v6d_gre_data_fact(r);
	if (rtt > 0)
		v6d_probe_fact(r, V6D_FACT_GRE_RTT, NULL, V6D_OK, NULL,
		    (int64_t)(rtt / 1000));
}

/* Both facts of a sweep, or the one of a peer that tells no direction. */
void
v6d_gre_size_facts(struct v6d_probe_run *r)
{
	const struct v6d_sweep *s = &v6d_gre_mine(r)->sweep;
	struct v6d_sweep_result in = v6d_returns_in(&v6d_gre_mine(r)->back,
				    &v6d_gre_mine(r)->sweep),
				out = v6d_sweep_out(s);

	if (s->mode == V6D_SWEEP_BLIND) {
		size_fact(r, V6D_FACT_GRE_SIZE, in);
		mtu_fact(r, in, in);
	} else if (s->mode != V6D_SWEEP_UNTRIED) {
		size_fact(r, V6D_FACT_GRE_SIZE_OUT, out);
		size_fact(r, V6D_FACT_GRE_SIZE_IN, in);
		mtu_fact(r, out, in);
	}
	other_facts(r);
}

bool
v6d_gre_shadowed(const struct gre *g)
{
	return g->sweep.mode == V6D_SWEEP_SHADOW;
}

void
v6d_gre_doubt_facts(struct v6d_probe_run *r)
{
	static const enum v6d_fact facts[] = { V6D_FACT_GRE_SIZE_OUT,
		V6D_FACT_GRE_SIZE_IN, V6D_FACT_GRE_SIZE, V6D_FACT_V6_MTU };

	for (size_t i = 0; i < V6D_ARRAY_LEN(facts); i++)
		if (v6d_probe_bad(r, facts[i]))
			v6d_probe_fact(r, facts[i], NULL, V6D_UNKNOWN,
			    "not-measured", V6D_NO_VALUE);
}

/* ---- packets that travel in IPv4 fragments ---- */

/* What ends below a full packet for those that may not be fragmented. */
struct v6d_sweep_result
v6d_gre_cut_out(const struct gre *g)
{
	return g->sweep.mode == V6D_SWEEP_BLIND ? v6d_sweep_in(&g->sweep)
						: v6d_sweep_out(&g->sweep);
}

bool
v6d_gre_is_cut(const struct v6d_probe_run *r, const struct gre *g)
{
	struct v6d_sweep_result out = v6d_gre_cut_out(g);

	return out.known == V6D_SWEEP_LIMIT && out.size < v6d_gre_needed(r);
}

/*
 * A full packet of this tunnel does not fit an Ethernet line in one piece; or
 * something ends below it, and perhaps only for what may not be fragmented.
 */
bool
v6d_gre_wants_pieces(const struct v6d_probe_run *r, const struct gre *g)
{
	struct v6d_sweep_result in = v6d_sweep_in(&g->sweep);

	if (g->whole < v6d_gre_needed(r))
		return false;
	return v6d_gre_is_cut(r, g) ||
	       (v6d_gre_needed(r) > V6D_LIMIT_MAX &&
		   ((in.known == V6D_SWEEP_ALL && in.size == V6D_LIMIT_MAX) ||
		       in.known == V6D_SWEEP_LIMIT));
}

/* What is lost with don't-fragment passes without. */
static bool
only_df(const struct v6d_probe_run *r, const struct gre *g)
{
	return v6d_gre_is_cut(r, g) && g->frags.over_passed > 0 &&
	       g->frags.full_passed > 0;
}

/* The same inwards shows only where full packets are larger than any line. */
static bool
only_df_in(const struct v6d_probe_run *r, const struct gre *g)
{
	struct v6d_sweep_result in = v6d_sweep_in(&g->sweep);

	return in.known == V6D_SWEEP_LIMIT &&
	       v6d_gre_needed(r) > V6D_LIMIT_MAX && g->frags.full_passed > 0;
}

static struct v6d_sweep_result
as_hole(struct v6d_sweep_result s)
{
	s.known = V6D_SWEEP_HOLE;
	s.hole = (uint16_t)(s.size + 1);
	return s;
}

static void
hole_facts(struct v6d_probe_run *r, const struct gre *g)
{
	bool blind = g->sweep.mode == V6D_SWEEP_BLIND;

	v6d_probe_fact(
	    r, V6D_FACT_GRE_FRAGMENTS, NULL, V6D_OK, NULL, V6D_NO_VALUE);
	if (only_df(r, g))
		size_fact(r, blind ? V6D_FACT_GRE_SIZE : V6D_FACT_GRE_SIZE_OUT,
		    as_hole(v6d_gre_cut_out(g)));
	if (only_df_in(r, g) && !blind)
		size_fact(
		    r, V6D_FACT_GRE_SIZE_IN, as_hole(v6d_sweep_in(&g->sweep)));
}

void
v6d_gre_pieces_facts(struct v6d_probe_run *r)
{
	const struct gre *g = v6d_gre_mine(r);
	const char *word = g->frags.undirected ? "lost"
			   : g->frags.lost_out ? "lost-out"
					       : "lost-in";
	bool none = g->frags.full_passed == 0;

	if (only_df(r, g) || only_df_in(r, g)) {
		hole_facts(r, g);
		return;
	}
	if (v6d_gre_is_cut(r, g)) /* that is what is lost: fragments or not */
		return;
	if (none && g->frags.lost_in + g->frags.lost_out < V6D_FRAGS_COPIES) {
		v6d_probe_fact(r, V6D_FACT_GRE_FRAGMENTS, NULL, V6D_UNKNOWN,
		    "not-measured", V6D_NO_VALUE);
		return;
	}
	v6d_probe_fact(r, V6D_FACT_GRE_FRAGMENTS, NULL, none ? V6D_BAD : V6D_OK,
	    none ? word : NULL, V6D_NO_VALUE);
	v6d_probe_fact(r, V6D_FACT_V6_MTU, NULL, none ? V6D_BAD : V6D_OK,
	    none ? "too-big" : NULL, r->plan->mtu);
}

/* ---- the end ---- */

static void
fail_size(struct v6d_probe_run *r, const char *way, struct v6d_sweep_result s)
{
	const struct gre *g = v6d_gre_mine(r);

	if (s.known == V6D_SWEEP_HOLE && only_df(r, g))
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "GRE over %u bytes is lost%s unless it may be fragmented: "
		    "that is the line's MTU",
		    s.size, way);
	else if (s.known == V6D_SWEEP_HOLE)
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "GRE of some sizes is lost%s, from %u bytes on; larger "
		    "ones pass",
		    way, s.hole);
	else
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "GRE over %s%u bytes is lost%s; a full packet of this "
		    "tunnel has %u",
		    s.exact ? "" : "about ", s.size, way, v6d_gre_needed(r));
}

void
v6d_gre_conclude(struct v6d_probe_run *r)
{
	const struct gre *g = v6d_gre_mine(r);
	bool blind = g->sweep.mode == V6D_SWEEP_BLIND;
	bool twice = g->losses.twice > g->losses.late;
	struct v6d_sweep_result in = v6d_returns_in(&g->back, &g->sweep);
	struct v6d_sweep_result out = blind ? in : v6d_sweep_out(&g->sweep);

	if (only_df(r, g))
		out = as_hole(out);
	v6d_losses_facts(&g->losses, r);
	if (g->sweep.mode == V6D_SWEEP_UNTRIED)
		v6d_nolink_mute(r, g->came, g->gaps);
	else if (v6d_gre_harms(r, out))
		fail_size(r, blind ? " one way" : " on the way out", out);
	else if (v6d_gre_harms(r, in))
		fail_size(r, " on the way in", in);
	else if (v6d_probe_bad(r, V6D_FACT_GRE_FRAGMENTS))
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "GRE passes up to %u bytes in one piece; in fragments, as "
		    "a full packet of %u bytes needs, it is lost",
		    in.size, v6d_gre_needed(r));
	else if (n_changed(g) > 0)
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "GRE arrives with changed bytes (%u of %u)", n_changed(g),
		    g->sweep.n_answered + g->payload.answered);
	else if (v6d_probe_bad(r, V6D_FACT_GRE_LOSS_OUT) ||
		 v6d_probe_bad(r, V6D_FACT_GRE_LOSS_IN) ||
		 v6d_probe_bad(r, V6D_FACT_GRE_LOSS))
		v6d_probe_end(r, V6D_PROBE_WARN,
		    "GRE is lost: %u of %u on the way out, %u on the way in",
		    g->losses.out, g->losses.sent, g->losses.in);
	else if (v6d_probe_bad(r, V6D_FACT_GRE_REORDER))
		v6d_probe_end(r, V6D_PROBE_WARN,
		    "GRE comes %s: %u of %u packets",
		    twice ? "twice" : "out of order",
		    twice ? g->losses.twice : g->losses.late, g->losses.came);
	else if (in.known == V6D_SWEEP_NOTHING ||
		 out.known == V6D_SWEEP_NOTHING)
		v6d_probe_end(r, V6D_PROBE_UNKNOWN,
		    "GRE passes; its size limits could not be measured");
	else if (out.size == in.size)
		v6d_probe_end(r, V6D_PROBE_PASS,
		    "GRE passes both ways, up to %u bytes", out.size);
	else
		v6d_probe_end(r, V6D_PROBE_PASS,
		    "GRE passes both ways: %u bytes out, %u in", out.size,
		    in.size);
}
