/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim_pmtu.c - the path MTU search over a path that says nothing, in virtual
 * time: exact without loss, in three round trips; not wrong with it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "probe/echoes.h"

#define LO 1280
#define TOP 1500
#define TICK V6D_MS(1) /* what a gap becomes on a loop of milliseconds */

static unsigned runs = 3000; /* the first argument */

struct path {
	unsigned limit, loss; /* bytes; per mille, each way */
	v6d_ns rtt, now;
	uint32_t random;
};

static unsigned
pick(struct path *p, unsigned n)
{
	p->random = p->random * 1664525u + 1013904223u;
	return (p->random >> 8) % n;
}

static bool
back(struct path *p, unsigned size)
{
	bool lost = pick(p, 1000) < p->loss;

	lost |= pick(p, 1000) < p->loss;
	return size <= p->limit && !lost;
}

static void
carry_out(struct path *p, const struct v6d_ask *q, struct v6d_answer *a)
{
	bool closed = false, all = true;

	memset(a, 0, sizeof(*a));
	a->n_frames = q->n_frames;
	for (unsigned i = 0; i < q->n_frames; i++) {
		struct v6d_answer_frame *f = &a->frames[i];

		f->sent = true;
		f->answered = back(p, q->frames[i].outer_len);
		f->rtt = p->rtt;
		closed |= f->answered && q->frames[i].closes;
		all &= f->answered;
	}
	a->took = (q->n_frames - 1) * TICK + p->rtt + (all ? 0 : q->grace);
	if (!closed)
		a->took = q->timeout;
	p->now += a->took;
}

static struct v6d_echoes e;

static void
search(struct path *p)
{
	static struct v6d_ask q;
	static struct v6d_answer a;

	v6d_echoes_init(&e, LO, TOP, false);
	while (v6d_echoes_next(&e, &q)) {
		assert_true(q.n_frames <= V6D_ASK_FRAMES);
		carry_out(p, &q, &a);
		v6d_echoes_feed(&e, &a);
	}
}

struct tally {
	unsigned wrong, median, most;
	v6d_ns longest;
};

static int
smaller(const void *a, const void *b)
{
	const unsigned *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static struct tally
try_many(unsigned n, unsigned loss, v6d_ns rtt)
{
	unsigned *packets = calloc(n, sizeof(*packets));
	struct tally t = { 0, 0, 0, 0 };
	uint32_t seed = 815 + loss;

	assert_non_null(packets);
	for (unsigned k = 0; k < n; k++) {
		struct path p = { .loss = loss, .rtt = rtt, .random = seed };

		p.limit = LO + pick(&p, TOP - LO + 1);
		search(&p);
		seed = p.random;
		packets[k] = e.packets;
		t.longest = p.now > t.longest ? p.now : t.longest;
		t.wrong += v6d_echoes_limit(&e) != p.limit;
	}
	qsort(packets, n, sizeof(*packets), smaller);
	t.median = packets[n / 2];
	t.most = packets[n - 1];
	free(packets);
	printf("RTT %u ms, %u per mille lost: %u of %u wrong, %u packets (at "
	       "most %u), longest %u ms\n",
	    (unsigned)(rtt / V6D_MS(1)), loss, t.wrong, n, t.median, t.most,
	    (unsigned)(t.longest / V6D_MS(1)));
	return t;
}

static void
test_exact(void **state)
{
	static const v6d_ns rtts[] = { V6D_MS(1), V6D_MS(50), V6D_MS(200) };

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct tally t = try_many(runs, 0, rtts[i]);

		assert_int_equal(t.wrong, 0);
		assert_true(t.longest <= 3 * rtts[i] + V6D_MS(100));
		assert_true(t.most <= 64);
	}
}

static void
test_loss(void **state)
{
	/* None of 3,000; with many more, chance is allowed its due. */
	(void)state;
	assert_true(try_many(runs, 20, V6D_MS(1)).wrong <= runs / 10000);
	assert_true(try_many(runs, 20, V6D_MS(50)).wrong <= runs / 10000);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exact),
		cmocka_unit_test(test_loss),
	};

	if (argc > 1)
		runs = (unsigned)strtoul(argv[1], NULL, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
