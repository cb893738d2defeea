/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gain.c - what a step tells: how mixed the causes are that are left is
 * measured in bits (their entropy), and a step is worth by how much it lowers
 * that on the average over what can come of it.
 */
#include "walk/impl.h"

#include "base/wire.h"

#define SHOWS 0.8 /* chance that a text shows what it could */
#define REFUSED 0.6 /* the same, for each that could not be given */

/* The logarithm to base 2 of 0 < x <= 1; no library has a part in it. */
static double
bits(double x)
{
	double whole = 0, t, square, sum = 0;

	for (; x < 0.75; x *= 2)
		whole -= 1;
	/* ln x = 2 atanh((x - 1) / (x + 1)) */
	t = (x - 1) / (x + 1);
	square = t * t;
	for (int k = 1; k < 12; k += 2) {
		sum += t / k;
		t *= square;
	}
	return whole + 2 * sum / 0.69314718055994531;
}

/*
 * What is to be told apart: the causes, or, where only answers can be had,
 * what to do. Those that are alike have one number.
 */
static void
group(bool by_cure, unsigned ret[V6D_N_CAUSES])
{
	for (unsigned i = 0; i < V6D_N_CAUSES; i++) {
		unsigned cure =
		    by_cure ? (unsigned)v6d_walk_cure_of((enum v6d_cause)i)
			    : V6D_N_CURES;

		ret[i] = cure < V6D_N_CURES ? cure : V6D_N_CURES + i;
	}
}

/* What is left mixed after an outcome with these chances, times the chance
 * of the outcome. chance NULL: nothing came. */
static double
mixed_after(const struct v6d_walk_scale *s, const double *chance)
{
	double p = 0, sum = 0, parts[V6D_N_CURES + V6D_N_CAUSES] = { 0 };

	for (int i = 0; i < V6D_N_CAUSES; i++) {
		double part = s->share[i] * (chance ? chance[i] : 1);

		parts[s->group[i]] += part;
		p += part;
	}
	for (size_t i = 0; i < V6D_ARRAY_LEN(parts); i++)
		if (parts[i] > 0)
			sum -= parts[i] * bits(parts[i] / p);
	return sum;
}

static double
gain_of_answers(const struct v6d_walk_scale *s, enum v6d_walk_step step)
{
	double chance[V6D_WALK_ANSWERS][V6D_N_CAUSES] = { { 0 } }, after = 0;
	unsigned n = 0;

	for (int i = 0; i < V6D_N_CAUSES; i++) {
		double a[V6D_WALK_ANSWERS];

		if (s->share[i] == 0)
			continue;
		n = v6d_walk_answers(s->model, (enum v6d_cause)i, step, a);
		for (unsigned j = 0; j < n; j++)
			chance[j][i] = a[j];
	}
	for (unsigned j = 0; j < n; j++)
		after += mixed_after(s, chance[j]);
	return s->mixed - after;
}

/* Seeing one symptom. */
static double
gain_of_symptom(const struct v6d_walk_scale *s, enum v6d_symptom sym)
{
	int8_t n = v6d_symptom_n_words(sym);
	double after = 0, chance[V6D_WALK_VALUES][V6D_N_CAUSES];

	for (int i = 0; i < V6D_N_CAUSES; i++) {
		double sum = 0;

		for (int8_t v = 0; v <= n; v++) {
			chance[v][i] = s->share[i] > 0
					   ? v6d_walk_chance(s->model,
						 (enum v6d_cause)i, sym, v)
					   : 0;
			sum += chance[v][i];
		}
		for (int8_t v = 0; v <= n && sum > 0; v++)
			chance[v][i] /= sum;
	}
	for (int8_t v = 0; v <= n; v++)
		after += mixed_after(s, chance[v]);
	return s->mixed - after;
}

/* A text is asked for to see what a cause does itself, not what follows. */
static bool
anyones_sign(const double *share, enum v6d_symptom sym)
{
	for (int i = 0; i < V6D_N_CAUSES; i++)
		if (share[i] > 0 && v6d_walk_shows((enum v6d_cause)i, sym))
			return true;
	return false;
}

/* The same, computed once. */
static double
telling(struct v6d_walk_scale *s, enum v6d_symptom sym)
{
	if (s->symptom[sym] < 0)
		s->symptom[sym] = s->model->known->v[sym] == V6D_SYM_UNKNOWN &&
					  anyones_sign(s->share, sym)
				      ? gain_of_symptom(s, sym)
				      : 0;
	return s->symptom[sym];
}

/* Of several symptoms each takes its part of what the others leave. */
static double
gain_of_look(struct v6d_walk_scale *s, enum v6d_walk_step step)
{
	const int *sees = v6d_walk_step_sees(step);
	double left = 1;

	if (s->mixed <= 0)
		return 0;
	for (int i = 0; sees ? sees[i] >= 0 : i < V6D_N_SYMPTOMS; i++)
		left *= 1 - telling(s, (enum v6d_symptom)(sees ? sees[i] : i)) /
				s->mixed;
	return s->mixed * (1 - left) * (sees ? SHOWS : 1);
}

/* Who could not paste one thing hardly can another. */
static double
willing(const struct v6d_walk *w)
{
	double chance = 1;

	for (unsigned i = 0; i < w->n_said; i++)
		if (w->said[i].key == V6D_WALK_CANNOT &&
		    v6d_walk_step_kind(w->said[i].step) == V6D_WALK_LOOK &&
		    w->said[i].step != V6D_STEP_REPORT)
			chance *= REFUSED;
	return chance;
}

void
v6d_walk_scale_of(const struct v6d_walk *w, const struct v6d_walk_model *m,
    const double *share, struct v6d_walk_scale *ret_s)
{
	ret_s->w = w;
	ret_s->model = m;
	ret_s->share = share;
	/* what was seen may decide the cause; answers hardly do */
	group(!w->looked && !w->can_check, ret_s->group);
	ret_s->mixed = mixed_after(ret_s, NULL);
	for (int i = 0; i < V6D_N_SYMPTOMS; i++)
		ret_s->symptom[i] = -1;
}

double
v6d_walk_gain(struct v6d_walk_scale *s, enum v6d_walk_step step)
{
	switch (v6d_walk_step_kind(step)) {
	case V6D_WALK_CHECK:
		return gain_of_look(s, step);
	case V6D_WALK_LOOK:
		return gain_of_look(s, step) * willing(s->w);
	case V6D_WALK_ASK:
	case V6D_WALK_TRY:
		return gain_of_answers(s, step);
	}
	return 0;
}
