/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * load.c - how busy a direction is when frames of it are lost, and how long
 * round trips take then. Loss that comes only with load, and delay that does,
 * are the marks of a line that is narrower than what is sent.
 */
#include "flow/track.h"

#define SLOT V6D_MS(125)
/* Silence says nothing of the load: no more than this is counted. */
#define STEP_MAX V6D_MS(250)
/* Frames further apart are no stream. */
#define STREAM V6D_MS(300)
/* A round trip so much longer than the shortest is a long one. */
#define LONG_US 400000u
#define CLASS_BASE 7 /* below 128 bytes a second all is one class */

unsigned
v6d_load_class(uint32_t load)
{
	unsigned k = CLASS_BASE, c;

	if (load < 1u << CLASS_BASE)
		return 0;
	while (k < 31 && load >> (k + 1))
		k++;
	c = (k - CLASS_BASE) * 4 + ((load >> (k - 2)) & 3);
	return c < V6D_VIEW_LOADS ? c : V6D_VIEW_LOADS - 1;
}

uint32_t
v6d_load_of_class(unsigned c)
{
	uint32_t octave = 1u << (CLASS_BASE + c / 4);

	/* the middle of the quarter */
	return octave + octave / 4 * (c % 4) + octave / 8;
}

static void
turn(struct v6d_loadtrack *k, v6d_ns at)
{
	uint64_t now = at / SLOT;

	if (now <= k->slot)
		return;
	for (uint64_t i = k->slot + 1; i <= now; i++) {
		if (i > k->slot + V6D_LOAD_SLOTS)
			break;
		k->bytes[i % V6D_LOAD_SLOTS] = 0;
	}
	k->slot = now;
}

static uint32_t
load_now(struct v6d_loadtrack *k, v6d_ns at)
{
	uint64_t sum = 0;

	turn(k, at);
	for (unsigned i = 0; i < V6D_LOAD_SLOTS; i++)
		sum += k->bytes[i];
	return sum < UINT32_MAX ? (uint32_t)sum : UINT32_MAX;
}

/* As many records of loss as there may be of loads. False: no memory. */
static bool
loss_room(struct v6d_tunnel *t, struct v6d_view_load *l)
{
	uint16_t had;

	while (l->cap_loss < l->cap_busy) {
		had = l->cap_loss;
		l->loss = v6d_pool_room(t->pool, l->loss, had, &l->cap_loss,
		    V6D_VIEW_LOADS, sizeof(*l->loss));
		if (l->cap_loss == had)
			return false;
	}
	return true;
}

/* The record of a class; NULL: no memory. */
static struct v6d_view_busy *
busy_of(struct v6d_tunnel *t, struct v6d_view_load *l, unsigned load)
{
	unsigned i = l->newest;

	/* mostly the one of the frame before, or one beside it */
	if (i >= l->n_busy || l->busy[i].load > load)
		i = 0;
	while (i < l->n_busy && l->busy[i].load < load)
		i++;
	l->newest = (uint8_t)i;
	if (i < l->n_busy && l->busy[i].load == load)
		return &l->busy[i];
	l->busy = v6d_pool_room(t->pool, l->busy, l->n_busy, &l->cap_busy,
	    V6D_VIEW_LOADS, sizeof(*l->busy));
	if (l->n_busy == l->cap_busy || (l->loss && !loss_room(t, l)))
		return NULL;
	memmove(
	    &l->busy[i + 1], &l->busy[i], (l->n_busy - i) * sizeof(*l->busy));
	if (l->loss) {
		memmove(&l->loss[i + 1], &l->loss[i],
		    (l->n_busy - i) * sizeof(*l->loss));
		l->loss[i] = (struct v6d_view_busy_loss){ 0 };
	}
	l->n_busy++;
	l->busy[i] = (struct v6d_view_busy){ .load = (uint8_t)load };
	return &l->busy[i];
}

/* Frames that were lost before one at that load, and what comes since then. */
static void
note_loss(struct v6d_tunnel *t, struct v6d_view_load *l,
    const struct v6d_view_busy *at, size_t outer, uint32_t lost, uint32_t ms)
{
	bool since = l->any_lost;
	struct v6d_view_busy_loss *x;

	if ((!since && lost == 0) || !loss_room(t, l))
		return;
	x = &l->loss[at - l->busy];
	l->any_lost = true;
	x->lost += lost;
	if (since) {
		x->since_ms += ms;
		x->since_bytes += outer;
	}
	if (lost > 0 && x->gaps < UINT16_MAX)
		x->gaps++;
}

void
v6d_load_frame(struct v6d_tunnel *t, enum v6d_dir dir, size_t outer,
    uint32_t lost, v6d_ns at)
{
	struct v6d_loadtrack *k = &t->load[dir];
	struct v6d_view_load *l = &t->v.gre[dir].load;
	struct v6d_view_busy *b =
	    busy_of(t, l, v6d_load_class(load_now(k, at)));
	v6d_ns step = k->last && at > k->last ? at - k->last : 0;
	uint32_t ms =
	    (uint32_t)((step < STEP_MAX ? step : STEP_MAX) / V6D_MS(1));

	if (!b)
		return;
	b->ms += ms;
	b->seen++;
	note_loss(t, l, b, outer, lost, ms);
	k->bytes[k->slot % V6D_LOAD_SLOTS] += v6d_len16(outer);
	t->streams[dir] = step > 0 && step <= STREAM;
	k->last = at;
}

/* A long round trip: one more of the row under way, or the first of one. */
static void
note_long(struct v6d_tunnel *t, enum v6d_dir dir, uint64_t us, uint32_t load)
{
	struct v6d_view_load *l = &t->v.gre[dir].load;
	struct v6d_view_waits *row;

	if (!l->rows)
		l->rows = v6d_pool_take(t->pool, sizeof(*l->rows));
	if (!l->rows)
		return;
	row = &l->rows->now;
	if (!t->waits[dir])
		*row = (struct v6d_view_waits){ 0 };
	t->waits[dir] = true;
	row->n++;
	row->us += us;
	row->load += load;
	if (row->n > l->rows->longest.n)
		l->rows->longest = *row;
}

void
v6d_load_rtt(struct v6d_tunnel *t, enum v6d_dir dir, v6d_ns rtt, v6d_ns at)
{
	struct v6d_loadtrack *k = &t->load[dir];
	struct v6d_view_load *l = &t->v.gre[dir].load;
	uint64_t us = rtt / V6D_US(1);
	uint32_t load = load_now(k, at);
	uint32_t back = load_now(&t->load[v6d_dir_other(dir)], at);

	if (us == 0 || us >= UINT32_MAX)
		return;
	if (l->rtt_min_us == 0 || us < l->rtt_min_us)
		l->rtt_min_us = (uint32_t)us;
	if (us < l->rtt_min_us + LONG_US || !t->streams[dir] ||
	    load / 3 < back / 2) {
		t->waits[dir] = false;
		return;
	}
	note_long(t, dir, us, load);
}
