/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_innerdns.c - look-ups inside the tunnel, question by question. */
#include "dns_help.h"

static const struct v6d_view_lookup *
lookup(const struct v6d_view_inner *n, uint16_t type)
{
	for (unsigned i = 0; i < n->n_lookups; i++)
		if (n->lookups[i].type == type)
			return &n->lookups[i];
	fail();
	return NULL;
}

static void
test_answered(void **state)
{
	const struct v6d_view_lookup *l;
	struct tape t;

	(void)state;
	tape_init(&t);
	tape_up(&t);
	tape_ask(&t, "www.example.net", V6D_DNS_A, 4000);
	tape_ask(&t, "www.example.net", V6D_DNS_AAAA, 4000);
	tape_wait(&t, V6D_MS(1500));
	tape_answer(&t, "www.example.net", V6D_DNS_A, 4000, 0, true);
	tape_ask(&t, "www.example.net", V6D_DNS_AAAA, 4001);
	tape_answer(&t, "www.example.net", V6D_DNS_AAAA, 4001, 2, false);
	assert_int_equal(tape_play(&t)->inner.n_lookups, 2);
	l = lookup(&tape_play(&t)->inner, V6D_DNS_A);
	assert_int_equal(l->n_asked, 1);
	assert_int_equal(l->n_answered, 1);
	assert_int_equal(l->n_slow, 1);
	assert_int_equal(l->alone, 0);
	assert_true(l->has_addr && l->rcode == V6D_DNS_NOERROR);
	l = lookup(&tape_play(&t)->inner, V6D_DNS_AAAA);
	assert_int_equal(l->n_asked, 2);
	assert_int_equal(l->n_answered, 1);
	assert_int_equal(l->alone, 1);
	assert_int_equal(l->rcode, V6D_DNS_SERVFAIL);
	assert_false(l->has_addr);
	assert_int_equal(tape_play(&t)->inner.corrupt[OUT], 0);
	tape_done(&t);
}

/* Other questions, other ports, answers without a question. */
static void
test_ignored(void **state)
{
	struct tape t;

	(void)state;
	tape_init(&t);
	tape_up(&t);
	tape_answer(&t, "www.example.net", V6D_DNS_AAAA, 4000, 0, true);
	tape_ask(&t, "example.net", 15, 4000); /* MX */
	assert_int_equal(tape_play(&t)->inner.n_lookups, 0);
	tape_done(&t);
}

/* More names than are kept: that they were is not forgotten. */
static void
test_many(void **state)
{
	char name[] = "wXX.example.net";
	struct tape t;

	(void)state;
	tape_init(&t);
	tape_up(&t);
	for (int i = 0; i < V6D_VIEW_LOOKUPS + 2; i++) {
		name[1] = (char)('a' + i / 16);
		name[2] = (char)('a' + i % 16);
		tape_ask(&t, name, V6D_DNS_A, 4000);
	}
	assert_int_equal(tape_play(&t)->inner.n_lookups, V6D_VIEW_LOOKUPS);
	assert_int_equal(tape_play(&t)->inner.n_lookups_dropped, 2);
	tape_done(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answered),
		cmocka_unit_test(test_ignored),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
