/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * witness_path.c - what a capture tells of sizes, loss and big transfers.
 * Three witnesses stand against each other: GRE numbers passed over (lost
 * before this place), frames whose very number was never acknowledged (lost
 * behind it), and inner replies or TCP data that never came.
 */
#include "diag/witness_impl.h"

#include "base/wire.h"

/* Inner IPv6 packet to outer: IPv4 20, GRE 12, PPP 4 (RFC 2637 4). */
#define OVERHEAD 36
#define ACK 4 /* of the acknowledgment number, which not all carry */
#define LINK_MTU 1500
#define IPV6_MIN_MTU 1280 /* RFC 8200 5: no limit is below it */
/* A transfer of this many bytes has sent full packets. */
#define BIG_TRANSFER 6000
/* Fewer frames do not make a rate. */
#define RATE_FRAMES 50
/* Above this, in per mille, it is worth a word. */
#define RATE_NOTED 20
/* A TCP transfer without progress for this long stalls. */
#define STALLED V6D_S(3)

/* What is known of sizes in one direction. Outer IPv4 bytes. */
struct evidence {
	unsigned passed; /* largest that arrived; 0: none */
	unsigned lost_min, lost_max; /* of those lost; 0: none */
	unsigned n_lost; /* how often */
};

static enum v6d_dir
back_of(enum v6d_dir d)
{
	return d == V6D_DIR_OUT ? V6D_DIR_IN : V6D_DIR_OUT;
}

static void
lost(struct evidence *e, unsigned size, unsigned times)
{
	if (times == 0 || size == 0)
		return;
	e->n_lost += times;
	if (e->lost_min == 0 || size < e->lost_min)
		e->lost_min = size;
	if (size > e->lost_max)
		e->lost_max = size;
}

static bool
arrived_of(
    const struct v6d_witness *w, enum v6d_dir d, const struct v6d_view_size *s)
{
	if (s->acked > 0)
		return true;
	return s->seen > 0 && v6d_witness_near(w->v, back_of(d));
}

static bool
arrived(const struct v6d_witness *w, enum v6d_dir d, unsigned size)
{
	return arrived_of(w, d, v6d_view_size(&w->v->gre[d], size));
}

static void
from_acks(const struct v6d_witness *w, enum v6d_dir d, struct evidence *e)
{
	const struct v6d_view_gre *g = &w->v->gre[d];

	for (unsigned i = 0; i < g->n_sizes; i++) {
		const struct v6d_view_size *s = &g->sizes[i];

		if (arrived_of(w, d, s))
			e->passed = s->len;
		else
			lost(e, s->len, s->silent);
	}
}

/* The outer length of an echo's reply, with an acknowledgment. */
static unsigned
reply_len(const struct v6d_view_echo *q)
{
	unsigned with_ack = q->inner_len + OVERHEAD + ACK;

	return with_ack > q->outer_len ? with_ack : q->outer_len;
}

/* The reply to an echo is as long as the request, give or take an ack. */
static void
from_echoes(const struct v6d_witness *w, enum v6d_dir d, struct evidence *e)
{
	const struct v6d_view_inner *n = &w->v->inner;

	for (unsigned i = 0; i < n->n_echoes; i++) {
		const struct v6d_view_echo *q = &n->echoes[i];

		if (q->dir != d && !q->reply_outer && !q->fragment &&
		    q->later && q->gap)
			lost(e, reply_len(q), 1);
	}
}

/* ---- inner transfers ---- */

/* One direction of a connection: which way, what its full packets are. */
struct transfer {
	const struct v6d_view_flow *f;
	unsigned end; /* of its two, which sends */
	const struct v6d_view_tcp_dir *d, *back;
	enum v6d_dir dir;
	const struct v6d_addr *peer; /* the end beyond the tunnel */
};

static struct transfer
transfer(const struct v6d_view_flow *f, unsigned i)
{
	struct transfer t = { f, i, &f->d[i], &f->d[1 - i], f->dir, NULL };

	if (i == 1)
		t.dir = back_of(f->dir);
	t.peer = &f->addr[t.dir == V6D_DIR_IN ? i : 1 - i];
	return t;
}

/* The inner length of a full packet; 0: not known. */
static unsigned
full_packet(const struct transfer *t)
{
	unsigned mss = t->d->mss, other = t->back->mss;

	if (mss == 0 || (other && other < mss))
		mss = other;
	return mss ? mss + 60 : 0;
}

static unsigned
gaps_during(const struct v6d_witness *w, const struct transfer *t)
{
	const struct v6d_view_odd *o = v6d_view_odd(&w->v->gre[t->dir]);
	unsigned n = 0;

	for (unsigned i = 0; i < o->n_gap; i++)
		if (o->gap[i].to >= t->f->first && o->gap[i].from <= t->f->last)
			n += o->gap[i].n;
	return n;
}

/* Data was sent on and on, and did not get there. */
static bool
stalls(const struct v6d_witness *w, const struct transfer *t)
{
	const struct v6d_view_tcp_dir *d = t->d;
	bool closed = d->fin || d->rst || t->back->fin || t->back->rst;
	v6d_ns since =
	    d->last_progress == V6D_NEVER ? t->f->first : d->last_progress;
	v6d_ns until = closed ? t->f->last : w->over;

	if (w->v->inner.unread[V6D_DIR_OUT] + w->v->inner.unread[V6D_DIR_IN])
		return false; /* what is missing may be what was cut away */
	return t->f->up &&
	       (v6d_view_hole(d) > 0 ||
		   v6d_view_lost(t->f, t->end, NULL) > 0) &&
	       until >= since && until - since >= STALLED;
}

static void
from_stalls(const struct v6d_witness *w, enum v6d_dir d, struct evidence *e)
{
	const struct v6d_view_inner *n = &w->v->inner;

	for (unsigned i = 0; i < n->n_flows * 2; i++) {
		struct transfer t = transfer(n->flows[i / 2], i % 2);
		unsigned gaps = gaps_during(w, &t), full = full_packet(&t);

		if (t.dir == d && v6d_view_hole(t.d) > 0 && stalls(w, &t) &&
		    gaps > 1)
			lost(e, full ? full + OVERHEAD : 0, gaps);
	}
}

/* ---- what the capture itself lacks ---- */

/* Fewer acks of what was not seen may be a server's own way of counting. */
#define UNCAPTURED 3

/* The recorder lost packets: that one is missing proves nothing. */
static bool
lacks_packets(const struct v6d_witness *w)
{
	return v6d_view_odd(&w->v->gre[V6D_DIR_OUT])->uncaptured +
		   v6d_view_odd(&w->v->gre[V6D_DIR_IN])->uncaptured >=
	       UNCAPTURED;
}

/* ---- sizes ---- */

static enum v6d_fact
either(enum v6d_dir d, enum v6d_fact out, enum v6d_fact in)
{
	return d == V6D_DIR_OUT ? out : in;
}

/* Anything that arrived inside the lost range speaks against a limit. */
static bool
contradicted(
    const struct v6d_witness *w, enum v6d_dir d, const struct evidence *e)
{
	const struct v6d_view_gre *g = &w->v->gre[d];

	for (unsigned i = 0; i < g->n_sizes; i++)
		if (g->sizes[i].len >= e->lost_min &&
		    g->sizes[i].len <= e->lost_max &&
		    arrived_of(w, d, &g->sizes[i]))
			return true;
	return false;
}

static unsigned
largest_below(const struct v6d_witness *w, enum v6d_dir d, unsigned size)
{
	const struct v6d_view_gre *g = &w->v->gre[d];

	for (unsigned i = g->n_sizes; i-- > 0;)
		if (g->sizes[i].len < size && arrived_of(w, d, &g->sizes[i]))
			return g->sizes[i].len;
	return 0;
}

static const char *
size_word(const struct evidence *e, const struct v6d_view_gre *g)
{
	if (e->passed > e->lost_max)
		return "hole";
	/* What a link carries whole arrives; what needs fragments does not:
	   a limit between the two looks the same. */
	if (e->lost_min > LINK_MTU && e->passed <= LINK_MTU)
		return "fragments";
	/* Only whole packets with DF were lost: a smaller link whose ICMP is
	   filtered does that too. Without DF it would have fragmented. */
	return e->lost_max <= LINK_MTU && g->n_df > 0 ? "dont-fragment"
						      : "limit";
}

/* As big as any that the other direction, or this one by its MRU, has. */
static bool
passed_big(const struct v6d_witness *w, enum v6d_dir d, unsigned passed)
{
	unsigned most = w->v->gre[back_of(d)].largest;
	unsigned mru = w->v->ppp.mru[back_of(d)];

	if (mru > 0 && most > mru + OVERHEAD)
		most = mru + OVERHEAD;
	/* an acknowledgment is 4 bytes more */
	return passed >= IPV6_MIN_MTU + OVERHEAD && passed + 4 >= most;
}

/*
 * The limit: below the smallest that was lost, and not above what arrives
 * where only an acknowledgment, there or not, lies between the two.
 */
static unsigned
limit(const struct evidence *e)
{
	unsigned below = e->lost_min - 1;

	return e->passed <= below && below - e->passed <= ACK ? e->passed
							      : below;
}

/*
 * Says what limits sizes, and returns true where the rest of what was lost
 * may be laid to chance: packets as big as any arrive, or small ones do not.
 */
static bool
sizes(struct v6d_witness *w, enum v6d_dir d)
{
	enum v6d_fact fact =
	    either(d, V6D_FACT_GRE_SIZE_OUT, V6D_FACT_GRE_SIZE_IN);
	struct evidence e = { 0 };
	bool big;

	from_acks(w, d, &e);
	if (!lacks_packets(w)) {
		from_echoes(w, d, &e);
		from_stalls(w, d, &e);
	}
	big = passed_big(w, d, e.passed);
	if (e.n_lost >= 2 && e.passed > 0 && !contradicted(w, d, &e)) {
		v6d_witness_say(w, V6D_NEVER, fact, NULL, V6D_BAD,
		    size_word(&e, &w->v->gre[d]), limit(&e));
		v6d_witness_say(w, V6D_NEVER,
		    either(d, V6D_FACT_GRE_PASSED_OUT, V6D_FACT_GRE_PASSED_IN),
		    NULL, V6D_OK, NULL, largest_below(w, d, e.lost_min));
		return false;
	}
	if (e.passed >= IPV6_MIN_MTU + OVERHEAD && e.n_lost == 0)
		v6d_witness_say(
		    w, V6D_NEVER, fact, NULL, V6D_OK, NULL, e.passed);
	return big || (e.n_lost > 0 && contradicted(w, d, &e));
}

static void
fragments(struct v6d_witness *w)
{
	const struct v6d_view *v = w->v;

	for (int i = 0; i < V6D_N_DIRS; i++) {
		enum v6d_dir d = i ? V6D_DIR_IN : V6D_DIR_OUT;
		const struct v6d_view_odd *o = v6d_view_odd(&v->gre[d]);

		if (o->lone_frags >= 3 && o->later_frags == 0) {
			v6d_witness_say(w, V6D_NEVER, V6D_FACT_GRE_FRAGMENTS,
			    NULL, V6D_BAD, i ? "lost-in" : "lost-out",
			    V6D_NO_VALUE);
			return;
		}
	}
}

/* ---- rates ---- */

/*
 * A capture on several interfaces at once holds (nearly) every packet twice:
 * that is the capture's doing, not the network's.
 */
static bool
copied(const struct v6d_view_gre *g)
{
	uint64_t twice = v6d_view_odd(g)->duplicates;

	return twice * 10 >= (g->frames - twice) * 9;
}

/* More than the rate by two standard deviations: not chance. */
static bool
surely_above(uint64_t n, uint64_t of, uint64_t per_mille)
{
	uint64_t bound = of * per_mille / 1000;

	return n > bound && (n - bound) * (n - bound) > 4 * n;
}

/* Fewer rows of losses, fewer losses beside a queue, tell no pattern. */
#define BURSTS 5
#define QUEUE_LOSSES 10

/* So many that are sent and never known to arrive are worth a doubt. */
#define UNPROVEN 5

/* By bytes: a segment that overtook another is not sent twice. */
static uint64_t
segments_again(const struct v6d_view_tcp_dir *d)
{
	uint32_t once = d->next - d->isn - (d->syn ? 1u : 0u);

	if (d->data == 0 || d->data <= once)
		return 0;
	return (d->data - once) * d->n_data / d->data;
}

/* Too much of what TCP sends that way has to be sent again, somewhere. */
static bool
sent_again(const struct v6d_witness *w, enum v6d_dir d)
{
	const struct v6d_view_inner *n = &w->v->inner;
	uint64_t again = 0, all = 0;

	for (unsigned i = 0; i < n->n_flows * 2; i++) {
		struct transfer t = transfer(n->flows[i / 2], i % 2);

		if (t.dir != d)
			continue;
		again += segments_again(t.d);
		all += t.d->n_data;
	}
	return all >= RATE_FRAMES && surely_above(again, all, RATE_NOTED);
}

/* The largest that got through, by an ack of GRE's or of TCP's. */
static unsigned
largest_arrived(const struct v6d_witness *w, enum v6d_dir d)
{
	const struct v6d_view_inner *n = &w->v->inner;
	unsigned most = largest_below(w, d, V6D_VIEW_SIZES);

	for (unsigned i = 0; i < n->n_flows * 2; i++) {
		struct transfer t = transfer(n->flows[i / 2], i % 2);

		if (t.dir == d && t.d->largest_acked > 0 &&
		    t.d->largest_acked + (unsigned)OVERHEAD > most)
			most = t.d->largest_acked + (unsigned)OVERHEAD;
	}
	return most;
}

/* Sizes that are sent and, unlike smaller ones, never known to arrive. */
static bool
never_arrive(const struct v6d_witness *w, enum v6d_dir d)
{
	const struct v6d_view_gre *g = &w->v->gre[d];
	unsigned from = largest_arrived(w, d) + 5, n = 0;

	for (unsigned i = 0; i < g->n_sizes; i++)
		if (g->sizes[i].len >= from)
			n += g->sizes[i].seen;
	return n >= UNPROVEN && g->exact_acks >= UNPROVEN;
}

/*
 * A few long rows of losses: so a policer begins, and chance does not. A few
 * losses where packets wait long: so a queue runs over.
 */
static bool
may_be_load(const struct v6d_view_gre *g)
{
	uint64_t gaps = v6d_view_odd(g)->gaps;

	if (v6d_view_waits(&g->load)->n > 0 && gaps < QUEUE_LOSSES)
		return true;
	return g->gap_events < BURSTS && gaps > 3 * (uint64_t)g->gap_events;
}

/* Why GRE's rate of loss is not known; NULL: it is, as far as it shows. */
static const char *
rate_open(const struct v6d_witness *w, enum v6d_dir d, bool bad, bool any_size)
{
	if ((bad && !any_size) || (!bad && !w->live && never_arrive(w, d)))
		return "by-size-or-chance";
	if (bad && lacks_packets(w))
		return "not-captured";
	if (bad && !w->live && may_be_load(&w->v->gre[d]))
		return "by-load-or-chance";
	if (!bad && !w->live && sent_again(w, d))
		return "lost-behind";
	return NULL;
}

static void
rates(struct v6d_witness *w, enum v6d_dir d, bool any_size)
{
	const struct v6d_view_gre *g = &w->v->gre[d];
	const struct v6d_view_odd *o = v6d_view_odd(g);
	enum v6d_fact fact =
	    either(d, V6D_FACT_GRE_LOSS_OUT, V6D_FACT_GRE_LOSS_IN);
	uint64_t sent = g->frames - o->duplicates + o->gaps;
	uint64_t twice = copied(g) ? 0 : o->duplicates;
	uint64_t odd = o->late + twice;
	const char *open;
	int64_t rate;
	bool bad;

	if (sent < RATE_FRAMES || g->frames < o->duplicates)
		return;
	rate = (int64_t)(o->gaps * 1000 / sent);
	bad = surely_above(o->gaps, sent, RATE_NOTED);
	open = rate_open(w, d, bad, any_size);
	if (open)
		v6d_witness_say(
		    w, V6D_NEVER, fact, NULL, V6D_UNKNOWN, open, rate);
	else if (any_size || o->gaps == 0)
		v6d_witness_say(w, V6D_NEVER, fact, NULL,
		    bad ? V6D_BAD : V6D_OK, bad ? "loss" : NULL, rate);
	if (surely_above(odd, sent, RATE_NOTED))
		v6d_witness_say(w, V6D_NEVER, V6D_FACT_GRE_REORDER, NULL,
		    V6D_BAD, o->late >= twice ? "late" : "duplicate",
		    (int64_t)(odd * 1000 / sent));
}

static void
corruption(struct v6d_witness *w)
{
	const struct v6d_view_inner *n = &w->v->inner;
	uint64_t changed = n->corrupt[V6D_DIR_IN];

	/* Beside their sender sums may be left to hardware: they prove
	   nothing there. */
	if (!w->live && !v6d_witness_near(w->v, V6D_DIR_OUT))
		changed += n->corrupt[V6D_DIR_OUT];
	if (changed >= 3)
		v6d_witness_say(w, V6D_NEVER, V6D_FACT_GRE_DATA, NULL, V6D_BAD,
		    "changed", (int64_t)changed);
}

/* ---- inside ---- */

static void
echoes(struct v6d_witness *w)
{
	const struct v6d_view_inner *n = &w->v->inner;
	char to[V6D_ADDR_TEXT];

	for (unsigned i = 0; i < n->n_echoes; i++) {
		const struct v6d_view_echo *e = &n->echoes[i];

		if (e->dir != V6D_DIR_OUT || !e->reply_outer)
			continue;
		v6d_witness_say(w, e->replied,
		    v6d_addr_is_link_local(&e->to) ? V6D_FACT_V6_ROUTER
						   : V6D_FACT_V6_SMALL,
		    v6d_addr_text(&e->to, to, sizeof(to)), V6D_OK, NULL,
		    v6d_witness_ms(e->sent, e->replied));
		if (!v6d_addr_is_link_local(&e->to))
			return;
	}
}

/* Small packets reach the server (GRE says so) and nothing comes back. */
static void
silent_target(struct v6d_witness *w)
{
	const struct v6d_view_inner *n = &w->v->inner;
	const struct v6d_addr *to = NULL;
	unsigned asked = 0;
	char text[V6D_ADDR_TEXT];

	for (unsigned i = 0; i < n->n_echoes; i++) {
		const struct v6d_view_echo *e = &n->echoes[i];

		if (e->dir != V6D_DIR_OUT || v6d_addr_is_link_local(&e->to))
			continue;
		if (e->reply_outer)
			return;
		asked += e->reached && e->later && !e->gap &&
			 e->inner_len <= IPV6_MIN_MTU;
		to = &e->to;
	}
	for (unsigned i = 0; i < n->n_flows; i++)
		if (n->flows[i]->up)
			return;
	if (asked >= 3)
		v6d_witness_say(w, V6D_NEVER, V6D_FACT_V6_SMALL,
		    v6d_addr_text(to, text, sizeof(text)), V6D_BAD, "timeout",
		    V6D_NO_VALUE);
}

/* A stall without any loss on the GRE leg happened beyond it. */
static void
stall(struct v6d_witness *w, const struct transfer *t, const char *peer)
{
	bool out = t->dir == V6D_DIR_OUT;
	uint16_t outer;
	bool beyond;

	v6d_view_lost(t->f, t->end, &outer);
	v6d_witness_say(w, V6D_NEVER,
	    either(t->dir, V6D_FACT_V6_PUT, V6D_FACT_V6_GET), peer, V6D_BAD,
	    "stall", (int64_t)t->d->data);
	if (out)
		beyond = outer > 0 && outer < V6D_VIEW_SIZES &&
			 arrived(w, V6D_DIR_OUT, outer);
	else
		beyond = v6d_view_hole(t->d) > 0 && gaps_during(w, t) == 0 &&
			 v6d_witness_near(w->v, V6D_DIR_OUT);
	if (beyond)
		v6d_witness_say(w, V6D_NEVER,
		    either(t->dir, V6D_FACT_V6_PMTU_OUT, V6D_FACT_V6_PMTU_IN),
		    peer, V6D_BAD, "blackhole",
		    t->d->largest_acked >= IPV6_MIN_MTU
			? (int64_t)t->d->largest_acked
			: V6D_NO_VALUE);
}

static void
transfers(struct v6d_witness *w)
{
	const struct v6d_view_inner *n = &w->v->inner;

	for (unsigned i = 0; i < n->n_flows * 2; i++) {
		struct transfer t = transfer(n->flows[i / 2], i % 2);
		char peer[V6D_ADDR_TEXT];

		v6d_addr_text(t.peer, peer, sizeof(peer));
		if (t.f->up)
			v6d_witness_say(w, t.f->last, V6D_FACT_V6_SMALL, peer,
			    V6D_OK, NULL, V6D_NO_VALUE);
		if (stalls(w, &t))
			stall(w, &t, peer);
		else if (t.d->data >= BIG_TRANSFER && v6d_view_hole(t.d) == 0 &&
			 v6d_view_waiting(t.d) < BIG_TRANSFER)
			v6d_witness_say(w, t.f->last,
			    either(t.dir, V6D_FACT_V6_PUT, V6D_FACT_V6_GET),
			    peer, V6D_OK, NULL, (int64_t)t.d->data);
	}
}

void
v6d_witness_ptb(struct v6d_witness *w)
{
	const struct v6d_view_inner *n = &w->v->inner;
	char text[V6D_ADDR_TEXT];

	for (unsigned i = 0; i < n->n_ptb; i++)
		if (n->ptb[i].dir == V6D_DIR_IN)
			v6d_witness_say(w, V6D_NEVER, V6D_FACT_V6_PTB,
			    v6d_addr_text(&n->ptb[i].from, text, sizeof(text)),
			    V6D_OK, NULL, n->ptb[i].mtu);
}

/* RFC 4291 appendix A: a MAC with ff:fe in its middle, and its bit turned. */
static void
privacy(struct v6d_witness *w)
{
	const struct v6d_addr *a = &w->v->inner.global;
	bool eui64 = (a->b[8] & 2) && a->b[11] == 0xff && a->b[12] == 0xfe;
	char text[V6D_ADDR_TEXT];

	v6d_witness_say(w, V6D_NEVER, V6D_FACT_ADDR_PRIVACY,
	    v6d_addr_text(a, text, sizeof(text)), eui64 ? V6D_BAD : V6D_OK,
	    eui64 ? "eui64" : NULL, V6D_NO_VALUE);
}

/* What the tunnel carries inside, as both ends were told; 0: not told. */
static unsigned
carries(const struct v6d_view *v)
{
	if (v->ra.n > 0 && v->ra.ra->mtu >= IPV6_MIN_MTU)
		return v->ra.ra->mtu;
	return v->ppp.mru[V6D_DIR_IN];
}

/* Hosts behind the client that announce more than that. */
static void
lan_mss(struct v6d_witness *w)
{
	const struct v6d_view_inner *n = &w->v->inner;
	unsigned most = carries(w->v);
	char text[V6D_ADDR_TEXT];

	for (unsigned i = 0; i < n->n_flows && most > 0; i++) {
		const struct v6d_view_flow *f = n->flows[i];

		if (f->dir != V6D_DIR_OUT || !f->d[0].syn || !n->has_global ||
		    v6d_addr_eq(&f->addr[0], &n->global) ||
		    f->d[0].mss + 60u <= most)
			continue;
		v6d_witness_say(w, f->first, V6D_FACT_LAN_MSS,
		    v6d_addr_text(&f->addr[0], text, sizeof(text)), V6D_BAD,
		    "too-big", f->d[0].mss);
		return;
	}
}

static void
inside(struct v6d_witness *w)
{
	const struct v6d_view_inner *n = &w->v->inner;
	char text[V6D_ADDR_TEXT];

	if (n->has_global)
		v6d_witness_say(w, V6D_NEVER, V6D_FACT_ADDR_GLOBAL,
		    v6d_addr_text(&n->global, text, sizeof(text)), V6D_OK, NULL,
		    V6D_NO_VALUE);
	if (n->has_global)
		privacy(w);
	lan_mss(w);
	v6d_witness_ptb(w);
	echoes(w);
	silent_target(w);
	transfers(w);
}

/* load: whether losses come with a heavy load is asked, too. */
static void
carried(struct v6d_witness *w, bool load)
{
	for (int i = 0; i < V6D_N_DIRS; i++) {
		enum v6d_dir d = i ? V6D_DIR_IN : V6D_DIR_OUT;

		bool any_size = sizes(w, d);

		rates(w, d, any_size);
		if (load)
			v6d_witness_rate(w, d, any_size && !lacks_packets(w));
	}
	fragments(w);
	corruption(w);
}

/* A probe makes load and looks at what it does. */
void
v6d_witness_carried(struct v6d_witness *w)
{
	carried(w, false);
}

void
v6d_witness_path(struct v6d_witness *w)
{
	if (w->v->gre[0].frames + w->v->gre[1].frames == 0)
		return;
	carried(w, true);
	inside(w);
	if (!w->live)
		v6d_witness_dns(w, !lacks_packets(w));
}
