/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe_gre.c - does GRE pass, how large may it be each way, and does it get
 * there unharmed (RFC 2637 4)? Waits for the link, sweeps sizes by LCP
 * echoes, then counts losses of small ones.
 */
#include <string.h>

#include "probe/frags.h"
#include "probe/help.h"
#include "probe/losses.h"
#include "probe/nolink.h"
#include "probe/payload.h"
#include "probe/returns.h"
#include "probe/sweep.h"
#include "probe/watched.h"

#define SOON V6D_S(2) /* by then GRE comes, or an ICMP error has told why */
#define PATIENCE V6D_MS(4500) /* for LCP, since the call */
#define UP_PATIENCE V6D_S(3) /* for the rest of PPP: no frames between */
#define LATE_PATIENCE V6D_S(4) /* where frames are lost, that takes longer */
#define MRU_DEFAULT 1500

enum tag {
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
};

struct gre {
	struct v6d_sweep sweep;
	struct v6d_ask ask;
	uint16_t top;
	bool watching; /* a session in place */
	bool up; /* PPP is, wholly */
	bool waited; /* for that, once more */
	unsigned whole; /* outer bytes that both ends can take */
	unsigned came, gaps; /* before any sweep: GRE; numbers not seen */
	bool repeated; /* the link took so long that it shows */
	struct v6d_losses losses;
	struct v6d_payload payload;
	struct v6d_addr peer; /* its link-local address in the tunnel */
	/* Replies to echoes in IPv6 fragments, where GRE ends below what the
	 * other way carries. */
	struct v6d_echoes back;
	struct v6d_frags frags;
};

static struct gre *
mine(struct v6d_probe_run *r)
{
	_Static_assert(sizeof(struct gre) <= V6D_PROBE_STATE, "state");
	return (struct gre *)(void *)r->state;
}

static void
start(struct v6d_probe_run *r)
{
	const char *why = v6d_help_no_session(r->plan);

	if (!why && !r->plan->have_raw && !r->plan->lent)
		why = v6d_help_raw();
	mine(r)->watching = r->plan->watched;
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
	mine(r)->watching = false;
	if (r->plan->lent && !v6d_probe_bad(r, V6D_FACT_GRE_IN))
		v6d_help_session(r, V6D_SESSION_AUTH, SOON, EARLY_LINK);
	else
		v6d_watched_end(r);
}

/* ---- what the sweep says ---- */

static const char *
size_words(enum v6d_sweep_known known)
{
	switch (known) {
	case V6D_SWEEP_NOTHING:
		break;
	case V6D_SWEEP_ALL:
		return "all";
	case V6D_SWEEP_LIMIT:
		return "limit";
	case V6D_SWEEP_AT_LEAST:
		return "at-least";
	case V6D_SWEEP_HOLE:
		return "hole";
	}
	return "not-measured";
}

static unsigned
needed(const struct v6d_probe_run *r)
{
	return r->plan->mtu + V6D_GRE_OVERHEAD;
}

/* The limit harms this tunnel: its full packets are larger. */
static bool
harms(const struct v6d_probe_run *r, struct v6d_sweep_result s)
{
	return s.known == V6D_SWEEP_HOLE ||
	       (s.known == V6D_SWEEP_LIMIT && s.size < needed(r));
}

static void
size_fact(
    struct v6d_probe_run *r, enum v6d_fact fact, struct v6d_sweep_result s)
{
	bool enough = s.known != V6D_SWEEP_NOTHING && s.size >= needed(r);

	if (harms(r, s))
		v6d_probe_fact(
		    r, fact, NULL, V6D_BAD, size_words(s.known), s.size);
	else if (s.known == V6D_SWEEP_ALL || s.known == V6D_SWEEP_LIMIT ||
		 enough)
		v6d_probe_fact(r, fact, NULL, V6D_OK, NULL, s.size);
	else
		v6d_probe_fact(r, fact, NULL, V6D_UNKNOWN, size_words(s.known),
		    s.size ? s.size : V6D_NO_VALUE);
}

/* Does a full packet of the tunnel fit what was measured? */
static void
mtu_fact(struct v6d_probe_run *r, struct v6d_sweep_result out,
    struct v6d_sweep_result in)
{
	bool fits = out.size >= needed(r) && in.size >= needed(r);
	const char *word = NULL;

	if (r->plan->mtu < 1280)
		word = "too-small"; /* RFC 8200 5 */
	else if (harms(r, out) || harms(r, in))
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

static void
data_fact(struct v6d_probe_run *r)
{
	const struct gre *g = mine(r);
	bool changed = n_changed(g) > 0;

	if (g->sweep.n_answered + g->payload.answered > 0)
		v6d_probe_fact(r, V6D_FACT_GRE_DATA, NULL,
		    changed ? V6D_BAD : V6D_OK, changed ? "changed" : NULL,
		    V6D_NO_VALUE);
}

static void
other_facts(struct v6d_probe_run *r)
{
	v6d_ns rtt = v6d_sweep_median_rtt(&mine(r)->sweep);

	data_fact(r);
	if (rtt > 0)
		v6d_probe_fact(r, V6D_FACT_GRE_RTT, NULL, V6D_OK, NULL,
		    (int64_t)(rtt / 1000));
}

/* Both facts of a sweep, or the one of a peer that tells no direction. */
static void
sweep_facts(struct v6d_probe_run *r)
{
	const struct v6d_sweep *s = &mine(r)->sweep;
	struct v6d_sweep_result in = v6d_returns_in(
				    &mine(r)->back, &mine(r)->sweep),
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

static bool
shadowed(const struct gre *g)
{
	return g->sweep.mode == V6D_SWEEP_SHADOW;
}

/* ---- packets that travel in IPv4 fragments ---- */

/* What ends below a full packet for those that may not be fragmented. */
static struct v6d_sweep_result
cut_out(const struct gre *g)
{
	return g->sweep.mode == V6D_SWEEP_BLIND ? v6d_sweep_in(&g->sweep)
						: v6d_sweep_out(&g->sweep);
}

static bool
is_cut(const struct v6d_probe_run *r, const struct gre *g)
{
	struct v6d_sweep_result out = cut_out(g);

	return out.known == V6D_SWEEP_LIMIT && out.size < needed(r);
}

/*
 * A full packet of this tunnel does not fit an Ethernet line in one piece; or
 * something ends below it, and perhaps only for what may not be fragmented.
 */
static bool
wants_pieces(const struct v6d_probe_run *r, const struct gre *g)
{
	struct v6d_sweep_result in = v6d_sweep_in(&g->sweep);

	if (g->whole < needed(r))
		return false;
	return is_cut(r, g) ||
	       (needed(r) > V6D_LIMIT_MAX &&
		   ((in.known == V6D_SWEEP_ALL && in.size == V6D_LIMIT_MAX) ||
		       in.known == V6D_SWEEP_LIMIT));
}

/* What is lost with don't-fragment passes without. */
static bool
only_df(const struct v6d_probe_run *r, const struct gre *g)
{
	return is_cut(r, g) && g->frags.over_passed > 0 &&
	       g->frags.full_passed > 0;
}

/* The same inwards shows only where full packets are larger than any line. */
static bool
only_df_in(const struct v6d_probe_run *r, const struct gre *g)
{
	struct v6d_sweep_result in = v6d_sweep_in(&g->sweep);

	return in.known == V6D_SWEEP_LIMIT && needed(r) > V6D_LIMIT_MAX &&
	       g->frags.full_passed > 0;
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
		    as_hole(cut_out(g)));
	if (only_df_in(r, g) && !blind)
		size_fact(
		    r, V6D_FACT_GRE_SIZE_IN, as_hole(v6d_sweep_in(&g->sweep)));
}

static void
pieces_facts(struct v6d_probe_run *r)
{
	const struct gre *g = mine(r);
	const char *word = g->frags.undirected ? "lost"
			   : g->frags.lost_out ? "lost-out"
					       : "lost-in";
	bool none = g->frags.full_passed == 0;

	if (only_df(r, g) || only_df_in(r, g)) {
		hole_facts(r, g);
		return;
	}
	if (is_cut(r, g)) /* that is what is lost: fragments or not */
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
	const struct gre *g = mine(r);

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
		    s.exact ? "" : "about ", s.size, way, needed(r));
}

static void
conclude(struct v6d_probe_run *r)
{
	const struct gre *g = mine(r);
	bool blind = g->sweep.mode == V6D_SWEEP_BLIND;
	bool twice = g->losses.twice > g->losses.late;
	struct v6d_sweep_result in = v6d_returns_in(&g->back, &g->sweep);
	struct v6d_sweep_result out = blind ? in : v6d_sweep_out(&g->sweep);

	if (only_df(r, g))
		out = as_hole(out);
	v6d_losses_facts(&g->losses, r);
	if (g->sweep.mode == V6D_SWEEP_UNTRIED)
		v6d_nolink_mute(r, g->came, g->gaps);
	else if (harms(r, out))
		fail_size(r, blind ? " one way" : " on the way out", out);
	else if (harms(r, in))
		fail_size(r, " on the way in", in);
	else if (v6d_probe_bad(r, V6D_FACT_GRE_FRAGMENTS))
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "GRE passes up to %u bytes in one piece; in fragments, as "
		    "a full packet of %u bytes needs, it is lost",
		    in.size, needed(r));
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

/* ---- steps ---- */

static void
pieces_on(struct v6d_probe_run *r)
{
	struct gre *g = mine(r);

	if (v6d_frags_next(&g->frags, &g->ask)) {
		g->ask.tag = PIECES;
		v6d_probe_ask(r, &g->ask);
		return;
	}
	pieces_facts(r);
	conclude(r);
}

static void
begin_payload(struct gre *g)
{
	uint16_t out = cut_out(g).size, in = v6d_sweep_in(&g->sweep).size;

	v6d_payload_init(&g->payload, in < out ? in : out, g->sweep.rtt);
}

static void
payload_on(struct v6d_probe_run *r)
{
	struct gre *g = mine(r);

	if (v6d_payload_next(&g->payload, &g->ask)) {
		g->ask.tag = PAYLOAD;
		v6d_probe_ask(r, &g->ask);
		return;
	}
	data_fact(r);
	if (wants_pieces(r, g)) {
		v6d_frags_init(&g->frags, (uint16_t)needed(r),
		    is_cut(r, g) ? (uint16_t)(cut_out(g).size + 1) : 0,
		    shadowed(g), g->sweep.rtt);
		pieces_on(r);
	} else {
		conclude(r);
	}
}

static void
losses_on(struct v6d_probe_run *r)
{
	struct gre *g = mine(r);

	if (v6d_losses_next(&g->losses, &g->ask)) {
		g->ask.tag = LOSS;
		v6d_probe_ask(r, &g->ask);
	} else if (g->sweep.failed) {
		conclude(r);
	} else {
		begin_payload(g);
		payload_on(r);
	}
}

static void
sweep_over(struct v6d_probe_run *r)
{
	struct gre *g = mine(r);

	sweep_facts(r);
	v6d_losses_init(&g->losses, shadowed(g) || g->sweep.failed,
	    g->gaps > 0 || g->repeated || g->sweep.failed ||
		v6d_sweep_lossy(&g->sweep),
	    g->sweep.rtt);
	losses_on(r);
}

static bool
wants_back(const struct v6d_probe_run *r, const struct gre *g)
{
	return r->plan->have_tun && g->peer.family == 6 &&
	       v6d_returns_wanted(&g->sweep, needed(r));
}

static void
back_on(struct v6d_probe_run *r)
{
	struct gre *g = mine(r);

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
	struct gre *g = mine(r);

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
	struct gre *g = mine(r);
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
	struct gre *g = mine(r);

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
	case LOSS:
		v6d_losses_feed(&g->losses, a);
		losses_on(r);
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
