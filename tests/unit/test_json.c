/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_json.c - the document is schema v6doctor/1. */
#include "report_help.h"

#include <jansson.h>
#include <stdlib.h>

#include "report/render.h"

static json_t *
document(const struct run *u)
{
	char *text = v6d_report_json(&u->r);
	json_t *o;

	assert_non_null(text);
	assert_int_equal(text[strlen(text) - 1], '\n');
	o = json_loads(text, 0, NULL);
	assert_non_null(o);
	free(text);
	return o;
}

static const char *
text_of(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	if (!s)
		fail_msg("no string %s", key);
	return s;
}

static const json_t *
item(const json_t *o, const char *key, size_t i)
{
	return json_array_get(json_object_get(o, key), i);
}

static void
test_keys(void **state)
{
	static const char *const keys[] = { "schema", "version", "language",
		"started", "duration_ms", "source", "verdict", "code",
		"diagnosis", "undecided", "unexplained", "advice", "coverage",
		"checks", "facts", "findings", "hypotheses", "next",
		"tunnels" };
	struct run u;
	json_t *o;
	void *it;
	size_t i = 0;

	(void)state;
	run_story(&u);
	o = document(&u);
	for (it = json_object_iter(o); it;
	     it = json_object_iter_next(o, it), i++) {
		assert_true(i < sizeof(keys) / sizeof(keys[0]));
		assert_string_equal(json_object_iter_key(it), keys[i]);
	}
	assert_int_equal(i, sizeof(keys) / sizeof(keys[0]));
	assert_string_equal(text_of(o, "schema"), "v6doctor/1");
	assert_string_equal(text_of(o, "started"), "2026-11-23T12:20:00.123Z");
	assert_string_equal(text_of(o, "verdict"), "faulty");
	assert_string_equal(text_of(o, "code"), "G3-1454");
	json_decref(o);
}

static void
test_finding(void **state)
{
	struct run u;
	json_t *o;
	const json_t *d;

	(void)state;
	run_story(&u);
	o = document(&u);
	assert_int_equal(json_array_size(json_object_get(o, "diagnosis")), 1);
	d = item(o, "diagnosis", 0);
	assert_string_equal(text_of(d, "cause"), "gre-size-limit");
	assert_string_equal(text_of(d, "severity"), "fault");
	assert_string_equal(text_of(d, "certainty"), "certain");
	assert_string_equal(text_of(d, "layer"), "gre");
	assert_string_equal(text_of(d, "title"),
	    "GRE packets over 1454 bytes are lost towards this host");
	assert_string_equal(
	    text_of(json_object_get(d, "where"), "direction"), "in");
	assert_string_equal(
	    text_of(json_object_get(d, "where"), "after"), "192.168.0.2");
	assert_int_equal(json_integer_value(json_object_get(
			     json_object_get(d, "values"), "limit_bytes")),
	    1454);
	assert_string_equal(
	    json_string_value(item(d, "evidence", 0)), "gre.size.in");
	assert_string_equal(
	    json_string_value(item(d, "consequences", 0)), "v6.get");
	assert_non_null(
	    strstr(json_string_value(item(d, "remedy", 0)), "1414"));
	json_decref(o);
}

static void
test_rest(void **state)
{
	struct run u;
	json_t *o;
	const json_t *f;

	(void)state;
	run_story(&u);
	o = document(&u);
	assert_string_equal(text_of(item(o, "checks", 1), "status"), "fail");
	f = item(o, "facts", 4);
	assert_string_equal(text_of(f, "name"), "gre.size.in");
	assert_string_equal(text_of(f, "state"), "bad");
	assert_string_equal(text_of(f, "word"), "limit");
	assert_int_equal(json_integer_value(json_object_get(f, "value")), 1454);
	assert_int_equal(json_integer_value(json_object_get(f, "at_ms")), 1234);
	assert_true(
	    json_is_null(json_object_get(item(o, "facts", 2), "value")));
	f = json_object_get(o, "coverage");
	assert_string_equal(json_string_value(item(f, "seen", 0)), "control");
	assert_string_equal(text_of(item(f, "not_seen", 0), "stage"), "ra");
	json_decref(o);
}

static void
test_undecided(void **state)
{
	struct run u;
	json_t *o;
	const json_t *d;

	(void)state;
	run_undecided(&u);
	o = document(&u);
	d = item(o, "undecided", 0);
	assert_string_equal(
	    json_string_value(item(d, "between", 0)), "gre-blocked");
	assert_true(strlen(text_of(d, "ask")) > 20);
	assert_string_equal(text_of(d, "why"),
	    "each would explain: no GRE packet of our call comes back");
	assert_int_equal(json_array_size(json_object_get(o, "diagnosis")), 0);
	json_decref(o);
}

/* Bytes of a stranger never break the document. */
static void
test_strange_bytes(void **state)
{
	struct run u;
	json_t *o;

	(void)state;
	run_start(&u);
	run_add(&u, V6D_FACT_PPP_TERMINATED, "\xff\xfe\"\\\n\x1b[2J", "peer",
	    V6D_NO_VALUE);
	v6d_diagnose(&u.facts, NULL, &u.d);
	o = document(&u);
	assert_int_equal(json_array_size(json_object_get(o, "facts")), 1);
	json_decref(o);
}

static void
get_tunnel(void *arg, size_t i, bool whole, struct v6d_report_tunnel *ret)
{
	struct run *u = arg;

	*ret = (struct v6d_report_tunnel){ .number = 6 + i,
		.began_ms = 1500,
		.client = "192.0.2.1",
		.server = "203.0.113.10",
		.verdict = V6D_VERDICT_FAULTY,
		.code = "G3-1388",
		.facts = whole ? &u->facts : NULL,
		.diagnosis = whole ? &u->d : NULL };
}

/* So many that each is told in short. */
static void
test_many_tunnels(void **state)
{
	struct run u;
	const json_t *last;
	json_t *o;

	(void)state;
	run_story(&u);
	u.r.tunnels = (struct v6d_report_tunnels){ 1000, get_tunnel, &u };
	o = document(&u);
	assert_int_equal(json_array_size(json_object_get(o, "tunnels")), 1000);
	last = item(o, "tunnels", 999);
	assert_string_equal(text_of(last, "id"), "1005");
	assert_string_equal(text_of(last, "verdict"), "faulty");
	assert_string_equal(text_of(last, "code"), "G3-1388");
	assert_string_equal(text_of(last, "seen_from"), "unknown");
	assert_int_equal(
	    json_integer_value(json_object_get(last, "began_ms")), 1500);
	assert_null(json_object_get(last, "facts"));
	json_decref(o);
}

static void
test_tunnels(void **state)
{
	struct run u;
	json_t *o;

	(void)state;
	run_story(&u);
	u.r.tunnels = (struct v6d_report_tunnels){ 2, get_tunnel, &u };
	o = document(&u);
	assert_int_equal(json_array_size(json_object_get(o, "tunnels")), 2);
	assert_string_equal(text_of(item(o, "tunnels", 1), "id"), "7");
	assert_string_equal(
	    text_of(item(o, "tunnels", 1), "verdict"), "faulty");
	json_decref(o);
}

static void
test_jsonl(void **state)
{
	struct v6d_format_how how = { 0 };
	struct run u;
	char *s;

	(void)state;
	run_story(&u);
	s = v6d_render_jsonl(&u.r, &how);
	assert_int_equal(strncmp(s, "{\"type\":\"run\",\"schema\":", 23), 0);
	has(s, "\n{\"type\":\"check\",\"probe\":\"gre\",");
	has(s, "\n{\"type\":\"fact\",\"name\":\"gre.size.in\",");
	has(s, "\n{\"type\":\"finding\",\"cause\":\"gre-size-limit\",");
	free(s);
}

RUN(cmocka_unit_test(test_keys), cmocka_unit_test(test_finding),
    cmocka_unit_test(test_rest), cmocka_unit_test(test_undecided),
    cmocka_unit_test(test_strange_bytes), cmocka_unit_test(test_tunnels),
    cmocka_unit_test(test_many_tunnels), cmocka_unit_test(test_jsonl))
