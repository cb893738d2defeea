/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_io_traces.c - every trace of captures/traces, replayed as it is and
 * without names: the same asks, the same diagnosis. What each must be
 * diagnosed as is regress's to say.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/input.h"
#include "trace/file.h"
#include "trace/load.h"
#include "trace/redact.h"
#include "trace/replay.h"

#define FOLDER "captures/traces"
#define CEILING (4u << 20)

static unsigned n_traces, n_same;

static struct v6d_trace *
read_trace(const char *path)
{
	char message[200], *text;
	FILE *f = v6d_input_open(path);
	struct v6d_trace *t;
	uint8_t *p;
	size_t n, len;

	assert_non_null(f);
	assert_int_equal(v6d_input_all(f, CEILING, &p, &n), 0);
	v6d_input_close(f);
	text = v6d_trace_file_read(p, n, &len, message, sizeof(message));
	assert_non_null(text);
	assert_string_equal(message, "");
	t = v6d_trace_read(text, len, message, sizeof(message));
	assert_non_null(t);
	assert_true(t->whole);
	free(text);
	free(p);
	return t;
}

/* Replays; says if it went as recorded: then the document is the same. */
static bool
replays(const struct v6d_trace *t)
{
	struct v6d_loaded *a, *b;
	struct v6d_replay r;
	bool same;

	assert_true(v6d_replay(t, &r));
	same = r.how == V6D_REPLAY_SAME;
	if (same) {
		char *x, *y;

		a = v6d_load(t, "1", NULL);
		b = v6d_load(r.trace, "1", NULL);
		x = v6d_report_json(&a->report);
		y = v6d_report_json(&b->report);
		assert_string_equal(x, y);
		free(x);
		free(y);
		v6d_loaded_free(a);
		v6d_loaded_free(b);
	}
	v6d_replay_done(&r);
	return same;
}

static void
check_same_diagnosis(
    const struct v6d_diagnosis *a, const struct v6d_diagnosis *b)
{
	assert_int_equal(a->verdict, b->verdict);
	assert_string_equal(a->code, b->code);
	assert_int_equal(a->n, b->n);
	for (unsigned i = 0; i < a->n; i++) {
		const struct v6d_finding *x = &a->findings[i];
		const struct v6d_finding *y = &b->findings[i];

		assert_int_equal(x->cause, y->cause);
		assert_int_equal(x->certainty, y->certainty);
		assert_int_equal(x->severity, y->severity);
		assert_int_equal(x->value, y->value);
		assert_int_equal(x->value2, y->value2);
		assert_ptr_equal(x->direction, y->direction);
	}
	assert_int_equal(a->n_undecided, b->n_undecided);
	for (unsigned i = 0; i < a->n_undecided; i++) {
		const struct v6d_undecided *x = &a->undecided[i];
		const struct v6d_undecided *y = &b->undecided[i];

		assert_int_equal(x->n, y->n);
		assert_memory_equal(
		    x->between, y->between, x->n * sizeof(x->between[0]));
	}
	assert_memory_equal(
	    a->symptoms.v, b->symptoms.v, sizeof(a->symptoms.v));
}

/* Another key each time, so that chance gets its turn. */
static void
redact(struct v6d_trace *t)
{
	static struct v6d_redact r;
	uint8_t key[V6D_REDACT_KEY] = { 0 };

	memcpy(key, &n_traces, sizeof(n_traces));
	v6d_redact_init(&r, key);
	v6d_redact_learn(&r, "alice");
	v6d_redact_trace(&r, t);
}

static void
check_trace(const char *path)
{
	struct v6d_trace *t = read_trace(path), *hidden = read_trace(path);
	struct v6d_loaded *a, *b;
	bool same = replays(t);

	redact(hidden);
	a = v6d_load(t, "1", NULL);
	b = v6d_load(hidden, "1", NULL);
	check_same_diagnosis(&a->diagnosis, &b->diagnosis);
	if (same && !replays(hidden))
		fail_msg("%s: without names it replays otherwise", path);
	n_traces++;
	n_same += same;
	v6d_loaded_free(a);
	v6d_loaded_free(b);
	v6d_trace_free(t);
	v6d_trace_free(hidden);
}

static int
is_trace(const struct dirent *e)
{
	return strstr(e->d_name, ".pcapng.gz") != NULL;
}

/* Those of probes that ask otherwise now are judged, and redacted, and not
 * compared: "make record" makes them anew. */
static void
test_all(void **state)
{
	struct dirent **list;
	char path[sizeof(FOLDER) + 258];
	int n = scandir(FOLDER, &list, is_trace, alphasort);

	(void)state;
	assert_true(n >= 200);
	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), FOLDER "/%.255s", list[i]->d_name);
		check_trace(path);
		free(list[i]);
	}
	free(list);
	print_message("%u traces, %u replayed as recorded%s\n", n_traces,
	    n_same,
	    n_same < n_traces ? "; \"make record\" makes the others anew" : "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
