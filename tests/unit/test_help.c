/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_help.c - what several probes say and ask in the same way. */
#include "probe_bench.h"

#include <errno.h>

#include "probe/help.h"

static void
test_reached(void **state)
{
	static const struct {
		enum v6d_session_state now, failed_in, want;
		bool reached;
	} rows[] = {
		{ V6D_SESSION_UP, 0, V6D_SESSION_AUTH, true },
		{ V6D_SESSION_LCP, 0, V6D_SESSION_AUTH, false },
		{ V6D_SESSION_LCP, 0, V6D_SESSION_LCP, true },
		{ V6D_SESSION_DEAD, V6D_SESSION_AUTH, V6D_SESSION_LCP, true },
		{ V6D_SESSION_DEAD, V6D_SESSION_WAIT_CALL, V6D_SESSION_LCP,
		    false },
		{ V6D_SESSION_CLOSING, 0, V6D_SESSION_LCP, false },
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct v6d_answer a = { .state = rows[i].now,
			.failed_in = rows[i].failed_in };

		assert_int_equal(
		    v6d_help_reached(&a, rows[i].want), rows[i].reached);
	}
}

static void
test_reasons(void **state)
{
	(void)state;
	bench_reset();
	assert_null(v6d_help_no_session(&bench_plan));
	assert_null(v6d_help_no_tunnel(&bench_plan));
	bench_plan.have_tun = false;
	assert_non_null(strstr(v6d_help_no_tunnel(&bench_plan), "run as root"));
	bench_plan.tun_err = EACCES;
	assert_non_null(
	    strstr(v6d_help_no_tunnel(&bench_plan), "not open to this user"));
	bench_plan.tun_err = ENOENT;
	assert_non_null(
	    strstr(v6d_help_no_tunnel(&bench_plan), "modprobe tun"));
	bench_plan.have_raw = false;
	assert_non_null(strstr(v6d_help_no_tunnel(&bench_plan), "run as root"));
	assert_non_null(strstr(v6d_help_raw(), "setcap cap_net_raw+ep"));
	bench_plan.in_place = true;
	assert_null(v6d_help_no_tunnel(&bench_plan));
	assert_non_null(v6d_help_no_session(&bench_plan));
	bench_plan.interface[0] = '\0';
	assert_non_null(v6d_help_no_tunnel(&bench_plan));
}

/* Heavy losses shorten what is waited for, a few do not. */
static void
test_patience(void **state)
{
	struct v6d_probe_run r = { .facts = &bench_facts, .now = V6D_S(6) };

	(void)state;
	bench_reset();
	assert_false(v6d_help_lossy(&r));
	v6d_facts_add(
	    &bench_facts, V6D_FACT_GRE_LOSS_OUT, NULL, V6D_BAD, "loss", 60);
	assert_int_equal(
	    v6d_help_patience(&r, V6D_S(3), V6D_S(8), V6D_S(1)), V6D_S(3));
	v6d_facts_add(
	    &bench_facts, V6D_FACT_GRE_LOSS_IN, NULL, V6D_BAD, "loss", 150);
	assert_true(v6d_help_lossy(&r));
	assert_int_equal(
	    v6d_help_patience(&r, V6D_S(3), V6D_S(8), V6D_S(1)), V6D_S(2));
	assert_int_equal(
	    v6d_help_patience(&r, V6D_S(1), V6D_S(8), V6D_MS(1)), V6D_S(1));
	r.now = V6D_S(9);
	assert_int_equal(
	    v6d_help_patience(&r, V6D_S(3), V6D_S(8), V6D_S(1)), V6D_S(1));
}

static void
test_answers(void **state)
{
	struct v6d_answer a = { .n_frames = 3 };

	(void)state;
	assert_null(v6d_help_pong(&a));
	a.frames[2].answered = true;
	assert_ptr_equal(v6d_help_pong(&a), &a.frames[2]);
	assert_false(v6d_help_tcp_answered(&a));
	a.err = ECONNREFUSED;
	assert_true(v6d_help_tcp_answered(&a));
	a.how = V6D_ANSWER_TIMEOUT;
	assert_false(v6d_help_tcp_answered(&a));
	assert_int_equal(v6d_help_ms(V6D_US(1499)), 1);
	assert_int_equal(v6d_help_ms(V6D_US(1500)), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reached),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_patience),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
