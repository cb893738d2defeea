/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_probe_route.c - routes into the tunnel, and who answers behind it. */
#include "probe_bench.h"

#include <errno.h>

static struct {
	bool no_route, elsewhere, reject, link_local_source, loop;
	bool router, target, http, refuse, closed, closed_source, cut, main;
	bool foreign, tied, filtered;
	int err; /* no route, for that reason; 0: for want of one */
} world;

static void
route_to(const struct v6d_ask *q, struct v6d_answer *a)
{
	struct v6d_answer_route *k = &a->routes[0];

	a->n_routes = 1;
	if (q->addr.family == 4) {
		assert_int_equal(q->ns, V6D_NS_HOST);
		k->tunnel = world.loop;
		return;
	}
	assert_int_equal(q->ns, V6D_NS_TUNNEL);
	k->tunnel = !world.elsewhere;
	k->reject = world.reject;
	k->src = bench_addr(world.foreign             ? "2001:db8:2::5"
			    : world.link_local_source ? "fe80::2"
			    : world.closed_source     ? "2408::5"
						      : "2001:db8:1::2");
	if (!world.no_route)
		return;
	a->n_routes = 0;
	a->err = world.err ? world.err : ENETUNREACH;
}

static void
answers(const struct v6d_ask *q, struct v6d_answer *a)
{
	bool router = v6d_addr_is_link_local(&q->addr);

	if (world.refuse) {
		a->how = V6D_ANSWER_REFUSED;
		return;
	}
	switch ((int)q->kind) {
	case V6D_ASK_RA:
		a->ra_seen = true;
		break;
	case V6D_ASK_ROUTES_OF:
		a->n_routes = 1;
		a->routes[0].tunnel = true;
		a->routes[0].gateway = bench_addr("fe80::1");
		a->routes[0].dst.addr.family = world.main ? 6 : 0;
		a->cut = world.cut;
		if (world.tied) {
			a->routes[a->n_routes].metric = a->routes[0].metric;
			memcpy(a->routes[a->n_routes].ifname, "eth0", 5);
			a->n_routes++;
		}
		break;
	case V6D_ASK_ADDRS_OF:
		a->n_kernel_addrs = 2;
		a->cut = world.cut;
		a->kernel_addrs[0].addr.addr = bench_addr("2001:db8:1::2");
		a->kernel_addrs[0].addr.len = 64;
		a->kernel_addrs[0].tunnel = true;
		a->kernel_addrs[1].addr.addr =
		    bench_addr(world.closed ? "2408::5" : "2001:db8:2::5");
		break;
	case V6D_ASK_ROUTE_TO:
		route_to(q, a);
		break;
	case V6D_ASK_PING:
		a->frames[1].answered = router ? world.router : world.target;
		a->frames[1].rtt = V6D_MS(3);
		a->frames[1].sent = !world.filtered;
		a->err = world.filtered ? EPERM : 0;
		if (!a->frames[1].answered)
			a->how = V6D_ANSWER_TIMEOUT;
		break;
	case V6D_ASK_TCP:
		a->connected = world.http;
		if (!world.http)
			a->how = V6D_ANSWER_TIMEOUT;
		break;
	default:
		fail_msg("asked %d", (int)q->kind);
	}
}

static void
healthy(void)
{
	memset(&world, 0, sizeof(world));
	world.router = world.target = world.http = true;
	bench_reset();
}

static void
test_pass(void **state)
{
	(void)state;
	healthy();
	bench_status(bench_run("route", answers), V6D_PROBE_PASS);
	bench_expect(ROUTE_TARGET, "ok");
	bench_expect(ROUTE_LOOP, "ok");
	bench_expect(V6_SMALL, "ok");
	bench_expect(V6_ROUTER, "ok");
	assert_int_equal(bench_value(V6D_FACT_V6_SMALL), 3);
	/* Many answer no echo: TCP will do. */
	healthy();
	world.target = world.router = false;
	bench_status(bench_run("route", answers), V6D_PROBE_PASS);
	bench_expect(V6_SMALL, "ok");
	bench_expect(V6_ROUTER, "unknown timeout");
}

/* An address of the LAN as the source: right or wrong by its effect. */
static void
test_foreign_source(void **state)
{
	(void)state;
	healthy();
	world.foreign = true;
	bench_status(bench_run("route", answers), V6D_PROBE_PASS);
	bench_expect(ROUTE_TARGET, "ok");
	healthy();
	world.foreign = true;
	world.target = world.http = false;
	bench_status(bench_run("route", answers), V6D_PROBE_FAIL);
	bench_expect(ROUTE_TARGET, "bad source");
}

static void
test_metric(void **state)
{
	(void)state;
	healthy();
	bench_run("route", answers);
	bench_expect(ROUTE_METRIC, "ok");
	healthy();
	world.tied = true;
	bench_status(bench_run("route", answers), V6D_PROBE_WARN);
	bench_expect(ROUTE_METRIC, "bad tied");
}

static void
test_filtered(void **state)
{
	struct v6d_probe_run r;

	(void)state;
	healthy();
	bench_run("route", answers);
	bench_expect(V6_OUT, "ok");
	healthy();
	world.filtered = true;
	world.target = world.http = false;
	r = bench_run("route", answers);
	bench_status(r, V6D_PROBE_FAIL);
	assert_non_null(strstr(r.summary, "packet filter"));
	bench_expect(V6_OUT, "bad filtered");
	/* Silence alone does not tell where it was lost. */
	healthy();
	world.target = world.http = false;
	bench_run("route", answers);
	bench_expect(V6_OUT, "");
}

static void
test_rejected(void **state)
{
	static const int errs[] = { EACCES, EHOSTUNREACH, EINVAL };

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		healthy();
		world.no_route = true;
		world.err = errs[i];
		bench_run("route", answers);
		bench_expect(ROUTE_TARGET, "bad prohibited");
	}
}

static void
test_routes(void **state)
{
	(void)state;
	healthy();
	world.no_route = true;
	bench_status(bench_run("route", answers), V6D_PROBE_FAIL);
	bench_expect(ROUTE_TARGET, "bad none");
	bench_expect(V6_SMALL, "");
	healthy();
	world.elsewhere = true;
	bench_status(bench_run("route", answers), V6D_PROBE_FAIL);
	bench_expect(ROUTE_TARGET, "bad elsewhere");
	healthy();
	world.reject = true;
	bench_run("route", answers);
	bench_expect(ROUTE_TARGET, "bad prohibited");
	healthy();
	world.link_local_source = true;
	bench_run("route", answers);
	bench_expect(ROUTE_TARGET, "bad source");
	healthy();
	world.loop = true;
	bench_status(bench_run("route", answers), V6D_PROBE_FAIL);
	bench_expect(ROUTE_LOOP, "bad loop");
}

/* The main table leads into the tunnel, and the kernel does not go there. */
static void
test_rule(void **state)
{
	(void)state;
	healthy();
	world.main = world.elsewhere = true;
	bench_status(bench_run("route", answers), V6D_PROBE_FAIL);
	bench_expect(ROUTE_TARGET, "bad rule");
	world.cut = true; /* a better route of that table may not be told */
	bench_run("route", answers);
	bench_expect(ROUTE_TARGET, "bad elsewhere");
	healthy();
	world.main = world.no_route = true;
	bench_run("route", answers);
	bench_expect(ROUTE_TARGET, "bad rule");
	healthy();
	world.main = world.reject = true;
	bench_run("route", answers);
	bench_expect(ROUTE_TARGET, "bad rule");
	healthy();
	world.main = world.link_local_source = true;
	bench_run("route", answers);
	bench_expect(ROUTE_TARGET, "bad source");
}

/* An address of a closed network competes, or wins. */
static void
test_closed(void **state)
{
	(void)state;
	healthy();
	bench_run("route", answers);
	bench_expect(ADDR_CLOSED, "ok");
	healthy();
	world.cut = true; /* some that were not told may be such */
	bench_status(bench_run("route", answers), V6D_PROBE_PASS);
	bench_expect(ADDR_CLOSED, "");
	healthy();
	world.closed = true;
	bench_status(bench_run("route", answers), V6D_PROBE_WARN);
	bench_expect(ADDR_CLOSED, "bad closed");
	bench_expect(ROUTE_TARGET, "ok");
	healthy();
	world.closed = world.closed_source = true;
	bench_status(bench_run("route", answers), V6D_PROBE_FAIL);
	bench_expect(ROUTE_TARGET, "bad source");
}

static void
test_silence(void **state)
{
	(void)state;
	healthy();
	world.target = world.http = false;
	bench_status(bench_run("route", answers), V6D_PROBE_FAIL);
	bench_expect(V6_SMALL, "bad timeout");
	bench_expect(V6_ROUTER, "ok");
	healthy();
	world.target = world.http = world.router = false;
	bench_run("route", answers);
	bench_expect(V6_ROUTER, "bad timeout");
	assert_true(bench_now < V6D_S(8));
}

static void
test_not_told(void **state)
{
	(void)state;
	healthy();
	world.refuse = true;
	bench_status(bench_run("route", answers), V6D_PROBE_UNKNOWN);
	healthy();
	bench_plan.n_targets = 0;
	world.router = false;
	bench_status(bench_run("route", answers), V6D_PROBE_UNKNOWN);
	healthy();
	bench_fact(V6D_FACT_PPP_IPV6CP, V6D_BAD, "rejected");
	bench_status(bench_run("route", answers), V6D_PROBE_SKIPPED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pass),
		cmocka_unit_test(test_foreign_source),
		cmocka_unit_test(test_metric),
		cmocka_unit_test(test_filtered),
		cmocka_unit_test(test_rejected),
		cmocka_unit_test(test_routes),
		cmocka_unit_test(test_rule),
		cmocka_unit_test(test_closed),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_not_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
