/* SPDX-License-Identifier: GPL-2.0-or-later */
/* flow.c - the table of tunnels, its end, and the live tunnel. */
#include "flow/demux.h"

/* Tables grow by half, and what they leave may not be of use again. */
#define TABLE(entry, most) (3 * (size_t)(most) * sizeof(entry))
#define LIST_FIRST 64 /* tunnels in the first list */

/* All that one tunnel can come to need. */
static size_t
tunnel_size(void)
{
	size_t way = TABLE(struct v6d_view_size, V6D_VIEW_SIZES) +
		     TABLE(struct v6d_view_busy, V6D_VIEW_LOADS) +
		     TABLE(struct v6d_view_busy_loss, V6D_VIEW_LOADS) +
		     TABLE(struct v6d_view_gap, V6D_VIEW_GAPS) +
		     sizeof(struct v6d_view_odd) +
		     sizeof(struct v6d_view_rows) +
		     TABLE(struct v6d_held, V6D_STREAM_HELD) +
		     TABLE(struct v6d_pending, V6D_GRE_PENDING) +
		     TABLE(struct v6d_view_prot_rej, V6D_VIEW_REJECTS) +
		     TABLE(uint16_t, V6D_GRE_RECENT) + V6D_PPTP_MAX;
	size_t connection = TABLE(struct v6d_conn, 1) +
			    TABLE(struct v6d_conn *, 1) +
			    2 * TABLE(struct v6d_seg, V6D_SEGS_RECENT);

	return V6D_POOL_LINES(sizeof(struct v6d_tunnel)) +
	       sizeof(struct v6d_view_outside) + V6D_N_DIRS * way +
	       V6D_VIEW_ROUTERS * sizeof(struct v6d_addr) +
	       V6D_VIEW_TCPS * connection +
	       TABLE(struct v6d_view_msg, V6D_N_DIRS * V6D_VIEW_MSGS) +
	       TABLE(struct v6d_view_icmp, V6D_VIEW_ICMPS) +
	       V6D_VIEW_PROTOS * TABLE(struct v6d_view_neg, V6D_N_DIRS) +
	       TABLE(struct v6d_view_advert, 1) +
	       TABLE(struct v6d_ra_prefix, V6D_RA_PREFIXES) +
	       TABLE(struct v6d_view_ptb, V6D_VIEW_PTBS) +
	       TABLE(struct v6d_view_echo, V6D_VIEW_ECHOES) +
	       TABLE(struct v6d_stamp, V6D_STAMPS) + 8 * V6D_VIEW_TEXT +
	       TABLE(struct v6d_index_entry, 6) + V6D_POOL_LINE * 64;
}

size_t
v6d_flow_size(size_t n_tunnels)
{
	return sizeof(struct v6d_flow) + n_tunnels * tunnel_size() +
	       2 * (n_tunnels + LIST_FIRST) *
		   (sizeof(struct v6d_tunnel *) +
		       sizeof(struct v6d_index_entry));
}

struct v6d_flow *
v6d_flow_init(void *mem, size_t n_tunnels)
{
	struct v6d_flow *f = mem;

	memset(f, 0, sizeof(*f));
	v6d_pool_init(&f->pool, f + 1, v6d_flow_size(n_tunnels) - sizeof(*f));
	f->index.pool = &f->pool;
	f->most = n_tunnels;
	f->totals.first = f->totals.last = V6D_NEVER;
	return f;
}

void
v6d_flow_grows(struct v6d_flow *f, size_t most,
    void *(*more)(void *arg, size_t n, size_t *ret_n), void *arg)
{
	f->most = most;
	f->pool.more = more;
	f->pool.arg = arg;
}

/* ---- the list of tunnels, in parts: each twice the one before ---- */

/* Which part a number is in; from 0 on there. */
static size_t
part_of(size_t number, size_t *ret_at)
{
	size_t part = 0, n = LIST_FIRST;

	for (; number >= n; n *= 2, part++)
		number -= n;
	*ret_at = number;
	return part;
}

static struct v6d_tunnel *
tunnel(const struct v6d_flow *f, size_t number)
{
	size_t at, part = part_of(number, &at);

	return f->list[part][at];
}

static bool
append(struct v6d_flow *f, struct v6d_tunnel *t)
{
	size_t at, part = part_of(f->n, &at);

	if (part == V6D_FLOW_LISTS)
		return false;
	if (at == 0)
		f->list[part] = v6d_pool_take(
		    &f->pool, ((size_t)LIST_FIRST << part) * sizeof(t));
	if (!f->list[part])
		return false;
	f->list[part][at] = t;
	f->n++;
	return true;
}

/* ---- tunnels ---- */

struct v6d_tunnel *
v6d_flow_newest(
    struct v6d_flow *f, const struct v6d_addr *a, const struct v6d_addr *b)
{
	const struct v6d_index_key pair = { V6D_INDEX_PAIR, a, b, 0 };

	return v6d_index_find(&f->index, &pair);
}

struct v6d_tunnel *
v6d_flow_by_port(struct v6d_flow *f, const struct v6d_addr *client,
    uint16_t port, const struct v6d_addr *server)
{
	const struct v6d_index_key key = { V6D_INDEX_PORT, client, server,
		port };

	return v6d_index_find(&f->index, &key);
}

void
v6d_flow_note_call(struct v6d_flow *f, struct v6d_tunnel *t)
{
	const struct v6d_view *v = &t->v;
	struct v6d_index_key key[V6D_N_DIRS] = {
		{ V6D_INDEX_CALL, &v->client, &v->server, 0 },
		{ V6D_INDEX_CALL, &v->server, &v->client, 0 },
	};

	t->new_call_id = false;
	for (int d = 0; d < V6D_N_DIRS; d++) {
		key[d].id = v->control.call_id[d];
		if (v->control.call_id_known[d])
			v6d_index_put(&f->index, &key[d], t);
	}
}

static bool
enter(struct v6d_flow *f, struct v6d_tunnel *t)
{
	const struct v6d_view *v = &t->v;
	struct v6d_index_key pair = { V6D_INDEX_PAIR, &v->client, &v->server,
		0 };
	struct v6d_index_key port = { V6D_INDEX_PORT, &v->client, &v->server,
		v->client_port };

	t->older = v6d_index_find(&f->index, &pair);
	t->number = (uint32_t)f->n;
	return v6d_index_put(&f->index, &pair, t) &&
	       (v->client_port == 0 || v6d_index_put(&f->index, &port, t)) &&
	       append(f, t);
}

struct v6d_tunnel *
v6d_flow_add(struct v6d_flow *f, const struct v6d_addr *client,
    const struct v6d_addr *server, uint16_t port, v6d_ns at)
{
	struct v6d_tunnel *t = NULL;

	if (f->n < f->most)
		t = v6d_pool_take(&f->pool, V6D_POOL_LINES(sizeof(*t)));
	if (t) {
		v6d_tunnel_init(t, &f->pool, client, server, port, at);
		if (enter(f, t))
			return t;
	}
	f->totals.tunnels_dropped++;
	return NULL;
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
		struct v6d_tunnel *t = tunnel(f, i);

		if (f->totals.first != V6D_NEVER)
			t->v.begin = f->totals.first;
		if (at > t->v.end)
			t->v.end = at;
		v6d_control_end(t);
		v6d_gretrack_end(t, t->v.end);
		v6d_inner_end(t);
		if (t->v.roles_guessed && t->role_hint < 0) {
			v6d_tunnel_swap(t);
			t->v.turned = true;
		}
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
	return i < f->n ? &tunnel(f, i)->v : NULL;
}

const struct v6d_flow_totals *
v6d_flow_totals(const struct v6d_flow *f)
{
	return &f->totals;
}

bool
v6d_flow_midway(struct v6d_flow *f, const struct v6d_addr *client,
    uint16_t port, const struct v6d_addr *server, v6d_ns at)
{
	struct v6d_tunnel *t = v6d_flow_add(f, client, server, port, at);

	if (!t)
		return false;
	v6d_flow_time(f, at);
	t->v.tcp.midway = true;
	t->v.control.call_up = at;
	return true;
}

/* ---- live ---- */

/* A view handed out by v6d_flow_live is the live tunnel's. */
static struct v6d_tunnel *
tunnel_of(struct v6d_flow *f, const struct v6d_view *v, v6d_ns at)
{
	struct v6d_tunnel *t = f->live;

	if (!t || &t->v != v)
		return NULL;
	v6d_flow_time(f, at);
	v6d_tunnel_touch(t, at);
	return t;
}

struct v6d_view *
v6d_flow_live(struct v6d_flow *f, const struct v6d_addr *client,
    const struct v6d_addr *server, v6d_ns at)
{
	if (!f->live)
		f->live = v6d_flow_add(f, client, server, 0, at);
	if (!f->live)
		return NULL;
	v6d_flow_time(f, at);
	f->live->v.live = true;
	return &f->live->v;
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
