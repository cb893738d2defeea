/* SPDX-License-Identifier: GPL-2.0-or-later */
/* icmp.h - ICMP (RFC 792) and ICMPv6 (RFC 4443): echoes and errors. */
#ifndef V6D_PROTO_ICMP_H
#define V6D_PROTO_ICMP_H

#include "proto/ip.h"

enum v6d_icmp_type {
	V6D_ICMP_ECHO_REPLY = 0,
	V6D_ICMP_UNREACHABLE = 3,
	V6D_ICMP_ECHO = 8,
	V6D_ICMP_TIME_EXCEEDED = 11,
};

enum v6d_icmp6_type {
	V6D_ICMP6_UNREACHABLE = 1,
	V6D_ICMP6_TOO_BIG = 2,
	V6D_ICMP6_TIME_EXCEEDED = 3,
	V6D_ICMP6_PARAMETER = 4,
	V6D_ICMP6_ECHO = 128,
	V6D_ICMP6_ECHO_REPLY = 129,
	V6D_ICMP6_RS = 133,
	V6D_ICMP6_RA = 134,
	V6D_ICMP6_NS = 135,
	V6D_ICMP6_NA = 136,
};

struct v6d_icmp {
	uint8_t type, code;
	bool error; /* quotes the packet that caused it */
	bool bad_checksum; /* judged only where the message is whole */
	uint16_t id, seq; /* echoes */
	uint32_t mtu; /* ICMP 3/4 and ICMPv6 2: next-hop MTU, bytes */
	/* Errors: the quoted packet's header; version 0 where unreadable. */
	struct v6d_ip quoted;
	uint16_t quoted_sport, quoted_dport; /* TCP and UDP, else 0 */
	/* Bytes of the quoted payload that are there, borrowed from w. */
	const uint8_t *quoted_payload;
	size_t quoted_len;
};

/*
 * Reads an ICMP message (w spans it whole). For echoes w is left at the
 * data. The quoted packet is read as far as it goes; a quote cut by the
 * router is not an error.
 */
enum v6d_wire_err v6d_icmp4_decode(struct v6d_wire *w, struct v6d_icmp *m);

/* The same for ICMPv6; ip gives the pseudo-header for the checksum. */
enum v6d_wire_err v6d_icmp6_decode(
    struct v6d_wire *w, const struct v6d_ip *ip, struct v6d_icmp *m);

/* Writes an echo request or reply (m->type) with its checksum. */
void v6d_icmp4_encode_echo(
    struct v6d_out *o, const struct v6d_icmp *m, const uint8_t *data, size_t n);
void v6d_icmp6_encode_echo(struct v6d_out *o, const struct v6d_icmp *m,
    const struct v6d_ip *ip, const uint8_t *data, size_t n);

/*
 * Writes an ICMPv6 error (type, code, mtu of m) about the packet of which the
 * n bytes at quote are the beginning.
 */
void v6d_icmp6_encode_error(struct v6d_out *o, const struct v6d_icmp *m,
    const struct v6d_ip *ip, const uint8_t *quote, size_t n);

#endif
