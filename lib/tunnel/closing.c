/* SPDX-License-Identifier: GPL-2.0-or-later */
/* closing.c - how a session ends: in order, in a hurry, or at once. */
#include "tunnel/session_impl.h"

#define ANSWER_WAIT V6D_MS(300) /* three of them stay below a second */
#define LINGER V6D_S(1)

enum { CDN_ADMIN = 3 };

/* The first reason stands; what follows from it does not matter. */
static void
settle(struct v6d_session *s, enum v6d_session_why why, int code, int code2)
{
	if (s->why != V6D_WHY_NONE)
		return;
	s->failed_in = s->state;
	s->why = why;
	s->code = code;
	s->code2 = code2;
}

static void
enter_closing(struct v6d_session *s, enum v6d_closing_step step, v6d_ns wait)
{
	s->state = V6D_SESSION_CLOSING;
	s->closing = step;
	s->step = s->now + wait;
}

/* Sends what the step sends; false when there is nothing to wait for. */
static bool
begin_step(struct v6d_session *s, enum v6d_closing_step step)
{
	switch (step) {
	case V6D_CLOSING_LINK:
		if (!v6d_lcp_is_open(s))
			return false;
		v6d_fsm_close(&s->lcp.fsm);
		return true;
	case V6D_CLOSING_CALL:
		if (!s->control.call)
			return false;
		v6d_ctl_end_call(s, CDN_ADMIN);
		return !v6d_session_is_server(s);
	case V6D_CLOSING_CONTROL:
		if (!s->control.started)
			return false;
		v6d_ctl_stop(s);
		return true;
	case V6D_CLOSING_NONE:
	case V6D_CLOSING_LINGER:
		break;
	}
	return false;
}

static void
advance(struct v6d_session *s)
{
	while (s->closing < V6D_CLOSING_CONTROL) {
		enter_closing(s, s->closing + 1, ANSWER_WAIT);
		if (begin_step(s, s->closing))
			return;
	}
	v6d_closing_die(s, V6D_WHY_STOPPED, 0, 0);
}

void
v6d_closing_stop(struct v6d_session *s)
{
	if (s->state == V6D_SESSION_CLOSING)
		return;
	settle(s, V6D_WHY_STOPPED, 0, 0);
	advance(s);
}

void
v6d_closing_linger(
    struct v6d_session *s, enum v6d_session_why why, int code, int code2)
{
	if (!v6d_session_is_server(s)) {
		v6d_closing_fail(s, why, code, code2);
		return;
	}
	if (s->state == V6D_SESSION_CLOSING || s->state == V6D_SESSION_DEAD)
		return;
	settle(s, why, code, code2);
	enter_closing(s, V6D_CLOSING_LINGER, LINGER);
}

void
v6d_closing_answered(struct v6d_session *s, enum v6d_closing_step step)
{
	if (s->state == V6D_SESSION_CLOSING && s->closing == step)
		advance(s);
}

void
v6d_closing_tick(struct v6d_session *s)
{
	advance(s);
}

void
v6d_closing_fail(
    struct v6d_session *s, enum v6d_session_why why, int code, int code2)
{
	if (s->state == V6D_SESSION_DEAD)
		return;
	settle(s, why, code, code2);
	if (s->state != V6D_SESSION_CLOSING) {
		v6d_fsm_close(&s->lcp.fsm);
		if (s->control.call)
			v6d_ctl_end_call(s, CDN_ADMIN);
		if (s->control.started)
			v6d_ctl_stop(s);
	}
	v6d_closing_die(s, why, code, code2);
}

void
v6d_closing_die(
    struct v6d_session *s, enum v6d_session_why why, int code, int code2)
{
	if (s->state == V6D_SESSION_DEAD)
		return;
	settle(s, why, code, code2);
	s->state = V6D_SESSION_DEAD;
	s->queue.close = s->tcp;
	s->queue.dead = true;
}
