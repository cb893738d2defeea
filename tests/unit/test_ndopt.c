/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_ndopt.c - every option of a router advertisement. */
#include "sweep.h"

#include "proto/ndopt.h"

/* Reads one whole option, type and length first. */
static bool
read_one(const char *hex, struct v6d_ra *ra)
{
	uint8_t buf[128], *heap;
	size_t n = unhex(hex, buf, sizeof(buf));
	struct v6d_wire w;
	bool good;

	memset(ra, 0, sizeof(*ra));
	heap = malloc(n);
	assert_non_null(heap);
	memcpy(heap, buf, n);
	w = v6d_wire_from(heap + 2, n - 2, n - 2);
	good = v6d_ndopt_read(heap[0], &w, ra);
	free(heap);
	return good;
}

static const char *
prefix(const struct v6d_prefix *p)
{
	static char text[V6D_ADDR_TEXT + 8];
	char addr[V6D_ADDR_TEXT];

	snprintf(text, sizeof(text), "%s/%u",
	    v6d_addr_text(&p->addr, addr, sizeof(addr)), p->len);
	return text;
}

static void
test_preference(void **state)
{
	static const int8_t want[] = { 0, 1, 0, -1 };

	(void)state;
	for (uint8_t i = 0; i < 4; i++) {
		uint8_t bits = (uint8_t)(i << 3);

		assert_int_equal(v6d_ndopt_preference(bits), want[i]);
		if (i != 2)
			assert_int_equal(
			    v6d_ndopt_preference_bits(want[i]), bits);
	}
}

static void
test_routes(void **state)
{
	struct v6d_ra ra;

	(void)state;
	assert_true(read_one("1803 3008 00000e10"
			     "20010db8000100000000000000000000",
	    &ra));
	assert_int_equal(ra.n_routes, 1);
	assert_string_equal(prefix(&ra.routes[0].prefix), "2001:db8:1::/48");
	assert_int_equal(ra.routes[0].preference, 1);
	assert_int_equal(ra.routes[0].lifetime_s, 3600);
	assert_true(read_one("1802 4018 00000001 20010db800010002", &ra));
	assert_string_equal(prefix(&ra.routes[0].prefix), "2001:db8:1:2::/64");
	assert_int_equal(ra.routes[0].preference, -1);
	assert_true(read_one("1801 0000 00000001", &ra));
	assert_string_equal(prefix(&ra.routes[0].prefix), "::/0");
	/* more bits than bytes; too many bits; too long */
	assert_false(read_one("1802 4100 00000001 20010db800010002", &ra));
	assert_false(read_one("1801 0100 00000001", &ra));
	assert_false(read_one("1803 8100 00000001"
			      "20010db8000100000000000000000000",
	    &ra));
	assert_false(read_one("1804 8000 00000001"
			      "20010db8000100000000000000000000"
			      "0000000000000000",
	    &ra));
}

static void
test_names(void **state)
{
	struct v6d_ra ra;

	(void)state;
	assert_true(read_one("1f04 0000 00000078"
			     "076578616d706c65 036e6574 00 00 00 00"
			     "0000000000000000",
	    &ra));
	assert_int_equal(ra.n_search, 1);
	assert_string_equal(ra.search, "example.net");
	assert_int_equal(ra.search_lifetime_s, 120);
	assert_true(read_one("1f03 0000 00000078"
			     "0161 00 0162 00 0163 00 00000000000000",
	    &ra));
	assert_int_equal(ra.n_search, 3);
	assert_string_equal(ra.search, "a");
	/* a stranger's bytes are not printed */
	assert_true(read_one("1f02 0000 00000078 031b5b6d 00000000", &ra));
	assert_string_equal(ra.search, "?[m");
	/* a name without an end, a label beyond it, compression, no name */
	assert_false(read_one("1f02 0000 00000078 07616161 61616161", &ra));
	assert_false(read_one("1f02 0000 00000078 08616161 61616161", &ra));
	assert_false(read_one("1f02 0000 00000078 c000000000000000", &ra));
	assert_false(read_one("1f01 0000 00000078", &ra));
	assert_true(read_one("2502 68747470733a2f2f612f00000000", &ra));
	assert_string_equal(ra.portal, "https://a/");
	assert_false(read_one("2501 000000000000", &ra));
}

static void
test_pref64(void **state)
{
	struct v6d_ra ra;

	(void)state;
	assert_true(read_one("2602 0708 0064ff9b0000000000000000", &ra));
	assert_true(ra.has_pref64);
	assert_string_equal(prefix(&ra.pref64), "64:ff9b::/96");
	assert_int_equal(ra.pref64_lifetime_s, 1800);
	assert_true(read_one("2602 070d 20010db80000000000000000", &ra));
	assert_int_equal(ra.pref64.len, 32);
	/* a length that does not exist; an option of another length */
	assert_false(read_one("2602 070e 20010db80000000000000000", &ra));
	assert_false(read_one("2601 0708 0064ff9b", &ra));
	assert_false(read_one("2603 0708 0064ff9b0000000000000000"
			      "0000000000000000",
	    &ra));
}

static void
test_others(void **state)
{
	struct v6d_ra ra;

	(void)state;
	assert_true(read_one("0101 020000000001", &ra));
	assert_true(ra.has_link_addr);
	assert_true(read_one("fd01 020000000001", &ra));
	assert_int_equal(ra.n_prefixes + ra.n_routes + ra.n_rdnss, 0);
}

/* Tables overflow into a count. */
static void
test_many(void **state)
{
	static const uint8_t route[] = { 0, 0, 0, 0, 0, 1 };
	struct v6d_ra ra = { 0 };

	(void)state;
	for (unsigned i = 0; i < V6D_RA_ROUTES + 3; i++) {
		struct v6d_wire w =
		    v6d_wire_from(route, sizeof(route), sizeof(route));

		assert_true(v6d_ndopt_read(24, &w, &ra));
	}
	assert_int_equal(ra.n_routes, V6D_RA_ROUTES);
	assert_int_equal(ra.n_dropped, 3);
}

/* What is written is read again. */
static void
test_write(void **state)
{
	static const char hex[] =
	    "0501 0000 00000578"
	    "1903 0000 00000004 20010db8000000000000000000000053"
	    "1802 4008 00000e10 20010db800010002"
	    "1801 0018 00000001"
	    "2602 0709 0064ff9b0001000200030000";
	uint8_t buf[256], out[256];
	size_t n = unhex(hex, buf, sizeof(buf));
	struct v6d_out o = v6d_out_to(out, sizeof(out));
	struct v6d_wire w = v6d_wire_from(buf, n, n);
	struct v6d_ra ra = { 0 };

	(void)state;
	while (v6d_wire_left(&w) > 0) {
		uint8_t type = v6d_wire_u8(&w);
		size_t len = (size_t)v6d_wire_u8(&w) * 8 - 2;
		struct v6d_wire one = v6d_wire_sub(&w, len);

		assert_true(v6d_ndopt_read(type, &one, &ra));
	}
	v6d_ndopt_write(&o, &ra);
	assert_hex(&o, hex);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_preference),
		cmocka_unit_test(test_routes),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_pref64),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
