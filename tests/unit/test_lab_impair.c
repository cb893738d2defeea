/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_lab_impair.c - what a bad line of the practice network does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "lab/impair.h"

#define FRAME 1014 /* Ethernet header and 1000 bytes of IPv4 */
#define ROUNDS 20000

static uint8_t frame[FRAME];
static struct v6d_impair_conf conf;
static struct v6d_impair way;

/* A frame of that EtherType and IP protocol. */
static void
make(unsigned type, uint8_t proto)
{
	memset(frame, 0, sizeof(frame));
	frame[12] = (uint8_t)(type >> 8);
	frame[13] = (uint8_t)type;
	if (type == 0x0800) {
		frame[14] = 0x45;
		frame[14 + 9] = proto;
	} else {
		frame[14 + 6] = proto;
	}
}

/* A line with these settings, and an IPv4 packet of GRE to send over it. */
static void
line(const char *words)
{
	char word[64];

	conf = (struct v6d_impair_conf){ .queue_ms = V6D_IMPAIR_QUEUE_MS,
		.burst_bytes = V6D_IMPAIR_BURST };
	while (*words) {
		size_t n = strcspn(words, " ");

		memcpy(word, words, n);
		word[n] = '\0';
		assert_null(v6d_impair_read(word, &conf));
		words += n + strspn(words + n, " ");
	}
	v6d_impair_init(&way, &conf, V6D_WAY_IN);
	make(0x0800, 47);
}

static struct v6d_fate
send_at(v6d_ns now)
{
	return v6d_impair_frame(&way, frame, sizeof(frame), now);
}

static void
test_read(void **state)
{
	static const char *const wrong[] = { "", "loss-in",
		"loss-in=", "loss-in=x", "loss-in=5x", "loss-in=101",
		"loss-in=-1", "loss=5", "=5", "delay=10001", "seed=4294967296",
		"proto=256" };
	struct v6d_impair_conf c = { 0 }, zero = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_non_null(v6d_impair_read(wrong[i], &c));
	assert_memory_equal(&c, &zero, sizeof(c));
	assert_null(v6d_impair_read("loss-out=100", &c));
	assert_null(v6d_impair_read("seed=4294967295", &c));
	assert_int_equal(c.loss[V6D_WAY_OUT], 100);
	assert_int_equal(c.loss[V6D_WAY_IN], 0);
	assert_int_equal(c.seed, 4294967295u);
}

static void
test_perfect(void **state)
{
	struct v6d_fate f;

	(void)state;
	line("");
	for (v6d_ns t = 1; t < ROUNDS; t++) {
		f = send_at(t);
		assert_int_equal(f.copies, 1);
		assert_int_equal(f.at, t);
		assert_false(f.flips);
	}
}

static void
test_delay(void **state)
{
	v6d_ns before = 0;

	(void)state;
	line("delay=50");
	assert_int_equal(send_at(V6D_S(1)).at, V6D_S(1) + V6D_MS(25));
	line("delay=50 jitter=10");
	for (v6d_ns t = V6D_S(1); t < V6D_S(2); t += V6D_MS(1)) {
		v6d_ns at = send_at(t).at;

		/* in order: never before the one that came earlier */
		assert_true(at >= t + V6D_MS(25) && at < t + V6D_MS(35));
		assert_true(at >= before);
		before = at;
	}
}

/* How many of ROUNDS frames are lost, doubled, changed, late. */
static void
count(unsigned ret[4])
{
	v6d_ns t = V6D_S(1), newest = 0;

	memset(ret, 0, 4 * sizeof(*ret));
	for (unsigned i = 0; i < ROUNDS; i++, t += V6D_MS(1)) {
		struct v6d_fate f = send_at(t);

		ret[0] += f.copies == 0;
		ret[1] += f.copies == 2;
		ret[2] += f.flips;
		ret[3] += f.copies && f.at > t;
		if (f.copies && f.at > newest)
			newest = f.at;
	}
}

/* Within four standard deviations of what is expected. */
static void
near_percent(unsigned n, unsigned percent)
{
	unsigned want = ROUNDS / 100 * percent,
		 off = n > want ? n - want : want - n;

	assert_true(
	    off * off <= 16 * ROUNDS * percent * (100 - percent) / 10000);
}

static void
test_chances(void **state)
{
	unsigned n[4];

	(void)state;
	line("loss-in=2 seed=1");
	count(n);
	near_percent(n[0], 2);
	assert_int_equal(n[1] + n[2] + n[3], 0);
	line("loss-out=50"); /* the other way */
	count(n);
	assert_int_equal(n[0], 0);
	line("loss-in=100");
	count(n);
	assert_int_equal(n[0], ROUNDS);
	line("duplicate=10");
	count(n);
	near_percent(n[1], 10);
	line("corrupt=10");
	count(n);
	near_percent(n[2], 10);
	line("reorder=10");
	count(n);
	near_percent(n[3], 10);
}

/* One kind of trouble throws no other's dice, and a seed repeats them. */
static void
test_seed(void **state)
{
	static bool lost[ROUNDS];
	unsigned same = 0;

	(void)state;
	line("loss-in=20 seed=7");
	for (unsigned i = 0; i < ROUNDS; i++)
		lost[i] = send_at(i).copies == 0;
	line("loss-in=20 duplicate=50 corrupt=50 reorder=50 seed=7");
	for (unsigned i = 0; i < ROUNDS; i++)
		assert_int_equal(lost[i], send_at(i).copies == 0);
	line("loss-in=20 seed=8");
	for (unsigned i = 0; i < ROUNDS; i++)
		same += lost[i] && send_at(i).copies == 0;
	near_percent(same, 4);
}

static void
test_reorder(void **state)
{
	unsigned overtaken = 0;
	v6d_ns newest = 0;

	(void)state;
	line("reorder=10");
	for (v6d_ns t = V6D_S(1); t < V6D_S(2); t += V6D_MS(1)) {
		v6d_ns at = send_at(t).at;

		overtaken += at < newest;
		if (at > newest)
			newest = at;
	}
	assert_true(overtaken > 100); /* several behind each late one */
}

static void
test_rate(void **state)
{
	struct v6d_fate f;
	unsigned lost = 0;

	(void)state;
	line("rate=8112 queue=10"); /* a frame takes a millisecond */
	for (unsigned i = 0; i < 20; i++) {
		f = send_at(V6D_S(1));
		if (f.copies)
			assert_int_equal(f.at, V6D_S(1) + V6D_MS(1 + i));
		lost += f.copies == 0;
	}
	assert_int_equal(lost, 9); /* eleven: one on the line, ten wait */
	f = send_at(V6D_S(2)); /* the queue has run dry */
	assert_int_equal(f.at, V6D_S(2) + V6D_MS(1));
}

static void
test_police(void **state)
{
	unsigned passed = 0;

	(void)state;
	line("police=8112 burst=10140"); /* ten frames, then one each ms */
	for (unsigned i = 0; i < 20; i++)
		passed += send_at(V6D_S(1)).copies;
	assert_int_equal(passed, 10);
	assert_int_equal(send_at(V6D_S(1) + V6D_MS(1) / 2).copies, 0);
	assert_int_equal(send_at(V6D_S(1) + V6D_MS(1)).copies, 1);
	assert_int_equal(send_at(V6D_S(1) + V6D_MS(1)).copies, 0);
	for (unsigned i = 0; i < 20; i++)
		passed += send_at(V6D_S(1000)).copies;
	assert_int_equal(passed, 20); /* no more than a full burst */
}

static void
test_whom(void **state)
{
	static const struct {
		unsigned type;
		uint8_t proto;
		const char *words;
		unsigned copies;
	} rows[] = {
		{ 0x0800, 47, "loss-in=100", 0 },
		{ 0x0800, 58, "loss-in=100", 0 },
		{ 0x86dd, 6, "loss-in=100", 0 },
		{ 0x0806, 0, "loss-in=100 delay=50", 1 }, /* ARP */
		{ 0x0800, 6, "loss-in=100 proto=47", 1 },
		{ 0x0800, 47, "loss-in=100 proto=47", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct v6d_fate f;

		line(rows[i].words);
		make(rows[i].type, rows[i].proto);
		f = send_at(V6D_S(1));
		assert_int_equal(f.copies, rows[i].copies);
		assert_true(!f.copies || f.at == V6D_S(1));
	}
	line("loss-in=100");
	make(0x86dd, 58);
	for (unsigned type = 0; type < 256; type++) {
		frame[14 + 40] = (uint8_t)type;
		assert_int_equal(send_at(1).copies, type >= 133 && type <= 137);
	}
	line("loss-in=100");
	for (size_t n = 0; n <= 14 + 20; n++) /* cut short: not IP */
		assert_int_equal(v6d_impair_frame(&way, frame, n, 1).copies, 1);
}

/* Exactly one bit changes, and never in the headers that routers check. */
static void
test_flip(void **state)
{
	uint8_t copy[FRAME];
	unsigned touched = 0;

	(void)state;
	line("corrupt=100");
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct v6d_fate f = send_at(i);
		unsigned bits = 0;

		memcpy(copy, frame, sizeof(copy));
		v6d_impair_flip(&f, copy, sizeof(copy));
		assert_memory_equal(copy, frame, 14 + 20);
		for (size_t k = 0; k < sizeof(copy); k++)
			for (unsigned x = (unsigned)copy[k] ^ frame[k]; x;
			     x >>= 1)
				bits += x & 1;
		assert_int_equal(bits, 1);
		touched += copy[14 + 20] != 0 || copy[FRAME - 1] != 0;
	}
	assert_true(touched > 0); /* the ends are reached too */
	/* A short one lies in memory that is good. */
	assert_true(v6d_impair_frame(&way, frame, 257, 0).flips);
	assert_false(v6d_impair_frame(&way, frame, 256, 0).flips);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_perfect),
		cmocka_unit_test(test_delay),
		cmocka_unit_test(test_chances),
		cmocka_unit_test(test_seed),
		cmocka_unit_test(test_reorder),
		cmocka_unit_test(test_rate),
		cmocka_unit_test(test_police),
		cmocka_unit_test(test_whom),
		cmocka_unit_test(test_flip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
