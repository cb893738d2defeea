/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pieces.c - ICMPv6 in IPv6 fragments that fit every path (RFC 8200 4.5). */
#include "io/pieces.h"

#include <errno.h>

#include "base/cksum.h"
#include "proto/ip.h"

#define HOPS 64
#define IP_HEADER 40
#define FRAGMENT 44 /* next header */
#define FRAGMENT_HEADER 8
#define CHECKSUM 2 /* where it stands in the message */

struct pieces {
	int fd;
	const struct sockaddr *to;
	socklen_t to_len;
	struct v6d_ip ip;
};

static int
send_out(const struct pieces *s, const struct v6d_out *o)
{
	if (sendto(s->fd, o->p, o->len, MSG_NOSIGNAL, s->to, s->to_len) < 0)
		return -errno;
	return 0;
}

static int
send_whole(struct pieces *s, const uint8_t *p, size_t n)
{
	uint8_t buf[V6D_PIECE];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	s->ip.proto = V6D_IPPROTO_ICMP6;
	v6d_ip6_encode(&o, &s->ip, n);
	v6d_out_bytes(&o, p, n);
	return send_out(s, &o);
}

static int
send_piece(struct pieces *s, const uint8_t *p, size_t n, size_t at, bool more,
    uint32_t id)
{
	uint8_t buf[V6D_PIECE];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	s->ip.proto = FRAGMENT;
	v6d_ip6_encode(&o, &s->ip, FRAGMENT_HEADER + n);
	v6d_out_u8(&o, V6D_IPPROTO_ICMP6);
	v6d_out_u8(&o, 0);
	v6d_out_be16(&o, (uint16_t)(at | more));
	v6d_out_be32(&o, id);
	v6d_out_bytes(&o, p + at, n);
	return send_out(s, &o);
}

int
v6d_pieces_send(int fd, const struct sockaddr *to, socklen_t to_len,
    const struct v6d_addr *src, const struct v6d_addr *dst, uint8_t *icmp,
    size_t n, size_t piece, uint32_t id)
{
	/* The largest multiple of 8 that fits. */
	size_t room = (piece - IP_HEADER - FRAGMENT_HEADER) / 8 * 8;
	struct pieces s = { fd, to, to_len,
		{ .src = *src, .dst = *dst, .ttl = HOPS } };
	struct v6d_out o = { icmp, n, n, false };
	uint32_t sum;
	int r = 0;

	v6d_out_patch16(&o, CHECKSUM, 0);
	sum = v6d_cksum_pseudo(0, src, dst, V6D_IPPROTO_ICMP6, (uint32_t)n);
	v6d_out_patch16(
	    &o, CHECKSUM, v6d_cksum_fold(v6d_cksum_add(sum, icmp, n)));
	if (n <= piece - IP_HEADER)
		return send_whole(&s, icmp, n);
	for (size_t at = 0; at < n && r == 0; at += room) {
		bool more = n - at > room;

		r = send_piece(&s, icmp, more ? room : n - at, at, more, id);
	}
	return r;
}
