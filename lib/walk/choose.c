/* SPDX-License-Identifier: GPL-2.0-or-later */
/* choose.c - where a walk stands, and which step tells most for its effort. */
#include "walk/impl.h"

#include <string.h>

#define SURE_ENOUGH 0.9 /* a share that ends the walk */
#define LEAST 0.06 /* bits; a step that tells less is not worth its while */
#define WORTH 0.05 /* for its effort and each question before, bits */
#define NAMED 0.95 /* of all that is left, what is named */

/* ---- what is known ---- */

/* Whoever has the message of a dial-up program has said that it fails. */
static void
imply(const struct v6d_walk *w, struct v6d_walk *ret_w)
{
	bool message = false, complaint = false;

	for (unsigned i = 0; i < w->n_said; i++) {
		const struct v6d_walk_said *said = &w->said[i];

		message =
		    message || (said->step == V6D_STEP_MESSAGE &&
				   v6d_walk_row_of(said->step, said->key));
		complaint = complaint || said->step == V6D_STEP_COMPLAINT;
	}
	*ret_w = *w;
	if (!message || complaint || w->n_said == V6D_WALK_SAID)
		return;
	ret_w->said[ret_w->n_said++] =
	    (struct v6d_walk_said){ V6D_STEP_COMPLAINT, '1' };
	ret_w->n_read++;
}

static void
tell(const struct v6d_walk *w, struct v6d_symptoms *s)
{
	*s = w->seen;
	for (unsigned i = 0; i < w->n_said; i++) {
		const struct v6d_walk_row *row =
		    v6d_walk_row_of(w->said[i].step, w->said[i].key);

		for (const struct v6d_term *t = row ? row->sets : NULL;
		     t && t->words; t++)
			if (w->seen.v[t->sym] == V6D_SYM_UNKNOWN)
				s->v[t->sym] = v6d_walk_told(t);
	}
}

/* Where an experiment says it cannot be. */
static unsigned
places(const struct v6d_walk *w)
{
	unsigned left = V6D_AT_ALL;

	for (unsigned i = 0; i < w->n_said; i++) {
		const struct v6d_walk_row *row =
		    v6d_walk_row_of(w->said[i].step, w->said[i].key);

		for (const struct v6d_who *o = row ? row->rules_out : NULL;
		     o && o->kind != V6D_WHO_END; o++)
			if (o->kind == V6D_WHO_ONLY)
				left &= ~o->value;
	}
	return left;
}

/* ---- which comes next ---- */

/* The newest word on a step: its key, or 0. */
static char
said(const struct v6d_walk *w, enum v6d_walk_step step)
{
	for (unsigned i = w->n_said; i-- > 0;)
		if (w->said[i].step == step)
			return w->said[i].key;
	return 0;
}

/* The tunnel comes up: 1, it does not: 0, not known: -1. */
static int
comes_up(const struct v6d_walk *w, const struct v6d_symptoms *s)
{
	static const enum v6d_symptom up[] = { V6D_SYM_PPP_IPV6CP,
		V6D_SYM_ADDR_GLOBAL, V6D_SYM_V6_SMALL, V6D_SYM_V6_ROUTER };
	static const enum v6d_symptom down[] = { V6D_SYM_CONTROL_TCP,
		V6D_SYM_CONTROL_START, V6D_SYM_CONTROL_CALL, V6D_SYM_PPP_LCP,
		V6D_SYM_PPP_AUTH, V6D_SYM_PPP_IPV6CP };
	char key = said(w, V6D_STEP_COMPLAINT);

	for (size_t i = 0; i < sizeof(up) / sizeof(up[0]); i++)
		if (s->v[up[i]] == V6D_SYM_OK)
			return 1;
	for (size_t i = 0; i < sizeof(down) / sizeof(down[0]); i++)
		if (s->v[down[i]] > 0)
			return 0;
	if (v6d_symptom_is(s, V6D_SYM_GRE_IN, "none absent filtered"))
		return 0;
	if (key >= '2' && key <= '8')
		return 1;
	return key == '1' ? 0 : -1;
}

static bool
abnormal(const struct v6d_symptoms *s)
{
	for (int i = 0; i < V6D_N_SYMPTOMS; i++)
		if (s->v[i] > 0)
			return true;
	return false;
}

static bool
makes_sense(const struct v6d_walk *w, const struct v6d_symptoms *s,
    enum v6d_walk_step step)
{
	int up = comes_up(w, s);
	char key = said(w, V6D_STEP_COMPLAINT);

	switch (v6d_walk_step_when(step)) {
	case V6D_WHEN_ANY:
		return true;
	case V6D_WHEN_UP:
		return up != 0;
	case V6D_WHEN_DOWN:
		return up != 1;
	case V6D_WHEN_BLIND:
		return !abnormal(s);
	case V6D_WHEN_BLIND_DOWN:
		return !v6d_walk_narrow(w) && up == 0;
	case V6D_WHEN_UNSTEADY:
		return up != 0 && (key < '1' || key > '4');
	}
	return true;
}

/* What it would show stood in a text that was given for another step. */
static bool
shown(const struct v6d_walk *w, enum v6d_walk_step step)
{
	static const enum v6d_walk_step parts[] = { V6D_STEP_ADDRESSES,
		V6D_STEP_ROUTES, V6D_STEP_SETTINGS, V6D_STEP_TUNNEL_ADDRESS,
		V6D_STEP_DEFAULT_ROUTE, V6D_STEP_HEEDS };

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i] == step)
			return said(w, V6D_STEP_LOOK_AROUND) == V6D_WALK_DONE;
	return false;
}

static bool
open_to(const struct v6d_walk *w, const struct v6d_symptoms *s,
    enum v6d_walk_step step)
{
	enum v6d_walk_kind kind = v6d_walk_step_kind(step);

	if (said(w, step) || shown(w, step) || !makes_sense(w, s, step))
		return false;
	if (kind == V6D_WALK_CHECK)
		return w->can_check;
	/* whose checks run here needs no report from elsewhere */
	return step != V6D_STEP_REPORT || !w->can_check;
}

static double
hinted(const struct v6d_walk *w, enum v6d_walk_step step)
{
	for (unsigned i = 0; i < w->n_hints; i++)
		if (w->hints[i] == step)
			return 10 - i;
	return 0;
}

static void
keep(struct v6d_walk_state *s, double *scores, enum v6d_walk_step step,
    double score, double tells)
{
	unsigned at = s->n_next;

	while (at > 0 && scores[at - 1] < score)
		at--;
	if (at == V6D_WALK_NEXT)
		return;
	if (s->n_next < V6D_WALK_NEXT)
		s->n_next++;
	for (unsigned i = s->n_next - 1; i > at; i--) {
		s->next[i] = s->next[i - 1];
		s->gain[i] = s->gain[i - 1];
		scores[i] = scores[i - 1];
	}
	s->next[at] = step;
	s->gain[at] = (unsigned)(tells * 1000);
	scores[at] = score;
}

/*
 * Where nothing but answers can be had, each question has to tell more than
 * the one before, unless the person agreed to go on: patience is short.
 */
static bool
worth_it(const struct v6d_walk *w, const struct v6d_walk_state *s,
    enum v6d_walk_step step, double tells)
{
	double price = WORTH * s->n_asked * v6d_walk_step_effort(step);

	if (hinted(w, step) > 0)
		return true;
	return tells >= LEAST &&
	       (w->looked || w->can_check || w->patient || tells >= price);
}

static void
choose(struct v6d_walk_scale *scale, struct v6d_walk_state *s)
{
	const struct v6d_walk *w = scale->w;
	double scores[V6D_WALK_NEXT] = { 0 };

	for (int i = 0; i < V6D_N_STEPS; i++) {
		enum v6d_walk_step step = (enum v6d_walk_step)i;
		double tells;

		if (!open_to(w, &s->symptoms, step))
			continue;
		tells = v6d_walk_gain(scale, step);
		if (!worth_it(w, s, step, tells))
			continue;
		keep(s, scores, step,
		    tells / v6d_walk_step_effort(step) + hinted(w, step),
		    tells);
	}
}

/* ---- where it stands ---- */

static void
insert(const double *share, int cause, struct v6d_walk_state *s)
{
	unsigned at = s->n_left++;

	for (; at > 0 && share[s->left[at - 1].cause] < share[cause]; at--)
		s->left[at] = s->left[at - 1];
	s->left[at] = (struct v6d_walk_left){ (enum v6d_cause)cause,
		(unsigned)(share[cause] * 1000) };
}

/* The fewest that together hold most of what is left. */
static void
rank(const double *share, struct v6d_walk_state *s)
{
	double sum = 0;
	unsigned n = 0;

	for (int i = 0; i < V6D_N_CAUSES; i++)
		if (share[i] > 0)
			insert(share, i, s);
	while (n < s->n_left && sum < NAMED)
		sum += share[s->left[n++].cause];
	s->n_left = n;
}

static void
rank_families(const double *share, struct v6d_walk_state *s)
{
	double sum[V6D_N_FAMILIES + 1] = { 0 }, best = 0;

	for (int i = 0; i < V6D_N_CAUSES; i++)
		sum[v6d_walk_family_of((enum v6d_cause)i)] += share[i];
	for (int f = 0; f < V6D_N_FAMILIES; f++) {
		if (sum[f] <= best)
			continue;
		best = sum[f];
		s->family = (enum v6d_walk_family)f;
		s->family_permille = (unsigned)(best * 1000);
	}
}

static void
rank_cures(const double *share, struct v6d_walk_state *s)
{
	double sum[V6D_N_CURES + 1] = { 0 }, best = 0;

	s->cure = V6D_N_CURES;
	for (int i = 0; i < V6D_N_CAUSES; i++)
		sum[v6d_walk_cure_of((enum v6d_cause)i)] += share[i];
	for (int c = 0; c < V6D_N_CURES; c++) {
		if (sum[c] <= best)
			continue;
		best = sum[c];
		s->cure = (enum v6d_walk_cure)c;
		s->cure_permille = (unsigned)(best * 1000);
	}
}

/* What the facts alone say, in the diagnosis' own order. */
static void
rank_findings(const struct v6d_diagnosis *d, struct v6d_walk_state *s)
{
	s->n_left = 0;
	for (unsigned i = 0; i < d->n; i++)
		if (d->findings[i].severity > V6D_SEV_ADVICE)
			s->left[s->n_left++] =
			    (struct v6d_walk_left){ d->findings[i].cause, 0 };
}

static unsigned
asked(const struct v6d_walk *w)
{
	unsigned n = 0;

	for (unsigned i = 0; i + w->n_read < w->n_said; i++)
		n += v6d_walk_step_kind(w->said[i].step) != V6D_WALK_CHECK &&
		     w->said[i].key != V6D_WALK_SKIP &&
		     w->said[i].key != V6D_WALK_FIRST &&
		     w->said[i].key != V6D_WALK_CANNOT;
	return n;
}

static bool
complained(const struct v6d_walk *w)
{
	for (unsigned i = 0; i < w->n_said; i++)
		if (v6d_walk_row_of(w->said[i].step, w->said[i].key))
			return true;
	return false;
}

/* The facts alone say it: how sure they are; ON where they do not. */
static enum v6d_walk_end
by_facts(const struct v6d_walk *w)
{
	const struct v6d_diagnosis *d = w->judged;

	if (!d)
		return V6D_WALK_ON;
	if (d->n > 0 && d->n_undecided == 0 &&
	    d->findings[0].severity > V6D_SEV_ADVICE) {
		if (d->findings[0].certainty == V6D_CERTAIN)
			return V6D_WALK_SURE;
		if (w->looked)
			return V6D_WALK_LIKELY;
	}
	if (w->looked && d->verdict == V6D_VERDICT_HEALTHY && !complained(w))
		return V6D_WALK_WELL;
	return V6D_WALK_ON;
}

/* Two answers speak against what is likeliest. */
static bool
at_odds(const struct v6d_walk *w, const struct v6d_walk_state *s)
{
	unsigned n = 0;

	for (unsigned i = 0; i < w->n_said && s->n_left > 0; i++) {
		const struct v6d_walk_row *row =
		    v6d_walk_row_of(w->said[i].step, w->said[i].key);

		n += row && v6d_who_has(row->rules_out, s->left[0].cause);
	}
	return n > 1;
}

/* The step that tries what helps in a moment; false: none does. */
static bool
test_of(const struct v6d_walk_state *s, enum v6d_walk_step *ret_step)
{
	return v6d_walk_cure_test(s->cure, ret_step);
}

/* Only answers were had, and to ask on would not change what to do: where it
 * is tried in a moment it helped, or was not asked for yet. */
static bool
alike(const struct v6d_walk *w, const struct v6d_walk_state *s)
{
	enum v6d_walk_step test;
	char tried = test_of(s, &test) ? said(w, test) : 0;

	return !w->looked && !w->can_check && w->n_hints == 0 &&
	       complained(w) && s->cure_permille >= SURE_ENOUGH * 1000 &&
	       (tried == 0 || tried == 'y');
}

void
v6d_walk_look(const struct v6d_walk *given, struct v6d_walk_state *s)
{
	double share[V6D_N_CAUSES];
	struct v6d_walk implied;
	struct v6d_walk_model model;
	struct v6d_walk_scale scale;
	const struct v6d_walk *w = &implied;

	imply(given, &implied);
	memset(s, 0, sizeof(*s));
	tell(w, &s->symptoms);
	v6d_diagnose_symptoms(&s->symptoms, NULL, &s->diagnosis);
	s->places = places(w);
	s->n_asked = asked(w);
	v6d_walk_model_of(&s->symptoms, &model);
	v6d_walk_weigh(w, &model, share);
	rank(share, s);
	rank_families(share, s);
	rank_cures(share, s);
	s->end = by_facts(w);
	if (s->end == V6D_WALK_SURE || s->end == V6D_WALK_LIKELY)
		rank_findings(w->judged, s);
	if (s->end != V6D_WALK_ON)
		return;
	if (at_odds(w, s)) {
		s->end = V6D_WALK_AT_ODDS;
		return;
	}
	if (s->n_left > 0 && share[s->left[0].cause] >= SURE_ENOUGH &&
	    (abnormal(&s->symptoms) || complained(w))) {
		s->end = V6D_WALK_LIKELY;
		return;
	}
	if (alike(w, s)) {
		enum v6d_walk_step test;

		/* it can be tried, and was not: that comes first */
		if (s->n_asked < V6D_WALK_PERSON && test_of(s, &test) &&
		    !said(w, test)) {
			s->next[s->n_next++] = test;
			return;
		}
		s->end = V6D_WALK_ALIKE;
		return;
	}
	v6d_walk_scale_of(w, &model, share, &scale);
	if (s->n_asked < V6D_WALK_PERSON)
		choose(&scale, s);
	if (s->n_next == 0)
		s->end = V6D_WALK_OPEN;
}

/* Where the causes that are named can lie, by the experiments so far. */
static unsigned
places_left(const struct v6d_walk_state *s)
{
	unsigned all = 0;

	for (unsigned i = 0; i < s->n_left; i++)
		all |= v6d_walk_places(s->left[i].cause);
	return all & s->places;
}

static bool
about_causes(const struct v6d_who *list)
{
	for (; list->kind != V6D_WHO_END; list++)
		if (list->kind == V6D_WHO_CAUSE)
			return true;
	return false;
}

/* One of its answers takes some of these places away, and leaves some. */
static bool
locates(enum v6d_walk_step step, unsigned at)
{
	if (v6d_walk_step_kind(step) != V6D_WALK_TRY)
		return false;
	for (size_t i = 0; i < v6d_walk_n_rows; i++) {
		const struct v6d_walk_row *row = &v6d_walk_rows[i];
		unsigned gone = 0;

		if (row->step != step || about_causes(row->speaks_for))
			continue;
		for (const struct v6d_who *o = row->rules_out;
		     o->kind != V6D_WHO_END; o++)
			if (o->kind == V6D_WHO_ONLY)
				gone |= o->value;
		if ((at & gone) != 0 && (at & ~gone) != 0)
			return true;
	}
	return false;
}

unsigned
v6d_walk_useful(const struct v6d_walk *given, const struct v6d_walk_state *s,
    enum v6d_walk_step ret[V6D_N_STEPS])
{
	double share[V6D_N_CAUSES];
	struct v6d_walk implied;
	struct v6d_walk_model model;
	struct v6d_walk_scale scale;
	const struct v6d_walk *w = &implied;
	bool settled = s->end == V6D_WALK_SURE || s->end == V6D_WALK_LIKELY;
	unsigned n = 0, places = places_left(s);

	imply(given, &implied);
	v6d_walk_model_of(&s->symptoms, &model);
	v6d_walk_weigh(w, &model, share);
	v6d_walk_scale_of(w, &model, share, &scale);
	for (int i = 0; i < V6D_N_STEPS; i++) {
		enum v6d_walk_step step = (enum v6d_walk_step)i;
		unsigned at = n, effort = v6d_walk_step_effort(step);

		if (!open_to(w, &s->symptoms, step) ||
		    ((settled || v6d_walk_gain(&scale, step) < LEAST) &&
			!locates(step, places)))
			continue;
		for (; at > 0 && v6d_walk_step_effort(ret[at - 1]) > effort;
		     at--)
			ret[at] = ret[at - 1];
		ret[at] = step;
		n++;
	}
	return n;
}
