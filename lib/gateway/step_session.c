/* SPDX-License-Identifier: GPL-2.0-or-later */
/* step_session.c - the PPTP session, and its advertisements as they come. */
#include "base/lang.h"
#include "gateway/gateway_impl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/wire.h"
#include "io/clock.h"
#include "io/resolver.h"

#define PATIENCE V6D_S(30)
#define PATIENCE_PPPD V6D_S(60) /* its own timers are longer */
#define LOOKUP V6D_S(5)
#define STEP_TIMEOUT V6D_S(6)
#define RESTART V6D_S(1)
#define REORDER V6D_MS(10)
#define GOODBYE V6D_MS(800) /* for the peer's part of an orderly end */
#define GOODBYE_PPPD V6D_S(3) /* it waits for pptp too */

/* The kernel keeps its default route; addresses are ours to give. */
static const struct v6d_tun_sysctl in_main[] = {
	{ "accept_ra", 2 },
	{ "accept_ra_pinfo", 0 },
};
static const struct v6d_tun_sysctl in_table[] = {
	{ "accept_ra", 2 },
	{ "accept_ra_pinfo", 0 },
	{ "accept_ra_defrtr", 0 },
};

static void
on_state(void *arg, enum v6d_session_state st)
{
	struct v6d_gw *g = arg;
	const struct v6d_session *s = v6d_dial_session(g->dial);

	v6d_lend_news(
	    g->lend, &(struct v6d_ask_news){ .kind = V6D_NEWS_STATE });

	if (st == V6D_SESSION_UP)
		g->up = true;
	if (st != V6D_SESSION_DEAD)
		return;
	g->up = false;
	g->dead = true;
	snprintf(g->last_end, sizeof(g->last_end), N_("%s (while %s)"),
	    v6d_session_why_text(v6d_session_why(s)),
	    v6d_session_state_text(v6d_session_failed_in(s)));
}

/* One that a host may believe, with a prefix to make addresses in. */
static bool
is_of_use(const struct v6d_ra *ra)
{
	if (!v6d_ra_valid(ra))
		return false;
	for (unsigned i = 0; i < ra->n_prefixes; i++)
		if (ra->prefixes[i].autonomous &&
		    ra->prefixes[i].prefix.len == 64 &&
		    ra->prefixes[i].valid_s > 0)
			return true;
	return false;
}

void
v6d_gw_new_ra(struct v6d_gw *g, const uint8_t *packet, size_t len)
{
	struct v6d_wire w = v6d_wire_from(packet, len, len), payload;
	struct v6d_ip ip;
	struct v6d_ra ra = { 0 };

	if (v6d_ip6_decode(&w, &ip, &payload) != V6D_WIRE_OK ||
	    v6d_ra_decode(&payload, &ip, &ra) != V6D_WIRE_OK || !is_of_use(&ra))
		return;
	if (g->have_ra && g->p->tunnel.accept_ra == V6D_RA_ONCE)
		return;
	g->ra = ra;
	g->ra_at = v6d_clock_now();
	g->have_ra = g->ra_news = true;
}

static void
on_ra(void *arg, const uint8_t *packet, size_t len, v6d_ns at)
{
	(void)at;
	v6d_gw_new_ra(arg, packet, len);
}

/* ---- for whoever examines the session ---- */

static void
on_echo(void *arg, const uint8_t *data, size_t len, size_t outer_len, v6d_ns at)
{
	struct v6d_gw *g = arg;

	v6d_lend_news(g->lend, &(struct v6d_ask_news){ .kind = V6D_NEWS_ECHO,
				   .data = data,
				   .len = len,
				   .outer_len = outer_len,
				   .at = at });
}

static void
on_control_echo(void *arg)
{
	struct v6d_gw *g = arg;

	v6d_lend_news(
	    g->lend, &(struct v6d_ask_news){ .kind = V6D_NEWS_CONTROL_ECHO });
}

static void
on_acked(void *arg, uint32_t seq, v6d_ns at)
{
	struct v6d_gw *g = arg;

	v6d_lend_news(
	    g->lend, &(struct v6d_ask_news){
			 .kind = V6D_NEWS_ACKED, .seq = seq, .at = at });
}

static void
on_icmp(void *arg, bool gre, const struct v6d_raw_icmp *e, v6d_ns at)
{
	struct v6d_gw *g = arg;

	if (gre)
		v6d_lend_news(
		    g->lend, &(struct v6d_ask_news){
				 .kind = V6D_NEWS_ICMP, .icmp = e, .at = at });
}

/* ---- dialling ---- */

static void
fill_session(const struct v6d_gw *g, struct v6d_session_conf *s)
{
	const struct v6d_profile_tunnel *t = &g->p->tunnel;

	snprintf(s->user, sizeof(s->user), "%s", t->user);
	snprintf(s->password, sizeof(s->password), "%s",
	    g->conf.password ? g->conf.password : "");
	s->auth = t->auth;
	s->mppe = t->mppe;
	s->mru = (uint16_t)t->mru;
	s->step_timeout = STEP_TIMEOUT;
	s->restart = RESTART;
	s->reorder = REORDER;
	s->lcp_echo = g->conf.echo ? g->conf.echo : V6D_S(t->echo_s);
	/* Not of a hardware address (RFC 8981, RFC 7217): of this run. */
	if (getrandom(s->ifid, sizeof(s->ifid), 0) != sizeof(s->ifid))
		abort();
	s->ifid[0] &= (uint8_t)~2u;
}

static int
find_server(struct v6d_gw *g)
{
	const char *name = g->p->tunnel.server;
	int err;

	if (v6d_addr_parse(name, &g->server))
		return g->server.family == 4 ? 0 : -EAFNOSUPPORT;
	err = v6d_resolver_lookup(
	    g->conf.ns.host_fd, name, 4, v6d_clock_now() + LOOKUP, &g->server);
	if (err < 0)
		return v6d_change_told(&g->c, -EHOSTUNREACH,
		    "no IPv4 address of %.100s can be found: %s", name,
		    err == -ETIMEDOUT ? N_("the resolver does not answer")
				      : strerror(-err));
	return 0;
}

static int
dial(struct v6d_gw *g, const struct v6d_tun_sysctl *sysctls, unsigned n_sysctls)
{
	struct v6d_dial_conf c = {
		.ns = g->conf.ns,
		.mtu = (uint16_t)g->p->tunnel.mtu,
		.use = V6D_RAW_TRAFFIC,
		.offload = g->p->tunnel.offload,
		.sysctls = sysctls,
		.n_sysctls = n_sysctls,
		.group = V6D_RULESET_GROUP,
		.arg = g,
		.on_state = on_state,
		.on_ra = on_ra,
		.on_echo = on_echo,
		.on_control_echo = on_control_echo,
		.on_acked = on_acked,
		.on_icmp = on_icmp,
	};
	int err;

	c.server = g->server;
	memcpy(c.ifname, g->tunnel, sizeof(c.ifname));
	fill_session(g, &c.session);
	err = v6d_dial_new(&g->loop, &c, &g->dial);
	explicit_bzero(c.session.password, sizeof(c.session.password));
	if (err < 0)
		return v6d_change_told(&g->c, err,
		    "the session cannot be dialled: %s", strerror(-err));
	v6d_lend_session(g->lend, g->dial);
	return 0;
}

int
v6d_gw_dial(struct v6d_gw *g)
{
	bool main_table = g->p->tunnel.table == 0;
	const struct v6d_tun_sysctl *s = main_table ? in_main : in_table;
	unsigned n =
	    main_table ? V6D_ARRAY_LEN(in_main) : V6D_ARRAY_LEN(in_table);
	int err = find_server(g);

	if (err < 0)
		return err;
	v6d_gw_drop_dial(g);
	g->up = g->dead = g->have_ra = g->ra_news = false;
	return v6d_gw_by_pppd(g) ? v6d_gw_pppd_dial(g, s, n) : dial(g, s, n);
}

/* ---- the session, whoever makes it ---- */

const uint8_t *
v6d_gw_ifid(const struct v6d_gw *g)
{
	return g->pppd ? v6d_pppd_ifid(g->pppd)
		       : v6d_session_ifid(v6d_dial_session(g->dial));
}

void
v6d_gw_send(struct v6d_gw *g, const uint8_t *packet, size_t n)
{
	if (g->pppd)
		v6d_pppd_send(g->pppd, packet, n);
	else if (g->dial)
		v6d_dial_send(g->dial, packet, n);
}

bool
v6d_gw_encrypted(const struct v6d_gw *g)
{
	if (!g->up)
		return false;
	return g->pppd ? v6d_pppd_tale(g->pppd)->encrypted
		       : v6d_session_encrypted(v6d_dial_session(g->dial));
}

/* The device's writes are what came in. */
struct v6d_pppd_counts
v6d_gw_packets(struct v6d_gw *g)
{
	struct v6d_pppd_counts n = { 0 };

	if (g->pppd) {
		n = v6d_pppd_counts(g->pppd);
	} else if (g->dial) {
		const struct v6d_dial_counts *d = v6d_dial_counts(g->dial);

		n = (struct v6d_pppd_counts){ d->tun_out, d->tun_in,
			d->tun_dropped };
	}
	n.in += g->old_in;
	n.out += g->old_out;
	return n;
}

bool
v6d_gw_session_over(const struct v6d_gw *g)
{
	return g->up || g->dead;
}

static bool
is_dead(const struct v6d_gw *g)
{
	return g->dead;
}

void
v6d_gw_drop_dial(struct v6d_gw *g)
{
	struct v6d_pppd_counts n;

	if (!g->dial && !g->pppd)
		return;
	n = v6d_gw_packets(g);
	g->old_in = n.in;
	g->old_out = n.out;
	v6d_lend_session(g->lend, NULL);
	v6d_dial_free(g->dial);
	v6d_pppd_free(g->pppd);
	g->dial = NULL;
	g->pppd = NULL;
	g->up = false;
}

void
v6d_gw_hang_up(struct v6d_gw *g)
{
	if (!g->dial && !g->pppd)
		return;
	if (!g->dead && g->pppd) {
		v6d_pppd_stop(g->pppd);
		v6d_gw_wait(g, is_dead, v6d_clock_now() + GOODBYE_PPPD);
	} else if (!g->dead) {
		v6d_dial_stop(g->dial);
		v6d_gw_wait(g, is_dead, v6d_clock_now() + GOODBYE);
	}
	v6d_gw_drop_dial(g);
}

/* Up, but without a device there is nothing to be had of it. */
int
v6d_gw_count_session(struct v6d_gw *g)
{
	int err = g->pppd ? 0 : v6d_dial_counts(g->dial)->tun_err;

	g->mtu = g->pppd ? v6d_pppd_mtu(g->pppd) : v6d_dial_mtu(g->dial);
	g->n_sessions++;
	g->up_at = v6d_clock_unix();
	if (err == 0)
		return 0;
	return v6d_change_told(&g->c, -err,
	    "the interface %s cannot be made: %s", g->tunnel,
	    err == ENODEV         ? N_("there is no /dev/net/tun")
	    : err == EAFNOSUPPORT ? "IPv6 is switched off on this host"
				  : strerror(err));
}

static int
dial_and_wait(struct v6d_gw *g)
{
	v6d_ns patience = v6d_gw_by_pppd(g) ? PATIENCE_PPPD : PATIENCE;
	int err = v6d_gw_dial(g);

	if (err < 0)
		return err;
	err = v6d_gw_wait(g, v6d_gw_session_over, v6d_clock_now() + patience);
	return err == -EINTR ? err : 0;
}

static int
make_session(struct v6d_gw *g)
{
	struct v6d_record r = { 3,
		{ "session", g->tunnel, g->p->tunnel.server } };
	int err = v6d_journal_add(&g->j, &r);

	if (err == 0)
		err = dial_and_wait(g);
	if (err == 0 && g->dead && g->another_try)
		err = dial_and_wait(g);
	if (err < 0)
		return err;
	if (!g->up)
		return v6d_change_told(&g->c, -EPROTO, "no session: %s",
		    g->dead ? g->last_end : "no answer in time");
	return v6d_gw_count_session(g);
}

static int
check_session(struct v6d_gw *g)
{
	if (g->up)
		return 0;
	return v6d_change_told(&g->c, -ENOTCONN, "no session: %s",
	    g->last_end[0] ? g->last_end : N_("none was made yet"));
}

const struct v6d_gw_step v6d_gw_step_session = {
	.name = "session", .check = check_session, .make = make_session
};
