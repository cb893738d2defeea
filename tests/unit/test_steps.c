/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_steps.c - when the tunnel came up, as a list. */
#include "report_help.h"

#include "report/steps.h"

static void
at(struct run *u, unsigned ms, enum v6d_fact fact, enum v6d_state state)
{
	u->facts.now = V6D_MS(ms);
	v6d_facts_add(
	    &u->facts, fact, "", state, state == V6D_BAD ? "none" : NULL, 1);
}

static void
test_order(void **state)
{
	char buf[8192];
	struct v6d_text t = v6d_text_to(buf, sizeof(buf));
	const char *tcp, *call, *lcp;
	struct run u;

	(void)state;
	run_start(&u);
	at(&u, 100, V6D_FACT_CONTROL_TCP, V6D_OK);
	at(&u, 130, V6D_FACT_CONTROL_CALL, V6D_OK);
	at(&u, 150, V6D_FACT_PPP_LCP, V6D_BAD);
	at(&u, 160, V6D_FACT_CONTROL_TCP, V6D_OK); /* the first counts */
	at(&u, 170, V6D_FACT_PPP_AUTH, V6D_UNKNOWN); /* not observed */
	assert_true(v6d_steps_draw(&t, &u.facts));
	tcp = strstr(buf, "0 ms</span> <span class=\"step\">TCP connection");
	call =
	    strstr(buf, "30 ms</span> <span class=\"step\">the server takes");
	lcp = strstr(buf, "50 ms</span> <span class=\"step bad\">link agreed");
	assert_non_null(tcp);
	assert_true(call > tcp);
	assert_true(lcp > call);
	assert_null(strstr(buf, "login"));
}

/* One step is no story; nothing is written. */
static void
test_few(void **state)
{
	char buf[256] = "";
	struct v6d_text t = v6d_text_to(buf, sizeof(buf));
	struct run u;

	(void)state;
	run_start(&u);
	at(&u, 100, V6D_FACT_CONTROL_TCP, V6D_BAD);
	assert_false(v6d_steps_draw(&t, &u.facts));
	assert_false(v6d_steps_draw(&t, NULL));
	assert_string_equal(buf, "");
}

/* All at one instant: nothing is divided by zero. */
static void
test_instant(void **state)
{
	char buf[4096];
	struct v6d_text t = v6d_text_to(buf, sizeof(buf));
	struct run u;

	(void)state;
	run_start(&u);
	at(&u, 100, V6D_FACT_CONTROL_TCP, V6D_OK);
	at(&u, 100, V6D_FACT_CONTROL_START, V6D_OK);
	assert_true(v6d_steps_draw(&t, &u.facts));
	has(buf, "x=\"0\" y=\"0\" width=\"12\"");
}

RUN(cmocka_unit_test(test_order), cmocka_unit_test(test_few),
    cmocka_unit_test(test_instant))
