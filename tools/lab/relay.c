/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * relay.c - a bad line between two interfaces: packet sockets, a bounded
 * queue ordered by time, a timer.
 */
#include "lab/relay.h"

#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>

#include "base/wire.h"
#include "cmd.h"
#include "io/clock.h"
#include "lab/impair.h"
#include "say.h"

#define SLOTS 8192 /* frames on their way; what is over that is dropped */
#define FRAME 2048 /* room for any frame of a link with an MTU of 1500 */
#define AT_ONCE 64 /* frames taken before the timer is looked at again */
#define SOCKET_BYTES (8 << 20)

/* A frame on its way. */
struct slot {
	v6d_ns at;
	uint64_t order; /* breaks ties: who came first leaves first */
	enum v6d_way way;
	size_t n;
	uint8_t *frame;
};

struct relay {
	int fd[V6D_WAYS]; /* by the way of frames that leave there */
	int timer;
	struct v6d_impair_conf conf;
	struct v6d_impair way[V6D_WAYS];
	uint64_t order;
	struct slot *heap; /* the first to leave at 0 */
	size_t n;
	uint8_t *frames; /* SLOTS times FRAME */
	uint8_t **spare; /* those of them in no slot, n of them gone */
};

static bool
before(const struct slot *a, const struct slot *b)
{
	return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void
heap_put(struct relay *r, const struct slot *s)
{
	size_t i = r->n++;

	while (i > 0 && before(s, &r->heap[(i - 1) / 2])) {
		r->heap[i] = r->heap[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	r->heap[i] = *s;
}

static void
heap_drop_first(struct relay *r)
{
	struct slot last = r->heap[--r->n];
	size_t i = 0, child;

	while ((child = 2 * i + 1) < r->n) {
		if (child + 1 < r->n &&
		    before(&r->heap[child + 1], &r->heap[child]))
			child++;
		if (before(&last, &r->heap[child]))
			break;
		r->heap[i] = r->heap[child];
		i = child;
	}
	r->heap[i] = last;
}

static void
queue(struct relay *r, enum v6d_way way, const uint8_t *frame, size_t n,
    v6d_ns at)
{
	struct slot s = { .at = at, .way = way, .n = n };

	if (r->n == SLOTS)
		return;
	s.order = r->order++;
	s.frame = r->spare[r->n];
	memcpy(s.frame, frame, n);
	heap_put(r, &s);
}

static void
send_due(struct relay *r)
{
	v6d_ns now = v6d_clock_now();

	while (r->n > 0 && r->heap[0].at <= now) {
		struct slot s = r->heap[0];

		/* A full device drops, as a line does. */
		send(r->fd[s.way], s.frame, s.n, MSG_DONTWAIT);
		heap_drop_first(r);
		r->spare[r->n] = s.frame;
	}
}

static void
set_timer(const struct relay *r)
{
	struct itimerspec t = { 0 };

	if (r->n > 0) {
		t.it_value.tv_sec = (time_t)(r->heap[0].at / V6D_S(1));
		t.it_value.tv_nsec = (long)(r->heap[0].at % V6D_S(1));
	}
	timerfd_settime(r->timer, TFD_TIMER_ABSTIME, &t, NULL);
}

/* Takes what came in from one side. */
static void
take(struct relay *r, enum v6d_way way)
{
	int from = r->fd[way == V6D_WAY_OUT ? V6D_WAY_IN : V6D_WAY_OUT];
	uint8_t frame[FRAME];

	for (int i = 0; i < AT_ONCE; i++) {
		ssize_t n = recv(from, frame, sizeof(frame), MSG_DONTWAIT);
		struct v6d_fate f;

		if (n <= 0)
			return;
		f = v6d_impair_frame(
		    &r->way[way], frame, (size_t)n, v6d_clock_now());
		v6d_impair_flip(&f, frame, (size_t)n);
		for (unsigned k = 0; k < f.copies; k++)
			queue(r, way, frame, (size_t)n, f.at);
	}
}

static void
run(struct relay *r)
{
	struct pollfd p[] = {
		{ .fd = r->fd[V6D_WAY_IN], .events = POLLIN },
		{ .fd = r->fd[V6D_WAY_OUT], .events = POLLIN },
		{ .fd = r->timer, .events = POLLIN },
	};

	for (;;) {
		uint64_t times;

		if (poll(p, V6D_ARRAY_LEN(p), -1) < 0)
			continue;
		if (p[0].revents)
			take(r, V6D_WAY_OUT);
		if (p[1].revents)
			take(r, V6D_WAY_IN);
		if (p[2].revents && read(r->timer, &times, sizeof(times)) < 0 &&
		    errno != EAGAIN)
			return;
		send_due(r);
		set_timer(r);
	}
}

static int
failed(const char *what)
{
	return v6d_say(
	    "lab", V6D_EXIT_UNAVAILABLE, "%s: %s", what, strerror(errno));
}

/* Up, and open to frames for anybody. */
static int
raise_link(int fd, const char *name, unsigned index)
{
	struct packet_mreq all = { .mr_ifindex = (int)index,
		.mr_type = PACKET_MR_PROMISC };
	struct ifreq f = { 0 };

	snprintf(f.ifr_name, sizeof(f.ifr_name), "%s", name);
	if (ioctl(fd, SIOCGIFFLAGS, &f) != 0)
		return -1;
	f.ifr_flags |= IFF_UP;
	if (ioctl(fd, SIOCSIFFLAGS, &f) != 0)
		return -1;
	return setsockopt(
	    fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof(all));
}

static int
open_side(const char *name, int *ret_fd)
{
	struct sockaddr_ll a = { .sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL) };
	int on = 1, room = SOCKET_BYTES;

	a.sll_ifindex = (int)if_nametoindex(name);
	if (a.sll_ifindex == 0)
		return failed(name);
	/* Protocol 0: deaf until bound, so only this link is heard. */
	*ret_fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (*ret_fd < 0)
		return failed("packet socket");
	if (setsockopt(*ret_fd, SOL_SOCKET, SO_RCVBUFFORCE, &room,
		sizeof(room)) != 0 ||
	    setsockopt(*ret_fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on,
		sizeof(on)) != 0 ||
	    bind(*ret_fd, (struct sockaddr *)&a, sizeof(a)) != 0 ||
	    raise_link(*ret_fd, name, (unsigned)a.sll_ifindex) != 0)
		return failed(name);
	return V6D_EXIT_OK;
}

/* Pages of it that no frame has used yet cost nothing. */
static int
make_queue(struct relay *r)
{
	r->heap = calloc(SLOTS, sizeof(*r->heap));
	r->spare = calloc(SLOTS, sizeof(*r->spare));
	r->frames = mmap(NULL, (size_t)SLOTS * FRAME, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (!r->heap || !r->spare || r->frames == MAP_FAILED)
		return failed("memory");
	for (size_t i = 0; i < SLOTS; i++)
		r->spare[i] = r->frames + i * FRAME;
	return V6D_EXIT_OK;
}

static int
read_keys(int argc, char **argv, struct v6d_impair_conf *ret)
{
	struct v6d_impair_conf c = { .queue_ms = V6D_IMPAIR_QUEUE_MS,
		.burst_bytes = V6D_IMPAIR_BURST };

	/* Another line each time, unless a seed says which. */
	c.seed = (unsigned)v6d_clock_unix() ^ (unsigned)getpid() << 16;
	for (int i = 0; i < argc; i++) {
		const char *wrong = v6d_impair_read(argv[i], &c);

		if (wrong)
			return v6d_say("lab", V6D_EXIT_USAGE, "relay: '%s' %s",
			    argv[i], wrong);
	}
	*ret = c;
	return V6D_EXIT_OK;
}

/* --ready-fd N. Returns an exit status. */
static int
read_options(int argc, char **argv, int *ret_ready)
{
	static const struct option longs[] = {
		{ "ready-fd", required_argument, NULL, 'r' },
		{ NULL, 0, NULL, 0 },
	};
	char *end;
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, "+:", longs, NULL)) != -1) {
		if (c != 'r')
			return v6d_say_option(
			    "lab", c, argv[optind - 1], longs);
		*ret_ready = (int)strtol(optarg, &end, 10);
		if (*end || end == optarg || *ret_ready < 0)
			return v6d_say("lab", V6D_EXIT_USAGE,
			    "--ready-fd takes a number, not '%s'", optarg);
	}
	if (argc - optind >= 2)
		return V6D_EXIT_OK;
	return v6d_say("lab", V6D_EXIT_USAGE,
	    "relay needs two interfaces; \"v6doctor lab --help\" tells more");
}

int
v6d_relay_main(int argc, char **argv)
{
	struct relay r = { .fd = { -1, -1 }, .timer = -1 };
	int ready = -1, rc = read_options(argc, argv, &ready);

	if (rc == V6D_EXIT_OK)
		rc = read_keys(argc - optind - 2, argv + optind + 2, &r.conf);
	for (unsigned i = 0; i < V6D_WAYS; i++)
		v6d_impair_init(&r.way[i], &r.conf, (enum v6d_way)i);
	if (rc == V6D_EXIT_OK)
		rc = make_queue(&r);
	if (rc == V6D_EXIT_OK)
		rc = open_side(argv[optind], &r.fd[V6D_WAY_IN]);
	if (rc == V6D_EXIT_OK)
		rc = open_side(argv[optind + 1], &r.fd[V6D_WAY_OUT]);
	r.timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (rc == V6D_EXIT_OK && r.timer < 0)
		rc = failed("timer");
	if (rc != V6D_EXIT_OK)
		return rc;
	if (ready >= 0) {
		if (write(ready, "\n", 1) != 1)
			return failed("--ready-fd");
		close(ready);
	}
	run(&r);
	return failed("timer");
}
