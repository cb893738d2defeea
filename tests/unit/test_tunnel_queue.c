/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_tunnel_queue.c - actions: order, ceiling, and the last ones. */
#include "sim/pair.h"

static struct v6d_session *
fresh(void)
{
	struct v6d_session_conf c = pair_conf(V6D_ROLE_CLIENT, 1);

	return v6d_session_init(malloc(v6d_session_size()), &c);
}

static void
test_oldest_first(void **state)
{
	struct v6d_session *s = fresh();

	(void)state;
	for (unsigned i = 0; i < 3 * V6D_SESSION_QUEUE; i++) {
		uint8_t b[2] = { (uint8_t)i, (uint8_t)(i >> 8) };
		const struct v6d_session_act *a;

		v6d_queue_bytes(s, V6D_ACT_TUN_WRITE, b, 2);
		a = v6d_session_take(s);
		assert_int_equal(a->len, 2);
		assert_memory_equal(a->bytes, b, 2);
	}
	assert_null(v6d_session_take(s));
	free(s);
}

static void
test_ceiling(void **state)
{
	struct v6d_session *s = fresh();
	unsigned n = 0;

	(void)state;
	for (unsigned i = 0; i < V6D_SESSION_QUEUE + 3; i++)
		v6d_queue_add(s, V6D_ACT_UP);
	assert_true(v6d_queue_full(s));
	assert_int_equal(s->queue.lost, 3);
	while (v6d_session_take(s))
		n++;
	assert_int_equal(n, V6D_SESSION_QUEUE);
	v6d_queue_bytes(s, V6D_ACT_UP, NULL, V6D_SESSION_FRAME + 1);
	assert_null(v6d_session_take(s));
	free(s);
}

/* What was taken is not written over by what comes. */
static void
test_a_taken_action_stays(void **state)
{
	struct v6d_session *s = fresh();
	const struct v6d_session_act *a;

	(void)state;
	v6d_queue_bytes(s, V6D_ACT_TUN_WRITE, (const uint8_t *)"x", 1);
	a = v6d_session_take(s);
	for (unsigned i = 0; i < V6D_SESSION_QUEUE; i++)
		v6d_queue_bytes(s, V6D_ACT_TUN_WRITE, (const uint8_t *)"y", 1);
	assert_int_equal(a->bytes[0], 'x');
	free(s);
}

/* However full the queue: close, then dead, once, and nothing behind. */
static void
test_last_words(void **state)
{
	struct v6d_session *s = fresh();

	(void)state;
	s->tcp = true;
	while (!v6d_queue_full(s))
		v6d_queue_add(s, V6D_ACT_UP);
	v6d_closing_die(s, V6D_WHY_CLOSED, 0, 0);
	assert_null(v6d_queue_add(s, V6D_ACT_UP));
	for (unsigned i = 0; i < V6D_SESSION_QUEUE; i++)
		assert_int_equal(v6d_session_take(s)->kind, V6D_ACT_UP);
	assert_int_equal(v6d_session_take(s)->kind, V6D_ACT_TCP_CLOSE);
	assert_int_equal(v6d_session_take(s)->kind, V6D_ACT_DEAD);
	assert_null(v6d_session_take(s));
	assert_null(v6d_session_take(s));
	free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_oldest_first),
		cmocka_unit_test(test_ceiling),
		cmocka_unit_test(test_a_taken_action_stays),
		cmocka_unit_test(test_last_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
