/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_rules.c - the cause table holds together, terms are looked up right. */
#include "diag_help.h"

#include "diag/rules.h"

/* "ok", "unknown", "other" and "*" stand for every symptom. */
static void
check_words(enum v6d_cause c, enum v6d_symptom sym, const char *words)
{
	while (*words) {
		size_t n = strcspn(words, " ");
		char w[V6D_WORD];

		snprintf(w, sizeof(w), "%.*s", (int)n, words);
		if (strcmp(w, "*") != 0 && strcmp(w, "ok") != 0 &&
		    strcmp(w, "unknown") != 0 && strcmp(w, "other") != 0 &&
		    v6d_symptom_value(sym, w) == V6D_SYM_OTHER)
			fail_msg("%s: %s has no word %s", v6d_cause_name(c),
			    v6d_symptom_name(sym), w);
		words += n;
		words += *words == ' ';
	}
}

static void
check_terms(enum v6d_cause c, const struct v6d_term *t)
{
	for (; t && t->words; t++) {
		assert_true(t->words[0] != '\0');
		check_words(c, t->sym, t->words);
		if (t->cond_words)
			check_words(c, t->cond, t->cond_words);
	}
}

static void
test_table(void **state)
{
	(void)state;
	for (int i = 0; i < V6D_N_CAUSES; i++) {
		enum v6d_cause c = (enum v6d_cause)i;
		const struct v6d_rule *r = v6d_rule_of(c);
		int parts = (v6d_rules_host[c].ask != NULL) +
			    (v6d_rules_outer[c].ask != NULL) +
			    (v6d_rules_gre[c].ask != NULL) +
			    (v6d_rules_ppp[c].ask != NULL) +
			    (v6d_rules_inner[c].ask != NULL) +
			    (v6d_rules_dns[c].ask != NULL);

		if (parts != 1)
			fail_msg("%s is in %d parts", v6d_cause_name(c), parts);
		assert_non_null(r);
		assert_true(r->shows && r->shows->words);
		assert_true(strlen(r->ask) > 20);
		check_terms(c, r->shows);
		check_terms(c, r->leads);
		check_terms(c, r->and_leads);
		check_terms(c, r->excludes);
		check_terms(c, r->only_if);
		check_terms(c, r->needs);
		check_terms(c, r->worse);
	}
}

/* Every word of every symptom has a cause that can explain it. */
static void
test_all_explained(void **state)
{
	struct v6d_symptoms s = symptoms("");
	int bad = 0;

	(void)state;
	for (int i = 0; i < V6D_N_SYMPTOMS; i++) {
		enum v6d_symptom sym = (enum v6d_symptom)i;

		for (int8_t v = 1; v <= v6d_symptom_n_words(sym); v++) {
			struct v6d_candidates c;

			s.v[i] = v;
			v6d_engine_candidates(&s, &c);
			if (c.n == 0) {
				print_error("nothing explains %s=%s\n",
				    v6d_symptom_name(sym),
				    v6d_symptom_word(sym, v));
				bad++;
			}
		}
		s.v[i] = V6D_SYM_UNKNOWN;
	}
	assert_int_equal(bad, 0);
}

static void
test_terms(void **state)
{
	static const struct v6d_term list[] = {
		IS(GRE_IN, "none absent"),
		IS_IF(V6_GET, "stall", GRE_IN, "ok"),
		IS_UNLESS(V6_PUT, "*", GRE_IN, "ok"),
		END,
	};
	struct v6d_symptoms s = symptoms("gre.in=absent v6.get=stall "
					 "v6.put=timeout");
	struct v6d_mask in = v6d_mask_bit(V6D_SYM_GRE_IN);
	struct v6d_mask get = v6d_mask_bit(V6D_SYM_V6_GET);
	struct v6d_mask put = v6d_mask_bit(V6D_SYM_V6_PUT);

	(void)state;
	assert_true(
	    v6d_mask_equal(v6d_terms_mask(list, &s), v6d_mask_or(in, put)));
	assert_true(v6d_terms_any(list, &s));
	s = symptoms("gre.in=ok v6.get=stall v6.put=timeout");
	assert_true(v6d_mask_equal(v6d_terms_mask(list, &s), get));
	s = symptoms("gre.in=none");
	assert_true(v6d_mask_equal(v6d_terms_mask(list, &s), in));
	s = symptoms("gre.in=died");
	assert_false(v6d_mask_any(v6d_terms_mask(list, &s)));
	assert_false(v6d_terms_any(list, &s));
	assert_false(v6d_terms_any(NULL, &s));
	assert_true(v6d_symptom_is(&s, V6D_SYM_GRE_IN, "*"));
	assert_true(v6d_symptom_is(&s, V6D_SYM_GRE_OUT, "unknown"));
	assert_false(v6d_symptom_is(&s, V6D_SYM_GRE_OUT, "ok"));
	assert_false(v6d_symptom_is(&s, V6D_SYM_GRE_IN, "die diedx"));
}

RUN(cmocka_unit_test(test_table), cmocka_unit_test(test_all_explained),
    cmocka_unit_test(test_terms))
