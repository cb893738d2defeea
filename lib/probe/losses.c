/* SPDX-License-Identifier: GPL-2.0-or-later */
/* losses.c - how much of small GRE is lost, comes late or comes twice. */
#include "probe/losses.h"

#include <string.h>

#include "base/rate.h"

#define SMALL 100 /* outer bytes */
#define FRAMES 24
#define SENTINELS 3
#define ROUNDS 2
#define ROUNDS_MAX 8 /* where anything is odd */
/* A rate is a finding when it is above this with 95 % confidence. */
#define FINDING_PPM 30000

void
v6d_losses_init(struct v6d_losses *l, bool shadowed, v6d_ns rtt)
{
	memset(l, 0, sizeof(*l));
	l->shadowed = shadowed;
	l->rtt = rtt;
}

static unsigned
n_before_sentinels(const struct v6d_losses *l)
{
	return FRAMES * (l->shadowed ? 2 : 1);
}

static void
compose(const struct v6d_losses *l, struct v6d_ask *q)
{
	unsigned n = n_before_sentinels(l);

	memset(q, 0, sizeof(*q));
	q->kind = V6D_ASK_BURST;
	q->df = true;
	q->timeout = V6D_MS(300) + 2 * l->rtt;
	q->grace = V6D_MS(2) + l->rtt / 2;
	q->n_frames = n + SENTINELS;
	for (unsigned i = 0; i < q->n_frames; i++) {
		struct v6d_ask_frame *f = &q->frames[i];

		f->frame = V6D_FRAME_LCP_ECHO;
		f->outer_len = SMALL;
		f->closes = i >= n;
		f->reuse = i >= FRAMES && i < n;
		f->of = (uint8_t)(f->reuse ? i - FRAMES : 0);
	}
}

bool
v6d_losses_next(struct v6d_losses *l, struct v6d_ask *ret_ask)
{
	unsigned odd = l->in + l->out + l->late + l->twice;

	if (l->over || l->rounds >= (odd ? ROUNDS_MAX : ROUNDS))
		return false;
	l->rounds++;
	compose(l, ret_ask);
	return true;
}

/* From one echo of a burst to the next: what all wait for cancels out. */
static void
count_jitter(struct v6d_losses *l, const struct v6d_answer *a)
{
	for (unsigned i = 0; i < FRAMES; i++) {
		v6d_ns rtt = a->frames[i].rtt, last = l->last_rtt;

		if (!a->frames[i].answered)
			continue;
		l->last_rtt = rtt;
		if (i == 0 || last == 0)
			continue;
		l->jitter_sum += rtt > last ? rtt - last : last - rtt;
		l->n_jitter++;
	}
}

static bool
heard_sentinel(const struct v6d_losses *l, const struct v6d_answer *a)
{
	for (unsigned i = n_before_sentinels(l); i < a->n_frames; i++)
		if (a->frames[i].answered)
			return true;
	return false;
}

/*
 * What the peer sent and we did not get shows as a hole in its numbers, with
 * every kind of peer; the rest of what stays unanswered was lost outwards.
 */
void
v6d_losses_feed(struct v6d_losses *l, const struct v6d_answer *a)
{
	unsigned lost = 0, in;

	if (a->how == V6D_ANSWER_REFUSED) {
		l->over = true;
		return;
	}
	if (!heard_sentinel(l, a))
		return; /* a hole may hold everything back */
	for (unsigned i = 0; i < FRAMES; i++)
		lost += !a->frames[i].answered;
	in = a->in_gaps < lost ? a->in_gaps : lost;
	l->sent += FRAMES;
	l->in += in;
	l->out += lost - in;
	l->undirected |= !a->in_gaps_known;
	l->came += a->in_frames;
	l->late += a->in_late;
	l->twice += a->in_twice;
	count_jitter(l, a);
}

static void
rate_fact(struct v6d_probe_run *r, enum v6d_fact fact, const char *word,
    unsigned hits, unsigned n)
{
	bool bad;

	if (n == 0)
		return;
	bad = v6d_rate_of(hits, n).low > FINDING_PPM;
	v6d_probe_rate(
	    r, fact, bad ? V6D_BAD : V6D_OK, bad ? word : NULL, hits, n);
}

void
v6d_losses_facts(const struct v6d_losses *l, struct v6d_probe_run *r)
{
	bool twice = l->twice > l->late;

	rate_fact(r, V6D_FACT_GRE_REORDER, twice ? "duplicate" : "late",
	    twice ? l->twice : l->late, l->came);
	if (l->n_jitter > 0)
		v6d_probe_fact(r, V6D_FACT_GRE_JITTER, NULL, V6D_OK, NULL,
		    (int64_t)(l->jitter_sum / l->n_jitter / 1000));
	if (l->undirected) {
		rate_fact(
		    r, V6D_FACT_GRE_LOSS, "loss", l->in + l->out, l->sent);
		return;
	}
	rate_fact(r, V6D_FACT_GRE_LOSS_OUT, "loss", l->out, l->sent);
	rate_fact(r, V6D_FACT_GRE_LOSS_IN, "loss", l->in, l->sent);
}
