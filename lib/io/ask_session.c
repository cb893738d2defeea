/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ask_session.c - waiting for the session: its state, the router
 * advertisement that comes through it (RFC 4861 4.2), and the reply to a
 * control Echo-Request (RFC 2637 2.6).
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
#define SOLICIT_MS 1000

static int
no_session(struct v6d_job *j)
{
	const char *why = j->asker->conf.no_session;

	v6d_job_refuse(j, ENOTCONN, "%s", why ? why : "no session was dialled");
	return 0;
}

static v6d_ns
since(v6d_ns start, v6d_ns at)
{
	return at == V6D_NEVER ? V6D_NEVER : at - start;
}

static void
fill_times(struct v6d_session_times *t, v6d_ns start)
{
	t->start = since(start, t->start);
	t->tcp = since(start, t->tcp);
	t->sccrp = since(start, t->sccrp);
	t->ocrp = since(start, t->ocrp);
	t->first_gre = since(start, t->first_gre);
	t->lcp = since(start, t->lcp);
	t->auth = since(start, t->auth);
	t->ipv6cp = since(start, t->ipv6cp);
}

/* An end that we wanted ourselves does not undo what had been reached. */
static enum v6d_session_state
state_now(const struct v6d_job *j, const struct v6d_session *s)
{
	enum v6d_session_state st = v6d_session_state(s);
	enum v6d_session_why why = v6d_session_why(s);

	if (st >= V6D_SESSION_CLOSING &&
	    (why == V6D_WHY_NONE || why == V6D_WHY_STOPPED) &&
	    j->asker->reached >= j->ask.until)
		return j->asker->reached;
	return st;
}

/* RFC 5072 5: fe80::/64 and the interface identifier. */
static struct v6d_addr
link_local(const uint8_t ifid[8])
{
	uint8_t b[16] = { 0xfe, 0x80 };

	memcpy(b + 8, ifid, 8);
	return v6d_addr_6(b);
}

static void
fill_gre(struct v6d_answer *r, const struct v6d_view *v)
{
	if (!v)
		return;
	r->in_gaps_known = true;
	r->in_frames = (uint32_t)v->gre[V6D_DIR_IN].frames;
	r->in_gaps = (uint32_t)v6d_view_odd(&v->gre[V6D_DIR_IN])->gaps;
}

static void
fill_state(struct v6d_job *j)
{
	const struct v6d_session *s = v6d_dial_session(j->asker->conf.dial);
	struct v6d_answer *r = &j->answer;

	r->state = state_now(j, s);
	r->failed_in = v6d_session_failed_in(s);
	r->why = v6d_session_why(s);
	r->code = v6d_session_code(s);
	r->code2 = v6d_session_code2(s);
	r->times = *v6d_session_times(s);
	fill_times(&r->times, j->asker->conf.start);
	r->peer_mru = v6d_session_peer_mru(s);
	fill_gre(r, v6d_dial_view(j->asker->conf.dial));
	if (r->state == V6D_SESSION_UP)
		r->peer = link_local(v6d_session_peer_ifid(s));
	if (r->state == V6D_SESSION_DEAD)
		snprintf(r->text, sizeof(r->text), "%s: %s",
		    v6d_session_state_text(r->failed_in),
		    v6d_session_why_text(r->why));
}

static void
look_at_state(struct v6d_job *j)
{
	if (j->asker->held)
		return;
	if (!j->asker->conf.dial) {
		no_session(j);
		return;
	}
	fill_state(j);
	if (j->answer.state >= j->ask.until)
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
	j->on_expire = fill_state;
	look_at_state(j);
	return 0;
}

void
v6d_ask_session_keep(struct v6d_asker *a)
{
	enum v6d_session_state st;

	if (!a->conf.dial)
		return;
	st = v6d_session_state(v6d_dial_session(a->conf.dial));
	if (st < V6D_SESSION_CLOSING && st > a->reached)
		a->reached = st;
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

	if (j->closing)
		return;
	j->closing = true;
	uv_timer_start(
	    &j->tick, settled, ms < RA_SETTLE_MS ? RA_SETTLE_MS - ms : 0, 0);
}

/*
 * The kernel's solicitation can come before the router listens, and its next
 * one takes 4 s (RFC 4861 6.3.7).
 */
static void
solicit(uv_timer_t *t)
{
	struct v6d_job *j = t->data;
	struct v6d_dial *d = j->asker->conf.dial;
	const struct v6d_session *s = v6d_dial_session(d);
	struct v6d_addr from = v6d_addr_link_local(v6d_session_ifid(s));
	uint8_t buf[64];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	if (v6d_session_state(s) != V6D_SESSION_UP)
		return;
	v6d_rs_encode_packet(&o, &from);
	v6d_dial_send(d, buf, o.len);
}

/* A dead session brings no advertisement any more. */
static void
look_at_end(struct v6d_job *j)
{
	const struct v6d_session *s;

	if (j->asker->held || j->asker->ra_len > 0)
		return;
	if (!j->asker->conf.dial) {
		no_session(j);
		return;
	}
	s = v6d_dial_session(j->asker->conf.dial);
	if (v6d_session_state(s) != V6D_SESSION_DEAD)
		return;
	snprintf(j->answer.text, sizeof(j->answer.text),
	    "the session has ended: %s",
	    v6d_session_why_text(v6d_session_why(s)));
	v6d_job_failed(j, ENOTCONN);
}

static void
ra_news(struct v6d_job *j, const struct v6d_ask_news *n)
{
	if (n->kind == V6D_NEWS_RA && j->asker->ra_len > 0)
		wait_settled(j);
	if (n->kind == V6D_NEWS_STATE)
		look_at_end(j);
}

static void
fill_tcp(struct v6d_job *j)
{
	struct v6d_tcpinfo i;

	if (!v6d_dial_tcpinfo(j->asker->conf.dial, &i))
		return;
	j->answer.segments = i.segments;
	j->answer.again = i.again;
	j->answer.unacked = i.unacked;
}

static void
control_echo_news(struct v6d_job *j, const struct v6d_ask_news *n)
{
	const struct v6d_session *s = v6d_dial_session(j->asker->conf.dial);

	if (n->kind == V6D_NEWS_CONTROL_ECHO) {
		fill_tcp(j);
		v6d_job_done(j);
	} else if (n->kind == V6D_NEWS_STATE &&
		   v6d_session_state(s) >= V6D_SESSION_CLOSING) {
		v6d_job_failed(j, ENOTCONN);
	}
}

int
v6d_ask_control_echo_start(struct v6d_job *j)
{
	struct v6d_dial *d = j->asker->conf.dial;

	if (!d)
		return no_session(j);
	j->on_news = control_echo_news;
	j->on_expire = fill_tcp;
	if (!v6d_dial_control_echo(d))
		v6d_job_failed(j, ENOTCONN);
	return 0;
}

int
v6d_ask_ra_start(struct v6d_job *j)
{
	if (!j->asker->conf.dial)
		return no_session(j);
	j->on_news = ra_news;
	if (j->asker->ra_len > 0)
		wait_settled(j);
	else
		uv_timer_start(&j->tick, solicit, SOLICIT_MS, SOLICIT_MS);
	look_at_end(j);
	return 0;
}
