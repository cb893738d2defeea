/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * witness_rate.c - a line narrower than what is sent: loss that comes only
 * under load (a policer), or delay that does (a queue, "bufferbloat").
 */
#include "diag/witness_impl.h"

/* So many gaps, frames and, of 1000, frames under load must be lost. */
#define GAPS_MIN 3
#define LOST_MIN 8
#define LOST_RATE 50
/* By chance all gaps fall under load at most so often, of 1000. */
#define CHANCE 20
/* So many long round trips in a row: loss makes single ones. */
#define WAITS_MIN 10

static uint64_t
sum(const uint32_t *n, unsigned from)
{
	uint64_t s = 0;

	for (unsigned i = from; i < V6D_VIEW_LOADS; i++)
		s += n[i];
	return s;
}

static unsigned
gaps(const struct v6d_view_load *l)
{
	unsigned n = 0;

	for (unsigned i = 0; i < V6D_VIEW_LOADS; i++)
		n += l->gaps[i];
	return n;
}

/* The lowest load at which some were lost. */
static unsigned
lowest(const struct v6d_view_load *l)
{
	unsigned c = 0;

	while (c < V6D_VIEW_LOADS - 1 && l->gaps[c] == 0)
		c++;
	return c;
}

/* What got through while some was lost, or waited; bytes a second. */
static uint64_t
carried(const struct v6d_view_load *l)
{
	uint64_t bytes = 0, ms = 0;

	if (l->waits.n >= WAITS_MIN)
		return l->waits.load / l->waits.n;
	for (unsigned i = lowest(l); i < V6D_VIEW_LOADS; i++) {
		bytes += l->since_bytes[i];
		ms += l->since_ms[i];
	}
	return ms ? bytes * 1000 / ms : 0;
}

/*
 * Were it chance, gaps would fall into quiet times as well: so often as the
 * line is quiet. The more of them there are, the less likely that is.
 */
static bool
only_under_load(const struct v6d_view_load *l)
{
	unsigned c = lowest(l), n = gaps(l);
	uint64_t all = sum(l->ms, 0), high = sum(l->ms, c);
	uint64_t seen = sum(l->seen, c), lost = sum(l->lost, c);
	uint64_t chance = 1000;

	if (n < GAPS_MIN || lost < LOST_MIN || all == 0 || c == 0 ||
	    lost * 1000 < (seen + lost) * LOST_RATE)
		return false;
	for (unsigned i = 0; i < n && chance > CHANCE; i++)
		chance = chance * high / all;
	return chance <= CHANCE;
}

static int64_t
kbit(uint64_t bytes_a_second)
{
	return (int64_t)(bytes_a_second * 8 / 1000);
}

void
v6d_witness_rate(struct v6d_witness *w, enum v6d_dir d, bool any_size)
{
	const struct v6d_view_gre *g = &w->v->gre[d];
	const struct v6d_view_load *l = &g->load;
	bool lost = any_size && only_under_load(l) && g->late * 10 <= g->gaps;
	bool queue = l->waits.n >= WAITS_MIN;
	uint64_t rate;

	if (!lost && !queue)
		return;
	rate = carried(l);
	v6d_witness_say(w, V6D_NEVER,
	    d == V6D_DIR_OUT ? V6D_FACT_GRE_RATE_OUT : V6D_FACT_GRE_RATE_IN,
	    NULL, V6D_BAD,
	    queue && lost ? "full-queue"
	    : queue       ? "queue"
			  : "congested",
	    kbit(rate));
	if (queue)
		v6d_witness_say(w, V6D_NEVER, V6D_FACT_GRE_QUEUE, NULL, V6D_OK,
		    NULL,
		    (int64_t)((l->waits.us / l->waits.n - l->rtt_min_us) /
			      1000));
}
