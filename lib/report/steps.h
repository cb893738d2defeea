/* SPDX-License-Identifier: GPL-2.0-or-later */
/* steps.h - when the tunnel came up, step by step, as a list in HTML. */
#ifndef V6D_REPORT_STEPS_H
#define V6D_REPORT_STEPS_H

#include "report/render.h"

/*
 * The steps from the TCP connection to the first answer over IPv6 that were
 * observed, each with its time from the first of them and how long it took.
 * Draws nothing, and returns false, where fewer than two were.
 */
bool v6d_steps_draw(struct v6d_text *t, const struct v6d_facts *f);

#endif
