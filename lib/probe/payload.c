/* SPDX-License-Identifier: GPL-2.0-or-later */
/* payload.c - long GRE packets, and whether their data come back changed. */
#include "probe/payload.h"

#include <string.h>

/* Where one packet of ten is damaged each way, 1 in 800 bursts shows none. */
#define FRAMES 32
#define GAP V6D_MS(2) /* 6 Mbit/s: a line narrower than that queues them */
#define LONG_MIN 600 /* outer bytes: shorter ones have been compared */
#define SENTINELS 3
#define SMALL 100

void
v6d_payload_init(struct v6d_payload *p, uint16_t size, v6d_ns rtt)
{
	*p = (struct v6d_payload){ .size = size >= LONG_MIN ? size : 0,
		.rtt = rtt };
}

bool
v6d_payload_next(struct v6d_payload *p, struct v6d_ask *ret_ask)
{
	struct v6d_ask *q = ret_ask;

	if (p->size == 0 || p->asked)
		return false;
	p->asked = true;
	memset(q, 0, sizeof(*q));
	q->kind = V6D_ASK_BURST;
	q->df = true;
	q->gap = GAP;
	q->timeout = GAP * FRAMES + V6D_MS(300) + 4 * p->rtt;
	q->grace = V6D_MS(10) + p->rtt;
	q->n_frames = FRAMES + SENTINELS;
	for (unsigned i = 0; i < q->n_frames; i++) {
		q->frames[i].frame = V6D_FRAME_LCP_ECHO;
		q->frames[i].outer_len = i < FRAMES ? p->size : SMALL;
		q->frames[i].closes = i >= FRAMES;
	}
	return true;
}

void
v6d_payload_feed(struct v6d_payload *p, const struct v6d_answer *a)
{
	for (unsigned i = 0; i < FRAMES && i < a->n_frames; i++) {
		p->answered += a->frames[i].answered;
		p->changed += a->frames[i].answered && a->frames[i].changed;
	}
}
