/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * story_inner.c - IPv6 inside a tunnel: advertisements, pings, connections;
 * and what the client did over IPv4 beside it.
 */
#include "report/story.h"

#define FLOWS_TOLD 8

static enum v6d_dir
other(enum v6d_dir d)
{
	return d == V6D_DIR_OUT ? V6D_DIR_IN : V6D_DIR_OUT;
}

/* ---- router advertisements ---- */

static void
advert(struct v6d_story *s)
{
	const struct v6d_view_ra *r = &s->v->ra;
	struct v6d_text t =
	    v6d_story_add(s, r->first, V6D_EVENT_SENT, V6D_DIR_IN);
	char addr[V6D_ADDR_TEXT];

	v6d_text_add(&t, "Router Advertisement");
	for (unsigned i = 0; i < r->ra->n_prefixes; i++) {
		const struct v6d_prefix *p = &r->ra->prefixes[i].prefix;

		v6d_text_add(&t, ", %s/%u",
		    v6d_addr_text(&p->addr, addr, sizeof(addr)), p->len);
	}
	v6d_text_say(&t, ", lifetime %u s", r->ra->lifetime_s);
	if (r->ra->mtu > 0)
		v6d_text_say(&t, ", MTU %u", r->ra->mtu);
	v6d_story_times(s, &t, r->n, r->last);
}

static void
adverts(struct v6d_story *s)
{
	const struct v6d_view_ra *r = &s->v->ra;
	struct v6d_text t;

	if (r->n_solicits > 0) {
		t = v6d_story_add(
		    s, r->first_solicit, V6D_EVENT_SENT, V6D_DIR_OUT);
		v6d_text_add(&t, "Router Solicitation");
		v6d_story_times(s, &t, r->n_solicits, r->last_solicit);
	}
	if (r->n > 0)
		advert(s);
	else if (r->n_solicits > 0)
		v6d_story_silence(s, r->first_solicit, V6D_DIR_IN);
}

/* ---- pings ---- */

static void
pings(struct v6d_story *s, enum v6d_dir d)
{
	const struct v6d_view_inner *v = &s->v->inner;
	unsigned n = 0, answered = 0, most = 0, least = 0;
	v6d_ns first = V6D_NEVER, missed = V6D_NEVER;
	struct v6d_text t;

	for (unsigned i = 0; i < v->n_echoes; i++) {
		const struct v6d_view_echo *e = &v->echoes[i];

		if (e->dir != d)
			continue;
		if (n++ == 0)
			first = e->sent;
		if (e->reply_outer) {
			answered++;
			most = e->inner_len > most ? e->inner_len : most;
			continue;
		}
		if (missed == V6D_NEVER)
			missed = e->sent;
		least = !least || e->inner_len < least ? e->inner_len : least;
	}
	if (n == 0)
		return;
	t = v6d_story_add(s, first, V6D_EVENT_SENT, d);
	v6d_text_say(&t, "pings over IPv6: %u, answered: %u", n, answered);
	if (answered == n)
		return;
	t = v6d_story_add(s, missed, V6D_EVENT_MISSING, other(d));
	if (answered > 0 && most < least)
		v6d_text_say(&t,
		    "no reply to %u bytes and more; the largest answered: %u",
		    least, most);
	else
		v6d_text_say(&t, "replies missing: %u", n - answered);
}

/* ---- connections ---- */

static void
stalled(struct v6d_story *s, const struct v6d_view_flow *f, unsigned end)
{
	const struct v6d_view_tcp_dir *d = &f->d[end];
	enum v6d_dir dir = end == 0 ? f->dir : other(f->dir);
	uint16_t lost = v6d_view_lost(f, end, NULL);
	struct v6d_text t;

	if (v6d_view_hole(d) == 0 && lost == 0)
		return;
	t = v6d_story_add(s,
	    d->last_progress == V6D_NEVER ? f->last : d->last_progress,
	    V6D_EVENT_LOST, dir);
	if (lost > 0)
		v6d_text_say(&t,
		    "IPv6 packets of %u bytes: sent again, never "
		    "acknowledged",
		    lost);
	else
		v6d_text_say(
		    &t, "TCP data missing here: %u bytes", v6d_view_hole(d));
}

static void
connection(struct v6d_story *s, const struct v6d_view_flow *f)
{
	char addr[V6D_ADDR_TEXT];
	struct v6d_text t = v6d_story_add(s, f->first, V6D_EVENT_SENT, f->dir);

	v6d_text_say(&t, "TCP over IPv6 to %s port %u: ",
	    v6d_addr_text(&f->addr[1], addr, sizeof(addr)), f->port[1]);
	if (!f->up) {
		v6d_text_say(&t, "not answered");
		return;
	}
	v6d_text_say(&t, "%llu bytes there, %llu back",
	    (unsigned long long)f->d[0].data, (unsigned long long)f->d[1].data);
	stalled(s, f, 0);
	stalled(s, f, 1);
}

static void
connections(struct v6d_story *s)
{
	const struct v6d_view_inner *v = &s->v->inner;
	struct v6d_text t;

	for (unsigned i = 0; i < v->n_flows && i < FLOWS_TOLD; i++)
		connection(s, v->flows[i]);
	if (v->n_flows <= FLOWS_TOLD)
		return;
	t = v6d_story_add(s, v->flows[FLOWS_TOLD]->first, V6D_EVENT_STATE,
	    v->flows[FLOWS_TOLD]->dir);
	v6d_text_say(&t, "more connections over IPv6: %u",
	    v->n_flows - FLOWS_TOLD + v->n_flows_dropped);
}

/* ---- beside the tunnel ---- */

static void
beside(struct v6d_story *s)
{
	const struct v6d_view_outside *o = v6d_view_outside(s->v);
	char addr[V6D_ADDR_TEXT];
	struct v6d_text t;

	if (o->n_lost == 0)
		return;
	t = v6d_story_add(s, o->first_lost, V6D_EVENT_MISSING, V6D_DIR_IN);
	v6d_text_say(&t,
	    "beside the tunnel: connections without answer: %u (%s), "
	    "answered: %u",
	    o->n_lost, v6d_addr_text(&o->lost, addr, sizeof(addr)), o->n_up);
}

void
v6d_story_inner(struct v6d_story *s)
{
	adverts(s);
	pings(s, V6D_DIR_OUT);
	pings(s, V6D_DIR_IN);
	connections(s);
	beside(s);
}
