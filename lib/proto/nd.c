/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nd.c - Router Solicitation and Advertisement (RFC 4861 4.1, 4.2, 4.6). */
#include "proto/ndopt.h"

#include "base/cksum.h"

enum {
	TYPE_RS = 133,
	TYPE_RA = 134,
	CHECKSUM_AT = 2,
	RS_LEN = 8,

	OPT_UNIT = 8, /* bytes */
	OPT_HEADER = 2,

	FLAG_MANAGED = 0x80,
	FLAG_OTHER = 0x40,
	FLAG_HOME_AGENT = 0x20, /* RFC 6275 7.1 */
	FLAG_PROXY = 0x04, /* RFC 4389 4.1.3.3 */
};

static void
read_options(struct v6d_wire *w, struct v6d_ra *ra)
{
	while (v6d_wire_left(w) > 0 || (w->cut && !w->err)) {
		uint8_t type = v6d_wire_u8(w);
		size_t len = (size_t)v6d_wire_u8(w) * OPT_UNIT;
		struct v6d_wire o;

		if (!w->err && len == 0)
			v6d_wire_fail(w, V6D_WIRE_MALFORMED);
		if (w->err)
			return;
		o = v6d_wire_sub(w, len - OPT_HEADER);
		if (!o.err && !v6d_ndopt_read(type, &o, ra))
			ra->bad_option = true;
	}
}

/* A message that the capture cut cannot be judged: no reason to doubt it. */
static bool
checksum_ok(const struct v6d_wire *w, const struct v6d_ip *ip)
{
	size_t n = v6d_wire_left(w);
	uint32_t sum;

	if (w->cut)
		return true;
	sum = v6d_cksum_pseudo(
	    0, &ip->src, &ip->dst, V6D_IPPROTO_ICMP6, (uint32_t)n);
	return v6d_cksum_fold(v6d_cksum_add(sum, w->p, n)) == 0;
}

enum v6d_wire_err
v6d_ra_decode(struct v6d_wire *w, const struct v6d_ip *ip, struct v6d_ra *ra)
{
	uint8_t flags;

	*ra = (struct v6d_ra){
		.source_link_local = v6d_addr_is_link_local(&ip->src),
		.hop_limit_255 = ip->ttl == 255,
		.checksum_ok = checksum_ok(w, ip),
	};
	if (v6d_wire_u8(w) != TYPE_RA)
		v6d_wire_fail(w, V6D_WIRE_MALFORMED);
	ra->code_0 = v6d_wire_u8(w) == 0 && !w->err;
	v6d_wire_be16(w); /* checksum */
	ra->cur_hop_limit = v6d_wire_u8(w);
	flags = v6d_wire_u8(w);
	ra->managed = flags & FLAG_MANAGED;
	ra->other = flags & FLAG_OTHER;
	ra->home_agent = flags & FLAG_HOME_AGENT;
	ra->proxy = flags & FLAG_PROXY;
	ra->preference = v6d_ndopt_preference(flags);
	ra->lifetime_s = v6d_wire_be16(w);
	ra->reachable_ms = v6d_wire_be32(w);
	ra->retrans_ms = v6d_wire_be32(w);
	if (!w->err)
		read_options(w, ra);
	return w->err;
}

bool
v6d_ra_valid(const struct v6d_ra *ra)
{
	return ra->source_link_local && ra->hop_limit_255 && ra->code_0 &&
	       ra->checksum_ok;
}

/* Fills in the checksum of the ICMPv6 message from `start` to the end. */
static void
put_checksum(struct v6d_out *o, size_t start, const struct v6d_ip *ip)
{
	uint32_t sum;
	size_t n;

	if (o->full)
		return;
	n = o->len - start;
	sum = v6d_cksum_pseudo(
	    0, &ip->src, &ip->dst, V6D_IPPROTO_ICMP6, (uint32_t)n);
	sum = v6d_cksum_add(sum, o->p + start, n);
	v6d_out_patch16(o, start + CHECKSUM_AT, v6d_cksum_fold(sum));
}

void
v6d_ra_encode(
    struct v6d_out *o, const struct v6d_ra *ra, const struct v6d_ip *ip)
{
	size_t start = o->len;

	v6d_out_u8(o, TYPE_RA);
	v6d_out_u8(o, 0);
	v6d_out_be16(o, 0);
	v6d_out_u8(o, ra->cur_hop_limit);
	v6d_out_u8(o, (uint8_t)((ra->managed ? FLAG_MANAGED : 0) |
				(ra->other ? FLAG_OTHER : 0) |
				(ra->home_agent ? FLAG_HOME_AGENT : 0) |
				(ra->proxy ? FLAG_PROXY : 0) |
				v6d_ndopt_preference_bits(ra->preference)));
	v6d_out_be16(o, ra->lifetime_s);
	v6d_out_be32(o, ra->reachable_ms);
	v6d_out_be32(o, ra->retrans_ms);
	v6d_ndopt_write(o, ra);
	put_checksum(o, start, ip);
}

void
v6d_rs_encode_packet(struct v6d_out *o, const struct v6d_addr *src)
{
	struct v6d_ip ip = {
		.src = *src,
		.dst = { 6, { 0xff, 0x02, [15] = 2 } }, /* all routers */
		.ttl = 255,
		.proto = V6D_IPPROTO_ICMP6,
	};
	size_t start;

	v6d_ip6_encode(o, &ip, RS_LEN);
	start = o->len;
	v6d_out_u8(o, TYPE_RS);
	v6d_out_fill(o, 0, RS_LEN - 1);
	put_checksum(o, start, &ip);
}
