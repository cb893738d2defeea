/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * auth.c - who the client is: PAP (RFC 1334 2) and MS-CHAPv2 (RFC 2759),
 * the client's side and the server's.
 */
#include "proto/auth.h"

#include <stdio.h>

#include "tunnel/session_impl.h"

#define PACKET 600
#define BAD_CREDENTIALS 691 /* RFC 2759 6 */
#define NT_OFFSET 24 /* of the NT-Response in a Response's value */

static void
send(struct v6d_session *s, uint16_t proto, const struct v6d_out *o)
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
	send(s, V6D_PPP_PAP, &o);
}

static void
send_pap_reply(struct v6d_session *s, uint8_t id, bool accepted)
{
	uint8_t buf[PACKET];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	v6d_pap_encode_reply(&o, accepted ? V6D_PAP_ACK : V6D_PAP_NAK, id,
	    accepted ? "Login ok" : "Login incorrect");
	send(s, V6D_PPP_PAP, &o);
}

static void
send_chap_value(
    struct v6d_session *s, uint8_t code, const uint8_t *value, uint8_t n)
{
	uint8_t buf[PACKET];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	v6d_chap_encode_value(&o, code, s->auth.id, value, n,
	    v6d_session_is_server(s) ? "v6doctor" : s->conf.user);
	send(s, V6D_PPP_CHAP, &o);
}

static void
send_chap_verdict(struct v6d_session *s)
{
	static const char refusal[] =
	    "E=%d R=0 C=00000000000000000000000000000000 V=3 M=Access denied";
	uint8_t buf[PACKET];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	char message[128];

	if (s->auth.accepted)
		snprintf(message, sizeof(message), "%s M=Access granted",
		    s->auth.proof);
	else
		snprintf(message, sizeof(message), refusal, BAD_CREDENTIALS);
	v6d_chap_encode_message(&o,
	    s->auth.accepted ? V6D_CHAP_SUCCESS : V6D_CHAP_FAILURE, s->auth.id,
	    message);
	send(s, V6D_PPP_CHAP, &o);
}

/* Sends what the other side has to react to, and again if it does not. */
static void
ask(struct v6d_session *s)
{
	struct v6d_auth *a = &s->auth;

	if (v6d_session_is_server(s))
		send_chap_value(
		    s, V6D_CHAP_CHALLENGE, a->challenge, sizeof(a->challenge));
	else if (a->method == V6D_AUTH_PAP)
		send_pap_request(s);
	else
		send_chap_value(
		    s, V6D_CHAP_RESPONSE, a->value, sizeof(a->value));
	a->timer = s->now + s->conf.restart;
}

static void
succeed(struct v6d_session *s)
{
	s->auth.timer = V6D_NEVER;
	if (s->auth.done)
		return;
	s->auth.done = true;
	v6d_phase_authenticated(s);
}

/* Server: the link goes with the verdict; the client may still hang up. */
static void
turn_away(struct v6d_session *s)
{
	s->auth.timer = V6D_NEVER;
	v6d_fsm_close(&s->lcp.fsm);
	v6d_closing_linger(s, V6D_WHY_AUTH_REJECTED, BAD_CREDENTIALS, 0);
}

static bool
is_text(const char *text, const uint8_t *p, size_t n)
{
	return strlen(text) == n && (n == 0 || memcmp(text, p, n) == 0);
}

/* Server. */
static void
on_pap_request(struct v6d_session *s, const struct v6d_pap *p)
{
	bool good = is_text(s->conf.user, p->id, p->id_len) &&
		    is_text(s->conf.password, p->password, p->password_len);

	send_pap_reply(s, p->cp.id, good);
	if (good)
		succeed(s);
	else
		turn_away(s);
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
		succeed(s);
	else if (!server && p.cp.code == V6D_PAP_NAK && !s->auth.done)
		on_pap_nak(s, &p);
}

/* Client. The same challenge again gets the same response. */
static void
on_challenge(struct v6d_session *s, const struct v6d_chap *c)
{
	struct v6d_auth *a = &s->auth;
	struct v6d_mschap m = { a->challenge, a->value, s->conf.user,
		s->conf.password };

	if (c->value_len != sizeof(a->challenge))
		return;
	if (!a->responded || a->id != c->cp.id ||
	    memcmp(a->challenge, c->value, sizeof(a->challenge)) != 0) {
		memcpy(a->challenge, c->value, sizeof(a->challenge));
		memset(a->value, 0, sizeof(a->value));
		v6d_session_random(s, a->value, V6D_MSCHAP_CHALLENGE);
		v6d_mschap_nt_response(&m, a->value + NT_OFFSET);
		v6d_mschap_proof(&m, a->value + NT_OFFSET, a->proof);
		a->id = c->cp.id;
		a->responded = true;
	}
	ask(s);
	v6d_phase_identified(s);
}

/* Client. A server that does not know the password cannot say this. */
static void
on_success(struct v6d_session *s, const struct v6d_chap *c)
{
	if (c->message_len < V6D_MSCHAP_PROOF ||
	    memcmp(c->message, s->auth.proof, V6D_MSCHAP_PROOF) != 0)
		v6d_closing_fail(s, V6D_WHY_AUTH_BAD_PEER, 0, 0);
	else
		succeed(s);
}

static void
on_failure(struct v6d_session *s, const struct v6d_chap *c)
{
	v6d_closing_fail(s, V6D_WHY_AUTH_REJECTED,
	    (int)v6d_mschap_error(c->message, c->message_len), 0);
}

/* Server: is this what a client with our user's password would say? */
static bool
verify(struct v6d_session *s, const struct v6d_chap *c)
{
	struct v6d_mschap m = { s->auth.challenge, c->value, s->conf.user,
		s->conf.password };
	uint8_t nt[V6D_MSCHAP_NT];

	if (!is_text(s->conf.user, c->name, c->name_len))
		return false;
	v6d_mschap_nt_response(&m, nt);
	v6d_mschap_proof(&m, nt, s->auth.proof);
	return memcmp(nt, c->value + NT_OFFSET, sizeof(nt)) == 0;
}

/* Server. A repeated response gets the same verdict (RFC 1994 4.2). */
static void
on_response(struct v6d_session *s, const struct v6d_chap *c)
{
	struct v6d_auth *a = &s->auth;

	if (c->cp.id != a->id || c->value_len != V6D_MSCHAP_RESPONSE)
		return;
	if (!a->judged)
		a->accepted = verify(s, c);
	a->judged = true;
	send_chap_verdict(s);
	if (a->accepted)
		succeed(s);
	else
		turn_away(s);
}

static void
on_chap_client(struct v6d_session *s, const struct v6d_chap *c)
{
	if (c->cp.code == V6D_CHAP_CHALLENGE)
		on_challenge(s, c);
	else if (!s->auth.responded || c->cp.id != s->auth.id)
		return;
	else if (c->cp.code == V6D_CHAP_SUCCESS)
		on_success(s, c);
	else if (c->cp.code == V6D_CHAP_FAILURE)
		on_failure(s, c);
}

void
v6d_auth_chap(struct v6d_session *s, struct v6d_wire *w)
{
	struct v6d_chap c = { 0 };

	if (s->auth.method != V6D_AUTH_MSCHAPV2 ||
	    v6d_chap_decode(w, &c) != V6D_WIRE_OK)
		return;
	if (!v6d_session_is_server(s))
		on_chap_client(s, &c);
	else if (c.cp.code == V6D_CHAP_RESPONSE)
		on_response(s, &c);
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

/* PAP is the client's to begin, CHAP the server's. */
void
v6d_auth_start(struct v6d_session *s)
{
	bool server = v6d_session_is_server(s);
	struct v6d_auth *a = &s->auth;

	v6d_auth_reset(s);
	a->method = server ? s->lcp.demand : s->lcp.perform;
	if (a->method == V6D_AUTH_NONE) {
		succeed(s);
	} else if (server && a->method == V6D_AUTH_MSCHAPV2) {
		a->id++;
		v6d_session_random(s, a->challenge, sizeof(a->challenge));
		ask(s);
	} else if (!server && a->method == V6D_AUTH_PAP) {
		ask(s);
		v6d_phase_identified(s);
	}
}

void
v6d_auth_tick(struct v6d_session *s)
{
	ask(s);
}
