/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_html.c - the report as one HTML file. */
#include "report_help.h"

#include <stdlib.h>

#include "report/render.h"

static char *
page(const struct run *u)
{
	struct v6d_format_how how = { 0 };
	char *s = v6d_render_html(&u->r, &how);

	assert_non_null(s);
	has(s, "<!DOCTYPE html>\n<html lang=\"en\">");
	has(s, "prefers-color-scheme: dark"); /* the style is in it */
	has(s, "</main>\n</body>\n</html>\n");
	/* nothing from outside */
	assert_null(strstr(s, "://"));
	assert_null(strstr(s, "src="));
	assert_null(strstr(s, "@import"));
	assert_null(strstr(s, "url("));
	return s;
}

static void
test_story(void **state)
{
	struct run u;
	char *s;

	(void)state;
	run_story(&u);
	s = page(&u);
	has(s, "<span class=\"badge bad\">faulty</span> GRE packets over 1454");
	has(s, "Code <strong>G3-1454</strong>");
	has(s, "<code>gre-size-limit</code>, fault, certain");
	has(s, "<li>Make the tunnel&#39;s largest packet (MTU and MRU) 1414 "
	       "bytes or less");
	has(s, "<span class=\"badge none\">skipped</span>");
	has(s, "GRE towards this host: up to 1454 bytes pass; larger ones");
	/* the evidence of a check unfolds under it */
	has(s, "<td><code>gre.size.in</code></td><td>bad, limit</td>"
	       "<td>1454 bytes outer IPv4</td>");
	free(s);
}

static void
test_strangers(void **state)
{
	static const struct v6d_check c = { "gre", "pass", "<script>x", 1 };
	struct run u;
	char *s;

	(void)state;
	run_story(&u);
	u.r.checks = &c;
	u.r.n_checks = 1;
	u.r.source_name = "\"><b>";
	s = page(&u);
	assert_null(strstr(s, "<script"));
	assert_null(strstr(s, "<b>"));
	has(s, "&lt;script&gt;x");
	free(s);
}

static void
test_undecided_capture(void **state)
{
	struct run u;
	char *s;

	(void)state;
	run_undecided(&u);
	s = page(&u);
	has(s, "<h3>These look alike from here</h3>");
	has(s, "<h4>What decides</h4>");
	has(s, "<h2>Stages</h2>");
	assert_null(strstr(s, "<h2>Checks</h2>"));
	assert_null(strstr(s, "Which sizes pass"));
	free(s);
}

/* What a pasted text has beside a diagnosis; its bytes are a stranger's. */
static void
test_notes(void **state)
{
	static const struct v6d_report_note n = { "a-b", "high", "<x> & y.",
		"paste: ifconfig, line 1" };
	static const struct v6d_report_guess g = { "size", "large ones", "",
		"stands" };
	static const struct v6d_report_test t = { "mtu", "set it to 1280" };
	struct run u;
	char *s;

	(void)state;
	run_story(&u);
	u.r.notes = &n;
	u.r.guesses = &g;
	u.r.tests = &t;
	u.r.n_notes = u.r.n_guesses = u.r.n_tests = 1;
	s = page(&u);
	has(s, "<h2>Findings</h2>\n<ul>\n<li><strong>high</strong> &lt;x&gt; "
	       "&amp; y. <code>a-b</code> (paste: ifconfig, line 1)</li>\n"
	       "</ul>\n");
	has(s, "<li>large ones <code>size</code>, stands</li>\n</ol>\n");
	has(s, "<h2>Next</h2>\n<ol>\n<li>set it to 1280</li>\n</ol>\n");
	free(s);
}

RUN(cmocka_unit_test(test_notes), cmocka_unit_test(test_story),
    cmocka_unit_test(test_strangers), cmocka_unit_test(test_undecided_capture))
