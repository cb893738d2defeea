/* SPDX-License-Identifier: GPL-2.0-or-later */
/* steps.c - steps.def and lies.def as tables, and how they are looked up. */
#include "walk/impl.h"

#include <string.h>

#include "base/wire.h"

#define AT_HOST V6D_AT_HOST
#define AT_LAN V6D_AT_LAN
#define AT_ROUTER V6D_AT_ROUTER
#define AT_LINE V6D_AT_LINE
#define AT_SERVER V6D_AT_SERVER
#define AT_BEYOND V6D_AT_BEYOND

/* clang-format off */
#define S(sym) V6D_SYM_##sym
#define SEES(...) (const int[]){ __VA_ARGS__, -1 }
#define ALL NULL
#define NONE (const int[]){ -1 }
#define NOTHING (const struct v6d_term[]){ END }
#define SETS(...) LIST(__VA_ARGS__)
#define C(cause) { V6D_WHO_CAUSE, V6D_CAUSE_##cause }
#define LAYER(layer) { V6D_WHO_LAYER, V6D_LAYER_##layer }
#define AT(places) { V6D_WHO_AT, places }
#define ONLY(places) { V6D_WHO_ONLY, places }
#define WHO(...) (const struct v6d_who[]){ __VA_ARGS__, { V6D_WHO_END, 0 } }
#define NOBODY (const struct v6d_who[]){ { V6D_WHO_END, 0 } }
/* clang-format on */

static const struct {
	const char *name;
	enum v6d_walk_kind kind;
	enum v6d_when when;
	unsigned effort;
	const int *sees;
	const char *text, *why;
} steps[] = {
#define STEP(id, name, kind, when, effort, sees, text, why) \
	{ name, V6D_WALK_##kind, V6D_WHEN_##when, effort, sees, text, why },
#define ANSWER(step, key, usual, label, sets, speaks_for, rules_out)
#include "walk/steps.def"
#undef STEP
#undef ANSWER
};

const struct v6d_walk_row v6d_walk_rows[] = {
#define STEP(id, name, kind, when, effort, sees, text, why)
#define ANSWER(step, key, usual, label, sets, speaks_for, rules_out) \
	{ V6D_STEP_##step, key, usual, label, sets, speaks_for, rules_out },
#include "walk/steps.def"
#undef STEP
#undef ANSWER
};
const size_t v6d_walk_n_rows = V6D_ARRAY_LEN(v6d_walk_rows);

static const struct {
	uint8_t usual, places;
} lies[V6D_N_CAUSES] = {
#define LIES(id, usual, places) [V6D_CAUSE_##id] = { usual, places },
#include "walk/lies.def"
#undef LIES
};

const char *
v6d_walk_step_name(enum v6d_walk_step s)
{
	return steps[s].name;
}

const char *
v6d_walk_step_text(enum v6d_walk_step s)
{
	return steps[s].text;
}

const char *
v6d_walk_step_why(enum v6d_walk_step s)
{
	return steps[s].why;
}

enum v6d_walk_kind
v6d_walk_step_kind(enum v6d_walk_step s)
{
	return steps[s].kind;
}

unsigned
v6d_walk_step_effort(enum v6d_walk_step s)
{
	return steps[s].effort;
}

enum v6d_when
v6d_walk_step_when(enum v6d_walk_step s)
{
	return steps[s].when;
}

const int *
v6d_walk_step_sees(enum v6d_walk_step s)
{
	return steps[s].sees;
}

bool
v6d_walk_step_by_name(const char *name, enum v6d_walk_step *ret_s)
{
	for (size_t i = 0; i < V6D_ARRAY_LEN(steps); i++)
		if (strcmp(steps[i].name, name) == 0) {
			*ret_s = (enum v6d_walk_step)i;
			return true;
		}
	return false;
}

char
v6d_walk_answer(enum v6d_walk_step s, unsigned i, const char **ret_label)
{
	for (size_t k = 0; k < v6d_walk_n_rows; k++)
		if (v6d_walk_rows[k].step == s && i-- == 0) {
			*ret_label = v6d_walk_rows[k].label;
			return v6d_walk_rows[k].key;
		}
	return 0;
}

static const struct {
	enum v6d_walk_step step;
	unsigned number;
	char key;
} aliases[] = {
#define ALIAS(step, number, key) { V6D_STEP_##step, number, key },
#include "walk/aliases.def"
#undef ALIAS
};

/* The first number in a line; 0: none, or no error's. */
static unsigned
number_in(const char *s)
{
	unsigned n = 0;

	while (*s && (*s < '0' || *s > '9'))
		s++;
	for (; *s >= '0' && *s <= '9' && n < 100000; s++)
		n = n * 10 + (unsigned)(*s - '0');
	return n;
}

bool
v6d_walk_alias(enum v6d_walk_step *step, const char *line, char *ret_key)
{
	enum v6d_walk_step s =
	    *step == V6D_STEP_COMPLAINT ? V6D_STEP_MESSAGE : *step;
	unsigned n = number_in(line);

	for (size_t i = 0; i < V6D_ARRAY_LEN(aliases); i++)
		if (aliases[i].step == s && aliases[i].number == n) {
			*ret_key = aliases[i].key;
			*step = s;
			return true;
		}
	return false;
}

const struct v6d_walk_row *
v6d_walk_rows_of(enum v6d_walk_step s, unsigned *ret_n)
{
	size_t k = 0, n = 0;

	while (k < v6d_walk_n_rows && v6d_walk_rows[k].step != s)
		k++;
	while (k + n < v6d_walk_n_rows && v6d_walk_rows[k + n].step == s)
		n++;
	*ret_n = (unsigned)n;
	return &v6d_walk_rows[n > 0 ? k : 0];
}

const struct v6d_walk_row *
v6d_walk_row_of(enum v6d_walk_step s, char key)
{
	for (size_t k = 0; k < v6d_walk_n_rows; k++)
		if (v6d_walk_rows[k].step == s && v6d_walk_rows[k].key == key)
			return &v6d_walk_rows[k];
	return NULL;
}

unsigned
v6d_walk_places(enum v6d_cause c)
{
	return lies[c].places;
}

unsigned
v6d_walk_usual(enum v6d_cause c)
{
	return lies[c].usual;
}

static bool
is_who(const struct v6d_who *w, enum v6d_cause c)
{
	switch (w->kind) {
	case V6D_WHO_CAUSE:
		return w->value == c;
	case V6D_WHO_LAYER:
		return w->value == v6d_cause_layer(c);
	case V6D_WHO_AT:
		return (lies[c].places & w->value) != 0;
	case V6D_WHO_ONLY:
		return (lies[c].places & ~w->value) == 0;
	case V6D_WHO_END:
		return false;
	}
	return false;
}

bool
v6d_who_has(const struct v6d_who *list, enum v6d_cause c)
{
	for (; list->kind != V6D_WHO_END; list++)
		if (is_who(list, c))
			return true;
	return false;
}

/* ---- families ---- */

static const struct {
	const char *text;
	const struct v6d_who *members;
} families[] = {
#define FAMILY(id, name, text, members) { text, members },
#include "walk/families.def"
#undef FAMILY
};

const char *
v6d_walk_family_text(enum v6d_walk_family f)
{
	return families[f].text;
}

enum v6d_walk_family
v6d_walk_family_of(enum v6d_cause c)
{
	int f = 0;

	while (f < V6D_N_FAMILIES && !v6d_who_has(families[f].members, c))
		f++;
	return (enum v6d_walk_family)f;
}

/* ---- cures ---- */

static const struct {
	int test; /* enum v6d_walk_step, or one that is none */
	const char *text;
	const struct v6d_who *members;
} cures[] = {
#define CURE(id, test, text, members) { test, text, members },
#include "walk/cures.def"
#undef CURE
};

const char *
v6d_walk_cure_text(enum v6d_walk_cure c)
{
	return cures[c].text;
}

bool
v6d_walk_cure_test(enum v6d_walk_cure c, enum v6d_walk_step *ret_step)
{
	if (c == V6D_N_CURES || cures[c].test == V6D_N_STEPS)
		return false;
	*ret_step = (enum v6d_walk_step)cures[c].test;
	return true;
}

enum v6d_walk_cure
v6d_walk_cure_of(enum v6d_cause c)
{
	int i = 0;

	while (i < V6D_N_CURES && !v6d_who_has(cures[i].members, c))
		i++;
	return (enum v6d_walk_cure)i;
}
