/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_story_inner.c - what passes inside as it is told. */
#include "story_help.h"

static void
test_no_advertisement(void **state)
{
	struct tape t;

	(void)state;
	tape_init(&t);
	tape_up(&t);
	t.now += V6D_S(5);
	story_of(&t);
	assert_told(V6D_EVENT_SENT, IN,
	    "Router Advertisement, 2001:db8:1::/64, lifetime ");
	tape_done(&t);
	tape_init(&t);
	tape_call(&t);
	tape_lcp_up(&t);
	tape_ipv6cp_up(&t);
	tape_rs(&t);
	tape_wait(&t, V6D_S(10));
	tape_rs(&t);
	story_of(&t);
	assert_told(V6D_EVENT_SENT, OUT, "Router Solicitation, 2 times until");
	assert_told(V6D_EVENT_MISSING, IN, "no answer seen in 1");
	tape_done(&t);
}

static void
test_pings(void **state)
{
	struct tape t;

	(void)state;
	tape_init(&t);
	tape_up(&t);
	tape_echo(&t, OUT, false, 1, 500);
	tape_echo(&t, IN, true, 1, 500);
	tape_echo(&t, OUT, false, 2, 1400);
	story_of(&t);
	assert_told(V6D_EVENT_SENT, OUT, "pings over IPv6: 2, answered: 1");
	assert_told(V6D_EVENT_MISSING, IN,
	    "no reply to 1400 bytes and more; the largest answered: 500");
	tape_done(&t);
}

static void
test_connections(void **state)
{
	struct tape t;

	(void)state;
	tape_init(&t);
	tape_up(&t);
	tape_inner_tcp(&t, OUT, V6D_TCP_SYN, 1, 0, 0);
	story_of(&t);
	assert_told(V6D_EVENT_SENT, OUT, "TCP over IPv6 to ");
	assert_non_null(
	    strstr(told(V6D_EVENT_SENT, OUT, "TCP over IPv6 to ")->words,
		"port 80: not answered"));
	tape_done(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_advertisement),
		cmocka_unit_test(test_pings),
		cmocka_unit_test(test_connections),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
