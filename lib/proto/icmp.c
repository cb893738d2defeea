/* SPDX-License-Identifier: GPL-2.0-or-later */
/* icmp.c - ICMP (RFC 792) and ICMPv6 (RFC 4443): echoes and errors. */
#include "proto/icmp.h"

#include "base/cksum.h"

enum {
	HEADER = 8, /* of an echo and of an error */
	CHECKSUM_AT = 2,
	PORTS = 4, /* bytes */

	UNREACHABLE_NEEDS_FRAG = 4,
	SOURCE_QUENCH = 4,
	REDIRECT = 5,
	PARAMETER_PROBLEM = 12,
	FIRST_INFO6 = 128, /* below it, ICMPv6 types are errors */
};

static bool
is_error4(uint8_t type)
{
	switch (type) {
	case V6D_ICMP_UNREACHABLE:
	case SOURCE_QUENCH:
	case REDIRECT:
	case V6D_ICMP_TIME_EXCEEDED:
	case PARAMETER_PROBLEM:
		return true;
	}
	return false;
}

/*
 * Reads the packet that an error quotes. Routers quote what they like, often
 * the header and 8 bytes, so running out is no contradiction.
 */
static void
read_quote(struct v6d_wire *w, struct v6d_icmp *m)
{
	struct v6d_wire q = *w, payload;

	w->p = w->end;
	q.cut = true;
	v6d_ip_decode(&q, &m->quoted, &payload);
	if (q.err == V6D_WIRE_MALFORMED || m->quoted.header_len == 0) {
		m->quoted = (struct v6d_ip){ 0 };
		return;
	}
	m->quoted_len = v6d_wire_left(&payload);
	m->quoted_payload = m->quoted_len > 0 ? payload.p : NULL;
	if (m->quoted_len >= PORTS && m->quoted.frag_offset == 0 &&
	    (m->quoted.proto == V6D_IPPROTO_TCP ||
		m->quoted.proto == V6D_IPPROTO_UDP)) {
		m->quoted_sport = v6d_be16(payload.p);
		m->quoted_dport = v6d_be16(payload.p + 2);
	}
}

static void
read_echo(const uint8_t *h, struct v6d_icmp *m)
{
	m->id = v6d_be16(h + 4);
	m->seq = v6d_be16(h + 6);
}

enum v6d_wire_err
v6d_icmp4_decode(struct v6d_wire *w, struct v6d_icmp *m)
{
	size_t n = v6d_wire_left(w);
	uint32_t sum = w->cut ? 0xffff : v6d_cksum_add(0, w->p, n);
	const uint8_t *h = v6d_wire_take(w, HEADER);

	*m = (struct v6d_icmp){ 0 };
	if (!h)
		return w->err;
	m->type = h[0];
	m->code = h[1];
	m->bad_checksum = v6d_cksum_fold(sum) != 0;
	m->error = is_error4(m->type);
	if (m->error)
		read_quote(w, m);
	else if (m->type == V6D_ICMP_ECHO || m->type == V6D_ICMP_ECHO_REPLY)
		read_echo(h, m);
	if (m->type == V6D_ICMP_UNREACHABLE &&
	    m->code == UNREACHABLE_NEEDS_FRAG)
		m->mtu = v6d_be16(h + 6); /* RFC 1191 4 */
	return w->err;
}

static uint32_t
sum6(const struct v6d_ip *ip, const uint8_t *p, size_t n)
{
	return v6d_cksum_add(v6d_cksum_pseudo(0, &ip->src, &ip->dst,
				 V6D_IPPROTO_ICMP6, (uint32_t)n),
	    p, n);
}

enum v6d_wire_err
v6d_icmp6_decode(
    struct v6d_wire *w, const struct v6d_ip *ip, struct v6d_icmp *m)
{
	size_t n = v6d_wire_left(w);
	uint32_t sum = w->cut ? 0xffff : sum6(ip, w->p, n);
	const uint8_t *h = v6d_wire_take(w, HEADER);

	*m = (struct v6d_icmp){ 0 };
	if (!h)
		return w->err;
	m->type = h[0];
	m->code = h[1];
	m->bad_checksum = v6d_cksum_fold(sum) != 0;
	m->error = m->type < FIRST_INFO6;
	if (m->error)
		read_quote(w, m);
	else if (m->type == V6D_ICMP6_ECHO || m->type == V6D_ICMP6_ECHO_REPLY)
		read_echo(h, m);
	if (m->type == V6D_ICMP6_TOO_BIG)
		m->mtu = v6d_be32(h + 4);
	return w->err;
}

/* An echo with a checksum of zero; returns its first byte, or NULL. */
static uint8_t *
put_echo(
    struct v6d_out *o, const struct v6d_icmp *m, const uint8_t *data, size_t n)
{
	size_t start = o->len;

	v6d_out_u8(o, m->type);
	v6d_out_u8(o, m->code);
	v6d_out_be16(o, 0);
	v6d_out_be16(o, m->id);
	v6d_out_be16(o, m->seq);
	v6d_out_bytes(o, data, n);
	return o->full ? NULL : o->p + start;
}

void
v6d_icmp4_encode_echo(
    struct v6d_out *o, const struct v6d_icmp *m, const uint8_t *data, size_t n)
{
	size_t start = o->len;
	uint8_t *p = put_echo(o, m, data, n);

	if (p)
		v6d_out_patch16(o, start + CHECKSUM_AT,
		    v6d_cksum_fold(v6d_cksum_add(0, p, HEADER + n)));
}

void
v6d_icmp6_encode_echo(struct v6d_out *o, const struct v6d_icmp *m,
    const struct v6d_ip *ip, const uint8_t *data, size_t n)
{
	size_t start = o->len;
	uint8_t *p = put_echo(o, m, data, n);

	if (p)
		v6d_out_patch16(o, start + CHECKSUM_AT,
		    v6d_cksum_fold(sum6(ip, p, HEADER + n)));
}

void
v6d_icmp6_encode_error(struct v6d_out *o, const struct v6d_icmp *m,
    const struct v6d_ip *ip, const uint8_t *quote, size_t n)
{
	size_t start = o->len;

	v6d_out_u8(o, m->type);
	v6d_out_u8(o, m->code);
	v6d_out_be16(o, 0);
	v6d_out_be32(o, m->mtu);
	v6d_out_bytes(o, quote, n);
	if (!o->full)
		v6d_out_patch16(o, start + CHECKSUM_AT,
		    v6d_cksum_fold(sum6(ip, o->p + start, HEADER + n)));
}
