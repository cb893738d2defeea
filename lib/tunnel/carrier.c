/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * carrier.c - the GRE packets of one call: numbers and acknowledgments
 * (RFC 2637 4).
 */
#include "tunnel/session_impl.h"

#define ACK_DELAY V6D_MS(50) /* a pure ack after so long without traffic */
#define PPP_HEADER 4

/* Signed distance from b to a on the circle of 32-bit numbers. */
static int32_t
ahead(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b);
}

/* The GRE header and, where it has a number, the PPP header. */
static void
put_headers(
    struct v6d_session *s, struct v6d_gre *g, uint16_t proto, struct v6d_out *o)
{
	g->version = 1;
	g->proto = V6D_GRE_PROTO_PPP;
	g->call_id = s->control.peer_call_id;
	v6d_gre_encode(o, g);
	if (g->has_seq)
		v6d_ppp_encode(o, proto);
	if (g->has_ack)
		s->carrier.ack_at = V6D_NEVER;
}

static void
emit(struct v6d_session *s, struct v6d_gre *g, uint16_t proto,
    const uint8_t *info, size_t n)
{
	struct v6d_session_act *a = v6d_queue_add(s, V6D_ACT_GRE_SEND);
	struct v6d_out o;

	if (!a)
		return;
	o = v6d_out_to(a->bytes, sizeof(a->bytes));
	put_headers(s, g, proto, &o);
	v6d_out_bytes(&o, info, n);
	a->len = o.len;
}

static void
send_frame(struct v6d_session *s, uint16_t proto, const uint8_t *info, size_t n,
    uint32_t seq, bool ack)
{
	struct v6d_gre g = {
		.payload_len = (uint16_t)(PPP_HEADER + n),
		.has_seq = true,
		.seq = seq,
		.has_ack = ack,
		.ack = s->carrier.peer_seq,
	};

	emit(s, &g, proto, info, n);
}

static void
on_ack(struct v6d_session *s, uint32_t ack)
{
	struct v6d_carrier *l = &s->carrier;
	struct v6d_session_act *a;

	if (ahead(ack, l->acked) <= 0 || ahead(ack, l->next_seq) >= 0)
		return;
	l->acked = ack;
	a = v6d_queue_add(s, V6D_ACT_ACKED);
	if (a)
		a->seq = ack;
}

/* True when the frame is newer than all before it. */
static bool
on_seq(struct v6d_session *s, uint32_t seq)
{
	struct v6d_carrier *l = &s->carrier;

	if (l->heard && ahead(seq, l->peer_seq) <= 0)
		return false;
	v6d_session_mark(s, &s->times.first_gre);
	l->heard = true;
	l->peer_seq = seq;
	if (l->ack_at == V6D_NEVER)
		l->ack_at = s->now + ACK_DELAY;
	return true;
}

void
v6d_carrier_start(struct v6d_session *s)
{
	s->carrier.next_seq = s->conf.first_seq;
	s->carrier.acked = s->conf.first_seq - 1;
	s->carrier.ack_at = V6D_NEVER;
	s->carrier.heard = false;
	v6d_reorder_init(&s->reorder);
}

enum v6d_carrier_got
v6d_carrier_receive(struct v6d_session *s, const uint8_t *p, size_t n,
    struct v6d_wire *ret_frame, size_t *ret_len, uint32_t *ret_seq)
{
	struct v6d_wire w = v6d_wire_from(p, n, n), frame;
	struct v6d_gre g;

	if (v6d_gre_decode(&w, &g, &frame) != V6D_WIRE_OK)
		return V6D_CARRIER_NOTHING;
	if (!v6d_gre_is_pptp(&g) || g.call_id != s->control.call_id)
		return V6D_CARRIER_NOTHING;
	if (g.has_ack)
		on_ack(s, g.ack);
	if (!g.has_seq)
		return V6D_CARRIER_NOTHING;
	*ret_frame = frame;
	*ret_len = (size_t)(frame.end - p);
	*ret_seq = g.seq;
	return on_seq(s, g.seq) ? V6D_CARRIER_FRAME : V6D_CARRIER_LATE;
}

static bool
is_negotiating(const struct v6d_session *s)
{
	return !v6d_session_is_server(s) && s->state >= V6D_SESSION_LCP &&
	       s->state < V6D_SESSION_UP;
}

void
v6d_carrier_send(
    struct v6d_session *s, uint16_t proto, const uint8_t *info, size_t n)
{
	unsigned copies = is_negotiating(s) ? s->conf.copies : 0;
	bool ack = s->carrier.ack_at != V6D_NEVER;
	uint32_t seq = s->carrier.next_seq;

	if (v6d_queue_full(s))
		return;
	s->carrier.next_seq++;
	for (unsigned i = 0; i <= copies; i++)
		send_frame(s, proto, info, n, seq, ack);
}

uint8_t *
v6d_carrier_wrap(struct v6d_session *s, uint16_t proto, uint8_t *info, size_t n,
    size_t *ret_n)
{
	struct v6d_gre g = {
		.payload_len = (uint16_t)(PPP_HEADER + n),
		.has_seq = true,
		.seq = s->carrier.next_seq++,
		.has_ack = s->carrier.ack_at != V6D_NEVER,
		.ack = s->carrier.peer_seq,
	};
	size_t header = PPP_HEADER + (g.has_ack ? 16 : 12);
	struct v6d_out o = v6d_out_to(info - header, header);

	put_headers(s, &g, proto, &o);
	*ret_n = header + n;
	return info - header;
}

size_t
v6d_carrier_probe_overhead(const struct v6d_session *s)
{
	return (s->carrier.heard ? 16 : 12) + PPP_HEADER;
}

void
v6d_carrier_send_probe(
    struct v6d_session *s, const uint8_t *info, size_t n, uint32_t seq)
{
	send_frame(s, V6D_PPP_LCP, info, n, seq, s->carrier.heard);
}

void
v6d_carrier_tick(struct v6d_session *s)
{
	struct v6d_gre g = { .has_ack = true, .ack = s->carrier.peer_seq };

	s->carrier.ack_at = V6D_NEVER;
	if (v6d_session_is_server(s) && s->conf.server.no_gre_ack)
		return;
	emit(s, &g, 0, NULL, 0);
}
