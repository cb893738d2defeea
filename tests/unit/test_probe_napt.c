/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_probe_napt.c - sessions counted, and what silence is taken for. */
#include "probe_bench.h"

#include <errno.h>

#include "base/wire.h"

static struct {
	enum v6d_answer_how how;
	int err;
	unsigned flows, failed, asked, alive;
	bool server, tunnel; /* these answer echoes */
	v6d_ns timeout; /* that was asked for */
	bool other; /* a second target takes one more */
	bool more; /* the first one does, too */
	unsigned udp, udp_failed, udp_asked, udp_alive;
	bool udp_other;
	struct v6d_addr udp_addr, udp_addr2; /* that were asked for */
	unsigned tcp_most, udp_most;
} w;

static void
world(const struct v6d_ask *q, struct v6d_answer *a)
{
	if (q->kind == V6D_ASK_FLOWS) {
		assert_int_equal(q->ns, V6D_NS_HOST);
		assert_in_range(q->flows + q->udp_flows, 126, 128);
		w.tcp_most = q->flows;
		w.udp_most = q->udp_flows;
		w.udp_addr = q->udp_addr;
		w.udp_addr2 = q->udp_addr2;
		w.timeout = q->timeout;
		assert_int_equal(q->port, 80);
		a->how = w.how;
		a->err = w.err;
		a->flows = w.flows;
		a->flows_failed = w.failed;
		a->flows_asked = w.asked;
		a->flows_alive = w.alive;
		a->other_asked = q->addr2.family == 4 && w.failed > 0;
		a->other_up = a->other_asked && w.other;
		a->more_asked = w.failed > 0 || w.udp_failed > 0;
		a->more_up = w.more;
		a->udp = w.udp;
		a->udp_failed = w.udp_failed;
		a->udp_asked = w.udp_asked;
		a->udp_alive = w.udp_alive;
		a->udp_other_asked = q->udp_addr2.family == 4;
		a->udp_other_up = w.udp_other;
		return;
	}
	assert_int_equal(q->kind, V6D_ASK_PING);
	a->frames[0].answered = q->ns == V6D_NS_TUNNEL ? w.tunnel : w.server;
	if (!a->frames[0].answered)
		a->how = V6D_ANSWER_TIMEOUT;
}

static void
reset(void)
{
	memset(&w, 0, sizeof(w));
	bench_reset();
	strncpy(bench_plan.napt_name, "192.0.2.80:80", 16);
	bench_plan.napt_target = bench_addr("192.0.2.80");
	bench_plan.napt_port = 80;
	bench_plan.max_sessions = 128;
	bench_fact(V6D_FACT_V6_SMALL, V6D_OK, NULL);
}

/* The table is full for one target only: ports of a shared address. */
static void
test_per_target(void **state)
{
	(void)state;
	reset();
	w.flows = 60;
	w.failed = 4;
	w.asked = w.alive = 8;
	w.other = true;
	bench_status(bench_run("napt", world), V6D_PROBE_WARN);
	bench_expect(NAPT_SESSIONS, "bad per-target");
	assert_int_equal(bench_value(V6D_FACT_NAPT_SESSIONS), 60);
	/* No second target is known. */
	reset();
	w.flows = 60;
	w.failed = 4;
	w.asked = w.alive = 8;
	w.other = true;
	bench_plan.n_resolvers = 0;
	bench_run("napt", world);
	bench_expect(NAPT_SESSIONS, "bad limit");
}

static void
test_enough(void **state)
{
	struct v6d_probe_run r;

	(void)state;
	reset();
	w.flows = 96;
	w.udp = 32;
	w.asked = w.alive = 8;
	r = bench_run("napt", world);
	bench_status(r, V6D_PROBE_PASS);
	bench_expect(NAPT_UDP, "ok");
	assert_int_equal(bench_value(V6D_FACT_NAPT_UDP), 32);
	bench_expect(NAPT_SESSIONS, "ok");
	assert_int_equal(bench_value(V6D_FACT_NAPT_SESSIONS), 128);
	bench_expect(NAPT_OLD_ALIVE, "");
}

static void
test_limit(void **state)
{
	struct v6d_probe_run r;

	(void)state;
	reset();
	w.flows = 55;
	w.failed = 9;
	w.err = ETIMEDOUT;
	w.asked = w.alive = 8;
	r = bench_run("napt", world);
	bench_status(r, V6D_PROBE_WARN);
	bench_expect(NAPT_SESSIONS, "bad limit");
	assert_int_equal(bench_value(V6D_FACT_NAPT_SESSIONS), 55);
	bench_expect(NAPT_OLD_ALIVE, "ok");
}

/* When the old ones die as well it is the line, not the table. */
static void
test_old_die(void **state)
{
	struct v6d_probe_run r;

	(void)state;
	reset();
	w.flows = 55;
	w.failed = 9;
	w.err = ETIMEDOUT;
	w.asked = 8;
	w.alive = 7;
	r = bench_run("napt", world);
	bench_status(r, V6D_PROBE_UNKNOWN);
	bench_expect(NAPT_SESSIONS, "unknown interrupted");
	bench_expect(NAPT_OLD_ALIVE, "bad dead");
}

static void
test_none(void **state)
{
	static const struct {
		int err;
		bool server, tunnel;
		enum v6d_probe_status status;
		const char *sessions;
	} t[] = {
		{ ETIMEDOUT, false, true, V6D_PROBE_FAIL, "bad exhausted" },
		{ ETIMEDOUT, true, true, V6D_PROBE_UNKNOWN, "unknown silent" },
		{ ETIMEDOUT, false, false, V6D_PROBE_UNKNOWN,
		    "unknown silent" },
		{ ECONNREFUSED, false, true, V6D_PROBE_UNKNOWN, "" },
		{ ENETUNREACH, false, true, V6D_PROBE_UNKNOWN, "" },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		struct v6d_probe_run r;

		reset();
		w.failed = 16;
		w.err = t[i].err;
		w.server = t[i].server;
		w.tunnel = t[i].tunnel;
		r = bench_run("napt", world);
		bench_status(r, t[i].status);
		bench_expect(NAPT_SESSIONS, t[i].sessions);
	}
}

/* Out of time, or out of descriptors: no limit of the routers was seen. */
static void
test_cut(void **state)
{
	struct v6d_probe_run r;

	(void)state;
	reset();
	w.how = V6D_ANSWER_TIMEOUT;
	w.err = ETIMEDOUT;
	w.flows = 40;
	w.failed = 24;
	r = bench_run("napt", world);
	bench_status(r, V6D_PROBE_UNKNOWN);
	bench_expect(NAPT_SESSIONS, "unknown at-least");
	reset();
	w.err = EMFILE;
	w.flows = 40;
	w.failed = 24;
	r = bench_run("napt", world);
	bench_status(r, V6D_PROBE_UNKNOWN);
	bench_expect(NAPT_SESSIONS, "unknown at-least");
}

static void
test_skipped(void **state)
{
	struct v6d_probe_run r;

	(void)state;
	reset();
	bench_plan.napt_name[0] = '\0';
	r = bench_run("napt", world);
	bench_status(r, V6D_PROBE_SKIPPED);
	reset();
	bench_plan.napt_target = bench_plan.server;
	r = bench_run("napt", world);
	bench_status(r, V6D_PROBE_SKIPPED);
	reset();
	bench_plan.napt_target.family = 0;
	r = bench_run("napt", world);
	bench_status(r, V6D_PROBE_SKIPPED);
	reset();
	bench_fact(V6D_FACT_LAN_ROUTE, V6D_BAD, "none");
	r = bench_run("napt", world);
	bench_status(r, V6D_PROBE_SKIPPED);
	assert_int_equal(bench_asks, 0);
}

/*
 * TCP has met its limit at 55: what UDP does beside it tells one table from
 * two, where an older session of UDP shows that the resolver answers.
 */
static void
test_tables_at_tcp(void **state)
{
	static const struct {
		unsigned udp, failed, asked, alive;
		bool more;
		const char *says;
		int64_t sessions;
	} t[] = {
		{ 1, 4, 1, 1, false, "bad shared", 57 },
		{ 5, 0, 1, 1, false, "ok", 56 },
		{ 3, 2, 1, 1, false, "unknown at-least", 57 },
		/* the resolver is silent: nothing follows */
		{ 0, 5, 0, 0, false, "unknown silent", 57 },
		{ 1, 4, 1, 0, false, "unknown at-least", 57 },
		/* room has come meanwhile */
		{ 5, 0, 1, 1, true, "unknown at-least", 57 },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		reset();
		bench_fact(V6D_FACT_CONTROL_TCP, V6D_OK, NULL);
		bench_fact(V6D_FACT_GRE_SEND, V6D_OK, NULL);
		w.flows = 55;
		w.failed = 9;
		w.asked = w.alive = 8;
		w.udp = t[i].udp;
		w.udp_failed = t[i].failed;
		w.udp_asked = t[i].asked;
		w.udp_alive = t[i].alive;
		w.more = t[i].more;
		bench_status(bench_run("napt", world), V6D_PROBE_WARN);
		bench_expect(NAPT_SESSIONS, "bad limit");
		bench_expect(NAPT_UDP, t[i].says);
		assert_int_equal(
		    bench_value(V6D_FACT_NAPT_SESSIONS), t[i].sessions);
	}
}

/* UDP meets a limit beside all the TCP that was allowed. */
static void
test_tables_at_udp(void **state)
{
	static const struct {
		unsigned failed, asked, alive;
		bool more, other;
		enum v6d_probe_status status;
		const char *sessions, *udp;
	} t[] = {
		{ 4, 8, 8, false, false, V6D_PROBE_WARN, "bad limit",
		    "bad shared" },
		{ 4, 8, 8, true, false, V6D_PROBE_WARN, "ok", "bad limit" },
		{ 4, 8, 8, true, true, V6D_PROBE_WARN, "ok", "bad per-target" },
		/* old ones are silent too: the resolver, or the line */
		{ 4, 8, 7, false, false, V6D_PROBE_PASS, "ok",
		    "unknown interrupted" },
		/* all came in the end */
		{ 0, 8, 8, false, false, V6D_PROBE_PASS, "ok", "ok" },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		reset();
		bench_plan.resolvers[bench_plan.n_resolvers++] =
		    bench_addr("198.51.100.53");
		w.flows = 96;
		w.asked = w.alive = 8;
		w.udp = 12;
		w.udp_failed = t[i].failed;
		w.udp_asked = t[i].asked;
		w.udp_alive = t[i].alive;
		w.more = t[i].more;
		w.udp_other = t[i].other;
		bench_status(bench_run("napt", world), t[i].status);
		bench_expect(NAPT_SESSIONS, t[i].sessions);
		bench_expect(NAPT_UDP, t[i].udp);
		assert_int_equal(bench_value(V6D_FACT_NAPT_SESSIONS), 108);
	}
}

/* Only what lies behind the routers shows what they hold. */
static void
test_udp_target(void **state)
{
	static const struct {
		const char *resolver;
		bool asked;
	} t[] = { { "192.0.2.53", true }, { "192.168.11.1", false },
		{ "203.0.113.10", false }, { "2001:db8::53", false } };

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		reset();
		bench_plan.resolvers[0] = bench_addr(t[i].resolver);
		w.flows = t[i].asked ? 96 : 128;
		w.udp = t[i].asked ? 32 : 0;
		w.asked = w.alive = 8;
		bench_status(bench_run("napt", world), V6D_PROBE_PASS);
		assert_int_equal(w.udp_most, t[i].asked ? 32 : 0);
		assert_int_equal(w.udp_addr2.family, 0);
		bench_expect(NAPT_UDP, t[i].asked ? "ok" : "");
	}
	reset(); /* without a name there is nothing to ask */
	bench_plan.name[0] = '\0';
	w.flows = 128;
	w.asked = w.alive = 8;
	bench_status(bench_run("napt", world), V6D_PROBE_PASS);
	bench_expect(NAPT_UDP, "");
}

/* Five queries of a check before it have entries of their own. */
static void
ask_five(struct v6d_probe_run *r)
{
	struct v6d_ask q = { .kind = V6D_ASK_DNS,
		.ns = V6D_NS_HOST,
		.addr = bench_addr("192.0.2.53"),
		.timeout = V6D_S(1) };

	for (unsigned i = 0; i < 5; i++)
		v6d_probe_ask(r, &q);
}

static void
end_of_five(struct v6d_probe_run *r, const struct v6d_answer *a)
{
	(void)a;
	if (r->n_pending == 0)
		v6d_probe_end(r, V6D_PROBE_PASS, "asked");
}

static void
test_no_more_in_all(void **state)
{
	static const struct v6d_probe asker = { .name = "dns",
		.after = "",
		.needs = "",
		.start = ask_five,
		.answer = end_of_five };
	const struct v6d_probe *probes[] = { &asker,
		v6d_probe_by_name("napt") };
	struct v6d_probe_run *r;
	struct v6d_graph *g;
	static struct v6d_ask q;
	static struct v6d_answer a;
	void *mem = malloc(v6d_graph_size(2));
	unsigned asked = 0;

	(void)state;
	assert_non_null(mem);
	reset();
	g = v6d_graph_init(mem, probes, 2, &bench_plan, &bench_facts);
	while (v6d_graph_take(g, bench_now, &q, &r)) {
		memset(&a, 0, sizeof(a));
		a.kind = q.kind;
		a.tag = q.tag;
		if (q.kind == V6D_ASK_FLOWS) {
			a.flows = q.flows;
			a.udp = q.udp_flows;
			a.flows_asked = a.flows_alive = 8;
			asked = q.flows + q.udp_flows;
		}
		v6d_graph_answer(g, r, &a, bench_now);
	}
	assert_true(v6d_graph_done(g));
	assert_int_equal(asked, 128 - 5);
	assert_int_equal(bench_value(V6D_FACT_NAPT_SESSIONS), 128);
	free(mem);
}

/* A run that is long already by losses leaves it less time. */
static void
test_patience(void **state)
{
	static const struct {
		v6d_ns now, timeout;
		int64_t lost; /* of GRE, per mille */
	} rows[] = { { V6D_S(1), V6D_S(5), 0 }, { V6D_S(4), V6D_S(5), 0 },
		{ V6D_S(5), V6D_MS(4500), 0 }, { V6D_S(8), V6D_MS(4100), 0 },
		{ V6D_S(20), V6D_MS(4100), 50 },
		{ V6D_S(6), V6D_MS(3500), 150 },
		{ V6D_S(20), V6D_MS(1400), 150 } };

	(void)state;
	for (unsigned i = 0; i < V6D_ARRAY_LEN(rows); i++) {
		reset();
		w.flows = 96;
		w.udp = 32;
		w.asked = w.alive = 8;
		bench_now = rows[i].now;
		v6d_facts_add(&bench_facts, V6D_FACT_GRE_LOSS_IN, NULL,
		    rows[i].lost ? V6D_BAD : V6D_OK,
		    rows[i].lost ? "loss" : NULL, rows[i].lost);
		bench_status(bench_run("napt", world), V6D_PROBE_PASS);
		assert_int_equal(w.timeout, rows[i].timeout);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_per_target),
		cmocka_unit_test(test_enough),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_old_die),
		cmocka_unit_test(test_tables_at_tcp),
		cmocka_unit_test(test_tables_at_udp),
		cmocka_unit_test(test_udp_target),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_skipped),
		cmocka_unit_test(test_no_more_in_all),
		cmocka_unit_test(test_patience),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
