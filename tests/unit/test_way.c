/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_way.c - between which two routers large packets vanish. */
#include "probe_bench.h"

#include "probe/way.h"

#define EXCEEDED (3 << 8)

/* What three routers report when large packets end behind router `narrow`. */
static void
report(const struct v6d_ask *q, struct v6d_answer *a, unsigned narrow)
{
	memset(a, 0, sizeof(*a));
	a->n_frames = q->n_frames;
	for (unsigned i = 0; i < q->n_frames; i++) {
		const struct v6d_ask_frame *f = &q->frames[i];
		bool large = f->outer_len > 1280;

		if (f->hops > 3 || (large && f->hops > narrow))
			continue;
		a->frames[i].error = EXCEEDED;
		a->frames[i].error_from =
		    bench_addr(f->hops == 1   ? "2001:db8::1"
			       : f->hops == 2 ? "2001:db8::2"
					      : "2001:db8::3");
	}
}

static void
judge(unsigned narrow)
{
	struct v6d_probe_run r = { .facts = &bench_facts, .plan = &bench_plan };
	struct v6d_ask q;
	struct v6d_answer a;

	bench_reset();
	v6d_way_ask(&q, 1301, V6D_MS(1));
	assert_int_equal(q.kind, V6D_ASK_PING);
	assert_true(q.df);
	report(&q, &a, narrow);
	v6d_way_facts(&r, &a);
}

static void
hop(enum v6d_fact fact, const char *router, int64_t n)
{
	const struct v6d_obs *o = v6d_facts_last(&bench_facts, fact);

	assert_non_null(o);
	assert_string_equal(o->subject, router);
	assert_int_equal(o->value, n);
}

static void
test_between(void **state)
{
	(void)state;
	judge(1);
	hop(V6D_FACT_V6_HOP_LAST, "2001:db8::1", 1);
	hop(V6D_FACT_V6_HOP_NEXT, "2001:db8::2", 2);
	judge(2);
	hop(V6D_FACT_V6_HOP_LAST, "2001:db8::2", 2);
	hop(V6D_FACT_V6_HOP_NEXT, "2001:db8::3", 3);
}

/* Before the first router, or behind the last: one end is not known. */
static void
test_ends(void **state)
{
	(void)state;
	judge(0);
	assert_null(v6d_facts_last(&bench_facts, V6D_FACT_V6_HOP_LAST));
	hop(V6D_FACT_V6_HOP_NEXT, "2001:db8::1", 1);
	judge(3);
	hop(V6D_FACT_V6_HOP_LAST, "2001:db8::3", 3);
	assert_null(v6d_facts_last(&bench_facts, V6D_FACT_V6_HOP_NEXT));
}

static void
test_refused(void **state)
{
	struct v6d_probe_run r = { .facts = &bench_facts, .plan = &bench_plan };
	struct v6d_answer a = { .how = V6D_ANSWER_REFUSED };

	(void)state;
	bench_reset();
	v6d_way_facts(&r, &a);
	assert_int_equal(bench_facts.n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_between),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
