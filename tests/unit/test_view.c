/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_view.c - what is asked of a view that has it, and of one that has not.
 */
#include "flow_help.h"

static void
test_nothing_seen(void **state)
{
	static const struct v6d_view_control c;
	static const struct v6d_view_ppp p;
	static const struct v6d_view_gre g;

	(void)state;
	for (unsigned type = 0; type < V6D_VIEW_MSGS + 2; type++) {
		assert_int_equal(v6d_view_msg(&c, IN, type)->n, 0);
		assert_int_equal(v6d_view_msg(&c, IN, type)->last, V6D_NEVER);
	}
	for (int i = 0; i < V6D_VIEW_PROTOS; i++) {
		const struct v6d_view_neg *n =
		    v6d_view_neg(&p, (enum v6d_view_proto)i, OUT);

		assert_int_equal(n->n_req, 0);
		assert_int_equal(n->first_req, V6D_NEVER);
		assert_int_equal(n->term_req, V6D_NEVER);
	}
	assert_int_equal(v6d_view_size(&g, 1000)->seen, 0);
	assert_int_equal(v6d_view_odd(&g)->gaps, 0);
	assert_int_equal(v6d_view_waits(&g.load)->n, 0);
}

/* Bytes between what is there without a hole and the newest; no less than 0. */
static void
test_hole(void **state)
{
	static const struct {
		uint32_t cont, next, hole;
	} rows[] = { { 5, 5, 0 }, { 5, 9, 4 }, { 0xfffffffe, 3, 5 },
		{ 9, 5, 0 } };

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(rows); i++) {
		struct v6d_view_tcp_dir d = { .cont = rows[i].cont,
			.next = rows[i].next };

		assert_int_equal(v6d_view_hole(&d), rows[i].hole);
	}
}

static void
test_sizes(void **state)
{
	struct v6d_view_size sizes[] = { { .len = 40, .seen = 1 },
		{ .len = 41, .seen = 2 }, { .len = 1500, .seen = 3 } };
	struct v6d_view_gre g = { .sizes = sizes, .n_sizes = 3 };

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		assert_ptr_equal(v6d_view_size(&g, sizes[i].len), &sizes[i]);
	assert_int_equal(v6d_view_size(&g, 0)->seen, 0);
	assert_int_equal(v6d_view_size(&g, 42)->seen, 0);
	assert_int_equal(v6d_view_size(&g, 1501)->seen, 0);
}

static void
test_messages(void **state)
{
	struct tape t;
	const struct v6d_view *v;

	(void)state;
	tape_init(&t);
	tape_up(&t);
	v = tape_play(&t);
	assert_int_equal(v6d_view_msg(&v->control, OUT, V6D_PPTP_SCCRQ)->n, 1);
	assert_int_equal(v6d_view_msg(&v->control, IN, V6D_PPTP_SCCRQ)->n, 0);
	assert_true(v6d_view_neg(&v->ppp, V6D_VIEW_LCP, IN)->agreed);
	tape_done(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_seen),
		cmocka_unit_test(test_hole),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_messages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
