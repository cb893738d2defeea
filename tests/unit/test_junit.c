/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_junit.c - a report as a JUnit test suite. */
#include "report_help.h"

#include <stdlib.h>

#include "report/render.h"

static void
test_neither(void **state)
{
	struct v6d_format_how how = { 0 };
	struct run u;
	char *s;

	(void)state;
	run_neither(&u);
	u.r.source_name = "a<b";
	s = v6d_render_junit(&u.r, &how);
	has(s, "<testsuite name=\"a&lt;b\" tests=\"3\" failures=\"0\" "
	       "errors=\"1\" skipped=\"2\" "
	       "timestamp=\"2026-11-23T12:20:00\"");
	has(s, "<skipped message=\"unknown: no answer # in time\"/>");
	has(s, "<skipped message=\"no name\"/>");
	has(s, "<error message=\"&lt;tag&gt;\"/>");
	has(s, "time=\"2.500\"");
	free(s);
}

static void
test_story(void **state)
{
	struct v6d_format_how how = { 0 };
	struct run u;
	char *s;

	(void)state;
	run_story(&u);
	s = v6d_render_junit(&u.r, &how);
	has(s, "tests=\"4\" failures=\"2\" errors=\"0\" skipped=\"1\"");
	has(s, "<property name=\"code\" value=\"G3-1454\"/>");
	has(s, "<system-out>the call is accepted</system-out>");
	has(s, "name=\"cause gre-size-limit\"");
	free(s);
}

RUN(cmocka_unit_test(test_neither), cmocka_unit_test(test_story))
