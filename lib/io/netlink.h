/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netlink.h - addresses, routes and links of a namespace (-1: our own), by
 * rtnetlink in this process. All return 0 or -errno.
 */
#ifndef V6D_IO_NETLINK_H
#define V6D_IO_NETLINK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"
#include "probe/ask.h"

/* Up, with this MTU (0: leave it). */
int v6d_netlink_link_up(int ns_fd, const char *ifname, unsigned mtu);

/* The kernel makes no link-local address when the link comes up. */
int v6d_netlink_no_addr_gen(int ns_fd, const char *ifname);

/* Puts it into a group of interfaces (not 0), which nft can match. */
int v6d_netlink_link_group(int ns_fd, const char *ifname, unsigned group);

/* The index of an interface; -ENODEV: none of that name. */
int v6d_netlink_ifindex(int ns_fd, const char *ifname, int *ret_index);

/* nodad: usable at once. An address that is there already is no error. */
int v6d_netlink_addr_add(
    int ns_fd, const char *ifname, const struct v6d_prefix *addr, bool nodad);
int v6d_netlink_addr_del(
    int ns_fd, const char *ifname, const struct v6d_prefix *addr);

/* A main-table route; gateway NULL or family 0: on the link. */
int v6d_netlink_route_add(int ns_fd, const struct v6d_prefix *dst,
    const struct v6d_addr *gateway, const char *ifname);
int v6d_netlink_route_del(int ns_fd, const struct v6d_prefix *dst,
    const struct v6d_addr *gateway, const char *ifname);

/*
 * Addresses of a family (4, 6, 0: both), at most max, loopback's left out.
 * `tunnel` names the interface whose entries get their tunnel flag (NULL:
 * none). *ret_n may exceed max: so many there are, max were written, the
 * tunnel's among them (and, of routes, the default ones).
 */
int v6d_netlink_addrs(int ns_fd, int family, const char *tunnel,
    struct v6d_answer_addr *ret, unsigned max, unsigned *ret_n);

/*
 * Does the kernel take packets to addr on this interface for its own? An
 * address that was just added becomes one of ours a moment later.
 */
int v6d_netlink_is_ours(
    int ns_fd, const char *ifname, const struct v6d_addr *addr, bool *ret_ours);

/* Routes of the main table, the same way; no local or multicast ones. */
int v6d_netlink_routes(int ns_fd, int family, const char *tunnel,
    struct v6d_answer_route *ret, unsigned max, unsigned *ret_n);

/*
 * Policy routing rules of a family (4, 6, 0: both) beside those that the
 * kernel makes itself, in the words of ip-rule(8) with "; " between, in text
 * (n bytes). *ret_cut: there are more.
 */
int
v6d_netlink_rules(int ns_fd, int family, char *text, size_t n, bool *ret_cut);

/*
 * What the kernel would do with a packet to dst, all tables and rules
 * counted. -ENETUNREACH: no route; -EACCES, -EHOSTUNREACH, -EINVAL: a
 * prohibit, unreachable, blackhole route.
 */
int v6d_netlink_route_to(int ns_fd, const struct v6d_addr *dst,
    const char *tunnel, struct v6d_answer_route *ret);

/* The gateway towards dst; family 0 when dst is on the link. */
int v6d_netlink_gateway(
    int ns_fd, const struct v6d_addr *dst, struct v6d_addr *ret_gw);

#endif
