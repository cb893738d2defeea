/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gredemux.c - GRE to its tunnel, by the two addresses and the call id that
 * the receiver chose (RFC 2637 4.1), whole or in IPv4 fragments.
 */
#include "flow/demux.h"

#define PAIR_LOOK 64 /* the newest tunnels of a pair that may want an id */

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
by_call_id(
    struct v6d_flow *f, const struct v6d_unwrapped *u, enum v6d_dir *ret_dir)
{
	const struct v6d_ip *ip = &u->ip;
	const struct v6d_index_key key = { V6D_INDEX_CALL, &ip->src, &ip->dst,
		u->gre.call_id };
	struct v6d_tunnel *t = v6d_index_find_hash(&f->index, &key, u->call);

	if (t)
		direction(t, ip, ret_dir);
	return t;
}

/*
 * A tunnel of the pair that does not know its id in that direction yet
 * (joined in the middle, or its reply was not captured) takes this one.
 */
static struct v6d_tunnel *
adopt(struct v6d_flow *f, const struct v6d_ip *ip, uint16_t id,
    enum v6d_dir *ret_dir)
{
	struct v6d_tunnel *t = v6d_flow_newest(f, &ip->src, &ip->dst);

	for (unsigned n = 0; t && n < PAIR_LOOK; t = t->older, n++) {
		enum v6d_dir d;

		if (!direction(t, ip, &d) || t->v.control.call_id_known[d])
			continue;
		if (!t->v.gre_only && !t->v.tcp.midway &&
		    t->v.control.n_calls == 0)
			continue;
		t->v.control.call_id_known[d] = true;
		t->v.control.call_id[d] = id;
		v6d_flow_note_call(f, t);
		*ret_dir = d;
		return t;
	}
	return NULL;
}

static void
note_foreign(struct v6d_tunnel *t, enum v6d_dir dir, uint16_t id)
{
	struct v6d_view_odd *odd = v6d_tunnel_odd(t, dir);

	if (odd && odd->foreign++ == 0)
		odd->foreign_id = id;
}

/* A packet of that direction that could not be read as the call's. */
static void
note_unread(struct v6d_tunnel *t, enum v6d_dir dir, enum v6d_wire_err err)
{
	struct v6d_view_odd *odd = v6d_tunnel_odd(t, dir);

	if (!odd)
		return;
	switch (err) {
	case V6D_WIRE_OK:
		odd->not_pptp++;
		break;
	case V6D_WIRE_TRUNCATED:
		odd->cut++;
		break;
	case V6D_WIRE_MALFORMED:
		odd->malformed++;
		break;
	}
}

/* The newest tunnel of the pair, whatever its ids. */
static struct v6d_tunnel *
of_pair(struct v6d_flow *f, const struct v6d_ip *ip, enum v6d_dir *ret_dir)
{
	struct v6d_tunnel *t = v6d_flow_newest(f, &ip->src, &ip->dst);

	while (t && !direction(t, ip, ret_dir))
		t = t->older;
	return t;
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
	v6d_flow_note_call(f, t);
	*ret_dir = V6D_DIR_OUT;
	return t;
}

static struct v6d_tunnel *
tunnel_for(
    struct v6d_flow *f, const struct v6d_unwrapped *u, enum v6d_dir *ret_dir)
{
	const struct v6d_ip *ip = &u->ip;
	uint16_t id = u->gre.call_id;
	struct v6d_tunnel *t = by_call_id(f, u, ret_dir);

	if (!t)
		t = adopt(f, ip, id, ret_dir);
	if (t)
		return t;
	t = of_pair(f, ip, ret_dir);
	if (!t || t->v.gre_only)
		return gre_alone(f, ip, id, u->at, ret_dir);
	note_foreign(t, *ret_dir, id);
	return NULL;
}

static void
frame(struct v6d_tunnel *t, enum v6d_dir dir, const struct v6d_gre *g,
    struct v6d_wire payload, const struct v6d_outer *o, v6d_ns at)
{
	struct v6d_carrier c = { dir, g->has_seq, g->seq, v6d_len16(o->len),
		at };
	bool is_new;

	v6d_tunnel_touch(t, at);
	if (payload.cut)
		note_unread(t, dir, V6D_WIRE_TRUNCATED);
	v6d_gretrack_packet(t, dir, g, o, at, &is_new);
	if (is_new && g->payload_len > 0)
		v6d_ppptrack_frame(t, &c, payload);
}

void
v6d_gre_live(struct v6d_tunnel *t, enum v6d_dir dir, struct v6d_wire w,
    size_t outer, v6d_ns at)
{
	struct v6d_view_control *c = &t->v.control;
	const struct v6d_outer o = { outer, 0 };
	struct v6d_wire payload;
	struct v6d_gre g = { 0 };
	enum v6d_wire_err err = v6d_gre_decode(&w, &g, &payload);

	if (err || !v6d_gre_is_pptp(&g)) {
		note_unread(t, dir, err);
		return;
	}
	if (c->call_id_known[dir] && c->call_id[dir] != g.call_id) {
		note_foreign(t, dir, g.call_id);
		return;
	}
	frame(t, dir, &g, payload, &o, at);
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
	if (t)
		note_unread(t, dir, err);
}

void
v6d_gre_unwrap(struct v6d_unwrapped *u)
{
	const struct v6d_ip *ip = &u->ip;
	struct v6d_index_key key = { V6D_INDEX_CALL, &ip->src, &ip->dst, 0 };
	struct v6d_wire w = u->payload;

	u->gre = (struct v6d_gre){ 0 };
	u->gre_err = v6d_gre_decode(&w, &u->gre, &u->frame);
	u->is_pptp = !u->gre_err && v6d_gre_is_pptp(&u->gre);
	key.id = u->gre.call_id;
	if (u->is_pptp)
		u->call = v6d_index_hash(&key);
}

static void
whole_packet(struct v6d_flow *f, const struct v6d_unwrapped *u)
{
	const struct v6d_ip *ip = &u->ip;
	const struct v6d_outer o = { ip->total_len, (uint16_t)ip->id };
	struct v6d_tunnel *t;
	enum v6d_dir dir;

	if (!u->is_pptp) {
		note_unreadable(f, ip, u->gre_err);
		return;
	}
	f->totals.gre++;
	t = tunnel_for(f, u, &dir);
	if (!t) {
		t = of_pair(f, ip, &dir);
		if (t)
			v6d_trail_gre(
			    f, t, dir, &u->gre, &u->frame, o.len, true, u->at);
		return;
	}
	v6d_trail_gre(f, t, dir, &u->gre, &u->frame, o.len, false, u->at);
	t->v.ttl[dir] = ip->ttl;
	if (!ip->fragment)
		t->v.gre[dir].n_df += ip->dont_frag;
	frame(t, dir, &u->gre, u->frame, &o, u->at);
}

/* ---- outer fragments ---- */

static void
note_pieces(struct v6d_flow *f, const struct v6d_frag *r, bool whole)
{
	enum v6d_dir dir;
	struct v6d_tunnel *t = of_pair(f, &r->ip, &dir);
	struct v6d_view_odd *odd = t ? v6d_tunnel_odd(t, dir) : NULL;

	if (!odd)
		return;
	odd->first_frags += r->first;
	odd->later_frags += r->later;
	odd->lone_frags += !whole && r->first;
}

static struct v6d_frag *
frag_get(struct v6d_flow *f, const struct v6d_ip *ip)
{
	struct v6d_frag *r;

	for (unsigned i = 0; i < V6D_FRAG_TABLE; i++) {
		r = &f->frags[i];
		if (r->used && r->ip.id == ip->id &&
		    v6d_addr_eq(&r->ip.src, &ip->src) &&
		    v6d_addr_eq(&r->ip.dst, &ip->dst))
			return r;
	}
	r = &f->frags[f->next_frag++ % V6D_FRAG_TABLE];
	if (r->used)
		note_pieces(f, r, false);
	memset(r, 0, sizeof(*r));
	r->used = true;
	return r;
}

static bool
all_seen(const struct v6d_frag *r)
{
	for (uint32_t unit = 0; unit < (r->want + 7) / 8; unit++)
		if (!(r->seen[unit / 32] & (uint32_t)1 << unit % 32))
			return false;
	return true;
}

/* w: what the capture kept of a piece of n bytes. */
static void
frag_add(struct v6d_frag *r, const struct v6d_ip *ip, const struct v6d_wire *w,
    uint32_t n)
{
	uint32_t at = ip->frag_offset, left = (uint32_t)v6d_wire_left(w);

	if (at + n > V6D_FRAG_BYTES || n == 0) {
		r->dropped = true;
		return;
	}
	for (uint32_t unit = at / 8; unit < (at + n + 7) / 8; unit++)
		r->seen[unit / 32] |= (uint32_t)1 << unit % 32;
	memcpy(r->data + at, w->p, left < n ? left : n);
	if (r->have == at)
		r->have = at + (left < n ? left : n);
	if (!ip->more_frags) {
		r->last = true;
		r->want = at + n;
	}
}

static void
fragment(struct v6d_flow *f, const struct v6d_unwrapped *u)
{
	const struct v6d_ip *ip = &u->ip;
	struct v6d_frag *r = frag_get(f, ip);
	struct v6d_unwrapped whole = *u;

	r->ip = *ip;
	if (ip->frag_offset == 0)
		r->first = true;
	else
		r->later++;
	frag_add(r, ip, &u->payload, ip->total_len - ip->header_len);
	if (r->dropped || !r->last || !all_seen(r))
		return;
	whole.ip.total_len = ip->header_len + r->want;
	whole.ip.frag_offset = 0;
	note_pieces(f, r, true);
	r->used = false;
	/* `have` may fall short where pieces came in another order: cut */
	whole.payload = v6d_wire_from(r->data, r->have, r->want);
	v6d_gre_unwrap(&whole);
	whole_packet(f, &whole);
}

void
v6d_frag_end(struct v6d_flow *f)
{
	for (unsigned i = 0; i < V6D_FRAG_TABLE; i++)
		if (f->frags[i].used)
			note_pieces(f, &f->frags[i], false);
}

void
v6d_gre_outer(struct v6d_flow *f, const struct v6d_unwrapped *u)
{
	if (u->ip.fragment)
		fragment(f, u);
	else
		whole_packet(f, u);
}
