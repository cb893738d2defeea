/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * verdict.c - from the surviving sets of causes to findings, candidates that
 * cannot be told apart, what passed, and one of four verdicts.
 */
#include "diag/rules.h"

#include <string.h>

#include "base/text.h"
#include "base/wire.h"

static struct v6d_mask
mask_of(const struct v6d_candidates *c, enum v6d_cause cause)
{
	for (unsigned i = 0; i < c->n; i++)
		if (c->cause[i] == (uint8_t)cause)
			return c->mask[i];
	return (struct v6d_mask){ 0, 0 };
}

static bool
in_set(const struct v6d_set *set, enum v6d_cause cause)
{
	for (unsigned i = 0; i < set->n; i++)
		if (set->cause[i] == (uint8_t)cause)
			return true;
	return false;
}

/* The cause is in every set of up to `size` causes. */
static bool
in_every(const struct v6d_cover *cover, enum v6d_cause cause, unsigned size)
{
	for (unsigned i = 0; i < cover->n; i++)
		if (cover->set[i].n <= size && !in_set(&cover->set[i], cause))
			return false;
	return true;
}

/* Along the path, so that what comes first is read first. */
static unsigned
rank(const struct v6d_finding *f)
{
	static const enum v6d_layer order[] = { V6D_LAYER_LINK,
		V6D_LAYER_CONTROL, V6D_LAYER_GRE, V6D_LAYER_PPP, V6D_LAYER_RA,
		V6D_LAYER_ADDR, V6D_LAYER_ROUTE, V6D_LAYER_MTU, V6D_LAYER_DNS,
		V6D_LAYER_FAR, V6D_LAYER_NAPT, V6D_LAYER_SECURITY,
		V6D_LAYER_HOST };
	unsigned i = 0;

	while (
	    i < V6D_ARRAY_LEN(order) && order[i] != v6d_cause_layer(f->cause))
		i++;
	return (unsigned)(V6D_SEV_FAULT - f->severity) * 100 + i;
}

static void
add_finding(struct v6d_diagnosis *d, const struct v6d_finding *f)
{
	unsigned at;

	/* what is read last gives way */
	if (d->n == V6D_DIAG_CAUSES) {
		if (rank(&d->findings[d->n - 1]) <= rank(f))
			return;
		d->n--;
	}
	at = d->n;
	for (; at > 0 && rank(&d->findings[at - 1]) > rank(f); at--)
		d->findings[at] = d->findings[at - 1];
	d->findings[at] = *f;
	d->n++;
}

static void
find(struct v6d_diagnosis *d, enum v6d_cause cause, struct v6d_mask symptoms,
    enum v6d_certainty certainty)
{
	struct v6d_finding f = { .cause = cause, .certainty = certainty };

	v6d_finding_fill(&d->symptoms, symptoms, &f);
	add_finding(d, &f);
}

/* No small set explains the group: the most telling causes, as possible. */
static void
find_greedily(struct v6d_diagnosis *d, const struct v6d_candidates *c,
    struct v6d_mask left)
{
	while (v6d_mask_any(left)) {
		unsigned best = 0, best_n = 0;

		for (unsigned i = 0; i < c->n; i++) {
			unsigned n =
			    v6d_mask_count(v6d_mask_and(c->mask[i], left));

			if (n > best_n) {
				best = i;
				best_n = n;
			}
		}
		if (best_n == 0)
			return;
		find(d, (enum v6d_cause)c->cause[best], c->mask[best],
		    V6D_POSSIBLE);
		left = v6d_mask_minus(left, c->mask[best]);
	}
}

/* The two stand together in one of the smallest sets. */
static bool
together(const struct v6d_cover *cover, unsigned size, enum v6d_cause a,
    enum v6d_cause b)
{
	for (unsigned i = 0; i < cover->n; i++)
		if (cover->set[i].n == size && in_set(&cover->set[i], a) &&
		    in_set(&cover->set[i], b))
			return true;
	return false;
}

static bool
fits(const struct v6d_undecided *u, const struct v6d_cover *cover,
    unsigned size, enum v6d_cause cause)
{
	for (unsigned i = 0; i < u->n; i++)
		if (u->between[i] == cause ||
		    together(cover, size, u->between[i], cause))
			return false;
	return u->n < V6D_DIAG_BETWEEN;
}

static bool
has(const struct v6d_diagnosis *d, unsigned first, enum v6d_cause cause)
{
	for (unsigned i = first; i < d->n_undecided; i++)
		for (unsigned j = 0; j < d->undecided[i].n; j++)
			if (d->undecided[i].between[j] == cause)
				return true;
	return false;
}

/* Causes that never stand together are alternatives of one another. */
static void
add_undecided(struct v6d_diagnosis *d, const struct v6d_cover *cover,
    unsigned size, unsigned first, enum v6d_cause cause)
{
	unsigned i = first;

	if (has(d, first, cause))
		return;
	while (
	    i < d->n_undecided && !fits(&d->undecided[i], cover, size, cause))
		i++;
	if (i == V6D_DIAG_UNDECIDED)
		return;
	if (i == d->n_undecided)
		d->undecided[d->n_undecided++] = (struct v6d_undecided){ 0 };
	d->undecided[i].between[d->undecided[i].n++] = cause;
}

static void
close_undecided(struct v6d_undecided *u, const struct v6d_candidates *c,
    struct v6d_mask group)
{
	struct v6d_mask all = group, any = { 0, 0 };

	for (unsigned i = 0; i < u->n; i++) {
		struct v6d_mask m =
		    v6d_mask_and(mask_of(c, u->between[i]), group);

		all = v6d_mask_and(all, m);
		any = v6d_mask_or(any, m);
	}
	v6d_finding_list(
	    v6d_mask_any(all) ? all : any, &u->n_evidence, u->evidence);
	u->ask = v6d_ask_between(u->between, u->n);
}

/*
 * Where alternatives overlap (a with b, a with c, b with c) one may be left
 * without a partner. It is then one more candidate of its neighbours: a list
 * of one would decide nothing.
 */
static void
join_singles(struct v6d_diagnosis *d, unsigned first)
{
	unsigned i = first;

	while (i < d->n_undecided) {
		unsigned to = i > first ? first : first + 1;

		if (d->undecided[i].n > 1 || to >= d->n_undecided ||
		    d->undecided[to].n == V6D_DIAG_BETWEEN) {
			i++;
			continue;
		}
		d->undecided[to].between[d->undecided[to].n++] =
		    d->undecided[i].between[0];
		d->n_undecided--;
		memmove(&d->undecided[i], &d->undecided[i + 1],
		    (d->n_undecided - i) * sizeof(d->undecided[0]));
	}
}

static void
judge_group(struct v6d_diagnosis *d, const struct v6d_candidates *c,
    struct v6d_mask group)
{
	struct v6d_cover cover;
	unsigned size, first = d->n_undecided;

	v6d_engine_cover(c, group, &cover);
	if (cover.n == 0) {
		find_greedily(d, c, group);
		return;
	}
	size = cover.set[0].n; /* the search finds the smallest first */
	for (unsigned i = 0; i < cover.n && cover.set[i].n == size; i++)
		for (unsigned j = 0; j < size; j++) {
			enum v6d_cause one =
			    (enum v6d_cause)cover.set[i].cause[j];

			if (!in_every(&cover, one, size))
				add_undecided(d, &cover, size, first, one);
			else if (i == 0)
				find(d, one, group,
				    !cover.full &&
					    in_every(
						&cover, one, V6D_ENGINE_SIZE) &&
					    v6d_terms_any(
						v6d_rule_of(one)->needs,
						&d->symptoms)
					? V6D_CERTAIN
					: V6D_LIKELY);
		}
	join_singles(d, first);
	for (unsigned i = first; i < d->n_undecided; i++)
		close_undecided(&d->undecided[i], c, group);
}

/* ---- what passed ---- */

/* One of these seen, and nothing of the stage abnormal: it passed. */
static const struct v6d_term *const keys[V6D_N_STAGES] = {
	[V6D_STAGE_CONTROL] = LIST(IS(CONTROL_CALL, "ok")),
	[V6D_STAGE_GRE] = LIST(IS(GRE_IN, "ok")),
	[V6D_STAGE_PPP] = LIST(IS(PPP_IPV6CP, "ok")),
	[V6D_STAGE_RA] = LIST(
	    IS_UNLESS(RA_RECEIVED, "ok", RA_USED, "*"), IS(ADDR_GLOBAL, "ok")),
	[V6D_STAGE_ROUTE] = LIST(IS(V6_SMALL, "ok"), IS(ROUTE_TARGET, "ok")),
	[V6D_STAGE_MTU] = LIST(IS(V6_GET, "ok"), IS(V6_PMTU_IN, "ok"),
	    /* where the inside is encrypted, the outside is all there is */
	    IS_IF(GRE_SIZE_IN, "ok", V6_SMALL, "unknown")),
	[V6D_STAGE_DNS] = LIST(IS(DNS_AAAA, "ok"), IS(DNS_NAME, "ok")),
};

static bool
stage_abnormal(const struct v6d_symptoms *s, enum v6d_stage stage)
{
	for (int i = 0; i < V6D_N_SYMPTOMS; i++)
		if (s->v[i] > 0 &&
		    v6d_symptom_stage((enum v6d_symptom)i) == stage)
			return true;
	return false;
}

static void
see_stages(struct v6d_diagnosis *d)
{
	for (int i = 0; i < V6D_N_SYMPTOMS; i++) {
		enum v6d_stage stage = v6d_symptom_stage((enum v6d_symptom)i);

		if (stage != V6D_STAGE_NONE &&
		    d->symptoms.v[i] != V6D_SYM_UNKNOWN)
			d->seen[stage] = true;
	}
	for (int i = 0; i < V6D_N_STAGES; i++)
		d->passed[i] = v6d_terms_any(keys[i], &d->symptoms) &&
			       !stage_abnormal(&d->symptoms, (enum v6d_stage)i);
}

/* ---- verdict ---- */

static enum v6d_severity
worst(const struct v6d_diagnosis *d)
{
	enum v6d_severity w = V6D_SEV_ADVICE;

	if (d->n_unexplained > 0)
		return V6D_SEV_FAULT;
	for (unsigned i = 0; i < d->n; i++)
		if (d->findings[i].severity > w)
			w = d->findings[i].severity;
	for (unsigned i = 0; i < d->n_undecided; i++) {
		enum v6d_severity least = V6D_SEV_FAULT;

		for (unsigned j = 0; j < d->undecided[i].n; j++) {
			enum v6d_severity s = v6d_cause_severity(
			    d->undecided[i].between[j], &d->symptoms);

			least = s < least ? s : least;
		}
		w = least > w ? least : w;
	}
	return w;
}

/* Every stage that the source can show passed, or (warned) is accounted for. */
static bool
all_passed(
    const struct v6d_diagnosis *d, const struct v6d_scope *scope, bool warned)
{
	bool any = false;

	for (int i = 0; i < V6D_N_STAGES; i++) {
		if (scope && !scope->can[i])
			continue;
		any = true;
		if (!d->passed[i] && !(warned && stage_abnormal(&d->symptoms,
						     (enum v6d_stage)i)))
			return false;
	}
	return any;
}

static enum v6d_verdict
verdict(const struct v6d_diagnosis *d, const struct v6d_scope *scope)
{
	enum v6d_severity w = worst(d);

	if (w == V6D_SEV_FAULT)
		return V6D_VERDICT_FAULTY;
	if (!all_passed(d, scope, w == V6D_SEV_WARNING))
		return V6D_VERDICT_UNDETERMINED;
	if (w == V6D_SEV_WARNING)
		return V6D_VERDICT_DEGRADED;
	return scope && scope->cut ? V6D_VERDICT_UNDETERMINED
				   : V6D_VERDICT_HEALTHY;
}

static void
code(struct v6d_diagnosis *d)
{
	struct v6d_text t = v6d_text_to(d->code, sizeof(d->code));

	/* not a warning beside a fault whose cause is open */
	if (d->n > 0 && d->findings[0].severity > V6D_SEV_ADVICE &&
	    (d->findings[0].severity == V6D_SEV_FAULT || d->n_undecided == 0 ||
		d->verdict != V6D_VERDICT_FAULTY)) {
		const struct v6d_finding *f = &d->findings[0];

		v6d_text_add(&t, "%s", v6d_cause_code(f->cause));
		if (f->value_name && f->value >= 0)
			v6d_text_add(&t, "-%lld", (long long)f->value);
	} else if (d->n_undecided > 0) {
		const struct v6d_undecided *u = &d->undecided[0];

		for (unsigned i = 0; i < u->n; i++)
			v6d_text_add(&t, "%s%s", i ? "/" : "",
			    v6d_cause_code(u->between[i]));
	} else if (d->n_unexplained > 0) {
		v6d_text_add(&t, "U1");
	} else if (d->verdict == V6D_VERDICT_HEALTHY) {
		v6d_text_add(&t, "OK");
	} else {
		v6d_text_add(&t, "U0");
	}
}

void
v6d_diagnose_symptoms(const struct v6d_symptoms *s,
    const struct v6d_scope *scope, struct v6d_diagnosis *ret_d)
{
	struct v6d_candidates c;
	struct v6d_mask left;

	memset(ret_d, 0, sizeof(*ret_d));
	ret_d->symptoms = *s;
	v6d_engine_candidates(s, &c);
	v6d_finding_list(v6d_mask_minus(c.abnormal, c.explained),
	    &ret_d->n_unexplained, ret_d->unexplained);
	left = v6d_mask_and(c.abnormal, c.explained);
	while (v6d_mask_any(left)) {
		struct v6d_mask group = v6d_engine_group(&c, left);

		judge_group(ret_d, &c, group);
		left = v6d_mask_minus(left, group);
	}
	see_stages(ret_d);
	ret_d->verdict = verdict(ret_d, scope);
	code(ret_d);
}

void
v6d_diagnose(const struct v6d_facts *f, const struct v6d_scope *scope,
    struct v6d_diagnosis *ret_d)
{
	struct v6d_symptoms s;

	v6d_symptoms_reduce(f, &s);
	v6d_diagnose_symptoms(&s, scope, ret_d);
}
