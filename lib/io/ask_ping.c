/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ask_ping.c - ICMP and ICMPv6 echoes of chosen sizes, sent back to back, and
 * the errors about them (RFC 792, RFC 4443).
 */
#include "io/ask_impl.h"

#include <errno.h>
#include <linux/icmp.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/cksum.h"
#include "base/wire.h"
#include "io/clock.h"
#include "io/dial.h"
#include "io/pieces.h"
#include "proto/icmp.h"

#define ECHO_HEADER 8
#define IP4_HEADER 20
#define IP6_HEADER 40
#define PACKET_MAX 65535
#define PIECE_MIN 128 /* bytes: room for some data in each */

struct ping {
	bool dgram; /* a ping socket: the kernel chooses the identifier */
	uint16_t id;
	int pieces_fd; /* IPv6 in fragments: sends them; -1: whole */
	struct v6d_addr src; /* of those */
	struct sockaddr_storage to;
	socklen_t to_len;
	v6d_ns sent_at[V6D_ASK_FRAMES];
	uint8_t hops; /* hop limit that the socket has now, 0: as made */
	uint8_t buf[PACKET_MAX];
};

static uint8_t
pattern(size_t i)
{
	return (uint8_t)(i * 7 + (i >> 8));
}

static size_t
ip_header(const struct v6d_job *j)
{
	return j->ask.addr.family == 6 ? IP6_HEADER : IP4_HEADER;
}

/* The ICMPv6 checksum is the kernel's; for ICMP on a raw socket it is ours. */
static size_t
make_echo(const struct v6d_job *j, unsigned i)
{
	struct ping *x = j->x;
	struct v6d_out o = v6d_out_to(x->buf, sizeof(x->buf));
	size_t len = j->ask.frames[i].outer_len;
	size_t min = ip_header(j) + ECHO_HEADER;

	len = len < min ? ECHO_HEADER : len - ip_header(j);
	v6d_out_u8(
	    &o, j->ask.addr.family == 6 ? V6D_ICMP6_ECHO : V6D_ICMP_ECHO);
	v6d_out_u8(&o, 0);
	v6d_out_be16(&o, 0);
	v6d_out_be16(&o, x->id);
	v6d_out_be16(&o, (uint16_t)i);
	for (size_t k = ECHO_HEADER; k < len; k++)
		v6d_out_u8(&o, pattern(k));
	if (j->ask.addr.family != 6)
		v6d_out_patch16(
		    &o, 2, v6d_cksum_fold(v6d_cksum_add(0, o.p, o.len)));
	return o.len;
}

/* -1 is the kernel's own, as when the socket was made. */
static void
set_hops(struct v6d_job *j, uint8_t hops)
{
	struct ping *x = j->x;
	int v = hops ? hops : -1;

	if (x->hops == hops)
		return;
	x->hops = hops;
	if (j->ask.addr.family == 6)
		setsockopt(j->fd, SOL_IPV6, IPV6_UNICAST_HOPS, &v, sizeof(v));
	else
		setsockopt(j->fd, SOL_IP, IP_TTL, &v, sizeof(v));
}

/* Returns 0 or -errno. */
static int
send_one(struct v6d_job *j, size_t n, unsigned i)
{
	struct ping *x = j->x;

	set_hops(j, j->ask.frames[i].hops);
	if (x->pieces_fd >= 0)
		return v6d_pieces_send(x->pieces_fd,
		    (const struct sockaddr *)&x->to, x->to_len, &x->src,
		    &j->ask.addr, x->buf, n,
		    j->ask.piece ? j->ask.piece : V6D_PIECE,
		    (uint32_t)x->id << 16 | i);
	return send(j->fd, x->buf, n, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

static void
send_echoes(struct v6d_job *j, unsigned first, unsigned end)
{
	struct ping *x = j->x;

	for (unsigned i = first; i < end; i++) {
		struct v6d_answer_frame *f = &j->answer.frames[i];
		size_t n = make_echo(j, i);
		int r;

		x->sent_at[i] = v6d_clock_now();
		r = send_one(j, n, i);
		/* An error about an earlier echo is handed out here, once. */
		if (r < 0 && r != -EMSGSIZE && r != -EAGAIN)
			r = send_one(j, n, i);
		f->sent = r == 0;
		if (r == 0)
			v6d_job_sent(j, 1, j->ask.frames[i].outer_len);
		if (r < 0 && j->answer.err == 0)
			j->answer.err = -r;
	}
}

static uint16_t
be16(const uint8_t *p)
{
	return (uint16_t)((unsigned)p[0] << 8 | p[1]);
}

/* p: the ICMP message. Answers that are not to our echoes are left alone. */
/* Outer bytes of what came: a reply with an acknowledgment is longer. */
static uint16_t
largest_gre(const struct v6d_job *j)
{
	const struct v6d_view *v = NULL;

	if (j->ask.ns == V6D_NS_TUNNEL && j->asker->conf.dial)
		v = v6d_dial_view(j->asker->conf.dial);
	return v ? v->gre[V6D_DIR_IN].largest : 0;
}

static void
take_reply(
    struct v6d_job *j, const uint8_t *p, size_t n, uint16_t piece, v6d_ns now)
{
	struct ping *x = j->x;
	struct v6d_answer_frame *f;
	uint8_t type = j->ask.addr.family == 6 ? V6D_ICMP6_ECHO_REPLY
					       : V6D_ICMP_ECHO_REPLY;
	unsigned i;

	if (n < ECHO_HEADER || p[0] != type)
		return;
	i = be16(p + 6);
	if ((!x->dgram && be16(p + 4) != x->id) || i >= j->ask.n_frames)
		return;
	f = &j->answer.frames[i];
	if (f->answered)
		return;
	f->answered = true;
	f->len = (uint16_t)(n + ip_header(j));
	f->rtt = now - x->sent_at[i];
	f->piece = piece;
	for (size_t k = ECHO_HEADER; k < n; k++)
		f->changed |= p[k] != pattern(k);
	j->answer.in_largest = largest_gre(j);
}

/* One packet; the size of its largest fragment, where it had any. */
static ssize_t
receive(struct v6d_job *j, uint16_t *ret_piece)
{
	struct ping *x = j->x;
	struct iovec v = { x->buf, sizeof(x->buf) };
	union {
		char room[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	struct msghdr m = { .msg_iov = &v,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(j->fd, &m, MSG_DONTWAIT);
	int size;

	*ret_piece = 0;
	if (n < 0)
		return n;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
		if (c->cmsg_level == SOL_IPV6 &&
		    c->cmsg_type == IPV6_RECVFRAGSIZE) {
			memcpy(&size, CMSG_DATA(c), sizeof(size));
			*ret_piece = (uint16_t)size;
		}
	return n;
}

static void
read_replies(struct v6d_job *j)
{
	struct ping *x = j->x;
	v6d_ns now = v6d_clock_now();
	uint16_t piece;
	size_t skip;
	ssize_t n;

	for (;;) {
		n = receive(j, &piece);
		if (n < 0 && errno == EAGAIN)
			return;
		if (n < 0) /* a pending error; its details are in the queue */
			continue;
		skip = 0;
		if (j->ask.addr.family != 6 && !x->dgram && n > 0)
			skip = (size_t)(x->buf[0] & 15) * 4;
		if ((size_t)n >= skip)
			take_reply(
			    j, x->buf + skip, (size_t)n - skip, piece, now);
	}
}

static void
read_errors(struct v6d_job *j)
{
	struct ping *x = j->x;
	struct v6d_sock_error e;
	unsigned i;

	while (v6d_sock_error_next(j->fd, &e)) {
		if (e.local || e.len < ECHO_HEADER)
			continue;
		i = be16(e.quote + 6);
		if ((!x->dgram && be16(e.quote + 4) != x->id) ||
		    i >= j->ask.n_frames)
			continue;
		j->answer.frames[i].error =
		    (uint16_t)((unsigned)e.type << 8 | e.code);
		j->answer.frames[i].error_from = e.from;
		j->answer.frames[i].error_mtu = e.mtu;
	}
}

static void
readable(uv_poll_t *h, int status, int events)
{
	struct v6d_job *j = h->data;

	(void)events;
	read_errors(j);
	read_replies(j);
	v6d_frames_check(j);
	/* libuv stops watching at an error; the others are still to come. */
	if (status < 0 && !j->over)
		uv_poll_start(h, UV_READABLE, readable);
}

/* Echo replies only; everything else would fill the socket's buffer. */
static void
filter(int fd, int family)
{
	struct icmp6_filter f6;
	struct icmp_filter f4 = { .data = ~(1u << V6D_ICMP_ECHO_REPLY) };

	if (family == AF_INET6) {
		ICMP6_FILTER_SETBLOCKALL(&f6);
		ICMP6_FILTER_SETPASS(V6D_ICMP6_ECHO_REPLY, &f6);
		setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &f6, sizeof(f6));
		return;
	}
	setsockopt(fd, SOL_RAW, ICMP_FILTER, &f4, sizeof(f4));
}

static void
set(int fd, int level, int name, int v)
{
	setsockopt(fd, level, name, &v, sizeof(v));
}

/* IPv6 that is not to go whole is cut by ourselves: see pieces.h. */
static void
dont_fragment(int fd, int family, bool df)
{
	if (family == AF_INET6) {
		set(fd, SOL_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_PROBE);
		set(fd, SOL_IPV6, IPV6_DONTFRAG, 1);
		set(fd, SOL_IPV6, IPV6_RECVFRAGSIZE, 1);
	} else {
		set(fd, SOL_IP, IP_MTU_DISCOVER,
		    df ? IP_PMTUDISC_PROBE : IP_PMTUDISC_DONT);
	}
}

/* A raw socket, or where that is not allowed a ping socket. */
static int
open_socket(struct v6d_job *j, int family)
{
	struct ping *x = j->x;
	int proto = family == AF_INET6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
	int r =
	    v6d_netns_socket(v6d_job_ns(j), family, SOCK_RAW, proto, &j->fd);

	if (r == -EPERM || r == -EACCES) {
		x->dgram = true;
		r = v6d_netns_socket(
		    v6d_job_ns(j), family, SOCK_DGRAM, proto, &j->fd);
		if (r < 0)
			r = -EPERM;
	}
	return r;
}

/* Fragments need a socket that takes whole packets, and our own address. */
static int
open_pieces(struct v6d_job *j)
{
	struct ping *x = j->x;
	struct sockaddr_in6 me;
	socklen_t n = sizeof(me);

	if (x->dgram)
		return -EPERM;
	if (getsockname(j->fd, (struct sockaddr *)&me, &n) < 0)
		return -errno;
	x->src = v6d_addr_6(me.sin6_addr.s6_addr);
	return v6d_netns_socket(
	    v6d_job_ns(j), AF_INET6, SOCK_RAW, IPPROTO_RAW, &x->pieces_fd);
}

static void
closed(struct v6d_job *j)
{
	struct ping *x = j->x;

	if (x && x->pieces_fd >= 0)
		close(x->pieces_fd);
}

static void
set_up(struct v6d_job *j)
{
	const struct ping *x = j->x;
	int family = x->to.ss_family, room = 1 << 20;

	if (!x->dgram)
		filter(j->fd, family);
	dont_fragment(j->fd, family, j->ask.df);
	v6d_sock_error_want(j->fd, family);
	setsockopt(j->fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	setsockopt(j->fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
}

int
v6d_ask_ping_start(struct v6d_job *j)
{
	struct ping *x = calloc(1, sizeof(*x));
	int r;

	if (!x)
		return -ENOMEM;
	j->x = x;
	j->on_close = closed;
	x->pieces_fd = -1;
	x->to_len = v6d_job_sockaddr(j, 0, &x->to);
	if (getrandom(&x->id, sizeof(x->id), 0) != sizeof(x->id))
		return -EIO;
	r = open_socket(j, x->to.ss_family);
	if (r < 0)
		return r;
	set_up(j);
	if (connect(j->fd, (struct sockaddr *)&x->to, x->to_len) < 0) {
		v6d_job_failed(j, errno); /* no route: the host's own answer */
		return 0;
	}
	if (x->to.ss_family == AF_INET6 && !j->ask.df)
		r = open_pieces(j);
	if (j->ask.piece &&
	    (j->ask.piece < PIECE_MIN || j->ask.piece > V6D_PIECE))
		r = -EINVAL;
	if (r == 0)
		r = v6d_job_watch(j, j->fd, UV_READABLE, readable);
	if (r == 0)
		v6d_frames_start(j, send_echoes);
	return r;
}
