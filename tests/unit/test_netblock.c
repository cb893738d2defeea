/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_netblock.c - closed networks, at both ends of each block. */
#include "sweep.h"

#include "base/netblock.h"

static void
test_closed(void **state)
{
	static const struct {
		const char *addr, *name;
	} t[] = {
		{ "2408::1", "NTT East NGN" },
		{ "2408:3ff:ffff::1", "NTT East NGN" },
		{ "2408:400::1", NULL },
		{ "2407:ffff::1", NULL },
		{ "2404:1a8::1", "NTT East NGN" },
		{ "2404:1a9::1", NULL },
		{ "2001:c90::1", "NTT East, FLET'S.Net" },
		{ "2001:c91::1", NULL },
		{ "2001:d70::1", "NTT West" },
		{ "2001:d73:ffff::1", "NTT West" },
		{ "2001:d74::1", NULL },
		{ "2001:a000::1", "NTT West NGN" },
		{ "2001:a7ff:ff0e:1::2", "NTT West NGN" },
		{ "2001:a800::1", NULL },
		{ "2400:4000::1", NULL },
		{ "2001:db8::1", NULL },
		{ "2001:240::1", NULL },
		{ "fe80::1", NULL },
		{ "36.8.0.1", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct v6d_addr a;
		const char *name;

		assert_true(v6d_addr_parse(t[i].addr, &a));
		name = v6d_netblock_closed(&a);
		if (t[i].name)
			assert_string_equal(name, t[i].name);
		else
			assert_null(name);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
