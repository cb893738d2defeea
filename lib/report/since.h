/* SPDX-License-Identifier: GPL-2.0-or-later */
/* since.h - what changed since the last run that was healthy, in words. */
#ifndef V6D_REPORT_SINCE_H
#define V6D_REPORT_SINCE_H

#include "report/paint.h"

/* "the routes: default via 192.0.2.1 -> -", in the text's language. */
void v6d_since_line(struct v6d_text *t, const struct v6d_report_change *c);

/* What may be made of it, one sentence or two. */
void v6d_since_follows(struct v6d_text *t, const struct v6d_report_since *s);

/* The section of the report for a terminal. */
void v6d_since_draw(struct v6d_paint *p, const struct v6d_report *r);

#endif
