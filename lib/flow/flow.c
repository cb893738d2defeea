/* SPDX-License-Identifier: GPL-2.0-or-later */
/* flow.c - the table of tunnels, its end, and the live tunnel. */
#include "flow/demux.h"

size_t
v6d_flow_size(size_t n_tunnels)
{
	return sizeof(struct v6d_flow) + n_tunnels * sizeof(struct v6d_tunnel);
}

struct v6d_flow *
v6d_flow_init(void *mem, size_t n_tunnels)
{
	struct v6d_flow *f = mem;

	memset(f, 0, sizeof(*f));
	f->cap = n_tunnels;
	f->totals.first = f->totals.last = V6D_NEVER;
	return f;
}

static uint32_t
mix(const struct v6d_addr *a)
{
	uint32_t h = a->family;

	for (size_t i = 0; i < sizeof(a->b); i++)
		h = (h ^ a->b[i]) * 16777619u;
	return h;
}

/* The same for both directions. */
static uint32_t *
bucket_of(
    struct v6d_flow *f, const struct v6d_addr *a, const struct v6d_addr *b)
{
	uint32_t h = mix(a) + mix(b);

	return &f->bucket[(h ^ h >> 15) % V6D_PAIR_BUCKETS];
}

struct v6d_tunnel *
v6d_flow_newest(
    struct v6d_flow *f, const struct v6d_addr *a, const struct v6d_addr *b)
{
	uint32_t i = *bucket_of(f, a, b);

	return i > 0 ? &f->tunnels[i - 1] : NULL;
}

struct v6d_tunnel *
v6d_flow_older(struct v6d_flow *f, const struct v6d_tunnel *t)
{
	return t->older > 0 ? &f->tunnels[t->older - 1] : NULL;
}

struct v6d_tunnel *
v6d_flow_add(struct v6d_flow *f, const struct v6d_addr *client,
    const struct v6d_addr *server, uint16_t port, v6d_ns at)
{
	struct v6d_tunnel *t;
	uint32_t *newest;

	if (f->n == f->cap) {
		f->totals.tunnels_dropped++;
		return NULL;
	}
	t = &f->tunnels[f->n++];
	v6d_tunnel_init(t, client, server, port, at);
	newest = bucket_of(f, client, server);
	t->older = *newest;
	*newest = (uint32_t)f->n;
	return t;
}

void
v6d_flow_time(struct v6d_flow *f, v6d_ns at)
{
	if (f->totals.first == V6D_NEVER || at < f->totals.first)
		f->totals.first = at;
	if (f->totals.last == V6D_NEVER || at > f->totals.last)
		f->totals.last = at;
}

void
v6d_flow_end(struct v6d_flow *f, v6d_ns at)
{
	v6d_frag_end(f);
	for (size_t i = 0; i < f->n; i++) {
		struct v6d_tunnel *t = &f->tunnels[i];

		if (f->totals.first != V6D_NEVER)
			t->v.begin = f->totals.first;
		if (at > t->v.end)
			t->v.end = at;
		v6d_control_end(t);
		v6d_gretrack_end(t, t->v.end);
		v6d_inner_end(t);
		if (t->v.roles_guessed && t->role_hint < 0)
			v6d_tunnel_swap(t);
		if (!t->v.live)
			v6d_outside_take(f, &t->v);
	}
}

size_t
v6d_flow_n(const struct v6d_flow *f)
{
	return f->n;
}

const struct v6d_view *
v6d_flow_view(const struct v6d_flow *f, size_t i)
{
	return i < f->n ? &f->tunnels[i].v : NULL;
}

const struct v6d_flow_totals *
v6d_flow_totals(const struct v6d_flow *f)
{
	return &f->totals;
}

/* ---- live ---- */

/* A view handed out by v6d_flow_live is the first member of its tunnel. */
static struct v6d_tunnel *
tunnel_of(struct v6d_flow *f, const struct v6d_view *v, v6d_ns at)
{
	for (size_t i = 0; i < f->n; i++) {
		if (&f->tunnels[i].v != v)
			continue;
		v6d_flow_time(f, at);
		v6d_tunnel_touch(&f->tunnels[i], at);
		return &f->tunnels[i];
	}
	return NULL;
}

struct v6d_view *
v6d_flow_live(struct v6d_flow *f, const struct v6d_addr *client,
    const struct v6d_addr *server, v6d_ns at)
{
	struct v6d_tunnel *t;

	for (size_t i = 0; i < f->n; i++)
		if (f->tunnels[i].v.live)
			return &f->tunnels[i].v;
	t = v6d_flow_add(f, client, server, 0, at);
	if (!t)
		return NULL;
	v6d_flow_time(f, at);
	t->v.live = true;
	return &t->v;
}

void
v6d_flow_live_event(
    struct v6d_flow *f, struct v6d_view *v, enum v6d_flow_ev ev, v6d_ns at)
{
	struct v6d_tunnel *t = tunnel_of(f, v, at);

	if (!t)
		return;
	switch (ev) {
	case V6D_FLOW_TCP_SYN:
		v6d_once(&v->tcp.syn, at);
		v->tcp.n_syn++;
		break;
	case V6D_FLOW_TCP_UP:
		v6d_once(&v->tcp.synack, at);
		v6d_once(&v->tcp.up, at);
		break;
	case V6D_FLOW_TCP_REFUSED:
	case V6D_FLOW_TCP_RESET:
		v6d_once(&v->tcp.rst[V6D_DIR_IN], at);
		break;
	case V6D_FLOW_TCP_TIMEOUT:
		v->tcp.timeout = true;
		break;
	case V6D_FLOW_TCP_UNREACHABLE:
		v->tcp.unreachable = true;
		break;
	case V6D_FLOW_TCP_CLOSED:
		v6d_once(&v->tcp.fin[V6D_DIR_IN], at);
		break;
	case V6D_FLOW_GRE_DENIED:
		v->gre_denied = true;
		break;
	}
}

void
v6d_flow_live_wire(
    struct v6d_flow *f, struct v6d_view *v, uint32_t in, uint32_t out)
{
	(void)f;
	v->wire_seen = true;
	v->wire_in = in;
	v->wire_out = out;
}

void
v6d_flow_live_control(struct v6d_flow *f, struct v6d_view *v, enum v6d_dir dir,
    const uint8_t *p, size_t n, v6d_ns at)
{
	struct v6d_tunnel *t = tunnel_of(f, v, at);

	if (t)
		v6d_control_bytes(t, dir, p, n, n, at);
}

void
v6d_flow_live_gre(struct v6d_flow *f, struct v6d_view *v, enum v6d_dir dir,
    const uint8_t *p, size_t n, size_t outer_len, v6d_ns at)
{
	struct v6d_tunnel *t = tunnel_of(f, v, at);

	if (t)
		v6d_gre_live(t, dir, v6d_wire_from(p, n, n), outer_len, at);
}

void
v6d_flow_live_icmp(struct v6d_flow *f, struct v6d_view *v, bool gre,
    uint8_t type, uint8_t code, uint32_t mtu, const struct v6d_addr *from,
    v6d_ns at)
{
	struct v6d_tunnel *t = tunnel_of(f, v, at);
	struct v6d_view_icmp m = { .gre = gre,
		.dir = V6D_DIR_OUT,
		.type = type,
		.code = code,
		.mtu = mtu,
		.from = *from,
		.n = 1,
		.first = at };

	if (t)
		v6d_icmp_note(t, &m);
}
