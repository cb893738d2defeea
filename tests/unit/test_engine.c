/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_engine.c - groups of symptoms and the sets that explain them. */
#include "diag_help.h"

#include "diag/rules.h"

/* Eight bits, spread over both halves of a mask. */
static struct v6d_mask
spread(unsigned bits)
{
	struct v6d_mask m = { 0, 0 };

	for (unsigned i = 0; i < 8; i++)
		if (bits & 1u << i)
			m = v6d_mask_or(m, v6d_mask_bit(i * 18));
	return m;
}

/* Invented candidates: cause i explains mask i. */
static struct v6d_candidates
invent(const unsigned *mask, unsigned n)
{
	struct v6d_candidates c = { .n = n };

	for (unsigned i = 0; i < n; i++) {
		c.cause[i] = (uint8_t)(10 + i);
		c.mask[i] = spread(mask[i]);
		c.abnormal = v6d_mask_or(c.abnormal, c.mask[i]);
	}
	c.explained = c.abnormal;
	return c;
}

static bool
has_set(const struct v6d_cover *cover, unsigned n, int a, int b, int c)
{
	const int want[] = { a, b, c };

	for (unsigned i = 0; i < cover->n; i++) {
		bool same = cover->set[i].n == n;

		for (unsigned j = 0; j < n; j++)
			same = same && cover->set[i].cause[j] == want[j];
		if (same)
			return true;
	}
	return false;
}

static void
check_group(const struct v6d_candidates *c, unsigned left, unsigned group)
{
	assert_true(
	    v6d_mask_equal(v6d_engine_group(c, spread(left)), spread(group)));
}

static void
test_groups(void **state)
{
	const unsigned masks[] = { 0x3, 0x6, 0x30, 0x40 };
	struct v6d_candidates c = invent(masks, 4);

	(void)state;
	check_group(&c, 0x77, 0x7);
	check_group(&c, 0x70, 0x30);
	check_group(&c, 0x40, 0x40);
	check_group(&c, 0x4, 0x4);
}

/* The smallest first; larger ones too, if nothing in them is superfluous. */
static void
test_cover(void **state)
{
	const unsigned masks[] = { 0x7, 0x3, 0x4, 0x5, 0x1 };
	struct v6d_candidates c = invent(masks, 5);
	struct v6d_cover cover;

	(void)state;
	v6d_engine_cover(&c, spread(0x7), &cover);
	assert_int_equal(cover.n, 3);
	assert_true(has_set(&cover, 1, 10, 0, 0));
	assert_true(has_set(&cover, 2, 11, 12, 0));
	assert_true(has_set(&cover, 2, 11, 13, 0));
	assert_int_equal(cover.set[0].n, 1);
	assert_false(cover.full);
}

static void
test_three(void **state)
{
	const unsigned masks[] = { 0x1, 0x2, 0x4, 0x8 };
	struct v6d_candidates c = invent(masks, 4);
	struct v6d_cover cover;

	(void)state;
	v6d_engine_cover(&c, spread(0x7), &cover);
	assert_int_equal(cover.n, 1);
	assert_true(has_set(&cover, 3, 10, 11, 12));
	/* four would be needed */
	v6d_engine_cover(&c, spread(0xf), &cover);
	assert_int_equal(cover.n, 0);
}

/* Against the plain definition, for small random tables. */
static bool
is_cover(const unsigned *mask, unsigned want, unsigned pick, unsigned *ret_n)
{
	unsigned all = 0;

	*ret_n = 0;
	for (unsigned i = 0; i < 8; i++)
		if (pick & 1u << i) {
			all |= mask[i];
			++*ret_n;
		}
	if ((all & want) != want)
		return false;
	for (unsigned i = 0; i < 8; i++) {
		unsigned others = 0;

		for (unsigned j = 0; j < 8; j++)
			if (j != i && (pick & 1u << j))
				others |= mask[j];
		if ((pick & 1u << i) && (others & want) == want)
			return false;
	}
	return true;
}

static void
test_against_definition(void **state)
{
	uint64_t x = 2463534242u;

	(void)state;
	for (unsigned round = 0; round < 2000; round++) {
		unsigned masks[8];
		struct v6d_candidates c;
		struct v6d_cover cover;
		unsigned n_want = 0, all = 0;

		for (unsigned i = 0; i < 8; i++) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			masks[i] = x & 0x3f ? x & 0x3f : 1;
			all |= masks[i];
		}
		c = invent(masks, 8);
		v6d_engine_cover(&c, c.abnormal, &cover);
		for (unsigned pick = 1; pick < 256; pick++) {
			unsigned n;

			if (is_cover(masks, all, pick, &n) && n <= 3)
				n_want++;
		}
		assert_int_equal(cover.n, n_want);
	}
}

static void
test_candidates(void **state)
{
	struct v6d_symptoms s = symptoms("gre.in=none control.call=ok");
	struct v6d_candidates c;

	(void)state;
	v6d_engine_candidates(&s, &c);
	assert_true(v6d_mask_equal(c.abnormal, v6d_mask_bit(V6D_SYM_GRE_IN)));
	assert_true(v6d_mask_equal(c.explained, c.abnormal));
	assert_int_equal(c.n, 4);
	/* LCP that opened proves that GRE passes */
	s = symptoms("gre.in=none ppp.lcp=ok");
	v6d_engine_candidates(&s, &c);
	for (unsigned i = 0; i < c.n; i++)
		assert_int_not_equal(c.cause[i], V6D_CAUSE_GRE_BLOCKED);
	s = symptoms("gre.in=ok");
	v6d_engine_candidates(&s, &c);
	assert_int_equal(c.n, 0);
}

RUN(cmocka_unit_test(test_groups), cmocka_unit_test(test_cover),
    cmocka_unit_test(test_three), cmocka_unit_test(test_against_definition),
    cmocka_unit_test(test_candidates))
