/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_io_gw_texts.c - the packet filter's text; pauses between tries. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "gateway/backoff.h"
#include "gateway/ruleset.h"

static const struct v6d_ruleset home = { .table = "v6doctor_home",
	.tunnel = "v6tun0",
	.n_lan = 2,
	.lan = { "br0", "wlan0" },
	.n_allow = 2,
	.allow = { "tcp/22", "udp/53" },
	.only_tunnels = true };

static void
has(const char *text, const char *line)
{
	if (!strstr(text, line))
		fail_msg("'%s' is missing in:\n%s", line, text);
}

static void
stateful(void **state)
{
	char text[8192];

	(void)state;
	assert_true(v6d_ruleset_text(&home, text, sizeof(text)));
	has(text, "table ip6 v6doctor_home {");
	has(text, "iifname \"v6tun0\" oifname { \"br0\", \"wlan0\" } jump");
	has(text, "iifname \"v6tun0\" drop");
	has(text, "ct state established,related accept");
	has(text, "iifgroup != 118 oifgroup != 118 drop");
	has(text, "tcp dport 22 accept");
	has(text, "udp dport 53 accept");
	assert_null(strstr(text, "maxseg"));
	assert_null(strstr(text, "tcp flags"));
}

static void
without_state(void **state)
{
	struct v6d_ruleset r = home;
	char text[8192];

	(void)state;
	r.no_syn = true;
	r.only_tunnels = false;
	r.mss = 1384;
	assert_true(v6d_ruleset_text(&r, text, sizeof(text)));
	has(text, "exthdr frag exists drop");
	has(text, "tcp flags & (syn | ack) == syn drop");
	has(text, "maxseg size set 1384");
	assert_null(strstr(text, "ct state"));
	assert_null(strstr(text, "iifgroup"));
}

static void
no_room(void **state)
{
	char text[8192], small[8192];
	size_t n;

	(void)state;
	assert_true(v6d_ruleset_text(&home, text, sizeof(text)));
	n = strlen(text) + 1;
	assert_true(v6d_ruleset_text(&home, small, n));
	assert_false(v6d_ruleset_text(&home, small, n - 1));
}

static void
names(void **state)
{
	char buf[80];

	(void)state;
	assert_string_equal(v6d_ruleset_table("my-home.1", buf, sizeof(buf)),
	    "v6doctor_my_home_1");
	assert_string_equal(
	    v6d_ruleset_name(&home, buf, sizeof(buf)), "ip6 v6doctor_home");
}

static void
pauses(void **state)
{
	v6d_ns min = V6D_S(1), max = V6D_S(60);

	(void)state;
	assert_true(v6d_backoff(0, min, max, 0) == min / 2);
	assert_true(v6d_backoff(0, min, max, UINT32_MAX) <= min);
	assert_true(v6d_backoff(3, min, max, 0) == V6D_S(4));
	assert_true(v6d_backoff(6, min, max, 0) == max / 2);
	assert_true(v6d_backoff(4000000000u, min, max, UINT32_MAX) <= max);
	assert_true(v6d_backoff(9, min, max, 1u << 31) > max / 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stateful),
		cmocka_unit_test(without_state),
		cmocka_unit_test(no_room),
		cmocka_unit_test(names),
		cmocka_unit_test(pauses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
