/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe_pmtu.c - do large packets pass over IPv6, each way (RFC 8201)? Big
 * transfers by TCP first: an echo's packet-too-big would be remembered and
 * hide a black hole. Then ICMPv6 echoes of many sizes side by side.
 */
#include <errno.h>
#include <string.h>

#include "probe/help.h"
#include "probe/limit.h"

#define RA_PATIENCE V6D_S(4)
#define HTTP 80
#define TRANSFER_PATIENCE V6D_MS(4500)
#define STALL V6D_MS(2500) /* four TCP retransmissions */
#define UPLOAD 131072 /* bytes */
#define ENOUGH 262144
#define BIG 4000 /* bytes: at least two full packets */
#define IPV6_MIN 1280 /* RFC 8200 5 */
#define TCP_HEADERS 60 /* IPv6 and TCP */
#define GRID 16
#define SENTINELS 3
#define SENTINEL 128
#define MARGIN 3
#define MAX_ROUNDS 12
#define PTB (2 << 8) /* ICMPv6 type 2, code 0 */
/* The acknowledgment rides on some GRE packets only: bytes that one limit on
 * their size may seem to move (RFC 2637 4.1). */
#define GRE_ACK 4

enum tag { RA, GET, PUT, WHOLE, PIECES };

/* Both ways one size (requests whole), or only back (requests in pieces). */
struct sizes {
	struct v6d_limit limit;
	uint16_t sent[GRID + 4];
	unsigned n, rounds, mute;
	bool lost_first; /* a size came only at a later try */
};

struct pmtu {
	unsigned transfers;
	struct v6d_answer_frame ptb; /* the packet-too-big that came */
	bool have_ptb;
	bool get_bad, put_bad, get_ok, put_ok;
	struct sizes whole, pieces;
	v6d_ns rtt;
	struct v6d_ask ask;
};

static struct pmtu *
mine(struct v6d_probe_run *r)
{
	_Static_assert(sizeof(struct pmtu) <= V6D_PROBE_STATE, "state");
	return (struct pmtu *)(void *)r->state;
}

/* ---- transfers ---- */

static void
ask_transfer(struct v6d_probe_run *r, bool put)
{
	const struct v6d_plan *p = r->plan;
	struct v6d_ask *q = &mine(r)->ask;

	memset(q, 0, sizeof(*q));
	q->kind = V6D_ASK_HTTP;
	q->tag = put ? PUT : GET;
	q->ns = V6D_NS_TUNNEL;
	q->addr = p->targets[0];
	q->port = HTTP;
	q->put = put;
	q->size = put ? UPLOAD : ENOUGH;
	q->timeout = TRANSFER_PATIENCE;
	q->stall = STALL;
	memcpy(q->name, p->page[0] && !put ? p->page : "/",
	    p->page[0] && !put ? strlen(p->page) + 1 : 2);
	v6d_probe_ask(r, q);
	mine(r)->transfers++;
}

/*
 * Large GRE is lost on the way out. Whatever is too large then leaves a hole
 * in its numbers, which holds back a server's other packets: an upload would
 * harm the download beside it, and echoes sent whole would tell nothing.
 */
static bool
gre_cuts(const struct v6d_probe_run *r)
{
	return v6d_probe_bad(r, V6D_FACT_GRE_SIZE_OUT);
}

static void
begin(struct v6d_probe_run *r)
{
	ask_transfer(r, false);
	if (!gre_cuts(r))
		ask_transfer(r, true);
}

static void
start(struct v6d_probe_run *r)
{
	const char *why = v6d_help_no_tunnel(r->plan);

	if (!why && r->plan->n_targets == 0)
		why = "no IPv6 target is named";
	if (why)
		v6d_probe_end(r, V6D_PROBE_SKIPPED, "%s", why);
	else if (r->plan->in_place || v6d_probe_seen(r, V6D_FACT_V6_SMALL))
		begin(r);
	else
		v6d_help_ra(r, RA_PATIENCE, RA);
}

static const char *
transfer_word(const struct v6d_answer *a)
{
	if (a->stalled)
		return "stall";
	if (!a->connected)
		return a->err == ECONNREFUSED ? "refused" : "timeout";
	if (a->how == V6D_ANSWER_TIMEOUT)
		return a->bytes >= BIG ? NULL : "timeout";
	if (a->bytes >= BIG)
		return NULL;
	/* A server that takes no uploads may close without a word. */
	return a->status || a->tag == PUT ? NULL : "http";
}

static void
mss_fact(
    struct v6d_probe_run *r, const struct v6d_answer *a, const char *target)
{
	bool fits = a->mss + TCP_HEADERS <= r->plan->mtu;

	if (a->connected && a->mss > 0)
		v6d_probe_fact(r, V6D_FACT_V6_MSS, target,
		    fits ? V6D_OK : V6D_BAD, fits ? NULL : "too-big", a->mss);
}

/* A small page passes through any black hole: it says nothing. */
static void
on_transfer(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	enum v6d_fact fact = a->tag == PUT ? V6D_FACT_V6_PUT : V6D_FACT_V6_GET;
	const char *word = transfer_word(a);
	struct pmtu *x = mine(r);
	char target[V6D_ADDR_TEXT];
	enum v6d_state state = word              ? V6D_BAD
			       : a->bytes >= BIG ? V6D_OK
						 : V6D_UNKNOWN;

	v6d_help_text(&r->plan->targets[0], target);
	if (a->how == V6D_ANSWER_REFUSED)
		return;
	mss_fact(r, a, target);
	v6d_probe_fact(r, fact, target, state,
	    state == V6D_UNKNOWN ? "small" : word, (int64_t)a->bytes);
	if (a->tag == PUT) {
		x->put_bad = state == V6D_BAD;
		x->put_ok = state == V6D_OK;
	} else {
		x->get_bad = state == V6D_BAD;
		x->get_ok = state == V6D_OK;
	}
}

/* ---- echoes ---- */

static void
add_frame(struct v6d_ask *q, unsigned size, bool closes)
{
	q->frames[q->n_frames].outer_len = (uint16_t)size;
	q->frames[q->n_frames].closes = closes;
	q->n_frames++;
}

/* The sizes of the next round; 0: the limit is found, or never will be. */
static unsigned
next_sizes(struct sizes *s)
{
	uint16_t pass, fail;

	if (s->rounds >= MAX_ROUNDS || s->mute >= 3)
		return 0;
	v6d_limit_best(&s->limit, &pass, &fail);
	if (fail - pass > 1) {
		s->n = v6d_limit_grid(pass, fail, s->sent, GRID);
		if (s->rounds == 0)
			s->sent[s->n++] = s->limit.top;
		return s->n;
	}
	s->n = 0;
	if (fail <= s->limit.top && v6d_limit_margin_above(&s->limit) < MARGIN)
		s->sent[s->n++] = fail;
	return s->n;
}

static bool
ask_sizes(struct v6d_probe_run *r, struct sizes *s, enum tag tag)
{
	struct pmtu *x = mine(r);
	struct v6d_ask *q = &x->ask;

	if (next_sizes(s) == 0)
		return false;
	memset(q, 0, sizeof(*q));
	q->kind = V6D_ASK_PING;
	q->tag = tag;
	q->ns = V6D_NS_TUNNEL;
	q->addr = r->plan->targets[0];
	q->df = tag == WHOLE;
	q->gap = V6D_US(600); /* hosts and routers limit ICMPv6 by rate */
	q->timeout = x->rtt ? V6D_MS(300) + 3 * x->rtt : V6D_S(1);
	q->grace = V6D_MS(10) + x->rtt;
	for (unsigned i = 0; i < s->n; i++)
		add_frame(q, s->sent[i], false);
	for (unsigned i = 0; i < SENTINELS; i++)
		add_frame(q, SENTINEL, true);
	s->rounds++;
	return v6d_probe_ask(r, q);
}

static void
note_ptb(struct pmtu *x, const struct v6d_answer_frame *f)
{
	if (f->error != PTB || f->error_mtu == 0)
		return;
	if (!x->have_ptb || f->error_mtu < x->ptb.error_mtu)
		x->ptb = *f;
	x->have_ptb = true;
}

static void
eat_sizes(struct pmtu *x, struct sizes *s, const struct v6d_answer *a)
{
	bool heard = false;

	for (unsigned i = s->n; i < a->n_frames; i++)
		if (a->frames[i].answered) {
			heard = true;
			x->rtt = a->frames[i].rtt ? a->frames[i].rtt : 1;
		}
	s->mute = heard ? 0 : s->mute + 1;
	for (unsigned i = 0; i < s->n; i++) {
		const struct v6d_answer_frame *f = &a->frames[i];

		note_ptb(x, f);
		if (f->answered) {
			s->lost_first |= s->limit.lost[s->sent[i]] > 0;
			v6d_limit_pass(&s->limit, s->sent[i]);
		} else if (heard) {
			v6d_limit_lose(&s->limit, s->sent[i]);
		}
	}
}

/* ---- the end ---- */

static bool
measured(const struct sizes *s)
{
	return s->rounds > 0 && s->limit.hard >= s->limit.lo;
}

static unsigned
limit_of(const struct sizes *s)
{
	uint16_t pass, fail;

	v6d_limit_best(&s->limit, &pass, &fail);
	return pass;
}

static void
in_fact(struct v6d_probe_run *r, const char *target)
{
	const struct pmtu *x = mine(r);
	const struct sizes *s = measured(&x->pieces) ? &x->pieces : &x->whole;
	unsigned limit = limit_of(s);
	bool all = limit >= s->limit.top;

	if (!measured(s))
		return;
	/* Of requests sent whole only success says something of one way. */
	if (s == &x->whole && !all)
		return;
	v6d_probe_fact(r, V6D_FACT_V6_PMTU_IN, target, all ? V6D_OK : V6D_BAD,
	    all ? NULL : "blackhole",
	    s->lost_first && all ? V6D_NO_VALUE : (int64_t)limit);
}

static void
out_fact(struct v6d_probe_run *r, const char *target)
{
	const struct pmtu *x = mine(r);
	unsigned both = limit_of(&x->whole), in = limit_of(&x->pieces);
	bool all = both >= x->whole.limit.top;

	if (!measured(&x->whole))
		return;
	if (all)
		v6d_probe_fact(r, V6D_FACT_V6_PMTU_OUT, target, V6D_OK, NULL,
		    (int64_t)both);
	else if (x->have_ptb)
		v6d_probe_fact(r, V6D_FACT_V6_PMTU_OUT, target, V6D_OK, NULL,
		    (int64_t)x->ptb.error_mtu);
	else if (measured(&x->pieces) && in > both + GRE_ACK)
		v6d_probe_fact(r, V6D_FACT_V6_PMTU_OUT, target, V6D_BAD,
		    "blackhole", (int64_t)both);
	else
		v6d_probe_fact(r, V6D_FACT_V6_PMTU_OUT, target, V6D_UNKNOWN,
		    "at-least", (int64_t)both);
}

static void
ptb_fact(struct v6d_probe_run *r)
{
	const struct pmtu *x = mine(r);
	char from[V6D_ADDR_TEXT];

	if (x->have_ptb)
		v6d_probe_fact(r, V6D_FACT_V6_PTB,
		    v6d_help_text(&x->ptb.error_from, from), V6D_OK, NULL,
		    x->ptb.error_mtu);
}

static void
conclude(struct v6d_probe_run *r)
{
	const struct pmtu *x = mine(r);
	char target[V6D_ADDR_TEXT];
	bool bad_in, bad_out;

	v6d_help_text(&r->plan->targets[0], target);
	in_fact(r, target);
	out_fact(r, target);
	ptb_fact(r);
	bad_in = v6d_probe_bad(r, V6D_FACT_V6_PMTU_IN);
	bad_out = v6d_probe_bad(r, V6D_FACT_V6_PMTU_OUT);
	if (bad_in)
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "packets over %u bytes from %s vanish%s",
		    limit_of(measured(&x->pieces) ? &x->pieces : &x->whole),
		    target, x->get_bad ? "; downloads stall" : "");
	else if (bad_out)
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "packets over %u bytes to %s vanish%s", limit_of(&x->whole),
		    target, x->put_bad ? "; uploads stall" : "");
	else if (x->get_bad || x->put_bad)
		v6d_probe_end(r, V6D_PROBE_FAIL, "a large %s %s %s fails",
		    x->get_bad ? "download" : "upload",
		    x->get_bad ? "from" : "to", target);
	else if (gre_cuts(r))
		v6d_probe_end(r, V6D_PROBE_UNKNOWN,
		    "not measured on the way out: large GRE is lost already");
	else if (!measured(&x->whole))
		v6d_probe_end(r,
		    x->get_ok && x->put_ok ? V6D_PROBE_PASS : V6D_PROBE_UNKNOWN,
		    x->get_ok && x->put_ok
			? "large transfers complete; %s answers no echo"
			: "%s answers no echo: sizes cannot be measured",
		    target);
	else if (x->have_ptb)
		v6d_probe_end(r, V6D_PROBE_PASS,
		    "packet-too-big arrives: %u bytes to %s", x->ptb.error_mtu,
		    target);
	else
		v6d_probe_end(r, V6D_PROBE_PASS,
		    "packets of %u bytes pass both ways%s", limit_of(&x->whole),
		    x->get_ok && x->put_ok ? ", large transfers complete" : "");
}

/* ---- steps ---- */

static void
begin_sizes(struct v6d_probe_run *r)
{
	struct pmtu *x = mine(r);
	unsigned top =
	    r->plan->mtu < V6D_LIMIT_MAX ? r->plan->mtu : V6D_LIMIT_MAX;

	if (top < IPV6_MIN)
		top = IPV6_MIN;
	v6d_limit_init(&x->whole.limit, IPV6_MIN, (uint16_t)top);
	v6d_limit_init(&x->pieces.limit, IPV6_MIN, (uint16_t)top);
	if (gre_cuts(r) ? !ask_sizes(r, &x->pieces, PIECES)
			: !ask_sizes(r, &x->whole, WHOLE))
		conclude(r);
}

/* One way alone matters only where not everything passes both ways. */
static void
go_on(struct v6d_probe_run *r, enum tag tag)
{
	struct pmtu *x = mine(r);
	bool all = limit_of(&x->whole) >= x->whole.limit.top;

	if (tag == WHOLE && ask_sizes(r, &x->whole, WHOLE))
		return;
	if (!all && x->whole.mute == 0 && ask_sizes(r, &x->pieces, PIECES))
		return;
	conclude(r);
}

static void
answer(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	struct pmtu *x = mine(r);

	switch ((enum tag)a->tag) {
	case RA:
		if (a->how == V6D_ANSWER_DONE && a->ra_seen)
			begin(r);
		else
			v6d_probe_end(r, V6D_PROBE_SKIPPED,
			    "not tried: the tunnel has no IPv6 address");
		return;
	case GET:
	case PUT:
		on_transfer(r, a);
		if (--x->transfers > 0)
			return;
		if (a->tag == GET && gre_cuts(r))
			ask_transfer(r, true);
		else
			begin_sizes(r);
		return;
	case WHOLE:
	case PIECES:
		if (a->how == V6D_ANSWER_REFUSED) {
			conclude(r);
			return;
		}
		eat_sizes(x, a->tag == WHOLE ? &x->whole : &x->pieces, a);
		go_on(r, (enum tag)a->tag);
		return;
	}
}

const struct v6d_probe v6d_probe_pmtu = {
	.name = "pmtu",
	.question = "Do large packets and transfers pass over IPv6?",
	.after = "route gre",
	.needs = "v6.small",
	.without = "no IPv6 target was reached",
	.start = start,
	.answer = answer,
};
