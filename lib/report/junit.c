/* SPDX-License-Identifier: GPL-2.0-or-later */
/* junit.c - a report as a test suite in JUnit's XML. */
#include "report/render.h"

#include "report/say.h"

struct count {
	unsigned tests, failures, errors, skipped;
};

static struct count
count(const struct v6d_report *r)
{
	struct count c = { 0 };
	struct v6d_point p;

	for (size_t i = 0; v6d_render_point(r, i, &p); i++) {
		c.tests++;
		c.failures += p.outcome == V6D_OUTCOME_FAIL;
		c.errors += p.outcome == V6D_OUTCOME_BROKEN;
		c.skipped += p.outcome == V6D_OUTCOME_UNKNOWN ||
			     p.outcome == V6D_OUTCOME_SKIPPED;
	}
	return c;
}

static void
attribute(struct v6d_text *t, const char *name, const char *value)
{
	v6d_text_add(t, " %s=\"", name);
	v6d_render_xml(t, value);
	v6d_text_add(t, "\"");
}

static void
seconds(struct v6d_text *t, unsigned ms)
{
	v6d_text_add(t, " time=\"%u.%03u\"", ms / 1000, ms % 1000);
}

/* Neither a failure nor a success: skipped, with the word before it. */
static void
result(struct v6d_text *t, const struct v6d_point *p)
{
	static const char *const element[] = {
		[V6D_OUTCOME_PASS] = NULL,
		[V6D_OUTCOME_FAIL] = "failure",
		[V6D_OUTCOME_BROKEN] = "error",
		[V6D_OUTCOME_UNKNOWN] = "skipped",
		[V6D_OUTCOME_SKIPPED] = "skipped",
	};
	bool unknown = p->outcome == V6D_OUTCOME_UNKNOWN;

	if (!element[p->outcome]) {
		v6d_text_add(t, "<system-out>");
		v6d_render_xml(t, p->words);
		v6d_text_add(t, "</system-out>");
		return;
	}
	v6d_text_add(t, "<%s message=\"%s", element[p->outcome],
	    unknown ? "unknown: " : "");
	v6d_render_xml(t, p->words);
	v6d_text_add(t, "\"/>");
}

static void
test_case(struct v6d_text *t, const struct v6d_point *p)
{
	v6d_text_add(t, "\t\t<testcase classname=\"v6doctor\"");
	attribute(t, "name", p->name);
	seconds(t, p->ms);
	v6d_text_add(t, ">");
	result(t, p);
	v6d_text_add(t, "</testcase>\n");
}

static void
suite(struct v6d_text *t, const struct v6d_report *r)
{
	struct count c = count(r);
	char when[32];
	struct v6d_text w = v6d_text_to(when, sizeof(when));

	v6d_say_time(&w, r->started_unix_ms);
	when[19] = '\0'; /* JUnit's time has neither fraction nor zone */
	v6d_text_add(t, "\t<testsuite");
	attribute(t, "name", r->source_name ? r->source_name : r->source_kind);
	v6d_text_add(t,
	    " tests=\"%u\" failures=\"%u\" errors=\"%u\" skipped=\"%u\"",
	    c.tests, c.failures, c.errors, c.skipped);
	attribute(t, "timestamp", when);
	attribute(t, "hostname", r->client[0] ? r->client : "unknown");
	seconds(t, r->duration_ms);
	v6d_text_add(t, ">\n\t\t<properties>");
	v6d_text_add(t, "<property name=\"verdict\"");
	attribute(t, "value", v6d_verdict_name(r->diagnosis->verdict));
	v6d_text_add(t, "/><property name=\"code\"");
	attribute(t, "value", r->diagnosis->code);
	v6d_text_add(t, "/></properties>\n");
}

char *
v6d_render_junit(const struct v6d_report *r, struct v6d_format_how *h)
{
	struct v6d_text t = v6d_render_start(NULL);
	struct v6d_point p;

	(void)h;
	if (!t.p)
		return NULL;
	suite(&t, r);
	for (size_t i = 0; v6d_render_point(r, i, &p); i++)
		test_case(&t, &p);
	v6d_text_add(&t,
	    "\t\t<system-out></system-out><system-err></system-err>\n"
	    "\t</testsuite>\n");
	return v6d_render_end(&t);
}
