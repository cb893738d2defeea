/* SPDX-License-Identifier: GPL-2.0-or-later */
/* run_plan.c - what a run is about: server, targets, resolvers, rights. */
#include "io/run_impl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/wire.h"
#include "io/borrow.h"
#include "io/clock.h"
#include "io/netlink.h"
#include "io/resolver.h"
#include "io/sysctl.h"

#define PPTP_PORT 1723
#define LOOKUP_PATIENCE V6D_S(5)
#define NAPT_LOOKUP_PATIENCE V6D_S(1)
#define HTTP_PORT 80
#define MTU_DEFAULT 1444

static void
copy(char *to, size_t n, const char *from)
{
	snprintf(to, n, "%s", from);
}

static unsigned
copy_addrs(struct v6d_addr *to, const struct v6d_addr_list *from)
{
	unsigned n = from->n < V6D_TARGETS ? from->n : V6D_TARGETS;

	for (unsigned i = 0; i < n; i++)
		to[i] = from->a[i];
	return n;
}

static const char *
lookup_word(int err)
{
	switch (err) {
	case -ETIMEDOUT:
		return "timeout";
	case -ENOENT:
		return "nxdomain";
	case -ENODATA:
		return "nodata";
	}
	return "servfail";
}

/* The server by literal address, or by name asked from the host. */
static void
find_server(struct v6d_run *r)
{
	struct v6d_plan *p = &r->plan;
	v6d_ns began = v6d_clock_now(), patience = LOOKUP_PATIENCE;
	int err;

	if (p->server_name[0] == '\0' ||
	    v6d_addr_parse(p->server_name, &p->server))
		return;
	if (patience > r->conf.deadline / 2)
		patience = r->conf.deadline / 2;
	err = v6d_resolver_lookup(
	    r->ns.host_fd, p->server_name, 4, began + patience, &p->server);
	r->facts.now = v6d_clock_now() - r->start;
	v6d_facts_add(&r->facts, V6D_FACT_SERVER_NAME, p->server_name,
	    err == 0 ? V6D_OK : V6D_BAD, err == 0 ? NULL : lookup_word(err),
	    V6D_NO_VALUE);
}

static void
from_profile(struct v6d_run *r)
{
	const struct v6d_profile *f = r->conf.profile;
	struct v6d_plan *p = &r->plan;

	copy(p->server_name, sizeof(p->server_name), f->tunnel.server);
	copy(p->interface, sizeof(p->interface), f->tunnel.interface);
	p->mtu = (uint16_t)f->tunnel.mtu;
	p->mru = (uint16_t)f->tunnel.mru;
	p->n_targets = copy_addrs(p->targets, &f->probe.ipv6_target);
	if (strcmp(f->probe.page, "/") != 0)
		copy(p->page, sizeof(p->page), f->probe.page);
	p->v4_target = f->probe.ipv4_target;
	copy(p->name, sizeof(p->name), f->probe.name);
	p->literal = f->probe.literal;
	p->n_resolvers = copy_addrs(p->resolvers, &f->probe.dns_server);
	copy(p->napt_name, sizeof(p->napt_name), f->probe.napt_target);
	p->max_sessions =
	    r->conf.sessions ? r->conf.sessions : f->probe.max_sessions;
}

/* "host" or "host:port", of which only IPv4 goes through a NAPT. */
static void
find_napt_target(struct v6d_run *r)
{
	const struct v6d_profile_probe *f = &r->conf.profile->probe;
	struct v6d_plan *p = &r->plan;
	char host[V6D_PROFILE_TEXT];
	char *colon;

	if (f->napt_target[0] == '\0')
		return;
	copy(host, sizeof(host), f->napt_target);
	colon = strrchr(host, ':');
	p->napt_port = HTTP_PORT;
	if (colon) {
		*colon = '\0';
		p->napt_port = (uint16_t)strtoul(colon + 1, NULL, 10);
	}
	if (host[0] == '[' || v6d_addr_parse(host, &p->napt_target))
		return;
	v6d_resolver_lookup(r->ns.host_fd, host, 4,
	    v6d_clock_now() + NAPT_LOOKUP_PATIENCE, &p->napt_target);
}

/* A literal is a target too, where no other is named. */
static void
fill_in(struct v6d_run *r)
{
	struct v6d_plan *p = &r->plan;
	int n;

	if (p->mtu == 0)
		p->mtu = MTU_DEFAULT;
	if (p->n_targets == 0 && p->literal.family == 6)
		p->targets[p->n_targets++] = p->literal;
	p->libc = p->n_resolvers == 0 || r->conf.etc;
	if (p->n_resolvers == 0) {
		n = v6d_resolver_servers(p->resolvers, V6D_TARGETS);
		p->n_resolvers = n > 0 ? (unsigned)n : 0;
	}
	if (p->server.family == 4)
		v6d_netlink_gateway(r->ns.host_fd, &p->server, &p->gateway);
}

static void
right_fact(struct v6d_run *r, enum v6d_fact fact, int err)
{
	v6d_facts_add(&r->facts, fact, NULL, err == 0 ? V6D_OK : V6D_BAD,
	    err == 0         ? NULL
	    : err == -ENODEV ? "missing"
			     : "denied",
	    V6D_NO_VALUE);
}

static void
look_at_rights(struct v6d_run *r)
{
	v6d_rights_look(r->ns.host_fd, &r->rights);
	r->plan.have_raw = r->rights.raw == 0;
	r->plan.have_tun = r->rights.tun == 0 && r->rights.netns == 0;
	r->plan.raw_err = -r->rights.raw;
	r->plan.tun_err = -(r->rights.netns ? r->rights.netns : r->rights.tun);
}

/*
 * What a session that is up shows of itself: its connection stands, and an
 * interface that is up with an IPv6 address has had IPV6CP opened for it.
 */
static void
place_facts(struct v6d_run *r)
{
	r->facts.now = v6d_clock_now() - r->start;
	if (r->calls.n > 0 && r->plan.server.family != 0)
		v6d_facts_add(&r->facts, V6D_FACT_CONTROL_TCP, NULL, V6D_OK,
		    NULL, V6D_NO_VALUE);
	if (r->tunnel.up && r->tunnel.has_ipv6)
		v6d_facts_add(&r->facts, V6D_FACT_PPP_IPV6CP, NULL, V6D_OK,
		    NULL, V6D_NO_VALUE);
}

/*
 * Its owner says that it is up: it has been called, and PPP is open. How long
 * ago it does not matter.
 */
static void
lent_facts(struct v6d_run *r)
{
	static const enum v6d_fact facts[] = { V6D_FACT_CONTROL_TCP,
		V6D_FACT_CONTROL_START, V6D_FACT_CONTROL_CALL, V6D_FACT_PPP_LCP,
		V6D_FACT_PPP_IPV6CP };

	r->facts.now = v6d_clock_now() - r->start;
	for (size_t i = 0; i < V6D_ARRAY_LEN(facts); i++)
		v6d_facts_add(
		    &r->facts, facts[i], NULL, V6D_OK, NULL, V6D_NO_VALUE);
}

/* A gateway of ours lends its session; another program cannot. */
static void
borrow(struct v6d_run *r)
{
	if (!r->conf.run_dir || r->tunnel.ifname[0] == '\0')
		return;
	r->lent_err = v6d_borrow_find(
	    r->conf.run_dir, r->tunnel.ifname, r->ns.host_fd, &r->lent_fd);
	r->plan.lent = r->lent_err == 0;
	if (r->plan.lent)
		lent_facts(r);
}

/*
 * In place: an interface was named, or a session to this server is up, or no
 * server is named and a tunnel's interface is up.
 */
static int
find_in_place(struct v6d_run *r)
{
	struct v6d_plan *p = &r->plan;
	const char *name = r->conf.interface;
	bool connected;
	int err;

	v6d_place_calls(r->ns.host_fd,
	    p->server.family != 0 ? &p->server : NULL, PPTP_PORT, &r->calls);
	connected = p->server.family != 0 && r->calls.n > 0;
	if (!name && connected && p->interface[0] != '\0' &&
	    v6d_place_tunnel(r->ns.host_fd, p->interface, &r->tunnel) == 0)
		name = p->interface;
	err = v6d_place_tunnel(r->ns.host_fd, name, &r->tunnel);
	if (err < 0)
		return err;
	p->in_place = r->conf.interface != NULL ||
		      (connected && !r->conf.dial) ||
		      (p->server.family == 0 && r->tunnel.ifname[0] != '\0');
	if (p->in_place)
		place_facts(r);
	if (p->in_place)
		borrow(r);
	return 0;
}

static void
say_why_not(struct v6d_run *r)
{
	char server[V6D_ADDR_TEXT];
	struct v6d_plan *p = &r->plan;

	v6d_addr_text(&p->server, server, sizeof(server));
	if (p->in_place && r->tunnel.ifname[0] == '\0')
		snprintf(r->no_tunnel, sizeof(r->no_tunnel),
		    "a session to %s is up, but no tunnel interface shows",
		    server);
	if (p->in_place)
		copy(r->no_session, sizeof(r->no_session),
		    "a session is up already and judged in place; --dial "
		    "calls a second time");
	else if (p->server_name[0] == '\0')
		copy(r->no_session, sizeof(r->no_session), "no server named");
	else if (p->server.family == 0)
		snprintf(r->no_session, sizeof(r->no_session),
		    "no address of %.100s", p->server_name);
	if (!p->in_place && r->no_session[0] != '\0')
		snprintf(r->no_tunnel, sizeof(r->no_tunnel),
		    "there is no tunnel: %.100s", r->no_session);
}

int
v6d_run_make_plan(struct v6d_run *r, char *text, size_t n)
{
	struct v6d_plan *p = &r->plan;
	int err;

	p->deadline = r->conf.deadline;
	p->idle = r->conf.idle;
	if (r->conf.profile)
		from_profile(r);
	find_server(r);
	if (r->conf.profile)
		find_napt_target(r);
	fill_in(r);
	look_at_rights(r);
	err = find_in_place(r);
	if (err < 0) {
		snprintf(text, n,
		    N_("no interface %s on this host: \"ip link\" lists what "
		       "there is"),
		    r->conf.interface ? r->conf.interface : "");
		return err;
	}
	if (p->in_place) {
		copy(p->interface, sizeof(p->interface), r->tunnel.ifname);
		p->mtu = (uint16_t)(r->tunnel.mtu ? r->tunnel.mtu : p->mtu);
	} else if (p->server.family != 0) {
		right_fact(r, V6D_FACT_HOST_RAW, r->rights.raw);
		right_fact(r, V6D_FACT_HOST_TUN,
		    r->rights.netns ? r->rights.netns : r->rights.tun);
		v6d_rights_text(&r->rights, r->missing, sizeof(r->missing));
	}
	say_why_not(r);
	if (r->conf.observe)
		r->conf.observe(r->conf.arg, &r->facts);
	return 0;
}

/* A host that is not wholly mirrored may do what the model does not. */
static void
model_facts(struct v6d_run *r, v6d_ns took)
{
	const struct v6d_mirror *m = &r->mirror;
	char parts[V6D_SUBJECT];

	snprintf(parts, sizeof(parts),
	    "%u interfaces, %u addresses, %u routes, %u rules, %u filter rules",
	    m->n_links, m->n_addrs, m->n_routes, m->n_rules, m->n_filter);
	r->facts.now = v6d_clock_now() - r->start;
	v6d_facts_add(&r->facts, V6D_FACT_HOST_MIRRORED, parts, V6D_OK, NULL,
	    (int64_t)(took / V6D_MS(1)));
	if (m->n_gaps == 0)
		v6d_facts_add(
		    &r->facts, V6D_FACT_HOST_MODEL, NULL, V6D_OK, NULL, 0);
	for (unsigned i = 0; i < m->n_gaps; i++)
		v6d_facts_add(&r->facts, V6D_FACT_HOST_MODEL, m->gaps[i].text,
		    V6D_UNKNOWN,
		    m->gaps[i].part == V6D_MIRROR_FILTER ? "filter"
							 : "incomplete",
		    m->gaps[i].n);
}

static void
mirror(struct v6d_run *r)
{
	const char *ifname = r->plan.interface;
	v6d_ns began = v6d_clock_now();

	v6d_mirror_make(r->ns.host_fd, r->ns.private_fd,
	    ifname[0] != '\0' ? ifname : V6D_RUN_TUNNEL, &r->mirror);
	model_facts(r, v6d_clock_now() - began);
}

void
v6d_run_make_place(struct v6d_run *r)
{
	const char *ifname = r->plan.interface;
	int err;

	if (r->plan.in_place || r->plan.server.family == 0)
		return;
	err = v6d_netns_private(&r->ns.private_fd);
	if (err == 0)
		err = v6d_sysctl_mirror_ipv6(r->ns.host_fd, r->ns.private_fd,
		    ifname[0] != '\0' ? ifname : NULL, NULL);
	if (err < 0)
		snprintf(r->no_tunnel, sizeof(r->no_tunnel),
		    "no private network namespace for the tunnel: %s",
		    strerror(-err));
	else if (r->rights.tun < 0)
		v6d_run_no_tun(r, r->rights.tun);
	else
		mirror(r);
}
