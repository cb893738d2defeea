/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pasted.h - what commands print before a fault, for a simulated person. */
#ifndef TESTS_WALK_PASTED_H
#define TESTS_WALK_PASTED_H

#include "base/text.h"
#include "walk/walk.h"

/*
 * Writes what somebody before this fault pastes when asked for the step, as
 * Linux and pppd print it. sees: all symptoms of the fixture. False: such a
 * text is not to be had.
 */
bool v6d_pasted(const char *truth, const struct v6d_symptoms *sees,
    enum v6d_walk_step step, struct v6d_text *t);

#endif
