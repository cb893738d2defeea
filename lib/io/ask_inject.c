/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ask_inject.c - what this host's packet filter does, by its effect in the
 * model of the host: packets of ours come out of the tunnel as if the server
 * had sent them, and the counters of the kernel's IPv6 tell how far they got.
 */
#include "io/ask_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/dial.h"
#include "proto/icmp.h"
#include "proto/tcp.h"
#include "proto/udp.h"

#define SNMP_MAX 8192
#define STRANGER_PORT 40000
#define TRACE_PORT 33434 /* where traceroute begins: nobody listens */

/* ---- the kernel's counters ---- */

struct counter {
	const char *ifname, *name;
	int64_t value;
};

static int
find_counter(const char *text, const char *name, int64_t *ret)
{
	size_t n = strlen(name);

	for (const char *p = text; p && *p;) {
		if (strncmp(p, name, n) == 0 && (p[n] == ' ' || p[n] == '\t')) {
			*ret = strtoll(p + n, NULL, 10);
			return 0;
		}
		p = strchr(p, '\n');
		p = p ? p + 1 : NULL;
	}
	return -ENOENT;
}

static int
read_here(void *arg)
{
	struct counter *c = arg;
	char path[64], text[SNMP_MAX];
	size_t n = 0;
	ssize_t got;
	int fd;

	snprintf(path, sizeof(path), "/proc/thread-self/net/dev_snmp6/%s",
	    c->ifname);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	while (n < sizeof(text) - 1 &&
	       (got = read(fd, text + n, sizeof(text) - 1 - n)) > 0)
		n += (size_t)got;
	text[n] = '\0';
	close(fd);
	return find_counter(text, c->name, &c->value);
}

/* 0 or -errno. ifname "": the tunnel's. */
static int
read_counter(
    const struct v6d_job *j, const char *ifname, const char *name, int64_t *ret)
{
	struct counter c = { ifname[0] ? ifname : j->asker->tunnel, name, 0 };
	int err = v6d_netns_run(v6d_job_ns(j), read_here, &c);

	if (err == 0)
		*ret = c.value;
	return err;
}

int
v6d_ask_counter_start(struct v6d_job *j)
{
	int err = read_counter(j, j->ask.host, j->ask.name, &j->answer.value);

	if (err == 0)
		v6d_job_done(j);
	return err;
}

/* ---- one packet out of the tunnel ---- */

/*
 * By how much the counter grew; the kernel has dealt with the packet when the
 * write returns.
 */
static int
inject(const struct v6d_job *j, const uint8_t *packet, size_t n,
    const char *ifname, const char *name, int64_t *ret_grew)
{
	int64_t before, after;
	int err = read_counter(j, ifname, name, &before);

	if (err == 0) {
		v6d_dial_deliver(j->asker->conf.dial, packet, n);
		err = read_counter(j, ifname, name, &after);
	}
	if (err == 0)
		*ret_grew = after - before;
	return err;
}

int
v6d_ask_syn_in_start(struct v6d_job *j)
{
	struct v6d_ip ip = { .src = j->ask.addr2,
		.dst = j->ask.addr,
		.ttl = 60,
		.proto = V6D_IPPROTO_TCP };
	struct v6d_tcp syn = { .sport = STRANGER_PORT,
		.dport = j->ask.port,
		.seq = 1,
		.flags = V6D_TCP_SYN,
		.window = 65535 };
	uint8_t packet[128];
	struct v6d_out o = v6d_out_to(packet, sizeof(packet));
	int err = j->asker->conf.dial ? 0 : -ENOTCONN;

	v6d_ip6_encode(&o, &ip, 20);
	v6d_tcp_encode(&o, &syn, &ip, NULL, 0);
	if (err == 0)
		err = inject(j, packet, o.len, j->ask.host, j->ask.name,
		    &j->answer.value);
	if (err == 0)
		v6d_job_done(j);
	return err;
}

/* ---- errors about a packet that this host has sent ---- */

static int
send_one(const struct v6d_job *j, struct sockaddr_in6 *ret_from)
{
	struct sockaddr_storage to;
	socklen_t n = v6d_job_sockaddr(j, TRACE_PORT, &to);
	socklen_t len = sizeof(*ret_from);
	int fd, err;

	err = v6d_netns_socket(v6d_job_ns(j), AF_INET6, SOCK_DGRAM, 0, &fd);
	if (err < 0)
		return err;
	if (connect(fd, (struct sockaddr *)&to, n) < 0 ||
	    send(fd, "v6doctor", 8, 0) < 0 ||
	    getsockname(fd, (struct sockaddr *)ret_from, &len) < 0)
		err = -errno;
	close(fd);
	return err;
}

/* The packet that send_one sent, as a router would quote it. */
static void
put_quote(
    const struct v6d_job *j, const struct sockaddr_in6 *from, struct v6d_out *o)
{
	struct v6d_ip ip = { .src = v6d_addr_6(from->sin6_addr.s6_addr),
		.dst = j->ask.addr,
		.ttl = 60,
		.proto = V6D_IPPROTO_UDP };
	struct v6d_udp udp = { .sport = ntohs(from->sin6_port),
		.dport = TRACE_PORT };

	v6d_ip6_encode(o, &ip, 16);
	v6d_udp_encode(o, &udp, &ip, (const uint8_t *)"v6doctor", 8);
}

/*
 * From the target itself: it is what the host wrote to. A too-big that names
 * the tunnel's own MTU changes nothing.
 */
static void
put_error(const struct v6d_job *j, const struct sockaddr_in6 *from,
    uint8_t type, struct v6d_out *o)
{
	uint8_t quote[128];
	struct v6d_out q = v6d_out_to(quote, sizeof(quote));
	struct v6d_ip ip = { .src = j->ask.addr,
		.dst = v6d_addr_6(from->sin6_addr.s6_addr),
		.ttl = 60,
		.proto = V6D_IPPROTO_ICMP6 };
	struct v6d_icmp m = { .type = type,
		.code = type == V6D_ICMP6_UNREACHABLE ? 4 : 0,
		.mtu = type == V6D_ICMP6_TOO_BIG ? j->ask.size & 0xffff : 0 };

	put_quote(j, from, &q);
	v6d_ip6_encode(o, &ip, 8 + q.len);
	v6d_icmp6_encode_error(o, &m, &ip, quote, q.len);
}

int
v6d_ask_icmp_in_start(struct v6d_job *j)
{
	static const char *const counters[] = { NULL, "Icmp6InDestUnreachs",
		"Icmp6InPktTooBigs", "Icmp6InTimeExcds",
		"Icmp6InParmProblems" };
	struct sockaddr_in6 from;
	int err = j->asker->conf.dial ? send_one(j, &from) : -ENOTCONN;

	for (uint8_t type = V6D_ICMP6_UNREACHABLE;
	     err == 0 && type <= V6D_ICMP6_PARAMETER; type++) {
		uint8_t packet[256];
		struct v6d_out o = v6d_out_to(packet, sizeof(packet));
		int64_t grew = 0;

		put_error(j, &from, type, &o);
		err = inject(j, packet, o.len, "", counters[type], &grew);
		if (grew > 0)
			j->answer.value |= 1 << type;
	}
	if (err == 0)
		v6d_job_done(j);
	return err;
}
