/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_trail.c - one path at two places: clocks, losses, sizes. */
#include "flow_help.h"

#include "flow/trail.h"

#define N_MAX 64

/* A place, with its clock and its tunnel's number there. */
struct place {
	struct v6d_trail t;
	struct v6d_pass p[N_MAX];
	int64_t clock;
	uint32_t tunnel;
};

static void
place_init(struct place *p, int64_t clock, uint32_t tunnel)
{
	memset(p, 0, sizeof(*p));
	p->t = (struct v6d_trail){ .p = p->p,
		.first = V6D_S(100) + (v6d_ns)clock,
		.last = V6D_S(200) + (v6d_ns)clock };
	p->clock = clock;
	p->tunnel = tunnel;
}

static struct v6d_pass *
saw(struct place *p, enum v6d_dir dir, uint64_t print, uint16_t outer,
    v6d_ns at)
{
	struct v6d_pass *s = &p->p[p->t.n++];

	*s = (struct v6d_pass){ .at = at + (v6d_ns)p->clock,
		.print = print,
		.tunnel = p->tunnel,
		.outer = outer,
		.kind = V6D_PASS_GRE,
		.rich = true,
		.dir = (uint8_t)dir };
	return s;
}

/* It passes both, 10 ms from one to the other. */
static void
passes(struct place *a, struct place *b, enum v6d_dir dir, uint64_t print,
    uint16_t outer, v6d_ns at)
{
	saw(dir == OUT ? a : b, dir, print, outer, at);
	saw(dir == OUT ? b : a, dir, print, outer, at + V6D_MS(10));
}

static void
compare(struct place *a, struct place *b, struct v6d_between *ret)
{
	v6d_trail_sort(&a->t);
	v6d_trail_sort(&b->t);
	v6d_trail_compare(&a->t, a->tunnel, &b->t, b->tunnel, ret);
}

static void
test_sort(void **state)
{
	struct place a;

	(void)state;
	place_init(&a, 0, 0);
	for (unsigned i = 0; i < N_MAX; i++)
		saw(&a, OUT, i * 37 % 16, 100, V6D_S(100 + i * 29 % N_MAX));
	v6d_trail_sort(&a.t);
	for (size_t i = 1; i < a.t.n; i++)
		assert_true(a.p[i - 1].print < a.p[i].print ||
			    (a.p[i - 1].print == a.p[i].print &&
				a.p[i - 1].at <= a.p[i].at));
}

/* A clock that is an hour ahead; what is lost is large, and comes in. */
static void
test_losses(void **state)
{
	const int64_t hour = (int64_t)V6D_S(3600);
	const struct v6d_crossing *w;
	struct v6d_between b;
	struct place near_, far_;

	(void)state;
	place_init(&near_, 0, 2);
	place_init(&far_, hour, 5);
	for (unsigned i = 0; i < 10; i++) {
		v6d_ns at = V6D_S(110 + i);

		passes(&near_, &far_, OUT, i, 1500, at);
		passes(&near_, &far_, IN, 20 + i, 1200, at);
		saw(&far_, IN, 40 + i, (uint16_t)(1300 + i), at);
	}
	compare(&near_, &far_, &b);
	assert_int_equal(b.n_both, 20);
	assert_true(b.clock_known && !b.drifts);
	assert_true(b.ahead_min <= hour && hour <= b.ahead_max);
	assert_true(b.ahead_max - b.ahead_min <= (int64_t)V6D_MS(20));
	w = &b.way[V6D_PASS_GRE][IN];
	assert_int_equal(w->sent, 20);
	assert_int_equal(w->lost, 10);
	assert_int_equal(w->largest_passed, 1200);
	assert_int_equal(w->smallest_lost, 1300);
	assert_int_equal(w->largest_lost, 1309);
	assert_int_equal(w->last_lost, V6D_S(119) + (v6d_ns)hour);
	w = &b.way[V6D_PASS_GRE][OUT];
	assert_int_equal(w->sent, 10);
	assert_int_equal(w->lost + w->stray, 0);
	assert_int_equal(b.way[V6D_PASS_CONTROL][OUT].sent, 0);
}

/* While the other place did not look yet, or any more, nothing is lost. */
static void
test_not_looked(void **state)
{
	struct v6d_between b;
	struct place near_, far_;

	(void)state;
	place_init(&near_, 0, 0);
	place_init(&far_, 0, 0);
	far_.t.first = V6D_S(120);
	far_.t.last = V6D_S(180);
	passes(&near_, &far_, OUT, 1, 100, V6D_S(130));
	passes(&near_, &far_, IN, 2, 100, V6D_S(131));
	saw(&near_, OUT, 3, 100, V6D_S(119));
	saw(&near_, OUT, 4, 100, V6D_S(180));
	saw(&near_, OUT, 5, 100, V6D_S(150));
	/* that came out, and the first place did not record it */
	saw(&far_, OUT, 6, 100, V6D_S(150));
	compare(&near_, &far_, &b);
	assert_int_equal(b.way[V6D_PASS_GRE][OUT].sent, 2);
	assert_int_equal(b.way[V6D_PASS_GRE][OUT].lost, 1);
	assert_int_equal(b.way[V6D_PASS_GRE][OUT].stray, 1);
}

/* No difference fits packets of an hour in which one clock gained a second. */
static void
test_drift(void **state)
{
	struct v6d_between b;
	struct place near_, far_;

	(void)state;
	place_init(&near_, 0, 0);
	place_init(&far_, 0, 0);
	passes(&near_, &far_, OUT, 1, 100, V6D_S(110));
	passes(&near_, &far_, IN, 2, 100, V6D_S(110));
	far_.clock = (int64_t)V6D_S(1);
	passes(&near_, &far_, OUT, 3, 100, V6D_S(190));
	passes(&near_, &far_, IN, 4, 100, V6D_S(190));
	compare(&near_, &far_, &b);
	assert_true(b.clock_known && b.drifts);
	assert_int_equal(b.ahead_min, V6D_MS(10));
	assert_int_equal(b.ahead_max, V6D_MS(990));
	assert_int_equal(b.way[V6D_PASS_GRE][OUT].lost, 0);
}

/* One of three copies is lost; a clock is not told by copies. */
static void
test_copies(void **state)
{
	struct v6d_between b;
	struct place near_, far_;

	(void)state;
	place_init(&near_, 0, 0);
	place_init(&far_, 0, 0);
	for (unsigned i = 0; i < 3; i++)
		saw(&near_, OUT, 1, 100, V6D_S(110 + i));
	saw(&far_, OUT, 1, 100, V6D_S(111));
	saw(&far_, OUT, 1, 100, V6D_S(112));
	compare(&near_, &far_, &b);
	assert_int_equal(b.n_both, 2);
	assert_int_equal(b.way[V6D_PASS_GRE][OUT].sent, 3);
	assert_int_equal(b.way[V6D_PASS_GRE][OUT].lost, 1);
	assert_false(b.clock_known);
}

/* Whose twin it is, beside a few packets that another one has as well. */
static void
test_twin(void **state)
{
	struct place a, b;

	(void)state;
	place_init(&a, 0, 3);
	place_init(&b, 0, 9);
	for (unsigned i = 0; i < 5; i++)
		passes(&a, &b, OUT, i, 100, V6D_S(110));
	b.tunnel = 8;
	passes(&a, &b, OUT, 7, 100, V6D_S(110));
	saw(&b, IN, 77, 100, V6D_S(110));
	v6d_trail_sort(&a.t);
	v6d_trail_sort(&b.t);
	assert_int_equal(v6d_trail_twin(&a.t, 3, &b.t), 9);
	assert_int_equal(v6d_trail_twin(&a.t, 4, &b.t), -1);
}

/* Of sessions that have nothing to do with each other a few frames are alike;
   one segment of the control connection is none of these. */
static void
test_related(void **state)
{
	struct place a, b;

	(void)state;
	place_init(&a, 0, 0);
	place_init(&b, 0, 0);
	for (unsigned i = 0; i < 20; i++) {
		saw(&a, OUT, i, 100, V6D_S(110 + i));
		saw(&b, OUT, i < 4 ? i : 100 + i, 100, V6D_S(110 + i));
	}
	v6d_trail_sort(&a.t);
	v6d_trail_sort(&b.t);
	assert_false(v6d_trail_related(&a.t, &b.t));
	saw(&a, IN, 200, 100, V6D_S(110))->kind = V6D_PASS_CONTROL;
	saw(&b, IN, 200, 100, V6D_S(110))->kind = V6D_PASS_CONTROL;
	v6d_trail_sort(&a.t);
	v6d_trail_sort(&b.t);
	assert_true(v6d_trail_related(&a.t, &b.t));
}

/* GRE alone: most of what either has is in both. */
static void
test_related_gre(void **state)
{
	struct place a, b;

	(void)state;
	place_init(&a, 0, 0);
	place_init(&b, 0, 0);
	for (unsigned i = 0; i < 10; i++) {
		saw(&a, OUT, i, 100, V6D_S(110 + i));
		saw(&a, IN, 50 + i, 100, V6D_S(110 + i));
		saw(&b, OUT, 100 + i, 100, V6D_S(110 + i));
		if (i < 7)
			saw(&b, IN, 50 + i, 100, V6D_S(110 + i));
	}
	v6d_trail_sort(&a.t);
	v6d_trail_sort(&b.t);
	assert_true(v6d_trail_related(&a.t, &b.t));
}

/* Who is the client was guessed wrong at one of the two. */
static void
test_align(void **state)
{
	struct v6d_between r;
	struct place a, b;

	(void)state;
	place_init(&a, 0, 0);
	place_init(&b, 0, 0);
	saw(&a, OUT, 1, 100, V6D_S(110));
	saw(&b, IN, 1, 100, V6D_S(110));
	saw(&a, OUT, 2, 100, V6D_S(111));
	v6d_trail_sort(&a.t);
	v6d_trail_sort(&b.t);
	v6d_trail_align(&a.t, 0, &b.t, 0);
	v6d_trail_align(&a.t, 0, &b.t, 0);
	compare(&a, &b, &r);
	assert_int_equal(r.way[V6D_PASS_GRE][OUT].sent, 2);
	assert_int_equal(r.way[V6D_PASS_GRE][OUT].lost, 1);
	assert_int_equal(r.way[V6D_PASS_GRE][IN].sent, 0);
}

static void
note(void *arg, const struct v6d_pass *p)
{
	struct place *to = arg;

	assert_true(to->t.n < N_MAX);
	to->p[to->t.n++] = *p;
}

/* The same session, played to two places, behind a NAT and before it. */
static void
watch(struct tape *t, struct place *to)
{
	v6d_ns last = 0;
	void *mem = malloc(v6d_flow_size(4));
	struct v6d_flow *f = v6d_flow_init(mem, 4);

	v6d_flow_watch(f, note, to);
	for (unsigned i = 0; i < t->n; i++) {
		v6d_flow_packet(f, V6D_LINK_RAW, t->packets[i].p,
		    t->packets[i].n, t->packets[i].n, t->packets[i].at);
		last = t->packets[i].at;
	}
	v6d_flow_end(f, last);
	to->t.first = t->packets[0].at;
	to->t.last = last;
	free(mem);
}

static void
play(struct tape *t, uint8_t client, uint16_t id)
{
	static const uint8_t lcp[] = { 0xff, 3, 0xc0, 0x21, 9, 1, 0, 8, 0, 0, 0,
		0 };
	struct v6d_gre g;

	tape_init(t);
	t->client.b[3] = client;
	t->port = (uint16_t)(t->port + client);
	tape_call(t);
	tape_gre(t, OUT, lcp, sizeof(lcp));
	tape_gre(t, IN, lcp, sizeof(lcp));
	g = gre_header(t, IN, sizeof(lcp));
	g.call_id = id; /* 1234: the client never chose that one */
	tape_gre_as(t, IN, &g, lcp, sizeof(lcp));
}

static void
test_watch(void **state)
{
	struct place near_, far_;
	struct v6d_between b;
	struct tape t;

	(void)state;
	place_init(&near_, 0, 0);
	place_init(&far_, 0, 0);
	play(&t, 10, 1234);
	watch(&t, &near_);
	tape_done(&t);
	play(&t, 77, CLIENT_ID);
	watch(&t, &far_);
	tape_done(&t);
	compare(&near_, &far_, &b);
	assert_int_equal(b.n_both, near_.t.n);
	assert_int_equal(far_.t.n, near_.t.n);
	assert_true(b.way[V6D_PASS_CONTROL][OUT].sent >= 3);
	assert_int_equal(b.way[V6D_PASS_GRE][OUT].sent, 1);
	assert_int_equal(b.way[V6D_PASS_GRE][IN].sent, 2);
	assert_int_equal(b.way[V6D_PASS_GRE][IN].stranger, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sort),
		cmocka_unit_test(test_losses),
		cmocka_unit_test(test_not_looked),
		cmocka_unit_test(test_drift),
		cmocka_unit_test(test_copies),
		cmocka_unit_test(test_twin),
		cmocka_unit_test(test_related),
		cmocka_unit_test(test_related_gre),
		cmocka_unit_test(test_align),
		cmocka_unit_test(test_watch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
