/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ip6.c - the IPv6 header and its extension headers (RFC 8200 3, 4). */
#include "proto/ip.h"

enum {
	HEADER = 40,
	EXT_MIN = 8, /* bytes of the shortest extension header */
	EXT_MAX = 16, /* extension headers looked behind; real ones: 0 to 2 */

	NEXT_HOP_BY_HOP = 0,
	NEXT_ROUTING = 43,
	NEXT_FRAGMENT = 44,
	NEXT_AUTH = 51,
	NEXT_DEST_OPTS = 60,
};

static void
fragment(struct v6d_ip *ip, const uint8_t *h)
{
	uint16_t field = v6d_be16(h + 2);

	ip->frag_offset = field & 0xfff8;
	ip->more_frags = field & 1;
	ip->id = v6d_be32(h + 4);
	ip->fragment = ip->more_frags || ip->frag_offset > 0;
}

/* Bytes of the extension header at h, or 0: `next` is none. */
static size_t
ext_len(uint8_t next, const uint8_t *h)
{
	switch (next) {
	case NEXT_HOP_BY_HOP:
	case NEXT_ROUTING:
	case NEXT_DEST_OPTS:
		return (h[1] + 1u) * 8;
	case NEXT_FRAGMENT:
		return EXT_MIN;
	case NEXT_AUTH: /* RFC 4302 2.2: in words, less two */
		return (h[1] + 2u) * 4;
	}
	return 0;
}

static bool
is_ext(uint8_t next)
{
	static const uint8_t none[EXT_MIN];

	return ext_len(next, none) > 0;
}

/* Steps p over the extension headers, to what ip->proto then names. */
static void
skip_exts(struct v6d_wire *p, struct v6d_ip *ip)
{
	for (unsigned i = 0; i < EXT_MAX && is_ext(ip->proto); i++) {
		const uint8_t *h = v6d_wire_take(p, EXT_MIN);
		size_t len;

		if (!h)
			return;
		len = ext_len(ip->proto, h);
		if (len > EXT_MIN && !v6d_wire_take(p, len - EXT_MIN))
			return;
		if (ip->proto == NEXT_FRAGMENT)
			fragment(ip, h);
		ip->header_len = (uint16_t)(ip->header_len + len);
		ip->proto = h[0];
		if (ip->frag_offset > 0)
			return;
	}
	if (is_ext(ip->proto))
		v6d_wire_fail(p, V6D_WIRE_MALFORMED);
}

enum v6d_wire_err
v6d_ip6_decode(
    struct v6d_wire *w, struct v6d_ip *ip, struct v6d_wire *ret_payload)
{
	const uint8_t *h = v6d_wire_take(w, HEADER);
	size_t len;

	*ip = (struct v6d_ip){ 0 };
	if (h && h[0] >> 4 != 6)
		v6d_wire_fail(w, V6D_WIRE_MALFORMED);
	if (!h || w->err) {
		*ret_payload = v6d_wire_none(w);
		return w->err;
	}
	ip->version = 6;
	ip->tos = (uint8_t)(v6d_be16(h) >> 4);
	ip->proto = h[6];
	ip->ttl = h[7];
	ip->src = v6d_addr_6(h + 8);
	ip->dst = v6d_addr_6(h + 24);
	ip->header_len = HEADER;
	len = v6d_be16(h + 4);
	/* A jumbogram's length is in an option (RFC 2675): take what comes. */
	if (len == 0 && ip->proto == NEXT_HOP_BY_HOP)
		len = v6d_wire_left(w);
	ip->total_len = (uint32_t)(HEADER + len);
	*ret_payload = v6d_wire_payload(w, len);
	if (is_ext(ip->proto))
		skip_exts(ret_payload, ip);
	v6d_wire_fail(w, ret_payload->err);
	return w->err;
}

void
v6d_ip6_encode(struct v6d_out *o, const struct v6d_ip *ip, size_t payload_len)
{
	if (payload_len > UINT16_MAX) {
		o->full = true;
		return;
	}
	v6d_out_be32(o, (uint32_t)6 << 28 | (uint32_t)ip->tos << 20);
	v6d_out_be16(o, (uint16_t)payload_len);
	v6d_out_u8(o, ip->proto);
	v6d_out_u8(o, ip->ttl);
	v6d_out_bytes(o, ip->src.b, 16);
	v6d_out_bytes(o, ip->dst.b, 16);
}
