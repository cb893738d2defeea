/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_story.c - events in order, silences, and more than there is room for. */
#include "story_help.h"

static void
test_silence_until_the_end(void **state)
{
	struct tape t;

	(void)state;
	tape_init(&t);
	tape_handshake(&t);
	tape_type(&t, OUT, V6D_PPTP_SCCRQ);
	tape_wait(&t, V6D_S(20));
	tape_tcp(&t, OUT, V6D_TCP_FIN | V6D_TCP_ACK, NULL, 0);
	tape_wait(&t, V6D_S(100));
	tape_tcp(&t, IN, V6D_TCP_ACK, NULL, 0);
	story_of(&t);
	/* not the 120 s of the capture: the client left */
	assert_told(
	    V6D_EVENT_MISSING, IN, "no answer seen in 20.0 s, until the end");
	assert_string_equal(
	    story.events[story.n - 1].words, "the capture ends");
	tape_done(&t);
}

static void
test_no_room(void **state)
{
	struct tape t;
	struct v6d_text text;

	(void)state;
	tape_init(&t);
	tape_handshake(&t);
	story_of(&t);
	while (story.n < V6D_STORY_EVENTS)
		v6d_story_add(&story, 1, V6D_EVENT_SENT, IN);
	text = v6d_story_add(&story, 1, V6D_EVENT_SENT, IN);
	v6d_text_add(&text, "lost");
	assert_int_equal(story.n, V6D_STORY_EVENTS);
	tape_done(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_silence_until_the_end),
		cmocka_unit_test(test_no_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
