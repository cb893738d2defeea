/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * demux.c - one captured packet: through link layer, VLAN and PPPoE to IPv4,
 * and to the tunnel that its TCP, GRE or ICMP belongs to.
 */
#include "flow/demux.h"

#define ETHERTYPE_IP4 0x0800

/* ---- TCP 1723 ---- */

/* A SYN with another number on used ports is another connection. */
static bool
is_another(
    const struct v6d_tunnel *t, enum v6d_dir dir, const struct v6d_tcp *tcp)
{
	bool syn = (tcp->flags & (V6D_TCP_SYN | V6D_TCP_ACK)) == V6D_TCP_SYN;

	return syn && dir == V6D_DIR_OUT &&
	       (t->v.tcp.syn == V6D_NEVER || t->syn_seq != tcp->seq);
}

/* Which end a segment comes from, where the client's port is 1723 too. */
static enum v6d_dir
tcp_dir(struct v6d_flow *f, const struct v6d_ip *ip, const struct v6d_tcp *tcp)
{
	bool answer;

	if (tcp->sport != V6D_PPTP_PORT)
		return V6D_DIR_OUT;
	if (tcp->dport != V6D_PPTP_PORT)
		return V6D_DIR_IN;
	if (v6d_flow_by_port(f, &ip->src, V6D_PPTP_PORT, &ip->dst))
		return V6D_DIR_OUT;
	answer = (tcp->flags & V6D_TCP_SYN) && (tcp->flags & V6D_TCP_ACK);
	return answer || v6d_flow_by_port(f, &ip->dst, V6D_PPTP_PORT, &ip->src)
		   ? V6D_DIR_IN
		   : V6D_DIR_OUT;
}

static void
outer_tcp(
    struct v6d_flow *f, const struct v6d_ip *ip, struct v6d_wire w, v6d_ns at)
{
	struct v6d_tcp tcp = { 0 };
	enum v6d_wire_err err = v6d_tcp_decode(&w, &tcp);
	enum v6d_dir dir;
	struct v6d_tunnel *t;
	size_t header, len;
	bool out;

	/* A cut header still holds its ports and numbers where they exist. */
	if (err == V6D_WIRE_MALFORMED)
		return;
	if (tcp.sport != V6D_PPTP_PORT && tcp.dport != V6D_PPTP_PORT) {
		v6d_outside_segment(f, ip, &tcp, at);
		return;
	}
	f->totals.pptp_control++;
	f->totals.truncated += err == V6D_WIRE_TRUNCATED;
	if (tcp.header_len < 20)
		return;
	dir = tcp_dir(f, ip, &tcp);
	out = dir == V6D_DIR_OUT;
	t = v6d_flow_by_port(f, out ? &ip->src : &ip->dst,
	    out ? tcp.sport : tcp.dport, out ? &ip->dst : &ip->src);
	if (!t || is_another(t, dir, &tcp)) {
		t = v6d_flow_add(f, out ? &ip->src : &ip->dst,
		    out ? &ip->dst : &ip->src, out ? tcp.sport : tcp.dport, at);
		if (!t)
			return;
		t->syn_seq = tcp.seq;
	}
	header = (size_t)ip->header_len + tcp.header_len;
	len = ip->total_len > header ? ip->total_len - header : 0;
	v6d_tunnel_touch(t, at);
	t->v.ttl[dir] = ip->ttl;
	v6d_trail_segment(f, t, dir, &tcp, len, ip->total_len, at);
	v6d_control_segment(t, dir, &tcp, &w, len, at);
	if (t->new_call_id)
		v6d_flow_note_call(f, t);
}

/* ---- ICMP ---- */

void
v6d_icmp_note(struct v6d_tunnel *t, const struct v6d_view_icmp *m)
{
	struct v6d_view *v = &t->v;

	for (unsigned i = 0; i < v->n_icmp; i++) {
		struct v6d_view_icmp *k = &v->icmp[i];

		if (k->gre == m->gre && k->dir == m->dir &&
		    k->type == m->type && k->code == m->code &&
		    k->mtu == m->mtu && v6d_addr_eq(&k->from, &m->from)) {
			k->n++;
			return;
		}
	}
	v->icmp = v6d_pool_room(t->pool, v->icmp, v->n_icmp, &v->cap_icmp,
	    V6D_VIEW_ICMPS, sizeof(*v->icmp));
	if (v->n_icmp == v->cap_icmp)
		return;
	v->icmp[v->n_icmp++] = *m;
}

/* The tunnel that a quoted packet belonged to, and which way it went. */
static struct v6d_tunnel *
quoted_tunnel(
    struct v6d_flow *f, const struct v6d_icmp *m, enum v6d_dir *ret_dir)
{
	const struct v6d_addr *from = &m->quoted.src, *to = &m->quoted.dst;
	bool tcp = m->quoted.proto == V6D_IPPROTO_TCP;
	struct v6d_tunnel *t = NULL;

	if (!tcp)
		t = v6d_flow_newest(f, from, to);
	else if (m->quoted_dport == V6D_PPTP_PORT)
		t = v6d_flow_by_port(f, from, m->quoted_sport, to);
	else if (m->quoted_sport == V6D_PPTP_PORT)
		t = v6d_flow_by_port(f, to, m->quoted_dport, from);
	if (t)
		*ret_dir =
		    v6d_addr_eq(from, &t->v.client) ? V6D_DIR_OUT : V6D_DIR_IN;
	return t;
}

static void
icmp_error(struct v6d_flow *f, const struct v6d_ip *ip,
    const struct v6d_icmp *m, v6d_ns at)
{
	struct v6d_view_icmp n = { .gre = m->quoted.proto == V6D_IPPROTO_GRE,
		.type = m->type,
		.code = m->code,
		.mtu = m->mtu,
		.from = ip->src,
		.ttl = ip->ttl,
		.n = 1,
		.first = at };
	struct v6d_tunnel *t;

	if (m->quoted.proto != V6D_IPPROTO_GRE &&
	    m->quoted.proto != V6D_IPPROTO_TCP)
		return;
	t = quoted_tunnel(f, m, &n.dir);
	if (!t)
		return;
	v6d_tunnel_touch(t, at);
	v6d_icmp_note(t, &n);
}

static void
outer_icmp(
    struct v6d_flow *f, const struct v6d_ip *ip, struct v6d_wire w, v6d_ns at)
{
	struct v6d_icmp m = { 0 };

	if (v6d_icmp4_decode(&w, &m) == V6D_WIRE_MALFORMED) {
		f->totals.malformed++;
		return;
	}
	if (m.error && m.quoted.version == 4)
		icmp_error(f, ip, &m, at);
	else if (m.type == V6D_ICMP_ECHO)
		v6d_outside_ping(f, &ip->src, &ip->dst, false, at);
	else if (m.type == V6D_ICMP_ECHO_REPLY)
		v6d_outside_ping(f, &ip->dst, &ip->src, true, at);
}

/* ---- the packet ---- */

void
v6d_flow_unwrap(const struct v6d_captured *p, struct v6d_unwrapped *ret_u)
{
	struct v6d_wire w = v6d_wire_from(p->bytes, p->caplen, p->wirelen);
	struct v6d_link l;

	ret_u->at = p->at;
	ret_u->err = v6d_link_decode(&w, p->linktype, &l);
	ret_u->is_ip4 = !ret_u->err && l.ethertype == ETHERTYPE_IP4;
	ret_u->is_pptp = false;
	if (!ret_u->is_ip4)
		return;
	ret_u->err = v6d_ip4_decode(&w, &ret_u->ip, &ret_u->payload);
	if (!ret_u->err && ret_u->ip.proto == V6D_IPPROTO_GRE &&
	    !ret_u->ip.fragment)
		v6d_gre_unwrap(ret_u);
}

void
v6d_flow_take(struct v6d_flow *f, const struct v6d_unwrapped *u)
{
	const struct v6d_ip *ip = &u->ip;

	f->totals.packets++;
	v6d_flow_time(f, u->at);
	if (u->err == V6D_WIRE_MALFORMED)
		f->totals.malformed++;
	else if (u->err == V6D_WIRE_TRUNCATED)
		f->totals.truncated++;
	else if (!u->is_ip4)
		f->totals.not_ip++;
	else if (ip->proto == V6D_IPPROTO_GRE)
		v6d_gre_outer(f, u);
	else if (ip->frag_offset > 0)
		return;
	else if (ip->proto == V6D_IPPROTO_TCP)
		outer_tcp(f, ip, u->payload, u->at);
	else if (ip->proto == V6D_IPPROTO_ICMP)
		outer_icmp(f, ip, u->payload, u->at);
}

void
v6d_flow_take_one(struct v6d_flow *f, const struct v6d_captured *p)
{
	struct v6d_unwrapped u;

	v6d_flow_unwrap(p, &u);
	v6d_flow_take(f, &u);
}

void
v6d_flow_packet(struct v6d_flow *f, uint32_t linktype, const uint8_t *p,
    size_t caplen, size_t wirelen, v6d_ns at)
{
	const struct v6d_captured c = { p, caplen, wirelen, linktype, at };

	v6d_flow_take_one(f, &c);
}
