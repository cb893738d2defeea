/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * engine.c - finds the sets of one, two or three causes that explain every
 * abnormal symptom of a group, none of them superfluous. Branching on the
 * causes of the symptom that is not yet explained finds every such set, since
 * each has a member for each symptom.
 */
#include "diag/rules.h"

#include <string.h>

static struct v6d_mask
explained_by(const struct v6d_rule *r, const struct v6d_symptoms *s)
{
	return v6d_mask_or(v6d_terms_mask(r->shows, s),
	    v6d_mask_or(
		v6d_terms_mask(r->leads, s), v6d_terms_mask(r->and_leads, s)));
}

static bool
is_candidate(const struct v6d_rule *r, const struct v6d_symptoms *s)
{
	if (v6d_terms_any(r->excludes, s))
		return false;
	if (r->only_if)
		return v6d_terms_any(r->only_if, s);
	return r->by_effects || v6d_mask_any(v6d_terms_mask(r->shows, s));
}

void
v6d_engine_candidates(
    const struct v6d_symptoms *s, struct v6d_candidates *ret_c)
{
	*ret_c = (struct v6d_candidates){ 0 };
	for (unsigned i = 0; i < V6D_N_SYMPTOMS; i++)
		if (s->v[i] > 0)
			ret_c->abnormal =
			    v6d_mask_or(ret_c->abnormal, v6d_mask_bit(i));
	if (!v6d_mask_any(ret_c->abnormal))
		return;
	for (int i = 0; i < V6D_N_CAUSES; i++) {
		const struct v6d_rule *r = v6d_rule_of((enum v6d_cause)i);
		struct v6d_mask mask;

		if (!is_candidate(r, s))
			continue;
		mask = explained_by(r, s);
		if (!v6d_mask_any(mask))
			continue;
		ret_c->cause[ret_c->n] = (uint8_t)i;
		ret_c->mask[ret_c->n++] = mask;
		ret_c->explained = v6d_mask_or(ret_c->explained, mask);
	}
}

struct v6d_mask
v6d_engine_group(const struct v6d_candidates *c, struct v6d_mask left)
{
	struct v6d_mask group = v6d_mask_low(left), before = { 0, 0 };

	while (!v6d_mask_equal(group, before)) {
		before = group;
		for (unsigned i = 0; i < c->n; i++)
			if (v6d_mask_meets(c->mask[i], group))
				group = v6d_mask_or(
				    group, v6d_mask_and(c->mask[i], left));
	}
	return group;
}

struct search {
	const struct v6d_candidates *c;
	struct v6d_mask symptoms;
	struct v6d_cover *out;
	unsigned size, n;
	uint8_t pick[V6D_ENGINE_SIZE]; /* indexes of candidates */
};

/* Each member explains something that no other member does. */
static bool
irredundant(const struct search *s)
{
	for (unsigned i = 0; i < s->n; i++) {
		struct v6d_mask others = { 0, 0 };

		for (unsigned j = 0; j < s->n; j++)
			if (j != i)
				others =
				    v6d_mask_or(others, s->c->mask[s->pick[j]]);
		if (!v6d_mask_any(v6d_mask_minus(s->symptoms, others)))
			return false;
	}
	return true;
}

static void
keep(struct search *s)
{
	struct v6d_set set = { (uint8_t)s->n, { 0 } };

	for (unsigned i = 0; i < s->n; i++) {
		uint8_t v = s->c->cause[s->pick[i]];
		unsigned j = i;

		for (; j > 0 && set.cause[j - 1] > v; j--)
			set.cause[j] = set.cause[j - 1];
		set.cause[j] = v;
	}
	for (unsigned i = 0; i < s->out->n; i++)
		if (memcmp(&s->out->set[i], &set, sizeof(set)) == 0)
			return;
	if (s->out->n == V6D_ENGINE_SETS)
		s->out->full = true;
	else
		s->out->set[s->out->n++] = set;
}

/* The most that any candidate explains of what is left. */
static unsigned
best(const struct search *s, struct v6d_mask left)
{
	unsigned most = 0;

	for (unsigned i = 0; i < s->c->n; i++) {
		unsigned n = v6d_mask_count(v6d_mask_and(s->c->mask[i], left));

		most = n > most ? n : most;
	}
	return most;
}

/* The symptom that the fewest candidates explain: the least branching. */
static struct v6d_mask
rarest(const struct search *s, struct v6d_mask left)
{
	struct v6d_mask pick = { 0, 0 };
	unsigned least = V6D_N_CAUSES + 1;

	while (v6d_mask_any(left)) {
		struct v6d_mask bit = v6d_mask_low(left);
		unsigned n = 0;

		for (unsigned i = 0; i < s->c->n; i++)
			n += v6d_mask_meets(s->c->mask[i], bit);
		if (n < least) {
			least = n;
			pick = bit;
		}
		left = v6d_mask_minus(left, bit);
	}
	return pick;
}

/* Depth is at most V6D_ENGINE_SIZE. */
static void
grow(struct search *s, struct v6d_mask left)
{
	struct v6d_mask bit;

	if (!v6d_mask_any(left)) {
		if (irredundant(s))
			keep(s);
		return;
	}
	if (s->n == s->size ||
	    best(s, left) * (s->size - s->n) < v6d_mask_count(left))
		return;
	bit = rarest(s, left);
	for (unsigned i = 0; i < s->c->n && !s->out->full; i++) {
		if (!v6d_mask_meets(s->c->mask[i], bit))
			continue;
		s->pick[s->n++] = (uint8_t)i;
		grow(s, v6d_mask_minus(left, s->c->mask[i]));
		s->n--;
	}
}

void
v6d_engine_cover(const struct v6d_candidates *c, struct v6d_mask symptoms,
    struct v6d_cover *ret_cover)
{
	struct search s = { .c = c, .symptoms = symptoms, .out = ret_cover };

	ret_cover->symptoms = symptoms;
	ret_cover->n = 0;
	ret_cover->full = false;
	/* the smallest first, so that they are kept when there are too many */
	for (s.size = 1; s.size <= V6D_ENGINE_SIZE; s.size++)
		grow(&s, symptoms);
}
