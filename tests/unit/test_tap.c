/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_tap.c - a report as test points. */
#include "report_help.h"

#include <stdlib.h>

#include "report/render.h"

/* Unknown is no failure, skipped no success; points count on. */
static void
test_neither(void **state)
{
	struct v6d_format_how how = { 0 };
	struct run u;
	char *s;

	(void)state;
	run_neither(&u);
	s = v6d_render_tap(&u.r, &how);
	has(s, "not ok 1 - gre # TODO unknown: no answer \\# in time\n");
	has(s, "ok 2 - dns # SKIP no name\n");
	has(s, "not ok 3 - napt: the check failed: <tag>\n");
	free(s);
	assert_int_equal(how.points, 3);
	s = v6d_render_tap(&u.r, &how);
	has(s, "not ok 4 - gre");
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
	s = v6d_render_tap(&u.r, &how);
	has(s, "# lab: faulty (code G3-1454)\nok 1 - control: ");
	has(s, "\nnot ok 4 - cause gre-size-limit: GRE packets over 1454");
	free(s);
}

RUN(cmocka_unit_test(test_neither), cmocka_unit_test(test_story))
