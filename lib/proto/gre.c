/* SPDX-License-Identifier: GPL-2.0-or-later */
/* gre.c - enhanced GRE, version 1 (RFC 2637 section 4). */
#include "proto/gre.h"

/* RFC 2637 4.1, both flag octets as one number. */
enum {
	FLAG_KEY = 0x2000,
	FLAG_SEQ = 0x1000,
	FLAG_ACK = 0x0080,
	VERSION = 0x0007,
	GRE_V1 = 1,
};

enum v6d_wire_err
v6d_gre_decode(
    struct v6d_wire *w, struct v6d_gre *g, struct v6d_wire *ret_payload)
{
	uint16_t flags = v6d_wire_be16(w);

	*g = (struct v6d_gre){ .version = flags & VERSION };
	g->proto = v6d_wire_be16(w);
	if (w->err || !v6d_gre_is_pptp(g)) {
		*ret_payload = v6d_wire_none(w);
		return w->err;
	}
	g->has_seq = flags & FLAG_SEQ;
	g->has_ack = flags & FLAG_ACK;
	g->odd_flags = (flags & ~(FLAG_SEQ | FLAG_ACK)) != (FLAG_KEY | GRE_V1);
	g->payload_len = v6d_wire_be16(w);
	g->call_id = v6d_wire_be16(w);
	if (g->has_seq)
		g->seq = v6d_wire_be32(w);
	if (g->has_ack)
		g->ack = v6d_wire_be32(w);
	*ret_payload = v6d_wire_payload(w, g->payload_len);
	return w->err;
}

bool
v6d_gre_is_pptp(const struct v6d_gre *g)
{
	return g->version == GRE_V1 && g->proto == V6D_GRE_PROTO_PPP;
}

void
v6d_gre_encode(struct v6d_out *o, const struct v6d_gre *g)
{
	unsigned flags = FLAG_KEY | GRE_V1;

	if (g->has_seq)
		flags |= FLAG_SEQ;
	if (g->has_ack)
		flags |= FLAG_ACK;
	v6d_out_be16(o, (uint16_t)flags);
	v6d_out_be16(o, V6D_GRE_PROTO_PPP);
	v6d_out_be16(o, g->payload_len);
	v6d_out_be16(o, g->call_id);
	if (g->has_seq)
		v6d_out_be32(o, g->seq);
	if (g->has_ack)
		v6d_out_be32(o, g->ack);
}
