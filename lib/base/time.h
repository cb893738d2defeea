/* SPDX-License-Identifier: GPL-2.0-or-later */
/* time.h - the one unit of time: nanoseconds, given by the caller. */
#ifndef V6D_BASE_TIME_H
#define V6D_BASE_TIME_H

#include <stdint.h>

typedef uint64_t v6d_ns; /* monotonic (live) or since the epoch (captures) */

#define V6D_NEVER UINT64_MAX
#define V6D_US(n) ((v6d_ns)(n)*1000u)
#define V6D_MS(n) ((v6d_ns)(n)*1000u * 1000u)
#define V6D_S(n) ((v6d_ns)(n)*1000u * 1000u * 1000u)

#endif
