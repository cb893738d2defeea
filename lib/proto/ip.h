/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ip.h - IPv4 (RFC 791) and IPv6 (RFC 8200) headers as one struct. */
#ifndef V6D_PROTO_IP_H
#define V6D_PROTO_IP_H

#include "base/addr.h"
#include "base/wire.h"

enum v6d_ipproto {
	V6D_IPPROTO_ICMP = 1,
	V6D_IPPROTO_TCP = 6,
	V6D_IPPROTO_UDP = 17,
	V6D_IPPROTO_IPV6 = 41,
	V6D_IPPROTO_GRE = 47,
	V6D_IPPROTO_ICMP6 = 58,
};

struct v6d_ip {
	struct v6d_addr src, dst;
	uint8_t version; /* 4 or 6 */
	uint8_t ttl; /* TTL or Hop Limit */
	uint8_t tos; /* TOS or Traffic Class */
	uint8_t proto; /* of the payload, behind extension headers */
	uint32_t total_len; /* of the whole packet, header included, bytes */
	uint16_t header_len; /* bytes before the payload */
	uint32_t id; /* fragment identification */
	uint16_t frag_offset; /* bytes */
	bool more_frags, dont_frag;
	bool fragment; /* a part of a packet; not an atomic one (RFC 6946) */
	bool bad_checksum; /* IPv4 header only */
};

/*
 * Reads one IPv4 or IPv6 packet (by its version field) and leaves in
 * *ret_payload what the header says is the payload: link padding behind it
 * is cut off, a payload that a short capture lost is TRUNCATED. A later
 * fragment's payload is raw bytes: look at frag_offset first.
 */
enum v6d_wire_err v6d_ip_decode(
    struct v6d_wire *w, struct v6d_ip *ip, struct v6d_wire *ret_payload);
enum v6d_wire_err v6d_ip4_decode(
    struct v6d_wire *w, struct v6d_ip *ip, struct v6d_wire *ret_payload);
enum v6d_wire_err v6d_ip6_decode(
    struct v6d_wire *w, struct v6d_ip *ip, struct v6d_wire *ret_payload);

/*
 * Writes a header without options for payload_len bytes to follow: src, dst,
 * ttl, tos, proto, (IPv4) id and dont_frag are taken from ip. The IPv4
 * checksum is filled in.
 */
void
v6d_ip4_encode(struct v6d_out *o, const struct v6d_ip *ip, size_t payload_len);
void
v6d_ip6_encode(struct v6d_out *o, const struct v6d_ip *ip, size_t payload_len);

#endif
