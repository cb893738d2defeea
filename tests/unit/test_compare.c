/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_compare.c - two reports side by side, and what follows. Covers
 * trace/compare.c, trace/compare_setup.c and trace/compare_say.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "trace/compare.h"

/* One report: facts are added, then it is judged. */
struct one {
	struct v6d_obs obs[64];
	struct v6d_facts facts;
	struct v6d_scope scope;
	struct v6d_diagnosis diagnosis;
	struct v6d_report report;
	struct v6d_plan plan;
	struct v6d_side side;
};

static struct one a, b;
static struct v6d_comparison c;

static void
start(struct one *o, const char *name)
{
	memset(o, 0, sizeof(*o));
	v6d_facts_init(&o->facts, o->obs, 64);
	o->report.facts = &o->facts;
	o->report.diagnosis = &o->diagnosis;
	o->report.scope = &o->scope;
	snprintf(o->report.server, sizeof(o->report.server), "203.0.113.10");
	o->plan.mtu = 1444;
	o->plan.gateway = (struct v6d_addr){ 4, { 192, 168, 11, 1 } };
	o->side = (struct v6d_side){ name, &o->report, &o->plan, NULL,
		"Linux 6.1", false };
	v6d_facts_add(&o->facts, V6D_FACT_LAN_ADDR, "192.168.11.2", V6D_OK,
	    NULL, V6D_NO_VALUE);
	v6d_facts_add(&o->facts, V6D_FACT_CONTROL_TCP, "", V6D_OK, NULL, 3);
	v6d_facts_add(&o->facts, V6D_FACT_CONTROL_CALL, "", V6D_OK, NULL, 1);
	v6d_facts_add(&o->facts, V6D_FACT_GRE_IN, "", V6D_OK, NULL, 9);
}

static int
setup(void **state)
{
	(void)state;
	start(&a, "a");
	start(&b, "b");
	return 0;
}

static void
limit(struct one *o, enum v6d_state state, int64_t bytes)
{
	v6d_facts_add(&o->facts, V6D_FACT_GRE_SIZE_IN, "203.0.113.10", state,
	    state == V6D_OK ? NULL : "limit", bytes);
}

static void
compare(void)
{
	v6d_diagnose(&a.facts, &a.scope, &a.diagnosis);
	v6d_diagnose(&b.facts, &b.scope, &b.diagnosis);
	v6d_compare(&a.side, &b.side, &c);
}

/* A report that is known to be without a fault. */
static void
fine(struct one *o)
{
	compare();
	o->diagnosis.verdict = V6D_VERDICT_HEALTHY;
	v6d_compare(&a.side, &b.side, &c);
}

static void
test_same(void **state)
{
	(void)state;
	limit(&a, V6D_BAD, 1454);
	limit(&b, V6D_BAD, 1454);
	compare();
	assert_int_equal(c.conclusion, V6D_CONCLUDE_SAME);
	assert_int_equal(c.stayed.n, 1);
	assert_int_equal(c.gone.n + c.come.n, 0);
	assert_int_equal(c.n_facts, 0);
	assert_int_equal(c.aspects[V6D_ASPECT_LINE].how, V6D_ASPECT_SAME);
}

/* Another line comes with another router: narrowed, and not proven. */
static void
test_narrowed(void **state)
{
	char *text;

	(void)state;
	limit(&a, V6D_BAD, 1454);
	limit(&b, V6D_OK, 1484);
	b.plan.gateway.b[2] = 43;
	v6d_facts_add(&b.facts, V6D_FACT_LAN_ADDR, "198.51.100.7", V6D_OK, NULL,
	    V6D_NO_VALUE);
	fine(&b);
	assert_int_equal(c.conclusion, V6D_CONCLUDE_NARROWED);
	assert_int_equal(c.n_changed, 2);
	assert_int_equal(c.gone.n, 1);
	assert_int_equal(c.gone.cause[0], V6D_CAUSE_GRE_SIZE_LIMIT);
	assert_int_equal(
	    c.aspects[V6D_ASPECT_PATH_MTU].how, V6D_ASPECT_CHANGED);
	text = v6d_compare_text(&c, V6D_COLOR_NEVER, NULL, 0);
	assert_non_null(strstr(text, "not proven"));
	assert_non_null(strstr(text, "gre-size-limit"));
	assert_null(strstr(text, "proves"));
	free(text);
}

/* One change points; even that is said to be one observation. */
static void
test_pointed(void **state)
{
	char *text;

	(void)state;
	limit(&a, V6D_BAD, 1454);
	limit(&b, V6D_OK, 1484);
	b.plan.gateway.b[3] = 254;
	fine(&b);
	assert_int_equal(c.conclusion, V6D_CONCLUDE_POINTED);
	text = v6d_compare_text(&c, V6D_COLOR_NEVER, NULL, 0);
	assert_non_null(strstr(text, "make both again"));
	free(text);
}

/* A limit that went is itself no change of the surroundings. */
static void
test_unseen(void **state)
{
	(void)state;
	limit(&a, V6D_BAD, 1454);
	limit(&b, V6D_OK, 1484);
	fine(&b);
	assert_int_equal(c.conclusion, V6D_CONCLUDE_UNSEEN);
	assert_int_equal(c.n_changed, 0);
}

/* What the second could not look at has not gone away. */
static void
test_open(void **state)
{
	(void)state;
	limit(&a, V6D_BAD, 1454);
	b.plan.gateway.b[3] = 254;
	compare();
	assert_int_equal(b.diagnosis.verdict, V6D_VERDICT_UNDETERMINED);
	assert_int_equal(c.conclusion, V6D_CONCLUDE_OPEN);
}

/* Pseudonyms of two reports say nothing about one another. */
static void
test_pseudonyms(void **state)
{
	char *text;

	(void)state;
	a.side.pseudonyms = true;
	b.plan.gateway.b[3] = 254;
	limit(&a, V6D_BAD, 1454);
	limit(&b, V6D_OK, 1484);
	fine(&b);
	assert_int_equal(c.aspects[V6D_ASPECT_DEVICE].how, V6D_ASPECT_UNKNOWN);
	assert_int_equal(c.aspects[V6D_ASPECT_TUNNEL].how, V6D_ASPECT_SAME);
	assert_int_equal(c.conclusion, V6D_CONCLUDE_UNSEEN);
	text = v6d_compare_text(&c, V6D_COLOR_NEVER, NULL, 0);
	assert_non_null(strstr(text, "--no-redact"));
	free(text);
}

/* Times differ from run to run: no difference. A capture has no plan. */
static void
test_facts(void **state)
{
	(void)state;
	v6d_facts_add(&b.facts, V6D_FACT_CONTROL_TCP, "", V6D_OK, NULL, 300);
	v6d_facts_add(&b.facts, V6D_FACT_NAPT_LAYERS, "", V6D_OK, NULL, 2);
	v6d_facts_add(&a.facts, V6D_FACT_NAPT_LAYERS, "", V6D_OK, NULL, 1);
	v6d_facts_add(
	    &b.facts, V6D_FACT_PPP_LCP, "", V6D_OK, NULL, V6D_NO_VALUE);
	b.side.plan = NULL;
	compare();
	assert_int_equal(c.n_facts, 2);
	assert_int_equal(c.facts[0].fact, V6D_FACT_PPP_LCP);
	assert_null(c.facts[0].was);
	assert_int_equal(c.facts[1].fact, V6D_FACT_NAPT_LAYERS);
	assert_int_equal(c.aspects[V6D_ASPECT_NAT].how, V6D_ASPECT_CHANGED);
	assert_int_equal(c.aspects[V6D_ASPECT_TUNNEL].how, V6D_ASPECT_UNKNOWN);
}

static void
test_json(void **state)
{
	char *text;
	json_t *o;

	(void)state;
	limit(&a, V6D_BAD, 1454);
	limit(&b, V6D_OK, 1484);
	b.plan.gateway.b[2] = 43;
	fine(&b);
	text = v6d_compare_json(&c, NULL);
	o = json_loads(text, 0, NULL);
	assert_non_null(o);
	assert_string_equal(json_string_value(json_object_get(o, "schema")),
	    "v6doctor-compare/1");
	assert_string_equal(
	    json_string_value(json_object_get(o, "conclusion")), "pointed");
	assert_int_equal(
	    json_array_size(json_object_get(o, "around")), V6D_N_ASPECTS);
	assert_string_equal(
	    json_string_value(json_array_get(
		json_object_get(json_object_get(o, "causes"), "gone"), 0)),
	    "gre-size-limit");
	json_decref(o);
	free(text);
}

/* ---- what two runs read of their host ---- */

static struct v6d_trace_ask ask;
static struct v6d_trace_answer answer;

/* An ask of the check "setup"; its answer is filled in, then added. */
static void
asked(struct one *o, enum v6d_ask_kind kind, const char *name)
{
	if (!o->side.trace)
		o->side.trace = v6d_trace_new();
	memset(&ask, 0, sizeof(ask));
	memset(&answer, 0, sizeof(answer));
	ask.id = answer.id = (unsigned)o->side.trace->n + 1;
	ask.ask.kind = answer.answer.kind = kind;
	snprintf(ask.probe, sizeof(ask.probe), "setup");
	snprintf(ask.ask.name, sizeof(ask.ask.name), "%s", name);
}

static void
answered(struct one *o)
{
	struct v6d_trace *t = (struct v6d_trace *)(uintptr_t)o->side.trace;

	v6d_trace_add(t, V6D_TRACE_ASK, &ask);
	v6d_trace_add(t, V6D_TRACE_ANSWER, &answer);
}

static void
number(struct one *o, enum v6d_ask_kind kind, const char *name, int64_t value,
    const char *text)
{
	asked(o, kind, name);
	answer.answer.value = value;
	snprintf(answer.answer.text, sizeof(answer.answer.text), "%s", text);
	answered(o);
}

static void
route(const char *dst, uint8_t len, const char *gateway, const char *ifname)
{
	struct v6d_answer_route *r =
	    &answer.answer.routes[answer.answer.n_routes++];

	v6d_addr_parse(dst, &r->dst.addr);
	r->dst.len = len;
	v6d_addr_parse(gateway, &r->gateway);
	snprintf(r->ifname, sizeof(r->ifname), "%s", ifname);
}

static void
address(const char *addr, const char *ifname)
{
	struct v6d_answer_addr *r =
	    &answer.answer.kernel_addrs[answer.answer.n_kernel_addrs++];

	v6d_addr_parse(addr, &r->addr.addr);
	r->addr.len = 64;
	snprintf(r->ifname, sizeof(r->ifname), "%s", ifname);
}

static void
same_setup(struct one *o)
{
	number(o, V6D_ASK_SYSCTL, "net/ipv6/conf/all/forwarding", 0, "");
	asked(o, V6D_ASK_ADDRS_OF, "");
	address("192.168.11.2", "eth0"); /* the line's own */
	address("fe80::1", "eth0");
	address("2001:db8:9::9", "ppp0");
	answer.answer.kernel_addrs[2].tunnel = true;
	address("2001:db8:8::8", "eth0");
	answer.answer.kernel_addrs[3].temporary = true;
	answered(o);
	asked(o, V6D_ASK_ROUTES_OF, "");
	route("0.0.0.0", 0, "192.168.11.1", "eth0");
	route("fe80::", 64, "", "eth0");
	answered(o);
	number(o, V6D_ASK_RULES, "", 0, "");
	number(o, V6D_ASK_FILTER, "", 3, "abc");
}

static int
drop(void **state)
{
	(void)state;
	v6d_trace_free((struct v6d_trace *)(uintptr_t)a.side.trace);
	v6d_trace_free((struct v6d_trace *)(uintptr_t)b.side.trace);
	return 0;
}

static void
changed(enum v6d_aspect x, const char *was, const char *is)
{
	assert_int_equal(c.aspects[x].how, V6D_ASPECT_CHANGED);
	assert_string_equal(c.aspects[x].was, was);
	assert_string_equal(c.aspects[x].is, is);
}

static void
test_setup_same(void **state)
{
	const struct v6d_trace *read;

	(void)state;
	same_setup(&a);
	same_setup(&b);
	compare();
	for (int i = V6D_ASPECT_ADDRESSES; i < V6D_N_ASPECTS; i++)
		assert_int_equal(c.aspects[i].how, V6D_ASPECT_SAME);
	/* One that read nothing of it. */
	read = b.side.trace;
	b.side.trace = NULL;
	compare();
	for (int i = V6D_ASPECT_ADDRESSES; i < V6D_N_ASPECTS; i++)
		assert_int_equal(c.aspects[i].how, V6D_ASPECT_UNKNOWN);
	b.side.trace = read;
	drop(NULL);
	a.side.trace = NULL;
	b.side.trace = NULL;
}

static void
test_setup_changed(void **state)
{
	struct v6d_report_since since;

	(void)state;
	same_setup(&a);
	number(&b, V6D_ASK_SYSCTL, "net/ipv6/conf/all/forwarding", 1, "");
	asked(&b, V6D_ASK_ADDRS_OF, "");
	address("2001:db8:7::7", "lan0");
	answered(&b);
	asked(&b, V6D_ASK_ROUTES_OF, "");
	route("0.0.0.0", 0, "192.168.11.254", "eth0");
	route("2001:db8::", 32, "", "");
	answer.answer.routes[1].reject = true;
	answer.answer.routes[1].metric = 5;
	answered(&b);
	number(&b, V6D_ASK_RULES, "", 0,
	    "100: IPv6 lookup 7; 200: to 2001:db8::/32 prohibit");
	number(&b, V6D_ASK_FILTER, "", 3, "abd");
	compare();
	changed(V6D_ASPECT_SYSCTLS, "net.ipv6.conf.all.forwarding = 0",
	    "net.ipv6.conf.all.forwarding = 1");
	changed(V6D_ASPECT_ADDRESSES, "", "2001:db8:7::7/64 dev lan0");
	changed(V6D_ASPECT_ROUTES, "default via 192.168.11.1 dev eth0",
	    "default via 192.168.11.254 dev eth0, reject 2001:db8::/32 "
	    "metric 5");
	changed(V6D_ASPECT_RULES, "",
	    "100: IPv6 lookup 7, 200: to 2001:db8::/32 prohibit");
	changed(V6D_ASPECT_FILTER, "3 rules", "3 rules; not the same ones");
	a.report.started_unix_ms = 7;
	v6d_compare_since(&c, &since);
	assert_int_equal(since.started_unix_ms, 7);
	assert_int_equal(since.n, 5);
	assert_string_equal(since.changes[0].name, "addresses");
	assert_string_equal(since.changes[0].is, "2001:db8:7::7/64 dev lan0");
	assert_false(since.changes[0].result);
	b.side.pseudonyms = true;
	compare();
	assert_int_equal(c.aspects[V6D_ASPECT_ROUTES].how, V6D_ASPECT_UNKNOWN);
	assert_int_equal(c.aspects[V6D_ASPECT_SYSCTLS].how, V6D_ASPECT_CHANGED);
}

/* More than there is room for is counted; a list cut short is not compared. */
static void
test_setup_many(void **state)
{
	const struct v6d_aspect_pair *p = &c.aspects[V6D_ASPECT_ADDRESSES];

	(void)state;
	same_setup(&a);
	asked(&b, V6D_ASK_ADDRS_OF, "");
	for (unsigned i = 0; i < 30; i++) {
		char text[32];

		snprintf(text, sizeof(text), "2001:db8:7::%x", i + 1);
		address(text, "lan0");
	}
	answered(&b);
	asked(&b, V6D_ASK_ROUTES_OF, "");
	answer.answer.cut = true;
	answered(&b);
	compare();
	assert_int_equal(p->how, V6D_ASPECT_CHANGED);
	assert_non_null(strstr(p->is, "2001:db8:7::1/64 dev lan0, "));
	assert_non_null(strstr(p->is, ", and 25 more"));
	assert_int_equal(c.aspects[V6D_ASPECT_ROUTES].how, V6D_ASPECT_UNKNOWN);
}

static void
test_names(void **state)
{
	(void)state;
	for (int i = 0; i < V6D_N_ASPECTS; i++) {
		assert_non_null(v6d_aspect_name((enum v6d_aspect)i));
		assert_non_null(v6d_aspect_words((enum v6d_aspect)i));
	}
	for (int i = 0; i <= V6D_CONCLUDE_OPEN; i++)
		assert_true(
		    strlen(v6d_conclusion_name((enum v6d_conclusion)i)) > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_same, setup),
		cmocka_unit_test_setup(test_narrowed, setup),
		cmocka_unit_test_setup(test_pointed, setup),
		cmocka_unit_test_setup(test_unseen, setup),
		cmocka_unit_test_setup(test_open, setup),
		cmocka_unit_test_setup(test_pseudonyms, setup),
		cmocka_unit_test_setup(test_facts, setup),
		cmocka_unit_test_setup(test_json, setup),
		cmocka_unit_test_setup(test_setup_same, setup),
		cmocka_unit_test_setup_teardown(
		    test_setup_changed, setup, drop),
		cmocka_unit_test_setup_teardown(test_setup_many, setup, drop),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
