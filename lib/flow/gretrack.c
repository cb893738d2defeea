/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gretrack.c - GRE sequence and acknowledgment numbers as witnesses (RFC 2637
 * 4): what was passed over, what arrived at the other end, by outer length.
 */
#include "flow/track.h"

/* Beyond this a jump is another session or garbage, not a loss. */
#define JUMP_MAX 65536
#define WINDOW_FIRST 64 /* numbers; a power of two */

static void
bump(uint8_t *n)
{
	if (*n < UINT8_MAX)
		(*n)++;
}

/* The record of frames of that length; NULL: no memory. */
static struct v6d_view_size *
size_of(struct v6d_tunnel *t, enum v6d_dir dir, size_t outer)
{
	struct v6d_view_gre *g = &t->v.gre[dir];
	unsigned len =
	    outer < V6D_VIEW_SIZES ? (unsigned)outer : V6D_VIEW_SIZES - 1;
	unsigned i = g->newest_size;

	if (i < g->n_sizes && g->sizes[i].len == len)
		return &g->sizes[i];
	i = v6d_view_size_at(g, len);
	g->newest_size = (uint16_t)i;
	if (i < g->n_sizes && g->sizes[i].len == len)
		return &g->sizes[i];
	g->sizes = v6d_pool_room(t->pool, g->sizes, g->n_sizes, &g->cap_sizes,
	    V6D_VIEW_SIZES, sizeof(*g->sizes));
	if (g->n_sizes == g->cap_sizes)
		return NULL;
	memmove(&g->sizes[i + 1], &g->sizes[i],
	    (g->n_sizes - i) * sizeof(*g->sizes));
	g->n_sizes++;
	g->sizes[i] = (struct v6d_view_size){ .len = (uint16_t)len };
	return &g->sizes[i];
}

/* ---- numbers of the newest frames ---- */

/* The record of a number; NULL: so far back none is kept, or it is to come. */
static uint16_t *
slot(const struct v6d_gretrack *k, uint32_t seq)
{
	if (!k->has_newest || k->newest - seq >= k->window)
		return NULL;
	return &k->ring[seq & (k->window - 1u)];
}

/* Makes the window twice as wide; what it holds stays. False: no memory. */
static bool
widen(struct v6d_tunnel *t, struct v6d_gretrack *k)
{
	unsigned wider = k->window ? 2u * k->window : WINDOW_FIRST;
	uint16_t *ring = v6d_pool_take(t->pool, wider * sizeof(*ring));

	if (!ring)
		return false;
	for (uint32_t i = 0; i < k->window; i++) {
		uint32_t seq = k->newest - i;

		ring[seq & (wider - 1)] = k->ring[seq & (k->window - 1u)];
	}
	v6d_pool_give(t->pool, k->ring, k->window * sizeof(*ring));
	k->ring = ring;
	k->window = (uint16_t)wider;
	return true;
}

/* The window moves on to a newer number. */
static void
move_to(struct v6d_tunnel *t, struct v6d_gretrack *k, uint32_t seq)
{
	uint32_t step = k->has_newest ? seq - k->newest : 1;

	while (k->window < V6D_GRE_RECENT &&
	       step > (uint32_t)(k->window - k->span))
		if (!widen(t, k))
			break;
	for (uint32_t i = 0; i < step && i < k->window; i++)
		k->ring[(seq - i) & (k->window - 1u)] = 0;
	if (step < (uint32_t)(k->window - k->span))
		k->span = (uint16_t)(k->span + step);
	else
		k->span = k->window;
	k->has_newest = true;
	k->newest = seq;
}

/* Senders count identifications in steps of one: every bit has its say. */
static uint16_t
some_bits_of(unsigned id)
{
	return (uint16_t)((id ^ id >> 3 ^ id >> 6 ^ id >> 9 ^ id >> 12)
			      << V6D_RECENT_ID_SHIFT &
			  V6D_RECENT_ID);
}

static uint16_t
record_of(const struct v6d_outer *o)
{
	size_t len = o->len < V6D_RECENT_LEN ? o->len : V6D_RECENT_LEN;

	return (uint16_t)(V6D_RECENT_SEEN | len | some_bits_of(o->ip_id));
}

bool
v6d_gretrack_acked(const struct v6d_gretrack *k, uint32_t seq, bool *ret_acked)
{
	const uint16_t *r = slot(k, seq);

	if (!r || !(*r & V6D_RECENT_SEEN))
		return false;
	*ret_acked = *r & V6D_RECENT_ACKED;
	return true;
}

/* ---- frames whose ack did not come ---- */

static void
silence(struct v6d_tunnel *t, enum v6d_dir dir, uint16_t outer)
{
	struct v6d_view_size *size = size_of(t, dir, outer);
	struct v6d_view_odd *odd = v6d_tunnel_odd(t, dir);

	if (odd)
		odd->silent++;
	if (size)
		bump(&size->silent);
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
	uint16_t kept = 0;

	for (unsigned i = 0; i < k->n_pending; i++) {
		struct v6d_pending p = k->pending[i];

		if (back->frames == p.back_frames)
			k->pending[kept++] = p;
		else if (back->gap_events == p.back_gaps)
			silence(t, dir, p.outer);
	}
	k->n_pending = kept;
}

/* The newest frame got its patience and no ack. */
static void
judge_newest(struct v6d_tunnel *t, enum v6d_dir dir, v6d_ns at)
{
	struct v6d_gretrack *k = &t->gre[dir];
	const uint16_t *r = slot(k, k->newest);

	if (!r || (*r & V6D_RECENT_ACKED) || (*r & V6D_RECENT_LEN) == 0 ||
	    at < k->newest_at + V6D_ACK_PATIENCE)
		return;
	k->pending = v6d_pool_room(t->pool, k->pending, k->n_pending,
	    &k->cap_pending, V6D_GRE_PENDING, sizeof(*k->pending));
	if (k->n_pending < k->cap_pending)
		k->pending[k->n_pending++] =
		    (struct v6d_pending){ *r & V6D_RECENT_LEN, k->back_gaps,
			    k->back_frames };
	settle_pending(t, dir);
}

static void
remember(struct v6d_tunnel *t, enum v6d_dir dir, uint32_t seq,
    const struct v6d_outer *o, v6d_ns at)
{
	struct v6d_gretrack *k = &t->gre[dir];
	const struct v6d_view_gre *back = &t->v.gre[v6d_dir_other(dir)];
	uint16_t *r;

	move_to(t, k, seq);
	r = slot(k, seq);
	if (r)
		*r = record_of(o);
	k->newest_at = at;
	k->back_gaps = back->gap_events;
	k->back_frames = back->frames;
}

/* ---- numbers ---- */

static void
note_gap(struct v6d_tunnel *t, enum v6d_dir dir, uint32_t n, v6d_ns at)
{
	struct v6d_view_gre *g = &t->v.gre[dir];
	struct v6d_view_odd *o = v6d_tunnel_odd(t, dir);

	g->gap_events++;
	if (!o)
		return;
	o->gaps += n;
	o->gap = v6d_pool_room(t->pool, o->gap, o->n_gap, &o->cap_gap,
	    V6D_VIEW_GAPS, sizeof(*o->gap));
	if (o->n_gap < o->cap_gap)
		o->gap[o->n_gap++] =
		    (struct v6d_view_gap){ g->last, at, g->last_seq + 1, n };
}

/* A late frame: its number was passed over, and was not lost. */
static void
fill_gap(struct v6d_view_odd *odd, uint32_t seq)
{
	if (odd->gaps > 0)
		odd->gaps--;
	for (unsigned i = odd->n_gap; i-- > 0;) {
		struct v6d_view_gap *p = &odd->gap[i];

		if (v6d_seq_diff(seq, p->first) < 0)
			continue;
		if (p->n > 0)
			p->n--;
		return;
	}
}

/*
 * A number that was there before: the same packet once more, or another one
 * that its sender gave that number. Then an ack tells of neither.
 */
static void
note_again(struct v6d_tunnel *t, enum v6d_dir dir, uint16_t *r,
    const struct v6d_outer *o)
{
	bool same =
	    (*r | V6D_RECENT_ACKED) == (record_of(o) | V6D_RECENT_ACKED);
	struct v6d_view_odd *odd = same ? v6d_tunnel_odd(t, dir) : NULL;

	if (odd)
		odd->duplicates++;
	if (!same)
		*r &= (uint16_t)~V6D_RECENT_LEN;
}

/* False: a number that was there before. */
static bool
note_late(struct v6d_tunnel *t, enum v6d_dir dir, uint32_t seq,
    const struct v6d_outer *o)
{
	uint16_t *r = slot(&t->gre[dir], seq);
	struct v6d_view_odd *odd;

	if (r && (*r & V6D_RECENT_SEEN)) {
		note_again(t, dir, r, o);
		return false;
	}
	odd = v6d_tunnel_odd(t, dir);
	if (odd) {
		odd->late++;
		fill_gap(odd, seq);
	}
	if (r)
		*r = record_of(o);
	return true;
}

static bool
note_seq(struct v6d_tunnel *t, enum v6d_dir dir, uint32_t seq,
    const struct v6d_outer *o, v6d_ns at)
{
	struct v6d_view_gre *g = &t->v.gre[dir];
	uint32_t passed_over = 0;
	int32_t step;

	if (!g->has_seq) {
		g->has_seq = true;
		g->first_seq = g->last_seq = seq;
		remember(t, dir, seq, o, at);
		return true;
	}
	step = v6d_seq_diff(seq, g->last_seq);
	if (step <= 0)
		return note_late(t, dir, seq, o);
	judge_newest(t, dir, at);
	if (step > 1 && step < JUMP_MAX) {
		note_gap(t, dir, (uint32_t)step - 1, at);
		passed_over = (uint32_t)step - 1;
	}
	v6d_load_frame(t, dir, o->len, passed_over, at);
	g->last_seq = seq;
	remember(t, dir, seq, o, at);
	return true;
}

/* The other end has that frame, and it did not pass here. */
static bool
not_seen(const struct v6d_view_gre *g, const uint16_t *r, uint32_t ack)
{
	int32_t ahead = v6d_seq_diff(ack, g->last_seq);

	if (!g->has_seq || v6d_seq_diff(ack, g->first_seq) < 0 ||
	    ahead > JUMP_MAX)
		return false;
	return ahead > 0 || (r && !(*r & V6D_RECENT_SEEN));
}

/* A packet that travels `dir` acknowledges frames of the other direction. */
static void
note_ack(struct v6d_tunnel *t, enum v6d_dir dir, uint32_t ack)
{
	struct v6d_view_gre *mine = &t->v.gre[dir];
	enum v6d_dir other = v6d_dir_other(dir);
	struct v6d_view_gre *g = &t->v.gre[other];
	uint16_t *r = slot(&t->gre[other], ack);
	struct v6d_view_size *size;
	struct v6d_view_odd *odd;

	if (!mine->has_ack || v6d_seq_diff(ack, mine->highest_ack) > 0) {
		odd = not_seen(g, r, ack) ? v6d_tunnel_odd(t, other) : NULL;
		if (odd)
			odd->uncaptured++;
		mine->highest_ack = ack;
	}
	mine->has_ack = true;
	if (!r || !(*r & V6D_RECENT_SEEN) || (*r & V6D_RECENT_ACKED))
		return;
	*r |= V6D_RECENT_ACKED;
	g->exact_acks++;
	if ((*r & V6D_RECENT_LEN) == 0)
		return;
	size = size_of(t, other, *r & V6D_RECENT_LEN);
	if (size)
		bump(&size->acked);
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
    const struct v6d_gre *gre, const struct v6d_outer *o, v6d_ns at,
    bool *ret_new)
{
	struct v6d_view_gre *g = &t->v.gre[dir];
	struct v6d_view_size *size;

	*ret_new = false;
	g->bytes += o->len;
	if (o->len > g->largest)
		g->largest = v6d_len16(o->len);
	t->v.gre[v6d_dir_other(dir)].n_since = 0;
	if (gre->has_ack)
		note_ack(t, dir, gre->ack);
	if (gre->payload_len == 0) {
		g->acks++;
		return;
	}
	g->frames++;
	note_since(t, dir, at);
	size = size_of(t, dir, o->len);
	if (size)
		bump(&size->seen);
	*ret_new = !gre->has_seq || note_seq(t, dir, gre->seq, o, at);
	v6d_once(&g->first, at);
	g->last = at;
	settle_pending(t, v6d_dir_other(dir));
}

void
v6d_gretrack_end(struct v6d_tunnel *t, v6d_ns at)
{
	judge_newest(t, V6D_DIR_OUT, at);
	judge_newest(t, V6D_DIR_IN, at);
}
