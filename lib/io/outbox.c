/* SPDX-License-Identifier: GPL-2.0-or-later */
/* outbox.c - GRE packets that leave together, many with one system call. */
#include "io/outbox.h"

#include <errno.h>
#include <string.h>

#define RETRY_MS 1 /* a full queue of a fast device is empty by then */

static void
on_retry(uv_timer_t *t)
{
	struct v6d_outbox *o = t->data;

	o->blocked = false;
	if (!v6d_outbox_flush(o) || !o->full)
		return;
	o->full = false;
	if (o->ready)
		o->ready(o->arg);
}

void
v6d_outbox_init(struct v6d_outbox *o, uv_loop_t *loop, int fd, unsigned limit)
{
	o->fd = fd;
	o->limit = limit;
	o->first = o->n = 0;
	o->blocked = o->full = false;
	o->done = NULL;
	o->ready = NULL;
	uv_timer_init(loop, &o->retry);
	o->retry.data = o;
}

/* The device's queue, or the socket's own, is full. */
static bool
is_full(int err)
{
	return err == EAGAIN || err == ENOBUFS || err == ENOMEM;
}

static void
finish(struct v6d_outbox *o, unsigned n, int err)
{
	for (unsigned i = 0; i < n; i++) {
		struct v6d_outbox_slot *s = &o->slot[o->first++];

		o->n--;
		if (o->done)
			o->done(s->arg, s->iov.iov_base, s->iov.iov_len, err);
	}
}

/*
 * An ICMP error that came in makes the next call fail with its errno, once:
 * only what fails twice is about this packet.
 */
static int
send_some(struct v6d_outbox *o)
{
	int n = -1;

	for (int i = 0; i < 2 && n < 0; i++) {
		unsigned most = o->n < o->limit ? o->n : o->limit;

		n = sendmmsg(o->fd, o->msg + o->first, most, MSG_DONTWAIT);
		if (n < 0 && is_full(errno))
			return -EAGAIN;
		if (n < 0 && errno == EPERM) /* of this packet, by a filter */
			break;
	}
	return n < 0 ? -errno : n;
}

bool
v6d_outbox_flush(struct v6d_outbox *o)
{
	while (o->n > 0 && !o->blocked) {
		int n = o->fd < 0 ? -EBADF : send_some(o);

		if (n == -EAGAIN) {
			o->blocked = true;
			uv_timer_start(&o->retry, on_retry, RETRY_MS, 0);
		} else if (n < 0) {
			finish(o, 1, n);
		} else {
			finish(o, (unsigned)n, 0);
		}
	}
	if (o->n == 0)
		o->first = 0;
	return o->n == 0;
}

uint8_t *
v6d_outbox_room(struct v6d_outbox *o)
{
	if (o->first + o->n >= V6D_OUTBOX_BATCH) {
		o->full = true;
		return NULL;
	}
	return o->slot[o->first + o->n].buf + V6D_SESSION_HEADROOM;
}

void
v6d_outbox_add(struct v6d_outbox *o, const struct sockaddr_in *to, uint8_t *gre,
    size_t n, void *arg)
{
	unsigned i = o->first + o->n++;
	struct v6d_outbox_slot *s = &o->slot[i];

	s->to = *to;
	s->iov = (struct iovec){ gre, n };
	s->arg = arg;
	o->msg[i].msg_hdr = (struct msghdr){ .msg_name = &s->to,
		.msg_namelen = sizeof(s->to),
		.msg_iov = &s->iov,
		.msg_iovlen = 1 };
	if (o->n >= o->limit)
		v6d_outbox_flush(o);
}

bool
v6d_outbox_copy(struct v6d_outbox *o, const struct sockaddr_in *to,
    const uint8_t *gre, size_t n, void *arg)
{
	uint8_t *room = o->slot[o->first + o->n].buf;

	if (o->first + o->n == V6D_OUTBOX_MAX || n > V6D_SESSION_FRAME)
		return false;
	memcpy(room, gre, n);
	v6d_outbox_add(o, to, room, n, arg);
	return true;
}

static void
on_closed(uv_handle_t *h)
{
	struct v6d_outbox *o = h->data;

	if (o->closed)
		o->closed(o->arg);
}

void
v6d_outbox_close(struct v6d_outbox *o, void (*closed)(void *arg))
{
	o->first = o->n = 0;
	o->fd = -1;
	o->closed = closed;
	uv_close((uv_handle_t *)&o->retry, on_closed);
}
