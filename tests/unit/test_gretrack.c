/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_gretrack.c - GRE numbers as witnesses. */
#include "flow_help.h"

static const uint8_t small[] = { 0xff, 3, 0xc0, 0x21, 11, 1, 0, 4 };

static void
frame_numbered(struct tape *t, enum v6d_dir d, uint32_t seq)
{
	struct v6d_gre g = gre_header(t, d, sizeof(small));

	g.seq = seq;
	g.has_ack = false;
	tape_gre_as(t, d, &g, small, sizeof(small));
}

/* The k-th number; one that was there before is that packet once more. */
static void
frame_or_copy(struct tape *t, const uint32_t *seq, unsigned k)
{
	for (unsigned i = 0; i < k; i++)
		if (seq[i] == seq[k]) {
			tape_again(t, t->n - (k - i));
			return;
		}
	frame_numbered(t, IN, seq[k]);
}

static void
pure_ack(struct tape *t, enum v6d_dir d, uint32_t ack)
{
	struct v6d_gre g = gre_header(t, d, 0);

	g.has_ack = true;
	g.ack = ack;
	tape_gre_as(t, d, &g, NULL, 0);
}

static void
test_numbers(void **state)
{
	static const struct {
		const char *what;
		uint32_t seq[8];
		unsigned n, gaps, late, duplicates;
	} cases[] = {
		{ "in order", { 0, 1, 2, 3 }, 4, 0, 0, 0 },
		{ "from 1", { 1, 2, 3 }, 3, 0, 0, 0 },
		{ "joined", { 500, 501 }, 2, 0, 0, 0 },
		{ "one lost", { 0, 1, 3, 4 }, 4, 1, 0, 0 },
		{ "three lost", { 0, 4, 5 }, 3, 3, 0, 0 },
		{ "late", { 0, 2, 1, 3 }, 4, 0, 1, 0 },
		{ "twice", { 0, 1, 1, 2 }, 4, 0, 0, 1 },
		{ "late twice", { 0, 2, 1, 1 }, 4, 0, 1, 1 },
		{ "wrap", { 0xfffffffe, 0xffffffff, 0, 1 }, 4, 0, 0, 0 },
		{ "lost over the wrap", { 0xffffffff, 2 }, 2, 2, 0, 0 },
		{ "another session's jump", { 5, 900000 }, 2, 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(cases); i++) {
		struct tape t;
		const struct v6d_view_gre *g;
		const struct v6d_view_odd *o;

		tape_init(&t);
		tape_call(&t);
		for (unsigned k = 0; k < cases[i].n; k++)
			frame_or_copy(&t, cases[i].seq, k);
		g = &tape_play(&t)->gre[IN];
		o = v6d_view_odd(g);
		if (o->gaps != cases[i].gaps || o->late != cases[i].late ||
		    o->duplicates != cases[i].duplicates ||
		    g->frames != cases[i].n)
			fail_msg("%s: gaps %u late %u duplicates %u",
			    cases[i].what, (unsigned)o->gaps, (unsigned)o->late,
			    (unsigned)o->duplicates);
		tape_done(&t);
	}
}

static void
test_acks(void **state)
{
	struct tape t;
	const struct v6d_view *v;

	(void)state;
	tape_init(&t);
	tape_call(&t);
	frame_numbered(&t, OUT, 1);
	frame_numbered(&t, OUT, 2);
	pure_ack(&t, IN, 2); /* says nothing of 1 alone */
	pure_ack(&t, IN, 2);
	frame_numbered(&t, OUT, 3);
	v = tape_play(&t);
	assert_int_equal(v->gre[OUT].exact_acks, 1);
	assert_int_equal(v->gre[IN].acks, 2);
	assert_int_equal(v->gre[IN].highest_ack, 2);
	assert_int_equal(v6d_view_size(&v->gre[OUT], 20 + 12 + 8)->seen, 3);
	assert_int_equal(v6d_view_size(&v->gre[OUT], 20 + 12 + 8)->acked, 1);
	tape_done(&t);
}

/*
 * Who measures a path may give several packets one number: an ack tells of
 * none of them, and none is a copy.
 */
static void
test_one_number(void **state)
{
	static const uint8_t more[] = { 0xff, 3, 0xc0, 0x21, 11, 1, 0, 5, 0 };
	struct tape t;
	struct v6d_gre g;
	const struct v6d_view *v;

	(void)state;
	tape_init(&t);
	tape_call(&t);
	frame_numbered(&t, OUT, 1);
	g = gre_header(&t, OUT, sizeof(more));
	g.seq = 1;
	g.has_ack = false;
	tape_gre_as(&t, OUT, &g, more, sizeof(more));
	pure_ack(&t, IN, 1);
	v = tape_play(&t);
	assert_int_equal(v6d_view_odd(&v->gre[OUT])->duplicates, 0);
	assert_int_equal(v->gre[OUT].sizes[20 + 12 + 8].acked, 0);
	assert_int_equal(v->gre[OUT].exact_acks, 1);
	assert_int_equal(v6d_view_odd(&v->gre[OUT])->silent, 0);
	tape_done(&t);
}

/* The other end acknowledges what the capture does not hold. */
static void
test_uncaptured(void **state)
{
	static const struct {
		const char *what;
		uint32_t seq[4], ack[4];
		unsigned n;
	} cases[] = {
		{ "all seen", { 5, 6, 7, 8 }, { 5, 6, 7, 8 }, 0 },
		{ "late acks", { 5, 6, 7, 8 }, { 0, 5, 5, 8 }, 0 },
		{ "ahead", { 5, 6, 7, 8 }, { 6, 7, 8, 9 }, 4 },
		{ "passed over", { 5, 7, 9, 11 }, { 5, 6, 8, 11 }, 2 },
		{ "from before the capture", { 5, 6, 7, 8 }, { 1, 2, 3, 4 },
		    0 },
		{ "of another session", { 5, 6, 7, 8 },
		    { 5, 900000, 900001, 900002 }, 0 },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(cases); i++) {
		struct tape t;
		unsigned n;

		tape_init(&t);
		tape_call(&t);
		for (unsigned k = 0; k < 4; k++) {
			frame_numbered(&t, OUT, cases[i].seq[k]);
			pure_ack(&t, IN, cases[i].ack[k]);
		}
		n = v6d_view_odd(&tape_play(&t)->gre[OUT])->uncaptured;
		if (n != cases[i].n)
			fail_msg("%s: %u", cases[i].what, n);
		tape_done(&t);
	}
}

/*
 * A frame that stays the newest for long and is not acknowledged was lost,
 * unless what would have carried the ack was.
 */
static void
test_silence(void **state)
{
	static const struct {
		const char *what;
		bool answered, lost_in, later;
		unsigned silent;
	} cases[] = {
		{ "acknowledged", true, false, true, 0 },
		{ "lost", false, false, true, 1 },
		{ "the answer lost", false, true, true, 0 },
		{ "nothing came since", false, false, false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(cases); i++) {
		struct tape t;
		const struct v6d_view *v;

		tape_init(&t);
		tape_call(&t);
		frame_numbered(&t, IN, 0);
		frame_numbered(&t, OUT, 1);
		if (cases[i].answered)
			pure_ack(&t, IN, 1);
		tape_wait(&t, V6D_S(2));
		frame_numbered(&t, OUT, 2);
		if (cases[i].later)
			frame_numbered(&t, IN, cases[i].lost_in ? 2 : 1);
		v = tape_play(&t);
		if (v6d_view_odd(&v->gre[OUT])->silent != cases[i].silent)
			fail_msg("%s: %u", cases[i].what,
			    v6d_view_odd(&v->gre[OUT])->silent);
		tape_done(&t);
	}
}

static void
test_since(void **state)
{
	struct tape t;
	const struct v6d_view *v;

	(void)state;
	tape_init(&t);
	tape_call(&t);
	frame_numbered(&t, OUT, 1);
	frame_numbered(&t, IN, 0);
	tape_wait(&t, V6D_S(30));
	frame_numbered(&t, OUT, 2);
	frame_numbered(&t, OUT, 3);
	v = tape_play(&t);
	assert_int_equal(v->gre[OUT].n_since, 2);
	assert_true(v->gre[OUT].idle_before >= V6D_S(30));
	assert_int_equal(v->gre[IN].n_since, 0);
	tape_done(&t);
}

/* More holes than are kept are still counted. */
static void
test_many_gaps(void **state)
{
	struct tape t;
	const struct v6d_view *v;

	(void)state;
	tape_init(&t);
	tape_call(&t);
	for (uint32_t i = 0; i < 100; i++)
		frame_numbered(&t, IN, i * 2);
	v = tape_play(&t);
	assert_int_equal(v6d_view_odd(&v->gre[IN])->gaps, 99);
	assert_int_equal(v6d_view_odd(&v->gre[IN])->n_gap, V6D_VIEW_GAPS);
	assert_int_equal(v6d_view_odd(&v->gre[IN])->gap[0].first, 1);
	tape_done(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_acks),
		cmocka_unit_test(test_one_number),
		cmocka_unit_test(test_uncaptured),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_since),
		cmocka_unit_test(test_many_gaps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
