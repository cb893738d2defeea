/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_probe_host.c - the host's own addresses, gateway and IPv6 settings. */
#include "probe_bench.h"

#include <errno.h>

static struct {
	bool no_addr, no_route, arp, echo, refuse, v4_tcp, v4_ping;
	int disable_ipv6, accept_ra, forwarding; /* -1: no such file */
	int ct_count, ct_max;
	const char *hops[4]; /* NULL: silent; "": the target's answer */
} world;

static void
sysctl(const struct v6d_ask *q, struct v6d_answer *a)
{
	int v = strstr(q->name, "_count")    ? world.ct_count
		: strstr(q->name, "_max")    ? world.ct_max
		: strstr(q->name, "disable") ? world.disable_ipv6
		: strstr(q->name, "accept")  ? world.accept_ra
					     : world.forwarding;

	assert_non_null(strstr(q->name, strstr(q->name, "conntrack")
					    ? "net/netfilter/"
					    : "net/ipv6/conf/default/"));
	a->value = v;
	if (v < 0) {
		a->how = V6D_ANSWER_REFUSED;
		a->err = ENOENT;
	}
}

static void
hops(struct v6d_answer *a)
{
	a->how = V6D_ANSWER_TIMEOUT;
	for (unsigned i = 0; i < 4; i++) {
		const char *h = world.hops[i];

		a->frames[i].answered = h && h[0] == '\0';
		if (!h || a->frames[i].answered)
			continue;
		a->frames[i].error = 11 << 8;
		a->frames[i].error_from = bench_addr(h);
	}
}

static void
ping(const struct v6d_ask *q, struct v6d_answer *a)
{
	bool gateway = v6d_addr_eq(&q->addr, &bench_plan.gateway);

	if (q->frames[0].hops == 1) {
		hops(a);
		return;
	}

	a->frames[0].answered = gateway ? world.echo : world.v4_ping;
	if (gateway && !world.echo && !world.arp)
		a->frames[0].error = 3 << 8 | 1;
	if (!a->frames[0].answered && !a->frames[0].error)
		a->how = V6D_ANSWER_TIMEOUT;
}

static void
answers(const struct v6d_ask *q, struct v6d_answer *a)
{
	assert_int_equal(q->ns, V6D_NS_HOST);
	if (world.refuse) {
		a->how = V6D_ANSWER_REFUSED;
		a->err = EPERM;
		return;
	}
	switch ((int)q->kind) {
	case V6D_ASK_SYSCTL:
		sysctl(q, a);
		break;
	case V6D_ASK_ADDRS_OF:
		a->n_kernel_addrs = world.no_addr ? 1 : 2;
		a->kernel_addrs[0].addr.addr = bench_addr("127.0.0.1");
		a->kernel_addrs[1].addr.addr = bench_addr("192.168.11.2");
		break;
	case V6D_ASK_ROUTE_TO:
		a->n_routes = !world.no_route;
		a->routes[0].gateway = bench_plan.gateway;
		a->routes[0].src = bench_addr("192.168.11.2");
		break;
	case V6D_ASK_PING:
		ping(q, a);
		break;
	case V6D_ASK_TCP:
		a->connected = world.v4_tcp;
		if (!world.v4_tcp)
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
	world.arp = world.echo = world.v4_tcp = world.v4_ping = true;
	world.accept_ra = 1;
	world.ct_count = 10;
	world.ct_max = 1000;
	bench_reset();
	bench_plan.gateway = bench_addr("192.168.11.1");
}

static void
test_healthy(void **state)
{
	(void)state;
	healthy();
	bench_status(bench_run("host", answers), V6D_PROBE_PASS);
	bench_expect(LAN_ADDR, "ok");
	bench_expect(LAN_ROUTE, "ok");
	bench_expect(LAN_GATEWAY, "ok");
	bench_expect(HOST_IPV6, "ok");
	bench_expect(HOST_ACCEPT_RA, "ok");
	bench_expect(V4_CONTROL, "ok");
}

static void
test_layers(void **state)
{
	static const struct {
		const char *hops[4], *says;
	} rows[] = {
		{ { "192.168.11.1", "198.51.100.1", "", "" }, "ok" },
		{ { "192.168.11.1", "192.168.24.1", "198.51.100.1", "" },
		    "bad double" },
		{ { "192.168.11.1", "100.64.0.1", NULL, NULL }, "bad double" },
		{ { "198.51.100.1", "", "", "" }, "ok" },
		{ { "", "", "", "" }, "ok" },
		/* What is silent may be one. */
		{ { "192.168.11.1", NULL, "198.51.100.1", "" }, "" },
		{ { NULL, NULL, NULL, NULL }, "" },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		healthy();
		memcpy(world.hops, rows[i].hops, sizeof(world.hops));
		bench_status(bench_run("host", answers), V6D_PROBE_PASS);
		bench_expect(NAPT_LAYERS, rows[i].says);
	}
}

static void
test_conntrack(void **state)
{
	(void)state;
	healthy();
	bench_run("host", answers);
	bench_expect(HOST_CONNTRACK, "ok");
	assert_int_equal(bench_value(V6D_FACT_HOST_CONNTRACK), 10);
	healthy();
	world.ct_count = 950;
	bench_status(bench_run("host", answers), V6D_PROBE_FAIL);
	bench_expect(HOST_CONNTRACK, "bad full");
	healthy();
	world.ct_count = world.ct_max = -1;
	bench_status(bench_run("host", answers), V6D_PROBE_PASS);
	bench_expect(HOST_CONNTRACK, "");
}

static void
test_lan(void **state)
{
	(void)state;
	healthy();
	world.no_addr = true;
	bench_status(bench_run("host", answers), V6D_PROBE_FAIL);
	bench_expect(LAN_ADDR, "bad none");
	healthy();
	world.no_route = true;
	bench_status(bench_run("host", answers), V6D_PROBE_FAIL);
	bench_expect(LAN_ROUTE, "bad none");
	healthy();
	world.echo = world.arp = false;
	bench_status(bench_run("host", answers), V6D_PROBE_FAIL);
	bench_expect(LAN_GATEWAY, "bad silent");
	/* A router that ignores echoes is not dead. */
	healthy();
	world.echo = false;
	bench_status(bench_run("host", answers), V6D_PROBE_PASS);
	bench_expect(LAN_GATEWAY, "unknown silent");
	healthy();
	world.v4_tcp = world.v4_ping = false;
	bench_run("host", answers);
	bench_expect(V4_CONTROL, "bad timeout");
}

static void
test_settings(void **state)
{
	static const struct {
		int disable_ipv6, accept_ra, forwarding;
		const char *ipv6, *ra;
		enum v6d_probe_status status;
	} rows[] = {
		{ 0, 1, 0, "ok", "ok", V6D_PROBE_PASS },
		{ 0, 2, 1, "ok", "ok", V6D_PROBE_PASS },
		{ 0, 1, 1, "ok", "bad forwarding", V6D_PROBE_WARN },
		{ 0, 0, 0, "ok", "bad off", V6D_PROBE_WARN },
		{ 1, 1, 0, "bad disabled", "ok", V6D_PROBE_FAIL },
		{ -1, -1, -1, "bad absent", "", V6D_PROBE_FAIL },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		healthy();
		world.disable_ipv6 = rows[i].disable_ipv6;
		world.accept_ra = rows[i].accept_ra;
		world.forwarding = rows[i].forwarding;
		bench_status(bench_run("host", answers), rows[i].status);
		bench_expect(HOST_IPV6, rows[i].ipv6);
		bench_expect(HOST_ACCEPT_RA, rows[i].ra);
	}
}

static void
test_refused(void **state)
{
	(void)state;
	healthy();
	world.refuse = true;
	bench_status(bench_run("host", answers), V6D_PROBE_UNKNOWN);
	assert_int_equal(bench_facts.n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_healthy),
		cmocka_unit_test(test_layers),
		cmocka_unit_test(test_conntrack),
		cmocka_unit_test(test_lan),
		cmocka_unit_test(test_settings),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
