/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_witness.c - what the control connection proves, and what it does not. */
#include "witness_help.h"

#define LONG V6D_S(20)
#define SHORT V6D_MS(100)
#define FIN (V6D_TCP_FIN | V6D_TCP_ACK)

static void
syn(struct tape *t)
{
	tape_tcp(t, OUT, V6D_TCP_SYN, NULL, 0);
}

static void
refused(struct tape *t)
{
	syn(t);
	tape_tcp(t, IN, V6D_TCP_RST | V6D_TCP_ACK, NULL, 0);
}

static void
sccrq(struct tape *t)
{
	tape_handshake(t);
	tape_type(t, OUT, V6D_PPTP_SCCRQ);
	tape_tcp(t, IN, V6D_TCP_ACK, NULL, 0);
}

static void
sccrq_reset(struct tape *t)
{
	sccrq(t);
	tape_tcp(t, IN, V6D_TCP_RST, NULL, 0);
}

static void
sccrq_closed(struct tape *t)
{
	sccrq(t);
	tape_tcp(t, IN, FIN, NULL, 0);
}

static void
sccrq_left(struct tape *t)
{
	sccrq(t);
	tape_tcp(t, OUT, FIN, NULL, 0);
	tape_tcp(t, IN, FIN, NULL, 0);
}

static void
start_refused(struct tape *t)
{
	struct v6d_pptp m = message(V6D_PPTP_SCCRP);

	m.result = 4;
	sccrq(t);
	tape_message(t, IN, &m);
}

static void
start_result_0(struct tape *t)
{
	struct v6d_pptp m = message(V6D_PPTP_SCCRP);

	m.result = 0;
	sccrq(t);
	tape_message(t, IN, &m);
}

static void
not_pptp(struct tape *t)
{
	sccrq(t);
	tape_tcp(t, IN, V6D_TCP_ACK, (const uint8_t *)"220 smtp.example", 16);
}

static void
swallowed_out(struct tape *t)
{
	tape_handshake(t);
	for (int i = 0; i < 5; i++) {
		tape_type(t, OUT, V6D_PPTP_SCCRQ);
		t->tcp[OUT] -= 156;
		tape_wait(t, V6D_S(1));
	}
	tape_tcp(t, IN, FIN, NULL, 0);
}

static void
call_refused(struct tape *t)
{
	struct v6d_pptp m = message(V6D_PPTP_OCRP);

	m.result = 4;
	sccrq(t);
	tape_type(t, IN, V6D_PPTP_SCCRP);
	tape_type(t, OUT, V6D_PPTP_OCRQ);
	tape_message(t, IN, &m);
}

static void
call_silent(struct tape *t)
{
	sccrq(t);
	tape_type(t, IN, V6D_PPTP_SCCRP);
	tape_type(t, OUT, V6D_PPTP_OCRQ);
}

static void
call_reply_swallowed(struct tape *t)
{
	call_silent(t);
	t->tcp[IN] += 32;
	tape_segment(t, IN, FIN, t->tcp[IN], NULL, 0);
	t->tcp[IN] -= 32;
	tape_tcp(t, OUT, V6D_TCP_ACK, NULL, 0);
}

static void
hung_up(struct tape *t)
{
	tape_call(t);
	tape_wait(t, V6D_MS(70));
	tape_tcp(t, IN, FIN, NULL, 0);
}

static void
neighbour_hung_up(struct tape *t)
{
	t->ttl[IN] = 64;
	hung_up(t);
}

static void
disconnected(struct tape *t)
{
	tape_call(t);
	tape_type(t, IN, V6D_PPTP_CDN);
	tape_tcp(t, IN, FIN, NULL, 0);
}

static void
cleared(struct tape *t)
{
	tape_call(t);
	tape_type(t, OUT, V6D_PPTP_CCR);
	tape_tcp(t, IN, FIN, NULL, 0);
}

static void
echo_lost(struct tape *t)
{
	tape_call(t);
	tape_type(t, OUT, V6D_PPTP_ECHORQ);
}

static void
slow_start(struct tape *t)
{
	tape_handshake(t);
	tape_type(t, OUT, V6D_PPTP_SCCRQ);
	tape_wait(t, V6D_S(12));
	tape_type(t, IN, V6D_PPTP_SCCRP);
}

static void
slow_call(struct tape *t)
{
	tape_handshake(t);
	tape_type(t, OUT, V6D_PPTP_SCCRQ);
	tape_type(t, IN, V6D_PPTP_SCCRP);
	tape_type(t, OUT, V6D_PPTP_OCRQ);
	tape_wait(t, V6D_S(50));
	tape_type(t, IN, V6D_PPTP_OCRP);
}

/* A passthrough router takes offence at Set-Link-Info. */
static void
silent_after_sli(struct tape *t)
{
	struct v6d_pptp m = message(V6D_PPTP_SLI);
	uint8_t buf[V6D_PPTP_MAX];
	size_t n = encode_message(&m, buf, sizeof(buf));

	tape_call(t);
	for (unsigned i = 0; i < 5; i++) {
		tape_segment(
		    t, OUT, V6D_TCP_PSH | V6D_TCP_ACK, t->tcp[OUT], buf, n);
		tape_wait(t, V6D_S(1));
	}
}

static void
test_scenes(void **state)
{
	static const struct scene scenes[] = {
		{ "SCCRP after 12 s", slow_start, 0, V6D_FACT_CONTROL_SLOW,
		    "bad start" },
		{ "OCRP after 50 s", slow_call, 0, V6D_FACT_CONTROL_SLOW,
		    "bad call" },
		{ "silent since SLI", silent_after_sli, 0,
		    V6D_FACT_CONTROL_LOST, "bad after-sli" },
		{ "SYN, long silence", syn, LONG, V6D_FACT_CONTROL_TCP,
		    "bad timeout" },
		{ "SYN, the capture ends", syn, SHORT, V6D_FACT_CONTROL_TCP,
		    "" },
		{ "SYN and RST", refused, 0, V6D_FACT_CONTROL_TCP,
		    "bad refused" },
		{ "handshake", sccrq, 0, V6D_FACT_CONTROL_TCP, "ok" },
		{ "no reply, long", sccrq, LONG, V6D_FACT_CONTROL_START,
		    "bad timeout" },
		{ "no reply yet", sccrq, SHORT, V6D_FACT_CONTROL_START, "" },
		{ "reset", sccrq_reset, 0, V6D_FACT_CONTROL_START,
		    "bad reset" },
		{ "closed", sccrq_closed, 0, V6D_FACT_CONTROL_START,
		    "bad closed" },
		{ "the client left", sccrq_left, LONG, V6D_FACT_CONTROL_START,
		    "" },
		{ "refused", start_refused, 0, V6D_FACT_CONTROL_START,
		    "bad refused" },
		{ "result 0", start_result_0, 0, V6D_FACT_CONTROL_START, "ok" },
		{ "not PPTP", not_pptp, 0, V6D_FACT_CONTROL_START,
		    "bad not-pptp" },
		{ "swallowed out", swallowed_out, 0, V6D_FACT_CONTROL_LOST,
		    "bad lost-out" },
		{ "all acknowledged", sccrq, 0, V6D_FACT_CONTROL_LOST, "ok" },
		{ "call refused", call_refused, 0, V6D_FACT_CONTROL_CALL,
		    "bad refused" },
		{ "call unanswered", call_silent, LONG, V6D_FACT_CONTROL_CALL,
		    "bad timeout" },
		{ "call not answered yet", call_silent, 0,
		    V6D_FACT_CONTROL_CALL, "" },
		{ "reply swallowed", call_reply_swallowed, 0,
		    V6D_FACT_CONTROL_LOST, "bad lost-in" },
		{ "reply swallowed, call", call_reply_swallowed, 0,
		    V6D_FACT_CONTROL_CALL, "bad timeout" },
		{ "call", tape_call, 0, V6D_FACT_CONTROL_CALL, "ok" },
		{ "hung up", hung_up, 0, V6D_FACT_CONTROL_HANGUP,
		    "bad closed" },
		{ "disconnected", disconnected, 0, V6D_FACT_CONTROL_HANGUP,
		    "bad disconnect" },
		{ "cleared by the client", cleared, 0, V6D_FACT_CONTROL_HANGUP,
		    "ok" },
		{ "control echo lost", echo_lost, LONG, V6D_FACT_CONTROL_ECHO,
		    "bad timeout" },
		{ "control echo under way", echo_lost, 0, V6D_FACT_CONTROL_ECHO,
		    "" },
	};

	(void)state;
	CHECK_SCENES(scenes);
}

static void
test_values(void **state)
{
	struct testimony w;
	struct tape t;

	(void)state;
	tape_init(&t);
	call_refused(&t);
	testify(&w, tape_play(&t), false, 0);
	assert_int_equal(number(&w, V6D_FACT_CONTROL_CALL), 4);
	tape_done(&t);

	tape_init(&t);
	hung_up(&t);
	testify(&w, tape_play(&t), false, 0);
	assert_in_range(number(&w, V6D_FACT_CONTROL_HANGUP), 70, 80);
	tape_done(&t);

	/* No router, no NAT: how soon says nothing. */
	tape_init(&t);
	neighbour_hung_up(&t);
	testify(&w, tape_play(&t), false, 0);
	assert_int_equal(number(&w, V6D_FACT_CONTROL_HANGUP), V6D_NO_VALUE);
	tape_done(&t);
}

/* That the server hung up on the call before stands until GRE comes. */
static void
test_another_call(void **state)
{
	static const struct v6d_witness_how how = {
		.live = true, .now = V6D_S(2), .again = true
	};
	static const char *const says[] = { "bad closed", "ok" };

	(void)state;
	for (unsigned gre = 0; gre < 2; gre++) {
		struct testimony w;
		struct tape t;

		tape_init(&t);
		hung_up(&t);
		testify(&w, tape_play(&t), true, V6D_S(1));
		assert_string_equal(
		    said(&w, V6D_FACT_CONTROL_HANGUP), "bad closed");
		tape_done(&t);
		tape_init(&t);
		tape_call(&t);
		if (gre)
			tape_lcp_up(&t);
		v6d_witness(tape_play(&t), &how, &w.f);
		assert_string_equal(
		    said(&w, V6D_FACT_CONTROL_HANGUP), says[gre]);
		tape_done(&t);
	}
}

/* That PAP was used is no failure, and seen where it was. */
static bool
is_failure(const struct v6d_obs *o)
{
	return o->state == V6D_BAD && o->fact != V6D_FACT_PPP_CRYPTO;
}

/* From any packet on, nothing that was not seen is said to have failed. */
static void
test_midway(void **state)
{
	struct testimony w;
	struct tape t;

	(void)state;
	tape_init(&t);
	tape_up(&t);
	for (unsigned from = 0; from < t.n; from++) {
		testify(&w, tape_play_part(&t, from, SIZE_MAX, 0), false, 0);
		for (size_t i = 0; i < w.f.n; i++)
			if (is_failure(&w.obs[i]))
				fail_msg("from packet %u: %s %s", from,
				    v6d_fact_name(w.obs[i].fact),
				    w.obs[i].word);
	}
	tape_done(&t);
}

/* Cut at any length: what was cut away is not said to have failed. */
static void
test_cut(void **state)
{
	struct testimony w;
	struct tape t;

	(void)state;
	tape_init(&t);
	tape_up(&t);
	for (uint16_t i = 0; i < 3; i++) {
		tape_echo(&t, OUT, false, i, 104);
		tape_echo(&t, IN, true, i, 104);
		tape_wait(&t, V6D_S(5));
	}
	for (size_t snap = 40; snap < 230; snap++) {
		testify(&w, tape_play_part(&t, 0, snap, LONG), false, 0);
		for (size_t i = 0; i < w.f.n; i++)
			if (is_failure(&w.obs[i]))
				fail_msg("cut to %zu: %s %s", snap,
				    v6d_fact_name(w.obs[i].fact),
				    w.obs[i].word);
	}
	tape_done(&t);
}

/* A live view stamps with the caller's time and leaves out the path. */
static void
test_live(void **state)
{
	struct testimony w;
	struct tape t;
	const struct v6d_view *v;

	(void)state;
	tape_init(&t);
	tape_up(&t);
	tape_echo(&t, OUT, false, 1, 1400);
	tape_echo(&t, IN, true, 1, 1400);
	v = tape_play(&t);
	testify(&w, v, true, t.now);
	assert_string_equal(said(&w, V6D_FACT_PPP_IPV6CP), "ok");
	assert_string_equal(said(&w, V6D_FACT_GRE_SIZE_IN), "");
	assert_string_equal(said(&w, V6D_FACT_V6_SMALL), "");
	assert_int_equal(w.obs[0].at, 0);
	testify(&w, v, false, 0);
	assert_string_equal(said(&w, V6D_FACT_GRE_SIZE_IN), "ok");
	tape_done(&t);
}

static void
test_is_session(void **state)
{
	struct tape t;

	(void)state;
	tape_init(&t);
	tape_tcp(&t, OUT, V6D_TCP_ACK, NULL, 0);
	assert_false(v6d_witness_is_session(tape_play(&t)));
	syn(&t);
	tape_play(&t);
	assert_int_equal(v6d_flow_n(t.flow), 2);
	assert_true(v6d_witness_is_session(v6d_flow_view(t.flow, 1)));
	tape_done(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scenes),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_another_call),
		cmocka_unit_test(test_midway),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_live),
		cmocka_unit_test(test_is_session),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
