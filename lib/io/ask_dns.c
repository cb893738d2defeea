/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ask_dns.c - one DNS query to one server, over UDP or TCP (RFC 1035 4.2), or
 * two from one port, as libc asks.
 */
#include "io/ask_impl.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <unistd.h>

#include "proto/dns.h"

#define DNS_PORT 53
#define UDP_HEADERS 28 /* IPv4 and UDP */
#define QUERY_MAX 512
#define MESSAGE_MAX 65535

/* Bits of v6d_answer.dns_answered. */
enum { FIRST = 1, SECOND = 2 };

struct query {
	uint16_t id;
	size_t len;
	uint8_t p[2 + QUERY_MAX]; /* behind TCP's length */
};

struct dns {
	struct query q[2]; /* the second one's len 0: there is none */
	size_t sent, got;
	uint8_t in[2 + MESSAGE_MAX];
};

static bool
same_name(const char *a, const char *b)
{
	size_t n = strlen(a);

	if (n > 0 && a[n - 1] == '.')
		n--;
	return strlen(b) == n && strncasecmp(a, b, n) == 0;
}

static void
take_answer(struct v6d_job *j, const struct v6d_dns *d, size_t n)
{
	struct v6d_answer *r = &j->answer;

	r->rcode = d->rcode;
	r->truncated = d->truncated;
	r->dns_len = (uint16_t)n;
	r->n_addrs = 0;
	for (unsigned i = 0; i < d->n_addrs && r->n_addrs < 8; i++)
		r->addrs[r->n_addrs++] = d->addrs[i];
}

/* True when the message answers a query of ours; strangers' are left alone. */
static bool
take_message(struct v6d_job *j, const uint8_t *p, size_t n)
{
	struct dns *x = j->x;
	struct v6d_wire w = v6d_wire_from(p, n, n);
	struct v6d_dns d = { 0 };
	enum v6d_wire_err e = v6d_dns_decode(&w, &d);
	struct v6d_answer *r = &j->answer;
	unsigned id = n < 2 ? 0 : (unsigned)p[0] << 8 | p[1];
	bool second = x->q[1].len > 0 && id == x->q[1].id;

	if (n < 2 || (id != x->q[0].id && !second))
		return false;
	if (e != V6D_WIRE_OK) {
		snprintf(r->text, sizeof(r->text), "malformed answer");
		v6d_job_failed(j, EBADMSG);
		return true;
	}
	if (!d.response || !same_name(j->ask.name, d.qname) ||
	    d.qtype != (second ? j->ask.qtype2 : j->ask.qtype))
		return false;
	r->dns_answered |= second ? SECOND : FIRST;
	if (!second)
		take_answer(j, &d, n);
	if (x->q[1].len == 0 || r->dns_answered == (FIRST | SECOND))
		v6d_job_done(j);
	return true;
}

static void
udp_readable(uv_poll_t *h, int status, int events)
{
	struct v6d_job *j = h->data;
	struct dns *x = j->x;
	ssize_t n;

	(void)status;
	(void)events;
	while (!j->over) {
		n = recv(j->fd, x->in, sizeof(x->in), 0);
		if (n < 0) {
			if (errno != EAGAIN && errno != EINTR)
				v6d_job_failed(j, errno);
			return;
		}
		take_message(j, x->in, (size_t)n);
	}
}

static void
tcp_read(struct v6d_job *j)
{
	struct dns *x = j->x;
	ssize_t n = recv(j->fd, x->in + x->got, sizeof(x->in) - x->got, 0);
	size_t want;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		v6d_job_failed(j, n < 0 ? errno : ECONNRESET);
		return;
	}
	x->got += (size_t)n;
	if (x->got < 2)
		return;
	want = (size_t)x->in[0] << 8 | x->in[1];
	if (x->got >= 2 + want && !take_message(j, x->in + 2, want))
		v6d_job_failed(j, EBADMSG);
}

static void
tcp_event(uv_poll_t *h, int status, int events)
{
	struct v6d_job *j = h->data;
	struct dns *x = j->x;
	int err = 0;
	socklen_t len = sizeof(err);
	ssize_t n;

	if (x->sent == x->q[0].len) {
		if (status < 0 || (events & (UV_READABLE | UV_DISCONNECT)))
			tcp_read(j);
		return;
	}
	getsockopt(j->fd, SOL_SOCKET, SO_ERROR, &err, &len);
	if (err) {
		v6d_job_failed(j, err);
		return;
	}
	j->answer.connected = true;
	n = send(
	    j->fd, x->q[0].p + x->sent, x->q[0].len - x->sent, MSG_NOSIGNAL);
	if (n < 0 && errno != EAGAIN)
		v6d_job_failed(j, errno);
	if (n > 0)
		x->sent += (size_t)n;
	if (x->sent == x->q[0].len)
		v6d_job_watch(j, j->fd, UV_READABLE, tcp_event);
}

static int
make_query(const struct v6d_ask *a, uint16_t qtype, struct query *ret)
{
	struct v6d_out o = v6d_out_to(ret->p + 2, QUERY_MAX);

	if (!v6d_dns_encode_query(&o, ret->id, a->name, qtype, a->edns))
		return -EINVAL;
	ret->p[0] = (uint8_t)(o.len >> 8);
	ret->p[1] = (uint8_t)o.len;
	ret->len = o.len + 2;
	return 0;
}

static int
make_queries(struct v6d_job *j)
{
	struct dns *x = j->x;
	uint16_t id;
	int r;

	if (getrandom(&id, sizeof(id), 0) != sizeof(id))
		return -EIO;
	x->q[0].id = id;
	x->q[1].id = (uint16_t)(id + 1);
	r = make_query(&j->ask, j->ask.qtype, &x->q[0]);
	if (r == 0 && j->ask.qtype2 && !j->ask.tcp)
		r = make_query(&j->ask, j->ask.qtype2, &x->q[1]);
	return r;
}

static int
send_udp(struct v6d_job *j)
{
	struct dns *x = j->x;

	for (unsigned i = 0; i < 2 && x->q[i].len > 0; i++) {
		size_t n = x->q[i].len - 2;

		if (send(j->fd, x->q[i].p + 2, n, MSG_NOSIGNAL) < 0) {
			v6d_job_failed(j, errno);
			return 0;
		}
		v6d_job_sent(j, 1,
		    n + (j->ask.addr.family == 6 ? UDP_HEADERS + 20
						 : UDP_HEADERS));
	}
	return v6d_job_watch(j, j->fd, UV_READABLE, udp_readable);
}

int
v6d_ask_dns_start(struct v6d_job *j)
{
	struct sockaddr_storage ss;
	uint16_t port = j->ask.port ? j->ask.port : DNS_PORT;
	socklen_t n = v6d_job_sockaddr(j, port, &ss);
	int r;

	j->x = calloc(1, sizeof(struct dns));
	if (!j->x)
		return -ENOMEM;
	r = make_queries(j);
	if (r < 0)
		return r;
	r = v6d_netns_socket(v6d_job_ns(j), ss.ss_family,
	    j->ask.tcp ? SOCK_STREAM : SOCK_DGRAM, 0, &j->fd);
	if (r < 0)
		return r;
	if (connect(j->fd, (struct sockaddr *)&ss, n) < 0 &&
	    errno != EINPROGRESS) {
		v6d_job_failed(j, errno); /* no route: the host's own answer */
		return 0;
	}
	if (j->ask.tcp)
		return v6d_job_watch(j, j->fd, UV_WRITABLE, tcp_event);
	return send_udp(j);
}
