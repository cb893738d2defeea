/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_io_serve_ra.c - prefixes of calls, and what radvd is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/wire.h"
#include "io/serve_ra.h"

static const struct {
	const char *pool;
	unsigned n;
	const char *subnet; /* NULL: there is none */
} subnets[] = {
	{ "2001:db8:118::/48", 0, "2001:db8:118::" },
	{ "2001:db8:118::/48", 1, "2001:db8:118:1::" },
	{ "2001:db8:118::/48", 65535, "2001:db8:118:ffff::" },
	{ "2001:db8:118::/48", 65536, NULL },
	{ "2001:db8:0:fe::/63", 1, "2001:db8:0:ff::" },
	{ "2001:db8:0:fe::/63", 2, NULL },
	{ "2001:db8:0:ff::/64", 0, "2001:db8:0:ff::" },
	{ "2001:db8:0:ff::/64", 1, NULL },
	{ "2001:db8:0:ffff::1/32", 3, "2001:db8:0:3::" },
	{ "::/0", 7, "0:0:0:7::" },
};

static void
counts_subnets(void **state)
{
	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(subnets); i++) {
		struct v6d_prefix pool, got;
		struct v6d_addr want;

		assert_true(v6d_prefix_parse(subnets[i].pool, &pool));
		assert_int_equal(v6d_serve_subnet(&pool, subnets[i].n, &got),
		    subnets[i].subnet != NULL);
		if (!subnets[i].subnet)
			continue;
		assert_true(v6d_addr_parse(subnets[i].subnet, &want));
		assert_int_equal(got.len, 64);
		assert_true(v6d_addr_eq(&got.addr, &want));
	}
}

static void
writes_radvd_conf(void **state)
{
	struct v6d_profile p;
	struct v6d_prefix prefix;
	char text[2048];

	(void)state;
	v6d_profile_defaults(&p);
	assert_true(v6d_prefix_parse("2001:db8:1::/64", &prefix));
	v6d_serve_radvd_conf(&p.peer, "pptp0", &prefix, text, sizeof(text));
	assert_string_equal(text, "interface pptp0 {\n"
				  "\tAdvSendAdvert on;\n"
				  "\tMinRtrAdvInterval 3;\n"
				  "\tMaxRtrAdvInterval 10;\n"
				  "\tAdvDefaultLifetime 1800;\n"
				  "\tprefix 2001:db8:1::/64 {\n"
				  "\t\tAdvOnLink on;\n"
				  "\t\tAdvAutonomous on;\n"
				  "\t\tAdvValidLifetime 86400;\n"
				  "\t\tAdvPreferredLifetime 14400;\n"
				  "\t};\n"
				  "};\n");
	p.peer.ra_mtu = 1280;
	p.peer.ra_lifetime_s = 0;
	p.peer.ra_valid_s = 60; /* preferred must not be longer */
	p.peer.ra_autonomous = false;
	p.peer.ra_rdnss.n = 1;
	assert_true(v6d_addr_parse("2001:db8::53", &p.peer.ra_rdnss.a[0]));
	v6d_serve_radvd_conf(&p.peer, "pptp0", &prefix, text, sizeof(text));
	assert_non_null(strstr(text, "AdvLinkMTU 1280;"));
	assert_non_null(strstr(text, "AdvDefaultLifetime 0;"));
	assert_non_null(strstr(text, "AdvPreferredLifetime 60;"));
	assert_non_null(strstr(text, "AdvAutonomous off;"));
	assert_non_null(strstr(text, "RDNSS 2001:db8::53 { };"));
	p.peer.ra_prefix = false;
	v6d_serve_radvd_conf(&p.peer, "pptp0", &prefix, text, sizeof(text));
	assert_null(strstr(text, "prefix"));
	assert_non_null(strstr(text, "AdvLinkMTU 1280;"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_subnets),
		cmocka_unit_test(writes_radvd_conf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
