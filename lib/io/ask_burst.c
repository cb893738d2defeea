/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ask_burst.c - LCP echoes and discards of chosen sizes over GRE (RFC 1661
 * 5.8, RFC 2637 4): which came back, which were acknowledged.
 */
#include "io/ask_impl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "io/clock.h"
#include "io/dial.h"
#include "proto/gre.h"

/* IPv4, the longest GRE header, PPP with address and control, LCP, magic. */
#define OVERHEAD (20 + V6D_GRE_HEADER_MAX + 4 + 4 + 4)
#define MARK 5 /* burst number and index, first in the data */
#define DATA_MAX 1600

/* In the live view. */
struct gre_counts {
	uint64_t frames, gaps, late, twice;
};

struct burst {
	uint32_t number;
	struct gre_counts began; /* of the peer's GRE */
	v6d_ns sent_at[V6D_ASK_FRAMES];
	struct v6d_dial_frame frames[V6D_ASK_FRAMES];
	uint8_t data[V6D_ASK_FRAMES][DATA_MAX];
};

/* Differs from position to position and from frame to frame. */
static uint8_t
pattern(unsigned frame, size_t i)
{
	return (uint8_t)(i * 7 + (i >> 8) + frame * 31);
}

static size_t
fill(uint8_t *p, uint32_t number, unsigned frame, size_t outer_len)
{
	struct v6d_out o = v6d_out_to(p, DATA_MAX);
	size_t n = outer_len > OVERHEAD ? outer_len - OVERHEAD : 0;

	v6d_out_be32(&o, number);
	v6d_out_u8(&o, (uint8_t)frame);
	while (o.len < n && !o.full)
		v6d_out_u8(&o, pattern(frame, o.len));
	return o.len;
}

/* first: of the frames that are sent together. */
static void
make_frame(struct v6d_job *j, unsigned i, unsigned first)
{
	struct burst *x = j->x;
	const struct v6d_ask_frame *f = &j->ask.frames[i];

	x->frames[i] = (struct v6d_dial_frame){
		.frame = f->frame,
		.outer_len = f->outer_len,
		.df = j->ask.df,
		.reuse = f->reuse,
		.of = f->reuse ? f->of - first : 0,
		.data = x->data[i],
		.data_len = fill(x->data[i], x->number, i, f->outer_len),
	};
}

/* Frames that use a number again are sent with the frame it is of. */
static void
send_frames(struct v6d_job *j, unsigned first, unsigned end)
{
	struct burst *x = j->x;
	struct v6d_answer *r = &j->answer;
	v6d_ns now = v6d_clock_now();

	for (unsigned i = first; i < end; i++)
		make_frame(j, i, first);
	v6d_dial_probe(j->asker->conf.dial, x->frames + first, end - first);
	for (unsigned i = first; i < end; i++) {
		x->sent_at[i] = now;
		r->frames[i].sent = x->frames[i].err == 0;
		if (x->frames[i].err != 0 && r->err == 0)
			r->err = -x->frames[i].err;
	}
	r->first_seq = x->frames[0].seq;
}

static void
echo(struct v6d_job *j, const struct v6d_ask_news *n)
{
	struct burst *x = j->x;
	struct v6d_wire w = v6d_wire_from(n->data, n->len, n->len);
	uint32_t number = v6d_wire_be32(&w);
	unsigned i = v6d_wire_u8(&w);
	struct v6d_answer_frame *f;

	if (w.err || number != x->number || i >= j->ask.n_frames)
		return;
	f = &j->answer.frames[i];
	if (f->answered)
		return;
	f->answered = true;
	f->len = (uint16_t)n->outer_len;
	f->rtt = n->at - x->sent_at[i];
	for (size_t k = MARK; k < n->len && k < x->frames[i].data_len; k++)
		f->changed |= n->data[k] != pattern(i, k);
}

/* Discards have no other answer than this. */
static void
discards_acked(struct v6d_job *j, v6d_ns at)
{
	const struct burst *x = j->x;

	for (unsigned i = 0; i < j->n_sent; i++) {
		struct v6d_answer_frame *f = &j->answer.frames[i];

		if (j->ask.frames[i].frame != V6D_FRAME_LCP_DISCARD ||
		    !f->sent || f->answered ||
		    (int32_t)(j->answer.acked - x->frames[i].seq) < 0)
			continue;
		f->answered = true;
		f->rtt = at - x->sent_at[i];
	}
}

static void
acked(struct v6d_job *j, uint32_t seq, v6d_ns at)
{
	const struct burst *x = j->x;

	/* An acknowledgment of what we sent before says nothing new. */
	if ((int32_t)(seq - x->frames[0].seq) < 0)
		return;
	if (!j->answer.acked_valid || (int32_t)(seq - j->answer.acked) > 0)
		j->answer.acked = seq;
	j->answer.acked_valid = true;
	discards_acked(j, at);
}

/* The quote names the sequence number; shadows share it, so the length too. */
static void
icmp(struct v6d_job *j, const struct v6d_raw_icmp *e)
{
	struct burst *x = j->x;
	struct v6d_wire w = v6d_wire_from(e->quote, e->len, 65535), body;
	struct v6d_gre g = { 0 };
	int found = -1;

	v6d_gre_decode(&w, &g, &body);
	if (e->local || !v6d_gre_is_pptp(&g) || !g.has_seq)
		return;
	for (unsigned i = 0; i < j->ask.n_frames; i++)
		if (x->frames[i].seq == g.seq && j->answer.frames[i].sent &&
		    (found < 0 || e->outer_len == j->ask.frames[i].outer_len))
			found = (int)i;
	if (found < 0)
		return;
	j->answer.frames[found].error =
	    (uint16_t)((unsigned)e->type << 8 | e->code);
	j->answer.frames[found].error_from = e->from;
	j->answer.frames[found].error_mtu = e->mtu;
}

static struct gre_counts
counts_now(const struct v6d_job *j)
{
	const struct v6d_view *v = v6d_dial_view(j->asker->conf.dial);
	const struct v6d_view_gre *g = v ? &v->gre[V6D_DIR_IN] : NULL;
	const struct v6d_view_odd *o = g ? v6d_view_odd(g) : NULL;

	if (!g)
		return (struct gre_counts){ 0, 0, 0, 0 };
	return (
	    struct gre_counts){ g->frames, o->gaps, o->late, o->duplicates };
}

/* Gaps can be filled again by what comes late. */
static void
count_gre(struct v6d_job *j)
{
	const struct burst *x = j->x;
	struct gre_counts now = counts_now(j);
	struct v6d_answer *r = &j->answer;

	r->in_gaps_known = v6d_dial_view(j->asker->conf.dial) != NULL;
	r->in_frames = (uint32_t)(now.frames - x->began.frames);
	r->in_gaps =
	    now.gaps > x->began.gaps ? (uint32_t)(now.gaps - x->began.gaps) : 0;
	r->in_late = (uint32_t)(now.late - x->began.late);
	r->in_twice = (uint32_t)(now.twice - x->began.twice);
}

static void
burst_news(struct v6d_job *j, const struct v6d_ask_news *n)
{
	switch (n->kind) {
	case V6D_NEWS_ECHO:
		echo(j, n);
		count_gre(j);
		break;
	case V6D_NEWS_ACKED:
		acked(j, n->seq, n->at);
		break;
	case V6D_NEWS_ICMP:
		icmp(j, n->icmp);
		break;
	case V6D_NEWS_STATE:
	case V6D_NEWS_RA:
	case V6D_NEWS_CONTROL_ECHO:
		return;
	}
	v6d_frames_check(j);
}

/* A number used again must be of a frame that is sent at the same time. */
static bool
numbers_at_hand(const struct v6d_ask *q)
{
	unsigned group = 0;

	for (unsigned i = 0; i < q->n_frames; i++) {
		const struct v6d_ask_frame *f = &q->frames[i];

		if (!f->reuse && q->gap > 0)
			group = i;
		if (f->reuse && (f->of < group || f->of >= i))
			return false;
	}
	return true;
}

int
v6d_ask_burst_start(struct v6d_job *j)
{
	const char *why = j->asker->conf.no_session;
	struct burst *x;

	if (!j->asker->conf.dial) {
		v6d_job_refuse(
		    j, ENOTCONN, "%s", why ? why : "no session was dialled");
		return 0;
	}
	if (j->ask.n_frames == 0 || j->ask.n_frames > V6D_ASK_FRAMES)
		return -EINVAL;
	x = calloc(1, sizeof(*x));
	if (!x)
		return -ENOMEM;
	j->x = x;
	if (!numbers_at_hand(&j->ask))
		return -EINVAL;
	x->number = ++j->asker->bursts;
	x->began = counts_now(j);
	j->on_news = burst_news;
	v6d_frames_start(j, send_frames);
	return 0;
}
