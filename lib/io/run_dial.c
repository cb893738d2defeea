/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run_dial.c - the session of a run: it is dialled, again where that tells
 * something, and what it hears goes on to the asks.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "io/clock.h"
#include "io/run_impl.h"

#define STEP_TIMEOUT V6D_S(10) /* the checks have lost patience before */
#define RESTART_TIMER V6D_S(1)
#define FIRST_RESTART V6D_MS(250)
#define COPIES 1 /* of each packet of the negotiation, besides itself */
#define REDIAL_PAUSE_MS 250 /* for what still comes of the call before */
#define MAX_CALLS 4
#define MAX_CALLS_LOSSY 8
#define MAX_LOGINS 2
/* TCP repeats nothing before (RFC 6298, Linux), and takes no longer itself. */
#define TCP_REPEATS V6D_MS(150)

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

/* The peer ended it, of its own accord. */
static bool
was_ended(enum v6d_session_why why)
{
	switch (why) {
	case V6D_WHY_CLOSED:
	case V6D_WHY_RESET:
	case V6D_WHY_DISCONNECTED:
	case V6D_WHY_STOP_RECEIVED:
	case V6D_WHY_TERMINATED:
		return true;
	case V6D_WHY_NONE:
	case V6D_WHY_STOPPED:
	case V6D_WHY_TCP_FAILED:
	case V6D_WHY_TIMEOUT:
	case V6D_WHY_NOT_PPTP:
	case V6D_WHY_START_REFUSED:
	case V6D_WHY_CALL_REFUSED:
	case V6D_WHY_ECHO_LOST:
	case V6D_WHY_LCP_FAILED:
	case V6D_WHY_AUTH_METHOD:
	case V6D_WHY_AUTH_REJECTED:
	case V6D_WHY_AUTH_BAD_PEER:
	case V6D_WHY_LOOPED:
	case V6D_WHY_MPPE:
	case V6D_WHY_IPV6CP_REJECTED:
	case V6D_WHY_IPV6CP_FAILED:
	case V6D_WHY_HUNG_UP:
		break;
	}
	return false;
}

/*
 * The reply to the call was lost at first: what the server sent meanwhile met
 * routers that did not know of the call yet.
 */
static bool
was_late(const struct v6d_session_times *t)
{
	return t->ocrp != V6D_NEVER && t->sccrp != V6D_NEVER &&
	       t->ocrp - t->sccrp > TCP_REPEATS + 2 * (t->tcp - t->start);
}

/*
 * Once is no proof where a lost packet can be the reason. Before any GRE came:
 * a router can have missed the call; at 30 % loss four in a row are 1 in 120,
 * and where it shows that they were late, more are made.
 * While it was proved who we are: the Failure can have been lost that came
 * before the end; more than one try could lock the account.
 */
static bool
deserves_another(struct v6d_run *r)
{
	const struct v6d_session *s = v6d_dial_session(r->dial);
	enum v6d_session_state in = v6d_session_failed_in(s);

	if (r->over || !was_ended(v6d_session_why(s)))
		return false;
	if (in == V6D_SESSION_AUTH)
		return ++r->logins < MAX_LOGINS;
	r->late_calls += was_late(v6d_session_times(s));
	return in == V6D_SESSION_LCP && r->dialled < MAX_CALLS_LOSSY &&
	       r->dialled - r->late_calls < MAX_CALLS &&
	       v6d_session_times(s)->first_gre == V6D_NEVER;
}

/* The view begins anew with the call; what the one before proved is a fact. */
static void
redial(uv_timer_t *t)
{
	struct v6d_run *r = t->data;

	v6d_dial_free(r->dial);
	r->dial = NULL;
	v6d_flow_init(r->flow, 1);
	r->redialling = false;
	v6d_run_dial(r);
	r->facts.now = v6d_clock_now() - r->start;
	v6d_facts_add(
	    &r->facts, V6D_FACT_CONTROL_CALLS, NULL, V6D_OK, NULL, r->dialled);
	v6d_asker_hold(r->asker, false);
}

static void
on_state(void *arg, enum v6d_session_state st)
{
	struct v6d_run *r = arg;
	int err = v6d_dial_counts(r->dial)->tun_err;

	if (st == V6D_SESSION_DEAD && deserves_another(r)) {
		v6d_run_witness(r);
		r->redialling = true;
		v6d_asker_hold(r->asker, true);
		uv_timer_start(&r->redial, redial, REDIAL_PAUSE_MS, 0);
		return;
	}
	if (st == V6D_SESSION_UP && err != 0)
		v6d_run_no_tun(r, -err);
	if (st == V6D_SESSION_UP)
		r->plan.mtu = v6d_dial_mtu(r->dial);
	if (st == V6D_SESSION_UP)
		v6d_asker_set_tunnel(r->asker, v6d_dial_ifname(r->dial),
		    r->no_tunnel[0] != '\0' ? r->no_tunnel : NULL);
	news(r, (struct v6d_ask_news){ .kind = V6D_NEWS_STATE });
	if (st == V6D_SESSION_DEAD)
		v6d_run_session_over(r);
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
	s->first_restart = FIRST_RESTART;
	s->copies = COPIES;
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
	r->dialled++;
	v6d_asker_set_dial(r->asker, r->dial);
}
