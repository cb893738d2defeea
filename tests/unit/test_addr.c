/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_addr.c - addresses, prefixes and their text. */
#include "sweep.h"

#include "base/addr.h"

static void
test_text(void **state)
{
	/* Read, and written as RFC 5952 has it. */
	static const struct {
		const char *in, *out;
	} t[] = {
		{ "0.0.0.0", "0.0.0.0" },
		{ "192.0.2.255", "192.0.2.255" },
		{ "::", "::" },
		{ "::1", "::1" },
		{ "1::", "1::" },
		{ "fe80::1", "fe80::1" },
		{ "[2001:DB8::1]", "2001:db8::1" },
		{ "2001:0db8:0000:0000:0001:0000:0000:0001",
		    "2001:db8::1:0:0:1" },
		{ "2001:db8:0:0:0:1:0:0", "2001:db8::1:0:0" },
		{ "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
		{ "1:0:0:4:0:0:0:8", "1:0:0:4::8" },
		{ "0:0:0:0:0:ffff:192.0.2.1", "::ffff:192.0.2.1" },
		{ "64:ff9b::192.0.2.33", "64:ff9b::c000:221" },
		{ "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0" },
		{ "::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8" },
		{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
	};
	char buf[V6D_ADDR_TEXT];
	struct v6d_addr a;

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		assert_true(v6d_addr_parse(t[i].in, &a));
		assert_string_equal(
		    v6d_addr_text(&a, buf, sizeof(buf)), t[i].out);
	}
	a = (struct v6d_addr){ 0 };
	assert_string_equal(v6d_addr_text(&a, buf, sizeof(buf)), "none");
	assert_true(v6d_addr_parse("2001:db8::1", &a));
	assert_string_equal(v6d_addr_text(&a, buf, 5), "2001");
}

static void
test_no_address(void **state)
{
	static const char *const t[] = { "", ":", ":::", "1:", ":1", "1:::2",
		"1::2::3", "12345::", "g::", "1:2:3:4:5:6:7:8:9",
		"1:2:3:4:5:6:7", "1:2:3:4::5:6:7:8", "::1 ", " ::1", "[::1",
		"::1]", "[]", "[", "fe80::1%eth0", "1.2.3", "1.2.3.4.5",
		"1.2.3.256", "1.2.3.", ".1.2.3", "01.2.3.4", "1.2.3.4 ",
		"1.2.3.+4", "[1.2.3.4]", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3",
		"::1.2.3.4:5", "1111.2.3.4", "::ffff:1.2.3.4.5" };
	struct v6d_addr a = { .family = 9 };

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++)
		if (v6d_addr_parse(t[i], &a) || a.family != 9)
			fail_msg("read \"%s\"", t[i]);
}

static struct v6d_addr
addr(const char *s)
{
	struct v6d_addr a;

	assert_true(v6d_addr_parse(s, &a));
	return a;
}

static struct v6d_prefix
prefix(const char *s)
{
	struct v6d_prefix p;

	assert_true(v6d_prefix_parse(s, &p));
	return p;
}

static void
test_prefix(void **state)
{
	static const struct {
		const char *prefix, *addr;
		bool in;
	} t[] = {
		{ "2001:db8::/64", "2001:db8::ffff:1", true },
		{ "2001:db8::/64", "2001:db8:0:1::1", false },
		{ "2001:db8::/61", "2001:db8:0:7::1", true },
		{ "2001:db8::/61", "2001:db8:0:8::1", false },
		{ "::/0", "ffff::", true },
		{ "::/0", "1.2.3.4", false },
		{ "::1", "::1", true },
		{ "::1/128", "::2", false },
		{ "10.0.0.0/8", "10.255.0.1", true },
		{ "10.0.0.0/9", "10.128.0.1", false },
		{ "0.0.0.0/0", "255.255.255.255", true },
		{ "192.0.2.1", "192.0.2.2", false },
	};
	static const char *const bad[] = { "::/129", "1.2.3.4/33", "::/", "/64",
		"::/064", "::/-1", "::/6 4", "::/64/64", "::/1000", "x/64" };
	struct v6d_prefix p = { .len = 99 };

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		struct v6d_prefix q = prefix(t[i].prefix);
		struct v6d_addr a = addr(t[i].addr);

		assert_int_equal(v6d_prefix_has(&q, &a), t[i].in);
	}
	for (size_t i = 0; i < V6D_ARRAY_LEN(bad); i++)
		if (v6d_prefix_parse(bad[i], &p) || p.len != 99)
			fail_msg("read \"%s\"", bad[i]);
	p = prefix("10.0.0.0/8");
	p.len = 33; /* from a packet: never inside, never out of bounds */
	assert_false(v6d_prefix_has(&p, &(struct v6d_addr){ .family = 4 }));
}

static void
test_kinds(void **state)
{
	static const struct {
		const char *addr;
		bool zero, link_local, multicast, global;
	} t[] = {
		{ "::", true, false, false, false },
		{ "0.0.0.0", true, false, false, false },
		{ "fe80::1", false, true, false, false },
		{ "febf::1", false, true, false, false },
		{ "fec0::1", false, false, false, false },
		{ "ff02::1", false, false, true, false },
		{ "224.0.0.1", false, false, true, false },
		{ "240.0.0.1", false, false, false, false },
		{ "2001:db8::1", false, false, false, true },
		{ "3fff::1", false, false, false, true },
		{ "4000::1", false, false, false, false },
		{ "fd00::1", false, false, false, false },
		{ "32.1.13.184", false, false, false, false },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		struct v6d_addr a = addr(t[i].addr);

		assert_int_equal(v6d_addr_is_zero(&a), t[i].zero);
		assert_int_equal(v6d_addr_is_link_local(&a), t[i].link_local);
		assert_int_equal(v6d_addr_is_multicast(&a), t[i].multicast);
		assert_int_equal(v6d_addr_is_global(&a), t[i].global);
	}
}

static void
test_made(void **state)
{
	static const uint8_t ifid[8] = { 0, 0, 0, 0, 0, 0, 0, 7 };
	struct v6d_addr p = addr("2001:db8:1:2:3:4:5:6"), a;
	struct v6d_addr want = addr("fe80::7"), other = addr("192.0.2.1");

	(void)state;
	a = v6d_addr_link_local(ifid);
	assert_true(v6d_addr_eq(&a, &want));
	a = v6d_addr_join(&p, ifid);
	want = addr("2001:db8:1:2::7");
	assert_true(v6d_addr_eq(&a, &want));
	a = v6d_addr_6(want.b);
	assert_true(v6d_addr_eq(&a, &want));
	a = v6d_addr_4(other.b);
	assert_true(v6d_addr_eq(&a, &other));
	assert_false(v6d_addr_eq(&a, &want));
	want = addr("0.0.0.0");
	a = addr("::");
	assert_false(v6d_addr_eq(&a, &want));
}

static void
test_number(void **state)
{
	static const uint8_t b[4] = { 192, 0, 2, 255 };
	struct v6d_addr a = v6d_addr_4(b);

	(void)state;
	assert_int_equal(v6d_addr_number(&a), 0xc00002ff);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_number),
		cmocka_unit_test(test_no_address),
		cmocka_unit_test(test_prefix),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_made),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
