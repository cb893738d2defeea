/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_redact_text.c - names, texts and whole traces without names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "trace/redact.h"
#include "trace/replay.h"

static struct v6d_redact *r;

static int
setup(void **state)
{
	static const uint8_t key[V6D_REDACT_KEY] = { 7 };

	(void)state;
	r = calloc(1, sizeof(*r));
	v6d_redact_init(r, key);
	v6d_redact_learn(r, "alice");
	v6d_redact_learn(r, "Vpn.Example.NET");
	v6d_redact_learn(r, "/private/page");
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	free(r);
	return 0;
}

static unsigned
count(const char *s, char c)
{
	unsigned n = 0;

	for (; *s; s++)
		n += *s == c;
	return n;
}

static void
test_names(void **state)
{
	char a[100], b[100], c[120];

	(void)state;
	v6d_redact_name(r, "www.example.net", a, sizeof(a));
	v6d_redact_name(r, "WWW.Example.net", b, sizeof(b));
	assert_string_equal(a, b);
	v6d_redact_name(r, "ftp.example.net", b, sizeof(b));
	assert_string_not_equal(a, b);
	assert_string_equal(strchr(a, '.'), strchr(b, '.'));
	assert_int_equal(count(a, '.'), 2);
	v6d_redact_name(r, "localhost", a, sizeof(a));
	assert_string_equal(a, "localhost");
	v6d_redact_name(r, "203.0.113.10", a, sizeof(a));
	assert_int_equal(count(a, '.'), 3);
	assert_null(strstr(a, "203.0"));
	v6d_redact_name(r, "203.0.113.10:8080", b, sizeof(b));
	snprintf(c, sizeof(c), "%s:8080", a);
	assert_string_equal(b, c);
	v6d_redact_name(r, "", a, sizeof(a));
	assert_string_equal(a, "");
}

/* Redacts a copy; the result stays until the next call. */
static const char *
text(const char *s)
{
	static char buf[200];

	snprintf(buf, sizeof(buf), "%s", s);
	v6d_redact_text(r, buf, sizeof(buf));
	return buf;
}

static void
test_texts(void **state)
{
	static const char *const secrets[] = { "203.0.113.10", "2001:db8:b::80",
		"fe80::1", "fe80::1%ppp0", "00:11:22:33:44:55", "alice",
		"vpn.example.net", "VPN.EXAMPLE.NET", "/private/page",
		"192.0.2.7:1723", "2001:db8:1::/64" };
	static const char *const around[] = { "%s", "%s.", "(%s)", "[%s]",
		"from %s, and on", "a: %s", "\"%s\"", "http://[%s]:80/" };

	(void)state;
	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
		for (size_t k = 0; k < sizeof(around) / sizeof(around[0]);
		     k++) {
			char in[200], core[64];
			const char *out;

			/* what identifies: without the port, zone or length */
			snprintf(core, sizeof(core), "%.*s",
			    (int)strcspn(secrets[i] + 1, "%") + 1, secrets[i]);
			if (secrets[i][0] != '/')
				core[strcspn(core, "/")] = '\0';
			if (strstr(core, ":1723"))
				*strstr(core, ":1723") = '\0';
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
			snprintf(in, sizeof(in), around[k], secrets[i]);
#pragma GCC diagnostic pop
			out = text(in);
			assert_null(strstr(out, core));
			assert_true(strlen(out) > 0);
		}
}

/* What is nobody's stays as it is. */
static void
test_kept(void **state)
{
	static const char *const same[] = { "", "largest 1454 in, 1400 out",
		"ff02::1", "::", "12:30:45", "v6doctor 0.1.0", "gre.size.in",
		"alicent", "malice", "net/ipv6/conf/all/forwarding", "::/0",
		"caf\xc3\xa9 \xe6\x97\xa5" };

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		assert_string_equal(text(same[i]), same[i]);
}

/* A text that grows beyond its room is cut, not spilled. */
static void
test_room(void **state)
{
	char buf[16] = "alice alice ali";

	(void)state;
	v6d_redact_text(r, buf, sizeof(buf));
	assert_int_equal(buf[15], '\0');
	assert_int_equal(strncmp(buf, "h", 1), 0);
}

/* ---- a trace ---- */

static struct v6d_trace *
sample(void)
{
	static const struct v6d_trace_head h = { .schema = V6D_TRACE_SCHEMA,
		.kind = "live",
		.source = "/home/alice/.config/v6doctor/home.conf" };
	static struct v6d_plan p = { .server_name = "secret.example.org",
		.server = { 4, { 198, 51, 100, 7 } },
		.interface = "v6tun0",
		.name = "hidden.example.org",
		.page = "/private/big",
		.napt_name = "198.51.100.9:80" };
	static struct v6d_trace_ask dns = { .id = 1,
		.probe = "dns",
		.ask = { .kind = V6D_ASK_DNS, .name = "other.example.org" } };
	static struct v6d_trace_ask http = { .id = 2,
		.probe = "pmtu",
		.ask = { .kind = V6D_ASK_HTTP,
		    .name = "/private/big",
		    .host = "hidden.example.org" } };
	static struct v6d_trace_ask sysctl = { .id = 3,
		.probe = "host",
		.ask = { .kind = V6D_ASK_SYSCTL,
		    .name = "net/ipv6/conf/all/forwarding" } };
	static struct v6d_trace_ask syn = { .id = 4,
		.probe = "filter",
		.ask = { .kind = V6D_ASK_SYN_IN,
		    .name = "Ip6OutOctets",
		    .host = "br0" } };
	static struct v6d_trace_answer a = { .id = 1,
		.answer = { .text = "other.example.org: no answer",
		    .n_addrs = 1,
		    .addrs = { { 4, { 198, 51, 100, 8 } } } } };
	static struct v6d_trace_fact f = { .name = "dns.a",
		.state = "bad",
		.word = "timeout",
		.subject = "198.51.100.7 hidden.example.org",
		.source = "probe dns" };
	struct v6d_trace *t = v6d_trace_new();

	v6d_trace_add(t, V6D_TRACE_HEAD, &h);
	v6d_trace_add(t, V6D_TRACE_PLAN, &p);
	v6d_trace_add(t, V6D_TRACE_ASK, &dns);
	v6d_trace_add(t, V6D_TRACE_ASK, &http);
	v6d_trace_add(t, V6D_TRACE_ASK, &sysctl);
	v6d_trace_add(t, V6D_TRACE_ASK, &syn);
	v6d_trace_add(t, V6D_TRACE_ANSWER, &a);
	v6d_trace_add(t, V6D_TRACE_FACT, &f);
	return t;
}

static void
test_trace(void **state)
{
	static const char *const gone[] = { "secret", "hidden", "other",
		"198.51.100", "alice", "private", "home.conf" };
	static const char *const there[] = { "net/ipv6/conf/all/forwarding",
		"Ip6OutOctets", "\"br0\"", "v6tun0", "\"timeout\"",
		"\"redacted\":true" };
	struct v6d_trace *t = sample();
	const struct v6d_plan *p;
	const struct v6d_trace_ask *a;
	size_t n, at = 0;
	char *s;

	(void)state;
	v6d_redact_trace(r, t);
	s = v6d_trace_text(t, &n);
	for (size_t i = 0; i < sizeof(gone) / sizeof(gone[0]); i++)
		assert_null(strstr(s, gone[i]));
	for (size_t i = 0; i < sizeof(there) / sizeof(there[0]); i++)
		assert_non_null(strstr(s, there[i]));
	/* the same in the plan and in what was asked */
	p = v6d_trace_next(t, V6D_TRACE_PLAN, NULL);
	v6d_trace_next(t, V6D_TRACE_ASK, &at);
	a = v6d_trace_next(t, V6D_TRACE_ASK, &at);
	assert_string_equal(a->ask.name, p->page);
	assert_string_equal(a->ask.host, p->name);
	free(s);
	v6d_trace_free(t);
}

static void
test_map(void **state)
{
	struct v6d_trace *t = sample();
	char *map;

	(void)state;
	v6d_redact_trace(r, t);
	map = v6d_redact_map(r);
	assert_non_null(strstr(map, " 198.51.100.7\n"));
	assert_non_null(strstr(map, " hidden.example.org\n"));
	assert_non_null(strstr(map, " alice\n"));
	free(map);
	v6d_trace_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_names, setup, teardown),
		cmocka_unit_test_setup_teardown(test_texts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_kept, setup, teardown),
		cmocka_unit_test_setup_teardown(test_room, setup, teardown),
		cmocka_unit_test_setup_teardown(test_trace, setup, teardown),
		cmocka_unit_test_setup_teardown(test_map, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
