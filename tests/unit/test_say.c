/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_say.c - symptoms, coverage and times in words. */
#include "diag_help.h"

#include "report/say.h"

static void
test_symptoms(void **state)
{
	struct v6d_obs o[2];
	struct v6d_facts f;
	struct v6d_symptoms s;
	char buf[256];
	struct v6d_text t = v6d_text_to(buf, sizeof(buf));

	(void)state;
	v6d_facts_init(&f, o, 2);
	v6d_facts_add(
	    &f, V6D_FACT_GRE_SIZE_IN, "203.0.113.10", V6D_BAD, "limit", 1454);
	v6d_facts_add(&f, V6D_FACT_DNS_AAAA, "192.0.2.53", V6D_BAD, "timeout",
	    V6D_NO_VALUE);
	v6d_symptoms_reduce(&f, &s);
	v6d_say_symptom(&t, &s, V6D_SYM_GRE_SIZE_IN);
	assert_string_equal(
	    buf, "GRE packets over 1454 bytes from the server do not arrive");
	t = v6d_text_to(buf, sizeof(buf));
	v6d_say_symptom(&t, &s, V6D_SYM_DNS_AAAA);
	assert_string_equal(buf, "192.0.2.53 does not answer for AAAA records");
	/* the same without the observation, and a word that has no sentence */
	s = symptoms("dns.aaaa=timeout gre.in=other");
	t = v6d_text_to(buf, sizeof(buf));
	v6d_say_symptom(&t, &s, V6D_SYM_DNS_AAAA);
	assert_string_equal(
	    buf, "the resolver does not answer for AAAA records");
	t = v6d_text_to(buf, sizeof(buf));
	v6d_say_symptom(&t, &s, V6D_SYM_GRE_IN);
	assert_string_equal(buf, "gre.in: other");
}

/* A rate is estimated: how well is said with it. */
static void
test_rate(void **state)
{
	struct v6d_obs o[2];
	struct v6d_facts f;
	struct v6d_symptoms s;
	char buf[256];
	struct v6d_text t = v6d_text_to(buf, sizeof(buf));

	(void)state;
	v6d_facts_init(&f, o, 2);
	v6d_facts_add_between(
	    &f, V6D_FACT_GRE_LOSS_IN, NULL, V6D_BAD, "loss", 53, 30, 105);
	v6d_symptoms_reduce(&f, &s);
	v6d_say_symptom(&t, &s, V6D_SYM_GRE_LOSS);
	assert_string_equal(buf, "about 5.3 % (3-10.5 %) of GRE packets are "
				 "lost, whatever their size");
	/* counted, as in a capture */
	v6d_facts_add(&f, V6D_FACT_GRE_LOSS_IN, NULL, V6D_BAD, "loss", 60);
	v6d_symptoms_reduce(&f, &s);
	t = v6d_text_to(buf, sizeof(buf));
	v6d_say_symptom(&t, &s, V6D_SYM_GRE_LOSS);
	assert_string_equal(
	    buf, "6 % of GRE packets are lost, whatever their size");
}

/* Every bad word of every symptom can be said, and needs no observation. */
static void
test_every_word(void **state)
{
	struct v6d_symptoms s = symptoms("");

	(void)state;
	for (int i = 0; i < V6D_N_SYMPTOMS; i++) {
		enum v6d_symptom sym = (enum v6d_symptom)i;

		for (s.v[i] = 1; s.v[i] <= v6d_symptom_n_words(sym); s.v[i]++) {
			char buf[256];
			struct v6d_text t = v6d_text_to(buf, sizeof(buf));

			if (!v6d_say_of(sym, v6d_symptom_word(sym, s.v[i])))
				fail_msg("no sentence for %s=%s",
				    v6d_symptom_name(sym),
				    v6d_symptom_word(sym, s.v[i]));
			v6d_say_symptom(&t, &s, sym);
			assert_true(t.len > 10 && !t.cut);
			assert_null(strpbrk(buf, "{}|"));
		}
		s.v[i] = V6D_SYM_UNKNOWN;
	}
}

static void
test_coverage(void **state)
{
	struct v6d_scope scope = { .can = { true } };
	struct v6d_diagnosis d;

	(void)state;
	memset(&d, 0, sizeof(d));
	d.seen[V6D_STAGE_CONTROL] = true;
	scope.why_not[V6D_STAGE_ROUTE] = "a capture does not show it";
	assert_null(v6d_say_not_seen(&d, &scope, V6D_STAGE_CONTROL));
	assert_string_equal(v6d_say_not_seen(&d, &scope, V6D_STAGE_ROUTE),
	    "a capture does not show it");
	assert_non_null(v6d_say_not_seen(&d, &scope, V6D_STAGE_DNS));
	assert_non_null(v6d_say_not_seen(&d, NULL, V6D_STAGE_DNS));
}

static void
test_gaps(void **state)
{
	struct v6d_obs obs[4];
	struct v6d_facts f;
	size_t pos = 0;

	(void)state;
	v6d_facts_init(&f, obs, 4);
	v6d_facts_add(&f, V6D_FACT_HOST_MODEL, NULL, V6D_OK, NULL, 0);
	v6d_facts_add(&f, V6D_FACT_HOST_MODEL, "the packet filter: why",
	    V6D_UNKNOWN, "incomplete", 1);
	v6d_facts_add(&f, V6D_FACT_LAN_ADDR, "x", V6D_UNKNOWN, NULL, 1);
	assert_string_equal(v6d_say_gap(&f, &pos), "the packet filter: why");
	assert_null(v6d_say_gap(&f, &pos));
	pos = 0;
	assert_null(v6d_say_gap(NULL, &pos));
}

static void
test_where(void **state)
{
	struct v6d_report r = { .client = "192.168.0.2",
		.server = "203.0.113.10" };
	struct v6d_finding f = { .cause = V6D_CAUSE_GRE_SIZE_LIMIT };
	const char *after, *before;

	(void)state;
	v6d_say_where(&r, &f, &after, &before);
	assert_string_equal(after, "192.168.0.2");
	assert_string_equal(before, "203.0.113.10");
	snprintf(f.before, sizeof(f.before), "192.168.0.1");
	v6d_say_where(&r, &f, &after, &before);
	assert_string_equal(before, "192.168.0.1");
	f = (struct v6d_finding){ .cause = V6D_CAUSE_RA_ABSENT };
	v6d_say_where(&r, &f, &after, &before);
	assert_string_equal(after, "");
}

static void
test_time(void **state)
{
	static const struct {
		int64_t ms;
		const char *text;
	} t[] = {
		{ 0, "1970-01-01T00:00:00.000Z" },
		{ 1795436400123, "2026-11-23T12:20:00.123Z" },
		{ 951782399999, "2000-02-28T23:59:59.999Z" },
		{ 951782400000, "2000-02-29T00:00:00.000Z" },
		{ 951868800000, "2000-03-01T00:00:00.000Z" },
		{ -1, "1969-12-31T23:59:59.999Z" },
		{ 4107542400000, "2100-03-01T00:00:00.000Z" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		char buf[64];
		struct v6d_text out = v6d_text_to(buf, sizeof(buf));

		v6d_say_time(&out, t[i].ms);
		assert_string_equal(buf, t[i].text);
		out = v6d_text_to(buf, sizeof(buf));
		v6d_say_when(&out, t[i].ms);
		assert_memory_equal(buf, t[i].text, strlen("1970-01-01"));
		assert_memory_equal(
		    buf + 11, t[i].text + 11, strlen("00:00:00"));
		assert_int_equal(buf[10], ' ');
		assert_string_equal(buf + 19, " UTC");
	}
}

RUN(cmocka_unit_test(test_symptoms), cmocka_unit_test(test_rate),
    cmocka_unit_test(test_every_word), cmocka_unit_test(test_coverage),
    cmocka_unit_test(test_gaps), cmocka_unit_test(test_where),
    cmocka_unit_test(test_time))
