/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mirror_impl.h - between the parts of the mirror, mirror*.c. */
#ifndef V6D_IO_MIRROR_IMPL_H
#define V6D_IO_MIRROR_IMPL_H

#include "io/mirror.h"
#include "io/nlcopy.h"

/* One run of the mirror: a netlink socket here and one there. */
struct v6d_mirroring {
	int host_ns, private_ns;
	int from, to; /* NETLINK_ROUTE */
	const char *tunnel;
	struct v6d_mirror *m;
};

/* Notes that n of something are not as on the host, and which and why. */
void v6d_mirror_gap(struct v6d_mirror *m, enum v6d_mirror_part part, unsigned n,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* mirror_link.c: stand-ins, down; then their settings and state. */
void v6d_mirror_links(struct v6d_mirroring *x);
/* mirror_route.c: addresses, routes, rules, labels. */
void v6d_mirror_addrs(struct v6d_mirroring *x);
void v6d_mirror_routes(struct v6d_mirroring *x);
void v6d_mirror_rules(struct v6d_mirroring *x);
void v6d_mirror_labels(struct v6d_mirroring *x);
/* mirror_filter.c: nftables, and through it iptables-nft. */
void v6d_mirror_filter(struct v6d_mirroring *x);
/* mirror_legacy.c: whether there are ip6tables rules of the old kind. */
void v6d_mirror_legacy(struct v6d_mirroring *x);
/* mirror_expr.c: whether a rule has an expression of that name. */
bool v6d_mirror_has_expr(const struct nlmsghdr *rule, const char *name);
/* A rule as it was dumped, made such that the kernel takes it. */
void v6d_mirror_mend(struct nlmsghdr *rule);

#endif
