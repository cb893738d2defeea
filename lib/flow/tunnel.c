/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tunnel.c - one tunnel's record: begun, touched, turned round. */
#include "flow/track.h"

static void
init_tcp(struct v6d_view_tcp *t)
{
	t->syn = t->synack = t->up = V6D_NEVER;
	for (int d = 0; d < V6D_N_DIRS; d++)
		t->fin[d] = t->rst[d] = V6D_NEVER;
}

static void
init_control(struct v6d_view_control *c)
{
	for (int d = 0; d < V6D_N_DIRS; d++)
		c->not_pptp_at[d] = V6D_NEVER;
	c->call_up = V6D_NEVER;
}

static void
init_ppp(struct v6d_view_ppp *p)
{
	for (int i = 0; i < V6D_VIEW_PROTOS; i++)
		p->opened[i] = V6D_NEVER;
	for (int d = 0; d < V6D_N_DIRS; d++)
		p->last_echo_req[d] = V6D_NEVER;
	p->auth_first = p->auth_done = V6D_NEVER;
}

static void
init_gre(struct v6d_view_gre *g)
{
	g->first = g->last = V6D_NEVER;
}

void
v6d_tunnel_init(struct v6d_tunnel *t, struct v6d_pool *pool,
    const struct v6d_addr *client, const struct v6d_addr *server, uint16_t port,
    v6d_ns at)
{
	memset(t, 0, sizeof(*t));
	t->pool = pool;
	t->v.client = *client;
	t->v.server = *server;
	t->v.client_port = port;
	t->v.first = t->v.last = at;
	t->v.begin = t->v.end = at;
	init_tcp(&t->v.tcp);
	init_control(&t->v.control);
	init_ppp(&t->v.ppp);
	for (int d = 0; d < V6D_N_DIRS; d++)
		init_gre(&t->v.gre[d]);
	t->v.ra.first = t->v.ra.last = V6D_NEVER;
	t->v.ra.first_solicit = t->v.ra.last_solicit = V6D_NEVER;
}

void
v6d_tunnel_touch(struct v6d_tunnel *t, v6d_ns at)
{
	if (at < t->v.first)
		t->v.first = at;
	if (at > t->v.last)
		t->v.last = at;
	if (at > t->v.end)
		t->v.end = at;
}

struct v6d_view_odd *
v6d_tunnel_odd(struct v6d_tunnel *t, enum v6d_dir dir)
{
	struct v6d_view_gre *g = &t->v.gre[dir];

	if (!g->odd)
		g->odd = v6d_pool_take(t->pool, sizeof(*g->odd));
	return g->odd;
}

const uint8_t *
v6d_tunnel_text(struct v6d_tunnel *t, const uint8_t *p, size_t n)
{
	uint8_t *text;

	if (n > V6D_VIEW_TEXT - 1)
		n = V6D_VIEW_TEXT - 1;
	text = n > 0 ? v6d_pool_take(t->pool, n + 1) : NULL;
	if (text)
		memcpy(text, p, n);
	return text;
}

#define SWAP(type, a, b)         \
	do {                     \
		type tmp_ = (a); \
		(a) = (b);       \
		(b) = tmp_;      \
	} while (0)

static void
swap_gre(struct v6d_tunnel *t)
{
	SWAP(struct v6d_view_gre, t->v.gre[0], t->v.gre[1]);
	SWAP(struct v6d_gretrack, t->gre[0], t->gre[1]);
	SWAP(struct v6d_loadtrack, t->load[0], t->load[1]);
	SWAP(bool, t->streams[0], t->streams[1]);
	SWAP(bool, t->waits[0], t->waits[1]);
	SWAP(
	    bool, t->v.control.call_id_known[0], t->v.control.call_id_known[1]);
	SWAP(uint16_t, t->v.control.call_id[0], t->v.control.call_id[1]);
}

static void
swap_ppp(struct v6d_tunnel *t)
{
	struct v6d_view_ppp *p = &t->v.ppp;

	for (int i = 0; i < V6D_VIEW_PROTOS; i++) {
		if (p->neg[i])
			SWAP(struct v6d_view_neg, p->neg[i][0], p->neg[i][1]);
		SWAP(struct v6d_negtrack, t->neg[i][0], t->neg[i][1]);
	}
	SWAP(uint16_t, p->mru[0], p->mru[1]);
	SWAP(struct v6d_view_method, p->demand[0], p->demand[1]);
	SWAP(struct v6d_view_method, p->counter[0], p->counter[1]);
	SWAP(bool, p->withdrawn[0], p->withdrawn[1]);
	SWAP(bool, p->auth_refused[0], p->auth_refused[1]);
	SWAP(bool, p->has_ifid[0], p->has_ifid[1]);
	for (int i = 0; i < 8; i++)
		SWAP(uint8_t, p->ifid[0][i], p->ifid[1][i]);
	SWAP(uint16_t, p->n_prot_rej[0], p->n_prot_rej[1]);
	SWAP(uint16_t, p->cap_prot_rej[0], p->cap_prot_rej[1]);
	SWAP(struct v6d_view_prot_rej *, p->prot_rej[0], p->prot_rej[1]);
	SWAP(unsigned, p->n_echo_req[0], p->n_echo_req[1]);
	SWAP(unsigned, p->n_echo_rep[0], p->n_echo_rep[1]);
	SWAP(v6d_ns, p->last_echo_req[0], p->last_echo_req[1]);
	SWAP(const uint8_t *, p->term_text[0], p->term_text[1]);
	SWAP(uint32_t, p->n_opaque[0], p->n_opaque[1]);
	SWAP(uint32_t, p->n_ip4[0], p->n_ip4[1]);
}

static void
swap_inner(struct v6d_view_inner *n)
{
	SWAP(uint32_t, n->frames[0], n->frames[1]);
	SWAP(uint32_t, n->packets[0], n->packets[1]);
	SWAP(uint64_t, n->bytes[0], n->bytes[1]);
	SWAP(uint16_t, n->largest[0], n->largest[1]);
	SWAP(uint32_t, n->corrupt[0], n->corrupt[1]);
	SWAP(uint32_t, n->unread[0], n->unread[1]);
	for (unsigned i = 0; i < n->n_flows; i++)
		n->flows[i]->dir = n->flows[i]->dir == V6D_DIR_OUT;
	for (unsigned i = 0; i < n->n_ptb; i++)
		n->ptb[i].dir = v6d_dir_other(n->ptb[i].dir);
	for (unsigned i = 0; i < n->n_echoes; i++)
		n->echoes[i].dir = v6d_dir_other(n->echoes[i].dir);
}

void
v6d_tunnel_swap(struct v6d_tunnel *t)
{
	SWAP(struct v6d_addr, t->v.client, t->v.server);
	SWAP(uint8_t, t->v.ttl[0], t->v.ttl[1]);
	swap_gre(t);
	swap_ppp(t);
	swap_inner(&t->v.inner);
	for (unsigned i = 0; i < t->v.n_icmp; i++)
		t->v.icmp[i].dir = v6d_dir_other(t->v.icmp[i].dir);
}
