/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model.c - how likely each cause is, given what was seen and answered. The
 * rules of the causes say what each makes abnormal and what excludes it; an
 * answer of a person can be wrong, so that it never takes the last chance
 * from a cause.
 */
#include "walk/impl.h"

#define SHOWN 0.8 /* a cause's own sign, where somebody looked */
#define FOLLOWS 0.6 /* what follows from it */
#define SHOWN_NOT 0.35 /* the same, and it is not there: of one direction */
#define FOLLOWS_NOT 0.7
#define STRANGE 0.02 /* all it does not explain, or what excludes it */
#define SPEAKS 8.0
#define RULED_OUT 0.03

/* ---- what a cause makes of a symptom ---- */

/* One of these makes the symptom abnormal, in whatever way. */
static bool
makes_bad(const struct v6d_term *t, const struct v6d_symptoms *known,
    enum v6d_symptom sym)
{
	for (; t && t->words; t++)
		if (t->sym == sym &&
		    (!t->cond_words || known->v[t->cond] == V6D_SYM_UNKNOWN ||
			v6d_symptom_is(known, t->cond, t->cond_words) !=
			    t->cond_not))
			return true;
	return false;
}

/* Of a symptom's words, those that the list explains. */
static unsigned
n_words(const struct v6d_term *t, struct v6d_symptoms *scratch,
    enum v6d_symptom sym)
{
	int8_t n = v6d_symptom_n_words(sym), kept = scratch->v[sym];
	unsigned hits = 0;

	for (int8_t v = 1; v <= n; v++) {
		bool any = false;

		scratch->v[sym] = v;
		for (const struct v6d_term *k = t; k && k->words; k++)
			any = any || (k->sym == sym && v6d_symptom_is(scratch,
							   sym, k->words));
		hits += any;
	}
	scratch->v[sym] = kept;
	return hits;
}

/* The list explains this value of the symptom. */
static bool
explains(const struct v6d_term *t, const struct v6d_symptoms *with,
    enum v6d_symptom sym)
{
	for (; t && t->words; t++) {
		if (t->sym != sym || !v6d_symptom_is(with, sym, t->words))
			continue;
		if (!t->cond_words || with->v[t->cond] == V6D_SYM_UNKNOWN ||
		    v6d_symptom_is(with, t->cond, t->cond_words) != t->cond_not)
			return true;
	}
	return false;
}

static bool
excluded_by(const struct v6d_term *t, const struct v6d_symptoms *with,
    enum v6d_symptom sym)
{
	for (; t && t->words; t++)
		if (t->sym == sym && v6d_term_holds(t, with))
			return true;
	return false;
}

static struct v6d_mask
subjects(const struct v6d_term *t)
{
	struct v6d_mask mask = { 0, 0 };

	for (; t && t->words; t++)
		mask = v6d_mask_or(mask, v6d_mask_bit(t->sym));
	return mask;
}

void
v6d_walk_model_of(
    const struct v6d_symptoms *known, struct v6d_walk_model *ret_m)
{
	ret_m->known = known;
	for (int i = 0; i < V6D_N_CAUSES; i++) {
		const struct v6d_rule *r = v6d_rule_of((enum v6d_cause)i);

		ret_m->about[i] = v6d_mask_or(
		    v6d_mask_or(subjects(r->excludes), subjects(r->shows)),
		    v6d_mask_or(subjects(r->leads), subjects(r->and_leads)));
	}
}

/* One of its abnormal words, where nothing makes it abnormal. */
static double
strange(enum v6d_symptom sym)
{
	return STRANGE / v6d_symptom_n_words(sym);
}

/* The same of a symptom that the rule says something of. */
static double
chance_by_rule(const struct v6d_symptoms *known, enum v6d_cause c,
    enum v6d_symptom sym, int8_t value)
{
	const struct v6d_rule *r = v6d_rule_of(c);
	const struct v6d_term *lists[] = { r->shows, r->leads, r->and_leads };
	struct v6d_symptoms with = *known;
	double absent = 1 - STRANGE;

	with.v[sym] = value;
	if (excluded_by(r->excludes, &with, sym))
		return STRANGE;
	for (size_t i = 0; i < 3; i++) {
		double chance = i == 0 ? SHOWN : FOLLOWS;

		if (value != V6D_SYM_OK && explains(lists[i], &with, sym)) {
			unsigned n = n_words(lists[i], &with, sym);

			return chance / (n ? n : 1);
		}
		if (makes_bad(lists[i], known, sym) && absent > FOLLOWS_NOT)
			absent = i == 0 ? SHOWN_NOT : FOLLOWS_NOT;
	}
	return value == V6D_SYM_OK ? absent : strange(sym);
}

double
v6d_walk_chance(const struct v6d_walk_model *m, enum v6d_cause c,
    enum v6d_symptom sym, int8_t value)
{
	if (v6d_mask_has(m->about[c], (unsigned)sym))
		return chance_by_rule(m->known, c, sym, value);
	return value == V6D_SYM_OK ? 1 - STRANGE : strange(sym);
}

bool
v6d_walk_shows(enum v6d_cause c, enum v6d_symptom sym)
{
	for (const struct v6d_term *t = v6d_rule_of(c)->shows; t && t->words;
	     t++)
		if (t->sym == sym)
			return true;
	return false;
}

/* ---- answers ---- */

static double
effect(const struct v6d_walk_row *row, enum v6d_cause c)
{
	double e = row->usual;

	if (v6d_who_has(row->speaks_for, c))
		e *= SPEAKS;
	if (v6d_who_has(row->rules_out, c))
		e *= RULED_OUT;
	return e;
}

/* Of all answers to the step, how likely the cause gives this one, leaving
 * out what the answer says of symptoms. */
static double
share_of(const struct v6d_walk_row *row, enum v6d_cause c)
{
	unsigned n;
	const struct v6d_walk_row *all = v6d_walk_rows_of(row->step, &n);
	double sum = 0;

	for (unsigned i = 0; i < n; i++)
		sum += effect(&all[i], c);
	return effect(row, c) / sum;
}

/* The chance of what an answer says of symptoms. */
static double
fits(const struct v6d_walk_model *m, enum v6d_cause c,
    const struct v6d_walk_row *row)
{
	double chance = 1;

	for (const struct v6d_term *t = row->sets; t->words; t++) {
		int8_t known = m->known->v[t->sym], told = v6d_walk_told(t);

		if (known == V6D_SYM_UNKNOWN)
			chance *= v6d_walk_chance(m, c, t->sym, told);
		else if (known != told)
			chance *= STRANGE;
	}
	return chance;
}

unsigned
v6d_walk_answers(const struct v6d_walk_model *m, enum v6d_cause c,
    enum v6d_walk_step step, double ret[V6D_WALK_ANSWERS])
{
	unsigned n;
	const struct v6d_walk_row *rows = v6d_walk_rows_of(step, &n);
	double sum = 0;

	for (unsigned i = 0; i < n; i++) {
		ret[i] = effect(&rows[i], c) * fits(m, c, &rows[i]);
		sum += ret[i];
	}
	for (unsigned i = 0; i < n; i++)
		ret[i] /= sum;
	return n;
}

int8_t
v6d_walk_told(const struct v6d_term *t)
{
	return t->words[0] == 'o' && t->words[1] == 'k' && !t->words[2]
		   ? V6D_SYM_OK
		   : v6d_symptom_value(t->sym, t->words);
}

/* ---- all together ---- */

static bool
has(const enum v6d_cause *list, unsigned n, enum v6d_cause c)
{
	for (unsigned i = 0; i < n; i++)
		if (list[i] == c)
			return true;
	return false;
}

/* What the engine left: of the first fault that is undecided, else what it
 * found. */
static bool
left_by_engine(const struct v6d_diagnosis *d, enum v6d_cause c)
{
	if (d->n_undecided > 0)
		return has(d->undecided[0].between, d->undecided[0].n, c);
	for (unsigned i = 0; i < d->n; i++)
		if (d->findings[i].severity > V6D_SEV_ADVICE &&
		    d->findings[i].cause == c)
			return true;
	return false;
}

bool
v6d_walk_narrow(const struct v6d_walk *w)
{
	const struct v6d_diagnosis *d = w->judged;
	bool found = d && d->n_undecided > 0;

	for (unsigned i = 0; d && i < d->n; i++)
		found = found || d->findings[i].severity > V6D_SEV_ADVICE;
	return w->looked && found;
}

void
v6d_walk_weigh(const struct v6d_walk *w, const struct v6d_walk_model *m,
    double share[V6D_N_CAUSES])
{
	const struct v6d_symptoms *symptoms = m->known;
	bool narrow = v6d_walk_narrow(w);
	double sum = 0;

	for (int i = 0; i < V6D_N_CAUSES; i++) {
		enum v6d_cause c = (enum v6d_cause)i;

		share[i] = v6d_walk_usual(c);
		if (v6d_cause_severity(c, symptoms) == V6D_SEV_ADVICE ||
		    (narrow && !left_by_engine(w->judged, c)))
			share[i] = 0;
		for (int k = 0; k < V6D_N_SYMPTOMS && share[i] > 0; k++) {
			if (symptoms->v[k] == V6D_SYM_UNKNOWN ||
			    (narrow && w->seen.v[k] != V6D_SYM_UNKNOWN))
				continue;
			share[i] *= v6d_walk_chance(
			    m, c, (enum v6d_symptom)k, symptoms->v[k]);
		}
		for (unsigned k = 0; k < w->n_said && share[i] > 0; k++) {
			const struct v6d_walk_row *row =
			    v6d_walk_row_of(w->said[k].step, w->said[k].key);

			if (row)
				share[i] *= share_of(row, c);
		}
		sum += share[i];
	}
	for (int i = 0; i < V6D_N_CAUSES && sum > 0; i++)
		share[i] /= sum;
}
