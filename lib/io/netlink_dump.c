/* SPDX-License-Identifier: GPL-2.0-or-later */
/* netlink_dump.c - reads addresses and routes of a namespace. */
#include "io/netlink.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <netlink/attr.h>

#include "io/nlreq.h"

/* Where a dump's entries go: counted all, written while there is room. */
struct dump {
	int family;
	const char *tunnel;
	unsigned max, n;
	struct v6d_answer_addr *addrs;
	struct v6d_answer_route *routes;
	const struct v6d_addr *dst; /* route_to */
};

static int
to_af(int family)
{
	return family == 4 ? AF_INET : family == 6 ? AF_INET6 : AF_UNSPEC;
}

/* An address attribute of the family af; family 0 where it is absent. */
static struct v6d_addr
get_addr(const struct nlattr *a, int af)
{
	int want = af == AF_INET ? 4 : 16;

	if (!a || nla_len(a) < want)
		return (struct v6d_addr){ 0 };
	return af == AF_INET ? v6d_addr_4(nla_data(a))
			     : v6d_addr_6(nla_data(a));
}

static uint32_t
get_u32(const struct nlattr *a)
{
	return a && nla_len(a) >= 4 ? nla_get_u32(a) : 0;
}

/* The interface's name; "" when it is gone meanwhile. */
static void
set_name(char name[V6D_ASK_IFNAME], uint32_t index)
{
	char text[IF_NAMESIZE] = "";

	if (!index || !if_indextoname(index, text))
		text[0] = '\0';
	snprintf(name, V6D_ASK_IFNAME, "%s", text);
}

static bool
is_tunnel(const struct dump *d, const char *name)
{
	return d->tunnel && strcmp(d->tunnel, name) == 0;
}

static int
fill_addr_dump(struct nl_msg *m, void *arg)
{
	const struct dump *d = arg;
	struct ifaddrmsg i = { .ifa_family = (uint8_t)to_af(d->family) };

	return nlmsg_append(m, &i, sizeof(i), NLMSG_ALIGNTO) < 0 ? -ENOMEM : 0;
}

static void
set_addr_flags(struct v6d_answer_addr *a, uint32_t f)
{
	a->tentative = f & IFA_F_TENTATIVE;
	a->dadfailed = f & IFA_F_DADFAILED;
	a->deprecated = f & IFA_F_DEPRECATED;
	/* The same bit means "secondary" for IPv4. */
	a->temporary = a->addr.addr.family == 6 && (f & IFA_F_TEMPORARY);
}

static void
set_lifetimes(struct v6d_answer_addr *a, const struct nlattr *t)
{
	struct ifa_cacheinfo c;

	a->valid_s = a->preferred_s = UINT32_MAX;
	if (!t || (size_t)nla_len(t) < sizeof(c))
		return;
	memcpy(&c, nla_data(t), sizeof(c));
	a->valid_s = c.ifa_valid;
	a->preferred_s = c.ifa_prefered;
}

/* Those of the tunnel have a place, however many others there are. */
static void
keep_addr(struct dump *d, const struct v6d_answer_addr *a)
{
	unsigned i = d->n++;

	if (i >= d->max && a->tunnel)
		for (i = 0; i < d->max && d->addrs[i].tunnel;)
			i++;
	if (i < d->max)
		d->addrs[i] = *a;
}

static void
on_addr(const struct nlmsghdr *h, void *arg)
{
	struct dump *d = arg;
	struct nlattr *t[IFA_MAX + 1];
	struct v6d_answer_addr a = { 0 };
	struct ifaddrmsg i;

	if (h->nlmsg_type != RTM_NEWADDR ||
	    nlmsg_parse((struct nlmsghdr *)(uintptr_t)h, sizeof(i), t, IFA_MAX,
		NULL) < 0)
		return;
	memcpy(&i, nlmsg_data(h), sizeof(i));
	set_name(a.ifname, i.ifa_index);
	a.addr.addr = get_addr(
	    t[IFA_LOCAL] ? t[IFA_LOCAL] : t[IFA_ADDRESS], i.ifa_family);
	if (!a.addr.addr.family || strcmp(a.ifname, "lo") == 0)
		return;
	a.addr.len = i.ifa_prefixlen;
	a.tunnel = is_tunnel(d, a.ifname);
	set_addr_flags(&a, t[IFA_FLAGS] ? get_u32(t[IFA_FLAGS]) : i.ifa_flags);
	set_lifetimes(&a, t[IFA_CACHEINFO]);
	keep_addr(d, &a);
}

int
v6d_netlink_addrs(int ns_fd, int family, const char *tunnel,
    struct v6d_answer_addr *ret, unsigned max, unsigned *ret_n)
{
	struct dump d = {
		.family = family, .tunnel = tunnel, .max = max, .addrs = ret
	};
	struct v6d_nlreq q = { RTM_GETADDR, NLM_F_DUMP, fill_addr_dump, on_addr,
		&d };
	int err = v6d_nlreq_run(ns_fd, &q);

	if (err == 0)
		*ret_n = d.n;
	return err;
}

static int
fill_route_dump(struct nl_msg *m, void *arg)
{
	const struct dump *d = arg;
	struct rtmsg r = { .rtm_family = (uint8_t)to_af(d->family) };

	return nlmsg_append(m, &r, sizeof(r), NLMSG_ALIGNTO) < 0 ? -ENOMEM : 0;
}

/* The first of several next hops stands for all. */
static void
use_first_hop(struct nlattr *multipath, int af, struct v6d_addr *ret_gw,
    uint32_t *ret_oif)
{
	struct rtnexthop nh;
	struct nlattr *gw;

	if (!multipath || (size_t)nla_len(multipath) < sizeof(nh))
		return;
	memcpy(&nh, nla_data(multipath), sizeof(nh));
	*ret_oif = (uint32_t)nh.rtnh_ifindex;
	if (nh.rtnh_len < sizeof(nh) || nh.rtnh_len > nla_len(multipath))
		return;
	gw = nla_find((struct nlattr *)(void *)((uint8_t *)nla_data(multipath) +
						sizeof(nh)),
	    nh.rtnh_len - (int)sizeof(nh), RTA_GATEWAY);
	*ret_gw = get_addr(gw, af);
}

/* In USER_HZ ticks; IPv4 routes have none. */
static uint32_t
expires_s(const struct nlattr *a, int af)
{
	struct rta_cacheinfo c;
	long hz = sysconf(_SC_CLK_TCK);

	if (af != AF_INET6 || !a || (size_t)nla_len(a) < sizeof(c) || hz < 1)
		return 0;
	memcpy(&c, nla_data(a), sizeof(c));
	if (c.rta_expires <= 0)
		return 0;
	return (uint32_t)((c.rta_expires + hz - 1) / hz);
}

static bool
is_reject(uint8_t type)
{
	return type == RTN_UNREACHABLE || type == RTN_PROHIBIT ||
	       type == RTN_BLACKHOLE || type == RTN_THROW;
}

static struct v6d_answer_route
make_route(const struct dump *d, const struct rtmsg *r, struct nlattr **t)
{
	struct v6d_answer_route a = { 0 };
	uint32_t oif = get_u32(t[RTA_OIF]);

	a.dst.addr = get_addr(t[RTA_DST], r->rtm_family);
	a.dst.addr.family = r->rtm_family == AF_INET ? 4 : 6;
	a.dst.len = r->rtm_dst_len;
	a.gateway = get_addr(t[RTA_GATEWAY], r->rtm_family);
	a.src = get_addr(t[RTA_PREFSRC], r->rtm_family);
	if (!oif)
		use_first_hop(
		    t[RTA_MULTIPATH], r->rtm_family, &a.gateway, &oif);
	set_name(a.ifname, oif);
	a.metric = get_u32(t[RTA_PRIORITY]);
	a.expires_s = expires_s(t[RTA_CACHEINFO], r->rtm_family);
	a.tunnel = is_tunnel(d, a.ifname);
	a.reject = is_reject(r->rtm_type);
	a.from_ra = r->rtm_protocol == RTPROT_RA;
	return a;
}

/* A dump shows the main table only, without multicast and local entries. */
static bool
is_wanted(const struct dump *d, const struct rtmsg *r, struct nlattr **t)
{
	uint32_t table = t[RTA_TABLE] ? get_u32(t[RTA_TABLE]) : r->rtm_table;

	if (r->rtm_family != AF_INET && r->rtm_family != AF_INET6)
		return false;
	if (d->dst)
		return true;
	if (table != RT_TABLE_MAIN || (r->rtm_flags & RTM_F_CLONED))
		return false;
	return r->rtm_type == RTN_UNICAST || is_reject(r->rtm_type);
}

static bool
matters(const struct v6d_answer_route *r)
{
	return r->tunnel || r->dst.len == 0;
}

/* So have the tunnel's, and default routes. */
static void
keep_route(struct dump *d, const struct v6d_answer_route *r)
{
	unsigned i = d->n++;

	if (i >= d->max && matters(r))
		for (i = 0; i < d->max && matters(&d->routes[i]);)
			i++;
	if (i < d->max)
		d->routes[i] = *r;
}

static void
on_route(const struct nlmsghdr *h, void *arg)
{
	struct dump *d = arg;
	struct nlattr *t[RTA_MAX + 1];
	struct v6d_answer_route a;
	struct rtmsg r;

	if (h->nlmsg_type != RTM_NEWROUTE ||
	    nlmsg_parse((struct nlmsghdr *)(uintptr_t)h, sizeof(r), t, RTA_MAX,
		NULL) < 0)
		return;
	memcpy(&r, nlmsg_data(h), sizeof(r));
	if (!is_wanted(d, &r, t))
		return;
	a = make_route(d, &r, t);
	if (strcmp(a.ifname, "lo") == 0 && !a.reject && !d->dst)
		return;
	keep_route(d, &a);
}

int
v6d_netlink_routes(int ns_fd, int family, const char *tunnel,
    struct v6d_answer_route *ret, unsigned max, unsigned *ret_n)
{
	struct dump d = {
		.family = family, .tunnel = tunnel, .max = max, .routes = ret
	};
	struct v6d_nlreq q = { RTM_GETROUTE, NLM_F_DUMP, fill_route_dump,
		on_route, &d };
	int err = v6d_nlreq_run(ns_fd, &q);

	if (err == 0)
		*ret_n = d.n;
	return err;
}

static int
fill_route_get(struct nl_msg *m, void *arg)
{
	const struct v6d_addr *dst = ((const struct dump *)arg)->dst;
	int len = dst->family == 4 ? 4 : 16;
	struct rtmsg r = { .rtm_family = (uint8_t)to_af(dst->family),
		.rtm_dst_len = (uint8_t)(len * 8) };

	if (nlmsg_append(m, &r, sizeof(r), NLMSG_ALIGNTO) < 0 ||
	    nla_put(m, RTA_DST, len, dst->b) < 0)
		return -ENOMEM;
	return 0;
}

int
v6d_netlink_route_to(int ns_fd, const struct v6d_addr *dst, const char *tunnel,
    struct v6d_answer_route *ret)
{
	struct v6d_answer_route found;
	struct dump d = {
		.tunnel = tunnel, .max = 1, .routes = &found, .dst = dst
	};
	struct v6d_nlreq q = { RTM_GETROUTE, 0, fill_route_get, on_route, &d };
	int err = v6d_nlreq_run(ns_fd, &q);

	if (err < 0)
		return err;
	if (d.n == 0)
		return -ENETUNREACH;
	*ret = found;
	return 0;
}

int
v6d_netlink_gateway(
    int ns_fd, const struct v6d_addr *dst, struct v6d_addr *ret_gw)
{
	struct v6d_answer_route r;
	int err = v6d_netlink_route_to(ns_fd, dst, NULL, &r);

	if (err == 0)
		*ret_gw = r.gateway;
	return err;
}

struct ours_args {
	const char *ifname;
	const struct v6d_addr *addr;
	bool ours;
};

static int
fill_ours(struct nl_msg *m, void *arg)
{
	const struct ours_args *a = arg;
	struct dump d = { .dst = a->addr };
	int index = v6d_nlreq_ifindex(a->ifname), err;

	if (index < 0)
		return index;
	err = fill_route_get(m, &d);
	if (err == 0 && nla_put_u32(m, RTA_OIF, (uint32_t)index) < 0)
		err = -ENOMEM;
	return err;
}

static void
on_ours(const struct nlmsghdr *h, void *arg)
{
	struct ours_args *a = arg;
	struct rtmsg r;

	if (h->nlmsg_type != RTM_NEWROUTE)
		return;
	memcpy(&r, nlmsg_data(h), sizeof(r));
	a->ours = r.rtm_type == RTN_LOCAL;
}

int
v6d_netlink_is_ours(
    int ns_fd, const char *ifname, const struct v6d_addr *addr, bool *ret_ours)
{
	struct ours_args a = { ifname, addr, false };
	struct v6d_nlreq q = { RTM_GETROUTE, 0, fill_ours, on_ours, &a };
	int err = v6d_nlreq_run(ns_fd, &q);

	if (err == 0 || err == -ENETUNREACH)
		*ret_ours = a.ours;
	return err == -ENETUNREACH ? 0 : err;
}
