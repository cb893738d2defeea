/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ipv6cp.c - the interface identifiers of both ends (RFC 5072 4.1). */
#include "tunnel/session_impl.h"

#define IFID 8
#define UNIVERSAL 0x02 /* only identifiers derived from EUI-64 set it */

static const uint8_t zero[IFID];

static bool
same(const uint8_t *a, const uint8_t *b)
{
	return memcmp(a, b, IFID) == 0;
}

static void
random_ifid(struct v6d_session *s, uint8_t ret[IFID])
{
	uint8_t fresh[IFID];

	do {
		v6d_session_random(s, fresh, IFID);
		fresh[0] &= (uint8_t)~UNIVERSAL;
	} while (same(fresh, zero) || same(fresh, s->ipv6cp.ifid) ||
		 same(fresh, s->ipv6cp.peer_ifid));
	memcpy(ret, fresh, IFID);
}

/* What a peer without an identifier, or with ours, is told to take. */
static void
suggest(struct v6d_session *s, uint8_t ret[IFID])
{
	memcpy(ret, s->conf.server.peer_ifid, IFID);
	if (!v6d_session_is_server(s) || same(ret, zero) ||
	    same(ret, s->ipv6cp.ifid))
		random_ifid(s, ret);
}

/* RFC 5072 4.1: four cases of theirs against ours. */
static enum v6d_fsm_verdict
judge(void *owner, const struct v6d_cp_opt *opt, struct v6d_out *better)
{
	struct v6d_session *s = owner;
	uint8_t other[IFID];

	if (opt->type != V6D_IPV6CP_IFID || opt->len != IFID)
		return V6D_FSM_REJ;
	if (same(opt->data, zero) && same(s->ipv6cp.ifid, zero))
		return V6D_FSM_REJ;
	if (!same(opt->data, zero) && !same(opt->data, s->ipv6cp.ifid))
		return V6D_FSM_GOOD;
	suggest(s, other);
	v6d_out_bytes(better, other, IFID);
	return V6D_FSM_NAK;
}

/* A request without an identifier is helped to one. */
static void
missing(void *owner, struct v6d_wire *opts, struct v6d_out *nak)
{
	struct v6d_session *s = owner;
	struct v6d_ipv6cp_opts o = { 0 };
	uint8_t other[IFID];

	v6d_ipv6cp_opts_decode(opts, &o);
	if (o.has_ifid || o.bad_option || same(s->ipv6cp.ifid, zero))
		return;
	suggest(s, other);
	v6d_cp_put_opt(nak, V6D_IPV6CP_IFID, other, IFID);
}

static void
accept(void *owner, struct v6d_wire *opts)
{
	struct v6d_session *s = owner;
	struct v6d_ipv6cp_opts o = { 0 };

	v6d_ipv6cp_opts_decode(opts, &o);
	memcpy(s->ipv6cp.peer_ifid, o.ifid, IFID);
}

static void
request(void *owner, struct v6d_out *o)
{
	struct v6d_session *s = owner;

	if (!s->ipv6cp.no_ifid)
		v6d_cp_put_opt(o, V6D_IPV6CP_IFID, s->ipv6cp.ifid, IFID);
}

static void
take_suggestion(struct v6d_session *s, const uint8_t ifid[IFID])
{
	if (same(ifid, zero) || same(ifid, s->ipv6cp.peer_ifid))
		random_ifid(s, s->ipv6cp.ifid);
	else
		memcpy(s->ipv6cp.ifid, ifid, IFID);
}

static void
refused(void *owner, uint8_t code, struct v6d_wire *opts)
{
	struct v6d_session *s = owner;
	struct v6d_cp_opt opt;

	while (v6d_cp_next_opt(opts, &opt)) {
		if (opt.type != V6D_IPV6CP_IFID || opt.len != IFID)
			continue;
		if (code == V6D_CP_CONF_NAK) {
			take_suggestion(s, opt.data);
			continue;
		}
		s->ipv6cp.no_ifid = true;
		if (same(s->ipv6cp.ifid, zero))
			random_ifid(s, s->ipv6cp.ifid);
	}
}

static void
up(void *owner)
{
	v6d_phase_ipv6cp_up(owner);
}

static void
down(void *owner)
{
	v6d_phase_ipv6cp_down(owner);
}

static void
over(void *owner, enum v6d_fsm_end end)
{
	enum v6d_session_why why = end == V6D_FSM_END_SILENCE
				       ? V6D_WHY_TIMEOUT
				       : V6D_WHY_IPV6CP_FAILED;

	v6d_closing_fail(owner, why, 0, 0);
}

static void
send(void *owner, const uint8_t *packet, size_t n)
{
	v6d_carrier_send(owner, V6D_PPP_IPV6CP, packet, n);
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
};

void
v6d_ipv6cp_init(struct v6d_session *s)
{
	v6d_fsm_init(&s->ipv6cp.fsm, &ops, s, s->conf.restart);
	memcpy(s->ipv6cp.ifid, s->conf.ifid, IFID);
}

/*
 * A peer that was still busy with our authentication has discarded a request
 * that travelled with it (RFC 1661 3.5): it is repeated soon.
 */
void
v6d_ipv6cp_open(struct v6d_session *s)
{
	struct v6d_fsm *f = &s->ipv6cp.fsm;
	v6d_ns soon = s->now + s->conf.restart / 4;

	if (f->state == V6D_FSM_CLOSED)
		v6d_fsm_open(f, false, s->now);
	else if (f->state == V6D_FSM_REQ_SENT && soon < f->timer)
		f->timer = soon;
}
