/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_load.c - loads in classes, loss by load, long round trips. */
#include "flow_help.h"

#include "flow/track.h"

static void
test_classes(void **state)
{
	unsigned before = 0;

	(void)state;
	assert_int_equal(v6d_load_class(0), 0);
	assert_int_equal(v6d_load_class(127), 0);
	assert_int_equal(v6d_load_class(UINT32_MAX), V6D_VIEW_LOADS - 1);
	for (uint32_t n = 128; n < 4000000; n += n / 50 + 1) {
		unsigned c = v6d_load_class(n);
		uint32_t mid = v6d_load_of_class(c);

		assert_true(c == before || c == before + 1);
		assert_int_equal(v6d_load_class(mid), c);
		assert_in_range(mid, n - n / 4, n + n / 4);
		before = c;
	}
}

static struct v6d_tunnel tunnel;
static struct v6d_pool pool;
static uint8_t memory[1 << 15];

static struct v6d_view_load *
fresh(void)
{
	struct v6d_addr a = addr6("2001:db8::1");

	v6d_pool_init(&pool, memory, sizeof(memory));
	v6d_tunnel_init(&tunnel, &pool, &a, &a, 1, V6D_S(5));
	return &tunnel.v.gre[IN].load;
}

/* Sums of the loads from one class to another. */
struct sums {
	unsigned gaps, ms, seen, lost, since_ms;
	uint64_t since_bytes;
};

static struct sums
between(const struct v6d_view_load *l, unsigned from, unsigned to)
{
	struct sums s = { 0 };

	for (unsigned i = 0; i < l->n_busy; i++) {
		const struct v6d_view_busy *b = &l->busy[i];
		const struct v6d_view_busy_loss *x = v6d_view_loss(l, i);

		assert_true(i == 0 || b->load > b[-1].load);
		if (b->load < from || b->load > to)
			continue;
		s.gaps += x->gaps;
		s.ms += b->ms;
		s.seen += b->seen;
		s.lost += x->lost;
		s.since_ms += x->since_ms;
		s.since_bytes += x->since_bytes;
	}
	return s;
}

static struct sums
total(const struct v6d_view_load *l)
{
	return between(l, 0, V6D_VIEW_LOADS);
}

static void
test_loss(void **state)
{
	struct v6d_view_load *l = fresh();
	unsigned busy = v6d_load_class(100000);
	struct sums high;
	v6d_ns at = V6D_S(5);

	(void)state;
	/* 100 frames of 1000 bytes a second, two seconds */
	for (unsigned i = 0; i < 200; i++, at += V6D_MS(10))
		v6d_load_frame(&tunnel, IN, 1000, 0, at);
	assert_int_equal(total(l).seen, 200);
	assert_int_equal(total(l).ms, 1990);
	assert_int_equal(total(l).lost, 0);
	assert_in_range(between(l, busy - 1, busy).seen, 90, 130);
	v6d_load_frame(&tunnel, IN, 1000, 3, at);
	at += V6D_MS(10);
	for (unsigned i = 0; i < 50; i++, at += V6D_MS(10))
		v6d_load_frame(&tunnel, IN, 1000, 0, at);
	v6d_load_frame(&tunnel, IN, 1000, 1, at);
	high = between(l, busy - 1, busy);
	assert_int_equal(high.lost, 4);
	assert_int_equal(high.gaps, 2);
	assert_int_equal(high.since_bytes, 51000);
	assert_int_equal(high.since_ms, 510);
	/* a pause counts for a quarter of a second, and empties the load */
	v6d_load_frame(&tunnel, IN, 1000, 0, at + V6D_S(60));
	assert_int_equal(total(l).ms, 1990 + 10 * 52 + 250);
	assert_true(between(l, 0, 0).ms >= 250);
	/* what was lost stays with its load */
	assert_int_equal(between(l, busy - 1, busy).lost, 4);
	assert_int_equal(between(l, 0, busy - 2).lost, 0);
	/* time that goes backwards is no time */
	v6d_load_frame(&tunnel, IN, 1000, 0, at);
	assert_int_equal(total(l).ms, 1990 + 10 * 52 + 250);
}

static void
stream(unsigned n, v6d_ns rtt, v6d_ns *at)
{
	for (unsigned i = 0; i < n; i++, *at += V6D_MS(50)) {
		v6d_load_frame(&tunnel, IN, 1400, 0, *at);
		v6d_load_rtt(&tunnel, IN, rtt, *at);
	}
}

static void
test_rows(void **state)
{
	struct v6d_view_load *l = fresh();
	v6d_ns at = V6D_S(5);

	(void)state;
	stream(3, V6D_MS(10), &at);
	assert_int_equal(l->rtt_min_us, 10000);
	assert_int_equal(v6d_view_waits(l)->n, 0);
	stream(12, V6D_MS(1010), &at);
	assert_int_equal(v6d_view_waits(l)->n, 12);
	assert_int_equal(v6d_view_waits(l)->us / v6d_view_waits(l)->n, 1010000);
	assert_in_range(
	    v6d_view_waits(l)->load / v6d_view_waits(l)->n, 8000, 28000);
	/* a short one ends the row; the longest row is kept */
	stream(1, V6D_MS(10), &at);
	stream(5, V6D_MS(1010), &at);
	assert_int_equal(v6d_view_waits(l)->n, 12);
	/* after a pause it is no stream */
	at += V6D_S(2);
	v6d_load_frame(&tunnel, IN, 1400, 0, at);
	v6d_load_rtt(&tunnel, IN, V6D_MS(1010), at);
	assert_false(tunnel.waits[IN]);
	/* nor is it this way's queue when the other one is busier */
	l = fresh();
	at = V6D_S(5);
	stream(1, V6D_MS(10), &at);
	for (unsigned i = 0; i < 20; i++, at += V6D_MS(40)) {
		v6d_load_frame(&tunnel, OUT, 1400, 0, at);
		v6d_load_frame(&tunnel, IN, 60, 0, at);
		v6d_load_rtt(&tunnel, IN, V6D_MS(1010), at);
	}
	assert_int_equal(v6d_view_waits(l)->n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_classes),
		cmocka_unit_test(test_loss),
		cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
