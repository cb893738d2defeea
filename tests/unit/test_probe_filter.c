/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_probe_filter.c - filters that let in, drop, forward, or do not tell. */
#include "probe_bench.h"

static struct {
	int64_t ra_count, icmp_in, forwarding, grew;
	bool lan, refuse;
	unsigned n_lan;
} world;

/* To an address of the LAN's prefix that is nobody's. */
static void
check_syn(const struct v6d_ask *q)
{
	struct v6d_prefix lan = { bench_addr("2001:db8:cafe::"), 64 };

	assert_true(v6d_prefix_has(&lan, &q->addr));
	assert_true(v6d_addr_eq(&q->addr2, &bench_plan.targets[0]));
	assert_int_equal(q->port, 22);
	assert_string_equal(q->host, "lan0");
	world.n_lan++;
}

static void
answers(const struct v6d_ask *q, struct v6d_answer *a)
{
	assert_int_equal(q->ns, V6D_NS_TUNNEL);
	if (world.refuse) {
		a->how = V6D_ANSWER_REFUSED;
		return;
	}
	switch ((int)q->kind) {
	case V6D_ASK_COUNTER:
		a->value = world.ra_count;
		break;
	case V6D_ASK_ICMP_IN:
		assert_int_equal(q->size, bench_plan.mtu);
		a->value = world.icmp_in;
		break;
	case V6D_ASK_SYSCTL:
		a->value = world.forwarding;
		break;
	case V6D_ASK_ADDRS_OF:
		a->n_kernel_addrs = 2;
		a->kernel_addrs[0].addr.addr = bench_addr("2001:db8:1::2");
		a->kernel_addrs[0].addr.len = 64;
		a->kernel_addrs[0].tunnel = true;
		a->kernel_addrs[1].addr.addr =
		    bench_addr(world.lan ? "2001:db8:cafe::1" : "fe80::1");
		a->kernel_addrs[1].addr.len = 64;
		memcpy(a->kernel_addrs[1].ifname, "lan0", 5);
		break;
	case V6D_ASK_SYN_IN:
		check_syn(q);
		a->value = world.grew;
		break;
	default:
		fail_msg("asked %d", (int)q->kind);
	}
}

static void
well(void)
{
	bench_reset();
	bench_fact(V6D_FACT_RA_VALID, V6D_OK, NULL);
	bench_fact(V6D_FACT_ADDR_GLOBAL, V6D_OK, NULL);
	memset(&world, 0, sizeof(world));
	world.ra_count = 1;
	world.icmp_in = 0x1e;
}

static void
test_pass(void **state)
{
	(void)state;
	well();
	bench_status(bench_run("filter", answers), V6D_PROBE_PASS);
	bench_expect(RA_INPUT, "ok");
	bench_expect(HOST_ICMP6, "ok");
	bench_expect(LAN_EXPOSED, "");
	/* A LAN behind a host that does not forward is not tried. */
	well();
	world.lan = true;
	bench_status(bench_run("filter", answers), V6D_PROBE_PASS);
	assert_int_equal(world.n_lan, 0);
	well();
	world.lan = true;
	world.forwarding = 1;
	bench_status(bench_run("filter", answers), V6D_PROBE_PASS);
	bench_expect(LAN_EXPOSED, "ok");
}

static void
test_drops(void **state)
{
	(void)state;
	well();
	world.ra_count = 0;
	bench_status(bench_run("filter", answers), V6D_PROBE_FAIL);
	bench_expect(RA_INPUT, "bad filtered");
	for (unsigned type = 1; type <= 4; type++) {
		well();
		world.icmp_in &= ~(1 << type);
		bench_status(bench_run("filter", answers), V6D_PROBE_WARN);
		bench_expect(HOST_ICMP6, "bad dropped");
		assert_int_equal(bench_value(V6D_FACT_HOST_ICMP6), type);
	}
	/* Of several the one that hurts most. */
	well();
	world.icmp_in = 0;
	bench_run("filter", answers);
	assert_int_equal(bench_value(V6D_FACT_HOST_ICMP6), 2);
}

static void
test_exposed(void **state)
{
	(void)state;
	well();
	world.lan = true;
	world.forwarding = 1;
	world.grew = 60;
	bench_status(bench_run("filter", answers), V6D_PROBE_WARN);
	bench_expect(LAN_EXPOSED, "bad open");
	assert_int_equal(world.n_lan, 1);
}

static void
test_not_told(void **state)
{
	(void)state;
	well();
	world.refuse = true;
	bench_status(bench_run("filter", answers), V6D_PROBE_UNKNOWN);
	bench_expect(RA_INPUT, "");
	bench_expect(HOST_ICMP6, "");
	well();
	bench_plan.in_place = true;
	bench_status(bench_run("filter", answers), V6D_PROBE_SKIPPED);
	/* What the model lacks of the filter, nobody has asked. */
	well();
	world.lan = true;
	world.forwarding = 1;
	world.grew = 60;
	v6d_facts_add(&bench_facts, V6D_FACT_HOST_MODEL,
	    "the packet filter: only root may read it", V6D_UNKNOWN, "filter",
	    1);
	bench_status(bench_run("filter", answers), V6D_PROBE_SKIPPED);
	assert_int_equal(world.n_lan, 0);
	/* Another gap does not matter here. */
	well();
	v6d_facts_add(&bench_facts, V6D_FACT_HOST_MODEL, "2 routes",
	    V6D_UNKNOWN, "incomplete", 2);
	bench_status(bench_run("filter", answers), V6D_PROBE_PASS);
	well();
	bench_plan.n_targets = 0;
	world.lan = true;
	world.forwarding = 1;
	bench_status(bench_run("filter", answers), V6D_PROBE_UNKNOWN);
	assert_int_equal(world.n_lan, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pass),
		cmocka_unit_test(test_drops),
		cmocka_unit_test(test_exposed),
		cmocka_unit_test(test_not_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
