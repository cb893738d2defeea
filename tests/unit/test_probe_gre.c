/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_probe_gre.c - what the GRE check makes of a link and of its sizes;
 * covers probe/gre_facts.c and probe/nolink.c.
 */
#include "probe_bench.h"

static struct {
	enum v6d_session_state stuck;
	enum v6d_session_why why;
	bool came; /* any GRE */
	unsigned out, in;
	unsigned lose_every, in_gaps; /* small echo; 0: none */
	unsigned n_small;
	bool changed, mute;
	bool changed_long; /* one of the paced long ones */
	uint16_t peer_mru;
	unsigned largest; /* that was sent */
	bool cut_out, cut_in; /* fragments are lost that way */
	unsigned narrow_out; /* fragments of packets so large pass out */
	bool no_pong; /* the server answers no ICMPv6 */
	unsigned late, twice; /* of the peer's, each burst */
	unsigned frames, gaps; /* of the peer, before any sweep */
	v6d_ns lcp_at, up_at; /* the link is not there before; 0: as stuck */
} world;

static void
session(const struct v6d_ask *q, struct v6d_answer *a)
{
	a->times.ocrp = V6D_MS(20);
	a->times.first_gre = world.came ? V6D_MS(30) : V6D_NEVER;
	a->peer_mru = world.peer_mru;
	a->peer = bench_addr("fe80::1");
	a->in_gaps_known = true;
	a->in_frames = world.frames;
	a->in_gaps = world.gaps;
	a->state = q->until;
	if (bench_now + q->timeout < world.lcp_at)
		world.stuck = V6D_SESSION_LCP;
	else if (bench_now + q->timeout < world.up_at)
		world.stuck = V6D_SESSION_AUTH;
	else if (world.up_at > 0)
		world.stuck = V6D_SESSION_UP;
	if (world.stuck >= q->until) {
		v6d_ns at =
		    q->until == V6D_SESSION_UP ? world.up_at : world.lcp_at;

		if (at > bench_now)
			a->took = at - bench_now;
		return;
	}
	a->state = world.why ? V6D_SESSION_DEAD : world.stuck;
	a->failed_in = world.stuck;
	a->why = world.why;
	a->how = world.why ? V6D_ANSWER_DONE : V6D_ANSWER_TIMEOUT;
}

/* A peer that drops repeated numbers, with every reply as large as asked. */
static void
burst(const struct v6d_ask *q, struct v6d_answer *a)
{
	bool arrived[V6D_ASK_FRAMES] = { false };

	for (unsigned i = 0; i < q->n_frames; i++) {
		const struct v6d_ask_frame *f = &q->frames[i];

		if (f->outer_len > world.largest)
			world.largest = f->outer_len;
		if (!q->df && f->outer_len <= world.narrow_out) {
			arrived[i] = true;
			a->frames[i].answered = true;
			a->frames[i].len = f->outer_len;
			continue;
		}
		if (f->outer_len > 1500 && world.cut_out)
			continue;
		if (f->outer_len > world.out || (f->reuse && arrived[f->of]) ||
		    world.mute || bench_now < world.up_at)
			continue;
		if (world.lose_every && !f->reuse && !f->closes &&
		    f->outer_len <= 100 &&
		    world.n_small++ % world.lose_every == 0)
			continue;
		arrived[i] = true;
		if (f->outer_len > 1500 && world.cut_in) {
			a->in_gaps++;
			continue;
		}
		if (f->outer_len > world.in)
			continue;
		a->frames[i].answered = true;
		a->frames[i].changed =
		    world.changed || (world.changed_long && q->gap > 0 &&
					 f->outer_len > 1000 && i == 9);
		a->frames[i].len = f->outer_len;
		a->frames[i].rtt = V6D_US(500);
	}
	a->in_gaps_known = true;
	a->in_frames = q->n_frames;
	a->in_late = world.late;
	a->in_twice = world.twice;
	a->in_gaps += world.in_gaps;
	if (world.mute || bench_now < world.up_at)
		a->how = V6D_ANSWER_TIMEOUT;
}

/* In pieces that get out; the reply is what may be too large. */
static void
echoes(const struct v6d_ask *q, struct v6d_answer *a)
{
	assert_false(q->df);
	assert_true(q->piece >= 120 && q->piece + 40u <= world.out);
	assert_int_equal(q->ns, V6D_NS_TUNNEL);
	for (unsigned i = 0; i < q->n_frames; i++) {
		a->frames[i].answered =
		    !world.no_pong && q->frames[i].outer_len + 40u <= world.in;
		a->frames[i].rtt = V6D_US(500);
	}
}

static void
answers(const struct v6d_ask *q, struct v6d_answer *a)
{
	switch ((int)q->kind) {
	case V6D_ASK_SESSION:
		session(q, a);
		break;
	case V6D_ASK_BURST:
		burst(q, a);
		break;
	case V6D_ASK_PING:
		echoes(q, a);
		break;
	case V6D_ASK_SLEEP:
		break;
	default:
		fail_msg("asked %d", (int)q->kind);
	}
}

static void
healthy(void)
{
	memset(&world, 0, sizeof(world));
	world.stuck = V6D_SESSION_UP;
	world.came = true;
	world.out = world.in = 1500;
	world.peer_mru = 1500;
	bench_reset();
	bench_fact(V6D_FACT_CONTROL_CALL, V6D_OK, NULL);
}

static void
test_healthy(void **state)
{
	(void)state;
	healthy();
	bench_status(bench_run("gre", answers), V6D_PROBE_PASS);
	bench_expect(GRE_SIZE_OUT, "ok");
	bench_expect(GRE_SIZE_IN, "ok");
	assert_int_equal(bench_value(V6D_FACT_GRE_SIZE_OUT), 1484);
	assert_int_equal(bench_value(V6D_FACT_GRE_SIZE_IN), 1484);
	assert_int_equal(world.largest, 1484); /* our MRU and no more */
	bench_expect(V6_MTU, "ok");
	assert_int_equal(bench_value(V6D_FACT_V6_MTU), 1444);
	bench_expect(GRE_LOSS_IN, "ok");
	bench_expect(GRE_LOSS_OUT, "ok");
	bench_expect(GRE_DATA, "ok");
	assert_int_equal(bench_value(V6D_FACT_GRE_RTT), 500);
	assert_true(bench_now < V6D_S(1));
}

/* A tunnel of 1500 bytes needs packets of 1540, which go in two pieces. */
static void
test_pieces(void **state)
{
	static const struct {
		bool cut_out, cut_in;
		const char *says, *mtu;
		enum v6d_probe_status status;
	} rows[] = {
		{ false, false, "ok", "ok", V6D_PROBE_PASS },
		{ true, false, "bad lost-out", "bad too-big", V6D_PROBE_FAIL },
		{ false, true, "bad lost-in", "bad too-big", V6D_PROBE_FAIL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct v6d_probe_run r;

		healthy();
		bench_plan.mtu = bench_plan.mru = 1500;
		world.out = world.in = 1540;
		world.cut_out = rows[i].cut_out;
		world.cut_in = rows[i].cut_in;
		r = bench_run("gre", answers);
		bench_status(r, rows[i].status);
		assert_int_equal(world.largest, 1540);
		bench_expect(GRE_FRAGMENTS, rows[i].says);
		bench_expect(V6_MTU, rows[i].mtu);
		assert_int_equal(bench_value(V6D_FACT_GRE_SIZE_OUT), 1500);
	}
	/* A line that ends below it is a limit, and nothing else is asked. */
	healthy();
	bench_plan.mtu = bench_plan.mru = 1500;
	world.out = world.in = 1454;
	bench_status(bench_run("gre", answers), V6D_PROBE_FAIL);
	bench_expect(GRE_FRAGMENTS, "");
	bench_expect(GRE_SIZE_OUT, "bad limit");
}

/* A narrow line: larger ones pass where they may be fragmented. */
static void
test_narrow_line(void **state)
{
	(void)state;
	healthy();
	world.out = 1400;
	world.narrow_out = 1500;
	bench_status(bench_run("gre", answers), V6D_PROBE_FAIL);
	bench_expect(GRE_SIZE_OUT, "bad hole");
	assert_int_equal(bench_value(V6D_FACT_GRE_SIZE_OUT), 1400);
	bench_expect(GRE_FRAGMENTS, "ok");
	bench_expect(GRE_SIZE_IN, "ok");
	/* Fragments or not: that is a limit. */
	healthy();
	world.out = 1400;
	bench_run("gre", answers);
	bench_expect(GRE_SIZE_OUT, "bad limit");
	bench_expect(GRE_FRAGMENTS, "");
}

static void
test_sizes(void **state)
{
	static const struct {
		unsigned out, in, mtu;
		const char *says_out, *says_in;
		int64_t value_out, value_in;
		enum v6d_probe_status status;
	} rows[] = {
		{ 1500, 1454, 1444, "ok", "bad limit", 1484, 1454,
		    V6D_PROBE_FAIL },
		{ 1400, 1500, 1444, "bad limit", "ok", 1400, 1484,
		    V6D_PROBE_FAIL },
		{ 1400, 1454, 1444, "bad limit", "bad limit", 1400, 1454,
		    V6D_PROBE_FAIL },
		{ 700, 1400, 1444, "bad limit", "bad limit", 700, 1400,
		    V6D_PROBE_FAIL },
		{ 1400, 1350, 1444, "bad limit", "bad limit", 1400, 1350,
		    V6D_PROBE_FAIL },
		{ 1400, 1400, 1444, "bad limit", "bad limit", 1400, 1400,
		    V6D_PROBE_FAIL },
		{ 700, 700, 1444, "bad limit", "bad limit", 700, 700,
		    V6D_PROBE_FAIL },
		{ 1483, 1500, 1444, "bad limit", "ok", 1483, 1484,
		    V6D_PROBE_FAIL },
		/* Limits that this tunnel never meets. */
		{ 1454, 1450, 1400, "ok", "ok", 1454, 1450, V6D_PROBE_PASS },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		healthy();
		world.out = rows[i].out;
		world.in = rows[i].in;
		bench_plan.mtu = (uint16_t)rows[i].mtu;
		bench_status(bench_run("gre", answers), rows[i].status);
		bench_expect(GRE_SIZE_OUT, rows[i].says_out);
		bench_expect(GRE_SIZE_IN, rows[i].says_in);
		assert_int_equal(
		    bench_value(V6D_FACT_GRE_SIZE_OUT), rows[i].value_out);
		assert_int_equal(
		    bench_value(V6D_FACT_GRE_SIZE_IN), rows[i].value_in);
		bench_expect(V6_MTU,
		    rows[i].status == V6D_PROBE_FAIL ? "bad too-big" : "ok");
		assert_true(bench_now < V6D_S(2));
	}
}

/* The server answers no ICMPv6: more than gets out cannot be asked for. */
static void
test_at_least(void **state)
{
	(void)state;
	healthy();
	world.out = 1400;
	world.no_pong = true;
	bench_status(bench_run("gre", answers), V6D_PROBE_FAIL);
	bench_expect(GRE_SIZE_OUT, "bad limit");
	bench_expect(GRE_SIZE_IN, "unknown at-least");
	assert_int_equal(bench_value(V6D_FACT_GRE_SIZE_IN), 1400);
	healthy();
	world.out = 1400;
	bench_plan.have_tun = false;
	bench_run("gre", answers);
	bench_expect(GRE_SIZE_IN, "unknown at-least");
}

static void
test_reorder(void **state)
{
	const struct v6d_obs *o;

	(void)state;
	healthy();
	world.late = 8;
	bench_status(bench_run("gre", answers), V6D_PROBE_WARN);
	bench_expect(GRE_REORDER, "bad late");
	o = v6d_facts_last(&bench_facts, V6D_FACT_GRE_REORDER);
	assert_true(o->low < o->value && o->value < o->high);
	healthy();
	world.twice = 8;
	bench_status(bench_run("gre", answers), V6D_PROBE_WARN);
	bench_expect(GRE_REORDER, "bad duplicate");
	healthy();
	bench_run("gre", answers);
	bench_expect(GRE_REORDER, "ok");
}

static void
test_blocked(void **state)
{
	struct v6d_probe_run r;

	(void)state;
	healthy();
	world.stuck = V6D_SESSION_LCP;
	world.came = false;
	bench_status(bench_run("gre", answers), V6D_PROBE_FAIL);
	bench_expect(GRE_IN, "bad none");
	assert_true(bench_now <= V6D_MS(5100));
	/* A router said so at once: no need to wait that long. */
	healthy();
	world.stuck = V6D_SESSION_LCP;
	world.came = false;
	v6d_facts_add(&bench_facts, V6D_FACT_GRE_ICMP, "192.168.11.1", V6D_BAD,
	    "first-hop", 3 * 256 + 13);
	r = bench_run("gre", answers);
	bench_status(r, V6D_PROBE_FAIL);
	assert_non_null(strstr(r.summary, "192.168.11.1"));
	assert_true(bench_now <= V6D_MS(2100));
	/* Hung up on. */
	healthy();
	world.stuck = V6D_SESSION_LCP;
	world.why = V6D_WHY_CLOSED;
	world.came = false;
	bench_status(bench_run("gre", answers), V6D_PROBE_FAIL);
	bench_expect(GRE_IN, "bad none");
}

static void
test_link_ended(void **state)
{
	(void)state;
	healthy();
	world.stuck = V6D_SESSION_AUTH;
	world.why = V6D_WHY_AUTH_REJECTED;
	bench_fact(V6D_FACT_GRE_OUT, V6D_OK, NULL);
	bench_status(bench_run("gre", answers), V6D_PROBE_PASS);
	bench_expect(GRE_SIZE_IN, "");
	healthy();
	world.stuck = V6D_SESSION_LCP;
	bench_status(bench_run("gre", answers), V6D_PROBE_UNKNOWN);
	bench_expect(GRE_IN, "ok");
}

/* The server asks again and again, and never heard us. */
static void
test_ignored(void **state)
{
	(void)state;
	healthy();
	world.stuck = V6D_SESSION_LCP;
	v6d_facts_add(&bench_facts, V6D_FACT_GRE_IN, NULL, V6D_OK, NULL, 2);
	bench_status(bench_run("gre", answers), V6D_PROBE_FAIL);
	bench_expect(GRE_OUT, "bad unacknowledged");
}

static void
test_loss_and_change(void **state)
{
	(void)state;
	healthy();
	world.lose_every = 6;
	bench_status(bench_run("gre", answers), V6D_PROBE_WARN);
	bench_expect(GRE_LOSS_OUT, "bad loss");
	bench_expect(GRE_LOSS_IN, "ok");
	healthy();
	world.lose_every = 6;
	world.in_gaps = 24; /* holes in the peer's numbers: lost inwards */
	bench_status(bench_run("gre", answers), V6D_PROBE_WARN);
	bench_expect(GRE_LOSS_OUT, "ok");
	bench_expect(GRE_LOSS_IN, "bad loss");
	healthy();
	world.lose_every = 32; /* one in 32: too few to be sure of 3 % */
	bench_status(bench_run("gre", answers), V6D_PROBE_PASS);
	healthy();
	world.changed = true;
	bench_status(bench_run("gre", answers), V6D_PROBE_FAIL);
	bench_expect(GRE_DATA, "bad changed");
	healthy(); /* too seldom for the few that a sweep sends */
	world.changed_long = true;
	bench_status(bench_run("gre", answers), V6D_PROBE_FAIL);
	bench_expect(GRE_DATA, "bad changed");
	bench_expect(GRE_SIZE_IN, "ok");
}

static void
test_no_echo(void **state)
{
	(void)state;
	healthy();
	world.mute = true;
	bench_status(bench_run("gre", answers), V6D_PROBE_WARN);
	bench_expect(GRE_SIZE_IN, "");
	bench_expect(GRE_SIZE_OUT, "");
	bench_expect(V6_MTU, "");
}

/*
 * What the server waited for was lost: its link opens seconds later than ours,
 * and before that it answers no echo.
 */
static void
test_late_link(void **state)
{
	static const struct {
		v6d_ns lcp_at, up_at;
		bool heard; /* the server has answered something */
		enum v6d_probe_status status;
		const char *out;
	} rows[] = {
		{ V6D_MS(100), V6D_S(7), true, V6D_PROBE_PASS, "ok" },
		{ V6D_S(7), V6D_S(8), true, V6D_PROBE_PASS, "ok" },
		{ V6D_S(7), V6D_S(8), false, V6D_PROBE_UNKNOWN, "" },
		{ V6D_MS(100), V6D_S(60), true, V6D_PROBE_WARN, "" },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		healthy();
		world.lcp_at = rows[i].lcp_at;
		world.up_at = rows[i].up_at;
		if (rows[i].heard)
			bench_fact(V6D_FACT_GRE_OUT, V6D_OK, NULL);
		bench_status(bench_run("gre", answers), rows[i].status);
		bench_expect(GRE_SIZE_OUT, rows[i].out);
		assert_true(bench_now < V6D_S(12));
	}
}

/* The peer's numbers tell of losses where no echo can. */
static void
test_gaps(void **state)
{
	static const struct {
		unsigned gaps;
		bool mute; /* the link opens, and no echo is answered */
		const char *in;
	} rows[] = {
		{ 3, false, "bad loss" },
		{ 3, true, "bad loss" },
		{ 1, false, "" },
		{ 1, true, "" },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		healthy();
		world.frames = 7;
		world.gaps = rows[i].gaps;
		world.mute = rows[i].mute;
		world.stuck = rows[i].mute ? V6D_SESSION_AUTH : V6D_SESSION_LCP;
		bench_fact(V6D_FACT_GRE_OUT, V6D_OK, NULL);
		bench_run("gre", answers);
		bench_expect(GRE_LOSS_IN, rows[i].in);
		if (rows[i].in[0])
			assert_int_equal(
			    bench_value(V6D_FACT_GRE_LOSS_IN), 300);
	}
}

static void
test_not_asked(void **state)
{
	(void)state;
	healthy();
	bench_plan.have_raw = false;
	bench_status(bench_run("gre", answers), V6D_PROBE_SKIPPED);
	healthy();
	bench_fact(V6D_FACT_CONTROL_CALL, V6D_BAD, "timeout");
	bench_status(bench_run("gre", answers), V6D_PROBE_SKIPPED);
	assert_int_equal(bench_asks, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_healthy),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_narrow_line),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_at_least),
		cmocka_unit_test(test_reorder),
		cmocka_unit_test(test_blocked),
		cmocka_unit_test(test_link_ended),
		cmocka_unit_test(test_ignored),
		cmocka_unit_test(test_loss_and_change),
		cmocka_unit_test(test_no_echo),
		cmocka_unit_test(test_late_link),
		cmocka_unit_test(test_gaps),
		cmocka_unit_test(test_not_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
