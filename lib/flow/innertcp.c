/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * innertcp.c - TCP connections inside the tunnel, just enough to tell a big
 * transfer that stalls from one that goes on, and which sizes went through.
 */
#include "flow/track.h"

uint8_t
v6d_innertcp_key(const struct v6d_ip *ip, uint16_t sport, uint16_t dport)
{
	uint64_t src[2], dst[2], sum;

	memcpy(src, ip->src.b, sizeof(src));
	memcpy(dst, ip->dst.b, sizeof(dst));
	sum = src[0] + dst[0] + src[1] + dst[1] + (sport ^ dport);
	return (uint8_t)(sum * 0x9e3779b97f4a7c15u >> 56);
}

static bool
matches(const struct v6d_view_flow *f, const struct v6d_ip *ip,
    const struct v6d_tcp *tcp, unsigned from)
{
	unsigned to = 1 - from;

	return f->port[from] == tcp->sport && f->port[to] == tcp->dport &&
	       v6d_addr_eq(&f->addr[from], &ip->src) &&
	       v6d_addr_eq(&f->addr[to], &ip->dst);
}

static bool
opens(const struct v6d_tcp *tcp)
{
	return (tcp->flags & (V6D_TCP_SYN | V6D_TCP_ACK)) == V6D_TCP_SYN;
}

/* The connection of a segment, newest first; -1: none. */
static int
find(const struct v6d_tunnel *t, const struct v6d_ip *ip,
    const struct v6d_tcp *tcp, unsigned *ret_from)
{
	const struct v6d_view_inner *n = &t->v.inner;
	uint8_t key = v6d_innertcp_key(ip, tcp->sport, tcp->dport);

	for (unsigned i = n->n_flows; i-- > 0;) {
		if (t->flow_keys[i] != key)
			continue;
		for (unsigned from = 0; from < 2; from++) {
			if (!matches(n->flows[i], ip, tcp, from))
				continue;
			*ret_from = from;
			return (int)i;
		}
	}
	return -1;
}

/* Joined in its middle: the client is taken for the opener. */
static unsigned
end_of(const struct v6d_carrier *c, const struct v6d_tcp *tcp)
{
	if (opens(tcp))
		return 0;
	return tcp->flags & V6D_TCP_SYN || c->dir != V6D_DIR_OUT;
}

/* One more connection, the last of flows[]; NULL: no room. */
static struct v6d_view_flow *
one_more(struct v6d_tunnel *t)
{
	struct v6d_view_inner *n = &t->v.inner;
	struct v6d_conn *k;

	n->flows = v6d_pool_room(t->pool, n->flows, n->n_flows, &n->cap_flows,
	    V6D_VIEW_TCPS, sizeof(*n->flows));
	if (n->n_flows == n->cap_flows)
		return NULL;
	k = v6d_pool_take(t->pool, V6D_POOL_LINES(sizeof(*k)));
	if (!k)
		return NULL;
	n->flows[n->n_flows] = &k->v;
	return n->flows[n->n_flows++];
}

static int
add(struct v6d_tunnel *t, const struct v6d_carrier *c, const struct v6d_ip *ip,
    const struct v6d_tcp *tcp, unsigned *ret_from)
{
	struct v6d_view_inner *n = &t->v.inner;
	unsigned from = end_of(c, tcp);
	struct v6d_view_flow *f = one_more(t);
	int i;

	if (!f) {
		n->n_flows_dropped++;
		return -1;
	}
	f->addr[from] = ip->src;
	f->addr[1 - from] = ip->dst;
	f->port[from] = tcp->sport;
	f->port[1 - from] = tcp->dport;
	f->dir = from == 0 ? c->dir == V6D_DIR_IN : c->dir == V6D_DIR_OUT;
	f->first = c->at;
	for (int j = 0; j < 2; j++)
		f->d[j].last_progress = V6D_NEVER;
	i = n->n_flows - 1;
	t->flow_keys[i] = v6d_innertcp_key(ip, tcp->sport, tcp->dport);
	*ret_from = from;
	return i;
}

/* A place for one more segment, at the cost of another's; -1: no memory. */
static int
place(struct v6d_tunnel *t, struct v6d_conn *n, unsigned from)
{
	struct v6d_segtrack *k = &n->segs[from];
	int i;

	n->ring[from] = v6d_pool_room(t->pool, n->ring[from], k->n, &k->cap,
	    V6D_SEGS_RECENT, sizeof(*n->ring[from]));
	if (k->n < k->cap)
		return k->n++;
	if (k->cap == 0)
		return -1;
	i = k->at % k->cap;
	k->at = ((unsigned)i + 1) & 0x3f;
	return i;
}

/* Where in the ring the segment that ends there is; -1: nowhere. */
static int
ends_at(const struct v6d_conn *n, unsigned from, uint32_t end)
{
	for (int i = 0; i < n->segs[from].n; i++)
		if (n->ring[from][i].end == end)
			return i;
	return -1;
}

/* again: such bytes were seen before. */
static void
remember(struct v6d_tunnel *t, struct v6d_conn *n, unsigned from,
    struct v6d_seg seg, bool again)
{
	int i = again ? ends_at(n, from, seg.end) : -1;

	seg.again = i >= 0;
	if (i < 0)
		i = place(t, n, from);
	if (i >= 0)
		n->ring[from][i] = seg;
}

static void
note_data(struct v6d_tunnel *t, struct v6d_conn *n, unsigned from,
    const struct v6d_tcp *tcp, size_t len, const struct v6d_ip *ip,
    uint16_t outer)
{
	struct v6d_view_tcp_dir *d = &n->v.d[from];
	uint32_t end = tcp->seq + (uint32_t)len;
	struct v6d_seg seg = { end, v6d_len16(ip->total_len), 0, false };
	bool again = d->has_next && v6d_seq_diff(end, d->next) <= 0;

	d->n_data++;
	d->data += len;
	if (ip->total_len > d->largest)
		d->largest = v6d_len16(ip->total_len);
	d->n_again += again;
	if (v6d_seq_diff(tcp->seq, d->cont) <= 0 &&
	    v6d_seq_diff(end, d->cont) > 0)
		d->cont = end;
	if (outer > seg.inner && outer - seg.inner <= UINT8_MAX)
		seg.around = (uint8_t)(outer - seg.inner);
	remember(t, n, from, seg, again);
}

/* What one end sent is acknowledged so far. */
static void
note_ack(struct v6d_conn *n, unsigned from, uint32_t ack, v6d_ns at)
{
	struct v6d_view_tcp_dir *d = &n->v.d[from];
	struct v6d_seg *ring = n->ring[from];
	uint8_t left = 0;

	if (d->has_acked && v6d_seq_diff(ack, d->acked) <= 0)
		return;
	if (d->has_acked || d->n_data > 0)
		d->last_progress = at;
	d->has_acked = true;
	d->acked = ack;
	if (v6d_seq_diff(ack, d->cont) > 0)
		d->cont = ack;
	for (int i = 0; i < n->segs[from].n; i++)
		if (v6d_seq_diff(ring[i].end, ack) > 0)
			ring[left++] = ring[i];
		else if (ring[i].inner > d->largest_acked)
			d->largest_acked = ring[i].inner;
	n->segs[from].n = left;
}

/* Every segment tells where its sender stands, data or not. */
static void
note_place(struct v6d_view_tcp_dir *d, const struct v6d_tcp *tcp, size_t len)
{
	uint32_t start = tcp->seq + (tcp->flags & V6D_TCP_SYN ? 1 : 0);
	uint32_t end = start + (uint32_t)len;

	if (tcp->flags & V6D_TCP_SYN) {
		d->syn = true;
		d->isn = tcp->seq;
		if (tcp->mss)
			d->mss = tcp->mss;
	}
	if (!d->has_next) {
		d->has_next = true;
		d->next = d->cont = start;
		d->isn = tcp->seq;
	}
	if (v6d_seq_diff(end, d->next) > 0)
		d->next = end;
}

/* ---- round trips by timestamps (RFC 7323 4) ---- */

/* One end's timestamp goes out, if it is a new one. */
static void
send_stamp(struct v6d_tunnel *t, unsigned flow, unsigned from,
    const struct v6d_tcp *tcp, v6d_ns at)
{
	struct v6d_segtrack *k = &v6d_conn_of(t, flow)->segs[from];
	struct v6d_stamp s = { tcp->tsval, (uint32_t)at, (uint16_t)(at >> 32),
		(uint8_t)flow, (uint8_t)from };

	if (k->has_stamp && v6d_seq_diff(tcp->tsval, k->stamp) <= 0)
		return;
	k->has_stamp = true;
	k->stamp = tcp->tsval;
	t->stamps = v6d_pool_room(t->pool, t->stamps, t->n_stamps,
	    &t->cap_stamps, V6D_STAMPS, sizeof(*t->stamps));
	if (t->n_stamps < t->cap_stamps)
		t->stamps[t->n_stamps++] = s;
	else if (t->cap_stamps > 0)
		t->stamps[t->oldest_stamp++ % t->cap_stamps] = s;
}

/* When a stamp went out: its record has the lower bits of it. */
static v6d_ns
went(const struct v6d_stamp *s, v6d_ns now)
{
	v6d_ns low = (v6d_ns)s->at_high << 32 | s->at_low;
	v6d_ns at = (now & ~V6D_STAMP_BITS) | low;

	/* a clock that was put back: it went out later */
	if (at < now || at - now <= V6D_STAMP_BITS / 2)
		return at;
	return at - V6D_STAMP_BITS - 1;
}

/*
 * It comes back: the first echo ends a round trip, and nothing older of that
 * end will be echoed any more. When it went out, or V6D_NEVER.
 */
static v6d_ns
echo_stamp(struct v6d_tunnel *t, unsigned flow, unsigned from, uint32_t value,
    v6d_ns now)
{
	struct v6d_segtrack *k = &v6d_conn_of(t, flow)->segs[from];
	v6d_ns at = V6D_NEVER;
	uint16_t left = 0;

	if (!k->has_stamp || (k->has_echo && k->echo == value))
		return V6D_NEVER;
	k->has_echo = true;
	k->echo = value;
	for (unsigned i = 0; i < t->n_stamps; i++) {
		struct v6d_stamp s = t->stamps[i];

		if (s.flow != flow || s.from != from ||
		    v6d_seq_diff(s.value, value) > 0)
			t->stamps[left++] = s;
		else if (s.value == value)
			at = went(&s, now);
	}
	t->n_stamps = left;
	return at;
}

static void
note_stamps(struct v6d_tunnel *t, unsigned i, unsigned from,
    const struct v6d_carrier *c, const struct v6d_tcp *tcp)
{
	v6d_ns sent = V6D_NEVER;

	if (!tcp->has_ts)
		return;
	send_stamp(t, i, from, tcp, c->at);
	if (tcp->flags & V6D_TCP_ACK)
		sent = echo_stamp(t, i, 1 - from, tcp->tsecr, c->at);
	if (sent != V6D_NEVER && c->at > sent)
		v6d_load_rtt(t, c->dir, c->at - sent, c->at);
}

static void
update(struct v6d_tunnel *t, unsigned i, unsigned from,
    const struct v6d_carrier *c, const struct v6d_ip *ip,
    const struct v6d_tcp *tcp, size_t len)
{
	struct v6d_conn *n = v6d_conn_of(t, i);
	struct v6d_view_flow *f = &n->v;
	struct v6d_view_tcp_dir *d = &f->d[from];
	bool reset = tcp->flags & V6D_TCP_RST;

	f->last = c->at;
	note_stamps(t, i, from, c, tcp);
	if (!reset) {
		if (len > 0 && !d->has_next)
			note_place(d, tcp, 0);
		if (len > 0)
			note_data(t, n, from, tcp, len, ip, c->outer);
		note_place(d, tcp, len);
	}
	if ((tcp->flags & V6D_TCP_ACK) && !reset)
		note_ack(n, 1 - from, tcp->ack, c->at);
	d->fin = d->fin || (tcp->flags & V6D_TCP_FIN);
	d->rst = d->rst || reset;
	f->up = (f->d[0].has_next && f->d[1].has_next && !f->d[1].rst) || f->up;
}

void
v6d_innertcp_segment(struct v6d_tunnel *t, const struct v6d_carrier *c,
    const struct v6d_ip *ip, struct v6d_wire w)
{
	struct v6d_tcp tcp = { 0 };
	enum v6d_wire_err err;
	size_t header, len;
	unsigned from = 0;
	int i;

	err = v6d_tcp_decode(&w, &tcp);
	if (err == V6D_WIRE_MALFORMED)
		return;
	/* Cut options say nothing of importance; a cut header does. */
	if (tcp.header_len < 20) {
		t->v.inner.unread[c->dir]++;
		return;
	}
	header = (size_t)ip->header_len + tcp.header_len;
	if (ip->total_len < header)
		return;
	len = ip->total_len - header; /* on the wire, cut or not */
	i = find(t, ip, &tcp, &from);
	if (i >= 0 && opens(&tcp) &&
	    (from != 0 || tcp.seq != t->v.inner.flows[i]->d[0].isn))
		i = -1;
	if (i < 0)
		i = add(t, c, ip, &tcp, &from);
	if (i >= 0)
		update(t, (unsigned)i, from, c, ip, &tcp, len);
}

uint16_t
v6d_view_lost(const struct v6d_view_flow *f, unsigned end, uint16_t *ret_outer)
{
	/* a view is the first thing in its connection */
	const struct v6d_conn *n = (const void *)f;
	const struct v6d_seg *least = NULL;

	for (int i = 0; i < n->segs[end].n; i++) {
		const struct v6d_seg *s = &n->ring[end][i];

		if (s->again && (!least || s->inner < least->inner))
			least = s;
	}
	if (ret_outer)
		*ret_outer =
		    least && least->around
			? v6d_len16((size_t)least->inner + least->around)
			: 0;
	return least ? least->inner : 0;
}
