/* SPDX-License-Identifier: GPL-2.0-or-later */
/* resolver.c - the host's resolvers by c-ares, without threads. */
#include "io/resolver.h"

#include <ares.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "io/clock.h"
#include "io/netns.h"

#define TRY_MS 1500
#define TRIES 2

struct lookup {
	bool over;
	int err;
	int family;
	struct v6d_addr addr;
};

static int
from_ares(int status)
{
	switch (status) {
	case ARES_SUCCESS:
		return 0;
	case ARES_ENOTFOUND:
		return -ENOENT;
	case ARES_ENODATA:
		return -ENODATA;
	case ARES_ETIMEOUT:
	case ARES_ECANCELLED:
	case ARES_EDESTRUCTION:
		return -ETIMEDOUT;
	case ARES_ECONNREFUSED:
	case ARES_EREFUSED:
		return -ECONNREFUSED;
	case ARES_EBADNAME:
		return -EINVAL;
	case ARES_ENOMEM:
		return -ENOMEM;
	}
	return -EAGAIN;
}

int
v6d_resolver_servers(struct v6d_addr *ret, unsigned max)
{
	struct ares_addr_node *list = NULL;
	ares_channel ch;
	int status = ares_init(&ch), n = 0;

	if (status != ARES_SUCCESS)
		return from_ares(status);
	if (ares_get_servers(ch, &list) == ARES_SUCCESS)
		for (struct ares_addr_node *a = list; a; a = a->next) {
			if ((unsigned)n == max)
				break;
			ret[n++] = a->family == AF_INET
				       ? v6d_addr_4((const uint8_t *)&a->addr)
				       : v6d_addr_6((const uint8_t *)&a->addr);
		}
	if (list)
		ares_free_data(list);
	ares_destroy(ch);
	return n;
}

static void
got_host(void *arg, int status, int timeouts, struct hostent *h)
{
	struct lookup *l = arg;

	(void)timeouts;
	l->over = true;
	l->err = from_ares(status);
	if (l->err != 0)
		return;
	if (!h->h_addr_list[0]) {
		l->err = -ENODATA;
		return;
	}
	l->addr = l->family == 4
		      ? v6d_addr_4((const uint8_t *)h->h_addr_list[0])
		      : v6d_addr_6((const uint8_t *)h->h_addr_list[0]);
}

static ares_socket_t
open_socket(int domain, int type, int proto, void *arg)
{
	int fd, r = v6d_netns_socket(*(int *)arg, domain, type, proto, &fd);

	if (r < 0) {
		errno = -r;
		return -1;
	}
	return fd;
}

static int
close_socket(ares_socket_t fd, void *arg)
{
	(void)arg;
	return close(fd);
}

static int
do_connect(
    ares_socket_t fd, const struct sockaddr *sa, ares_socklen_t n, void *arg)
{
	(void)arg;
	return connect(fd, sa, n);
}

static ares_ssize_t
do_receive(ares_socket_t fd, void *buf, size_t n, int flags,
    struct sockaddr *sa, ares_socklen_t *len, void *arg)
{
	(void)arg;
	return recvfrom(fd, buf, n, flags, sa, len);
}

static ares_ssize_t
do_send(ares_socket_t fd, const struct iovec *iov, int n, void *arg)
{
	(void)arg;
	return writev(fd, iov, n);
}

static const struct ares_socket_functions functions = { open_socket,
	close_socket, do_connect, do_receive, do_send };

static void
wait_once(ares_channel ch, v6d_ns until)
{
	ares_socket_t fds[ARES_GETSOCK_MAXNUM];
	struct pollfd p[ARES_GETSOCK_MAXNUM];
	int bits = ares_getsock(ch, fds, ARES_GETSOCK_MAXNUM);
	v6d_ns now = v6d_clock_now();
	unsigned n = 0;
	int ms = until > now ? (int)((until - now) / V6D_MS(1)) + 1 : 0;

	for (int i = 0; i < ARES_GETSOCK_MAXNUM; i++) {
		short ev = 0;

		if (ARES_GETSOCK_READABLE(bits, i))
			ev |= POLLIN;
		if (ARES_GETSOCK_WRITABLE(bits, i))
			ev |= POLLOUT;
		if (ev)
			p[n++] = (struct pollfd){ .fd = fds[i], .events = ev };
	}
	if (ms > 100)
		ms = 100; /* c-ares has its own timers to look at */
	poll(p, n, ms);
	for (unsigned i = 0; i < n; i++)
		ares_process_fd(ch,
		    p[i].revents & (POLLIN | POLLERR | POLLHUP)
			? p[i].fd
			: ARES_SOCKET_BAD,
		    p[i].revents & POLLOUT ? p[i].fd : ARES_SOCKET_BAD);
	ares_process_fd(ch, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

/* RFC 6761 6.3: "localhost" is the loopback, hosts file or not. */
static bool
is_localhost(const char *name, int family, struct v6d_addr *ret)
{
	return strcasecmp(name, "localhost") == 0 &&
	       v6d_addr_parse(family == 4 ? "127.0.0.1" : "::1", ret);
}

int
v6d_resolver_lookup(
    int ns_fd, const char *name, int family, v6d_ns until, struct v6d_addr *ret)
{
	struct ares_options opt = { .timeout = TRY_MS, .tries = TRIES };
	struct lookup l = { .family = family };
	ares_channel ch;
	int status;

	if (is_localhost(name, family, ret))
		return 0;
	status =
	    ares_init_options(&ch, &opt, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES);
	if (status != ARES_SUCCESS)
		return from_ares(status);
	ares_set_socket_functions(ch, &functions, &ns_fd);
	ares_gethostbyname(
	    ch, name, family == 4 ? AF_INET : AF_INET6, got_host, &l);
	while (!l.over && v6d_clock_now() < until)
		wait_once(ch, until);
	if (!l.over)
		ares_cancel(ch);
	ares_destroy(ch);
	if (l.err == 0)
		*ret = l.addr;
	return l.err;
}
