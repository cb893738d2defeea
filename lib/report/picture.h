/* SPDX-License-Identifier: GPL-2.0-or-later */
/* picture.h - the drawings of the HTML report, as SVG. */
#ifndef V6D_REPORT_PICTURE_H
#define V6D_REPORT_PICTURE_H

#include "report/render.h"

/*
 * The path from this host to IPv6, with a mark at the break: lying (for a
 * desk) or standing (for a telephone). A screen reader gets one sentence.
 */
void
v6d_picture_path(struct v6d_text *t, const struct v6d_report *r, bool standing);

/*
 * Which sizes pass, each way, as bars: of GRE (outer IPv4 packets) and of
 * IPv6 packets to a target. Draws nothing of which nothing was measured;
 * true when something was drawn.
 */
bool v6d_picture_sizes(struct v6d_text *t, const struct v6d_facts *f);

#endif
