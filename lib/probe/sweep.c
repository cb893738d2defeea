/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sweep.c - the GRE size search: what to send next, and what came of it. */
#include "probe/sweep.h"

#include <string.h>

#include "base/wire.h"

#define SMALL 72 /* outer bytes of shadows, sentinels and the like */
#define SENTINELS 4
#define GRID 16
#define FEW 16 /* replies up to so many sizes apart: one by one */
#define COPIES 3
#define MARGIN 4 /* observations: (4 % noise)^4 is 1 in 400000 */
#define MAX_ROUNDS 60
#define MAX_MUTE 5 /* bursts in a row without any sentinel */
#define MAX_NO_ACK 3
#define ALONE 3
#define DELTA_TRIES 3
#define MAX_UNTOLD 3 /* first bursts that no large echo survived */
#define QUEUE V6D_MS(320) /* pptpd keeps packets behind a hole for 300 ms */
#define BUDGET V6D_S(5)

/* Sizes of real lines: Ethernet, PPPoE, IPoE, FLET'S, round ones. */
static const uint16_t likely[] = { 1280, 1400, 1454, 1460, 1484, 1492, 1500 };

/* ---- composing bursts ---- */

static void
add_size(struct v6d_sweep *s, unsigned size)
{
	unsigned i = s->n;

	if (s->n == V6D_SWEEP_WINDOW || size < V6D_SWEEP_LO ||
	    size > s->out.top)
		return;
	for (; i > 0 && s->sizes[i - 1] > size; i--)
		s->sizes[i] = s->sizes[i - 1];
	s->sizes[i] = (uint16_t)size;
	s->n++;
}

static void
add_new_size(struct v6d_sweep *s, unsigned size)
{
	for (unsigned i = 0; i < s->n; i++)
		if (s->sizes[i] == size)
			return;
	add_size(s, size);
}

static void
add_copies(struct v6d_sweep *s, unsigned size)
{
	for (unsigned i = 0; i < COPIES; i++)
		add_size(s, size);
}

static void
add_grid(struct v6d_sweep *s, unsigned lo, unsigned hi, int shift, unsigned max)
{
	uint16_t sizes[GRID];
	unsigned n = v6d_limit_grid(lo, hi, sizes, max);

	for (unsigned i = 0; i < n; i++)
		add_new_size(s, (unsigned)(sizes[i] + shift));
}

static struct v6d_ask_frame *
add_frame(struct v6d_ask *a, enum v6d_probe_frame frame, unsigned size)
{
	struct v6d_ask_frame *f = &a->frames[a->n_frames++];

	f->frame = (uint8_t)frame;
	f->outer_len = (uint16_t)size;
	return f;
}

static void
add_again(struct v6d_ask *a, unsigned of, bool closes)
{
	struct v6d_ask_frame *f = add_frame(a, V6D_FRAME_LCP_ECHO, SMALL);

	f->reuse = true;
	f->of = (uint8_t)of;
	f->closes = closes;
}

static void
add_sentinels(struct v6d_ask *a)
{
	for (unsigned i = 0; i < SENTINELS; i++)
		add_frame(a, V6D_FRAME_LCP_ECHO, SMALL)->closes = true;
}

static v6d_ns
clamp(v6d_ns x, v6d_ns lo, v6d_ns hi)
{
	return x < lo ? lo : x > hi ? hi : x;
}

static void
compose(const struct v6d_sweep *s, struct v6d_ask *a)
{
	memset(a, 0, sizeof(*a));
	a->kind = V6D_ASK_BURST;
	a->df = true;
	a->timeout =
	    s->rtt ? clamp(4 * s->rtt, V6D_MS(200), V6D_S(1)) : V6D_S(1);
	a->grace = clamp(s->rtt / 2, V6D_MS(2), V6D_MS(50));
	switch (s->burst) {
	case V6D_BURST_PAUSE:
		a->kind = V6D_ASK_SLEEP;
		a->timeout = QUEUE;
		break;
	case V6D_BURST_FLUSH:
		a->gap = V6D_MS(10);
		a->timeout += V6D_MS(10);
		add_frame(a, V6D_FRAME_LCP_ECHO, SMALL);
		add_frame(a, V6D_FRAME_LCP_ECHO, SMALL);
		break;
	case V6D_BURST_ECHO:
		for (unsigned i = 0; i < s->n; i++)
			add_frame(a, V6D_FRAME_LCP_ECHO, s->sizes[i]);
		add_sentinels(a);
		break;
	case V6D_BURST_SHADOW:
		for (unsigned i = 0; i < s->n; i++)
			add_frame(a, V6D_FRAME_LCP_ECHO, s->sizes[i]);
		for (unsigned k = 0; k < s->shadows; k++)
			for (unsigned i = 0; i < s->n; i++)
				add_again(a, i, false);
		add_sentinels(a);
		break;
	case V6D_BURST_ACK:
		a->grace = V6D_MS(60); /* a lone ack waits up to 50 ms */
		for (unsigned i = 0; i < s->n; i++)
			add_frame(a, V6D_FRAME_LCP_DISCARD, s->sizes[i]);
		for (unsigned i = 0; i < COPIES; i++)
			add_again(a, 0, true);
		break;
	}
}

/* ---- what is still open ---- */

/* The largest reply that can be asked for: requests larger do not arrive. */
static unsigned
in_cap(const struct v6d_sweep *s)
{
	uint16_t pass, fail;
	int cap;

	if (s->mode == V6D_SWEEP_BLIND)
		return s->in.top;
	v6d_limit_best(&s->out, &pass, &fail);
	cap = (int)pass - s->delta;
	return cap < 0 ? 0 : cap > s->in.top ? s->in.top : (unsigned)cap;
}

static bool
plan_out(struct v6d_sweep *s)
{
	uint16_t pass, fail;

	v6d_limit_best(&s->out, &pass, &fail);
	if (fail - pass > 1) {
		add_grid(s, pass, fail, 0, GRID);
		return true;
	}
	if (fail <= s->out.top && v6d_limit_margin_above(&s->out) < MARGIN)
		add_copies(s, fail);
	if (v6d_limit_margin_below(&s->out) < MARGIN)
		add_copies(s, pass);
	return s->n > 0;
}

/*
 * Adds one reply that is still open. In a burst a reply may lack its ack
 * field and be 4 shorter; the first one after a pause has it.
 */
static bool
plan_one_in(struct v6d_sweep *s, unsigned pass, unsigned fail, unsigned cap)
{
	unsigned size = (pass + fail) / 2;

	if (fail > cap)
		size = cap; /* nothing was lost so far: try all of it */
	else if (fail - pass == 1)
		size = fail;
	if (size == fail && v6d_limit_margin_above(&s->in) >= MARGIN)
		return false;
	add_new_size(s, (unsigned)((int)size + s->delta));
	return s->n > 0;
}

static bool
plan_in(struct v6d_sweep *s)
{
	uint16_t pass, fail;
	unsigned cap = in_cap(s);

	v6d_limit_best(&s->in, &pass, &fail);
	if (s->delta > 0 && s->delta_tries < DELTA_TRIES) {
		/* Perhaps only because no reply had its ack field so far. */
		s->delta_tries++;
		add_new_size(s, V6D_SWEEP_LO);
		return true;
	}
	if (pass >= cap)
		return false;
	if (fail - pass <= FEW || fail > cap)
		return plan_one_in(s, pass, fail, cap);
	add_grid(s, pass, fail, s->delta, GRID / 2);
	return true;
}

/* Sizes below the limits that were lost: tried again before it is said. */
static bool
plan_holes(struct v6d_sweep *s)
{
	unsigned n = 0;

	if (s->hole_tries >= 2)
		return false;
	s->hole_tries++;
	while (s->n + COPIES <= V6D_SWEEP_WINDOW &&
	       (n = v6d_limit_gap(&s->out, n + 1)) > 0)
		add_copies(s, n);
	n = 0;
	while (s->n + COPIES <= V6D_SWEEP_WINDOW &&
	       (n = v6d_limit_gap(&s->in, n + 1)) > 0)
		add_copies(s, (unsigned)((int)n + s->delta));
	return s->n > 0;
}

static void
plan_first(struct v6d_sweep *s)
{
	s->burst = V6D_BURST_SHADOW;
	for (unsigned i = 0; i < ALONE; i++)
		add_new_size(s, V6D_SWEEP_LO + i);
	for (unsigned i = 0; i < V6D_ARRAY_LEN(likely); i++)
		add_new_size(s, likely[i]);
	add_new_size(s, s->out.top);
}

static bool
plan_shadow(struct v6d_sweep *s)
{
	s->burst = V6D_BURST_SHADOW;
	return plan_out(s) || plan_in(s) || plan_holes(s);
}

static bool
plan_ack(struct v6d_sweep *s)
{
	s->burst = V6D_BURST_ACK;
	if (plan_out(s)) {
		add_size(s, V6D_SWEEP_LO); /* its ack says that acks come */
		return true;
	}
	s->burst = V6D_BURST_ECHO;
	return plan_in(s) || plan_holes(s);
}

static bool
plan_blind(struct v6d_sweep *s)
{
	s->burst = V6D_BURST_ECHO;
	return plan_in(s) || plan_holes(s);
}

static bool
plan(struct v6d_sweep *s)
{
	s->n = 0;
	if (s->burst == V6D_BURST_PAUSE) {
		s->burst = V6D_BURST_FLUSH;
		return true;
	}
	if (s->mute > 0 && !s->paused) {
		s->paused = true;
		s->burst = V6D_BURST_PAUSE;
		return true;
	}
	switch (s->mode) {
	case V6D_SWEEP_UNTRIED:
		plan_first(s);
		return true;
	case V6D_SWEEP_SHADOW:
		return plan_shadow(s);
	case V6D_SWEEP_ACK:
		return plan_ack(s);
	case V6D_SWEEP_BLIND:
		return plan_blind(s);
	}
	return false;
}

void
v6d_sweep_init(struct v6d_sweep *s, uint16_t top)
{
	memset(s, 0, sizeof(*s));
	s->burst = V6D_BURST_FLUSH;
	s->shadows = 1;
	v6d_limit_init(&s->out, V6D_SWEEP_LO, top);
	v6d_limit_init(&s->in, V6D_SWEEP_LO / 2, top);
}

bool
v6d_sweep_next(struct v6d_sweep *s, struct v6d_ask *ret_ask)
{
	if (s->over)
		return false;
	if (s->rounds >= MAX_ROUNDS || s->spent >= BUDGET || !plan(s)) {
		s->over = true;
		return false;
	}
	s->rounds++;
	compose(s, ret_ask);
	return true;
}

/* ---- what came of it ---- */

static void
note_rtt(struct v6d_sweep *s, v6d_ns rtt)
{
	if (s->rtt == 0 || rtt < s->rtt)
		s->rtt = rtt ? rtt : 1;
	if (s->n_rtts < V6D_SWEEP_RTTS)
		s->rtts[s->n_rtts++] = rtt;
}

static void
note_delta(struct v6d_sweep *s, unsigned size, unsigned len)
{
	int delta = (int)size - (int)len;

	/* Without its ack field a reply is 4 shorter: the least counts. */
	if (s->have_delta && delta >= s->delta)
		return;
	if (s->have_delta) /* losses were booked on wrong lengths */
		memset(s->in.lost, 0, sizeof(s->in.lost));
	s->delta = delta;
	s->have_delta = true;
}

static void
note_answers(struct v6d_sweep *s, const struct v6d_answer *a)
{
	for (unsigned i = 0; i < a->n_frames; i++) {
		const struct v6d_answer_frame *f = &a->frames[i];

		if (!f->answered || i >= V6D_ASK_FRAMES)
			continue;
		s->n_answered++;
		s->n_changed += f->changed;
	}
}

/* The frames from `first` on are sentinels; true: one came back. */
static bool
heard_sentinel(struct v6d_sweep *s, const struct v6d_answer *a, unsigned first)
{
	bool heard = false;

	for (unsigned i = first; i < a->n_frames; i++)
		if (a->frames[i].answered) {
			note_rtt(s, a->frames[i].rtt);
			heard = true;
		}
	return heard;
}

/* A large echo came back: both ways pass it. */
static void
passed_both(struct v6d_sweep *s, unsigned i, const struct v6d_answer_frame *f)
{
	v6d_limit_pass(&s->out, s->sizes[i]);
	if (s->mode == V6D_SWEEP_BLIND)
		v6d_limit_pass(&s->in, s->sizes[i]);
	else
		v6d_limit_pass(&s->in, f->len);
}

static void
note_deltas(struct v6d_sweep *s, const struct v6d_answer *a)
{
	if (s->mode != V6D_SWEEP_BLIND)
		for (unsigned i = 0; i < s->n; i++)
			if (a->frames[i].answered)
				note_delta(s, s->sizes[i], a->frames[i].len);
}

static bool
shadow_answered(
    const struct v6d_sweep *s, const struct v6d_answer *a, unsigned i)
{
	for (unsigned k = 1; k <= s->shadows; k++)
		if (a->frames[k * s->n + i].answered)
			return true;
	return false;
}

/* What was concluded of silence goes, what came back stays. */
static void
forget_losses(struct v6d_sweep *s)
{
	memset(s->out.soft, 0, sizeof(s->out.soft));
	memset(s->out.lost, 0, sizeof(s->out.lost));
	memset(s->in.lost, 0, sizeof(s->in.lost));
}

/*
 * Which peer is it? One that answers both of a pair takes late echoes; a
 * missing answer may be chance, so a few pairs must speak for the other kind.
 */
static void
choose_mode(struct v6d_sweep *s, const struct v6d_answer *a)
{
	for (unsigned i = 0; i < s->n; i++) {
		if (!a->frames[i].answered)
			continue;
		if (shadow_answered(s, a, i)) {
			s->mode = V6D_SWEEP_ACK;
			forget_losses(s);
			return;
		}
		s->n_alone++;
	}
	if (s->n_alone >= ALONE)
		s->mode = V6D_SWEEP_SHADOW;
	else if (++s->untold >= MAX_UNTOLD)
		s->over = s->failed = true;
}

static void
eat_shadows(struct v6d_sweep *s, const struct v6d_answer *a)
{
	choose_mode(s, a);
	for (unsigned i = 0; i < s->n; i++)
		if (a->frames[i].answered)
			passed_both(s, i, &a->frames[i]);
	if (!heard_sentinel(s, a, (1 + s->shadows) * s->n)) {
		s->mute++;
		s->shadows = 2; /* one lost with its echo leaves a hole */
		return;
	}
	s->mute = 0;
	if (s->mode != V6D_SWEEP_SHADOW)
		return;
	for (unsigned i = 0; i < s->n; i++) {
		if (a->frames[i].answered)
			continue;
		if (shadow_answered(s, a, i)) {
			v6d_limit_lose(&s->out, s->sizes[i]);
			continue;
		}
		v6d_limit_soft(&s->out, s->sizes[i]);
		v6d_limit_lose(&s->in, (unsigned)(s->sizes[i] - s->delta));
	}
}

static void
eat_echoes(struct v6d_sweep *s, const struct v6d_answer *a)
{
	for (unsigned i = 0; i < s->n; i++)
		if (a->frames[i].answered)
			passed_both(s, i, &a->frames[i]);
	if (!heard_sentinel(s, a, s->n)) {
		s->mute++;
		return;
	}
	s->mute = 0;
	for (unsigned i = 0; i < s->n; i++)
		if (!a->frames[i].answered)
			v6d_limit_lose(
			    &s->in, (unsigned)(s->sizes[i] - s->delta));
}

/* `in` becomes the round trip, by the requests' sizes. */
static void
go_blind(struct v6d_sweep *s)
{
	s->mode = V6D_SWEEP_BLIND;
	s->delta = 0;
	v6d_limit_init(&s->in, s->out.lo, s->out.top);
	for (unsigned n = s->out.lo; n <= s->out.top; n++)
		if (s->out.passed[n] > 0)
			v6d_limit_pass(&s->in, n);
}

/* The newest number acknowledged is the last that arrived; later ones did
 * not, though a frame sent after them was answered. */
static void
eat_acks(struct v6d_sweep *s, const struct v6d_answer *a)
{
	bool heard = heard_sentinel(s, a, s->n);
	uint32_t last = a->acked - a->first_seq;

	if (!a->acked_valid || last >= s->n) {
		s->mute += !heard;
		if (heard && ++s->no_ack >= MAX_NO_ACK)
			go_blind(s);
		return;
	}
	s->mute = 0;
	s->no_ack = 0;
	v6d_limit_pass(&s->out, s->sizes[last]);
	for (unsigned i = last + 1; i < s->n && heard; i++)
		v6d_limit_lose(&s->out, s->sizes[i]);
}

void
v6d_sweep_feed(struct v6d_sweep *s, const struct v6d_answer *a)
{
	unsigned mute = s->mute;

	s->spent += a->took;
	if (a->how == V6D_ANSWER_REFUSED) {
		s->over = s->failed = true;
		return;
	}
	if (s->burst == V6D_BURST_PAUSE)
		return;
	note_answers(s, a);
	switch (s->burst) {
	case V6D_BURST_SHADOW:
		note_deltas(s, a);
		eat_shadows(s, a);
		break;
	case V6D_BURST_ECHO:
		note_deltas(s, a);
		eat_echoes(s, a);
		break;
	case V6D_BURST_ACK:
		eat_acks(s, a);
		break;
	case V6D_BURST_FLUSH:
	case V6D_BURST_PAUSE:
		return;
	}
	if (s->mute > mute)
		s->paused = false;
	if (s->mute >= MAX_MUTE)
		s->over = s->failed = true;
}

/* ---- results ---- */

static struct v6d_sweep_result
result_of(const struct v6d_limit *l, unsigned cap)
{
	struct v6d_sweep_result r = { V6D_SWEEP_NOTHING, false, 0, 0 };
	uint16_t pass, fail;
	unsigned hole;

	v6d_limit_best(l, &pass, &fail);
	hole = v6d_limit_gap(l, l->lo);
	r.size = pass;
	if (pass < l->lo)
		return r;
	if (fail <= cap) {
		r.known = V6D_SWEEP_LIMIT;
		r.exact = fail - pass == 1 &&
			  v6d_limit_margin_above(l) >= MARGIN &&
			  v6d_limit_margin_below(l) >= MARGIN;
	} else {
		r.known = pass >= l->top ? V6D_SWEEP_ALL : V6D_SWEEP_AT_LEAST;
		r.exact = pass >= cap;
	}
	if (hole > 0 && l->lost[hole] >= MARGIN) {
		r.known = V6D_SWEEP_HOLE;
		r.hole = (uint16_t)hole;
		r.size = (uint16_t)(hole - 1);
	}
	return r;
}

struct v6d_sweep_result
v6d_sweep_out(const struct v6d_sweep *s)
{
	if (s->mode == V6D_SWEEP_BLIND || s->mode == V6D_SWEEP_UNTRIED)
		return (struct v6d_sweep_result){ 0 };
	return result_of(&s->out, s->out.top);
}

struct v6d_sweep_result
v6d_sweep_in(const struct v6d_sweep *s)
{
	if (s->mode == V6D_SWEEP_UNTRIED)
		return (struct v6d_sweep_result){ 0 };
	return result_of(&s->in, in_cap(s));
}

v6d_ns
v6d_sweep_median_rtt(const struct v6d_sweep *s)
{
	v6d_ns sorted[V6D_SWEEP_RTTS];
	unsigned n = 0;

	for (unsigned i = 0; i < s->n_rtts; i++) {
		unsigned k = n++;

		for (; k > 0 && sorted[k - 1] > s->rtts[i]; k--)
			sorted[k] = sorted[k - 1];
		sorted[k] = s->rtts[i];
	}
	return n ? sorted[n / 2] : 0;
}
