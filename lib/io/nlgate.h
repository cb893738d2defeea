/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nlgate.h - what a gateway needs of rtnetlink beyond netlink.h: IPv6
 * addresses with lifetimes, routes of any table, rules. All return 0 or
 * -errno; ns_fd -1: our own namespace.
 */
#ifndef V6D_IO_NLGATE_H
#define V6D_IO_NLGATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"

#define V6D_NLGATE_FOREVER UINT32_MAX

struct v6d_nlgate_addr {
	struct v6d_prefix addr;
	uint32_t valid_s, preferred_s;
	bool nodad; /* usable at once */
	bool alone; /* the kernel makes no route to its prefix */
	bool create; /* -EEXIST where it is there already */
};

int
v6d_nlgate_addr(int ns_fd, const char *ifname, const struct v6d_nlgate_addr *a);

struct v6d_nlgate_route {
	struct v6d_prefix dst; /* len 0: default */
	char ifname[16]; /* "": unreachable */
	uint32_t table, metric;
	uint8_t proto;
};

/* -EEXIST: there is one of that destination, table and metric. */
int v6d_nlgate_route_add(int ns_fd, const struct v6d_nlgate_route *r);
int v6d_nlgate_route_del(int ns_fd, const struct v6d_nlgate_route *r);

/* "from PREFIX lookup TABLE [suppress_prefixlength 0]" at a preference. */
struct v6d_nlgate_rule {
	struct v6d_prefix from;
	uint32_t pref, table;
	bool no_default; /* the table's default route does not count */
	uint8_t proto;
};

/* -EEXIST: exactly this rule is there. */
int v6d_nlgate_rule_add(int ns_fd, const struct v6d_nlgate_rule *r);
/* -ENOENT: there is no such rule. */
int v6d_nlgate_rule_del(int ns_fd, const struct v6d_nlgate_rule *r);

/* A pair of Ethernet interfaces, one in each namespace, both up. */
int v6d_nlgate_veth(int ns_a, const char *a, int ns_b, const char *b);

#endif
