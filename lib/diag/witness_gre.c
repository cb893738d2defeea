/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * witness_gre.c - whether GRE of the call passes at all, each way, and who
 * complained about it (RFC 2637 4, RFC 792).
 */
#include "diag/witness_impl.h"

#include "proto/icmp.h"
#include "proto/pptp.h"

#include <string.h>

/* Requests without any answer before the way counts as dead. */
#define UNANSWERED 4
/* This long without traffic before it: the mapping may have expired. */
#define IDLE V6D_S(5)
/* The same, where the end of the mapping is told by ICMP. */
#define REFUSED_IDLE V6D_S(2)
/* A server that hangs up this soon after a frame did it for that frame. */
#define PROVOKED V6D_MS(500)

static bool
call_seen(const struct v6d_view *v)
{
	return v->control.call_up != V6D_NEVER || v->gre_only ||
	       v->gre[V6D_DIR_OUT].frames + v->gre[V6D_DIR_IN].frames > 0;
}

/* The peer answered LCP of this direction's sender, or acknowledged GRE. */
static bool
heard(const struct v6d_view *v, enum v6d_dir dir)
{
	const struct v6d_view_neg *n = v6d_view_neg(&v->ppp, V6D_VIEW_LCP, dir);
	enum v6d_dir back = dir == V6D_DIR_OUT ? V6D_DIR_IN : V6D_DIR_OUT;

	return v->gre[back].has_ack || n->n_ack + n->n_nak + n->n_rej > 0 ||
	       v->ppp.opened[V6D_VIEW_LCP] != V6D_NEVER;
}

/* Sent again and again for long enough, and nobody took notice. */
static bool
ignored(const struct v6d_witness *w, enum v6d_dir dir)
{
	const struct v6d_view_gre *g = &w->v->gre[dir];

	return g->frames >= 3 && !heard(w->v, dir) && g->last >= g->first &&
	       g->last - g->first >= w->patience / 2 &&
	       v6d_witness_waited(w, g->first);
}

static void
send_side(struct v6d_witness *w)
{
	const struct v6d_view *v = w->v;

	const struct v6d_view_gre *out = &v->gre[V6D_DIR_OUT];
	bool swallowed = v->wire_seen && v->wire_out == 0 && out->frames >= 3 &&
			 v6d_witness_waited(w, out->first);

	if (v->gre_denied || swallowed)
		v6d_witness_say(w, V6D_NEVER, V6D_FACT_GRE_SEND, NULL, V6D_BAD,
		    "denied", V6D_NO_VALUE);
	else if (v->gre[V6D_DIR_OUT].frames > 0)
		v6d_witness_say(w, v->gre[V6D_DIR_OUT].first, V6D_FACT_GRE_SEND,
		    NULL, V6D_OK, NULL, V6D_NO_VALUE);
}

/* Since when the server ought to be heard. */
static v6d_ns
since(const struct v6d_view *v)
{
	v6d_ns up = v->control.call_up, sent = v->gre[V6D_DIR_OUT].first;

	if (up == V6D_NEVER)
		return sent;
	return sent != V6D_NEVER && sent > up ? sent : up;
}

static void
nothing_in(struct v6d_witness *w)
{
	/* More than one: the next read of our socket would have had it. */
	if (w->v->wire_in >= 2) {
		v6d_witness_say(w, V6D_NEVER, V6D_FACT_GRE_IN, NULL, V6D_BAD,
		    "filtered", (int64_t)w->v->wire_in);
		return;
	}
	/* A capture without the call itself may just not hold that way. */
	if (w->v->control.call_up == V6D_NEVER)
		return;
	if (v6d_witness_waited(w, since(w->v)))
		v6d_witness_say(w, V6D_NEVER, V6D_FACT_GRE_IN, NULL, V6D_BAD,
		    !w->v->wire_seen    ? "none"
		    : w->v->wire_in > 0 ? "filtered"
					: "absent",
		    w->v->wire_in);
}

/*
 * Something that must be answered was sent in that time: a server that sends
 * pure acks owes one for every frame, any server owes LCP its echo replies.
 */
static bool
answer_owed(const struct v6d_view *v)
{
	v6d_ns asked = v->ppp.last_echo_req[V6D_DIR_OUT];

	return v->gre[V6D_DIR_IN].acks > 0 ||
	       (asked != V6D_NEVER && asked >= v->gre[V6D_DIR_OUT].since);
}

/* The server's frames end while the client goes on asking. */
static bool
died(const struct v6d_witness *w)
{
	const struct v6d_view_gre *out = &w->v->gre[V6D_DIR_OUT];

	return out->n_since >= UNANSWERED && heard(w->v, V6D_DIR_OUT) &&
	       answer_owed(w->v) && out->since < w->over &&
	       out->last - out->since >= V6D_MS(1500) &&
	       w->over - out->since >= w->patience / 2;
}

static void
in_died(struct v6d_witness *w, int64_t frames)
{
	const struct v6d_view_gre *out = &w->v->gre[V6D_DIR_OUT];

	v6d_witness_say(
	    w, out->since, V6D_FACT_GRE_IN, NULL, V6D_WAS_OK, "died", frames);
	if (out->idle_before >= IDLE)
		v6d_witness_say(w, out->since, V6D_FACT_GRE_IDLE, NULL, V6D_BAD,
		    "dead", (int64_t)(out->idle_before / V6D_S(1)));
}

/*
 * A host or router refuses what the server sends (RFC 792, protocol
 * unreachable): it knows of no call there. A capture beside the server or
 * between shows it.
 */
static const struct v6d_view_icmp *
refused(const struct v6d_view *v)
{
	for (unsigned i = 0; i < v->n_icmp; i++) {
		const struct v6d_view_icmp *m = &v->icmp[i];

		if (m->gre && m->dir == V6D_DIR_IN &&
		    m->type == V6D_ICMP_UNREACHABLE && m->code != 4)
			return m;
	}
	return NULL;
}

/* What had passed is refused after nothing went either way for a while. */
static void
in_refused(struct v6d_witness *w, const struct v6d_view_icmp *m)
{
	const struct v6d_view_gre *in = &w->v->gre[V6D_DIR_IN];

	v6d_witness_say(w, m->first, V6D_FACT_GRE_IN, NULL, V6D_WAS_OK, "died",
	    (int64_t)(in->frames + in->acks));
	if (in->idle_before >= REFUSED_IDLE)
		v6d_witness_say(w, m->first, V6D_FACT_GRE_IDLE, NULL, V6D_BAD,
		    "dead", (int64_t)(in->idle_before / V6D_S(1)));
}

/*
 * Beside the client that ICMP does not show, only what comes of it: the first
 * frames after an idle time get no answer, and at once the server, which could
 * not send one, closes the connection without a word.
 */
static bool
hung_up_on_waking(const struct v6d_witness *w)
{
	const struct v6d_view *v = w->v;
	const struct v6d_view_gre *out = &v->gre[V6D_DIR_OUT];

	return !w->live && out->n_since > 0 &&
	       out->idle_before >= REFUSED_IDLE && answer_owed(v) &&
	       w->by_server == w->over && out->since < w->by_server &&
	       w->by_server - out->since <= PROVOKED &&
	       v6d_view_msg(&v->control, V6D_DIR_IN, V6D_PPTP_CDN)->n == 0 &&
	       v6d_view_msg(&v->control, V6D_DIR_IN, V6D_PPTP_STOPCCRQ)->n == 0;
}

static void
in_alive(struct v6d_witness *w, int64_t frames)
{
	const struct v6d_view *v = w->v;

	v6d_witness_say(w, v->gre[V6D_DIR_IN].first, V6D_FACT_GRE_IN, NULL,
	    V6D_OK, NULL, frames);
	if (hung_up_on_waking(w))
		v6d_witness_say(w, w->by_server, V6D_FACT_GRE_IDLE, NULL,
		    V6D_BAD, "dead",
		    (int64_t)(v->gre[V6D_DIR_OUT].idle_before / V6D_S(1)));
}

static void
in_side(struct v6d_witness *w)
{
	const struct v6d_view_gre *in = &w->v->gre[V6D_DIR_IN];
	const struct v6d_view_icmp *m = refused(w->v);
	int64_t frames = (int64_t)(in->frames + in->acks);

	if (frames == 0) {
		nothing_in(w);
		return;
	}
	if (!w->live && ignored(w, V6D_DIR_IN) && heard(w->v, V6D_DIR_OUT)) {
		/* Beside the client they passed the wire and went no further;
		   elsewhere they were lost behind this place. */
		v6d_witness_say(w, in->last, V6D_FACT_GRE_IN, NULL, V6D_BAD,
		    v6d_witness_near(w->v, V6D_DIR_OUT) ? "filtered" : "none",
		    frames);
		return;
	}
	if (!w->live && m && !heard(w->v, V6D_DIR_IN))
		v6d_witness_say(w, m->first, V6D_FACT_GRE_IN, NULL, V6D_BAD,
		    "none", frames);
	else if (!w->live && m && in->n_since > 0 && m->first >= in->since &&
		 m->first < w->over)
		in_refused(w, m);
	else if (died(w))
		in_died(w, frames);
	else
		in_alive(w, frames);
}

/*
 * A server asks again and again, and nothing of the client's came as far as
 * here, which is not beside the client.
 */
static bool
nothing_out(const struct v6d_witness *w)
{
	const struct v6d_view_gre *out = &w->v->gre[V6D_DIR_OUT];
	const struct v6d_view_gre *in = &w->v->gre[V6D_DIR_IN];

	return !w->live && out->frames + out->acks == 0 && in->frames >= 3 &&
	       w->v->control.call_up != V6D_NEVER &&
	       !v6d_witness_near(w->v, V6D_DIR_OUT) &&
	       in->last - in->first >= w->patience / 2 &&
	       v6d_witness_waited(w, in->first);
}

static void
out_side(struct v6d_witness *w)
{
	const struct v6d_view_gre *in = &w->v->gre[V6D_DIR_IN];

	if (in->frames + in->acks == 0)
		return;
	if (nothing_out(w)) {
		v6d_witness_say(w, V6D_NEVER, V6D_FACT_GRE_OUT, NULL, V6D_BAD,
		    "unacknowledged", 0);
		return;
	}
	if (heard(w->v, V6D_DIR_OUT))
		v6d_witness_say(w, in->first, V6D_FACT_GRE_OUT, NULL, V6D_OK,
		    NULL, V6D_NO_VALUE);
	else if (ignored(w, V6D_DIR_OUT) && in->frames >= 2)
		v6d_witness_say(w, V6D_NEVER, V6D_FACT_GRE_OUT, NULL, V6D_BAD,
		    "unacknowledged", V6D_NO_VALUE);
}

/* ---- complaints ---- */

static bool
same_24(const struct v6d_addr *a, const struct v6d_addr *b)
{
	return a->family == 4 && b->family == 4 && memcmp(a->b, b->b, 3) == 0;
}

/* The router that complains is the client's own. */
static bool
first_hop(const struct v6d_witness *w, const struct v6d_view_icmp *m)
{
	const struct v6d_obs *gw = v6d_facts_last(w->f, V6D_FACT_LAN_ROUTE);
	char from[V6D_ADDR_TEXT];

	v6d_addr_text(&m->from, from, sizeof(from));
	if (gw && gw->subject[0])
		return strcmp(gw->subject, from) == 0;
	if (m->ttl == 64 || m->ttl == 128 || m->ttl == 255)
		return v6d_witness_near(w->v, V6D_DIR_OUT);
	return m->ttl == 0 && same_24(&m->from, &w->v->client);
}

static void
complaint(struct v6d_witness *w, const struct v6d_view_icmp *m)
{
	const char *hop = first_hop(w, m) ? "first-hop" : "later-hop";
	char from[V6D_ADDR_TEXT];

	if (m->type != V6D_ICMP_UNREACHABLE || m->dir != V6D_DIR_OUT)
		return;
	v6d_addr_text(&m->from, from, sizeof(from));
	if (m->code == 4)
		v6d_witness_say(w, m->first, V6D_FACT_GRE_ICMP_MTU, from,
		    V6D_BAD, hop, m->mtu ? (int64_t)m->mtu : V6D_NO_VALUE);
	else
		v6d_witness_say(w, m->first, V6D_FACT_GRE_ICMP, from, V6D_BAD,
		    hop, m->type * 256 + m->code);
}

static void
foreign(struct v6d_witness *w)
{
	const struct v6d_view_gre *in = &w->v->gre[V6D_DIR_IN];
	const struct v6d_view_odd *odd = v6d_view_odd(in);

	if (odd->foreign > 0 && w->shared)
		return;
	if (odd->foreign > 0)
		v6d_witness_say(w, V6D_NEVER, V6D_FACT_GRE_FOREIGN, NULL,
		    V6D_BAD, "foreign", (int64_t)odd->foreign);
	else if (in->frames > 0)
		v6d_witness_say(
		    w, V6D_NEVER, V6D_FACT_GRE_FOREIGN, NULL, V6D_OK, NULL, 0);
}

static void
plain(struct v6d_witness *w)
{
	const struct v6d_view_odd *odd = v6d_view_odd(&w->v->gre[V6D_DIR_IN]);

	if (odd->not_pptp > 0)
		v6d_witness_say(w, V6D_NEVER, V6D_FACT_GRE_PLAIN, NULL, V6D_BAD,
		    "plain", (int64_t)odd->not_pptp);
}

void
v6d_witness_gre(struct v6d_witness *w)
{
	const struct v6d_view *v = w->v;

	if (!call_seen(v))
		return;
	send_side(w);
	in_side(w);
	out_side(w);
	foreign(w);
	plain(w);
	for (unsigned i = 0; i < v->n_icmp; i++)
		if (v->icmp[i].gre)
			complaint(w, &v->icmp[i]);
}
