/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_probe_ra.c - an advertisement, and what the kernel made of it. */
#include "probe_bench.h"

static struct {
	bool none, refuse, farewell; /* the first has a lifetime of 0 */
	uint16_t lifetime_s;
	bool autonomous;
	const char *addr, *gateway; /* in the kernel, or NULL */
	unsigned tentative_looks;
	bool dadfailed, elsewhere, deprecated, fixed;
	uint32_t mtu;
	int accept_ra, forwarding;
} world;

static void
advertise(struct v6d_answer *a)
{
	struct v6d_ra *ra = &a->ra;

	if (world.none) {
		a->how = V6D_ANSWER_TIMEOUT;
		return;
	}
	a->ra_seen = true;
	ra->lifetime_s = world.farewell ? 0 : world.lifetime_s;
	world.farewell = false;
	ra->mtu = world.mtu;
	ra->n_prefixes = 1;
	ra->prefixes[0].prefix.addr = bench_addr("2001:db8:1::");
	ra->prefixes[0].prefix.len = 64;
	ra->prefixes[0].autonomous = world.autonomous;
	ra->prefixes[0].valid_s = 3600;
	ra->source_link_local = ra->hop_limit_255 = true;
	ra->code_0 = ra->checksum_ok = true;
}

static void
addrs(struct v6d_answer *a)
{
	struct v6d_answer_addr *k = a->kernel_addrs;

	k[0].addr.addr = bench_addr("fe80::2");
	k[0].tunnel = true;
	a->n_kernel_addrs = world.addr ? 2 : 1;
	if (!world.addr)
		return;
	k[1].addr.addr = bench_addr(world.addr);
	k[1].tunnel = true;
	k[1].dadfailed = world.dadfailed;
	k[1].deprecated = world.deprecated;
	k[1].valid_s = world.fixed ? UINT32_MAX : 3600;
	k[1].tentative = world.tentative_looks > 0;
	if (world.tentative_looks > 0)
		world.tentative_looks--;
}

static void
answers(const struct v6d_ask *q, struct v6d_answer *a)
{
	assert_int_equal(
	    q->kind == V6D_ASK_SLEEP ? V6D_NS_TUNNEL : q->ns, V6D_NS_TUNNEL);
	if (world.refuse) {
		a->how = V6D_ANSWER_REFUSED;
		return;
	}
	switch ((int)q->kind) {
	case V6D_ASK_RA:
		advertise(a);
		break;
	case V6D_ASK_ADDRS_OF:
		addrs(a);
		break;
	case V6D_ASK_ROUTES_OF:
		a->n_routes = world.gateway || world.elsewhere;
		a->routes[0].tunnel = !world.elsewhere;
		a->routes[0].gateway =
		    bench_addr(world.gateway ? world.gateway : "fe80::9");
		a->routes[0].metric = 1024;
		break;
	case V6D_ASK_SYSCTL:
		assert_non_null(strstr(q->name, "/v6tun0/"));
		a->value = strstr(q->name, "accept_ra")    ? world.accept_ra
			   : strstr(q->name, "forwarding") ? world.forwarding
							   : 0;
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
	world.lifetime_s = 1800;
	world.autonomous = true;
	world.addr = "2001:db8:1::2";
	world.gateway = "fe80::1";
	world.accept_ra = 1;
	bench_reset();
}

static void
test_pass(void **state)
{
	(void)state;
	healthy();
	bench_status(bench_run("ra", answers), V6D_PROBE_PASS);
	bench_expect(RA_USED, "ok");
	bench_expect(ADDR_GLOBAL, "ok");
	bench_expect(ROUTE_DEFAULT, "ok");
	assert_int_equal(bench_value(V6D_FACT_ROUTE_DEFAULT), 1024);
	healthy();
	world.farewell = true;
	bench_status(bench_run("ra", answers), V6D_PROBE_PASS);
	healthy();
	world.tentative_looks = 2;
	bench_status(bench_run("ra", answers), V6D_PROBE_PASS);
	bench_expect(ADDR_GLOBAL, "ok");
}

static void
test_absent(void **state)
{
	(void)state;
	healthy();
	world.none = true;
	world.addr = world.gateway = NULL;
	bench_status(bench_run("ra", answers), V6D_PROBE_FAIL);
	bench_expect(RA_RECEIVED, "bad none");
	bench_expect(RA_USED, "");
	bench_expect(ADDR_GLOBAL, "bad none");
	bench_expect(ROUTE_DEFAULT, "bad none");
	assert_true(bench_now < V6D_S(5));
}

static void
logged_in_for(v6d_ns took)
{
	healthy();
	world.none = true;
	bench_fact(V6D_FACT_CONTROL_CALL, V6D_OK, NULL);
	bench_facts.now += took;
	bench_fact(V6D_FACT_PPP_IPV6CP, V6D_OK, NULL);
	bench_now += took;
}

/* A server that is slow to log in may be slow to advertise. */
static void
test_slow_server(void **state)
{
	struct v6d_probe_run r;

	(void)state;
	logged_in_for(V6D_MS(900));
	r = bench_run("ra", answers);
	assert_string_equal(r.summary, "no router advertisement came in 4 s");
	logged_in_for(V6D_S(3));
	r = bench_run("ra", answers);
	assert_string_equal(r.summary, "no router advertisement came in 9 s");
	assert_true(bench_now >= V6D_S(12));
	logged_in_for(V6D_S(20));
	r = bench_run("ra", answers);
	assert_string_equal(r.summary, "no router advertisement came in 15 s");
}

static void
test_ignored(void **state)
{
	struct v6d_probe_run r;

	(void)state;
	healthy();
	world.addr = world.gateway = NULL;
	world.forwarding = 1;
	r = bench_run("ra", answers);
	bench_status(r, V6D_PROBE_FAIL);
	assert_non_null(strstr(r.summary, "forwarding is 1"));
	bench_expect(HOST_ACCEPT_RA, "bad forwarding");
	bench_expect(RA_USED, "bad nothing");
	healthy();
	world.addr = NULL;
	bench_run("ra", answers);
	bench_expect(RA_USED, "bad no-address");
	healthy();
	world.gateway = NULL;
	bench_run("ra", answers);
	bench_expect(RA_USED, "bad no-route");
}

/* The kernel did all that it was told: that is not its fault. */
static void
test_incomplete(void **state)
{
	(void)state;
	healthy();
	world.lifetime_s = 0;
	world.gateway = NULL;
	bench_status(bench_run("ra", answers), V6D_PROBE_FAIL);
	bench_expect(RA_USED, "ok");
	bench_expect(ROUTE_DEFAULT, "bad none");
	healthy();
	world.autonomous = false;
	world.addr = NULL;
	bench_status(bench_run("ra", answers), V6D_PROBE_FAIL);
	bench_expect(RA_USED, "ok");
	bench_expect(ADDR_GLOBAL, "bad none");
}

static void
test_others(void **state)
{
	(void)state;
	healthy();
	world.dadfailed = true;
	bench_status(bench_run("ra", answers), V6D_PROBE_FAIL);
	bench_expect(ADDR_GLOBAL, "bad dadfailed");
	healthy();
	world.gateway = NULL;
	world.elsewhere = true;
	bench_status(bench_run("ra", answers), V6D_PROBE_FAIL);
	bench_expect(ROUTE_DEFAULT, "bad elsewhere");
	healthy();
	bench_plan.in_place = true;
	bench_status(bench_run("ra", answers), V6D_PROBE_PASS);
	bench_expect(RA_RECEIVED, "");
	healthy();
	world.refuse = true;
	bench_status(bench_run("ra", answers), V6D_PROBE_UNKNOWN);
	healthy();
	bench_plan.have_tun = false;
	bench_status(bench_run("ra", answers), V6D_PROBE_SKIPPED);
}

/* It was used, and grows old. */
static void
test_deprecated(void **state)
{
	(void)state;
	healthy();
	world.deprecated = true;
	bench_status(bench_run("ra", answers), V6D_PROBE_WARN);
	bench_expect(ADDR_GLOBAL, "bad deprecated");
	bench_expect(RA_USED, "ok");
}

static void
test_mtu(void **state)
{
	(void)state;
	healthy();
	world.mtu = 1444;
	bench_run("ra", answers);
	bench_expect(RA_MTU, "");
	healthy();
	world.mtu = 1445;
	bench_run("ra", answers);
	bench_expect(RA_MTU, "bad too-big");
}

static void
test_privacy(void **state)
{
	(void)state;
	healthy();
	bench_run("ra", answers);
	bench_expect(ADDR_PRIVACY, "ok");
	healthy();
	world.addr = "2001:db8:1:0:129a:ddff:fe4a:472d";
	bench_run("ra", answers);
	bench_expect(ADDR_PRIVACY, "bad eui64");
}

/* In place: forwarding was switched on after the advertisement. */
static void
test_trap(void **state)
{
	(void)state;
	healthy();
	bench_plan.in_place = true;
	world.gateway = NULL;
	world.forwarding = 1;
	bench_run("ra", answers);
	bench_expect(RA_USED, "bad no-route");
	bench_expect(HOST_ACCEPT_RA, "bad forwarding");
	healthy();
	bench_plan.in_place = world.fixed = true;
	world.gateway = NULL;
	world.forwarding = 1;
	bench_run("ra", answers); /* its address is no advertisement's */
	bench_expect(RA_USED, "");
	healthy();
	bench_plan.in_place = true;
	world.gateway = NULL;
	bench_run("ra", answers);
	bench_expect(RA_USED, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pass),
		cmocka_unit_test(test_absent),
		cmocka_unit_test(test_slow_server),
		cmocka_unit_test(test_ignored),
		cmocka_unit_test(test_incomplete),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_deprecated),
		cmocka_unit_test(test_mtu),
		cmocka_unit_test(test_privacy),
		cmocka_unit_test(test_trap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
