/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lend.c - a session that is lent: asks in, answers out, one guest a time. */
#include "io/lend.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "io/borrow.h"
#include "io/dial.h"
#include "io/lines.h"
#include "io/netns.h"
#include "trace/tables.h"

/* Who examines the session at the moment. */
struct guest {
	struct v6d_lend *lend;
	struct v6d_lines *lines;
	struct v6d_flow *flow;
	struct v6d_asker *asker;
	uv_timer_t last; /* the asker's handles are closed before it */
};

struct v6d_lend {
	struct v6d_lend_conf conf;
	char path[256];
	uv_pipe_t pipe;
	struct v6d_dial *dial;
	struct guest *guest;
};

/* ---- lines ---- */

static void
send_object(struct v6d_lines *to, json_t *o)
{
	char *text = o ? json_dumps(o, JSON_COMPACT) : NULL;

	if (text)
		v6d_lines_send(to, text);
	free(text);
	json_decref(o);
}

static void
greet(const struct v6d_lend *l, struct v6d_lines *to, bool busy)
{
	char server[V6D_ADDR_TEXT] = "", netns[64];
	const struct v6d_session *s =
	    l->dial ? v6d_dial_session(l->dial) : NULL;
	bool up = s && v6d_session_state(s) == V6D_SESSION_UP;
	json_t *o = json_pack("{s:s,s:s,s:s,s:i,s:b,s:b}", "schema",
	    V6D_LEND_SCHEMA, "interface", l->conf.interface, "netns",
	    v6d_netns_name(l->conf.ns.private_fd, netns, sizeof(netns)), "pid",
	    (int)getpid(), "up", up, "busy", busy);

	if (up)
		json_object_set_new(o, "server",
		    json_string(v6d_addr_text(
			v6d_dial_server(l->dial), server, sizeof(server))));
	send_object(to, o);
}

/* ---- asks ---- */

static void
answered(void *arg, void *who, const struct v6d_answer *a)
{
	struct guest *g = arg;

	send_object(
	    g->lines, json_pack("{s:I,s:o}", "id", (json_int_t)(uintptr_t)who,
			  "answer", v6d_fields_write(&v6d_fields_answer, a)));
}

static bool
may_be_asked(const struct v6d_ask *q)
{
	switch (q->kind) {
	case V6D_ASK_SESSION:
	case V6D_ASK_BURST:
	case V6D_ASK_CONTROL_ECHO:
		return true;
	case V6D_ASK_PING:
	case V6D_ASK_TCP:
	case V6D_ASK_DNS:
	case V6D_ASK_LIBC:
	case V6D_ASK_HTTP:
	case V6D_ASK_RA:
	case V6D_ASK_ADDRS_OF:
	case V6D_ASK_ROUTES_OF:
	case V6D_ASK_ROUTE_TO:
	case V6D_ASK_SYSCTL:
	case V6D_ASK_COUNTER:
	case V6D_ASK_SYN_IN:
	case V6D_ASK_ICMP_IN:
	case V6D_ASK_TRACE:
	case V6D_ASK_FLOWS:
	case V6D_ASK_SLEEP:
	case V6D_ASK_RULES:
	case V6D_ASK_FILTER:
	case V6D_ASK_BOOT:
	case V6D_ASK_WATCHED:
		break;
	}
	return false;
}

/* False: it is no ask that is carried out here. */
static bool
take_ask(struct guest *g, const json_t *o)
{
	struct v6d_ask q;
	const char *key;
	json_int_t id = json_integer_value(json_object_get(o, "id"));
	const json_t *ask = json_object_get(o, "ask");

	if (id <= 0 || !json_is_object(ask) ||
	    !v6d_fields_read(&v6d_fields_ask, ask, &q, &key) ||
	    !may_be_asked(&q))
		return false;
	v6d_asker_put(g->asker, &q, (void *)(uintptr_t)id);
	return true;
}

/* ---- a guest's time ---- */

static void
on_last_closed(uv_handle_t *h)
{
	struct guest *g = h->data;

	v6d_asker_free(g->asker);
	free(g->flow);
	free(g);
}

/* The asker's handles are closed in this turn of the loop, this in the next. */
static void
on_last(uv_timer_t *t)
{
	uv_close((uv_handle_t *)t, on_last_closed);
}

static void
leave(struct guest *g)
{
	struct v6d_lend *l = g->lend;

	if (l->guest != g)
		return;
	l->guest = NULL;
	v6d_asker_stop(g->asker);
	if (l->dial)
		v6d_dial_examine(l->dial, NULL);
	v6d_lines_close(g->lines);
	g->lines = NULL;
	uv_timer_start(&g->last, on_last, 0, 0);
}

static void
on_line(void *arg, const char *line)
{
	struct guest *g = arg;
	json_t *o = line ? json_loads(line, 0, NULL) : NULL;

	if (!o || !take_ask(g, o))
		leave(g);
	json_decref(o);
}

/* What became of the session before counts as seen. */
static int
make_asker(struct guest *g)
{
	struct v6d_lend *l = g->lend;
	const struct v6d_session *s = v6d_dial_session(l->dial);
	struct v6d_asker_conf c = { .loop = l->conf.loop,
		.ns = l->conf.ns,
		.in_place = true,
		.start = v6d_session_times(s)->start,
		.tunnel = l->conf.interface,
		.dial = l->dial,
		.arg = g,
		.answered = answered };
	int err = v6d_asker_new(&c, &g->asker);

	if (err == 0)
		v6d_asker_news(
		    g->asker, &(struct v6d_ask_news){ .kind = V6D_NEWS_STATE });
	return err;
}

static int
begin(struct guest *g)
{
	int err;

	g->flow = malloc(v6d_flow_size(1));
	if (!g->flow)
		return -ENOMEM;
	v6d_flow_init(g->flow, 1);
	err = make_asker(g);
	return err < 0 ? err : v6d_dial_examine(g->lend->dial, g->flow);
}

/* Someone whose turn it is not hears why, and that is all. */
static void
on_stranger(void *arg, const char *line)
{
	(void)line;
	v6d_lines_close(arg);
}

static void
welcome(struct v6d_lend *l, struct v6d_lines *lines)
{
	struct guest *g = calloc(1, sizeof(*g));

	if (!g) {
		v6d_lines_close(lines);
		return;
	}
	g->lend = l;
	g->lines = lines;
	uv_timer_init(l->conf.loop, &g->last);
	g->last.data = g;
	l->guest = g;
	v6d_lines_hear(lines, on_line, g);
	greet(l, lines, false);
	if (begin(g) < 0)
		leave(g);
}

static void
on_come(uv_stream_t *server, int status)
{
	struct v6d_lend *l = server->data;
	struct v6d_lines *lines = NULL;
	bool up;

	if (status < 0 || v6d_lines_accept(l->conf.loop, server, &lines) < 0)
		return;
	up = l->dial &&
	     v6d_session_state(v6d_dial_session(l->dial)) == V6D_SESSION_UP;
	if (up && !l->guest) {
		welcome(l, lines);
		return;
	}
	v6d_lines_hear(lines, on_stranger, lines);
	greet(l, lines, l->guest != NULL);
	v6d_lines_end(lines);
}

/* ---- the socket ---- */

int
v6d_lend_open(const struct v6d_lend_conf *conf, struct v6d_lend **ret)
{
	struct v6d_lend *l = calloc(1, sizeof(*l));
	int err;

	if (!l)
		return -ENOMEM;
	l->conf = *conf;
	snprintf(l->path, sizeof(l->path), "%s", conf->path);
	unlink(l->path);
	err = uv_pipe_init(conf->loop, &l->pipe, 0);
	if (err < 0) {
		free(l);
		return err;
	}
	l->pipe.data = l;
	err = uv_pipe_bind(&l->pipe, l->path);
	if (err == 0 && chmod(l->path, 0600) < 0)
		err = -errno;
	if (err == 0)
		err = uv_listen((uv_stream_t *)&l->pipe, 4, on_come);
	if (err < 0) {
		v6d_lend_close(l);
		return err;
	}
	*ret = l;
	return 0;
}

void
v6d_lend_session(struct v6d_lend *l, struct v6d_dial *dial)
{
	if (!l || l->dial == dial)
		return;
	if (l->guest)
		leave(l->guest);
	l->dial = dial;
}

void
v6d_lend_news(struct v6d_lend *l, const struct v6d_ask_news *n)
{
	if (l && l->guest)
		v6d_asker_news(l->guest->asker, n);
}

static void
on_pipe_closed(uv_handle_t *h)
{
	free(h->data);
}

void
v6d_lend_close(struct v6d_lend *l)
{
	if (!l)
		return;
	if (l->guest)
		leave(l->guest);
	uv_close((uv_handle_t *)&l->pipe, on_pipe_closed);
}
