/* SPDX-License-Identifier: GPL-2.0-or-later */
/* run.c - a run's loop: asks go out, answers come in, the time is kept. */
#include "io/run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/clock.h"
#include "io/run_impl.h"
#include "probe/help.h"

#define STOP_PATIENCE_MS 800 /* for the peer's part of an orderly end */
/* Where losses are the fault nothing that comes later would change it. */
#define LOSSY_UNTIL V6D_MS(8900)
#define USUAL_SESSIONS 128 /* more take longer, and were asked for */

static v6d_ns
since_start(const struct v6d_run *r)
{
	return v6d_clock_now() - r->start;
}

static void
close_all(struct v6d_run *r)
{
	if (r->closed)
		return;
	r->closed = true;
	v6d_asker_stop(r->asker);
	v6d_watch_free(r->watch);
	r->watch = NULL;
	v6d_dial_free(r->dial);
	r->dial = NULL;
	uv_close((uv_handle_t *)&r->timer, NULL);
	uv_close((uv_handle_t *)&r->redial, NULL);
	uv_close((uv_handle_t *)&r->on_int, NULL);
	uv_close((uv_handle_t *)&r->on_term, NULL);
}

static void
stop_expired(uv_timer_t *t)
{
	close_all(t->data);
}

void
v6d_run_session_over(struct v6d_run *r)
{
	if (r->over)
		uv_timer_start(&r->timer, stop_expired, 0, 0);
}

/* The facts stand; the session is ended in order, not longer than needed. */
static void
finish(struct v6d_run *r)
{
	if (r->over)
		return;
	r->over = true;
	v6d_run_conclude(r);
	if (!r->dial ||
	    v6d_session_state(v6d_dial_session(r->dial)) == V6D_SESSION_DEAD) {
		close_all(r);
		return;
	}
	uv_timer_start(&r->timer, stop_expired, STOP_PATIENCE_MS, 0);
	v6d_dial_stop(r->dial);
}

static void deadline_passed(uv_timer_t *t);

/* Each wait is longer on a line that is known to lose many packets. */
static void
hurry(struct v6d_run *r)
{
	v6d_ns now = since_start(r);
	uint64_t left = now < LOSSY_UNTIL ? (LOSSY_UNTIL - now) / V6D_MS(1) : 0;

	if (r->hurried || r->plan.idle > 0 ||
	    r->plan.max_sessions > USUAL_SESSIONS || !v6d_help_heavy(&r->facts))
		return;
	r->hurried = true;
	if (left < uv_timer_get_due_in(&r->timer))
		uv_timer_start(&r->timer, deadline_passed, left, 0);
}

static void
pump(struct v6d_run *r)
{
	v6d_ns now = since_start(r);
	struct v6d_probe_run *who;
	struct v6d_ask ask;

	if (r->over)
		return;
	v6d_record_turn(&r->record, now);
	while (v6d_graph_take(r->graph, now, &ask, &who)) {
		v6d_record_ask(&r->record, who, &ask);
		v6d_asker_put(r->asker, &ask, who);
	}
	if (r->conf.moved)
		r->conf.moved(r->conf.arg, r->graph);
	if (v6d_graph_done(r->graph))
		finish(r);
	else
		hurry(r);
}

static void
answered(void *arg, void *who, const struct v6d_answer *a)
{
	struct v6d_run *r = arg;
	v6d_ns now;

	if (r->over)
		return;
	if (a->kind == V6D_ASK_WATCHED)
		v6d_run_watched(r);
	v6d_run_witness(r);
	now = since_start(r);
	v6d_record_answer(&r->record, who, a, now);
	v6d_graph_answer(r->graph, who, a, now);
	pump(r);
}

static void
give_up(struct v6d_run *r)
{
	v6d_ns now;

	if (r->over)
		return;
	v6d_run_witness(r);
	now = since_start(r);
	v6d_record_expire(&r->record, now);
	v6d_graph_expire(r->graph, now);
	finish(r);
}

static void
deadline_passed(uv_timer_t *t)
{
	give_up(t->data);
}

/* The first signal ends the run in order, the second at once. */
static void
signalled(uv_signal_t *s, int number)
{
	struct v6d_run *r = s->data;

	if (r->signal != 0)
		_exit(128 + number);
	r->signal = number;
	give_up(r);
}

static uint64_t
deadline_ms(const struct v6d_run *r)
{
	uint64_t ms = r->conf.deadline / V6D_MS(1);
	uint64_t gone = since_start(r) / V6D_MS(1);
	uint64_t end = STOP_PATIENCE_MS + 200; /* for what comes after */

	ms = ms > 2 * end ? ms - end : ms / 2;
	return ms > gone ? ms - gone : 0;
}

static int
make_loop(struct v6d_run *r)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	int err = uv_loop_init(&r->loop);

	if (err < 0)
		return err;
	r->loop_made = true;
	sigaction(SIGPIPE, &ignore, NULL);
	uv_timer_init(&r->loop, &r->timer);
	uv_timer_init(&r->loop, &r->redial);
	uv_signal_init(&r->loop, &r->on_int);
	uv_signal_init(&r->loop, &r->on_term);
	r->timer.data = r->redial.data = r->on_int.data = r->on_term.data = r;
	uv_signal_start(&r->on_int, signalled, SIGINT);
	uv_signal_start(&r->on_term, signalled, SIGTERM);
	uv_timer_start(&r->timer, deadline_passed, deadline_ms(r), 0);
	return 0;
}

static int
make_parts(struct v6d_run *r)
{
	struct v6d_asker_conf a = {
		.loop = &r->loop,
		.ns = r->ns,
		.in_place = r->plan.in_place,
		.etc = r->conf.etc,
		.root = r->conf.root,
		.start = r->start,
		.tunnel = r->plan.in_place ? r->plan.interface : "",
		.no_tunnel = r->no_tunnel[0] != '\0' ? r->no_tunnel : NULL,
		.no_session = r->no_session,
		.arg = r,
		.answered = answered,
	};
	void *mem = malloc(v6d_graph_size(r->conf.n_probes));
	int err;

	r->flow = malloc(v6d_flow_size(1));
	if (!mem || !r->flow) {
		free(mem);
		return -ENOMEM;
	}
	v6d_flow_init(r->flow, 1);
	r->graph = v6d_graph_init(
	    mem, r->conf.probes, r->conf.n_probes, &r->plan, &r->facts);
	err = v6d_asker_new(&a, &r->asker);
	if (err < 0 || r->lent_fd < 0)
		return err;
	err = v6d_asker_borrow(r->asker, r->lent_fd);
	if (err == 0)
		r->lent_fd = -1; /* it is the asker's */
	return err;
}

static int
go(struct v6d_run *r)
{
	int err = make_loop(r);

	if (err == 0)
		err = make_parts(r);
	if (err == 0) {
		v6d_run_watch(r);
		err = v6d_run_record(r);
	}
	if (err < 0)
		return err;
	v6d_run_conntrack_begin(r);
	v6d_run_dial(r);
	pump(r);
	uv_run(&r->loop, UV_RUN_DEFAULT);
	r->report.duration_ms = (unsigned)(since_start(r) / V6D_MS(1));
	v6d_run_record_end(r);
	return 0;
}

int
v6d_run_go(
    const struct v6d_run_conf *conf, char *text, size_t n, struct v6d_run **ret)
{
	struct v6d_run *r = calloc(1, sizeof(*r));
	int err;

	if (!r)
		return -ENOMEM;
	r->conf = *conf;
	r->start = v6d_clock_now();
	r->start_unix_ms = (int64_t)(v6d_clock_unix() / V6D_MS(1));
	r->ns = (struct v6d_netns){ conf->host_fd, -1 };
	r->lent_fd = -1;
	v6d_facts_init(&r->facts, r->obs, V6D_RUN_FACTS);
	r->facts.source = "run";
	snprintf(text, n, "%s", "");
	err = v6d_run_make_plan(r, text, n);
	if (err == 0) {
		v6d_run_make_place(r);
		v6d_run_make_scope(r);
		err = go(r);
	}
	if (err < 0 && text[0] == '\0')
		snprintf(text, n, "%s", strerror(-err));
	if (err < 0) {
		v6d_run_free(r);
		return err;
	}
	*ret = r;
	return 0;
}

const struct v6d_report *
v6d_run_report(const struct v6d_run *r)
{
	return &r->report;
}

struct v6d_trace *
v6d_run_trace(const struct v6d_run *r)
{
	const struct v6d_trace *t = r->record.trace;

	return t && !t->lost ? r->record.trace : NULL;
}

struct v6d_packets *
v6d_run_packets(const struct v6d_run *r)
{
	return r->packets;
}

v6d_ns
v6d_run_epoch(const struct v6d_run *r)
{
	return (v6d_ns)r->start_unix_ms * V6D_MS(1) - r->start;
}

const char *
v6d_run_missing(const struct v6d_run *r)
{
	return r->missing;
}

int
v6d_run_signal(const struct v6d_run *r)
{
	return r->signal;
}

void
v6d_run_free(struct v6d_run *r)
{
	if (!r)
		return;
	v6d_asker_free(r->asker);
	if (r->loop_made)
		uv_loop_close(&r->loop);
	v6d_mirror_close(&r->mirror);
	v6d_rulecount_done(&r->rules);
	if (r->ns.private_fd >= 0)
		close(r->ns.private_fd);
	if (r->lent_fd >= 0)
		close(r->lent_fd);
	v6d_record_done(&r->record);
	v6d_packets_free(r->packets);
	free(r->graph);
	free(r->flow);
	free(r);
}
