/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * outside.c - what hosts do over IPv4 beside their tunnels: which new TCP
 * connections and echoes get an answer and which get none. That is how a
 * capture shows a router that has no room for another session.
 */
#include "flow/demux.h"

#define PROBES 8 /* places that a connection may have in the table */
/* A SYN that stayed alone for so long is lost. */
#define PATIENCE V6D_S(3)

static bool
is(const struct v6d_outside *o, const struct v6d_addr *client, uint16_t cport,
    const struct v6d_addr *target, uint16_t tport)
{
	return o->used && o->cport == cport && o->tport == tport &&
	       v6d_addr_eq(&o->client, client) &&
	       v6d_addr_eq(&o->target, target);
}

static unsigned
hash(const struct v6d_addr *target, uint16_t cport, uint16_t tport)
{
	unsigned h = cport * 31u + tport;

	for (unsigned i = 0; i < 4; i++)
		h = h * 31u + target->b[i];
	return h;
}

/* The connection, or a free place for it, or NULL. */
static struct v6d_outside *
find(struct v6d_flow *f, const struct v6d_addr *client, uint16_t cport,
    const struct v6d_addr *target, uint16_t tport)
{
	unsigned h = hash(target, cport, tport);

	for (unsigned i = 0; i < PROBES; i++) {
		struct v6d_outside *o =
		    &f->outside[(h + i) % V6D_OUTSIDE_TABLE];

		if (!o->used || is(o, client, cport, target, tport))
			return o;
	}
	return NULL;
}

static void
opened(struct v6d_flow *f, const struct v6d_ip *ip, const struct v6d_tcp *tcp,
    v6d_ns at)
{
	struct v6d_outside *o =
	    find(f, &ip->src, tcp->sport, &ip->dst, tcp->dport);

	if (!o) {
		f->n_outside_dropped++;
		return;
	}
	f->n_outside += !o->used;
	/* a port that is used again: the one before is over */
	if (!o->used || o->closed != V6D_NEVER || o->refused != V6D_NEVER)
		*o = (struct v6d_outside){ .used = true,
			.client = ip->src,
			.target = ip->dst,
			.cport = tcp->sport,
			.tport = tcp->dport,
			.syn = at,
			.up = V6D_NEVER,
			.refused = V6D_NEVER,
			.closed = V6D_NEVER,
			.last_in = V6D_NEVER };
	o->n_syn++;
	o->last_syn = at;
}

static void
answered(struct v6d_outside *o, uint8_t flags, v6d_ns at)
{
	o->last_in = at;
	if (flags & V6D_TCP_SYN)
		v6d_once(&o->up, at);
	else if ((flags & V6D_TCP_RST) && o->up == V6D_NEVER)
		v6d_once(&o->refused, at);
}

void
v6d_outside_segment(struct v6d_flow *f, const struct v6d_ip *ip,
    const struct v6d_tcp *tcp, v6d_ns at)
{
	struct v6d_outside *o;
	bool from_target = false;

	if (tcp->header_len < 20)
		return;
	if ((tcp->flags & (V6D_TCP_SYN | V6D_TCP_ACK)) == V6D_TCP_SYN) {
		opened(f, ip, tcp, at);
		return;
	}
	o = find(f, &ip->src, tcp->sport, &ip->dst, tcp->dport);
	if (!o || !o->used) {
		o = find(f, &ip->dst, tcp->dport, &ip->src, tcp->sport);
		from_target = true;
	}
	if (!o || !o->used)
		return; /* its beginning was not captured */
	if (from_target)
		answered(o, tcp->flags, at);
	if (tcp->flags & (V6D_TCP_FIN | V6D_TCP_RST))
		v6d_once(&o->closed, at);
}

/* ---- echoes ---- */

static struct v6d_pings *
pings_of(
    struct v6d_flow *f, const struct v6d_addr *from, const struct v6d_addr *to)
{
	for (unsigned i = 0; i < f->n_pings; i++)
		if (v6d_addr_eq(&f->pings[i].from, from) &&
		    v6d_addr_eq(&f->pings[i].to, to))
			return &f->pings[i];
	if (f->n_pings == V6D_PING_TABLE)
		return NULL;
	f->pings[f->n_pings] = (struct v6d_pings){ .from = *from,
		.to = *to,
		.last_ping = V6D_NEVER,
		.last_pong = V6D_NEVER,
		.silent_since = V6D_NEVER };
	return &f->pings[f->n_pings++];
}

void
v6d_outside_ping(struct v6d_flow *f, const struct v6d_addr *from,
    const struct v6d_addr *to, bool reply, v6d_ns at)
{
	struct v6d_pings *p = pings_of(f, from, to);

	if (!p)
		return;
	if (reply) {
		p->n_pong++;
		p->last_pong = at;
		p->n_silent = 0;
		p->silent_since = V6D_NEVER;
		return;
	}
	p->n_ping++;
	p->last_ping = at;
	p->n_silent++;
	v6d_once(&p->silent_since, at);
}

/* ---- what it comes to ---- */

static bool
is_lost(const struct v6d_outside *o, v6d_ns end)
{
	return o->n_syn >= 2 && o->up == V6D_NEVER && o->refused == V6D_NEVER &&
	       o->closed == V6D_NEVER && end >= o->syn + PATIENCE;
}

static bool
stood_at(const struct v6d_outside *o, v6d_ns at)
{
	return o->up != V6D_NEVER && o->up <= at &&
	       (o->closed == V6D_NEVER || o->closed > at);
}

static void
count(const struct v6d_outside *o, const struct v6d_view *v,
    struct v6d_view_outside *s)
{

	if (o->up != V6D_NEVER || o->refused != V6D_NEVER)
		s->server_answers =
		    s->server_answers || v6d_addr_eq(&o->target, &v->server);
	if (o->up != V6D_NEVER) {
		s->n_up++;
		if (s->up_at == V6D_NEVER || o->up >= s->up_at) {
			s->up_at = o->up;
			s->up_took = o->up - o->last_syn;
			s->up = o->target;
		}
	} else if (o->refused != V6D_NEVER) {
		s->n_refused++;
	} else if (is_lost(o, v->end)) {
		if (s->n_lost > 0 && !v6d_addr_eq(&s->lost, &o->target))
			s->n_lost_hosts = 2;
		else if (s->n_lost == 0)
			s->n_lost_hosts = 1;
		s->n_lost++;
		s->lost = o->target;
		if (s->first_lost == V6D_NEVER || o->syn < s->first_lost)
			s->first_lost = o->syn;
	}
}

/* How it went on after the first that was lost. */
static void
go_on(const struct v6d_outside *o, struct v6d_view_outside *s)
{
	if (stood_at(o, s->first_lost)) {
		s->standing++;
		if (o->last_in != V6D_NEVER && o->last_in > s->first_lost)
			s->old_lives = true;
	}
	if (o->up == V6D_NEVER || o->syn <= s->first_lost)
		return;
	if (v6d_addr_eq(&o->target, &s->lost))
		s->again_same = true;
	else
		s->again_other = true;
}

static void
take_pings(
    const struct v6d_pings *p, struct v6d_view *v, struct v6d_view_outside *s)
{
	if (v6d_addr_eq(&p->to, &v->server)) {
		v->n_ping = p->n_ping;
		v->n_pong = p->n_pong;
	}
	if (s->n_lost == 0)
		return;
	if (p->last_pong != V6D_NEVER && p->last_pong > s->first_lost)
		s->pongs_after++;
	else if (p->last_ping != V6D_NEVER && p->last_ping > s->first_lost)
		s->pings_after += p->n_silent;
}

void
v6d_outside_take(struct v6d_flow *f, struct v6d_view *v)
{
	struct v6d_view_outside s = { .up_at = V6D_NEVER,
		.first_lost = V6D_NEVER,
		.n_dropped = f->n_outside_dropped };
	struct v6d_view_outside *kept;
	bool any = s.n_dropped > 0;

	for (unsigned i = 0; f->n_outside > 0 && i < V6D_OUTSIDE_TABLE; i++)
		if (f->outside[i].used &&
		    v6d_addr_eq(&f->outside[i].client, &v->client)) {
			count(&f->outside[i], v, &s);
			any = true;
		}
	for (unsigned i = 0; s.n_lost > 0 && i < V6D_OUTSIDE_TABLE; i++)
		if (f->outside[i].used &&
		    v6d_addr_eq(&f->outside[i].client, &v->client))
			go_on(&f->outside[i], &s);
	for (unsigned i = 0; i < f->n_pings; i++)
		if (v6d_addr_eq(&f->pings[i].from, &v->client))
			take_pings(&f->pings[i], v, &s);
	v->outside = NULL;
	kept = any ? v6d_pool_take(&f->pool, sizeof(*kept)) : NULL;
	if (kept) {
		*kept = s;
		v->outside = kept;
	}
}
