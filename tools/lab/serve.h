/* SPDX-License-Identifier: GPL-2.0-or-later */
/* serve.h - the lab's servers: files, start, readiness. */
#ifndef V6D_TOOLS_LAB_SERVE_H
#define V6D_TOOLS_LAB_SERVE_H

#include "lab/net.h"

/*
 * Starts every server of the topology and returns when all answer. 0 or an
 * exit status, with a message in plan->err.
 */
int v6d_serve_start(struct v6d_lab_plan *plan);

#endif
