/* SPDX-License-Identifier: GPL-2.0-or-later */
/* backoff.h - how long to wait before the next try. */
#ifndef V6D_GATEWAY_BACKOFF_H
#define V6D_GATEWAY_BACKOFF_H

#include "base/time.h"

/*
 * Doubles with every failure (0: the first) from min to max, then takes a
 * random part between one half and the whole of it, so that many clients of
 * one server do not come back together. chance: any 32 random bits.
 */
v6d_ns v6d_backoff(unsigned failures, v6d_ns min, v6d_ns max, uint32_t chance);

#endif
