/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ahead.c - packets of a capture, and what they will touch. Of ten thousand
 * tunnels none is in the processor's caches when its next packet comes:
 * touched one after another, some thirty lines of it would each be waited
 * for. So a packet is looked at in six steps, each one deeper, with other
 * packets between: what the next step will touch is asked of the memory,
 * which works while those are read. Nothing is decided here: what is guessed
 * wrong costs time.
 */
#include "flow/demux.h"

#define STEPS 6 /* before a packet is taken */
#define APART 2 /* packets from step to step */
#define RING 16 /* more than are under way */
#define NEAR 64 /* tunnels that have room in the nearest caches */
#define HEADERS 130 /* bytes, mostly: Ethernet to TCP's options inside */
#define LINE V6D_POOL_LINE /* bytes that the memory gives at a time */

/* Where a tunnel's hot parts are: track.h. */
#define HEAD_FROM offsetof(struct v6d_tunnel, v.control.call_id_known)
#define HEAD_TO offsetof(struct v6d_tunnel, v.inner.n_ptb)
_Static_assert(offsetof(struct v6d_tunnel, v.gre) == 4 * LINE &&
		   sizeof(((struct v6d_view *)0)->gre) <= 5 * LINE,
    "five lines of memory");
_Static_assert(HEAD_TO / LINE - HEAD_FROM / LINE < 3, "three lines");
_Static_assert(RING > (STEPS - 1) * APART && RING % 2 == 0, "room in the ring");

struct ahead {
	struct v6d_unwrapped u;
	const struct v6d_tunnel *t; /* NULL: nothing to ask for */
	enum v6d_dir dir;
	int flow; /* which of its inner connections; -1: none */
};

static void
ask(const void *p, size_t n)
{
	const uint8_t *first = p;
	size_t into = (uintptr_t)first % LINE;

	for (size_t i = 0; i < n + into; i += LINE)
		__builtin_prefetch(first - into + i, 1);
	/* Without it GCC leaves out calls of functions that only prefetch. */
	__asm__ volatile("");
}

/* The packet itself: whose is it? */
static void
look_at_packet(
    const struct v6d_flow *f, const struct v6d_captured *p, struct ahead *a)
{
	v6d_flow_unwrap(p, &a->u);
	a->t = NULL;
	a->flow = -1;
	if (a->u.is_pptp)
		ask(v6d_index_home(&f->index, a->u.call), 1);
}

/* Its tunnel, of which only the place is known. */
static void
look_up(const struct v6d_flow *f, struct ahead *a)
{
	const struct v6d_tunnel *t;

	if (!a->u.is_pptp)
		return;
	t = v6d_index_guess(&f->index, a->u.call);
	if (!t)
		return;
	a->t = t;
	ask(t, offsetof(struct v6d_tunnel, v.gre) + sizeof(t->v.gre));
	ask((const uint8_t *)t + HEAD_FROM, HEAD_TO - HEAD_FROM);
}

/* Which of the tunnel's inner connections; -1: none, or no TCP. */
static int
connection(const struct ahead *a)
{
	const struct v6d_tunnel *t = a->t;
	struct v6d_wire w = a->u.frame, body;
	struct v6d_ppp h;
	struct v6d_ip ip;
	const uint8_t *ports;
	uint8_t key;

	if (v6d_ppp_decode(&w, &h) || h.proto != V6D_PPP_IPV6)
		return -1;
	v6d_ip6_decode(&w, &ip, &body);
	ports = v6d_wire_take(&body, 4);
	if (!ports || ip.proto != V6D_IPPROTO_TCP)
		return -1;
	key = v6d_innertcp_key(&ip, v6d_be16(ports), v6d_be16(ports + 2));
	for (unsigned i = t->v.inner.n_flows; i-- > 0;)
		if (t->flow_keys[i] == key)
			return (int)i;
	return -1;
}

/* Its tables, which are known now. */
static void
look_at_tunnel(struct ahead *a)
{
	const struct v6d_tunnel *t = a->t;
	const struct v6d_gre *g = &a->u.gre;
	const struct v6d_view_gre *way, *other;
	const struct v6d_gretrack *k, *back;

	if (!t)
		return;
	a->dir =
	    v6d_addr_eq(&a->u.ip.src, &t->v.client) ? V6D_DIR_OUT : V6D_DIR_IN;
	way = &t->v.gre[a->dir];
	other = &t->v.gre[v6d_dir_other(a->dir)];
	k = &t->gre[a->dir];
	back = &t->gre[v6d_dir_other(a->dir)];
	if (g->has_ack && back->window > 0)
		ask(&back->ring[g->ack & (back->window - 1u)], 1);
	if (g->has_ack && other->n_sizes > 0)
		ask(&other->sizes[other->newest_size], sizeof(*other->sizes));
	if (g->payload_len == 0)
		return;
	if (back->n_pending > 0)
		ask(back->pending, back->n_pending * sizeof(*back->pending));
	if (way->n_sizes > 0)
		ask(way->sizes, way->n_sizes * sizeof(*way->sizes));
	if (k->window > 0)
		ask(&k->ring[g->seq & (k->window - 1u)], 1);
	if (way->load.n_busy > 0)
		ask(&way->load.busy[way->load.newest], sizeof(*way->load.busy));
	a->flow = connection(a);
	if (a->flow < 0)
		return;
	if (t->n_stamps > 0)
		ask(t->stamps, t->n_stamps * sizeof(*t->stamps));
	ask(&t->v.inner.flows[a->flow], 1);
}

static void
look_at_connection(const struct ahead *a)
{
	if (a->flow >= 0)
		ask(v6d_conn_of(a->t, (unsigned)a->flow),
		    sizeof(struct v6d_conn));
}

static void
look_at_segments(const struct ahead *a)
{
	const struct v6d_conn *n;

	if (a->flow < 0)
		return;
	n = v6d_conn_of(a->t, (unsigned)a->flow);
	for (unsigned end = 0; end < 2; end++)
		ask(n->ring[end], n->segs[end].n * sizeof(*n->ring[end]));
}

/* Which packet is at a step when the first step is at `i`; n: none. */
static size_t
at_step(size_t i, size_t step, size_t n)
{
	size_t behind = step * APART;

	return i < behind || i - behind >= n ? n : i - behind;
}

static void
take_far(struct v6d_flow *f, const struct v6d_captured *p, size_t n)
{
	struct ahead ring[RING];
	size_t k;

	for (size_t i = 0; i < n + STEPS * APART; i++) {
		if (i < n)
			ask(p[i].bytes, HEADERS);
		if ((k = at_step(i, 1, n)) < n)
			look_at_packet(f, &p[k], &ring[k % RING]);
		if ((k = at_step(i, 2, n)) < n)
			look_up(f, &ring[k % RING]);
		if ((k = at_step(i, 3, n)) < n)
			look_at_tunnel(&ring[k % RING]);
		if ((k = at_step(i, 4, n)) < n)
			look_at_connection(&ring[k % RING]);
		if ((k = at_step(i, 5, n)) < n)
			look_at_segments(&ring[k % RING]);
		if ((k = at_step(i, STEPS, n)) < n)
			v6d_flow_take(f, &ring[k % RING].u);
	}
}

void
v6d_flow_packets(struct v6d_flow *f, const struct v6d_captured *p, size_t n)
{
	if (f->n > NEAR)
		take_far(f, p, n);
	else
		for (size_t i = 0; i < n; i++)
			v6d_flow_take_one(f, &p[i]);
}
