/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_witness_rate.c - loss that comes with load and loss that does not,
 * made up in virtual time: a token bucket, a die, a queue.
 */
#include "witness_help.h"

#include "flow/track.h"

static struct v6d_tunnel tunnel;
static struct v6d_pool pool;
static uint8_t memory[1 << 15];
static uint32_t next_seq;
static uint64_t seed;

static unsigned
chance(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed % n);
}

static void
start(uint64_t s)
{
	struct v6d_addr a = addr6("2001:db8::1");

	seed = s * 2654435761u + 88172645463325252u;
	next_seq = 1;
	v6d_pool_init(&pool, memory, sizeof(memory));
	v6d_tunnel_init(&tunnel, &pool, &a, &a, 1, V6D_S(5));
	tunnel.v.begin = tunnel.v.end = V6D_S(5);
	tunnel.v.ttl[OUT] = 64; /* beside the client */
}

/* One frame towards the client, or its loss. */
static void
send(size_t outer, bool lost, v6d_ns at)
{
	struct v6d_gre g = { .version = 1,
		.has_seq = true,
		.seq = next_seq++,
		.payload_len = (uint16_t)(outer - 32) };
	const struct v6d_outer o = { outer, 0 };
	bool is_new;

	if (!lost)
		v6d_gretrack_packet(&tunnel, IN, &g, &o, at, &is_new);
	v6d_tunnel_touch(&tunnel, at);
}

/* 40 s, turns of quiet (20 small frames a second) and of a busy line. */
static void
play(bool (*lost)(size_t outer, v6d_ns at))
{
	for (v6d_ns at = V6D_S(5); at < V6D_S(45);) {
		bool busy = at / V6D_S(4) % 2;
		size_t outer = busy ? 1484 : 100;

		at += V6D_MS(busy ? 12 : 50) + V6D_US(chance(9000));
		send(outer, lost(outer, at), at);
	}
}

static uint64_t tokens, tokens_at;

/* 400 kbit/s and 20 kB at once; the busy line sends some 700 kbit/s. */
static bool
by_policer(size_t outer, v6d_ns at)
{
	tokens += (at - tokens_at) * 50000 / V6D_S(1);
	tokens_at = at;
	if (tokens > 20000)
		tokens = 20000;
	if (tokens < outer)
		return true;
	tokens -= outer;
	return false;
}

static bool
by_chance(size_t outer, v6d_ns at)
{
	(void)outer;
	(void)at;
	return chance(100) < 10;
}

static bool
in_bursts(size_t outer, v6d_ns at)
{
	(void)outer;
	return at / V6D_MS(200) % 31 == 7;
}

static bool
never(size_t outer, v6d_ns at)
{
	(void)outer;
	(void)at;
	return false;
}

static const char *
judged(struct testimony *w)
{
	struct v6d_witness_how how = { .live = false };

	v6d_facts_init(&w->f, w->obs, V6D_ARRAY_LEN(w->obs));
	v6d_witness(&tunnel.v, &how, &w->f);
	return said(w, V6D_FACT_GRE_RATE_IN);
}

static void
test_policer(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 200; i++) {
		struct testimony w;

		start(i);
		tokens = 20000;
		tokens_at = V6D_S(5);
		play(by_policer);
		assert_string_equal(judged(&w), "bad congested");
		/* the rate within a seventh */
		assert_in_range(number(&w, V6D_FACT_GRE_RATE_IN), 343, 457);
	}
}

/* Never a policer, whatever the die says. */
static void
test_chance(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2000; i++) {
		struct testimony w;

		start(i);
		play(by_chance);
		assert_string_equal(judged(&w), "");
	}
}

static void
test_bursts(void **state)
{
	struct testimony w;

	(void)state;
	start(1);
	play(in_bursts);
	assert_string_equal(judged(&w), "");
	start(1);
	play(never);
	assert_string_equal(judged(&w), "");
}

static void
test_queue(void **state)
{
	struct testimony w;
	v6d_ns at = V6D_S(5);

	(void)state;
	start(1);
	v6d_load_rtt(&tunnel, IN, V6D_MS(20), at);
	for (unsigned i = 0; i < 40; i++, at += V6D_MS(50)) {
		send(1250, false, at);
		v6d_load_rtt(&tunnel, IN, V6D_MS(i < 20 ? 20 : 920), at);
	}
	assert_string_equal(judged(&w), "bad queue");
	assert_in_range(number(&w, V6D_FACT_GRE_RATE_IN), 185, 205);
	assert_int_equal(number(&w, V6D_FACT_GRE_QUEUE), 900);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_policer),
		cmocka_unit_test(test_chance),
		cmocka_unit_test(test_bursts),
		cmocka_unit_test(test_queue),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
