/* SPDX-License-Identifier: GPL-2.0-or-later */
/* serve_ra.h - the radvd of one session; for serve.c. */
#ifndef V6D_IO_SERVE_RA_H
#define V6D_IO_SERVE_RA_H

#include "base/addr.h"
#include "io/profile.h"
#include "io/program.h"

/* The n-th /64 of a pool; false when the pool has not so many. */
bool v6d_serve_subnet(
    const struct v6d_prefix *pool, unsigned n, struct v6d_prefix *ret);

/* radvd's configuration for one interface and prefix. Returns buf. */
const char *v6d_serve_radvd_conf(const struct v6d_profile_peer *p,
    const char *ifname, const struct v6d_prefix *prefix, char *buf, size_t n);

/* Starts it; nothing of it is on disk. -ENOENT: radvd is not installed. */
int
v6d_serve_radvd(int ns_fd, const struct v6d_profile_peer *p, const char *ifname,
    const struct v6d_prefix *prefix, struct v6d_program *ret);

#endif
