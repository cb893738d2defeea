/* SPDX-License-Identifier: GPL-2.0-or-later */
/* echoes.c - the largest IPv6 packet that passes, by ICMPv6 echoes. */
#include "probe/echoes.h"

#include <string.h>

#define GRID 16
#define FEW 12 /* candidates that are told apart one by one */
#define FEW_FRAMES 24
#define STRIDE 5 /* a prime: every size has its turn */
#define SENTINELS 3
#define SENTINEL 128 /* bytes */
#define MARGIN 4 /* losses in a row that chance does not explain */
#define COPIES 3
#define TWICE 2 /* what came but once may have been a short one */
#define MAX_ROUNDS 12
#define MAX_MUTE 3
#define GAP V6D_US(600) /* hosts and routers limit ICMPv6 by rate */
#define IPV6_MIN 1280 /* RFC 8200 5 */
#define PTB (2 << 8) /* ICMPv6 type 2, code 0 */

void
v6d_echoes_init(struct v6d_echoes *e, uint16_t lo, uint16_t top, bool pieces)
{
	memset(e, 0, sizeof(*e));
	e->pieces = pieces;
	v6d_limit_init(&e->limit, lo, top);
}

static void
add(struct v6d_echoes *e, unsigned size)
{
	if (e->n < V6D_ECHOES_WINDOW)
		e->sent[e->n++] = (uint16_t)size;
}

/* Few candidates: each so often that the next one up is disproved at once. */
static void
add_few(struct v6d_echoes *e, unsigned first, unsigned last)
{
	unsigned n = last - first + 1, copies = FEW_FRAMES / n;

	if (copies > MARGIN)
		copies = MARGIN;
	for (unsigned k = 0; k < copies; k++)
		for (unsigned i = first; i <= last; i++)
			add(e, i);
}

/* The boundary is known, and so many losses have yet to confirm it. */
static void
add_boundary(struct v6d_echoes *e, unsigned fail)
{
	unsigned margin = v6d_limit_margin_above(&e->limit);

	if (fail > e->limit.top)
		return;
	for (; margin < MARGIN; margin++)
		add(e, fail);
}

/*
 * Where replies of a size differ on the line, those around the largest that
 * came are asked until what comes grows no more.
 */
static void
add_around(struct v6d_echoes *e)
{
	if (e->sure == e->in_largest || v6d_echoes_all(e))
		return;
	e->sure = e->in_largest;
	for (unsigned k = 0; k < COPIES; k++)
		for (unsigned n = e->came - e->vary; n <= e->came + e->vary;
		     n++)
			if (n <= e->limit.top)
				add(e, n);
}

/*
 * Large and small mixed: a line that throws away what is too fast would else
 * take the largest of each round, as a limit on sizes does.
 */
static void
mix(struct v6d_echoes *e)
{
	uint16_t sent[V6D_ECHOES_WINDOW];
	unsigned step = e->n % STRIDE ? STRIDE : STRIDE + 2;

	memcpy(sent, e->sent, sizeof(sent));
	for (unsigned i = 0; i < e->n; i++)
		e->sent[i] = sent[i * step % e->n];
}

static void
choose(struct v6d_echoes *e)
{
	uint16_t pass, fail;

	e->n = 0;
	v6d_limit_best(&e->limit, &pass, &fail);
	if (fail - pass == 1 && e->vary > 0 && e->in_largest > 0)
		add_around(e);
	else if (fail - pass == 1 && v6d_limit_margin_below(&e->limit) < TWICE)
		add_few(e, e->limit.hard + 1u, pass);
	else if (fail - pass == 1)
		add_boundary(e, fail);
	else if (e->rounds > 0 && fail - pass <= FEW && fail <= e->limit.top)
		add_few(e, pass + 1u, fail);
	else
		e->n = v6d_limit_grid(pass, fail, e->sent, GRID);
	if (e->rounds == 0)
		add(e, e->limit.top);
	mix(e);
}

static v6d_ns
clamp(v6d_ns x, v6d_ns lo, v6d_ns hi)
{
	return x < lo ? lo : x > hi ? hi : x;
}

static void
add_frame(struct v6d_ask *a, unsigned size, bool closes)
{
	a->frames[a->n_frames].outer_len = (uint16_t)size;
	a->frames[a->n_frames].closes = closes;
	a->n_frames++;
}

static void
compose(const struct v6d_echoes *e, struct v6d_ask *a)
{
	memset(a, 0, sizeof(*a));
	a->kind = V6D_ASK_PING;
	a->ns = V6D_NS_TUNNEL;
	a->df = !e->pieces;
	a->piece = e->piece;
	a->gap = e->gap ? e->gap : GAP;
	for (unsigned i = 0; i < e->n; i++)
		add_frame(a, e->sent[i], false);
	for (unsigned i = 0; i < SENTINELS; i++)
		add_frame(a, SENTINEL, true);
	a->timeout = e->rtt ? V6D_MS(200) + 2 * e->rtt : V6D_S(1);
	a->timeout += a->gap * a->n_frames * 2;
	/* In order, and the sentinels last: only what is late is waited for. */
	a->grace =
	    e->rtt ? clamp(e->jitter, V6D_MS(5), V6D_MS(100)) : V6D_MS(20);
}

void
v6d_echoes_known(struct v6d_echoes *e, unsigned size)
{
	v6d_limit_pass(&e->limit, size < e->limit.top ? size : e->limit.top);
}

bool
v6d_echoes_next(struct v6d_echoes *e, struct v6d_ask *ret_ask)
{
	if (e->over)
		return false;
	choose(e);
	if (e->n == 0 || e->rounds >= MAX_ROUNDS || e->mute >= MAX_MUTE) {
		e->over = true;
		return false;
	}
	e->rounds++;
	e->packets += e->n + SENTINELS;
	compose(e, ret_ask);
	return true;
}

static void
note_ptb(struct v6d_echoes *e, const struct v6d_answer_frame *f, unsigned size)
{
	if (f->error != PTB)
		return;
	if (e->n_ptb == 0 || f->error_mtu < e->ptb.error_mtu) {
		e->ptb = *f;
		e->ptb_size = size;
	}
	e->n_ptb++;
}

static void
note_rtt(struct v6d_echoes *e, v6d_ns rtt)
{
	if (e->rtt == 0 || rtt < e->rtt)
		e->rtt = rtt ? rtt : 1;
	else if (rtt - e->rtt > e->jitter)
		e->jitter = rtt - e->rtt;
}

static bool
heard_sentinel(struct v6d_echoes *e, const struct v6d_answer *a)
{
	bool heard = false;

	for (unsigned i = e->n; i < a->n_frames; i++)
		if (a->frames[i].answered) {
			note_rtt(e, a->frames[i].rtt);
			heard = true;
		}
	return heard;
}

/* Where replies vary, this one may have been as short as they get. */
static void
passed(struct v6d_echoes *e, unsigned size)
{
	e->lost_first |= e->limit.lost[size] > 0;
	v6d_limit_pass(&e->limit, size - e->vary);
	if (e->vary > 0)
		v6d_limit_soft(&e->limit, size);
	if (size > e->came)
		e->came = (uint16_t)size;
}

void
v6d_echoes_feed(struct v6d_echoes *e, const struct v6d_answer *a)
{
	bool heard;

	if (a->how == V6D_ANSWER_REFUSED) {
		e->over = true;
		return;
	}
	if (a->in_largest > e->in_largest)
		e->in_largest = a->in_largest;
	heard = heard_sentinel(e, a);
	e->mute = heard ? 0 : e->mute + 1;
	for (unsigned i = 0; i < e->n && i < a->n_frames; i++) {
		const struct v6d_answer_frame *f = &a->frames[i];

		note_ptb(e, f, e->sent[i]);
		e->n_changed += f->answered && f->changed;
		if (f->answered && f->piece > e->reply_piece)
			e->reply_piece = f->piece;
		if (f->answered) {
			passed(e, e->sent[i]);
		} else if (heard || f->error == PTB) {
			v6d_limit_lose(&e->limit, e->sent[i]);
		}
	}
}

bool
v6d_echoes_measured(const struct v6d_echoes *e)
{
	return e->rounds > 0 && e->limit.hard >= e->limit.lo;
}

unsigned
v6d_echoes_limit(const struct v6d_echoes *e)
{
	uint16_t pass, fail;

	v6d_limit_best(&e->limit, &pass, &fail);
	return pass;
}

bool
v6d_echoes_all(const struct v6d_echoes *e)
{
	return v6d_echoes_limit(e) >= e->limit.top;
}

const char *
v6d_echoes_ptb_word(const struct v6d_echoes *e)
{
	if (e->ptb.error_mtu < IPV6_MIN)
		return "too-small";
	return e->ptb.error_mtu >= e->ptb_size ? "too-big" : NULL;
}
