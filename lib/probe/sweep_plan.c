/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sweep_plan.c - the GRE size search: which sizes to send next, and how. */
#include "probe/sweep_impl.h"

#include <string.h>

#include "base/wire.h"

#define SMALL 72 /* outer bytes of shadows, sentinels and the like */
#define GRID 16
#define GRID_BOTH 12 /* sizes for each way where both are open */
#define FEW 12 /* candidates of the way in that are told apart carefully */
#define FEW_OUT 4
#define GRID_LATE 11
#define LATE_CLOSES 3
#define ACK_FIELD 4 /* bytes, RFC 2637 4.1 */
#define HOLE_TRIES 2
#define DELTA_TRIES 2
#define MAX_CAREFUL 8
#define GAP V6D_MS(2) /* a server answers an echo in less, on the whole */
#define QUEUE V6D_MS(320) /* pptpd keeps packets behind a hole for 300 ms */
#define LATE_ACK V6D_MS(60) /* a lone ack waits up to 50 ms */

/*
 * Three that pass everywhere tell the kind of server; then sizes of real
 * lines (Ethernet, PPPoE, IPoE, FLET'S), and a few between.
 */
static const uint16_t first_sizes[] = { 100, 101, 102, 450, 750, 1000, 1150,
	1280, 1400, 1454, 1484, 1492, 1500 };

/* ---- sizes of a burst ---- */

struct sizes {
	const struct v6d_sweep *s;
	unsigned n;
	uint16_t size[V6D_SWEEP_WINDOW]; /* ascending */
};

static void
add_size(struct sizes *z, unsigned size)
{
	unsigned i = z->n;

	if (z->n == V6D_SWEEP_WINDOW || size < V6D_SWEEP_LO ||
	    size > z->s->out.top)
		return;
	for (; i > 0 && z->size[i - 1] > size; i--)
		z->size[i] = z->size[i - 1];
	z->size[i] = (uint16_t)size;
	z->n++;
}

static void
add_new_size(struct sizes *z, unsigned size)
{
	for (unsigned i = 0; i < z->n; i++)
		if (z->size[i] == size)
			return;
	add_size(z, size);
}

static void
add_copies(struct sizes *z, unsigned size, unsigned copies)
{
	for (unsigned i = 0; i < copies; i++)
		add_size(z, size);
}

static void
add_grid(struct sizes *z, unsigned lo, unsigned hi, int shift, unsigned max)
{
	uint16_t sizes[GRID];
	unsigned n = v6d_limit_grid(lo, hi, sizes, max);

	for (unsigned i = 0; i < n; i++)
		add_new_size(z, (unsigned)(sizes[i] + shift));
}

/* ---- frames of a burst ---- */

static void
add_frame(
    struct v6d_sweep *s, enum v6d_sweep_role role, unsigned size, unsigned of)
{
	if (s->n < V6D_ASK_FRAMES)
		s->frames[s->n++] = (struct v6d_sweep_frame){ (uint16_t)size,
			(uint8_t)role, (uint8_t)of };
}

/* Each twice with one number: a hole needs both lost. */
static void
add_sentinels(struct v6d_sweep *s)
{
	for (unsigned i = 0; i < 2; i++) {
		unsigned of = s->n;

		add_frame(s, V6D_ROLE_CLOSE, SMALL, of);
		add_frame(s, V6D_ROLE_CLOSE, SMALL, of);
	}
}

static void
put_grid(struct v6d_sweep *s, const struct sizes *z, unsigned shadows)
{
	s->burst = V6D_BURST_GRID;
	for (unsigned i = 0; i < z->n; i++)
		add_frame(s, V6D_ROLE_ECHO, z->size[i], s->n);
	for (unsigned k = 0; k < shadows; k++)
		for (unsigned i = 0; i < z->n; i++)
			add_frame(s, V6D_ROLE_SHADOW, SMALL, i);
	add_sentinels(s);
}

/* Each echo with its shadows at once behind it. */
static void
put_careful(struct v6d_sweep *s, const struct sizes *z, unsigned shadows)
{
	s->burst = V6D_BURST_CAREFUL;
	s->careful++;
	for (unsigned i = 0; i < z->n; i++) {
		unsigned of = s->n;

		add_frame(s, V6D_ROLE_ECHO, z->size[i], of);
		for (unsigned k = 0; k < shadows; k++)
			add_frame(s, V6D_ROLE_SHADOW, SMALL, of);
	}
	add_sentinels(s);
}

/*
 * Small echoes with an old number: the first reply has the ack. Behind them
 * nothing is left to acknowledge, so that the other late ones lack it.
 */
static void
put_discards(
    struct v6d_sweep *s, const struct sizes *out, const struct sizes *in)
{
	s->burst = V6D_BURST_GRID;
	for (unsigned i = 0; i < out->n; i++)
		add_frame(s, V6D_ROLE_DISCARD, out->size[i], s->n);
	for (unsigned i = 0; i < LATE_CLOSES; i++)
		add_frame(s, V6D_ROLE_CLOSE, SMALL, 0);
	for (unsigned i = 0; i < in->n; i++)
		add_frame(s, V6D_ROLE_LATE, in->size[i], 0);
	for (unsigned i = 0; i < 2 && in->n > 0; i++)
		add_frame(s, V6D_ROLE_CLOSE, SMALL, 0);
}

/* ---- what is still open ---- */

unsigned
v6d_sweep_in_cap(const struct v6d_sweep *s)
{
	uint16_t pass, fail;
	int cap;

	if (s->mode == V6D_SWEEP_BLIND)
		return s->in.top;
	v6d_limit_best(&s->out, &pass, &fail);
	cap = (int)pass - s->delta;
	return cap < 0 ? 0 : cap > s->in.top ? s->in.top : (unsigned)cap;
}

/* Sizes that narrow the way out down, as long as there are many. */
static void
grid_out(const struct v6d_sweep *s, struct sizes *z, unsigned max)
{
	uint16_t pass, fail;

	v6d_limit_best(&s->out, &pass, &fail);
	if (fail - pass > FEW_OUT)
		add_grid(z, pass, fail, 0, max);
}

/*
 * The same for the way in. Of a grid the reply may lack its ack field and be
 * 4 shorter, so the last few are not told apart by it.
 */
static void
grid_in(const struct v6d_sweep *s, struct sizes *z, unsigned max)
{
	uint16_t pass, fail;
	unsigned cap = v6d_sweep_in_cap(s);

	v6d_limit_best(&s->in, &pass, &fail);
	if (fail - pass > FEW && pass < cap && fail <= cap)
		add_grid(z, pass, fail, s->delta, max);
}

/* Sizes first..last, to be sent so often each. */
struct few {
	unsigned first, last, copies;
};

static void
add_few(struct sizes *z, struct few a, struct few b, int shift)
{
	for (unsigned k = 0; k < V6D_SWEEP_MARGIN; k++) {
		for (unsigned n = a.first; n <= a.last && k < a.copies; n++)
			add_size(z, n);
		for (unsigned n = b.first; n <= b.last && k < b.copies; n++)
			add_size(z, (unsigned)((int)n + shift));
	}
}

/* The last candidates of the way out, until chance is ruled out. */
static struct few
few_out(const struct v6d_sweep *s)
{
	uint16_t pass, fail;
	unsigned above = v6d_limit_margin_above(&s->out);
	struct few none = { 1, 0, 0 };

	v6d_limit_best(&s->out, &pass, &fail);
	if (fail - pass > FEW_OUT)
		return none;
	if (fail - pass > 1)
		return (struct few){ pass + 1u, fail, V6D_SWEEP_MARGIN };
	if (fail <= s->out.top && above < V6D_SWEEP_MARGIN)
		return (struct few){ fail, fail, V6D_SWEEP_MARGIN - above };
	return none;
}

/* It was never answered, only not refused: once more. */
static struct few
again_out(const struct v6d_sweep *s)
{
	uint16_t pass, fail;

	v6d_limit_best(&s->out, &pass, &fail);
	if (fail - pass == 1 &&
	    v6d_limit_margin_below(&s->out) < V6D_SWEEP_MARGIN)
		return (struct few){ pass, pass, V6D_SWEEP_MARGIN - 1 };
	return (struct few){ 1, 0, 0 };
}

static struct few
few_in(const struct v6d_sweep *s)
{
	uint16_t pass, fail;
	unsigned cap = v6d_sweep_in_cap(s);

	v6d_limit_best(&s->in, &pass, &fail);
	if (pass >= cap || s->careful >= MAX_CAREFUL)
		return (struct few){ 1, 0, 0 };
	/* Late echoes could not tell these: at once, to save a round trip. */
	if (fail > cap && s->mode == V6D_SWEEP_ACK && cap - pass <= ACK_FIELD)
		return (struct few){ pass + 1u, cap, V6D_SWEEP_MARGIN };
	if (fail > cap) /* nothing was lost so far: try all of it */
		return (struct few){ cap, cap, 2 };
	if (fail == pass + 1u &&
	    v6d_limit_margin_above(&s->in) >= V6D_SWEEP_MARGIN)
		return (struct few){ 1, 0, 0 };
	return (struct few){ pass + 1u, fail, V6D_SWEEP_MARGIN };
}

/* Sizes below the limits that were lost: tried again before it is said. */
static void
holes(struct v6d_sweep *s, struct sizes *z)
{
	unsigned n = 0;

	if (s->hole_tries >= HOLE_TRIES)
		return;
	s->hole_tries++;
	while (z->n + V6D_SWEEP_MARGIN <= V6D_SWEEP_WINDOW &&
	       (n = v6d_limit_gap(&s->out, n + 1)) > 0)
		add_copies(z, n, V6D_SWEEP_MARGIN);
	n = 0;
	while (z->n + V6D_SWEEP_MARGIN <= V6D_SWEEP_WINDOW &&
	       (n = v6d_limit_gap(&s->in, n + 1)) > 0)
		add_copies(z, (unsigned)((int)n + s->delta), V6D_SWEEP_MARGIN);
}

/*
 * Replies are shorter than requests, perhaps only because none of a grid had
 * its ack field: three that come alone have it.
 */
static void
settle_delta(struct v6d_sweep *s, struct sizes *z)
{
	if (s->delta <= 0 || s->delta_tries >= DELTA_TRIES)
		return;
	s->delta_tries++;
	for (unsigned i = 0; i < 3; i++)
		add_size(z, V6D_SWEEP_LO + i);
}

/* ---- one round ---- */

static void
plan_first(struct v6d_sweep *s, struct sizes *z)
{
	for (unsigned i = 0; i < V6D_ARRAY_LEN(first_sizes); i++)
		add_new_size(z, first_sizes[i]);
	add_new_size(z, s->out.top);
	put_grid(s, z, s->shadows);
}

/* Both ways at once: an echo and its shadow tell of both. */
static bool
plan_shadow(struct v6d_sweep *s, struct sizes *z)
{
	struct few none = { 1, 0, 0 };

	grid_in(s, z, GRID_BOTH);
	grid_out(s, z, z->n > 0 ? GRID_BOTH : GRID);
	if (z->n > 0) {
		put_grid(s, z, s->shadows);
		return true;
	}
	settle_delta(s, z);
	add_few(z, few_out(s), few_in(s), s->delta);
	add_few(z, again_out(s), none, 0);
	if (z->n == 0)
		holes(s, z);
	if (z->n == 0)
		return false;
	put_careful(s, z, s->shadows);
	return true;
}

/* Of replies alone, whatever becomes of what is too large to get there. */
static bool
plan_replies(struct v6d_sweep *s, struct sizes *z)
{
	struct few none = { 1, 0, 0 };

	grid_in(s, z, GRID);
	if (z->n > 0) {
		put_grid(s, z, 0);
		return true;
	}
	settle_delta(s, z);
	add_few(z, none, few_in(s), s->delta);
	if (z->n == 0)
		holes(s, z);
	if (z->n == 0)
		return false;
	put_careful(s, z, 0);
	return true;
}

/* What may be open of the way in, by late echoes, which come back shorter. */
static void
late_in(const struct v6d_sweep *s, struct sizes *z)
{
	int delta = s->delta_late ? s->delta_late : s->delta + ACK_FIELD;
	uint16_t pass, fail, out_pass, out_fail;
	unsigned end;

	v6d_limit_best(&s->out, &out_pass, &out_fail);
	v6d_limit_best(&s->in, &pass, &fail);
	end = (unsigned)((int)out_fail - delta);
	end = fail < end ? fail : end;
	if (end <= pass || (end == pass + 1u && fail > end))
		return;
	if (end - pass > FEW_OUT) {
		add_grid(z, pass, end, delta, GRID_LATE);
		return;
	}
	if (fail > pass + 1u ||
	    v6d_limit_margin_above(&s->in) < V6D_SWEEP_MARGIN)
		add_few(z, (struct few){ 1, 0, 0 },
		    (struct few){ pass + 1u, end, V6D_SWEEP_MARGIN }, delta);
}

static bool
plan_ack(struct v6d_sweep *s, struct sizes *z)
{
	struct sizes in = { .s = s };
	struct few none = { 1, 0, 0 };

	if (s->careful == 0)
		late_in(s, &in);
	grid_out(s, z, in.n > 0 ? GRID_BOTH : GRID);
	add_few(z, few_out(s), none, 0);
	add_few(z, again_out(s), none, 0);
	if (z->n == 0 && in.n == 0)
		return plan_replies(s, z);
	add_size(z, V6D_SWEEP_LO); /* its ack says that acks come */
	put_discards(s, z, &in);
	return true;
}

static bool
recover(struct v6d_sweep *s)
{
	if (s->burst != V6D_BURST_PAUSE && !s->paused && s->silent < QUEUE) {
		s->paused = true;
		s->burst = V6D_BURST_PAUSE;
		return true;
	}
	s->paused = true;
	s->burst = V6D_BURST_FLUSH;
	add_frame(s, V6D_ROLE_CLOSE, SMALL, 0);
	add_frame(s, V6D_ROLE_CLOSE, SMALL, 1);
	return true;
}

bool
v6d_sweep_plan(struct v6d_sweep *s)
{
	struct sizes z = { .s = s };

	s->n = 0;
	if (s->burst == V6D_BURST_PAUSE || (s->mute > 0 && !s->paused))
		return recover(s);
	switch (s->mode) {
	case V6D_SWEEP_UNTRIED:
		plan_first(s, &z);
		return true;
	case V6D_SWEEP_SHADOW:
		return plan_shadow(s, &z);
	case V6D_SWEEP_ACK:
		return plan_ack(s, &z);
	case V6D_SWEEP_BLIND:
		return plan_replies(s, &z);
	}
	return false;
}

/* ---- the ask ---- */

static v6d_ns
clamp(v6d_ns x, v6d_ns lo, v6d_ns hi)
{
	return x < lo ? lo : x > hi ? hi : x;
}

/* Negative evidence needs a sentinel: too short a wait only costs time. */
static v6d_ns
wait_for(const struct v6d_sweep *s)
{
	if (s->rtt > 0)
		return clamp(3 * s->rtt, V6D_MS(200), V6D_S(1));
	return s->hint ? clamp(3 * s->hint, V6D_MS(400), V6D_S(1)) : V6D_S(1);
}

static bool
has_discards(const struct v6d_sweep *s)
{
	return s->n > 0 && s->frames[0].role == V6D_ROLE_DISCARD;
}

static void
compose_frame(const struct v6d_sweep *s, unsigned i, struct v6d_ask_frame *ret)
{
	const struct v6d_sweep_frame *f = &s->frames[i];

	ret->frame = f->role == V6D_ROLE_DISCARD ? V6D_FRAME_LCP_DISCARD
						 : V6D_FRAME_LCP_ECHO;
	ret->outer_len = f->size;
	ret->of = f->of;
	ret->reuse = f->of != i;
	ret->closes = f->role == V6D_ROLE_CLOSE;
}

void
v6d_sweep_compose(const struct v6d_sweep *s, struct v6d_ask *a)
{
	memset(a, 0, sizeof(*a));
	if (s->burst == V6D_BURST_PAUSE) {
		a->kind = V6D_ASK_SLEEP;
		a->timeout = QUEUE - s->silent;
		return;
	}
	a->kind = V6D_ASK_BURST;
	a->df = true;
	a->timeout = wait_for(s);
	/* In order, and the sentinels last: only what is late is waited for. */
	a->grace =
	    s->rtt ? clamp(s->jitter, V6D_MS(3), V6D_MS(50)) : V6D_MS(20);
	if (has_discards(s) && s->no_ack > 0)
		a->grace = LATE_ACK;
	if (s->burst == V6D_BURST_CAREFUL)
		a->gap = GAP;
	if (s->burst == V6D_BURST_FLUSH)
		a->gap = V6D_MS(10);
	a->timeout += a->gap * s->n;
	a->n_frames = s->n;
	for (unsigned i = 0; i < s->n; i++)
		compose_frame(s, i, &a->frames[i]);
}
