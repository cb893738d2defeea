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

#define PATIENCE V6D_S(1) /* for what may not come */
#define MARK_ID 0x7636
#define BEHIND_MARK V6D_MS(20) /* for what was overtaken on the way */

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

/* An echo request from outside: what is let in anyway (RFC 4890). */
static void
send_echo(struct v6d_rehearsal *r, const struct v6d_addr *to, uint16_t seq)
{
	uint8_t buf[256];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	struct v6d_ip ip = { .src = r->outside,
		.dst = *to,
		.ttl = 60,
		.proto = V6D_IPPROTO_ICMP6 };
	struct v6d_icmp m = {
		.type = V6D_ICMP6_ECHO, .id = MARK_ID, .seq = seq
	};

	v6d_ip6_encode(&o, &ip, 8);
	v6d_icmp6_encode_echo(&o, &m, &ip, NULL, 0);
	v6d_rehearse_outside(r, buf, o.len);
}

/* What an ear hears of one side: of a protocol, by its first two bytes. */
struct wanted {
	bool answers; /* to somebody outside; else what comes from there */
	uint8_t proto;
	uint16_t word; /* the source port, or type and code */
	uint16_t mark; /* sequence number of the echo that is behind it */
};

static bool
is_mark(const struct v6d_wire *payload, uint16_t seq)
{
	struct v6d_wire w = *payload;
	uint8_t type = v6d_wire_u8(&w);

	v6d_wire_u8(&w); /* code */
	v6d_wire_be16(&w); /* checksum */
	return (type == V6D_ICMP6_ECHO || type == V6D_ICMP6_ECHO_REPLY) &&
	       v6d_wire_be16(&w) == MARK_ID && v6d_wire_be16(&w) == seq;
}

/*
 * An echo is sent behind what may not arrive: where that one arrives, what
 * was before it has been judged, and there is nothing more to wait for.
 */
static unsigned
count(struct v6d_rehearsal *r, int ear, const struct wanted *want)
{
	v6d_ns until = v6d_clock_now() + PATIENCE;
	uint8_t buf[2048];
	unsigned n_seen = 0;
	size_t n;

	while ((n = v6d_rehearse_hear(ear, buf, sizeof(buf), until))) {
		struct v6d_wire w = v6d_wire_from(buf, n, n), payload;
		struct v6d_ip ip;

		if (v6d_ip6_decode(&w, &ip, &payload) != V6D_WIRE_OK ||
		    !v6d_addr_eq(
			want->answers ? &ip.dst : &ip.src, &r->outside))
			continue;
		if (ip.proto == V6D_IPPROTO_ICMP6 &&
		    is_mark(&payload, want->mark))
			until = v6d_clock_now() + BEHIND_MARK;
		if (ip.proto == want->proto && n > 42 &&
		    (buf[want->answers ? 42 : 40] << 8 |
			buf[want->answers ? 43 : 41]) == want->word)
			n_seen++;
	}
	return n_seen;
}

/* One packet of this ICMPv6 type from outside, within the patience. */
static bool
arrives(struct v6d_rehearsal *r, uint8_t type)
{
	v6d_ns until = v6d_clock_now() + PATIENCE;
	uint8_t buf[2048];
	size_t n;

	while ((n = v6d_rehearse_hear(r->lan_ear, buf, sizeof(buf), until)))
		if (n > 40 && buf[6] == V6D_IPPROTO_ICMP6 && buf[40] == type &&
		    memcmp(buf + 8, r->outside.b, 16) == 0)
			return true;
	return false;
}

enum v6d_rehearse_state
v6d_rehearse_echo(struct v6d_rehearsal *r, struct v6d_rehearse_row *row)
{
	if (r->host.family == 0)
		return UNKNOWN("the LAN host has no address");
	v6d_rehearse_drain(r->lan_ear);
	send_echo(r, &r->host, r->port);
	r->reachable = arrives(r, V6D_ICMP6_ECHO);
	return r->reachable ? PASS("it gets there (RFC 4890)")
			    : FAIL("it does not get there");
}

static enum v6d_rehearse_state
attack(struct v6d_rehearsal *r, struct v6d_rehearse_row *row, uint8_t flags)
{
	static const uint16_t ports[] = { 22, 80, 443, 8080, 50123 };
	struct wanted want = { .proto =
				   flags ? V6D_IPPROTO_TCP : V6D_IPPROTO_UDP,
		.word = r->port,
		.mark = r->port };
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
	send_echo(r, &r->host, want.mark);
	seen = count(r, r->lan_ear, &want);
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
	struct wanted want = { .answers = true,
		.proto = V6D_IPPROTO_TCP,
		.word = r->port,
		.mark = r->port };
	unsigned answers;

	if (!t)
		return UNKNOWN("the tunnel has no address");
	if (!r->reachable)
		return UNKNOWN("nothing from outside gets there");
	v6d_rehearse_drain(r->tun_ear);
	for (size_t i = 0; i < V6D_ARRAY_LEN(ports); i++) {
		uint8_t buf[256];
		struct v6d_out o = v6d_out_to(buf, sizeof(buf));

		write_tcp(r, &o, &t->addr.addr, r->port, ports[i], V6D_TCP_SYN);
		v6d_rehearse_outside(r, buf, o.len);
	}
	send_echo(r, &t->addr.addr, want.mark);
	answers = count(r, r->tun_ear, &want);
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
	bool seen;
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
	seen = arrives(r, V6D_ICMP6_TOO_BIG);
	close(fd);
	return seen ? PASS("it gets to the LAN host")
		    : FAIL("it does not get to the LAN host: large packets "
			   "will stall");
}
