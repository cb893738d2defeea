/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_between.c - what two captures of one session tell, in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "report/between.h"

#define MS(n) ((int64_t)V6D_MS(n))

static struct v6d_report_between
pair(void)
{
	return (struct v6d_report_between){ .near_name = "a.pcap",
		.far_name = "b.pcap",
		.ordered = true,
		.seen = { .n_both = 9, .clock_known = true } };
}

static void
says(const struct v6d_report_between *b, unsigned i, const char *words)
{
	char buf[768] = "";
	struct v6d_text t = v6d_text_to(buf, sizeof(buf));

	assert_int_equal(v6d_between_say(&t, b, i), words != NULL);
	if (words)
		assert_string_equal(buf, words);
}

static void
test_clocks(void **state)
{
	struct v6d_report_between b = pair();

	(void)state;
	b.seen.ahead_min = MS(-3);
	b.seen.ahead_max = MS(5);
	says(&b, 0,
	    "Their clocks agree, as far as packets tell: within 0.005 s.");
	b.seen.ahead_min = MS(1490);
	b.seen.ahead_max = MS(1510);
	says(&b, 0,
	    "The clock of b.pcap is ahead by 1.500 s, give or take 0.010 s; "
	    "that is allowed for.");
	b.seen.ahead_min = MS(-1510);
	b.seen.ahead_max = MS(-1490);
	says(&b, 0,
	    "The clock of a.pcap is ahead by 1.500 s, give or take 0.010 s; "
	    "that is allowed for.");
	b.seen.drifts = true;
	says(&b, 0,
	    "One of their clocks runs faster or was set meanwhile: they "
	    "differ by 1.500 s, give or take 0.010 s.");
	b.seen.clock_known = false;
	says(&b, 0,
	    "Whether their clocks agree is not known: packets of one way only "
	    "are in both.");
	says(&b, 1, NULL);
}

static void
test_losses(void **state)
{
	struct v6d_report_between b = pair();
	struct v6d_crossing *out = &b.seen.way[V6D_PASS_GRE][V6D_DIR_OUT];
	struct v6d_crossing *in = &b.seen.way[V6D_PASS_GRE][V6D_DIR_IN];

	(void)state;
	out->sent = 8;
	b.seen.way[V6D_PASS_CONTROL][V6D_DIR_IN].sent = 4;
	b.seen.way[V6D_PASS_CONTROL][V6D_DIR_IN].lost = 4;
	*in = (struct v6d_crossing){ .sent = 10,
		.lost = 3,
		.largest_passed = 1200,
		.smallest_lost = 1201,
		.largest_lost = 1500 };
	says(&b, 1,
	    "Control connection, towards the client: none of 4 packets "
	    "arrived: they are lost between these two places.");
	says(&b, 2, "GRE, towards the server: 8 of 8 packets arrived.");
	says(&b, 3,
	    "GRE, towards the client: 3 of 10 packets are lost between these "
	    "two places. All of 1201 bytes and more were lost, all of up to "
	    "1200 bytes passed.");
	says(&b, 4, NULL);
	in->smallest_lost = 60;
	says(&b, 3,
	    "GRE, towards the client: 3 of 10 packets are lost between these "
	    "two places. Lost are sizes of 60 to 1500 bytes; the largest that "
	    "passed has 1200.");
}

/* What makes all that less sure stands behind it. */
static void
test_remarks(void **state)
{
	struct v6d_report_between b = pair();

	(void)state;
	b.partial = true;
	says(&b, 1,
	    "The captures are long: only their beginnings were compared.");
	b.ordered = false;
	says(&b, 1,
	    "No router shows between them: that the first is nearer to the "
	    "client is taken from the order of the files.");
	says(&b, 2,
	    "The captures are long: only their beginnings were compared.");
	b.seen.way[V6D_PASS_GRE][V6D_DIR_IN].stray = 2;
	b.seen.way[V6D_PASS_GRE][V6D_DIR_IN].stranger = 5;
	says(&b, 1,
	    "2 packets came out and are not in the capture before: captures "
	    "did not record all that passed, so a part of what is counted as "
	    "lost may be theirs.");
	says(&b, 2,
	    "5 GRE packets arrived with a call id that was not agreed there: "
	    "a NAT between these places did not translate it.");
	says(&b, 5, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clocks),
		cmocka_unit_test(test_losses),
		cmocka_unit_test(test_remarks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
