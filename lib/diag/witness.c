/* SPDX-License-Identifier: GPL-2.0-or-later */
/* witness.c - a view as facts: the order of it, and the control connection. */
#include "diag/witness_impl.h"

#include "proto/icmp.h"
#include "proto/pptp.h"

#define PATIENCE V6D_S(5)
#define SLOW V6D_S(10) /* clients give up at 10 to 60 s (RFC 2637 3.1.4) */

static v6d_ns
earliest(v6d_ns a, v6d_ns b)
{
	return a < b ? a : b;
}

static const struct v6d_view_msg *
msg(const struct v6d_view *v, enum v6d_dir dir, enum v6d_pptp_type type)
{
	return v6d_view_msg(&v->control, dir, type);
}

/* ---- shared ---- */

void
v6d_witness_say(struct v6d_witness *w, v6d_ns at, enum v6d_fact fact,
    const char *subject, enum v6d_state state, const char *word, int64_t value)
{
	v6d_ns begin = w->v->begin;

	if (at == V6D_NEVER)
		at = w->over;
	if (!w->live && !w->stamped)
		w->f->now = at > begin ? at - begin : 0;
	v6d_facts_add(w->f, fact, subject, state, word, value);
}

bool
v6d_witness_waited(const struct v6d_witness *w, v6d_ns since)
{
	return since != V6D_NEVER && w->over >= since &&
	       w->over - since >= w->patience;
}

int64_t
v6d_witness_ms(v6d_ns a, v6d_ns b)
{
	if (a == V6D_NEVER || b == V6D_NEVER || b < a)
		return V6D_NO_VALUE;
	return (int64_t)((b - a) / V6D_MS(1));
}

bool
v6d_witness_near(const struct v6d_view *v, enum v6d_dir sender)
{
	uint8_t ttl = v->ttl[sender];

	if (v->live)
		return sender == V6D_DIR_OUT;
	return ttl == 64 || ttl == 128 || ttl == 255;
}

/* ---- the end of the session ---- */

static v6d_ns
ended_by(const struct v6d_view *v, enum v6d_dir dir)
{
	v6d_ns t = earliest(v->tcp.fin[dir], v->tcp.rst[dir]);

	t = earliest(t, msg(v, dir, V6D_PPTP_STOPCCRQ)->first);
	t = earliest(t, msg(v, dir, V6D_PPTP_CCR)->first);
	t = earliest(t, msg(v, dir, V6D_PPTP_CDN)->first);
	return t;
}

/* A Terminate-Request of the client's announces that it is leaving. */
static v6d_ns
ended_by_client(const struct v6d_view *v)
{
	v6d_ns ours =
	    v6d_view_neg(&v->ppp, V6D_VIEW_LCP, V6D_DIR_OUT)->term_req;
	v6d_ns theirs =
	    v6d_view_neg(&v->ppp, V6D_VIEW_LCP, V6D_DIR_IN)->term_req;
	v6d_ns t = ended_by(v, V6D_DIR_OUT);

	return ours < theirs ? earliest(t, ours) : t;
}

/* ---- TCP ---- */

/* Nothing came from the server since a Set-Link-Info passed. */
static bool
silent_since_sli(const struct v6d_view *v)
{
	v6d_ns sli = earliest(msg(v, V6D_DIR_OUT, V6D_PPTP_SLI)->first,
	    msg(v, V6D_DIR_IN, V6D_PPTP_SLI)->first);

	if (sli == V6D_NEVER)
		return false;
	for (unsigned i = 0; i < V6D_VIEW_MSGS; i++) {
		const struct v6d_view_msg *m =
		    v6d_view_msg(&v->control, V6D_DIR_IN, i);

		if (m->n > 0 && m->last > sli)
			return false;
	}
	return true;
}

static void
server_alive(struct v6d_witness *w)
{
	const struct v6d_view *v = w->v;

	if (v->n_pong > 0)
		v6d_witness_say(w, V6D_NEVER, V6D_FACT_SERVER_ALIVE, NULL,
		    V6D_OK, NULL, V6D_NO_VALUE);
	else if (v->n_ping >= 2)
		v6d_witness_say(w, V6D_NEVER, V6D_FACT_SERVER_ALIVE, NULL,
		    V6D_BAD, "silent", V6D_NO_VALUE);
}

static bool
is_prohibited(const struct v6d_view_icmp *m)
{
	return m->type == V6D_ICMP_UNREACHABLE &&
	       (m->code == 9 || m->code == 10 || m->code == 13);
}

/* The error about our TCP that says most, or NULL. */
static const struct v6d_view_icmp *
tcp_error(const struct v6d_view *v)
{
	const struct v6d_view_icmp *best = NULL;

	for (unsigned i = 0; i < v->n_icmp; i++) {
		const struct v6d_view_icmp *m = &v->icmp[i];

		if (m->gre || m->dir != V6D_DIR_OUT ||
		    m->type != V6D_ICMP_UNREACHABLE || m->code == 4)
			continue;
		if (!best || is_prohibited(m))
			best = m;
	}
	return best;
}

static void
tcp_failed(struct v6d_witness *w)
{
	const struct v6d_view_tcp *t = &w->v->tcp;
	const struct v6d_view_icmp *m = tcp_error(w->v);
	const char *word = NULL;
	char from[V6D_ADDR_TEXT];

	if (m) {
		word = is_prohibited(m) ? "prohibited" : "unreachable";
		v6d_witness_say(w, m->first, V6D_FACT_CONTROL_ICMP,
		    v6d_addr_text(&m->from, from, sizeof(from)), V6D_BAD, word,
		    m->type * 256 + m->code);
	} else if (t->rst[V6D_DIR_IN] != V6D_NEVER) {
		word = "refused";
	} else if (t->unreachable) {
		word = "unreachable";
	} else if (t->timeout || v6d_witness_waited(w, t->syn)) {
		word = "timeout";
	}
	if (word)
		v6d_witness_say(w, V6D_NEVER, V6D_FACT_CONTROL_TCP, NULL,
		    V6D_BAD, word, v6d_witness_ms(t->syn, w->over));
}

/* Returns false when the connection did not come about. */
static bool
tcp(struct v6d_witness *w)
{
	const struct v6d_view_tcp *t = &w->v->tcp;

	if (w->v->gre_only)
		return false;
	if (t->synack != V6D_NEVER || t->bytes[V6D_DIR_IN] > 0) {
		v6d_witness_say(w, t->synack, V6D_FACT_CONTROL_TCP, NULL,
		    V6D_OK, NULL, v6d_witness_ms(t->syn, t->synack));
		return true;
	}
	if (t->midway)
		return true;
	tcp_failed(w);
	return false;
}

/*
 * Segments that one end sent and the other did not get, though the handshake
 * passed: somebody on the way looks into the stream.
 */
static void
swallowed(struct v6d_witness *w)
{
	const struct v6d_view_tcp *t = &w->v->tcp;

	if (t->unacked[V6D_DIR_OUT] && t->n_again[V6D_DIR_OUT] >= 3 &&
	    silent_since_sli(w->v))
		v6d_witness_say(w, V6D_NEVER, V6D_FACT_CONTROL_LOST, NULL,
		    V6D_BAD, "after-sli", V6D_NO_VALUE);
	else if (t->swallowed[V6D_DIR_IN] > 0)
		v6d_witness_say(w, t->fin[V6D_DIR_IN], V6D_FACT_CONTROL_LOST,
		    NULL, V6D_BAD, "lost-in", t->swallowed[V6D_DIR_IN]);
	else if (t->unacked[V6D_DIR_OUT] && t->n_again[V6D_DIR_OUT] >= 3)
		v6d_witness_say(w, V6D_NEVER, V6D_FACT_CONTROL_LOST, NULL,
		    V6D_BAD, "lost-out", V6D_NO_VALUE);
	else if (t->unacked[V6D_DIR_IN] && t->n_again[V6D_DIR_IN] >= 3)
		v6d_witness_say(w, V6D_NEVER, V6D_FACT_CONTROL_LOST, NULL,
		    V6D_BAD, "lost-in", V6D_NO_VALUE);
	else if (t->bytes[V6D_DIR_OUT] > 0 && !t->unacked[V6D_DIR_OUT] &&
		 !w->live)
		v6d_witness_say(w, V6D_NEVER, V6D_FACT_CONTROL_LOST, NULL,
		    V6D_OK, NULL, V6D_NO_VALUE);
}

/* ---- messages ---- */

/* Why no reply came to what was sent at `asked`; NULL: cannot be told. */
static const char *
why_no_reply(const struct v6d_witness *w, v6d_ns asked)
{
	const struct v6d_view_tcp *t = &w->v->tcp;
	v6d_ns fin = t->fin[V6D_DIR_IN], rst = t->rst[V6D_DIR_IN];
	bool left = w->by_client < earliest(fin, rst);

	/* The reply may be in what the capture does not hold. */
	if (t->unread[V6D_DIR_IN] > 0 || t->missing[V6D_DIR_IN] > 0)
		return NULL;

	if (v6d_witness_waited(w, asked) || t->swallowed[V6D_DIR_IN] > 0)
		return "timeout";
	if (left || asked == V6D_NEVER)
		return NULL;
	if (rst != V6D_NEVER && rst < fin)
		return "reset";
	if (fin != V6D_NEVER)
		return "closed";
	return NULL;
}

/* A reply that came, and late. */
static void
slow(struct v6d_witness *w, v6d_ns asked, const struct v6d_view_msg *r,
    const char *which)
{
	if (asked != V6D_NEVER && r->first >= asked + SLOW)
		v6d_witness_say(w, r->first, V6D_FACT_CONTROL_SLOW, NULL,
		    V6D_BAD, which, v6d_witness_ms(asked, r->first));
}

static void
start(struct v6d_witness *w)
{
	const struct v6d_view *v = w->v;
	const struct v6d_view_msg *r = msg(v, V6D_DIR_IN, V6D_PPTP_SCCRP);
	v6d_ns asked = msg(v, V6D_DIR_OUT, V6D_PPTP_SCCRQ)->first;
	const char *why;

	if (r->n > 0) {
		/* 0 is taken for success by every client in use */
		bool ok = r->result <= 1;

		slow(w, asked, r, "start");
		v6d_witness_say(w, r->first, V6D_FACT_CONTROL_START, NULL,
		    ok ? V6D_OK : V6D_BAD, ok ? NULL : "refused", r->result);
		return;
	}
	if (v->control.not_pptp[V6D_DIR_IN]) {
		v6d_witness_say(w, v->control.not_pptp_at[V6D_DIR_IN],
		    V6D_FACT_CONTROL_START, NULL, V6D_BAD, "not-pptp",
		    V6D_NO_VALUE);
		return;
	}
	if (v->tcp.midway || v->control.call_up != V6D_NEVER)
		return;
	if (asked == V6D_NEVER)
		asked = v->tcp.up;
	why = why_no_reply(w, asked);
	if (why)
		v6d_witness_say(w, V6D_NEVER, V6D_FACT_CONTROL_START, NULL,
		    V6D_BAD, why, V6D_NO_VALUE);
}

static void
call(struct v6d_witness *w)
{
	const struct v6d_view *v = w->v;
	const struct v6d_view_msg *r = msg(v, V6D_DIR_IN, V6D_PPTP_OCRP);
	v6d_ns asked = msg(v, V6D_DIR_OUT, V6D_PPTP_OCRQ)->first;
	const char *why;

	if (r->n > 0)
		slow(w, asked, r, "call");
	if (v->control.call_up != V6D_NEVER) {
		v6d_witness_say(w, v->control.call_up, V6D_FACT_CONTROL_CALL,
		    NULL, V6D_OK, NULL, 1);
		return;
	}
	if (r->n > 0) {
		v6d_witness_say(w, r->first, V6D_FACT_CONTROL_CALL,
		    v6d_pptp_result_text(V6D_PPTP_OCRP, r->result), V6D_BAD,
		    "refused", r->result);
		return;
	}
	why = why_no_reply(w, asked);
	if (why && asked != V6D_NEVER)
		v6d_witness_say(w, V6D_NEVER, V6D_FACT_CONTROL_CALL, NULL,
		    V6D_BAD, why, V6D_NO_VALUE);
}

static const char *
hangup_word(const struct v6d_view *v, v6d_ns at)
{
	if (msg(v, V6D_DIR_IN, V6D_PPTP_CDN)->first == at)
		return "disconnect";
	if (msg(v, V6D_DIR_IN, V6D_PPTP_STOPCCRQ)->first == at)
		return "stop";
	return v->tcp.rst[V6D_DIR_IN] == at ? "reset" : "closed";
}

static void
hangup(struct v6d_witness *w)
{
	const struct v6d_view *v = w->v;
	v6d_ns up = v->control.call_up;
	int64_t after = v6d_witness_ms(up, w->by_server);

	/* How soon tells of a NAT on the way; between two neighbours is none */
	if (v6d_witness_near(v, V6D_DIR_OUT) && v6d_witness_near(v, V6D_DIR_IN))
		after = V6D_NO_VALUE;
	if (up == V6D_NEVER)
		return;
	if (w->by_server < w->by_client)
		v6d_witness_say(w, w->by_server, V6D_FACT_CONTROL_HANGUP, NULL,
		    V6D_BAD, hangup_word(v, w->by_server), after);
	else if (!w->again || v->gre[V6D_DIR_IN].frames > 0)
		v6d_witness_say(w, V6D_NEVER, V6D_FACT_CONTROL_HANGUP, NULL,
		    V6D_OK, NULL, V6D_NO_VALUE);
}

static void
echo(struct v6d_witness *w)
{
	const struct v6d_view *v = w->v;
	v6d_ns asked = msg(v, V6D_DIR_OUT, V6D_PPTP_ECHORQ)->last;

	if (v->control.n_echo_lost[V6D_DIR_OUT] > 0 &&
	    v6d_witness_waited(w, asked))
		v6d_witness_say(w, V6D_NEVER, V6D_FACT_CONTROL_ECHO, NULL,
		    V6D_BAD, "timeout", V6D_NO_VALUE);
	else if (msg(v, V6D_DIR_IN, V6D_PPTP_ECHORP)->n > 0)
		v6d_witness_say(w, msg(v, V6D_DIR_IN, V6D_PPTP_ECHORP)->last,
		    V6D_FACT_CONTROL_ECHO, NULL, V6D_OK, NULL, V6D_NO_VALUE);
}

void
v6d_witness_control(struct v6d_witness *w)
{
	server_alive(w);
	if (!tcp(w))
		return;
	start(w);
	call(w);
	swallowed(w);
	hangup(w);
	echo(w);
}

/* ---- all of it ---- */

bool
v6d_witness_is_session(const struct v6d_view *v)
{
	return v->tcp.syn != V6D_NEVER || v->control.call_up != V6D_NEVER ||
	       v->tcp.bytes[0] + v->tcp.bytes[1] > 0 ||
	       v->gre[0].frames + v->gre[1].frames > 0;
}

void
v6d_witness(const struct v6d_view *v, const struct v6d_witness_how *how,
    struct v6d_facts *f)
{
	struct v6d_witness w = {
		.v = v,
		.f = f,
		.live = how->live,
		.shared = how->shared,
		.again = how->again,
	};

	w.patience = how->patience ? how->patience : PATIENCE;
	w.end = how->live || how->carrier ? how->now : v->end;
	w.stamped = how->carrier;
	w.by_client = ended_by_client(v);
	w.by_server = ended_by(v, V6D_DIR_IN);
	w.over = earliest(w.end, earliest(w.by_client, w.by_server));
	v6d_witness_control(&w);
	v6d_witness_outside(&w);
	v6d_witness_gre(&w);
	if (how->carrier) {
		v6d_witness_carried(&w);
		return;
	}
	v6d_witness_ppp(&w);
	v6d_witness_ra(&w);
	v6d_witness_out(&w);
	if (how->live)
		v6d_witness_ptb(&w);
	else
		v6d_witness_path(&w);
}
