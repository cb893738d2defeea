/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_facts.c - the list of observations and the vocabulary's names. */
#include "diag_help.h"

static void
test_list(void **state)
{
	struct v6d_obs o[3];
	struct v6d_facts f;

	(void)state;
	v6d_facts_init(&f, o, 3);
	assert_null(v6d_facts_last(&f, V6D_FACT_V6_SMALL));
	f.source = "probe route";
	f.now = V6D_MS(7);
	v6d_facts_add(&f, V6D_FACT_V6_SMALL, "2001:db8::1", V6D_OK, NULL, 3);
	v6d_facts_add(&f, V6D_FACT_V6_SMALL, "2001:db8::2", V6D_BAD, "timeout",
	    V6D_NO_VALUE);
	/* the same again is no news */
	v6d_facts_add(&f, V6D_FACT_V6_SMALL, "2001:db8::1", V6D_OK, "", 3);
	assert_int_equal(f.n, 2);
	assert_string_equal(
	    v6d_facts_last(&f, V6D_FACT_V6_SMALL)->subject, "2001:db8::2");
	assert_int_equal(
	    v6d_facts_of(&f, V6D_FACT_V6_SMALL, "2001:db8::1")->value, 3);
	assert_null(v6d_facts_of(&f, V6D_FACT_V6_SMALL, ""));
	assert_string_equal(f.obs[0].source, "probe route");
	assert_int_equal(f.obs[0].at, V6D_MS(7));
	v6d_facts_add(&f, V6D_FACT_V6_SMALL, "2001:db8::1", V6D_BAD, "timeout",
	    V6D_NO_VALUE);
	v6d_facts_add(&f, V6D_FACT_GRE_IN, NULL, V6D_OK, NULL, 1);
	assert_int_equal(f.n, 3);
	assert_int_equal(f.n_dropped, 1);
}

/* An estimate carries its bounds; better bounds are news. */
static void
test_between(void **state)
{
	struct v6d_obs o[3];
	struct v6d_facts f;

	(void)state;
	v6d_facts_init(&f, o, 3);
	v6d_facts_add_between(
	    &f, V6D_FACT_GRE_LOSS, NULL, V6D_OK, NULL, 20, 5, 70);
	v6d_facts_add_between(
	    &f, V6D_FACT_GRE_LOSS, NULL, V6D_OK, NULL, 20, 10, 40);
	v6d_facts_add_between(
	    &f, V6D_FACT_GRE_LOSS, NULL, V6D_OK, NULL, 20, 10, 40);
	assert_int_equal(f.n, 2);
	assert_int_equal(o[1].low, 10);
	assert_int_equal(o[1].high, 40);
	v6d_facts_add(&f, V6D_FACT_GRE_IN, NULL, V6D_OK, NULL, 1);
	assert_true(o[2].low == V6D_NO_VALUE && o[2].high == V6D_NO_VALUE);
}

/* Strangers' texts are cut, never overrun. */
static void
test_long_text(void **state)
{
	struct v6d_obs o[1];
	struct v6d_facts f;
	char text[300];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	v6d_facts_init(&f, o, 1);
	v6d_facts_add(&f, V6D_FACT_PPP_TERMINATED, text, V6D_BAD, text, 0);
	assert_int_equal(strlen(o[0].subject), V6D_SUBJECT - 1);
	assert_int_equal(strlen(o[0].word), V6D_WORD - 1);
}

static void
test_names(void **state)
{
	enum v6d_fact fact;

	(void)state;
	for (int i = 0; i < V6D_N_FACTS; i++) {
		assert_true(
		    v6d_fact_by_name(v6d_fact_name((enum v6d_fact)i), &fact));
		assert_int_equal(fact, i);
		assert_true(strlen(v6d_fact_text((enum v6d_fact)i)) > 10);
		assert_non_null(v6d_fact_unit((enum v6d_fact)i));
	}
	assert_false(v6d_fact_by_name("gre.nonsense", &fact));
	assert_string_equal(v6d_fact_name(V6D_FACT_GRE_SIZE_IN), "gre.size.in");
	assert_string_equal(v6d_state_name(V6D_WAS_OK), "was-ok");
	assert_string_equal(v6d_state_name(V6D_UNKNOWN), "unknown");
}

RUN(cmocka_unit_test(test_list), cmocka_unit_test(test_between),
    cmocka_unit_test(test_long_text), cmocka_unit_test(test_names))
