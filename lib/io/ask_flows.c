/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ask_flows.c - how many TCP connections to one target stand side by side:
 * opened in steps, until a step stays short at its second try as well. They
 * are reset at the end (RFC 9293 3.10.7), which frees the entries of routers
 * on the way at once.
 */
#include "io/ask_impl.h"

#include <errno.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/wire.h"
#include "io/clock.h"

#define FIRST_STEP 16
#define STEP_MS 1300 /* one retransmission of a SYN (RFC 6298 2.1) and more */
#define LIVE_MS 1300
#define LOOK_MS 10
#define SPARE_FILES 64
#define EVENTS 64

struct flows {
	struct sockaddr_storage to;
	socklen_t to_len;
	unsigned max, goal; /* in all, and at the end of this step */
	unsigned n_up, n_waiting;
	unsigned before; /* up when this try began */
	bool second; /* this is the step's second try */
	v6d_ns asked_old; /* 0: not yet */
	int other; /* the connection to the second target, or -1 */
	bool full; /* this host has no more descriptors */
	int fd[]; /* up ones first, then those of this try */
};

/* A reset instead of a farewell: no entry is left in TIME_WAIT. */
static void
reset_flow(struct v6d_job *j, int *fd)
{
	struct linger at_once = { 1, 0 };

	if (*fd < 0)
		return;
	setsockopt(*fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	v6d_job_sent_tcp(j, *fd);
	close(*fd);
	*fd = -1;
}

static void
closed(struct v6d_job *j)
{
	struct flows *x = j->x;

	for (unsigned i = 0; x && i < x->max; i++)
		reset_flow(j, &x->fd[i]);
	if (x)
		reset_flow(j, &x->other);
}

static void
fill(struct v6d_job *j)
{
	const struct flows *x = j->x;

	j->answer.flows = x->n_up;
	j->answer.flows_failed = x->goal - x->n_up;
}

/* What we sent is acknowledged: the connection is alive end to end. */
static bool
is_alive(int fd)
{
	int err = 0, left = 1;
	socklen_t n = sizeof(err);

	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &n) == 0 &&
	       err == 0 && ioctl(fd, SIOCOUTQ, &left) == 0 && left == 0;
}

static void
finish(struct v6d_job *j)
{
	const struct flows *x = j->x;

	if (x->full)
		v6d_job_failed(j, EMFILE);
	else
		v6d_job_done(j);
}

static void
look_at_other(uv_timer_t *t)
{
	struct v6d_job *j = t->data;
	const struct flows *x = j->x;
	struct pollfd p = { .fd = x->other, .events = POLLOUT };
	int err = 0;
	socklen_t n = sizeof(err);

	if (poll(&p, 1, 0) > 0) {
		getsockopt(x->other, SOL_SOCKET, SO_ERROR, &err, &n);
		j->answer.other_up = err == 0 || err == ECONNREFUSED;
		finish(j);
	} else if (v6d_clock_now() - x->asked_old > V6D_MS(LIVE_MS)) {
		finish(j);
	}
}

/* A limit is met and the old ones live: does it hold for others as well? */
static bool
try_other(struct v6d_job *j)
{
	struct flows *x = j->x;
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(j->ask.port2) };

	if (j->ask.addr2.family != 4 || x->full || x->n_up == 0 ||
	    x->n_up == x->goal ||
	    v6d_netns_socket(
		v6d_job_ns(j), AF_INET, SOCK_STREAM, 0, &x->other) < 0)
		return false;
	memcpy(&to.sin_addr, j->ask.addr2.b, 4);
	if (connect(x->other, (struct sockaddr *)&to, sizeof(to)) < 0 &&
	    errno != EINPROGRESS)
		return false;
	j->answer.other_asked = true;
	x->asked_old = v6d_clock_now();
	uv_timer_start(&j->tick, look_at_other, LOOK_MS, LOOK_MS);
	return true;
}

static void
look_at_old(uv_timer_t *t)
{
	struct v6d_job *j = t->data;
	const struct flows *x = j->x;
	unsigned alive = 0;

	for (unsigned i = 0; i < j->answer.flows_asked; i++)
		alive += is_alive(x->fd[i]);
	j->answer.flows_alive = alive;
	if (alive == j->answer.flows_asked ||
	    v6d_clock_now() - x->asked_old > V6D_MS(LIVE_MS)) {
		if (!try_other(j))
			finish(j);
	}
}

/* An empty line, which servers of text protocols pass over. */
static void
ask_old(struct v6d_job *j)
{
	struct flows *x = j->x;
	unsigned n = x->n_up < V6D_ASK_OLD_FLOWS ? x->n_up : V6D_ASK_OLD_FLOWS;

	x->asked_old = v6d_clock_now();
	j->answer.flows_asked = n;
	for (unsigned i = 0; i < n; i++)
		if (send(x->fd[i], "\r\n", 2, MSG_NOSIGNAL) < 0 &&
		    j->answer.err == 0)
			j->answer.err = errno;
	uv_timer_start(&j->tick, look_at_old, LOOK_MS, LOOK_MS);
}

static void step_late(uv_timer_t *t);

/* One more of this try; 0 or -errno. */
static int
open_one(struct v6d_job *j, unsigned i)
{
	struct flows *x = j->x;
	struct epoll_event ev = { .events = EPOLLOUT };
	int r = v6d_netns_socket(
	    v6d_job_ns(j), x->to.ss_family, SOCK_STREAM, 0, &x->fd[i]);

	if (r < 0)
		return r;
	ev.data.u32 = i;
	if ((connect(x->fd[i], (struct sockaddr *)&x->to, x->to_len) < 0 &&
		errno != EINPROGRESS) ||
	    epoll_ctl(j->fd, EPOLL_CTL_ADD, x->fd[i], &ev) < 0) {
		r = -errno;
		reset_flow(j, &x->fd[i]);
		return r;
	}
	x->n_waiting++;
	return 0;
}

static void
try_step(struct v6d_job *j, bool second)
{
	struct flows *x = j->x;
	int r = 0;

	x->second = second;
	x->before = x->n_up;
	for (unsigned i = x->n_up; i < x->goal && !x->full; i++) {
		r = open_one(j, i);
		if (r < 0 && j->answer.err == 0)
			j->answer.err = -r;
		x->full = r == -EMFILE || r == -ENFILE;
	}
	/* Where none could be begun the timer ends the try as well. */
	uv_timer_start(&j->tick, step_late, x->n_waiting ? STEP_MS : 0, 0);
}

/* Closes the holes: those that came up stand in front. */
static void
pack(struct flows *x)
{
	unsigned n = x->before;

	for (unsigned i = x->before; i < x->goal; i++) {
		int fd = x->fd[i];

		if (fd < 0)
			continue;
		x->fd[i] = -1;
		x->fd[n++] = fd;
	}
}

/* A try is over: the rest never came. */
static void
step_over(struct v6d_job *j)
{
	struct flows *x = j->x;

	pack(x);
	fill(j);
	if (x->full) {
		ask_old(j);
	} else if (x->n_up == x->goal) {
		if (x->goal == x->max) {
			ask_old(j);
			return;
		}
		x->goal = x->goal * 2 < x->max ? x->goal * 2 : x->max;
		try_step(j, false);
	} else if (x->second && x->n_up == x->before) {
		ask_old(j);
	} else {
		try_step(j, true);
	}
}

static void
drop_waiting(struct v6d_job *j)
{
	struct flows *x = j->x;
	struct epoll_event none = { 0 };

	/* Those that are up have left the epoll set already. */
	for (unsigned i = x->before; i < x->goal; i++)
		if (x->fd[i] >= 0 &&
		    epoll_ctl(j->fd, EPOLL_CTL_DEL, x->fd[i], &none) == 0)
			reset_flow(j, &x->fd[i]);
	x->n_waiting = 0;
}

static void
step_late(uv_timer_t *t)
{
	struct v6d_job *j = t->data;

	if (((struct flows *)j->x)->n_waiting > 0 && j->answer.err == 0)
		j->answer.err = ETIMEDOUT;
	drop_waiting(j);
	step_over(j);
}

static void
decided(struct v6d_job *j, unsigned i)
{
	struct flows *x = j->x;
	struct epoll_event none = { 0 };
	int err = 0;
	socklen_t n = sizeof(err);

	if (x->fd[i] < 0)
		return;
	getsockopt(x->fd[i], SOL_SOCKET, SO_ERROR, &err, &n);
	epoll_ctl(j->fd, EPOLL_CTL_DEL, x->fd[i], &none);
	x->n_waiting--;
	if (err == 0) {
		x->n_up++;
		return;
	}
	if (j->answer.err == 0)
		j->answer.err = err;
	reset_flow(j, &x->fd[i]);
}

static void
some_decided(uv_poll_t *h, int status, int events)
{
	struct v6d_job *j = h->data;
	struct flows *x = j->x;
	struct epoll_event ev[EVENTS];
	int n = epoll_wait(j->fd, ev, EVENTS, 0);

	(void)status;
	(void)events;
	for (int i = 0; i < n; i++)
		decided(j, ev[i].data.u32);
	if (n > 0 && x->n_waiting == 0 && x->asked_old == 0) {
		uv_timer_stop(&j->tick);
		step_over(j);
	}
}

/* The soft limit of descriptors is for programs that use select(). */
static void
allow_files(unsigned n)
{
	struct rlimit l;

	if (getrlimit(RLIMIT_NOFILE, &l) < 0 || l.rlim_cur >= n + SPARE_FILES)
		return;
	l.rlim_cur =
	    n + SPARE_FILES < l.rlim_max ? n + SPARE_FILES : l.rlim_max;
	setrlimit(RLIMIT_NOFILE, &l);
}

int
v6d_ask_flows_start(struct v6d_job *j)
{
	unsigned max = j->ask.flows;
	struct flows *x = calloc(1, sizeof(*x) + max * sizeof(x->fd[0]));
	int r;

	if (!x)
		return -ENOMEM;
	memset(x->fd, -1, max * sizeof(x->fd[0]));
	x->other = -1;
	x->max = max;
	x->goal = max < FIRST_STEP ? max : FIRST_STEP;
	x->to_len = v6d_job_sockaddr(j, j->ask.port, &x->to);
	j->x = x;
	j->on_close = closed;
	j->on_expire = fill;
	allow_files(max);
	j->fd = epoll_create1(EPOLL_CLOEXEC);
	if (j->fd < 0)
		return -errno;
	r = v6d_job_watch(j, j->fd, UV_READABLE, some_decided);
	if (r == 0)
		try_step(j, false);
	return r;
}
