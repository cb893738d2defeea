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

static void
silence(struct v6d_view_gre *g, uint16_t outer)
{
	g->silent++;
	bump(&g->sizes[size_class(outer)].silent);
}

/*
 * What came back since then shows what a missing ack means: without a hole in
 * those numbers no ack was lost with its carrier, so the frame was.
 */
static void
settle_pending(struct v6d_tunnel *t, enum v6d_dir dir)
{
	struct v6d_gretrack *k = &t->gre[dir];
	const struct v6d_view_gre *back = &t->v.gre[v6d_dir_other(dir)];
	unsigned kept = 0;

	for (unsigned i = 0; i < k->n_pending; i++) {
		struct v6d_pending p = k->pending[i];

		if (back->frames == p.back_frames)
			k->pending[kept++] = p;
		else if (back->gap_events == p.back_gaps)
			silence(&t->v.gre[dir], p.outer);
	}
	k->n_pending = kept;
}

/* The newest frame got its patience and no ack. */
static void
judge_newest(struct v6d_tunnel *t, enum v6d_dir dir, v6d_ns at)
{
	struct v6d_gretrack *k = &t->gre[dir];
	struct v6d_recent *r;

	if (!k->has_newest)
		return;
	r = slot(k, k->newest);
	if (!r->used || r->seq != k->newest || r->acked ||
	    at < r->at + V6D_ACK_PATIENCE)
		return;
	if (k->n_pending < V6D_GRE_PENDING)
		k->pending[k->n_pending++] = (struct v6d_pending){ r->outer,
			r->back_gaps, r->back_frames };
	settle_pending(t, dir);
}

static void
remember(struct v6d_tunnel *t, enum v6d_dir dir, uint32_t seq, size_t outer,
    v6d_ns at)
{
	struct v6d_gretrack *k = &t->gre[dir];
	const struct v6d_view_gre *back = &t->v.gre[v6d_dir_other(dir)];

	*slot(k, seq) = (struct v6d_recent){
		.seq = seq,
		.outer = v6d_len16(outer),
		.used = true,
		.at = at,
		.back_gaps = back->gap_events,
		.back_frames = back->frames,
	};
	k->has_newest = true;
	k->newest = seq;
}

static void
note_gap(struct v6d_view_gre *g, uint32_t n, v6d_ns at)
{
	g->gaps += n;
	g->gap_events++;
	if (g->n_gap < V6D_VIEW_GAPS)
		g->gap[g->n_gap++] =
		    (struct v6d_view_gap){ g->last, at, g->last_seq + 1, n };
}

/* A late frame: its number was passed over, and was not lost. */
static void
fill_gap(struct v6d_view_gre *g, uint32_t seq)
{
	if (g->gaps > 0)
		g->gaps--;
	for (unsigned i = g->n_gap; i-- > 0;) {
		struct v6d_view_gap *p = &g->gap[i];

		if (v6d_seq_diff(seq, p->first) < 0)
			continue;
		if (p->n > 0)
			p->n--;
		return;
	}
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
	fill_gap(g, seq);
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
	uint32_t passed_over = 0;
	int32_t step;

	if (!g->has_seq) {
		g->has_seq = true;
		g->first_seq = g->last_seq = seq;
		remember(t, dir, seq, outer, at);
		return true;
	}
	step = v6d_seq_diff(seq, g->last_seq);
	if (step <= 0)
		return note_late(g, &t->gre[dir], seq, outer, at);
	judge_newest(t, dir, at);
	if (step > 1 && step < JUMP_MAX) {
		note_gap(g, (uint32_t)step - 1, at);
		passed_over = (uint32_t)step - 1;
	}
	v6d_load_frame(t, dir, outer, passed_over, at);
	g->last_seq = seq;
	remember(t, dir, seq, outer, at);
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

/* How long one side has talked without an answer of any kind. */
static void
note_since(struct v6d_tunnel *t, enum v6d_dir dir, v6d_ns at)
{
	struct v6d_view_gre *g = &t->v.gre[dir];
	const struct v6d_view_gre *back = &t->v.gre[v6d_dir_other(dir)];
	v6d_ns last = 0;

	if (g->first != V6D_NEVER)
		last = g->last;
	if (back->first != V6D_NEVER && back->last > last)
		last = back->last;
	if (g->n_since++ > 0)
		return;
	g->since = at;
	g->idle_before = last && at > last ? at - last : 0;
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
	t->v.gre[v6d_dir_other(dir)].n_since = 0;
	if (gre->has_ack)
		note_ack(t, dir, gre->ack, at);
	if (gre->payload_len == 0) {
		g->acks++;
		return;
	}
	g->frames++;
	note_since(t, dir, at);
	bump(&g->sizes[size_class(outer)].seen);
	*ret_new = !gre->has_seq || note_seq(t, dir, gre->seq, outer, at);
	v6d_once(&g->first, at);
	g->last = at;
	settle_pending(t, v6d_dir_other(dir));
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
