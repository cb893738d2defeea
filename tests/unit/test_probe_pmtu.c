/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_probe_pmtu.c - path MTU and black holes, each way. */
#include "probe_bench.h"

#include <errno.h>

static struct {
	unsigned out, in; /* largest IPv6 packets that pass */
	bool ptb_out; /* too big a packet of ours is answered */
	bool ptb_in; /* the target hears of its too big packets */
	uint32_t ptb_says; /* 0: the truth */
	unsigned narrow; /* behind this hop packets over `out` vanish */
	bool no_echo, http, refuse_http;
	uint64_t page;
	bool no_uploads;
	bool learned;
	unsigned lose_every, count;
	uint16_t piece; /* replies come in fragments of up to so many bytes */
	unsigned no_ack; /* so much longer when the reply brings no GRE ack */
} world;

static unsigned
smaller(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static void
http(const struct v6d_ask *q, struct v6d_answer *a)
{
	unsigned packet = q->maxseg ? q->maxseg + 60u : 1444;
	bool stuck = q->put ? world.out < packet && !world.ptb_out
			    : world.in < packet && !world.ptb_in;

	assert_true(q->stall > 0);
	if (!world.http) {
		a->err = ECONNREFUSED;
		return;
	}
	a->connected = true;
	a->mss = 1372;
	a->peer_mss = 1440;
	a->packet = (uint16_t)smaller(packet, q->put ? world.out : world.in);
	a->status = 200;
	a->bytes = q->put ? q->size : world.page;
	if (q->put && world.no_uploads) {
		a->bytes = 0;
		a->status = 0;
		a->err = ECONNRESET;
	}
	if (stuck && a->bytes > 1400) {
		a->bytes = 0;
		a->stalled = true;
		a->packet = 0;
		a->status = q->put ? 0 : 200;
		a->took = q->stall;
	}
}

static bool
echo(const struct v6d_ask *q, struct v6d_answer_frame *f, unsigned size)
{
	unsigned request = q->df ? size : 1280;

	if (f->error)
		return false;
	if (world.no_echo ||
	    (world.lose_every && ++world.count % world.lose_every == 0))
		return false;
	if (request > world.out) {
		if (world.ptb_out) {
			f->error = 2 << 8;
			f->error_mtu =
			    world.ptb_says ? world.ptb_says : world.out;
			f->error_from = bench_addr("2001:db8:a::1");
		}
		return false;
	}
	if (size <= world.in + (q->df ? 0 : world.no_ack) ||
	    (world.ptb_in && world.learned))
		return true;
	world.learned = true;
	return false;
}

/* Three routers; each reports what ends there, if it gets that far. */
static void
expire(struct v6d_answer_frame *f, unsigned hop, unsigned size)
{
	if (hop > 3 || (size > world.out && hop > world.narrow))
		return;
	f->error = 3 << 8;
	f->error_from = bench_addr(hop == 1   ? "2001:db8:1::1"
				   : hop == 2 ? "2001:db8:a::2"
					      : "2001:db8:b::1");
}

static void
answers(const struct v6d_ask *q, struct v6d_answer *a)
{
	assert_int_equal(q->ns, V6D_NS_TUNNEL);
	switch ((int)q->kind) {
	case V6D_ASK_RA:
		a->ra_seen = true;
		break;
	case V6D_ASK_HTTP:
		if (world.refuse_http)
			a->how = V6D_ANSWER_REFUSED;
		else
			http(q, a);
		break;
	case V6D_ASK_PING:
		for (unsigned i = 0; i < q->n_frames; i++) {
			struct v6d_answer_frame *f = &a->frames[i];

			if (q->frames[i].hops) {
				expire(f, q->frames[i].hops,
				    q->frames[i].outer_len);
				continue;
			}
			f->answered = echo(q, f, q->frames[i].outer_len);
			f->rtt = V6D_MS(1);
			if (q->frames[i].outer_len > world.piece)
				f->piece = world.piece;
		}
		if (world.no_echo)
			a->how = V6D_ANSWER_TIMEOUT;
		break;
	default:
		fail_msg("asked %d", (int)q->kind);
	}
}

static void
path(unsigned out, unsigned in, bool ptb_out, bool ptb_in)
{
	memset(&world, 0, sizeof(world));
	world.out = out;
	world.in = in;
	world.ptb_out = ptb_out;
	world.ptb_in = ptb_in;
	world.http = true;
	world.page = 100000;
	bench_reset();
}

static void
test_healthy(void **state)
{
	(void)state;
	path(1500, 1500, true, true);
	bench_status(bench_run("pmtu", answers), V6D_PROBE_PASS);
	bench_expect(V6_GET, "ok");
	bench_expect(V6_PUT, "ok");
	bench_expect(V6_PMTU_IN, "ok");
	bench_expect(V6_PMTU_OUT, "ok");
	bench_expect(V6_MSS, "ok");
	assert_int_equal(bench_value(V6D_FACT_V6_MSS), 1440);
	assert_int_equal(bench_value(V6D_FACT_V6_PACKET_IN), 1444);
	assert_int_equal(bench_value(V6D_FACT_V6_PMTU_OUT), 1444);
	assert_true(bench_now < V6D_S(1));
}

static void
test_told(void **state)
{
	(void)state;
	path(1300, 1300, true, true);
	bench_status(bench_run("pmtu", answers), V6D_PROBE_PASS);
	bench_expect(V6_PMTU_OUT, "ok");
	bench_expect(V6_PMTU_IN, "ok");
	assert_int_equal(bench_value(V6D_FACT_V6_PMTU_OUT), 1300);
	assert_int_equal(bench_value(V6D_FACT_V6_PTB), 1300);
}

/* An answer in fragments is no evidence for large packets on the way in. */
static void
test_fragmented_replies(void **state)
{
	(void)state;
	path(1500, 1500, true, true);
	world.piece = 1280;
	world.refuse_http = true; /* nothing else to tell by */
	bench_run("pmtu", answers);
	bench_expect(V6_PMTU_IN, "ok");
	assert_int_equal(bench_value(V6D_FACT_V6_PMTU_IN), 1280);
	assert_int_equal(bench_value(V6D_FACT_V6_PMTU_OUT), 1444);
	path(1500, 1500, true, true);
	world.piece = 1280; /* but the download came in full packets */
	bench_run("pmtu", answers);
	assert_int_equal(bench_value(V6D_FACT_V6_PMTU_IN), 1444);
}

/* What packet-too-big says is judged before it is believed. */
static void
test_ptb(void **state)
{
	(void)state;
	path(1300, 1300, true, true);
	world.ptb_says = 1200;
	bench_run("pmtu", answers);
	bench_expect(V6_PTB, "bad too-small");
	path(1300, 1300, true, true);
	world.ptb_says = 1500;
	bench_run("pmtu", answers);
	bench_expect(V6_PTB, "bad too-big");
}

/* The hop that swallows lies between two routers that are named. */
static void
test_hops(void **state)
{
	const struct v6d_obs *o;

	(void)state;
	path(1333, 1500, false, true);
	world.narrow = 1;
	bench_status(bench_run("pmtu", answers), V6D_PROBE_FAIL);
	o = v6d_facts_last(&bench_facts, V6D_FACT_V6_HOP_LAST);
	assert_non_null(o);
	assert_string_equal(o->subject, "2001:db8:1::1");
	assert_int_equal(o->value, 1);
	o = v6d_facts_last(&bench_facts, V6D_FACT_V6_HOP_NEXT);
	assert_non_null(o);
	assert_string_equal(o->subject, "2001:db8:a::2");
	assert_int_equal(o->value, 2);
	/* All report: it is behind the last of them. */
	path(1333, 1500, false, true);
	world.narrow = 3;
	bench_run("pmtu", answers);
	o = v6d_facts_last(&bench_facts, V6D_FACT_V6_HOP_LAST);
	assert_string_equal(o->subject, "2001:db8:b::1");
	bench_expect(V6_HOP_NEXT, "");
}

static void
test_black_holes(void **state)
{
	(void)state;
	path(1300, 1300, true, false); /* packet-too-big is lost inwards */
	bench_status(bench_run("pmtu", answers), V6D_PROBE_FAIL);
	bench_expect(V6_GET, "bad stall");
	bench_expect(V6_GET_SMALL, "ok");
	bench_expect(V6_PUT, "ok");
	bench_expect(V6_PUT_SMALL, "");
	bench_expect(V6_PMTU_IN, "bad blackhole");
	bench_expect(V6_PMTU_OUT, "ok");
	assert_int_equal(bench_value(V6D_FACT_V6_PMTU_IN), 1300);
	path(1333, 1500, false, true);
	bench_status(bench_run("pmtu", answers), V6D_PROBE_FAIL);
	bench_expect(V6_PUT, "bad stall");
	bench_expect(V6_PMTU_OUT, "bad blackhole");
	bench_expect(V6_PMTU_IN, "ok");
	assert_int_equal(bench_value(V6D_FACT_V6_PMTU_OUT), 1333);
	path(1500, 1414, false, false);
	bench_status(bench_run("pmtu", answers), V6D_PROBE_FAIL);
	bench_expect(V6_PMTU_IN, "bad blackhole");
	/* The upload was as large as it gets. */
	bench_expect(V6_PMTU_OUT, "ok");
	assert_int_equal(bench_value(V6D_FACT_V6_PMTU_OUT), 1444);
	assert_int_equal(bench_value(V6D_FACT_V6_PMTU_IN), 1414);
	assert_true(bench_now < V6D_S(8));
	path(1500, 1414, false, false);
	world.no_ack = 4;
	bench_status(bench_run("pmtu", answers), V6D_PROBE_FAIL);
	bench_expect(V6_PMTU_IN, "bad blackhole");
	path(1500, 1414, false, false);
	world.http = false; /* no upload to tell */
	bench_run("pmtu", answers);
	bench_expect(V6_PMTU_OUT, "unknown at-least");
}

/* Where uploads leave holes in GRE the download is not to suffer. */
static void
test_one_by_one(void **state)
{
	(void)state;
	path(1360, 1500, false, true);
	bench_fact(V6D_FACT_GRE_SIZE_OUT, V6D_BAD, "limit");
	bench_status(bench_run("pmtu", answers), V6D_PROBE_FAIL);
	bench_expect(V6_GET, "ok");
	bench_expect(V6_PUT, "bad stall");
	bench_expect(V6_PMTU_IN, "ok");
	bench_expect(V6_PMTU_OUT, "");
}

static void
gre_size(enum v6d_fact fact, enum v6d_state state, int64_t bytes)
{
	v6d_facts_add(&bench_facts, fact, NULL, state,
	    state == V6D_BAD ? "limit" : NULL, bytes);
}

/* A path that is narrower than GRE's limit is found beside it. */
static void
test_under_gre(void **state)
{
	(void)state;
	path(1320, 1500, false, true);
	gre_size(V6D_FACT_GRE_SIZE_OUT, V6D_BAD, 1400);
	bench_status(bench_run("pmtu", answers), V6D_PROBE_FAIL);
	bench_expect(V6_PMTU_OUT, "bad blackhole");
	assert_int_equal(bench_value(V6D_FACT_V6_PMTU_OUT), 1320);
	path(1360, 1500, false, true);
	gre_size(V6D_FACT_GRE_SIZE_OUT, V6D_BAD, 1400);
	bench_run("pmtu", answers);
	bench_expect(V6_PMTU_OUT, "");
	/* No room for a search: nothing is asked. */
	path(1270, 1500, false, true);
	gre_size(V6D_FACT_GRE_SIZE_OUT, V6D_BAD, 1310);
	bench_run("pmtu", answers);
	bench_expect(V6_PMTU_OUT, "");
}

/* One byte less than the tunnel's MTU: by GRE's acknowledgment, or truly? */
static void
test_by_one(void **state)
{
	(void)state;
	path(1443, 1500, false, true);
	bench_run("pmtu", answers);
	bench_expect(V6_PMTU_OUT, "unknown at-least");
	path(1443, 1500, false, true);
	gre_size(V6D_FACT_GRE_SIZE_OUT, V6D_OK, 1484);
	gre_size(V6D_FACT_GRE_SIZE_IN, V6D_OK, 1484);
	bench_run("pmtu", answers);
	bench_expect(V6_PMTU_OUT, "bad blackhole");
	assert_int_equal(bench_value(V6D_FACT_V6_PMTU_OUT), 1443);
}

/* A lost echo is no black hole. */
static void
test_loss(void **state)
{
	(void)state;
	path(1500, 1500, true, true);
	world.lose_every = 11;
	bench_status(bench_run("pmtu", answers), V6D_PROBE_PASS);
	bench_expect(V6_PMTU_IN, "ok");
	bench_expect(V6_PMTU_OUT, "ok");
}

static void
test_little_evidence(void **state)
{
	(void)state;
	path(1500, 1500, true, true);
	world.page = 300; /* too small to show anything */
	bench_status(bench_run("pmtu", answers), V6D_PROBE_PASS);
	bench_expect(V6_GET, "unknown small");
	path(1500, 1500, true, true);
	world.no_uploads = true;
	bench_status(bench_run("pmtu", answers), V6D_PROBE_PASS);
	bench_expect(V6_PUT, "unknown small");
	path(1500, 1500, true, true);
	world.no_echo = true;
	bench_status(bench_run("pmtu", answers), V6D_PROBE_PASS);
	bench_expect(V6_PMTU_IN, "ok"); /* the transfers say so */
	path(1500, 1500, true, true);
	world.no_echo = world.refuse_http = true;
	bench_status(bench_run("pmtu", answers), V6D_PROBE_UNKNOWN);
	assert_int_equal(bench_facts.n, 0);
	path(1500, 1500, true, true);
	world.http = false;
	bench_status(bench_run("pmtu", answers), V6D_PROBE_FAIL);
	bench_expect(V6_GET, "bad refused");
}

static void
test_not_asked(void **state)
{
	(void)state;
	path(1500, 1500, true, true);
	bench_fact(V6D_FACT_V6_SMALL, V6D_BAD, "timeout");
	bench_status(bench_run("pmtu", answers), V6D_PROBE_SKIPPED);
	path(1500, 1500, true, true);
	bench_plan.n_targets = 0;
	bench_status(bench_run("pmtu", answers), V6D_PROBE_SKIPPED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_healthy),
		cmocka_unit_test(test_told),
		cmocka_unit_test(test_ptb),
		cmocka_unit_test(test_hops),
		cmocka_unit_test(test_black_holes),
		cmocka_unit_test(test_fragmented_replies),
		cmocka_unit_test(test_one_by_one),
		cmocka_unit_test(test_under_gre),
		cmocka_unit_test(test_by_one),
		cmocka_unit_test(test_loss),
		cmocka_unit_test(test_little_evidence),
		cmocka_unit_test(test_not_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
