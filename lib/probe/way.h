/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * way.h - between which two routers large packets vanish. Echoes that end
 * after so many routers, small and large: the first router that reports the
 * small ones only is where large ones do not get to (RFC 4443 3.3).
 */
#ifndef V6D_PROBE_WAY_H
#define V6D_PROBE_WAY_H

#include "probe/probe.h"

/* The question, all but its target and tag. big: a size that vanishes. */
void v6d_way_ask(struct v6d_ask *ret_ask, uint16_t big, v6d_ns rtt);

/* The last router that large ones reach and the next, as facts of the run. */
void v6d_way_facts(struct v6d_probe_run *r, const struct v6d_answer *a);

#endif
