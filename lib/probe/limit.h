/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * limit.h - the largest size that passes, from observations of single sizes
 * of which some are wrong because packets also get lost by chance.
 */
#ifndef V6D_PROBE_LIMIT_H
#define V6D_PROBE_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#define V6D_LIMIT_MAX 1500 /* bytes: the largest size that can be asked for */
#define V6D_LIMIT_CERTAIN 1000 /* a margin that nothing can overturn */

/*
 * Every limit L is charged one for each loss of a size up to L and one for
 * each soft pass above it; below a size that certainly passed it is out. The
 * cheapest limit is the answer, the distance to the next its certainty.
 */
struct v6d_limit {
	uint16_t lo, top; /* the question: the limit is in lo-1 .. top */
	uint16_t hard; /* largest size that certainly passed, or lo-1 */
	uint8_t passed[V6D_LIMIT_MAX + 1]; /* certain, per size; saturates */
	uint8_t soft[V6D_LIMIT_MAX + 1]; /* seems to have passed */
	uint8_t lost[V6D_LIMIT_MAX + 1]; /* did not pass that time */
};

void v6d_limit_init(struct v6d_limit *l, uint16_t lo, uint16_t top);

/* One observation. Sizes outside of lo..top are ignored. */
void v6d_limit_pass(struct v6d_limit *l, unsigned size);
void v6d_limit_soft(struct v6d_limit *l, unsigned size);
void v6d_limit_lose(struct v6d_limit *l, unsigned size);

/*
 * The cheapest limits are pass .. fail-1: with fail = pass + 1 there is one.
 * pass is lo-1 where nothing passes, fail is top+1 where nothing fails.
 */
void v6d_limit_best(
    const struct v6d_limit *l, uint16_t *ret_pass, uint16_t *ret_fail);

/* By how many observations a larger limit than the best is worse. */
unsigned v6d_limit_margin_above(const struct v6d_limit *l);
/* The same for smaller limits; V6D_LIMIT_CERTAIN where `pass` is certain. */
unsigned v6d_limit_margin_below(const struct v6d_limit *l);

/* At most max sizes strictly between lo and hi, ascending, evenly spread. */
unsigned
v6d_limit_grid(unsigned lo, unsigned hi, uint16_t *ret_sizes, unsigned max);

/*
 * The smallest size from `from` on that is below the best limit, was lost
 * and never seen to pass: a hole or chance. 0: none.
 */
unsigned v6d_limit_gap(const struct v6d_limit *l, unsigned from);

#endif
