/* SPDX-License-Identifier: GPL-2.0-or-later */
/* segment.c - segmentation of TCP and UDP over IPv6, as offloads do it. */
#include "proto/segment.h"

#include "base/cksum.h"

enum {
	IP6_HEADER = 40,
	IP6_LENGTH = 4, /* offset of the payload length */

	TCP_HEADER = 20,
	TCP_SEQ = 4,
	TCP_OFFSET = 12,
	TCP_FLAGS = 13,
	TCP_CSUM = 16,
	TCP_FIN_PSH = 0x09,
	TCP_CWR = 0x80,

	UDP_HEADER = 8,
	UDP_LENGTH = 4,
	UDP_CSUM = 6,
};

static void
put16(uint8_t *p, size_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void
put32(uint8_t *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v);
}

static bool
is_cut(const struct v6d_vnet *how)
{
	return how->gso != V6D_VNET_WHOLE;
}

/* Bytes of the TCP or UDP header at csum_start, 0 where there is none. */
static size_t
transport_header(const struct v6d_vnet *how, const uint8_t *p, size_t n)
{
	size_t at = how->csum_start, len;

	if (how->gso == V6D_VNET_UDP)
		return how->csum_offset == UDP_CSUM && n >= at + UDP_HEADER
			   ? UDP_HEADER
			   : 0;
	if (how->gso != V6D_VNET_TCP6 || how->csum_offset != TCP_CSUM ||
	    n < at + TCP_HEADER)
		return 0;
	len = (size_t)(p[at + TCP_OFFSET] >> 4) * 4;
	return len >= TCP_HEADER && n >= at + len ? len : 0;
}

bool
v6d_segment_start(struct v6d_segment *s, const struct v6d_vnet *how,
    const uint8_t *packet, size_t n)
{
	size_t header = n;

	if (n < IP6_HEADER || packet[0] >> 4 != 6)
		return false;
	if (how->needs_csum &&
	    (how->csum_start < IP6_HEADER ||
		(size_t)how->csum_start + how->csum_offset + 2 > n))
		return false;
	if (is_cut(how)) {
		size_t l4 = how->needs_csum && how->gso_size > 0
				? transport_header(how, packet, n)
				: 0;

		if (l4 == 0)
			return false;
		header = how->csum_start + l4;
	}
	*s = (struct v6d_segment){ .packet = packet,
		.len = n,
		.how = *how,
		.header = header,
		.at = header };
	return true;
}

/*
 * The kernel has put the sum of the pseudo-header there, for the length of
 * the whole: what is too much of it is taken away. So the address behind a
 * routing header, which the kernel knows, is right in every segment.
 */
static void
finish_csum(const struct v6d_segment *s, uint8_t *p, size_t n)
{
	size_t start = s->how.csum_start, field = start + s->how.csum_offset;
	uint32_t sum = 0;
	uint16_t csum;

	if (is_cut(&s->how)) {
		uint32_t whole = (uint32_t)(s->len - start);
		uint32_t part = (uint32_t)(n - start);

		sum = (uint16_t) ~(uint16_t)((whole & 0xffff) + (whole >> 16));
		sum += part;
	}
	csum = v6d_cksum_fold(v6d_cksum_add(sum, p + start, n - start));
	/* No checksum at all is no choice for UDP over IPv6 (RFC 8200 8.1). */
	put16(p + field,
	    csum == 0 && s->how.csum_offset == UDP_CSUM ? 0xffff : csum);
}

static void
set_tcp(const struct v6d_segment *s, uint8_t *tcp, size_t data)
{
	bool first = s->at == s->header, last = s->at + data == s->len;
	uint32_t seq = v6d_be32(tcp + TCP_SEQ);

	put32(tcp + TCP_SEQ, seq + (uint32_t)(s->at - s->header));
	if (!last)
		tcp[TCP_FLAGS] &= (uint8_t)~TCP_FIN_PSH;
	if (!first)
		tcp[TCP_FLAGS] &= (uint8_t)~TCP_CWR;
}

size_t
v6d_segment_next(struct v6d_segment *s, uint8_t *ret, size_t cap)
{
	size_t data = s->len - s->at, n;

	if (s->over)
		return 0;
	if (is_cut(&s->how) && data > s->how.gso_size)
		data = s->how.gso_size;
	n = s->header + data;
	if (n > cap)
		return 0;
	memcpy(ret, s->packet, s->header);
	memcpy(ret + s->header, s->packet + s->at, data);
	if (is_cut(&s->how)) {
		put16(ret + IP6_LENGTH, n - IP6_HEADER);
		if (s->how.gso == V6D_VNET_TCP6)
			set_tcp(s, ret + s->how.csum_start, data);
		else
			put16(ret + s->how.csum_start + UDP_LENGTH,
			    n - s->how.csum_start);
	}
	if (s->how.needs_csum)
		finish_csum(s, ret, n);
	s->at += data;
	s->over = s->at == s->len;
	return n;
}
