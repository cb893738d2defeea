/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_story_outer.c - TCP, control messages and GRE as they are told. */
#include "story_help.h"

static void
test_call(void **state)
{
	struct tape t;

	(void)state;
	tape_init(&t);
	tape_up(&t);
	tape_tcp(&t, IN, V6D_TCP_RST, NULL, 0);
	story_of(&t);
	assert_told(V6D_EVENT_SENT, OUT, "TCP SYN to port 1723");
	assert_told(V6D_EVENT_SENT, IN, "TCP SYN, ACK");
	assert_told(V6D_EVENT_SENT, OUT, "Start-Control-Connection-Request");
	assert_told(V6D_EVENT_SENT, IN, "Start-Control-Connection-Reply");
	assert_told(V6D_EVENT_SENT, OUT, "Outgoing-Call-Request");
	assert_told(V6D_EVENT_SENT, IN, "Outgoing-Call-Reply: call ");
	assert_told(V6D_EVENT_SENT, OUT, "GRE, frames: ");
	assert_told(V6D_EVENT_SENT, IN, "GRE, frames: ");
	assert_told(V6D_EVENT_SENT, IN, "TCP RST");
	assert_null(told(V6D_EVENT_MISSING, IN, ""));
	assert_null(told(V6D_EVENT_LOST, IN, ""));
	tape_done(&t);
}

static void
test_refused_call(void **state)
{
	struct v6d_pptp no = { .type = V6D_PPTP_OCRP, .result = 3 };
	struct tape t;

	(void)state;
	tape_init(&t);
	tape_handshake(&t);
	tape_type(&t, OUT, V6D_PPTP_OCRQ);
	tape_message(&t, IN, &no);
	story_of(&t);
	assert_told(V6D_EVENT_SENT, IN, "Outgoing-Call-Reply: ");
	assert_null(told(V6D_EVENT_SENT, IN, "Outgoing-Call-Reply: call"));
	tape_done(&t);
}

static void
test_losses(void **state)
{
	static const uint8_t frame[64];
	struct tape t;

	(void)state;
	tape_init(&t);
	tape_up(&t);
	for (int i = 0; i < 8; i++) {
		tape_gre(&t, IN, frame, sizeof(frame));
		tape_gre_lost(&t, IN);
		tape_gre_lost(&t, IN);
	}
	tape_gre(&t, IN, frame, sizeof(frame));
	story_of(&t);
	assert_told(V6D_EVENT_LOST, IN, "GRE frames lost: 2 (from number");
	assert_told(V6D_EVENT_LOST, IN,
	    "and so on: GRE frames lost in all: 16, at 8 times");
	tape_done(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_call),
		cmocka_unit_test(test_refused_call),
		cmocka_unit_test(test_losses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
