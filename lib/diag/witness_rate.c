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
/* So many lost in a row, on average, are no chance. */
#define ROW 2
/* So many long round trips in a row: loss makes single ones. */
#define WAITS_MIN 10

/* Sums over all loads from one on, of frames in view.h's sense. */
struct under_load {
	unsigned gaps;
	uint64_t ms, seen, lost, since_ms, since_bytes;
};

static struct under_load
sum(const struct v6d_view_load *l, unsigned from)
{
	struct under_load s = { 0 };

	for (unsigned i = from; i < l->n_busy; i++) {
		const struct v6d_view_busy_loss *x = v6d_view_loss(l, i);

		s.gaps += x->gaps;
		s.ms += l->busy[i].ms;
		s.seen += l->busy[i].seen;
		s.lost += x->lost;
		s.since_ms += x->since_ms;
		s.since_bytes += x->since_bytes;
	}
	return s;
}

/* The lowest load at which some were lost. */
static unsigned
lowest(const struct v6d_view_load *l)
{
	unsigned i = 0;

	while (i < l->n_busy && v6d_view_loss(l, i)->gaps == 0)
		i++;
	return i;
}

/* What got through while some was lost, or waited; bytes a second. */
static uint64_t
carried(const struct v6d_view_load *l)
{
	struct under_load high = sum(l, lowest(l));

	if (v6d_view_waits(l)->n >= WAITS_MIN)
		return v6d_view_waits(l)->load / v6d_view_waits(l)->n;
	return high.since_ms ? high.since_bytes * 1000 / high.since_ms : 0;
}

/* Of 1000: how often all gaps fall by chance into a part of the whole. */
static uint64_t
all_within(unsigned gaps, uint64_t part, uint64_t whole)
{
	uint64_t chance = 1000;

	for (unsigned i = 0; i < gaps && chance > CHANCE; i++)
		chance = chance * part / whole;
	return chance;
}

/*
 * Were it chance, gaps would fall into quiet times as well: so often as the
 * line is quiet. The more of them there are, the less likely that is. Where
 * hardly a frame travels in those times that proves nothing; but chance does
 * not take many in a row either.
 */
static bool
only_under_load(const struct v6d_view_load *l)
{
	struct under_load all = sum(l, 0), high = sum(l, lowest(l));
	uint64_t frames = high.seen + high.lost;

	if (all.gaps < GAPS_MIN || high.lost < LOST_MIN || high.ms == all.ms ||
	    high.lost * 1000 < frames * LOST_RATE ||
	    all_within(all.gaps, high.ms, all.ms) > CHANCE)
		return false;
	return high.lost >= ROW * all.gaps ||
	       v6d_view_waits(l)->n >= WAITS_MIN ||
	       all_within(all.gaps, frames, all.seen + all.lost) <= CHANCE;
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
	const struct v6d_view_odd *o = v6d_view_odd(g);
	const struct v6d_view_waits *waits = v6d_view_waits(l);
	bool lost =
	    any_size && only_under_load(l) && (uint64_t)o->late * 10 <= o->gaps;
	bool queue = waits->n >= WAITS_MIN;
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
		    (int64_t)((waits->us / waits->n - l->rtt_min_us) / 1000));
}
