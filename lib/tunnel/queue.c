/* SPDX-License-Identifier: GPL-2.0-or-later */
/* queue.c - the actions of a session that wait to be taken. */
#include "tunnel/session_impl.h"

static struct v6d_session_act *
slot(struct v6d_queue *q, unsigned i)
{
	return &q->act[(q->head + i) % V6D_SESSION_QUEUE];
}

bool
v6d_queue_full(const struct v6d_session *s)
{
	return s->queue.len == V6D_SESSION_QUEUE;
}

struct v6d_session_act *
v6d_queue_add(struct v6d_session *s, enum v6d_session_act_kind kind)
{
	struct v6d_queue *q = &s->queue;
	struct v6d_session_act *a;

	if (s->state == V6D_SESSION_DEAD)
		return NULL;
	if (v6d_queue_full(s)) {
		q->lost++;
		return NULL;
	}
	a = slot(q, q->len++);
	a->kind = kind;
	a->len = 0;
	a->gre_len = 0;
	a->seq = 0;
	return a;
}

void
v6d_queue_bytes(struct v6d_session *s, enum v6d_session_act_kind kind,
    const uint8_t *bytes, size_t n)
{
	struct v6d_session_act *a;

	if (n > V6D_SESSION_FRAME)
		return;
	a = v6d_queue_add(s, kind);
	if (!a)
		return;
	a->len = n;
	if (n > 0)
		memcpy(a->bytes, bytes, n);
}

static const struct v6d_session_act *
last_words(struct v6d_queue *q)
{
	if (q->close) {
		q->close = false;
		q->last = (struct v6d_session_act){ .kind = V6D_ACT_TCP_CLOSE };
		return &q->last;
	}
	if (q->dead) {
		q->dead = false;
		q->last = (struct v6d_session_act){ .kind = V6D_ACT_DEAD };
		return &q->last;
	}
	return NULL;
}

/* The slot that the caller holds is given back only now. */
const struct v6d_session_act *
v6d_session_take(struct v6d_session *s)
{
	struct v6d_queue *q = &s->queue;

	if (q->lent) {
		q->lent = false;
		q->head = (q->head + 1) % V6D_SESSION_QUEUE;
		q->len--;
	}
	if (q->len == 0)
		return last_words(q);
	q->lent = true;
	return slot(q, 0);
}
