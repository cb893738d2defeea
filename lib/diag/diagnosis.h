/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * diagnosis.h - from observations to causes: symptoms (symptoms.def) are
 * reduced from facts, causes (causes.def) explain symptoms, and the engine
 * keeps the smallest sets of causes that explain every abnormal symptom and
 * that no observed success excludes.
 */
#ifndef V6D_DIAG_DIAGNOSIS_H
#define V6D_DIAG_DIAGNOSIS_H

#include "diag/facts.h"

enum v6d_symptom {
#define SYMPTOM(id, name, stage, words, reducer) V6D_SYM_##id,
#include "diag/symptoms.def"
#undef SYMPTOM
	V6D_N_SYMPTOMS
};

enum v6d_cause {
#define CAUSE(id, name, layer, number, severity) V6D_CAUSE_##id,
#include "diag/causes.def"
#undef CAUSE
	V6D_N_CAUSES
};

enum v6d_severity { V6D_SEV_ADVICE, V6D_SEV_WARNING, V6D_SEV_FAULT };

enum v6d_layer {
	V6D_LAYER_HOST,
	V6D_LAYER_LINK,
	V6D_LAYER_CONTROL,
	V6D_LAYER_GRE,
	V6D_LAYER_PPP,
	V6D_LAYER_RA,
	V6D_LAYER_ADDR,
	V6D_LAYER_ROUTE,
	V6D_LAYER_MTU,
	V6D_LAYER_DNS,
	V6D_LAYER_FAR,
	V6D_LAYER_NAPT,
	V6D_LAYER_SECURITY,
	V6D_N_LAYERS
};

enum v6d_certainty { V6D_POSSIBLE, V6D_LIKELY, V6D_CERTAIN };

enum v6d_verdict {
	V6D_VERDICT_HEALTHY, /* exit 0 */
	V6D_VERDICT_DEGRADED, /* exit 1 */
	V6D_VERDICT_FAULTY, /* exit 2 */
	V6D_VERDICT_UNDETERMINED, /* exit 3 */
};

/* The stages of the path, in order; what a source can show. */
enum v6d_stage {
	V6D_STAGE_CONTROL,
	V6D_STAGE_GRE,
	V6D_STAGE_PPP,
	V6D_STAGE_RA,
	V6D_STAGE_ROUTE,
	V6D_STAGE_MTU,
	V6D_STAGE_DNS,
	V6D_N_STAGES,
	V6D_STAGE_NONE = V6D_N_STAGES /* of a symptom that belongs to none */
};

#define V6D_DIAG_CAUSES 12
#define V6D_DIAG_EVIDENCE 12
#define V6D_DIAG_UNDECIDED 4
#define V6D_DIAG_BETWEEN 8

#define V6D_SYM_UNKNOWN (-1)
#define V6D_SYM_OK 0
#define V6D_SYM_OTHER 15 /* bad, with a word that symptoms.def lacks */

/* A symptom's value: which of its words (1..), or one of the above. */
struct v6d_symptoms {
	int8_t v[V6D_N_SYMPTOMS];
	const struct v6d_obs *from[V6D_N_SYMPTOMS]; /* borrowed, or NULL */
	const struct v6d_facts *facts; /* what they come from, or NULL */
};

struct v6d_finding {
	enum v6d_cause cause;
	enum v6d_severity severity;
	enum v6d_certainty certainty;
	/* where: addresses as text, "" when unknown */
	char after[V6D_SUBJECT], before[V6D_SUBJECT];
	const char *direction; /* "in", "out", "both", "unknown" or NULL */
	const char *value_name; /* "limit_bytes", ... or NULL */
	int64_t value;
	const char *value2_name;
	int64_t value2;
	unsigned overhead; /* outer bytes around an inner packet; 0: unknown */
	char word[V6D_SUBJECT]; /* a code in words, a method, or "" */
	unsigned n_evidence;
	enum v6d_symptom evidence[V6D_DIAG_EVIDENCE];
	unsigned n_consequences;
	enum v6d_symptom consequences[V6D_DIAG_EVIDENCE];
};

struct v6d_undecided {
	unsigned n;
	enum v6d_cause between[V6D_DIAG_BETWEEN];
	const char *ask; /* the check or question that decides; never NULL */
	unsigned n_evidence; /* what they would all explain */
	enum v6d_symptom evidence[V6D_DIAG_EVIDENCE];
};

#define V6D_CODE 32

struct v6d_diagnosis {
	enum v6d_verdict verdict;
	/* telephone code: "G3-1388", "G1/G5" (undecided), "OK", "U0"
	 * (undetermined), "U1" (a symptom that no cause explains) */
	char code[V6D_CODE];
	unsigned n;
	struct v6d_finding findings[V6D_DIAG_CAUSES];
	unsigned n_undecided;
	struct v6d_undecided undecided[V6D_DIAG_UNDECIDED];
	/* abnormal, and no cause of the table explains them */
	unsigned n_unexplained;
	enum v6d_symptom unexplained[V6D_DIAG_EVIDENCE];
	bool passed[V6D_N_STAGES]; /* observed to work */
	bool seen[V6D_N_STAGES]; /* this source showed something of it */
	struct v6d_symptoms symptoms;
};

/* What the source of the facts can show: decides what healthy demands. */
struct v6d_scope {
	bool can[V6D_N_STAGES];
	const char *why_not[V6D_N_STAGES]; /* NULL where it can */
	/* A part was lost that may hold a fault: nothing shows healthy. */
	bool cut;
};

/* The whole of it: facts -> symptoms -> causes -> verdict. Pure. */
void v6d_diagnose(const struct v6d_facts *f, const struct v6d_scope *scope,
    struct v6d_diagnosis *ret_d);

/* Facts -> symptoms. */
void v6d_symptoms_reduce(const struct v6d_facts *f, struct v6d_symptoms *ret_s);

/* Symptoms -> the rest. v6d_diagnose is the two, one after the other. */
void v6d_diagnose_symptoms(const struct v6d_symptoms *s,
    const struct v6d_scope *scope, struct v6d_diagnosis *ret_d);

/* "gre-size-limit", "gre.size.in"; never NULL */
const char *v6d_cause_name(enum v6d_cause c);
const char *v6d_symptom_name(enum v6d_symptom s);
/* The word of a value: "unknown", "ok", "limit", "other". */
const char *v6d_symptom_word(enum v6d_symptom s, int8_t value);
/* The value of a word; V6D_SYM_OTHER for one that the symptom lacks. */
int8_t v6d_symptom_value(enum v6d_symptom s, const char *word);
/* How many words the symptom has. */
int8_t v6d_symptom_n_words(enum v6d_symptom s);
enum v6d_stage v6d_symptom_stage(enum v6d_symptom s);
const char *v6d_layer_name(enum v6d_layer l);
const char *v6d_stage_name(enum v6d_stage s);
const char *v6d_verdict_name(enum v6d_verdict v);
const char *v6d_certainty_name(enum v6d_certainty c);
const char *v6d_severity_name(enum v6d_severity s);
enum v6d_layer v6d_cause_layer(enum v6d_cause c);
bool v6d_cause_by_name(const char *name, enum v6d_cause *ret_c);
/* "G3" for gre-size-limit: the layer's letter and the cause's number in it. */
const char *v6d_cause_code(enum v6d_cause c);
/* The cause of "G3", "g3" or "G3-1388"; the value does not matter. */
bool v6d_cause_by_code(const char *code, enum v6d_cause *ret_c);
int v6d_verdict_exit(enum v6d_verdict v); /* 0..3 */

#endif
