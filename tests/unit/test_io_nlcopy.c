/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_io_nlcopy.c - netlink messages put together, copied, turned round. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "io/nlcopy.h"

/* Three messages of unlike length; the second has two attributes. */
static void
fill(struct v6d_nlstore *s)
{
	uint32_t header = 7, value = 9;
	size_t at;

	assert_int_equal(
	    v6d_nlstore_open(s, 16, 0, &header, sizeof(header), &at), 0);
	assert_int_equal(
	    v6d_nlstore_open(s, 17, 0, &header, sizeof(header), &at), 0);
	assert_int_equal(v6d_nlstore_put(s, at, 1, &value, sizeof(value)), 0);
	assert_int_equal(v6d_nlstore_put(s, at, 2, "abcde", 5), 0);
	assert_int_equal(
	    v6d_nlstore_open(s, 18, 0, &header, sizeof(header), &at), 0);
	assert_int_equal(v6d_nlstore_put(s, at, 3, NULL, 0), 0);
}

static void
test_attributes(void **state)
{
	struct v6d_nlstore s = { 0 };
	const struct nlmsghdr *h;
	size_t second;

	(void)state;
	fill(&s);
	second = NLMSG_ALIGN(v6d_nlstore_at(&s, 0)->nlmsg_len);
	h = v6d_nlstore_at(&s, second);
	assert_int_equal(h->nlmsg_type, 17);
	assert_int_equal(v6d_nlattr_u32(v6d_nlattr_of(h, 4, 1)), 9);
	assert_int_equal(v6d_nlattr_len(v6d_nlattr_of(h, 4, 2)), 5);
	assert_memory_equal(
	    v6d_nlattr_data(v6d_nlattr_of(h, 4, 2)), "abcde", 5);
	assert_null(v6d_nlattr_of(h, 4, 3));
	assert_int_equal(v6d_nlattr_u32(NULL), 0);
	assert_null(v6d_nlstore_at(&s, s.len));
	v6d_nlstore_free(&s);
}

static void
test_reverse(void **state)
{
	struct v6d_nlstore s = { 0 };
	struct nlmsghdr *h;
	uint16_t want = 18;
	size_t at, len;

	(void)state;
	assert_int_equal(v6d_nlstore_reverse(&s), 0); /* nothing to turn */
	fill(&s);
	len = s.len;
	assert_int_equal(v6d_nlstore_reverse(&s), 0);
	assert_int_equal(s.len, len);
	assert_int_equal(s.n, 3);
	V6D_NLSTORE_EACH(&s, at, h)
	assert_int_equal(h->nlmsg_type, want--);
	assert_int_equal(want, 15);
	/* And it can still be added to. */
	assert_int_equal(v6d_nlstore_open(&s, 19, 0, &want, 2, &at), 0);
	assert_int_equal(v6d_nlstore_at(&s, at)->nlmsg_type, 19);
	v6d_nlstore_free(&s);
}

static void
test_copy(void **state)
{
	struct v6d_nlstore s = { 0 }, to = { 0 }, small = { .max = 24 };
	const struct nlmsghdr *h;
	size_t at, second;

	(void)state;
	fill(&s);
	second = NLMSG_ALIGN(v6d_nlstore_at(&s, 0)->nlmsg_len);
	h = v6d_nlstore_at(&s, second);
	assert_int_equal(v6d_nlstore_copy(&to, h, 4, 1u << 2, &at), 0);
	h = v6d_nlstore_at(&to, at);
	assert_null(v6d_nlattr_of(h, 4, 1)); /* its bit is not set */
	assert_int_equal(v6d_nlattr_len(v6d_nlattr_of(h, 4, 2)), 5);
	h = v6d_nlstore_at(&s, second);
	assert_int_equal(v6d_nlstore_copy(&small, h, 4, ~0ULL, &at), -EFBIG);
	v6d_nlstore_free(&s);
	v6d_nlstore_free(&to);
	v6d_nlstore_free(&small);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_attributes),
		cmocka_unit_test(test_reverse),
		cmocka_unit_test(test_copy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
