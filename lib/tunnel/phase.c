/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * phase.c - the phases of a PPP link (RFC 1661 3): which frame goes to whom,
 * and what follows when a layer comes up or goes down.
 */
#include "proto/ccp.h"
#include "tunnel/session_impl.h"

#define IPV6_HEADER 40
#define DEFAULT_MRU 1500

/*
 * The peer's first frame may overtake its Outgoing-Call-Reply, which comes by
 * TCP. Without this the negotiation would lose a whole restart interval.
 */
static void
keep_early(struct v6d_session *s, const uint8_t *p, size_t n)
{
	if (s->state != V6D_SESSION_WAIT_CALL || s->carrier.early_len > 0 ||
	    n > sizeof(s->carrier.early))
		return;
	memcpy(s->carrier.early, p, n);
	s->carrier.early_len = n;
}

static void
replay_early(struct v6d_session *s)
{
	size_t n = s->carrier.early_len;

	s->carrier.early_len = 0;
	if (n > 0)
		v6d_phase_gre(s, s->carrier.early, n);
}

/*
 * Late echo replies are welcome: they answer probes, in any order. Late echo
 * requests are not answered unless we play Linux's own PPTP driver.
 */
static bool
passes_late(
    const struct v6d_session *s, uint16_t proto, const struct v6d_wire *w)
{
	if (proto != V6D_PPP_LCP || v6d_wire_left(w) == 0)
		return false;
	return w->p[0] == V6D_LCP_ECHO_REP ||
	       (w->p[0] == V6D_LCP_ECHO_REQ && s->conf.server.late_echo);
}

static bool
is_ipv6(const uint8_t *p, size_t n)
{
	return n >= IPV6_HEADER && p[0] >> 4 == 6;
}

/* Where encryption is required, nothing of the network passes before it. */
static bool
waits_for_ccp(const struct v6d_session *s)
{
	return s->conf.mppe == V6D_MPPE_REQUIRE && !v6d_ccp_is_open(s);
}

/* Where p is in what v6d_session_receive may write to. */
static uint8_t *
writable(const struct v6d_session *s, const uint8_t *p)
{
	return s->writable + (p - s->writable);
}

static void
deliver(struct v6d_session *s, const struct v6d_wire *w)
{
	struct v6d_session_packets *to = s->sink;

	if (!to) {
		v6d_queue_bytes(s, V6D_ACT_TUN_WRITE, w->p, v6d_wire_left(w));
	} else if (to->n < V6D_SESSION_PACKETS) {
		to->packet[to->n].p = writable(s, w->p);
		to->packet[to->n++].n = v6d_wire_left(w);
	}
}

/* IPv6 and its control protocol, except on a server that plays without. */
static void
on_ipv6(struct v6d_session *s, uint16_t proto, struct v6d_wire w)
{
	if (v6d_session_is_server(s) && s->conf.server.no_ipv6)
		v6d_lcp_protocol_reject(s, proto, w);
	else if (waits_for_ccp(s))
		return;
	else if (s->state == V6D_SESSION_UP && proto == V6D_PPP_IPV6 &&
		 is_ipv6(w.p, v6d_wire_left(&w)))
		deliver(s, &w);
	else if ((s->state == V6D_SESSION_NETWORK ||
		     s->state == V6D_SESSION_UP) &&
		 proto == V6D_PPP_IPV6CP)
		v6d_fsm_input(&s->ipv6cp.fsm, &w, s->now);
}

static void
on_encrypted(struct v6d_session *s, struct v6d_wire w)
{
	uint8_t buf[V6D_SESSION_FRAME];
	uint8_t *room = s->sink ? writable(s, w.p) + V6D_MPPE_HEAD : buf;
	struct v6d_wire plain;
	struct v6d_ppp ppp;

	if (s->ccp.fsm.state == V6D_FSM_CLOSED)
		v6d_lcp_protocol_reject(s, V6D_PPP_COMP, w);
	else if (v6d_ccp_decrypt(s, w, room, &plain) &&
		 v6d_ppp_decode(&plain, &ppp) == V6D_WIRE_OK &&
		 ppp.proto == V6D_PPP_IPV6)
		on_ipv6(s, V6D_PPP_IPV6, plain);
}

/* Protocols of the network phase. */
static void
on_network(struct v6d_session *s, uint16_t proto, struct v6d_wire w)
{
	if (s->state == V6D_SESSION_AUTH)
		v6d_eap_passed_by(s);
	if (proto == V6D_PPP_COMP) {
		on_encrypted(s, w);
	} else if (proto == V6D_PPP_CCP) {
		if (s->state == V6D_SESSION_NETWORK ||
		    s->state == V6D_SESSION_UP)
			v6d_ccp_input(s, w);
	} else if (proto != V6D_PPP_IPV6 || s->conf.mppe != V6D_MPPE_REQUIRE) {
		on_ipv6(s, proto, w);
	}
}

static void
on_frame(struct v6d_session *s, uint16_t proto, struct v6d_wire w)
{
	switch (proto) {
	case V6D_PPP_LCP:
		v6d_fsm_input(&s->lcp.fsm, &w, s->now);
		break;
	case V6D_PPP_PAP:
		v6d_auth_pap(s, &w);
		break;
	case V6D_PPP_CHAP:
		v6d_auth_chap(s, &w);
		break;
	case V6D_PPP_EAP:
		v6d_auth_eap(s, &w);
		break;
	case V6D_PPP_CCP:
	case V6D_PPP_COMP:
	case V6D_PPP_IPV6CP:
	case V6D_PPP_IPV6:
		on_network(s, proto, w);
		break;
	default:
		v6d_lcp_protocol_reject(s, proto, w);
		break;
	}
}

void
v6d_phase_call_up(struct v6d_session *s)
{
	v6d_carrier_start(s);
	v6d_session_enter(s, V6D_SESSION_LCP);
	v6d_lcp_open(s);
	replay_early(s);
}

static void
on_bytes(struct v6d_session *s, struct v6d_wire w)
{
	struct v6d_ppp ppp;

	if (v6d_ppp_decode(&w, &ppp) == V6D_WIRE_OK)
		on_frame(s, ppp.proto, w);
}

/* Hands on what is held and has its turn; what was missing for long is lost. */
static void
release(struct v6d_session *s, v6d_ns wait)
{
	uint8_t *p, *outer = s->writable;
	size_t n;

	while ((p = v6d_reorder_take(&s->reorder, wait, s->now, &n)) != NULL) {
		if (s->sink) {
			s->sink->held = true;
			s->writable = p;
		}
		on_bytes(s, v6d_wire_from(p, n, n));
	}
	s->writable = outer;
}

static bool
is_data(uint16_t proto)
{
	return proto == V6D_PPP_IPV6 || proto == V6D_PPP_COMP;
}

/* w: the PPP frame, of which `rest` is what stands behind its header. */
static void
in_order(struct v6d_session *s, uint32_t seq, struct v6d_wire w, uint16_t proto,
    struct v6d_wire rest)
{
	struct v6d_reorder *r = &s->reorder;
	enum v6d_reorder_place place = v6d_reorder_place(r, seq);
	size_t n = v6d_wire_left(&w);

	switch (place) {
	case V6D_REORDER_LATE:
		if (passes_late(s, proto, &rest))
			on_frame(s, proto, rest);
		return;
	case V6D_REORDER_FAR:
		release(s, 0);
		v6d_reorder_restart(r, seq);
		break;
	case V6D_REORDER_AHEAD:
		if (is_data(proto) && n <= V6D_SESSION_FRAME) {
			v6d_reorder_hold(r, seq, w.p, n, s->now);
			return;
		}
		break;
	case V6D_REORDER_NEXT:
		break;
	}
	v6d_reorder_pass(r, seq, s->now);
	on_frame(s, proto, rest);
	release(s, s->conf.reorder);
}

void
v6d_phase_tick(struct v6d_session *s)
{
	release(s, s->conf.reorder);
}

void
v6d_phase_gre(struct v6d_session *s, const uint8_t *p, size_t n)
{
	enum v6d_carrier_got got;
	struct v6d_wire frame, w;
	struct v6d_ppp ppp;
	uint32_t seq;

	if (!s->control.call) {
		keep_early(s, p, n);
		return;
	}
	got = v6d_carrier_receive(s, p, n, &frame, &s->echo.gre_len, &seq);
	w = frame;
	if (got == V6D_CARRIER_NOTHING ||
	    v6d_ppp_decode(&w, &ppp) != V6D_WIRE_OK)
		return;
	/* More than an MRU of information is lost in real PPP drivers. */
	if (v6d_wire_left(&w) > DEFAULT_MRU && v6d_wire_left(&w) > s->conf.mru)
		return;
	if (s->conf.reorder > 0)
		in_order(s, seq, frame, ppp.proto, w);
	else if (got == V6D_CARRIER_FRAME || passes_late(s, ppp.proto, &w))
		on_frame(s, ppp.proto, w);
}

uint8_t *
v6d_session_wrap(
    struct v6d_session *s, uint8_t *packet, size_t n, v6d_ns now, size_t *ret_n)
{
	if (s->state != V6D_SESSION_UP || !is_ipv6(packet, n) ||
	    n > v6d_session_mtu(s) ||
	    n > V6D_SESSION_FRAME - V6D_SESSION_HEADROOM)
		return NULL;
	if (now > s->now)
		s->now = now;
	return v6d_ccp_wrap(s, packet, n, ret_n);
}

void
v6d_phase_tun(struct v6d_session *s, const uint8_t *p, size_t n)
{
	uint8_t buf[V6D_SESSION_FRAME], *gre;

	if (n > sizeof(buf) - V6D_SESSION_HEADROOM || v6d_queue_full(s))
		return;
	memcpy(buf + V6D_SESSION_HEADROOM, p, n);
	gre = v6d_session_wrap(s, buf + V6D_SESSION_HEADROOM, n, s->now, &n);
	if (gre)
		v6d_queue_bytes(s, V6D_ACT_GRE_SEND, gre, n);
}

void
v6d_phase_lcp_up(struct v6d_session *s)
{
	if (s->state != V6D_SESSION_LCP)
		return;
	v6d_session_mark(s, &s->times.lcp);
	v6d_session_enter(s, V6D_SESSION_AUTH);
	if (!v6d_session_is_server(s))
		v6d_ctl_link_info(s);
	v6d_echo_start(s);
	v6d_auth_start(s);
}

/* The peer negotiates the link anew: all above it starts again. */
void
v6d_phase_lcp_down(struct v6d_session *s)
{
	v6d_echo_stop(s);
	v6d_auth_reset(s);
	v6d_ccp_reset(s);
	v6d_fsm_reset(&s->ipv6cp.fsm);
	v6d_session_enter(s, V6D_SESSION_LCP);
}

void
v6d_phase_identified(struct v6d_session *s)
{
	if (s->ipv6cp.fsm.state == V6D_FSM_CLOSED &&
	    s->conf.mppe != V6D_MPPE_REQUIRE)
		v6d_ipv6cp_open(s);
}

/* An IPCP Configure-Request for 192.0.2.1: a v6-only client refuses it. */
static void
offer_ipcp(struct v6d_session *s)
{
	static const uint8_t request[] = { V6D_CP_CONF_REQ, 1, 0, 10, 3, 6, 192,
		0, 2, 1 };

	v6d_carrier_send(s, V6D_PPP_IPCP, request, sizeof(request));
}

static void
open_network(struct v6d_session *s)
{
	if (v6d_session_is_server(s) && s->conf.server.offer_ipcp)
		offer_ipcp(s);
	if (!v6d_session_is_server(s) || !s->conf.server.no_ipv6)
		v6d_ipv6cp_open(s);
}

void
v6d_phase_authenticated(struct v6d_session *s)
{
	if (s->state != V6D_SESSION_AUTH)
		return;
	v6d_session_mark(s, &s->times.auth);
	v6d_session_enter(s, V6D_SESSION_NETWORK);
	v6d_ccp_start(s);
	if (!waits_for_ccp(s))
		open_network(s);
}

/* A peer that waited for this has dropped what we asked before. */
void
v6d_phase_ccp_up(struct v6d_session *s)
{
	struct v6d_fsm *f = &s->ipv6cp.fsm;

	if (s->state != V6D_SESSION_NETWORK)
		return;
	if (s->conf.mppe == V6D_MPPE_REQUIRE)
		open_network(s);
	else if (f->state == V6D_FSM_REQ_SENT || f->state == V6D_FSM_ACK_SENT)
		f->timer = s->now;
}

void
v6d_phase_ipv6cp_up(struct v6d_session *s)
{
	if (s->state != V6D_SESSION_NETWORK)
		return;
	v6d_session_mark(s, &s->times.ipv6cp);
	v6d_session_enter(s, V6D_SESSION_UP);
	v6d_queue_add(s, V6D_ACT_UP);
}

void
v6d_phase_ipv6cp_down(struct v6d_session *s)
{
	v6d_session_enter(s, V6D_SESSION_NETWORK);
}
