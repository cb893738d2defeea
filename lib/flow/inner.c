/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * inner.c - IPv6 inside the tunnel: advertisements (RFC 4861), echoes and
 * packet-too-big (RFC 4443), by the outer packet that carried them.
 */
#include "base/cksum.h"
#include "flow/track.h"

/* An advertisement this long after any solicitation came by itself. */
#define SOLICITED_WITHIN V6D_MS(1500)
/* An echo's reply is on its way for at most this long. */
#define ANSWER V6D_S(1)

/* One more sender of advertisements, before r->from becomes the newest. */
static void
note_router(struct v6d_tunnel *t, const struct v6d_addr *from)
{
	struct v6d_view_ra *r = &t->v.ra;

	if (r->n_routers == 0)
		r->n_routers = 1;
	else if (!r->routers && !v6d_addr_eq(&r->from, from)) {
		r->routers = v6d_pool_take(
		    t->pool, V6D_VIEW_ROUTERS * sizeof(*r->routers));
		if (r->routers)
			r->routers[0] = r->from;
	}
	if (!r->routers)
		return;
	for (unsigned i = 0; i < r->n_routers; i++)
		if (v6d_addr_eq(&r->routers[i], from))
			return;
	if (r->n_routers < V6D_VIEW_ROUTERS)
		r->routers[r->n_routers++] = *from;
}

static size_t
advert_size(unsigned n_prefixes)
{
	return sizeof(struct v6d_view_advert) +
	       n_prefixes * sizeof(struct v6d_ra_prefix);
}

/* False: no memory. */
static bool
keep_advert(struct v6d_tunnel *t, const struct v6d_ra *ra)
{
	struct v6d_view_advert *a = t->v.ra.ra;
	unsigned n = ra->n_prefixes;

	if (!a || a->n_prefixes != n) {
		if (a)
			v6d_pool_give(t->pool, a, advert_size(a->n_prefixes));
		a = t->v.ra.ra = v6d_pool_take(t->pool, advert_size(n));
	}
	if (!a)
		return false;
	*a = (struct v6d_view_advert){
		.source_link_local = ra->source_link_local,
		.hop_limit_255 = ra->hop_limit_255,
		.code_0 = ra->code_0,
		.checksum_ok = ra->checksum_ok,
		.has_rdnss = ra->n_rdnss > 0,
		.rdnss = ra->rdnss[0],
		.lifetime_s = ra->lifetime_s,
		.mtu = ra->mtu,
		.n_prefixes = n,
	};
	memcpy(a->prefixes, ra->prefixes, n * sizeof(ra->prefixes[0]));
	return true;
}

static void
note_ra(struct v6d_tunnel *t, const struct v6d_carrier *c,
    const struct v6d_ip *ip, struct v6d_wire w)
{
	struct v6d_view_ra *r = &t->v.ra;
	struct v6d_ra ra = { 0 };

	t->role_hint += c->dir == V6D_DIR_IN ? 4 : -4;
	if (c->dir != V6D_DIR_IN && !t->v.roles_guessed)
		return;
	r->err = v6d_ra_decode(&w, ip, &ra);
	if (!keep_advert(t, &ra))
		return;
	r->n++;
	v6d_once(&r->first, c->at);
	r->last = c->at;
	note_router(t, &ip->src);
	r->from = ip->src;
	if (r->last_solicit == V6D_NEVER ||
	    c->at > r->last_solicit + SOLICITED_WITHIN)
		r->n_unsolicited++;
}

static void
note_rs(struct v6d_tunnel *t, const struct v6d_carrier *c)
{
	struct v6d_view_ra *r = &t->v.ra;

	t->role_hint += c->dir == V6D_DIR_OUT ? 2 : -2;
	if (c->dir != V6D_DIR_OUT && !t->v.roles_guessed)
		return;
	r->n_solicits++;
	v6d_once(&r->first_solicit, c->at);
	r->last_solicit = c->at;
}

static void
note_ptb(struct v6d_tunnel *t, const struct v6d_carrier *c,
    const struct v6d_ip *ip, uint32_t mtu)
{
	struct v6d_view_inner *n = &t->v.inner;
	struct v6d_view_ptb *b;

	for (unsigned i = 0; i < n->n_ptb; i++) {
		b = &n->ptb[i];
		if (b->dir == c->dir && b->mtu == mtu &&
		    v6d_addr_eq(&b->to, &ip->dst)) {
			b->n++;
			return;
		}
	}
	n->ptb = v6d_pool_room(t->pool, n->ptb, n->n_ptb, &n->cap_ptb,
	    V6D_VIEW_PTBS, sizeof(*n->ptb));
	if (n->n_ptb == n->cap_ptb)
		return;
	n->ptb[n->n_ptb++] =
	    (struct v6d_view_ptb){ c->dir, mtu, ip->src, ip->dst, 1 };
}

static void
note_echo_request(struct v6d_tunnel *t, const struct v6d_carrier *c,
    const struct v6d_ip *ip, const struct v6d_icmp *m)
{
	struct v6d_view_inner *n = &t->v.inner;

	n->echoes = v6d_pool_room(t->pool, n->echoes, n->n_echoes,
	    &n->cap_echoes, V6D_VIEW_ECHOES, sizeof(*n->echoes));
	if (n->n_echoes == n->cap_echoes) {
		n->n_echoes_dropped++;
		return;
	}
	n->echoes[n->n_echoes++] = (struct v6d_view_echo){
		.dir = c->dir,
		.to = ip->dst,
		.id = m->id,
		.seq = m->seq,
		.inner_len = v6d_len16(ip->total_len),
		.outer_len = c->outer,
		.fragment = ip->fragment,
		.gre_seq = c->seq,
		.sent = c->at,
		.replied = V6D_NEVER,
	};
}

static void
note_echo_reply(struct v6d_view_inner *n, const struct v6d_carrier *c,
    const struct v6d_icmp *m)
{
	for (unsigned i = n->n_echoes; i-- > 0;) {
		struct v6d_view_echo *e = &n->echoes[i];

		if (e->id != m->id || e->seq != m->seq || e->dir == c->dir ||
		    e->reply_outer)
			continue;
		e->reply_outer = c->outer;
		e->replied = c->at;
		return;
	}
}

static void
icmp6(struct v6d_tunnel *t, const struct v6d_carrier *c,
    const struct v6d_ip *ip, struct v6d_wire w)
{
	struct v6d_view_inner *n = &t->v.inner;
	struct v6d_wire whole = w;
	struct v6d_icmp m = { 0 };

	enum v6d_wire_err err = v6d_icmp6_decode(&w, ip, &m);

	n->malformed += err == V6D_WIRE_MALFORMED;
	if (m.bad_checksum)
		n->corrupt[c->dir]++;
	if (m.type == V6D_ICMP6_RA)
		note_ra(t, c, ip, whole);
	else if (m.type == V6D_ICMP6_RS)
		note_rs(t, c);
	else if (err == V6D_WIRE_TRUNCATED)
		n->unread[c->dir]++;
	else if (m.type == V6D_ICMP6_TOO_BIG)
		note_ptb(t, c, ip, m.mtu);
	else if (m.type == V6D_ICMP6_ECHO)
		note_echo_request(t, c, ip, &m);
	else if (m.type == V6D_ICMP6_ECHO_REPLY)
		note_echo_reply(n, c, &m);
}

static void
check_sum(struct v6d_view_inner *n, const struct v6d_carrier *c,
    const struct v6d_ip *ip, const struct v6d_wire *w)
{
	size_t len = v6d_wire_left(w);
	uint32_t sum;

	if (w->cut || ip->fragment || len > UINT16_MAX)
		return;
	sum = v6d_cksum_pseudo(0, &ip->src, &ip->dst, ip->proto, (uint32_t)len);
	if (v6d_cksum_fold(v6d_cksum_add(sum, w->p, len)) != 0)
		n->corrupt[c->dir]++;
}

static void
note_global(struct v6d_view_inner *n, const struct v6d_carrier *c,
    const struct v6d_ip *ip)
{
	const struct v6d_addr *a = c->dir == V6D_DIR_OUT ? &ip->src : &ip->dst;

	if (n->has_global || !v6d_addr_is_global(a))
		return;
	n->has_global = true;
	n->global = *a;
}

void
v6d_inner_packet(
    struct v6d_tunnel *t, const struct v6d_carrier *c, struct v6d_wire w)
{
	struct v6d_view_inner *n = &t->v.inner;
	struct v6d_ip ip = { 0 };
	struct v6d_wire body;
	enum v6d_wire_err err;

	err = v6d_ip6_decode(&w, &ip, &body);
	if (err == V6D_WIRE_MALFORMED) {
		n->malformed++;
		return;
	}
	if (err || (body.cut && v6d_wire_left(&body) == 0))
		n->unread[c->dir]++;
	if (ip.version != 6)
		return;
	n->packets[c->dir]++;
	n->bytes[c->dir] += ip.total_len;
	if (ip.total_len > n->largest[c->dir])
		n->largest[c->dir] = v6d_len16(ip.total_len);
	note_global(n, c, &ip);
	if (ip.frag_offset > 0)
		return;
	/* The rest of it is in other packets: no sum can be checked. */
	body.cut = body.cut || ip.more_frags;
	if (ip.proto == V6D_IPPROTO_ICMP6) {
		icmp6(t, c, &ip, body);
	} else if (ip.proto == V6D_IPPROTO_TCP) {
		check_sum(n, c, &ip, &body);
		v6d_innertcp_segment(t, c, &ip, body);
	} else if (ip.proto == V6D_IPPROTO_UDP) {
		check_sum(n, c, &ip, &body);
		v6d_innerdns_datagram(t, c, &ip, body);
	}
}

/* A reply that was sent and lost leaves a hole in the numbers. */
static void
judge_unanswered(const struct v6d_tunnel *t, struct v6d_view_echo *e)
{
	const struct v6d_view_gre *back = &t->v.gre[v6d_dir_other(e->dir)];
	const struct v6d_view_odd *odd = v6d_view_odd(back);

	if (t->v.inner.unread[v6d_dir_other(e->dir)] > 0)
		return; /* the reply may be among those */
	e->later = back->first != V6D_NEVER && back->last > e->sent + ANSWER;
	for (unsigned i = 0; i < odd->n_gap; i++)
		if (odd->gap[i].n > 0 && odd->gap[i].to > e->sent &&
		    odd->gap[i].from < e->sent + ANSWER)
			e->gap = true;
}

void
v6d_inner_end(struct v6d_tunnel *t)
{
	struct v6d_view_inner *n = &t->v.inner;

	for (unsigned i = 0; i < n->n_echoes; i++) {
		struct v6d_view_echo *e = &n->echoes[i];

		v6d_gretrack_acked(&t->gre[e->dir], e->gre_seq, &e->reached);
		if (!e->reply_outer)
			judge_unanswered(t, e);
	}
}
