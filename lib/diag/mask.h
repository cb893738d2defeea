/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mask.h - a set of symptoms: one bit each, passed by value. */
#ifndef V6D_DIAG_MASK_H
#define V6D_DIAG_MASK_H

#include <stdbool.h>
#include <stdint.h>

#define V6D_MASK_BITS 128

struct v6d_mask {
	uint64_t lo, hi;
};

static inline struct v6d_mask
v6d_mask_bit(unsigned i)
{
	struct v6d_mask m = { 0, 0 };

	if (i < 64)
		m.lo = UINT64_C(1) << i;
	else
		m.hi = UINT64_C(1) << (i - 64);
	return m;
}

static inline bool
v6d_mask_has(struct v6d_mask m, unsigned i)
{
	return ((i < 64 ? m.lo >> i : m.hi >> (i - 64)) & 1) != 0;
}

static inline bool
v6d_mask_any(struct v6d_mask m)
{
	return (m.lo | m.hi) != 0;
}

static inline bool
v6d_mask_equal(struct v6d_mask a, struct v6d_mask b)
{
	return a.lo == b.lo && a.hi == b.hi;
}

static inline struct v6d_mask
v6d_mask_or(struct v6d_mask a, struct v6d_mask b)
{
	return (struct v6d_mask){ a.lo | b.lo, a.hi | b.hi };
}

static inline struct v6d_mask
v6d_mask_and(struct v6d_mask a, struct v6d_mask b)
{
	return (struct v6d_mask){ a.lo & b.lo, a.hi & b.hi };
}

/* What is in a and not in b. */
static inline struct v6d_mask
v6d_mask_minus(struct v6d_mask a, struct v6d_mask b)
{
	return (struct v6d_mask){ a.lo & ~b.lo, a.hi & ~b.hi };
}

static inline bool
v6d_mask_meets(struct v6d_mask a, struct v6d_mask b)
{
	return v6d_mask_any(v6d_mask_and(a, b));
}

/* The lowest bit alone; empty of an empty one. */
static inline struct v6d_mask
v6d_mask_low(struct v6d_mask m)
{
	if (m.lo)
		return (struct v6d_mask){ m.lo & (~m.lo + 1), 0 };
	return (struct v6d_mask){ 0, m.hi & (~m.hi + 1) };
}

static inline unsigned
v6d_mask_count(struct v6d_mask m)
{
	unsigned n = 0;

	for (; m.lo; m.lo &= m.lo - 1)
		n++;
	for (; m.hi; m.hi &= m.hi - 1)
		n++;
	return n;
}

#endif
