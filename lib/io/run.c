/* SPDX-License-Identifier: GPL-2.0-or-later */
/* run.c - a run's loop: asks go out, answers come in, the time is kept. */
#include "io/run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "io/clock.h"
#include "io/run_impl.h"

#define STEP_TIMEOUT V6D_S(10) /* the checks have lost patience before */
#define RESTART_TIMER V6D_S(1)
#define STOP_PATIENCE_MS 800 /* for the peer's part of an orderly end */

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
	uv_close((uv_handle_t *)&r->on_int, NULL);
	uv_close((uv_handle_t *)&r->on_term, NULL);
}

static void
stop_expired(uv_timer_t *t)
{
	close_all(t->data);
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

static void
news(struct v6d_run *r, struct v6d_ask_news n)
{
	if (!r->closed)
		v6d_asker_news(r->asker, &n);
}

void
v6d_run_no_tun(struct v6d_run *r, int err)
{
	bool no_ipv6 = err == -EAFNOSUPPORT || err == -EOPNOTSUPP;

	snprintf(r->no_tunnel, sizeof(r->no_tunnel),
	    "the tunnel has no device: %s",
	    no_ipv6 ? "IPv6 is switched off here" : strerror(-err));
}

static void
on_state(void *arg, enum v6d_session_state st)
{
	struct v6d_run *r = arg;
	int err = v6d_dial_counts(r->dial)->tun_err;

	if (st == V6D_SESSION_UP && err != 0)
		v6d_run_no_tun(r, -err);
	if (st == V6D_SESSION_UP)
		r->plan.mtu = v6d_dial_mtu(r->dial);
	if (st == V6D_SESSION_UP)
		v6d_asker_set_tunnel(r->asker, v6d_dial_ifname(r->dial),
		    r->no_tunnel[0] != '\0' ? r->no_tunnel : NULL);
	news(r, (struct v6d_ask_news){ .kind = V6D_NEWS_STATE });
	if (st == V6D_SESSION_DEAD && r->over)
		uv_timer_start(&r->timer, stop_expired, 0, 0);
}

static void
on_echo(void *arg, const uint8_t *data, size_t len, size_t outer_len, v6d_ns at)
{
	news(arg, (struct v6d_ask_news){ .kind = V6D_NEWS_ECHO,
		      .data = data,
		      .len = len,
		      .outer_len = outer_len,
		      .at = at });
}

static void
on_acked(void *arg, uint32_t seq, v6d_ns at)
{
	news(arg, (struct v6d_ask_news){
		      .kind = V6D_NEWS_ACKED, .seq = seq, .at = at });
}

static void
on_control_echo(void *arg)
{
	news(arg, (struct v6d_ask_news){ .kind = V6D_NEWS_CONTROL_ECHO });
}

static void
on_icmp(void *arg, bool gre, const struct v6d_raw_icmp *e, v6d_ns at)
{
	if (gre)
		news(arg, (struct v6d_ask_news){
			      .kind = V6D_NEWS_ICMP, .icmp = e, .at = at });
}

static void
on_ra(void *arg, const uint8_t *packet, size_t len, v6d_ns at)
{
	news(arg,
	    (struct v6d_ask_news){
		.kind = V6D_NEWS_RA, .data = packet, .len = len, .at = at });
}

/* The identifier is ours alone: not made of a hardware address (RFC 5072). */
static void
fill_session(const struct v6d_run *r, struct v6d_session_conf *s)
{
	const struct v6d_profile_tunnel *t = &r->conf.profile->tunnel;

	snprintf(s->user, sizeof(s->user), "%s", t->user);
	snprintf(s->password, sizeof(s->password), "%s",
	    r->conf.password ? r->conf.password : "");
	s->auth = t->auth;
	s->mppe = t->mppe;
	s->mru = (uint16_t)t->mru;
	s->step_timeout = STEP_TIMEOUT;
	s->restart = RESTART_TIMER;
	if (getrandom(s->ifid, sizeof(s->ifid), 0) != sizeof(s->ifid))
		abort();
	s->ifid[0] &= (uint8_t)~2u; /* the u-bit: not from an EUI-64 */
}

void
v6d_run_dial(struct v6d_run *r)
{
	const char *name = r->plan.interface;
	struct v6d_dial_conf c = {
		.ns = r->ns,
		.server = r->plan.server,
		.mtu = r->plan.mtu,
		.stop_at =
		    r->plan.have_raw ? V6D_SESSION_DEAD : V6D_SESSION_WAIT_CALL,
		.flow = r->flow,
		.packets = r->packets,
		.arg = r,
		.on_state = on_state,
		.on_echo = on_echo,
		.on_acked = on_acked,
		.on_control_echo = on_control_echo,
		.on_icmp = on_icmp,
		.on_ra = on_ra,
	};
	int err;

	if (r->no_session[0] != '\0')
		return;
	/* Never a device in the host's own namespace. */
	if (r->ns.private_fd >= 0)
		snprintf(c.ifname, sizeof(c.ifname), "%s",
		    name[0] != '\0' ? name : V6D_RUN_TUNNEL);
	fill_session(r, &c.session);
	err = v6d_dial_new(&r->loop, &c, &r->dial);
	memset(c.session.password, 0, sizeof(c.session.password));
	if (err < 0)
		snprintf(r->no_session, sizeof(r->no_session),
		    "the session could not be dialled: %s", strerror(-err));
	v6d_asker_set_dial(r->asker, r->dial);
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
	uv_signal_init(&r->loop, &r->on_int);
	uv_signal_init(&r->loop, &r->on_term);
	r->timer.data = r->on_int.data = r->on_term.data = r;
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
		.start = r->start,
		.tunnel = r->plan.in_place ? r->plan.interface : "",
		.no_tunnel = r->no_tunnel[0] != '\0' ? r->no_tunnel : NULL,
		.no_session = r->no_session,
		.arg = r,
		.answered = answered,
	};
	void *mem = malloc(v6d_graph_size(r->conf.n_probes));

	r->flow = malloc(v6d_flow_size(1));
	if (!mem || !r->flow) {
		free(mem);
		return -ENOMEM;
	}
	v6d_flow_init(r->flow, 1);
	r->graph = v6d_graph_init(
	    mem, r->conf.probes, r->conf.n_probes, &r->plan, &r->facts);
	return v6d_asker_new(&a, &r->asker);
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
	if (r->ns.private_fd >= 0)
		close(r->ns.private_fd);
	v6d_record_done(&r->record);
	v6d_packets_free(r->packets);
	free(r->graph);
	free(r->flow);
	free(r);
}
