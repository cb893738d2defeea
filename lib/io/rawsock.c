/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rawsock.c - raw IPv4 sockets for GRE, and ICMP errors about it. */
#include "io/rawsock.h"

#include <errno.h>
#include <time.h>
#include <linux/errqueue.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/wire.h"
#include "io/clock.h"
#include "io/netns.h"

#define RCVBUF (4 * 1024 * 1024) /* bytes; a burst must not be lost here */
#define SNDBUF (1024 * 1024) /* bytes; several batches */

static struct sockaddr_in
to_sockaddr(const struct v6d_addr *a)
{
	struct sockaddr_in s = { .sin_family = AF_INET };

	memcpy(&s.sin_addr, a->b, 4);
	return s;
}

static int
set_int(int fd, int level, int name, int value)
{
	return setsockopt(fd, level, name, &value, sizeof(value)) < 0 ? -errno
								      : 0;
}

/* To force a size needs net admin in the first user namespace. */
static void
set_buffers(int fd)
{
	if (set_int(fd, SOL_SOCKET, SO_RCVBUFFORCE, RCVBUF) < 0)
		set_int(fd, SOL_SOCKET, SO_RCVBUF, RCVBUF);
	if (set_int(fd, SOL_SOCKET, SO_SNDBUFFORCE, SNDBUF) < 0)
		set_int(fd, SOL_SOCKET, SO_SNDBUF, SNDBUF);
}

/* Every raw socket gets a copy of each packet; two of ours want none. */
static int
receive_nothing(int fd)
{
	struct sock_filter drop = { BPF_RET | BPF_K, 0, 0, 0 };
	struct sock_fprog prog = { 1, &drop };

	return setsockopt(
		   fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog)) < 0
		   ? -errno
		   : 0;
}

static int
open_sender(int ns_fd, int discover, int *ret_fd)
{
	int fd,
	    err = v6d_netns_socket(ns_fd, AF_INET, SOCK_RAW, IPPROTO_GRE, &fd);

	if (err < 0)
		return err;
	err = receive_nothing(fd);
	if (err == 0)
		err = set_int(fd, IPPROTO_IP, IP_MTU_DISCOVER, discover);
	if (err < 0) {
		close(fd);
		return err;
	}
	*ret_fd = fd;
	return 0;
}

static int
open_main(int ns_fd, const struct v6d_addr *peer, int discover, int *ret_fd)
{
	int fd,
	    err = v6d_netns_socket(ns_fd, AF_INET, SOCK_RAW, IPPROTO_GRE, &fd);

	if (err < 0)
		return err;
	set_buffers(fd);
	err = set_int(fd, IPPROTO_IP, IP_MTU_DISCOVER, discover);
	if (err == 0)
		err = set_int(fd, IPPROTO_IP, IP_RECVERR, 1);
	if (err == 0 && peer) {
		struct sockaddr_in s = to_sockaddr(peer);

		if (connect(fd, (struct sockaddr *)&s, sizeof(s)) < 0)
			err = -errno;
	}
	if (err < 0) {
		close(fd);
		return err;
	}
	*ret_fd = fd;
	return 0;
}

int
v6d_raw_open(int ns_fd, const struct v6d_addr *peer, enum v6d_raw_use use,
    struct v6d_raw *ret)
{
	struct v6d_raw r = { -1, -1, -1, -1 };
	bool probes = use == V6D_RAW_PROBES;
	int err = open_main(
	    ns_fd, peer, probes ? IP_PMTUDISC_PROBE : IP_PMTUDISC_WANT, &r.fd);

	if (err == 0 && !probes)
		r.path_fd = r.fd;
	if (err == 0 && probes)
		r.whole_fd = r.fd;
	if (err == 0 && probes)
		err = open_sender(ns_fd, IP_PMTUDISC_DONT, &r.plain_fd);
	if (err == 0 && probes)
		err = open_sender(ns_fd, IP_PMTUDISC_WANT, &r.path_fd);
	if (err < 0) {
		v6d_raw_close(&r);
		return err;
	}
	*ret = r;
	return 0;
}

static void
close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

int
v6d_raw_examine(int ns_fd, struct v6d_raw *r, bool on)
{
	int err = 0;

	if (r->path_fd != r->fd || on == (r->whole_fd >= 0))
		return 0;
	if (on)
		err = open_sender(ns_fd, IP_PMTUDISC_PROBE, &r->whole_fd);
	if (on && err == 0)
		err = open_sender(ns_fd, IP_PMTUDISC_DONT, &r->plain_fd);
	if (on && err == 0)
		return 0;
	close_one(&r->whole_fd);
	close_one(&r->plain_fd);
	return err;
}

void
v6d_raw_close(struct v6d_raw *r)
{
	int *fds[] = { &r->fd, &r->whole_fd, &r->plain_fd, &r->path_fd };

	if (r->path_fd == r->fd)
		r->path_fd = -1;
	if (r->whole_fd == r->fd)
		r->whole_fd = -1;
	for (size_t i = 0; i < V6D_ARRAY_LEN(fds); i++)
		close_one(fds[i]);
}

static int
socket_for(const struct v6d_raw *r, enum v6d_raw_df df)
{
	switch (df) {
	case V6D_RAW_DF_PATH:
		return r->path_fd;
	case V6D_RAW_DF_OFF:
		return r->plain_fd;
	case V6D_RAW_DF_ON:
		return r->whole_fd;
	}
	return r->fd;
}

int
v6d_raw_send(struct v6d_raw *r, const struct v6d_addr *dst, const uint8_t *gre,
    size_t len, enum v6d_raw_df df)
{
	struct sockaddr_in to = to_sockaddr(dst);
	int fd = socket_for(r, df);
	ssize_t n = -1;

	/*
	 * An ICMP error that came in makes the next call fail with its
	 * errno, once, and nothing is sent. Only what fails twice is about
	 * this packet.
	 */
	for (int i = 0; i < 2 && n < 0; i++) {
		n = sendto(fd, gre, len, MSG_DONTWAIT, (struct sockaddr *)&to,
		    sizeof(to));
		if (n < 0 && (errno == EAGAIN || errno == ENOBUFS))
			return -EAGAIN;
	}
	return n < 0 ? -errno : 0;
}

/* IPv4 header length and addresses; raw sockets deliver the header too. */
static bool
read_packet(uint8_t *p, size_t n, struct v6d_raw_packet *ret)
{
	size_t hl;

	if (n < 20 || p[0] >> 4 != 4)
		return false;
	hl = (size_t)(p[0] & 15) * 4;
	if (hl < 20 || n < hl)
		return false;
	ret->ip = p;
	ret->len = n;
	ret->gre = p + hl;
	ret->gre_len = n - hl;
	ret->src = v6d_addr_4(p + 12);
	return true;
}

/* Once: the kernel changes no more than lengths and flags. */
static void
lay_out(struct v6d_raw_inbox *b)
{
	for (unsigned i = 0; i < V6D_RAW_BATCH; i++) {
		b->iov[i] = (struct iovec){ b->buf[i], V6D_RAW_FRAME };
		b->msg[i].msg_hdr =
		    (struct msghdr){ .msg_iov = &b->iov[i], .msg_iovlen = 1 };
	}
	b->laid_out = true;
}

static int
receive_batch(int fd, struct v6d_raw_inbox *b, unsigned max)
{
	unsigned want = max < V6D_RAW_BATCH ? max : V6D_RAW_BATCH;
	int n;

	if (!b->laid_out)
		lay_out(b);
	n = recvmmsg(fd, b->msg, want, MSG_DONTWAIT, NULL);
	if (n < 0 && errno != EAGAIN) /* a pending ICMP error: see send */
		n = recvmmsg(fd, b->msg, want, MSG_DONTWAIT, NULL);
	return n < 0 ? -errno : n;
}

int
v6d_raw_receive(struct v6d_raw *r, struct v6d_raw_inbox *in, unsigned max,
    void (*fn)(void *arg, const struct v6d_raw_packet *p), void *arg)
{
	v6d_ns now;
	int n;

	n = receive_batch(r->fd, in, max);
	if (n < 0)
		return n == -EAGAIN ? 0 : n;
	now = v6d_clock_now();
	for (int i = 0; i < n; i++) {
		struct v6d_raw_packet p = { .at = now };

		if (!(in->msg[i].msg_hdr.msg_flags & MSG_TRUNC) &&
		    read_packet(in->buf[i], in->msg[i].msg_len, &p))
			fn(arg, &p);
	}
	return n;
}

/* What the kernel tells about one error: type, code, MTU, router. */
static void
read_extended(const struct cmsghdr *c, struct v6d_raw_icmp *e)
{
	struct sock_extended_err x;
	struct sockaddr_in from;

	if (c->cmsg_len < CMSG_LEN(sizeof(x)))
		return;
	memcpy(&x, CMSG_DATA(c), sizeof(x));
	e->err = (int)x.ee_errno;
	e->local = x.ee_origin != SO_EE_ORIGIN_ICMP;
	e->mtu = x.ee_errno == EMSGSIZE ? x.ee_info : 0;
	if (e->local)
		return;
	e->type = x.ee_type;
	e->code = x.ee_code;
	if (c->cmsg_len < CMSG_LEN(sizeof(x) + sizeof(from)))
		return;
	memcpy(&from, CMSG_DATA(c) + sizeof(x), sizeof(from));
	if (from.sin_family == AF_INET)
		e->from = v6d_addr_4((const uint8_t *)&from.sin_addr);
}

/* Total length of the IPv4 packet that a quoted GRE header belongs to. */
static uint16_t
quoted_len(const uint8_t *p, size_t n)
{
	unsigned len = 20;

	if (n < 8 || p[2] != 0x88 || p[3] != 0x0b)
		return 0;
	len += 8 + (p[0] & 0x10 ? 4u : 0) + (p[1] & 0x80 ? 4u : 0);
	len += (unsigned)p[4] << 8 | p[5];
	return len > UINT16_MAX ? 0 : (uint16_t)len;
}

static bool
is_raw(int fd)
{
	int type = 0;
	socklen_t n = sizeof(type);

	return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &n) == 0 &&
	       type == SOCK_RAW;
}

int
v6d_raw_icmp(int fd, struct v6d_raw_icmp *ret)
{
	struct v6d_raw_icmp e = { 0 };
	struct sockaddr_in dst = { 0 };
	uint8_t quote[512];
	_Alignas(struct cmsghdr) uint8_t control[256];
	struct iovec iov = { quote, sizeof(quote) };
	struct msghdr m = { .msg_name = &dst,
		.msg_namelen = sizeof(dst),
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(fd, &m, MSG_ERRQUEUE | MSG_DONTWAIT);

	if (n < 0)
		return errno == EAGAIN ? 0 : -errno;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR)
			read_extended(c, &e);
	if (m.msg_namelen >= sizeof(dst) && dst.sin_family == AF_INET)
		e.dst = v6d_addr_4((const uint8_t *)&dst.sin_addr);
	if (is_raw(fd)) { /* the quote starts behind the IP header */
		e.len =
		    (size_t)n < sizeof(e.quote) ? (size_t)n : sizeof(e.quote);
		memcpy(e.quote, quote, e.len);
		e.outer_len = quoted_len(quote, (size_t)n);
	}
	*ret = e;
	return 1;
}
