/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe_pmtu.c - do large packets pass over IPv6, each way (RFC 8201)? Big
 * transfers by TCP first: an echo's packet-too-big would be remembered and
 * hide a black hole. Then ICMPv6 echoes of many sizes side by side.
 */
#include <errno.h>
#include <string.h>

#include "probe/echoes.h"
#include "probe/help.h"
#include "probe/busy.h"
#include "probe/way.h"

#define RA_PATIENCE V6D_S(4)
#define HTTP 80
#define TRANSFER_PATIENCE V6D_MS(4500)
#define SMALL_PATIENCE V6D_S(3) /* a stall shows by then */
#define AGAIN_PATIENCE V6D_S(1) /* under load for so long */
#define STALL V6D_MS(2500) /* four TCP retransmissions */
/* Two of them, after 200 ms and 400 more at the least (RFC 6298, Linux). */
#define STALL_SHORT V6D_MS(700)
#define UPLOAD 131072 /* bytes */
#define ENOUGH 262144
#define SMALL_ENOUGH 32768
/* Where losses are the fault already: each transfer, and all of them until. */
#define TRANSFER_LOSSY V6D_MS(2500)
#define TRANSFER_LEAST V6D_MS(700)
#define TRANSFERS_UNTIL V6D_S(7)
#define BIG 4000 /* bytes: at least two full packets */
#define IPV6_MIN 1280 /* RFC 8200 5 */
#define TCP_HEADERS 60 /* IPv6 and TCP */
#define TCP_OPTIONS 12 /* timestamps, RFC 7323 */
#define MSS_MIN (IPV6_MIN - TCP_HEADERS)
#define SMALL 128
#define SLOW_GAP V6D_MS(15) /* 100 kbytes a second */
#define OVERHEAD 40 /* of a GRE packet: 20 IPv4, 16 GRE, 4 PPP */
#define OVERHEAD_MOST 44 /* with MPPE as well (RFC 3078 3.1) */
/* The acknowledgment rides on some GRE packets only: bytes that one limit on
 * their size may seem to move (RFC 2637 4.1). */
#define GRE_ACK 4

enum tag {
	RA,
	GET,
	PUT,
	GET_SMALL,
	PUT_SMALL,
	GET_AGAIN,
	PUT_AGAIN,
	PINGS_IN,
	PINGS_OUT,
	WHOLE,
	PIECES,
	WAY
};

struct pmtu {
	unsigned pending; /* asks of the step under way */
	bool get_bad, put_bad, get_ok, put_ok, get_stalled, put_stalled;
	unsigned get_packet, put_packet; /* the largest that got through */
	/* Both ways one size, or only back. */
	struct v6d_echoes whole, pieces;
	bool way_asked;
	struct v6d_busy busy;
	struct v6d_ask ask;
};

static struct pmtu *
mine(struct v6d_probe_run *r)
{
	_Static_assert(sizeof(struct pmtu) <= V6D_PROBE_STATE, "state");
	return (struct pmtu *)(void *)r->state;
}

static void
ask(struct v6d_probe_run *r, enum tag tag)
{
	struct pmtu *x = mine(r);

	x->ask.tag = tag;
	x->ask.ns = V6D_NS_TUNNEL;
	x->ask.addr = r->plan->targets[0];
	if (v6d_probe_ask(r, &x->ask))
		x->pending++;
}

/* ---- transfers ---- */

/*
 * Large GRE is lost one way. Out: whatever is too large leaves a hole in its
 * numbers, which holds back a server's other packets: an upload would harm
 * the download beside it, and echoes sent whole would tell nothing.
 */
static bool
gre_cuts_out(const struct v6d_probe_run *r)
{
	return v6d_probe_bad(r, V6D_FACT_GRE_SIZE_OUT) ||
	       v6d_probe_bad(r, V6D_FACT_GRE_SIZE);
}

static bool
gre_cuts_in(const struct v6d_probe_run *r)
{
	return v6d_probe_bad(r, V6D_FACT_GRE_SIZE_IN) ||
	       v6d_probe_bad(r, V6D_FACT_GRE_SIZE);
}

/* GRE carries a full packet of the tunnel each way, acknowledgment and all. */
static bool
gre_carries_all(const struct v6d_probe_run *r)
{
	const struct v6d_obs *in =
	    v6d_facts_last(r->facts, V6D_FACT_GRE_SIZE_IN);
	const struct v6d_obs *out =
	    v6d_facts_last(r->facts, V6D_FACT_GRE_SIZE_OUT);
	int64_t full = r->plan->mtu + OVERHEAD;

	return in && out && in->state == V6D_OK && out->state == V6D_OK &&
	       in->value >= full && out->value >= full;
}

/* A median round trip of GRE, or nothing. */
static v6d_ns
gre_rtt(const struct v6d_probe_run *r)
{
	const struct v6d_obs *o = v6d_facts_last(r->facts, V6D_FACT_GRE_RTT);

	return o && o->value > 0 ? V6D_US((v6d_ns)o->value) : 0;
}

/*
 * Where the cause of a stall is known already, it needs to be seen and not
 * to be made certain of.
 */
static v6d_ns
stall_of(const struct v6d_probe_run *r, bool put)
{
	if (put ? gre_cuts_out(r) : gre_cuts_in(r))
		return STALL_SHORT + 4 * gre_rtt(r);
	return STALL;
}

static void
ask_transfer(struct v6d_probe_run *r, enum tag tag)
{
	const struct v6d_plan *p = r->plan;
	struct v6d_ask *q = &mine(r)->ask;
	bool put = tag == PUT || tag == PUT_SMALL || tag == PUT_AGAIN;
	bool small = tag == GET_SMALL || tag == PUT_SMALL;
	bool again = tag == GET_AGAIN || tag == PUT_AGAIN;

	memset(q, 0, sizeof(*q));
	q->kind = V6D_ASK_HTTP;
	q->port = HTTP;
	q->put = put;
	q->size = small ? SMALL_ENOUGH : put ? UPLOAD : ENOUGH;
	q->maxseg = small ? MSS_MIN : 0;
	q->timeout = v6d_help_patience(r,
	    again   ? AGAIN_PATIENCE
	    : small ? SMALL_PATIENCE
		    : TRANSFER_PATIENCE,
	    TRANSFERS_UNTIL, TRANSFER_LEAST);
	if (v6d_help_lossy(r) && q->timeout > TRANSFER_LOSSY)
		q->timeout = TRANSFER_LOSSY;
	q->stall = stall_of(r, put);
	memcpy(q->name, p->page[0] && !put ? p->page : "/",
	    p->page[0] && !put ? strlen(p->page) + 1 : 2);
	ask(r, tag);
}

static void
begin(struct v6d_probe_run *r)
{
	ask_transfer(r, GET);
	if (!gre_cuts_out(r))
		ask_transfer(r, PUT);
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
transfer_word(const struct v6d_answer *a, bool put)
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
	return a->status || put ? NULL : "http";
}

/*
 * What the other end announced. More than the tunnel carries is no harm as
 * long as nothing that large is lost: this host's own MTU is the lesser.
 */
static void
mss_facts(
    struct v6d_probe_run *r, const struct v6d_answer *a, const char *target)
{
	int mss = a->peer_mss ? a->peer_mss : a->mss;
	bool lost =
	    a->tag == PUT && a->stalled && mss + TCP_HEADERS > r->plan->mtu;
	const char *word = lost                          ? "too-big"
			   : mss < MSS_MIN - TCP_OPTIONS ? "too-small"
							 : NULL;

	if (!a->connected || mss <= 0)
		return;
	v6d_probe_fact(
	    r, V6D_FACT_V6_MSS, target, word ? V6D_BAD : V6D_OK, word, mss);
	if (a->packet > 0 && !a->stalled)
		v6d_probe_fact(r,
		    a->tag == PUT ? V6D_FACT_V6_PACKET_OUT
				  : V6D_FACT_V6_PACKET_IN,
		    target, V6D_OK, NULL, a->packet);
}

/*
 * The packets of an upload that got through: what a packet-too-big was about
 * is acknowledged, too, once its bytes went in smaller ones.
 */
static uint16_t
packet_of(const struct v6d_probe_run *r, const struct v6d_answer *a)
{
	const struct v6d_obs *o = v6d_facts_last(r->facts, V6D_FACT_V6_PTB);

	if (a->tag == GET || !o || o->value < IPV6_MIN || o->value > a->packet)
		return a->packet;
	return (uint16_t)o->value;
}

/* A small page passes through any black hole: it says nothing. */
static void
on_transfer(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	struct v6d_answer answer = *a;
	bool put = a->tag == PUT;
	const char *word = transfer_word(a, put);
	struct pmtu *x = mine(r);
	char target[V6D_ADDR_TEXT];
	enum v6d_state state = word              ? V6D_BAD
			       : a->bytes >= BIG ? V6D_OK
						 : V6D_UNKNOWN;

	v6d_help_text(&r->plan->targets[0], target);
	if (a->how == V6D_ANSWER_REFUSED)
		return;
	answer.packet = packet_of(r, a);
	a = &answer;
	mss_facts(r, a, target);
	x->busy.mtu = r->plan->mtu;
	v6d_busy_transfer(&x->busy, a, put);
	v6d_probe_fact(r, put ? V6D_FACT_V6_PUT : V6D_FACT_V6_GET, target,
	    state, state == V6D_UNKNOWN ? "small" : word, (int64_t)a->bytes);
	if (put) {
		x->put_bad = state == V6D_BAD;
		x->put_stalled = a->stalled;
		x->put_ok = state == V6D_OK;
		x->put_packet = x->put_ok ? a->packet : 0;
	} else {
		x->get_packet = a->packet;
		x->get_bad = state == V6D_BAD;
		x->get_stalled = a->stalled;
		x->get_ok = state == V6D_OK;
	}
}

/* Do small segments get through where large ones stalled? */
static void
on_small(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	bool put = a->tag == PUT_SMALL;
	const char *word = transfer_word(a, put);
	char target[V6D_ADDR_TEXT];

	if (a->how == V6D_ANSWER_REFUSED || (!word && a->bytes < BIG))
		return;
	v6d_probe_fact(r, put ? V6D_FACT_V6_PUT_SMALL : V6D_FACT_V6_GET_SMALL,
	    v6d_help_text(&r->plan->targets[0], target),
	    word ? V6D_BAD : V6D_OK, word, (int64_t)a->bytes);
}

/* ---- echoes ---- */

static bool
ask_sizes(struct v6d_probe_run *r, enum tag tag)
{
	struct pmtu *x = mine(r);

	if (!v6d_echoes_next(tag == WHOLE ? &x->whole : &x->pieces, &x->ask))
		return false;
	ask(r, tag);
	return true;
}

/* Fragments that get out even where GRE ends below 1320 bytes. */
static uint16_t
piece_of(const struct v6d_probe_run *r)
{
	const struct v6d_obs *o =
	    v6d_facts_last(r->facts, V6D_FACT_GRE_SIZE_OUT);

	if (!gre_cuts_out(r) || !o || o->value < SMALL + OVERHEAD ||
	    o->value >= IPV6_MIN + OVERHEAD)
		return 0;
	return (uint16_t)(o->value - OVERHEAD);
}

/*
 * Whole echoes that get out under GRE's limit, and whose replies are not cut
 * either: beyond it they only leave holes in GRE's numbers.
 */
static uint16_t
below_gre(const struct v6d_probe_run *r)
{
	static const enum v6d_fact limits[] = { V6D_FACT_GRE_SIZE_OUT,
		V6D_FACT_GRE_SIZE_IN, V6D_FACT_GRE_SIZE };
	int64_t top = r->plan->mtu;

	for (unsigned i = 0; i < V6D_ARRAY_LEN(limits); i++) {
		const struct v6d_obs *o = v6d_facts_last(r->facts, limits[i]);

		if (!v6d_probe_bad(r, limits[i]))
			continue;
		if (o->value < IPV6_MIN + OVERHEAD_MOST)
			return IPV6_MIN;
		if (o->value - OVERHEAD_MOST < top)
			top = o->value - OVERHEAD_MOST;
	}
	return top > IPV6_MIN ? (uint16_t)top : IPV6_MIN;
}

static bool
is_policed(const struct v6d_probe_run *r)
{
	return v6d_probe_bad(r, V6D_FACT_GRE_RATE_IN) ||
	       v6d_probe_bad(r, V6D_FACT_GRE_RATE_OUT);
}

static void
begin_sizes(struct v6d_probe_run *r)
{
	struct pmtu *x = mine(r);
	unsigned top =
	    r->plan->mtu < V6D_LIMIT_MAX ? r->plan->mtu : V6D_LIMIT_MAX;

	if (top < IPV6_MIN)
		top = IPV6_MIN;
	v6d_echoes_init(&x->whole, IPV6_MIN, (uint16_t)top, false);
	v6d_echoes_init(&x->pieces, IPV6_MIN, (uint16_t)top, true);
	x->pieces.piece = piece_of(r);
	if (gre_cuts_out(r))
		v6d_echoes_init(&x->whole, IPV6_MIN, below_gre(r), false);
	if (is_policed(r))
		x->whole.gap = x->pieces.gap = SLOW_GAP;
	v6d_echoes_known(&x->pieces, x->get_packet);
	if (x->whole.limit.top > IPV6_MIN)
		ask_sizes(r, WHOLE);
	if (gre_cuts_out(r))
		ask_sizes(r, PIECES);
}

/*
 * One way alone matters only where not everything passes both ways: then it
 * is searched beside the other.
 */
static void
more_sizes(struct v6d_probe_run *r, enum tag tag)
{
	struct pmtu *x = mine(r);

	/* What both transfers got through passes both ways. */
	v6d_echoes_known(&x->whole,
	    x->get_packet < x->put_packet ? x->get_packet : x->put_packet);
	ask_sizes(r, tag);
	if (tag == WHOLE && x->pieces.rounds == 0 && x->whole.mute == 0 &&
	    !v6d_echoes_all(&x->whole) && v6d_echoes_measured(&x->whole)) {
		x->pieces.rtt = x->whole.rtt;
		ask_sizes(r, PIECES);
	}
}

/* ---- where it is lost ---- */

static bool
ask_way(struct v6d_probe_run *r)
{
	struct pmtu *x = mine(r);
	unsigned big = v6d_echoes_limit(&x->whole) + 1;

	if (x->way_asked || !x->whole.rtt || v6d_echoes_all(&x->whole) ||
	    x->whole.n_ptb > 0)
		return false;
	x->way_asked = true;
	v6d_way_ask(&x->ask, (uint16_t)big, x->whole.rtt);
	ask(r, WAY);
	return true;
}

/* ---- the end ---- */

/* Replies in fragments tell of packets no larger than these. */
static int64_t
in_bytes(const struct pmtu *x, const struct v6d_echoes *e)
{
	unsigned limit = v6d_echoes_limit(e);

	if (e->reply_piece == 0 || e->reply_piece > limit)
		return limit;
	return e->reply_piece > x->get_packet ? e->reply_piece : x->get_packet;
}

static void
in_fact(struct v6d_probe_run *r, const char *target)
{
	const struct pmtu *x = mine(r);
	bool alone = v6d_echoes_measured(&x->pieces);
	const struct v6d_echoes *e = alone ? &x->pieces : &x->whole;
	bool all = v6d_echoes_all(e);

	/* Of requests sent whole only success says something of one way. */
	if (!v6d_echoes_measured(e) || (!alone && !all))
		return;
	v6d_probe_fact(r, V6D_FACT_V6_PMTU_IN, target, all ? V6D_OK : V6D_BAD,
	    all ? NULL : "blackhole",
	    !all            ? (int64_t)v6d_echoes_limit(e)
	    : e->lost_first ? V6D_NO_VALUE
			    : in_bytes(x, e));
}

static void
out_fact(struct v6d_probe_run *r, const char *target)
{
	const struct pmtu *x = mine(r);
	unsigned both = v6d_echoes_limit(&x->whole);
	unsigned in = v6d_echoes_limit(&x->pieces);
	unsigned top = x->whole.limit.top;
	unsigned slack = gre_carries_all(r) ? 0 : GRE_ACK;
	enum v6d_state state = V6D_OK;
	const char *word = NULL;
	unsigned value = both;

	if (!v6d_echoes_measured(&x->whole) ||
	    (gre_cuts_out(r) && v6d_echoes_all(&x->whole)))
		return;
	if (v6d_echoes_all(&x->whole)) {
		value = both;
	} else if (x->whole.n_ptb > 0) {
		value = x->whole.ptb.error_mtu;
	} else if (v6d_echoes_measured(&x->pieces) && in > both + slack) {
		state = V6D_BAD;
		word = "blackhole";
	} else if (x->put_packet >= top) {
		value = top; /* the way back is what ends below */
	} else {
		state = V6D_UNKNOWN;
		word = "at-least";
	}
	v6d_probe_fact(
	    r, V6D_FACT_V6_PMTU_OUT, target, state, word, (int64_t)value);
}

static void
ptb_fact(struct v6d_probe_run *r)
{
	const struct v6d_echoes *e = &mine(r)->whole;
	const char *word;
	char from[V6D_ADDR_TEXT];

	if (e->n_ptb == 0)
		return;
	word = v6d_echoes_ptb_word(e);
	v6d_probe_fact(r, V6D_FACT_V6_PTB,
	    v6d_help_text(&e->ptb.error_from, from), word ? V6D_BAD : V6D_OK,
	    word, e->ptb.error_mtu);
}

static void
size_facts(struct v6d_probe_run *r)
{
	char target[V6D_ADDR_TEXT];

	v6d_help_text(&r->plan->targets[0], target);
	in_fact(r, target);
	out_fact(r, target);
	ptb_fact(r);
}

static void
end_bad(struct v6d_probe_run *r, const char *target)
{
	const struct pmtu *x = mine(r);
	bool in = v6d_probe_bad(r, V6D_FACT_V6_PMTU_IN);
	const struct v6d_echoes *e =
	    in && v6d_echoes_measured(&x->pieces) ? &x->pieces : &x->whole;
	bool stalls = in ? x->get_bad : x->put_bad;

	if (!in && !v6d_probe_bad(r, V6D_FACT_V6_PMTU_OUT)) {
		v6d_probe_end(r, V6D_PROBE_FAIL, "a large %s %s %s fails",
		    x->get_bad ? "download" : "upload",
		    x->get_bad ? "from" : "to", target);
		return;
	}
	v6d_probe_end(r, V6D_PROBE_FAIL,
	    in ? "packets over %u bytes from %s vanish%s"
	       : "packets over %u bytes to %s vanish%s",
	    v6d_echoes_limit(e), target,
	    !stalls ? ""
	    : in    ? "; downloads stall"
		    : "; uploads stall");
}

static void
conclude(struct v6d_probe_run *r)
{
	const struct pmtu *x = mine(r);
	bool both = x->get_ok && x->put_ok;
	char target[V6D_ADDR_TEXT];

	v6d_help_text(&r->plan->targets[0], target);
	if (v6d_probe_bad(r, V6D_FACT_V6_PMTU_IN) ||
	    v6d_probe_bad(r, V6D_FACT_V6_PMTU_OUT) || x->get_bad || x->put_bad)
		end_bad(r, target);
	else if (gre_cuts_out(r))
		v6d_probe_end(r, V6D_PROBE_UNKNOWN,
		    "not measured on the way out: large GRE is lost already");
	else if (!v6d_echoes_measured(&x->whole))
		v6d_probe_end(r, both ? V6D_PROBE_PASS : V6D_PROBE_UNKNOWN,
		    both ? "large transfers complete; %s answers no echo"
			 : "%s answers no echo: sizes cannot be measured",
		    target);
	else if (x->whole.n_ptb > 0)
		v6d_probe_end(r, V6D_PROBE_PASS,
		    "packet-too-big arrives: %u bytes to %s",
		    x->whole.ptb.error_mtu, target);
	else if (in_bytes(x, &x->whole) < v6d_echoes_limit(&x->whole))
		v6d_probe_end(r, V6D_PROBE_PASS,
		    "packets of %u bytes pass on the way out; answers come in "
		    "fragments, of up to %u bytes%s",
		    v6d_echoes_limit(&x->whole),
		    (unsigned)in_bytes(x, &x->whole),
		    both ? "; large transfers complete" : "");
	else
		v6d_probe_end(r, V6D_PROBE_PASS,
		    "packets of %u bytes pass both ways%s",
		    v6d_echoes_limit(&x->whole),
		    both ? ", large transfers complete" : "");
}

/* ---- steps ---- */

/* The line is slow to answer under load: one way after the other. */
static bool
ask_load(struct v6d_probe_run *r, bool put)
{
	struct pmtu *x = mine(r);

	if (v6d_help_lossy(r) || /* repetitions look like a queue */
	    !v6d_busy_suspicious(&x->busy) || !x->get_ok || !x->put_ok)
		return false;
	ask_transfer(r, put ? PUT_AGAIN : GET_AGAIN);
	v6d_busy_ask(&x->ask);
	ask(r, put ? PINGS_OUT : PINGS_IN);
	return true;
}

static void
after_transfers(struct v6d_probe_run *r)
{
	v6d_busy_facts(&mine(r)->busy, r);
	begin_sizes(r);
}

/* Once for each way that stalled for no known reason. */
static bool
ask_small(struct v6d_probe_run *r)
{
	struct pmtu *x = mine(r);

	if (v6d_help_lossy(r))
		return false; /* small ones stall by it as well */
	if (x->get_stalled && !gre_cuts_in(r))
		ask_transfer(r, GET_SMALL);
	if (x->put_stalled && !gre_cuts_out(r))
		ask_transfer(r, PUT_SMALL);
	return x->pending > 0;
}

static void
after_step(struct v6d_probe_run *r, enum tag tag)
{
	switch (tag) {
	case RA:
		return;
	case GET:
		if (gre_cuts_out(r)) {
			ask_transfer(r, PUT);
			return;
		}
		/* fall through */
	case PUT:
		if (!ask_small(r) && !ask_load(r, true))
			after_transfers(r);
		break;
	case PUT_AGAIN:
	case PINGS_OUT:
		if (!ask_load(r, false))
			after_transfers(r);
		break;
	case GET_SMALL:
	case PUT_SMALL:
	case GET_AGAIN:
	case PINGS_IN:
		after_transfers(r);
		break;
	case WHOLE:
	case PIECES:
		size_facts(r);
		if (v6d_probe_bad(r, V6D_FACT_V6_PMTU_OUT))
			ask_way(r);
		break;
	case WAY:
		break;
	}
	if (mine(r)->pending == 0)
		conclude(r);
}

static void
answer(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	struct pmtu *x = mine(r);

	if (a->tag != RA)
		x->pending--;
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
		break;
	case GET_SMALL:
	case PUT_SMALL:
		on_small(r, a);
		break;
	case GET_AGAIN:
	case PUT_AGAIN:
		v6d_busy_transfer(&x->busy, a, a->tag == PUT_AGAIN);
		break;
	case PINGS_IN:
	case PINGS_OUT:
		v6d_busy_pings(&x->busy, a, a->tag == PINGS_OUT, gre_rtt(r));
		break;
	case WHOLE:
	case PIECES:
		v6d_echoes_feed(a->tag == WHOLE ? &x->whole : &x->pieces, a);
		more_sizes(r, (enum tag)a->tag);
		break;
	case WAY:
		v6d_way_facts(r, a);
		break;
	}
	if (x->pending == 0)
		after_step(r, (enum tag)a->tag);
}

const struct v6d_probe v6d_probe_pmtu = {
	.name = "pmtu",
	.question = "Do large packets and transfers pass over IPv6?",
	.after = "route gre",
	.in_place_after = "route", /* gre comes last then */
	.needs = "v6.small",
	.without = "no IPv6 target was reached",
	.start = start,
	.answer = answer,
};
