/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_tunnel_echo.c - LCP echoes: answers, keepalive, probing frames. */
#include "sim/pair.h"

static void
connect_pair(struct pair *p)
{
	struct v6d_session_conf c = pair_conf(V6D_ROLE_CLIENT, 1);
	struct v6d_session_conf v = pair_conf(V6D_ROLE_SERVER, 1);

	pair_connect(p, &c, &v);
	pair_run(p, V6D_MS(200)); /* all acks are through */
}

static bool
probe(struct pair *p, enum v6d_probe_frame frame, size_t outer_len,
    const char *data, bool reuse, uint32_t seq, uint32_t *ret_seq)
{
	bool ok = v6d_session_probe(p->end[CLIENT], frame, outer_len,
	    (const uint8_t *)data, strlen(data), reuse, seq, ret_seq, p->now);

	pair_drain(p, CLIENT);
	return ok;
}

/* Sent and answered at every size; the data come back as they were. */
static void
test_every_size(void **state)
{
	struct pair p;

	(void)state;
	connect_pair(&p);
	for (size_t outer = 51; outer <= 1540; outer++) {
		unsigned before = p.echoes[CLIENT];
		uint32_t seq;

		assert_true(probe(
		    &p, V6D_FRAME_LCP_ECHO, outer, "abc", false, 0, &seq));
		assert_int_equal(p.gre_len[CLIENT], outer - 20);
		pair_run(&p, V6D_MS(3));
		assert_int_equal(p.echoes[CLIENT], before + 1);
		assert_int_equal(p.echo_len[CLIENT], outer - 48);
		assert_true(p.echo_gre_len[CLIENT] <= outer - 20);
		assert_memory_equal(p.echo_data[CLIENT], "abc", 3);
		for (size_t i = 3; i < p.echo_len[CLIENT]; i++)
			assert_int_equal(
			    p.echo_data[CLIENT][i], v6d_session_pattern(i));
	}
	pair_done(&p);
}

/* More than 1500 bytes of information: silence, and the link stays up. */
static void
test_beyond_the_mru(void **state)
{
	uint32_t seq;
	struct pair p;

	(void)state;
	connect_pair(&p);
	assert_true(probe(&p, V6D_FRAME_LCP_ECHO, 1541, "", false, 0, &seq));
	assert_true(probe(&p, V6D_FRAME_LCP_ECHO, 1620, "", false, 0, &seq));
	assert_false(probe(&p, V6D_FRAME_LCP_ECHO, 1621, "", false, 0, &seq));
	pair_run(&p, V6D_S(1));
	assert_int_equal(p.echoes[CLIENT], 0);
	assert_true(pair_is_up(&p));
	pair_done(&p);
}

/* A reply is cut at the MRU of who asked: 1400 leaves 1392 of data. */
static void
test_reply_is_cut_at_our_mru(void **state)
{
	struct v6d_session_conf c = pair_conf(V6D_ROLE_CLIENT, 1);
	struct v6d_session_conf v = pair_conf(V6D_ROLE_SERVER, 1);
	uint32_t seq;
	struct pair p;

	(void)state;
	c.mru = 1400;
	pair_connect(&p, &c, &v);
	assert_true(probe(&p, V6D_FRAME_LCP_ECHO, 1540, "", false, 0, &seq));
	pair_run(&p, V6D_MS(10));
	assert_int_equal(p.echo_len[CLIENT], 1392);
	pair_done(&p);
}

static void
test_impossible_probes(void **state)
{
	struct v6d_session_conf c = pair_conf(V6D_ROLE_CLIENT, 1);
	struct v6d_session_conf v = pair_conf(V6D_ROLE_SERVER, 1);
	uint32_t seq = 77, next;
	struct pair p;

	(void)state;
	pair_init(&p, &c, &v);
	assert_false(probe(&p, V6D_FRAME_LCP_ECHO, 100, "", false, 0, &seq));
	pair_done(&p);

	connect_pair(&p);
	next = v6d_session_next_seq(p.end[CLIENT]);
	assert_false(probe(&p, V6D_FRAME_LCP_ECHO, 47, "", false, 0, &seq));
	assert_false(probe(&p, V6D_FRAME_LCP_ECHO, 50, "abc", false, 0, &seq));
	assert_false(probe(&p, V6D_FRAME_LCP_ECHO, 99, "", true, next, &seq));
	assert_int_equal(seq, 77); /* untouched */
	assert_int_equal(v6d_session_next_seq(p.end[CLIENT]), next);
	assert_true(probe(&p, V6D_FRAME_LCP_ECHO, 48, "", false, 0, &seq));
	pair_run(&p, V6D_MS(10));
	assert_int_equal(p.echoes[CLIENT], 1);
	pair_done(&p);
}

/* Not answered, but acknowledged after 50 ms: the witness of arrival. */
static void
test_discard(void **state)
{
	uint32_t seq;
	struct pair p;

	(void)state;
	connect_pair(&p);
	assert_true(probe(&p, V6D_FRAME_LCP_DISCARD, 1000, "", false, 0, &seq));
	pair_run(&p, V6D_MS(40));
	assert_int_not_equal(v6d_session_acked(p.end[CLIENT]), seq);
	pair_run(&p, V6D_MS(20));
	assert_int_equal(p.echoes[CLIENT], 0);
	assert_int_equal(p.acked[CLIENT], seq);
	pair_done(&p);
}

static enum fate
lose_large(struct pair *p, int from, bool gre, unsigned nth,
    const uint8_t *bytes, size_t len)
{
	(void)nth, (void)bytes;
	return gre && from == p->victim && len > 1000 ? DROP : DELIVER;
}

/* How many of 4 large, their 4 shadows and 2 sentinels are answered. */
static void
burst(struct pair *p, unsigned *ret_large, unsigned *ret_small)
{
	uint32_t seq[4], unused;
	unsigned large = 0;

	for (unsigned i = 0; i < 4; i++)
		assert_true(probe(
		    p, V6D_FRAME_LCP_ECHO, 1100 + i, "", false, 0, &seq[i]));
	for (unsigned i = 0; i < 4; i++)
		assert_true(probe(
		    p, V6D_FRAME_LCP_ECHO, 60, "", true, seq[i], &unused));
	for (unsigned i = 0; i < 2; i++)
		assert_true(
		    probe(p, V6D_FRAME_LCP_ECHO, 60, "", false, 0, &unused));
	assert_int_equal(unused, seq[3] + 2);
	for (unsigned i = 0, seen = p->echoes[CLIENT]; i < 100; i++) {
		pair_step(p, p->now + V6D_MS(20));
		if (p->echoes[CLIENT] > seen && p->echo_len[CLIENT] > 500)
			large++;
		seen = p->echoes[CLIENT];
	}
	*ret_large = large;
	*ret_small = p->echoes[CLIENT] - large;
}

/* Which direction loses, told by small echoes under used numbers. */
static void
test_shadow_burst(void **state)
{
	unsigned large, small;
	struct pair p;

	(void)state;
	connect_pair(&p);
	burst(&p, &large, &small);
	assert_int_equal(large, 4); /* nothing lost: shadows are ignored */
	assert_int_equal(small, 2);
	pair_done(&p);

	connect_pair(&p);
	p.fate = lose_large;
	p.victim = CLIENT;
	burst(&p, &large, &small);
	assert_int_equal(large, 0); /* lost on the way out */
	assert_int_equal(small, 6);
	pair_done(&p);

	connect_pair(&p);
	p.fate = lose_large;
	p.victim = SERVER;
	burst(&p, &large, &small);
	assert_int_equal(large, 0); /* lost on the way in */
	assert_int_equal(small, 2);
	pair_done(&p);
}

/* As Linux's own driver: late echo requests are answered. */
static void
test_late_echo(void **state)
{
	struct v6d_session_conf c = pair_conf(V6D_ROLE_CLIENT, 1);
	struct v6d_session_conf v = pair_conf(V6D_ROLE_SERVER, 1);
	unsigned large, small;
	struct pair p;

	(void)state;
	v.server.late_echo = true;
	pair_connect(&p, &c, &v);
	burst(&p, &large, &small);
	assert_int_equal(large, 4);
	assert_int_equal(small, 6);
	pair_done(&p);
}

/* A whole burst of 96 fits between two visits of the driver. */
static void
test_burst_fits(void **state)
{
	uint32_t seq;
	struct pair p;

	(void)state;
	connect_pair(&p);
	for (unsigned i = 0; i < 96; i++)
		assert_true(v6d_session_probe(p.end[CLIENT], V6D_FRAME_LCP_ECHO,
		    100 + i, NULL, 0, false, 0, &seq, p.now));
	pair_drain(&p, CLIENT);
	pair_run(&p, V6D_MS(10));
	assert_int_equal(p.echoes[CLIENT], 96);
	pair_done(&p);
}

static enum fate
deaf(struct pair *p, int from, bool gre, unsigned nth, const uint8_t *bytes,
    size_t len)
{
	(void)nth, (void)bytes, (void)len;
	return gre && from == p->victim ? DROP : DELIVER;
}

/* Every 10 s; five in a row unanswered, and the next is one too many. */
static void
test_keepalive(void **state)
{
	struct v6d_session_conf c = pair_conf(V6D_ROLE_CLIENT, 1);
	struct v6d_session_conf v = pair_conf(V6D_ROLE_SERVER, 1);
	struct pair p;

	(void)state;
	c.lcp_echo = V6D_S(10);
	pair_connect(&p, &c, &v);
	pair_run(&p, V6D_S(600));
	assert_true(pair_is_up(&p));
	assert_int_equal(p.echoes[CLIENT], 0); /* its own are its own */
	p.fate = deaf;
	p.victim = SERVER;
	pair_run(&p, V6D_S(49));
	assert_int_equal(v6d_session_state(p.end[CLIENT]), V6D_SESSION_UP);
	pair_run(&p, V6D_S(12));
	assert_int_equal(v6d_session_why(p.end[CLIENT]), V6D_WHY_ECHO_LOST);
	pair_done(&p);
}

static void
test_echo_requests(void **state)
{
	uint8_t answer[11] = { V6D_LCP_ECHO_REP, 5, 0, 11, 0, 0, 0, 0, 'x', 'y',
		'z' };
	struct v6d_out o = v6d_out_to(answer + 4, 4);
	struct pair p;

	(void)state;
	connect_pair(&p);
	v6d_out_be32(&o, p.end[CLIENT]->lcp.magic);
	pair_expect(&p, CLIENT, V6D_PPP_LCP, "\x09\x05\0\x0b\1\2\3\4xyz", 11,
	    V6D_PPP_LCP, answer, sizeof(answer));
	/* Without its magic number it is no echo. */
	pair_expect(
	    &p, CLIENT, V6D_PPP_LCP, "\x09\x05\0\x07\1\2\3", 7, 0, NULL, 0);
	pair_expect(
	    &p, CLIENT, V6D_PPP_LCP, "\x0b\x05\0\x08\1\2\3\4", 8, 0, NULL, 0);
	pair_done(&p);
}

/* An MRU above 1500 takes what a usual one does not. */
static void
test_a_larger_mru(void **state)
{
	struct v6d_session_conf c = pair_conf(V6D_ROLE_CLIENT, 1);
	struct v6d_session_conf v = pair_conf(V6D_ROLE_SERVER, 1);
	uint32_t seq;
	struct pair p;

	(void)state;
	c.mru = v.mru = 1550;
	pair_connect(&p, &c, &v);
	assert_true(probe(&p, V6D_FRAME_LCP_ECHO, 1590, "", false, 0, &seq));
	pair_run(&p, V6D_MS(10));
	assert_int_equal(p.echo_len[CLIENT], 1590 - 48);
	assert_true(probe(&p, V6D_FRAME_LCP_ECHO, 1591, "", false, 0, &seq));
	pair_run(&p, V6D_MS(10));
	assert_int_equal(p.echoes[CLIENT], 1);
	pair_done(&p);
}

static enum fate
first_reply_late(struct pair *p, int from, bool gre, unsigned nth,
    const uint8_t *bytes, size_t len)
{
	(void)bytes, (void)len;
	return gre && from == SERVER && nth == p->nth ? LATER : DELIVER;
}

/* A reply that was overtaken is still a reply. */
static void
test_late_reply(void **state)
{
	uint32_t seq;
	struct pair p;

	(void)state;
	connect_pair(&p);
	p.fate = first_reply_late;
	p.nth = p.n_gre[SERVER];
	for (unsigned i = 0; i < 3; i++)
		assert_true(
		    probe(&p, V6D_FRAME_LCP_ECHO, 100, "", false, 0, &seq));
	pair_run(&p, V6D_MS(10));
	assert_int_equal(p.echoes[CLIENT], 3);
	pair_done(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_size),
		cmocka_unit_test(test_beyond_the_mru),
		cmocka_unit_test(test_reply_is_cut_at_our_mru),
		cmocka_unit_test(test_impossible_probes),
		cmocka_unit_test(test_discard),
		cmocka_unit_test(test_shadow_burst),
		cmocka_unit_test(test_late_echo),
		cmocka_unit_test(test_burst_fits),
		cmocka_unit_test(test_keepalive),
		cmocka_unit_test(test_echo_requests),
		cmocka_unit_test(test_a_larger_mru),
		cmocka_unit_test(test_late_reply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
