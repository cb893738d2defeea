/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ask_tcp.c - a TCP handshake: whether, how fast, and what stopped it. */
#include "io/ask_impl.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

#include "base/wire.h"

static struct v6d_addr
offender(const struct sockaddr *sa)
{
	struct v6d_addr a = { 0 };
	struct sockaddr_in in;
	struct sockaddr_in6 in6;

	if (sa->sa_family == AF_INET) {
		memcpy(&in, sa, sizeof(in));
		a.family = 4;
		memcpy(a.b, &in.sin_addr, 4);
	} else if (sa->sa_family == AF_INET6) {
		memcpy(&in6, sa, sizeof(in6));
		a.family = 6;
		memcpy(a.b, &in6.sin6_addr, 16);
	}
	return a;
}

static bool
from_cmsg(struct cmsghdr *c, struct v6d_sock_error *e)
{
	struct sock_extended_err *ee;

	if (!(c->cmsg_level == SOL_IP && c->cmsg_type == IP_RECVERR) &&
	    !(c->cmsg_level == SOL_IPV6 && c->cmsg_type == IPV6_RECVERR))
		return false;
	ee = (struct sock_extended_err *)(void *)CMSG_DATA(c);
	e->err = (int)ee->ee_errno;
	e->local = ee->ee_origin != SO_EE_ORIGIN_ICMP &&
		   ee->ee_origin != SO_EE_ORIGIN_ICMP6;
	e->type = ee->ee_type;
	e->code = ee->ee_code;
	e->mtu = ee->ee_errno == EMSGSIZE ? ee->ee_info : 0;
	if (!e->local)
		e->from = offender(SO_EE_OFFENDER(ee));
	return true;
}

bool
v6d_sock_error_next(int fd, struct v6d_sock_error *ret)
{
	_Alignas(16) char control[512];
	struct v6d_sock_error e = { 0 };
	struct iovec iov = { e.quote, sizeof(e.quote) };
	struct msghdr m = { .msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(fd, &m, MSG_ERRQUEUE | MSG_DONTWAIT);
	bool found = false;

	if (n < 0)
		return false;
	e.len = (size_t)n;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
		found |= from_cmsg(c, &e);
	if (found)
		*ret = e;
	return found;
}

void
v6d_sock_error_want(int fd, int family)
{
	int on = 1;

	if (family == AF_INET6)
		setsockopt(fd, SOL_IPV6, IPV6_RECVERR, &on, sizeof(on));
	else
		setsockopt(fd, SOL_IP, IP_RECVERR, &on, sizeof(on));
}

/* The first ICMP error tells who refused; a local one tells nothing more. */
static void
read_errors(struct v6d_job *j, int *err)
{
	struct v6d_sock_error e;

	while (v6d_sock_error_next(j->fd, &e)) {
		if (e.local || j->answer.error_from.family)
			continue;
		j->answer.error_from = e.from;
		j->answer.frames[0].error =
		    (uint16_t)((unsigned)e.type << 8 | e.code);
		j->answer.frames[0].error_from = e.from;
		*err = e.err;
	}
}

static void
connected(uv_poll_t *h, int status, int events)
{
	struct v6d_job *j = h->data;
	int err = 0, mss = 0;
	socklen_t len = sizeof(err);

	(void)status;
	(void)events;
	getsockopt(j->fd, SOL_SOCKET, SO_ERROR, &err, &len);
	read_errors(j, &err);
	if (err) {
		v6d_job_failed(j, err);
		return;
	}
	len = sizeof(mss);
	if (getsockopt(j->fd, IPPROTO_TCP, TCP_MAXSEG, &mss, &len) == 0)
		j->answer.mss = mss;
	j->answer.connected = true;
	v6d_job_done(j);
}

int
v6d_ask_tcp_start(struct v6d_job *j)
{
	struct sockaddr_storage ss;
	socklen_t n = v6d_job_sockaddr(j, j->ask.port, &ss);
	int r = v6d_netns_socket(
	    v6d_job_ns(j), ss.ss_family, SOCK_STREAM, 0, &j->fd);

	if (r < 0)
		return r;
	v6d_sock_error_want(j->fd, ss.ss_family);
	if (connect(j->fd, (struct sockaddr *)&ss, n) < 0 &&
	    errno != EINPROGRESS) {
		v6d_job_failed(j, errno); /* no route: the host's own answer */
		return 0;
	}
	return v6d_job_watch(j, j->fd, UV_WRITABLE, connected);
}
