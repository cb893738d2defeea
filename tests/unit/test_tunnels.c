/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_tunnels.c - the table of a capture's tunnels: few, many, very many. */
#include "report_help.h"

#include <stdlib.h>

#include "report/tunnels.h"

#define ROOM 200000

/* Every tenth is faulty; they come first, as the worst do. */
static void
get(void *arg, size_t i, bool whole, struct v6d_report_tunnel *ret)
{
	const size_t *n = arg;
	bool faulty = i < (*n + 9) / 10;

	(void)whole;
	*ret = (struct v6d_report_tunnel){ .number = i + 1,
		.began_ms = 1234,
		.client = "192.0.2.1",
		.server = "203.0.113.10",
		.verdict = faulty ? V6D_VERDICT_FAULTY : V6D_VERDICT_HEALTHY,
		.code = faulty ? "G3-1388" : "OK" };
}

static char *
drawn(size_t n, bool verbose)
{
	struct v6d_paint p = { .color = false };
	struct v6d_diagnosis d = { .verdict = V6D_VERDICT_FAULTY };
	struct v6d_report r = { .diagnosis = &d, .tunnels = { n, get, &n } };
	char *text = malloc(ROOM);

	p.t = v6d_text_to(text, ROOM);
	v6d_tunnels_draw(&p, &r, verbose);
	return text;
}

static unsigned
rows(const char *text)
{
	unsigned n = 0;

	for (; (text = strstr(text, "203.0.113.10")); text++)
		n++;
	return n;
}

static void
test_few(void **state)
{
	char *text = drawn(3, false);

	(void)state;
	assert_int_equal(strncmp(text, "FAULTY  1 of 3 tunnels", 22), 0);
	assert_int_equal(rows(text), 3);
	assert_non_null(strstr(text,
	    "       1     1.234 s  192.0.2.1        203.0.113.10     faulty  "
	    "      G3-1388\n"));
	assert_null(strstr(text, "more"));
	free(text);
}

static void
test_many(void **state)
{
	char *text = drawn(10000, false);

	(void)state;
	assert_non_null(strstr(text, "1000 of 10000 tunnels"));
	assert_int_equal(rows(text), V6D_TUNNELS_FEW);
	assert_non_null(strstr(text, "      1000  faulty        G3-1388\n"));
	assert_non_null(strstr(text, "      9000  healthy       OK\n"));
	assert_non_null(strstr(text, "and 9980 more"));
	free(text);
	text = drawn(10000, true);
	assert_int_equal(rows(text), 1000);
	free(text);
}

static void
test_position(void **state)
{
	char text[200];
	struct v6d_paint p = { .t = v6d_text_to(text, sizeof(text)) };
	struct v6d_report r = { .position = { V6D_SEEN_CLIENT, 0, 7 } };

	(void)state;
	v6d_position_draw(&p, &r);
	assert_string_equal(text,
	    "\nCAPTURED\n  beside the client; routers between here and the "
	    "server: 7\n");
	p.t = v6d_text_to(text, sizeof(text));
	r.position.from = V6D_SEEN_UNKNOWN;
	v6d_position_draw(&p, &r);
	assert_string_equal(text, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_few),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_position),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
