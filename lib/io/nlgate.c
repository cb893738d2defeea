/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nlgate.c - addresses with lifetimes, routes of any table, rules. */
#include "io/nlgate.h"

#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/veth.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include <netlink/attr.h>

#include "io/netlink.h"
#include "io/nlreq.h"

struct addr_args {
	const char *ifname;
	const struct v6d_nlgate_addr *a;
};

static int
fill_addr(struct nl_msg *m, void *arg)
{
	const struct addr_args *x = arg;
	const struct v6d_nlgate_addr *a = x->a;
	int index = v6d_nlreq_ifindex(x->ifname);
	struct ifaddrmsg i = { .ifa_family = AF_INET6,
		.ifa_prefixlen = a->addr.len };
	struct ifa_cacheinfo life = { .ifa_valid = a->valid_s,
		.ifa_prefered = a->preferred_s };
	uint32_t flags =
	    (a->nodad ? IFA_F_NODAD : 0) | (a->alone ? IFA_F_NOPREFIXROUTE : 0);

	if (index < 0)
		return index;
	i.ifa_index = (unsigned)index;
	if (nlmsg_append(m, &i, sizeof(i), NLMSG_ALIGNTO) < 0 ||
	    nla_put(m, IFA_LOCAL, 16, a->addr.addr.b) < 0 ||
	    nla_put(m, IFA_ADDRESS, 16, a->addr.addr.b) < 0 ||
	    nla_put(m, IFA_CACHEINFO, sizeof(life), &life) < 0 ||
	    nla_put_u32(m, IFA_FLAGS, flags) < 0)
		return -ENOMEM;
	return 0;
}

int
v6d_nlgate_addr(int ns_fd, const char *ifname, const struct v6d_nlgate_addr *a)
{
	struct addr_args x = { ifname, a };
	struct v6d_nlreq q = { RTM_NEWADDR,
		NLM_F_CREATE | (a->create ? NLM_F_EXCL : NLM_F_REPLACE),
		fill_addr, NULL, &x };

	return v6d_nlreq_run(ns_fd, &q);
}

static int
put_route(struct nl_msg *m, const struct v6d_nlgate_route *r)
{
	int index;

	if (r->dst.len && nla_put(m, RTA_DST, 16, r->dst.addr.b) < 0)
		return -ENOMEM;
	if (nla_put_u32(m, RTA_TABLE, r->table) < 0 ||
	    nla_put_u32(m, RTA_PRIORITY, r->metric) < 0)
		return -ENOMEM;
	if (!r->ifname[0])
		return 0;
	index = v6d_nlreq_ifindex(r->ifname);
	if (index < 0)
		return index;
	return nla_put_u32(m, RTA_OIF, (uint32_t)index) < 0 ? -ENOMEM : 0;
}

static int
fill_route(struct nl_msg *m, void *arg)
{
	const struct v6d_nlgate_route *r = arg;
	struct rtmsg h = { .rtm_family = AF_INET6,
		.rtm_dst_len = r->dst.len,
		.rtm_table = RT_TABLE_UNSPEC,
		.rtm_protocol = r->proto,
		.rtm_type = r->ifname[0] ? RTN_UNICAST : RTN_UNREACHABLE,
		.rtm_scope = RT_SCOPE_UNIVERSE };

	if (nlmsg_append(m, &h, sizeof(h), NLMSG_ALIGNTO) < 0)
		return -ENOMEM;
	return put_route(m, r);
}

static int
change_route(int ns_fd, const struct v6d_nlgate_route *r, int type, int flags)
{
	struct v6d_nlgate_route copy = *r;
	struct v6d_nlreq q = { type, flags, fill_route, NULL, &copy };

	return v6d_nlreq_run(ns_fd, &q);
}

int
v6d_nlgate_route_add(int ns_fd, const struct v6d_nlgate_route *r)
{
	return change_route(ns_fd, r, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL);
}

int
v6d_nlgate_route_del(int ns_fd, const struct v6d_nlgate_route *r)
{
	return change_route(ns_fd, r, RTM_DELROUTE, 0);
}

static int
fill_rule(struct nl_msg *m, void *arg)
{
	const struct v6d_nlgate_rule *r = arg;
	struct fib_rule_hdr h = { .family = AF_INET6,
		.src_len = r->from.len,
		.table = RT_TABLE_UNSPEC,
		.action = FR_ACT_TO_TBL };

	if (nlmsg_append(m, &h, sizeof(h), NLMSG_ALIGNTO) < 0 ||
	    nla_put_u32(m, FRA_PRIORITY, r->pref) < 0 ||
	    nla_put_u32(m, FRA_TABLE, r->table) < 0 ||
	    nla_put_u8(m, FRA_PROTOCOL, r->proto) < 0)
		return -ENOMEM;
	if (r->from.len && nla_put(m, FRA_SRC, 16, r->from.addr.b) < 0)
		return -ENOMEM;
	if (r->no_default && nla_put_u32(m, FRA_SUPPRESS_PREFIXLEN, 0) < 0)
		return -ENOMEM;
	return 0;
}

static int
change_rule(int ns_fd, const struct v6d_nlgate_rule *r, int type, int flags)
{
	struct v6d_nlgate_rule copy = *r;
	struct v6d_nlreq q = { type, flags, fill_rule, NULL, &copy };

	return v6d_nlreq_run(ns_fd, &q);
}

int
v6d_nlgate_rule_add(int ns_fd, const struct v6d_nlgate_rule *r)
{
	return change_rule(ns_fd, r, RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL);
}

int
v6d_nlgate_rule_del(int ns_fd, const struct v6d_nlgate_rule *r)
{
	return change_rule(ns_fd, r, RTM_DELRULE, 0);
}

struct veth_args {
	const char *a, *b;
	int ns_b;
};

/* The other end is a link message of its own, inside. */
static int
put_peer(struct nl_msg *m, const struct veth_args *x)
{
	struct ifinfomsg i = { .ifi_family = AF_UNSPEC };
	struct nlattr *data = nla_nest_start(m, IFLA_INFO_DATA), *peer;

	if (!data)
		return -ENOMEM;
	peer = nla_nest_start(m, VETH_INFO_PEER);
	if (!peer || nlmsg_append(m, &i, sizeof(i), NLMSG_ALIGNTO) < 0 ||
	    nla_put(m, IFLA_IFNAME, (int)strlen(x->b) + 1, x->b) < 0 ||
	    nla_put_u32(m, IFLA_NET_NS_FD, (uint32_t)x->ns_b) < 0)
		return -ENOMEM;
	nla_nest_end(m, peer);
	nla_nest_end(m, data);
	return 0;
}

static int
fill_veth(struct nl_msg *m, void *arg)
{
	const struct veth_args *x = arg;
	struct ifinfomsg i = { .ifi_family = AF_UNSPEC };
	struct nlattr *info;

	if (nlmsg_append(m, &i, sizeof(i), NLMSG_ALIGNTO) < 0 ||
	    nla_put(m, IFLA_IFNAME, (int)strlen(x->a) + 1, x->a) < 0)
		return -ENOMEM;
	info = nla_nest_start(m, IFLA_LINKINFO);
	if (!info || nla_put(m, IFLA_INFO_KIND, 4, "veth") < 0 ||
	    put_peer(m, x) < 0)
		return -ENOMEM;
	nla_nest_end(m, info);
	return 0;
}

int
v6d_nlgate_veth(int ns_a, const char *a, int ns_b, const char *b)
{
	struct veth_args x = { a, b, ns_b };
	struct v6d_nlreq q = { RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL,
		fill_veth, NULL, &x };
	int err = v6d_nlreq_run(ns_a, &q);

	if (err == 0)
		err = v6d_netlink_link_up(ns_b, b, 0);
	return err < 0 ? err : v6d_netlink_link_up(ns_a, a, 0);
}
