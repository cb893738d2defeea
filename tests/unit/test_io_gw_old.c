/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_io_gw_old.c - prefixes that the LAN had before: how many are kept, how
 * long, and what of them is undone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/gateway_impl.h"
#include "io/clock.h"

#define NOWHERE "no-such-lan0" /* what is undone there is gone already */

static int
set_up(void **state)
{
	struct v6d_gw *g = calloc(1, sizeof(*g));

	assert_non_null(g);
	assert_int_equal(v6d_journal_open(&g->j, NULL, NULL, true), 0);
	g->c.j = &g->j;
	g->c.ns_fd = -1;
	g->n_lan = 1;
	snprintf(g->lan[0].ifname, sizeof(g->lan[0].ifname), NOWHERE);
	*state = g;
	return 0;
}

static int
tear_down(void **state)
{
	struct v6d_gw *g = *state;

	v6d_journal_close(&g->j);
	free(g);
	return 0;
}

static struct v6d_prefix
nth(unsigned n)
{
	struct v6d_prefix p = { .len = 64 };

	assert_true(v6d_addr_parse("2001:db8::", &p.addr));
	p.addr.b[6] = (uint8_t)(n >> 8);
	p.addr.b[7] = (uint8_t)n;
	return p;
}

/* The n-th prefix, as a gateway notes it; then it is old. */
static void
live_through(struct v6d_gw *g, unsigned n)
{
	struct v6d_prefix next = nth(n + 1);
	struct v6d_gw_lan *l = &g->lan[0];
	char prefix[64], addr[64];
	struct v6d_record r[] = {
		{ 3, { "address", NOWHERE, addr } },
		{ 6, { "route", prefix, NOWHERE, "254", "256", "176" } },
		{ 4, { "advert", NOWHERE, prefix, "/nowhere/radvd.conf" } },
	};

	snprintf(prefix, sizeof(prefix), "2001:db8:0:%x::/64", n);
	snprintf(addr, sizeof(addr), "2001:db8:0:%x::64/64", n);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(v6d_journal_add(&g->j, &r[i]), 0);
	l->prefix = nth(n);
	l->addr = l->prefix.addr;
	l->addr.b[15] = 0x64;
	v6d_gw_old_keep(g, l, &next);
}

static unsigned
open_entries(const struct v6d_gw *g)
{
	unsigned n = 0;

	for (unsigned i = 0; i < g->j.n; i++)
		n += !g->j.e[i].undone;
	return n;
}

static void
only_so_many(void **state)
{
	const char *const first[] = { "address", NOWHERE,
		"2001:db8:0:1::64/64" };
	struct v6d_gw *g = *state;

	for (unsigned n = 1; n <= V6D_GW_OLD; n++)
		live_through(g, n);
	assert_int_equal(g->lan[0].n_old, V6D_GW_OLD);
	assert_int_equal(open_entries(g), 3 * V6D_GW_OLD);
	assert_true(v6d_change_noted(&g->j, 3, first) >= 0);
	live_through(g, V6D_GW_OLD + 1);
	assert_int_equal(g->lan[0].n_old, V6D_GW_OLD);
	assert_int_equal(open_entries(g), 3 * V6D_GW_OLD);
	assert_int_equal(v6d_change_noted(&g->j, 3, first), -1);
}

/* A server that gives another prefix every day, for two years. */
static void
journal_does_not_fill(void **state)
{
	struct v6d_gw *g = *state;

	for (unsigned n = 1; n <= 730; n++)
		live_through(g, n);
	assert_int_equal(open_entries(g), 3 * V6D_GW_OLD);
}

static void
not_for_ever(void **state)
{
	struct v6d_gw *g = *state;
	v6d_ns now;

	live_through(g, 1);
	live_through(g, 2);
	now = v6d_clock_now();
	assert_false(v6d_gw_old_retire(g, now));
	assert_int_equal(g->lan[0].n_old, 2);
	assert_true(v6d_gw_old_retire(g, now + V6D_S(V6D_GW_VALID_LIMIT + 1)));
	assert_int_equal(g->lan[0].n_old, 0);
	assert_int_equal(open_entries(g), 0);
}

/* The oldest comes back when there is no room: it is not what has to go. */
static void
given_anew(void **state)
{
	const char *const oldest[] = { "address", NOWHERE,
		"2001:db8:0:1::64/64" };
	struct v6d_gw *g = *state;
	struct v6d_prefix back = nth(1);

	for (unsigned n = 1; n <= V6D_GW_OLD; n++)
		live_through(g, n);
	g->lan[0].prefix = nth(V6D_GW_OLD + 1);
	v6d_gw_old_keep(g, &g->lan[0], &back);
	assert_int_equal(g->lan[0].n_old, V6D_GW_OLD);
	assert_true(v6d_change_noted(&g->j, 3, oldest) >= 0);
	for (unsigned i = 0; i < g->lan[0].n_old; i++)
		assert_false(
		    v6d_addr_eq(&g->lan[0].old[i].prefix.addr, &back.addr));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    only_so_many, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    journal_does_not_fill, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    not_for_ever, set_up, tear_down),
		cmocka_unit_test_setup_teardown(given_anew, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
