/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * chap.c - CHAP with MD5 (RFC 1994) and MS-CHAPv2 (RFC 2759), the client's
 * side and the server's.
 */
#include <stdio.h>

#include <nettle/md5.h>

#include "proto/auth.h"
#include "tunnel/session_impl.h"

#define PACKET 600
#define BAD_CREDENTIALS 691 /* RFC 2759 6 */
#define NT_OFFSET 24 /* of the NT-Response in a Response's value */

void
v6d_chap_md5(const struct v6d_session *s, uint8_t id, const uint8_t *challenge,
    size_t n, uint8_t ret[V6D_MD5])
{
	struct md5_ctx c;

	md5_init(&c);
	md5_update(&c, 1, &id);
	md5_update(
	    &c, strlen(s->conf.password), (const uint8_t *)s->conf.password);
	md5_update(&c, n, challenge);
	md5_digest(&c, V6D_MD5, ret);
}

static void
send_value(struct v6d_session *s, uint8_t code, const uint8_t *value, uint8_t n)
{
	uint8_t buf[PACKET];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	v6d_chap_encode_value(&o, code, s->auth.id, value, n,
	    v6d_session_is_server(s) ? "v6doctor" : s->conf.user);
	v6d_auth_send(s, V6D_PPP_CHAP, &o);
}

void
v6d_chap_ask(struct v6d_session *s)
{
	const struct v6d_auth *a = &s->auth;

	if (v6d_session_is_server(s))
		send_value(
		    s, V6D_CHAP_CHALLENGE, a->challenge, a->challenge_len);
	else
		send_value(s, V6D_CHAP_RESPONSE, a->value, a->value_len);
}

/* What a Success or a Failure says. */
static const char *
verdict_text(const struct v6d_auth *a, char *buf, size_t n)
{
	static const char refusal[] =
	    "E=%d R=0 C=00000000000000000000000000000000 V=3 M=Access denied";

	if (a->method != V6D_AUTH_MSCHAPV2)
		return a->accepted ? "Access granted" : "Access denied";
	if (a->accepted)
		snprintf(buf, n, "%s M=Access granted", a->proof);
	else
		snprintf(buf, n, refusal, BAD_CREDENTIALS);
	return buf;
}

static void
send_verdict(struct v6d_session *s)
{
	const struct v6d_auth *a = &s->auth;
	uint8_t buf[PACKET];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	char text[128];

	v6d_chap_encode_message(&o,
	    a->accepted ? V6D_CHAP_SUCCESS : V6D_CHAP_FAILURE, a->id,
	    verdict_text(a, text, sizeof(text)));
	v6d_auth_send(s, V6D_PPP_CHAP, &o);
}

/* Client. */
static void
respond_msv2(struct v6d_session *s)
{
	struct v6d_auth *a = &s->auth;
	struct v6d_mschap m = { a->challenge, a->value, s->conf.user,
		s->conf.password };

	a->value_len = V6D_MSCHAP_RESPONSE;
	memset(a->value, 0, sizeof(a->value));
	v6d_session_random(s, a->value, V6D_MSCHAP_CHALLENGE);
	v6d_mschap_nt_response(&m, a->value + NT_OFFSET);
	v6d_mschap_proof(&m, a->value + NT_OFFSET, a->proof);
}

static void
respond_md5(struct v6d_session *s)
{
	struct v6d_auth *a = &s->auth;

	a->value_len = V6D_MD5;
	v6d_chap_md5(s, a->id, a->challenge, a->challenge_len, a->value);
}

static bool
is_same_challenge(const struct v6d_auth *a, const struct v6d_chap *c)
{
	return a->responded && a->id == c->cp.id &&
	       a->challenge_len == c->value_len &&
	       memcmp(a->challenge, c->value, c->value_len) == 0;
}

/* Client. The same challenge again gets the same response. */
static void
on_challenge(struct v6d_session *s, const struct v6d_chap *c)
{
	struct v6d_auth *a = &s->auth;
	bool msv2 = a->method == V6D_AUTH_MSCHAPV2;

	if (c->value_len == 0 || (msv2 && c->value_len != V6D_MSCHAP_CHALLENGE))
		return;
	if (!is_same_challenge(a, c)) {
		memcpy(a->challenge, c->value, c->value_len);
		a->challenge_len = (uint8_t)c->value_len;
		a->id = c->cp.id;
		a->responded = true;
		if (msv2)
			respond_msv2(s);
		else
			respond_md5(s);
	}
	v6d_auth_ask(s);
	if (s->auth.done) /* challenged again while the link is up */
		return;
	v6d_phase_identified(s);
}

/* Client. A server that does not know the password cannot say this. */
static void
on_success(struct v6d_session *s, const struct v6d_chap *c)
{
	if (s->auth.method == V6D_AUTH_MSCHAPV2 &&
	    (c->message_len < V6D_MSCHAP_PROOF ||
		memcmp(c->message, s->auth.proof, V6D_MSCHAP_PROOF) != 0))
		v6d_closing_fail(s, V6D_WHY_AUTH_BAD_PEER, 0, 0);
	else
		v6d_auth_succeed(s);
}

static void
on_failure(struct v6d_session *s, const struct v6d_chap *c)
{
	v6d_closing_fail(s, V6D_WHY_AUTH_REJECTED,
	    (int)v6d_mschap_error(c->message, c->message_len), 0);
}

bool
v6d_chap_verify_md5(const struct v6d_session *s, const uint8_t *value, size_t n,
    const uint8_t *name, size_t name_len)
{
	const struct v6d_auth *a = &s->auth;
	uint8_t want[V6D_MD5];

	if (n != V6D_MD5 || !v6d_auth_is_text(s->conf.user, name, name_len))
		return false;
	v6d_chap_md5(s, a->id, a->challenge, a->challenge_len, want);
	return memcmp(want, value, V6D_MD5) == 0;
}

/* Server: is this what a client with our user's password would say? */
static bool
verify_msv2(struct v6d_session *s, const struct v6d_chap *c)
{
	struct v6d_auth *a = &s->auth;
	struct v6d_mschap m = { a->challenge, c->value, s->conf.user,
		s->conf.password };
	uint8_t nt[V6D_MSCHAP_NT];

	if (!v6d_auth_is_text(s->conf.user, c->name, c->name_len))
		return false;
	v6d_mschap_nt_response(&m, nt);
	v6d_mschap_proof(&m, nt, a->proof);
	memcpy(a->value, c->value, V6D_MSCHAP_RESPONSE);
	return memcmp(nt, c->value + NT_OFFSET, sizeof(nt)) == 0;
}

/* Server. A repeated response gets the same verdict (RFC 1994 4.2). */
static void
on_response(struct v6d_session *s, const struct v6d_chap *c)
{
	struct v6d_auth *a = &s->auth;
	bool msv2 = a->method == V6D_AUTH_MSCHAPV2;

	if (c->cp.id != a->id ||
	    c->value_len != (msv2 ? V6D_MSCHAP_RESPONSE : V6D_MD5))
		return;
	if (!a->judged)
		a->accepted = msv2 ? verify_msv2(s, c)
				   : v6d_chap_verify_md5(s, c->value,
					 c->value_len, c->name, c->name_len);
	a->judged = true;
	send_verdict(s);
	if (a->accepted)
		v6d_auth_succeed(s);
	else
		v6d_auth_turn_away(s);
}

static void
on_client(struct v6d_session *s, const struct v6d_chap *c)
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
	enum v6d_auth_mask m = s->auth.method;
	struct v6d_chap c = { 0 };

	if ((m != V6D_AUTH_MSCHAPV2 && m != V6D_AUTH_CHAP) ||
	    v6d_chap_decode(w, &c) != V6D_WIRE_OK)
		return;
	if (!v6d_session_is_server(s))
		on_client(s, &c);
	else if (c.cp.code == V6D_CHAP_RESPONSE)
		on_response(s, &c);
}
