/* SPDX-License-Identifier: GPL-2.0-or-later */
/* impl.h - the tables of a walk, between steps.c and choose.c. */
#ifndef V6D_WALK_IMPL_H
#define V6D_WALK_IMPL_H

#include "diag/rules.h"
#include "walk/walk.h"

/* When a step makes sense. */
enum v6d_when {
	V6D_WHEN_ANY,
	V6D_WHEN_UP, /* the tunnel comes up */
	V6D_WHEN_DOWN, /* it does not */
	V6D_WHEN_BLIND, /* nothing abnormal is known */
	V6D_WHEN_BLIND_DOWN, /* no check told why it does not come up */
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

/* The row of an answer, or NULL: it is one of the common keys. */
const struct v6d_walk_row *v6d_walk_row_of(enum v6d_walk_step s, char key);

enum v6d_when v6d_walk_step_when(enum v6d_walk_step s);

/* Symptoms that a CHECK or LOOK can show: a list ended by -1; NULL: all. */
const int *v6d_walk_step_sees(enum v6d_walk_step s);

bool v6d_who_has(const struct v6d_who *list, enum v6d_cause c);

/* Probes or a capture left some causes only: the walk is about these. */
bool v6d_walk_narrow(const struct v6d_walk *w);

/* model.c: shares of the causes, which sum up to 1; all 0 when none is left.
 * symptoms: what was seen and what was told. */
void v6d_walk_weigh(const struct v6d_walk *w,
    const struct v6d_symptoms *symptoms, double share[V6D_N_CAUSES]);

/* How likely the cause makes this value of a symptom, 0 to 1. */
double v6d_walk_chance(const struct v6d_symptoms *known, enum v6d_cause c,
    enum v6d_symptom sym, int8_t value);

/* The symptom is one of the cause's own signs. */
bool v6d_walk_shows(enum v6d_cause c, enum v6d_symptom sym);

/* How likely the cause makes each of a step's answers; returns how many. */
unsigned v6d_walk_answers(const struct v6d_symptoms *known, enum v6d_cause c,
    enum v6d_walk_step step, double ret[9]);

/* What a step would tell, bits: 0 for one that nothing depends on. */
double v6d_walk_gain(const struct v6d_walk *w, const struct v6d_symptoms *known,
    const double *share, enum v6d_walk_step step);

/* The value that an answer gives a symptom. */
int8_t v6d_walk_told(const struct v6d_term *t);

#endif
