/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session.c - one PPTP call with PPP in it: its parts put together, events
 * in, time and deadlines.
 */
#include "tunnel/session_impl.h"

#include <stddef.h>

#include <nettle/sha1.h>

#define STEP_TIMEOUT V6D_S(10)
#define RESTART V6D_S(3) /* RFC 1661 4.6 */
#define PROTOCOL_UNREACHABLE (3 << 8 | 2) /* ICMP, RFC 792 */

void
v6d_session_enter(struct v6d_session *s, enum v6d_session_state st)
{
	if (s->state == V6D_SESSION_CLOSING || s->state == V6D_SESSION_DEAD)
		return;
	s->state = st;
	s->step =
	    st == V6D_SESSION_UP ? V6D_NEVER : s->now + s->conf.step_timeout;
}

void
v6d_session_random(struct v6d_session *s, uint8_t *ret, size_t n)
{
	uint8_t block[SHA1_DIGEST_SIZE];
	struct sha1_ctx c;

	while (n > 0) {
		size_t some = n < sizeof(block) ? n : sizeof(block);
		uint32_t i = s->n_random++;
		uint8_t counter[4] = { (uint8_t)(i >> 24), (uint8_t)(i >> 16),
			(uint8_t)(i >> 8), (uint8_t)i };

		sha1_init(&c);
		sha1_update(&c, sizeof(s->conf.random), s->conf.random);
		sha1_update(&c, sizeof(counter), counter);
		sha1_digest(&c, sizeof(block), block);
		memcpy(ret, block, some);
		ret += some;
		n -= some;
	}
}

size_t
v6d_session_size(void)
{
	return sizeof(struct v6d_session);
}

static void
fill_defaults(struct v6d_session_conf *c)
{
	c->user[sizeof(c->user) - 1] = '\0';
	c->password[sizeof(c->password) - 1] = '\0';
	if (c->step_timeout == 0)
		c->step_timeout = STEP_TIMEOUT;
	if (c->restart == 0)
		c->restart = RESTART;
	if (c->mppe == V6D_MPPE_REQUIRE) /* the others give no keys */
		c->auth &= V6D_AUTH_MSCHAPV2;
}

struct v6d_session *
v6d_session_init(void *mem, const struct v6d_session_conf *conf)
{
	struct v6d_session *s = mem;

	/* The ring of actions needs no zeros, and is large. */
	memset(s, 0, offsetof(struct v6d_session, queue.act));
	s->conf = *conf;
	fill_defaults(&s->conf);
	s->step = V6D_NEVER;
	s->times = (struct v6d_session_times){ V6D_NEVER, V6D_NEVER, V6D_NEVER,
		V6D_NEVER, V6D_NEVER, V6D_NEVER, V6D_NEVER, V6D_NEVER };
	s->control.call_id = s->conf.call_id;
	s->control.timer = V6D_NEVER;
	s->echo.timer = V6D_NEVER;
	v6d_reorder_init(&s->reorder);
	v6d_carrier_start(s);
	v6d_lcp_init(s);
	v6d_auth_reset(s);
	v6d_ccp_init(s);
	v6d_ipv6cp_init(s);
	v6d_session_random(s, s->echo.cookie, sizeof(s->echo.cookie));
	return s;
}

static void
on_start(struct v6d_session *s)
{
	if (s->state != V6D_SESSION_IDLE)
		return;
	s->tcp = true;
	v6d_session_mark(s, &s->times.start);
	if (v6d_session_is_server(s)) {
		v6d_ctl_tcp_up(s);
		return;
	}
	v6d_session_enter(s, V6D_SESSION_CONNECTING);
	v6d_queue_add(s, V6D_ACT_TCP_CONNECT);
}

/* How long an answer may take is known now. */
static void
on_tcp_up(struct v6d_session *s)
{
	v6d_ns first = s->conf.first_restart + 2 * (s->now - s->times.start);

	v6d_ctl_tcp_up(s);
	if (s->conf.first_restart == 0 || first > s->conf.restart)
		return;
	s->lcp.fsm.first = first;
	s->ccp.fsm.first = first;
	s->ipv6cp.fsm.first = first;
}

/* There is nothing left to close. */
static void
on_tcp_lost(struct v6d_session *s, int code)
{
	bool connecting = s->state == V6D_SESSION_CONNECTING;

	s->tcp = false;
	v6d_closing_die(
	    s, connecting ? V6D_WHY_TCP_FAILED : V6D_WHY_RESET, code, 0);
}

/* A real pptpd loses its GRE socket to this error, and closes TCP. */
static void
on_gre_icmp(struct v6d_session *s, int code)
{
	if (v6d_session_is_server(s) && s->control.call &&
	    !s->conf.server.ignore_icmp && code == PROTOCOL_UNREACHABLE)
		v6d_closing_die(s, V6D_WHY_HUNG_UP, code, 0);
}

static void
on_event(struct v6d_session *s, enum v6d_session_ev ev, const uint8_t *bytes,
    size_t len, int code)
{
	switch (ev) {
	case V6D_EV_START:
		on_start(s);
		break;
	case V6D_EV_TCP_UP:
		if (s->state == V6D_SESSION_CONNECTING)
			on_tcp_up(s);
		break;
	case V6D_EV_TCP_FAILED:
	case V6D_EV_TCP_RESET:
		if (s->tcp)
			on_tcp_lost(s, code);
		break;
	case V6D_EV_TCP_BYTES:
		if (s->state >= V6D_SESSION_WAIT_START)
			v6d_ctl_bytes(s, bytes, len);
		break;
	case V6D_EV_TCP_CLOSED:
		if (s->tcp)
			v6d_closing_die(s, V6D_WHY_CLOSED, 0, 0);
		break;
	case V6D_EV_GRE:
		v6d_phase_gre(s, bytes, len);
		break;
	case V6D_EV_GRE_ICMP:
		on_gre_icmp(s, code);
		break;
	case V6D_EV_TUN:
		v6d_phase_tun(s, bytes, len);
		break;
	case V6D_EV_STOP:
		v6d_closing_stop(s);
		break;
	case V6D_EV_TICK:
		break;
	}
}

static void
on_step_over(struct v6d_session *s)
{
	if (s->state == V6D_SESSION_CLOSING)
		v6d_closing_tick(s);
	else
		v6d_closing_fail(s, V6D_WHY_TIMEOUT, 0, 0);
}

/* What happened is heard first: a late wake-up is not the peer's fault. */
static void
run_timers(struct v6d_session *s)
{
	if (s->now >= s->step)
		on_step_over(s);
	if (s->now >= s->control.timer)
		v6d_ctl_tick(s);
	if (s->now >= s->lcp.fsm.timer)
		v6d_fsm_tick(&s->lcp.fsm, s->now);
	if (s->now >= s->auth.timer)
		v6d_auth_tick(s);
	if (s->now >= s->ccp.fsm.timer)
		v6d_fsm_tick(&s->ccp.fsm, s->now);
	if (s->now >= s->ipv6cp.fsm.timer)
		v6d_fsm_tick(&s->ipv6cp.fsm, s->now);
	if (s->now >= s->echo.timer)
		v6d_echo_tick(s);
	if (s->now >= s->carrier.ack_at)
		v6d_carrier_tick(s);
	if (s->now >= v6d_reorder_deadline(&s->reorder, s->conf.reorder))
		v6d_phase_tick(s);
}

void
v6d_session_feed(struct v6d_session *s, enum v6d_session_ev ev,
    const uint8_t *bytes, size_t len, int code, v6d_ns now)
{
	if (s->state == V6D_SESSION_DEAD)
		return;
	if (now > s->now)
		s->now = now;
	on_event(s, ev, bytes, len, code);
	run_timers(s);
}

void
v6d_session_receive(struct v6d_session *s, uint8_t *gre, size_t n, v6d_ns now,
    struct v6d_session_packets *ret)
{
	ret->n = 0;
	ret->held = false;
	if (s->state == V6D_SESSION_DEAD)
		return;
	if (now > s->now)
		s->now = now;
	s->sink = ret;
	s->writable = gre;
	v6d_phase_gre(s, gre, n);
	s->sink = NULL;
	s->writable = NULL;
}

v6d_ns
v6d_session_deadline(const struct v6d_session *s)
{
	const v6d_ns timers[] = { s->step, s->control.timer, s->lcp.fsm.timer,
		s->auth.timer, s->ccp.fsm.timer, s->ipv6cp.fsm.timer,
		s->echo.timer, s->carrier.ack_at,
		v6d_reorder_deadline(&s->reorder, s->conf.reorder) };
	v6d_ns first = V6D_NEVER;

	if (s->state == V6D_SESSION_DEAD)
		return V6D_NEVER;
	for (size_t i = 0; i < V6D_ARRAY_LEN(timers); i++)
		if (timers[i] < first)
			first = timers[i];
	return first;
}

enum v6d_session_state
v6d_session_state(const struct v6d_session *s)
{
	return s->state;
}

enum v6d_session_state
v6d_session_failed_in(const struct v6d_session *s)
{
	return s->failed_in;
}

enum v6d_session_why
v6d_session_why(const struct v6d_session *s)
{
	return s->why;
}

int
v6d_session_code(const struct v6d_session *s)
{
	return s->code;
}

int
v6d_session_code2(const struct v6d_session *s)
{
	return s->code2;
}

const struct v6d_session_times *
v6d_session_times(const struct v6d_session *s)
{
	return &s->times;
}

uint16_t
v6d_session_call_id(const struct v6d_session *s)
{
	return s->control.call_id;
}

uint16_t
v6d_session_peer_call_id(const struct v6d_session *s)
{
	return s->control.peer_call_id;
}

const uint8_t *
v6d_session_ifid(const struct v6d_session *s)
{
	return s->ipv6cp.ifid;
}

const uint8_t *
v6d_session_peer_ifid(const struct v6d_session *s)
{
	return s->ipv6cp.peer_ifid;
}

uint16_t
v6d_session_peer_mru(const struct v6d_session *s)
{
	return s->lcp.peer_mru;
}

uint32_t
v6d_session_next_seq(const struct v6d_session *s)
{
	return s->carrier.next_seq;
}

uint32_t
v6d_session_acked(const struct v6d_session *s)
{
	return s->carrier.acked;
}
