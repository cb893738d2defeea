/* SPDX-License-Identifier: GPL-2.0-or-later */
/* doubt.c - is a size always lost, or was it chance? */
#include "probe/doubt.h"

#include <string.h>

#define ROUNDS 3 /* that tell something, */
#define TRIES 8 /* of so many */
#define FRAMES 15 /* of 45 echoes none, at 30 % each way: 1 in 10^13 */
#define COPIES 3 /* so that few numbers are missing, which hold the rest */
#define SENTINELS 2
#define SMALL 100

void
v6d_doubt_init(struct v6d_doubt *d, uint16_t size, bool shadowed, v6d_ns rtt)
{
	*d = (struct v6d_doubt){
		.size = size, .shadowed = shadowed, .rtt = rtt
	};
}

/* A number and its copies. */
static void
add(struct v6d_ask *q, uint16_t size, unsigned copies, bool closes)
{
	unsigned of = q->n_frames;

	for (unsigned i = 0; i <= copies; i++) {
		struct v6d_ask_frame *f = &q->frames[q->n_frames++];

		f->frame = V6D_FRAME_LCP_ECHO;
		f->outer_len = size;
		f->closes = closes;
		f->reuse = i > 0;
		f->of = (uint8_t)(i > 0 ? of : 0);
	}
}

bool
v6d_doubt_next(struct v6d_doubt *d, struct v6d_ask *ret_ask)
{
	struct v6d_ask *q = ret_ask;

	if (d->size == 0 || d->passed || d->rounds == ROUNDS ||
	    d->tries == TRIES)
		return false;
	d->tries++;
	d->copies = d->shadowed ? COPIES : 0;
	d->n = FRAMES * (d->copies + 1);
	memset(q, 0, sizeof(*q));
	q->kind = V6D_ASK_BURST;
	q->df = true;
	q->timeout = V6D_MS(300) + 2 * d->rtt;
	q->grace = V6D_MS(10) + d->rtt;
	for (unsigned i = 0; i < FRAMES; i++)
		add(q, d->size, d->copies, false);
	for (unsigned i = 0; i < SENTINELS; i++)
		add(q, SMALL, d->copies, true);
	return true;
}

void
v6d_doubt_feed(struct v6d_doubt *d, const struct v6d_answer *a)
{
	bool heard = false;

	if (a->how == V6D_ANSWER_REFUSED)
		d->tries = TRIES;
	for (unsigned i = 0; i < a->n_frames; i++) {
		const struct v6d_answer_frame *f = &a->frames[i];

		heard |= f->answered && i >= d->n;
		if (!f->answered || i >= d->n || f->len < d->len)
			continue;
		d->passed = true;
		d->len = f->len;
	}
	d->rounds += heard;
}
