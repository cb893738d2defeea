/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pair.h - a client and a server machine with a network between them, in
 * virtual time. Header only: each test program is one file.
 */
#ifndef V6D_TESTS_PAIR_H
#define V6D_TESTS_PAIR_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tunnel/session_impl.h"

enum { CLIENT, SERVER };

#define PAIR_LATENCY V6D_MS(1)
#define PAIR_FLIGHT 512

struct parcel {
	v6d_ns at;
	unsigned long order;
	int to;
	enum v6d_session_ev ev;
	int code;
	size_t len;
	uint8_t *bytes; /* malloc'd */
};

struct pair;

/* What the network does with one packet. */
enum fate { DELIVER, DROP, TWICE, LATER };

/* nth: index among this end's messages of that kind. A FIN has no bytes. */
typedef enum fate pair_fate(struct pair *p, int from, bool gre, unsigned nth,
    const uint8_t *bytes, size_t len);

/* What the network does to the bytes of a GRE packet. */
typedef void pair_mangle(struct pair *p, int from, uint8_t *bytes, size_t *len);

struct pair {
	struct v6d_session *end[2];
	v6d_ns now;
	struct parcel flight[PAIR_FLIGHT];
	unsigned n_flight;
	unsigned long order;
	pair_fate *fate;
	pair_mangle *mangle;
	unsigned n_tcp[2], n_gre[2], n_all[2];
	int victim; /* for fates: whose messages, */
	unsigned nth; /* and which */
	size_t split; /* of TCP: bytes per piece; 0: whole messages */
	size_t cut; /* TCP: one extra cut at this stream offset */
	size_t sent[2]; /* TCP bytes so far */
	unsigned up[2], dead[2], tun[2], echoes[2];
	size_t echo_len[2], echo_gre_len[2], tun_len[2];
	uint8_t echo_data[2][V6D_SESSION_FRAME];
	uint8_t gre[2][V6D_SESSION_FRAME]; /* the last one on its way */
	size_t gre_len[2];
	uint8_t tun_data[2][V6D_SESSION_FRAME];
	uint32_t acked[2];
	unsigned control_echoes[2];
};

static inline struct v6d_session_conf
pair_conf(enum v6d_role role, unsigned auth)
{
	struct v6d_session_conf c = { .role = role, .auth = auth };

	for (size_t i = 0; i < sizeof(c.random); i++)
		c.random[i] = (uint8_t)(i * 7 + (unsigned)role * 101 + 1);
	c.call_id = role == V6D_ROLE_CLIENT ? 0x1234 : 0x0080;
	c.first_seq = role == V6D_ROLE_CLIENT ? 1 : 0;
	memcpy(c.user, "user@example.jp", 16);
	memcpy(c.password, "clientPass", 11);
	c.ifid[7] = role == V6D_ROLE_CLIENT ? 0x11 : 0x22;
	c.step_timeout = V6D_S(10);
	c.restart = V6D_S(3);
	return c;
}

static inline void
pair_post(struct pair *p, int to, enum v6d_session_ev ev, int code,
    const uint8_t *bytes, size_t len, v6d_ns delay)
{
	struct parcel *q = &p->flight[p->n_flight++];

	assert_true(p->n_flight < PAIR_FLIGHT);
	*q = (struct parcel){ .at = p->now + delay,
		.order = p->order++,
		.to = to,
		.ev = ev,
		.code = code,
		.len = len,
		.bytes = malloc(len ? len : 1) };
	if (len > 0)
		memcpy(q->bytes, bytes, len);
}

static inline void
pair_tcp(struct pair *p, int from, const uint8_t *bytes, size_t len)
{
	while (len > 0) {
		size_t n = p->split && p->split < len ? p->split : len;
		size_t at = p->sent[from];

		if (p->cut > at && p->cut < at + n)
			n = p->cut - at;
		pair_post(
		    p, !from, V6D_EV_TCP_BYTES, 0, bytes, n, PAIR_LATENCY);
		p->sent[from] += n;
		bytes += n;
		len -= n;
	}
}

static inline void
pair_message(
    struct pair *p, int from, bool gre, const struct v6d_session_act *a)
{
	unsigned nth = gre ? p->n_gre[from]++ : p->n_tcp[from]++;
	enum fate fate =
	    p->fate ? p->fate(p, from, gre, nth, a->bytes, a->len) : DELIVER;

	p->n_all[from]++;
	if (fate == DROP)
		return;
	if (!gre) {
		pair_tcp(p, from, a->bytes, a->len);
		return;
	}
	memcpy(p->gre[from], a->bytes, a->len);
	p->gre_len[from] = a->len;
	if (p->mangle)
		p->mangle(p, from, p->gre[from], &p->gre_len[from]);
	pair_post(p, !from, V6D_EV_GRE, 0, p->gre[from], p->gre_len[from],
	    fate == LATER ? V6D_MS(5) : PAIR_LATENCY);
	if (fate == TWICE)
		pair_post(p, !from, V6D_EV_GRE, 0, p->gre[from],
		    p->gre_len[from], 2 * PAIR_LATENCY);
}

static inline void
pair_close(struct pair *p, int from)
{
	if (p->fate && p->fate(p, from, false, p->n_tcp[from], NULL, 0) == DROP)
		return;
	pair_post(p, !from, V6D_EV_TCP_CLOSED, 0, NULL, 0, PAIR_LATENCY);
}

static inline void
pair_act(struct pair *p, int from, const struct v6d_session_act *a)
{
	switch (a->kind) {
	case V6D_ACT_TCP_CONNECT:
		pair_post(p, SERVER, V6D_EV_START, 0, NULL, 0, PAIR_LATENCY);
		pair_post(
		    p, CLIENT, V6D_EV_TCP_UP, 0, NULL, 0, 2 * PAIR_LATENCY);
		break;
	case V6D_ACT_TCP_SEND:
		pair_message(p, from, false, a);
		break;
	case V6D_ACT_TCP_CLOSE:
		pair_close(p, from);
		break;
	case V6D_ACT_GRE_SEND:
		pair_message(p, from, true, a);
		break;
	case V6D_ACT_TUN_WRITE:
		p->tun[from]++;
		p->tun_len[from] = a->len;
		memcpy(p->tun_data[from], a->bytes, a->len);
		break;
	case V6D_ACT_UP:
		p->up[from]++;
		break;
	case V6D_ACT_LCP_ECHO_REPLY:
		p->echoes[from]++;
		p->echo_len[from] = a->len;
		p->echo_gre_len[from] = a->gre_len;
		memcpy(p->echo_data[from], a->bytes, a->len);
		break;
	case V6D_ACT_ACKED:
		p->acked[from] = a->seq;
		break;
	case V6D_ACT_CONTROL_ECHO_REPLY:
		p->control_echoes[from]++;
		break;
	case V6D_ACT_DEAD:
		p->dead[from]++;
		break;
	}
}

/* The invariants that hold after every event. */
static inline void
pair_check(const struct pair *p, int i)
{
	const struct v6d_session *s = p->end[i];
	enum v6d_session_state st = v6d_session_state(s);

	assert_int_equal(st == V6D_SESSION_DEAD, p->dead[i] == 1);
	if (st == V6D_SESSION_DEAD) {
		assert_int_not_equal(v6d_session_why(s), V6D_WHY_NONE);
		assert_true(v6d_session_deadline(s) == V6D_NEVER);
	} else if (st != V6D_SESSION_IDLE) {
		assert_true(v6d_session_deadline(s) != V6D_NEVER);
	}
	assert_int_equal(s->queue.lost, 0);
}

static inline void
pair_drain(struct pair *p, int i)
{
	const struct v6d_session_act *a;

	while ((a = v6d_session_take(p->end[i])) != NULL) {
		assert_int_equal(p->dead[i], 0); /* dead is the last */
		pair_act(p, i, a);
	}
	pair_check(p, i);
}

static inline void
pair_feed(struct pair *p, int i, enum v6d_session_ev ev, const uint8_t *bytes,
    size_t len, int code)
{
	v6d_session_feed(p->end[i], ev, bytes, len, code, p->now);
	pair_drain(p, i);
}

static inline void
pair_init(struct pair *p, const struct v6d_session_conf *client,
    const struct v6d_session_conf *server)
{
	memset(p, 0, sizeof(*p));
	p->now = V6D_S(1);
	p->end[CLIENT] = v6d_session_init(malloc(v6d_session_size()), client);
	p->end[SERVER] = v6d_session_init(malloc(v6d_session_size()), server);
}

static inline void
pair_done(struct pair *p)
{
	for (unsigned i = 0; i < p->n_flight; i++)
		free(p->flight[i].bytes);
	free(p->end[CLIENT]);
	free(p->end[SERVER]);
}

/* The parcel that arrives first, or -1. */
static inline int
pair_next(const struct pair *p)
{
	int best = -1;

	for (unsigned i = 0; i < p->n_flight; i++)
		if (best < 0 || p->flight[i].at < p->flight[best].at ||
		    (p->flight[i].at == p->flight[best].at &&
			p->flight[i].order < p->flight[best].order))
			best = (int)i;
	return best;
}

static inline void
pair_deliver(struct pair *p, int which)
{
	struct parcel q = p->flight[which];

	p->flight[which] = p->flight[--p->n_flight];
	p->now = q.at;
	pair_feed(p, q.to, q.ev, q.bytes, q.len, q.code);
	free(q.bytes);
}

/* One thing happens, if any does before `until`. */
static inline bool
pair_step(struct pair *p, v6d_ns until)
{
	int which = pair_next(p);
	v6d_ns packet = which < 0 ? V6D_NEVER : p->flight[which].at;
	v6d_ns d[2] = { v6d_session_deadline(p->end[0]),
		v6d_session_deadline(p->end[1]) };
	int i = d[1] < d[0];

	if (packet <= d[i] && packet <= until) {
		pair_deliver(p, which);
		return true;
	}
	if (d[i] > until)
		return false;
	if (d[i] > p->now)
		p->now = d[i];
	pair_feed(p, i, V6D_EV_TICK, NULL, 0, 0);
	return true;
}

static inline void
pair_run(struct pair *p, v6d_ns span)
{
	v6d_ns until = p->now + span;
	unsigned steps = 0;

	while (pair_step(p, until))
		assert_true(++steps < 100000);
	p->now = until;
}

static inline void
pair_dial(struct pair *p)
{
	pair_feed(p, CLIENT, V6D_EV_START, NULL, 0, 0);
}

/* Up after a second, or the test fails. */
static inline void
pair_connect(struct pair *p, const struct v6d_session_conf *client,
    const struct v6d_session_conf *server)
{
	pair_init(p, client, server);
	pair_dial(p);
	pair_run(p, V6D_S(1));
	assert_int_equal(v6d_session_state(p->end[CLIENT]), V6D_SESSION_UP);
	assert_int_equal(v6d_session_state(p->end[SERVER]), V6D_SESSION_UP);
}

/* Puts a frame of ours into the other end's stream, at once. */
static inline void
pair_inject(struct pair *p, int to, uint16_t proto, const void *info, size_t n)
{
	struct v6d_session *from = p->end[!to];
	struct v6d_gre g = {
		.version = 1,
		.proto = V6D_GRE_PROTO_PPP,
		.call_id = p->end[to]->control.call_id,
		.payload_len = (uint16_t)(n + 4),
		.has_seq = true,
		.seq = from->carrier.next_seq++,
	};
	uint8_t buf[V6D_SESSION_FRAME];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	v6d_gre_encode(&o, &g);
	v6d_ppp_encode(&o, proto);
	v6d_out_bytes(&o, info, n);
	assert_false(o.full);
	pair_feed(p, to, V6D_EV_GRE, buf, o.len, 0);
}

/* The last frame that this end sent; empty when it was no frame. */
static inline struct v6d_wire
pair_answer(const struct pair *p, int from, uint16_t *ret_proto)
{
	struct v6d_wire w =
	    v6d_wire_from(p->gre[from], p->gre_len[from], p->gre_len[from]);
	struct v6d_wire frame = { 0 };
	struct v6d_ppp ppp = { 0 };
	struct v6d_gre g;

	*ret_proto = 0;
	if (v6d_gre_decode(&w, &g, &frame) == V6D_WIRE_OK && g.has_seq &&
	    v6d_ppp_decode(&frame, &ppp) == V6D_WIRE_OK)
		*ret_proto = ppp.proto;
	return frame;
}

/* Injects, and checks what the answer is: n bytes, or none. */
static inline void
pair_expect(struct pair *p, int to, uint16_t proto, const void *info, size_t n,
    uint16_t answer_proto, const void *answer, size_t answer_len)
{
	struct v6d_wire w;
	uint16_t got;

	p->gre_len[to] = 0;
	pair_inject(p, to, proto, info, n);
	w = pair_answer(p, to, &got);
	assert_int_equal(got, answer_proto);
	assert_int_equal(v6d_wire_left(&w), answer_len);
	if (answer_len > 0)
		assert_memory_equal(w.p, answer, answer_len);
}

static inline bool
pair_is_up(const struct pair *p)
{
	return v6d_session_state(p->end[CLIENT]) == V6D_SESSION_UP &&
	       v6d_session_state(p->end[SERVER]) == V6D_SESSION_UP;
}

#endif
