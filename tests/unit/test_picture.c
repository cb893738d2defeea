/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_picture.c - the drawings of the HTML report. */
#include "report_help.h"

#include "report/picture.h"

static char drawn[16384];

static void
draw(const struct run *u, bool standing)
{
	struct v6d_text t = v6d_text_to(drawn, sizeof(drawn));

	v6d_picture_path(&t, &u->r, standing);
	assert_false(t.cut);
}

static size_t
count(const char *part)
{
	size_t n = 0;

	for (const char *s = drawn; (s = strstr(s, part)); s++)
		n++;
	return n;
}

static void
test_path(void **state)
{
	struct run u;

	(void)state;
	run_story(&u);
	for (int standing = 0; standing < 2; standing++) {
		draw(&u, standing != 0);
		assert_int_equal(count("<rect "), 4);
		assert_int_equal(count("<line "), 3);
		/* a cross and an arrow back, at one place */
		assert_int_equal(count("<line"), count("\"pass\"") + 1);
		assert_int_equal(count("L-35 0"), 1);
		assert_int_equal(count("L35 0"), 0);
		has(drawn, ">203.0.113.10</text>");
		has(drawn, "It breaks between the routers and the PPTP "
			   "server.\"");
		has(drawn, "towards this host</text>");
	}
}

static void
test_undecided(void **state)
{
	struct run u;

	(void)state;
	run_undecided(&u);
	draw(&u, false);
	has(drawn, ", as far as is known.\"");
	has(drawn, "class=\"not\"");
}

static void
test_nothing_broken(void **state)
{
	struct run u;

	(void)state;
	run_start(&u);
	v6d_diagnose(&u.facts, NULL, &u.d);
	draw(&u, false);
	assert_int_equal(count("class=\"broken\""), 0);
	assert_null(strstr(drawn, "It breaks"));
}

static void
test_sizes(void **state)
{
	struct v6d_text t = v6d_text_to(drawn, sizeof(drawn));
	struct run u;

	(void)state;
	run_start(&u);
	assert_false(v6d_picture_sizes(&t, &u.facts));
	assert_int_equal(t.len, 0);
	run_add(&u, V6D_FACT_GRE_SIZE_OUT, "", NULL, 1484);
	run_add(&u, V6D_FACT_GRE_SIZE_IN, "", "limit", 700);
	assert_true(v6d_picture_sizes(&t, &u.facts));
	has(drawn, "GRE towards the server: up to 1484 bytes pass</p>");
	has(drawn, "<rect x=\"0\" y=\"0\" width=\"284\"");
	/* off the scale: all of the bar is lost */
	has(drawn, "up to 700 bytes pass; larger ones are lost</p>");
	has(drawn, "<rect x=\"0\" y=\"0\" width=\"340\" height=\"16\" "
		   "class=\"lost\"/>");
	assert_int_equal(count("<svg "), 2);
}

RUN(cmocka_unit_test(test_path), cmocka_unit_test(test_undecided),
    cmocka_unit_test(test_nothing_broken), cmocka_unit_test(test_sizes))
