/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rehearse_outside.c - what somebody outside can do, and must be able to. */
#include "gateway/rehearse_impl.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cksum.h"
#include "base/wire.h"
#include "io/clock.h"
#include "proto/icmp.h"
#include "proto/udp.h"

#define QUIET V6D_MS(400) /* nothing more is expected after it */

static void
write_tcp(struct v6d_rehearsal *r, struct v6d_out *o, const struct v6d_addr *to,
    uint16_t sport, uint16_t dport, uint8_t flags)
{
	struct v6d_ip ip = { .src = r->outside,
		.dst = *to,
		.ttl = 60,
		.proto = V6D_IPPROTO_TCP };
	struct v6d_tcp t = { .sport = sport,
		.dport = dport,
		.seq = 1,
		.ack = flags & V6D_TCP_ACK ? 1 : 0,
		.flags = flags,
		.window = 1000 };

	v6d_ip6_encode(o, &ip, 20);
	v6d_tcp_encode(o, &t, &ip, NULL, 0);
}

static void
write_udp(struct v6d_rehearsal *r, struct v6d_out *o, const struct v6d_addr *to,
    uint16_t sport, uint16_t dport)
{
	struct v6d_ip ip = { .src = r->outside,
		.dst = *to,
		.ttl = 60,
		.proto = V6D_IPPROTO_UDP };
	struct v6d_udp u = { .sport = sport, .dport = dport };

	v6d_ip6_encode(o, &ip, 8);
	v6d_udp_encode(o, &u, &ip, NULL, 0);
}

/* Packets from outside that an ear hears: to a port (0: any) or of a type. */
static unsigned
count(struct v6d_rehearsal *r, int ear, uint8_t proto, uint16_t sport,
    v6d_ns until)
{
	uint8_t buf[2048];
	unsigned n_seen = 0;
	size_t n;

	while ((n = v6d_rehearse_hear(ear, buf, sizeof(buf), until))) {
		struct v6d_wire w = v6d_wire_from(buf, n, n), payload;
		struct v6d_ip ip;

		if (v6d_ip6_decode(&w, &ip, &payload) != V6D_WIRE_OK ||
		    ip.proto != proto || !v6d_addr_eq(&ip.src, &r->outside))
			continue;
		if (n > 42 && (buf[40] << 8 | buf[41]) == sport)
			n_seen++;
	}
	return n_seen;
}

enum v6d_rehearse_state
v6d_rehearse_echo(struct v6d_rehearsal *r, struct v6d_rehearse_row *row)
{
	uint8_t buf[256];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	struct v6d_ip ip = { .src = r->outside,
		.dst = r->host,
		.ttl = 60,
		.proto = V6D_IPPROTO_ICMP6 };
	struct v6d_icmp m = { .type = V6D_ICMP6_ECHO, .id = 1, .seq = 1 };

	if (r->host.family == 0)
		return UNKNOWN("the LAN host has no address");
	v6d_ip6_encode(&o, &ip, 8);
	v6d_icmp6_encode_echo(&o, &m, &ip, NULL, 0);
	v6d_rehearse_drain(r->lan_ear);
	v6d_rehearse_outside(r, buf, o.len);
	/* Type 128 code 0 stands where others have a port. */
	r->reachable = count(r, r->lan_ear, V6D_IPPROTO_ICMP6, 128 << 8,
			   v6d_clock_now() + QUIET) > 0;
	return r->reachable ? PASS("it gets there (RFC 4890)")
			    : FAIL("it does not get there");
}

static enum v6d_rehearse_state
attack(struct v6d_rehearsal *r, struct v6d_rehearse_row *row, uint8_t flags)
{
	static const uint16_t ports[] = { 22, 80, 443, 8080, 50123 };
	uint16_t sport = r->port++;
	unsigned seen;

	if (!r->reachable)
		return UNKNOWN("nothing from outside gets there");
	v6d_rehearse_drain(r->lan_ear);
	for (size_t i = 0; i < V6D_ARRAY_LEN(ports); i++) {
		uint8_t buf[256];
		struct v6d_out o = v6d_out_to(buf, sizeof(buf));

		if (flags)
			write_tcp(r, &o, &r->host, sport, ports[i], flags);
		else
			write_udp(r, &o, &r->host, sport, ports[i]);
		v6d_rehearse_outside(r, buf, o.len);
	}
	seen = count(r, r->lan_ear, flags ? V6D_IPPROTO_TCP : V6D_IPPROTO_UDP,
	    sport, v6d_clock_now() + QUIET);
	if (seen == 0)
		return PASS("none of %u arrives", 5);
	if (flags == V6D_TCP_ACK && r->conf.profile->firewall.no_syn)
		return PASS(
		    "%u of %u arrive, as \"no-syn\" lets them", seen, 5);
	return FAIL("%u of %u arrive at the LAN host", seen, 5);
}

enum v6d_rehearse_state
v6d_rehearse_syn(struct v6d_rehearsal *r, struct v6d_rehearse_row *row)
{
	return attack(r, row, V6D_TCP_SYN);
}

enum v6d_rehearse_state
v6d_rehearse_udp(struct v6d_rehearsal *r, struct v6d_rehearse_row *row)
{
	return attack(r, row, 0);
}

enum v6d_rehearse_state
v6d_rehearse_ack(struct v6d_rehearsal *r, struct v6d_rehearse_row *row)
{
	return attack(r, row, V6D_TCP_ACK);
}

/* A port that nobody listens on answers too, with a reset. */
enum v6d_rehearse_state
v6d_rehearse_input(struct v6d_rehearsal *r, struct v6d_rehearse_row *row)
{
	static const uint16_t ports[] = { 22, 53, 80, 50124 };
	struct v6d_answer_addr a[V6D_REHEARSE_ADDRS];
	const struct v6d_answer_addr *t =
	    v6d_rehearse_addr(r->gw, r->tunnel, a);
	uint8_t buf[2048];
	unsigned answers = 0;
	v6d_ns until;
	size_t n;

	if (!t)
		return UNKNOWN("the tunnel has no address");
	if (!r->reachable)
		return UNKNOWN("nothing from outside gets there");
	v6d_rehearse_drain(r->tun_ear);
	for (size_t i = 0; i < V6D_ARRAY_LEN(ports); i++) {
		struct v6d_out o = v6d_out_to(buf, sizeof(buf));

		write_tcp(r, &o, &t->addr.addr, r->port, ports[i], V6D_TCP_SYN);
		v6d_rehearse_outside(r, buf, o.len);
	}
	until = v6d_clock_now() + QUIET;
	while ((n = v6d_rehearse_hear(r->tun_ear, buf, sizeof(buf), until)))
		if (buf[6] == V6D_IPPROTO_TCP &&
		    memcmp(buf + 24, r->outside.b, 16) == 0 && n > 43 &&
		    (buf[42] << 8 | buf[43]) == r->port)
			answers++;
	r->port++;
	return answers ? FAIL("this host answers %u of 4", answers)
		       : PASS("no answer to any of 4");
}

/* A packet-too-big about a connection that is open. */
static size_t
write_too_big(struct v6d_rehearsal *r, uint16_t sport, uint8_t *buf, size_t n)
{
	struct v6d_out o = v6d_out_to(buf, n);
	struct v6d_ip ip = { .src = r->outside,
		.dst = r->host,
		.ttl = 60,
		.proto = V6D_IPPROTO_ICMP6 };
	struct v6d_ip quoted = { .src = r->host,
		.dst = r->target,
		.ttl = 60,
		.proto = V6D_IPPROTO_TCP };
	struct v6d_tcp t = { .sport = sport,
		.dport = V6D_REHEARSE_HTTP,
		.seq = 1,
		.ack = 1,
		.flags = V6D_TCP_ACK };
	uint32_t sum;

	v6d_ip6_encode(&o, &ip, 8 + 60);
	v6d_out_u8(&o, V6D_ICMP6_TOO_BIG);
	v6d_out_u8(&o, 0);
	v6d_out_be16(&o, 0);
	v6d_out_be32(&o, 1300);
	v6d_ip6_encode(&o, &quoted, 20);
	v6d_tcp_encode(&o, &t, &quoted, NULL, 0);
	sum = v6d_cksum_pseudo(
	    0, &ip.src, &ip.dst, V6D_IPPROTO_ICMP6, (uint32_t)(o.len - 40));
	sum = v6d_cksum_add(sum, buf + 40, o.len - 40);
	v6d_out_patch16(&o, 42, v6d_cksum_fold(sum));
	return o.len;
}

static uint16_t
port_of(int fd)
{
	struct sockaddr_in6 a;
	socklen_t n = sizeof(a);

	if (getsockname(fd, (struct sockaddr *)&a, &n) < 0)
		return 0;
	return ntohs(a.sin6_port);
}

enum v6d_rehearse_state
v6d_rehearse_too_big(struct v6d_rehearsal *r, struct v6d_rehearse_row *row)
{
	uint8_t buf[512];
	unsigned seen;
	size_t n;
	int fd;

	if (r->target.family == 0)
		return SKIP("there is no target");
	fd = v6d_rehearse_connect(r->lan, &r->target, V6D_REHEARSE_HTTP,
	    v6d_clock_now() + V6D_REHEARSE_FETCH);
	if (fd < 0)
		return UNKNOWN("no connection: %s", strerror(-fd));
	v6d_rehearse_drain(r->lan_ear);
	n = write_too_big(r, port_of(fd), buf, sizeof(buf));
	v6d_rehearse_outside(r, buf, n);
	seen = count(
	    r, r->lan_ear, V6D_IPPROTO_ICMP6, 2 << 8, v6d_clock_now() + QUIET);
	close(fd);
	return seen ? PASS("it gets to the LAN host")
		    : FAIL("it does not get to the LAN host: large packets "
			   "will stall");
}
