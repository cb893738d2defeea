/* SPDX-License-Identifier: GPL-2.0-or-later */
/* frags.c - large GRE packets that may be fragmented. */
#include "probe/frags.h"

#include <string.h>

#define SMALL 100 /* outer bytes of shadows and sentinels */
#define SENTINELS 3
#define ROUNDS 3 /* where all is lost: once is no proof */

void
v6d_frags_init(struct v6d_frags *f, uint16_t full, uint16_t over, bool shadowed,
    v6d_ns rtt)
{
	memset(f, 0, sizeof(*f));
	f->full = full;
	f->over = over;
	f->shadowed = shadowed;
	f->rtt = rtt;
}

/* Of the copies, half are just over the limit, where there is one. */
static bool
is_over(const struct v6d_frags *f, unsigned i)
{
	return f->over > 0 && i % 2 == 1;
}

static void
compose(const struct v6d_frags *f, struct v6d_ask *q)
{
	unsigned n = V6D_FRAGS_COPIES;

	memset(q, 0, sizeof(*q));
	q->kind = V6D_ASK_BURST;
	q->timeout = V6D_MS(300) + 4 * f->rtt;
	q->grace = V6D_MS(10) + f->rtt;
	q->n_frames = n * (f->shadowed ? 2 : 1) + SENTINELS;
	for (unsigned i = 0; i < q->n_frames; i++) {
		struct v6d_ask_frame *x = &q->frames[i];

		x->frame = V6D_FRAME_LCP_ECHO;
		x->outer_len = i >= n          ? SMALL
			       : is_over(f, i) ? f->over
					       : f->full;
		x->reuse = f->shadowed && i >= n && i < 2 * n;
		x->of = (uint8_t)(x->reuse ? i - n : 0);
		x->closes = i + SENTINELS >= q->n_frames;
	}
}

bool
v6d_frags_next(struct v6d_frags *f, struct v6d_ask *ret_ask)
{
	bool enough =
	    f->full_passed > 0 && (f->over == 0 || f->over_passed > 0);

	if (f->refused || enough || f->rounds >= ROUNDS)
		return false;
	f->rounds++;
	compose(f, ret_ask);
	return true;
}

/* A hole in the peer's numbers is what was lost inwards. */
void
v6d_frags_feed(struct v6d_frags *f, const struct v6d_answer *a)
{
	unsigned lost = 0, in;
	bool heard = false;

	if (a->how == V6D_ANSWER_REFUSED) {
		f->refused = true;
		return;
	}
	for (unsigned i = a->n_frames - SENTINELS; i < a->n_frames; i++)
		heard |= a->frames[i].answered;
	for (unsigned i = 0; i < V6D_FRAGS_COPIES; i++) {
		lost += !a->frames[i].answered;
		if (a->frames[i].answered && is_over(f, i))
			f->over_passed++;
		else if (a->frames[i].answered)
			f->full_passed++;
	}
	if (!heard)
		return; /* a hole may hold everything back */
	in = a->in_gaps < lost ? a->in_gaps : lost;
	f->lost_in += in;
	f->lost_out += lost - in;
	f->undirected |= !a->in_gaps_known;
}
