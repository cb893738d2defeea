/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_probe_renewal.c - waiting for an advertisement that nobody asked for. */
#include "probe_bench.h"

static struct {
	v6d_ns unasked_at; /* 0: never */
	v6d_ns over_at; /* the witness gives up then; 0: never */
} world;

static void
answers(const struct v6d_ask *q, struct v6d_answer *a)
{
	(void)a;
	assert_int_equal(q->kind, V6D_ASK_SLEEP);
	if (world.unasked_at && bench_now >= world.unasked_at)
		bench_fact(V6D_FACT_RA_UNSOLICITED, V6D_OK, NULL);
	if (world.over_at && bench_now >= world.over_at)
		v6d_facts_add(&bench_facts, V6D_FACT_RA_UNSOLICITED, NULL,
		    V6D_BAD, "solicited-only", 12);
}

static void
advertised(void)
{
	memset(&world, 0, sizeof(world));
	bench_reset();
	bench_plan.idle = V6D_S(30);
	bench_plan.deadline = V6D_S(60);
	bench_fact(V6D_FACT_RA_RECEIVED, V6D_OK, NULL);
	v6d_facts_add(
	    &bench_facts, V6D_FACT_RA_LIFETIME, NULL, V6D_OK, NULL, 12);
}

static void
test_renewed(void **state)
{
	(void)state;
	advertised();
	world.unasked_at = V6D_S(5);
	bench_status(bench_run("renewal", answers), V6D_PROBE_PASS);
	assert_true(bench_now < V6D_S(8));
	advertised(); /* one came already: nothing to wait for */
	bench_fact(V6D_FACT_RA_UNSOLICITED, V6D_OK, NULL);
	bench_status(bench_run("renewal", answers), V6D_PROBE_PASS);
	assert_int_equal(bench_asks, 0);
}

static void
test_solicited_only(void **state)
{
	struct v6d_probe_run r;

	(void)state;
	advertised();
	world.over_at = V6D_S(12);
	r = bench_run("renewal", answers);
	bench_status(r, V6D_PROBE_WARN);
	assert_non_null(strstr(r.summary, "12 s"));
	advertised(); /* and nobody could see the wire */
	bench_status(bench_run("renewal", answers), V6D_PROBE_UNKNOWN);
	assert_true(bench_now >= V6D_S(12));
}

static void
test_not_waited_for(void **state)
{
	struct v6d_probe_run r;

	(void)state;
	advertised();
	bench_plan.idle = 0;
	r = bench_run("renewal", answers);
	bench_status(r, V6D_PROBE_SKIPPED);
	assert_non_null(strstr(r.summary, "12 s"));
	advertised();
	bench_plan.deadline = V6D_S(10);
	bench_status(bench_run("renewal", answers), V6D_PROBE_UNKNOWN);
	advertised();
	bench_plan.in_place = true;
	bench_status(bench_run("renewal", answers), V6D_PROBE_SKIPPED);
	bench_reset();
	bench_fact(V6D_FACT_RA_RECEIVED, V6D_OK, NULL);
	bench_status(bench_run("renewal", answers), V6D_PROBE_SKIPPED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_renewed),
		cmocka_unit_test(test_solicited_only),
		cmocka_unit_test(test_not_waited_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
