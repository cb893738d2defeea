/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_session.c - libFuzzer: a client and a server machine under arbitrary
 * events, bytes and time, with the invariants checked after each.
 *
 * The input is a program: one byte says what to do next, and with which end;
 * what follows are its arguments. What an end sends can be handed to the
 * other, so that the deep states are within reach.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/gre.h"
#include "proto/ppp.h"
#include "proto/pptp.h"
#include "tunnel/session_impl.h"

enum { MAIL = 64, OPS_MAX = 2000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct mail {
	bool gre;
	size_t len;
	uint8_t bytes[V6D_SESSION_FRAME];
};

struct end {
	struct v6d_session *s;
	struct mail out[MAIL]; /* what it sent and nobody took */
	unsigned head, len;
	unsigned dead; /* V6D_ACT_DEAD taken */
};

struct world {
	struct end end[2];
	v6d_ns now;
	struct v6d_wire in; /* the rest of the program */
};

static struct world world;

static void
must(bool ok)
{
	if (!ok)
		abort();
}

/* One whole control message and nothing behind it. */
static void
check_message(const struct v6d_session_act *a)
{
	struct v6d_wire w = v6d_wire_from(a->bytes, a->len, a->len);
	struct v6d_pptp m;
	size_t len = 0;

	must(v6d_pptp_peek(a->bytes, a->len, &len) == V6D_WIRE_OK);
	must(len == a->len);
	must(v6d_pptp_decode(&w, &m) == V6D_WIRE_OK);
}

static void
check_gre(const struct v6d_session *s, const struct v6d_session_act *a)
{
	struct v6d_wire w = v6d_wire_from(a->bytes, a->len, a->len), frame;
	struct v6d_ppp ppp;
	struct v6d_gre g;

	must(v6d_gre_decode(&w, &g, &frame) == V6D_WIRE_OK);
	must(v6d_gre_is_pptp(&g) && !g.odd_flags);
	must(g.call_id == v6d_session_peer_call_id(s));
	must(g.has_seq || g.has_ack);
	must((size_t)(frame.end - a->bytes) == a->len);
	if (!g.has_seq)
		return;
	must(v6d_ppp_decode(&frame, &ppp) == V6D_WIRE_OK);
	must(ppp.had_ff03 && !ppp.short_proto);
}

static void
keep(struct end *e, const struct v6d_session_act *a)
{
	struct mail *m;

	if (e->len == MAIL)
		return;
	m = &e->out[(e->head + e->len++) % MAIL];
	m->gre = a->kind == V6D_ACT_GRE_SEND;
	m->len = a->len;
	memcpy(m->bytes, a->bytes, a->len);
}

static void
take_one(struct end *e, const struct v6d_session_act *a)
{
	must(e->dead == 0); /* it is the last */
	must(a->len <= V6D_SESSION_FRAME);
	switch (a->kind) {
	case V6D_ACT_TCP_SEND:
		check_message(a);
		keep(e, a);
		break;
	case V6D_ACT_GRE_SEND:
		check_gre(e->s, a);
		keep(e, a);
		break;
	case V6D_ACT_TUN_WRITE:
		must(a->len >= 40 && a->bytes[0] >> 4 == 6);
		break;
	case V6D_ACT_DEAD:
		must(v6d_session_state(e->s) == V6D_SESSION_DEAD);
		e->dead++;
		break;
	case V6D_ACT_TCP_CONNECT:
	case V6D_ACT_TCP_CLOSE:
	case V6D_ACT_UP:
	case V6D_ACT_LCP_ECHO_REPLY:
	case V6D_ACT_ACKED:
	case V6D_ACT_CONTROL_ECHO_REPLY:
		break;
	}
}

static void
take_all(struct end *e)
{
	const struct v6d_session_act *a;

	while ((a = v6d_session_take(e->s)) != NULL)
		take_one(e, a);
	must((v6d_session_state(e->s) == V6D_SESSION_DEAD) == (e->dead == 1));
}

static void
check(const struct v6d_session *s)
{
	enum v6d_session_state st = v6d_session_state(s);
	bool ends = st == V6D_SESSION_DEAD || st == V6D_SESSION_CLOSING;

	must(st <= V6D_SESSION_DEAD);
	must(ends == (v6d_session_why(s) != V6D_WHY_NONE));
	if (st == V6D_SESSION_DEAD)
		must(v6d_session_deadline(s) == V6D_NEVER);
	else if (st != V6D_SESSION_IDLE)
		must(v6d_session_deadline(s) != V6D_NEVER);
	if (ends)
		must(v6d_session_failed_in(s) < V6D_SESSION_CLOSING);
	must(v6d_session_state_text(st)[0] != '\0');
	must(v6d_session_why_text(v6d_session_why(s))[0] != '\0');
}

/* The data path in: each packet in what was received, or in what was held. */
static void
receive(struct end *e, uint8_t *p, size_t n)
{
	const struct v6d_reorder *r = &e->s->reorder;
	const uint8_t *held = (const uint8_t *)r;
	struct v6d_session_packets got;

	v6d_session_receive(e->s, p, n, world.now, &got);
	must(got.n <= V6D_SESSION_PACKETS);
	for (unsigned i = 0; i < got.n; i++) {
		const uint8_t *q = got.packet[i].p;
		size_t len = got.packet[i].n;
		bool ours = q >= p && q + len <= p + n;

		must(len >= 40 && q[0] >> 4 == 6);
		must(ours ||
		     (got.held && q >= held && q + len <= held + sizeof(*r)));
	}
	v6d_session_feed(e->s, V6D_EV_TICK, NULL, 0, 0, world.now);
}

/* The data path out. */
static void
wrap(struct end *e, const uint8_t *p, size_t n)
{
	uint8_t *buf = malloc(V6D_SESSION_HEADROOM + n), *gre;
	struct v6d_session_act a = { .kind = V6D_ACT_GRE_SEND };

	must(buf != NULL);
	if (n > 0)
		memcpy(buf + V6D_SESSION_HEADROOM, p, n);
	gre = v6d_session_wrap(
	    e->s, buf + V6D_SESSION_HEADROOM, n, world.now, &a.len);
	if (gre) {
		must(gre >= buf &&
		     gre + a.len == buf + V6D_SESSION_HEADROOM + n);
		memcpy(a.bytes, gre, a.len);
		take_one(e, &a);
	}
	free(buf);
}

static void
feed(
    struct end *e, enum v6d_session_ev ev, const uint8_t *p, size_t n, int code)
{
	/* Of the exact size, so that reading too far is noticed. */
	uint8_t *copy = malloc(n ? n : 1), plain[V6D_SESSION_FRAME];

	must(copy != NULL);
	if (n > 0)
		memcpy(copy, p, n);
	if (ev == V6D_EV_GRE)
		must(v6d_session_plain(e->s, false, copy, n, plain) <=
		     V6D_SESSION_FRAME);
	if (ev == V6D_EV_GRE && e->s->conf.reorder)
		receive(e, copy, n);
	else if (ev == V6D_EV_TUN && e->s->conf.reorder)
		wrap(e, copy, n);
	else
		v6d_session_feed(e->s, ev, copy, n, code, world.now);
	free(copy);
	check(e->s);
}

/* Time passes until this end wants to be woken. */
static void
tick(struct end *e)
{
	v6d_ns deadline = v6d_session_deadline(e->s);

	if (deadline != V6D_NEVER && deadline > world.now)
		world.now = deadline;
	feed(e, V6D_EV_TICK, NULL, 0, 0);
}

/* The next n bytes of the program, or what is left of it. */
static struct v6d_wire
argument(size_t n)
{
	size_t left = v6d_wire_left(&world.in);

	return v6d_wire_sub(&world.in, n < left ? n : left);
}

static void
raw(struct end *e, enum v6d_session_ev ev)
{
	struct v6d_wire arg = argument(v6d_wire_u8(&world.in) * 8u);

	feed(e, ev, arg.p, v6d_wire_left(&arg), 0);
}

/* A sound GRE packet for this end, with arbitrary PPP in it. */
static void
frame(struct end *e)
{
	static const uint16_t protos[] = { V6D_PPP_LCP, V6D_PPP_PAP,
		V6D_PPP_CHAP, V6D_PPP_IPV6CP, V6D_PPP_IPV6, V6D_PPP_IPCP,
		V6D_PPP_CCP, V6D_PPP_COMP, V6D_PPP_EAP };
	uint8_t which = v6d_wire_u8(&world.in);
	uint8_t step = v6d_wire_u8(&world.in);
	uint32_t ahead = step < 0x80 ? step : 0u - (0x100u - step);
	struct v6d_wire arg = argument(v6d_wire_u8(&world.in));
	struct v6d_gre g = {
		.version = 1,
		.proto = V6D_GRE_PROTO_PPP,
		.call_id = v6d_session_call_id(e->s),
		.payload_len = (uint16_t)(4 + v6d_wire_left(&arg)),
		.has_seq = true,
		.seq = e->s->carrier.peer_seq + ahead,
		.has_ack = which & 0x80,
		.ack = e->s->carrier.next_seq - (which >> 4 & 7),
	};
	uint8_t buf[512];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	v6d_gre_encode(&o, &g);
	v6d_ppp_encode(&o, protos[which % V6D_ARRAY_LEN(protos)]);
	v6d_out_bytes(&o, arg.p, v6d_wire_left(&arg));
	must(!o.full);
	feed(e, V6D_EV_GRE, buf, o.len, 0);
}

/* A sound control message with arbitrary fields. */
static void
message(struct end *e)
{
	struct v6d_pptp m = { .type = v6d_wire_u8(&world.in) % 16,
		.version = 0x0100 };
	uint8_t buf[V6D_PPTP_MAX];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	uint8_t ids = v6d_wire_u8(&world.in);

	m.result = v6d_wire_u8(&world.in) % 8;
	m.error = v6d_wire_u8(&world.in) % 8;
	m.call_id = ids & 1 ? v6d_session_call_id(e->s)
			    : v6d_session_peer_call_id(e->s);
	m.peer_call_id = ids & 2 ? v6d_session_call_id(e->s) : ids;
	m.echo_id = ids;
	if (v6d_pptp_length(m.type) == 0)
		return;
	v6d_pptp_encode(&o, &m);
	must(!o.full);
	feed(e, V6D_EV_TCP_BYTES, buf, o.len, 0);
}

/* What the other end sent first, as it was or with one byte changed. */
static void
deliver(struct end *e, struct end *from, bool damage)
{
	struct mail *m = &from->out[from->head];

	if (from->len == 0)
		return;
	from->head = (from->head + 1) % MAIL;
	from->len--;
	if (damage && m->len > 0)
		m->bytes[v6d_wire_be16(&world.in) % m->len] ^=
		    v6d_wire_u8(&world.in);
	feed(e, m->gre ? V6D_EV_GRE : V6D_EV_TCP_BYTES, m->bytes, m->len, 0);
}

/* Both ends talk until both are silent. */
static void
converse(void)
{
	for (unsigned i = 0; i < 200; i++) {
		struct end *e = &world.end[i % 2];

		take_all(e);
		deliver(&world.end[(i + 1) % 2], e, false);
		world.now += V6D_US(100);
	}
}

static void
probe(struct end *e)
{
	uint16_t a = v6d_wire_be16(&world.in);
	struct v6d_wire data = argument(a >> 12);
	uint32_t seq = e->s->carrier.next_seq - (a >> 11 & 3), used;

	if (v6d_session_probe(e->s, a & 1, a & 0x7ff, data.p,
		v6d_wire_left(&data), a & 0x8000, seq, &used, world.now))
		must((int32_t)(used - e->s->carrier.next_seq) < 0);
	check(e->s);
}

static void
operate(uint8_t op)
{
	struct end *e = &world.end[op & 1], *other = &world.end[!(op & 1)];

	switch (op >> 1 & 15) {
	case 0:
		feed(e, V6D_EV_START, NULL, 0, 0);
		break;
	case 1:
		feed(e, V6D_EV_TCP_UP, NULL, 0, 0);
		break;
	case 2:
		raw(e, V6D_EV_TCP_BYTES);
		break;
	case 3:
		raw(e, V6D_EV_GRE);
		break;
	case 4:
		raw(e, V6D_EV_TUN);
		break;
	case 5:
	case 6:
		frame(e);
		break;
	case 7:
		message(e);
		break;
	case 8:
		deliver(e, other, true);
		break;
	case 9:
		deliver(e, other, false);
		break;
	case 10:
		converse();
		break;
	case 11:
		/* Up to half an hour, some centuries in all. */
		world.now += 1ull << v6d_wire_u8(&world.in) % 41;
		feed(e, V6D_EV_TICK, NULL, 0, 0);
		break;
	case 12:
		tick(e);
		break;
	case 13:
		probe(e);
		break;
	case 14:
		feed(e, V6D_EV_GRE_ICMP, NULL, 0, 3 << 8 | (op >> 5));
		break;
	case 15:
		feed(e,
		    op & 0x80   ? V6D_EV_STOP
		    : op & 0x40 ? V6D_EV_TCP_CLOSED
		    : op & 0x20 ? V6D_EV_TCP_RESET
				: V6D_EV_TCP_FAILED,
		    NULL, 0, 111);
		break;
	}
}

/* Whatever came before: a stop ends within a second. */
static void
stop(struct end *e)
{
	v6d_ns start = world.now;

	feed(e, V6D_EV_STOP, NULL, 0, 0);
	while (v6d_session_state(e->s) != V6D_SESSION_DEAD) {
		take_all(e);
		tick(e);
		must(world.now <= start + V6D_S(1));
	}
	take_all(e);
	must(v6d_session_take(e->s) == NULL);
}

/* One end in eight has each of these. */
static const unsigned auths[8] = { V6D_AUTH_CHAP, V6D_AUTH_NONE, V6D_AUTH_PAP,
	V6D_AUTH_EAP, V6D_AUTH_MSCHAPV2, V6D_AUTH_CHAP | V6D_AUTH_EAP,
	V6D_AUTH_PAP | V6D_AUTH_MSCHAPV2, V6D_AUTH_NONE | V6D_AUTH_ANY };

static enum v6d_mppe_wish
wish_of(bool server, uint8_t more)
{
	if (!(more & 128))
		return V6D_MPPE_ALLOW;
	if (server || more & 8)
		return V6D_MPPE_REQUIRE;
	return more & 16 ? V6D_MPPE_REFUSE : V6D_MPPE_ALLOW;
}

static void
begin(struct end *e, enum v6d_role role, uint8_t flags, uint8_t more)
{
	struct v6d_session_conf c = { .role = role };
	bool server = role == V6D_ROLE_SERVER;

	c.auth = auths[flags & 7];
	c.mppe = wish_of(server, more);
	c.first_seq = flags >> 3 & 1;
	c.call_id = server ? 7 : 0;
	c.mru = flags & 16 ? 1400 : 0;
	c.reorder = flags & 16 ? V6D_MS(10) : 0;
	c.lcp_echo = flags & 32 ? V6D_S(20) : 0;
	c.ifid[7] = flags & 64 ? (uint8_t)(1 + role) : 0;
	c.random[0] = (uint8_t)(1 + role);
	memcpy(c.user, "u", 2);
	memcpy(c.password, flags & 128 ? "p" : "q", 2);
	c.server.silent = more & 1;
	c.server.no_ipv6 = more & 2;
	c.server.offer_ipcp = more & 4;
	c.server.late_echo = more & 8;
	c.server.no_gre_ack = more & 16;
	c.server.refuse_call = more & 32 ? 4 : 0;
	c.server.peer_ifid[7] = more & 64 ? 9 : 0;
	if (!e->s)
		e->s = malloc(v6d_session_size());
	must(e->s != NULL);
	v6d_session_init(e->s, &c);
	e->head = e->len = e->dead = 0;
	check(e->s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t c, v, more;

	world.in = v6d_wire_from(data, size, size);
	world.now = 0;
	c = v6d_wire_u8(&world.in);
	v = v6d_wire_u8(&world.in);
	more = v6d_wire_u8(&world.in);
	begin(&world.end[0], V6D_ROLE_CLIENT, c, more);
	begin(&world.end[1], V6D_ROLE_SERVER, v, more);
	for (unsigned i = 0; i < OPS_MAX && v6d_wire_left(&world.in) > 0; i++)
		operate(v6d_wire_u8(&world.in));
	stop(&world.end[0]);
	stop(&world.end[1]);
	return 0;
}
