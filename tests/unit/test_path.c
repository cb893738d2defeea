/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_path.c - the path with its mark. */
#include "report_help.h"

#include "report/path.h"

static const char *
drawn(struct run *u)
{
	static char buf[1024];
	struct v6d_paint p = { .t = v6d_text_to(buf, sizeof(buf)) };

	v6d_path_draw(&p, &u->r);
	return buf;
}

static void
test_in(void **state)
{
	struct run u;

	(void)state;
	run_story(&u);
	assert_string_equal(drawn(&u),
	    "\n"
	    "  this host ======= routers <<=X=<< PPTP server ======= IPv6\n"
	    "  192.168.0.2                       203.0.113.10\n"
	    "                               ^ here, towards this host\n");
}

static void
test_undecided(void **state)
{
	struct run u;

	(void)state;
	run_undecided(&u);
	u.r.client[0] = u.r.server[0] = '\0';
	assert_string_equal(drawn(&u),
	    "\n"
	    "  this host ======= routers ===X=== PPTP server - - - - IPv6\n"
	    "                               ^ about here; not decided yet\n");
}

static void
test_healthy(void **state)
{
	struct run u;

	(void)state;
	run_start(&u);
	run_add(&u, V6D_FACT_CONTROL_CALL, "", NULL, 1);
	run_add(&u, V6D_FACT_GRE_IN, "", NULL, 1);
	run_add(&u, V6D_FACT_V6_SMALL, "", NULL, 1);
	v6d_diagnose(&u.facts, NULL, &u.d);
	u.r.client[0] = u.r.server[0] = '\0';
	assert_string_equal(drawn(&u),
	    "\n"
	    "  this host ======= routers ======= PPTP server ======= IPv6\n");
}

/* Wherever it breaks, the mark stands under the break. */
static void
test_every_cause(void **state)
{
	(void)state;
	for (int i = 0; i < V6D_N_CAUSES; i++) {
		struct run u;
		const char *s, *mark;
		size_t col;

		run_start(&u);
		u.r.client[0] = u.r.server[0] = '\0';
		u.d.n = 1;
		u.d.findings[0].cause = (enum v6d_cause)i;
		u.d.findings[0].severity = V6D_SEV_FAULT;
		s = drawn(&u);
		check_width(s);
		mark = strchr(s, '^');
		if (!mark) {
			assert_int_equal(
			    v6d_cause_layer((enum v6d_cause)i), V6D_LAYER_DNS);
			continue;
		}
		while (mark[-1] != '\n')
			mark--;
		col = strcspn(mark, "^");
		assert_true(s[1 + col] == 'X' ||
			    (s[1 + col] >= 'a' && s[1 + col] <= 'z') ||
			    s[1 + col] == ' ');
	}
}

RUN(cmocka_unit_test(test_in), cmocka_unit_test(test_undecided),
    cmocka_unit_test(test_healthy), cmocka_unit_test(test_every_cause))
