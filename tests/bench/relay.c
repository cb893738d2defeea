/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * relay.c - IPv6 between a TUN device and GRE with nothing else: no control
 * connection, no PPP, no timers. What is left of the tunnel when all that the
 * kernel charges for is kept: the same offloads, batches and raw socket.
 *
 * relay INTERFACE PEER     the interface exists, and is for offloads
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "proto/coalesce.h"
#include "proto/segment.h"

#define BATCH 64
#define FRAME 2048
#define HEADER 16 /* GRE with a number, and PPP's header */
#define BUFFER (4 * 1024 * 1024)

struct batch {
	struct mmsghdr msg[BATCH];
	struct iovec iov[BATCH];
	uint8_t buf[BATCH][FRAME];
};

static struct batch in, out;
static unsigned n_out;
static uint32_t seq;
static uint8_t big[V6D_VNET_HEADER + 65535];

static int
open_tun(const char *name)
{
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
	struct ifreq r = { .ifr_flags = IFF_TUN | IFF_NO_PI | IFF_VNET_HDR };

	snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", name);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &r) < 0 ||
	    ioctl(fd, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6) < 0)
		return -1;
	return fd;
}

static int
open_gre(const char *peer)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_RAW, IPPROTO_GRE), size = BUFFER;

	if (fd < 0 || inet_pton(AF_INET, peer, &a.sin_addr) != 1 ||
	    connect(fd, (struct sockaddr *)&a, sizeof(a)) < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size));
	return fd;
}

static void
send_all(int gre)
{
	unsigned sent = 0;

	while (sent < n_out) {
		struct pollfd p = { gre, POLLOUT, 0 };
		int n = sendmmsg(gre, out.msg + sent, n_out - sent, 0);

		if (n > 0)
			sent += (unsigned)n;
		else
			poll(&p, 1, 1);
	}
	n_out = 0;
}

static void
wrap(uint8_t *p, size_t n)
{
	const uint8_t head[HEADER] = { 0x30, 1, 0x88, 0x0b,
		(uint8_t)((n + 4) >> 8), (uint8_t)(n + 4), 0, 7,
		(uint8_t)(seq >> 24), (uint8_t)(seq >> 16), (uint8_t)(seq >> 8),
		(uint8_t)seq, 0xff, 3, 0, 0x57 };

	seq++;
	memcpy(p, head, sizeof(head));
}

static bool
from_tun(int tun, int gre)
{
	ssize_t len = read(tun, big, sizeof(big));
	struct v6d_wire w;
	struct v6d_vnet how;
	struct v6d_segment s;

	if (len <= 0)
		return false;
	w = v6d_wire_from(big, (size_t)len, (size_t)len);
	if (v6d_vnet_decode(&w, &how) != V6D_WIRE_OK ||
	    !v6d_segment_start(&s, &how, w.p, v6d_wire_left(&w)))
		return true;
	while (!s.over) {
		uint8_t *p = out.buf[n_out];
		size_t n = v6d_segment_next(&s, p + HEADER, FRAME - HEADER);

		if (n == 0)
			break;
		wrap(p, n);
		out.iov[n_out].iov_len = HEADER + n;
		if (++n_out == BATCH)
			send_all(gre);
	}
	send_all(gre);
	return true;
}

static void
write_joined(int tun, struct v6d_coalesce *c)
{
	for (unsigned i = 0; i < c->n_groups; i++) {
		struct v6d_joined j;
		uint8_t head[V6D_VNET_HEADER];
		struct v6d_out o = v6d_out_to(head, sizeof(head));
		struct iovec iov[1 + V6D_ARRAY_LEN(j.piece)];

		v6d_coalesce_get(c, i, &j);
		v6d_vnet_encode(&o, &j.how);
		iov[0] = (struct iovec){ head, sizeof(head) };
		for (unsigned k = 0; k < j.n_pieces; k++)
			iov[k + 1] =
			    (struct iovec){ (void *)(uintptr_t)j.piece[k].p,
				    j.piece[k].len };
		if (writev(tun, iov, (int)j.n_pieces + 1) < 0)
			perror("relay");
	}
	v6d_coalesce_init(c);
}

/* IPv4 20, GRE with a number 12, PPP 4. */
static bool
from_gre(int gre, int tun)
{
	static struct v6d_coalesce c;
	int n = recvmmsg(gre, in.msg, BATCH, MSG_DONTWAIT, NULL);

	for (int i = 0; i < n; i++)
		if (in.msg[i].msg_len > 20 + HEADER)
			v6d_coalesce_add(&c, in.buf[i] + 20 + HEADER,
			    in.msg[i].msg_len - 20 - HEADER);
	write_joined(tun, &c);
	return n > 0;
}

static void
point(struct batch *b)
{
	for (unsigned i = 0; i < BATCH; i++) {
		b->iov[i] = (struct iovec){ b->buf[i], FRAME };
		b->msg[i].msg_hdr.msg_iov = &b->iov[i];
		b->msg[i].msg_hdr.msg_iovlen = 1;
	}
}

int
main(int argc, char **argv)
{
	struct pollfd p[2] = { { .events = POLLIN }, { .events = POLLIN } };

	if (argc != 3)
		return 64;
	p[0].fd = open_tun(argv[1]);
	p[1].fd = open_gre(argv[2]);
	if (p[0].fd < 0 || p[1].fd < 0) {
		perror("relay");
		return 69;
	}
	point(&in);
	point(&out);
	puts("ready");
	fflush(stdout);
	for (;;) {
		bool some = from_tun(p[0].fd, p[1].fd);

		if (!from_gre(p[1].fd, p[0].fd) && !some)
			poll(p, 2, -1);
	}
}
