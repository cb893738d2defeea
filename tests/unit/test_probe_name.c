/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_probe_name.c - the same page by name and by address, over both
 * families, and as this host's own programs see it.
 */
#include "probe_bench.h"

#include <errno.h>

#include "proto/dns.h"

static struct {
	unsigned silent; /* so many times */
	bool wrong, page, accepts, refuse;
	bool v6_slow; /* its connection comes after IPv4's */
	v6d_ns aaaa_took;
	bool libc_four, libc_none, libc_conf_four;
	unsigned n_libc, libc_late; /* so many times */
} world;

static void
libc_answers(const struct v6d_ask *q, struct v6d_answer *a)
{
	bool six = !world.libc_four && !(q->addrconfig && world.libc_conf_four);

	assert_int_equal(q->qtype, 0);
	world.n_libc++;
	if (world.n_libc <= world.libc_late) {
		a->how = V6D_ANSWER_TIMEOUT;
	} else if (world.libc_none) {
		a->err = ENOENT;
	} else {
		a->addrs[a->n_addrs++] = bench_addr("192.0.2.80");
		if (six)
			a->addrs[a->n_addrs++] = bench_plan.literal;
	}
}

static void
answers(const struct v6d_ask *q, struct v6d_answer *a)
{
	bool right = v6d_addr_eq(&q->addr, &bench_plan.literal);
	bool four = q->addr.family == 4;

	switch ((int)q->kind) {
	case V6D_ASK_RA:
		a->ra_seen = true;
		return;
	case V6D_ASK_DNS:
		if (q->qtype == V6D_DNS_A) {
			a->n_addrs = 1;
			a->addrs[0] = bench_addr("192.0.2.80");
			return;
		}
		if (world.aaaa_took)
			a->took = world.aaaa_took;
		if (world.silent > 0) {
			world.silent--;
			a->how = V6D_ANSWER_TIMEOUT;
			return;
		}
		a->n_addrs = 1;
		a->addrs[0] = world.wrong ? bench_addr("2001:db8::bad")
					  : bench_plan.literal;
		return;
	case V6D_ASK_LIBC:
		libc_answers(q, a);
		return;
	case V6D_ASK_HTTP:
		break;
	default:
		fail_msg("asked %d", (int)q->kind);
	}
	assert_int_equal(q->ns, four ? V6D_NS_HOST : V6D_NS_TUNNEL);
	assert_string_equal(q->host, "www.example.net");
	if (four || (q->addr2.family == 4 && world.v6_slow)) {
		a->connected = true;
		a->via = 4;
		a->status = 200;
		return;
	}
	a->via = 6;
	if (world.refuse) {
		a->how = V6D_ANSWER_REFUSED;
		return;
	}
	a->connected = right && world.accepts;
	a->status = right && world.page && world.accepts ? 200 : 0;
	if (!a->connected)
		a->err = right ? ECONNREFUSED : ETIMEDOUT;
	else if (!a->status)
		a->stalled = true;
}

static void
healthy(void)
{
	memset(&world, 0, sizeof(world));
	world.page = world.accepts = true;
	bench_reset();
}

static void
test_pass(void **state)
{
	(void)state;
	healthy();
	bench_status(bench_run("name", answers), V6D_PROBE_PASS);
	bench_expect(DNS_NAME, "ok");
	bench_expect(DNS_LITERAL, "ok");
}

/* A resolver that has answered before is asked more than once. */
static void
test_lost(void **state)
{
	(void)state;
	healthy();
	world.silent = 2;
	bench_status(bench_run("name", answers), V6D_PROBE_PASS);
	bench_expect(DNS_NAME, "ok");
}

static void
test_fail(void **state)
{
	struct v6d_probe_run r;

	(void)state;
	healthy();
	world.silent = 6;
	r = bench_run("name", answers);
	bench_status(r, V6D_PROBE_FAIL);
	assert_non_null(strstr(r.summary, "it is the name"));
	bench_expect(DNS_NAME, "bad unresolved");
	bench_expect(DNS_LITERAL, "ok");
	healthy();
	world.wrong = true;
	bench_status(bench_run("name", answers), V6D_PROBE_FAIL);
	bench_expect(DNS_NAME, "bad timeout");
	healthy();
	world.page = false;
	r = bench_run("name", answers);
	bench_status(r, V6D_PROBE_FAIL);
	assert_non_null(strstr(r.summary, "not DNS"));
	bench_expect(DNS_NAME, "bad stall");
	bench_expect(DNS_LITERAL, "bad stall");
	healthy();
	world.accepts = false;
	bench_run("name", answers);
	bench_expect(DNS_LITERAL, "bad refused");
}

/* What the dns check found silent is not waited for once more. */
static void
test_known_silent(void **state)
{
	(void)state;
	healthy();
	v6d_facts_add(&bench_facts, V6D_FACT_DNS_AAAA, "192.0.2.53", V6D_BAD,
	    "timeout", V6D_NO_VALUE);
	bench_status(bench_run("name", answers), V6D_PROBE_FAIL);
	bench_expect(DNS_NAME, "bad unresolved");
	assert_true(bench_now < V6D_MS(100));
}

/* A and AAAA, name and literal. */
static void
test_quadrants(void **state)
{
	struct v6d_probe_run r;

	(void)state;
	healthy();
	bench_status(bench_run("name", answers), V6D_PROBE_PASS);
	bench_expect(V4_NAME, "ok");
	bench_expect(V4_LITERAL, "ok");
	healthy();
	world.accepts = false;
	r = bench_run("name", answers);
	bench_status(r, V6D_PROBE_FAIL);
	assert_non_null(strstr(r.summary, "over IPv4 it comes"));
	bench_expect(V4_NAME, "ok");
	/* A control target that is known to be dead is left alone. */
	healthy();
	bench_fact(V6D_FACT_V4_CONTROL, V6D_BAD, "timeout");
	bench_run("name", answers);
	bench_expect(V4_LITERAL, "");
}

static void
test_fallback(void **state)
{
	(void)state;
	healthy();
	bench_run("name", answers);
	bench_expect(V6_FALLBACK, "ok");
	assert_true(bench_value(V6D_FACT_V6_FALLBACK) <= 2);
	healthy();
	world.v6_slow = true;
	bench_status(bench_run("name", answers), V6D_PROBE_WARN);
	bench_expect(V6_FALLBACK, "bad ipv4");
	/* Resolved more than 50 ms after A: IPv4 is begun with. */
	healthy();
	world.aaaa_took = V6D_MS(700);
	bench_status(bench_run("name", answers), V6D_PROBE_WARN);
	bench_expect(V6_FALLBACK, "bad ipv4");
	assert_int_equal(bench_value(V6D_FACT_V6_FALLBACK), 52);
	healthy();
	world.silent = 6;
	bench_run("name", answers);
	bench_expect(V6_FALLBACK, "bad ipv4");
}

static void
test_libc(void **state)
{
	(void)state;
	healthy(); /* the profile's resolvers are not libc's */
	bench_run("name", answers);
	bench_expect(DNS_LIBC, "");
	healthy();
	bench_plan.libc = true;
	bench_status(bench_run("name", answers), V6D_PROBE_PASS);
	bench_expect(DNS_LIBC, "ok");
	assert_int_equal(world.n_libc, 1);
	healthy();
	bench_plan.libc = world.libc_four = true;
	bench_status(bench_run("name", answers), V6D_PROBE_FAIL);
	bench_expect(DNS_LIBC, "bad none");
	healthy();
	bench_plan.libc = world.libc_none = true;
	bench_run("name", answers);
	bench_expect(DNS_LIBC, "bad none");
	healthy();
	bench_plan.libc = true;
	world.libc_late = 1; /* a packet was lost */
	bench_status(bench_run("name", answers), V6D_PROBE_PASS);
	bench_expect(DNS_LIBC, "ok");
	healthy();
	bench_plan.libc = true;
	world.libc_late = 4; /* several were */
	bench_run("name", answers);
	bench_expect(DNS_LIBC, "ok");
	healthy();
	bench_plan.libc = true;
	world.libc_late = 5;
	bench_run("name", answers);
	bench_expect(DNS_LIBC, "bad timeout");
	assert_int_equal(world.n_libc, 5);
	/* Where the line loses a lot, silence is no word of libc's. */
	healthy();
	bench_plan.libc = true;
	world.libc_late = 9;
	v6d_facts_add(
	    &bench_facts, V6D_FACT_GRE_LOSS_OUT, NULL, V6D_BAD, "loss", 150);
	bench_run("name", answers);
	bench_expect(DNS_LIBC, "unknown lossy");
	assert_int_equal(world.n_libc, 4);
	healthy(); /* the first of four that comes tells */
	bench_plan.libc = true;
	world.libc_late = 3;
	v6d_facts_add(
	    &bench_facts, V6D_FACT_GRE_LOSS_OUT, NULL, V6D_BAD, "loss", 150);
	bench_run("name", answers);
	bench_expect(DNS_LIBC, "ok");
	/* The flag looks at this host's addresses: with a tunnel in place. */
	healthy();
	bench_plan.libc = world.libc_conf_four = bench_plan.in_place = true;
	bench_run("name", answers);
	bench_expect(DNS_LIBC, "bad addrconfig");
	assert_int_equal(world.n_libc, 2);
}

static void
test_not_told(void **state)
{
	(void)state;
	healthy();
	world.refuse = true;
	bench_status(bench_run("name", answers), V6D_PROBE_UNKNOWN);
	healthy();
	bench_plan.name[0] = '\0';
	bench_status(bench_run("name", answers), V6D_PROBE_SKIPPED);
	healthy();
	bench_fact(V6D_FACT_V6_SMALL, V6D_BAD, "timeout");
	bench_status(bench_run("name", answers), V6D_PROBE_SKIPPED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pass),
		cmocka_unit_test(test_lost),
		cmocka_unit_test(test_fail),
		cmocka_unit_test(test_known_silent),
		cmocka_unit_test(test_quadrants),
		cmocka_unit_test(test_fallback),
		cmocka_unit_test(test_libc),
		cmocka_unit_test(test_not_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
