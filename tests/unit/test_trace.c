/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_trace.c - a run's events as lines and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fields_fill.h"
#include "trace/trace.h"

static const struct v6d_trace_head head = { .schema = V6D_TRACE_SCHEMA,
	.version = "9.9.9",
	.kind = "lab",
	.started_unix_ms = 1790000000123 };

/* A head, one of each other kind full of chance, and an end. */
static struct v6d_trace *
sample(void)
{
	struct v6d_trace *t = v6d_trace_new();

	v6d_trace_add(t, V6D_TRACE_HEAD, &head);
	for (int k = V6D_TRACE_PLAN; k < V6D_N_TRACE_KINDS; k++) {
		const struct v6d_fields *f = v6d_trace_whats[k].fields;
		uint8_t *body = calloc(1, f->size);

		fill_bytes(body, f->size);
		fill_fields(f, body);
		v6d_trace_add(t, (enum v6d_trace_kind)k, body);
		free(body);
	}
	assert_false(t->lost);
	return t;
}

static void
test_round_trip(void **state)
{
	char message[200];

	(void)state;
	for (int round = 0; round < 50; round++) {
		struct v6d_trace *a = sample(), *b;
		size_t n;
		char *text = v6d_trace_text(a, &n);

		b = v6d_trace_read(text, n, message, sizeof(message));
		assert_non_null(b);
		assert_true(b->whole);
		assert_string_equal(message, "");
		assert_int_equal(b->n, a->n);
		for (size_t i = 0; i < a->n; i++) {
			enum v6d_trace_kind k = a->events[i].kind;

			assert_int_equal(b->events[i].kind, k);
			assert_null(v6d_fields_differ(v6d_trace_whats[k].fields,
			    a->events[i].body, b->events[i].body));
		}
		free(text);
		v6d_trace_free(a);
		v6d_trace_free(b);
	}
}

/* Cut anywhere: what stands before is read, and the end is missed. */
static void
test_cut(void **state)
{
	struct v6d_trace *a = sample(), *b;
	char message[200];
	size_t n;
	char *text = v6d_trace_text(a, &n);

	(void)state;
	for (size_t i = 0; i < n; i += 7) {
		char *cut = malloc(i + 1); /* of its exact size */

		memcpy(cut, text, i);
		b = v6d_trace_read(cut, i, message, sizeof(message));
		assert_true(!b || (!b->whole && b->n < a->n));
		assert_string_not_equal(message, "");
		v6d_trace_free(b);
		free(cut);
	}
	free(text);
	v6d_trace_free(a);
}

static struct v6d_trace *
reads(const char *text, char *message)
{
	return v6d_trace_read(text, strlen(text), message, 200);
}

#define HEAD "{\"head\":{\"schema\":\"v6doctor-report/1\"}}\n"
#define END "{\"end\":{}}\n"

static void
test_refused(void **state)
{
	static const struct {
		const char *text, *says;
	} bad[] = {
		{ "", "no head" },
		{ "hello\n", "no head" },
		{ "[]\n", "no head" },
		{ END, "does not begin with a head" },
		{ "{\"head\":{\"schema\":\"v6doctor-report/2\","
		  "\"version\":\"7.1\"}}\n",
		    "7.1" },
		{ "{\"head\":{\"schema\":\"other/1\"}}\n", "unknown" },
	};
	char message[200];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_null(reads(bad[i].text, message));
		assert_non_null(strstr(message, bad[i].says));
	}
}

static void
test_damaged(void **state)
{
	static const struct {
		const char *text, *says;
		size_t n; /* events that are left */
	} bad[] = {
		{ HEAD, "it ends there", 1 },
		{ HEAD "{\"turn\":{\"at\":1}}\nx\n" END, "line 3", 2 },
		{ HEAD "{\"turn\":{\"at\":\"1\"}}\n" END, "\"at\"", 1 },
		{ HEAD "{\"turn\":1}\n" END, "line 2", 1 },
		{ HEAD "{\"turn\":{\"at\":1}}", "line 2", 1 },
	};
	struct v6d_trace *t;
	char message[200];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		t = reads(bad[i].text, message);
		assert_non_null(t);
		assert_false(t->whole);
		assert_int_equal(t->n, bad[i].n);
		assert_non_null(strstr(message, bad[i].says));
		v6d_trace_free(t);
	}
}

/* A newer program's events and keys are passed over. */
static void
test_newer(void **state)
{
	char message[200];
	struct v6d_trace *t =
	    reads(HEAD "{\"smell\":{}}\n{\"turn\":{\"at\":3,\"hue\":1}}\n" END,
		message);

	(void)state;
	assert_non_null(t);
	assert_true(t->whole);
	assert_int_equal(t->n, 3);
	v6d_trace_free(t);
}

static void
test_next(void **state)
{
	struct v6d_trace *t = sample();
	size_t at = 0;

	(void)state;
	assert_ptr_equal(
	    v6d_trace_next(t, V6D_TRACE_HEAD, NULL), t->events[0].body);
	assert_non_null(v6d_trace_next(t, V6D_TRACE_ASK, &at));
	assert_null(v6d_trace_next(t, V6D_TRACE_ASK, &at));
	v6d_trace_free(t);
	v6d_trace_free(NULL);
}

static void
test_observation(void **state)
{
	struct v6d_obs o = { .fact = V6D_FACT_GRE_SIZE_IN,
		.state = V6D_WAS_OK,
		.subject = "203.0.113.10",
		.word = "limit",
		.source = "probe gre",
		.value = 1388,
		.low = -3,
		.high = 1400,
		.at = 77 },
		       back;
	struct v6d_trace_fact f;

	(void)state;
	v6d_trace_from_obs(&o, &f);
	assert_string_equal(f.name, "gre.size.in");
	assert_string_equal(f.state, "was-ok");
	assert_true(v6d_trace_to_obs(&f, &back));
	assert_int_equal(back.fact, o.fact);
	assert_int_equal(back.state, o.state);
	assert_string_equal(back.subject, o.subject);
	assert_string_equal(back.word, o.word);
	assert_string_equal(back.source, o.source);
	assert_int_equal(back.value, 1388);
	assert_int_equal(back.at, 77);
	assert_int_equal(back.low, -3);
	assert_int_equal(back.high, 1400);
	o.value = V6D_NO_VALUE;
	v6d_trace_from_obs(&o, &f);
	assert_false(f.has_value);
	assert_true(v6d_trace_to_obs(&f, &back));
	assert_true(back.value == V6D_NO_VALUE);
	snprintf(f.name, sizeof(f.name), "gre.colour");
	assert_false(v6d_trace_to_obs(&f, &back));
	v6d_trace_from_obs(&o, &f);
	snprintf(f.state, sizeof(f.state), "meh");
	assert_false(v6d_trace_to_obs(&f, &back));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_newer),
		cmocka_unit_test(test_next),
		cmocka_unit_test(test_observation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
