/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * packets.c - a live session's words as IPv4 packets. The run has only the
 * stream of TCP: its segments are made here, with ports and numbers of their
 * own; a GRE packet and the length of its IPv4 packet are as they were.
 */
#include "trace/packets.h"

#include <stdlib.h>
#include <string.h>

#include "base/cksum.h"
#include "proto/ip.h"
#include "proto/pptp.h"
#include "proto/tcp.h"
#include "trace/scrub.h"

#define CLIENT_PORT 49152 /* invented: the first of those for clients */
#define WINDOW 65535
#define TTL 64
#define IP4_HEADER 20
#define TCP_HEADER 20
#define QUOTE 8 /* of the packet that an ICMP error is about */
#define HELD_BACK (V6D_PACKET_BYTES - IP4_HEADER - TCP_HEADER)

struct v6d_packets *
v6d_packets_new(void)
{
	return calloc(1, sizeof(struct v6d_packets));
}

void
v6d_packets_free(struct v6d_packets *p)
{
	if (p)
		free(p->packet);
	free(p);
}

struct v6d_packet *
v6d_packets_add(struct v6d_packets *p, v6d_ns at)
{
	size_t cap = p->cap ? 2 * p->cap : 64, i = p->n;
	struct v6d_packet *more;

	if (p->n == V6D_PACKETS_MAX) {
		p->left_out++;
		return NULL;
	}
	if (p->n == p->cap) {
		more = realloc(p->packet, cap * sizeof(*more));
		if (!more) {
			p->left_out++;
			return NULL;
		}
		p->packet = more;
		p->cap = cap;
	}
	while (i > 0 && p->packet[i - 1].at > at)
		i--;
	memmove(&p->packet[i + 1], &p->packet[i],
	    (p->n++ - i) * sizeof(p->packet[0]));
	p->packet[i] = (struct v6d_packet){ .at = at };
	return &p->packet[i];
}

static struct v6d_ip
header(const struct v6d_packets *p, enum v6d_dir dir, uint8_t proto)
{
	bool out = dir == V6D_DIR_OUT;

	return (struct v6d_ip){ .version = 4,
		.ttl = TTL,
		.proto = proto,
		.src = out ? p->client : p->server,
		.dst = out ? p->server : p->client };
}

void
v6d_packets_ends(struct v6d_packets *p, const struct v6d_addr *client,
    const struct v6d_addr *server)
{
	if (!p)
		return;
	p->client = *client;
	p->server = *server;
}

/* ---- TCP ---- */

/* Each connection has one of its own. */
static uint16_t
client_port(const struct v6d_packets *p)
{
	return (uint16_t)(CLIENT_PORT +
			  (p->connections > 0 ? p->connections - 1 : 0));
}

static void
segment(struct v6d_packets *p, enum v6d_dir dir, uint8_t flags,
    const uint8_t *data, size_t n, v6d_ns at)
{
	enum v6d_dir back = dir == V6D_DIR_OUT ? V6D_DIR_IN : V6D_DIR_OUT;
	struct v6d_ip ip = header(p, dir, V6D_IPPROTO_TCP);
	struct v6d_tcp t = { .flags = flags,
		.sport = dir == V6D_DIR_OUT ? client_port(p) : V6D_PPTP_PORT,
		.dport = dir == V6D_DIR_OUT ? V6D_PPTP_PORT : client_port(p),
		.seq = p->seq[dir],
		.ack = flags & V6D_TCP_ACK ? p->seq[back] : 0,
		.window = WINDOW };
	struct v6d_packet *k = v6d_packets_add(p, at);
	struct v6d_out o;

	p->seq[dir] += (uint32_t)n;
	if (flags & (V6D_TCP_SYN | V6D_TCP_FIN))
		p->seq[dir]++;
	if (!k)
		return;
	o = v6d_out_to(k->bytes, sizeof(k->bytes));
	v6d_ip4_encode(&o, &ip, TCP_HEADER + n);
	v6d_tcp_encode(&o, &t, &ip, data, n < HELD_BACK ? n : HELD_BACK);
	k->len = (uint16_t)o.len;
	k->wire_len = (uint32_t)(IP4_HEADER + TCP_HEADER + n);
}

void
v6d_packets_event(struct v6d_packets *p, enum v6d_flow_ev ev, v6d_ns at)
{
	if (!p)
		return;
	switch (ev) {
	case V6D_FLOW_TCP_SYN:
		p->connections++;
		segment(p, V6D_DIR_OUT, V6D_TCP_SYN, NULL, 0, at);
		break;
	case V6D_FLOW_TCP_UP:
		segment(p, V6D_DIR_IN, V6D_TCP_SYN | V6D_TCP_ACK, NULL, 0, at);
		segment(p, V6D_DIR_OUT, V6D_TCP_ACK, NULL, 0, at);
		break;
	case V6D_FLOW_TCP_REFUSED:
	case V6D_FLOW_TCP_RESET:
		segment(p, V6D_DIR_IN, V6D_TCP_RST | V6D_TCP_ACK, NULL, 0, at);
		break;
	case V6D_FLOW_TCP_CLOSED:
		segment(p, V6D_DIR_IN, V6D_TCP_FIN | V6D_TCP_ACK, NULL, 0, at);
		break;
	case V6D_FLOW_TCP_TIMEOUT:
	case V6D_FLOW_TCP_UNREACHABLE:
	case V6D_FLOW_GRE_DENIED:
		break; /* nothing passed */
	}
}

void
v6d_packets_control(struct v6d_packets *p, enum v6d_dir dir,
    const uint8_t *bytes, size_t n, v6d_ns at)
{
	if (p && n > 0)
		segment(p, dir, V6D_TCP_PSH | V6D_TCP_ACK, bytes, n, at);
}

/* ---- GRE ---- */

void
v6d_packets_gre(struct v6d_packets *p, enum v6d_dir dir, const uint8_t *gre,
    size_t n, size_t outer_len, v6d_ns at)
{
	uint8_t body[V6D_PACKET_BYTES - IP4_HEADER];
	struct v6d_out o = v6d_out_to(body, sizeof(body));
	struct v6d_ip ip;
	struct v6d_packet *k;
	size_t shorter;

	if (!p || outer_len < IP4_HEADER)
		return;
	k = v6d_packets_add(p, at);
	if (!k)
		return;
	shorter = v6d_scrub_gre(&o, gre, n, n);
	ip = header(p, dir, V6D_IPPROTO_GRE);
	k->wire_len = (uint32_t)(outer_len - shorter);
	k->len = (uint16_t)(IP4_HEADER + o.len);
	memcpy(k->bytes + IP4_HEADER, body, o.len);
	o = v6d_out_to(k->bytes, IP4_HEADER);
	v6d_ip4_encode(&o, &ip, k->wire_len - IP4_HEADER);
}

/* ---- ICMP ---- */

void
v6d_packets_icmp(struct v6d_packets *p, bool gre, uint8_t type, uint8_t code,
    uint32_t mtu, const struct v6d_addr *from, v6d_ns at)
{
	struct v6d_ip ip, about;
	struct v6d_packet *k;
	struct v6d_out o;

	if (!p || from->family != 4)
		return;
	k = v6d_packets_add(p, at);
	if (!k)
		return;
	ip = header(p, V6D_DIR_IN, V6D_IPPROTO_ICMP);
	ip.src = *from;
	about = header(p, V6D_DIR_OUT, gre ? V6D_IPPROTO_GRE : V6D_IPPROTO_TCP);
	o = v6d_out_to(k->bytes, sizeof(k->bytes));
	v6d_ip4_encode(&o, &ip, QUOTE + IP4_HEADER + QUOTE);
	v6d_out_u8(&o, type);
	v6d_out_u8(&o, code);
	v6d_out_be16(&o, 0); /* the checksum: filled in below */
	v6d_out_be32(&o, mtu);
	v6d_ip4_encode(&o, &about, QUOTE);
	v6d_out_be16(&o, gre ? 0x3081 : client_port(p));
	v6d_out_be16(&o, gre ? 0x880b : V6D_PPTP_PORT);
	v6d_out_be32(&o, 0);
	v6d_out_patch16(&o, IP4_HEADER + 2,
	    v6d_cksum_fold(
		v6d_cksum_add(0, k->bytes + IP4_HEADER, o.len - IP4_HEADER)));
	k->len = (uint16_t)o.len;
	k->wire_len = (uint32_t)o.len;
}
