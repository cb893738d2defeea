/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ask_trace.c - the routers on the way, as a TCP port sees them: handshakes
 * with a small TTL die on the way, and the router where they do says so by
 * ICMP (RFC 792, time exceeded). Needs no rights.
 */
#include "io/ask_impl.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/clock.h"

struct trace {
	unsigned n; /* hops asked */
	int fd[V6D_ASK_HOPS];
};

static void
drop(struct v6d_job *j, unsigned i)
{
	struct linger at_once = { 1, 0 };
	struct trace *x = j->x;

	if (x->fd[i] < 0)
		return;
	setsockopt(x->fd[i], SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	v6d_job_sent_tcp(j, x->fd[i]);
	close(x->fd[i]);
	x->fd[i] = -1;
}

static void
closed(struct v6d_job *j)
{
	struct trace *x = j->x;

	for (unsigned i = 0; x && i < x->n; i++)
		drop(j, i);
}

/* Beyond the one that the target answered there is nothing more to learn. */
static bool
all_told(const struct v6d_job *j)
{
	const struct trace *x = j->x;

	for (unsigned i = 0; i < x->n; i++) {
		if (x->fd[i] >= 0)
			return false;
		if (j->answer.frames[i].answered)
			return true;
	}
	return true;
}

static void
decided(struct v6d_job *j, unsigned i)
{
	struct v6d_answer_frame *f = &j->answer.frames[i];
	struct trace *x = j->x;
	struct v6d_sock_error e;
	int err = 0;
	socklen_t n = sizeof(err);

	if (x->fd[i] < 0)
		return;
	while (v6d_sock_error_next(x->fd[i], &e))
		if (!e.local && f->error_from.family == 0) {
			f->error = (uint16_t)((unsigned)e.type << 8 | e.code);
			f->error_from = e.from;
		}
	getsockopt(x->fd[i], SOL_SOCKET, SO_ERROR, &err, &n);
	f->answered =
	    f->error_from.family == 0 && (err == 0 || err == ECONNREFUSED);
	f->rtt = v6d_clock_now() - j->asked;
	drop(j, i);
}

static void
some_decided(uv_poll_t *h, int status, int events)
{
	struct v6d_job *j = h->data;
	struct epoll_event ev[V6D_ASK_HOPS];
	int n = epoll_wait(j->fd, ev, V6D_ASK_HOPS, 0);

	(void)status;
	(void)events;
	for (int i = 0; i < n; i++)
		decided(j, ev[i].data.u32);
	if (all_told(j))
		v6d_job_done(j);
}

/* What did not answer is no failure to ask: it is what was to be found. */
static void
expired(struct v6d_job *j)
{
	j->answer.how = V6D_ANSWER_DONE;
	j->answer.err = 0;
}

static int
send_hop(struct v6d_job *j, unsigned i)
{
	struct epoll_event ev = { .events = EPOLLOUT | EPOLLERR };
	struct sockaddr_storage to;
	socklen_t n = v6d_job_sockaddr(j, j->ask.port, &to);
	struct trace *x = j->x;
	int ttl = (int)i + 1, r;

	r = v6d_netns_socket(
	    v6d_job_ns(j), to.ss_family, SOCK_STREAM, 0, &x->fd[i]);
	if (r < 0)
		return r;
	v6d_sock_error_want(x->fd[i], to.ss_family);
	if (to.ss_family == AF_INET6)
		setsockopt(x->fd[i], IPPROTO_IPV6, IPV6_UNICAST_HOPS, &ttl,
		    sizeof(ttl));
	else
		setsockopt(x->fd[i], IPPROTO_IP, IP_TTL, &ttl, sizeof(ttl));
	ev.data.u32 = i;
	if ((connect(x->fd[i], (struct sockaddr *)&to, n) < 0 &&
		errno != EINPROGRESS) ||
	    epoll_ctl(j->fd, EPOLL_CTL_ADD, x->fd[i], &ev) < 0)
		return -errno;
	j->answer.frames[i].sent = true;
	return 0;
}

int
v6d_ask_trace_start(struct v6d_job *j)
{
	struct trace *x = calloc(1, sizeof(*x));
	int r;

	if (!x)
		return -ENOMEM;
	memset(x->fd, -1, sizeof(x->fd));
	x->n = j->ask.flows < V6D_ASK_HOPS ? j->ask.flows : V6D_ASK_HOPS;
	j->x = x;
	j->on_close = closed;
	j->on_expire = expired;
	j->answer.n_frames = x->n;
	j->fd = epoll_create1(EPOLL_CLOEXEC);
	if (j->fd < 0)
		return -errno;
	r = v6d_job_watch(j, j->fd, UV_READABLE, some_decided);
	for (unsigned i = 0; i < x->n && r == 0; i++)
		r = send_hop(j, i);
	return r;
}
