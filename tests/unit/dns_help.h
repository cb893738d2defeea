/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dns_help.h - questions and answers on a tape, inside the tunnel. */
#ifndef TESTS_UNIT_DNS_HELP_H
#define TESTS_UNIT_DNS_HELP_H

#include "witness_help.h"

#include "proto/dns.h"
#include "proto/udp.h"

static inline void
tape_datagram(
    struct tape *t, enum v6d_dir d, uint16_t port, const uint8_t *p, size_t n)
{
	struct v6d_ip ip = inner_ip(d, V6D_IPPROTO_UDP);
	struct v6d_udp u = { .sport = d == OUT ? port : 53,
		.dport = d == OUT ? 53 : port };
	uint8_t buf[600];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	*(d == OUT ? &ip.dst : &ip.src) = addr6("2001:db8:b::53");
	v6d_udp_encode(&o, &u, &ip, p, n);
	assert_false(o.full);
	tape_ip6(t, d, &ip, buf, o.len);
}

static inline void
tape_ask(struct tape *t, const char *name, uint16_t type, uint16_t port)
{
	uint8_t buf[300];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	assert_true(v6d_dns_encode_query(&o, port, name, type, 0));
	tape_datagram(t, OUT, port, buf, o.len);
}

/* With one record where `good`. */
static inline void
tape_answer(struct tape *t, const char *name, uint16_t type, uint16_t port,
    uint8_t rcode, bool good)
{
	uint8_t buf[400];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	size_t n = type == V6D_DNS_A ? 4 : 16;

	assert_true(v6d_dns_encode_query(&o, port, name, type, 0));
	buf[2] |= 0x80;
	buf[3] = 0x80 | rcode;
	if (good) {
		buf[7] = 1;
		v6d_out_be16(&o, 0xc00c); /* the question's name */
		v6d_out_be16(&o, type);
		v6d_out_be16(&o, 1);
		v6d_out_be32(&o, 60);
		v6d_out_be16(&o, (uint16_t)n);
		for (size_t i = 0; i < n; i++)
			v6d_out_u8(&o, 7);
	}
	tape_datagram(t, IN, port, buf, o.len);
}

#endif
