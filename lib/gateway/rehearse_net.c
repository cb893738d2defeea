/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rehearse_net.c - sockets of a rehearsal: ears, the outside, a web client. */
#include "gateway/rehearse_impl.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/clock.h"
#include "io/netlink.h"
#include "io/netns.h"

int
v6d_rehearse_ear(int ns, const char *ifname)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL) };
	int fd, err = v6d_netlink_ifindex(ns, ifname, &at.sll_ifindex);

	/* Of both ways: a tunnel's outgoing packets are looked at too. */
	if (err == 0)
		err = v6d_netns_socket(
		    ns, AF_PACKET, SOCK_DGRAM, htons(ETH_P_ALL), &fd);
	if (err < 0)
		return err;
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0) {
		err = -errno;
		close(fd);
		return err;
	}
	return fd;
}

static bool
wait_for(int fd, short events, v6d_ns until)
{
	struct pollfd p = { fd, events, 0 };
	v6d_ns now = v6d_clock_now();
	int ms = now < until ? (int)((until - now) / V6D_MS(1)) + 1 : 0;

	return poll(&p, 1, ms) > 0;
}

size_t
v6d_rehearse_hear(int ear, uint8_t *buf, size_t n, v6d_ns until)
{
	while (wait_for(ear, POLLIN, until)) {
		ssize_t len = recv(ear, buf, n, MSG_DONTWAIT);

		if (len > 40 && buf[0] >> 4 == 6)
			return (size_t)len;
		if (len < 0 && errno != EAGAIN)
			break;
	}
	return 0;
}

void
v6d_rehearse_drain(int ear)
{
	uint8_t buf[64];

	while (recv(ear, buf, sizeof(buf), MSG_DONTWAIT) >= 0)
		continue;
}

/* The destination stands in the packet (RFC 8200 3, from byte 24). */
int
v6d_rehearse_outside(struct v6d_rehearsal *r, const uint8_t *packet, size_t n)
{
	struct sockaddr_in6 to = { .sin6_family = AF_INET6 };

	if (r->raw < 0)
		return send(r->out[0], packet, n, 0) < 0 ? -errno : 0;
	memcpy(&to.sin6_addr, packet + 24, 16);
	return sendto(
		   r->raw, packet, n, 0, (struct sockaddr *)&to, sizeof(to)) < 0
		   ? -errno
		   : 0;
}

int
v6d_rehearse_connect(
    int ns, const struct v6d_addr *to, uint16_t port, v6d_ns until)
{
	struct sockaddr_in6 a = { .sin6_family = AF_INET6,
		.sin6_port = htons(port) };
	socklen_t n = sizeof(int);
	int fd, err = v6d_netns_socket(ns, AF_INET6, SOCK_STREAM, 0, &fd);

	if (err < 0)
		return err;
	memcpy(&a.sin6_addr, to->b, 16);
	if (connect(fd, (struct sockaddr *)&a, sizeof(a)) < 0 &&
	    errno != EINPROGRESS)
		err = -errno;
	if (err == 0 && !wait_for(fd, POLLOUT, until))
		err = -ETIMEDOUT;
	if (err == 0 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &n) == 0)
		err = -err;
	if (err == 0)
		return fd;
	close(fd);
	return err;
}

static int
send_all(int fd, const char *p, size_t n, v6d_ns until)
{
	while (n > 0) {
		ssize_t k;

		if (!wait_for(fd, POLLOUT, until))
			return -ETIMEDOUT;
		k = send(fd, p, n, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (k < 0 && errno != EAGAIN)
			return -errno;
		p += k > 0 ? k : 0;
		n -= k > 0 ? (size_t)k : 0;
	}
	return 0;
}

/* The header's end, or NULL; the answer is text up to there. */
static const char *
body_of(const char *head)
{
	const char *end = strstr(head, "\r\n\r\n");

	return end ? end + 4 : NULL;
}

long
v6d_rehearse_get(
    int fd, const char *host, const char *path, v6d_ns until, long *ret_want)
{
	char buf[16384], head[4097] = "";
	const char *body = NULL, *length;
	size_t len = 0;
	long got = 0;
	ssize_t n;
	int m = snprintf(buf, sizeof(buf),
	    "GET %s HTTP/1.0\r\nHost: %s\r\nConnection: close\r\n\r\n", path,
	    host);
	int err = send_all(fd, buf, (size_t)m, until);

	*ret_want = -1;
	while (err == 0) {
		if (!wait_for(fd, POLLIN, until))
			return got > 0 ? got : -ETIMEDOUT;
		n = recv(fd, buf, sizeof(buf), MSG_DONTWAIT);
		if (n <= 0)
			break;
		if (body) {
			got += n;
			continue;
		}
		m = (int)(sizeof(head) - 1 - len);
		m = n < m ? (int)n : m;
		memcpy(head + len, buf, (size_t)m);
		head[len += (size_t)m] = '\0';
		body = body_of(head);
		if (!body)
			continue;
		got = (long)(len - (size_t)(body - head)) + (n - m);
		length = strcasestr(head, "\r\nContent-Length:");
		if (length && length < body)
			*ret_want = strtol(length + 17, NULL, 10);
	}
	return err < 0 ? err : got;
}

int
v6d_rehearse_put(int fd, const char *host, size_t n, v6d_ns until)
{
	static const char zero[8192];
	char buf[512];
	int m = snprintf(buf, sizeof(buf),
	    "POST /upload HTTP/1.0\r\nHost: %s\r\nContent-Length: %zu\r\n"
	    "Connection: close\r\n\r\n",
	    host, n);
	int err = send_all(fd, buf, (size_t)m, until);

	while (err == 0 && n > 0) {
		size_t k = n < sizeof(zero) ? n : sizeof(zero);

		err = send_all(fd, zero, k, until);
		n -= k;
	}
	if (err < 0)
		return err;
	/* Whatever it says: it says so when it has read everything. */
	if (!wait_for(fd, POLLIN, until))
		return -ETIMEDOUT;
	return recv(fd, buf, sizeof(buf), MSG_DONTWAIT) > 12 ? 0 : -ECONNRESET;
}
