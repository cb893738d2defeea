/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ccp.c - CCP (RFC 1962) for the one thing that it is good for here: MPPE of
 * 128 bits without state (RFC 3078). Everything else is refused.
 */
#include "proto/ccp.h"

#include "tunnel/session_impl.h"

#define WISH ((uint32_t)V6D_MPPE_BIT_STATELESS | V6D_MPPE_BIT_128)
#define NT_OFFSET 24 /* of the NT-Response in the client's proof */
#define INSIST 3 /* times that we ask again for what was refused */

static bool
is_required(const struct v6d_session *s)
{
	return s->conf.mppe == V6D_MPPE_REQUIRE;
}

/* Without it where that is allowed, else not at all. */
static void
no_agreement(struct v6d_session *s)
{
	if (is_required(s))
		v6d_closing_fail(s, V6D_WHY_MPPE, (int)s->conf.mppe, 0);
	else
		v6d_fsm_reset(&s->ccp.fsm); /* Protocol-Reject from now on */
}

static enum v6d_fsm_verdict
judge(void *owner, const struct v6d_cp_opt *opt, struct v6d_out *better)
{
	(void)owner;
	if (opt->type != V6D_CCP_MPPE || opt->len != 4)
		return V6D_FSM_REJ;
	if (v6d_be32(opt->data) == WISH)
		return V6D_FSM_GOOD;
	v6d_out_be32(better, WISH);
	return V6D_FSM_NAK;
}

/* Encryption is for both directions alike. */
static void
missing(void *owner, struct v6d_wire *opts, struct v6d_out *nak)
{
	struct v6d_ccp_opts o;

	(void)owner;
	v6d_ccp_opts_decode(opts, &o);
	if (!o.has_mppe && !o.bad_option)
		v6d_ccp_put_mppe(nak, WISH);
}

static void
accept(void *owner, struct v6d_wire *opts)
{
	struct v6d_session *s = owner;
	struct v6d_ccp_opts o;

	v6d_ccp_opts_decode(opts, &o);
	s->ccp.asked = o.has_mppe;
}

static void
request(void *owner, struct v6d_out *o)
{
	(void)owner;
	v6d_ccp_put_mppe(o, WISH);
}

/* There is nothing that we could do without, or otherwise. */
static void
refused(void *owner, uint8_t code, struct v6d_wire *opts)
{
	struct v6d_session *s = owner;

	(void)opts;
	if (code == V6D_CP_CONF_REJ || ++s->ccp.insisted >= INSIST)
		no_agreement(s);
}

static void
start_keys(struct v6d_session *s)
{
	uint8_t master[V6D_MPPE_KEY], key[V6D_MPPE_KEY];
	bool client = !v6d_session_is_server(s);

	v6d_mppe_master_key(
	    s->conf.password, s->auth.value + NT_OFFSET, master);
	v6d_mppe_start_key(master, client, key);
	v6d_mppe_init(&s->ccp.send, key);
	v6d_mppe_start_key(master, !client, key);
	v6d_mppe_init(&s->ccp.receive, key);
}

static void
up(void *owner)
{
	struct v6d_session *s = owner;

	if (!s->ccp.asked) { /* the peer would send in clear */
		no_agreement(s);
		return;
	}
	s->ccp.insisted = 0;
	start_keys(s);
	v6d_phase_ccp_up(s);
}

/* What is sent before it is up again is dropped, not sent in clear. */
static void
down(void *owner)
{
	(void)owner;
}

static void
over(void *owner, enum v6d_fsm_end end)
{
	struct v6d_session *s = owner;

	if (!is_required(s))
		return; /* waits for the peer to ask again */
	if (end == V6D_FSM_END_SILENCE)
		v6d_closing_fail(s, V6D_WHY_TIMEOUT, 0, 0);
	else
		no_agreement(s);
}

/* Without state every packet is a new start: there is nothing to reset. */
static bool
other(void *owner, const struct v6d_cp *c, struct v6d_wire *data)
{
	(void)owner;
	(void)data;
	return c->code == V6D_CCP_RESET_REQ || c->code == V6D_CCP_RESET_ACK;
}

static void
send(void *owner, const uint8_t *packet, size_t n)
{
	v6d_carrier_send(owner, V6D_PPP_CCP, packet, n);
}

static const struct v6d_fsm_ops ops = {
	.send = send,
	.request = request,
	.judge = judge,
	.missing = missing,
	.accept = accept,
	.refused = refused,
	.up = up,
	.down = down,
	.over = over,
	.other = other,
};

void
v6d_ccp_init(struct v6d_session *s)
{
	v6d_fsm_init(&s->ccp.fsm, &ops, s, s->conf.restart);
}

void
v6d_ccp_reset(struct v6d_session *s)
{
	v6d_fsm_reset(&s->ccp.fsm);
	s->ccp.asked = false;
	s->ccp.insisted = 0;
}

/* The keys come from MS-CHAPv2's exchange (RFC 3079 3). */
void
v6d_ccp_start(struct v6d_session *s)
{
	bool keys = s->auth.method == V6D_AUTH_MSCHAPV2;

	if (is_required(s) && !keys)
		no_agreement(s);
	else if (keys && s->conf.mppe != V6D_MPPE_REFUSE)
		v6d_fsm_open(&s->ccp.fsm, !is_required(s), s->now);
}

bool
v6d_ccp_is_open(const struct v6d_session *s)
{
	return s->ccp.fsm.state == V6D_FSM_OPENED;
}

/* *ret_mppe: it is a Configure-Request that asks for MPPE. */
static bool
is_request(struct v6d_wire w, bool *ret_mppe)
{
	struct v6d_ccp_opts o;
	struct v6d_wire data;
	struct v6d_cp c;

	*ret_mppe = false;
	if (v6d_cp_decode(&w, &c, &data) != V6D_WIRE_OK ||
	    c.code != V6D_CP_CONF_REQ)
		return false;
	*ret_mppe = v6d_ccp_opts_decode(&data, &o) == V6D_WIRE_OK &&
		    (o.has_mppe || o.bad_option);
	return true;
}

void
v6d_ccp_input(struct v6d_session *s, struct v6d_wire w)
{
	struct v6d_fsm *f = &s->ccp.fsm;
	bool mppe, request = is_request(w, &mppe);

	if (mppe)
		s->ccp.asked = true;
	if (f->state == V6D_FSM_CLOSED ||
	    (f->state == V6D_FSM_STOPPED && request && !mppe))
		v6d_lcp_protocol_reject(s, V6D_PPP_CCP, w);
	else
		v6d_fsm_input(f, &w, s->now);
}

void
v6d_ccp_rejected(struct v6d_session *s)
{
	if (is_required(s) || v6d_ccp_is_open(s))
		no_agreement(s);
}

/* ---- frames ---- */

/* The protocol moves into what is encrypted, behind MPPE's own header. */
static uint8_t *
wrap_encrypted(struct v6d_session *s, uint8_t *p, size_t n, size_t *ret_n)
{
	struct v6d_out o = v6d_out_to(p - V6D_MPPE_GROWTH, V6D_MPPE_GROWTH);
	struct v6d_mppe_head h = { .flushed = true, .encrypted = true };
	uint8_t *plain = p - 2;

	h.count = v6d_mppe_next(&s->ccp.send);
	v6d_mppe_head_encode(&o, &h);
	v6d_out_be16(&o, V6D_PPP_IPV6);
	v6d_mppe_crypt(&s->ccp.send, plain, plain, n + 2);
	return v6d_carrier_wrap(
	    s, V6D_PPP_COMP, p - V6D_MPPE_GROWTH, n + V6D_MPPE_GROWTH, ret_n);
}

uint8_t *
v6d_ccp_wrap(struct v6d_session *s, uint8_t *p, size_t n, size_t *ret_n)
{
	if (v6d_ccp_is_open(s))
		return wrap_encrypted(s, p, n, ret_n);
	if (is_required(s) || s->ccp.fsm.state >= V6D_FSM_REQ_SENT)
		return NULL;
	return v6d_carrier_wrap(s, V6D_PPP_IPV6, p, n, ret_n);
}

/* sent: of our own packet, under the key that is still in m. */
static bool
decrypt(struct v6d_mppe *m, bool sent, struct v6d_wire w, uint8_t *ret,
    struct v6d_wire *ret_frame)
{
	struct v6d_mppe_head h;
	size_t n;

	if (v6d_mppe_head_decode(&w, &h) != V6D_WIRE_OK || !h.encrypted)
		return false;
	n = v6d_wire_left(&w);
	if (n > V6D_SESSION_FRAME)
		return false;
	if (sent ? h.count != m->count : !v6d_mppe_seek(m, h.count))
		return false;
	v6d_mppe_crypt(m, ret, w.p, n);
	*ret_frame = v6d_wire_from(ret, n, n);
	return true;
}

bool
v6d_ccp_decrypt(struct v6d_session *s, struct v6d_wire w, uint8_t *ret,
    struct v6d_wire *ret_frame)
{
	return v6d_ccp_is_open(s) &&
	       decrypt(&s->ccp.receive, false, w, ret, ret_frame);
}

bool
v6d_session_encrypted(const struct v6d_session *s)
{
	return v6d_ccp_is_open(s);
}

uint16_t
v6d_session_mtu(const struct v6d_session *s)
{
	uint16_t mru = s->lcp.peer_mru;

	if (!v6d_ccp_is_open(s) || mru < V6D_MPPE_GROWTH)
		return mru;
	return (uint16_t)(mru - V6D_MPPE_GROWTH);
}

size_t
v6d_session_plain(const struct v6d_session *s, bool out, const uint8_t *gre,
    size_t n, uint8_t ret[V6D_SESSION_FRAME])
{
	struct v6d_mppe m = out ? s->ccp.send : s->ccp.receive;
	struct v6d_wire w = v6d_wire_from(gre, n, n), frame, plain;
	struct v6d_out o = v6d_out_to(ret, V6D_SESSION_FRAME);
	uint8_t buf[V6D_SESSION_FRAME];
	struct v6d_ppp ppp;
	struct v6d_gre g;

	if (!v6d_ccp_is_open(s) ||
	    v6d_gre_decode(&w, &g, &frame) != V6D_WIRE_OK || !g.has_seq ||
	    v6d_ppp_decode(&frame, &ppp) != V6D_WIRE_OK ||
	    ppp.proto != V6D_PPP_COMP || !decrypt(&m, out, frame, buf, &plain))
		return 0;
	g.payload_len = (uint16_t)(2 + v6d_wire_left(&plain));
	v6d_gre_encode(&o, &g);
	v6d_out_be16(&o, 0xff03);
	v6d_out_bytes(&o, plain.p, v6d_wire_left(&plain));
	return o.full ? 0 : o.len;
}
