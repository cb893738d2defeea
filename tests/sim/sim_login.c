/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim_login.c - logins over lines that lose packets by chance, to a server
 * that repeats itself every 3 s (RFC 1661 4.6), in virtual time: how long do
 * they take?
 */
#include <stdio.h>

#include "sim/pair.h"

#define SPAN V6D_S(60)

static unsigned runs = 500; /* the first argument */

static unsigned loss[2]; /* per mille, of those sent by CLIENT and SERVER */
static uint64_t chance;

/* splitmix64 (Steele, Lea, Flood 2014): any seed will do. */
static unsigned
pick(unsigned n)
{
	uint64_t z = chance += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (unsigned)((z ^ z >> 31) % n);
}

static enum fate
by_chance(struct pair *p, int from, bool gre, unsigned nth,
    const uint8_t *bytes, size_t len)
{
	(void)p, (void)nth, (void)bytes, (void)len;
	return gre && pick(1000) < loss[from] ? DROP : DELIVER;
}

static int
compare(const void *a, const void *b)
{
	v6d_ns x = *(const v6d_ns *)a, y = *(const v6d_ns *)b;

	return (x > y) - (x < y);
}

/* From the call to the open link; SPAN where it does not open. */
static v6d_ns
login(unsigned auth, bool quick)
{
	struct v6d_session_conf c =
	    pair_conf(V6D_ROLE_CLIENT, V6D_AUTH_NONE | V6D_AUTH_ANY);
	struct v6d_session_conf v = pair_conf(V6D_ROLE_SERVER, auth);
	const struct v6d_session_times *t;
	struct pair p;
	v6d_ns took;

	c.restart = V6D_S(1);
	if (quick) {
		c.first_restart = V6D_MS(250);
		c.copies = 1;
	}
	pair_init(&p, &c, &v);
	p.fate = by_chance;
	pair_dial(&p);
	pair_run(&p, SPAN);
	t = v6d_session_times(p.end[CLIENT]);
	took = t->ipv6cp == V6D_NEVER ? SPAN : t->ipv6cp - t->ocrp;
	pair_done(&p);
	return took;
}

struct took {
	v6d_ns mean, half, tenth, longest; /* half, 9 of 10 took less */
	unsigned failed;
};

static struct took
try_many(unsigned auth, unsigned out, unsigned in, bool quick)
{
	v6d_ns *all = calloc(runs, sizeof(*all)), sum = 0;
	struct took t = { 0 };

	assert_non_null(all);
	loss[CLIENT] = out;
	loss[SERVER] = in;
	chance = 31 * out + in;
	for (unsigned i = 0; i < runs; i++) {
		all[i] = login(auth, quick);
		t.failed += all[i] == SPAN;
		sum += all[i];
	}
	qsort(all, runs, sizeof(*all), compare);
	t.mean = sum / runs;
	t.half = all[runs / 2];
	t.tenth = all[runs * 9 / 10];
	t.longest = all[runs - 1];
	free(all);
	printf("%s, lost %3u out %3u in of 1,000: mean %5u ms, half %5u, "
	       "9 of 10 %5u, longest %5u, %u of %u failed\n",
	    quick ? "quick" : "plain", out, in, (unsigned)(t.mean / V6D_MS(1)),
	    (unsigned)(t.half / V6D_MS(1)), (unsigned)(t.tenth / V6D_MS(1)),
	    (unsigned)(t.longest / V6D_MS(1)), t.failed, runs);
	return t;
}

static void
test_logins(void **state)
{
	static const unsigned rates[][2] = { { 20, 20 }, { 150, 0 }, { 0, 150 },
		{ 150, 150 } };

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(rates); i++) {
		unsigned out = rates[i][0], in = rates[i][1];
		struct took plain = try_many(V6D_AUTH_MSCHAPV2, out, in, false);
		struct took quick = try_many(V6D_AUTH_MSCHAPV2, out, in, true);

		/* What is lost inwards the server alone repeats. */
		assert_true(quick.mean * 10 <= plain.mean * 12);
		if (out > 0 && in == 0)
			assert_true(quick.mean * 3 <= plain.mean);
		assert_true(quick.failed * 100 <= runs);
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_logins),
	};

	if (argc > 1)
		runs = (unsigned)strtoul(argv[1], NULL, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
