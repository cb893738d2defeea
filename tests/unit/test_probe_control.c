/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_probe_control.c - TCP 1723 in all its answers. */
#include "probe_bench.h"

#include <errno.h>

static struct {
	enum v6d_session_state stuck; /* it gets no further than this */
	enum v6d_session_why why; /* or it is dead of that, there */
	int code;
	bool ping, port, refuse;
	v6d_ns reply; /* how long each takes */
	unsigned pptp_hops, port_hops; /* so far the handshakes get */
} world;

static void
session(const struct v6d_ask *q, struct v6d_answer *a)
{
	a->state = q->until;
	a->times.start = V6D_MS(1);
	a->times.tcp = V6D_MS(2);
	if (world.stuck >= V6D_SESSION_LCP || world.stuck >= q->until) {
		a->times.sccrp = a->times.tcp + V6D_MS(1);
		a->times.ocrp = a->times.sccrp + V6D_MS(1) + world.reply;
		return;
	}
	if (world.why == V6D_WHY_NONE) {
		a->state = world.stuck;
		a->how = V6D_ANSWER_TIMEOUT;
		return;
	}
	a->state = V6D_SESSION_DEAD;
	a->failed_in = world.stuck;
	a->why = world.why;
	a->code = world.code;
}

/* Routers 198.51.100.1, .2, ... and the server as hop 4. */
static void
trace(const struct v6d_ask *q, struct v6d_answer *a)
{
	unsigned n = q->port == 1723 ? world.pptp_hops : world.port_hops;

	assert_int_equal(q->ns, V6D_NS_HOST);
	a->n_frames = q->flows;
	for (unsigned i = 0; i < n; i++) {
		struct v6d_answer_frame *f = &a->frames[i];

		f->answered = i >= 3;
		if (f->answered)
			return;
		f->error = 11 << 8;
		f->error_from = bench_addr("198.51.100.1");
		f->error_from.b[3] = (uint8_t)(i + 1);
	}
}

static void
answers(const struct v6d_ask *q, struct v6d_answer *a)
{
	if (world.refuse) {
		a->how = V6D_ANSWER_REFUSED;
		return;
	}
	switch ((int)q->kind) {
	case V6D_ASK_SESSION:
		session(q, a);
		break;
	case V6D_ASK_PING:
		a->frames[0].answered = world.ping;
		if (!world.ping)
			a->how = V6D_ANSWER_TIMEOUT;
		break;
	case V6D_ASK_TCP:
		a->err = ECONNREFUSED;
		if (!world.port)
			a->how = V6D_ANSWER_TIMEOUT;
		break;
	case V6D_ASK_TRACE:
		trace(q, a);
		break;
	default:
		fail_msg("asked %d", (int)q->kind);
	}
}

static struct v6d_probe_run
run(enum v6d_session_state stuck, enum v6d_session_why why, int code, bool ping)
{
	bench_reset();
	world.stuck = stuck;
	world.why = why;
	world.code = code;
	world.ping = ping;
	world.port = world.refuse = false;
	return bench_run("control", answers);
}

static void
test_pass(void **state)
{
	struct v6d_probe_run r = run(V6D_SESSION_LCP, 0, 0, true);

	(void)state;
	bench_status(r, V6D_PROBE_PASS);
	assert_int_equal(bench_asks, 3);
	/* Called, and hung up on later: that is not this check's concern. */
	r = run(V6D_SESSION_LCP, V6D_WHY_CLOSED, 0, true);
	bench_status(r, V6D_PROBE_PASS);
}

/* Where it ends tells a block from a server that is away. */
static void
test_trace(void **state)
{
	static const struct {
		unsigned pptp, port;
		const char *says, *next;
	} rows[] = {
		{ 2, 4, "bad router", "198.51.100.3" },
		{ 3, 4, "bad server", "203.0.113.10" },
		{ 2, 3, "bad router", "198.51.100.3" },
		{ 3, 3, "unknown same", NULL },
		{ 0, 4, "", NULL },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct v6d_obs *o;

		world.pptp_hops = rows[i].pptp;
		world.port_hops = rows[i].port;
		run(V6D_SESSION_CONNECTING, 0, 0, false);
		bench_expect(CONTROL_TRACE, rows[i].says);
		o = v6d_facts_last(&bench_facts, V6D_FACT_CONTROL_HOP_NEXT);
		assert_int_equal(o != NULL, rows[i].next != NULL);
		if (o)
			assert_string_equal(o->subject, rows[i].next);
	}
	world.pptp_hops = world.port_hops = 0;
}

static void
test_slow(void **state)
{
	(void)state;
	run(V6D_SESSION_LCP, 0, 0, true);
	bench_expect(CONTROL_SLOW, "ok");
	world.reply = V6D_S(5);
	run(V6D_SESSION_LCP, 0, 0, true);
	bench_expect(CONTROL_SLOW, "bad call");
	assert_int_equal(bench_value(V6D_FACT_CONTROL_SLOW), 5001);
	world.reply = 0;
}

static void
test_blocked(void **state)
{
	struct v6d_probe_run r = run(V6D_SESSION_CONNECTING, 0, 0, true);

	(void)state;
	bench_status(r, V6D_PROBE_FAIL);
	bench_expect(CONTROL_TCP, "bad timeout");
	bench_expect(SERVER_ALIVE, "ok");
	assert_true(bench_now < V6D_S(8));
	r = run(V6D_SESSION_CONNECTING, 0, 0, false);
	bench_expect(SERVER_ALIVE, "bad silent");
}

static void
test_errors(void **state)
{
	struct v6d_probe_run r =
	    run(V6D_SESSION_CONNECTING, V6D_WHY_TCP_FAILED, ECONNREFUSED, true);

	(void)state;
	bench_status(r, V6D_PROBE_FAIL);
	bench_expect(CONTROL_TCP, "bad refused");
	run(V6D_SESSION_CONNECTING, V6D_WHY_TCP_FAILED, EHOSTUNREACH, true);
	bench_expect(CONTROL_TCP, "bad unreachable");
	run(V6D_SESSION_CONNECTING, V6D_WHY_TCP_FAILED, EPERM, true);
	bench_expect(CONTROL_TCP, "bad local");
}

static void
test_no_reply(void **state)
{
	struct v6d_probe_run r = run(V6D_SESSION_WAIT_START, 0, 0, true);

	(void)state;
	bench_status(r, V6D_PROBE_FAIL);
	bench_expect(CONTROL_START, "bad timeout");
	run(V6D_SESSION_WAIT_CALL, 0, 0, true);
	bench_expect(CONTROL_CALL, "bad timeout");
	r = run(V6D_SESSION_WAIT_CALL, V6D_WHY_CALL_REFUSED, 4, true);
	bench_status(r, V6D_PROBE_FAIL);
	assert_non_null(strstr(r.summary, "code 4"));
	bench_expect(CONTROL_CALL, ""); /* the witness saw the reply */
}

static void
test_not_asked(void **state)
{
	struct v6d_probe_run r;

	(void)state;
	bench_reset();
	world.refuse = true;
	bench_status(bench_run("control", answers), V6D_PROBE_UNKNOWN);
	bench_reset();
	bench_plan.in_place = true;
	r = bench_run("control", answers);
	bench_status(r, V6D_PROBE_SKIPPED);
	bench_reset();
	bench_plan.server.family = 0;
	bench_plan.server_name[0] = '\0';
	bench_status(bench_run("control", answers), V6D_PROBE_SKIPPED);
	bench_reset();
	bench_plan.server.family = 0;
	bench_fact(V6D_FACT_SERVER_NAME, V6D_BAD, "nxdomain");
	bench_status(bench_run("control", answers), V6D_PROBE_FAIL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pass),
		cmocka_unit_test(test_trace),
		cmocka_unit_test(test_slow),
		cmocka_unit_test(test_blocked),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_no_reply),
		cmocka_unit_test(test_not_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
