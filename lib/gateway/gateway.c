/* SPDX-License-Identifier: GPL-2.0-or-later */
/* gateway.c - the steps up, the journal down, and the loop between. */
#include "base/lang.h"
#include "gateway/gateway_impl.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/wire.h"
#include "gateway/boot.h"
#include "io/clock.h"

const struct v6d_gw_step *const v6d_gw_steps[] = {
	&v6d_gw_step_firewall,
	&v6d_gw_step_accept_ra,
	&v6d_gw_step_session,
	&v6d_gw_step_address,
	&v6d_gw_step_tunnel_ra,
	&v6d_gw_step_forwarding,
	&v6d_gw_step_routes,
	&v6d_gw_step_mss,
	&v6d_gw_step_radvd,
	&v6d_gw_step_dns,
};

#define N_STEPS V6D_ARRAY_LEN(v6d_gw_steps)
const unsigned v6d_gw_n_steps = N_STEPS;
_Static_assert(N_STEPS <= V6D_GW_STEPS, "steps");

void
v6d_gw_say(struct v6d_gw *g, enum v6d_gw_level level, const char *fmt, ...)
{
	char line[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (g->conf.say)
		g->conf.say(g->conf.arg, level, line);
}

/* ---- the loop ---- */

static void
on_alarm(uv_timer_t *t)
{
	(void)t; /* it has turned the loop: that is all */
}

/* Whoever waits is alive, on the way up and down too. */
static v6d_ns
tell_watchdog(struct v6d_gw *g, v6d_ns now, v6d_ns until)
{
	if (!g->watchdog)
		return until;
	if (now >= g->watchdog_at) {
		g->watchdog_at = now + g->watchdog;
		v6d_gw_notify("WATCHDOG=1");
	}
	return g->watchdog_at < until ? g->watchdog_at : until;
}

void
v6d_gw_turn(struct v6d_gw *g, v6d_ns until)
{
	v6d_ns now = v6d_clock_now(), ms = 0;

	until = tell_watchdog(g, now, until);
	if (until > now)
		ms = (until - now) / V6D_MS(1) + 1;
	uv_update_time(&g->loop);
	if (until != V6D_NEVER)
		uv_timer_start(&g->alarm, on_alarm, ms, 0);
	uv_run(&g->loop, UV_RUN_ONCE);
	uv_timer_stop(&g->alarm);
}

int
v6d_gw_wait(struct v6d_gw *g, bool (*over)(const struct v6d_gw *), v6d_ns until)
{
	while (!over(g)) {
		if (g->stop && !g->down)
			return v6d_change_told(
			    &g->c, -EINTR, "ended by a signal");
		if (v6d_clock_now() >= until)
			return -ETIMEDOUT;
		v6d_gw_turn(g, until);
	}
	return 0;
}

static void
on_fd(uv_poll_t *h, int status, int events)
{
	struct v6d_gw *g = h->data;

	(void)status;
	(void)events;
	g->fd_ready = true;
}

static void
on_fd_closed(uv_handle_t *h)
{
	struct v6d_gw *g = h->data;

	g->fd_closed = true;
}

static bool
fd_ready(const struct v6d_gw *g)
{
	return g->fd_ready;
}

static bool
fd_closed(const struct v6d_gw *g)
{
	return g->fd_closed;
}

/* For changes: a program's words, while packets go on. */
static int
wait_for_fd(void *arg, int fd, v6d_ns until)
{
	struct v6d_gw *g = arg;
	int err = uv_poll_init(&g->loop, &g->fd_poll, fd);

	if (err < 0)
		return err;
	g->fd_poll.data = g;
	g->fd_ready = g->fd_closed = false;
	uv_poll_start(&g->fd_poll, UV_READABLE | UV_DISCONNECT, on_fd);
	err = v6d_gw_wait(g, fd_ready, until);
	uv_close((uv_handle_t *)&g->fd_poll, on_fd_closed);
	while (!fd_closed(g))
		uv_run(&g->loop, UV_RUN_ONCE);
	return err;
}

static void
on_signal(uv_signal_t *s, int number)
{
	struct v6d_gw *g = s->data;

	if (number == SIGHUP)
		g->hup = true;
	else if (number == SIGUSR1)
		g->usr1 = true;
	else
		g->stop = number;
}

/* Packets from outside, for a rehearsal. */
static void
on_outside(uv_poll_t *h, int status, int events)
{
	struct v6d_gw *g = h->data;
	uint8_t buf[2048];
	ssize_t n;

	(void)events;
	if (status < 0)
		return;
	while (
	    (n = recv(g->conf.outside_fd, buf, sizeof(buf), MSG_DONTWAIT)) > 0)
		if (g->dial)
			v6d_dial_deliver(g->dial, buf, (size_t)n);
	if (n == 0)
		uv_poll_stop(h);
}

static int
make_loop(struct v6d_gw *g)
{
	static const int numbers[] = { SIGTERM, SIGINT, SIGHUP, SIGUSR1 };
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	int err = uv_loop_init(&g->loop);

	if (err < 0)
		return err;
	g->loop_made = true;
	sigaction(SIGPIPE, &ignore, NULL);
	uv_timer_init(&g->loop, &g->alarm);
	for (size_t i = 0; i < V6D_ARRAY_LEN(numbers); i++) {
		uv_signal_init(&g->loop, &g->signals[i]);
		g->signals[i].data = g;
		uv_signal_start(&g->signals[i], on_signal, numbers[i]);
	}
	if (g->conf.outside_fd >= 0 &&
	    uv_poll_init(&g->loop, &g->outside, g->conf.outside_fd) == 0) {
		g->outside.data = g;
		g->outside_made = true;
		uv_poll_start(&g->outside, UV_READABLE, on_outside);
	}
	return 0;
}

static void
close_loop(struct v6d_gw *g)
{
	if (!g->loop_made)
		return;
	v6d_gw_drop_dial(g);
	v6d_gw_radvd_reap(g);
	v6d_gw_control_close(g);
	uv_close((uv_handle_t *)&g->alarm, NULL);
	for (size_t i = 0; i < V6D_ARRAY_LEN(g->signals); i++)
		uv_close((uv_handle_t *)&g->signals[i], NULL);
	if (g->outside_made)
		uv_close((uv_handle_t *)&g->outside, NULL);
	uv_run(&g->loop, UV_RUN_DEFAULT);
	uv_loop_close(&g->loop);
}

/* ---- up ---- */

/* What stands is left standing. */
static int
make_step(struct v6d_gw *g, unsigned i)
{
	const struct v6d_gw_step *s = v6d_gw_steps[i];
	int err;

	g->c.why[0] = '\0';
	g->step[i].at = v6d_clock_unix();
	if (s->wanted && !s->wanted(g)) {
		g->step[i].state = V6D_GW_STEP_OFF;
		return 0;
	}
	err = s->make(g);
	if (err == 0) {
		g->step[i].state = V6D_GW_STEP_UP;
		if (g->c.why[0])
			v6d_gw_say(
			    g, V6D_GW_INFO, "%s: done; %s", s->name, g->c.why);
		else
			v6d_gw_say(g, V6D_GW_INFO, "%s: done", s->name);
		return 0;
	}
	g->step[i].state = V6D_GW_STEP_BAD;
	snprintf(g->step[i].text, sizeof(g->step[i].text), "%.199s", g->c.why);
	v6d_gw_say(g, s->optional ? V6D_GW_WARN : V6D_GW_ERROR, "%s: %s",
	    s->name, g->c.why[0] ? g->c.why : strerror(-err));
	return s->optional && err != -EINTR ? 0 : err;
}

int
v6d_gw_up(struct v6d_gw *g)
{
	int err = 0;

	for (unsigned i = 0; err == 0 && i < N_STEPS; i++) {
		err = g->stop ? -EINTR : make_step(g, i);
		/* The session may die while others work. */
		if (err == 0 && g->dead) {
			err = -ECONNRESET;
			v6d_gw_say(g, V6D_GW_ERROR, "the session has ended: %s",
			    g->last_end);
		}
	}
	return err;
}

/* ---- down ---- */

static void
undo_one(struct v6d_gw *g, unsigned i, unsigned *stuck)
{
	char what[200];
	enum v6d_undo u;

	if (strcmp(g->j.e[i].r.word[0], "session") == 0 ||
	    strcmp(g->j.e[i].r.word[0], "pppd") == 0)
		v6d_gw_hang_up(g);
	/* By its number: one just begun has not even its name yet. */
	if (strcmp(g->j.e[i].r.word[0], "advert") == 0 && g->loop_made)
		v6d_gw_radvd_reap(g);
	if (g->j.e[i].undone)
		return;
	u = v6d_change_undo(&g->c, i);
	v6d_change_text(&g->j.e[i].r, what, sizeof(what));
	if (u == V6D_UNDO_LEFT)
		v6d_gw_say(g, V6D_GW_WARN, "%s", g->c.why);
	if (u != V6D_UNDO_FAILED)
		return;
	v6d_gw_say(g, V6D_GW_ERROR, "not undone: %s: %s", what, g->c.why);
	++*stuck;
}

unsigned
v6d_gw_undo(struct v6d_gw *g)
{
	unsigned stuck = 0;

	g->down = true;
	for (unsigned i = g->j.n; i-- > 0;)
		undo_one(g, i, &stuck);
	if (stuck == 0)
		v6d_journal_remove(&g->j);
	return stuck;
}

/* ---- a run ---- */

/*
 * A journal of an earlier run. After a boot, or in another namespace, the
 * kernel's part of it is gone with what it was in; what lasts is undone.
 */
static unsigned
work_off(struct v6d_gw *g, const struct v6d_boot *b)
{
	for (unsigned i = 0; i < g->j.n; i++) {
		const struct v6d_change_kind *k =
		    v6d_change_kind_of(&g->j.e[i].r);

		if (!b->same_boot && k && !k->lasting)
			g->j.e[i].undone = true;
	}
	return v6d_gw_undo(g);
}

static enum v6d_gw_end
restore_first(struct v6d_gw *g)
{
	struct v6d_boot b;
	unsigned stuck;

	if (g->j.n == 0)
		return V6D_GW_OK;
	b = v6d_boot_of(&g->j, g->conf.ns.private_fd);
	if (!b.known) {
		v6d_gw_say(g, V6D_GW_ERROR,
		    "%s was written by another version of this program: "
		    "restore with that one",
		    g->j.path);
		return V6D_GW_UNAVAILABLE;
	}
	if (b.same_boot && !b.same_netns) {
		v6d_gw_say(g, V6D_GW_ERROR,
		    "%s belongs to another network namespace: restore there, "
		    "or remove it if that one is gone",
		    g->j.path);
		return V6D_GW_UNAVAILABLE;
	}
	v6d_gw_say(g, V6D_GW_WARN,
	    "an earlier run (process %ld) did not undo what it did; restoring",
	    b.pid);
	stuck = work_off(g, &b);
	g->down = false;
	return stuck ? V6D_GW_RESIDUE : V6D_GW_OK;
}

static enum v6d_gw_end
open_journal(struct v6d_gw *g, bool make)
{
	const struct v6d_gw_conf *c = &g->conf;
	int err = v6d_journal_open(
	    &g->j, c->state_dir, c->state_dir ? c->name : NULL, make);

	if (err == 0)
		return V6D_GW_OK;
	if (err == -EBUSY)
		v6d_gw_say(g, V6D_GW_ERROR,
		    "'%s' runs already (process %ld); \"v6doctor disconnect "
		    "%s\" ends it",
		    c->name, (long)g->j.owner, c->name);
	else if (err == -ENOENT && !make)
		return V6D_GW_OK;
	else
		v6d_gw_say(g, V6D_GW_ERROR,
		    "no journal can be kept in %s: %s. Nothing was changed.",
		    c->state_dir, strerror(-err));
	return V6D_GW_UNAVAILABLE;
}

static enum v6d_gw_end
reopen(struct v6d_gw *g)
{
	v6d_journal_close(&g->j);
	return open_journal(g, true);
}

static void
name_tunnel(struct v6d_gw *g)
{
	const char *name = g->p ? g->p->tunnel.interface : "";

	snprintf(
	    g->tunnel, sizeof(g->tunnel), "%s", name[0] ? name : V6D_GW_TUNNEL);
}

static int
begin(struct v6d_gw *g)
{
	struct v6d_boot_words w;
	struct v6d_record r = v6d_boot_record(&w, g->conf.ns.private_fd,
	    g->p->tunnel.server, g->tunnel, g->folder);
	int err = v6d_journal_begin(&g->j, &r);

	if (err == 0)
		return v6d_change_folder(&g->c, g->folder);
	v6d_gw_say(g, V6D_GW_ERROR,
	    "no journal can be kept in %s: %s. Nothing was changed.",
	    g->conf.state_dir ? g->conf.state_dir : "memory", strerror(-err));
	if (g->j.n <= 1)
		v6d_journal_remove(&g->j);
	return err;
}

static enum v6d_gw_end
end_of(const struct v6d_gw *g, int err)
{
	if (g->end != V6D_GW_OK)
		return g->end;
	switch (-err) {
	case EINTR:
		return V6D_GW_OK;
	case ETIMEDOUT:
	case ECONNREFUSED:
	case ECONNRESET:
	case EHOSTUNREACH:
	case ENETUNREACH:
	case EPROTO:
		return V6D_GW_FAULT;
	case EINVAL:
		return V6D_GW_CONFIG;
	}
	return V6D_GW_UNAVAILABLE;
}

static void
tell_ready(struct v6d_gw *g)
{
	v6d_gw_notify("READY=1\nSTATUS=connected");
	if (g->conf.ready_fd >= 0 && write(g->conf.ready_fd, "up\n", 3) < 0)
		v6d_gw_say(g, V6D_GW_WARN, "nobody hears that we are ready");
}

static enum v6d_gw_end
one_life(struct v6d_gw *g)
{
	int err = begin(g);

	if (err < 0)
		return V6D_GW_UNAVAILABLE;
	err = v6d_gw_control_open(g);
	if (err == 0)
		err = v6d_gw_up(g);
	if (err < 0)
		return end_of(g, err);
	v6d_gw_say(g, V6D_GW_INFO, "everything stands");
	tell_ready(g);
	v6d_gw_supervise(g);
	return V6D_GW_OK;
}

static void
tell_reloading(void)
{
	char text[64];

	snprintf(text, sizeof(text), "RELOADING=1\nMONOTONIC_USEC=%llu",
	    (unsigned long long)(v6d_clock_now() / V6D_US(1)));
	v6d_gw_notify(text);
}

/* SIGHUP: the new profile from the ground up; a wrong one changes nothing. */
static bool
wants_another(struct v6d_gw *g)
{
	const struct v6d_profile *p;

	g->hup = false;
	if (g->stop || !g->conf.reload || g->conf.reload(g->conf.arg, &p) < 0)
		return false;
	g->next = p;
	return true;
}

static void
forget_life(struct v6d_gw *g)
{
	v6d_gw_radvd_reap(g);
	v6d_gw_control_close(g);
	memset(g->step, 0, sizeof(g->step));
	memset(g->lan, 0, sizeof(g->lan));
	memset(&g->addr, 0, sizeof(g->addr));
	g->down = g->radvd_wanted = g->no_router = g->have_ra = false;
	g->up = g->dead = g->ra_news = false;
	g->retry_at = g->radvd_at = g->down_since = 0;
	g->attempts = g->radvd_attempts = 0;
}

/* From the journal's first line to its last. */
static enum v6d_gw_end
live(struct v6d_gw *g)
{
	enum v6d_gw_end end = one_life(g);

	while (end == V6D_GW_OK && g->hup) {
		if (!wants_another(g)) {
			if (!g->stop)
				v6d_gw_supervise(g);
			continue;
		}
		v6d_gw_say(g, V6D_GW_INFO, "the profile is read anew");
		tell_reloading();
		if (v6d_gw_undo(g) > 0)
			return V6D_GW_RESIDUE;
		forget_life(g);
		g->p = g->next;
		name_tunnel(g);
		if (v6d_gw_preflight(g) < 0 || reopen(g) != V6D_GW_OK) {
			v6d_gw_say(g, V6D_GW_ERROR, "%s", g->c.why);
			return g->end != V6D_GW_OK ? g->end
						   : V6D_GW_UNAVAILABLE;
		}
		end = one_life(g);
	}
	v6d_gw_notify("STOPPING=1");
	v6d_gw_say(g, V6D_GW_INFO, "undoing everything");
	if (v6d_gw_undo(g) > 0)
		return V6D_GW_RESIDUE;
	v6d_gw_say(g, V6D_GW_INFO, "everything is as it was before");
	return end;
}

static struct v6d_gw *
new_gateway(const struct v6d_gw_conf *conf)
{
	struct v6d_gw *g = calloc(1, sizeof(*g));

	if (!g)
		return NULL;
	g->conf = *conf;
	g->p = conf->profile;
	g->c.ns_fd = conf->ns.private_fd;
	g->c.host_fd = conf->ns.host_fd;
	g->c.j = &g->j;
	g->j.fd = g->j.dir_fd = -1;
	g->started = v6d_clock_unix();
	g->watchdog = v6d_gw_watchdog();
	snprintf(
	    g->folder, sizeof(g->folder), "%s/%s", conf->run_dir, conf->name);
	snprintf(
	    g->radvd_conf, sizeof(g->radvd_conf), "%s/radvd.conf", g->folder);
	name_tunnel(g);
	return g;
}

/*
 * A name server that does not answer must not keep the tunnel down, by which
 * it may well be reached: its records are tried again later.
 */
static bool
can_go_on(struct v6d_gw *g, enum v6d_gw_end end)
{
	if (end == V6D_GW_OK)
		return true;
	if (end != V6D_GW_RESIDUE)
		return false;
	for (unsigned i = 0; i < g->j.n; i++)
		if (!g->j.e[i].undone && v6d_change_kind_of(&g->j.e[i].r) &&
		    strcmp(g->j.e[i].r.word[0], "dns") != 0)
			return false;
	v6d_gw_say(g, V6D_GW_WARN,
	    "the record is kept in the journal and tried again at the end");
	return true;
}

static enum v6d_gw_end
run(struct v6d_gw *g)
{
	enum v6d_gw_end end = open_journal(g, true);
	bool kept;
	int err;

	if (end != V6D_GW_OK)
		return end;
	end = restore_first(g);
	if (!can_go_on(g, end))
		return end;
	kept = end == V6D_GW_RESIDUE;
	if (!kept) { /* nothing was touched yet, not even a file */
		v6d_journal_remove(&g->j);
		v6d_journal_close(&g->j);
	}
	err = v6d_gw_preflight(g);
	if (err < 0) {
		v6d_gw_say(g, V6D_GW_ERROR, "%s", g->c.why);
		return g->end != V6D_GW_OK ? g->end : V6D_GW_UNAVAILABLE;
	}
	end = kept ? V6D_GW_OK : open_journal(g, true);
	if (end != V6D_GW_OK)
		return end;
	if (make_loop(g) < 0) {
		if (!kept)
			v6d_journal_remove(&g->j);
		return V6D_GW_INTERNAL;
	}
	g->c.wait = wait_for_fd;
	g->c.wait_arg = g;
	return live(g);
}

enum v6d_gw_end
v6d_gw_run(const struct v6d_gw_conf *conf)
{
	struct v6d_gw *g = new_gateway(conf);
	enum v6d_gw_end end;

	if (!g)
		return V6D_GW_INTERNAL;
	end = run(g);
	close_loop(g);
	v6d_journal_close(&g->j);
	free(g);
	return end;
}

enum v6d_gw_end
v6d_gw_restore(const struct v6d_gw_conf *conf)
{
	struct v6d_gw *g = new_gateway(conf);
	enum v6d_gw_end end;
	bool any;

	if (!g)
		return V6D_GW_INTERNAL;
	end = open_journal(g, false);
	any = end == V6D_GW_OK && g->j.n > 0;
	if (end == V6D_GW_OK && g->j.fd >= 0 && g->j.n == 0)
		v6d_journal_remove(&g->j);
	if (end == V6D_GW_OK)
		end = restore_first(g);
	if (end == V6D_GW_OK)
		v6d_gw_say(g, V6D_GW_INFO,
		    any ? "everything is as it was before"
			: N_("nothing is to be restored"));
	v6d_journal_close(&g->j);
	free(g);
	return end;
}
