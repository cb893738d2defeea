/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_story_ppp.c - PPP as it is told: agreed, refused, not answered. */
#include "story_help.h"

static void
test_agreed(void **state)
{
	struct tape t;

	(void)state;
	tape_init(&t);
	tape_up(&t);
	story_of(&t);
	assert_told(V6D_EVENT_SENT, OUT, "LCP Configure-Request");
	assert_told(V6D_EVENT_SENT, IN, "LCP Configure-Ack");
	assert_told(V6D_EVENT_STATE, OUT, "LCP is agreed");
	assert_told(V6D_EVENT_STATE, OUT, "IPV6CP is agreed");
	tape_done(&t);
}

static void
test_bad_password(void **state)
{
	struct tape t;

	(void)state;
	tape_init(&t);
	tape_call(&t);
	tape_lcp_up(&t);
	tape_pap(&t, false);
	tape_cp(&t, IN, V6D_PPP_LCP, V6D_CP_TERM_REQ, 9,
	    (const uint8_t *)"go away", 7);
	story_of(&t);
	assert_told(V6D_EVENT_SENT, OUT, "PAP begins");
	assert_told(V6D_EVENT_SENT, IN, "PAP: refused");
	assert_told(V6D_EVENT_SENT, IN, "LCP Terminate-Request: \"go away\"");
	tape_done(&t);
}

static void
test_not_answered(void **state)
{
	static const uint8_t reject[] = { 0x80, 0x57 };
	struct tape t;

	(void)state;
	tape_init(&t);
	tape_call(&t);
	tape_lcp_up(&t);
	for (uint8_t id = 1; id <= 3; id++) {
		tape_cp(&t, OUT, V6D_PPP_IPCP, V6D_CP_CONF_REQ, id, NULL, 0);
		tape_wait(&t, V6D_S(3));
	}
	tape_cp(&t, OUT, V6D_PPP_IPV6CP, V6D_CP_CONF_REQ, 1, NULL, 0);
	tape_cp(&t, IN, V6D_PPP_LCP, V6D_LCP_PROTO_REJ, 7, reject, 2);
	story_of(&t);
	assert_told(V6D_EVENT_SENT, OUT, "IPCP Configure-Request, 3 times");
	assert_told(V6D_EVENT_MISSING, IN, "no answer seen in");
	assert_told(V6D_EVENT_SENT, IN,
	    "LCP Protocol-Reject: this end does not do IPV6CP (0x8057)");
	tape_done(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_agreed),
		cmocka_unit_test(test_bad_password),
		cmocka_unit_test(test_not_answered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
