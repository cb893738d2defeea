/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rate.c - Wilson's interval in whole numbers. */
#include "base/rate.h"

#define MILLION 1000000u
#define Z95 1960000u /* 95 %, in millionths */
#define Z999 3290527u /* 99.9 % */
#define TRIES 1000000u /* more are taken as so many */

/* The whole square root. */
static uint64_t
root(uint64_t x)
{
	uint64_t r = 0, bit = (uint64_t)1 << 62;

	while (bit > x)
		bit >>= 2;
	for (; bit; bit >>= 2) {
		if (x >= r + bit) {
			x -= r + bit;
			r = (r >> 1) + bit;
		} else {
			r >>= 1;
		}
	}
	return r;
}

static struct v6d_rate
rate_of(uint32_t hits, uint32_t n, uint64_t z)
{
	uint64_t p, middle, spread, q, z2 = z * z / MILLION;
	struct v6d_rate r;

	if (n > TRIES) {
		hits = (uint32_t)((uint64_t)hits * TRIES / n);
		n = TRIES;
	}
	p = (uint64_t)hits * MILLION / n;
	q = MILLION - p;
	/* All in millionths: (p + z2/2n -+ z root(pq/n + z2/4n2)) / (1+z2/n) */
	middle = p + z2 / 2 / n;
	spread = z * root(p * q / n + z2 * MILLION / 4 / n / n) / MILLION;
	q = MILLION + z2 / n;
	r.seen = (uint32_t)p;
	r.low = middle > spread && hits > 0
		    ? (uint32_t)((middle - spread) * MILLION / q)
		    : 0;
	r.high = (uint32_t)((middle + spread) * MILLION / q);
	if (r.high > MILLION || hits == n)
		r.high = MILLION;
	return r;
}

struct v6d_rate
v6d_rate_of(uint32_t hits, uint32_t n)
{
	return rate_of(hits, n, Z95);
}

struct v6d_rate
v6d_rate_sure_of(uint32_t hits, uint32_t n)
{
	return rate_of(hits, n, Z999);
}
