/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_compare.c - two reports side by side, and what follows. Covers
 * trace/compare.c and trace/compare_say.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "trace/compare.h"

/* One report: facts are added, then it is judged. */
struct one {
	struct v6d_obs obs[64];
	struct v6d_facts facts;
	struct v6d_scope scope;
	struct v6d_diagnosis diagnosis;
	struct v6d_report report;
	struct v6d_plan plan;
	struct v6d_side side;
};

static struct one a, b;
static struct v6d_comparison c;

static void
start(struct one *o, const char *name)
{
	memset(o, 0, sizeof(*o));
	v6d_facts_init(&o->facts, o->obs, 64);
	o->report.facts = &o->facts;
	o->report.diagnosis = &o->diagnosis;
	o->report.scope = &o->scope;
	snprintf(o->report.server, sizeof(o->report.server), "203.0.113.10");
	o->plan.mtu = 1444;
	o->plan.gateway = (struct v6d_addr){ 4, { 192, 168, 11, 1 } };
	o->side =
	    (struct v6d_side){ name, &o->report, &o->plan, "Linux 6.1", false };
	v6d_facts_add(&o->facts, V6D_FACT_LAN_ADDR, "192.168.11.2", V6D_OK,
	    NULL, V6D_NO_VALUE);
	v6d_facts_add(&o->facts, V6D_FACT_CONTROL_TCP, "", V6D_OK, NULL, 3);
	v6d_facts_add(&o->facts, V6D_FACT_CONTROL_CALL, "", V6D_OK, NULL, 1);
	v6d_facts_add(&o->facts, V6D_FACT_GRE_IN, "", V6D_OK, NULL, 9);
}

static int
setup(void **state)
{
	(void)state;
	start(&a, "a");
	start(&b, "b");
	return 0;
}

static void
limit(struct one *o, enum v6d_state state, int64_t bytes)
{
	v6d_facts_add(&o->facts, V6D_FACT_GRE_SIZE_IN, "203.0.113.10", state,
	    state == V6D_OK ? NULL : "limit", bytes);
}

static void
compare(void)
{
	v6d_diagnose(&a.facts, &a.scope, &a.diagnosis);
	v6d_diagnose(&b.facts, &b.scope, &b.diagnosis);
	v6d_compare(&a.side, &b.side, &c);
}

/* A report that is known to be without a fault. */
static void
fine(struct one *o)
{
	compare();
	o->diagnosis.verdict = V6D_VERDICT_HEALTHY;
	v6d_compare(&a.side, &b.side, &c);
}

static void
test_same(void **state)
{
	(void)state;
	limit(&a, V6D_BAD, 1454);
	limit(&b, V6D_BAD, 1454);
	compare();
	assert_int_equal(c.conclusion, V6D_CONCLUDE_SAME);
	assert_int_equal(c.stayed.n, 1);
	assert_int_equal(c.gone.n + c.come.n, 0);
	assert_int_equal(c.n_facts, 0);
	assert_int_equal(c.aspects[V6D_ASPECT_LINE].how, V6D_ASPECT_SAME);
}

/* Another line comes with another router: narrowed, and not proven. */
static void
test_narrowed(void **state)
{
	char *text;

	(void)state;
	limit(&a, V6D_BAD, 1454);
	limit(&b, V6D_OK, 1484);
	b.plan.gateway.b[2] = 43;
	v6d_facts_add(&b.facts, V6D_FACT_LAN_ADDR, "198.51.100.7", V6D_OK, NULL,
	    V6D_NO_VALUE);
	fine(&b);
	assert_int_equal(c.conclusion, V6D_CONCLUDE_NARROWED);
	assert_int_equal(c.n_changed, 2);
	assert_int_equal(c.gone.n, 1);
	assert_int_equal(c.gone.cause[0], V6D_CAUSE_GRE_SIZE_LIMIT);
	assert_int_equal(
	    c.aspects[V6D_ASPECT_PATH_MTU].how, V6D_ASPECT_CHANGED);
	text = v6d_compare_text(&c, V6D_COLOR_NEVER, NULL, 0);
	assert_non_null(strstr(text, "not proven"));
	assert_non_null(strstr(text, "gre-size-limit"));
	assert_null(strstr(text, "proves"));
	free(text);
}

/* One change points; even that is said to be one observation. */
static void
test_pointed(void **state)
{
	char *text;

	(void)state;
	limit(&a, V6D_BAD, 1454);
	limit(&b, V6D_OK, 1484);
	b.plan.gateway.b[3] = 254;
	fine(&b);
	assert_int_equal(c.conclusion, V6D_CONCLUDE_POINTED);
	text = v6d_compare_text(&c, V6D_COLOR_NEVER, NULL, 0);
	assert_non_null(strstr(text, "make both again"));
	free(text);
}

/* A limit that went is itself no change of the surroundings. */
static void
test_unseen(void **state)
{
	(void)state;
	limit(&a, V6D_BAD, 1454);
	limit(&b, V6D_OK, 1484);
	fine(&b);
	assert_int_equal(c.conclusion, V6D_CONCLUDE_UNSEEN);
	assert_int_equal(c.n_changed, 0);
}

/* What the second could not look at has not gone away. */
static void
test_open(void **state)
{
	(void)state;
	limit(&a, V6D_BAD, 1454);
	b.plan.gateway.b[3] = 254;
	compare();
	assert_int_equal(b.diagnosis.verdict, V6D_VERDICT_UNDETERMINED);
	assert_int_equal(c.conclusion, V6D_CONCLUDE_OPEN);
}

/* Pseudonyms of two reports say nothing about one another. */
static void
test_pseudonyms(void **state)
{
	char *text;

	(void)state;
	a.side.pseudonyms = true;
	b.plan.gateway.b[3] = 254;
	limit(&a, V6D_BAD, 1454);
	limit(&b, V6D_OK, 1484);
	fine(&b);
	assert_int_equal(c.aspects[V6D_ASPECT_DEVICE].how, V6D_ASPECT_UNKNOWN);
	assert_int_equal(c.aspects[V6D_ASPECT_TUNNEL].how, V6D_ASPECT_SAME);
	assert_int_equal(c.conclusion, V6D_CONCLUDE_UNSEEN);
	text = v6d_compare_text(&c, V6D_COLOR_NEVER, NULL, 0);
	assert_non_null(strstr(text, "--no-redact"));
	free(text);
}

/* Times differ from run to run: no difference. A capture has no plan. */
static void
test_facts(void **state)
{
	(void)state;
	v6d_facts_add(&b.facts, V6D_FACT_CONTROL_TCP, "", V6D_OK, NULL, 300);
	v6d_facts_add(&b.facts, V6D_FACT_NAPT_LAYERS, "", V6D_OK, NULL, 2);
	v6d_facts_add(&a.facts, V6D_FACT_NAPT_LAYERS, "", V6D_OK, NULL, 1);
	v6d_facts_add(
	    &b.facts, V6D_FACT_PPP_LCP, "", V6D_OK, NULL, V6D_NO_VALUE);
	b.side.plan = NULL;
	compare();
	assert_int_equal(c.n_facts, 2);
	assert_int_equal(c.facts[0].fact, V6D_FACT_PPP_LCP);
	assert_null(c.facts[0].was);
	assert_int_equal(c.facts[1].fact, V6D_FACT_NAPT_LAYERS);
	assert_int_equal(c.aspects[V6D_ASPECT_NAT].how, V6D_ASPECT_CHANGED);
	assert_int_equal(c.aspects[V6D_ASPECT_TUNNEL].how, V6D_ASPECT_UNKNOWN);
}

static void
test_json(void **state)
{
	char *text;
	json_t *o;

	(void)state;
	limit(&a, V6D_BAD, 1454);
	limit(&b, V6D_OK, 1484);
	b.plan.gateway.b[2] = 43;
	fine(&b);
	text = v6d_compare_json(&c, NULL);
	o = json_loads(text, 0, NULL);
	assert_non_null(o);
	assert_string_equal(json_string_value(json_object_get(o, "schema")),
	    "v6doctor-compare/1");
	assert_string_equal(
	    json_string_value(json_object_get(o, "conclusion")), "pointed");
	assert_int_equal(
	    json_array_size(json_object_get(o, "around")), V6D_N_ASPECTS);
	assert_string_equal(
	    json_string_value(json_array_get(
		json_object_get(json_object_get(o, "causes"), "gone"), 0)),
	    "gre-size-limit");
	json_decref(o);
	free(text);
}

static void
test_names(void **state)
{
	(void)state;
	for (int i = 0; i < V6D_N_ASPECTS; i++) {
		assert_non_null(v6d_aspect_name((enum v6d_aspect)i));
		assert_non_null(v6d_aspect_words((enum v6d_aspect)i));
	}
	for (int i = 0; i <= V6D_CONCLUDE_OPEN; i++)
		assert_true(
		    strlen(v6d_conclusion_name((enum v6d_conclusion)i)) > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_same, setup),
		cmocka_unit_test_setup(test_narrowed, setup),
		cmocka_unit_test_setup(test_pointed, setup),
		cmocka_unit_test_setup(test_unseen, setup),
		cmocka_unit_test_setup(test_open, setup),
		cmocka_unit_test_setup(test_pseudonyms, setup),
		cmocka_unit_test_setup(test_facts, setup),
		cmocka_unit_test_setup(test_json, setup),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
