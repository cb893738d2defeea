/* SPDX-License-Identifier: GPL-2.0-or-later */
/* limit.c - a change point in noisy observations, by counting what it costs. */
#include "probe/limit.h"

#include <string.h>

static void
count(uint8_t *n)
{
	if (*n < UINT8_MAX)
		(*n)++;
}

static bool
in_question(const struct v6d_limit *l, unsigned size)
{
	return size >= l->lo && size <= l->top;
}

void
v6d_limit_init(struct v6d_limit *l, uint16_t lo, uint16_t top)
{
	memset(l, 0, sizeof(*l));
	l->lo = lo;
	l->top = top > V6D_LIMIT_MAX ? V6D_LIMIT_MAX : top;
	l->hard = (uint16_t)(lo - 1);
}

void
v6d_limit_pass(struct v6d_limit *l, unsigned size)
{
	if (!in_question(l, size))
		return;
	count(&l->passed[size]);
	if (size > l->hard)
		l->hard = (uint16_t)size;
}

void
v6d_limit_soft(struct v6d_limit *l, unsigned size)
{
	if (in_question(l, size))
		count(&l->soft[size]);
}

void
v6d_limit_lose(struct v6d_limit *l, unsigned size)
{
	if (in_question(l, size))
		count(&l->lost[size]);
}

/* What the limit `hard` costs; losses below it cost every limit the same. */
static int
cost_of_hard(const struct v6d_limit *l)
{
	int cost = 0;

	for (unsigned n = l->hard + 1u; n <= l->top; n++)
		cost += l->soft[n];
	return cost;
}

void
v6d_limit_best(
    const struct v6d_limit *l, uint16_t *ret_pass, uint16_t *ret_fail)
{
	int cost = cost_of_hard(l), best = cost;
	unsigned pass = l->hard, fail = l->top + 1u;
	bool open = true; /* the best stretch goes on */

	for (unsigned n = l->hard + 1u; n <= l->top; n++) {
		cost += l->lost[n] - l->soft[n];
		if (cost < best) {
			best = cost;
			pass = n;
			fail = l->top + 1u;
			open = true;
		} else if (cost > best && open) {
			fail = n;
			open = false;
		}
	}
	*ret_pass = (uint16_t)pass;
	*ret_fail = (uint16_t)fail;
}

/* The cheapest limit among first..last, less the cost of the best. */
static unsigned
margin(const struct v6d_limit *l, unsigned first, unsigned last)
{
	int cost = cost_of_hard(l), best = cost, there = V6D_LIMIT_CERTAIN;
	bool any = false;

	for (unsigned n = l->hard; n <= l->top; n++) {
		if (n > l->hard)
			cost += l->lost[n] - l->soft[n];
		best = cost < best ? cost : best;
		if (n < first || n > last)
			continue;
		there = any && there < cost ? there : cost;
		any = true;
	}
	return any ? (unsigned)(there - best) : V6D_LIMIT_CERTAIN;
}

unsigned
v6d_limit_margin_above(const struct v6d_limit *l)
{
	uint16_t pass, fail;

	v6d_limit_best(l, &pass, &fail);
	return margin(l, fail, l->top);
}

unsigned
v6d_limit_margin_below(const struct v6d_limit *l)
{
	uint16_t pass, fail;

	v6d_limit_best(l, &pass, &fail);
	return pass == l->hard ? V6D_LIMIT_CERTAIN
			       : margin(l, l->hard, pass - 1u);
}

unsigned
v6d_limit_grid(unsigned lo, unsigned hi, uint16_t *ret_sizes, unsigned max)
{
	unsigned between = hi > lo ? hi - lo - 1 : 0, n = 0;

	if (between <= max) {
		for (unsigned size = lo + 1; size < hi; size++)
			ret_sizes[n++] = (uint16_t)size;
		return n;
	}
	for (; n < max; n++)
		ret_sizes[n] = (uint16_t)(lo + (n + 1) * (hi - lo) / (max + 1));
	return n;
}

unsigned
v6d_limit_gap(const struct v6d_limit *l, unsigned from)
{
	uint16_t pass, fail;

	v6d_limit_best(l, &pass, &fail);
	for (unsigned n = from > l->lo ? from : l->lo; n < pass; n++)
		if (l->lost[n] > l->soft[n] && l->passed[n] == 0)
			return n;
	return 0;
}
