/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gencap.c - writes a large capture of healthy PPTP tunnels, for captures.py:
 * gencap FILE MEGABYTES TUNNELS. Always the same bytes for the same arguments.
 * Each tunnel is dialled, has a prefix of its own and four inner connections;
 * then any of them has the next packet: of a hundred 60 are full inner TCP
 * segments, 30 acknowledge such, 5 are GRE without payload, 5 are echoes of
 * LCP or the control connection with their replies, or advertisements.
 */
#include <stdio.h>
#include <stdlib.h>

#include "proto/auth.h"
#include "proto/gre.h"
#include "proto/link.h"
#include "proto/nd.h"
#include "proto/ppp.h"
#include "proto/pptp.h"
#include "proto/tcp.h"

#define FRAME 2048
#define INNER 1380 /* bytes of TCP data in a full inner segment */
#define CONNECTIONS 4 /* inner ones of each tunnel */

struct connection {
	uint32_t seq[2]; /* TCP sequence numbers, client then server */
	uint32_t stamp[2]; /* and newest timestamps */
};

struct tunnel {
	struct v6d_addr client, server;
	struct v6d_addr inner[2]; /* IPv6, client's then the site's */
	uint16_t port;
	uint32_t tcp[2]; /* next sequence number, client then server */
	uint16_t call[2]; /* the id that each side receives under */
	uint32_t gre[2]; /* next GRE sequence number */
	struct connection connections[CONNECTIONS];
};

struct capture {
	FILE *f;
	uint64_t bytes, us;
};

static void
put_le32(FILE *f, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		putc((int)(v >> (8 * i) & 0xff), f);
}

static void
write_file_header(FILE *f)
{
	put_le32(f, 0xa1b2c3d4);
	put_le32(f, 4u << 16 | 2);
	put_le32(f, 0);
	put_le32(f, 0);
	put_le32(f, 65535);
	put_le32(f, V6D_LINK_ETHERNET);
}

static void
write_frame(struct capture *c, const struct v6d_out *o)
{
	c->us += 50;
	put_le32(c->f, (uint32_t)(1700000000u + c->us / 1000000));
	put_le32(c->f, (uint32_t)(c->us % 1000000));
	put_le32(c->f, (uint32_t)o->len);
	put_le32(c->f, (uint32_t)o->len);
	fwrite(o->p, 1, o->len, c->f);
	c->bytes += 16 + o->len;
}

/* Wraps an IPv4 payload and writes the frame. from: 0 client, 1 server. */
static void
send_ip(struct capture *c, const struct tunnel *t, int from, uint8_t proto,
    const uint8_t *p, size_t n)
{
	uint8_t buf[FRAME];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	struct v6d_link l = { .ethertype = 0x0800,
		.src = { 2, 0, 0, 0, 0, (uint8_t)from },
		.dst = { 2, 0, 0, 0, 0, (uint8_t)!from } };
	struct v6d_ip ip = { .src = from ? t->server : t->client,
		.dst = from ? t->client : t->server,
		.ttl = 64,
		.proto = proto,
		.dont_frag = true };

	v6d_ether_encode(&o, &l);
	v6d_ip4_encode(&o, &ip, n);
	v6d_out_bytes(&o, p, n);
	write_frame(c, &o);
}

static void
send_tcp(struct capture *c, struct tunnel *t, int from, uint8_t flags,
    const uint8_t *p, size_t n)
{
	uint8_t buf[FRAME];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	struct v6d_ip ip = { .src = from ? t->server : t->client,
		.dst = from ? t->client : t->server,
		.version = 4,
		.proto = V6D_IPPROTO_TCP };
	struct v6d_tcp h = { .sport = from ? V6D_PPTP_PORT : t->port,
		.dport = from ? t->port : V6D_PPTP_PORT,
		.seq = t->tcp[from],
		.ack = flags & V6D_TCP_ACK ? t->tcp[!from] : 0,
		.flags = flags,
		.window = 65535 };

	v6d_tcp_encode(&o, &h, &ip, p, n);
	send_ip(c, t, from, V6D_IPPROTO_TCP, o.p, o.len);
	t->tcp[from] +=
	    (uint32_t)n + ((flags & (V6D_TCP_SYN | V6D_TCP_FIN)) != 0);
}

static void
send_control(
    struct capture *c, struct tunnel *t, int from, const struct v6d_pptp *m)
{
	uint8_t buf[V6D_PPTP_MAX];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	v6d_pptp_encode(&o, m);
	send_tcp(c, t, from, V6D_TCP_PSH | V6D_TCP_ACK, o.p, o.len);
}

static void
send_ppp(struct capture *c, struct tunnel *t, int from, uint16_t proto,
    const struct v6d_out *body)
{
	uint8_t buf[FRAME];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	struct v6d_gre g = { .version = 1,
		.proto = V6D_GRE_PROTO_PPP,
		.call_id = t->call[!from],
		.payload_len = (uint16_t)(4 + body->len),
		.has_seq = true,
		.seq = t->gre[from]++,
		.has_ack = t->gre[!from] > 0,
		.ack = t->gre[!from] - 1 };

	v6d_gre_encode(&o, &g);
	v6d_ppp_encode(&o, proto);
	v6d_out_bytes(&o, body->p, body->len);
	send_ip(c, t, from, V6D_IPPROTO_GRE, o.p, o.len);
}

static void
send_cp(struct capture *c, struct tunnel *t, int from, uint16_t proto,
    uint8_t code, const uint8_t *data, size_t n)
{
	uint8_t buf[256];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	v6d_cp_encode(&o, code, 1, data, n);
	send_ppp(c, t, from, proto, &o);
}

static void
negotiate(struct capture *c, struct tunnel *t, uint16_t proto,
    const uint8_t opt[2][10], size_t n)
{
	for (int from = 0; from < 2; from++) {
		send_cp(c, t, from, proto, V6D_CP_CONF_REQ, opt[from], n);
		send_cp(c, t, !from, proto, V6D_CP_CONF_ACK, opt[from], n);
	}
}

static void
send_ra(struct capture *c, struct tunnel *t)
{
	uint8_t msg[128], pkt[256];
	struct v6d_out m = v6d_out_to(msg, sizeof(msg));
	struct v6d_out o = v6d_out_to(pkt, sizeof(pkt));
	struct v6d_ip ip = {
		.version = 6, .ttl = 255, .proto = V6D_IPPROTO_ICMP6
	};
	struct v6d_ra ra = {
		.cur_hop_limit = 64, .lifetime_s = 1800, .n_prefixes = 1
	};

	v6d_addr_parse("fe80::1", &ip.src);
	v6d_addr_parse("ff02::1", &ip.dst);
	ra.prefixes[0].prefix = (struct v6d_prefix){ t->inner[0], 64 };
	ra.prefixes[0].prefix.addr.b[15] = 0;
	ra.prefixes[0].on_link = ra.prefixes[0].autonomous = true;
	ra.prefixes[0].valid_s = 86400;
	ra.prefixes[0].preferred_s = 14400;
	v6d_ra_encode(&m, &ra, &ip);
	v6d_ip6_encode(&o, &ip, m.len);
	v6d_out_bytes(&o, m.p, m.len);
	send_ppp(c, t, 1, V6D_PPP_IPV6, &o);
}

/* One segment of inner connection k; the data are zeros. */
static void
send_inner(struct capture *c, struct tunnel *t, unsigned k, int from,
    uint8_t flags, size_t n)
{
	struct connection *i = &t->connections[k];
	uint16_t port = (uint16_t)(40000 + k);
	static const uint8_t zeros[INNER];
	uint8_t seg[FRAME], pkt[FRAME];
	struct v6d_out s = v6d_out_to(seg, sizeof(seg));
	struct v6d_out o = v6d_out_to(pkt, sizeof(pkt));
	struct v6d_ip ip = { .src = t->inner[from],
		.dst = t->inner[!from],
		.version = 6,
		.ttl = 64,
		.proto = V6D_IPPROTO_TCP };
	struct v6d_tcp h = { .sport = from ? 80 : port,
		.dport = from ? port : 80,
		.seq = i->seq[from],
		.ack = i->seq[!from],
		.flags = flags,
		.window = 65535,
		.has_ts = true,
		.tsval = (uint32_t)(c->us / 1000),
		.tsecr = i->stamp[!from] };

	i->stamp[from] = h.tsval;
	v6d_tcp_encode(&s, &h, &ip, zeros, n);
	v6d_ip6_encode(&o, &ip, s.len);
	v6d_out_bytes(&o, s.p, s.len);
	send_ppp(c, t, from, V6D_PPP_IPV6, &o);
	i->seq[from] += (uint32_t)n + ((flags & V6D_TCP_SYN) != 0);
}

static void
open_tunnel(struct capture *c, struct tunnel *t)
{
	static const uint8_t magic[2][10] = { { 5, 6, 1, 2, 3, 4 },
		{ 5, 6, 5, 6, 7, 8 } };
	static const uint8_t ifid[2][10] = { { 1, 10, 0, 0, 0, 0, 0, 0, 0, 2 },
		{ 1, 10, 0, 0, 0, 0, 0, 0, 0, 1 } };

	send_tcp(c, t, 0, V6D_TCP_SYN, NULL, 0);
	send_tcp(c, t, 1, V6D_TCP_SYN | V6D_TCP_ACK, NULL, 0);
	send_tcp(c, t, 0, V6D_TCP_ACK, NULL, 0);
	send_control(c, t, 0,
	    &(struct v6d_pptp){ .type = V6D_PPTP_SCCRQ, .version = 0x0100 });
	send_control(c, t, 1,
	    &(struct v6d_pptp){
		.type = V6D_PPTP_SCCRP, .version = 0x0100, .result = 1 });
	send_control(c, t, 0,
	    &(struct v6d_pptp){
		.type = V6D_PPTP_OCRQ, .call_id = t->call[0], .window = 64 });
	send_control(c, t, 1,
	    &(struct v6d_pptp){ .type = V6D_PPTP_OCRP,
		.call_id = t->call[1],
		.peer_call_id = t->call[0],
		.result = 1,
		.window = 64 });
	negotiate(c, t, V6D_PPP_LCP, magic, 6);
	negotiate(c, t, V6D_PPP_IPV6CP, ifid, 10);
	send_ra(c, t);
	for (unsigned k = 0; k < CONNECTIONS; k++) {
		send_inner(c, t, k, 0, V6D_TCP_SYN, 0);
		send_inner(c, t, k, 1, V6D_TCP_SYN | V6D_TCP_ACK, 0);
	}
}

/* A packet of GRE that only acknowledges. */
static void
send_ack(struct capture *c, const struct tunnel *t, int from)
{
	uint8_t buf[32];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	struct v6d_gre g = { .version = 1,
		.proto = V6D_GRE_PROTO_PPP,
		.call_id = t->call[!from],
		.has_ack = true,
		.ack = t->gre[!from] - 1 };

	v6d_gre_encode(&o, &g);
	send_ip(c, t, from, V6D_IPPROTO_GRE, o.p, o.len);
}

static void
send_echo(struct capture *c, struct tunnel *t)
{
	static const uint8_t magic[4] = { 1, 2, 3, 4 };

	send_cp(c, t, 1, V6D_PPP_LCP, V6D_LCP_ECHO_REQ, magic, 4);
	send_cp(c, t, 0, V6D_PPP_LCP, V6D_LCP_ECHO_REP, magic, 4);
}

static void
send_control_echo(struct capture *c, struct tunnel *t)
{
	send_control(c, t, 0, &(struct v6d_pptp){ .type = V6D_PPTP_ECHORQ });
	send_control(c, t, 1,
	    &(struct v6d_pptp){ .type = V6D_PPTP_ECHORP, .result = 1 });
	send_tcp(c, t, 0, V6D_TCP_ACK, NULL, 0);
}

static unsigned
chance(uint64_t *seed, unsigned n)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return (unsigned)((*seed >> 16) % n);
}

static void
fill(struct capture *c, struct tunnel *t, unsigned n, uint64_t target)
{
	uint64_t seed = 88172645463325252u;

	while (c->bytes < target) {
		struct tunnel *k = &t[chance(&seed, n)];
		unsigned i = chance(&seed, CONNECTIONS);
		unsigned what = chance(&seed, 100);

		if (what < 60)
			send_inner(c, k, i, 1, V6D_TCP_ACK, INNER);
		else if (what < 90)
			send_inner(c, k, i, 0, V6D_TCP_ACK, 0);
		else if (what < 95)
			send_ack(c, k, 0);
		else if (what < 97)
			send_control_echo(c, k);
		else if (what < 98)
			send_ra(c, k);
		else
			send_echo(c, k);
	}
}

/* Its ends, of which no other tunnel has all. */
static void
name(struct tunnel *t, unsigned i)
{
	uint8_t outer[4] = { 198, (uint8_t)(18 + i / 65536), (uint8_t)(i / 256),
		(uint8_t)i };

	t->client = v6d_addr_4(outer);
	t->server = v6d_addr_4((uint8_t[4]){ 203, 0, 113, 10 });
	v6d_addr_parse("2001:db8::2", &t->inner[0]);
	memcpy(t->inner[0].b + 4, outer, sizeof(outer));
	v6d_addr_parse("2001:db8:b::80", &t->inner[1]);
	t->port = (uint16_t)(40000 + i % 20000);
	t->call[0] = (uint16_t)i;
	t->call[1] = (uint16_t)(i * 128);
}

int
main(int argc, char **argv)
{
	struct capture c = { 0 };
	struct tunnel *t;
	unsigned n;

	if (argc != 4 || !(c.f = fopen(argv[1], "wb"))) {
		fputs("usage: gencap FILE MEGABYTES TUNNELS\n", stderr);
		return 64;
	}
	n = (unsigned)strtoul(argv[3], NULL, 10);
	t = calloc(n, sizeof(*t));
	if (!t || n == 0 || n > 131072) /* 198.18.0.0/15 holds no more */
		return 70;
	write_file_header(c.f);
	for (unsigned i = 0; i < n; i++) {
		name(&t[i], i);
		open_tunnel(&c, &t[i]);
	}
	fill(&c, t, n, strtoull(argv[2], NULL, 10) * 1000000);
	free(t);
	return fclose(c.f) == 0 ? 0 : 70;
}
