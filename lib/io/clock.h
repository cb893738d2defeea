/* SPDX-License-Identifier: GPL-2.0-or-later */
/* clock.h - the only place that reads a clock. */
#ifndef V6D_IO_CLOCK_H
#define V6D_IO_CLOCK_H

#include "base/time.h"

/* Nanoseconds since some moment in the past; never goes back. */
v6d_ns v6d_clock_now(void);

/* Nanoseconds since 1970-01-01 UTC. */
v6d_ns v6d_clock_unix(void);

#endif
