/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * auth.c - who the client is: what all methods share, and PAP (RFC 1334 2),
 * the client's side and the server's.
 */
#include "proto/auth.h"

#include "tunnel/session_impl.h"

#define PACKET 600
#define BAD_CREDENTIALS 691 /* RFC 2759 6 */

void
v6d_auth_send(struct v6d_session *s, uint16_t proto, const struct v6d_out *o)
{
	if (!o->full)
		v6d_carrier_send(s, proto, o->p, o->len);
}

static void
send_pap_request(struct v6d_session *s)
{
	uint8_t buf[PACKET];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	v6d_pap_encode_req(&o, ++s->auth.id, s->conf.user, s->conf.password);
	v6d_auth_send(s, V6D_PPP_PAP, &o);
}

static void
send_pap_reply(struct v6d_session *s, uint8_t id, bool accepted)
{
	uint8_t buf[PACKET];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	v6d_pap_encode_reply(&o, accepted ? V6D_PAP_ACK : V6D_PAP_NAK, id,
	    accepted ? "Login ok" : "Login incorrect");
	v6d_auth_send(s, V6D_PPP_PAP, &o);
}

void
v6d_auth_ask(struct v6d_session *s)
{
	struct v6d_auth *a = &s->auth;

	if (a->method == V6D_AUTH_PAP)
		send_pap_request(s);
	else if (a->method == V6D_AUTH_EAP)
		v6d_eap_ask(s);
	else
		v6d_chap_ask(s);
	a->timer = s->now + s->conf.restart;
}

void
v6d_auth_succeed(struct v6d_session *s)
{
	s->auth.timer = V6D_NEVER;
	if (s->auth.done)
		return;
	s->auth.done = true;
	v6d_phase_authenticated(s);
}

void
v6d_auth_turn_away(struct v6d_session *s)
{
	s->auth.timer = V6D_NEVER;
	v6d_fsm_close(&s->lcp.fsm);
	v6d_closing_linger(s, V6D_WHY_AUTH_REJECTED, BAD_CREDENTIALS, 0);
}

bool
v6d_auth_is_text(const char *text, const uint8_t *p, size_t n)
{
	return strlen(text) == n && (n == 0 || memcmp(text, p, n) == 0);
}

/* Server. */
static void
on_pap_request(struct v6d_session *s, const struct v6d_pap *p)
{
	bool good =
	    v6d_auth_is_text(s->conf.user, p->id, p->id_len) &&
	    v6d_auth_is_text(s->conf.password, p->password, p->password_len);

	send_pap_reply(s, p->cp.id, good);
	if (good)
		v6d_auth_succeed(s);
	else
		v6d_auth_turn_away(s);
}

/* Client. pppd puts an MS-CHAP style message there when it has one. */
static void
on_pap_nak(struct v6d_session *s, const struct v6d_pap *p)
{
	v6d_closing_fail(s, V6D_WHY_AUTH_REJECTED,
	    (int)v6d_mschap_error(p->id, p->id_len), 0);
}

void
v6d_auth_pap(struct v6d_session *s, struct v6d_wire *w)
{
	bool server = v6d_session_is_server(s);
	struct v6d_pap p = { 0 };

	if (s->auth.method != V6D_AUTH_PAP ||
	    v6d_pap_decode(w, &p) != V6D_WIRE_OK)
		return;
	if (server && p.cp.code == V6D_PAP_REQ)
		on_pap_request(s, &p);
	else if (!server && p.cp.code == V6D_PAP_ACK)
		v6d_auth_succeed(s);
	else if (!server && p.cp.code == V6D_PAP_NAK && !s->auth.done)
		on_pap_nak(s, &p);
}

void
v6d_auth_reset(struct v6d_session *s)
{
	uint8_t id = s->auth.id;

	s->auth = (struct v6d_auth){
		.method = V6D_AUTH_NONE,
		.timer = V6D_NEVER,
		.id = id,
	};
}

/* PAP is the client's to begin, everything else the server's. */
void
v6d_auth_start(struct v6d_session *s)
{
	bool server = v6d_session_is_server(s);
	struct v6d_auth *a = &s->auth;

	v6d_auth_reset(s);
	a->method = server ? s->lcp.demand : s->lcp.perform;
	if (a->method == V6D_AUTH_NONE) {
		v6d_auth_succeed(s);
	} else if (server && a->method != V6D_AUTH_PAP) {
		a->id++;
		a->challenge_len = V6D_MSCHAP_CHALLENGE;
		v6d_session_random(s, a->challenge, a->challenge_len);
		v6d_auth_ask(s);
	} else if (!server && a->method == V6D_AUTH_PAP) {
		v6d_auth_ask(s);
		v6d_phase_identified(s);
	}
}

void
v6d_auth_tick(struct v6d_session *s)
{
	v6d_auth_ask(s);
}
