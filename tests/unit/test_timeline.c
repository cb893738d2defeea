/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_timeline.c - the drawing: arrows, what is missing, no line too long. */
#include "flow_help.h"

#include "report/timeline.h"

#define ROOM 20000

static void
test_drawing(void **state)
{
	char *text = malloc(ROOM);
	struct v6d_paint p = { .t = v6d_text_to(text, ROOM) };
	struct tape t;

	(void)state;
	tape_init(&t);
	tape_handshake(&t);
	tape_type(&t, OUT, V6D_PPTP_OCRQ);
	tape_wait(&t, V6D_S(30));
	tape_tcp(&t, OUT, V6D_TCP_FIN | V6D_TCP_ACK, NULL, 0);
	v6d_timeline_draw(&p, tape_play(&t));
	assert_int_equal(
	    strncmp(text,
		"\nTIMELINE\n"
		"    seconds  client   server\n"
		"      0.000  |---------->|  TCP SYN to port 1723\n",
		40),
	    0);
	assert_non_null(strstr(text, "|<----------|  TCP SYN, ACK\n"));
	assert_non_null(strstr(text, "|<- - -?    |  no answer seen in 30"));
	assert_non_null(strstr(text, "|           |  the capture ends\n"));
	for (char *line = text; line; line = strchr(line + 1, '\n'))
		assert_true(strcspn(line + 1, "\n") <= V6D_PAINT_WIDTH);
	free(text);
	tape_done(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_drawing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
