/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * flow_help.h - made-up captures: a tape of packets written with the
 * encoders, and played into a flow whole, cut, from its middle.
 */
#ifndef TESTS_UNIT_FLOW_HELP_H
#define TESTS_UNIT_FLOW_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "flow/flow.h"
#include "proto/auth.h"
#include "proto/gre.h"
#include "proto/icmp.h"
#include "proto/ip.h"
#include "proto/nd.h"
#include "proto/ppp.h"
#include "proto/pptp.h"
#include "proto/tcp.h"

#define OUT V6D_DIR_OUT
#define IN V6D_DIR_IN
#define TAPE_MAX 600
#define CLIENT_ID 7 /* the call id that the client chose */
#define SERVER_ID 99 /* and the server */

struct tape_packet {
	uint8_t *p;
	size_t n;
	v6d_ns at;
};

struct tape {
	struct v6d_addr client, server;
	uint16_t port;
	v6d_ns now;
	uint8_t ttl[2];
	uint32_t tcp[2], gre[2]; /* next sequence numbers */
	uint32_t last_gre[2]; /* the newest sent: to be acknowledged */
	bool dont_frag;
	uint16_t ip_id;
	unsigned n;
	struct tape_packet packets[TAPE_MAX];
	struct v6d_flow *flow; /* of the last play */
};

static inline void
tape_init(struct tape *t)
{
	static const uint8_t c[4] = { 192, 0, 2, 10 },
			     s[4] = { 203, 0, 113, 5 };

	memset(t, 0, sizeof(*t));
	t->client = v6d_addr_4(c);
	t->server = v6d_addr_4(s);
	t->port = 40000;
	t->now = V6D_S(1000);
	t->ttl[OUT] = 64;
	t->ttl[IN] = 60;
	t->tcp[OUT] = 5000;
	t->tcp[IN] = 0xfffffff0u; /* wraps */
	t->dont_frag = true;
}

static inline void
tape_done(struct tape *t)
{
	for (unsigned i = 0; i < t->n; i++)
		free(t->packets[i].p);
	free(t->flow);
}

/* ---- writing ---- */

static inline enum v6d_dir
other(enum v6d_dir d)
{
	return d == OUT ? IN : OUT;
}

static inline void
tape_wait(struct tape *t, v6d_ns ns)
{
	t->now += ns;
}

static inline struct v6d_ip
tape_ip(struct tape *t, enum v6d_dir d, uint8_t proto)
{
	return (struct v6d_ip){ .src = d == OUT ? t->client : t->server,
		.dst = d == OUT ? t->server : t->client,
		.version = 4,
		.ttl = t->ttl[d],
		.proto = proto,
		.id = ++t->ip_id,
		.dont_frag = t->dont_frag };
}

/* Keeps a whole IPv4 packet in a block of exactly its size. */
static inline void
tape_raw(struct tape *t, const uint8_t *p, size_t n)
{
	struct tape_packet *k = &t->packets[t->n++];

	assert_true(t->n <= TAPE_MAX);
	k->p = malloc(n);
	assert_non_null(k->p);
	memcpy(k->p, p, n);
	k->n = n;
	k->at = t->now;
	t->now += V6D_MS(1);
}

/* Packet k once more, as a network does that doubles packets. */
static inline void
tape_again(struct tape *t, unsigned k)
{
	tape_raw(t, t->packets[k].p, t->packets[k].n);
}

static inline void
tape_ip4(struct tape *t, const struct v6d_ip *ip, const uint8_t *p, size_t n)
{
	uint8_t buf[4096];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	v6d_ip4_encode(&o, ip, n);
	v6d_out_bytes(&o, p, n);
	assert_false(o.full);
	tape_raw(t, buf, o.len);
}

/* A segment of port 1723 with these numbers. */
static inline void
tape_segment(struct tape *t, enum v6d_dir d, uint8_t flags, uint32_t seq,
    const uint8_t *data, size_t n)
{
	struct v6d_ip ip = tape_ip(t, d, V6D_IPPROTO_TCP);
	struct v6d_tcp tcp = { .sport = d == OUT ? t->port : V6D_PPTP_PORT,
		.dport = d == OUT ? V6D_PPTP_PORT : t->port,
		.seq = seq,
		.ack = flags & V6D_TCP_ACK ? t->tcp[other(d)] : 0,
		.flags = flags,
		.window = 1000 };
	uint8_t buf[2048];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	v6d_tcp_encode(&o, &tcp, &ip, data, n);
	tape_ip4(t, &ip, buf, o.len);
}

/* The next segment of the stream. */
static inline void
tape_tcp(struct tape *t, enum v6d_dir d, uint8_t flags, const uint8_t *data,
    size_t n)
{
	tape_segment(t, d, flags, t->tcp[d], data, n);
	t->tcp[d] += (uint32_t)n + !!(flags & (V6D_TCP_SYN | V6D_TCP_FIN));
}

/* A segment of a connection beside the tunnel, to port 80 of 203.0.113.HOST. */
static inline void
tape_beside(
    struct tape *t, enum v6d_dir d, uint16_t port, uint8_t host, uint8_t flags)
{
	const uint8_t b[4] = { 203, 0, 113, host };
	struct v6d_ip ip = tape_ip(t, d, V6D_IPPROTO_TCP);
	struct v6d_tcp tcp = { .sport = d == OUT ? port : 80,
		.dport = d == OUT ? 80 : port,
		.seq = 100,
		.ack = 100,
		.flags = flags };
	uint8_t buf[256];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	if (d == OUT)
		ip.dst = v6d_addr_4(b);
	else
		ip.src = v6d_addr_4(b);
	v6d_tcp_encode(&o, &tcp, &ip, NULL, 0);
	tape_ip4(t, &ip, buf, o.len);
}

/* A new connection beside it that comes up, and one that is lost. */
static inline void
tape_beside_up(struct tape *t, uint16_t port, uint8_t host)
{
	tape_beside(t, OUT, port, host, V6D_TCP_SYN);
	tape_beside(t, IN, port, host, V6D_TCP_SYN | V6D_TCP_ACK);
	tape_beside(t, OUT, port, host, V6D_TCP_ACK);
}

static inline void
tape_beside_lost(struct tape *t, uint16_t port, uint8_t host)
{
	tape_beside(t, OUT, port, host, V6D_TCP_SYN);
	tape_wait(t, V6D_S(1));
	tape_beside(t, OUT, port, host, V6D_TCP_SYN);
}

/* An IPv4 echo to or from 203.0.113.HOST. */
static inline void
tape_ping4(struct tape *t, enum v6d_dir d, uint8_t host)
{
	const uint8_t b[4] = { 203, 0, 113, host };
	const uint8_t m[8] = { d == OUT ? 8 : 0, 0, 0, 0, 0, 7, 0, 1 };
	struct v6d_ip ip = tape_ip(t, d, V6D_IPPROTO_ICMP);

	if (d == OUT)
		ip.dst = v6d_addr_4(b);
	else
		ip.src = v6d_addr_4(b);
	tape_ip4(t, &ip, m, sizeof(m));
}

static inline size_t
encode_message(const struct v6d_pptp *m, uint8_t *buf, size_t cap)
{
	struct v6d_out o = v6d_out_to(buf, cap);

	v6d_pptp_encode(&o, m);
	assert_false(o.full);
	return o.len;
}

static inline void
tape_message(struct tape *t, enum v6d_dir d, const struct v6d_pptp *m)
{
	uint8_t buf[V6D_PPTP_MAX];
	size_t n = encode_message(m, buf, sizeof(buf));

	tape_tcp(t, d, V6D_TCP_PSH | V6D_TCP_ACK, buf, n);
}

static inline struct v6d_pptp
message(enum v6d_pptp_type type)
{
	struct v6d_pptp m = { .type = (uint16_t)type, .version = 0x0100 };

	if (type == V6D_PPTP_SCCRP || type == V6D_PPTP_OCRP)
		m.result = 1;
	if (type == V6D_PPTP_OCRQ)
		m.call_id = CLIENT_ID;
	if (type == V6D_PPTP_OCRP) {
		m.call_id = SERVER_ID;
		m.peer_call_id = CLIENT_ID;
	}
	return m;
}

static inline void
tape_type(struct tape *t, enum v6d_dir d, enum v6d_pptp_type type)
{
	struct v6d_pptp m = message(type);

	tape_message(t, d, &m);
}

static inline void
tape_handshake(struct tape *t)
{
	tape_tcp(t, OUT, V6D_TCP_SYN, NULL, 0);
	tape_tcp(t, IN, V6D_TCP_SYN | V6D_TCP_ACK, NULL, 0);
	tape_tcp(t, OUT, V6D_TCP_ACK, NULL, 0);
}

/* Up to the Outgoing-Call-Reply. */
static inline void
tape_call(struct tape *t)
{
	tape_handshake(t);
	tape_type(t, OUT, V6D_PPTP_SCCRQ);
	tape_type(t, IN, V6D_PPTP_SCCRP);
	tape_type(t, OUT, V6D_PPTP_OCRQ);
	tape_type(t, IN, V6D_PPTP_OCRP);
	tape_tcp(t, OUT, V6D_TCP_ACK, NULL, 0);
}

/* A GRE packet as it is. */
static inline void
tape_gre_as(struct tape *t, enum v6d_dir d, const struct v6d_gre *g,
    const uint8_t *p, size_t n)
{
	struct v6d_ip ip = tape_ip(t, d, V6D_IPPROTO_GRE);
	uint8_t buf[2048];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	v6d_gre_encode(&o, g);
	v6d_out_bytes(&o, p, n);
	assert_false(o.full);
	tape_ip4(t, &ip, buf, o.len);
}

static inline struct v6d_gre
gre_header(const struct tape *t, enum v6d_dir d, size_t n)
{
	return (struct v6d_gre){ .version = 1,
		.proto = V6D_GRE_PROTO_PPP,
		.call_id = d == OUT ? SERVER_ID : CLIENT_ID,
		.payload_len = (uint16_t)n,
		.has_seq = n > 0,
		.seq = t->gre[d],
		.has_ack = t->last_gre[other(d)] != 0,
		.ack = t->last_gre[other(d)] - 1 };
}

/* The next frame, with an ack of all that was sent the other way. */
static inline void
tape_gre(struct tape *t, enum v6d_dir d, const uint8_t *p, size_t n)
{
	struct v6d_gre g = gre_header(t, d, n);

	tape_gre_as(t, d, &g, p, n);
	if (n > 0)
		t->last_gre[d] = ++t->gre[d];
}

/* A frame that is sent and never seen. */
static inline void
tape_gre_lost(struct tape *t, enum v6d_dir d)
{
	t->gre[d]++;
}

/* A PPP control packet. */
static inline void
tape_cp(struct tape *t, enum v6d_dir d, uint16_t proto, uint8_t code,
    uint8_t id, const uint8_t *data, size_t n)
{
	uint8_t buf[2048];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	v6d_ppp_encode(&o, proto);
	v6d_cp_encode(&o, code, id, data, n);
	assert_false(o.full);
	tape_gre(t, d, buf, o.len);
}

/* Request one way, ack the other way. */
static inline void
tape_agree(struct tape *t, enum v6d_dir d, uint16_t proto, uint8_t id,
    const uint8_t *opts, size_t n)
{
	tape_cp(t, d, proto, V6D_CP_CONF_REQ, id, opts, n);
	tape_cp(t, other(d), proto, V6D_CP_CONF_ACK, id, opts, n);
}

static inline void
tape_lcp_up(struct tape *t)
{
	static const uint8_t magic[] = { 5, 6, 1, 2, 3, 4 };
	static const uint8_t auth[] = { 3, 4, 0xc0, 0x23 };

	tape_agree(t, OUT, V6D_PPP_LCP, 1, magic, sizeof(magic));
	tape_agree(t, IN, V6D_PPP_LCP, 1, auth, sizeof(auth));
}

static inline void
tape_pap(struct tape *t, bool good)
{
	uint8_t buf[128];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	v6d_ppp_encode(&o, V6D_PPP_PAP);
	v6d_pap_encode_req(&o, 1, "alice", "secret");
	tape_gre(t, OUT, buf, o.len);
	o = v6d_out_to(buf, sizeof(buf));
	v6d_ppp_encode(&o, V6D_PPP_PAP);
	v6d_pap_encode_reply(&o, good ? V6D_PAP_ACK : V6D_PAP_NAK, 1, "");
	tape_gre(t, IN, buf, o.len);
}

static inline void
tape_ipv6cp_up(struct tape *t)
{
	static const uint8_t ours[] = { 1, 10, 0, 0, 0, 0, 0, 0, 0, 2 };
	static const uint8_t theirs[] = { 1, 10, 0, 0, 0, 0, 0, 0, 0, 1 };

	tape_agree(t, OUT, V6D_PPP_IPV6CP, 1, ours, sizeof(ours));
	tape_agree(t, IN, V6D_PPP_IPV6CP, 1, theirs, sizeof(theirs));
}

/* ---- inside ---- */

static inline struct v6d_addr
addr6(const char *s)
{
	struct v6d_addr a = { 0 };

	assert_true(v6d_addr_parse(s, &a));
	return a;
}

static inline struct v6d_ip
inner_ip(enum v6d_dir d, uint8_t proto)
{
	struct v6d_addr here = addr6("2001:db8:1::2");
	struct v6d_addr there = addr6("2001:db8:b::80");

	return (struct v6d_ip){ .src = d == OUT ? here : there,
		.dst = d == OUT ? there : here,
		.version = 6,
		.ttl = 64,
		.proto = proto };
}

static inline void
tape_ip6(struct tape *t, enum v6d_dir d, const struct v6d_ip *ip,
    const uint8_t *p, size_t n)
{
	uint8_t buf[2048];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	v6d_ppp_encode(&o, V6D_PPP_IPV6);
	v6d_ip6_encode(&o, ip, n);
	v6d_out_bytes(&o, p, n);
	assert_false(o.full);
	tape_gre(t, d, buf, o.len);
}

/* An inner echo whose IPv6 packet is `len` bytes. */
static inline void
tape_echo(struct tape *t, enum v6d_dir d, bool reply, uint16_t seq, size_t len)
{
	static const uint8_t zeros[2048];
	struct v6d_ip ip = inner_ip(d, V6D_IPPROTO_ICMP6);
	struct v6d_icmp m = { .type =
				  reply ? V6D_ICMP6_ECHO_REPLY : V6D_ICMP6_ECHO,
		.id = 9,
		.seq = seq };
	uint8_t buf[2048];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	v6d_icmp6_encode_echo(&o, &m, &ip, zeros, len - 48);
	tape_ip6(t, d, &ip, buf, o.len);
}

/* An inner segment to or from port 80. */
static inline void
tape_inner_tcp(struct tape *t, enum v6d_dir d, uint8_t flags, uint32_t seq,
    uint32_t ack, size_t n)
{
	static const uint8_t zeros[2048];
	struct v6d_ip ip = inner_ip(d, V6D_IPPROTO_TCP);
	struct v6d_tcp tcp = { .sport = d == OUT ? 50000 : 80,
		.dport = d == OUT ? 80 : 50000,
		.seq = seq,
		.ack = ack,
		.flags = flags,
		.window = 1000,
		.mss = flags & V6D_TCP_SYN ? 1384 : 0 };
	uint8_t buf[2048];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	v6d_tcp_encode(&o, &tcp, &ip, zeros, n);
	tape_ip6(t, d, &ip, buf, o.len);
}

static inline struct v6d_ra
good_ra(void)
{
	struct v6d_ra ra = {
		.cur_hop_limit = 64, .lifetime_s = 1800, .n_prefixes = 1
	};

	ra.prefixes[0].prefix.addr = addr6("2001:db8:1::");
	ra.prefixes[0].prefix.len = 64;
	ra.prefixes[0].on_link = ra.prefixes[0].autonomous = true;
	ra.prefixes[0].valid_s = 86400;
	ra.prefixes[0].preferred_s = 14400;
	return ra;
}

static inline void
tape_ra(struct tape *t, const struct v6d_ra *ra)
{
	struct v6d_ip ip = { .src = addr6("fe80::1"),
		.dst = addr6("ff02::1"),
		.version = 6,
		.ttl = 255,
		.proto = V6D_IPPROTO_ICMP6 };
	uint8_t buf[512];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	v6d_ra_encode(&o, ra, &ip);
	assert_false(o.full);
	tape_ip6(t, IN, &ip, buf, o.len);
}

static inline void
tape_rs(struct tape *t)
{
	uint8_t buf[256];
	struct v6d_addr from = addr6("fe80::2");
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	v6d_ppp_encode(&o, V6D_PPP_IPV6);
	v6d_rs_encode_packet(&o, &from);
	tape_gre(t, OUT, buf, o.len);
}

/* Call, link, address: all of it. */
static inline void
tape_up(struct tape *t)
{
	struct v6d_ra ra = good_ra();

	tape_call(t);
	tape_lcp_up(t);
	tape_pap(t, true);
	tape_ipv6cp_up(t);
	tape_rs(t);
	tape_ra(t, &ra);
}

/* ---- playing ---- */

/* From packet `from` on, each cut to `snap` bytes; `tail` of quiet behind. */
static inline const struct v6d_view *
tape_play_part(struct tape *t, unsigned from, size_t snap, v6d_ns tail)
{
	free(t->flow);
	t->flow = v6d_flow_init(malloc(v6d_flow_size(4)), 4);
	for (unsigned i = from; i < t->n; i++) {
		struct tape_packet *k = &t->packets[i];
		size_t cap = k->n < snap ? k->n : snap;
		uint8_t *p = malloc(cap ? cap : 1);

		assert_non_null(p);
		memcpy(p, k->p, cap);
		v6d_flow_packet(t->flow, V6D_LINK_RAW, p, cap, k->n, k->at);
		free(p);
	}
	v6d_flow_end(t->flow, t->now + tail);
	return v6d_flow_view(t->flow, 0);
}

static inline const struct v6d_view *
tape_play(struct tape *t)
{
	return tape_play_part(t, 0, SIZE_MAX, 0);
}

#endif
