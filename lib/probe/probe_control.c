/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probe_control.c - does the server take a call on TCP 1723 (RFC 2637 2)? The
 * messages themselves are witnessed elsewhere; here is the patience, and
 * when TCP does not come up, who else is alive.
 */
#include <errno.h>
#include <string.h>

#include "probe/help.h"

#define EARLY V6D_MS(1200) /* two SYNs; then the others are asked as well */
#define TCP_PATIENCE V6D_S(4)
#define REPLY_PATIENCE V6D_S(4)
#define ALIVE_PATIENCE V6D_MS(1500)
#define PPTP_PORT 1723
#define HOPS 20
#define SLOW V6D_S(3)
#define TIME_EXCEEDED 11 /* ICMP type, RFC 792 */
#define OTHER_PORT 1 /* tcpmux: closed nearly everywhere, so reset */

enum tag { TCP, TCP_LATE, START, CALL, PING, PORT, TRACE_PPTP, TRACE_OTHER };

struct control {
	enum v6d_session_state state, failed_in;
	enum v6d_session_why why;
	int code;
	bool timed_out, session_over;
	unsigned left; /* of what tells whether the server is alive */
	bool alive_asked, alive, silent, prohibited;
	bool traced[2]; /* 1723, the other port */
	unsigned hops[2]; /* so far they got */
	bool arrived[2];
	struct v6d_addr last[2]; /* the last router that answered */
	struct v6d_addr hop[HOPS]; /* of the other port */
};

static struct control *
mine(struct v6d_probe_run *r)
{
	return (struct control *)(void *)r->state;
}

static void
start(struct v6d_probe_run *r)
{
	const char *why = v6d_help_no_session(r->plan);

	if (!why) {
		v6d_help_session(r, V6D_SESSION_WAIT_START, EARLY, TCP);
		return;
	}
	if (r->plan->in_place && v6d_probe_ok(r, V6D_FACT_CONTROL_TCP))
		v6d_probe_end(r, V6D_PROBE_PASS,
		    "a session is up already: its control connection stands "
		    "(--dial makes a second one)");
	else if (v6d_probe_bad(r, V6D_FACT_SERVER_NAME))
		v6d_probe_end(r, V6D_PROBE_FAIL,
		    "the server's name does not resolve: %.80s",
		    r->plan->server_name);
	else
		v6d_probe_end(r, V6D_PROBE_SKIPPED, "%s", why);
}

static void
ask_trace(struct v6d_probe_run *r, uint16_t port, enum tag tag)
{
	struct v6d_ask q = { .kind = V6D_ASK_TRACE,
		.tag = tag,
		.addr = r->plan->server,
		.port = port,
		.flows = HOPS,
		.timeout = ALIVE_PATIENCE };

	v6d_probe_ask(r, &q);
}

static void
ask_alive(struct v6d_probe_run *r)
{
	struct control *c = mine(r);

	if (c->alive_asked)
		return;
	c->alive_asked = true;
	c->left = 4;
	v6d_help_ping(
	    r, V6D_NS_HOST, &r->plan->server, 3, ALIVE_PATIENCE, PING);
	v6d_help_tcp(
	    r, V6D_NS_HOST, &r->plan->server, OTHER_PORT, ALIVE_PATIENCE, PORT);
	ask_trace(r, PPTP_PORT, TRACE_PPTP);
	ask_trace(r, OTHER_PORT, TRACE_OTHER);
}

/* How far did handshakes with that port get, and who was the last to answer? */
static void
on_trace(struct control *c, const struct v6d_answer *a)
{
	unsigned which = a->tag - TRACE_PPTP;

	c->left--;
	if (a->how != V6D_ANSWER_DONE)
		return;
	c->traced[which] = true;
	for (unsigned i = 0; i < a->n_frames && i < HOPS; i++) {
		const struct v6d_answer_frame *f = &a->frames[i];

		if (f->error_from.family != 0 &&
		    f->error >> 8 == TIME_EXCEEDED) {
			c->hops[which] = i + 1;
			c->last[which] = f->error_from;
			if (which == 1)
				c->hop[i] = f->error_from;
		}
		if (f->answered && !c->arrived[which]) {
			c->arrived[which] = true;
			c->hops[which] = i + 1;
			return;
		}
	}
}

/*
 * Where port 1723 ends before another port does, it is that port that is
 * stopped; where the next hop is the server itself, it may be its own doing.
 */
static void
trace_fact(struct v6d_probe_run *r)
{
	const struct control *c = mine(r);
	const struct v6d_addr *next;
	unsigned n = c->hops[0];
	char text[V6D_ADDR_TEXT];
	bool shorter;

	if (!c->traced[0] || !c->traced[1] || c->arrived[0] || n == 0)
		return;
	shorter = n < c->hops[1];
	v6d_help_text(&c->last[0], text);
	v6d_probe_fact(r, V6D_FACT_CONTROL_HOP_LAST, text, V6D_OK, NULL, n);
	if (!shorter) {
		v6d_probe_fact(
		    r, V6D_FACT_CONTROL_TRACE, text, V6D_UNKNOWN, "same", n);
		return;
	}
	next = n + 1 == c->hops[1] && c->arrived[1] ? &r->plan->server
						    : &c->hop[n];
	v6d_probe_fact(r, V6D_FACT_CONTROL_TRACE, text, V6D_BAD,
	    next == &r->plan->server ? "server" : "router", n);
	if (next->family != 0)
		v6d_probe_fact(r, V6D_FACT_CONTROL_HOP_NEXT,
		    v6d_help_text(next, text), V6D_OK, NULL, n + 1);
}

static void
on_alive(struct control *c, const struct v6d_answer *a)
{
	c->left--;
	c->alive |= a->tag == PING ? v6d_help_pong(a) != NULL
				   : v6d_help_tcp_answered(a);
	c->silent |= a->how == V6D_ANSWER_TIMEOUT;
	for (unsigned i = 0; i < a->n_frames; i++)
		c->prohibited |= a->frames[i].error >> 8 == 3;
}

static void
alive_fact(struct v6d_probe_run *r)
{
	const struct control *c = mine(r);
	char text[V6D_ADDR_TEXT];
	const char *word = c->prohibited ? "prohibited" : "silent";

	if (!c->alive && !c->silent && !c->prohibited)
		return; /* it could not be asked */
	v6d_probe_fact(r, V6D_FACT_SERVER_ALIVE,
	    v6d_help_text(&r->plan->server, text), c->alive ? V6D_OK : V6D_BAD,
	    c->alive ? NULL : word, V6D_NO_VALUE);
}

/* A fact that the messages alone could not make: nothing came in time. */
static void
no_answer(struct v6d_probe_run *r, enum v6d_fact fact)
{
	if (!v6d_probe_seen(r, fact))
		v6d_probe_fact(r, fact, NULL, V6D_BAD, "timeout", V6D_NO_VALUE);
}

static const char *
tcp_word(int err)
{
	switch (err) {
	case ECONNREFUSED:
		return "refused";
	case EACCES:
	case EPERM:
		return "local";
	case ETIMEDOUT:
		return "timeout";
	}
	return "unreachable";
}

static void
tcp_failed(struct v6d_probe_run *r)
{
	struct control *c = mine(r);
	const struct v6d_obs *o;
	char text[V6D_ADDR_TEXT];

	alive_fact(r);
	trace_fact(r);
	if (!v6d_probe_seen(r, V6D_FACT_CONTROL_TCP))
		v6d_probe_fact(r, V6D_FACT_CONTROL_TCP, NULL, V6D_BAD,
		    c->timed_out ? "timeout" : tcp_word(c->code), V6D_NO_VALUE);
	o = v6d_facts_last(r->facts, V6D_FACT_CONTROL_TCP);
	v6d_probe_end(r, V6D_PROBE_FAIL, "TCP 1723 of %s: %s%s",
	    v6d_help_text(&r->plan->server, text),
	    o ? o->word : "no connection",
	    c->alive    ? "; the server answers otherwise"
	    : c->silent ? "; nothing else of the server answers either"
			: "");
}

static const char *
stage_words(enum v6d_session_state st)
{
	return st <= V6D_SESSION_WAIT_START
		   ? "the control connection was not taken"
		   : "the call was not taken";
}

static void
call_failed(struct v6d_probe_run *r)
{
	struct control *c = mine(r);
	enum v6d_session_state st =
	    c->state == V6D_SESSION_DEAD ? c->failed_in : c->state;

	if (c->timed_out || c->why == V6D_WHY_TIMEOUT)
		no_answer(r, st <= V6D_SESSION_WAIT_START
				 ? V6D_FACT_CONTROL_START
				 : V6D_FACT_CONTROL_CALL);
	if (c->timed_out)
		v6d_probe_end(r, V6D_PROBE_FAIL, "%s: no answer in %u s",
		    stage_words(st), v6d_help_ms(REPLY_PATIENCE) / 1000);
	else if (c->why == V6D_WHY_START_REFUSED ||
		 c->why == V6D_WHY_CALL_REFUSED)
		v6d_probe_end(r, V6D_PROBE_FAIL, "%s: %s (code %d)",
		    stage_words(st), v6d_session_why_text(c->why), c->code);
	else
		v6d_probe_end(r, V6D_PROBE_FAIL, "%s: %s", stage_words(st),
		    v6d_session_why_text(c->why));
}

/* The first of the two replies that was long in coming. */
static void
slow_fact(struct v6d_probe_run *r, const struct v6d_session_times *t)
{
	v6d_ns start, call;
	bool slow;

	if (t->tcp == V6D_NEVER || t->sccrp == V6D_NEVER ||
	    t->ocrp == V6D_NEVER)
		return;
	start = t->sccrp - t->tcp;
	call = t->ocrp - t->sccrp;
	slow = start > SLOW || call > SLOW;
	v6d_probe_fact(r, V6D_FACT_CONTROL_SLOW, NULL, slow ? V6D_BAD : V6D_OK,
	    !slow          ? NULL
	    : start > SLOW ? "start"
			   : "call",
	    (int64_t)v6d_help_ms(start > call ? start : call));
}

static void
call_up(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	const struct v6d_session_times *t = &a->times;

	slow_fact(r, t);
	if (t->ocrp != V6D_NEVER && t->start != V6D_NEVER &&
	    t->tcp != V6D_NEVER)
		v6d_probe_end(r, V6D_PROBE_PASS,
		    "the server takes the call (TCP %u ms, call %u ms)",
		    v6d_help_ms(t->tcp - t->start),
		    v6d_help_ms(t->ocrp - t->start));
	else
		v6d_probe_end(r, V6D_PROBE_PASS, "the server takes the call");
}

/* The session got no further by itself, or is dead: who else is there? */
static void
session_over(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	struct control *c = mine(r);

	c->session_over = true;
	c->state = a->state;
	c->failed_in = a->failed_in;
	c->why = a->why;
	c->code = a->code;
	c->timed_out = a->how == V6D_ANSWER_TIMEOUT;
	if (v6d_help_reached(a, V6D_SESSION_WAIT_START))
		call_failed(r);
	else
		ask_alive(r);
}

static void
on_session(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	if (a->how == V6D_ANSWER_REFUSED) {
		v6d_probe_end(
		    r, V6D_PROBE_UNKNOWN, "no call was made: %.120s", a->text);
		return;
	}
	if (v6d_help_reached(a, V6D_SESSION_LCP)) {
		call_up(r, a);
		return;
	}
	if (a->tag == TCP && a->how == V6D_ANSWER_TIMEOUT) {
		ask_alive(r);
		v6d_help_session(
		    r, V6D_SESSION_WAIT_START, TCP_PATIENCE - EARLY, TCP_LATE);
		return;
	}
	if (a->how == V6D_ANSWER_TIMEOUT || a->state >= V6D_SESSION_CLOSING) {
		session_over(r, a);
		return;
	}
	if (a->state == V6D_SESSION_WAIT_START)
		v6d_help_session(
		    r, V6D_SESSION_WAIT_CALL, REPLY_PATIENCE, START);
	else
		v6d_help_session(r, V6D_SESSION_LCP, REPLY_PATIENCE, CALL);
}

static void
answer(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	struct control *c = mine(r);

	switch ((enum tag)a->tag) {
	case TCP:
	case TCP_LATE:
	case START:
	case CALL:
		on_session(r, a);
		break;
	case PING:
	case PORT:
		on_alive(c, a);
		break;
	case TRACE_PPTP:
	case TRACE_OTHER:
		on_trace(c, a);
		break;
	}
	if (r->status == V6D_PROBE_RUNNING && c->session_over && c->left == 0)
		tcp_failed(r);
}

const struct v6d_probe v6d_probe_control = {
	.name = "control",
	.question = "Does the server take a call on TCP port 1723?",
	.after = "",
	.needs = "",
	.without = "",
	.start = start,
	.answer = answer,
};
