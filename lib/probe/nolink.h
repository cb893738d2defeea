/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nolink.h - what the GRE check can say where the link does not carry LCP
 * echoes: facts, and the check's end.
 */
#ifndef V6D_PROBE_NOLINK_H
#define V6D_PROBE_NOLINK_H

#include "probe/probe.h"

/* No GRE came in that time. */
void v6d_nolink_silent(
    struct v6d_probe_run *r, const struct v6d_answer *a, v6d_ns waited);

/*
 * GRE comes, but the link is not there: is ours getting through? long_enough:
 * an answer to ours would have come by now.
 */
void v6d_nolink_stuck(
    struct v6d_probe_run *r, const struct v6d_answer *a, bool long_enough);

/*
 * The link opened, and no echo is answered. came, gaps: GRE of the peer so
 * far, and its numbers that were passed over.
 */
void v6d_nolink_mute(struct v6d_probe_run *r, unsigned came, unsigned gaps);

/*
 * Nothing can be measured; what the peer's numbers tell of what did not
 * arrive, where that is no accident: gre.loss.in.
 */
void v6d_nolink_gaps(struct v6d_probe_run *r, unsigned came, unsigned gaps);

#endif
