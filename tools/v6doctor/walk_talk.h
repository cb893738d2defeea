/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * walk_talk.h - a walk on a terminal: what is known, the next step, what is
 * typed. Nothing is ever drawn over: what was said stays above.
 */
#ifndef V6D_TOOLS_WALK_TALK_H
#define V6D_TOOLS_WALK_TALK_H

#include "report/report.h"
#include "walk_case.h"
#include "walk_words.h"

struct v6d_talk {
	enum v6d_color color;
	bool helper, can_again;
};

/* One sentence, filled as printf does, wrapped, on standard output. */
void v6d_talk_say(const struct v6d_talk *t, enum v6d_walk_word w, ...);

/* What is known, in one sentence, and how many causes are left. */
void v6d_talk_known(const struct v6d_talk *t, const struct v6d_case *c);

/* Step n of a person: what to do, why, and the answers. */
void
v6d_talk_step(const struct v6d_talk *t, enum v6d_walk_step step, unsigned n);

/* What was typed. */
enum v6d_typed {
	V6D_TYPED_KEY, /* an answer of the step, or a common key */
	V6D_TYPED_FILE, /* the name of a file */
	V6D_TYPED_TEXT, /* several lines of text */
	V6D_TYPED_AGAIN, /* done: check again */
	V6D_TYPED_KNOWN, /* what is known? */
	V6D_TYPED_BACK,
	V6D_TYPED_END, /* end with what is known */
	V6D_TYPED_QUIT, /* also: end of input, or an interrupt */
	V6D_TYPED_NONSENSE,
};

/*
 * Waits for an answer to the step. *ret_text is malloc'd for FILE and TEXT,
 * else NULL.
 */
enum v6d_typed v6d_talk_read(const struct v6d_talk *t, enum v6d_walk_step *step,
    char *ret_key, char **ret_text);

/*
 * The end: cause, what to do, where it lies, what is left open, whom to tell.
 * Malloc'd text, or NULL.
 */
char *v6d_talk_end(const struct v6d_talk *t, const struct v6d_case *c);

#endif
