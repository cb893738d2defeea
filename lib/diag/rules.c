/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules.c - looks terms up in symptoms; finds a cause's rule. */
#include "diag/rules.h"

#include <string.h>

#include "base/wire.h"

_Static_assert(V6D_N_SYMPTOMS <= V6D_MASK_BITS, "one bit a symptom");
_Static_assert(V6D_N_CAUSES <= 255, "causes are bytes in a set");

static const struct v6d_rule *const parts[] = { v6d_rules_host, v6d_rules_outer,
	v6d_rules_gre, v6d_rules_ppp, v6d_rules_inner, v6d_rules_dns };

const struct v6d_rule *
v6d_rule_of(enum v6d_cause c)
{
	for (size_t i = 0; i < V6D_ARRAY_LEN(parts); i++)
		if (parts[i][c].ask)
			return &parts[i][c];
	return NULL;
}

static bool
listed(const char *words, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = words; *p;) {
		size_t k = strcspn(p, " ");

		if (k == n && memcmp(p, word, n) == 0)
			return true;
		p += k;
		p += *p == ' ';
	}
	return false;
}

bool
v6d_symptom_is(
    const struct v6d_symptoms *s, enum v6d_symptom sym, const char *words)
{
	if (words[0] == '*')
		return s->v[sym] > 0;
	return listed(words, v6d_symptom_word(sym, s->v[sym]));
}

bool
v6d_term_holds(const struct v6d_term *t, const struct v6d_symptoms *s)
{
	if (!v6d_symptom_is(s, t->sym, t->words))
		return false;
	return !t->cond_words ||
	       v6d_symptom_is(s, t->cond, t->cond_words) != t->cond_not;
}

bool
v6d_terms_any(const struct v6d_term *t, const struct v6d_symptoms *s)
{
	for (; t && t->words; t++)
		if (v6d_term_holds(t, s))
			return true;
	return false;
}

struct v6d_mask
v6d_terms_mask(const struct v6d_term *t, const struct v6d_symptoms *s)
{
	struct v6d_mask mask = { 0, 0 };

	for (; t && t->words; t++)
		if (s->v[t->sym] > 0 && v6d_term_holds(t, s))
			mask = v6d_mask_or(mask, v6d_mask_bit(t->sym));
	return mask;
}
