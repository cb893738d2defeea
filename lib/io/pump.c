/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pump.c - turns one session machine's actions into reads and writes, and
 * carries packets between TUN and GRE.
 */
#include "io/pump.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/clock.h"

#define TURN 256 /* packets sent before other descriptors get a turn */

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
    void *arg, struct v6d_outbox *box, const struct v6d_addr *peer)
{
	void *mem = malloc(v6d_session_size());

	if (!mem)
		return -ENOMEM;
	memset(p, 0, sizeof(*p));
	p->loop = loop;
	p->ops = ops;
	p->arg = arg;
	p->tcp_fd = p->tun.fd = -1;
	p->tun.written = ops->written;
	p->tun.arg = arg;
	p->unsent.over = true;
	p->box = box;
	p->peer.sin_family = AF_INET;
	memcpy(&p->peer.sin_addr, peer->b, sizeof(p->peer.sin_addr));
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

bool
v6d_pump_has_tun(const struct v6d_pump *p)
{
	return p->tun.fd >= 0;
}

void
v6d_pump_deliver(struct v6d_pump *p, const uint8_t *bytes, size_t n)
{
	v6d_tunport_write(&p->tun, bytes, n);
}

static void
close_tun(struct v6d_pump *p)
{
	v6d_tunport_flush(&p->tun);
	drop_handle(&p->tun_poll, &p->tun.fd);
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
		v6d_outbox_flush(p->box);
		send_control(p, a->bytes, a->len);
		break;
	case V6D_ACT_TCP_CLOSE:
		v6d_outbox_flush(p->box);
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
		close_tun(p);
		break;
	}
}

static void
carry_out(struct v6d_pump *p)
{
	const struct v6d_session_act *a;
	struct v6d_session_act copy; /* an op may feed the machine again */

	while (!p->closing && (a = v6d_session_take(p->s)) != NULL) {
		copy.kind = a->kind;
		copy.len = a->len;
		copy.gre_len = a->gre_len;
		copy.seq = a->seq;
		memcpy(copy.bytes, a->bytes, a->len);
		act(p, &copy);
	}
}

static void
tell_state(struct v6d_pump *p)
{
	enum v6d_session_state st;

	if (p->closing)
		return;
	st = v6d_session_state(p->s);
	if (st == p->told)
		return;
	v6d_outbox_flush(p->box);
	p->told = st;
	p->ops->state(p->arg, st);
}

void
v6d_pump_drain(struct v6d_pump *p)
{
	carry_out(p);
	v6d_outbox_flush(p->box);
	set_timer(p);
	tell_state(p);
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

/* ---- TCP ---- */

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

/* ---- packets ---- */

void
v6d_pump_receive(struct v6d_pump *p, uint8_t *gre, size_t n, v6d_ns at)
{
	struct v6d_session_packets got;

	if (p->closing)
		return;
	p->unsettled = true;
	v6d_session_receive(p->s, gre, n, at, &got);
	for (unsigned i = 0; i < got.n; i++)
		v6d_tunport_add(&p->tun, got.packet[i].p, got.packet[i].n);
	if (got.held)
		v6d_tunport_flush(&p->tun);
	carry_out(p);
	tell_state(p);
}

void
v6d_pump_settle(struct v6d_pump *p)
{
	if (!p->unsettled)
		return;
	p->unsettled = false;
	v6d_tunport_flush(&p->tun);
	v6d_pump_feed(p, V6D_EV_TICK, NULL, 0, 0);
}

/* The next packet out of what was read. False: the outbox is full. */
static bool
send_next(struct v6d_pump *p, v6d_ns now)
{
	uint8_t *room = v6d_outbox_room(p->box), *gre;
	size_t n;

	if (!room)
		return false;
	n = v6d_segment_next(
	    &p->unsent, room, V6D_SESSION_FRAME - V6D_SESSION_HEADROOM);
	p->tun_in++;
	if (n == 0) { /* longer than any tunnel takes, and so are the rest */
		p->unsent.over = true;
		p->tun_dropped++;
		return true;
	}
	gre = v6d_session_wrap(p->s, room, n, now, &n);
	if (gre)
		v6d_outbox_add(p->box, &p->peer, gre, n, p->arg);
	else
		p->tun_dropped++;
	return true;
}

/*
 * Packets out of the device wait there while the outbox is full. A turn ends
 * with all that was read: nothing would wake us for the rest.
 */
static void
on_tun(uv_poll_t *h, int status, int events)
{
	struct v6d_pump *p = h->data;
	v6d_ns now = v6d_clock_now();

	(void)status;
	(void)events;
	for (int i = 0; i < TURN || !p->unsent.over; i++) {
		if (p->unsent.over &&
		    !v6d_tunport_read(&p->tun, p->tun_buf, &p->unsent))
			break;
		if (!send_next(p, now)) {
			uv_poll_stop(h);
			break;
		}
	}
	v6d_pump_drain(p);
}

void
v6d_pump_ready(struct v6d_pump *p)
{
	if (!p->closing && v6d_pump_has_tun(p) &&
	    !uv_is_active((uv_handle_t *)&p->tun_poll)) {
		uv_poll_start(&p->tun_poll, UV_READABLE, on_tun);
		on_tun(&p->tun_poll, 0, UV_READABLE);
	}
}

int
v6d_pump_tun(struct v6d_pump *p, int fd, bool offload)
{
	int err;

	if (v6d_pump_has_tun(p)) /* its handle lives until the loop turns */
		return -EBUSY;
	err = uv_poll_init(p->loop, &p->tun_poll, fd);
	if (err < 0)
		return err;
	p->tun_poll.data = p;
	p->n_handles++;
	v6d_tunport_open(&p->tun, fd, offload);
	uv_poll_start(&p->tun_poll, UV_READABLE, on_tun);
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
	close_tun(p);
	uv_close((uv_handle_t *)&p->timer, on_closed);
}
