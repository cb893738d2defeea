/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_report.c - a saved report of a stranger: read, judged, replayed with
 * today's probes, redacted and written again. The first byte says whether the
 * rest is a file or, behind its sums, the text of one.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/report.h"
#include "trace/compare.h"
#include "trace/file.h"
#include "trace/load.h"
#include "trace/redact.h"
#include "trace/replay.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool ok)
{
	if (!ok)
		abort();
}

static void
judge(const struct v6d_trace *t)
{
	static struct v6d_comparison c;
	struct v6d_loaded *l = v6d_load(t, "fuzz", NULL);
	struct v6d_side side;
	char *text;

	must(l);
	side = (struct v6d_side){ "fuzz", &l->report, &l->plan, t, "", false };
	text = v6d_report_json(&l->report);
	must(text);
	free(text);
	text = v6d_report_text(&l->report, V6D_COLOR_ALWAYS, true);
	must(text);
	free(text);
	v6d_compare(&side, &side, &c);
	must(c.gone.n == 0 && c.come.n == 0 && c.n_facts == 0);
	v6d_loaded_free(l);
}

/* As a file, too. */
static void
keep(const char *text, size_t n)
{
	struct v6d_trace_bytes file = { 0 };
	char message[200], *back;
	size_t len = 0;

	must(v6d_trace_file_write(text, n, "fuzz", NULL, 0, &file));
	must(v6d_trace_file_is(file.p, file.n));
	back =
	    v6d_trace_file_read(file.p, file.n, &len, message, sizeof(message));
	must(back && message[0] == '\0' && len == n);
	must(memcmp(back, text, n) == 0);
	free(back);
	free(file.p);
}

/* What was redacted is written and read again as it is. */
static void
redact(struct v6d_trace *t)
{
	static const uint8_t key[V6D_REDACT_KEY] = { 5 };
	static struct v6d_redact r;
	char message[200], *text;
	struct v6d_trace *back;
	size_t n;

	v6d_redact_init(&r, key);
	v6d_redact_trace(&r, t);
	text = v6d_trace_text(t, &n);
	must(text);
	back = v6d_trace_read(text, n, message, sizeof(message));
	must(back && back->n == t->n);
	v6d_trace_free(back);
	keep(text, n);
	free(text);
}

static void
read_text(const char *text, size_t n)
{
	char message[200];
	struct v6d_trace *t = v6d_trace_read(text, n, message, sizeof(message));
	struct v6d_replay r;

	if (!t) {
		must(message[0] != '\0');
		return;
	}
	judge(t);
	must(v6d_replay(t, &r));
	if (r.trace->n > 0)
		judge(r.trace);
	v6d_replay_done(&r);
	redact(t);
	v6d_trace_free(t);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char message[200], *text;
	size_t n = 0;

	if (size == 0)
		return 0;
	if (data[0] != 'f') {
		read_text((const char *)data + 1, size - 1);
		return 0;
	}
	text = v6d_trace_file_read(
	    data + 1, size - 1, &n, message, sizeof(message));
	if (text)
		read_text(text, n);
	free(text);
	return 0;
}
