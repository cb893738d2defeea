/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ask_flows_udp.c - DNS queries (RFC 1035 4.2.1), each from a socket of its
 * own: as many entries in the table of a router that translates addresses.
 * UDP knows no end, so those entries stay there until they time out.
 */
#include "io/ask_flows_udp.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <unistd.h>

#include "proto/dns.h"

#define DNS_PORT 53
#define UDP_HEADERS 28 /* IPv4 and UDP */
#define QUERY_MAX 512

struct v6d_udp_flows *
v6d_udp_new(int epoll, unsigned max)
{
	struct v6d_udp_flows *u = calloc(1, sizeof(*u) + max * sizeof(u->f[0]));

	if (!u)
		return NULL;
	u->epoll = epoll;
	u->max = max;
	return u;
}

void
v6d_udp_free(struct v6d_udp_flows *u)
{
	for (unsigned i = 0; u && i < u->n; i++)
		if (u->f[i].fd >= 0)
			close(u->f[i].fd);
	free(u);
}

static void
send_query(struct v6d_job *j, const struct v6d_udp_flow *f)
{
	uint8_t p[QUERY_MAX];
	struct v6d_out o = v6d_out_to(p, sizeof(p));

	if (v6d_dns_encode_query(&o, f->id, j->ask.name, j->ask.qtype, 0) &&
	    send(f->fd, p, o.len, MSG_NOSIGNAL) >= 0)
		v6d_job_sent(j, 1, o.len + UDP_HEADERS);
}

/* A new query, under a number that nobody can guess. */
static void
ask_one(struct v6d_job *j, struct v6d_udp_flows *u, struct v6d_udp_flow *f)
{
	if (getrandom(&f->id, sizeof(f->id), 0) != sizeof(f->id))
		f->id++;
	u->n_waiting += !f->waiting;
	f->waiting = true;
	send_query(j, f);
}

int
v6d_udp_open(struct v6d_job *j, struct v6d_udp_flows *u, bool other)
{
	const struct v6d_ask *q = &j->ask;
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(q->udp_port ? q->udp_port : DNS_PORT) };
	struct epoll_event ev = { .events = EPOLLIN };
	struct v6d_udp_flow *f = &u->f[u->n];
	int r;

	if (u->n == u->max)
		return -ENOBUFS;
	*f = (struct v6d_udp_flow){ .fd = -1, .other = other };
	r = v6d_netns_socket(v6d_job_ns(j), AF_INET, SOCK_DGRAM, 0, &f->fd);
	if (r < 0)
		return r;
	memcpy(&to.sin_addr, other ? q->udp_addr2.b : q->udp_addr.b, 4);
	ev.data.u32 = u->n | V6D_UDP_EVENT;
	if (connect(f->fd, (struct sockaddr *)&to, sizeof(to)) < 0 ||
	    epoll_ctl(u->epoll, EPOLL_CTL_ADD, f->fd, &ev) < 0) {
		r = -errno;
		close(f->fd);
		return r;
	}
	u->n++;
	ask_one(j, u, f);
	return 0;
}

void
v6d_udp_again(struct v6d_job *j, struct v6d_udp_flows *u)
{
	for (unsigned i = 0; i < u->n; i++)
		if (u->f[i].waiting)
			send_query(j, &u->f[i]);
}

unsigned
v6d_udp_ask_old(struct v6d_job *j, struct v6d_udp_flows *u, unsigned n)
{
	unsigned asked = 0;

	for (unsigned i = 0; i < u->n && asked < n; i++) {
		if (!u->f[i].up)
			continue;
		u->f[i].old = true;
		ask_one(j, u, &u->f[i]);
		asked++;
	}
	return asked;
}

/* Whatever the answer is: it came back through the session. */
static bool
answers(const struct v6d_udp_flow *f, const uint8_t *p, ssize_t n)
{
	struct v6d_wire w;
	struct v6d_dns d = { 0 };

	if (n < 2 || ((unsigned)p[0] << 8 | p[1]) != f->id)
		return false;
	w = v6d_wire_from(p, (size_t)n, (size_t)n);
	v6d_dns_decode(&w, &d);
	return d.response;
}

void
v6d_udp_event(struct v6d_udp_flows *u, unsigned i)
{
	struct v6d_udp_flow *f = &u->f[i];
	uint8_t p[2048];
	ssize_t n;

	while (f->fd >= 0) {
		n = recv(f->fd, p, sizeof(p), MSG_DONTWAIT);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		/* an error is reported once, and the query sent again */
		if (n < 0 || !f->waiting || !answers(f, p, n))
			continue;
		f->up = true;
		f->waiting = false;
		u->n_waiting--;
	}
}

void
v6d_udp_fill(const struct v6d_udp_flows *u, struct v6d_answer *ret)
{
	ret->udp = ret->udp_failed = ret->udp_asked = ret->udp_alive = 0;
	for (unsigned i = 0; i < u->n; i++) {
		const struct v6d_udp_flow *f = &u->f[i];

		if (f->other) {
			ret->udp_other_asked = true;
			ret->udp_other_up = f->up;
			continue;
		}
		ret->udp += f->up;
		ret->udp_failed += !f->up;
		ret->udp_asked += f->old;
		ret->udp_alive += f->old && !f->waiting;
	}
}
