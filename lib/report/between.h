/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * between.h - several captures of one session: what each tells, and what was
 * lost between them, in words.
 */
#ifndef V6D_REPORT_BETWEEN_H
#define V6D_REPORT_BETWEEN_H

#include "report/paint.h"

/* For a terminal: the captures, then each two neighbours. */
void v6d_between_draw(struct v6d_paint *p, const struct v6d_report *r);

/*
 * Sentence i (from 0) of what two captures tell together, in the language of
 * t, with its full stop; false: no more.
 */
bool v6d_between_say(
    struct v6d_text *t, const struct v6d_report_between *b, unsigned i);

/* "beside the client; routers between here and the server: 3"; or nothing. */
void v6d_position_say(struct v6d_text *t, const struct v6d_position *p);

#endif
