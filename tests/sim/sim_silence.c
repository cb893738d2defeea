/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sim_silence.c - what each end concludes when the other falls silent at any
 * step, and that single losses, copies and delays do not matter.
 */
#include "sim/pair.h"

enum { ALL = V6D_AUTH_NONE | V6D_AUTH_ANY };

static const unsigned auths[] = { V6D_AUTH_NONE, V6D_AUTH_PAP,
	V6D_AUTH_MSCHAPV2, V6D_AUTH_CHAP, V6D_AUTH_EAP };

/* The victim's messages vanish from its nth on. */
static enum fate
silence(struct pair *p, int from, bool gre, unsigned nth, const uint8_t *bytes,
    size_t len)
{
	(void)gre, (void)nth, (void)bytes, (void)len;
	return from == p->victim && p->n_all[from] >= p->nth ? DROP : DELIVER;
}

/* How the other end dies when `victim` falls silent at its message n. */
static struct v6d_session *
die_of_silence(struct pair *p, int victim, unsigned n, unsigned auth)
{
	struct v6d_session_conf c = pair_conf(V6D_ROLE_CLIENT, ALL);
	struct v6d_session_conf v = pair_conf(V6D_ROLE_SERVER, auth);

	c.lcp_echo = v.lcp_echo = V6D_S(10);
	pair_init(p, &c, &v);
	p->fate = silence;
	p->victim = victim;
	p->nth = n;
	pair_dial(p);
	pair_run(p, V6D_S(300));
	return p->end[!victim];
}

/* One letter per message of the victim: where its silence is noticed. */
static enum v6d_session_state
state_of(char letter)
{
	switch (letter) {
	case 's':
		return V6D_SESSION_WAIT_START;
	case 'c':
		return V6D_SESSION_WAIT_CALL;
	case 'l':
		return V6D_SESSION_LCP;
	case 'a':
		return V6D_SESSION_AUTH;
	case 'n':
		return V6D_SESSION_NETWORK;
	default:
		return V6D_SESSION_UP;
	}
}

static void
check_silence(int victim, unsigned auth, const char *letters)
{
	for (unsigned n = 0; letters[n] != '\0'; n++) {
		enum v6d_session_state st = state_of(letters[n]);
		struct v6d_session *s;
		struct pair p;

		s = die_of_silence(&p, victim, n, auth);
		assert_int_equal(v6d_session_state(s), V6D_SESSION_DEAD);
		assert_int_equal(v6d_session_failed_in(s), st);
		assert_int_equal(v6d_session_why(s),
		    st == V6D_SESSION_UP ? V6D_WHY_ECHO_LOST : V6D_WHY_TIMEOUT);
		assert_int_equal(
		    v6d_session_state(p.end[victim]), V6D_SESSION_DEAD);
		pair_done(&p);
	}
}

/*
 * Control, LCP request and ack, Set-Link-Info, authentication, IPV6CP,
 * keepalive.
 */
static void
test_client_falls_silent(void **state)
{
	(void)state;
	check_silence(CLIENT, V6D_AUTH_NONE, "scllnnnuuuu");
	check_silence(CLIENT, V6D_AUTH_PAP, "scllaannuuuu");
	check_silence(CLIENT, V6D_AUTH_MSCHAPV2, "scllaannuuuu");
	check_silence(CLIENT, V6D_AUTH_CHAP, "scllaannuuuu");
	check_silence(CLIENT, V6D_AUTH_EAP, "scllaaannuuuu");
}

static void
test_server_falls_silent(void **state)
{
	(void)state;
	check_silence(SERVER, V6D_AUTH_NONE, "scllnnuuuu");
	check_silence(SERVER, V6D_AUTH_PAP, "scllannuuuu");
	check_silence(SERVER, V6D_AUTH_MSCHAPV2, "scllaannuuuu");
	check_silence(SERVER, V6D_AUTH_CHAP, "scllaannuuuu");
	check_silence(SERVER, V6D_AUTH_EAP, "scllaaannuuuu");
}

/* TCP that never comes up, and a client that never says a word. */
static void
test_no_start(void **state)
{
	struct v6d_session_conf c = pair_conf(V6D_ROLE_CLIENT, ALL);
	struct v6d_session_conf v = pair_conf(V6D_ROLE_SERVER, 1);
	struct pair p;

	(void)state;
	pair_init(&p, &c, &v);
	v6d_session_feed(p.end[CLIENT], V6D_EV_START, NULL, 0, 0, p.now);
	assert_int_equal(
	    v6d_session_take(p.end[CLIENT])->kind, V6D_ACT_TCP_CONNECT);
	pair_feed(&p, SERVER, V6D_EV_START, NULL, 0, 0);
	pair_run(&p, V6D_S(9));
	assert_int_equal(p.dead[CLIENT] + p.dead[SERVER], 0);
	pair_run(&p, V6D_S(2));
	assert_int_equal(v6d_session_why(p.end[CLIENT]), V6D_WHY_TIMEOUT);
	assert_int_equal(
	    v6d_session_failed_in(p.end[CLIENT]), V6D_SESSION_CONNECTING);
	assert_int_equal(v6d_session_why(p.end[SERVER]), V6D_WHY_TIMEOUT);
	assert_int_equal(
	    v6d_session_failed_in(p.end[SERVER]), V6D_SESSION_WAIT_START);
	pair_done(&p);
}

/* The control connection alone falls silent: noticed after two minutes. */
static enum fate
tcp_silence(struct pair *p, int from, bool gre, unsigned nth,
    const uint8_t *bytes, size_t len)
{
	(void)bytes, (void)len;
	return from == p->victim && !gre && nth >= p->nth ? DROP : DELIVER;
}

static void
test_control_echo_lost(void **state)
{
	struct v6d_session_conf c = pair_conf(V6D_ROLE_CLIENT, ALL);
	struct v6d_session_conf v = pair_conf(V6D_ROLE_SERVER, 1);
	struct pair p;

	(void)state;
	for (int victim = CLIENT; victim <= SERVER; victim++) {
		pair_init(&p, &c, &v);
		p.fate = tcp_silence;
		p.victim = victim;
		p.nth = 2;
		pair_dial(&p);
		pair_run(&p, V6D_S(119));
		assert_true(pair_is_up(&p));
		pair_run(&p, V6D_S(3));
		assert_int_equal(
		    v6d_session_why(p.end[!victim]), V6D_WHY_ECHO_LOST);
		assert_int_equal(
		    v6d_session_failed_in(p.end[!victim]), V6D_SESSION_UP);
		pair_done(&p);
	}
}

static enum fate
lose_one(struct pair *p, int from, bool gre, unsigned nth, const uint8_t *bytes,
    size_t len)
{
	(void)bytes, (void)len;
	return gre && from == p->victim && nth == p->nth ? DROP : DELIVER;
}

static enum fate
all_twice(struct pair *p, int from, bool gre, unsigned nth,
    const uint8_t *bytes, size_t len)
{
	(void)p, (void)from, (void)nth, (void)bytes, (void)len;
	return gre ? TWICE : DELIVER;
}

/* The frame comes after the one behind it. */
static enum fate
one_later(struct pair *p, int from, bool gre, unsigned nth,
    const uint8_t *bytes, size_t len)
{
	(void)bytes, (void)len;
	return gre && from == p->victim && nth == p->nth ? LATER : DELIVER;
}

/* Comes up within `patience` whatever single frame meets that fate. */
static void
check_each_frame(
    pair_fate *fate, unsigned auth, enum v6d_mppe_wish wish, v6d_ns patience)
{
	for (unsigned i = 0; i < 2 * 14; i++) {
		struct v6d_session_conf c = pair_conf(V6D_ROLE_CLIENT, ALL);
		struct v6d_session_conf v = pair_conf(V6D_ROLE_SERVER, auth);
		struct pair p;

		v.mppe = wish;
		pair_init(&p, &c, &v);
		p.fate = fate;
		p.victim = i % 2;
		p.nth = i / 2;
		pair_dial(&p);
		pair_run(&p, patience);
		assert_true(pair_is_up(&p));
		assert_int_equal(v6d_session_encrypted(p.end[CLIENT]),
		    wish == V6D_MPPE_REQUIRE);
		pair_done(&p);
	}
}

static void
check_each_method(pair_fate *fate, v6d_ns patience)
{
	for (size_t i = 0; i < V6D_ARRAY_LEN(auths); i++)
		check_each_frame(fate, auths[i], V6D_MPPE_ALLOW, patience);
	check_each_frame(fate, V6D_AUTH_MSCHAPV2, V6D_MPPE_REQUIRE, patience);
}

static void
test_any_one_frame_lost(void **state)
{
	(void)state;
	check_each_method(lose_one, V6D_S(8));
}

static void
test_all_frames_twice(void **state)
{
	(void)state;
	check_each_method(all_twice, V6D_S(1));
}

static void
test_any_one_frame_late(void **state)
{
	(void)state;
	check_each_method(one_later, V6D_S(8));
}

/* Every cut of the control stream, and streams of tiny pieces. */
static void
test_control_stream_split(void **state)
{
	struct v6d_session_conf c = pair_conf(V6D_ROLE_CLIENT, ALL);
	struct v6d_session_conf v = pair_conf(V6D_ROLE_SERVER, V6D_AUTH_PAP);

	(void)state;
	for (size_t at = 1; at < 156 + 168; at++) {
		struct pair p;

		pair_init(&p, &c, &v);
		p.cut = at;
		p.split = at <= 7 ? at : 0;
		pair_dial(&p);
		pair_run(&p, V6D_S(1));
		assert_true(pair_is_up(&p));
		pair_done(&p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_client_falls_silent),
		cmocka_unit_test(test_server_falls_silent),
		cmocka_unit_test(test_no_start),
		cmocka_unit_test(test_control_echo_lost),
		cmocka_unit_test(test_any_one_frame_lost),
		cmocka_unit_test(test_all_frames_twice),
		cmocka_unit_test(test_any_one_frame_late),
		cmocka_unit_test(test_control_stream_split),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
