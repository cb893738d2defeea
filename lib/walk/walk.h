/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * walk.h - a guided search for the cause: what is known, which causes are
 * left, and the step that tells most for its effort. It keeps no state: the
 * whole of it is computed from the symptoms and the answers so far, so that
 * going back is leaving out the last answer.
 */
#ifndef V6D_WALK_WALK_H
#define V6D_WALK_WALK_H

#include "paste/paste.h"

enum v6d_walk_step {
#define STEP(id, name, kind, when, effort, sees, text, why) V6D_STEP_##id,
#define ANSWER(step, key, usual, label, sets, speaks_for, rules_out)
#include "walk/steps.def"
#undef STEP
#undef ANSWER
	V6D_N_STEPS
};

enum v6d_walk_family {
#define FAMILY(id, name, text, members) V6D_FAMILY_##id,
#include "walk/families.def"
#undef FAMILY
	V6D_N_FAMILIES
};

/* Causes for which the first thing to do is the same. */
enum v6d_walk_cure {
#define CURE(id, test, text, members) V6D_CURE_##id,
#include "walk/cures.def"
#undef CURE
	V6D_N_CURES
};

enum v6d_walk_kind {
	V6D_WALK_CHECK, /* the program runs it itself */
	V6D_WALK_LOOK, /* a text or a file to be given */
	V6D_WALK_ASK, /* a question */
	V6D_WALK_TRY, /* something to do by hand, then a question */
};

/* In which boxes a cause can lie. */
enum {
	V6D_AT_HOST = 1,
	V6D_AT_LAN = 2, /* cable, WLAN, switch */
	V6D_AT_ROUTER = 4, /* one's own routers */
	V6D_AT_LINE = 8, /* the provider of the line */
	V6D_AT_SERVER = 16, /* the tunnel's operator, the account */
	V6D_AT_BEYOND = 32, /* IPv6 behind the server; sites; DNS */
	V6D_AT_ALL = 63,
};

#define V6D_WALK_SAID 64 /* answers of one walk */
#define V6D_WALK_PERSON 8 /* questions that a person is asked at most */
#define V6D_WALK_NEXT 4

/* Keys besides those of the step's answers. */
#define V6D_WALK_DONT_KNOW '?'
#define V6D_WALK_CANNOT 'c' /* it cannot be done here */
#define V6D_WALK_SKIP 's' /* later, if at all */
#define V6D_WALK_DONE 'd' /* a CHECK or LOOK was made: facts have come */
#define V6D_WALK_FIRST 'f' /* the same, before anything was asked */

struct v6d_walk_said {
	enum v6d_walk_step step;
	char key; /* of an answer, or one of the above */
};

/* All that is known; borrowed. */
struct v6d_walk {
	struct v6d_symptoms seen; /* of the facts, V6D_SYM_UNKNOWN for none */
	/* What was made of the facts, tempered; NULL: there are none. */
	const struct v6d_diagnosis *judged;
	/* Probes or a capture looked: what they could see and did not is not
	 * there. False: only texts and answers. */
	bool looked;
	bool can_check; /* the program can run its own checks */
	/* Agreed to be asked on, though each question tells little. */
	bool patient;
	/* What pasted text suggests next, the best first. */
	unsigned n_hints;
	enum v6d_walk_step hints[V6D_WALK_NEXT];
	unsigned n_said;
	unsigned n_read; /* the last of them stood in a text */
	struct v6d_walk_said said[V6D_WALK_SAID];
};

enum v6d_walk_end {
	V6D_WALK_ON, /* next[0] comes next */
	V6D_WALK_SURE, /* decisive evidence was seen: the diagnosis */
	V6D_WALK_LIKELY, /* one cause is left */
	V6D_WALK_ALIKE, /* several are, and what to do first is the same */
	V6D_WALK_OPEN, /* several are, and nothing tells them apart */
	V6D_WALK_WELL, /* what was looked at works, and nobody complains */
	V6D_WALK_AT_ODDS, /* two answers contradict whatever is likeliest */
};

struct v6d_walk_left {
	enum v6d_cause cause;
	unsigned permille; /* of all that are left */
};

struct v6d_walk_state {
	enum v6d_walk_end end;
	struct v6d_symptoms symptoms; /* seen and told */
	struct v6d_diagnosis diagnosis; /* of these */
	unsigned n_left; /* with a share worth naming, the likeliest first */
	struct v6d_walk_left left[V6D_N_CAUSES];
	/* The family with the largest share, and that share. */
	enum v6d_walk_family family;
	unsigned family_permille;
	/* The same of what helps; V6D_N_CURES: of no cause that is left. */
	enum v6d_walk_cure cure;
	unsigned cure_permille;
	unsigned places; /* V6D_AT_*: where it can be, by the experiments */
	unsigned n_asked; /* steps that a person took */
	unsigned n_next; /* the most telling first; 0 unless end is ON */
	enum v6d_walk_step next[V6D_WALK_NEXT];
	unsigned gain[V6D_WALK_NEXT]; /* what each tells, bits / 1000 */
};

/* Where the walk stands. Pure: the same for the same. */
void v6d_walk_look(const struct v6d_walk *w, struct v6d_walk_state *ret_s);

/*
 * Every step that would still tell something of the cause or, where that is
 * settled, of the box it lies in: the least effort first, those given and
 * refused left out. s: of the same walk. Returns how many.
 */
unsigned v6d_walk_useful(const struct v6d_walk *w,
    const struct v6d_walk_state *s, enum v6d_walk_step ret[V6D_N_STEPS]);

/*
 * What a pasted text suggests and tells: its ranking's tests become hints,
 * what people say in it (of another line, of two routers) answers.
 */
void v6d_walk_read(
    const struct v6d_paste *p, const struct v6d_ranking *r, struct v6d_walk *w);

/* What to do first, one sentence; V6D_N_CURES has none. */
const char *v6d_walk_cure_text(enum v6d_walk_cure c);
/* What helps against a cause and others alike; else V6D_N_CURES. */
enum v6d_walk_cure v6d_walk_cure_of(enum v6d_cause c);

/* The step that tries it in a moment; false: none does. */
bool v6d_walk_cure_test(enum v6d_walk_cure c, enum v6d_walk_step *ret_step);

/* What the causes of a family have in common, one sentence. */
const char *v6d_walk_family_text(enum v6d_walk_family f);
/* The family of a cause; V6D_N_FAMILIES where it is in none. */
enum v6d_walk_family v6d_walk_family_of(enum v6d_cause c);

const char *v6d_walk_step_name(enum v6d_walk_step s); /* "other-line" */
const char *v6d_walk_step_text(enum v6d_walk_step s);
const char *v6d_walk_step_why(enum v6d_walk_step s);
enum v6d_walk_kind v6d_walk_step_kind(enum v6d_walk_step s);
unsigned v6d_walk_step_effort(enum v6d_walk_step s); /* 1 to 5 */
bool v6d_walk_step_by_name(const char *name, enum v6d_walk_step *ret_s);

/* Answer i of a step: its key, 0 for no more; *ret_label its words. */
char v6d_walk_answer(enum v6d_walk_step s, unsigned i, const char **ret_label);

/*
 * The answer that a line with an error's number is ("Error 691"). Asked for
 * the complaint, the number answers the question for the message: *step
 * becomes that.
 */
bool v6d_walk_alias(enum v6d_walk_step *step, const char *line, char *ret_key);

unsigned v6d_walk_places(enum v6d_cause c); /* V6D_AT_* */

/* How often a cause is met, 1 (hardly) to 9. */
unsigned v6d_walk_usual(enum v6d_cause c);

#endif
