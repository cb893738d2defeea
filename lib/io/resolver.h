/* SPDX-License-Identifier: GPL-2.0-or-later */
/* resolver.h - the host's list of resolvers, and a name asked of them. */
#ifndef V6D_IO_RESOLVER_H
#define V6D_IO_RESOLVER_H

#include "base/addr.h"
#include "base/time.h"

/*
 * The resolvers that this host is set up with (/etc/resolv.conf), at most
 * max. Returns how many, or -errno.
 */
int v6d_resolver_servers(struct v6d_addr *ret, unsigned max);

/*
 * An address (family 4 or 6) of a host's name: the hosts file, then the
 * resolvers, asked from that namespace (-1: our own). Blocks until `until` at
 * most. -ETIMEDOUT, -ENOENT (no such name), -ENODATA (a name without such an
 * address), -EAGAIN (the resolver failed), -ECONNREFUSED.
 */
int v6d_resolver_lookup(int ns_fd, const char *name, int family, v6d_ns until,
    struct v6d_addr *ret);

#endif
