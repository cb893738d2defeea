/* SPDX-License-Identifier: GPL-2.0-or-later */
/* offload_help.h - TCP and UDP packets over IPv6 to cut and to join. */
#ifndef TESTS_UNIT_OFFLOAD_HELP_H
#define TESTS_UNIT_OFFLOAD_HELP_H

#include "sweep.h"

#include "base/cksum.h"
#include "proto/segment.h"
#include "proto/tcp.h"
#include "proto/udp.h"

#define BIG 65535

/* Byte i of all test data. */
static inline uint8_t
data_byte(size_t i)
{
	return (uint8_t)(i * 7 + i / 251);
}

static inline struct v6d_ip
ip_of(uint8_t proto)
{
	struct v6d_ip ip = { .version = 6,
		.ttl = 64,
		.proto = proto,
		.src = { .family = 6, .b = { 0x20, 1, 0xd, 0xb8, [15] = 1 } },
		.dst = { .family = 6, .b = { 0x20, 1, 0xd, 0xb8, [15] = 2 } } };

	return ip;
}

/*
 * A finished TCP packet with data from position `at` of the stream, which
 * starts with number `first`.
 */
static inline size_t
tcp_packet(uint8_t *buf, size_t cap, struct v6d_tcp t, uint32_t first,
    size_t at, size_t n)
{
	struct v6d_out o = v6d_out_to(buf, cap);
	struct v6d_ip ip = ip_of(V6D_IPPROTO_TCP);
	static uint8_t data[BIG];
	size_t header = 20 + (t.has_ts ? 12 : 0);

	for (size_t i = 0; i < n; i++)
		data[i] = data_byte(at + i);
	t.seq = first + (uint32_t)at;
	v6d_ip6_encode(&o, &ip, header + n);
	v6d_tcp_encode(&o, &t, &ip, data, n);
	assert_false(o.full);
	assert_int_equal(o.len, 40 + header + n);
	return o.len;
}

static inline struct v6d_tcp
tcp_of(uint16_t sport)
{
	return (struct v6d_tcp){ .sport = sport,
		.dport = 80,
		.ack = 77,
		.window = 500,
		.flags = V6D_TCP_ACK,
		.has_ts = true,
		.tsval = 1000,
		.tsecr = 2000 };
}

/* Decodes a packet whose transport checksum must be right. */
static inline void
assert_finished(const uint8_t *p, size_t n, struct v6d_ip *ret_ip,
    struct v6d_wire *ret_payload)
{
	struct v6d_wire w = v6d_wire_from(p, n, n);
	uint32_t sum;

	assert_int_equal(v6d_ip6_decode(&w, ret_ip, ret_payload), V6D_WIRE_OK);
	assert_int_equal(ret_ip->total_len, n);
	sum = v6d_cksum_pseudo(0, &ret_ip->src, &ret_ip->dst, ret_ip->proto,
	    (uint32_t)v6d_wire_left(ret_payload));
	assert_int_equal(v6d_cksum_fold(v6d_cksum_add(
			     sum, ret_payload->p, v6d_wire_left(ret_payload))),
	    0);
}

#endif
