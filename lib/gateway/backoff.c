/* SPDX-License-Identifier: GPL-2.0-or-later */
/* backoff.c - how long to wait before the next try. */
#include "gateway/backoff.h"

v6d_ns
v6d_backoff(unsigned failures, v6d_ns min, v6d_ns max, uint32_t chance)
{
	v6d_ns whole = min, half;

	while (failures-- > 0 && whole < max)
		whole *= 2;
	if (whole > max)
		whole = max;
	half = whole / 2;
	/* In microseconds: 60 s times 32 bits would not fit otherwise. */
	return half + (half / 1000 * chance >> 32) * 1000;
}
