/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_io_ctstats.c - what connection tracking turned away. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/wire.h"
#include "io/ctstats.h"
#include "io/netns.h"

static const char two[] =
    "entries  clashres found new invalid ignore delete chainlength insert "
    "insert_failed drop early_drop icmp_error  expect_new expect_create "
    "expect_delete search_restart\n"
    "00000009  00000000 00000001 00000000 00000000 00000000 00000000 00000000 "
    "00000000 00000062 00000070 00000003 00000000  00000000 00000000 00000000 "
    "00000000\n"
    "00000009  00000000 00000001 00000000 00000000 00000000 00000000 00000000 "
    "00000000 00000001 00000010 ffffffff 00000000  00000000 00000000 00000000 "
    "00000000\n";

static void
test_parse(void **state)
{
	struct v6d_ctstats s = { 0 };

	(void)state;
	assert_int_equal(v6d_ctstats_parse(two, &s), 0);
	assert_int_equal(s.insert_failed, 0x63);
	assert_int_equal(s.drop, 0x80);
	assert_int_equal(s.early_drop, 2); /* it wraps */
	s.drop = 7;
	assert_true(v6d_ctstats_parse("", &s) < 0);
	assert_true(
	    v6d_ctstats_parse("entries drop early_drop\n1 2 3\n", &s) < 0);
	assert_int_equal(s.drop, 7);
}

/* A listing that ends anywhere is read to there. */
static void
test_cut(void **state)
{
	(void)state;
	for (size_t n = 0; n < sizeof(two); n++) {
		struct v6d_ctstats s = { 0 };
		char *cut = test_malloc(n + 1);

		memcpy(cut, two, n);
		cut[n] = '\0';
		if (v6d_ctstats_parse(cut, &s) == 0)
			assert_true(s.insert_failed <= 0x63);
		test_free(cut);
	}
}

static void
test_compare(void **state)
{
	static const struct {
		struct v6d_ctstats before, after; /* drop, failed, early */
		struct v6d_ctstats_grew want; /* refused, failed, evicted */
	} t[] = {
		{ { 0, 0, 0 }, { 0, 0, 0 }, { 0, 0, 0 } },
		{ { 5, 2, 1 }, { 9, 2, 1 }, { 4, 0, 0 } },
		{ { 5, 2, 1 }, { 9, 6, 1 }, { 0, 4, 0 } },
		{ { 5, 2, 1 }, { 9, 3, 8 }, { 3, 1, 7 } },
		/* a kernel that does not count it as dropped, too */
		{ { 5, 2, 1 }, { 5, 3, 1 }, { 0, 1, 0 } },
		{ { UINT32_MAX, 0, UINT32_MAX }, { 1, 0, 0 }, { 2, 0, 1 } },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		struct v6d_ctstats_grew g =
		    v6d_ctstats_compare(&t[i].before, &t[i].after);

		assert_int_equal(g.refused, t[i].want.refused);
		assert_int_equal(g.failed, t[i].want.failed);
		assert_int_equal(g.evicted, t[i].want.evicted);
	}
}

static void
test_read(void **state)
{
	struct v6d_ctstats s = { 1, 1, 1 };
	int ns, err;

	(void)state;
	if (v6d_netns_private(&ns) < 0)
		skip(); /* no right to a namespace */
	err = v6d_ctstats_read(ns, &s);
	close(ns);
	if (err < 0)
		skip(); /* no connection tracking in this kernel */
	assert_int_equal(s.drop + s.insert_failed + s.early_drop, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
