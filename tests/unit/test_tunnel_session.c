/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_tunnel_session.c - events, time and the values that can be asked. */
#include "sim/pair.h"

static struct v6d_session *
fresh(enum v6d_role role)
{
	struct v6d_session_conf c = pair_conf(role, 1);

	return v6d_session_init(malloc(v6d_session_size()), &c);
}

static void
test_idle(void **state)
{
	struct v6d_session *s = fresh(V6D_ROLE_CLIENT);

	(void)state;
	assert_int_equal(v6d_session_state(s), V6D_SESSION_IDLE);
	assert_true(v6d_session_deadline(s) == V6D_NEVER);
	assert_null(v6d_session_take(s));
	assert_true(v6d_session_times(s)->start == V6D_NEVER);
	assert_true(v6d_session_times(s)->ipv6cp == V6D_NEVER);
	v6d_session_feed(s, V6D_EV_TCP_UP, NULL, 0, 0, 5); /* unasked */
	v6d_session_feed(s, V6D_EV_GRE, NULL, 0, 0, 5);
	v6d_session_feed(s, V6D_EV_TCP_CLOSED, NULL, 0, 0, 5);
	v6d_session_feed(s, V6D_EV_TCP_RESET, NULL, 0, 0, 5);
	v6d_session_feed(s, V6D_EV_TCP_FAILED, NULL, 0, 0, 5);
	assert_int_equal(v6d_session_state(s), V6D_SESSION_IDLE);
	v6d_session_feed(s, V6D_EV_STOP, NULL, 0, 0, 5);
	assert_int_equal(v6d_session_why(s), V6D_WHY_STOPPED);
	assert_int_equal(v6d_session_take(s)->kind, V6D_ACT_DEAD);
	assert_null(v6d_session_take(s));
	free(s);
}

/* What the sockets can do to a client, and what is closed afterwards. */
static void
test_tcp_ends(void **state)
{
	static const struct {
		enum v6d_session_ev ev;
		bool up;
		enum v6d_session_why why;
		bool close;
	} rows[] = {
		{ V6D_EV_TCP_FAILED, false, V6D_WHY_TCP_FAILED, false },
		{ V6D_EV_TCP_CLOSED, true, V6D_WHY_CLOSED, true },
		{ V6D_EV_TCP_RESET, true, V6D_WHY_RESET, false },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(rows); i++) {
		struct v6d_session *s = fresh(V6D_ROLE_CLIENT);
		const struct v6d_session_act *a;
		bool closed = false;

		v6d_session_feed(s, V6D_EV_START, NULL, 0, 0, 5);
		if (rows[i].up)
			v6d_session_feed(s, V6D_EV_TCP_UP, NULL, 0, 0, 6);
		v6d_session_feed(s, rows[i].ev, NULL, 0, 111, 7);
		assert_int_equal(v6d_session_why(s), rows[i].why);
		assert_int_equal(v6d_session_code(s),
		    rows[i].why == V6D_WHY_CLOSED ? 0 : 111);
		while ((a = v6d_session_take(s)) != NULL)
			closed |= a->kind == V6D_ACT_TCP_CLOSE;
		assert_int_equal(closed, rows[i].close);
		free(s);
	}
}

/* The answer that came at the last moment is heard before the clock. */
static void
test_answer_before_deadline(void **state)
{
	struct v6d_session *s = fresh(V6D_ROLE_CLIENT);

	(void)state;
	v6d_session_feed(s, V6D_EV_START, NULL, 0, 0, 0);
	assert_true(v6d_session_deadline(s) == V6D_S(10));
	v6d_session_feed(s, V6D_EV_TCP_UP, NULL, 0, 0, V6D_S(10));
	assert_int_equal(v6d_session_state(s), V6D_SESSION_WAIT_START);
	assert_true(v6d_session_deadline(s) == V6D_S(20));
	free(s);
}

static void
test_defaults(void **state)
{
	struct v6d_session_conf c = { .role = V6D_ROLE_CLIENT };
	struct v6d_session *s;

	(void)state;
	memset(c.user, 'u', sizeof(c.user)); /* no NUL */
	memset(c.password, 'p', sizeof(c.password));
	s = v6d_session_init(malloc(v6d_session_size()), &c);
	assert_int_equal(strlen(s->conf.user), V6D_SESSION_NAME - 1);
	assert_int_equal(strlen(s->conf.password), V6D_SESSION_NAME - 1);
	assert_true(s->conf.step_timeout == V6D_S(10));
	assert_true(s->conf.restart == V6D_S(3));
	free(s);
}

/* Drawn numbers depend on conf.random, and do not come twice. */
static void
test_random(void **state)
{
	struct v6d_session *s = fresh(V6D_ROLE_CLIENT);
	struct v6d_session *same = fresh(V6D_ROLE_CLIENT);
	struct v6d_session *other = fresh(V6D_ROLE_SERVER);
	uint8_t a[50], b[50];

	(void)state;
	v6d_session_random(s, a, sizeof(a));
	v6d_session_random(same, b, sizeof(b));
	assert_memory_equal(a, b, sizeof(a));
	v6d_session_random(s, b, sizeof(b));
	assert_memory_not_equal(a, b, 8);
	v6d_session_random(other, b, sizeof(b));
	assert_memory_not_equal(a, b, 8);
	free(s);
	free(same);
	free(other);
}

static void
test_time_does_not_run_back(void **state)
{
	struct v6d_session *s = fresh(V6D_ROLE_CLIENT);

	(void)state;
	v6d_session_feed(s, V6D_EV_START, NULL, 0, 0, V6D_S(5));
	v6d_session_feed(s, V6D_EV_TCP_UP, NULL, 0, 0, V6D_S(1));
	assert_true(v6d_session_deadline(s) == V6D_S(15));
	free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_idle),
		cmocka_unit_test(test_tcp_ends),
		cmocka_unit_test(test_answer_before_deadline),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_time_does_not_run_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
