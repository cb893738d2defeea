/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timeline.h - a tunnel's story as support staff would draw it: two ends, what
 * passed between them and when, and what was missing.
 */
#ifndef V6D_REPORT_TIMELINE_H
#define V6D_REPORT_TIMELINE_H

#include "flow/view.h"
#include "report/paint.h"

/* Times are seconds since the capture's beginning. */
void v6d_timeline_draw(struct v6d_paint *p, const struct v6d_view *v);

#endif
