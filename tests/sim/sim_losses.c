/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim_losses.c - the whole GRE check on lines that lose packets by chance, in
 * virtual time: how often is a bad line called good, or a good one bad?
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "diag/diagnosis.h"
#include "probe/probe.h"
#include "sim/path.h"

#define TOP 1484 /* full packets of the practice network's tunnel */
#define OBS 128

enum said {
	WELL,
	WARNED, /* some are lost: that is a warning */
	FAULT, /* many are */
	N_SAID
};

struct line {
	enum peer peer;
	unsigned out, in; /* per mille lost */
	v6d_ns rtt;
};

struct tally {
	unsigned said[N_SAID];
	unsigned wrong_way; /* of the faults */
	unsigned others; /* runs that named another cause besides */
	unsigned packets, most;
	v6d_ns sum, longest;
};

static unsigned runs = 200; /* the first argument */

static struct v6d_obs obs[OBS];
static struct v6d_facts facts;

/* The session is up at once and tells nothing of what it took. */
static void
answer_one_ask(struct path *p, const struct v6d_ask *q, struct v6d_answer *a)
{
	if (q->kind == V6D_ASK_SESSION) {
		memset(a, 0, sizeof(*a));
		a->kind = q->kind;
		a->state = V6D_SESSION_UP;
		a->in_gaps_known = true;
	} else {
		carry_out(p, q, a);
	}
	a->tag = q->tag;
	a->n_frames = q->n_frames;
}

static v6d_ns
check(struct path *p)
{
	static struct v6d_ask q;
	static struct v6d_answer a;
	const struct v6d_probe *probe = v6d_probe_by_name("gre");
	struct v6d_plan plan = {
		.mtu = TOP - 40, .mru = TOP - 40, .have_raw = true
	};
	void *mem = malloc(v6d_graph_size(1));
	v6d_ns began = p->now;
	struct v6d_probe_run *r;
	struct v6d_graph *g;

	assert_non_null(mem);
	v6d_addr_parse("203.0.113.10", &plan.server);
	v6d_facts_init(&facts, obs, OBS);
	g = v6d_graph_init(mem, &probe, 1, &plan, &facts);
	while (v6d_graph_take(g, p->now, &q, &r)) {
		answer_one_ask(p, &q, &a);
		v6d_graph_answer(g, r, &a, p->now);
	}
	assert_true(v6d_graph_done(g));
	free(mem);
	return p->now - began;
}

static const char *
way_of(const struct line *l)
{
	return l->out > 0 && l->in > 0 ? "both" : l->out > 0 ? "out" : "in";
}

static bool
names_another(const struct v6d_diagnosis *d)
{
	for (unsigned i = 0; i < d->n; i++)
		if (d->findings[i].cause != V6D_CAUSE_GRE_LOSS)
			return true;
	return d->n_undecided > 0;
}

/* What is said of losses; the verdict has other stages to see. */
static void
count(struct tally *t, const struct line *l)
{
	struct v6d_diagnosis d;

	v6d_diagnose(&facts, NULL, &d);
	t->others += names_another(&d);
	for (unsigned i = 0; i < d.n; i++) {
		const struct v6d_finding *f = &d.findings[i];

		if (f->cause != V6D_CAUSE_GRE_LOSS)
			continue;
		if (f->severity != V6D_SEV_FAULT) {
			t->said[WARNED]++;
			return;
		}
		t->said[FAULT]++;
		t->wrong_way += strcmp(f->direction, way_of(l)) != 0;
		return;
	}
	t->said[WELL]++;
}

static struct tally
try_many(const struct line *l, unsigned n)
{
	struct tally t = { 0 };
	uint64_t seed = 271 + l->out * 31 + l->in + l->peer;

	for (unsigned k = 0; k < n; k++) {
		struct path p = path_of(l->peer, 1500, 1500, 0, seed);
		v6d_ns took;

		p.rtt = l->rtt;
		p.loss_out = l->out;
		p.loss_in = l->in;
		took = check(&p);
		seed = p.random;
		count(&t, l);
		t.packets += p.packets;
		t.most = p.packets > t.most ? p.packets : t.most;
		t.sum += took;
		t.longest = took > t.longest ? took : t.longest;
	}
	printf("peer %u, RTT %3u ms, lost %3u out %3u in: %u well, %u warned, "
	       "%u faults (%u the wrong way) of %u, %u with others; "
	       "%u packets (at most %u), mean %u ms, longest %u ms\n",
	    l->peer, (unsigned)(l->rtt / V6D_MS(1)), l->out, l->in,
	    t.said[WELL], t.said[WARNED], t.said[FAULT], t.wrong_way, n,
	    t.others, t.packets / n, t.most, (unsigned)(t.sum / n / V6D_MS(1)),
	    (unsigned)(t.longest / V6D_MS(1)));
	return t;
}

static const v6d_ns rtts[] = { V6D_MS(1), V6D_MS(50) };

/* At most 2 in 100 are lost: that is no finding. */
static void
test_good(void **state)
{
	static const unsigned rates[][2] = { { 0, 0 }, { 10, 10 }, { 20, 20 } };

	(void)state;
	for (unsigned peer = PPTPD; peer <= STRICT; peer++)
		for (unsigned i = 0; i < 6; i++) {
			struct line l = { (enum peer)peer, rates[i / 2][0],
				rates[i / 2][1], rtts[i % 2] };
			struct tally t = try_many(&l, runs);

			assert_true(t.said[FAULT] == 0);
			assert_true(t.others == 0);
			assert_true(t.said[WARNED] * 1000 <= runs + 1000);
		}
}

/*
 * Every seventh packet or more: a fault, but for at most 1 in 10,000 runs, and
 * alone, but for at most 1 in 200.
 */
static void
test_bad(void **state)
{
	static const unsigned rates[][2] = { { 150, 0 }, { 0, 150 },
		{ 150, 150 }, { 300, 0 }, { 0, 300 }, { 300, 300 } };

	(void)state;
	for (unsigned peer = PPTPD; peer <= STRICT; peer++)
		for (unsigned i = 0; i < 12; i++) {
			struct line l = { (enum peer)peer, rates[i / 2][0],
				rates[i / 2][1], rtts[i % 2] };
			struct tally t = try_many(&l, runs);

			assert_true(runs - t.said[FAULT] <= runs / 10000);
			assert_true(t.others * 200 <= runs + 200);
		}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
	};

	if (argc > 1)
		runs = (unsigned)strtoul(argv[1], NULL, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
