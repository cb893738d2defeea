/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_pool.c - pieces, tables that grow, and memory that runs out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/pool.h"

#define BLOCK 1024

static void
pieces_are_zero_apart_and_used_again(void **state)
{
	uint8_t *block = malloc(BLOCK), *a, *b;
	struct v6d_pool p;

	(void)state;
	memset(block, 0xff, BLOCK);
	v6d_pool_init(&p, block, BLOCK);
	a = v6d_pool_take(&p, 20);
	b = v6d_pool_take(&p, 20);
	assert_true(b >= a + 20);
	for (int i = 0; i < 20; i++)
		assert_int_equal(a[i] | b[i], 0);
	memset(a, 0xff, 20);
	v6d_pool_give(&p, a, 20);
	assert_ptr_equal(v6d_pool_take(&p, 24), a); /* as many units */
	assert_int_equal(a[19], 0);
	assert_ptr_not_equal(v6d_pool_take(&p, 20), a);
	free(block);
}

static void
what_was_given_serves_smaller_ones(void **state)
{
	uint8_t *block = malloc(BLOCK), *a, *b;
	struct v6d_pool p;

	(void)state;
	v6d_pool_init(&p, block, BLOCK);
	a = v6d_pool_take(&p, 208);
	b = v6d_pool_take(&p, 112);
	v6d_pool_give(&p, a, 208);
	v6d_pool_give(&p, b, 112);
	/* of the smallest that has room, and then of its rest */
	assert_ptr_equal(v6d_pool_take(&p, 48), b);
	assert_ptr_equal(v6d_pool_take(&p, 96), a);
	assert_ptr_equal(v6d_pool_take(&p, 48), b + 48);
	assert_ptr_equal(v6d_pool_take(&p, 112), a + 96);
	assert_ptr_equal(v6d_pool_take(&p, 16), b + 96);
	assert_ptr_not_equal(v6d_pool_take(&p, 16), b);
	free(block);
}

static void
lines_of_memory_are_whole(void **state)
{
	uint8_t *block = malloc(BLOCK), *a;
	struct v6d_pool p;

	(void)state;
	v6d_pool_init(&p, block, BLOCK);
	a = v6d_pool_take(&p, 16);
	for (unsigned i = 1; i <= 3; i++)
		assert_int_equal(
		    (uintptr_t)v6d_pool_take(&p, i * V6D_POOL_LINE) %
			V6D_POOL_LINE,
		    0);
	/* what was stepped over is not lost */
	assert_in_range((uint8_t *)v6d_pool_take(&p, 16) - a, 0, V6D_POOL_LINE);
	free(block);
}

static void
it_ends_where_the_block_ends(void **state)
{
	uint8_t *block = malloc(BLOCK);
	struct v6d_pool p;

	(void)state;
	v6d_pool_init(&p, block, BLOCK);
	assert_non_null(v6d_pool_take(&p, BLOCK - V6D_POOL_UNIT));
	assert_null(v6d_pool_take(&p, V6D_POOL_UNIT + 1));
	assert_int_equal(p.n_refused, 1);
	assert_non_null(v6d_pool_take(&p, 1));
	assert_null(v6d_pool_take(&p, 1));
	free(block);
}

struct blocks {
	unsigned n;
	void *block[4];
};

static void *
one_more(void *arg, size_t n, size_t *ret_n)
{
	struct blocks *b = arg;

	if (b->n == 4)
		return NULL;
	*ret_n = n > BLOCK ? n : BLOCK;
	return b->block[b->n++] = malloc(*ret_n);
}

static void
more_blocks_are_asked_for(void **state)
{
	struct blocks b = { 0 };
	struct v6d_pool p;
	uint8_t *first;

	(void)state;
	v6d_pool_init(&p, NULL, 0);
	p.more = one_more;
	p.arg = &b;
	first = v6d_pool_take(&p, 1000);
	assert_non_null(first);
	/* the rest of the first block is not lost */
	assert_non_null(v6d_pool_take(&p, 100));
	assert_int_equal(b.n, 2);
	assert_ptr_equal(v6d_pool_take(&p, 16), first + 1000);
	assert_non_null(v6d_pool_take(&p, 4 * BLOCK));
	assert_non_null(v6d_pool_take(&p, 4 * BLOCK));
	assert_null(v6d_pool_take(&p, 4 * BLOCK));
	for (unsigned i = 0; i < b.n; i++)
		free(b.block[i]);
}

static void
a_table_grows_up_to_its_limit(void **state)
{
	uint8_t *block = malloc(BLOCK);
	uint32_t *table = NULL;
	uint16_t cap = 0;
	struct v6d_pool p;
	unsigned n;

	(void)state;
	v6d_pool_init(&p, block, BLOCK);
	for (n = 0; n < 30; n++) {
		table = v6d_pool_room(&p, table, n, &cap, 25, sizeof(*table));
		if (n == cap)
			break;
		assert_int_equal(table[n], 0);
		table[n] = n;
	}
	assert_int_equal(n, 25);
	for (unsigned i = 0; i < n; i++)
		assert_int_equal(table[i], i);
	free(block);
}

static void
a_table_stays_where_memory_is_short(void **state)
{
	uint8_t *block = malloc(64);
	uint32_t *table = NULL;
	uint16_t cap = 0;
	struct v6d_pool p;
	unsigned n;

	(void)state;
	v6d_pool_init(&p, block, 64);
	for (n = 0; n < 30; n++) {
		table = v6d_pool_room(&p, table, n, &cap, 25, sizeof(*table));
		if (n == cap)
			break;
		table[n] = n;
	}
	assert_int_equal(n, 6); /* 16 and 24 bytes; 40 more are not there */
	assert_int_equal(table[5], 5);
	free(block);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_are_zero_apart_and_used_again),
		cmocka_unit_test(what_was_given_serves_smaller_ones),
		cmocka_unit_test(lines_of_memory_are_whole),
		cmocka_unit_test(it_ends_where_the_block_ends),
		cmocka_unit_test(more_blocks_are_asked_for),
		cmocka_unit_test(a_table_grows_up_to_its_limit),
		cmocka_unit_test(a_table_stays_where_memory_is_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
