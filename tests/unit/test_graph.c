/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_graph.c - when probes start, are skipped, and how they end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "probe/probe.h"

#define OBS 16

static struct v6d_obs obs[OBS];
static struct v6d_facts facts;
static const struct v6d_plan plan;
static const struct v6d_plan whole_plan = {
	.server.family = 4, .have_raw = true, .have_tun = true
};
static _Alignas(16) uint8_t mem[8 * sizeof(struct v6d_probe_run)];

static void
ask_start(struct v6d_probe_run *r)
{
	struct v6d_ask q = { .kind = V6D_ASK_SLEEP, .tag = 7 };

	v6d_probe_ask(r, &q);
}

static void
pass_answer(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	v6d_probe_fact(r, V6D_FACT_CONTROL_CALL, "server", V6D_OK, NULL, 1);
	v6d_probe_end(r, V6D_PROBE_PASS, "tag %u", a->tag);
}

static void
fail_answer(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	(void)a;
	v6d_probe_fact(
	    r, V6D_FACT_CONTROL_CALL, "server", V6D_BAD, "refused", 4);
	v6d_probe_end(r, V6D_PROBE_FAIL, "refused");
}

static void
nothing_answer(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	(void)r;
	(void)a;
}

static const struct v6d_probe first = { .name = "first",
	.after = "",
	.needs = "",
	.start = ask_start,
	.answer = pass_answer };
static const struct v6d_probe bad = { .name = "first",
	.after = "",
	.needs = "",
	.start = ask_start,
	.answer = fail_answer };
static const struct v6d_probe second = { .name = "second",
	.after = "other first",
	.needs = "control.call",
	.without = "there is no call",
	.start = ask_start,
	.answer = pass_answer };
static const struct v6d_probe other = { .name = "other",
	.after = "",
	.needs = "",
	.start = ask_start,
	.answer = pass_answer };
static const struct v6d_probe alone = { .name = "alone",
	.after = "",
	.needs = "",
	.exclusive = true,
	.start = ask_start,
	.answer = pass_answer };
static const struct v6d_probe stuck = { .name = "stuck",
	.after = "",
	.needs = "",
	.start = ask_start,
	.answer = nothing_answer };

static struct v6d_graph *
graph_of(const struct v6d_probe *a, const struct v6d_probe *b)
{
	const struct v6d_probe *p[2] = { a, b };
	size_t n = b ? 2 : 1;

	assert_true(v6d_graph_size(n) <= sizeof(mem));
	v6d_facts_init(&facts, obs, OBS);
	facts.source = "driver";
	return v6d_graph_init(mem, p, n, &plan, &facts);
}

/* Takes one ask and says whose it is, or "". */
static const char *
taken(struct v6d_graph *g, struct v6d_probe_run **ret_run)
{
	struct v6d_ask q;

	if (!v6d_graph_take(g, V6D_MS(5), &q, ret_run))
		return "";
	return (*ret_run)->probe->name;
}

static void
test_order(void **state)
{
	struct v6d_graph *g = graph_of(&second, &first);
	struct v6d_answer a = { .tag = 7 };
	struct v6d_probe_run *r;

	(void)state;
	assert_string_equal(taken(g, &r), "first");
	assert_int_equal(r->started, V6D_MS(5));
	assert_string_equal(taken(g, &r), "");
	r = (struct v6d_probe_run *)(uintptr_t)v6d_graph_run(g, 1);
	v6d_graph_answer(g, r, &a, V6D_MS(9));
	assert_int_equal(r->status, V6D_PROBE_PASS);
	assert_string_equal(r->summary, "tag 7");
	assert_int_equal(r->ended, V6D_MS(9));
	assert_string_equal(facts.obs[0].source, "probe first");
	assert_string_equal(facts.source, "driver");
	assert_string_equal(taken(g, &r), "second");
	assert_false(v6d_graph_done(g));
	v6d_graph_answer(g, r, &a, V6D_MS(10));
	assert_true(v6d_graph_done(g));
}

static void
test_skip(void **state)
{
	struct v6d_graph *g = graph_of(&bad, &second);
	struct v6d_answer a = { .tag = 7 };
	struct v6d_probe_run *r;

	(void)state;
	assert_string_equal(taken(g, &r), "first");
	v6d_graph_answer(g, r, &a, 0);
	assert_string_equal(taken(g, &r), "");
	assert_int_equal(v6d_graph_run(g, 1)->status, V6D_PROBE_SKIPPED);
	assert_string_equal(
	    v6d_graph_run(g, 1)->summary, "not tried: there is no call");
	assert_true(v6d_graph_done(g));
}

static void
test_need_unseen(void **state)
{
	struct v6d_probe_run *r;
	struct v6d_answer a = { .tag = 7 };
	struct v6d_graph *g = graph_of(&second, NULL);

	(void)state;
	/* Alone: nobody was there to see it, so the probe tries. */
	assert_string_equal(taken(g, &r), "second");
	/* Somebody was there and did not see it. */
	g = graph_of(&stuck, &second);
	assert_string_equal(taken(g, &r), "stuck");
	assert_string_equal(taken(g, &r), "second");
	g = graph_of(&other, &second);
	assert_string_equal(taken(g, &r), "other");
	assert_string_equal(taken(g, &r), "");
	v6d_graph_answer(g, r, &a, 0);
	assert_string_equal(taken(g, &r), "second");
}

static void
see_nothing(struct v6d_probe_run *r)
{
	v6d_probe_end(r, V6D_PROBE_PASS, "nothing seen");
}

/* Only where all that could have seen it were asked is it not there. */
static void
test_need_half_asked(void **state)
{
	static const struct v6d_probe blind_other = {
		.name = "other", .after = "", .needs = "", .start = see_nothing
	};
	static const struct v6d_probe blind_first = {
		.name = "first", .after = "", .needs = "", .start = see_nothing
	};
	const struct v6d_probe *all[3] = { &blind_other, &second,
		&blind_first };

	(void)state;
	for (size_t n = 2; n <= 3; n++) {
		struct v6d_probe_run *r;
		struct v6d_graph *g;

		v6d_facts_init(&facts, obs, OBS);
		facts.source = "driver";
		g = v6d_graph_init(mem, all, n, &whole_plan, &facts);
		assert_string_equal(taken(g, &r), n == 2 ? "second" : "");
		assert_int_equal(v6d_graph_run(g, 1)->status,
		    n == 2 ? V6D_PROBE_RUNNING : V6D_PROBE_SKIPPED);
	}
}

static void
test_exclusive(void **state)
{
	struct v6d_graph *g = graph_of(&alone, &first);
	struct v6d_answer a = { .tag = 7 };
	struct v6d_probe_run *r;

	(void)state;
	assert_string_equal(taken(g, &r), "alone");
	assert_string_equal(taken(g, &r), "");
	v6d_graph_answer(
	    g, (struct v6d_probe_run *)(uintptr_t)v6d_graph_run(g, 0), &a, 0);
	assert_string_equal(taken(g, &r), "first");
}

static void
test_stuck(void **state)
{
	struct v6d_graph *g = graph_of(&stuck, NULL);
	struct v6d_answer a = { .tag = 7 };
	struct v6d_probe_run *r;

	(void)state;
	assert_string_equal(taken(g, &r), "stuck");
	v6d_graph_answer(g, r, &a, 0);
	assert_int_equal(r->status, V6D_PROBE_BROKEN);
	assert_true(v6d_graph_done(g));
}

static void
test_expire(void **state)
{
	struct v6d_graph *g = graph_of(&first, &second);
	struct v6d_answer a = { .tag = 7 };
	struct v6d_probe_run *r;

	(void)state;
	assert_string_equal(taken(g, &r), "first");
	v6d_graph_expire(g, V6D_S(30));
	assert_true(v6d_graph_done(g));
	assert_int_equal(r->status, V6D_PROBE_UNKNOWN);
	assert_int_equal(v6d_graph_run(g, 1)->status, V6D_PROBE_UNKNOWN);
	/* An answer that comes after the end changes nothing. */
	v6d_graph_answer(g, r, &a, V6D_S(31));
	assert_int_equal(r->status, V6D_PROBE_UNKNOWN);
	assert_int_equal(facts.n, 0);
}

static void
test_queue(void **state)
{
	struct v6d_graph *g = graph_of(&first, NULL);
	struct v6d_ask q = { .kind = V6D_ASK_SLEEP };
	struct v6d_probe_run *r;

	(void)state;
	taken(g, &r);
	for (unsigned i = 0; i < 24; i++)
		assert_true(v6d_probe_ask(r, &q));
	assert_false(v6d_probe_ask(r, &q));
	for (unsigned i = 0; i < 24; i++)
		assert_string_equal(taken(g, &r), "first");
	assert_string_equal(taken(g, &r), "");
}

static void
test_names(void **state)
{
	(void)state;
	for (unsigned s = V6D_PROBE_WAITING; s <= V6D_PROBE_BROKEN; s++)
		assert_string_not_equal(
		    v6d_probe_status_name((enum v6d_probe_status)s), "?");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_skip),
		cmocka_unit_test(test_need_unseen),
		cmocka_unit_test(test_need_half_asked),
		cmocka_unit_test(test_exclusive),
		cmocka_unit_test(test_stuck),
		cmocka_unit_test(test_expire),
		cmocka_unit_test(test_queue),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
