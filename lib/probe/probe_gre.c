/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe_gre.c - does GRE pass, how large may it be each way, and does it get
 * there unharmed (RFC 2637 4)? Waits for the link, sweeps sizes by LCP
 * echoes, then counts losses of small ones.
 */
#include <string.h>

#include "probe/help.h"
#include "probe/sweep.h"

#define SOON V6D_S(2) /* by then GRE comes, or an ICMP error has told why */
#define PATIENCE V6D_S(5) /* for LCP, since the call */
#define UP_PATIENCE V6D_S(3) /* for the rest of PPP: no frames between */
#define OVERHEAD 40 /* 20 IPv4, 16 GRE with both numbers, 4 PPP */
#define MRU_DEFAULT 1500
#define SMALL 100
#define LOSS_FRAMES 24
#define LOSS_SENTINELS 3
#define LOSS_ROUNDS 2
#define LOSS_ROUNDS_MAX 8
/*
 * A rate is a finding when it is above this with 95 % confidence: Wilson's
 * lower bound, as the score test (3.84 is 1.96 squared).
 */
#define LOSS_PER_MILLE 30

#define PIECE_COPIES 4
#define PIECES_AGAIN 2 /* bursts more, where not all is lost */

enum tag { EARLY_LINK, LINK, UP, SWEEP, LOSS, PIECES };

struct gre {
	struct v6d_sweep sweep;
	struct v6d_ask ask;
	uint16_t top;
	unsigned whole; /* outer bytes that both ends can take */
	v6d_ns first_gre; /* V6D_NEVER: none came */
	unsigned loss_rounds, n_sent, lost_out, lost_in;
	bool undirected; /* the two losses could not be told apart */
	unsigned piece_rounds, pieces_passed, pieces_lost_out, pieces_lost_in;
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

	if (!why && !r->plan->have_raw)
		why = v6d_help_raw();
	if (why)
		v6d_probe_end(r, V6D_PROBE_SKIPPED, "%s", why);
	else
		v6d_help_session(r, V6D_SESSION_AUTH, SOON, EARLY_LINK);
}

/* ---- no link ---- */

static bool
filtered_here(const struct v6d_probe_run *r)
{
	const struct v6d_obs *o = v6d_facts_last(r->facts, V6D_FACT_GRE_IN);

	return o && o->state == V6D_BAD && strcmp(o->word, "filtered") == 0;
}

static void
no_gre(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	const struct v6d_obs *o = v6d_facts_last(r->facts, V6D_FACT_GRE_ICMP);

	if (!v6d_probe_bad(r, V6D_FACT_GRE_IN))
		v6d_probe_fact(r, V6D_FACT_GRE_IN, NULL, V6D_BAD, "none", 0);
	if (o && o->state == V6D_BAD)
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "no GRE comes back; %s refuses ours by ICMP",
		    o->subject[0] ? o->subject : "a router");
	else if (filtered_here(r))
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "GRE from the server reaches this host, and its own "
		    "firewall drops it");
	else if (v6d_probe_bad(r, V6D_FACT_GRE_SEND))
		v6d_probe_end(
		    r, V6D_PROBE_FAIL, "this host does not let GRE out");
	else if (v6d_probe_bad(r, V6D_FACT_CONTROL_HANGUP))
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "no GRE comes; the server hung up after the call");
	else if (a->state == V6D_SESSION_DEAD)
		v6d_probe_end(r, V6D_PROBE_FAIL, "no GRE came: %s",
		    v6d_session_why_text(a->why));
	else
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "no GRE comes from the server (waited %u s)",
		    v6d_help_ms(PATIENCE) / 1000);
}

/*
 * The server repeats its request, and for all that time neither acknowledged
 * nor answered ours: what it had done of either would be a fact by now.
 */
static bool
ignored(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	const struct v6d_obs *in = v6d_facts_last(r->facts, V6D_FACT_GRE_IN);

	return a->how == V6D_ANSWER_TIMEOUT && a->tag == LINK &&
	       !v6d_probe_seen(r, V6D_FACT_GRE_OUT) && in && in->value >= 2;
}

/* GRE comes, but the link is not there: is ours getting through? */
static void
no_link(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	if (!v6d_probe_ok(r, V6D_FACT_GRE_IN))
		v6d_probe_fact(
		    r, V6D_FACT_GRE_IN, NULL, V6D_OK, NULL, V6D_NO_VALUE);
	if (ignored(r, a))
		v6d_probe_fact(r, V6D_FACT_GRE_OUT, NULL, V6D_BAD,
		    "unacknowledged", V6D_NO_VALUE);
	if (v6d_probe_bad(r, V6D_FACT_GRE_OUT))
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "GRE comes from the server, ours does not reach it");
	else if (v6d_probe_ok(r, V6D_FACT_GRE_OUT))
		v6d_probe_end(r, V6D_PROBE_PASS,
		    "GRE passes both ways; sizes not measured: %s",
		    a->state == V6D_SESSION_DEAD ? "the link ended"
						 : "the link did not open");
	else
		v6d_probe_end(r, V6D_PROBE_UNKNOWN,
		    "GRE comes from the server; whether ours gets there "
		    "does not show");
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
	return r->plan->mtu + OVERHEAD;
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

static void
other_facts(struct v6d_probe_run *r)
{
	const struct v6d_sweep *s = &mine(r)->sweep;
	v6d_ns rtt = v6d_sweep_median_rtt(s);

	if (s->n_answered > 0)
		v6d_probe_fact(r, V6D_FACT_GRE_DATA, NULL,
		    s->n_changed ? V6D_BAD : V6D_OK,
		    s->n_changed ? "changed" : NULL, V6D_NO_VALUE);
	if (rtt > 0)
		v6d_probe_fact(r, V6D_FACT_GRE_RTT, NULL, V6D_OK, NULL,
		    (int64_t)(rtt / 1000));
}

/* Both facts of a sweep, or the one of a peer that tells no direction. */
static void
sweep_facts(struct v6d_probe_run *r)
{
	const struct v6d_sweep *s = &mine(r)->sweep;
	struct v6d_sweep_result in = v6d_sweep_in(s), out = v6d_sweep_out(s);

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

/* ---- losses ---- */

static bool
shadowed(const struct gre *g)
{
	return g->sweep.mode == V6D_SWEEP_SHADOW;
}

/* 24 small echoes (and their shadows): none of them is too large. */
static void
ask_loss(struct v6d_probe_run *r)
{
	struct gre *g = mine(r);
	struct v6d_ask *q = &g->ask;
	unsigned n = LOSS_FRAMES * (shadowed(g) ? 2 : 1);
	v6d_ns rtt = g->sweep.rtt;

	memset(q, 0, sizeof(*q));
	q->kind = V6D_ASK_BURST;
	q->tag = LOSS;
	q->df = true;
	q->timeout = V6D_MS(300) + 2 * rtt;
	q->grace = V6D_MS(2) + rtt / 2;
	q->n_frames = n + LOSS_SENTINELS;
	for (unsigned i = 0; i < q->n_frames; i++) {
		q->frames[i].frame = V6D_FRAME_LCP_ECHO;
		q->frames[i].outer_len = SMALL;
		q->frames[i].closes = i >= n;
		q->frames[i].reuse = i >= LOSS_FRAMES && i < n;
		q->frames[i].of =
		    (uint8_t)(q->frames[i].reuse ? i - LOSS_FRAMES : 0);
	}
	g->loss_rounds++;
	v6d_probe_ask(r, q);
}

/*
 * What the peer sent and we did not get shows as a hole in its numbers, with
 * every kind of peer; the rest of what stays unanswered was lost outwards.
 */
static void
count_losses(struct gre *g, const struct v6d_answer *a)
{
	unsigned n = LOSS_FRAMES * (shadowed(g) ? 2 : 1), lost = 0, in;
	bool heard = false;

	for (unsigned i = n; i < a->n_frames; i++)
		heard |= a->frames[i].answered;
	if (!heard)
		return; /* a hole may hold everything back */
	for (unsigned i = 0; i < LOSS_FRAMES; i++)
		lost += !a->frames[i].answered;
	in = a->in_gaps < lost ? a->in_gaps : lost;
	g->n_sent += LOSS_FRAMES;
	g->lost_in += in;
	g->lost_out += lost - in;
	g->undirected |= !a->in_gaps_known;
}

static bool
is_finding(unsigned lost, unsigned n)
{
	unsigned above = lost * 1000 - LOSS_PER_MILLE * n;

	return lost * 1000 > LOSS_PER_MILLE * n &&
	       (uint64_t)above * above * 100 >= 384u * LOSS_PER_MILLE *
						    (1000u - LOSS_PER_MILLE) *
						    (uint64_t)n;
}

static void
loss_fact(struct v6d_probe_run *r, enum v6d_fact fact, unsigned lost)
{
	unsigned n = mine(r)->n_sent;
	bool bad = is_finding(lost, n);

	if (n > 0)
		v6d_probe_fact(r, fact, NULL, bad ? V6D_BAD : V6D_OK,
		    bad ? "loss" : NULL, lost * 1000 / n);
}

static void
loss_facts(struct v6d_probe_run *r)
{
	const struct gre *g = mine(r);

	if (g->undirected) {
		loss_fact(r, V6D_FACT_GRE_LOSS, g->lost_in + g->lost_out);
		return;
	}
	loss_fact(r, V6D_FACT_GRE_LOSS_OUT, g->lost_out);
	loss_fact(r, V6D_FACT_GRE_LOSS_IN, g->lost_in);
}

/* ---- packets that travel in IPv4 fragments ---- */

/* A full packet of this tunnel does not fit an Ethernet line in one piece. */
static bool
wants_pieces(const struct v6d_probe_run *r)
{
	const struct gre *g = (const struct gre *)(const void *)r->state;
	struct v6d_sweep_result in = v6d_sweep_in(&g->sweep);

	return needed(r) > V6D_LIMIT_MAX && g->whole >= needed(r) &&
	       in.known == V6D_SWEEP_ALL && in.size == V6D_LIMIT_MAX;
}

/* Full echoes without don't-fragment, their shadows, sentinels. */
static void
ask_pieces(struct v6d_probe_run *r)
{
	struct gre *g = mine(r);
	struct v6d_ask *q = &g->ask;
	unsigned n = PIECE_COPIES;

	memset(q, 0, sizeof(*q));
	q->kind = V6D_ASK_BURST;
	q->tag = PIECES;
	q->timeout = V6D_MS(300) + 4 * g->sweep.rtt;
	q->grace = V6D_MS(10) + g->sweep.rtt;
	q->n_frames = n * (shadowed(g) ? 2 : 1) + LOSS_SENTINELS;
	for (unsigned i = 0; i < q->n_frames; i++) {
		q->frames[i].frame = V6D_FRAME_LCP_ECHO;
		q->frames[i].outer_len = (uint16_t)(i < n ? needed(r) : SMALL);
		q->frames[i].reuse = shadowed(g) && i >= n && i < 2 * n;
		q->frames[i].of = (uint8_t)(q->frames[i].reuse ? i - n : 0);
		q->frames[i].closes = i + LOSS_SENTINELS >= q->n_frames;
	}
	g->piece_rounds++;
	v6d_probe_ask(r, q);
}

/* As losses are counted; a hole may hold everything back. */
static void
count_pieces(struct gre *g, const struct v6d_answer *a)
{
	unsigned lost = 0, in;
	bool heard = false;

	for (unsigned i = a->n_frames - LOSS_SENTINELS; i < a->n_frames; i++)
		heard |= a->frames[i].answered;
	for (unsigned i = 0; i < PIECE_COPIES; i++)
		lost += !a->frames[i].answered;
	g->pieces_passed += PIECE_COPIES - lost;
	if (!heard)
		return;
	in = a->in_gaps < lost ? a->in_gaps : lost;
	g->pieces_lost_in += in;
	g->pieces_lost_out += lost - in;
	g->undirected |= !a->in_gaps_known;
}

static void
pieces_facts(struct v6d_probe_run *r)
{
	const struct gre *g = mine(r);
	const char *word = g->undirected        ? "lost"
			   : g->pieces_lost_out ? "lost-out"
						: "lost-in";
	bool none = g->pieces_passed == 0;

	if (none && g->pieces_lost_in + g->pieces_lost_out < PIECE_COPIES) {
		v6d_probe_fact(r, V6D_FACT_GRE_FRAGMENTS, NULL, V6D_UNKNOWN,
		    "not-measured", V6D_NO_VALUE);
		return;
	}
	v6d_probe_fact(r, V6D_FACT_GRE_FRAGMENTS, NULL, none ? V6D_BAD : V6D_OK,
	    none ? word : NULL, V6D_NO_VALUE);
	v6d_probe_fact(r, V6D_FACT_V6_MTU, NULL, none ? V6D_BAD : V6D_OK,
	    none ? "too-big" : NULL, r->plan->mtu);
}

/* Some that pass show that fragments do; all lost is asked twice more. */
static bool
pieces_go_on(const struct gre *g)
{
	return g->pieces_passed == 0 && g->piece_rounds <= PIECES_AGAIN;
}

/* ---- the end ---- */

static void
fail_size(struct v6d_probe_run *r, const char *way, struct v6d_sweep_result s)
{
	if (s.known == V6D_SWEEP_HOLE)
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
	struct v6d_sweep_result in = v6d_sweep_in(&g->sweep);
	struct v6d_sweep_result out = blind ? in : v6d_sweep_out(&g->sweep);

	loss_facts(r);
	if (g->sweep.mode == V6D_SWEEP_UNTRIED)
		v6d_probe_end(r, V6D_PROBE_WARN,
		    "GRE passes; sizes not measured: the server answers no "
		    "LCP echo");
	else if (harms(r, out))
		fail_size(r, blind ? " one way" : " on the way out", out);
	else if (harms(r, in))
		fail_size(r, " on the way in", in);
	else if (v6d_probe_bad(r, V6D_FACT_GRE_FRAGMENTS))
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "GRE passes up to %u bytes in one piece; in fragments, as "
		    "a full packet of %u bytes needs, it is lost",
		    in.size, needed(r));
	else if (g->sweep.n_changed > 0)
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "GRE arrives with changed bytes (%u of %u)",
		    g->sweep.n_changed, g->sweep.n_answered);
	else if (v6d_probe_bad(r, V6D_FACT_GRE_LOSS_OUT) ||
		 v6d_probe_bad(r, V6D_FACT_GRE_LOSS_IN) ||
		 v6d_probe_bad(r, V6D_FACT_GRE_LOSS))
		v6d_probe_end(r, V6D_PROBE_WARN,
		    "GRE is lost: %u of %u on the way out, %u on the way in",
		    g->lost_out, g->n_sent, g->lost_in);
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
sweep_on(struct v6d_probe_run *r)
{
	struct gre *g = mine(r);

	if (v6d_sweep_next(&g->sweep, &g->ask)) {
		g->ask.tag = SWEEP;
		v6d_probe_ask(r, &g->ask);
		return;
	}
	sweep_facts(r);
	if (g->sweep.failed)
		conclude(r);
	else
		ask_loss(r);
}

/* About a round trip to the server, or 0. */
static v6d_ns
handshake(const struct v6d_answer *a)
{
	const struct v6d_session_times *t = &a->times;

	if (t->tcp == V6D_NEVER || t->start == V6D_NEVER || t->tcp < t->start)
		return 0;
	return t->tcp - t->start;
}

/* Larger echoes come back cut at our MRU, or not at all above theirs. */
static void
begin_sweep(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	struct gre *g = mine(r);
	unsigned ours = r->plan->mru ? r->plan->mru : MRU_DEFAULT;
	unsigned theirs = a->peer_mru ? a->peer_mru : MRU_DEFAULT;
	unsigned top = (ours < theirs ? ours : theirs) + OVERHEAD;

	g->whole = top;
	g->top = (uint16_t)(top < V6D_LIMIT_MAX ? top : V6D_LIMIT_MAX);
	v6d_sweep_init(&g->sweep, g->top, handshake(a));
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
			no_link(r, a);
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
	else if (came)
		no_link(r, a);
	else
		no_gre(r, a);
}

static void
answer(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	struct gre *g = mine(r);

	switch ((enum tag)a->tag) {
	case EARLY_LINK:
	case LINK:
		on_link(r, a);
		return;
	case UP:
		if (a->state >= V6D_SESSION_CLOSING)
			no_link(r, a);
		else
			begin_sweep(r, a);
		return;
	case SWEEP:
		v6d_sweep_feed(&g->sweep, a);
		sweep_on(r);
		return;
	case LOSS:
		count_losses(g, a);
		if (a->how != V6D_ANSWER_REFUSED &&
		    (g->loss_rounds < LOSS_ROUNDS ||
			(g->lost_in + g->lost_out > 0 &&
			    g->loss_rounds < LOSS_ROUNDS_MAX)))
			ask_loss(r);
		else if (wants_pieces(r))
			ask_pieces(r);
		else
			conclude(r);
		return;
	case PIECES:
		if (a->how != V6D_ANSWER_REFUSED)
			count_pieces(g, a);
		if (a->how != V6D_ANSWER_REFUSED && pieces_go_on(g)) {
			ask_pieces(r);
			return;
		}
		pieces_facts(r);
		conclude(r);
		return;
	}
}

const struct v6d_probe v6d_probe_gre = {
	.name = "gre",
	.question = "Does GRE pass both ways, at every size that is needed?",
	.after = "control",
	.needs = "control.call",
	.without = "no call came up to carry GRE",
	.start = start,
	.answer = answer,
};
