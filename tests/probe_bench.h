/* SPDX-License-Identifier: GPL-2.0-or-later */
/* probe_bench.h - runs one probe against a world that a test makes up. */
#ifndef V6D_TESTS_PROBE_BENCH_H
#define V6D_TESTS_PROBE_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "probe/probe.h"

#define BENCH_OBS 128

/* Fills the answer; it is DONE unless it says otherwise. */
typedef void bench_world(const struct v6d_ask *q, struct v6d_answer *a);

static struct v6d_obs bench_obs[BENCH_OBS];
static struct v6d_facts bench_facts;
static struct v6d_plan bench_plan;
static v6d_ns bench_now;
static unsigned bench_asks;

static inline struct v6d_addr
bench_addr(const char *text)
{
	struct v6d_addr a = { 0 };

	assert_true(v6d_addr_parse(text, &a));
	return a;
}

/* The practice network's plan, all rights, and no facts yet. */
static inline void
bench_reset(void)
{
	memset(&bench_plan, 0, sizeof(bench_plan));
	strncpy(bench_plan.server_name, "203.0.113.10", 15);
	strncpy(bench_plan.interface, "v6tun0", 8);
	strncpy(bench_plan.name, "www.example.net", 20);
	bench_plan.server = bench_addr("203.0.113.10");
	bench_plan.mtu = bench_plan.mru = 1444;
	bench_plan.n_targets = 1;
	bench_plan.targets[0] = bench_addr("2001:db8:b::80");
	bench_plan.literal = bench_plan.targets[0];
	bench_plan.v4_target = bench_addr("192.0.2.80");
	bench_plan.n_resolvers = 1;
	bench_plan.resolvers[0] = bench_addr("192.0.2.53");
	bench_plan.have_raw = bench_plan.have_tun = true;
	v6d_facts_init(&bench_facts, bench_obs, BENCH_OBS);
	bench_facts.source = "world";
	bench_now = V6D_MS(1);
	bench_asks = 0;
}

static inline void
bench_fact(enum v6d_fact fact, enum v6d_state state, const char *word)
{
	v6d_facts_add(&bench_facts, fact, NULL, state, word, V6D_NO_VALUE);
}

/* Runs it to its end; answers come in the order of the asks. */
static inline struct v6d_probe_run
bench_run(const char *name, bench_world *world)
{
	static struct v6d_ask q;
	static struct v6d_answer a;
	const struct v6d_probe *p = v6d_probe_by_name(name);
	struct v6d_probe_run *r, copy;
	struct v6d_graph *g;
	void *mem = malloc(v6d_graph_size(1));

	assert_non_null(p);
	assert_non_null(mem);
	g = v6d_graph_init(mem, &p, 1, &bench_plan, &bench_facts);
	while (v6d_graph_take(g, bench_now, &q, &r)) {
		assert_true(++bench_asks < 500);
		assert_true(q.timeout > 0);
		memset(&a, 0, sizeof(a));
		a.kind = q.kind;
		a.tag = q.tag;
		a.n_frames = q.n_frames;
		a.first_byte = V6D_NEVER;
		a.took = V6D_MS(1);
		a.times = (struct v6d_session_times){ V6D_NEVER, V6D_NEVER,
			V6D_NEVER, V6D_NEVER, V6D_NEVER, V6D_NEVER, V6D_NEVER,
			V6D_NEVER };
		world(&q, &a);
		if (a.how == V6D_ANSWER_TIMEOUT || q.kind == V6D_ASK_SLEEP)
			a.took = q.timeout;
		bench_now += a.took;
		v6d_graph_answer(g, r, &a, bench_now);
	}
	assert_true(v6d_graph_done(g));
	copy = *v6d_graph_run(g, 0);
	free(mem);
	assert_true(copy.summary[0] != '\0');
	assert_int_equal(bench_facts.n_dropped, 0);
	return copy;
}

/* The newest observation as "ok", "bad limit", "unknown at-least", or "". */
static inline const char *
bench_says(enum v6d_fact fact)
{
	static char text[64];
	const struct v6d_obs *o = v6d_facts_last(&bench_facts, fact);

	text[0] = '\0';
	if (!o)
		return text;
	strncat(text, v6d_state_name(o->state), 16);
	if (o->word[0]) {
		strncat(text, " ", 2);
		strncat(text, o->word, 32);
	}
	return text;
}

static inline int64_t
bench_value(enum v6d_fact fact)
{
	const struct v6d_obs *o = v6d_facts_last(&bench_facts, fact);

	return o ? o->value : V6D_NO_VALUE;
}

#define bench_expect(fact, text) \
	assert_string_equal(bench_says(V6D_FACT_##fact), text)

static inline void
bench_status(struct v6d_probe_run run, enum v6d_probe_status want)
{
	if (run.status != want)
		fail_msg(
		    "%s: %s", v6d_probe_status_name(run.status), run.summary);
}

#endif
