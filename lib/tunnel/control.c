/* SPDX-License-Identifier: GPL-2.0-or-later */
/* control.c - the PPTP control connection (RFC 2637 2, 3). */
#include "tunnel/session_impl.h"

#define ECHO_INTERVAL V6D_S(60) /* RFC 2637 3.1.4 */
#define VERSION 0x0100
#define WINDOW 64 /* GRE packets that we take without an ack */
#define MAX_BPS 100000000u
#define ACCM_ALL 0xffffffffu /* RFC 1662 7.1: the default */

enum { RESULT_OK = 1, START_BAD_VERSION = 5 };
enum { CALL_BUSY = 4 };
enum { CDN_REQUEST = 4 };
enum { STOP_LOCAL_SHUTDOWN = 3 };

/* One message, one action, one TCP segment: NAT helpers need it so. */
static void
send_message(struct v6d_session *s, const struct v6d_pptp *m)
{
	struct v6d_session_act *a = v6d_queue_add(s, V6D_ACT_TCP_SEND);
	struct v6d_out o;

	if (!a)
		return;
	o = v6d_out_to(a->bytes, sizeof(a->bytes));
	v6d_pptp_encode(&o, m);
	a->len = o.len;
}

static void
send_start(struct v6d_session *s, uint16_t type, uint8_t result)
{
	struct v6d_pptp m = {
		.type = type,
		.version = VERSION,
		.result = result,
		.framing = 3, /* asynchronous and synchronous */
		.bearer = 3, /* analog and digital */
		.max_channels = v6d_session_is_server(s) ? 1 : 0,
		.firmware = 1,
	};

	memcpy(m.host, "local", sizeof("local"));
	memcpy(m.vendor, "v6doctor", sizeof("v6doctor"));
	send_message(s, &m);
}

static void
send_call_request(struct v6d_session *s)
{
	struct v6d_pptp m = {
		.type = V6D_PPTP_OCRQ,
		.call_id = s->control.call_id,
		.serial = s->conf.serial,
		.min_bps = 300,
		.max_bps = MAX_BPS,
		.bearer = 3,
		.framing = 3,
		.window = WINDOW,
	};

	send_message(s, &m);
}

static void
send_call_reply(
    struct v6d_session *s, const struct v6d_pptp *request, uint8_t result)
{
	struct v6d_pptp m = {
		.type = V6D_PPTP_OCRP,
		.call_id = s->control.call_id,
		.peer_call_id = request->call_id,
		.result = result,
		.max_bps = request->max_bps,
		.window = request->window,
	};

	send_message(s, &m);
}

static void
send_disconnect(struct v6d_session *s, uint8_t result)
{
	struct v6d_pptp m = {
		.type = V6D_PPTP_CDN,
		.call_id = s->control.call_id,
		.result = result,
	};

	send_message(s, &m);
}

/* 2.15: all control characters escaped, as nothing else is known of GRE. */
void
v6d_ctl_link_info(struct v6d_session *s)
{
	struct v6d_pptp m = {
		.type = V6D_PPTP_SLI,
		.peer_call_id = s->control.peer_call_id,
		.send_accm = ACCM_ALL,
		.recv_accm = ACCM_ALL,
	};

	send_message(s, &m);
}

/* The control connection stands: from now on it is kept alive. */
static void
started(struct v6d_session *s)
{
	s->control.started = true;
	s->control.timer = s->now + ECHO_INTERVAL;
	v6d_session_mark(s, &s->times.sccrp);
	v6d_session_enter(s, V6D_SESSION_WAIT_CALL);
}

static void
call_stands(struct v6d_session *s, uint16_t peer_call_id)
{
	s->control.call = true;
	s->control.peer_call_id = peer_call_id;
	v6d_session_mark(s, &s->times.ocrp);
	v6d_phase_call_up(s);
}

/* Client. Some modems say 0 for success. */
static void
on_start_reply(struct v6d_session *s, const struct v6d_pptp *m)
{
	if (s->state != V6D_SESSION_WAIT_START)
		return;
	if (m->result > RESULT_OK) {
		v6d_closing_fail(s, V6D_WHY_START_REFUSED, m->result, m->error);
		return;
	}
	started(s);
	send_call_request(s);
}

/* Client. A reply to somebody else's call is not ours. */
static void
on_call_reply(struct v6d_session *s, const struct v6d_pptp *m)
{
	if (s->state != V6D_SESSION_WAIT_CALL ||
	    m->peer_call_id != s->control.call_id)
		return;
	if (m->result != RESULT_OK)
		v6d_closing_fail(s, V6D_WHY_CALL_REFUSED, m->result, m->error);
	else
		call_stands(s, m->call_id);
}

/* Server. */
static void
on_start_request(struct v6d_session *s, const struct v6d_pptp *m)
{
	uint8_t result = s->conf.server.refuse_start;

	if (s->state != V6D_SESSION_WAIT_START)
		return;
	if (result <= RESULT_OK)
		result = m->version >> 8 == VERSION >> 8 ? RESULT_OK
							 : START_BAD_VERSION;
	send_start(s, V6D_PPTP_SCCRP, result);
	if (result == RESULT_OK)
		started(s);
	else
		v6d_closing_linger(s, V6D_WHY_START_REFUSED, result, 0);
}

/* Server. One call to a control connection. */
static void
on_call_request(struct v6d_session *s, const struct v6d_pptp *m)
{
	uint8_t refuse = s->conf.server.refuse_call;

	if (!s->control.started || s->state == V6D_SESSION_CLOSING)
		return;
	if (s->state != V6D_SESSION_WAIT_CALL) {
		send_call_reply(s, m, CALL_BUSY);
	} else if (s->conf.server.drop_call) {
		v6d_closing_die(s, V6D_WHY_CALL_REFUSED, 0, 0);
	} else if (refuse > RESULT_OK) {
		send_call_reply(s, m, refuse);
		v6d_closing_linger(s, V6D_WHY_CALL_REFUSED, refuse, 0);
	} else {
		send_call_reply(s, m, RESULT_OK);
		call_stands(s, m->call_id);
	}
}

/* Server. The client hangs up; it may still want to stop in order. */
static void
on_clear(struct v6d_session *s)
{
	if (!s->control.call)
		return;
	send_disconnect(s, CDN_REQUEST);
	s->control.call = false;
	v6d_closing_linger(s, V6D_WHY_DISCONNECTED, CDN_REQUEST, 0);
}

/*
 * Client. By the RFC the id is the server's own, but some servers and NAT
 * helpers put ours there.
 */
static void
on_disconnect(struct v6d_session *s, const struct v6d_pptp *m)
{
	if (!s->control.call || (m->call_id != s->control.call_id &&
				    m->call_id != s->control.peer_call_id))
		return;
	s->control.call = false;
	if (s->state == V6D_SESSION_CLOSING)
		v6d_closing_answered(s, V6D_CLOSING_CALL);
	else
		v6d_closing_fail(s, V6D_WHY_DISCONNECTED, m->result, m->error);
}

static void
on_stop(struct v6d_session *s, const struct v6d_pptp *m)
{
	struct v6d_pptp reply = { .type = V6D_PPTP_STOPCCRP,
		.result = RESULT_OK };

	send_message(s, &reply);
	v6d_closing_die(s, V6D_WHY_STOP_RECEIVED, m->result, 0);
}

static void
on_echo_request(struct v6d_session *s, const struct v6d_pptp *m)
{
	struct v6d_pptp reply = { .type = V6D_PPTP_ECHORP,
		.echo_id = m->echo_id,
		.result = RESULT_OK };

	send_message(s, &reply);
}

static void
on_echo_reply(struct v6d_session *s, const struct v6d_pptp *m)
{
	if (m->echo_id == s->control.echo_id)
		v6d_queue_add(s, V6D_ACT_CONTROL_ECHO_REPLY);
}

/* Messages that only one role is asked to understand. */
static void
on_role_message(struct v6d_session *s, const struct v6d_pptp *m)
{
	bool server = v6d_session_is_server(s);

	if (server && m->type == V6D_PPTP_SCCRQ)
		on_start_request(s, m);
	else if (server && m->type == V6D_PPTP_OCRQ)
		on_call_request(s, m);
	else if (server && m->type == V6D_PPTP_CCR)
		on_clear(s);
	else if (!server && m->type == V6D_PPTP_SCCRP)
		on_start_reply(s, m);
	else if (!server && m->type == V6D_PPTP_OCRP)
		on_call_reply(s, m);
	else if (!server && m->type == V6D_PPTP_CDN)
		on_disconnect(s, m);
}

/* Set-Link-Info, WAN-Error-Notify and strange types need no answer. */
static void
on_message(struct v6d_session *s, const struct v6d_pptp *m)
{
	if (s->control.started) {
		s->control.waits_echo = false;
		s->control.timer = s->now + ECHO_INTERVAL;
	}
	switch (m->type) {
	case V6D_PPTP_ECHORQ:
		on_echo_request(s, m);
		break;
	case V6D_PPTP_ECHORP:
		on_echo_reply(s, m);
		break;
	case V6D_PPTP_STOPCCRQ:
		on_stop(s, m);
		break;
	case V6D_PPTP_STOPCCRP:
		v6d_closing_answered(s, V6D_CLOSING_CONTROL);
		break;
	default:
		on_role_message(s, m);
		break;
	}
}

/* Takes one whole message off the buffer; false when there is none. */
static bool
next_message(struct v6d_session *s)
{
	struct v6d_ctl *c = &s->control;
	struct v6d_pptp m;
	struct v6d_wire w;
	size_t len;
	enum v6d_wire_err err = v6d_pptp_peek(c->in, c->in_len, &len);

	if (err == V6D_WIRE_MALFORMED) {
		v6d_closing_die(s, V6D_WHY_NOT_PPTP, 0, 0);
		return false;
	}
	if (err != V6D_WIRE_OK || c->in_len < len)
		return false;
	w = v6d_wire_from(c->in, len, len);
	err = v6d_pptp_decode(&w, &m);
	c->in_len -= len;
	memmove(c->in, c->in + len, c->in_len);
	if (err == V6D_WIRE_OK)
		on_message(s, &m);
	else
		v6d_closing_die(s, V6D_WHY_NOT_PPTP, 0, 0);
	return s->state != V6D_SESSION_DEAD;
}

void
v6d_ctl_tcp_up(struct v6d_session *s)
{
	v6d_session_mark(s, &s->times.tcp);
	v6d_session_enter(s, V6D_SESSION_WAIT_START);
	if (!v6d_session_is_server(s))
		send_start(s, V6D_PPTP_SCCRQ, 0);
}

void
v6d_ctl_bytes(struct v6d_session *s, const uint8_t *p, size_t n)
{
	struct v6d_ctl *c = &s->control;

	while (n > 0 && s->state != V6D_SESSION_DEAD) {
		size_t room = sizeof(c->in) - c->in_len;
		size_t some = n < room ? n : room;

		memcpy(c->in + c->in_len, p, some);
		c->in_len += some;
		p += some;
		n -= some;
		while (next_message(s))
			;
	}
}

static void
send_echo(struct v6d_session *s)
{
	struct v6d_pptp m = { .type = V6D_PPTP_ECHORQ,
		.echo_id = ++s->control.echo_id };

	s->control.waits_echo = true;
	s->control.timer = s->now + ECHO_INTERVAL;
	send_message(s, &m);
}

void
v6d_ctl_tick(struct v6d_session *s)
{
	if (s->control.waits_echo)
		v6d_closing_fail(s, V6D_WHY_ECHO_LOST, 0, 0);
	else
		send_echo(s);
}

bool
v6d_session_control_echo(struct v6d_session *s, v6d_ns now)
{
	if (!s->control.started || s->state >= V6D_SESSION_CLOSING ||
	    v6d_queue_full(s))
		return false;
	if (now > s->now)
		s->now = now;
	if (!s->control.waits_echo)
		send_echo(s);
	return true;
}

void
v6d_ctl_end_call(struct v6d_session *s, uint8_t result)
{
	struct v6d_pptp m = { .type = V6D_PPTP_CCR,
		.call_id = s->control.call_id };

	if (v6d_session_is_server(s))
		send_disconnect(s, result);
	else
		send_message(s, &m);
}

void
v6d_ctl_stop(struct v6d_session *s)
{
	struct v6d_pptp m = { .type = V6D_PPTP_STOPCCRQ,
		.result = STOP_LOCAL_SHUTDOWN };

	send_message(s, &m);
}
