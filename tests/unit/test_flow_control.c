/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_flow_control.c - the control connection from segments of any kind. */
#include "flow_help.h"

#define PUSH (V6D_TCP_PSH | V6D_TCP_ACK)

static void
check_call(const struct v6d_view *v)
{
	const struct v6d_view_control *c = &v->control;

	assert_non_null(v);
	assert_int_equal(v6d_view_msg(c, OUT, V6D_PPTP_SCCRQ)->n, 1);
	assert_int_equal(v6d_view_msg(c, IN, V6D_PPTP_SCCRP)->n, 1);
	assert_int_equal(v6d_view_msg(c, OUT, V6D_PPTP_OCRQ)->n, 1);
	assert_int_equal(v6d_view_msg(c, IN, V6D_PPTP_OCRP)->n, 1);
	assert_int_equal(c->call_id[IN], CLIENT_ID);
	assert_int_equal(c->call_id[OUT], SERVER_ID);
	assert_true(c->call_up != V6D_NEVER);
	assert_false(c->not_pptp[IN] || c->not_pptp[OUT]);
}

static void
test_whole(void **state)
{
	struct tape t;
	const struct v6d_view *v;

	(void)state;
	tape_init(&t);
	tape_call(&t);
	v = tape_play(&t);
	check_call(v);
	assert_int_equal(v->tcp.n_syn, 1);
	assert_int_equal(v->tcp.bytes[OUT], 156 + 168);
	assert_int_equal(v->tcp.bytes[IN], 156 + 32);
	assert_int_equal(v->tcp.n_split[OUT] + v->tcp.n_joined[OUT], 0);
	assert_false(v->tcp.midway || v->tcp.unacked[OUT]);
	tape_done(&t);
}

/* Both requests of the client in one stream, split at `at`. */
static void
both_requests(uint8_t *buf, size_t *ret_n)
{
	struct v6d_pptp a = message(V6D_PPTP_SCCRQ);
	struct v6d_pptp b = message(V6D_PPTP_OCRQ);

	*ret_n = encode_message(&a, buf, 156);
	*ret_n += encode_message(&b, buf + *ret_n, 168);
}

static void
test_split_at_every_byte(void **state)
{
	uint8_t buf[156 + 168];
	size_t n;

	(void)state;
	both_requests(buf, &n);
	for (size_t at = 0; at <= n; at++) {
		struct tape t;
		const struct v6d_view *v;

		tape_init(&t);
		tape_handshake(&t);
		tape_tcp(&t, OUT, PUSH, buf, at);
		tape_tcp(&t, OUT, PUSH, buf + at, n - at);
		tape_type(&t, IN, V6D_PPTP_SCCRP);
		tape_type(&t, IN, V6D_PPTP_OCRP);
		v = tape_play(&t);
		check_call(v);
		assert_int_equal(
		    v->tcp.n_split[OUT], at > 0 && at < n && at != 156);
		assert_int_equal(v->tcp.n_joined[OUT], at != 156);
		tape_done(&t);
	}
}

/* Segments again, overlapping, in the wrong order: the same messages. */
static void
test_disorder(void **state)
{
	uint8_t buf[156 + 168];
	size_t n;

	(void)state;
	both_requests(buf, &n);
	for (size_t at = 1; at < n; at++) {
		struct tape t;
		uint32_t seq;
		const struct v6d_view *v;

		tape_init(&t);
		tape_handshake(&t);
		seq = t.tcp[OUT];
		tape_segment(
		    &t, OUT, PUSH, seq + (uint32_t)at, buf + at, n - at);
		tape_segment(&t, OUT, PUSH, seq, buf, at);
		tape_segment(&t, OUT, PUSH, seq, buf, n); /* again, whole */
		tape_segment(&t, OUT, PUSH, seq + (uint32_t)at / 2,
		    buf + at / 2, n - at / 2);
		t.tcp[OUT] = seq + (uint32_t)n;
		tape_type(&t, IN, V6D_PPTP_SCCRP);
		tape_type(&t, IN, V6D_PPTP_OCRP);
		v = tape_play(&t);
		check_call(v);
		assert_int_equal(v->tcp.bytes[OUT], n);
		assert_true(v->tcp.n_again[OUT] >= 2);
		tape_done(&t);
	}
}

/* What the receiver acknowledged and the capture lost is passed over. */
static void
test_lost_by_capture(void **state)
{
	struct tape t;
	const struct v6d_view *v;

	(void)state;
	tape_init(&t);
	tape_handshake(&t);
	tape_type(&t, OUT, V6D_PPTP_SCCRQ);
	t.tcp[IN] += 156; /* the reply, never captured */
	tape_type(&t, OUT, V6D_PPTP_OCRQ);
	tape_type(&t, IN, V6D_PPTP_OCRP);
	tape_tcp(&t, OUT, V6D_TCP_ACK, NULL, 0);
	v = tape_play(&t);
	assert_int_equal(v6d_view_msg(&v->control, IN, V6D_PPTP_SCCRP)->n, 0);
	assert_int_equal(v6d_view_msg(&v->control, IN, V6D_PPTP_OCRP)->n, 1);
	assert_int_equal(v->tcp.missing[IN], 156);
	assert_int_equal(v->tcp.swallowed[IN], 0);
	tape_done(&t);
}

/* What was sent before the FIN and never acknowledged was lost on the way. */
static void
test_swallowed(void **state)
{
	struct tape t;
	const struct v6d_view *v;

	(void)state;
	tape_init(&t);
	tape_handshake(&t);
	tape_type(&t, OUT, V6D_PPTP_SCCRQ);
	tape_type(&t, IN, V6D_PPTP_SCCRP);
	tape_type(&t, OUT, V6D_PPTP_OCRQ);
	tape_segment(
	    &t, IN, V6D_TCP_FIN | V6D_TCP_ACK, t.tcp[IN] + 32, NULL, 0);
	tape_tcp(&t, OUT, V6D_TCP_ACK, NULL, 0);
	v = tape_play(&t);
	assert_int_equal(v->tcp.swallowed[IN], 32);
	assert_int_equal(v6d_view_msg(&v->control, IN, V6D_PPTP_OCRP)->n, 0);
	tape_done(&t);
}

static void
test_not_pptp(void **state)
{
	static const char http[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
	struct tape t;
	const struct v6d_view *v;

	(void)state;
	tape_init(&t);
	tape_handshake(&t);
	tape_type(&t, OUT, V6D_PPTP_SCCRQ);
	tape_tcp(&t, IN, PUSH, (const uint8_t *)http, sizeof(http) - 1);
	v = tape_play(&t);
	assert_true(v->control.not_pptp[IN]);
	assert_false(v->control.not_pptp[OUT]);
	assert_memory_equal(v->control.not_pptp_text, http, 16);
	tape_done(&t);
}

/* From any packet on: never more than was there, ids where they can be. */
static void
test_from_the_middle(void **state)
{
	struct tape t;

	(void)state;
	tape_init(&t);
	tape_call(&t);
	for (unsigned from = 0; from < t.n; from++) {
		const struct v6d_view *v =
		    tape_play_part(&t, from, SIZE_MAX, 0);

		assert_int_equal(v6d_flow_n(t.flow), 1);
		assert_int_equal(v->tcp.midway, from > 1);
		assert_int_equal(v->control.call_up != V6D_NEVER, from < 7);
		assert_false(v->control.not_pptp[IN]);
	}
	tape_done(&t);
}

/* Cut at any length: nothing is malformed, nothing is invented. */
static void
test_snap(void **state)
{
	struct tape t;

	(void)state;
	tape_init(&t);
	tape_call(&t);
	for (size_t snap = 0; snap < 240; snap++) {
		const struct v6d_view *v = tape_play_part(&t, 0, snap, 0);

		if (!v)
			continue;
		assert_true(snap >= 40);
		assert_false(
		    v->control.not_pptp[IN] || v->control.not_pptp[OUT]);
		assert_true(
		    v6d_view_msg(&v->control, IN, V6D_PPTP_OCRP)->n <= 1);
		if (snap >= 40 + 32 && v->control.call_up != V6D_NEVER)
			assert_int_equal(v->control.call_id[OUT], SERVER_ID);
	}
	tape_done(&t);
}

static void
test_echo(void **state)
{
	struct tape t;
	const struct v6d_view *v;

	(void)state;
	tape_init(&t);
	tape_call(&t);
	tape_type(&t, OUT, V6D_PPTP_ECHORQ);
	tape_type(&t, IN, V6D_PPTP_ECHORP);
	tape_type(&t, OUT, V6D_PPTP_ECHORQ);
	tape_type(&t, OUT, V6D_PPTP_ECHORQ);
	v = tape_play(&t);
	assert_int_equal(v->control.n_echo_lost[OUT], 2);
	assert_int_equal(v->control.n_echo_lost[IN], 0);
	tape_done(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_split_at_every_byte),
		cmocka_unit_test(test_disorder),
		cmocka_unit_test(test_lost_by_capture),
		cmocka_unit_test(test_swallowed),
		cmocka_unit_test(test_not_pptp),
		cmocka_unit_test(test_from_the_middle),
		cmocka_unit_test(test_snap),
		cmocka_unit_test(test_echo),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
