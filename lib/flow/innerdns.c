/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * innerdns.c - look-ups of addresses inside the tunnel (RFC 1035 4.2.1, RFC
 * 3596): what was asked of whom, how often, and what came back.
 */
#include "flow/track.h"
#include "proto/dns.h"
#include "proto/udp.h"

#define PORT_DNS 53
/* An answer later than this is a slow one. */
#define SLOW V6D_S(1)

/* FNV-1a: names are only told apart. */
static uint32_t
hash_of(const char *s)
{
	uint32_t h = 2166136261u;

	for (; *s; s++)
		h = (h ^ (uint8_t)*s) * 16777619u;
	return h;
}

static struct v6d_view_lookup *
find(const struct v6d_view_inner *n, const struct v6d_addr *server,
    uint32_t name, uint16_t type)
{
	for (unsigned i = 0; i < n->n_lookups; i++) {
		struct v6d_view_lookup *l = &n->lookups[i];

		if (l->name == name && l->type == type &&
		    v6d_addr_eq(&l->server, server))
			return l;
	}
	return NULL;
}

static struct v6d_view_lookup *
add(struct v6d_tunnel *t, const struct v6d_addr *server, uint32_t name,
    uint16_t type)
{
	struct v6d_view_inner *n = &t->v.inner;
	struct v6d_view_lookup *l;

	n->lookups = v6d_pool_room(t->pool, n->lookups, n->n_lookups,
	    &n->cap_lookups, V6D_VIEW_LOOKUPS, sizeof(*n->lookups));
	if (n->n_lookups == n->cap_lookups) {
		n->n_lookups_dropped++;
		return NULL;
	}
	l = &n->lookups[n->n_lookups++];
	*l = (struct v6d_view_lookup){ .server = *server,
		.name = name,
		.type = type,
		.answered = V6D_NEVER };
	return l;
}

/*
 * A and AAAA of one name from one port: some boxes let one answer through.
 * Which of the two was asked first does not matter.
 */
static void
note_port(const struct v6d_view_inner *n, struct v6d_view_lookup *l)
{
	uint16_t other_type = l->type == V6D_DNS_A ? V6D_DNS_AAAA : V6D_DNS_A;
	struct v6d_view_lookup *o = find(n, &l->server, l->name, other_type);
	bool same = o && o->port == l->port;

	l->alone += !same;
	if (same && o->alone > 0 && !o->paired) {
		o->alone--;
		o->paired = true;
	}
	l->paired = same;
}

static void
note_query(struct v6d_tunnel *t, const struct v6d_carrier *c,
    const struct v6d_ip *ip, const struct v6d_udp *u, const struct v6d_dns *d)
{
	uint32_t name = hash_of(d->qname);
	struct v6d_view_lookup *l = find(&t->v.inner, &ip->dst, name, d->qtype);

	if (!l)
		l = add(t, &ip->dst, name, d->qtype);
	if (!l)
		return;
	l->asked = c->at;
	l->port = u->sport;
	l->n_asked++;
	note_port(&t->v.inner, l);
}

static void
note_answer(struct v6d_view_inner *n, const struct v6d_carrier *c,
    const struct v6d_ip *ip, const struct v6d_dns *d)
{
	struct v6d_view_lookup *l =
	    find(n, &ip->src, hash_of(d->qname), d->qtype);

	if (!l)
		return; /* of before the capture */
	l->answered = c->at;
	l->took = c->at - l->asked;
	l->n_answered++;
	l->n_slow += l->took > SLOW;
	l->rcode = d->rcode;
	l->has_addr = d->n_addrs > 0;
	l->truncated = d->truncated;
}

void
v6d_innerdns_datagram(struct v6d_tunnel *t, const struct v6d_carrier *c,
    const struct v6d_ip *ip, struct v6d_wire w)
{
	enum v6d_dir asks = V6D_DIR_OUT;
	struct v6d_wire data;
	struct v6d_udp u;
	struct v6d_dns d;
	enum v6d_wire_err err = v6d_udp_decode(&w, &u, &data);

	if (t->v.live || err == V6D_WIRE_MALFORMED ||
	    (u.sport != PORT_DNS && u.dport != PORT_DNS))
		return;
	err = v6d_dns_decode(&data, &d);
	if ((d.qtype != V6D_DNS_A && d.qtype != V6D_DNS_AAAA) || !d.qname[0])
		return;
	if (c->dir == asks && u.dport == PORT_DNS && !d.response &&
	    err == V6D_WIRE_OK)
		note_query(t, c, ip, &u, &d);
	else if (c->dir != asks && u.sport == PORT_DNS && d.response)
		note_answer(&t->v.inner, c, ip, &d);
}
