/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session_pppd.c - the session by pppd and pptp, where the profile wants them:
 * all else of the gateway is the same.
 */
#include "base/lang.h"
#include "gateway/gateway_impl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "io/clock.h"

bool
v6d_gw_by_pppd(const struct v6d_gw *g)
{
	return g->p->tunnel.engine == V6D_ENGINE_PPPD && !g->conf.own_engine;
}

int
v6d_gw_pppd_check(struct v6d_gw *g)
{
	if (!v6d_gw_by_pppd(g))
		return 0;
	switch (v6d_pppd_look()) {
	case V6D_PPPD_HERE:
		break;
	case V6D_PPPD_NO_PPPD:
		return v6d_change_told(&g->c, -ENOENT,
		    "pppd is not installed (Debian: ppp), and \"engine = "
		    "pppd\" in [tunnel] wants it");
	case V6D_PPPD_NO_PPTP:
		return v6d_change_told(&g->c, -ENOENT,
		    "pptp is not installed (Debian: pptp-linux), and \"engine "
		    "= pppd\" in [tunnel] wants it");
	case V6D_PPPD_NO_KERNEL:
		return v6d_change_told(&g->c, -ENODEV,
		    "this kernel has no PPP (/dev/ppp): say \"engine = "
		    "builtin\" in [tunnel], which needs none");
	case V6D_PPPD_NO_ROOT:
		return v6d_change_told(&g->c, -EPERM,
		    "\"engine = pppd\" in [tunnel] needs root: pppd takes "
		    "such options from nobody else");
	}
	return 0;
}

/* ---- how it goes ---- */

/*
 * pppd either demands encryption or refuses it. "allow" tries without, as
 * our own engine does not ask for it either; with it where that was what the
 * server missed, and without it again where it has none.
 */
static void
learn(struct v6d_gw *g, const struct v6d_pppd_tale *t)
{
	const struct v6d_profile_tunnel *p = &g->p->tunnel;

	g->another_try = t->why == V6D_WHY_MPPE && p->mppe == V6D_MPPE_ALLOW &&
			 (p->auth & V6D_AUTH_MSCHAPV2);
	if (g->another_try)
		g->encrypt = !g->encrypt;
}

static void
on_state(void *arg, enum v6d_session_state st)
{
	struct v6d_gw *g = arg;
	const struct v6d_pppd_tale *t = v6d_pppd_tale(g->pppd);

	if (st == V6D_SESSION_UP)
		g->up = true;
	if (st != V6D_SESSION_DEAD)
		return;
	g->up = false;
	g->dead = true;
	learn(g, t);
	if (t->why != V6D_WHY_NONE)
		snprintf(g->last_end, sizeof(g->last_end), N_("%s (while %s)"),
		    v6d_session_why_text(t->why),
		    v6d_session_state_text(t->at));
	else
		snprintf(g->last_end, sizeof(g->last_end),
		    N_("pppd ended with status %d: %s"),
		    v6d_pppd_status(g->pppd), t->last);
}

static void
on_ra(void *arg, const uint8_t *packet, size_t len, v6d_ns at)
{
	(void)at;
	v6d_gw_new_ra(arg, packet, len);
}

/* ---- dialling ---- */

static void
fill_wish(const struct v6d_gw *g, struct v6d_pppd_wish *w)
{
	const struct v6d_profile_tunnel *t = &g->p->tunnel;
	v6d_ns echo = g->conf.echo ? g->conf.echo : V6D_S(t->echo_s);

	*w = (struct v6d_pppd_wish){ .server = g->server,
		.user = t->user,
		.password = g->conf.password ? g->conf.password : "",
		.auth = t->auth,
		.mppe = t->mppe == V6D_MPPE_REQUIRE ||
			(t->mppe == V6D_MPPE_ALLOW && g->encrypt),
		.mru = t->mru,
		.mtu = t->mtu,
		.echo_s = (unsigned)((echo + V6D_S(1) - 1) / V6D_S(1)),
		.ifname = g->tunnel };
	if (getrandom(w->ifid, sizeof(w->ifid), 0) != sizeof(w->ifid))
		abort();
	w->ifid[0] &= (uint8_t)~2u;
}

int
v6d_gw_pppd_dial(
    struct v6d_gw *g, const struct v6d_tun_sysctl *sysctls, unsigned n_sysctls)
{
	char options[V6D_GW_PATH + 32];
	struct v6d_pppd_conf c = { .ns_fd = g->c.ns_fd,
		.options = options,
		.sysctls = sysctls,
		.n_sysctls = n_sysctls,
		.group = V6D_RULESET_GROUP,
		.arg = g,
		.on_state = on_state,
		.on_ra = on_ra };
	int err;

	snprintf(options, sizeof(options), "%s/pppd.options", g->folder);
	g->another_try = false;
	fill_wish(g, &c.wish);
	err = v6d_change_pppd(&g->c, g->tunnel, options);
	if (err < 0)
		return err;
	err = v6d_pppd_new(&g->loop, &c, &g->pppd);
	if (err < 0)
		return v6d_change_told(
		    &g->c, err, "pppd cannot be run: %s", strerror(-err));
	return 0;
}
