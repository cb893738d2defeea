/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_probe_idle.c - a tunnel that is forgotten, and one that is not. */
#include "probe_bench.h"

static struct {
	v6d_ns forgets; /* after so long; 0: never */
	bool dead, mute, silent;
	v6d_ns waited;
} world;

static void
answers(const struct v6d_ask *q, struct v6d_answer *a)
{
	bool back = !world.mute && !world.dead;

	switch ((int)q->kind) {
	case V6D_ASK_SLEEP:
		world.waited += q->timeout;
		world.dead |= world.forgets && q->timeout >= world.forgets;
		return;
	case V6D_ASK_PING:
		assert_int_equal(q->ns, V6D_NS_HOST);
		back = !world.silent;
		break;
	case V6D_ASK_BURST:
		break;
	default:
		fail_msg("asked %d", (int)q->kind);
	}
	for (unsigned i = 0; i < q->n_frames; i++)
		a->frames[i].answered = back;
	if (!back)
		a->how = V6D_ANSWER_TIMEOUT;
}

static void
tunnel(v6d_ns idle)
{
	memset(&world, 0, sizeof(world));
	bench_reset();
	bench_plan.idle = idle;
	bench_fact(V6D_FACT_GRE_OUT, V6D_OK, NULL);
}

static void
test_lives(void **state)
{
	(void)state;
	tunnel(V6D_S(40));
	bench_status(bench_run("idle", answers), V6D_PROBE_PASS);
	bench_expect(GRE_IDLE, "ok");
	assert_int_equal(bench_value(V6D_FACT_GRE_IDLE), 40);
	assert_int_equal(world.waited, V6D_S(70));
	assert_true(bench_now <= V6D_S(78)); /* as docs/probes/idle.md says */
}

static void
test_dies(void **state)
{
	struct v6d_probe_run r;

	(void)state;
	tunnel(V6D_S(40));
	world.forgets = V6D_S(15);
	r = bench_run("idle", answers);
	bench_status(r, V6D_PROBE_FAIL);
	assert_non_null(strstr(r.summary, "lived through 10 s"));
	bench_expect(GRE_IDLE, "bad dead");
	assert_int_equal(bench_value(V6D_FACT_GRE_IDLE), 20);
	/* The line itself is down: that is another matter. */
	tunnel(V6D_S(40));
	world.forgets = V6D_S(5);
	world.silent = true;
	bench_status(bench_run("idle", answers), V6D_PROBE_UNKNOWN);
	bench_expect(GRE_IDLE, "unknown server-silent");
}

static void
test_not_asked(void **state)
{
	(void)state;
	tunnel(0);
	bench_status(bench_run("idle", answers), V6D_PROBE_SKIPPED);
	tunnel(V6D_S(40));
	bench_plan.have_raw = false;
	bench_status(bench_run("idle", answers), V6D_PROBE_SKIPPED);
	tunnel(V6D_S(40));
	bench_plan.in_place = true;
	bench_status(bench_run("idle", answers), V6D_PROBE_SKIPPED);
	assert_int_equal(bench_asks, 0);
	tunnel(V6D_S(40));
	world.mute = true;
	bench_status(bench_run("idle", answers), V6D_PROBE_SKIPPED);
	bench_expect(GRE_IDLE, "");
	assert_int_equal(world.waited, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lives),
		cmocka_unit_test(test_dies),
		cmocka_unit_test(test_not_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
