/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reorder.c - frames that overtook others and wait (RFC 2637 4.3). */
#include "tunnel/reorder.h"

static struct v6d_reorder_slot *
slot(struct v6d_reorder *r, uint32_t seq)
{
	return &r->slot[seq % V6D_REORDER_MAX];
}

/* The slots' bytes need no zeros, and are large. */
void
v6d_reorder_init(struct v6d_reorder *r)
{
	r->started = false;
	r->next = 0;
	r->n = 0;
	r->since = V6D_NEVER;
	for (unsigned i = 0; i < V6D_REORDER_MAX; i++)
		r->slot[i].taken = false;
}

void
v6d_reorder_restart(struct v6d_reorder *r, uint32_t seq)
{
	v6d_reorder_init(r);
	r->started = true;
	r->next = seq;
}

enum v6d_reorder_place
v6d_reorder_place(struct v6d_reorder *r, uint32_t seq)
{
	int32_t ahead;

	if (!r->started)
		v6d_reorder_restart(r, seq);
	ahead = (int32_t)(seq - r->next);
	if (ahead < 0)
		return V6D_REORDER_LATE;
	if (ahead >= V6D_REORDER_MAX)
		return V6D_REORDER_FAR;
	if (slot(r, seq)->taken)
		return V6D_REORDER_LATE;
	return ahead == 0 ? V6D_REORDER_NEXT : V6D_REORDER_AHEAD;
}

static void
take_slot(struct v6d_reorder *r, uint32_t seq, size_t len, v6d_ns now)
{
	struct v6d_reorder_slot *s = slot(r, seq);

	s->taken = true;
	s->len = len;
	s->at = now;
	if (r->n++ == 0)
		r->since = now;
}

void
v6d_reorder_pass(struct v6d_reorder *r, uint32_t seq, v6d_ns now)
{
	if (seq == r->next)
		r->next++;
	else
		take_slot(r, seq, 0, now);
}

void
v6d_reorder_hold(
    struct v6d_reorder *r, uint32_t seq, const uint8_t *p, size_t n, v6d_ns now)
{
	take_slot(r, seq, n, now);
	memcpy(slot(r, seq)->bytes, p, n);
}

/* Behind a gap that was closed or given up there may be another. */
static void
find_since(struct v6d_reorder *r)
{
	r->since = V6D_NEVER;
	for (unsigned i = 0; i < V6D_REORDER_MAX; i++)
		if (r->slot[i].taken && r->slot[i].at < r->since)
			r->since = r->slot[i].at;
}

uint8_t *
v6d_reorder_take(struct v6d_reorder *r, v6d_ns wait, v6d_ns now, size_t *ret_n)
{
	while (r->n > 0) {
		struct v6d_reorder_slot *s = slot(r, r->next);

		if (!s->taken) {
			if (wait > 0 && now < r->since + wait)
				return NULL;
			while (!slot(r, r->next)->taken)
				r->next++;
			continue;
		}
		s->taken = false;
		r->n--;
		r->next++;
		find_since(r);
		if (s->len == 0)
			continue;
		*ret_n = s->len;
		return s->bytes;
	}
	return NULL;
}

v6d_ns
v6d_reorder_deadline(const struct v6d_reorder *r, v6d_ns wait)
{
	return r->n > 0 ? r->since + wait : V6D_NEVER;
}
