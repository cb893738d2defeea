/* SPDX-License-Identifier: GPL-2.0-or-later */
/* clock.c - the only place that reads a clock. */
#include "io/clock.h"

#include <time.h>

static v6d_ns
read_clock(clockid_t id)
{
	struct timespec t = { 0, 0 };

	clock_gettime(id, &t);
	return V6D_S((uint64_t)t.tv_sec) + (uint64_t)t.tv_nsec;
}

v6d_ns
v6d_clock_now(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

v6d_ns
v6d_clock_unix(void)
{
	return read_clock(CLOCK_REALTIME);
}
