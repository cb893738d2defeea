/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_replay.c - runs of the real probes with answers full of chance: what
 * is recorded of them is judged and replayed to the same end. Covers
 * trace/record.c, trace/replay.c and trace/load.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fields_fill.h"
#include "report/report.h"
#include "trace/load.h"
#include "trace/record.h"
#include "trace/replay.h"
#include "trace/tables.h"

#define FACTS 1024
#define ROUNDS 60
#define STEPS 400 /* answers after which the time is up */

struct waiting {
	struct v6d_probe_run *who;
	struct v6d_ask ask;
};

struct sim {
	struct v6d_plan plan;
	struct v6d_obs obs[FACTS];
	struct v6d_facts facts;
	struct v6d_scope scope;
	struct v6d_record record;
	struct v6d_graph *graph;
	v6d_ns now;
	unsigned n_waiting;
	struct waiting waiting[V6D_RECORD_WAITING];
	struct v6d_diagnosis diagnosis;
	struct v6d_check checks[V6D_LOAD_CHECKS];
	struct v6d_report report;
};

static void
take(struct sim *s)
{
	struct waiting *w = &s->waiting[s->n_waiting];

	v6d_record_turn(&s->record, s->now);
	while (s->n_waiting < V6D_RECORD_WAITING &&
	       v6d_graph_take(s->graph, s->now, &w->ask, &w->who)) {
		v6d_record_ask(&s->record, w->who, &w->ask);
		w = &s->waiting[++s->n_waiting];
	}
}

/* Another source observes something too, and the plan may change. */
static void
meanwhile(struct sim *s)
{
	enum v6d_fact f = (enum v6d_fact)(fill_random() % V6D_N_FACTS);

	s->facts.now = s->now;
	v6d_facts_add(&s->facts, f, "203.0.113.10",
	    (enum v6d_state)(fill_random() % 4), NULL,
	    (int64_t)(fill_random() % 1500));
	if (fill_random() % 8 == 0)
		s->plan.mtu = (uint16_t)(1280 + fill_random() % 220);
}

static void
answer_one(struct sim *s)
{
	unsigned i = (unsigned)(fill_random() % s->n_waiting);
	struct waiting w = s->waiting[i];
	static struct v6d_answer a;

	s->waiting[i] = s->waiting[--s->n_waiting];
	fill_bytes((uint8_t *)&a, sizeof(a));
	fill_fields(&v6d_fields_answer, (uint8_t *)&a);
	a.kind = w.ask.kind;
	a.tag = w.ask.tag;
	a.how = (enum v6d_answer_how)(fill_random() % 3);
	a.state = (enum v6d_session_state)(fill_random() % 10);
	a.failed_in = (enum v6d_session_state)(fill_random() % 10);
	a.why = (enum v6d_session_why)(fill_random() % 22);
	a.n_frames = w.ask.n_frames;
	s->now += fill_random() % V6D_MS(50);
	meanwhile(s);
	v6d_record_answer(&s->record, w.who, &a, s->now);
	v6d_graph_answer(s->graph, w.who, &a, s->now);
	take(s);
}

static void
make_plan(struct v6d_plan *p)
{
	fill_bytes((uint8_t *)p, sizeof(*p));
	fill_fields(&v6d_fields_plan, (uint8_t *)p);
	p->have_raw = p->have_tun = fill_random() % 4 > 0;
	p->in_place = fill_random() % 4 == 0;
	p->deadline = V6D_S(30);
	snprintf(p->name, sizeof(p->name), "www.example.net");
}

/* One whole run; its report stays in s. */
static void
run(struct sim *s)
{
	const struct v6d_trace_head h = { .schema = V6D_TRACE_SCHEMA,
		.started_unix_ms = 1790000000000 };

	memset(s, 0, sizeof(*s));
	make_plan(&s->plan);
	v6d_facts_init(&s->facts, s->obs, FACTS);
	s->facts.source = "run";
	for (int i = 0; i < V6D_N_STAGES; i++) {
		s->scope.can[i] = fill_random() % 2;
		s->scope.why_not[i] = s->scope.can[i] ? NULL : "so it is";
	}
	assert_true(v6d_record_init(&s->record, &h, &s->plan, &s->facts));
	v6d_record_scope(&s->record, &s->scope);
	for (size_t i = 0; i < v6d_n_probes; i++)
		v6d_record_probe(&s->record, v6d_probes[i]->name);
	s->graph = v6d_graph_init(malloc(v6d_graph_size(v6d_n_probes)),
	    v6d_probes, v6d_n_probes, &s->plan, &s->facts);
	take(s);
	for (int i = 0; i < STEPS && s->n_waiting > 0; i++)
		answer_one(s);
	if (!v6d_graph_done(s->graph)) {
		meanwhile(s);
		v6d_record_expire(&s->record, s->now);
		v6d_graph_expire(s->graph, s->now);
	}
	meanwhile(s);
	v6d_diagnose(&s->facts, &s->scope, &s->diagnosis);
	s->report.version = "1";
	s->report.source_kind = "report";
	s->report.started_unix_ms = h.started_unix_ms;
	s->report.duration_ms = 4711;
	s->report.facts = &s->facts;
	s->report.diagnosis = &s->diagnosis;
	s->report.scope = &s->scope;
	s->report.checks = s->checks;
	s->report.n_checks =
	    v6d_record_checks(s->graph, s->checks, V6D_LOAD_CHECKS);
	snprintf(s->report.client, sizeof(s->report.client), "192.0.2.7");
	v6d_record_end(&s->record, &s->report, 0);
	assert_false(s->record.trace->lost);
}

static void
end(struct sim *s)
{
	v6d_record_done(&s->record);
	free(s->graph);
}

/* The trace through its text, as a file would bring it. */
static struct v6d_trace *
through_text(const struct v6d_trace *t)
{
	char message[200];
	size_t n;
	char *text = v6d_trace_text(t, &n);
	struct v6d_trace *back =
	    v6d_trace_read(text, n, message, sizeof(message));

	assert_non_null(back);
	assert_true(back->whole);
	free(text);
	return back;
}

/* The very same document, letter by letter. */
static void
check_same_report(const struct v6d_report *a, const struct v6d_trace *t)
{
	struct v6d_loaded *l = v6d_load(t, "1", NULL);
	char *x = v6d_report_json(a), *y;

	assert_non_null(l);
	assert_int_equal(l->n_strange, 0);
	y = v6d_report_json(&l->report);
	assert_string_equal(x, y);
	free(x);
	free(y);
	v6d_loaded_free(l);
}

static void
test_same(void **state)
{
	struct sim *s = malloc(sizeof(*s));

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		struct v6d_trace *t;
		struct v6d_replay r;

		run(s);
		t = through_text(s->record.trace);
		check_same_report(&s->report, t);
		assert_true(v6d_replay(t, &r));
		if (r.how != V6D_REPLAY_SAME)
			fail_msg("round %d: %s", round, r.what);
		check_same_report(&s->report, r.trace);
		v6d_replay_done(&r);
		v6d_trace_free(t);
		end(s);
	}
	free(s);
}

/* Finds the nth event of a kind. */
static void *
nth(struct v6d_trace *t, enum v6d_trace_kind kind, int n)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->events[i].kind == kind && n-- == 0)
			return t->events[i].body;
	return NULL;
}

/* What was asked otherwise then is told, with the ask and the field. */
static void
test_other_asks(void **state)
{
	struct sim *s = malloc(sizeof(*s));
	struct v6d_trace_ask *a;
	struct v6d_replay r;

	(void)state;
	run(s);
	a = nth(s->record.trace, V6D_TRACE_ASK, 2);
	assert_non_null(a);
	a->ask.timeout++;
	assert_true(v6d_replay(s->record.trace, &r));
	assert_int_equal(r.how, V6D_REPLAY_OTHER_ASKS);
	assert_non_null(strstr(r.what, "ask 3 of the check "));
	assert_non_null(strstr(r.what, "timeout"));
	v6d_replay_done(&r);
	a->ask.tag += 12345; /* its answer now belongs to nobody */
	assert_true(v6d_replay(s->record.trace, &r));
	assert_int_equal(r.how, V6D_REPLAY_OTHER_ASKS);
	v6d_replay_done(&r);
	end(s);
	free(s);
}

static void
test_other_facts(void **state)
{
	struct sim *s = malloc(sizeof(*s));
	struct v6d_trace_fact *f;
	struct v6d_replay r;
	int i = 0;

	(void)state;
	run(s);
	do
		f = nth(s->record.trace, V6D_TRACE_FACT, i++);
	while (f && strncmp(f->source, "probe ", 6) != 0);
	assert_non_null(f);
	f->word[0] = f->word[0] == 'q' ? 'r' : 'q';
	assert_true(v6d_replay(s->record.trace, &r));
	assert_int_equal(r.how, V6D_REPLAY_OTHER_FACTS);
	assert_non_null(strstr(r.what, f->name));
	v6d_replay_done(&r);
	end(s);
	free(s);
}

/* As of a capture: observations, and no check that made them. */
static void
test_no_checks(void **state)
{
	struct v6d_trace *t = v6d_trace_new();
	struct v6d_trace_head h = { .schema = V6D_TRACE_SCHEMA };
	struct v6d_trace_fact f = { .name = "control.tcp", .state = "ok" };
	struct v6d_replay r;

	(void)state;
	v6d_trace_add(t, V6D_TRACE_HEAD, &h);
	v6d_trace_add(t, V6D_TRACE_FACT, &f);
	assert_true(v6d_replay(t, &r));
	assert_int_equal(r.how, V6D_REPLAY_IMPOSSIBLE);
	assert_non_null(strstr(r.what, "no checks"));
	v6d_replay_done(&r);
	v6d_trace_free(t);
}

static void
test_impossible(void **state)
{
	struct sim *s = malloc(sizeof(*s));
	struct v6d_trace_answer *a;
	struct v6d_trace_probe *p;
	struct v6d_replay r;

	(void)state;
	run(s);
	a = nth(s->record.trace, V6D_TRACE_ANSWER, 0);
	a->id = 99999;
	assert_true(v6d_replay(s->record.trace, &r));
	assert_int_equal(r.how, V6D_REPLAY_IMPOSSIBLE);
	v6d_replay_done(&r);
	p = nth(s->record.trace, V6D_TRACE_PROBE_OF, 0);
	snprintf(p->name, sizeof(p->name), "weather");
	assert_true(v6d_replay(s->record.trace, &r));
	assert_int_equal(r.how, V6D_REPLAY_IMPOSSIBLE);
	assert_non_null(strstr(r.what, "weather"));
	v6d_replay_done(&r);
	end(s);
	free(s);
}

/* A record cut after any event is still judged, and is never healthy. */
static void
test_cut(void **state)
{
	struct sim *s = malloc(sizeof(*s));
	size_t n;

	(void)state;
	run(s);
	n = s->record.trace->n;
	for (size_t i = 1; i < n; i++) {
		struct v6d_trace part = *s->record.trace;
		struct v6d_loaded *l;
		struct v6d_replay r;

		part.n = i;
		l = v6d_load(&part, "1", "x");
		assert_non_null(l);
		if (!v6d_trace_next(&part, V6D_TRACE_SCOPE, NULL))
			assert_int_equal(
			    l->diagnosis.verdict, V6D_VERDICT_UNDETERMINED);
		v6d_loaded_free(l);
		if (i % 13 == 0) {
			assert_true(v6d_replay(&part, &r));
			v6d_replay_done(&r);
		}
	}
	end(s);
	free(s);
}

/* Without a trace nothing is recorded, and nothing breaks. */
static void
test_not_wanted(void **state)
{
	struct v6d_record r = { 0 };
	const struct v6d_report report = { 0 };
	const struct v6d_scope scope = { 0 };

	(void)state;
	v6d_record_scope(&r, &scope);
	v6d_record_probe(&r, "gre");
	v6d_record_turn(&r, 1);
	v6d_record_expire(&r, 1);
	v6d_record_end(&r, &report, 0);
	v6d_record_done(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_other_asks),
		cmocka_unit_test(test_other_facts),
		cmocka_unit_test(test_no_checks),
		cmocka_unit_test(test_impossible),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_not_wanted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
