/* SPDX-License-Identifier: GPL-2.0-or-later */
/* impl.h - the tables of a walk, between steps.c and choose.c. */
#ifndef V6D_WALK_IMPL_H
#define V6D_WALK_IMPL_H

#include "diag/mask.h"
#include "diag/rules.h"
#include "walk/walk.h"

/* When a step makes sense. */
enum v6d_when {
	V6D_WHEN_ANY,
	V6D_WHEN_UP, /* the tunnel comes up */
	V6D_WHEN_DOWN, /* it does not */
	V6D_WHEN_BLIND, /* nothing abnormal is known */
	V6D_WHEN_BLIND_DOWN, /* no check told why it does not come up */
	V6D_WHEN_UNSTEADY, /* it comes up; how it fails was not said */
};

enum v6d_who_kind {
	V6D_WHO_END,
	V6D_WHO_CAUSE,
	V6D_WHO_LAYER,
	V6D_WHO_AT, /* can lie in one of these places */
	V6D_WHO_ONLY, /* can lie nowhere else */
};

/* A group of causes. */
struct v6d_who {
	enum v6d_who_kind kind;
	unsigned value;
};

struct v6d_walk_row {
	enum v6d_walk_step step;
	char key;
	unsigned usual;
	const char *label;
	const struct v6d_term *sets; /* ended by words NULL */
	const struct v6d_who *speaks_for, *rules_out; /* ended by END */
};

extern const struct v6d_walk_row v6d_walk_rows[];
extern const size_t v6d_walk_n_rows;

/* The rows of a step; they stand together. */
const struct v6d_walk_row *
v6d_walk_rows_of(enum v6d_walk_step s, unsigned *ret_n);

/* The row of an answer, or NULL: it is one of the common keys. */
const struct v6d_walk_row *v6d_walk_row_of(enum v6d_walk_step s, char key);

enum v6d_when v6d_walk_step_when(enum v6d_walk_step s);

/* Symptoms that a CHECK or LOOK can show: a list ended by -1; NULL: all. */
const int *v6d_walk_step_sees(enum v6d_walk_step s);

bool v6d_who_has(const struct v6d_who *list, enum v6d_cause c);

/* Probes or a capture left some causes only: the walk is about these. */
bool v6d_walk_narrow(const struct v6d_walk *w);

/* What is known, and of which symptoms each cause's rule says anything. */
struct v6d_walk_model {
	const struct v6d_symptoms *known; /* seen and told; borrowed */
	struct v6d_mask about[V6D_N_CAUSES];
};

/* model.c */
void v6d_walk_model_of(
    const struct v6d_symptoms *known, struct v6d_walk_model *ret_m);

/* Shares of the causes, which sum up to 1; all 0 when none is left. */
void v6d_walk_weigh(const struct v6d_walk *w, const struct v6d_walk_model *m,
    double share[V6D_N_CAUSES]);

/* How likely the cause makes this value of a symptom, 0 to 1. */
double v6d_walk_chance(const struct v6d_walk_model *m, enum v6d_cause c,
    enum v6d_symptom sym, int8_t value);

/* The symptom is one of the cause's own signs. */
bool v6d_walk_shows(enum v6d_cause c, enum v6d_symptom sym);

#define V6D_WALK_ANSWERS 9 /* of one step, at most */
#define V6D_WALK_VALUES 16 /* of one symptom, "ok" among them, at most */

/* How likely the cause makes each of a step's answers; returns how many. */
unsigned v6d_walk_answers(const struct v6d_walk_model *m, enum v6d_cause c,
    enum v6d_walk_step step, double ret[V6D_WALK_ANSWERS]);

/* gain.c: for one look at the steps. */
struct v6d_walk_scale {
	const struct v6d_walk *w; /* these three borrowed */
	const struct v6d_walk_model *model;
	const double *share;
	unsigned group[V6D_N_CAUSES]; /* those not to be told apart have one */
	double mixed; /* how mixed they are now, bits */
	double symptom[V6D_N_SYMPTOMS]; /* what seeing it tells; < 0: not yet */
};

void v6d_walk_scale_of(const struct v6d_walk *w, const struct v6d_walk_model *m,
    const double *share, struct v6d_walk_scale *ret_s);

/* What a step would tell, bits: 0 for one that nothing depends on. */
double v6d_walk_gain(struct v6d_walk_scale *s, enum v6d_walk_step step);

/* The value that an answer gives a symptom. */
int8_t v6d_walk_told(const struct v6d_term *t);

#endif
