/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pump.c - turns one session machine's actions into reads and writes. */
#include "io/pump.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/clock.h"

#define TUN_BATCH 32 /* packets read before other descriptors get a turn */
#define TUN_MAX 2048 /* bytes; the device's MTU is at most 1500 */

static void
on_timer(uv_timer_t *t)
{
	v6d_pump_feed(t->data, V6D_EV_TICK, NULL, 0, 0);
}

static void
on_start(uv_timer_t *t)
{
	v6d_pump_feed(t->data, V6D_EV_START, NULL, 0, 0);
}

static void
set_timer(struct v6d_pump *p)
{
	v6d_ns at = v6d_session_deadline(p->s), now = v6d_clock_now(), ms = 0;

	if (p->closing)
		return;
	if (at == V6D_NEVER) {
		uv_timer_stop(&p->timer);
		return;
	}
	if (at > now) /* up: a tick that comes too early is wasted */
		ms = (at - now + V6D_MS(1) - 1) / V6D_MS(1);
	uv_update_time(p->loop);
	uv_timer_start(&p->timer, on_timer, ms, 0);
}

static void
on_closed(uv_handle_t *h)
{
	struct v6d_pump *p = h->data;

	if (--p->n_handles > 0 || !p->closing)
		return;
	free(p->s);
	p->s = NULL;
	p->closed(p->arg);
}

static void
drop_handle(uv_poll_t *h, int *fd)
{
	if (*fd < 0)
		return;
	uv_close((uv_handle_t *)h, on_closed);
	close(*fd);
	*fd = -1;
}

int
v6d_pump_init(struct v6d_pump *p, uv_loop_t *loop,
    const struct v6d_session_conf *conf, const struct v6d_pump_ops *ops,
    void *arg)
{
	void *mem = malloc(v6d_session_size());

	if (!mem)
		return -ENOMEM;
	*p = (struct v6d_pump){
		.loop = loop, .ops = ops, .arg = arg, .tcp_fd = -1, .tun_fd = -1
	};
	p->s = v6d_session_init(mem, conf);
	p->told = v6d_session_state(p->s);
	uv_timer_init(loop, &p->timer);
	p->timer.data = p;
	p->n_handles = 1;
	return 0;
}

void
v6d_pump_start(struct v6d_pump *p)
{
	uv_timer_start(&p->timer, on_start, 0, 0);
}

/* True when all of it went; what did not stays in p->out. */
static bool
flush(struct v6d_pump *p)
{
	ssize_t n;

	if (p->out_len == 0 || p->tcp_fd < 0 || p->connecting)
		return p->out_len == 0;
	n = send(p->tcp_fd, p->out, p->out_len, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n > 0) {
		p->out_len -= (size_t)n;
		memmove(p->out, p->out + n, p->out_len);
	}
	return p->out_len == 0;
}

static void
watch_tcp(struct v6d_pump *p)
{
	int want = UV_READABLE;

	if (p->connecting)
		want = UV_WRITABLE;
	else if (p->out_len > 0)
		want |= UV_WRITABLE;
	uv_poll_start(&p->tcp, want, p->on_tcp);
}

/*
 * One send per control message with Nagle off: one segment each, as helpers
 * in NATs need it.
 */
static void
send_control(struct v6d_pump *p, const uint8_t *bytes, size_t n)
{
	if (p->tcp_fd < 0 || n > sizeof(p->out) - p->out_len)
		return; /* closed, or a peer that reads nothing any more */
	if (p->ops->control)
		p->ops->control(p->arg, true, bytes, n);
	memcpy(p->out + p->out_len, bytes, n);
	p->out_len += n;
	if (!flush(p))
		watch_tcp(p);
}

/* Unread bytes would turn the close into a reset. */
static void
close_tcp(struct v6d_pump *p)
{
	uint8_t rest[1024];

	if (p->tcp_fd < 0)
		return;
	flush(p);
	while (recv(p->tcp_fd, rest, sizeof(rest), MSG_DONTWAIT) > 0)
		continue;
	drop_handle(&p->tcp, &p->tcp_fd);
}

void
v6d_pump_deliver(struct v6d_pump *p, const uint8_t *bytes, size_t n)
{
	if (p->tun_fd < 0 || write(p->tun_fd, bytes, n) != (ssize_t)n) {
		p->tun_dropped++;
		return;
	}
	p->tun_out++;
	if (p->ops->written)
		p->ops->written(p->arg, bytes, n);
}

static void
act(struct v6d_pump *p, const struct v6d_session_act *a)
{
	switch (a->kind) {
	case V6D_ACT_TCP_CONNECT:
		if (p->ops->connect)
			p->ops->connect(p->arg);
		break;
	case V6D_ACT_TCP_SEND:
		send_control(p, a->bytes, a->len);
		break;
	case V6D_ACT_TCP_CLOSE:
		close_tcp(p);
		break;
	case V6D_ACT_GRE_SEND:
		p->ops->gre(p->arg, a->bytes, a->len);
		break;
	case V6D_ACT_TUN_WRITE:
		v6d_pump_deliver(p, a->bytes, a->len);
		break;
	case V6D_ACT_UP:
		p->ops->up(p->arg);
		break;
	case V6D_ACT_LCP_ECHO_REPLY:
	case V6D_ACT_ACKED:
	case V6D_ACT_CONTROL_ECHO_REPLY:
		if (p->ops->event)
			p->ops->event(p->arg, a);
		break;
	case V6D_ACT_DEAD:
		close_tcp(p);
		drop_handle(&p->tun, &p->tun_fd);
		break;
	}
}

void
v6d_pump_drain(struct v6d_pump *p)
{
	const struct v6d_session_act *a;
	struct v6d_session_act copy; /* an op may feed the machine again */
	enum v6d_session_state st;

	while (!p->closing && (a = v6d_session_take(p->s)) != NULL) {
		copy.kind = a->kind;
		copy.len = a->len;
		copy.gre_len = a->gre_len;
		copy.seq = a->seq;
		memcpy(copy.bytes, a->bytes, a->len);
		act(p, &copy);
	}
	if (p->closing)
		return;
	set_timer(p);
	st = v6d_session_state(p->s);
	if (st == p->told)
		return;
	p->told = st;
	p->ops->state(p->arg, st);
}

void
v6d_pump_feed(struct v6d_pump *p, enum v6d_session_ev ev, const uint8_t *bytes,
    size_t n, int code)
{
	if (p->closing)
		return;
	v6d_session_feed(p->s, ev, bytes, n, code, v6d_clock_now());
	v6d_pump_drain(p);
}

/* TCP is over, in this way. */
static void
tcp_ended(struct v6d_pump *p, enum v6d_session_ev ev, int err)
{
	if (p->ops->tcp)
		p->ops->tcp(p->arg, ev, err);
	uv_poll_stop(&p->tcp);
	v6d_pump_feed(p, ev, NULL, 0, err);
	if (!p->closing)
		close_tcp(p);
}

/*
 * A reset of what does not stand is ECONNREFUSED: with these two it stood
 * already, and was reset before we looked.
 */
static bool
stood(int err)
{
	return err == 0 || err == ECONNRESET || err == EPIPE;
}

static void
finish_connect(struct v6d_pump *p)
{
	struct sockaddr_storage peer;
	socklen_t n = sizeof(peer), len = sizeof(int);
	int err = 0;

	getsockopt(p->tcp_fd, SOL_SOCKET, SO_ERROR, &err, &len);
	if (err == 0 &&
	    getpeername(p->tcp_fd, (struct sockaddr *)&peer, &n) < 0) {
		watch_tcp(p); /* woken by something else: still on its way */
		return;
	}
	p->connecting = false;
	if (!stood(err)) {
		tcp_ended(p, V6D_EV_TCP_FAILED, err);
		return;
	}
	if (p->ops->tcp)
		p->ops->tcp(p->arg, V6D_EV_TCP_UP, 0);
	watch_tcp(p);
	v6d_pump_feed(p, V6D_EV_TCP_UP, NULL, 0, 0);
	if (err && !p->closing && p->tcp_fd >= 0)
		tcp_ended(p, V6D_EV_TCP_RESET, err);
}

static void
read_control(struct v6d_pump *p)
{
	uint8_t buf[2048];

	while (!p->closing && p->tcp_fd >= 0) {
		ssize_t n = recv(p->tcp_fd, buf, sizeof(buf), MSG_DONTWAIT);

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n < 0) {
			tcp_ended(p, V6D_EV_TCP_RESET, errno);
			return;
		}
		if (n == 0) {
			tcp_ended(p, V6D_EV_TCP_CLOSED, 0);
			return;
		}
		if (p->ops->control)
			p->ops->control(p->arg, false, buf, (size_t)n);
		v6d_pump_feed(p, V6D_EV_TCP_BYTES, buf, (size_t)n, 0);
	}
}

/*
 * libuv reports an error condition as a status and stops watching, whatever
 * it was: the socket itself knows better.
 */
static void
on_tcp(uv_poll_t *h, int status, int events)
{
	struct v6d_pump *p = h->data;

	(void)events;
	if (p->tcp_fd < 0)
		return;
	if (p->connecting) {
		finish_connect(p);
		return;
	}
	flush(p);
	read_control(p);
	if (!p->closing && p->tcp_fd >= 0 && (status < 0 || p->out_len == 0))
		watch_tcp(p);
}

int
v6d_pump_tcp(struct v6d_pump *p, int fd, bool connecting)
{
	int err = uv_poll_init(p->loop, &p->tcp, fd);

	if (err < 0)
		return err; /* libuv's errors are -errno */
	p->tcp.data = p;
	p->n_handles++;
	p->tcp_fd = fd;
	p->connecting = connecting;
	p->on_tcp = on_tcp;
	watch_tcp(p);
	return 0;
}

static void
on_tun(uv_poll_t *h, int status, int events)
{
	struct v6d_pump *p = h->data;
	uint8_t buf[TUN_MAX];

	(void)status;
	(void)events;
	for (int i = 0; i < TUN_BATCH && !p->closing && p->tun_fd >= 0; i++) {
		ssize_t n = read(p->tun_fd, buf, sizeof(buf));

		if (n <= 0)
			return;
		p->tun_in++;
		v6d_pump_feed(p, V6D_EV_TUN, buf, (size_t)n, 0);
	}
}

int
v6d_pump_tun(struct v6d_pump *p, int fd)
{
	int err;

	if (p->tun_fd >= 0) /* its handle lives until the loop turns */
		return -EBUSY;
	err = uv_poll_init(p->loop, &p->tun, fd);
	if (err < 0)
		return err;
	p->tun.data = p;
	p->n_handles++;
	p->tun_fd = fd;
	uv_poll_start(&p->tun, UV_READABLE, on_tun);
	return 0;
}

void
v6d_pump_close(struct v6d_pump *p, void (*closed)(void *arg))
{
	if (p->closing)
		return;
	p->closing = true;
	p->closed = closed;
	drop_handle(&p->tcp, &p->tcp_fd);
	drop_handle(&p->tun, &p->tun_fd);
	uv_close((uv_handle_t *)&p->timer, on_closed);
}
