/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sweep.c - the GRE size search: what came of a burst, and of them all. */
#include "probe/sweep.h"

#include <string.h>

#include "probe/sweep_impl.h"

#define MAX_ROUNDS 40
#define MAX_MUTE 5 /* bursts in a row without any sentinel */
#define MAX_NO_ACK 3
#define ALONE 3
#define MAX_UNTOLD 3 /* first bursts that no large echo survived */
#define ACK_FIELD 4 /* bytes, RFC 2637 4.1 */
#define BUDGET V6D_MS(2200)

void
v6d_sweep_init(struct v6d_sweep *s, uint16_t top, v6d_ns rtt)
{
	memset(s, 0, sizeof(*s));
	s->hint = rtt;
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
	if (s->rounds >= MAX_ROUNDS || s->spent >= BUDGET ||
	    !v6d_sweep_plan(s)) {
		s->over = true;
		s->failed = s->mode == V6D_SWEEP_UNTRIED;
		return false;
	}
	s->rounds++;
	s->packets += s->n;
	v6d_sweep_compose(s, ret_ask);
	return true;
}

/* ---- what a burst shows beside the limits ---- */

static void
note_rtt(struct v6d_sweep *s, v6d_ns rtt)
{
	if (s->rtt == 0 || rtt < s->rtt)
		s->rtt = rtt ? rtt : 1;
	else if (rtt - s->rtt > s->jitter)
		s->jitter = rtt - s->rtt;
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

/* One that has the ack field all the same is longer: the most counts. */
static void
note_late(struct v6d_sweep *s, unsigned size, unsigned len)
{
	int delta = (int)size - (int)len;

	if (s->delta_late == 0 || delta > s->delta_late)
		s->delta_late = delta;
}

static bool
came(const struct v6d_answer *a, unsigned i)
{
	return i < a->n_frames && i < V6D_ASK_FRAMES && a->frames[i].answered;
}

static void
note_answers(struct v6d_sweep *s, const struct v6d_answer *a)
{
	for (unsigned i = 0; i < s->n; i++) {
		const struct v6d_sweep_frame *f = &s->frames[i];

		if (!came(a, i) || f->role == V6D_ROLE_DISCARD)
			continue;
		s->n_answered++;
		s->n_changed += a->frames[i].changed;
		if (f->role == V6D_ROLE_CLOSE)
			note_rtt(s, a->frames[i].rtt);
		if (f->role == V6D_ROLE_ECHO && s->mode != V6D_SWEEP_BLIND)
			note_delta(s, f->size, a->frames[i].len);
		if (f->role == V6D_ROLE_LATE)
			note_late(s, f->size, a->frames[i].len);
	}
}

static bool
heard_sentinel(const struct v6d_sweep *s, const struct v6d_answer *a)
{
	for (unsigned i = 0; i < s->n; i++)
		if (s->frames[i].role == V6D_ROLE_CLOSE && came(a, i))
			return true;
	return false;
}

/* Something small did not come back: from now on nothing is taken easy. */
static bool
shows_loss(const struct v6d_sweep *s, const struct v6d_answer *a)
{
	for (unsigned i = 0; i < s->n; i++) {
		const struct v6d_sweep_frame *f = &s->frames[i];
		bool twin = i + 1 < s->n && s->frames[i + 1].of == f->of;

		if (f->role == V6D_ROLE_ECHO && f->size <= s->out.hard &&
		    f->size <= s->in.hard && !came(a, i))
			return true;
		if (f->role == V6D_ROLE_CLOSE && twin && !came(a, i) &&
		    !came(a, i + 1))
			return true;
	}
	return false;
}

static bool
shadow_came(const struct v6d_sweep *s, const struct v6d_answer *a, unsigned of)
{
	for (unsigned i = 0; i < s->n; i++)
		if (s->frames[i].role == V6D_ROLE_SHADOW &&
		    s->frames[i].of == of && came(a, i))
			return true;
	return false;
}

static bool
has_shadow(const struct v6d_sweep *s, unsigned of)
{
	for (unsigned i = 0; i < s->n; i++)
		if (s->frames[i].role == V6D_ROLE_SHADOW &&
		    s->frames[i].of == of)
			return true;
	return false;
}

/* ---- which peer is it? ---- */

/* What was concluded of silence goes, what came back stays. */
static void
forget_losses(struct v6d_sweep *s)
{
	memset(s->out.soft, 0, sizeof(s->out.soft));
	memset(s->out.lost, 0, sizeof(s->out.lost));
	memset(s->in.lost, 0, sizeof(s->in.lost));
}

/*
 * One that answers both of a pair takes late echoes; a missing answer may be
 * chance, so a few pairs must speak for the other kind.
 */
static void
choose_mode(struct v6d_sweep *s, const struct v6d_answer *a)
{
	if (s->mode != V6D_SWEEP_UNTRIED && s->mode != V6D_SWEEP_SHADOW)
		return;
	for (unsigned i = 0; i < s->n; i++) {
		if (s->frames[i].role != V6D_ROLE_ECHO || !came(a, i) ||
		    !has_shadow(s, i))
			continue;
		if (shadow_came(s, a, i)) {
			s->mode = V6D_SWEEP_ACK;
			forget_losses(s);
			return;
		}
		s->n_alone++;
	}
	if (s->mode == V6D_SWEEP_SHADOW)
		return;
	if (s->n_alone >= ALONE)
		s->mode = V6D_SWEEP_SHADOW;
	else if (++s->untold >= MAX_UNTOLD)
		s->over = s->failed = true;
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

/* ---- echoes ---- */

/* A large echo came back: both ways pass it. */
static void
passed_both(struct v6d_sweep *s, unsigned i, const struct v6d_answer_frame *f)
{
	v6d_limit_pass(&s->out, s->frames[i].size);
	if (s->mode == V6D_SWEEP_BLIND)
		v6d_limit_pass(&s->in, s->frames[i].size);
	else
		v6d_limit_pass(&s->in, f->len);
}

static void
lost_echo(struct v6d_sweep *s, const struct v6d_answer *a, unsigned i)
{
	unsigned size = s->frames[i].size;

	if (shadow_came(s, a, i)) {
		v6d_limit_lose(&s->out, size);
		return;
	}
	if (has_shadow(s, i))
		v6d_limit_soft(&s->out, size);
	v6d_limit_lose(&s->in, (unsigned)((int)size - s->delta));
}

static void
eat_echoes(struct v6d_sweep *s, const struct v6d_answer *a, bool heard)
{
	bool shadows = s->n > 0 && has_shadow(s, 0);

	for (unsigned i = 0; i < s->n; i++)
		if (s->frames[i].role == V6D_ROLE_ECHO && came(a, i))
			passed_both(s, i, &a->frames[i]);
	if (!heard || (shadows && s->mode != V6D_SWEEP_SHADOW))
		return;
	for (unsigned i = 0; i < s->n; i++)
		if (s->frames[i].role == V6D_ROLE_ECHO && !came(a, i))
			lost_echo(s, a, i);
}

/* ---- discards ---- */

/* The newest number acknowledged is the last that arrived; later ones did
 * not, though a frame sent after them was answered. */
static void
eat_acks(struct v6d_sweep *s, const struct v6d_answer *a, bool heard)
{
	uint32_t last = a->acked - a->first_seq;
	unsigned n = 0;

	while (n < s->n && s->frames[n].role == V6D_ROLE_DISCARD)
		n++;
	if (!a->acked_valid || last >= n) {
		if (heard && ++s->no_ack >= MAX_NO_ACK)
			go_blind(s);
		return;
	}
	s->no_ack = 0;
	v6d_limit_pass(&s->out, s->frames[last].size);
	for (unsigned i = last + 1; i < n && heard; i++)
		v6d_limit_lose(&s->out, s->frames[i].size);
}

/* What certainly arrives and is not answered was lost on the way back. */
static void
eat_late(struct v6d_sweep *s, const struct v6d_answer *a, bool heard)
{
	int delta = s->delta_late ? s->delta_late : s->delta + ACK_FIELD;

	for (unsigned i = 0; i < s->n; i++) {
		unsigned size = s->frames[i].size;

		if (s->frames[i].role != V6D_ROLE_LATE)
			continue;
		if (came(a, i))
			passed_both(s, i, &a->frames[i]);
		else if (heard && size <= s->out.hard)
			v6d_limit_lose(&s->in, (unsigned)((int)size - delta));
	}
}

void
v6d_sweep_feed(struct v6d_sweep *s, const struct v6d_answer *a)
{
	bool heard;

	s->spent += a->took;
	if (a->how == V6D_ANSWER_REFUSED) {
		s->over = s->failed = true;
		return;
	}
	if (s->burst == V6D_BURST_PAUSE || s->burst == V6D_BURST_FLUSH)
		return;
	heard = heard_sentinel(s, a);
	note_answers(s, a);
	if (s->frames[0].role == V6D_ROLE_DISCARD) {
		eat_acks(s, a, heard);
		eat_late(s, a, heard);
	} else {
		choose_mode(s, a);
		eat_echoes(s, a, heard);
	}
	s->mute = heard ? 0 : s->mute + 1;
	s->paused = false;
	s->silent = a->took;
	if (!heard || shows_loss(s, a))
		s->shadows = 2; /* one lost with its echo leaves a hole */
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
			  v6d_limit_margin_above(l) >= V6D_SWEEP_MARGIN &&
			  v6d_limit_margin_below(l) >= V6D_SWEEP_MARGIN;
	} else {
		r.known = pass >= l->top ? V6D_SWEEP_ALL : V6D_SWEEP_AT_LEAST;
		r.exact = pass >= cap;
	}
	if (hole > 0 && l->lost[hole] >= V6D_SWEEP_MARGIN) {
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
	return result_of(&s->in, v6d_sweep_in_cap(s));
}

bool
v6d_sweep_harms(struct v6d_sweep_result s, unsigned needed)
{
	return s.known == V6D_SWEEP_HOLE ||
	       (s.known == V6D_SWEEP_LIMIT && s.size < needed);
}

const char *
v6d_sweep_word(enum v6d_sweep_known known)
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

/* A reply has its acknowledgment or not: its request passes either way. */
static void
forgive(struct v6d_limit *l, unsigned size)
{
	v6d_limit_pass(l, size);
	for (unsigned n = size; n <= size + ACK_FIELD && n <= l->top; n++)
		l->lost[n] = l->soft[n] = 0;
}

void
v6d_sweep_passed(struct v6d_sweep *s, unsigned size, unsigned len)
{
	forgive(&s->out, size);
	forgive(&s->in, s->mode == V6D_SWEEP_BLIND ? size : len);
}

bool
v6d_sweep_lossy(const struct v6d_sweep *s)
{
	return s->shadows > 1;
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
