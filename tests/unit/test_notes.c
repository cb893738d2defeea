/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_notes.c - findings, hypotheses, tests: on a terminal, as JSON. Covers
 * report/notes.c. */
#include "diag_help.h"

#include <stdlib.h>

#include "report/notes.h"

static const struct v6d_report_note notes[] = {
	{ "b", "good", "It is well.", "paste: ifconfig, line 2" },
	{ "a", "critical", "It is bad.", "paste: ifconfig, line 1" },
};
static const struct v6d_report_guess guesses[] = {
	{ "size", "large packets are lost", "small ones pass", "stands" },
	{ "dns", "names", "the literal fails", "refuted" },
};
static const struct v6d_report_test tests_[] = {
	{ "mtu", "set it to 1280" },
};

static struct v6d_report
report(void)
{
	return (struct v6d_report){ .n_notes = 2,
		.notes = notes,
		.n_guesses = 2,
		.guesses = guesses,
		.n_tests = 1,
		.tests = tests_ };
}

static void
test_draw(void **state)
{
	char buf[2048];
	struct v6d_paint p = { .t = v6d_text_to(buf, sizeof(buf)) };
	struct v6d_report r = report();

	(void)state;
	v6d_notes_draw(&p, &r);
	assert_string_equal(buf,
	    "\nFINDINGS\n"
	    "  critical It is bad. [a] (paste: ifconfig, line 1)\n"
	    "  good     It is well. [b] (paste: ifconfig, line 2)\n"
	    "\nHYPOTHESES, the likeliest first\n"
	    "   1. large packets are lost [size]: small ones pass\n"
	    "  out names [dns]: the literal fails\n"
	    "\nNEXT\n"
	    "   1. set it to 1280\n");
	p.t = v6d_text_to(buf, sizeof(buf));
	r = (struct v6d_report){ 0 };
	v6d_notes_draw(&p, &r);
	assert_string_equal(buf, "");
}

static void
test_json(void **state)
{
	struct v6d_report r = report();
	json_t *o = json_object();
	char *s;

	(void)state;
	v6d_notes_json(o, &r);
	s = json_dumps(json_object_get(o, "next"), JSON_COMPACT);
	assert_string_equal(
	    s, "[{\"test\":\"mtu\",\"text\":\"set it to 1280\"}]");
	free(s);
	s = json_dumps(json_array_get(json_object_get(o, "findings"), 1),
	    JSON_COMPACT | JSON_SORT_KEYS);
	assert_string_equal(s,
	    "{\"finding\":\"a\",\"grade\":\"critical\",\"source\":\"paste: "
	    "ifconfig, line 1\",\"text\":\"It is bad.\"}");
	free(s);
	s = json_dumps(json_array_get(json_object_get(o, "hypotheses"), 1),
	    JSON_COMPACT | JSON_SORT_KEYS);
	assert_string_equal(s,
	    "{\"hypothesis\":\"dns\",\"standing\":\"refuted\",\"text\":"
	    "\"names\",\"why\":\"the literal fails\"}");
	free(s);
	json_decref(o);
}

RUN(cmocka_unit_test(test_draw), cmocka_unit_test(test_json))
