/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sim_session.c - client machine against server machine in virtual time. */
#include "sim/pair.h"

static const unsigned auths[] = { V6D_AUTH_NONE, V6D_AUTH_PAP,
	V6D_AUTH_MSCHAPV2 };

static void
connects(struct v6d_session_conf *c, struct v6d_session_conf *v)
{
	struct pair p;

	pair_init(&p, c, v);
	pair_dial(&p);
	pair_run(&p, V6D_S(1));
	assert_true(pair_is_up(&p));
	assert_int_equal(p.up[CLIENT], 1);
	assert_int_equal(p.up[SERVER], 1);
	assert_memory_equal(v6d_session_ifid(p.end[CLIENT]),
	    v6d_session_peer_ifid(p.end[SERVER]), 8);
	assert_memory_equal(v6d_session_ifid(p.end[SERVER]),
	    v6d_session_peer_ifid(p.end[CLIENT]), 8);
	assert_memory_not_equal(v6d_session_ifid(p.end[SERVER]),
	    v6d_session_ifid(p.end[CLIENT]), 8);
	pair_done(&p);
}

static void
test_each_authentication(void **state)
{
	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(auths); i++) {
		struct v6d_session_conf c = pair_conf(V6D_ROLE_CLIENT, 7);
		struct v6d_session_conf v = pair_conf(V6D_ROLE_SERVER,
		    auths[i]);

		connects(&c, &v);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_authentication),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
