/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_symptoms.c - reducers: many observations, one value. */
#include "diag_help.h"

struct fact {
	enum v6d_fact fact;
	const char *subject;
	enum v6d_state state;
	const char *word;
	int64_t value;
};

#define OK(f)                                              \
	{                                                  \
		V6D_FACT_##f, "", V6D_OK, "", V6D_NO_VALUE \
	}
#define BAD(f, w)                                          \
	{                                                  \
		V6D_FACT_##f, "", V6D_BAD, w, V6D_NO_VALUE \
	}
#define OF(f, s)                                          \
	{                                                 \
		V6D_FACT_##f, s, V6D_OK, "", V6D_NO_VALUE \
	}
#define BAD_OF(f, s, w)                                   \
	{                                                 \
		V6D_FACT_##f, s, V6D_BAD, w, V6D_NO_VALUE \
	}
#define N(f, w, n)                              \
	{                                       \
		V6D_FACT_##f, "", V6D_BAD, w, n \
	}
#define OK_N(f, n)                              \
	{                                       \
		V6D_FACT_##f, "", V6D_OK, "", n \
	}

static const struct {
	struct fact f[4];
	enum v6d_symptom sym;
	const char *word;
} cases[] = {
	/* nothing seen, or seen without an answer */
	{ { OK(GRE_SEND) }, V6D_SYM_GRE_IN, "unknown" },
	{ { { V6D_FACT_GRE_IN, "", V6D_UNKNOWN, "skipped", 0 } },
	    V6D_SYM_GRE_IN, "unknown" },
	/* the newest counts */
	{ { BAD(PPP_LCP, "timeout"), OK(PPP_LCP) }, V6D_SYM_PPP_LCP, "ok" },
	{ { OK(CONTROL_TCP), BAD(CONTROL_TCP, "refused") }, V6D_SYM_CONTROL_TCP,
	    "refused" },
	/* a new address matters after the server was reached too */
	{ { BAD(LAN_ADDR, "none"), OK(CONTROL_TCP) }, V6D_SYM_LAN_ADDR,
	    "unknown" },
	{ { BAD(LAN_ADDR, "changed"), OK(CONTROL_TCP) }, V6D_SYM_LAN_ADDR,
	    "changed" },
	/* a few packets are no proof where so many are lost */
	{ { BAD(V4_CONTROL, "timeout") }, V6D_SYM_V4_CONTROL, "timeout" },
	{ { BAD(V4_CONTROL, "timeout"), N(GRE_LOSS_IN, "loss", 150) },
	    V6D_SYM_V4_CONTROL, "unknown" },
	{ { BAD(V4_CONTROL, "timeout"), N(GRE_LOSS_IN, "loss", 50) },
	    V6D_SYM_V4_CONTROL, "timeout" },
	{ { BAD(V4_CONTROL, "refused"), N(GRE_LOSS_OUT, "loss", 150) },
	    V6D_SYM_V4_CONTROL, "refused" },
	{ { BAD(DNS_PAIR, "one") }, V6D_SYM_DNS_PAIR, "one" },
	{ { BAD(DNS_PAIR, "one"), N(GRE_LOSS, "loss", 150) }, V6D_SYM_DNS_PAIR,
	    "unknown" },
	{ { BAD(DNS_AAAA, "slow"), N(GRE_LOSS_OUT, "loss", 300) },
	    V6D_SYM_DNS_AAAA, "unknown" },
	{ { BAD(DNS_AAAA, "timeout"), N(GRE_LOSS_OUT, "loss", 300) },
	    V6D_SYM_DNS_AAAA, "timeout" },
	/* what was reached later is the better witness */
	{ { BAD(V4_CONTROL, "timeout"), OK(V4_LITERAL) }, V6D_SYM_V4_CONTROL,
	    "ok" },
	/* a resolver inside the tunnel is a target of its own */
	{ { OF(DNS_AAAA, "192.0.2.53"),
	      BAD_OF(DNS_AAAA, "2001:db8::53", "timeout") },
	    V6D_SYM_DNS_AAAA, "ok" },
	{ { OF(DNS_AAAA, "192.0.2.53"),
	      BAD_OF(DNS_AAAA, "2001:db8::53", "timeout"),
	      OF(V6_SMALL, "2001:db8::80") },
	    V6D_SYM_DNS_AAAA, "slow" },
	{ { BAD_OF(DNS_AAAA, "192.0.2.53", "wrong"),
	      BAD_OF(DNS_AAAA, "2001:db8::53", "timeout") },
	    V6D_SYM_DNS_AAAA, "wrong" },
	{ { BAD_OF(DNS_A, "192.0.2.53", "nxdomain"),
	      BAD_OF(DNS_A, "2001:db8::53", "timeout") },
	    V6D_SYM_DNS_A, "nxdomain" },
	{ { BAD_OF(DNS_AAAA, "2001:db8::53", "timeout") }, V6D_SYM_DNS_AAAA,
	    "timeout" },
	{ { BAD_OF(V6_SMALL, "2001:db8::80", "timeout"),
	      BAD_OF(DNS_A, "2001:db8::53", "timeout") },
	    V6D_SYM_V6_SMALL, "all" },
	{ { BAD_OF(V6_SMALL, "2001:db8::80", "timeout"),
	      BAD_OF(DNS_A, "192.0.2.53", "timeout") },
	    V6D_SYM_V6_SMALL, "timeout" },
	{ { BAD_OF(V6_SMALL, "2001:db8::80", "timeout"),
	      OF(DNS_A, "2001:db8::53") },
	    V6D_SYM_V6_SITE, "differs" },
	{ { BAD_OF(V6_SMALL, "2001:db8::80", "timeout"),
	      OF(DNS_A, "192.0.2.53") },
	    V6D_SYM_V6_SITE, "unknown" },
	/* one that is wrong is enough */
	{ { BAD_OF(V6_OUT, "2001:db8::1", "filtered"),
	      OF(V6_OUT, "2001:db8::2") },
	    V6D_SYM_V6_OUT, "filtered" },
	{ { BAD_OF(V6_OUT, "2001:db8::1", "filtered"),
	      OF(V6_OUT, "2001:db8::1") },
	    V6D_SYM_V6_OUT, "ok" },
	/* the direction that carries less */
	{ { N(GRE_RATE_IN, "queue", 200), N(GRE_RATE_OUT, "policed", 100) },
	    V6D_SYM_GRE_RATE, "policed" },
	{ { N(GRE_RATE_IN, "queue", 200), N(GRE_RATE_OUT, "policed", 300) },
	    V6D_SYM_GRE_RATE, "queue" },
	{ { N(GRE_RATE_IN, "queue", 200), OK(GRE_RATE_OUT) }, V6D_SYM_GRE_RATE,
	    "queue" },
	{ { OK(GRE_RATE_OUT) }, V6D_SYM_GRE_RATE, "ok" },
	/* a word that the vocabulary lacks is still bad */
	{ { BAD(PPP_LCP, "nonsense") }, V6D_SYM_PPP_LCP, "other" },
	/* what a later success disproves */
	{ { BAD(LAN_GATEWAY, "silent") }, V6D_SYM_LAN_GATEWAY, "silent" },
	{ { BAD(LAN_GATEWAY, "silent"), OK(CONTROL_TCP) }, V6D_SYM_LAN_GATEWAY,
	    "unknown" },
	{ { BAD(SERVER_ALIVE, "silent"), BAD(CONTROL_TCP, "refused") },
	    V6D_SYM_SERVER_ALIVE, "unknown" },
	{ { BAD(SERVER_ALIVE, "silent"), BAD(CONTROL_TCP, "timeout") },
	    V6D_SYM_SERVER_ALIVE, "silent" },
	{ { BAD(HOST_ACCEPT_RA, "off"), OK(RA_USED) }, V6D_SYM_HOST_ACCEPT_RA,
	    "unknown" },
	/* what happens on every busy host */
	{ { N(HOST_CONNTRACK_CLASH, "failed", 98), OK(NAPT_SESSIONS) },
	    V6D_SYM_HOST_CONNTRACK_CLASH, "unknown" },
	{ { N(HOST_CONNTRACK_CLASH, "failed", 98), BAD(DNS_A, "timeout") },
	    V6D_SYM_HOST_CONNTRACK_CLASH, "unknown" },
	{ { N(HOST_CONNTRACK_CLASH, "failed", 9),
	      BAD(NAPT_SESSIONS, "per-target") },
	    V6D_SYM_HOST_CONNTRACK_CLASH, "unknown" },
	{ { N(HOST_CONNTRACK_CLASH, "failed", 10),
	      BAD(NAPT_SESSIONS, "per-target") },
	    V6D_SYM_HOST_CONNTRACK_CLASH, "failed" },
	{ { N(HOST_CONNTRACK_ROOM, "refused", 98), BAD(NAPT_UDP, "limit") },
	    V6D_SYM_HOST_CONNTRACK_ROOM, "refused" },
	{ { N(HOST_CONNTRACK_ROOM, "evicted", 1), OK(NAPT_SESSIONS) },
	    V6D_SYM_HOST_CONNTRACK_ROOM, "evicted" },
	{ { BAD(HOST_IPV6, "disabled"), OK(ADDR_GLOBAL) }, V6D_SYM_HOST_IPV6,
	    "unknown" },
	{ { BAD(GRE_OUT, "unacknowledged"), OK(PPP_LCP) }, V6D_SYM_GRE_OUT,
	    "unknown" },
	{ { BAD(GRE_ICMP, "first-hop"), OK(PPP_LCP) }, V6D_SYM_GRE_ICMP,
	    "unknown" },
	{ { BAD(V6_ROUTER, "timeout"), OF(V6_SMALL, "2001:db8::1") },
	    V6D_SYM_V6_ROUTER, "unknown" },
	{ { BAD(ROUTE_DEFAULT, "none"), OF(ROUTE_TARGET, "2001:db8::1") },
	    V6D_SYM_ROUTE_DEFAULT, "unknown" },
	{ { BAD(RA_PREFIX, "none"), OK(ADDR_GLOBAL) }, V6D_SYM_RA_PREFIX,
	    "unknown" },
	/* a hang-up within three seconds, before any GRE, is at once */
	{ { N(CONTROL_HANGUP, "closed", 40) }, V6D_SYM_CONTROL_HANGUP,
	    "at-once" },
	{ { N(CONTROL_HANGUP, "closed", 31000) }, V6D_SYM_CONTROL_HANGUP,
	    "closed" },
	{ { OK(GRE_IN), N(CONTROL_HANGUP, "closed", 40) },
	    V6D_SYM_CONTROL_HANGUP, "closed" },
	{ { N(CONTROL_HANGUP, "disconnect", 40) }, V6D_SYM_CONTROL_HANGUP,
	    "disconnect" },
	/* worked, then not */
	{ { { V6D_FACT_GRE_IN, "", V6D_WAS_OK, "died", 9 } }, V6D_SYM_GRE_IN,
	    "died" },
	/* a limit above what the tunnel sends does no harm */
	{ { N(GRE_SIZE_IN, "limit", 1454) }, V6D_SYM_GRE_SIZE_IN, "limit" },
	/* packet-too-big about the very limit, and still larger ones sent */
	{ { OK_N(V6_PTB, 1300), OK_N(V6_PMTU_OUT, 1300) }, V6D_SYM_V6_PTB,
	    "ok" },
	{ { OK_N(V6_PTB, 1300), N(V6_PMTU_OUT, "blackhole", 1300) },
	    V6D_SYM_V6_PTB, "unheeded" },
	{ { OK_N(V6_PTB, 1300), N(V6_PMTU_OUT, "blackhole", 1298) },
	    V6D_SYM_V6_PTB, "unheeded" },
	{ { OK_N(V6_PTB, 1400), N(V6_PMTU_OUT, "blackhole", 1300) },
	    V6D_SYM_V6_PTB, "ok" },
	/* lost by GRE's limit that way, or by something narrower behind it */
	{ { N(GRE_SIZE_IN, "limit", 1454), N(V6_PMTU_IN, "blackhole", 1414) },
	    V6D_SYM_V6_PMTU_IN, "blackhole" },
	{ { N(GRE_SIZE_IN, "limit", 1454), N(V6_PMTU_IN, "blackhole", 1410) },
	    V6D_SYM_V6_PMTU_IN, "blackhole" },
	{ { N(GRE_SIZE_IN, "limit", 1454), N(V6_PMTU_IN, "blackhole", 1409) },
	    V6D_SYM_V6_PMTU_IN, "narrower" },
	{ { N(GRE_SIZE_IN, "limit", 1454), N(V6_PMTU_OUT, "blackhole", 1300) },
	    V6D_SYM_V6_PMTU_OUT, "blackhole" },
	{ { N(GRE_SIZE_OUT, "limit", 1400), N(V6_PMTU_OUT, "blackhole", 1300) },
	    V6D_SYM_V6_PMTU_OUT, "narrower" },
	{ { OK_N(V6_MTU, 1444), N(GRE_SIZE_IN, "limit", 1483) },
	    V6D_SYM_GRE_SIZE_IN, "limit" },
	{ { OK_N(V6_MTU, 1444), N(GRE_SIZE_IN, "limit", 1484) },
	    V6D_SYM_GRE_SIZE_IN, "ok" },
	{ { OK_N(V6_MTU, 1444), N(GRE_SIZE_IN, "hole", 1490) },
	    V6D_SYM_GRE_SIZE_IN, "hole" },
	{ { OK_N(V6_MTU, 1444), OK_N(GRE_SIZE_OUT, 1500) },
	    V6D_SYM_GRE_SIZE_OUT, "ok" },
	{ { OK_N(V6_MTU, 1500), OK_N(GRE_SIZE_OUT, 1500) },
	    V6D_SYM_GRE_SIZE_OUT, "unknown" },
	/* a round trip that fits says so of both ways */
	{ { OK_N(GRE_SIZE, 1500) }, V6D_SYM_GRE_SIZE_IN, "ok" },
	{ { N(GRE_SIZE, "limit", 1400) }, V6D_SYM_GRE_SIZE_IN, "unknown" },
	{ { N(GRE_SIZE, "limit", 1400), N(GRE_SIZE_IN, "limit", 1400) },
	    V6D_SYM_GRE_SIZE, "unknown" },
	{ { OK_N(V6_MTU, 1444), N(GRE_ICMP_MTU, "first-hop", 1492) },
	    V6D_SYM_GRE_ICMP_MTU, "ok" },
	/* rates */
	{ { N(GRE_LOSS_IN, "loss", 10) }, V6D_SYM_GRE_LOSS, "ok" },
	{ { N(GRE_LOSS_IN, "loss", 30) }, V6D_SYM_GRE_LOSS, "loss" },
	{ { N(GRE_LOSS_IN, "loss", 30), N(GRE_LOSS_OUT, "loss", 200) },
	    V6D_SYM_GRE_LOSS, "heavy-both" },
	{ { OK_N(GRE_LOSS_IN, 0), N(GRE_LOSS_OUT, "loss", 200) },
	    V6D_SYM_GRE_LOSS, "heavy" },
	{ { OK_N(GRE_LOSS_IN, 0) }, V6D_SYM_GRE_LOSS, "ok" },
	/* targets: one that works is enough, and then the other differs */
	{ { OF(V6_SMALL, "a"), BAD_OF(V6_SMALL, "b", "timeout") },
	    V6D_SYM_V6_SMALL, "ok" },
	{ { OF(V6_SMALL, "a"), BAD_OF(V6_SMALL, "b", "timeout") },
	    V6D_SYM_V6_SITE, "differs" },
	{ { BAD_OF(V6_SMALL, "b", "timeout") }, V6D_SYM_V6_SITE, "unknown" },
	{ { BAD_OF(V6_SMALL, "a", "timeout"),
	      BAD_OF(V6_SMALL, "b", "timeout") },
	    V6D_SYM_V6_SMALL, "all" },
	{ { BAD_OF(V6_SMALL, "a", "timeout"), OF(V6_SMALL, "a") },
	    V6D_SYM_V6_SMALL, "ok" },
	{ { OF(V6_GET, "a"), BAD_OF(V6_GET, "b", "stall") }, V6D_SYM_V6_SITE,
	    "differs" },
	/* resolvers */
	{ { OF(DNS_AAAA, "r1"), BAD_OF(DNS_AAAA, "r2", "timeout") },
	    V6D_SYM_DNS_AAAA, "slow" },
	{ { OF(DNS_AAAA, "r1"), BAD_OF(DNS_AAAA, "r2", "wrong") },
	    V6D_SYM_DNS_AAAA, "wrong" },
	{ { BAD_OF(DNS_AAAA, "r1", "timeout") }, V6D_SYM_DNS_AAAA, "timeout" },
	{ { OF(DNS_AAAA, "r1"), BAD_OF(DNS_LIBC, "n", "none") },
	    V6D_SYM_DNS_LIBC, "none" },
	{ { BAD_OF(DNS_LIBC, "n", "none") }, V6D_SYM_DNS_LIBC, "unknown" },
	{ { OF(DNS_AAAA, "r1"), BAD_OF(DNS_AAAA, "r2", "timeout"),
	      BAD_OF(DNS_LIBC, "n", "timeout") },
	    V6D_SYM_DNS_LIBC, "unknown" },
	{ { BAD_OF(DNS_A, "r1", "nodata") }, V6D_SYM_DNS_A, "unknown" },
};

static void
test_reduce(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct v6d_obs o[8];
		struct v6d_facts f;
		struct v6d_symptoms s;
		const char *word;

		v6d_facts_init(&f, o, 8);
		for (const struct fact *a = cases[i].f; a->subject; a++)
			v6d_facts_add(&f, a->fact, a->subject, a->state,
			    a->word, a->value);
		v6d_symptoms_reduce(&f, &s);
		word = v6d_symptom_word(cases[i].sym, s.v[cases[i].sym]);
		if (strcmp(word, cases[i].word) != 0) {
			print_error("case %zu: %s is %s, not %s\n", i,
			    v6d_symptom_name(cases[i].sym), word,
			    cases[i].word);
			bad++;
		}
	}
	assert_int_equal(bad, 0);
}

/* A capture sees the wire, a socket of ours does not. */
static void
test_source(void **state)
{
	struct v6d_obs o[2];
	struct v6d_facts f;
	struct v6d_symptoms s;

	(void)state;
	v6d_facts_init(&f, o, 2);
	f.source = "capture";
	v6d_facts_add(&f, V6D_FACT_GRE_IN, "", V6D_BAD, "none", 0);
	v6d_symptoms_reduce(&f, &s);
	assert_string_equal(
	    v6d_symptom_word(V6D_SYM_GRE_IN, s.v[V6D_SYM_GRE_IN]), "absent");
	assert_ptr_equal(s.from[V6D_SYM_GRE_IN], &o[0]);
	v6d_facts_init(&f, o, 2);
	f.source = "probe gre";
	v6d_facts_add(&f, V6D_FACT_GRE_IN, "", V6D_BAD, "none", 0);
	v6d_symptoms_reduce(&f, &s);
	assert_string_equal(
	    v6d_symptom_word(V6D_SYM_GRE_IN, s.v[V6D_SYM_GRE_IN]), "none");
}

static void
test_words(void **state)
{
	(void)state;
	for (int i = 0; i < V6D_N_SYMPTOMS; i++) {
		enum v6d_symptom s = (enum v6d_symptom)i;
		int8_t n = v6d_symptom_n_words(s);

		assert_true(n > 0 && n < V6D_SYM_OTHER);
		for (int8_t v = 1; v <= n; v++)
			assert_int_equal(
			    v6d_symptom_value(s, v6d_symptom_word(s, v)), v);
		assert_string_equal(
		    v6d_symptom_word(s, V6D_SYM_OTHER), "other");
	}
}

RUN(cmocka_unit_test(test_reduce), cmocka_unit_test(test_source),
    cmocka_unit_test(test_words))
