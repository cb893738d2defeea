/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_watched.c - what the GRE check makes of a tunnel in place. */
#include "probe_bench.h"

static struct {
	enum v6d_state in, size_out, size_in, loss_in;
	bool out;
	unsigned n_watched, n_echoes, full;
} seen;

/* What the driver makes of the packets that it watched. */
static void
watched(void)
{
	seen.n_watched++;
	v6d_facts_add(&bench_facts, V6D_FACT_GRE_IN, NULL, seen.in, "none", 17);
	if (seen.out)
		bench_fact(V6D_FACT_GRE_OUT, V6D_OK, NULL);
	v6d_facts_add(&bench_facts, V6D_FACT_GRE_SIZE_OUT, NULL, seen.size_out,
	    "limit", 1400);
	v6d_facts_add(&bench_facts, V6D_FACT_GRE_SIZE_IN, NULL, seen.size_in,
	    "limit", 1454);
	v6d_facts_add(&bench_facts, V6D_FACT_GRE_LOSS_IN, NULL, seen.loss_in,
	    "loss", 120);
}

static void
in_place(const struct v6d_ask *q, struct v6d_answer *a)
{
	if (q->kind == V6D_ASK_WATCHED) {
		watched();
		return;
	}
	assert_int_equal(seen.n_watched, 0);
	if (q->kind == V6D_ASK_SLEEP)
		return;
	assert_int_equal(q->kind, V6D_ASK_PING);
	assert_int_equal(q->ns, V6D_NS_TUNNEL);
	for (unsigned i = 0; i < q->n_frames; i++) {
		seen.full += q->frames[i].outer_len == bench_plan.mtu;
		a->frames[i].answered = true;
	}
	seen.n_echoes++;
}

static struct v6d_probe_run
judge_in_place(void)
{
	seen.n_watched = seen.n_echoes = seen.full = 0;
	bench_reset();
	bench_plan.in_place = bench_plan.watched = true;
	return bench_run("gre", in_place);
}

static void
test_in_place(void **state)
{
	struct v6d_probe_run r;

	(void)state;
	memset(&seen, 0, sizeof(seen));
	seen.in = seen.size_out = seen.size_in = seen.loss_in = V6D_OK;
	seen.out = true;
	bench_status(judge_in_place(), V6D_PROBE_PASS);
	assert_int_equal(seen.n_watched, 1);
	assert_int_equal(seen.n_echoes, 1);
	assert_true(seen.full > 0);
	seen.size_in = V6D_BAD;
	r = judge_in_place();
	bench_status(r, V6D_PROBE_FAIL);
	assert_non_null(strstr(r.summary, "1454 bytes"));
	assert_non_null(strstr(r.summary, "on the way in"));
	seen.size_out = V6D_BAD;
	r = judge_in_place();
	assert_non_null(strstr(r.summary, "1400 bytes"));
	seen.size_in = seen.size_out = V6D_OK;
	seen.loss_in = V6D_BAD;
	r = judge_in_place();
	bench_status(r, V6D_PROBE_WARN);
	assert_non_null(strstr(r.summary, "120 per mille"));
	seen.in = V6D_BAD;
	bench_status(judge_in_place(), V6D_PROBE_FAIL);
	/* What was not acknowledged may have been lost. */
	seen.in = seen.loss_in = V6D_OK;
	seen.out = false;
	bench_status(judge_in_place(), V6D_PROBE_UNKNOWN);
}

static void
test_in_place_no_target(void **state)
{
	(void)state;
	memset(&seen, 0, sizeof(seen));
	bench_reset();
	bench_plan.in_place = bench_plan.watched = true;
	bench_plan.n_targets = 0;
	seen.in = seen.size_out = seen.size_in = seen.loss_in = V6D_OK;
	seen.out = true;
	bench_status(bench_run("gre", in_place), V6D_PROBE_PASS);
	assert_int_equal(seen.n_echoes, 0);
	assert_int_equal(seen.n_watched, 1);
}

/* Nobody could watch: it does not say what it did not see. */
static void
test_in_place_unwatched(void **state)
{
	(void)state;
	bench_reset();
	bench_plan.in_place = true;
	bench_status(bench_run("gre", in_place), V6D_PROBE_SKIPPED);
	bench_expect(GRE_IN, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_place),
		cmocka_unit_test(test_in_place_no_target),
		cmocka_unit_test(test_in_place_unwatched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
