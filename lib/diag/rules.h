/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rules.h - the cause table as data, between rules_*.c (which write it down)
 * and engine.c (which searches with it).
 */
#ifndef V6D_DIAG_RULES_H
#define V6D_DIAG_RULES_H

#include "diag/diagnosis.h"
#include "diag/mask.h"

/*
 * "The symptom has one of these words" (blanks between; "ok", "unknown" and
 * "other" are words too; "*" is any abnormal one), on the condition that
 * another symptom has (not: has not) one of cond_words. cond_words NULL: no
 * condition. A list ends with words NULL.
 */
struct v6d_term {
	enum v6d_symptom sym;
	const char *words;
	bool cond_not;
	enum v6d_symptom cond;
	const char *cond_words;
};

struct v6d_rule {
	/* what this cause explains: its own signs, and what follows from it */
	const struct v6d_term *shows, *leads;
	/* more of what follows, shared by many causes; or NULL */
	const struct v6d_term *and_leads;
	/* any of these seen, and it is not this cause */
	const struct v6d_term *excludes;
	/* one of these must be seen, or it is no candidate; NULL: one of
	 * `shows` must be */
	const struct v6d_term *only_if;
	/* a candidate even when nothing but what follows from it was seen */
	bool by_effects;
	/* decisive evidence: one of these, or it is never certain */
	const struct v6d_term *needs;
	/* one of these makes a fault of what is a warning or advice */
	const struct v6d_term *worse;
	/* the check or question that would prove or disprove it */
	const char *ask;
};

#define IS(s, w)                                         \
	{                                                \
		V6D_SYM_##s, w, false, V6D_SYM_##s, NULL \
	}
#define IS_IF(s, w, c, cw)                             \
	{                                              \
		V6D_SYM_##s, w, false, V6D_SYM_##c, cw \
	}
#define IS_UNLESS(s, w, c, cw)                        \
	{                                             \
		V6D_SYM_##s, w, true, V6D_SYM_##c, cw \
	}
#define END                                                           \
	{                                                             \
		V6D_SYM_HOST_TUN, NULL, false, V6D_SYM_HOST_TUN, NULL \
	}
#define LIST(...)                 \
	(const struct v6d_term[]) \
	{                         \
		__VA_ARGS__, END  \
	}

/* Never NULL: every cause of causes.def has its rule in one of the parts. */
const struct v6d_rule *v6d_rule_of(enum v6d_cause c);

/* The parts; an entry without `ask` is not of that part. */
extern const struct v6d_rule v6d_rules_host[V6D_N_CAUSES];
extern const struct v6d_rule v6d_rules_outer[V6D_N_CAUSES];
extern const struct v6d_rule v6d_rules_gre[V6D_N_CAUSES];
extern const struct v6d_rule v6d_rules_ppp[V6D_N_CAUSES];
extern const struct v6d_rule v6d_rules_inner[V6D_N_CAUSES];
extern const struct v6d_rule v6d_rules_dns[V6D_N_CAUSES];

/* What fails when nothing passes the tunnel any more; rules_outer.c. */
extern const struct v6d_term v6d_terms_dead[];
/* What fails when this host has no usable IPv6 address or route. */
extern const struct v6d_term v6d_terms_no_ipv6[];

/* True when the symptom's value is one of the words. */
bool v6d_symptom_is(
    const struct v6d_symptoms *s, enum v6d_symptom sym, const char *words);
bool v6d_term_holds(const struct v6d_term *t, const struct v6d_symptoms *s);
/* Any of the list; false for NULL. */
bool v6d_terms_any(const struct v6d_term *t, const struct v6d_symptoms *s);
/* Every abnormal symptom that a list explains; none for NULL. */
struct v6d_mask
v6d_terms_mask(const struct v6d_term *t, const struct v6d_symptoms *s);

/* symptoms.c: bytes of the outer packet around an inner one. */
int64_t v6d_overhead_of(const struct v6d_facts *f);

/* ---- engine.c: the search, for verdict.c ---- */

/* One group of symptoms that belong together, and its smallest sets. */
#define V6D_ENGINE_SETS 256
#define V6D_ENGINE_SIZE 3

struct v6d_set {
	uint8_t n;
	uint8_t cause[V6D_ENGINE_SIZE]; /* enum v6d_cause, ascending */
};

struct v6d_cover {
	struct v6d_mask symptoms;
	unsigned n; /* surviving irredundant sets up to the limit */
	bool full; /* there were more than fit */
	struct v6d_set set[V6D_ENGINE_SETS];
};

/* What every cause could explain of the abnormal. */
struct v6d_candidates {
	struct v6d_mask abnormal, explained;
	unsigned n;
	uint8_t cause[V6D_N_CAUSES];
	struct v6d_mask mask[V6D_N_CAUSES];
};

void v6d_engine_candidates(
    const struct v6d_symptoms *s, struct v6d_candidates *ret_c);

/* The group that the lowest bit of `left` belongs to. */
struct v6d_mask
v6d_engine_group(const struct v6d_candidates *c, struct v6d_mask left);

/* All irredundant sets of one, two, three that explain all of `symptoms`. */
void v6d_engine_cover(const struct v6d_candidates *c, struct v6d_mask symptoms,
    struct v6d_cover *ret_cover);

/* ---- findings.c, ask.c ---- */

/* Fills where, direction, values, evidence and severity of ret->cause. */
void v6d_finding_fill(const struct v6d_symptoms *s, struct v6d_mask symptoms,
    struct v6d_finding *ret);
/* Fills n and list with the first V6D_DIAG_EVIDENCE of the mask. */
void
v6d_finding_list(struct v6d_mask mask, unsigned *ret_n, enum v6d_symptom *ret);
enum v6d_severity
v6d_cause_severity(enum v6d_cause c, const struct v6d_symptoms *s);

/* The check that splits the candidates; never NULL. */
const char *v6d_ask_between(const enum v6d_cause *c, unsigned n);

#endif
