/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ask_flows.c - how many TCP connections to one target stand side by side:
 * opened in steps, until a step stays short at its second try as well; then
 * UDP sessions beside them. They are reset at the end (RFC 9293 3.10.7), which
 * frees the entries of routers on the way at once.
 */
#include "io/ask_flows_udp.h"

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
#define UDP_AGAIN_MS 400 /* one query, and two more where it is lost */
#define UDP_TRIES 3
#define UDP_FEW 4 /* opened where TCP has met its limit */
#define SPARE_FILES 64
#define EVENTS 64

enum phase { TCP, OLD, UDP, LAST };
enum extra { MORE, OTHER, N_EXTRAS };

struct flows {
	enum phase phase;
	struct sockaddr_storage to;
	socklen_t to_len;
	unsigned max, goal; /* in all, and at the end of this step */
	unsigned n_up, n_waiting;
	unsigned before; /* up when this try began */
	bool second; /* this is the step's second try */
	v6d_ns began; /* this phase, or what it sent last */
	int extra[N_EXTRAS]; /* connections beyond the limit, or -1 */
	bool full; /* this host has no more descriptors */
	struct v6d_udp_flows *udp; /* NULL: not wanted */
	unsigned udp_goal, udp_tries;
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
	for (unsigned i = 0; x && i < N_EXTRAS; i++)
		reset_flow(j, &x->extra[i]);
	if (x)
		v6d_udp_free(x->udp);
}

static void
fill(struct v6d_job *j)
{
	const struct flows *x = j->x;
	struct v6d_answer *a = &j->answer;

	a->flows = x->n_up;
	a->flows_failed = x->goal - x->n_up;
	if (x->udp)
		v6d_udp_fill(x->udp, a);
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

	fill(j);
	if (x->full)
		v6d_job_failed(j, EMFILE);
	else
		v6d_job_done(j);
}

/* ---- at the limit ---- */

/* One more connection beyond the limit. */
static bool
open_extra(
    struct v6d_job *j, enum extra which, const struct sockaddr *to, socklen_t n)
{
	struct flows *x = j->x;
	int *fd = &x->extra[which];

	if (v6d_netns_socket(v6d_job_ns(j), to->sa_family, SOCK_STREAM, 0, fd) <
	    0)
		return false;
	return connect(*fd, to, n) == 0 || errno == EINPROGRESS;
}

/* True: it is decided; *ret_up says how. A refusal comes from the target. */
static bool
extra_decided(const struct flows *x, enum extra which, bool *ret_up)
{
	struct pollfd p = { .fd = x->extra[which], .events = POLLOUT };
	int err = 0;
	socklen_t n = sizeof(err);

	if (poll(&p, 1, 0) <= 0)
		return false;
	getsockopt(p.fd, SOL_SOCKET, SO_ERROR, &err, &n);
	*ret_up = err == 0 || err == ECONNREFUSED;
	return true;
}

static void
look_at_last(uv_timer_t *t)
{
	struct v6d_job *j = t->data;
	struct flows *x = j->x;
	struct v6d_answer *a = &j->answer;
	v6d_ns since = v6d_clock_now() - x->began;
	bool waits = x->udp && x->udp->n_waiting > 0;

	if (a->more_asked && !a->more_up)
		waits |= !extra_decided(x, MORE, &a->more_up);
	if (a->other_asked && !a->other_up)
		waits |= !extra_decided(x, OTHER, &a->other_up);
	if (!waits || since > V6D_MS(LIVE_MS)) {
		finish(j);
	} else if (x->udp && since > x->udp_tries * V6D_MS(UDP_AGAIN_MS)) {
		x->udp_tries++;
		v6d_udp_again(j, x->udp);
	}
}

/* The first ones get what has become free meanwhile: first the same again. */
static void
open_extras(struct v6d_job *j, bool tcp_limited)
{
	struct flows *x = j->x;
	struct sockaddr_in other = { .sin_family = AF_INET,
		.sin_port = htons(j->ask.port2) };

	memcpy(&other.sin_addr, j->ask.addr2.b, sizeof(other.sin_addr));
	j->answer.more_asked =
	    open_extra(j, MORE, (struct sockaddr *)&x->to, x->to_len);
	if (j->ask.addr2.family == 4 && tcp_limited)
		j->answer.other_asked = open_extra(
		    j, OTHER, (struct sockaddr *)&other, sizeof(other));
	for (unsigned i = 0; i < UDP_FEW && x->udp && tcp_limited; i++)
		v6d_udp_open(j, x->udp, false);
	if (x->udp && !tcp_limited && j->ask.udp_addr2.family == 4)
		v6d_udp_open(j, x->udp, true);
}

/*
 * A limit is met and the old ones live: does it hold for one more, for another
 * target, and for the other protocol?
 */
static void
begin_last(struct v6d_job *j)
{
	struct flows *x = j->x;

	x->phase = LAST;
	x->began = v6d_clock_now();
	x->udp_tries = 1;
	if (x->udp) {
		v6d_udp_again(j, x->udp); /* chance does not last so long */
		v6d_udp_ask_old(j, x->udp, V6D_ASK_OLD_FLOWS);
	}
	open_extras(j, x->n_up < x->goal);
	uv_timer_start(&j->tick, look_at_last, LOOK_MS, LOOK_MS);
}

/* ---- UDP beside TCP ---- */

static void udp_late(uv_timer_t *t);

static void
udp_step(struct v6d_job *j)
{
	struct flows *x = j->x;
	struct v6d_udp_flows *u = x->udp;
	int r = 0;

	x->phase = UDP;
	x->udp_tries = 1;
	while (u->n < x->udp_goal && r == 0)
		r = v6d_udp_open(j, u, false);
	v6d_udp_again(j, u); /* the first, where it waits since the start */
	if (r < 0) {
		x->full = r == -EMFILE || r == -ENFILE;
		j->answer.err = -r;
		finish(j);
		return;
	}
	uv_timer_start(&j->tick, udp_late, UDP_AGAIN_MS, UDP_AGAIN_MS);
}

static void
udp_step_over(struct v6d_job *j)
{
	struct flows *x = j->x;
	unsigned most = j->ask.udp_flows;

	if (x->udp->n_waiting > 0) {
		begin_last(j);
	} else if (x->udp_goal == most) {
		finish(j);
	} else {
		x->udp_goal = x->udp_goal * 2 < most ? x->udp_goal * 2 : most;
		udp_step(j);
	}
}

static void
udp_late(uv_timer_t *t)
{
	struct v6d_job *j = t->data;
	struct flows *x = j->x;

	if (x->udp_tries++ < UDP_TRIES)
		v6d_udp_again(j, x->udp);
	else
		udp_step_over(j);
}

/* ---- the old ones ---- */

/* TCP is counted. What comes next is of no use where old ones died. */
static void
after_old(struct v6d_job *j)
{
	const struct flows *x = j->x;
	bool alive = j->answer.flows_alive == j->answer.flows_asked;

	if (x->full || x->n_up == 0 || !alive)
		finish(j);
	else if (x->n_up < x->goal)
		begin_last(j);
	else if (x->udp)
		udp_step(j);
	else
		finish(j);
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
	    v6d_clock_now() - x->began > V6D_MS(LIVE_MS))
		after_old(j);
}
/* An empty line, which servers of text protocols pass over. */
static void
ask_old(struct v6d_job *j)
{
	struct flows *x = j->x;
	unsigned n = x->n_up < V6D_ASK_OLD_FLOWS ? x->n_up : V6D_ASK_OLD_FLOWS;

	x->phase = OLD;
	x->began = v6d_clock_now();
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
	bool tcp = false;

	(void)status;
	(void)events;
	for (int i = 0; i < n; i++) {
		uint32_t who = ev[i].data.u32;

		if (who & V6D_UDP_EVENT) {
			v6d_udp_event(x->udp, who & ~V6D_UDP_EVENT);
			continue;
		}
		decided(j, who);
		tcp = true;
	}
	if (tcp && x->phase == TCP && x->n_waiting == 0) {
		uv_timer_stop(&j->tick);
		step_over(j);
	} else if (n > 0 && x->phase == UDP && x->udp->n_waiting == 0) {
		uv_timer_stop(&j->tick);
		udp_step_over(j);
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

/* The first UDP session stands from the start: it will be an old one. */
static int
first_udp(struct v6d_job *j)
{
	struct flows *x = j->x;
	unsigned most = j->ask.udp_flows;

	if (most == 0 || j->ask.udp_addr.family != 4)
		return 0;
	x->udp_goal = most < FIRST_STEP ? most : FIRST_STEP;
	/* room for the few, and for one to the second target */
	x->udp = v6d_udp_new(j->fd, most + UDP_FEW + 1);
	if (!x->udp)
		return -ENOMEM;
	v6d_udp_open(j, x->udp, false);
	return 0;
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
	memset(x->extra, -1, sizeof(x->extra));
	x->max = max;
	x->goal = max < FIRST_STEP ? max : FIRST_STEP;
	x->to_len = v6d_job_sockaddr(j, j->ask.port, &x->to);
	j->x = x;
	j->on_close = closed;
	j->on_expire = fill;
	allow_files(max + j->ask.udp_flows);
	j->fd = epoll_create1(EPOLL_CLOEXEC);
	if (j->fd < 0)
		return -errno;
	r = first_udp(j);
	if (r == 0)
		r = v6d_job_watch(j, j->fd, UV_READABLE, some_decided);
	if (r == 0)
		try_step(j, false);
	return r;
}
