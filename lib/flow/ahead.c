/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ahead.c - packets of a capture, a row at a time. Of ten thousand tunnels
 * none is in the processor's caches when its next packet comes: touched one
 * after another, some thirty lines of it would each be waited for. So a row's
 * packets are looked at together, five times, each time one step deeper, and
 * what the next step will touch is asked of the memory before; then they are
 * taken one by one. Nothing is decided here: what is guessed wrong costs time.
 */
#include "flow/demux.h"

#define ROW 16 /* packets; what they touch has room in the nearest caches */
#define LINE V6D_POOL_LINE /* bytes that the memory gives at a time */

/* Where a tunnel's hot parts are: track.h. */
#define HEAD_FROM offsetof(struct v6d_tunnel, v.control.call_id_known)
#define HEAD_TO offsetof(struct v6d_tunnel, v.inner.n_ptb)
_Static_assert(offsetof(struct v6d_tunnel, v.gre) == 4 * LINE &&
		   sizeof(((struct v6d_view *)0)->gre) <= 5 * LINE,
    "five lines of memory");
_Static_assert(HEAD_TO / LINE - HEAD_FROM / LINE < 3, "three lines");

struct ahead {
	struct v6d_unwrapped u;
	struct v6d_gre gre;
	struct v6d_wire frame; /* what the GRE packet carries */
	uint32_t hash;
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
}

/* The packet itself: whose is it? */
static void
look_at_packet(
    const struct v6d_flow *f, const struct v6d_captured *p, struct ahead *a)
{
	const struct v6d_ip *ip = &a->u.ip;
	struct v6d_index_key key = { V6D_INDEX_CALL, &ip->src, &ip->dst, 0 };
	struct v6d_wire w;

	v6d_flow_unwrap(p, &a->u);
	a->t = NULL;
	a->flow = -1;
	a->hash = 0;
	if (!a->u.is_ip4 || a->u.err || ip->proto != V6D_IPPROTO_GRE ||
	    ip->fragment)
		return;
	w = a->u.payload;
	if (v6d_gre_decode(&w, &a->gre, &a->frame) || !v6d_gre_is_pptp(&a->gre))
		return;
	key.id = a->gre.call_id;
	a->hash = v6d_index_hash(&key);
	ask(v6d_index_home(&f->index, a->hash), 1);
}

/* Its tunnel, of which only the place is known. */
static void
look_up(const struct v6d_flow *f, struct ahead *a)
{
	const struct v6d_tunnel *t;

	if (a->hash == 0)
		return;
	t = v6d_index_guess(&f->index, a->hash);
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
	struct v6d_wire w = a->frame, body;
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
	const struct v6d_view_gre *g;
	const struct v6d_gretrack *k, *back;

	if (!t)
		return;
	a->dir =
	    v6d_addr_eq(&a->u.ip.src, &t->v.client) ? V6D_DIR_OUT : V6D_DIR_IN;
	g = &t->v.gre[a->dir];
	k = &t->gre[a->dir];
	back = &t->gre[v6d_dir_other(a->dir)];
	if (a->gre.has_ack && back->window > 0)
		ask(&back->ring[a->gre.ack & (back->window - 1u)], 1);
	if (a->gre.payload_len == 0)
		return;
	if (g->n_sizes > 0)
		ask(g->sizes, g->n_sizes * sizeof(*g->sizes));
	if (k->window > 0)
		ask(&k->ring[a->gre.seq & (k->window - 1u)], 1);
	if (g->load.n_busy > 0)
		ask(&g->load.busy[g->load.newest], sizeof(*g->load.busy));
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
	const struct v6d_segtrack *k;

	if (a->flow < 0)
		return;
	k = v6d_conn_of(a->t, (unsigned)a->flow)->segs;
	for (unsigned end = 0; end < 2; end++)
		ask(k[end].ring, k[end].n * sizeof(*k[end].ring));
}

void
v6d_flow_packets(struct v6d_flow *f, const struct v6d_captured *p, size_t n)
{
	struct ahead row[ROW];

	for (size_t at = 0, k; at < n; at += k) {
		k = n - at < ROW ? n - at : ROW;
		for (size_t i = 0; i < k; i++)
			look_at_packet(f, &p[at + i], &row[i]);
		for (size_t i = 0; i < k; i++)
			look_up(f, &row[i]);
		for (size_t i = 0; i < k; i++)
			look_at_tunnel(&row[i]);
		for (size_t i = 0; i < k; i++)
			look_at_connection(&row[i]);
		for (size_t i = 0; i < k; i++)
			look_at_segments(&row[i]);
		for (size_t i = 0; i < k; i++)
			v6d_flow_take(f, &row[i].u);
	}
}
