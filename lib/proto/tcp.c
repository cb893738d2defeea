/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tcp.c - the TCP header and its options (RFC 9293 3.1, 2018, 7323). */
#include "proto/tcp.h"

#include "base/cksum.h"

enum {
	HEADER = 20, /* without options */
	CHECKSUM_AT = 16,

	OPT_END = 0,
	OPT_NOP = 1,
	OPT_MSS = 2,
	OPT_WSCALE = 3, /* RFC 7323 2.2 */
	OPT_SACK_OK = 4, /* RFC 2018 2 */
	OPT_SACK = 5, /* RFC 2018 3 */
	OPT_TS = 8, /* RFC 7323 3.2 */
	MSS_LEN = 4,
	WSCALE_LEN = 3,
	SACK_OK_LEN = 2,
	TS_LEN = 10,
	BLOCK_LEN = 8,
	WSCALE_MAX = 14,
};

static bool
read_sack(struct v6d_tcp *t, const uint8_t *p, size_t len)
{
	if (len < 2 + BLOCK_LEN || (len - 2) % BLOCK_LEN != 0)
		return false;
	for (size_t at = 2; at < len && t->n_sack < V6D_TCP_SACKS;
	     at += BLOCK_LEN) {
		struct v6d_tcp_sack *s = &t->sack[t->n_sack++];

		s->from = v6d_be32(p + at);
		s->to = v6d_be32(p + at + 4);
	}
	return true;
}

/* One option of `len` bytes; false: its length is not what its kind has. */
static bool
read_option(struct v6d_tcp *t, const uint8_t *p, size_t len)
{
	switch (p[0]) {
	case OPT_MSS:
		t->mss = len == MSS_LEN ? v6d_be16(p + 2) : 0;
		return len == MSS_LEN;
	case OPT_WSCALE:
		if (len != WSCALE_LEN)
			return false;
		t->has_wscale = true;
		t->wscale = p[2] < WSCALE_MAX ? p[2] : WSCALE_MAX;
		return true;
	case OPT_SACK_OK:
		t->sack_ok = len == SACK_OK_LEN;
		return len == SACK_OK_LEN;
	case OPT_SACK:
		return read_sack(t, p, len);
	case OPT_TS:
		if (len != TS_LEN)
			return false;
		t->has_ts = true;
		t->tsval = v6d_be32(p + 2);
		t->tsecr = v6d_be32(p + 6);
		return true;
	default:
		return true; /* one that is not ours */
	}
}

/* False: the options contradict themselves, and the rest is not read. */
static bool
read_options(struct v6d_tcp *t, const uint8_t *p, size_t n)
{
	while (n > 0 && *p != OPT_END) {
		size_t len = 1;

		if (*p != OPT_NOP) {
			if (n < 2 || p[1] < 2 || p[1] > n)
				return false;
			len = p[1];
			if (!read_option(t, p, len))
				return false;
		}
		p += len;
		n -= len;
	}
	return true;
}

enum v6d_wire_err
v6d_tcp_decode(struct v6d_wire *w, struct v6d_tcp *t)
{
	const uint8_t *h = v6d_wire_take(w, HEADER), *opts;
	size_t len;

	*t = (struct v6d_tcp){ 0 };
	if (!h)
		return w->err;
	t->sport = v6d_be16(h);
	t->dport = v6d_be16(h + 2);
	t->seq = v6d_be32(h + 4);
	t->ack = v6d_be32(h + 8);
	t->flags = h[13];
	t->window = v6d_be16(h + 14);
	len = (size_t)(h[12] >> 4) * 4;
	if (len < HEADER) {
		v6d_wire_fail(w, V6D_WIRE_MALFORMED);
		return w->err;
	}
	t->header_len = (uint8_t)len;
	opts = v6d_wire_take(w, len - HEADER);
	if (opts)
		t->bad_option = !read_options(t, opts, len - HEADER);
	return w->err;
}

/* As long as the options are, made a multiple of four. */
static size_t
options_len(const struct v6d_tcp *t)
{
	size_t n = (t->mss ? MSS_LEN : 0u) + (t->sack_ok ? SACK_OK_LEN : 0u) +
		   (t->has_wscale ? WSCALE_LEN : 0u) +
		   (t->has_ts ? TS_LEN : 0u);

	return (n + 3) / 4 * 4;
}

static void
write_options(struct v6d_out *o, const struct v6d_tcp *t)
{
	size_t end = o->len + options_len(t);

	if (t->mss) {
		v6d_out_u8(o, OPT_MSS);
		v6d_out_u8(o, MSS_LEN);
		v6d_out_be16(o, t->mss);
	}
	if (t->sack_ok) {
		v6d_out_u8(o, OPT_SACK_OK);
		v6d_out_u8(o, SACK_OK_LEN);
	}
	if (t->has_ts) {
		v6d_out_u8(o, OPT_TS);
		v6d_out_u8(o, TS_LEN);
		v6d_out_be32(o, t->tsval);
		v6d_out_be32(o, t->tsecr);
	}
	if (t->has_wscale) {
		v6d_out_u8(o, OPT_WSCALE);
		v6d_out_u8(o, WSCALE_LEN);
		v6d_out_u8(o, t->wscale);
	}
	while (!o->full && o->len < end)
		v6d_out_u8(o, OPT_END);
}

void
v6d_tcp_encode(struct v6d_out *o, const struct v6d_tcp *t,
    const struct v6d_ip *ip, const uint8_t *data, size_t n)
{
	size_t start = o->len, len = HEADER + options_len(t);
	uint32_t sum;

	v6d_out_be16(o, t->sport);
	v6d_out_be16(o, t->dport);
	v6d_out_be32(o, t->seq);
	v6d_out_be32(o, t->ack);
	v6d_out_u8(o, (uint8_t)(len / 4 << 4));
	v6d_out_u8(o, t->flags);
	v6d_out_be16(o, t->window);
	v6d_out_be32(o, 0); /* checksum, urgent pointer */
	write_options(o, t);
	v6d_out_bytes(o, data, n);
	if (o->full)
		return;
	len = o->len - start;
	sum = v6d_cksum_pseudo(
	    0, &ip->src, &ip->dst, V6D_IPPROTO_TCP, (uint32_t)len);
	sum = v6d_cksum_add(sum, o->p + start, len);
	v6d_out_patch16(o, start + CHECKSUM_AT, v6d_cksum_fold(sum));
}
