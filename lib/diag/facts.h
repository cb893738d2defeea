/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * facts.h - observations: what was seen, of whom, when, and by which source.
 * Probes, captures and pasted text all speak this vocabulary (facts.def).
 */
#ifndef V6D_DIAG_FACTS_H
#define V6D_DIAG_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/time.h"

enum v6d_fact {
#define FACT(id, name, unit, text) V6D_FACT_##id,
#include "diag/facts.def"
#undef FACT
	V6D_N_FACTS
};

enum v6d_state {
	V6D_UNKNOWN, /* not observed, or not to be told: `word` says why */
	V6D_OK,
	V6D_BAD,
	V6D_WAS_OK, /* worked earlier in this observation, then failed */
};

#define V6D_NO_VALUE INT64_MIN
/* gre.loss.* above this, per mille, make pages stop. */
#define V6D_GRE_LOSS_HEAVY 80
#define V6D_SUBJECT 96
#define V6D_WORD 32

struct v6d_obs {
	enum v6d_fact fact;
	enum v6d_state state;
	char subject[V6D_SUBJECT]; /* server, router, resolver, target; or "" */
	char word[V6D_WORD]; /* which kind of bad (facts.def), or "" */
	int64_t value; /* in the fact's unit, or V6D_NO_VALUE */
	int64_t low, high; /* the true one lies between, with 95 %
			      confidence; or both V6D_NO_VALUE */
	char source[48]; /* "probe gre", "capture", "paste: ifconfig, line 7" */
	v6d_ns at; /* since the start of the run or capture */
};

/* Observations in the order they were made, in memory of the caller. */
struct v6d_facts {
	struct v6d_obs *obs;
	size_t cap, n;
	size_t n_dropped; /* observations that did not fit */
	const char *source; /* stamped on what is added */
	v6d_ns now; /* stamped on what is added */
};

/* Starts an empty list in obs (cap entries). */
void v6d_facts_init(struct v6d_facts *f, struct v6d_obs *obs, size_t cap);

/*
 * Adds one observation with f->source and f->now. NULL subject or word is
 * "". An observation equal in fact, subject, state, word and values to the
 * newest of that fact and subject is not added again.
 */
void v6d_facts_add(struct v6d_facts *f, enum v6d_fact fact, const char *subject,
    enum v6d_state state, const char *word, int64_t value);

/* The same, with the bounds of what was estimated. */
void v6d_facts_add_between(struct v6d_facts *f, enum v6d_fact fact,
    const char *subject, enum v6d_state state, const char *word, int64_t value,
    int64_t low, int64_t high);

/* The newest observation of a fact (any subject), or NULL. */
const struct v6d_obs *
v6d_facts_last(const struct v6d_facts *f, enum v6d_fact fact);

/* The newest observation of a fact of that subject, or NULL. */
const struct v6d_obs *v6d_facts_of(
    const struct v6d_facts *f, enum v6d_fact fact, const char *subject);

const char *v6d_fact_name(enum v6d_fact fact); /* "gre.size.in" */
const char *v6d_fact_unit(enum v6d_fact fact); /* "" where it has none */
const char *v6d_fact_text(enum v6d_fact fact); /* one English sentence */
const char *v6d_state_name(enum v6d_state state); /* ok bad unknown was-ok */

/* The fact of that name; false when there is none. */
bool v6d_fact_by_name(const char *name, enum v6d_fact *ret_fact);

#endif
