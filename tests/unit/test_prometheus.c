/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_prometheus.c - a report as metrics. */
#include "report_help.h"

#include <stdlib.h>

#include "report/render.h"

/* What could not be told has no sample. */
static void
test_neither(void **state)
{
	struct v6d_format_how how = { 0 };
	struct run u;
	char *s;

	(void)state;
	run_neither(&u);
	s = v6d_render_prometheus(&u.r, &how);
	assert_null(strstr(s, "v6doctor_check_ok{"));
	has(s, "v6doctor_check_duration_seconds{check=\"gre\"} 0.001\n");
	assert_null(strstr(s, "seconds{check=\"dns\"}"));
	free(s);
}

static void
test_prometheus(void **state)
{
	struct v6d_format_how how = { 0 };
	struct run u;
	char *s;

	(void)state;
	run_story(&u);
	u.r.source_name = "a\"b\\c\nd";
	run_add(&u, V6D_FACT_GRE_RTT, "203.0.113.10", NULL, 51234);
	s = v6d_render_prometheus(&u.r, &how);
	has(s, "name=\"a\\\"b\\\\c\\nd\"} 1\n");
	has(s, "v6doctor_verdict{verdict=\"faulty\"} 1\n");
	has(s, "v6doctor_verdict{verdict=\"healthy\"} 0\n");
	has(s, "v6doctor_check_ok{check=\"control\"} 1\n");
	has(s, "v6doctor_check_ok{check=\"gre\"} 0\n");
	has(s, "v6doctor_stage_ok{stage=\"control\"} 1\n");
	has(s, "v6doctor_gre_rtt_seconds 0.051234\n");
	/* the help stands although the first of the two has no sample */
	has(s, "# HELP v6doctor_gre_largest_bytes ");
	has(s, "\nv6doctor_gre_largest_bytes{direction=\"in\"} 1454\n");
	assert_null(strstr(s, "v6doctor_gre_largest_bytes{direction=\"out\"}"));
	free(s);
}

RUN(cmocka_unit_test(test_neither), cmocka_unit_test(test_prometheus))
