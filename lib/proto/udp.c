/* SPDX-License-Identifier: GPL-2.0-or-later */
/* udp.c - the UDP header (RFC 768). */
#include "proto/udp.h"

#include "base/cksum.h"

enum {
	HEADER = 8,
	CHECKSUM_AT = 6,
};

enum v6d_wire_err
v6d_udp_decode(struct v6d_wire *w, struct v6d_udp *u, struct v6d_wire *ret_data)
{
	const uint8_t *h = v6d_wire_take(w, HEADER);

	*u = (struct v6d_udp){ 0 };
	if (h) {
		u->sport = v6d_be16(h);
		u->dport = v6d_be16(h + 2);
		u->length = v6d_be16(h + 4);
		if (u->length > 0 && u->length < HEADER)
			v6d_wire_fail(w, V6D_WIRE_MALFORMED);
	}
	if (w->err)
		*ret_data = v6d_wire_none(w);
	else if (u->length == 0) /* RFC 2675 4: all that is left */
		*ret_data = v6d_wire_payload(w, v6d_wire_left(w));
	else
		*ret_data = v6d_wire_payload(w, u->length - (size_t)HEADER);
	return w->err;
}

void
v6d_udp_encode(struct v6d_out *o, const struct v6d_udp *u,
    const struct v6d_ip *ip, const uint8_t *data, size_t n)
{
	size_t start = o->len, len = HEADER + n;
	uint16_t sum;

	if (n > UINT16_MAX - HEADER) {
		o->full = true;
		return;
	}
	v6d_out_be16(o, u->sport);
	v6d_out_be16(o, u->dport);
	v6d_out_be16(o, (uint16_t)len);
	v6d_out_be16(o, 0);
	v6d_out_bytes(o, data, n);
	if (o->full)
		return;
	sum =
	    v6d_cksum_fold(v6d_cksum_add(v6d_cksum_pseudo(0, &ip->src, &ip->dst,
					     V6D_IPPROTO_UDP, (uint32_t)len),
		o->p + start, len));
	/* A zero on the wire would say that there is no checksum. */
	v6d_out_patch16(o, start + CHECKSUM_AT, sum ? sum : 0xffff);
}
