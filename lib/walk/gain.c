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

struct known {
	const struct v6d_symptoms *symptoms;
	const double *share;
	unsigned group[V6D_N_CAUSES];
};

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
mixed_after(const struct known *k, const double *chance)
{
	double p = 0, sum = 0, parts[V6D_N_CURES + V6D_N_CAUSES] = { 0 };

	for (int i = 0; i < V6D_N_CAUSES; i++) {
		double part = k->share[i] * (chance ? chance[i] : 1);

		parts[k->group[i]] += part;
		p += part;
	}
	for (size_t i = 0; i < V6D_ARRAY_LEN(parts); i++)
		if (parts[i] > 0)
			sum -= parts[i] * bits(parts[i] / p);
	return sum;
}

static double
gain_of_answers(const struct known *k, enum v6d_walk_step step)
{
	double chance[9][V6D_N_CAUSES] = { { 0 } }, after = 0;
	unsigned n = 0;

	for (int i = 0; i < V6D_N_CAUSES; i++) {
		double a[9];

		if (k->share[i] == 0)
			continue;
		n = v6d_walk_answers(k->symptoms, (enum v6d_cause)i, step, a);
		for (unsigned j = 0; j < n; j++)
			chance[j][i] = a[j];
	}
	for (unsigned j = 0; j < n; j++)
		after += mixed_after(k, chance[j]);
	return mixed_after(k, NULL) - after;
}

/* Seeing one symptom. */
static double
gain_of_symptom(const struct known *k, enum v6d_symptom sym)
{
	int8_t n = v6d_symptom_n_words(sym);
	double after = 0, sum[V6D_N_CAUSES] = { 0 };

	for (int8_t v = 0; v <= n; v++)
		for (int i = 0; i < V6D_N_CAUSES; i++)
			if (k->share[i] > 0)
				sum[i] += v6d_walk_chance(
				    k->symptoms, (enum v6d_cause)i, sym, v);
	for (int8_t v = 0; v <= n; v++) {
		double chance[V6D_N_CAUSES] = { 0 };

		for (int i = 0; i < V6D_N_CAUSES; i++)
			if (k->share[i] > 0)
				chance[i] = v6d_walk_chance(k->symptoms,
						(enum v6d_cause)i, sym, v) /
					    sum[i];
		after += mixed_after(k, chance);
	}
	return mixed_after(k, NULL) - after;
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

/* Of several symptoms each takes its part of what the others leave. */
static double
gain_of_look(const struct known *k, enum v6d_walk_step step)
{
	const int *sees = v6d_walk_step_sees(step);
	double all = mixed_after(k, NULL), left = 1;

	for (int i = 0; sees ? sees[i] >= 0 : i < V6D_N_SYMPTOMS; i++) {
		enum v6d_symptom sym = (enum v6d_symptom)(sees ? sees[i] : i);

		if (k->symptoms->v[sym] == V6D_SYM_UNKNOWN && all > 0 &&
		    anyones_sign(k->share, sym))
			left *= 1 - gain_of_symptom(k, sym) / all;
	}
	return all * (1 - left) * (sees ? SHOWS : 1);
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

double
v6d_walk_gain(const struct v6d_walk *w, const struct v6d_symptoms *known,
    const double *share, enum v6d_walk_step step)
{
	struct known k = { .symptoms = known, .share = share };

	/* what was seen may decide the cause; answers hardly do */
	group(!w->looked && !w->can_check, k.group);
	switch (v6d_walk_step_kind(step)) {
	case V6D_WALK_CHECK:
		return gain_of_look(&k, step);
	case V6D_WALK_LOOK:
		return gain_of_look(&k, step) * willing(w);
	case V6D_WALK_ASK:
	case V6D_WALK_TRY:
		return gain_of_answers(&k, step);
	}
	return 0;
}
