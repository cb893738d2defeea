/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watched.h - the GRE check of a tunnel in place: what carries it is watched
 * (plan->watched) and not asked. Part of probe gre.
 */
#ifndef V6D_PROBE_WATCHED_H
#define V6D_PROBE_WATCHED_H

#include "probe/probe.h"

/*
 * v6d_watched_start, then v6d_watched_answer for each answer until it is true:
 * what was seen has become facts. v6d_watched_end ends the check with them.
 */
void v6d_watched_start(struct v6d_probe_run *r);
bool v6d_watched_answer(struct v6d_probe_run *r, const struct v6d_answer *a);
void v6d_watched_end(struct v6d_probe_run *r);

#endif
