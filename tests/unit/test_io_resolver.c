/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_io_resolver.c - localhost, and resolvers that do not answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <unistd.h>

#include "io/clock.h"
#include "io/netns.h"
#include "io/resolver.h"

static void
test_localhost(void **state)
{
	struct v6d_addr a = { 0 }, want;
	int err;

	(void)state;
	err = v6d_resolver_lookup(
	    -1, "localhost", 4, v6d_clock_now() + V6D_S(5), &a);
	assert_int_equal(err, 0);
	assert_true(v6d_addr_parse("127.0.0.1", &want));
	assert_true(v6d_addr_eq(&a, &want));
}

/* In an empty namespace no resolver can be reached. */
static void
test_nobody_answers(void **state)
{
	struct v6d_addr a = { .family = 77 };
	int ns, err = v6d_netns_private(&ns);

	(void)state;
	if (err == -EPERM)
		skip();
	assert_int_equal(err, 0);
	err = v6d_resolver_lookup(
	    ns, "www.example.net", 4, v6d_clock_now() + V6D_MS(200), &a);
	assert_true(
	    err == -ECONNREFUSED || err == -ETIMEDOUT || err == -EAGAIN);
	assert_int_equal(a.family, 77); /* untouched */
	close(ns);
}

static void
test_servers(void **state)
{
	struct v6d_addr a[2];
	int n = v6d_resolver_servers(a, 2);

	(void)state;
	assert_true(n >= 0 && n <= 2);
	for (int i = 0; i < n; i++)
		assert_true(a[i].family == 4 || a[i].family == 6);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_localhost),
		cmocka_unit_test(test_nobody_answers),
		cmocka_unit_test(test_servers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
