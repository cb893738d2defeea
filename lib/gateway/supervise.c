/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * supervise.c - what keeps the gateway alive: sessions made anew, prefixes
 * that change, lifetimes, radvd, and what others do to our settings.
 */
#include "base/lang.h"
#include "gateway/gateway_impl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "gateway/backoff.h"
#include "io/clock.h"

#define CHECK_EVERY V6D_S(3)
#define BACKOFF_MIN V6D_S(1)
#define BACKOFF_MAX V6D_S(60)
#define NO_ROUTER_AFTER V6D_S(60) /* without a session */

static uint32_t
chance(void)
{
	uint32_t v = 0;

	if (getrandom(&v, sizeof(v), 0) != sizeof(v))
		return 0;
	return v;
}

static v6d_ns
pause_after(const struct v6d_gw *g, unsigned failures)
{
	v6d_ns min = g->conf.backoff_min ? g->conf.backoff_min : BACKOFF_MIN;
	v6d_ns max = g->conf.backoff_max ? g->conf.backoff_max : BACKOFF_MAX;

	return v6d_backoff(failures, min, max, chance());
}

/* ---- the session ---- */

/* A record for the journal's sake is not needed: the device dies with us. */
static void
session_ended(struct v6d_gw *g)
{
	v6d_ns wait;

	v6d_gw_drop_dial(g);
	g->dead = false;
	g->up_at = 0;
	if (!g->down_since)
		g->down_since = v6d_clock_now();
	wait = pause_after(g, g->attempts++);
	g->retry_at = v6d_clock_now() + wait;
	v6d_gw_say(g, V6D_GW_WARN,
	    "the session has ended: %s; next try in %.1f s", g->last_end,
	    (double)wait / 1e9);
	v6d_gw_notify("STATUS=reconnecting");
}

static void
redial(struct v6d_gw *g)
{
	int err;

	g->retry_at = 0;
	g->counted = false;
	err = v6d_gw_dial(g);
	if (err == 0)
		return;
	snprintf(g->last_end, sizeof(g->last_end), "%.*s",
	    (int)sizeof(g->last_end) - 1, g->c.why);
	session_ended(g);
}

static void
session_is_up(struct v6d_gw *g)
{
	g->counted = true;
	if (v6d_gw_count_session(g) == 0)
		return;
	snprintf(g->last_end, sizeof(g->last_end),
	    N_("the interface %s cannot be made"), g->tunnel);
	session_ended(g);
}

/* Everything that depends on the prefix, in the order of the steps. */
static int
follow_prefix(struct v6d_gw *g)
{
	struct v6d_addr before = *v6d_gw_public(g);
	int err = v6d_gw_use_ra(g);

	if (err == 0)
		err = v6d_gw_make_routes(g);
	if (err == 0)
		err = v6d_gw_make_rules(g);
	if (err == 0)
		err = v6d_gw_write_table(g);
	if (err == 0 && g->radvd_wanted)
		err = v6d_gw_radvd_write(g);
	if (err < 0 || v6d_addr_eq(&before, v6d_gw_public(g)))
		return err;
	g->n_renumbered++;
	v6d_gw_say(g, V6D_GW_INFO, "the prefix has changed");
	if (g->p->dns_update.name[0] && v6d_gw_dns_update(g) < 0)
		v6d_gw_say(g, V6D_GW_WARN, "dns-update: %s", g->c.why);
	return 0;
}

static void
use_news(struct v6d_gw *g)
{
	bool first = g->down_since != 0;
	int err;

	g->attempts = 0;
	g->down_since = 0;
	g->no_router = false;
	err = follow_prefix(g);
	if (err < 0)
		v6d_gw_say(g, V6D_GW_ERROR, "%s", g->c.why);
	else if (first) {
		v6d_gw_say(g, V6D_GW_INFO, "the session is up again");
		v6d_gw_notify("STATUS=connected");
	}
}

/* ---- radvd ---- */

static void
radvd_ended(struct v6d_gw *g)
{
	v6d_ns wait = pause_after(g, g->radvd_attempts++);

	v6d_gw_radvd_reap(g);
	g->radvd_at = v6d_clock_now() + wait;
	v6d_gw_say(g, V6D_GW_WARN,
	    "radvd has ended; it is started again in %.1f s",
	    (double)wait / 1e9);
}

static void
restart_radvd(struct v6d_gw *g)
{
	g->radvd_at = 0;
	if (v6d_gw_radvd_start(g) == 0)
		return;
	v6d_gw_say(g, V6D_GW_ERROR, "%s", g->c.why);
	g->radvd_at = v6d_clock_now() + pause_after(g, g->radvd_attempts++);
}

/* ---- what others do to us ---- */

/*
 * Forwarding was on when we came, and who had switched it on (another
 * instance, most likely) has taken it back: we need it, so now it is ours.
 * What was ours and is off now was switched off on purpose.
 */
static int
take_over_forwarding(struct v6d_gw *g)
{
	int err;

	if (!g->was_forwarding)
		return -EPROTO;
	g->was_forwarding = false;
	err = v6d_gw_write_table(g);
	if (err == 0)
		err = v6d_gw_step_accept_ra.make(g);
	return err < 0 ? err : v6d_gw_step_forwarding.make(g);
}

static int
mend_step(struct v6d_gw *g, const struct v6d_gw_step *s)
{
	if (s == &v6d_gw_step_firewall)
		return v6d_gw_mend_table(g);
	if (s == &v6d_gw_step_forwarding)
		return take_over_forwarding(g);
	return -EPROTO;
}

static void
mend(struct v6d_gw *g, unsigned i)
{
	const struct v6d_gw_step *s = v6d_gw_steps[i];

	g->step[i].state = V6D_GW_STEP_BAD;
	snprintf(g->step[i].text, sizeof(g->step[i].text), "%.199s", g->c.why);
	v6d_gw_say(g, V6D_GW_WARN, "%s: %s", s->name, g->c.why);
	if (mend_step(g, s) == 0) {
		g->step[i].state = V6D_GW_STEP_UP;
		v6d_gw_say(g, V6D_GW_WARN, "%s: made again", s->name);
	}
}

static void
check_all(struct v6d_gw *g)
{
	for (unsigned i = 0; i < v6d_gw_n_steps; i++) {
		const struct v6d_gw_step *s = v6d_gw_steps[i];
		bool was_bad = g->step[i].state == V6D_GW_STEP_BAD;

		if (!s->check || g->step[i].state == V6D_GW_STEP_OFF ||
		    s == &v6d_gw_step_session || s == &v6d_gw_step_radvd)
			continue;
		if (s->check(g) == 0)
			g->step[i].state = V6D_GW_STEP_UP;
		else if (!was_bad)
			mend(g, i);
	}
	if (v6d_gw_old_retire(g, v6d_clock_now()) && g->radvd_wanted)
		v6d_gw_radvd_write(g);
	if (g->down_since && !g->no_router && g->radvd_wanted &&
	    v6d_clock_now() - g->down_since > NO_ROUTER_AFTER) {
		g->no_router = true;
		v6d_gw_say(g, V6D_GW_WARN,
		    "no session for long: the LAN is told that this host is "
		    "no router now");
		v6d_gw_radvd_write(g);
	} else if (g->radvd_wanted && v6d_gw_radvd_stale(g)) {
		v6d_gw_radvd_write(g);
	}
	if (g->radvd.pid > 0)
		g->radvd_attempts = 0;
}

/* ---- the loop ---- */

static v6d_ns
next_time(const struct v6d_gw *g)
{
	v6d_ns at = g->check_at;

	if (g->retry_at && g->retry_at < at)
		at = g->retry_at;
	if (g->radvd_at && g->radvd_at < at)
		at = g->radvd_at;
	if (g->radvd_hup_at && g->radvd_hup_at < at)
		at = g->radvd_hup_at;
	return at;
}

static void
on_time(struct v6d_gw *g)
{
	v6d_ns now = v6d_clock_now();

	if (g->retry_at && now >= g->retry_at)
		redial(g);
	if (g->radvd_at && now >= g->radvd_at)
		restart_radvd(g);
	v6d_gw_radvd_reread(g);
	if (now >= g->check_at) {
		g->check_at = now + CHECK_EVERY;
		check_all(g);
	}
}

static void
on_news(struct v6d_gw *g)
{
	if (g->dead)
		session_ended(g);
	if (g->up && !g->counted)
		session_is_up(g);
	if (g->up && g->ra_news)
		use_news(g);
	if (g->radvd_dead)
		radvd_ended(g);
	if (g->usr1) {
		g->usr1 = false;
		v6d_gw_write_report(g);
	}
}

void
v6d_gw_supervise(struct v6d_gw *g)
{
	g->counted = true;
	g->check_at =
	    g->conf.hands_off ? V6D_NEVER : v6d_clock_now() + CHECK_EVERY;
	while (!g->stop && !g->hup) {
		v6d_gw_turn(g, next_time(g));
		on_news(g);
		on_time(g);
	}
}
