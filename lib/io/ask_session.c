/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ask_session.c - waiting for the session: its state, and the router
 * advertisement that comes through it (RFC 4861 4.2).
 */
#include "io/ask_impl.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "io/clock.h"
#include "io/dial.h"
#include "proto/ip.h"

/* So long after an advertisement the kernel has made use of it. */
#define RA_SETTLE_MS 20

static int
no_session(struct v6d_job *j)
{
	const char *why = j->asker->conf.no_session;

	v6d_job_refuse(j, ENOTCONN, "%s", why ? why : "no session was dialled");
	return 0;
}

static void
look_at_state(struct v6d_job *j)
{
	const struct v6d_session *s = v6d_dial_session(j->asker->conf.dial);
	enum v6d_session_state st = v6d_session_state(s);

	j->answer.state = st;
	if (st < j->ask.until)
		return;
	if (st == V6D_SESSION_DEAD)
		snprintf(j->answer.text, sizeof(j->answer.text), "%s: %s",
		    v6d_session_state_text(v6d_session_failed_in(s)),
		    v6d_session_why_text(v6d_session_why(s)));
	v6d_job_done(j);
}

static void
state_news(struct v6d_job *j, const struct v6d_ask_news *n)
{
	if (n->kind == V6D_NEWS_STATE)
		look_at_state(j);
}

int
v6d_ask_session_start(struct v6d_job *j)
{
	if (!j->asker->conf.dial)
		return no_session(j);
	j->on_news = state_news;
	look_at_state(j);
	return 0;
}

void
v6d_ask_ra_keep(struct v6d_asker *a, const struct v6d_ask_news *n)
{
	if (n->len > sizeof(a->ra))
		return;
	memcpy(a->ra, n->data, n->len);
	a->ra_len = n->len;
	a->ra_at = n->at;
}

static void
settled(uv_timer_t *t)
{
	struct v6d_job *j = t->data;
	struct v6d_asker *a = j->asker;
	struct v6d_wire w = v6d_wire_from(a->ra, a->ra_len, a->ra_len);
	struct v6d_wire body;
	struct v6d_ip ip = { 0 };

	if (v6d_ip_decode(&w, &ip, &body) != V6D_WIRE_OK ||
	    v6d_ra_decode(&body, &ip, &j->answer.ra) != V6D_WIRE_OK) {
		snprintf(j->answer.text, sizeof(j->answer.text),
		    "malformed router advertisement");
		j->answer.err = EBADMSG;
	}
	j->answer.ra_seen = true;
	j->answer.ra_from = ip.src;
	v6d_job_done(j);
}

static void
wait_settled(struct v6d_job *j)
{
	v6d_ns age = v6d_clock_now() - j->asker->ra_at;
	uint64_t ms = age / V6D_MS(1);

	if (!uv_is_active((uv_handle_t *)&j->tick))
		uv_timer_start(&j->tick, settled,
		    ms < RA_SETTLE_MS ? RA_SETTLE_MS - ms : 0, 0);
}

static void
ra_news(struct v6d_job *j, const struct v6d_ask_news *n)
{
	if (n->kind == V6D_NEWS_RA && j->asker->ra_len > 0)
		wait_settled(j);
}

int
v6d_ask_ra_start(struct v6d_job *j)
{
	if (!j->asker->conf.dial)
		return no_session(j);
	j->on_news = ra_news;
	if (j->asker->ra_len > 0)
		wait_settled(j);
	return 0;
}
