/* SPDX-License-Identifier: GPL-2.0-or-later */
/* eap.c - EAP with MD5-Challenge (RFC 3748), client's and server's side. */
#include "proto/eap.h"

#include "tunnel/session_impl.h"

#define PACKET 600

static void
send_simple(struct v6d_session *s, uint8_t code, uint8_t id)
{
	uint8_t buf[PACKET];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	v6d_cp_encode(&o, code, id, NULL, 0);
	v6d_auth_send(s, V6D_PPP_EAP, &o);
}

static void
send_data(struct v6d_session *s, uint8_t code, uint8_t type, const void *data,
    size_t n)
{
	uint8_t buf[PACKET];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	v6d_eap_encode(&o, code, s->auth.id, type, data, n);
	v6d_auth_send(s, V6D_PPP_EAP, &o);
}

static void
send_md5(struct v6d_session *s, uint8_t code, const uint8_t *value, uint8_t n)
{
	uint8_t buf[PACKET];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	v6d_eap_encode_md5(&o, code, s->auth.id, value, n,
	    v6d_session_is_server(s) ? "v6doctor" : s->conf.user);
	v6d_auth_send(s, V6D_PPP_EAP, &o);
}

void
v6d_eap_ask(struct v6d_session *s)
{
	const struct v6d_auth *a = &s->auth;

	if (!v6d_session_is_server(s))
		send_md5(s, V6D_EAP_RESPONSE, a->value, a->value_len);
	else if (!a->named)
		send_data(s, V6D_EAP_REQUEST, V6D_EAP_IDENTITY, NULL, 0);
	else
		send_md5(s, V6D_EAP_REQUEST, a->challenge, a->challenge_len);
}

/* ---- client ---- */

static void
on_challenge(struct v6d_session *s, const struct v6d_eap *e)
{
	struct v6d_auth *a = &s->auth;

	if (e->value_len == 0)
		return;
	a->value_len = V6D_MD5;
	v6d_chap_md5(s, a->id, e->value, e->value_len, a->value);
	a->responded = true;
	a->declined = 0;
	v6d_auth_ask(s);
	if (!a->done)
		v6d_phase_identified(s);
}

static void
on_request(struct v6d_session *s, const struct v6d_eap *e)
{
	static const uint8_t want[] = { V6D_EAP_MD5 };

	s->auth.id = e->cp.id;
	switch (e->type) {
	case V6D_EAP_IDENTITY:
		send_data(s, V6D_EAP_RESPONSE, V6D_EAP_IDENTITY, s->conf.user,
		    strlen(s->conf.user));
		break;
	case V6D_EAP_NOTIFICATION:
		send_data(s, V6D_EAP_RESPONSE, V6D_EAP_NOTIFICATION, NULL, 0);
		break;
	case V6D_EAP_MD5:
		on_challenge(s, e);
		break;
	default:
		s->auth.declined = e->type;
		send_data(s, V6D_EAP_RESPONSE, V6D_EAP_NAK, want, sizeof(want));
		break;
	}
}

/* After a method that we declined, it is the method that failed. */
static void
on_failure(struct v6d_session *s)
{
	const struct v6d_auth *a = &s->auth;

	if (a->declined != 0)
		v6d_closing_fail(
		    s, V6D_WHY_AUTH_METHOD, V6D_PPP_EAP, a->declined);
	else
		v6d_closing_fail(s, V6D_WHY_AUTH_REJECTED, 0, 0);
}

static void
on_client(struct v6d_session *s, const struct v6d_eap *e)
{
	if (e->cp.code == V6D_EAP_REQUEST)
		on_request(s, e);
	else if (e->cp.code == V6D_EAP_SUCCESS && s->auth.responded)
		v6d_auth_succeed(s);
	else if (e->cp.code == V6D_EAP_FAILURE)
		on_failure(s);
}

/* Success is never sent again, and may be taken as read (RFC 3748 4.2). */
void
v6d_eap_passed_by(struct v6d_session *s)
{
	if (!v6d_session_is_server(s) && s->auth.method == V6D_AUTH_EAP &&
	    s->auth.responded)
		v6d_auth_succeed(s);
}

/* ---- server ---- */

static void
judge(struct v6d_session *s, bool accepted)
{
	struct v6d_auth *a = &s->auth;

	if (!a->judged)
		a->accepted = accepted;
	a->judged = true;
	send_simple(s, a->accepted ? V6D_EAP_SUCCESS : V6D_EAP_FAILURE, a->id);
	if (a->accepted)
		v6d_auth_succeed(s);
	else
		v6d_auth_turn_away(s);
}

static void
on_response(struct v6d_session *s, const struct v6d_eap *e)
{
	struct v6d_auth *a = &s->auth;

	if (e->cp.id != a->id)
		return;
	if (e->type == V6D_EAP_IDENTITY && !a->named) {
		a->named = true;
		a->id++;
		v6d_auth_ask(s);
	} else if (e->type == V6D_EAP_MD5 && a->named) {
		judge(s, v6d_chap_verify_md5(
			     s, e->value, e->value_len, e->name, e->name_len));
	} else if (e->type == V6D_EAP_NAK && a->named && !a->judged) {
		send_simple(s, V6D_EAP_FAILURE, a->id);
		v6d_closing_fail(s, V6D_WHY_AUTH_METHOD, V6D_PPP_EAP,
		    e->data_len > 0 ? e->data[0] : 0);
	}
}

void
v6d_auth_eap(struct v6d_session *s, struct v6d_wire *w)
{
	struct v6d_eap e;

	if (s->auth.method != V6D_AUTH_EAP ||
	    v6d_eap_decode(w, &e) != V6D_WIRE_OK)
		return;
	if (!v6d_session_is_server(s))
		on_client(s, &e);
	else if (e.cp.code == V6D_EAP_RESPONSE)
		on_response(s, &e);
}
