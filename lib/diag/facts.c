/* SPDX-License-Identifier: GPL-2.0-or-later */
/* facts.c - the list of observations and the names of the vocabulary. */
#include "diag/facts.h"

#include <string.h>

#include "base/lang.h"

static const char *const names[] = {
#define FACT(id, name, unit, text) name,
#include "diag/facts.def"
#undef FACT
};

static const char *const units[] = {
#define FACT(id, name, unit, text) unit,
#include "diag/facts.def"
#undef FACT
};

static const char *const texts[] = {
#define FACT(id, name, unit, text) text,
#include "diag/facts.def"
#undef FACT
};

void
v6d_facts_init(struct v6d_facts *f, struct v6d_obs *obs, size_t cap)
{
	*f = (struct v6d_facts){ .obs = obs, .cap = cap };
}

static bool
same(const struct v6d_obs *a, const struct v6d_obs *b)
{
	return a->state == b->state && a->value == b->value &&
	       a->low == b->low && a->high == b->high &&
	       strcmp(a->word, b->word) == 0;
}

/* As much of a text as there is room for; of none nothing. */
static void
keep(char *to, size_t n, const char *s)
{
	size_t len = s ? strlen(s) : 0;

	if (len > n - 1)
		len = n - 1;
	if (len > 0)
		memcpy(to, s, len);
	to[len] = '\0';
}

void
v6d_facts_add(struct v6d_facts *f, enum v6d_fact fact, const char *subject,
    enum v6d_state state, const char *word, int64_t value)
{
	v6d_facts_add_between(
	    f, fact, subject, state, word, value, V6D_NO_VALUE, V6D_NO_VALUE);
}

void
v6d_facts_add_between(struct v6d_facts *f, enum v6d_fact fact,
    const char *subject, enum v6d_state state, const char *word, int64_t value,
    int64_t low, int64_t high)
{
	struct v6d_obs o = { .fact = fact,
		.state = state,
		.value = value,
		.low = low,
		.high = high };
	const struct v6d_obs *before;

	keep(o.subject, sizeof(o.subject), subject);
	keep(o.word, sizeof(o.word), word);
	keep(o.source, sizeof(o.source), f->source);
	o.at = f->now;
	before = v6d_facts_of(f, fact, o.subject);
	if (before && same(before, &o))
		return;
	if (f->n == f->cap) {
		f->n_dropped++;
		return;
	}
	f->obs[f->n++] = o;
}

const struct v6d_obs *
v6d_facts_last(const struct v6d_facts *f, enum v6d_fact fact)
{
	for (size_t i = f->n; i-- > 0;)
		if (f->obs[i].fact == fact)
			return &f->obs[i];
	return NULL;
}

const struct v6d_obs *
v6d_facts_of(const struct v6d_facts *f, enum v6d_fact fact, const char *subject)
{
	for (size_t i = f->n; i-- > 0;)
		if (f->obs[i].fact == fact &&
		    strcmp(f->obs[i].subject, subject) == 0)
			return &f->obs[i];
	return NULL;
}

const char *
v6d_fact_name(enum v6d_fact fact)
{
	return names[fact];
}

const char *
v6d_fact_unit(enum v6d_fact fact)
{
	return units[fact];
}

const char *
v6d_fact_text(enum v6d_fact fact)
{
	return texts[fact];
}

const char *
v6d_state_name(enum v6d_state state)
{
	switch (state) {
	case V6D_UNKNOWN:
		return N_("unknown");
	case V6D_OK:
		return N_("ok");
	case V6D_BAD:
		return N_("bad");
	case V6D_WAS_OK:
		return N_("was-ok");
	}
	return "unknown";
}

bool
v6d_fact_by_name(const char *name, enum v6d_fact *ret_fact)
{
	for (int i = 0; i < V6D_N_FACTS; i++)
		if (strcmp(names[i], name) == 0) {
			*ret_fact = (enum v6d_fact)i;
			return true;
		}
	return false;
}
