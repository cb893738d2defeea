/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * step_routes.c - the way out. In the main table the kernel keeps the default
 * route that the server advertises; where the profile names a table, what
 * comes from our prefix looks there, behind every route that is no default.
 */
#include "gateway/gateway_impl.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "io/clock.h"
#include "io/netlink.h"

#define METRIC 1024 /* as of routes by advertisement */
#define METRIC_LAST 4000000000u
#define PREF 17600 /* of our rules; the table's number is added */
#define MAX_ROUTES 64

static bool
own_table(const struct v6d_gw *g)
{
	return g->p->tunnel.table != 0;
}

static unsigned
table_of(const struct v6d_gw *g)
{
	return own_table(g) ? g->p->tunnel.table : 254; /* main */
}

/* Goes with the device: nothing to be undone. */
static int
add_default(struct v6d_gw *g)
{
	struct v6d_nlgate_route r = { .dst = { { 6, { 0 } }, 0 },
		.table = table_of(g),
		.metric = METRIC,
		.proto = V6D_CHANGE_PROTO };
	int err;

	memcpy(r.ifname, g->tunnel, sizeof(r.ifname));
	err = v6d_nlgate_route_add(g->c.ns_fd, &r);
	if (err == 0 || err == -EEXIST)
		return 0;
	return v6d_change_told(&g->c, err, "no default route through %s: %s",
	    g->tunnel, strerror(-err));
}

/* Does the kernel have one through the tunnel by advertisement? */
static bool
has_default(const struct v6d_gw *g)
{
	struct v6d_answer_route r[MAX_ROUTES];
	unsigned n = 0;

	if (v6d_netlink_routes(g->c.ns_fd, 6, g->tunnel, r, MAX_ROUTES, &n) < 0)
		return false;
	for (unsigned i = 0; i < n && i < MAX_ROUTES; i++)
		if (r[i].tunnel && r[i].dst.len == 0 && !r[i].reject)
			return true;
	return false;
}

int
v6d_gw_make_routes(struct v6d_gw *g)
{
	if (own_table(g) || g->p->tunnel.accept_ra == V6D_RA_ONCE)
		return add_default(g);
	if (has_default(g))
		return 0;
	if (g->ra.lifetime_s == 0)
		v6d_gw_say(g, V6D_GW_WARN,
		    "the server advertises that it is no router (lifetime 0): "
		    "a default route is made all the same");
	return add_default(g);
}

/* What is on a link or has a route of its own goes there. */
static int
add_rules(struct v6d_gw *g, const struct v6d_prefix *from)
{
	struct v6d_nlgate_rule near = { .from = *from,
		.pref = PREF,
		.table = 254,
		.no_default = true,
		.proto = V6D_CHANGE_PROTO };
	struct v6d_nlgate_rule far = { .from = *from,
		.pref = PREF + 1,
		.table = g->p->tunnel.table,
		.proto = V6D_CHANGE_PROTO };
	char text[64];
	const char *const noted[] = { "rule", text };
	int err;

	v6d_change_prefix_text(from, text, sizeof(text));
	if (v6d_change_noted(&g->j, 2, noted) >= 0)
		return 0;
	err = v6d_change_rule(&g->c, &near);
	return err < 0 ? err : v6d_change_rule(&g->c, &far);
}

/*
 * While the tunnel is down, what came from its prefix must not leave by
 * another way: the table says "unreachable" then.
 */
static int
add_last(struct v6d_gw *g)
{
	struct v6d_nlgate_route r = { .dst = { { 6, { 0 } }, 0 },
		.table = table_of(g),
		.metric = METRIC_LAST,
		.proto = V6D_CHANGE_PROTO };

	return v6d_change_route(&g->c, &r);
}

int
v6d_gw_make_rules(struct v6d_gw *g)
{
	int err = own_table(g) ? add_rules(g, &g->prefix) : 0;

	for (unsigned i = 0; err == 0 && own_table(g) && i < g->n_lan; i++)
		err = add_rules(g, &g->lan[i].prefix);
	return err;
}

static int
make_routes(struct v6d_gw *g)
{
	int err = own_table(g) ? add_last(g) : 0;

	if (err == 0)
		err = v6d_gw_make_routes(g);
	return err < 0 ? err : v6d_gw_make_rules(g);
}

static int
check_routes(struct v6d_gw *g)
{
	if (!g->up || own_table(g) || has_default(g))
		return 0;
	return v6d_change_told(&g->c, -ENETUNREACH,
	    "there is no default route through %s", g->tunnel);
}

const struct v6d_gw_step v6d_gw_step_routes = {
	.name = "routes", .check = check_routes, .make = make_routes
};
