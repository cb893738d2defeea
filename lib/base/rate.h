/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rate.h - how often something happens, by how often it was seen to. */
#ifndef V6D_BASE_RATE_H
#define V6D_BASE_RATE_H

#include <stdint.h>

/* Parts per million: the rate as seen, and where the true one lies. */
struct v6d_rate {
	uint32_t seen, low, high;
};

/*
 * `hits` of n (at least 1, hits at most n), with the bounds of 95 % confidence
 * (Wilson's score interval: right for few tries and for rates near 0, too).
 */
struct v6d_rate v6d_rate_of(uint32_t hits, uint32_t n);

/* The same with 99.9 % confidence, for bounds that are looked at often. */
struct v6d_rate v6d_rate_sure_of(uint32_t hits, uint32_t n);

#endif
