/* SPDX-License-Identifier: GPL-2.0-or-later */
/* watch.c - what carries a tunnel, by a packet socket (packet(7)). */
#include "io/watch.h"

#include <errno.h>
#include <ifaddrs.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/clock.h"
#include "io/netns.h"
#include "io/packetsock.h"

#define SNAP 2048 /* bytes: a packet of any usual line */
#define BUFFER (4 << 20) /* bytes: a transfer at full speed goes by */
#define BATCH 1024 /* packets before other descriptors get a turn */

struct v6d_watch {
	int fd;
	uv_poll_t poll;
	struct v6d_flow *flow;
};

struct search {
	const struct v6d_addr *addr;
	unsigned index;
};

static int
find_interface(void *arg)
{
	struct search *s = arg;
	struct ifaddrs *list;
	struct sockaddr_in in;

	if (getifaddrs(&list) < 0)
		return -errno;
	for (const struct ifaddrs *i = list; i; i = i->ifa_next) {
		if (!i->ifa_addr || i->ifa_addr->sa_family != AF_INET)
			continue;
		memcpy(&in, i->ifa_addr, sizeof(in));
		if (memcmp(&in.sin_addr, s->addr->b, 4) == 0)
			s->index = if_nametoindex(i->ifa_name);
	}
	freeifaddrs(list);
	return s->index ? 0 : -ENODEV;
}

/* One interface only: on several, each packet would be seen twice. */
static int
open_socket(int ns_fd, const struct v6d_addr *client,
    const struct v6d_addr *server, int *ret_fd)
{
	struct search s = { .addr = client };
	int err = v6d_netns_run(ns_fd, find_interface, &s);

	if (err < 0)
		return err;
	return v6d_packetsock_open(ns_fd,
	    &(struct v6d_packetsock){ .server = server,
		.all = true,
		.snap = SNAP,
		.ifindex = s.index,
		.buffer = BUFFER },
	    ret_fd);
}

void
v6d_watch_read(struct v6d_watch *w)
{
	uint8_t p[SNAP];
	ssize_t n;

	for (unsigned i = 0; i < BATCH; i++) {
		size_t len;

		n = recv(w->fd, p, sizeof(p), MSG_DONTWAIT | MSG_TRUNC);
		if (n <= 0)
			return;
		len = (size_t)n;

		v6d_flow_packet(w->flow, V6D_LINK_RAW, p,
		    len < sizeof(p) ? len : sizeof(p), len, v6d_clock_now());
	}
}

bool
v6d_watch_missed(const struct v6d_watch *w)
{
	struct tpacket_stats s = { 0 };
	socklen_t n = sizeof(s);

	return getsockopt(w->fd, SOL_PACKET, PACKET_STATISTICS, &s, &n) < 0 ||
	       s.tp_drops > 0;
}

static void
on_packets(uv_poll_t *h, int status, int events)
{
	(void)status;
	(void)events;
	v6d_watch_read(h->data);
}

static void
closed(uv_handle_t *h)
{
	free(h->data);
}

int
v6d_watch_new(uv_loop_t *loop, int ns_fd, const struct v6d_addr *client,
    uint16_t client_port, const struct v6d_addr *server, struct v6d_flow *flow,
    struct v6d_watch **ret)
{
	struct v6d_watch *w = calloc(1, sizeof(*w));
	int err;

	if (!w)
		return -ENOMEM;
	w->flow = flow;
	err = open_socket(ns_fd, client, server, &w->fd);
	if (err < 0) {
		free(w);
		return err;
	}
	err = uv_poll_init(loop, &w->poll, w->fd);
	if (err == 0 && !v6d_flow_midway(
			    flow, client, client_port, server, v6d_clock_now()))
		err = -ENOSPC;
	if (err < 0) {
		close(w->fd);
		free(w);
		return err;
	}
	w->poll.data = w;
	uv_poll_start(&w->poll, UV_READABLE, on_packets);
	*ret = w;
	return 0;
}

void
v6d_watch_free(struct v6d_watch *w)
{
	if (!w)
		return;
	uv_close((uv_handle_t *)&w->poll, closed);
	close(w->fd);
}
