/* SPDX-License-Identifier: GPL-2.0-or-later */
/* echo.c - LCP Echo and Discard (RFC 1661 5.8, 5.9), keepalive, size probes. */
#include "tunnel/session_impl.h"

#define MAX_UNANSWERED 5
#define MAGIC 4
#define CP_HEADER 4
#define IPV4_HEADER 20

/* Writes one echo or discard packet: our magic number, then the data. */
static size_t
build(const struct v6d_session *s, uint8_t code, uint8_t id,
    const uint8_t *data, size_t n, uint8_t *ret, size_t cap)
{
	struct v6d_out o = v6d_out_to(ret, cap);

	v6d_out_u8(&o, code);
	v6d_out_u8(&o, id);
	v6d_out_be16(&o, (uint16_t)(CP_HEADER + MAGIC + n));
	v6d_out_be32(&o, s->lcp.magic);
	v6d_out_bytes(&o, data, n);
	return o.full ? 0 : o.len;
}

static void
send(struct v6d_session *s, uint8_t code, uint8_t id, const uint8_t *data,
    size_t n)
{
	uint8_t packet[V6D_SESSION_FRAME];
	size_t len = build(s, code, id, data, n, packet, sizeof(packet));

	if (len > 0)
		v6d_carrier_send(s, V6D_PPP_LCP, packet, len);
}

static void
rearm(struct v6d_session *s)
{
	s->echo.timer =
	    s->conf.lcp_echo > 0 ? s->now + s->conf.lcp_echo : V6D_NEVER;
}

void
v6d_echo_start(struct v6d_session *s)
{
	s->echo.unanswered = 0;
	rearm(s);
}

void
v6d_echo_stop(struct v6d_session *s)
{
	s->echo.timer = V6D_NEVER;
}

/* A reply is cut at the peer's MRU, as real ends do. */
void
v6d_echo_request(struct v6d_session *s, uint8_t id, struct v6d_wire *data)
{
	size_t most = s->lcp.peer_mru, n;

	v6d_wire_be32(data);
	if (data->err)
		return;
	n = v6d_wire_left(data);
	if (CP_HEADER + MAGIC + n > most)
		n = most > CP_HEADER + MAGIC ? most - CP_HEADER - MAGIC : 0;
	send(s, V6D_LCP_ECHO_REP, id, data->p, n);
}

static bool
is_keepalive(const struct v6d_session *s, const uint8_t *p, size_t n)
{
	return n == sizeof(s->echo.cookie) && memcmp(p, s->echo.cookie, n) == 0;
}

void
v6d_echo_reply(struct v6d_session *s, struct v6d_wire *data)
{
	struct v6d_session_act *a;
	size_t n;

	v6d_wire_be32(data);
	n = v6d_wire_left(data);
	if (data->err || n > V6D_SESSION_FRAME)
		return;
	if (is_keepalive(s, data->p, n)) {
		s->echo.unanswered = 0;
		return;
	}
	a = v6d_queue_add(s, V6D_ACT_LCP_ECHO_REPLY);
	if (!a)
		return;
	memcpy(a->bytes, data->p, n);
	a->len = n;
	a->gre_len = s->echo.gre_len;
}

void
v6d_echo_tick(struct v6d_session *s)
{
	if (s->echo.unanswered >= MAX_UNANSWERED) {
		v6d_closing_fail(s, V6D_WHY_ECHO_LOST, 0, 0);
		return;
	}
	s->echo.unanswered++;
	rearm(s);
	send(s, V6D_LCP_ECHO_REQ, ++s->echo.id, s->echo.cookie,
	    sizeof(s->echo.cookie));
}

uint8_t
v6d_session_pattern(size_t at)
{
	return (uint8_t)(at * 31 + (at >> 8) * 17 + 5);
}

/* A probing frame's own number: an old one again, or the next. */
static bool
pick_seq(struct v6d_session *s, bool reuse, uint32_t *seq)
{
	if (reuse)
		return (int32_t)(*seq - s->carrier.next_seq) < 0;
	*seq = s->carrier.next_seq++;
	return true;
}

/*
 * The acknowledgment is always in, so that the reply, which may lack it, is
 * never the larger of the two: what is measured is the request's size.
 */
bool
v6d_session_probe(struct v6d_session *s, enum v6d_probe_frame frame,
    size_t outer_len, const uint8_t *data, size_t data_len, bool reuse,
    uint32_t seq, uint32_t *ret_seq, v6d_ns now)
{
	uint8_t body[V6D_SESSION_FRAME], packet[V6D_SESSION_FRAME];
	size_t around =
	    IPV4_HEADER + v6d_carrier_probe_overhead(s) + CP_HEADER + MAGIC;
	size_t len;

	if (s->state == V6D_SESSION_DEAD || !v6d_lcp_is_open(s) ||
	    v6d_queue_full(s))
		return false;
	if (outer_len < around + data_len ||
	    outer_len > IPV4_HEADER + V6D_SESSION_FRAME)
		return false;
	if (!pick_seq(s, reuse, &seq))
		return false;
	if (now > s->now)
		s->now = now;
	if (data_len > 0)
		memcpy(body, data, data_len);
	for (size_t i = data_len; i < outer_len - around; i++)
		body[i] = v6d_session_pattern(i);
	len = build(s,
	    frame == V6D_FRAME_LCP_ECHO ? V6D_LCP_ECHO_REQ : V6D_LCP_DISCARD,
	    ++s->echo.id, body, outer_len - around, packet, sizeof(packet));
	v6d_carrier_send_probe(s, packet, len, seq);
	*ret_seq = seq;
	return true;
}
