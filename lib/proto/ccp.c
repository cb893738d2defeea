/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ccp.c - CCP (RFC 1962) as MPPE uses it, and MPPE's frames (RFC 3078). */
#include "proto/ccp.h"

enum {
	MPPE_LEN = 4,
	FLUSHED = 0x8000,
	ENCRYPTED = 0x1000,
	COUNT = 0x0fff,
};

enum v6d_wire_err
v6d_ccp_opts_decode(struct v6d_wire *w, struct v6d_ccp_opts *o)
{
	struct v6d_cp_opt opt;

	*o = (struct v6d_ccp_opts){ 0 };
	while (v6d_cp_next_opt(w, &opt)) {
		if (opt.type != V6D_CCP_MPPE) {
			o->n_other++;
		} else if (opt.len != MPPE_LEN) {
			o->bad_option = true;
		} else {
			o->has_mppe = true;
			o->mppe = v6d_be32(opt.data);
		}
	}
	return w->err;
}

void
v6d_ccp_put_mppe(struct v6d_out *o, uint32_t bits)
{
	uint8_t b[MPPE_LEN] = { (uint8_t)(bits >> 24), (uint8_t)(bits >> 16),
		(uint8_t)(bits >> 8), (uint8_t)bits };

	v6d_cp_put_opt(o, V6D_CCP_MPPE, b, sizeof(b));
}

enum v6d_wire_err
v6d_mppe_head_decode(struct v6d_wire *w, struct v6d_mppe_head *h)
{
	uint16_t word = v6d_wire_be16(w);

	h->flushed = word & FLUSHED;
	h->encrypted = word & ENCRYPTED;
	h->count = word & COUNT;
	return w->err;
}

void
v6d_mppe_head_encode(struct v6d_out *o, const struct v6d_mppe_head *h)
{
	unsigned word = h->count & (unsigned)COUNT;

	if (h->flushed)
		word |= FLUSHED;
	if (h->encrypted)
		word |= ENCRYPTED;
	v6d_out_be16(o, (uint16_t)word);
}
