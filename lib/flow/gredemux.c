/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gredemux.c - GRE to its tunnel, by the two addresses and the call id that
 * the receiver chose (RFC 2637 4.1), whole or in IPv4 fragments.
 */
#include "flow/demux.h"

static bool
direction(
    const struct v6d_tunnel *t, const struct v6d_ip *ip, enum v6d_dir *ret_dir)
{
	if (v6d_addr_eq(&ip->src, &t->v.client) &&
	    v6d_addr_eq(&ip->dst, &t->v.server))
		*ret_dir = V6D_DIR_OUT;
	else if (v6d_addr_eq(&ip->src, &t->v.server) &&
		 v6d_addr_eq(&ip->dst, &t->v.client))
		*ret_dir = V6D_DIR_IN;
	else
		return false;
	return true;
}

/* The newest tunnel of the pair whose GRE carries this call id. */
static struct v6d_tunnel *
by_call_id(struct v6d_flow *f, const struct v6d_ip *ip, uint16_t id,
    enum v6d_dir *ret_dir)
{
	for (size_t i = f->n; i-- > 0;) {
		struct v6d_tunnel *t = &f->tunnels[i];
		enum v6d_dir d;

		if (!direction(t, ip, &d) || !t->v.control.call_id_known[d] ||
		    t->v.control.call_id[d] != id)
			continue;
		*ret_dir = d;
		return t;
	}
	return NULL;
}

/*
 * A tunnel of the pair that does not know its id in that direction yet
 * (joined in the middle, or its reply was not captured) takes this one.
 */
static struct v6d_tunnel *
adopt(struct v6d_flow *f, const struct v6d_ip *ip, uint16_t id,
    enum v6d_dir *ret_dir)
{
	for (size_t i = f->n; i-- > 0;) {
		struct v6d_tunnel *t = &f->tunnels[i];
		enum v6d_dir d;

		if (!direction(t, ip, &d) || t->v.control.call_id_known[d])
			continue;
		if (!t->v.gre_only && !t->v.tcp.midway &&
		    t->v.control.n_calls == 0)
			continue;
		t->v.control.call_id_known[d] = true;
		t->v.control.call_id[d] = id;
		*ret_dir = d;
		return t;
	}
	return NULL;
}

static void
note_foreign(struct v6d_view_gre *g, uint16_t id)
{
	g->foreign++;
	for (unsigned i = 0; i < g->n_foreign_ids; i++)
		if (g->foreign_ids[i] == id)
			return;
	if (g->n_foreign_ids < V6D_VIEW_FOREIGN)
		g->foreign_ids[g->n_foreign_ids++] = id;
}

/* The newest tunnel of the pair, whatever its ids. */
static struct v6d_tunnel *
of_pair(struct v6d_flow *f, const struct v6d_ip *ip, enum v6d_dir *ret_dir)
{
	for (size_t i = f->n; i-- > 0;)
		if (direction(&f->tunnels[i], ip, ret_dir))
			return &f->tunnels[i];
	return NULL;
}

static struct v6d_tunnel *
gre_alone(struct v6d_flow *f, const struct v6d_ip *ip, uint16_t id, v6d_ns at,
    enum v6d_dir *ret_dir)
{
	struct v6d_tunnel *t = v6d_flow_add(f, &ip->src, &ip->dst, 0, at);

	if (!t)
		return NULL;
	t->v.roles_guessed = t->v.gre_only = true;
	t->v.control.call_id_known[V6D_DIR_OUT] = true;
	t->v.control.call_id[V6D_DIR_OUT] = id;
	*ret_dir = V6D_DIR_OUT;
	return t;
}

static struct v6d_tunnel *
tunnel_for(struct v6d_flow *f, const struct v6d_ip *ip, const struct v6d_gre *g,
    v6d_ns at, enum v6d_dir *ret_dir)
{
	struct v6d_tunnel *t = by_call_id(f, ip, g->call_id, ret_dir);

	if (!t)
		t = adopt(f, ip, g->call_id, ret_dir);
	if (t)
		return t;
	t = of_pair(f, ip, ret_dir);
	if (!t || t->v.gre_only)
		return gre_alone(f, ip, g->call_id, at, ret_dir);
	note_foreign(&t->v.gre[*ret_dir], g->call_id);
	return NULL;
}

static void
frame(struct v6d_tunnel *t, enum v6d_dir dir, const struct v6d_gre *g,
    struct v6d_wire payload, size_t outer, v6d_ns at)
{
	struct v6d_carrier c = { dir, g->has_seq, g->seq, v6d_len16(outer),
		at };
	bool is_new;

	v6d_tunnel_touch(t, at);
	t->v.gre[dir].cut += payload.cut;
	v6d_gretrack_packet(t, dir, g, outer, at, &is_new);
	if (is_new && g->payload_len > 0)
		v6d_ppptrack_frame(t, &c, payload);
}

void
v6d_gre_live(struct v6d_tunnel *t, enum v6d_dir dir, struct v6d_wire w,
    size_t outer, v6d_ns at)
{
	struct v6d_view_gre *v = &t->v.gre[dir];
	struct v6d_view_control *c = &t->v.control;
	struct v6d_wire payload;
	struct v6d_gre g = { 0 };
	enum v6d_wire_err err = v6d_gre_decode(&w, &g, &payload);

	if (err || !v6d_gre_is_pptp(&g)) {
		v->malformed += err != V6D_WIRE_OK;
		v->not_pptp += err == V6D_WIRE_OK;
		return;
	}
	if (c->call_id_known[dir] && c->call_id[dir] != g.call_id) {
		note_foreign(v, g.call_id);
		return;
	}
	frame(t, dir, &g, payload, outer, at);
}

/* ---- outer fragments ---- */

static struct v6d_frag *
frag_find(struct v6d_flow *f, const struct v6d_ip *ip)
{
	struct v6d_frag *r;

	for (unsigned i = 0; i < V6D_FRAG_TABLE; i++) {
		r = &f->frags[i];
		if (r->used && r->id == ip->id &&
		    v6d_addr_eq(&r->src, &ip->src) &&
		    v6d_addr_eq(&r->dst, &ip->dst) &&
		    (!r->first || ip->frag_offset > 0))
			return r;
	}
	return NULL;
}

static void
frag_drop(struct v6d_frag *r)
{
	if (r->used && r->t && r->first && !(r->want && r->got >= r->want))
		r->t->v.gre[r->dir].lone_frags++;
	r->used = false;
}

static struct v6d_frag *
frag_get(struct v6d_flow *f, const struct v6d_ip *ip)
{
	struct v6d_frag *r = frag_find(f, ip);

	if (r)
		return r;
	r = &f->frags[f->next_frag++ % V6D_FRAG_TABLE];
	frag_drop(r);
	*r = (struct v6d_frag){
		.used = true, .src = ip->src, .dst = ip->dst, .id = ip->id
	};
	return r;
}

/* Adds one fragment's bytes; the last one tells how many there are. */
static void
frag_bytes(struct v6d_frag *r, const struct v6d_ip *ip)
{
	uint32_t n = (uint32_t)ip->total_len - ip->header_len;

	r->got += n;
	if (!ip->more_frags)
		r->want = ip->frag_offset + n;
	if (r->t) {
		r->t->v.gre[r->dir].later_frags += r->later;
		r->later = 0;
	}
	if (r->t && r->want && r->got >= r->want)
		r->used = false;
}

static void
later_fragment(struct v6d_flow *f, const struct v6d_ip *ip, v6d_ns at)
{
	struct v6d_frag *r = frag_get(f, ip);

	r->later++;
	if (r->t)
		v6d_tunnel_touch(r->t, at);
	frag_bytes(r, ip);
}

void
v6d_frag_end(struct v6d_flow *f)
{
	for (unsigned i = 0; i < V6D_FRAG_TABLE; i++)
		frag_drop(&f->frags[i]);
}

/* ---- captures ---- */

static void
note_unreadable(
    struct v6d_flow *f, const struct v6d_ip *ip, enum v6d_wire_err err)
{
	enum v6d_dir dir;
	struct v6d_tunnel *t = of_pair(f, ip, &dir);

	f->totals.malformed += err == V6D_WIRE_MALFORMED;
	f->totals.truncated += err == V6D_WIRE_TRUNCATED;
	if (!t)
		return;
	if (err == V6D_WIRE_TRUNCATED)
		t->v.gre[dir].cut++;
	else if (err)
		t->v.gre[dir].malformed++;
	else
		t->v.gre[dir].not_pptp++;
}

/* Outer length of the whole datagram, as the GRE header announces it. */
static size_t
whole_length(const struct v6d_ip *ip, const struct v6d_gre *g)
{
	size_t header = 8u + (g->has_seq ? 4u : 0u) + (g->has_ack ? 4u : 0u);

	return ip->more_frags ? ip->header_len + header + g->payload_len
			      : ip->total_len;
}

void
v6d_gre_outer(
    struct v6d_flow *f, const struct v6d_ip *ip, struct v6d_wire w, v6d_ns at)
{
	struct v6d_wire payload;
	struct v6d_gre g = { 0 };
	struct v6d_tunnel *t;
	enum v6d_wire_err err;
	enum v6d_dir dir;

	if (ip->frag_offset > 0) {
		later_fragment(f, ip, at);
		return;
	}
	w.cut = w.cut || ip->more_frags;
	err = v6d_gre_decode(&w, &g, &payload);
	if (err || !v6d_gre_is_pptp(&g)) {
		note_unreadable(f, ip, err);
		return;
	}
	f->totals.gre++;
	t = tunnel_for(f, ip, &g, at, &dir);
	if (t)
		t->v.ttl[dir] = ip->ttl;
	if (t && ip->more_frags) {
		struct v6d_frag *r = frag_get(f, ip);

		r->first = true;
		r->t = t;
		r->dir = dir;
		t->v.gre[dir].first_frags++;
		frag_bytes(r, ip);
	} else if (t) {
		t->v.gre[dir].n_df += ip->dont_frag;
		t->v.gre[dir].n_no_df += !ip->dont_frag;
	}
	if (t)
		frame(t, dir, &g, payload, whole_length(ip, &g), at);
}
