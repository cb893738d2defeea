/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe_gre.c - does GRE pass, how large may it be each way, and does it get
 * there unharmed (RFC 2637 4)? Waits for the link, sweeps sizes by LCP
 * echoes, then counts losses of small ones.
 */
#include <string.h>

#include "probe/gre_impl.h"
#include "probe/help.h"
#include "probe/nolink.h"
#include "probe/watched.h"

#define SOON V6D_S(2) /* by then GRE comes, or an ICMP error has told why */
#define PATIENCE V6D_MS(4500) /* for LCP, since the call */
#define UP_PATIENCE V6D_S(3) /* for the rest of PPP: no frames between */
#define UP_AGAIN V6D_MS(300) /* once losses were counted */
#define LATE_PATIENCE V6D_S(4) /* where frames are lost, that takes longer */
#define MRU_DEFAULT 1500
#define LONG V6D_S(1) /* no search of sizes takes so long without losses */
#define LATE V6D_S(6) /* of the run */
#define GAPS 3 /* of the packets of a login: certainly no accident */
#define DOUBTS 6 /* sizes of which it is asked whether chance lost them */

enum tag { /* recorded runs hold them: new ones come last */
	EARLY_LINK,
	LINK,
	LATE_LINK,
	UP,
	LATE_UP,
	SWEEP,
	BACK,
	LOSS,
	PIECES,
	PAYLOAD,
	EARLY_LOSS,
	UP_LATER,
	MID_LOSS,
	DOUBT,
};

static void
start(struct v6d_probe_run *r)
{
	const char *why = v6d_help_no_session(r->plan);

	if (!why && !r->plan->have_raw && !r->plan->lent)
		why = v6d_help_raw();
	v6d_gre_mine(r)->watching = r->plan->watched;
	if (r->plan->watched)
		v6d_watched_start(r);
	else if (why)
		v6d_probe_end(r, V6D_PROBE_SKIPPED, "%s", why);
	else
		v6d_help_session(r, V6D_SESSION_AUTH, SOON, EARLY_LINK);
}

/* What was watched had nothing of ours in it; a lent session is asked now. */
static void
watch_on(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	if (!v6d_watched_answer(r, a))
		return;
	v6d_gre_mine(r)->watching = false;
	if (r->plan->lent && !v6d_probe_bad(r, V6D_FACT_GRE_IN))
		v6d_help_session(r, V6D_SESSION_AUTH, SOON, EARLY_LINK);
	else
		v6d_watched_end(r);
}

/* ---- steps ---- */

static void
pieces_on(struct v6d_probe_run *r)
{
	struct gre *g = v6d_gre_mine(r);

	if (v6d_frags_next(&g->frags, &g->ask)) {
		g->ask.tag = PIECES;
		v6d_probe_ask(r, &g->ask);
		return;
	}
	v6d_gre_pieces_facts(r);
	v6d_gre_conclude(r);
}

static void
begin_payload(struct gre *g)
{
	uint16_t out = v6d_gre_cut_out(g).size,
		 in = v6d_sweep_in(&g->sweep).size;

	v6d_payload_init(&g->payload, in < out ? in : out, g->sweep.rtt);
}

static void
payload_on(struct v6d_probe_run *r)
{
	struct gre *g = v6d_gre_mine(r);

	if (v6d_payload_next(&g->payload, &g->ask)) {
		g->ask.tag = PAYLOAD;
		v6d_probe_ask(r, &g->ask);
		return;
	}
	v6d_gre_data_fact(r);
	if (v6d_gre_wants_pieces(r, g)) {
		v6d_frags_init(&g->frags, (uint16_t)v6d_gre_needed(r),
		    v6d_gre_is_cut(r, g)
			? (uint16_t)(v6d_gre_cut_out(g).size + 1)
			: 0,
		    v6d_gre_shadowed(g), g->sweep.rtt);
		pieces_on(r);
	} else {
		v6d_gre_conclude(r);
	}
}

/* ---- losses ---- */

static bool
is_limited(const struct v6d_probe_run *r, const struct gre *g)
{
	return v6d_gre_harms(r, v6d_gre_cut_out(g)) ||
	       v6d_gre_harms(r, v6d_returns_in(&g->back, &g->sweep));
}

/* Where they are the fault the others may know it before this check ends. */
static void
count_losses(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	struct gre *g = v6d_gre_mine(r);

	v6d_losses_feed(&g->losses, a);
	if (g->told || !v6d_losses_heavy(&g->losses))
		return;
	g->told = g->counted = true;
	v6d_losses_facts(&g->losses, r);
	if (a->tag == LOSS && is_limited(r, g)) {
		g->doubtful = true;
		v6d_gre_doubt_facts(r);
	}
}

static bool
ask_losses(struct v6d_probe_run *r, enum tag tag)
{
	struct gre *g = v6d_gre_mine(r);

	if (!v6d_losses_next(&g->losses, &g->ask))
		return false;
	g->ask.tag = tag;
	return v6d_probe_ask(r, &g->ask);
}

/* The size of a request that must show whether a limit was chance; 0: none. */
static unsigned
doubted(const struct v6d_probe_run *r, const struct gre *g)
{
	struct v6d_sweep_result out = v6d_gre_cut_out(g);
	struct v6d_sweep_result in = v6d_returns_in(&g->back, &g->sweep);
	unsigned size = v6d_gre_needed(r) < g->top ? v6d_gre_needed(r) : g->top;

	if (!v6d_losses_found(&g->losses) || g->doubts == DOUBTS)
		return 0;
	if (v6d_gre_harms(r, out))
		return out.known == V6D_SWEEP_HOLE ? out.hole : size;
	if (!v6d_gre_harms(r, in))
		return 0;
	return in.known == V6D_SWEEP_HOLE
		   ? (unsigned)((int)in.hole + g->sweep.delta)
		   : size;
}

static void begin_doubt(struct v6d_probe_run *r);

static void
doubt_on(struct v6d_probe_run *r)
{
	struct gre *g = v6d_gre_mine(r);

	if (v6d_doubt_next(&g->doubt, &g->ask)) {
		g->ask.tag = DOUBT;
		v6d_probe_ask(r, &g->ask);
		return;
	}
	if (g->doubt.passed) {
		v6d_sweep_passed(&g->sweep, g->doubt.size, g->doubt.len);
		g->doubtful = true;
		begin_doubt(r);
		return;
	}
	if (g->doubtful)
		v6d_gre_size_facts(r);
	if (g->sweep.failed) {
		v6d_gre_conclude(r);
	} else {
		begin_payload(g);
		payload_on(r);
	}
}

static void
begin_doubt(struct v6d_probe_run *r)
{
	struct gre *g = v6d_gre_mine(r);

	v6d_doubt_init(&g->doubt, (uint16_t)doubted(r, g), v6d_gre_shadowed(g),
	    g->sweep.rtt);
	g->doubts += g->doubt.size > 0;
	doubt_on(r);
}

static void
losses_on(struct v6d_probe_run *r)
{
	if (!ask_losses(r, LOSS))
		begin_doubt(r);
}

static void
init_losses(struct v6d_probe_run *r, bool suspected)
{
	struct gre *g = v6d_gre_mine(r);

	v6d_losses_init(&g->losses,
	    v6d_gre_shadowed(g) || g->sweep.mode == V6D_SWEEP_UNTRIED,
	    suspected || g->gaps > 0 || g->repeated || g->sweep.failed,
	    g->sweep.rtt);
}

static void
sweep_over(struct v6d_probe_run *r)
{
	struct gre *g = v6d_gre_mine(r);

	g->doubtful = v6d_losses_found(&g->losses) && is_limited(r, g);
	if (!g->doubtful)
		v6d_gre_size_facts(r);
	if (!g->counted)
		init_losses(r, v6d_sweep_lossy(&g->sweep));
	losses_on(r);
}

/* Small ones are lost too, which makes the search of sizes long: how many? */
static bool
begin_mid_losses(struct v6d_probe_run *r)
{
	struct gre *g = v6d_gre_mine(r);

	if (g->counted || g->sweep.rtt == 0 || !v6d_sweep_lossy(&g->sweep) ||
	    g->sweep.spent < LONG + 10 * g->sweep.rtt)
		return false;
	g->counted = true;
	init_losses(r, true);
	return ask_losses(r, MID_LOSS);
}

static bool
wants_back(const struct v6d_probe_run *r, const struct gre *g)
{
	return r->plan->have_tun && g->peer.family == 6 &&
	       v6d_returns_wanted(&g->sweep, v6d_gre_needed(r));
}

static void
back_on(struct v6d_probe_run *r)
{
	struct gre *g = v6d_gre_mine(r);

	if (!v6d_echoes_next(&g->back, &g->ask)) {
		sweep_over(r);
		return;
	}
	g->ask.tag = BACK;
	g->ask.addr = g->peer;
	v6d_probe_ask(r, &g->ask);
}

/*
 * No echo came back before the link was wholly up: the server may still wait
 * for an answer that was lost, and asks again after seconds (RFC 1661 4.6).
 */
static bool
too_early(const struct gre *g)
{
	return g->sweep.mode == V6D_SWEEP_UNTRIED && !g->up && !g->waited;
}

static void
sweep_on(struct v6d_probe_run *r)
{
	struct gre *g = v6d_gre_mine(r);

	if (begin_mid_losses(r))
		return;
	if (v6d_sweep_next(&g->sweep, &g->ask)) {
		g->ask.tag = SWEEP;
		v6d_probe_ask(r, &g->ask);
	} else if (too_early(g)) {
		g->waited = true;
		v6d_help_session(r, V6D_SESSION_UP, LATE_PATIENCE, LATE_UP);
	} else if (wants_back(r, g)) {
		v6d_returns_begin(&g->back, &g->sweep, r->plan->mtu);
		back_on(r);
	} else {
		sweep_over(r);
	}
}

/* Larger echoes come back cut at our MRU, or not at all above theirs. */
static void
begin_sweep(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	struct gre *g = v6d_gre_mine(r);
	unsigned ours = r->plan->mru ? r->plan->mru : MRU_DEFAULT;
	unsigned theirs = a->peer_mru ? a->peer_mru : MRU_DEFAULT;
	unsigned top = (ours < theirs ? ours : theirs) + V6D_GRE_OVERHEAD;

	g->whole = top;
	g->up = a->state == V6D_SESSION_UP;
	g->repeated = v6d_help_repeated(a);
	g->peer = a->peer;
	g->top = (uint16_t)(top < V6D_LIMIT_MAX ? top : V6D_LIMIT_MAX);
	v6d_sweep_init(&g->sweep, g->top, v6d_help_handshake(a));
	sweep_on(r);
}

/* ---- the link is open, the session not up yet ---- */

/* So late not much more can be measured: what shows so far has to do. */
static void
look_at_gaps(struct v6d_probe_run *r)
{
	const struct gre *g = v6d_gre_mine(r);

	if (r->now > LATE && g->gaps >= GAPS && !g->told)
		v6d_nolink_gaps(r, g->came, g->gaps);
}

static void
up_on(struct v6d_probe_run *r)
{
	struct gre *g = v6d_gre_mine(r);

	if (ask_losses(r, EARLY_LOSS))
		return;
	if (g->losses.mute < g->losses.rounds) {
		v6d_help_session(r, V6D_SESSION_UP, UP_AGAIN, UP_LATER);
		return;
	}
	g->waited = g->sweep.failed = true; /* the server's link is not open */
	v6d_help_session(r, V6D_SESSION_UP, LATE_PATIENCE, LATE_UP);
}

/*
 * Something of the login was lost, and is repeated after seconds (RFC 1661
 * 4.6), or the server thinks: time to count what is lost.
 */
static void
on_no_up(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	look_at_gaps(r);
	v6d_losses_init(&v6d_gre_mine(r)->losses, true, a->in_gaps > 0,
	    v6d_help_handshake(a));
	up_on(r);
}

static void
on_link(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	bool dead = a->state >= V6D_SESSION_CLOSING;
	bool came = a->times.first_gre != V6D_NEVER;

	if (a->how == V6D_ANSWER_REFUSED) {
		v6d_probe_end(
		    r, V6D_PROBE_UNKNOWN, "no session: %.120s", a->text);
		return;
	}
	if (v6d_help_reached(a, V6D_SESSION_AUTH)) {
		if (dead)
			v6d_nolink_stuck(r, a, false);
		else
			v6d_help_session(r, V6D_SESSION_UP, UP_PATIENCE, UP);
		return;
	}
	if (a->tag == EARLY_LINK && !dead &&
	    (came || !v6d_probe_bad(r, V6D_FACT_GRE_ICMP))) {
		v6d_help_session(r, V6D_SESSION_AUTH, PATIENCE - SOON, LINK);
		return;
	}
	if (!v6d_help_reached(a, V6D_SESSION_LCP))
		v6d_probe_end(r, V6D_PROBE_SKIPPED,
		    "not tried: no call came up to carry GRE");
	else if (a->tag == LINK && !dead && came &&
		 v6d_probe_ok(r, V6D_FACT_GRE_OUT))
		v6d_help_session(r, V6D_SESSION_AUTH, LATE_PATIENCE, LATE_LINK);
	else if (came)
		v6d_nolink_stuck(r, a, a->tag == LINK);
	else
		v6d_nolink_silent(r, a, PATIENCE);
}

static void
answer(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	struct gre *g = v6d_gre_mine(r);

	if (g->watching) {
		watch_on(r, a);
		return;
	}
	if (a->kind == V6D_ASK_SESSION) {
		g->came = a->in_frames;
		g->gaps = a->in_gaps;
	}
	switch ((enum tag)a->tag) {
	case EARLY_LINK:
	case LINK:
	case LATE_LINK:
		on_link(r, a);
		return;
	case LATE_UP:
		if (a->how == V6D_ANSWER_TIMEOUT) {
			sweep_over(r);
			return;
		}
		/* fallthrough */
	case UP:
		if (a->tag == UP && a->how == V6D_ANSWER_TIMEOUT) {
			on_no_up(r, a);
			return;
		}
		/* fallthrough */
	case UP_LATER:
		if (a->state >= V6D_SESSION_CLOSING)
			v6d_nolink_stuck(r, a, false);
		else
			begin_sweep(r, a);
		return;
	case SWEEP:
		v6d_sweep_feed(&g->sweep, a);
		sweep_on(r);
		return;
	case BACK:
		v6d_echoes_feed(&g->back, a);
		back_on(r);
		return;
	case EARLY_LOSS:
		count_losses(r, a);
		up_on(r);
		return;
	case MID_LOSS:
		count_losses(r, a);
		if (!ask_losses(r, MID_LOSS))
			sweep_on(r);
		return;
	case LOSS:
		count_losses(r, a);
		losses_on(r);
		return;
	case DOUBT:
		v6d_doubt_feed(&g->doubt, a);
		doubt_on(r);
		return;
	case PAYLOAD:
		v6d_payload_feed(&g->payload, a);
		payload_on(r);
		return;
	case PIECES:
		v6d_frags_feed(&g->frags, a);
		pieces_on(r);
		return;
	}
}

const struct v6d_probe v6d_probe_gre = {
	.name = "gre",
	.question = "Does GRE pass both ways, at every size that is needed?",
	.after = "control",
	/* The others' traffic is what it watches. */
	.in_place_after = "host control ra filter route pmtu dns name",
	.needs = "control.call",
	.without = "no call came up to carry GRE",
	.start = start,
	.answer = answer,
};
