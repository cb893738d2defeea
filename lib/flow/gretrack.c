/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gretrack.c - GRE sequence and acknowledgment numbers as witnesses (RFC 2637
 * 4): what was passed over, what arrived at the other end, by outer length.
 */
#include "flow/track.h"

/* Beyond this a jump is another session or garbage, not a loss. */
#define JUMP_MAX 65536

static unsigned
size_class(size_t outer)
{
	return outer < V6D_VIEW_SIZES ? (unsigned)outer : V6D_VIEW_SIZES - 1;
}

static void
bump(uint8_t *n)
{
	if (*n < UINT8_MAX)
		(*n)++;
}

static struct v6d_recent *
slot(struct v6d_gretrack *k, uint32_t seq)
{
	return &k->ring[seq % V6D_GRE_RECENT];
}

/* The newest frame got its patience and no ack. */
static void
judge_newest(struct v6d_tunnel *t, enum v6d_dir dir, v6d_ns at)
{
	struct v6d_gretrack *k = &t->gre[dir];
	struct v6d_view_gre *g = &t->v.gre[dir];
	struct v6d_recent *r;

	if (!k->has_newest)
		return;
	r = slot(k, k->newest);
	if (!r->used || r->seq != k->newest || r->acked ||
	    at < r->at + V6D_ACK_PATIENCE)
		return;
	g->silent++;
	bump(&g->sizes[size_class(r->outer)].silent);
}

static void
remember(struct v6d_gretrack *k, uint32_t seq, size_t outer, v6d_ns at)
{
	*slot(k, seq) = (struct v6d_recent){
		.seq = seq,
		.outer = v6d_len16(outer),
		.used = true,
		.at = at,
	};
	k->has_newest = true;
	k->newest = seq;
}

/* False: a number that was there before (a duplicate). */
static bool
note_late(struct v6d_view_gre *g, struct v6d_gretrack *k, uint32_t seq,
    size_t outer, v6d_ns at)
{
	struct v6d_recent *r = slot(k, seq);

	if (r->used && r->seq == seq) {
		g->duplicates++;
		return false;
	}
	g->late++;
	if (g->gaps > 0)
		g->gaps--;
	if (!r->used || v6d_seq_diff(seq, r->seq) > 0)
		*r = (struct v6d_recent){ .seq = seq,
			.outer = v6d_len16(outer),
			.used = true,
			.at = at };
	return true;
}

static bool
note_seq(struct v6d_tunnel *t, enum v6d_dir dir, uint32_t seq, size_t outer,
    v6d_ns at)
{
	struct v6d_view_gre *g = &t->v.gre[dir];
	struct v6d_gretrack *k = &t->gre[dir];
	int32_t step;

	if (!g->has_seq) {
		g->has_seq = true;
		g->first_seq = g->last_seq = seq;
		remember(k, seq, outer, at);
		return true;
	}
	step = v6d_seq_diff(seq, g->last_seq);
	if (step <= 0)
		return note_late(g, k, seq, outer, at);
	judge_newest(t, dir, at);
	if (step > 1 && step < JUMP_MAX) {
		g->gaps += (uint32_t)step - 1;
		g->gap_events++;
	}
	g->last_seq = seq;
	remember(k, seq, outer, at);
	return true;
}

/* A packet that travels `dir` acknowledges frames of the other direction. */
static void
note_ack(struct v6d_tunnel *t, enum v6d_dir dir, uint32_t ack, v6d_ns at)
{
	struct v6d_view_gre *mine = &t->v.gre[dir];
	enum v6d_dir other = v6d_dir_other(dir);
	struct v6d_view_gre *g = &t->v.gre[other];
	struct v6d_recent *r = slot(&t->gre[other], ack);

	if (!mine->has_ack || v6d_seq_diff(ack, mine->highest_ack) > 0) {
		mine->highest_ack = ack;
		g->last_acked = at;
	}
	mine->has_ack = true;
	if (!r->used || r->seq != ack || r->acked)
		return;
	r->acked = true;
	g->exact_acks++;
	bump(&g->sizes[size_class(r->outer)].acked);
}

void
v6d_gretrack_packet(struct v6d_tunnel *t, enum v6d_dir dir,
    const struct v6d_gre *gre, size_t outer, v6d_ns at, bool *ret_new)
{
	struct v6d_view_gre *g = &t->v.gre[dir];

	*ret_new = false;
	g->bytes += outer;
	if (outer > g->largest)
		g->largest = v6d_len16(outer);
	if (gre->has_ack)
		note_ack(t, dir, gre->ack, at);
	if (gre->payload_len == 0) {
		g->acks++;
		return;
	}
	g->frames++;
	v6d_once(&g->first, at);
	g->last = at;
	bump(&g->sizes[size_class(outer)].seen);
	*ret_new = !gre->has_seq || note_seq(t, dir, gre->seq, outer, at);
}

void
v6d_gretrack_end(struct v6d_tunnel *t, v6d_ns at)
{
	for (int i = 0; i < V6D_N_DIRS; i++) {
		enum v6d_dir d = i ? V6D_DIR_IN : V6D_DIR_OUT;
		struct v6d_view_gre *g = &t->v.gre[d];
		const struct v6d_view_gre *back = &t->v.gre[v6d_dir_other(d)];

		judge_newest(t, d, at);
		if (g->has_seq && back->has_ack)
			g->unacked =
			    v6d_seq_diff(g->last_seq, back->highest_ack) > 0
				? g->last_seq - back->highest_ack
				: 0;
		else
			g->unacked = g->frames;
	}
}
