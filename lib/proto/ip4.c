/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ip4.c - the IPv4 header (RFC 791 3.1). */
#include "proto/ip.h"

#include "base/cksum.h"

enum {
	HEADER = 20, /* without options */
	CHECKSUM_AT = 10,
	FLAG_DF = 0x4000,
	FLAG_MF = 0x2000,
	OFFSET = 0x1fff, /* of the fragment, in units of 8 bytes */
};

static void
fragment(struct v6d_ip *ip, uint16_t field)
{
	ip->dont_frag = field & FLAG_DF;
	ip->more_frags = field & FLAG_MF;
	ip->frag_offset = (uint16_t)((field & OFFSET) << 3);
	ip->fragment = ip->more_frags || ip->frag_offset > 0;
}

enum v6d_wire_err
v6d_ip4_decode(
    struct v6d_wire *w, struct v6d_ip *ip, struct v6d_wire *ret_payload)
{
	const uint8_t *h = v6d_wire_take(w, HEADER), *start = h;
	size_t len;

	*ip = (struct v6d_ip){ 0 };
	if (!h)
		goto out;
	if (h[0] >> 4 != 4) {
		v6d_wire_fail(w, V6D_WIRE_MALFORMED);
		goto out;
	}
	ip->version = 4;
	ip->tos = h[1];
	ip->total_len = v6d_be16(h + 2);
	ip->id = v6d_be16(h + 4);
	fragment(ip, v6d_be16(h + 6));
	ip->ttl = h[8];
	ip->proto = h[9];
	ip->src = v6d_addr_4(h + 12);
	ip->dst = v6d_addr_4(h + 16);
	len = (h[0] & 0xfu) * 4;
	if (len < HEADER || ip->total_len < len) {
		v6d_wire_fail(w, V6D_WIRE_MALFORMED);
		goto out;
	}
	ip->header_len = (uint16_t)len;
	if (len > HEADER && !v6d_wire_take(w, len - HEADER))
		goto out;
	ip->bad_checksum = v6d_cksum_fold(v6d_cksum_add(0, start, len)) != 0;
	*ret_payload = v6d_wire_payload(w, ip->total_len - len);
	return w->err;
out:
	*ret_payload = v6d_wire_none(w);
	return w->err;
}

void
v6d_ip4_encode(struct v6d_out *o, const struct v6d_ip *ip, size_t payload_len)
{
	size_t start = o->len;
	uint32_t sum;

	if (payload_len > UINT16_MAX - HEADER) {
		o->full = true;
		return;
	}
	v6d_out_u8(o, 0x45); /* version 4, five words */
	v6d_out_u8(o, ip->tos);
	v6d_out_be16(o, (uint16_t)(HEADER + payload_len));
	v6d_out_be16(o, (uint16_t)ip->id);
	v6d_out_be16(o, ip->dont_frag ? FLAG_DF : 0);
	v6d_out_u8(o, ip->ttl);
	v6d_out_u8(o, ip->proto);
	v6d_out_be16(o, 0);
	v6d_out_bytes(o, ip->src.b, 4);
	v6d_out_bytes(o, ip->dst.b, 4);
	if (o->full)
		return;
	sum = v6d_cksum_add(0, o->p + start, HEADER);
	v6d_out_patch16(o, start + CHECKSUM_AT, v6d_cksum_fold(sum));
}
