/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_markdown.c - a report for a ticket. */
#include "report_help.h"

#include <stdlib.h>

#include "report/render.h"

static void
test_markdown(void **state)
{
	static const struct v6d_check c = { "gre", "pass", "a|b *c*", 1 };
	struct v6d_format_how how = { 0 };
	struct run u;
	char *s;

	(void)state;
	run_story(&u);
	u.r.checks = &c;
	u.r.n_checks = 1;
	s = v6d_render_markdown(&u.r, &how);
	has(s, "## v6doctor: faulty (code G3-1454)\n\nGRE packets over");
	has(s, "| gre | pass | a\\|b \\*c\\* |\n");
	has(s, "`gre-size-limit`, fault, certain\n");
	has(s, "\nWhat to do:\n\n1. Make the tunnel's largest packet (MTU and "
	       "MRU) 1414");
	assert_null(strstr(s, "<details>"));
	free(s);
	how.verbose = true;
	s = v6d_render_markdown(&u.r, &how);
	has(s, "| gre.size.in | bad limit | 1454 bytes outer IPv4 |");
	free(s);
	run_undecided(&u);
	s = v6d_render_markdown(&u.r, &how);
	has(s, "\n### Undecided\n");
	has(s, "- `napt-no-helper`: ");
	has(s, "\nTo decide: ");
	free(s);
}

/* What a pasted text has beside a diagnosis. */
static void
test_notes(void **state)
{
	static const struct v6d_report_note n = { "a-b", "high", "x|y.",
		"paste: ifconfig, line 1" };
	static const struct v6d_report_guess g = { "size", "large *ones*", "",
		"stands" };
	static const struct v6d_report_test t = { "mtu", "set it to 1280" };
	struct v6d_format_how how = { 0 };
	struct run u;
	char *s;

	(void)state;
	run_story(&u);
	u.r.notes = &n;
	u.r.guesses = &g;
	u.r.tests = &t;
	u.r.n_notes = u.r.n_guesses = u.r.n_tests = 1;
	s = v6d_render_markdown(&u.r, &how);
	has(s, "\nFindings:\n\n- **high** x\\|y. `a-b` (paste: ifconfig, "
	       "line 1)\n");
	has(s, "first:\n\n- `size` (stands): large \\*ones\\*\n");
	has(s, "\nNext:\n\n- set it to 1280\n");
	free(s);
}

RUN(cmocka_unit_test(test_markdown), cmocka_unit_test(test_notes))
