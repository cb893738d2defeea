/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim_gre.c - the GRE size search against model peers over a model path, in
 * virtual time: exact without loss, rarely wrong with it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "probe/sweep.h"
#include "sim/path.h"

static struct v6d_sweep sweep;
static struct v6d_ask ask;
static struct v6d_answer answer;

static v6d_ns
search(struct path *p, uint16_t top)
{
	v6d_ns before = p->now;

	v6d_sweep_init(&sweep, top, p->rtt);
	while (v6d_sweep_next(&sweep, &ask)) {
		assert_true(ask.n_frames <= V6D_ASK_FRAMES);
		carry_out(p, &ask, &answer);
		v6d_sweep_feed(&sweep, &answer);
	}
	return p->now - before;
}

/* What an exact search must say about these limits. */
static bool
right(const struct path *p, unsigned top)
{
	struct v6d_sweep_result o = v6d_sweep_out(&sweep);
	struct v6d_sweep_result i = v6d_sweep_in(&sweep);
	unsigned out = p->out < top ? p->out : top;

	if (p->out < top ? o.known != V6D_SWEEP_LIMIT
			 : o.known != V6D_SWEEP_ALL)
		return false;
	if (o.size != out)
		return false;
	if (p->in < out)
		return i.known == V6D_SWEEP_LIMIT && i.size == p->in;
	return i.size == out && (i.known == V6D_SWEEP_ALL) == (out == top);
}

static void
test_fixed(void **state)
{
	static const struct {
		unsigned out, in;
	} rows[] = { { 1500, 1500 }, { 1484, 1484 }, { 1500, 1454 },
		{ 1400, 1500 }, { 1337, 1300 }, { 1300, 1337 }, { 1454, 1454 },
		{ 1453, 1452 }, { 1499, 1499 }, { 1483, 1483 }, { 700, 650 },
		{ 120, 110 } };

	(void)state;
	for (unsigned k = 0; k < 12; k++)
		for (unsigned peer = PPTPD; peer <= OWN; peer++)
			for (unsigned top = 1484; top <= 1500; top += 16) {
				struct path p = path_of((enum peer)peer,
				    rows[k].out, rows[k].in, 0, 1);
				v6d_ns took = search(&p, (uint16_t)top);

				if (right(&p, top) && took < V6D_S(2))
					continue;
				fail_msg("peer %u out %u in %u top %u: said "
					 "%u and %u, %u ms",
				    peer, p.out, p.in, top,
				    v6d_sweep_out(&sweep).size,
				    v6d_sweep_in(&sweep).size,
				    (unsigned)(took / 1000000));
			}
}

static unsigned runs = 2000; /* the first argument */

static unsigned
ms(v6d_ns t)
{
	return (unsigned)(t / V6D_MS(1));
}

struct tally {
	unsigned wrong, sure_wrong; /* out of the runs asked for */
	v6d_ns longest;
};

/* n random pairs of limits. */
static struct tally
try_many(enum peer peer, unsigned n, unsigned loss, v6d_ns rtt)
{
	struct tally t = { 0, 0, 0 };
	unsigned packets = 0, most = 0;
	v6d_ns sum = 0;
	uint64_t seed = 4711 + loss + peer;

	for (unsigned k = 0; k < n; k++) {
		struct path p = path_of(peer, 1500, 1500, loss, seed);
		v6d_ns took;

		p.rtt = rtt;
		p.out = pick(&p, 3) ? 600 + pick(&p, 900) : 1500;
		p.in = pick(&p, 3) ? 600 + pick(&p, 900) : 1500;
		took = search(&p, 1500);
		seed = p.random;
		packets += p.packets;
		most = p.packets > most ? p.packets : most;
		sum += took;
		t.longest = took > t.longest ? took : t.longest;
		if (right(&p, 1500))
			continue;
		t.wrong++;
		t.sure_wrong +=
		    v6d_sweep_out(&sweep).exact && v6d_sweep_in(&sweep).exact;
		printf("peer %u: out %u in %u, said %u and %u, %u ms\n", peer,
		    p.out, p.in, v6d_sweep_out(&sweep).size,
		    v6d_sweep_in(&sweep).size, ms(took));
	}
	printf("peer %u, RTT %u ms, %u per mille lost: %u of %u wrong (%u "
	       "while sure), %u packets (at most %u), mean %u ms, longest "
	       "%u ms\n",
	    peer, ms(rtt), loss, t.wrong, n, t.sure_wrong, packets / n, most,
	    ms(sum / n), ms(t.longest));
	return t;
}

/* Exact without loss, in five round trips and 150 ms. Where acks are all that
 * tells, the last bytes of the way in may take a sixth. */
static void
test_random_exact(void **state)
{
	static const v6d_ns rtts[] = { V6D_MS(1), V6D_MS(50), V6D_MS(200) };

	(void)state;
	for (unsigned peer = PPTPD; peer <= OWN; peer++)
		for (unsigned i = 0; i < (peer == PPTPD ? 3 : 2); i++) {
			struct tally t =
			    try_many((enum peer)peer, runs / 10, 0, rtts[i]);

			assert_int_equal(t.wrong, 0);
			assert_true(t.longest <= 5 * rtts[i] + V6D_MS(150));
		}
}

/* With 2 % lost each way: wrong in at most 1 of 1,000, in at most 3 s. */
static void
test_random_loss(void **state)
{
	(void)state;
	for (unsigned peer = PPTPD; peer <= OWN; peer++) {
		struct tally t = try_many((enum peer)peer, runs, 20, V6D_MS(1));

		assert_true(t.wrong <= runs / 1000);
		assert_true(t.longest <= V6D_S(3));
		t = try_many((enum peer)peer, runs, 20, V6D_MS(50));
		assert_true(t.wrong <= runs / 1000);
		assert_true(t.longest <= V6D_S(3));
	}
}

static void
test_blind(void **state)
{
	struct path p = path_of(NO_ACK, 1500, 1337, 0, 1);
	struct v6d_sweep_result r;

	(void)state;
	search(&p, 1500);
	assert_int_equal(sweep.mode, V6D_SWEEP_BLIND);
	assert_int_equal(v6d_sweep_out(&sweep).known, V6D_SWEEP_NOTHING);
	r = v6d_sweep_in(&sweep);
	assert_int_equal(r.known, V6D_SWEEP_LIMIT);
	/* Replies lack the ack field: 4 more bytes of request pass. */
	assert_int_equal(r.size, 1341);
}

static void
test_mute(void **state)
{
	struct path p = path_of(MUTE, 1500, 1500, 0, 1);

	(void)state;
	assert_true(search(&p, 1500) < V6D_S(6));
	assert_true(sweep.failed);
	assert_int_equal(v6d_sweep_out(&sweep).known, V6D_SWEEP_NOTHING);
	assert_int_equal(v6d_sweep_in(&sweep).known, V6D_SWEEP_NOTHING);
}

static void
test_hole(void **state)
{
	struct path p = path_of(PPTPD, 1500, 1500, 0, 1);
	struct v6d_sweep_result r;

	(void)state;
	p.hole_lo = 1401;
	p.hole_hi = 1490;
	search(&p, 1500);
	r = v6d_sweep_out(&sweep);
	assert_int_equal(r.known, V6D_SWEEP_HOLE);
	assert_true(r.hole >= 1401 && r.hole <= 1490);
}

static void
test_short_replies(void **state)
{
	struct path p = path_of(PPTPD, 1500, 1454, 0, 1);

	(void)state;
	p.shorter = 2;
	search(&p, 1500);
	assert_int_equal(v6d_sweep_out(&sweep).known, V6D_SWEEP_ALL);
	assert_int_equal(v6d_sweep_in(&sweep).known, V6D_SWEEP_LIMIT);
	assert_int_equal(v6d_sweep_in(&sweep).size, 1454);
}

/* pptpd sometimes has nothing to acknowledge when the first replies go. */
static void
test_acks_come_late(void **state)
{
	static const unsigned limits[] = { 1500, 1454, 1484, 1300, 1491 };

	(void)state;
	for (unsigned i = 0; i < 5; i++)
		for (unsigned lack = 10; lack < 120; lack += 10) {
			struct path p = path_of(PPTPD, 1500, limits[i], 0, 1);

			p.lack_ack = lack;
			search(&p, 1500);
			if (!right(&p, 1500) && lack <= 20)
				fail_msg("in %u, %u lack: said %u", p.in, lack,
				    v6d_sweep_in(&sweep).size);
			/* However long it lasts, it is wrong by the 4. */
			assert_true(v6d_sweep_in(&sweep).size + 4u >= p.in);
		}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fixed),
		cmocka_unit_test(test_random_exact),
		cmocka_unit_test(test_random_loss),
		cmocka_unit_test(test_blind),
		cmocka_unit_test(test_mute),
		cmocka_unit_test(test_hole),
		cmocka_unit_test(test_short_replies),
		cmocka_unit_test(test_acks_come_late),
	};

	if (argc > 1)
		runs = (unsigned)strtoul(argv[1], NULL, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
