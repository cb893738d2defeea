/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * returns.h - the limit of the way in, above what the way out carries. LCP
 * echoes cannot ask for replies that are larger than what gets out: ICMPv6
 * echoes in small IPv6 fragments can, for the server puts them together.
 */
#ifndef V6D_PROBE_RETURNS_H
#define V6D_PROBE_RETURNS_H

#include "probe/echoes.h"
#include "probe/sweep.h"

#define V6D_GRE_OVERHEAD 40 /* 20 IPv4, 16 GRE with both numbers, 4 PPP */

/* The sweep has left it open, and `needed` (outer bytes) is above. */
bool v6d_returns_wanted(const struct v6d_sweep *s, unsigned needed);

/* mtu: of the tunnel, bytes. */
void v6d_returns_begin(
    struct v6d_echoes *e, const struct v6d_sweep *s, unsigned mtu);

/* What is known of the way in by both; e may have measured nothing. */
struct v6d_sweep_result
v6d_returns_in(const struct v6d_echoes *e, const struct v6d_sweep *s);

#endif
