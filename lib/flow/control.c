/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * control.c - the control connection as a bystander reads it: both TCP
 * streams put together again, and the messages in them (RFC 2637 2).
 */
#include "flow/track.h"

/* Every reply's result and error stand before this (RFC 2637 2). */
#define RESULT_END 18

/* ---- messages ---- */

/* The id that GRE in direction d will carry, as its receiver chose it. */
static void
note_call_id(struct v6d_tunnel *t, enum v6d_dir d, uint16_t id)
{
	struct v6d_view_control *c = &t->v.control;

	if (c->n_calls > 1)
		return;
	t->new_call_id = true;
	c->call_id_known[d] = true;
	c->call_id[d] = id;
}

static void
note_outgoing_reply(
    struct v6d_tunnel *t, enum v6d_dir dir, const struct v6d_pptp *m, v6d_ns at)
{
	struct v6d_view_control *c = &t->v.control;

	if (m->result != 1)
		return;
	v6d_once(&c->call_up, at);
	if (c->n_calls == 0)
		c->n_calls = 1;
	note_call_id(t, v6d_dir_other(dir), m->call_id);
	if (!c->call_id_known[dir])
		note_call_id(t, dir, m->peer_call_id);
}

static void
note_echo(struct v6d_tunnel *t, enum v6d_dir dir, const struct v6d_pptp *m)
{
	enum v6d_dir asker = v6d_dir_other(dir);

	if (m->type == V6D_PPTP_ECHORQ)
		t->echo_open[dir]++;
	else if (m->type == V6D_PPTP_ECHORP)
		t->echo_open[asker] = 0;
}

/* The record of a message type; NULL: no memory. */
static struct v6d_view_msg *
msg_of(struct v6d_tunnel *t, enum v6d_dir dir, unsigned type)
{
	struct v6d_view_control *c = &t->v.control;

	if (c->msg[dir][type] > 0)
		return &c->msgs[c->msg[dir][type] - 1];
	c->msgs = v6d_pool_room(t->pool, c->msgs, c->n_msgs, &c->cap_msgs,
	    V6D_N_DIRS * V6D_VIEW_MSGS, sizeof(*c->msgs));
	if (c->n_msgs == c->cap_msgs)
		return NULL;
	c->msgs[c->n_msgs] =
	    (struct v6d_view_msg){ .first = V6D_NEVER, .last = V6D_NEVER };
	c->msg[dir][type] = (uint8_t)++c->n_msgs;
	return &c->msgs[c->n_msgs - 1];
}

static void
note_name(struct v6d_tunnel *t, const uint8_t **name, const uint8_t *src)
{
	size_t n = 0;

	while (n < V6D_VIEW_TEXT - 1 && src[n] != 0)
		n++;
	if (!*name)
		*name = v6d_tunnel_text(t, src, n);
}

static void
note_message(
    struct v6d_tunnel *t, enum v6d_dir dir, const struct v6d_pptp *m, v6d_ns at)
{
	struct v6d_view_control *c = &t->v.control;
	unsigned type = m->type < V6D_VIEW_MSGS ? m->type : 0;
	struct v6d_view_msg *msg = msg_of(t, dir, type);

	if (!msg)
		return;
	v6d_once(&msg->first, at);
	msg->last = at;
	msg->n++;
	msg->result = m->result;
	msg->error = m->error;
	note_echo(t, dir, m);
	if (type == V6D_PPTP_SCCRP && dir == V6D_DIR_IN) {
		note_name(t, &c->host, m->host);
		note_name(t, &c->vendor, m->vendor);
	} else if (type == V6D_PPTP_OCRQ) {
		c->n_calls++;
		note_call_id(t, v6d_dir_other(dir), m->call_id);
	} else if (type == V6D_PPTP_OCRP) {
		note_outgoing_reply(t, dir, m, at);
	}
}

/* Returns false when the stream is no PPTP. */
static bool
read_message(
    struct v6d_tunnel *t, enum v6d_dir dir, size_t have, size_t len, v6d_ns at)
{
	struct v6d_stream *s = &t->stream[dir];
	struct v6d_wire w = v6d_wire_from(s->buf, have, len);
	struct v6d_pptp m = { 0 };

	enum v6d_wire_err err = v6d_pptp_decode(&w, &m);

	if (err == V6D_WIRE_MALFORMED)
		return false;
	/* Cut before its result: it might say anything. */
	if (err == V6D_WIRE_TRUNCATED && have < RESULT_END)
		return true;
	note_message(t, dir, &m, at);
	return true;
}

/* ---- the stream ---- */

/* The message under way is over. */
static void
forget(struct v6d_tunnel *t, struct v6d_stream *s)
{
	v6d_pool_give(t->pool, s->buf, V6D_PPTP_MAX);
	s->buf = NULL;
	s->n = 0;
	s->segs = 0;
}

static void
not_pptp(struct v6d_tunnel *t, enum v6d_dir dir, v6d_ns at)
{
	struct v6d_stream *s = &t->stream[dir];
	struct v6d_view_control *c = &t->v.control;

	s->dead = true;
	if (!c->not_pptp[dir]) {
		c->not_pptp[dir] = true;
		c->not_pptp_at[dir] = at;
		if (dir == V6D_DIR_IN)
			c->not_pptp_text = v6d_tunnel_text(t, s->buf, s->n);
	}
	forget(t, s);
}

/* A stream joined in its middle starts where a segment starts a message. */
static bool
starts_message(const uint8_t *p, size_t n)
{
	size_t len;

	return v6d_pptp_peek(p, n, &len) == V6D_WIRE_OK;
}

static void
message_done(struct v6d_tunnel *t, enum v6d_dir dir)
{
	struct v6d_stream *s = &t->stream[dir];

	if (s->segs > 1)
		t->v.tcp.n_split[dir]++;
	forget(t, s);
}

/*
 * Takes what completes the message under way and returns how many bytes
 * those were; 0: all were taken and more are needed, or the stream is dead.
 */
static size_t
take_bytes(struct v6d_tunnel *t, enum v6d_dir dir, const uint8_t *p, size_t n,
    v6d_ns at)
{
	struct v6d_stream *s = &t->stream[dir];
	size_t room = V6D_PPTP_MAX - s->n, got = n < room ? n : room, len;
	enum v6d_wire_err err;

	if (!s->buf)
		s->buf = v6d_pool_take(t->pool, V6D_PPTP_MAX);
	if (!s->buf) {
		s->lost = true;
		return 0;
	}
	memcpy(s->buf + s->n, p, got);
	err = v6d_pptp_peek(s->buf, s->n + got, &len);
	if (err == V6D_WIRE_OK && s->n + got >= len) {
		size_t used = len - s->n;

		s->n = (uint16_t)len;
		if (!read_message(t, dir, len, len, at)) {
			not_pptp(t, dir, at);
			return 0;
		}
		message_done(t, dir);
		return used;
	}
	s->n = (uint16_t)(s->n + got);
	if (err == V6D_WIRE_MALFORMED)
		not_pptp(t, dir, at);
	return 0;
}

/* The capture kept `n` of `wire_len` bytes: what follows is not there. */
static void
bytes_cut(struct v6d_tunnel *t, enum v6d_dir dir, v6d_ns at)
{
	struct v6d_stream *s = &t->stream[dir];
	size_t len;

	if (!s->dead && s->n > 0 &&
	    v6d_pptp_peek(s->buf, s->n, &len) == V6D_WIRE_OK && s->n < len)
		read_message(t, dir, s->n, len, at);
	forget(t, s);
	s->lost = true;
}

void
v6d_control_bytes(struct v6d_tunnel *t, enum v6d_dir dir, const uint8_t *p,
    size_t n, size_t wire_len, v6d_ns at)
{
	struct v6d_stream *s = &t->stream[dir];
	unsigned messages = 0;
	size_t used;

	t->v.tcp.bytes[dir] += wire_len;
	if (wire_len > 0)
		v6d_once(&t->v.tcp.up, at);
	if (s->dead || wire_len == 0)
		return;
	if (s->lost) {
		if (!starts_message(p, n)) {
			t->v.tcp.unread[dir] += (uint32_t)wire_len;
			return;
		}
		s->lost = false;
	}
	if (s->segs < UINT8_MAX)
		s->segs++;
	while (n > 0 && (used = take_bytes(t, dir, p, n, at)) > 0) {
		p += used;
		n -= used;
		wire_len -= used;
		messages++;
		s->segs = n > 0;
	}
	if (messages > 1 || (messages == 1 && n > 0))
		t->v.tcp.n_joined[dir]++;
	if (wire_len > n) {
		t->v.tcp.unread[dir] += (uint32_t)(wire_len - n);
		bytes_cut(t, dir, at);
	}
}

/* ---- TCP segments into the stream ---- */

static void
hold(struct v6d_tunnel *t, struct v6d_stream *s, uint32_t seq, const uint8_t *p,
    size_t n, size_t wire_len)
{
	struct v6d_held *h;

	for (unsigned i = 0; i < s->n_held; i++)
		if (s->held[i].seq == seq)
			return;
	s->held = v6d_pool_room(t->pool, s->held, s->n_held, &s->cap_held,
	    V6D_STREAM_HELD, sizeof(*s->held));
	if (s->n_held == s->cap_held)
		return;
	h = &s->held[s->n_held++];
	h->seq = seq;
	h->len = (uint16_t)(n < V6D_STREAM_SEG ? n : V6D_STREAM_SEG);
	h->wire_len = (uint16_t)(wire_len < UINT16_MAX ? wire_len : UINT16_MAX);
	memcpy(h->data, p, h->len);
}

/* Gives the part of a segment that is new; false: it lies ahead. */
static bool
deliver(struct v6d_tunnel *t, enum v6d_dir dir, uint32_t seq, const uint8_t *p,
    size_t n, size_t wire_len, v6d_ns at)
{
	struct v6d_stream *s = &t->stream[dir];
	int32_t ahead = v6d_seq_diff(seq, s->next);
	size_t old;

	if (ahead > 0)
		return false;
	old = (size_t)(-(int64_t)ahead);
	if (old >= wire_len)
		return true;
	s->next = seq + (uint32_t)wire_len;
	if (old >= n)
		v6d_control_bytes(t, dir, p, 0, wire_len - old, at);
	else
		v6d_control_bytes(t, dir, p + old, n - old, wire_len - old, at);
	return true;
}

/* The held segment nearest to `next`. */
static unsigned
nearest(const struct v6d_stream *s)
{
	unsigned best = 0;

	for (unsigned i = 1; i < s->n_held; i++)
		if (v6d_seq_diff(s->held[i].seq, s->held[best].seq) < 0)
			best = i;
	return best;
}

static void
drop_held(struct v6d_stream *s, unsigned i)
{
	s->held[i] = s->held[--s->n_held];
}

/* A hole that the receiver acknowledged was lost by the capture alone. */
static void
skip_to(struct v6d_tunnel *t, enum v6d_dir dir, uint32_t seq)
{
	struct v6d_stream *s = &t->stream[dir];

	t->v.tcp.missing[dir] += seq - s->next;
	s->next = seq;
	forget(t, s);
	s->lost = true;
}

static void
drain(struct v6d_tunnel *t, enum v6d_dir dir, bool force, v6d_ns at)
{
	struct v6d_stream *s = &t->stream[dir];

	while (s->n_held > 0) {
		unsigned i = nearest(s);
		struct v6d_held *h = &s->held[i];

		if (v6d_seq_diff(h->seq, s->next) > 0) {
			bool known = s->acked_known &&
				     v6d_seq_diff(s->acked, h->seq) >= 0;

			if (!force && !known)
				return;
			skip_to(t, dir, h->seq);
		}
		deliver(t, dir, h->seq, h->data, h->len, h->wire_len, at);
		drop_held(s, i);
	}
	v6d_pool_give(t->pool, s->held, s->cap_held * sizeof(*s->held));
	s->held = NULL;
	s->cap_held = 0;
}

static void
segment_data(struct v6d_tunnel *t, enum v6d_dir dir, uint32_t seq,
    const struct v6d_wire *w, size_t wire_len, v6d_ns at)
{
	struct v6d_stream *s = &t->stream[dir];
	uint32_t end = seq + (uint32_t)wire_len;

	if (!s->started) {
		s->started = s->lost = true;
		s->next = s->high = seq;
	}
	if (v6d_seq_diff(end, s->high) <= 0)
		t->v.tcp.n_again[dir]++;
	else
		s->high = end;
	if (!deliver(t, dir, seq, w->p, v6d_wire_left(w), wire_len, at))
		hold(t, s, seq, w->p, v6d_wire_left(w), wire_len);
	drain(t, dir, s->n_held == V6D_STREAM_HELD, at);
}

static void
segment_ack(struct v6d_tunnel *t, enum v6d_dir dir, const struct v6d_tcp *tcp,
    v6d_ns at)
{
	enum v6d_dir other = v6d_dir_other(dir);
	struct v6d_stream *s = &t->stream[other];

	if (!(tcp->flags & V6D_TCP_ACK) || (tcp->flags & V6D_TCP_RST))
		return;
	if (!s->acked_known || v6d_seq_diff(tcp->ack, s->acked) > 0)
		s->acked = tcp->ack;
	s->acked_known = true;
	if (!(tcp->flags & V6D_TCP_SYN) && t->v.tcp.synack != V6D_NEVER)
		v6d_once(&t->v.tcp.up, at);
	drain(t, other, false, at);
}

static void
segment_syn(struct v6d_tunnel *t, enum v6d_dir dir, const struct v6d_tcp *tcp,
    v6d_ns at)
{
	struct v6d_stream *s = &t->stream[dir];
	struct v6d_view_tcp *v = &t->v.tcp;

	if (tcp->flags & V6D_TCP_ACK) {
		v6d_once(&v->synack, at);
	} else {
		v6d_once(&v->syn, at);
		v->n_syn++;
	}
	if (!s->started) {
		s->started = true;
		s->next = s->high = tcp->seq + 1;
	}
}

void
v6d_control_segment(struct v6d_tunnel *t, enum v6d_dir dir,
    const struct v6d_tcp *tcp, struct v6d_wire *w, size_t wire_len, v6d_ns at)
{
	struct v6d_view_tcp *v = &t->v.tcp;

	if (tcp->flags & V6D_TCP_SYN)
		segment_syn(t, dir, tcp, at);
	else if (v->syn == V6D_NEVER && v->synack == V6D_NEVER)
		v->midway = true;
	segment_ack(t, dir, tcp, at);
	if (wire_len > 0 && !(tcp->flags & V6D_TCP_SYN))
		segment_data(t, dir, tcp->seq, w, wire_len, at);
	if (tcp->flags & V6D_TCP_FIN) {
		v6d_once(&v->fin[dir], at);
		t->stream[dir].has_fin = true;
		t->stream[dir].fin = tcp->seq + (uint32_t)wire_len;
	}
	if (tcp->flags & V6D_TCP_RST)
		v6d_once(&v->rst[dir], at);
}

/* Bytes between what came and where the sender said that it ends. */
static uint32_t
swallowed(const struct v6d_stream *s)
{
	uint32_t from = s->next;

	if (!s->started || !s->has_fin)
		return 0;
	if (s->acked_known && v6d_seq_diff(s->acked, from) > 0)
		from = s->acked;
	return v6d_seq_diff(s->fin, from) > 0 ? s->fin - from : 0;
}

void
v6d_control_end(struct v6d_tunnel *t)
{
	for (int i = 0; i < V6D_N_DIRS; i++) {
		enum v6d_dir d = i ? V6D_DIR_IN : V6D_DIR_OUT;
		struct v6d_stream *s = &t->stream[d];

		drain(t, d, true, t->v.last);
		t->v.control.n_echo_lost[d] = t->echo_open[d];
		t->v.tcp.unacked[d] = s->started && s->acked_known &&
				      v6d_seq_diff(s->high, s->acked) > 0;
		t->v.tcp.swallowed[d] = swallowed(s);
	}
}
