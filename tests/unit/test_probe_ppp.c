/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_probe_ppp.c - how PPP ends, and when it is not to blame. */
#include "probe_bench.h"

static struct {
	enum v6d_session_state stuck;
	enum v6d_session_why why;
	int code;
	bool came, refuse;
	v6d_ns lcp_at; /* LCP is not open before; 0: as stuck says */
} world;

static void
answers(const struct v6d_ask *q, struct v6d_answer *a)
{
	assert_int_equal(q->kind, V6D_ASK_SESSION);
	if (world.refuse) {
		a->how = V6D_ANSWER_REFUSED;
		return;
	}
	a->times.ocrp = V6D_MS(20);
	a->times.ipv6cp = V6D_MS(60);
	a->times.first_gre = world.came ? V6D_MS(30) : V6D_NEVER;
	a->state = q->until;
	if (world.lcp_at > 0)
		world.stuck = bench_now + q->timeout < world.lcp_at
				  ? V6D_SESSION_LCP
				  : V6D_SESSION_UP;
	if (world.stuck >= q->until)
		return;
	a->state = world.why ? V6D_SESSION_DEAD : world.stuck;
	a->failed_in = world.stuck;
	a->why = world.why;
	a->code = world.code;
	a->how = world.why ? V6D_ANSWER_DONE : V6D_ANSWER_TIMEOUT;
}

static void
test_table(void **state)
{
	static const struct {
		enum v6d_session_state stuck;
		enum v6d_session_why why;
		bool came;
		enum v6d_probe_status status;
		enum v6d_fact fact;
		const char *says;
	} rows[] = {
		{ V6D_SESSION_UP, 0, true, V6D_PROBE_PASS, V6D_FACT_PPP_LCP,
		    "" },
		{ V6D_SESSION_LCP, 0, true, V6D_PROBE_FAIL, V6D_FACT_PPP_LCP,
		    "bad timeout" },
		{ V6D_SESSION_AUTH, 0, true, V6D_PROBE_FAIL, V6D_FACT_PPP_AUTH,
		    "bad timeout" },
		{ V6D_SESSION_NETWORK, 0, true, V6D_PROBE_FAIL,
		    V6D_FACT_PPP_IPV6CP, "bad timeout" },
		{ V6D_SESSION_AUTH, V6D_WHY_AUTH_REJECTED, true, V6D_PROBE_FAIL,
		    V6D_FACT_PPP_AUTH, "" },
		/* Without GRE nothing was asked of PPP. */
		{ V6D_SESSION_LCP, 0, false, V6D_PROBE_SKIPPED,
		    V6D_FACT_PPP_LCP, "" },
		{ V6D_SESSION_LCP, V6D_WHY_CLOSED, false, V6D_PROBE_SKIPPED,
		    V6D_FACT_PPP_LCP, "" },
		{ V6D_SESSION_WAIT_CALL, V6D_WHY_CLOSED, false,
		    V6D_PROBE_SKIPPED, V6D_FACT_PPP_LCP, "" },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bench_reset();
		world.stuck = rows[i].stuck;
		world.why = rows[i].why;
		world.came = rows[i].came;
		world.code = rows[i].why == V6D_WHY_AUTH_REJECTED ? 691 : 0;
		bench_status(bench_run("ppp", answers), rows[i].status);
		assert_string_equal(bench_says(rows[i].fact), rows[i].says);
		assert_true(bench_now < V6D_S(10));
	}
}

/* A server that answers is waited for until it has asked again. */
static void
test_late_link(void **state)
{
	(void)state;
	for (unsigned heard = 0; heard < 2; heard++) {
		memset(&world, 0, sizeof(world));
		bench_reset();
		world.came = true;
		world.lcp_at = V6D_S(7);
		if (heard)
			bench_fact(V6D_FACT_GRE_OUT, V6D_OK, NULL);
		bench_status(bench_run("ppp", answers),
		    heard ? V6D_PROBE_PASS : V6D_PROBE_FAIL);
		bench_expect(PPP_LCP, heard ? "" : "bad timeout");
	}
	memset(&world, 0, sizeof(world));
}

static void
test_not_asked(void **state)
{
	(void)state;
	bench_reset();
	world.refuse = true;
	bench_status(bench_run("ppp", answers), V6D_PROBE_UNKNOWN);
	bench_reset();
	bench_plan.in_place = true;
	bench_status(bench_run("ppp", answers), V6D_PROBE_SKIPPED);
	bench_reset();
	bench_plan.have_raw = false;
	bench_status(bench_run("ppp", answers), V6D_PROBE_SKIPPED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_late_link),
		cmocka_unit_test(test_not_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
