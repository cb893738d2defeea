/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_redact.c - pseudonyms of addresses and names keep what matters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/netblock.h"
#include "fields_fill.h"
#include "trace/redact.h"

static struct v6d_redact *r;

static int
setup(void **state)
{
	uint8_t key[V6D_REDACT_KEY];

	(void)state;
	r = calloc(1, sizeof(*r));
	fill_bytes(key, sizeof(key));
	v6d_redact_init(r, key);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	free(r);
	return 0;
}

static struct v6d_addr
parse(const char *s)
{
	struct v6d_addr a;

	assert_true(v6d_addr_parse(s, &a));
	return a;
}

static unsigned
common(const struct v6d_addr *a, const struct v6d_addr *b)
{
	unsigned n = 0, all = a->family == 4 ? 32 : 128;

	while (n < all && (a->b[n / 8] >> (7 - n % 8) & 1) ==
			      (b->b[n / 8] >> (7 - n % 8) & 1))
		n++;
	return n;
}

/* Two that share n bits share n bits afterwards: of global addresses. */
static void
test_prefixes(void **state)
{
	(void)state;
	for (int round = 0; round < 100; round++) {
		struct v6d_addr a = { .family = round % 2 ? 4 : 6 }, b, x, y;
		/* behind the bits that tell a kind */
		unsigned n = round % 2 ? 16 + (unsigned)(fill_random() % 16)
				       : 32 + (unsigned)(fill_random() % 32);

		r->n_addrs = 0;
		fill_bytes(a.b, a.family == 4 ? 4 : 16);
		a.b[0] = a.family == 4 ? 80 : 0x2a; /* all of one kind */
		b = a;
		b.b[n / 8] ^= (uint8_t)(0x80 >> n % 8);
		x = v6d_redact_addr(r, &a);
		y = v6d_redact_addr(r, &b);
		assert_int_equal(common(&a, &b), n);
		assert_int_equal(common(&x, &y), n);
	}
}

/* The kind stays, the address does not. */
static void
test_kinds(void **state)
{
	static const struct {
		const char *addr, *prefix; /* NULL: any global one */
	} want[] = {
		{ "10.1.2.3", "10.0.0.0/8" },
		{ "172.20.1.2", "172.16.0.0/12" },
		{ "192.168.11.2", "192.168.0.0/16" },
		{ "100.64.3.4", "100.64.0.0/10" },
		{ "169.254.7.8", "169.254.0.0/16" },
		{ "fe80::1234:5678:9abc:def0", "fe80::/64" },
		{ "fd12:3456:789a::1", "fd00::/8" },
		{ "2408:10:1:2::3", "2408::/22" },
		{ "2404:1a8:7f01:b::3", "2404:1a8::/32" },
		{ "2001:a000:1:2::3", "2001:a000::/21" },
		{ "2001:c90::5", "2001:c90::/32" },
		{ "2002:c000:201::1", "2002::/16" },
		{ "2a00:1450:4001::5e", "2000::/3" },
		{ "64:ff9b::5bc6:aa12", "64:ff9b::/96" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		struct v6d_addr a = parse(want[i].addr);
		struct v6d_addr p = v6d_redact_addr(r, &a);
		struct v6d_prefix in;

		assert_true(v6d_prefix_parse(want[i].prefix, &in));
		assert_true(v6d_prefix_has(&in, &p));
		assert_false(v6d_addr_eq(&a, &p));
		assert_ptr_equal(
		    v6d_netblock_closed(&a), v6d_netblock_closed(&p));
	}
}

/* Nobody's addresses stay what they are. */
static void
test_kept(void **state)
{
	static const char *const same[] = { "0.0.0.0", "127.0.0.1",
		"255.255.255.255", "224.0.0.1", "::", "::1", "ff02::1",
		"ff02::2" };

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		struct v6d_addr a = parse(same[i]);
		struct v6d_addr p = v6d_redact_addr(r, &a);

		assert_true(v6d_addr_eq(&a, &p));
	}
}

/* Whatever comes in: the same out again, the same kind, another for each. */
static void
test_random(void **state)
{
	static struct v6d_addr seen[300];

	(void)state;
	for (unsigned i = 0; i < 300; i++) {
		struct v6d_addr a, p, q;

		fill_addr(&a);
		p = v6d_redact_addr(r, &a);
		r->n_addrs = 0; /* not from the memory of it */
		q = v6d_redact_addr(r, &a);
		assert_true(v6d_addr_eq(&p, &q));
		assert_int_equal(
		    v6d_addr_is_link_local(&a), v6d_addr_is_link_local(&p));
		assert_int_equal(
		    v6d_addr_is_global(&a), v6d_addr_is_global(&p));
		assert_int_equal(
		    v6d_addr_is_multicast(&a), v6d_addr_is_multicast(&p));
		assert_int_equal(
		    v6d_netblock_closed_bits(&a), v6d_netblock_closed_bits(&p));
		for (unsigned k = 0; k < i; k++)
			assert_false(v6d_addr_eq(&seen[k], &p));
		seen[i] = p;
	}
}

/* An identifier made of a MAC stays one, of that MAC's pseudonym. */
static void
test_eui(void **state)
{
	struct v6d_addr a = parse("2001:db8::211:22ff:fe33:4455");
	struct v6d_addr l = parse("fe80::211:22ff:fe33:4455");
	uint8_t mac[6] = { 0x00, 0x11, 0x22, 0x33, 0x44, 0x55 };

	(void)state;
	a = v6d_redact_addr(r, &a);
	l = v6d_redact_addr(r, &l);
	assert_memory_equal(a.b + 8, l.b + 8, 8);
	assert_int_equal(a.b[11], 0xff);
	assert_int_equal(a.b[12], 0xfe);
	v6d_redact_mac(r, mac);
	assert_int_equal(mac[0] & 3, 0);
	assert_int_equal(a.b[8], mac[0] ^ 2);
	assert_memory_equal(a.b + 13, mac + 3, 3);
	a = parse("2001:db8::211:22ff:fa33:4455"); /* not of one */
	a = v6d_redact_addr(r, &a);
	assert_false(a.b[11] == 0xff && a.b[12] == 0xfe);
}

static void
test_prefix_values(void **state)
{
	static const struct {
		const char *in;
		bool host; /* bits behind the prefix */
	} p[] = {
		{ "2001:db8:1::/64", false },
		{ "2001:db8:1::7/64", true },
		{ "192.168.11.0/24", false },
		{ "192.168.11.2/24", true },
	};
	struct v6d_prefix a, b;

	(void)state;
	for (size_t i = 0; i < sizeof(p) / sizeof(p[0]); i++) {
		assert_true(v6d_prefix_parse(p[i].in, &a));
		b = v6d_redact_prefix(r, &a);
		assert_int_equal(a.len, b.len);
		assert_false(v6d_addr_eq(&a.addr, &b.addr));
		if (!p[i].host)
			assert_int_equal(
			    b.addr.b[a.addr.family == 4 ? 3 : 15], 0);
	}
	assert_true(v6d_prefix_parse("::/0", &a));
	b = v6d_redact_prefix(r, &a);
	assert_memory_equal(&a, &b, sizeof(a));
	assert_true(v6d_prefix_parse("0.0.0.0/0", &a));
	b = v6d_redact_prefix(r, &a);
	assert_memory_equal(&a, &b, sizeof(a));
}

/* An address lies in its redacted prefix as it did in its own. */
static void
test_in_prefix(void **state)
{
	struct v6d_prefix p, q;
	struct v6d_addr a = parse("2001:db8:1:0:a8c1:251e:2f0f:ff67");

	(void)state;
	assert_true(v6d_prefix_parse("2001:db8:1::/64", &p));
	q = v6d_redact_prefix(r, &p);
	a = v6d_redact_addr(r, &a);
	assert_true(v6d_prefix_has(&q, &a));
}

static void
test_key(void **state)
{
	struct v6d_addr a = parse("203.0.113.10"), x, y;
	uint8_t key[V6D_REDACT_KEY] = { 1 };

	(void)state;
	x = v6d_redact_addr(r, &a);
	v6d_redact_init(r, key);
	y = v6d_redact_addr(r, &a);
	assert_false(v6d_addr_eq(&x, &y));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_prefixes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_kinds, setup, teardown),
		cmocka_unit_test_setup_teardown(test_kept, setup, teardown),
		cmocka_unit_test_setup_teardown(test_random, setup, teardown),
		cmocka_unit_test_setup_teardown(test_eui, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_prefix_values, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_in_prefix, setup, teardown),
		cmocka_unit_test_setup_teardown(test_key, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
