/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sweep_impl.h - what the two halves of the GRE size search share. */
#ifndef V6D_PROBE_SWEEP_IMPL_H
#define V6D_PROBE_SWEEP_IMPL_H

#include "probe/sweep.h"

/* The largest reply that can be asked for: requests larger do not arrive. */
unsigned v6d_sweep_in_cap(const struct v6d_sweep *s);

/* Chooses the next burst's frames; false: nothing is open any more. */
bool v6d_sweep_plan(struct v6d_sweep *s);

/* The ask that carries out what was planned. */
void v6d_sweep_compose(const struct v6d_sweep *s, struct v6d_ask *ret_ask);

#endif
