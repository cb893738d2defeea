/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_probe_name.c - the same page by name and by address. */
#include "probe_bench.h"

#include <errno.h>

static struct {
	bool silent, wrong, page, accepts, refuse;
} world;

static void
answers(const struct v6d_ask *q, struct v6d_answer *a)
{
	bool right = v6d_addr_eq(&q->addr, &bench_plan.literal);

	switch ((int)q->kind) {
	case V6D_ASK_RA:
		a->ra_seen = true;
		return;
	case V6D_ASK_DNS:
		if (world.silent) {
			a->how = V6D_ANSWER_TIMEOUT;
			return;
		}
		a->n_addrs = 1;
		a->addrs[0] = world.wrong ? bench_addr("2001:db8::bad")
					  : bench_plan.literal;
		return;
	case V6D_ASK_HTTP:
		break;
	default:
		fail_msg("asked %d", (int)q->kind);
	}
	assert_int_equal(q->ns, V6D_NS_TUNNEL);
	assert_string_equal(q->host, "www.example.net");
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

static void
test_fail(void **state)
{
	struct v6d_probe_run r;

	(void)state;
	healthy();
	world.silent = true;
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
		cmocka_unit_test(test_fail),
		cmocka_unit_test(test_known_silent),
		cmocka_unit_test(test_not_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
