/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * path.h - model PPTP peers behind a model path, for bursts of LCP frames in
 * virtual time: limits on sizes and losses, each way apart.
 */
#ifndef V6D_TESTS_SIM_PATH_H
#define V6D_TESTS_SIM_PATH_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "probe/ask.h"

enum peer {
	PPTPD, /* drops repeated numbers, holds what is behind a hole 0.3 s */
	KERNEL, /* answers late echoes; acknowledges only inside replies */
	OWN, /* the same, and a pure ack after 50 ms */
	STRICT, /* drops late numbers, holds nothing; a pure ack as well */
	NO_ACK, /* answers late echoes, never acknowledges */
	MUTE, /* answers no echo */
	N_PEERS
};

struct held {
	uint32_t seq;
	unsigned frame;
	v6d_ns at;
};

struct path {
	enum peer peer;
	unsigned out, in; /* limits, outer bytes */
	unsigned hole_lo, hole_hi; /* sizes lost out; 0: none */
	unsigned loss_out, loss_in; /* per mille */
	unsigned late_acks; /* so many replies lack their ack field */
	unsigned lack_ack; /* so many replies do, though there is news */
	unsigned shorter; /* replies lack so many bytes (ACFC) */
	v6d_ns rtt;
	uint64_t random;
	/* the burst under way: its PPP end answers so many frames later than
	 * its GRE end has read them */
	const struct v6d_ask *q;
	struct v6d_answer *a;
	unsigned lag, n_due, due[V6D_ASK_FRAMES];
	/* the peer */
	v6d_ns now;
	bool has_recv;
	uint32_t recv, ack_sent;
	struct held held[V6D_ASK_FRAMES];
	unsigned n_held;
	/* the client */
	uint32_t next_seq;
	unsigned packets;
	unsigned unseen; /* numbers of the peer since the last that came */
};

/* splitmix64 (Steele, Lea, Flood 2014): any seed will do. */
static inline unsigned
pick(struct path *p, unsigned n)
{
	uint64_t z = p->random += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (unsigned)((z ^ z >> 31) % n);
}

static inline bool
lost(struct path *p, unsigned per_mille)
{
	return per_mille > 0 && pick(p, 1000) < per_mille;
}

static inline bool
passes_out(struct path *p, unsigned size)
{
	p->packets++;
	if (size > p->out || (size >= p->hole_lo && size <= p->hole_hi))
		return false;
	return !lost(p, p->loss_out);
}

/* The peer answers an echo; the reply may carry an acknowledgment. */
static inline void
answer_one(struct path *p, unsigned frame)
{
	const struct v6d_ask *q = p->q;
	struct v6d_answer *a = p->a;
	unsigned size = q->frames[frame].outer_len - p->shorter;
	bool ack = p->peer != NO_ACK && p->ack_sent != p->recv;

	if (q->frames[frame].frame == V6D_FRAME_LCP_DISCARD || p->peer == MUTE)
		return;
	if (p->lack_ack > 0) {
		p->lack_ack--;
		ack = false;
	}
	size -= ack ? 0 : 4;
	if (ack)
		p->ack_sent = p->recv;
	p->unseen++;
	if (size > p->in || lost(p, p->loss_in))
		return;
	a->in_frames++;
	a->in_gaps += p->unseen - 1;
	p->unseen = 0;
	a->frames[frame].answered = true;
	a->frames[frame].len = (uint16_t)size;
	a->frames[frame].rtt = p->rtt;
	if (ack && (int32_t)(p->ack_sent - a->first_seq) >= 0) {
		a->acked_valid = true;
		a->acked = p->ack_sent;
	}
}

static inline void
answer_due(struct path *p, unsigned keep)
{
	while (p->n_due > keep) {
		answer_one(p, p->due[0]);
		p->n_due--;
		memmove(p->due, p->due + 1, p->n_due * sizeof(p->due[0]));
	}
}

/*
 * Back to back the frames come faster than they are answered: the first
 * reply acknowledges several, the next ones have nothing to. One that comes
 * alone is answered before the next, or nearly always.
 */
static inline void
reply(struct path *p, unsigned frame)
{
	p->due[p->n_due++] = frame;
	answer_due(p, p->lag);
}

static inline void
pick_lag(struct path *p)
{
	if (p->q->gap == 0)
		p->lag = pick(p, 9);
	else
		p->lag = pick(p, 50) == 0;
}

/* Takes from the queue what is in order, or has waited too long. */
static inline void
run_queue(struct path *p, bool ours)
{
	for (unsigned i = 0; i < p->n_held;) {
		bool due = p->now - p->held[i].at >= V6D_MS(300);

		if (p->held[i].seq != p->recv + 1 && !due) {
			i++;
			continue;
		}
		p->recv = p->held[i].seq;
		if (ours && p->held[i].at == p->now)
			reply(p, p->held[i].frame);
		memmove(&p->held[i], &p->held[i + 1],
		    (p->n_held - i - 1) * sizeof(p->held[0]));
		p->n_held--;
		i = 0;
	}
}

static inline void
arrive_pptpd(struct path *p, unsigned frame, uint32_t seq)
{
	unsigned i;

	run_queue(p, true);
	if (p->has_recv && (int32_t)(seq - p->recv) <= 0)
		return;
	for (unsigned k = 0; k < p->n_held; k++)
		if (p->held[k].seq == seq)
			return;
	if (!p->has_recv || seq == p->recv + 1) {
		p->has_recv = true;
		p->recv = seq;
		reply(p, frame);
		run_queue(p, true);
		return;
	}
	for (i = p->n_held; i > 0 && p->held[i - 1].seq > seq; i--)
		p->held[i] = p->held[i - 1];
	p->held[i] = (struct held){ seq, frame, p->now };
	p->n_held++;
}

static inline void
arrive_kernel(struct path *p, unsigned frame, uint32_t seq)
{
	bool late = p->has_recv && (int32_t)(seq - p->recv) <= 0;

	if (late && (p->peer == STRICT ||
			p->q->frames[frame].frame != V6D_FRAME_LCP_ECHO))
		return;
	if (!late)
		p->recv = seq;
	p->has_recv = true;
	reply(p, frame);
}

/* A pure ack when nothing else carried it. */
static inline void
pure_ack(struct path *p, struct v6d_answer *a)
{
	if ((p->peer != PPTPD && p->peer != OWN && p->peer != STRICT) ||
	    p->ack_sent == p->recv)
		return;
	p->ack_sent = p->recv;
	if (lost(p, p->loss_in) || (int32_t)(p->recv - a->first_seq) < 0)
		return;
	a->acked_valid = true;
	a->acked = p->recv;
}

static inline void
burst(struct path *p, const struct v6d_ask *q, struct v6d_answer *a)
{
	uint32_t seq[V6D_ASK_FRAMES];
	bool closed = false, all = true;
	v6d_ns began = p->now;

	p->q = q;
	p->a = a;
	p->n_due = 0;
	a->n_frames = q->n_frames;
	a->first_seq = p->next_seq;
	a->in_gaps_known = true;
	for (unsigned i = 0; i < q->n_frames; i++) {
		const struct v6d_ask_frame *f = &q->frames[i];

		seq[i] = f->reuse ? seq[f->of] : p->next_seq++;
		if (i > 0 && !f->reuse && q->gap > 0) {
			answer_due(p, 0);
			p->now += q->gap;
		}
		if (!f->reuse)
			pick_lag(p);
		if (!passes_out(p, f->outer_len))
			continue;
		if (p->peer == PPTPD)
			arrive_pptpd(p, i, seq[i]);
		else
			arrive_kernel(p, i, seq[i]);
	}
	answer_due(p, 0);
	for (unsigned i = 0; i < q->n_frames; i++) {
		closed |= q->frames[i].closes && a->frames[i].answered;
		all &= a->frames[i].answered;
	}
	if (q->grace >= V6D_MS(50) || !closed)
		pure_ack(p, a);
	a->took = all ? p->rtt : closed ? p->rtt + q->grace : q->timeout;
	if (closed)
		a->took += p->now - began;
	p->now = began;
}

static inline void
carry_out(struct path *p, const struct v6d_ask *q, struct v6d_answer *a)
{
	memset(a, 0, sizeof(*a));
	a->kind = q->kind;
	a->how = V6D_ANSWER_DONE;
	if (q->kind == V6D_ASK_SLEEP)
		a->took = q->timeout;
	else
		burst(p, q, a);
	p->now += a->took;
}

static inline struct path
path_of(enum peer peer, unsigned out, unsigned in, unsigned loss, uint64_t seed)
{
	return (struct path){ .peer = peer,
		.out = out,
		.in = in,
		.loss_out = loss,
		.loss_in = loss,
		.rtt = V6D_MS(1),
		.random = seed,
		.next_seq = 5,
		.now = V6D_S(1) };
}

#endif
