/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_findings.c - place, direction, numbers and words of a cause. */
#include "diag_help.h"

#include "diag/rules.h"

struct bed {
	struct v6d_obs o[8];
	struct v6d_facts f;
	struct v6d_diagnosis d;
};

static void
bad(struct bed *b, enum v6d_fact fact, const char *subject, const char *word,
    int64_t value)
{
	v6d_facts_add(&b->f, fact, subject, V6D_BAD, word, value);
}

/* The first finding after one or two observations. */
static const struct v6d_finding *
first(struct bed *b)
{
	v6d_diagnose(&b->f, NULL, &b->d);
	assert_true(b->d.n > 0);
	return &b->d.findings[0];
}

static void
test_size(void **state)
{
	struct bed b;
	const struct v6d_finding *f;

	(void)state;
	v6d_facts_init(&b.f, b.o, 8);
	v6d_facts_add(
	    &b.f, V6D_FACT_LAN_ADDR, "192.168.0.2", V6D_OK, NULL, V6D_NO_VALUE);
	bad(&b, V6D_FACT_GRE_SIZE_IN, "203.0.113.10", "limit", 1454);
	f = first(&b);
	assert_int_equal(f->cause, V6D_CAUSE_GRE_SIZE_LIMIT);
	assert_string_equal(f->direction, "in");
	assert_string_equal(f->value_name, "limit_bytes");
	assert_int_equal(f->value, 1454);
	assert_string_equal(f->after, "192.168.0.2");
	assert_null(f->value2_name);
	assert_int_equal(f->n_evidence, 1);
	/* of a capture: this much is known to pass, more may */
	v6d_facts_add(&b.f, V6D_FACT_GRE_PASSED_IN, "", V6D_OK, NULL, 1340);
	f = first(&b);
	assert_int_equal(f->value, 1454);
	assert_string_equal(f->value2_name, "passed_bytes");
	assert_int_equal(f->value2, 1340);
	/* the other way is worse: the smaller limit comes first */
	bad(&b, V6D_FACT_GRE_SIZE_OUT, "203.0.113.10", "limit", 1400);
	bad(&b, V6D_FACT_V6_GET, "2001:db8::80", "stall", 0);
	f = first(&b);
	assert_string_equal(f->direction, "both");
	assert_int_equal(f->value, 1400);
	assert_string_equal(f->value2_name, "limit_in_bytes");
	assert_int_equal(f->value2, 1454);
	assert_int_equal(f->n_evidence, 2);
	assert_int_equal(f->n_consequences, 1);
	assert_int_equal(f->consequences[0], V6D_SYM_V6_GET);
}

static void
test_where(void **state)
{
	struct bed b;
	const struct v6d_finding *f;

	(void)state;
	v6d_facts_init(&b.f, b.o, 8);
	bad(&b, V6D_FACT_GRE_IN, "", "none", 0);
	bad(&b, V6D_FACT_GRE_ICMP, "192.168.0.1", "first-hop", 3 * 256 + 13);
	f = first(&b);
	assert_int_equal(f->cause, V6D_CAUSE_GRE_BLOCKED_FIRST_HOP);
	assert_string_equal(f->before, "192.168.0.1");
	assert_string_equal(f->direction, "out");
	v6d_facts_init(&b.f, b.o, 8);
	bad(&b, V6D_FACT_CONTROL_TCP, "", "prohibited", V6D_NO_VALUE);
	bad(&b, V6D_FACT_CONTROL_ICMP, "198.51.100.1", "prohibited", 781);
	f = first(&b);
	assert_int_equal(f->cause, V6D_CAUSE_CONTROL_BLOCKED);
	assert_string_equal(f->before, "198.51.100.1");
}

static void
test_rate(void **state)
{
	struct bed b;
	const struct v6d_finding *f;

	(void)state;
	v6d_facts_init(&b.f, b.o, 8);
	bad(&b, V6D_FACT_GRE_RATE_IN, "", "queue", 200);
	v6d_facts_add(&b.f, V6D_FACT_GRE_QUEUE, "", V6D_OK, NULL, 900);
	f = first(&b);
	assert_int_equal(f->cause, V6D_CAUSE_POLICER);
	assert_string_equal(f->direction, "in");
	assert_string_equal(f->value_name, "rate_kbit");
	assert_int_equal(f->value, 200);
	assert_string_equal(f->value2_name, "queue_ms");
	assert_int_equal(f->value2, 900);
	bad(&b, V6D_FACT_GRE_RATE_OUT, "", "policed", 120);
	f = first(&b);
	assert_string_equal(f->direction, "both");
	assert_int_equal(f->value, 120);
	assert_null(f->value2_name);
}

static void
test_words(void **state)
{
	struct bed b;
	const struct v6d_finding *f;

	(void)state;
	v6d_facts_init(&b.f, b.o, 8);
	bad(&b, V6D_FACT_CONTROL_CALL, "", "refused", 4);
	f = first(&b);
	assert_int_equal(f->cause, V6D_CAUSE_CALL_REFUSED);
	assert_string_equal(f->value_name, "result_code");
	assert_int_equal(f->value, 4);
	assert_true(f->word[0] != '\0');
	v6d_facts_init(&b.f, b.o, 8);
	bad(&b, V6D_FACT_PPP_AUTH, "MS-CHAPv2", "rejected", 691);
	f = first(&b);
	assert_int_equal(f->cause, V6D_CAUSE_AUTH_REJECTED);
	assert_int_equal(f->value, 691);
	assert_true(f->word[0] != '\0');
	/* PAP gives no code: no value */
	v6d_facts_init(&b.f, b.o, 8);
	bad(&b, V6D_FACT_PPP_AUTH, "PAP", "rejected", V6D_NO_VALUE);
	f = first(&b);
	assert_null(f->value_name);
	assert_string_equal(f->word, "");
}

static void
test_severity(void **state)
{
	struct v6d_symptoms s = symptoms("gre.loss=loss");

	(void)state;
	assert_int_equal(
	    v6d_cause_severity(V6D_CAUSE_GRE_LOSS, &s), V6D_SEV_WARNING);
	s = symptoms("gre.loss=heavy");
	assert_int_equal(
	    v6d_cause_severity(V6D_CAUSE_GRE_LOSS, &s), V6D_SEV_FAULT);
	s = symptoms("host.raw=denied");
	assert_int_equal(v6d_cause_severity(V6D_CAUSE_LOCAL_PREREQUISITE, &s),
	    V6D_SEV_ADVICE);
	s = symptoms("control.tcp=local");
	assert_int_equal(v6d_cause_severity(V6D_CAUSE_LOCAL_PREREQUISITE, &s),
	    V6D_SEV_FAULT);
}

RUN(cmocka_unit_test(test_size), cmocka_unit_test(test_where),
    cmocka_unit_test(test_rate), cmocka_unit_test(test_words),
    cmocka_unit_test(test_severity))
