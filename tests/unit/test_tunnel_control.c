/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_tunnel_control.c - the PPTP control connection of both roles. */
#include "sim/pair.h"

/* One end alone; what it sends is looked at, not delivered. */
struct bench {
	struct v6d_session *s;
	struct v6d_pptp last; /* message sent */
	unsigned sent, closed, dead;
};

static void
drain(struct bench *b)
{
	const struct v6d_session_act *a;

	while ((a = v6d_session_take(b->s)) != NULL) {
		struct v6d_wire w = v6d_wire_from(a->bytes, a->len, a->len);

		b->closed += a->kind == V6D_ACT_TCP_CLOSE;
		b->dead += a->kind == V6D_ACT_DEAD;
		if (a->kind != V6D_ACT_TCP_SEND)
			continue;
		b->sent++;
		assert_int_equal(v6d_pptp_decode(&w, &b->last), V6D_WIRE_OK);
		assert_int_equal(b->last.length, a->len);
	}
}

static void
feed(struct bench *b, enum v6d_session_ev ev, const void *p, size_t n,
    v6d_ns now)
{
	v6d_session_feed(b->s, ev, p, n, 0, now);
	drain(b);
}

static void
hear(struct bench *b, const struct v6d_pptp *m)
{
	uint8_t buf[V6D_PPTP_MAX];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	v6d_pptp_encode(&o, m);
	assert_false(o.full);
	feed(b, V6D_EV_TCP_BYTES, buf, o.len, V6D_S(1));
}

static struct bench
begin(enum v6d_role role)
{
	struct v6d_session_conf c = pair_conf(role, V6D_AUTH_PAP);
	struct bench b = { .s = v6d_session_init(
			       malloc(v6d_session_size()), &c) };

	feed(&b, V6D_EV_START, NULL, 0, V6D_S(1));
	feed(&b, V6D_EV_TCP_UP, NULL, 0, V6D_S(1));
	return b;
}

static void
end(struct bench *b)
{
	free(b->s);
}

static const struct v6d_pptp sccrp = {
	.type = V6D_PPTP_SCCRP, .version = 0x0100, .result = 1
};
static const struct v6d_pptp ocrp = {
	.type = V6D_PPTP_OCRP, .call_id = 7, .peer_call_id = 0x1234, .result = 1
};

static struct bench
client_with_call(void)
{
	struct bench b = begin(V6D_ROLE_CLIENT);

	hear(&b, &sccrp);
	hear(&b, &ocrp);
	assert_int_equal(v6d_session_state(b.s), V6D_SESSION_LCP);
	return b;
}

static void
test_client_dials(void **state)
{
	struct bench b = begin(V6D_ROLE_CLIENT);

	(void)state;
	assert_int_equal(b.last.type, V6D_PPTP_SCCRQ);
	assert_int_equal(b.last.version, 0x0100);
	hear(&b, &sccrp);
	assert_int_equal(b.last.type, V6D_PPTP_OCRQ);
	assert_int_equal(b.last.call_id, 0x1234);
	assert_int_equal(b.last.window, 64);
	hear(&b, &ocrp);
	assert_int_equal(b.sent, 2);
	assert_int_equal(v6d_session_peer_call_id(b.s), 7);
	end(&b);
}

/* Some modems say 0 for success in the first reply. */
static void
test_results(void **state)
{
	(void)state;
	for (uint8_t result = 0; result < 8; result++) {
		struct bench b = begin(V6D_ROLE_CLIENT);
		struct v6d_pptp m = sccrp;

		m.result = result;
		hear(&b, &m);
		assert_int_equal(b.dead, result > 1);
		assert_int_equal(
		    v6d_session_code(b.s), result > 1 ? result : 0);
		end(&b);

		b = begin(V6D_ROLE_CLIENT);
		hear(&b, &sccrp);
		m = ocrp;
		m.result = result;
		m.error = 4;
		hear(&b, &m);
		assert_int_equal(b.dead, result != 1);
		if (b.dead) {
			assert_int_equal(
			    v6d_session_why(b.s), V6D_WHY_CALL_REFUSED);
			assert_int_equal(v6d_session_code(b.s), result);
			assert_int_equal(v6d_session_code2(b.s), 4);
		}
		end(&b);
	}
}

static void
test_reply_to_another_call(void **state)
{
	struct bench b = begin(V6D_ROLE_CLIENT);
	struct v6d_pptp m = ocrp;

	(void)state;
	hear(&b, &sccrp);
	m.peer_call_id = 0x4321;
	hear(&b, &m);
	assert_int_equal(v6d_session_state(b.s), V6D_SESSION_WAIT_CALL);
	end(&b);
}

/* Messages that belong to another state or role change nothing. */
static void
test_out_of_place(void **state)
{
	(void)state;
	for (uint16_t type = 1; type <= 15; type++) {
		struct bench b = client_with_call();
		struct v6d_pptp m = { .type = type, .result = 1 };
		bool ends = type == V6D_PPTP_STOPCCRQ;

		if (type == V6D_PPTP_CDN)
			m.call_id = 0x9999; /* nobody's */
		hear(&b, &m);
		assert_int_equal(b.dead, ends);
		end(&b);
	}
}

static void
test_echo_is_answered(void **state)
{
	struct v6d_pptp m = { .type = V6D_PPTP_ECHORQ, .echo_id = 0xabcdef01 };
	struct bench b = client_with_call();

	(void)state;
	hear(&b, &m);
	assert_int_equal(b.last.type, V6D_PPTP_ECHORP);
	assert_int_equal(b.last.echo_id, 0xabcdef01);
	assert_int_equal(b.last.result, 1);
	end(&b);
}

/* Asked after 60 s of silence; any message is a sign of life. */
static void
test_own_echo(void **state)
{
	struct v6d_pptp reply = { .type = V6D_PPTP_ECHORP, .result = 1 };
	struct bench b = begin(V6D_ROLE_CLIENT);

	(void)state;
	b.s->conf.step_timeout = V6D_S(1000);
	hear(&b, &sccrp);
	feed(&b, V6D_EV_TICK, NULL, 0, V6D_S(60));
	assert_int_equal(b.last.type, V6D_PPTP_OCRQ);
	feed(&b, V6D_EV_TICK, NULL, 0, V6D_S(61));
	assert_int_equal(b.last.type, V6D_PPTP_ECHORQ);
	reply.echo_id = b.last.echo_id;
	hear(&b, &reply);
	feed(&b, V6D_EV_TICK, NULL, 0, V6D_S(121));
	assert_int_equal(b.last.type, V6D_PPTP_ECHORQ);
	assert_int_equal(b.dead, 0);
	feed(&b, V6D_EV_TICK, NULL, 0, V6D_S(181));
	assert_int_equal(v6d_session_why(b.s), V6D_WHY_ECHO_LOST);
	end(&b);
}

/* The last Set-Link-Info that passed, and how many did, by who sent them. */
static struct {
	struct v6d_pptp last;
	unsigned n[2];
} link_info;

static enum fate
see_link_info(struct pair *p, int from, bool gre, unsigned nth,
    const uint8_t *bytes, size_t len)
{
	struct v6d_wire w = v6d_wire_from(bytes, len, len);
	struct v6d_pptp m;

	(void)p, (void)nth;
	if (!gre && len > 0 && v6d_pptp_decode(&w, &m) == V6D_WIRE_OK &&
	    m.type == V6D_PPTP_SLI) {
		link_info.last = m;
		link_info.n[from]++;
	}
	return DELIVER;
}

static void
test_link_info(void **state)
{
	struct v6d_session_conf c = pair_conf(V6D_ROLE_CLIENT, V6D_AUTH_PAP);
	struct v6d_session_conf v = pair_conf(V6D_ROLE_SERVER, V6D_AUTH_PAP);
	struct pair p;

	(void)state;
	memset(&link_info, 0, sizeof(link_info));
	pair_init(&p, &c, &v);
	p.fate = see_link_info;
	pair_dial(&p);
	pair_run(&p, V6D_S(2));
	assert_int_equal(v6d_session_state(p.end[CLIENT]), V6D_SESSION_UP);
	assert_int_equal(link_info.n[CLIENT], 1);
	assert_int_equal(link_info.n[SERVER], 0);
	assert_int_equal(
	    link_info.last.peer_call_id, v6d_session_call_id(p.end[SERVER]));
	assert_int_equal(link_info.last.send_accm, 0xffffffff);
	assert_int_equal(link_info.last.recv_accm, 0xffffffff);
	pair_done(&p);
}

/* One at a time; its reply is told, another's is not. */
static void
test_echo_on_demand(void **state)
{
	struct v6d_session_conf c = pair_conf(V6D_ROLE_CLIENT, V6D_AUTH_PAP);
	struct v6d_session_conf v = pair_conf(V6D_ROLE_SERVER, V6D_AUTH_PAP);
	struct v6d_pptp other = { .type = V6D_PPTP_ECHORP, .echo_id = 99 };
	uint8_t buf[V6D_PPTP_MAX];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	struct pair p;

	(void)state;
	pair_connect(&p, &c, &v);
	assert_int_equal(p.control_echoes[CLIENT], 0);
	assert_true(v6d_session_control_echo(p.end[CLIENT], p.now));
	assert_true(v6d_session_control_echo(p.end[CLIENT], p.now));
	pair_feed(&p, CLIENT, V6D_EV_TICK, NULL, 0, 0);
	pair_run(&p, V6D_S(1));
	assert_int_equal(p.control_echoes[CLIENT], 1);
	v6d_pptp_encode(&o, &other);
	pair_feed(&p, CLIENT, V6D_EV_TCP_BYTES, buf, o.len, 0);
	assert_int_equal(p.control_echoes[CLIENT], 1);
	pair_feed(&p, CLIENT, V6D_EV_STOP, NULL, 0, 0);
	assert_false(v6d_session_control_echo(p.end[CLIENT], p.now));
	pair_done(&p);
}

/* The RFC wants the sender's id there; others put the receiver's. */
static void
test_disconnect_with_either_id(void **state)
{
	static const uint16_t ids[] = { 7, 0x1234 };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct bench b = client_with_call();
		struct v6d_pptp m = { .type = V6D_PPTP_CDN,
			.call_id = ids[i],
			.result = 3,
			.error = 6 };

		hear(&b, &m);
		assert_int_equal(v6d_session_why(b.s), V6D_WHY_DISCONNECTED);
		assert_int_equal(v6d_session_failed_in(b.s), V6D_SESSION_LCP);
		assert_int_equal(v6d_session_code(b.s), 3);
		assert_int_equal(v6d_session_code2(b.s), 6);
		assert_int_equal(b.last.type, V6D_PPTP_STOPCCRQ);
		assert_int_equal(b.closed, 1);
		end(&b);
	}
}

static void
test_stop_is_answered(void **state)
{
	struct v6d_pptp m = { .type = V6D_PPTP_STOPCCRQ, .result = 3 };
	struct bench b = client_with_call();

	(void)state;
	hear(&b, &m);
	assert_int_equal(b.last.type, V6D_PPTP_STOPCCRP);
	assert_int_equal(v6d_session_why(b.s), V6D_WHY_STOP_RECEIVED);
	assert_int_equal(v6d_session_code(b.s), 3);
	assert_int_equal(b.closed, 1);
	end(&b);
}

static void
test_not_pptp(void **state)
{
	static const char http[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
	struct bench b = begin(V6D_ROLE_CLIENT);

	(void)state;
	feed(&b, V6D_EV_TCP_BYTES, http, sizeof(http) - 1, V6D_S(1));
	assert_int_equal(v6d_session_why(b.s), V6D_WHY_NOT_PPTP);
	assert_int_equal(v6d_session_failed_in(b.s), V6D_SESSION_WAIT_START);
	assert_int_equal(b.closed, 1);
	assert_int_equal(b.sent, 1);
	end(&b);
}

static const struct v6d_pptp sccrq = { .type = V6D_PPTP_SCCRQ,
	.version = 0x0100 };
static const struct v6d_pptp ocrq = {
	.type = V6D_PPTP_OCRQ, .call_id = 0, .max_bps = 300, .window = 9
};

static void
test_server_answers(void **state)
{
	struct bench b = begin(V6D_ROLE_SERVER);

	(void)state;
	assert_int_equal(b.sent, 0);
	hear(&b, &ocrq); /* too early: not answered */
	assert_int_equal(b.sent, 0);
	hear(&b, &sccrq);
	assert_int_equal(b.last.type, V6D_PPTP_SCCRP);
	assert_int_equal(b.last.result, 1);
	hear(&b, &ocrq);
	assert_int_equal(b.last.type, V6D_PPTP_OCRP);
	assert_int_equal(b.last.call_id, 0x80);
	assert_int_equal(b.last.peer_call_id, 0);
	assert_int_equal(b.last.window, 9);
	assert_int_equal(v6d_session_state(b.s), V6D_SESSION_LCP);
	hear(&b, &ocrq); /* a second call */
	assert_int_equal(b.last.result, 4);
	assert_int_equal(v6d_session_state(b.s), V6D_SESSION_LCP);
	end(&b);
}

static void
test_server_refuses_version(void **state)
{
	struct v6d_pptp m = { .type = V6D_PPTP_SCCRQ, .version = 0x0200 };
	struct bench b = begin(V6D_ROLE_SERVER);

	(void)state;
	hear(&b, &m);
	assert_int_equal(b.last.result, 5);
	assert_int_equal(v6d_session_why(b.s), V6D_WHY_START_REFUSED);
	end(&b);
}

/* The server disconnects, and lets the client stop in order. */
static void
test_server_clears(void **state)
{
	struct v6d_pptp clear = { .type = V6D_PPTP_CCR };
	struct v6d_pptp stop = { .type = V6D_PPTP_STOPCCRQ, .result = 1 };
	struct bench b = begin(V6D_ROLE_SERVER);

	(void)state;
	hear(&b, &sccrq);
	hear(&b, &ocrq);
	hear(&b, &clear);
	assert_int_equal(b.last.type, V6D_PPTP_CDN);
	assert_int_equal(b.last.result, 4);
	assert_int_equal(v6d_session_state(b.s), V6D_SESSION_CLOSING);
	b.sent = 0;
	hear(&b, &clear); /* there is no call any more, and no new one */
	hear(&b, &ocrq);
	assert_int_equal(b.sent, 0);
	hear(&b, &stop);
	assert_int_equal(b.last.type, V6D_PPTP_STOPCCRP);
	assert_int_equal(b.dead, 1);
	assert_int_equal(v6d_session_why(b.s), V6D_WHY_DISCONNECTED);
	end(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_client_dials),
		cmocka_unit_test(test_results),
		cmocka_unit_test(test_reply_to_another_call),
		cmocka_unit_test(test_out_of_place),
		cmocka_unit_test(test_echo_is_answered),
		cmocka_unit_test(test_own_echo),
		cmocka_unit_test(test_link_info),
		cmocka_unit_test(test_echo_on_demand),
		cmocka_unit_test(test_disconnect_with_either_id),
		cmocka_unit_test(test_stop_is_answered),
		cmocka_unit_test(test_not_pptp),
		cmocka_unit_test(test_server_answers),
		cmocka_unit_test(test_server_refuses_version),
		cmocka_unit_test(test_server_clears),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
