/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vnet.c - the header of unfinished packets (VIRTIO 1.2, 5.1.6). */
#include "proto/vnet.h"

enum { NEEDS_CSUM = 1, ECN = 0x80 };

static uint16_t
le16(const uint8_t *p)
{
	return (uint16_t)(p[0] | (unsigned)p[1] << 8);
}

static void
put_le16(struct v6d_out *o, uint16_t v)
{
	v6d_out_u8(o, (uint8_t)v);
	v6d_out_u8(o, (uint8_t)(v >> 8));
}

enum v6d_wire_err
v6d_vnet_decode(struct v6d_wire *w, struct v6d_vnet *h)
{
	const uint8_t *p = v6d_wire_take(w, V6D_VNET_HEADER);

	*h = (struct v6d_vnet){ 0 };
	if (!p)
		return w->err;
	h->needs_csum = p[0] & NEEDS_CSUM;
	h->ecn = p[1] & ECN;
	h->gso = (uint8_t)(p[1] & ~(unsigned)ECN);
	h->header_len = le16(p + 2);
	h->gso_size = le16(p + 4);
	h->csum_start = le16(p + 6);
	h->csum_offset = le16(p + 8);
	return V6D_WIRE_OK;
}

void
v6d_vnet_encode(struct v6d_out *o, const struct v6d_vnet *h)
{
	v6d_out_u8(o, h->needs_csum ? NEEDS_CSUM : 0);
	v6d_out_u8(o, (uint8_t)(h->gso | (h->ecn ? ECN : 0)));
	put_le16(o, h->header_len);
	put_le16(o, h->gso_size);
	put_le16(o, h->csum_start);
	put_le16(o, h->csum_offset);
}
