/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tcp.c - the TCP header (RFC 9293 3.1). */
#include "proto/tcp.h"

#include "base/cksum.h"

enum {
	HEADER = 20, /* without options */
	CHECKSUM_AT = 16,

	OPT_END = 0,
	OPT_NOP = 1,
	OPT_MSS = 2,
	OPT_SACK_OK = 4, /* RFC 2018 2 */
	MSS_LEN = 4,
};

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
		}
		if (*p == OPT_MSS) {
			if (len != MSS_LEN)
				return false;
			t->mss = v6d_be16(p + 2);
		} else if (*p == OPT_SACK_OK) {
			t->sack_ok = true;
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

void
v6d_tcp_encode(struct v6d_out *o, const struct v6d_tcp *t,
    const struct v6d_ip *ip, const uint8_t *data, size_t n)
{
	size_t start = o->len, len = HEADER + (t->mss ? MSS_LEN : 0u);
	uint32_t sum;

	v6d_out_be16(o, t->sport);
	v6d_out_be16(o, t->dport);
	v6d_out_be32(o, t->seq);
	v6d_out_be32(o, t->ack);
	v6d_out_u8(o, (uint8_t)(len / 4 << 4));
	v6d_out_u8(o, t->flags);
	v6d_out_be16(o, t->window);
	v6d_out_be32(o, 0); /* checksum, urgent pointer */
	if (t->mss) {
		v6d_out_u8(o, OPT_MSS);
		v6d_out_u8(o, MSS_LEN);
		v6d_out_be16(o, t->mss);
	}
	v6d_out_bytes(o, data, n);
	if (o->full)
		return;
	len = o->len - start;
	sum = v6d_cksum_pseudo(
	    0, &ip->src, &ip->dst, V6D_IPPROTO_TCP, (uint32_t)len);
	sum = v6d_cksum_add(sum, o->p + start, len);
	v6d_out_patch16(o, start + CHECKSUM_AT, v6d_cksum_fold(sum));
}
