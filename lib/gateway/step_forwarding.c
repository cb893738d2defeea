/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * step_forwarding.c - this host as a router, and what that does to the
 * advertisements it hears itself: with forwarding on, an interface uses them
 * only where accept_ra is 2, and the kernel throws away the default routes of
 * all others.
 */
#include "gateway/gateway_impl.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "io/netlink.h"
#include "io/netns.h"
#include "base/lang.h"
#include "io/sysctl.h"

#define MAX_ENTRIES 64

static bool
has_lan(const struct v6d_gw *g)
{
	return g->p->lan.interface.n > 0;
}

/* ---- accept_ra of the interfaces that are there ---- */

static int64_t
conf_of(const char *ifname, const char *key)
{
	char path[96];
	int64_t v;

	snprintf(path, sizeof(path), "net/ipv6/conf/%s/%s", ifname, key);
	return v6d_sysctl_read(-1, path, &v) < 0 ? -1 : v;
}

/* Does it have an address or a route by advertisement? */
static bool
lives_by_ra(const char *name)
{
	struct v6d_answer_addr a[MAX_ENTRIES];
	struct v6d_answer_route r[MAX_ENTRIES];
	unsigned n = 0;

	if (v6d_netlink_addrs(-1, 6, NULL, a, MAX_ENTRIES, &n) == 0)
		for (unsigned i = 0; i < n && i < MAX_ENTRIES; i++)
			if (strcmp(a[i].ifname, name) == 0 &&
			    a[i].valid_s != V6D_LIFETIME_FOREVER)
				return true;
	if (v6d_netlink_routes(-1, 6, NULL, r, MAX_ENTRIES, &n) == 0)
		for (unsigned i = 0; i < n && i < MAX_ENTRIES; i++)
			if (strcmp(r[i].ifname, name) == 0 && r[i].from_ra)
				return true;
	return false;
}

/* Those that use advertisements now and would not any more. */
struct listeners {
	unsigned n;
	char name[64][IF_NAMESIZE];
};

static int
find_listeners(void *arg)
{
	struct listeners *l = arg;
	struct if_nameindex *all = if_nameindex();

	if (!all)
		return -errno;
	for (unsigned i = 0; all[i].if_index && l->n < 64; i++) {
		const char *name = all[i].if_name;

		if (conf_of(name, "forwarding") == 0 &&
		    conf_of(name, "accept_ra") == 1 && lives_by_ra(name))
			snprintf(l->name[l->n++], IF_NAMESIZE, "%s", name);
	}
	if_freenameindex(all);
	return 0;
}

static bool
is_lan(const struct v6d_gw *g, const char *name)
{
	for (unsigned i = 0; i < g->n_lan; i++)
		if (strcmp(g->lan[i].ifname, name) == 0)
			return true;
	return false;
}

static int
set_accept_ra(struct v6d_gw *g, const char *name, int value)
{
	char path[96];

	snprintf(path, sizeof(path), "net/ipv6/conf/%s/accept_ra", name);
	return v6d_change_sysctl(&g->c, path, value);
}

/* On the LAN we are who advertises: we would take our own for another's. */
static int
make_accept_ra(struct v6d_gw *g)
{
	struct listeners l = { 0 };
	int err = v6d_netns_run(g->c.ns_fd, find_listeners, &l);

	if (err < 0)
		v6d_change_told(&g->c, err,
		    "the interfaces cannot be listed: %s", strerror(-err));
	for (unsigned i = 0; err == 0 && i < g->n_lan; i++)
		err = set_accept_ra(g, g->lan[i].ifname, 0);
	for (unsigned i = 0; err == 0 && i < l.n; i++)
		if (!is_lan(g, l.name[i]))
			err = set_accept_ra(g, l.name[i], 2);
	return err;
}

const struct v6d_gw_step v6d_gw_step_accept_ra = {
	.name = "accept_ra", .wanted = has_lan, .make = make_accept_ra
};

/* ---- accept_ra of the tunnel ---- */

/*
 * The device was made with 2, so that it hears its first advertisement
 * whatever this host is. Where later ones shall not count it gets 0. It takes
 * its settings with it: nothing to be undone.
 */
static int
want_of(const struct v6d_gw *g)
{
	return g->p->tunnel.accept_ra == V6D_RA_ONCE ? 0 : 2;
}

static int
make_tunnel_ra(struct v6d_gw *g)
{
	char path[96];
	int err;

	snprintf(path, sizeof(path), "net/ipv6/conf/%s/accept_ra", g->tunnel);
	err = v6d_sysctl_write(g->c.ns_fd, path, want_of(g));
	if (err < 0)
		snprintf(g->c.why, sizeof(g->c.why), N_("%s cannot be set: %s"),
		    path, strerror(-err));
	return err;
}

static int
check_tunnel_ra(struct v6d_gw *g)
{
	char path[96];
	int64_t now;

	snprintf(path, sizeof(path), "net/ipv6/conf/%s/accept_ra", g->tunnel);
	if (v6d_sysctl_read(g->c.ns_fd, path, &now) < 0 || now == want_of(g))
		return 0; /* no device: the session is what is missing */
	snprintf(g->c.why, sizeof(g->c.why), N_("%s is %d, not %d"), path,
	    (int)now, want_of(g));
	return -EPROTO;
}

const struct v6d_gw_step v6d_gw_step_tunnel_ra = { .name = "tunnel accept_ra",
	.check = check_tunnel_ra,
	.make = make_tunnel_ra };

/* ---- forwarding ---- */

static int
make_forwarding(struct v6d_gw *g)
{
	int err = v6d_change_forwarding(&g->c);
	char path[96];

	/* Where "all" was on already, single interfaces may be off. */
	for (unsigned i = 0; err == 0 && i < g->p->lan.interface.n; i++) {
		snprintf(path, sizeof(path), "net/ipv6/conf/%s/forwarding",
		    g->p->lan.interface.s[i]);
		err = v6d_change_sysctl(&g->c, path, 1);
	}
	return err;
}

static int
check_forwarding(struct v6d_gw *g)
{
	int64_t now;

	if (v6d_sysctl_read(g->c.ns_fd, "net/ipv6/conf/all/forwarding", &now) ==
		0 &&
	    now == 1)
		return 0;
	snprintf(g->c.why, sizeof(g->c.why),
	    N_("somebody has switched forwarding off"));
	return -EPROTO;
}

const struct v6d_gw_step v6d_gw_step_forwarding = { .name = "forwarding",
	.wanted = has_lan,
	.check = check_forwarding,
	.make = make_forwarding };
