/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_busy.c - lines that throw away, and lines that keep waiting. */
#include "probe_bench.h"

#include "probe/busy.h"

static struct v6d_probe_run run;
static struct v6d_busy load;

static void
begin(int64_t idle_loss)
{
	bench_reset();
	memset(&load, 0, sizeof(load));
	load.mtu = 1444;
	memset(&run, 0, sizeof(run));
	run.facts = &bench_facts;
	run.plan = &bench_plan;
	v6d_facts_add(
	    &bench_facts, V6D_FACT_GRE_LOSS_IN, NULL, V6D_OK, NULL, idle_loss);
	v6d_facts_add(
	    &bench_facts, V6D_FACT_GRE_LOSS_OUT, NULL, V6D_OK, NULL, idle_loss);
}

/* 250 kbytes in two seconds: a megabit. */
static struct v6d_answer
transfer(unsigned packets, unsigned lost)
{
	struct v6d_answer a = { .how = V6D_ANSWER_DONE,
		.connected = true,
		.bytes = 250000,
		.packet = 1444,
		.took = V6D_S(2),
		.segments = packets,
		.again = lost,
		.in_gaps_known = true,
		.in_frames = packets - lost,
		.in_gaps = lost,
		.rtt_min = V6D_MS(10),
		.rtt_max = V6D_MS(30) };

	return a;
}

static void
test_policed(void **state)
{
	struct v6d_answer a = transfer(200, 30), clean = transfer(200, 1);

	(void)state;
	begin(0);
	v6d_busy_transfer(&load, &a, true);
	v6d_busy_transfer(&load, &clean, false);
	assert_false(v6d_busy_suspicious(&load));
	v6d_busy_facts(&load, &run);
	bench_expect(GRE_RATE_OUT, "bad policed");
	assert_int_equal(bench_value(V6D_FACT_GRE_RATE_OUT), 1000);
	bench_expect(GRE_RATE_IN, "ok");
	bench_expect(GRE_QUEUE, "");
	/* On a line that loses as much of single packets it is no policer. */
	begin(120);
	v6d_busy_transfer(&load, &a, true);
	v6d_busy_transfer(&load, &a, false);
	v6d_busy_facts(&load, &run);
	bench_expect(GRE_RATE_OUT, "ok");
	bench_expect(GRE_RATE_IN, "ok");
}

/* Packet-too-big has segments sent again that no policer took. */
static void
test_cut_smaller(void **state)
{
	struct v6d_answer a = transfer(200, 30);

	(void)state;
	begin(0);
	a.packet = 1300;
	v6d_busy_transfer(&load, &a, true);
	v6d_busy_facts(&load, &run);
	bench_expect(GRE_RATE_OUT, "ok");
}

/* A second look tells which way it waits. */
static void
test_queue(void **state)
{
	struct v6d_answer a = transfer(200, 0), pings = { .n_frames = 2 };
	static struct v6d_ask q;

	(void)state;
	begin(0);
	a.rtt_max = V6D_MS(900);
	v6d_busy_transfer(&load, &a, true);
	v6d_busy_transfer(&load, &a, false);
	assert_true(v6d_busy_suspicious(&load));
	v6d_busy_ask(&q);
	assert_int_equal(q.kind, V6D_ASK_PING);
	assert_true(q.n_frames <= V6D_ASK_FRAMES && q.timeout > 0);
	pings.frames[0] =
	    (struct v6d_answer_frame){ .answered = true, .rtt = V6D_MS(20) };
	pings.frames[1] =
	    (struct v6d_answer_frame){ .answered = true, .rtt = V6D_MS(600) };
	v6d_busy_pings(&load, &pings, true, V6D_MS(10));
	pings.n_frames = 1;
	v6d_busy_pings(&load, &pings, false, V6D_MS(10));
	v6d_busy_facts(&load, &run);
	bench_expect(GRE_RATE_OUT, "bad queue");
	bench_expect(GRE_RATE_IN, "ok");
	assert_int_equal(bench_value(V6D_FACT_GRE_QUEUE), 890);
}

/* Nothing is said of what was not timed. */
static void
test_unknown(void **state)
{
	struct v6d_answer a = transfer(200, 30);

	(void)state;
	begin(0);
	a.bytes = 300;
	v6d_busy_transfer(&load, &a, true);
	a.stalled = true;
	a.bytes = 250000;
	v6d_busy_transfer(&load, &a, false);
	v6d_busy_facts(&load, &run);
	bench_expect(GRE_RATE_OUT, "");
	bench_expect(GRE_RATE_IN, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_policed),
		cmocka_unit_test(test_cut_smaller),
		cmocka_unit_test(test_queue),
		cmocka_unit_test(test_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
