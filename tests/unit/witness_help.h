/* SPDX-License-Identifier: GPL-2.0-or-later */
/* witness_help.h - a tape's facts, looked up by name. */
#ifndef TESTS_UNIT_WITNESS_HELP_H
#define TESTS_UNIT_WITNESS_HELP_H

#include "flow_help.h"

#include <stdio.h>

#include "diag/witness.h"

struct testimony {
	struct v6d_obs obs[128];
	struct v6d_facts f;
};

/* What a view proves; live: judged at the tape's end. */
static inline void
testify(struct testimony *w, const struct v6d_view *v, bool live, v6d_ns now)
{
	struct v6d_witness_how how = { .live = live, .now = now };

	v6d_facts_init(&w->f, w->obs, V6D_ARRAY_LEN(w->obs));
	w->f.source = "capture";
	v6d_witness(v, &how, &w->f);
	assert_int_equal(w->f.n_dropped, 0);
}

/* "ok", "bad none", "was-ok died", or "" where nothing was said. */
static inline const char *
said(const struct testimony *w, enum v6d_fact fact)
{
	static char text[64];
	const struct v6d_obs *o = v6d_facts_last(&w->f, fact);

	if (!o)
		return "";
	snprintf(text, sizeof(text), "%s%s%s", v6d_state_name(o->state),
	    o->word[0] ? " " : "", o->word);
	return text;
}

static inline int64_t
number(const struct testimony *w, enum v6d_fact fact)
{
	const struct v6d_obs *o = v6d_facts_last(&w->f, fact);

	return o ? o->value : V6D_NO_VALUE;
}

/* A tape that a function writes, and one fact of it as it must be. */
struct scene {
	const char *what;
	void (*write)(struct tape *t);
	v6d_ns tail; /* quiet at the end */
	enum v6d_fact fact;
	const char *want; /* as said() has it */
};

static inline void
check_scenes(const struct scene *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct testimony w;
		struct tape t;

		tape_init(&t);
		s[i].write(&t);
		testify(
		    &w, tape_play_part(&t, 0, SIZE_MAX, s[i].tail), false, 0);
		if (strcmp(said(&w, s[i].fact), s[i].want) != 0)
			fail_msg("%s: %s is \"%s\", not \"%s\"", s[i].what,
			    v6d_fact_name(s[i].fact), said(&w, s[i].fact),
			    s[i].want);
		tape_done(&t);
	}
}

#define CHECK_SCENES(table) check_scenes(table, V6D_ARRAY_LEN(table))

#endif
