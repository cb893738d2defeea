/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lcp.c - what the Link Control Protocol negotiates (RFC 1661 5, 6). */
#include "tunnel/session_impl.h"

#include "proto/auth.h"

#define DEFAULT_MRU 1500
#define SERVER_START V6D_MS(10) /* its first request after the call */
#define SMALLEST_MRU 128 /* of a Nak that we follow */
#define LOOPS 5 /* times that our own magic number comes back */
#define PATIENCE 3 /* times that the same authentication is refused */

static enum v6d_auth_mask
method_of(uint16_t proto, uint8_t alg)
{
	if (proto == V6D_PPP_PAP)
		return V6D_AUTH_PAP;
	if (proto == V6D_PPP_EAP)
		return V6D_AUTH_EAP;
	if (proto == V6D_PPP_CHAP && alg == V6D_CHAP_MSV2)
		return V6D_AUTH_MSCHAPV2;
	if (proto == V6D_PPP_CHAP && alg == V6D_CHAP_MD5)
		return V6D_AUTH_CHAP;
	return 0;
}

/* The strongest method of the mask. */
static enum v6d_auth_mask
best_of(unsigned mask)
{
	static const enum v6d_auth_mask order[] = { V6D_AUTH_MSCHAPV2,
		V6D_AUTH_EAP, V6D_AUTH_CHAP, V6D_AUTH_PAP };

	for (size_t i = 0; i < V6D_ARRAY_LEN(order); i++)
		if (mask & order[i])
			return order[i];
	return V6D_AUTH_NONE;
}

static void
put_method(struct v6d_out *value, enum v6d_auth_mask method)
{
	switch (method) {
	case V6D_AUTH_PAP:
		v6d_out_be16(value, V6D_PPP_PAP);
		break;
	case V6D_AUTH_EAP:
		v6d_out_be16(value, V6D_PPP_EAP);
		break;
	case V6D_AUTH_CHAP:
		v6d_out_be16(value, V6D_PPP_CHAP);
		v6d_out_u8(value, V6D_CHAP_MD5);
		break;
	case V6D_AUTH_MSCHAPV2:
		v6d_out_be16(value, V6D_PPP_CHAP);
		v6d_out_u8(value, V6D_CHAP_MSV2);
		break;
	case V6D_AUTH_NONE:
		break;
	}
}

/* An authentication option's value, in parts. */
static void
read_method(const struct v6d_cp_opt *opt, uint16_t *ret_proto, uint8_t *ret_alg)
{
	struct v6d_wire w = v6d_wire_from(opt->data, opt->len, opt->len);

	*ret_proto = v6d_wire_be16(&w);
	*ret_alg = v6d_wire_left(&w) > 0 ? v6d_wire_u8(&w) : 0;
}

/* Counts how often the peer comes back with what we cannot do. */
static void
refuse_method(struct v6d_session *s, uint16_t proto, uint8_t alg)
{
	struct v6d_lcp *l = &s->lcp;

	if (proto != l->strange_proto || alg != l->strange_alg)
		l->strange_count = 0;
	l->strange_proto = proto;
	l->strange_alg = alg;
	if (++l->strange_count >= PATIENCE)
		v6d_closing_fail(s, V6D_WHY_AUTH_METHOD, proto, alg);
}

/* The peer demands that we authenticate. Nobody demands it of a server. */
static enum v6d_fsm_verdict
judge_auth(
    struct v6d_session *s, const struct v6d_cp_opt *opt, struct v6d_out *better)
{
	enum v6d_auth_mask wish = best_of(s->conf.auth);
	uint16_t proto;
	uint8_t alg;

	if (v6d_session_is_server(s))
		return V6D_FSM_REJ;
	read_method(opt, &proto, &alg);
	if (method_of(proto, alg) & s->conf.auth)
		return V6D_FSM_GOOD;
	refuse_method(s, proto, alg);
	if (wish == V6D_AUTH_NONE)
		return V6D_FSM_REJ;
	put_method(better, wish);
	return V6D_FSM_NAK;
}

/* The same number at both ends means that we hear ourselves. */
static enum v6d_fsm_verdict
judge_magic(
    struct v6d_session *s, const struct v6d_cp_opt *opt, struct v6d_out *better)
{
	struct v6d_wire w = v6d_wire_from(opt->data, opt->len, opt->len);
	uint32_t magic = v6d_wire_be32(&w);
	uint8_t other[4];

	if (opt->len != 4)
		return V6D_FSM_REJ;
	if (magic != s->lcp.magic || magic == 0)
		return V6D_FSM_GOOD;
	/* Once may be chance, every new number of ours is not (RFC 1661 6.4) */
	if (++s->lcp.own_magic >= LOOPS) {
		v6d_closing_fail(s, V6D_WHY_LOOPED, 0, 0);
		return V6D_FSM_REJ;
	}
	v6d_session_random(s, other, sizeof(other));
	v6d_out_bytes(better, other, sizeof(other));
	return V6D_FSM_NAK;
}

static enum v6d_fsm_verdict
of_length(const struct v6d_cp_opt *opt, uint8_t len)
{
	return opt->len == len ? V6D_FSM_GOOD : V6D_FSM_REJ;
}

static enum v6d_fsm_verdict
judge(void *owner, const struct v6d_cp_opt *opt, struct v6d_out *better)
{
	switch (opt->type) {
	case V6D_LCP_MRU:
		return of_length(opt, 2);
	case V6D_LCP_ACCM:
		return of_length(opt, 4);
	case V6D_LCP_AUTH:
		return judge_auth(owner, opt, better);
	case V6D_LCP_MAGIC:
		return judge_magic(owner, opt, better);
	case V6D_LCP_PFC:
	case V6D_LCP_ACFC:
		return of_length(opt, 0);
	default:
		return V6D_FSM_REJ;
	}
}

static void
accept(void *owner, struct v6d_wire *opts)
{
	struct v6d_session *s = owner;
	struct v6d_lcp_opts o = { 0 };

	v6d_lcp_opts_decode(opts, &o);
	s->lcp.peer_mru = o.has_mru ? o.mru : DEFAULT_MRU;
	s->lcp.peer_magic = o.has_magic ? o.magic : 0;
	s->lcp.perform = V6D_AUTH_NONE;
	s->lcp.own_magic = 0;
	if (!o.has_auth)
		return;
	s->lcp.perform = method_of(o.auth_proto, o.auth_alg);
	s->lcp.strange_count = 0;
}

static void
put_u16(struct v6d_out *o, uint8_t type, uint16_t v)
{
	uint8_t b[2] = { (uint8_t)(v >> 8), (uint8_t)v };

	v6d_cp_put_opt(o, type, b, sizeof(b));
}

static void
put_u32(struct v6d_out *o, uint8_t type, uint32_t v)
{
	uint8_t b[4] = { (uint8_t)(v >> 24), (uint8_t)(v >> 16),
		(uint8_t)(v >> 8), (uint8_t)v };

	v6d_cp_put_opt(o, type, b, sizeof(b));
}

static void
request(void *owner, struct v6d_out *o)
{
	struct v6d_session *s = owner;
	uint8_t method[3];
	struct v6d_out m = v6d_out_to(method, sizeof(method));

	if (s->lcp.mru != 0)
		put_u16(o, V6D_LCP_MRU, s->lcp.mru);
	put_method(&m, s->lcp.demand);
	if (m.len > 0)
		v6d_cp_put_opt(o, V6D_LCP_AUTH, method, (uint8_t)m.len);
	if (!s->lcp.no_magic)
		put_u32(o, V6D_LCP_MAGIC, s->lcp.magic);
}

static void
new_magic(struct v6d_session *s)
{
	uint8_t b[4];
	struct v6d_wire w = v6d_wire_from(b, sizeof(b), sizeof(b));

	v6d_session_random(s, b, sizeof(b));
	s->lcp.magic = v6d_wire_be32(&w) | 1; /* 0 means none */
}

/* Server: the client will not authenticate as we demand. */
static void
auth_refused(struct v6d_session *s, uint8_t code, const struct v6d_cp_opt *opt)
{
	enum v6d_auth_mask method;
	uint16_t proto;
	uint8_t alg;

	if (s->lcp.demand == V6D_AUTH_NONE)
		return;
	if (code == V6D_CP_CONF_REJ) {
		v6d_closing_fail(s, V6D_WHY_AUTH_METHOD, 0, 0);
		return;
	}
	read_method(opt, &proto, &alg);
	method = method_of(proto, alg);
	if (method & s->conf.auth)
		s->lcp.demand = method;
	else
		refuse_method(s, proto, alg);
}

static void
mru_refused(struct v6d_session *s, uint8_t code, const struct v6d_cp_opt *opt)
{
	struct v6d_wire w = v6d_wire_from(opt->data, opt->len, opt->len);
	uint16_t mru = v6d_wire_be16(&w);

	if (code == V6D_CP_CONF_REJ || mru == DEFAULT_MRU)
		s->lcp.mru = 0;
	else if (mru >= SMALLEST_MRU)
		s->lcp.mru = mru;
}

static void
magic_refused(struct v6d_session *s, uint8_t code)
{
	new_magic(s);
	if (code == V6D_CP_CONF_REJ) {
		s->lcp.no_magic = true;
		s->lcp.magic = 0;
	}
}

static void
refused(void *owner, uint8_t code, struct v6d_wire *opts)
{
	struct v6d_cp_opt opt;

	while (v6d_cp_next_opt(opts, &opt)) {
		if (opt.type == V6D_LCP_MRU)
			mru_refused(owner, code, &opt);
		else if (opt.type == V6D_LCP_AUTH)
			auth_refused(owner, code, &opt);
		else if (opt.type == V6D_LCP_MAGIC)
			magic_refused(owner, code);
	}
}

static void
up(void *owner)
{
	v6d_phase_lcp_up(owner);
}

static void
down(void *owner)
{
	v6d_phase_lcp_down(owner);
}

/*
 * A peer that leaves because it disliked our Nak names its own demand; one
 * that asked for encryption in vain wanted nothing else.
 */
static void
terminated(struct v6d_session *s)
{
	struct v6d_lcp *l = &s->lcp;
	bool required = s->ccp.asked || s->conf.mppe == V6D_MPPE_REQUIRE;

	if (s->state < V6D_SESSION_UP && l->strange_count > 0)
		v6d_closing_linger(
		    s, V6D_WHY_AUTH_METHOD, l->strange_proto, l->strange_alg);
	else if (s->state == V6D_SESSION_NETWORK && required &&
		 !v6d_ccp_is_open(s))
		v6d_closing_linger(s, V6D_WHY_MPPE, (int)s->conf.mppe, 0);
	else
		v6d_closing_linger(s, V6D_WHY_TERMINATED, 0, 0);
}

static void
over(void *owner, enum v6d_fsm_end end)
{
	struct v6d_session *s = owner;

	switch (end) {
	case V6D_FSM_END_SILENCE:
		v6d_closing_fail(s, V6D_WHY_TIMEOUT, 0, 0);
		break;
	case V6D_FSM_END_NO_AGREEMENT:
		v6d_closing_fail(s, V6D_WHY_LCP_FAILED, 0, 0);
		break;
	case V6D_FSM_END_TERMINATED:
		terminated(s);
		break;
	case V6D_FSM_END_CLOSED:
		v6d_closing_answered(s, V6D_CLOSING_LINK);
		break;
	}
}

/* The peer does not know a protocol. Only those that we need matter. */
static void
on_protocol_reject(struct v6d_session *s, struct v6d_wire *data)
{
	uint16_t proto = v6d_wire_be16(data);

	if (data->err)
		return;
	if (proto == V6D_PPP_IPV6CP || proto == V6D_PPP_IPV6)
		v6d_closing_fail(s, V6D_WHY_IPV6CP_REJECTED, 0, 0);
	else if (proto == V6D_PPP_CCP)
		v6d_ccp_rejected(s);
	else if (proto == V6D_PPP_PAP || proto == V6D_PPP_CHAP ||
		 proto == V6D_PPP_EAP)
		v6d_closing_fail(s, V6D_WHY_AUTH_METHOD, proto, 0);
}

/* Codes of LCP alone. All but Code-Reject need an open link. */
static bool
other(void *owner, const struct v6d_cp *c, struct v6d_wire *data)
{
	struct v6d_session *s = owner;

	if (c->code < V6D_LCP_PROTO_REJ || c->code > V6D_LCP_TIME_LEFT)
		return false;
	if (!v6d_lcp_is_open(s))
		return true;
	if (c->code == V6D_LCP_PROTO_REJ)
		on_protocol_reject(s, data);
	else if (c->code == V6D_LCP_ECHO_REQ)
		v6d_echo_request(s, c->id, data);
	else if (c->code == V6D_LCP_ECHO_REP)
		v6d_echo_reply(s, data);
	return true;
}

static void
send(void *owner, const uint8_t *packet, size_t n)
{
	v6d_carrier_send(owner, V6D_PPP_LCP, packet, n);
}

static const struct v6d_fsm_ops ops = {
	.send = send,
	.request = request,
	.judge = judge,
	.accept = accept,
	.refused = refused,
	.up = up,
	.down = down,
	.over = over,
	.other = other,
};

void
v6d_lcp_init(struct v6d_session *s)
{
	v6d_fsm_init(&s->lcp.fsm, &ops, s, s->conf.restart);
	s->lcp.mru = s->conf.mru == DEFAULT_MRU ? 0 : s->conf.mru;
	s->lcp.peer_mru = DEFAULT_MRU;
	s->lcp.demand = V6D_AUTH_NONE;
	s->lcp.perform = V6D_AUTH_NONE;
	if (v6d_session_is_server(s))
		s->lcp.demand = best_of(s->conf.auth);
	new_magic(s);
}

void
v6d_lcp_open(struct v6d_session *s)
{
	bool server = v6d_session_is_server(s);

	v6d_fsm_open(&s->lcp.fsm, server, s->now);
	/*
	 * A router with several processors may let our first GRE packet
	 * overtake our reply, and would not know the call yet. Real servers
	 * have to start a program in that time.
	 */
	if (server && !s->conf.server.silent)
		s->lcp.fsm.timer = s->now + SERVER_START;
}

bool
v6d_lcp_is_open(const struct v6d_session *s)
{
	return s->lcp.fsm.state == V6D_FSM_OPENED;
}

void
v6d_lcp_protocol_reject(
    struct v6d_session *s, uint16_t proto, struct v6d_wire frame)
{
	uint8_t data[V6D_FSM_PACKET - 4], packet[V6D_FSM_PACKET];
	struct v6d_out d = v6d_out_to(data, sizeof(data));
	struct v6d_out o = v6d_out_to(packet, sizeof(packet));
	size_t n = v6d_wire_left(&frame);

	if (!v6d_lcp_is_open(s))
		return;
	v6d_out_be16(&d, proto);
	v6d_out_bytes(&d, frame.p, n < sizeof(data) - 2 ? n : sizeof(data) - 2);
	v6d_cp_encode(&o, V6D_LCP_PROTO_REJ, ++s->lcp.fsm.side_id, data, d.len);
	v6d_carrier_send(s, V6D_PPP_LCP, packet, o.len);
}
