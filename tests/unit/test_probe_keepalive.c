/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_probe_keepalive.c - an answer on the control connection, or none. */
#include <errno.h>

#include "probe_bench.h"

static struct {
	enum v6d_answer_how how;
	int err;
	unsigned unacked, again;
	v6d_ns waited; /* out: the patience of the ask */
} world;

static void
answers(const struct v6d_ask *q, struct v6d_answer *a)
{
	assert_int_equal(q->kind, V6D_ASK_CONTROL_ECHO);
	world.waited = q->timeout;
	a->how = world.how;
	a->err = world.err;
	a->unacked = world.unacked;
	a->again = world.again;
}

static void
reset(enum v6d_answer_how how)
{
	memset(&world, 0, sizeof(world));
	world.how = how;
	bench_reset();
	bench_fact(V6D_FACT_PPP_LCP, V6D_OK, NULL);
}

static void
test_answered(void **state)
{
	(void)state;
	reset(V6D_ANSWER_DONE);
	bench_status(bench_run("keepalive", answers), V6D_PROBE_PASS);
	bench_expect(CONTROL_ECHO, ""); /* the witness saw it */
	bench_expect(CONTROL_LOST, "");
}

static void
test_silent(void **state)
{
	static const struct {
		unsigned unacked, again;
		const char *lost;
	} rows[] = {
		{ 1, 4, "bad after-sli" },
		{ 1, 2, "" }, /* not sent again often enough to be sure */
		{ 0, 9, "" }, /* it arrived, and is not answered */
		{ 2, 9, "" }, /* the Set-Link-Info did not arrive either */
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(rows); i++) {
		reset(V6D_ANSWER_TIMEOUT);
		world.unacked = rows[i].unacked;
		world.again = rows[i].again;
		bench_status(bench_run("keepalive", answers), V6D_PROBE_WARN);
		bench_expect(CONTROL_ECHO, "bad timeout");
		bench_expect(CONTROL_LOST, rows[i].lost);
	}
}

/* What is lost by chance needs more time. */
static void
test_lossy(void **state)
{
	static const enum v6d_fact loss[] = { V6D_FACT_GRE_LOSS,
		V6D_FACT_GRE_LOSS_IN, V6D_FACT_GRE_LOSS_OUT };
	v6d_ns usual;

	(void)state;
	reset(V6D_ANSWER_DONE);
	bench_run("keepalive", answers);
	usual = world.waited;
	for (size_t i = 0; i < V6D_ARRAY_LEN(loss); i++) {
		reset(V6D_ANSWER_DONE);
		bench_fact(loss[i], V6D_BAD, "loss");
		bench_run("keepalive", answers);
		assert_true(world.waited > usual);
	}
}

static void
test_not_asked(void **state)
{
	(void)state;
	reset(V6D_ANSWER_DONE);
	world.err = ENOTCONN;
	bench_status(bench_run("keepalive", answers), V6D_PROBE_UNKNOWN);
	reset(V6D_ANSWER_REFUSED);
	bench_status(bench_run("keepalive", answers), V6D_PROBE_UNKNOWN);
	reset(V6D_ANSWER_DONE);
	bench_plan.in_place = true;
	bench_status(bench_run("keepalive", answers), V6D_PROBE_SKIPPED);
	bench_reset();
	bench_fact(V6D_FACT_PPP_LCP, V6D_BAD, "timeout");
	bench_status(bench_run("keepalive", answers), V6D_PROBE_SKIPPED);
	bench_expect(CONTROL_ECHO, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answered),
		cmocka_unit_test(test_silent),
		cmocka_unit_test(test_lossy),
		cmocka_unit_test(test_not_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
