/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_probe_dns.c - resolvers that answer, err, are silent or lie. */
#include "probe_bench.h"

#include <errno.h>

#include "proto/dns.h"

struct type_world {
	unsigned silent; /* so many tries */
	int err;
	uint8_t rcode;
	bool nodata, other, mapped, slow, truncated;
};

static struct {
	struct type_world a, aaaa;
	bool no_tunnel;
	bool one_answer; /* of two from one port */
	bool no_tcp, no_edns, edns_silent;
	const char *rdnss;
} world;

/* How it is asked, not what. */
static bool
manner(const struct v6d_ask *q, struct v6d_answer *a)
{
	a->dns_answered = q->qtype2 ? 3 : 1;
	if (q->qtype2) {
		/* A slow resolver is given its time. */
		assert_true(!world.aaaa.slow || q->timeout > V6D_MS(2000));
		assert_int_equal(q->qtype, V6D_DNS_A);
		assert_int_equal(q->qtype2, V6D_DNS_AAAA);
		assert_false(q->tcp);
		if (world.one_answer) {
			a->how = V6D_ANSWER_TIMEOUT;
			a->dns_answered = 1;
		}
		return true;
	}
	if (q->tcp && world.no_tcp) {
		a->how = V6D_ANSWER_TIMEOUT;
		return true;
	}
	if (q->edns && world.edns_silent) {
		a->how = V6D_ANSWER_TIMEOUT;
		return true;
	}
	if (q->edns && world.no_edns) {
		a->rcode = V6D_DNS_FORMERR;
		return true;
	}
	return false;
}

static void
answers(const struct v6d_ask *q, struct v6d_answer *a)
{
	struct type_world *w = q->qtype == V6D_DNS_A ? &world.a : &world.aaaa;

	if (q->kind == V6D_ASK_RA) {
		a->ra_seen = !world.no_tunnel;
		if (!world.rdnss)
			return;
		a->ra.n_rdnss = 1;
		a->ra.rdnss[0] = bench_addr(world.rdnss);
		a->ra.rdnss_lifetime_s = 1800;
		return;
	}
	assert_int_equal(q->kind, V6D_ASK_DNS);
	assert_string_equal(q->name, "www.example.net");
	assert_int_equal(
	    q->ns, q->addr.family == 6 ? V6D_NS_TUNNEL : V6D_NS_HOST);
	if (manner(q, a))
		return;
	if (w->silent > 0) {
		w->silent--;
		a->how = V6D_ANSWER_TIMEOUT;
		return;
	}
	a->err = w->err;
	a->rcode = w->rcode;
	a->truncated = w->truncated && !q->tcp;
	a->took = w->slow ? V6D_MS(1200) : V6D_MS(2);
	a->n_addrs = !w->nodata && !w->err && !w->rcode && !a->truncated;
	a->addrs[0] = bench_addr(q->qtype == V6D_DNS_A ? "192.0.2.80"
				 : w->other            ? "2001:db8::bad"
				 : w->mapped           ? "::ffff:192.0.2.80"
						       : "2001:db8:b::80");
}

static void
test_table(void **state)
{
	static const struct {
		struct type_world a, aaaa;
		const char *says_a, *says_aaaa;
		enum v6d_probe_status status;
	} rows[] = {
		{ { 0 }, { 0 }, "ok", "ok", V6D_PROBE_PASS },
		{ { .silent = 1 }, { .silent = 1 }, "ok", "ok",
		    V6D_PROBE_PASS },
		{ { 0 }, { .silent = 5 }, "ok", "ok", V6D_PROBE_PASS },
		{ { 0 }, { .silent = 6 }, "ok", "bad timeout", V6D_PROBE_FAIL },
		{ { .silent = 6 }, { .silent = 6 }, "bad timeout",
		    "bad timeout", V6D_PROBE_FAIL },
		{ { 0 }, { .rcode = 3 }, "ok", "bad nxdomain", V6D_PROBE_FAIL },
		{ { 0 }, { .rcode = 2 }, "ok", "bad servfail", V6D_PROBE_FAIL },
		{ { 0 }, { .rcode = 4 }, "ok", "bad notimp", V6D_PROBE_FAIL },
		{ { 0 }, { .rcode = 5 }, "ok", "bad refused", V6D_PROBE_FAIL },
		{ { 0 }, { .nodata = true }, "ok", "bad nodata",
		    V6D_PROBE_FAIL },
		{ { 0 }, { .other = true }, "ok", "bad wrong", V6D_PROBE_FAIL },
		{ { 0 }, { .slow = true }, "ok", "bad slow", V6D_PROBE_WARN },
		{ { 0 }, { .err = EBADMSG }, "ok", "bad malformed",
		    V6D_PROBE_FAIL },
		{ { .err = ECONNREFUSED }, { 0 }, "bad refused", "ok",
		    V6D_PROBE_FAIL },
		{ { 0 }, { .truncated = true }, "ok", "ok", V6D_PROBE_PASS },
	};

	memset(&world, 0, sizeof(world));

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bench_reset();
		world.a = rows[i].a;
		world.aaaa = rows[i].aaaa;
		bench_status(bench_run("dns", answers), rows[i].status);
		bench_expect(DNS_A, rows[i].says_a);
		bench_expect(DNS_AAAA, rows[i].says_aaaa);
	}
}

static void
test_resolvers(void **state)
{
	(void)state;
	bench_reset();
	memset(&world, 0, sizeof(world));
	bench_plan.n_resolvers = V6D_TARGETS;
	for (unsigned i = 0; i < V6D_TARGETS; i++) {
		bench_plan.resolvers[i] = bench_addr("192.0.2.53");
		bench_plan.resolvers[i].b[3] = (uint8_t)i;
	}
	bench_status(bench_run("dns", answers), V6D_PROBE_PASS);
	assert_int_equal(bench_facts.n, 5 * V6D_TARGETS);
	/* One behind the tunnel waits for it. */
	bench_reset();
	bench_plan.resolvers[0] = bench_addr("2001:db8:b::53");
	bench_status(bench_run("dns", answers), V6D_PROBE_PASS);
	bench_reset();
	bench_plan.resolvers[0] = bench_addr("2001:db8:b::53");
	world.no_tunnel = true;
	bench_status(bench_run("dns", answers), V6D_PROBE_UNKNOWN);
	assert_int_equal(bench_facts.n, 0);
}

/* One that answers is asked as libc and stubs ask, too. */
static void
test_manners(void **state)
{
	(void)state;
	bench_reset();
	memset(&world, 0, sizeof(world));
	bench_status(bench_run("dns", answers), V6D_PROBE_PASS);
	bench_expect(DNS_PAIR, "ok");
	bench_expect(DNS_TCP, "ok");
	bench_expect(DNS_EDNS, "ok");
	assert_int_equal(bench_value(V6D_FACT_DNS_EDNS), 1232);

	bench_reset();
	world.one_answer = true;
	bench_status(bench_run("dns", answers), V6D_PROBE_WARN);
	bench_expect(DNS_A, "ok");
	bench_expect(DNS_AAAA, "ok");
	bench_expect(DNS_PAIR, "bad one");
	world.one_answer = false;

	/* TCP is needed by nobody as long as nothing is cut. */
	bench_reset();
	world.no_tcp = world.no_edns = true;
	bench_status(bench_run("dns", answers), V6D_PROBE_PASS);
	bench_expect(DNS_TCP, "bad timeout");
	bench_expect(DNS_EDNS, "bad malformed");

	bench_reset();
	world.aaaa.truncated = true;
	bench_status(bench_run("dns", answers), V6D_PROBE_FAIL);
	bench_expect(DNS_A, "ok");
	bench_expect(DNS_AAAA, "bad truncated");
	bench_expect(DNS_PAIR, "");

	/* A silent one is not asked for more. */
	bench_reset();
	memset(&world, 0, sizeof(world));
	world.a.silent = world.aaaa.silent = 9;
	bench_status(bench_run("dns", answers), V6D_PROBE_FAIL);
	bench_expect(DNS_TCP, "");
	bench_expect(DNS_PAIR, "");
}

static void
test_advertised(void **state)
{
	struct v6d_probe_run r;

	(void)state;
	bench_reset();
	memset(&world, 0, sizeof(world));
	world.rdnss = "2001:db8:b::53";
	r = bench_run("dns", answers);
	bench_status(r, V6D_PROBE_PASS);
	assert_non_null(strstr(r.summary, "2 resolvers"));
	assert_non_null(
	    v6d_facts_of(&bench_facts, V6D_FACT_DNS_AAAA, "2001:db8:b::53"));
	/* One that the host names already is asked once. */
	bench_reset();
	bench_plan.resolvers[0] = bench_addr("2001:db8:b::53");
	r = bench_run("dns", answers);
	assert_non_null(strstr(r.summary, "1 resolver"));
	assert_null(strstr(r.summary, "resolvers"));
}

/* Without a literal to compare with, what nobody can be reached at. */
static void
test_nobodys(void **state)
{
	(void)state;
	bench_reset();
	memset(&world, 0, sizeof(world));
	bench_plan.literal.family = 0;
	world.aaaa.other = true; /* some other global address is none's fault */
	bench_status(bench_run("dns", answers), V6D_PROBE_PASS);
	bench_reset();
	bench_plan.literal.family = 0;
	world.aaaa.other = false;
	world.aaaa.mapped = true;
	bench_status(bench_run("dns", answers), V6D_PROBE_FAIL);
	bench_expect(DNS_AAAA, "bad wrong");
}

/* What is lost by chance is no manner of the resolver's. */
static void
test_lossy(void **state)
{
	(void)state;
	for (unsigned lossy = 0; lossy < 2; lossy++) {
		bench_reset();
		memset(&world, 0, sizeof(world));
		world.a.silent = lossy;
		world.one_answer = world.no_tcp = world.edns_silent = true;
		bench_run("dns", answers);
		bench_expect(DNS_A, "ok");
		bench_expect(DNS_PAIR, lossy ? "unknown lossy" : "bad one");
		bench_expect(DNS_TCP, lossy ? "unknown lossy" : "bad timeout");
		bench_expect(DNS_EDNS, lossy ? "unknown lossy" : "bad timeout");
		/* A, AAAA; pairs, TCP and EDNS five times each */
		assert_int_equal(bench_asks, 1 + 2 + 3 * 5 + lossy * 2);
	}
}

/* Behind a tunnel in which nothing answers, silence says nothing of it. */
static void
test_behind_the_tunnel(void **state)
{
	(void)state;
	bench_reset();
	memset(&world, 0, sizeof(world));
	bench_plan.resolvers[0] = bench_addr("2001:db8:b::53");
	world.a.silent = world.aaaa.silent = 9;
	bench_status(bench_run("dns", answers), V6D_PROBE_UNKNOWN);
	bench_expect(DNS_AAAA, "unknown silent");
	bench_reset();
	bench_plan.resolvers[0] = bench_addr("2001:db8:b::53");
	bench_fact(V6D_FACT_V6_SMALL, V6D_OK, NULL);
	world.a.silent = world.aaaa.silent = 9;
	bench_status(bench_run("dns", answers), V6D_PROBE_FAIL);
	bench_expect(DNS_AAAA, "bad timeout");
	bench_reset();
	memset(&world, 0, sizeof(world));
	world.a.err = world.aaaa.err = ENETUNREACH;
	bench_status(bench_run("dns", answers), V6D_PROBE_UNKNOWN);
	bench_expect(DNS_A, "unknown unreachable");
}

static void
test_not_asked(void **state)
{
	(void)state;
	bench_reset();
	bench_plan.n_resolvers = 0;
	bench_status(bench_run("dns", answers), V6D_PROBE_SKIPPED);
	bench_reset();
	bench_plan.name[0] = '\0';
	bench_status(bench_run("dns", answers), V6D_PROBE_SKIPPED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_resolvers),
		cmocka_unit_test(test_manners),
		cmocka_unit_test(test_advertised),
		cmocka_unit_test(test_nobodys),
		cmocka_unit_test(test_lossy),
		cmocka_unit_test(test_behind_the_tunnel),
		cmocka_unit_test(test_not_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
