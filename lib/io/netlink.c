/* SPDX-License-Identifier: GPL-2.0-or-later */
/* netlink.c - changes addresses, routes and links of a namespace. */
#include "io/netlink.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

#include <netlink/attr.h>

#include "io/netns.h"
#include "io/nlreq.h"

struct link_args {
	const char *ifname;
	unsigned mtu;
	bool no_addr_gen;
	unsigned group;
};

static int
put_no_addr_gen(struct nl_msg *m)
{
	struct nlattr *spec = nla_nest_start(m, IFLA_AF_SPEC), *inet6;

	if (!spec)
		return -ENOMEM;
	inet6 = nla_nest_start(m, AF_INET6);
	if (!inet6)
		return -ENOMEM;
	if (nla_put_u8(m, IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE))
		return -ENOMEM;
	nla_nest_end(m, inet6);
	nla_nest_end(m, spec);
	return 0;
}

static int
fill_link(struct nl_msg *m, void *arg)
{
	const struct link_args *a = arg;
	struct ifinfomsg i = { .ifi_family = AF_UNSPEC };

	i.ifi_index = v6d_nlreq_ifindex(a->ifname);
	if (i.ifi_index < 0)
		return i.ifi_index;
	if (!a->no_addr_gen && !a->group)
		i.ifi_flags = i.ifi_change = IFF_UP;
	if (nlmsg_append(m, &i, sizeof(i), NLMSG_ALIGNTO) < 0)
		return -ENOMEM;
	if (a->mtu && nla_put_u32(m, IFLA_MTU, a->mtu) < 0)
		return -ENOMEM;
	if (a->group && nla_put_u32(m, IFLA_GROUP, a->group) < 0)
		return -ENOMEM;
	return a->no_addr_gen ? put_no_addr_gen(m) : 0;
}

static int
set_link(int ns_fd, struct link_args *a)
{
	struct v6d_nlreq q = { RTM_SETLINK, 0, fill_link, NULL, a };

	return v6d_nlreq_run(ns_fd, &q);
}

int
v6d_netlink_no_addr_gen(int ns_fd, const char *ifname)
{
	struct link_args a = { ifname, 0, true, 0 };

	return set_link(ns_fd, &a);
}

int
v6d_netlink_link_up(int ns_fd, const char *ifname, unsigned mtu)
{
	struct link_args a = { ifname, mtu, false, 0 };

	return set_link(ns_fd, &a);
}

int
v6d_netlink_link_group(int ns_fd, const char *ifname, unsigned group)
{
	struct link_args a = { ifname, 0, false, group };

	return set_link(ns_fd, &a);
}

struct index_args {
	const char *ifname;
	int index;
};

static int
look_up_index(void *arg)
{
	struct index_args *a = arg;

	a->index = v6d_nlreq_ifindex(a->ifname);
	return a->index < 0 ? a->index : 0;
}

int
v6d_netlink_ifindex(int ns_fd, const char *ifname, int *ret_index)
{
	struct index_args a = { ifname, 0 };
	int err = v6d_netns_run(ns_fd, look_up_index, &a);

	if (err == 0)
		*ret_index = a.index;
	return err;
}

static uint8_t
af_of(const struct v6d_addr *a)
{
	return a->family == 4 ? AF_INET : AF_INET6;
}

static int
len_of(const struct v6d_addr *a)
{
	return a->family == 4 ? 4 : 16;
}

struct addr_args {
	const char *ifname;
	const struct v6d_prefix *addr;
	bool nodad;
};

static int
fill_addr(struct nl_msg *m, void *arg)
{
	const struct addr_args *a = arg;
	const struct v6d_addr *ip = &a->addr->addr;
	int index = v6d_nlreq_ifindex(a->ifname);
	struct ifaddrmsg i = { .ifa_family = af_of(ip),
		.ifa_prefixlen = a->addr->len,
		.ifa_flags = a->nodad ? IFA_F_NODAD : 0 };

	if (index < 0)
		return index;
	i.ifa_index = (unsigned)index;
	if (nlmsg_append(m, &i, sizeof(i), NLMSG_ALIGNTO) < 0 ||
	    nla_put(m, IFA_LOCAL, len_of(ip), ip->b) < 0 ||
	    nla_put(m, IFA_ADDRESS, len_of(ip), ip->b) < 0)
		return -ENOMEM;
	return 0;
}

int
v6d_netlink_addr_add(
    int ns_fd, const char *ifname, const struct v6d_prefix *addr, bool nodad)
{
	struct addr_args a = { ifname, addr, nodad };
	struct v6d_nlreq q = { RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE,
		fill_addr, NULL, &a };

	return v6d_nlreq_run(ns_fd, &q);
}

int
v6d_netlink_addr_del(
    int ns_fd, const char *ifname, const struct v6d_prefix *addr)
{
	struct addr_args a = { ifname, addr, false };
	struct v6d_nlreq q = { RTM_DELADDR, 0, fill_addr, NULL, &a };

	return v6d_nlreq_run(ns_fd, &q);
}

struct route_args {
	const struct v6d_prefix *dst;
	const struct v6d_addr *gateway;
	const char *ifname;
};

static int
put_route(struct nl_msg *m, const struct route_args *a, int index)
{
	const struct v6d_addr *ip = &a->dst->addr;

	if (a->dst->len && nla_put(m, RTA_DST, len_of(ip), ip->b) < 0)
		return -ENOMEM;
	if (a->gateway && a->gateway->family &&
	    nla_put(m, RTA_GATEWAY, len_of(a->gateway), a->gateway->b) < 0)
		return -ENOMEM;
	return nla_put_u32(m, RTA_OIF, (uint32_t)index) < 0 ? -ENOMEM : 0;
}

static int
fill_route(struct nl_msg *m, void *arg)
{
	const struct route_args *a = arg;
	bool direct = !a->gateway || !a->gateway->family;
	struct rtmsg r = { .rtm_family = af_of(&a->dst->addr),
		.rtm_dst_len = a->dst->len,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_STATIC,
		.rtm_type = RTN_UNICAST,
		.rtm_scope = direct && a->dst->addr.family == 4
				 ? RT_SCOPE_LINK
				 : RT_SCOPE_UNIVERSE };
	int index = v6d_nlreq_ifindex(a->ifname);

	if (index < 0)
		return index;
	if (nlmsg_append(m, &r, sizeof(r), NLMSG_ALIGNTO) < 0)
		return -ENOMEM;
	return put_route(m, a, index);
}

int
v6d_netlink_route_add(int ns_fd, const struct v6d_prefix *dst,
    const struct v6d_addr *gateway, const char *ifname)
{
	struct route_args a = { dst, gateway, ifname };
	struct v6d_nlreq q = { RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE,
		fill_route, NULL, &a };

	return v6d_nlreq_run(ns_fd, &q);
}

int
v6d_netlink_route_del(int ns_fd, const struct v6d_prefix *dst,
    const struct v6d_addr *gateway, const char *ifname)
{
	struct route_args a = { dst, gateway, ifname };
	struct v6d_nlreq q = { RTM_DELROUTE, 0, fill_route, NULL, &a };

	return v6d_nlreq_run(ns_fd, &q);
}
