/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_tunnel_auth.c - PAP and MS-CHAPv2, packet by packet. */
#include "sim/pair.h"

#include "proto/auth.h"

static const uint8_t challenge[16] = "0123456789abcdef";

/* LCP is up with that method; the server's later words are the test's. */
static enum fate
mute_after_lcp(struct pair *p, int from, bool gre, unsigned nth,
    const uint8_t *bytes, size_t len)
{
	(void)bytes, (void)len;
	return gre && from == p->victim && nth >= 2 ? DROP : DELIVER;
}

static void
authenticating(struct pair *p, int tested, unsigned method)
{
	struct v6d_session_conf c = pair_conf(V6D_ROLE_CLIENT, 7);
	struct v6d_session_conf v = pair_conf(V6D_ROLE_SERVER, method);

	pair_init(p, &c, &v);
	p->fate = mute_after_lcp;
	p->victim = !tested;
	pair_dial(p);
	pair_run(p, V6D_MS(200));
	assert_int_equal(v6d_session_state(p->end[tested]), V6D_SESSION_AUTH);
}

static void
say_value(struct pair *p, int to, uint8_t code, uint8_t id,
    const uint8_t *value, uint8_t n, const char *name)
{
	uint8_t buf[300];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	v6d_chap_encode_value(&o, code, id, value, n, name);
	p->gre_len[to] = 0;
	pair_inject(p, to, V6D_PPP_CHAP, buf, o.len);
}

static void
say_message(struct pair *p, int to, uint8_t code, uint8_t id, const char *text)
{
	uint8_t buf[300];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	v6d_chap_encode_message(&o, code, id, text);
	pair_inject(p, to, V6D_PPP_CHAP, buf, o.len);
}

static void
test_pap_client(void **state)
{
	static const uint8_t ack[] = { V6D_PAP_ACK, 1, 0, 5, 0 };
	static const uint8_t nak[] = { V6D_PAP_NAK, 1, 0, 8, 3, 'b', 'a', 'd' };
	struct pair p;

	(void)state;
	authenticating(&p, CLIENT, V6D_AUTH_PAP);
	pair_inject(&p, CLIENT, V6D_PPP_CHAP, ack, sizeof(ack)); /* strange */
	assert_int_equal(v6d_session_state(p.end[CLIENT]), V6D_SESSION_AUTH);
	pair_inject(&p, CLIENT, V6D_PPP_PAP, ack, sizeof(ack));
	assert_int_equal(v6d_session_state(p.end[CLIENT]), V6D_SESSION_NETWORK);
	pair_inject(&p, CLIENT, V6D_PPP_PAP, nak, sizeof(nak)); /* too late */
	assert_int_equal(v6d_session_state(p.end[CLIENT]), V6D_SESSION_NETWORK);
	pair_done(&p);

	authenticating(&p, CLIENT, V6D_AUTH_PAP);
	pair_inject(&p, CLIENT, V6D_PPP_PAP, nak, sizeof(nak));
	assert_int_equal(v6d_session_why(p.end[CLIENT]), V6D_WHY_AUTH_REJECTED);
	assert_int_equal(v6d_session_code(p.end[CLIENT]), 0);
	pair_done(&p);
}

/* What the client sends, it sends again every restart interval. */
static void
test_pap_request_is_repeated(void **state)
{
	struct pair p;
	unsigned sent;

	(void)state;
	authenticating(&p, CLIENT, V6D_AUTH_PAP);
	sent = p.n_gre[CLIENT];
	pair_run(&p, V6D_S(3));
	assert_true(p.n_gre[CLIENT] > sent);
	pair_done(&p);
}

static void
check_pap_server(const char *user, const char *password, uint8_t code)
{
	uint8_t buf[300];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	struct pair p;

	authenticating(&p, SERVER, V6D_AUTH_PAP);
	v6d_pap_encode_req(&o, 9, user, password);
	pair_inject(&p, SERVER, V6D_PPP_PAP, buf, o.len);
	assert_int_equal(v6d_session_why(p.end[SERVER]),
	    code == V6D_PAP_ACK ? V6D_WHY_NONE : V6D_WHY_AUTH_REJECTED);
	assert_int_equal(v6d_session_state(p.end[SERVER]),
	    code == V6D_PAP_ACK ? V6D_SESSION_NETWORK : V6D_SESSION_CLOSING);
	pair_done(&p);
}

/* Whole names and whole passwords, no beginnings. */
static void
test_pap_server(void **state)
{
	(void)state;
	check_pap_server("user@example.jp", "clientPass", V6D_PAP_ACK);
	check_pap_server("user@example.jp", "clientPas", V6D_PAP_NAK);
	check_pap_server("user@example.jp", "clientPass1", V6D_PAP_NAK);
	check_pap_server("user@example.jp", "", V6D_PAP_NAK);
	check_pap_server("user@example.j", "clientPass", V6D_PAP_NAK);
	check_pap_server("", "", V6D_PAP_NAK);
}

/* The response is right, and the same again for the same challenge. */
static void
test_chap_client_response(void **state)
{
	struct v6d_mschap m = { challenge, NULL, "user@example.jp",
		"clientPass" };
	uint8_t nt[V6D_MSCHAP_NT], first[V6D_MSCHAP_RESPONSE];
	struct v6d_session *s;
	struct pair p;

	(void)state;
	authenticating(&p, CLIENT, V6D_AUTH_MSCHAPV2);
	s = p.end[CLIENT];
	say_value(&p, CLIENT, V6D_CHAP_CHALLENGE, 5, challenge, 8, "x");
	assert_int_equal(p.gre_len[CLIENT], 0); /* not 16 bytes */
	say_value(&p, CLIENT, V6D_CHAP_CHALLENGE, 5, challenge, 16, "x");
	assert_true(p.gre_len[CLIENT] > 0);
	m.peer_challenge = s->auth.value;
	v6d_mschap_nt_response(&m, nt);
	assert_memory_equal(s->auth.value + 24, nt, sizeof(nt));
	memcpy(first, s->auth.value, sizeof(first));
	say_value(&p, CLIENT, V6D_CHAP_CHALLENGE, 5, challenge, 16, "x");
	assert_memory_equal(s->auth.value, first, sizeof(first));
	say_value(&p, CLIENT, V6D_CHAP_CHALLENGE, 6, challenge, 16, "x");
	assert_memory_not_equal(s->auth.value, first, sizeof(first));
	pair_done(&p);
}

/* A server has to prove itself; its failures have numbers. */
static void
test_chap_client_verdicts(void **state)
{
	static const struct {
		uint8_t code, id;
		const char *text; /* NULL: the right proof */
		enum v6d_session_why why;
		int number;
	} rows[] = {
		{ V6D_CHAP_SUCCESS, 5, NULL, V6D_WHY_NONE, 0 },
		{ V6D_CHAP_SUCCESS, 6, "", V6D_WHY_NONE, 0 }, /* another id */
		{ V6D_CHAP_SUCCESS, 5, "", V6D_WHY_AUTH_BAD_PEER, 0 },
		{ V6D_CHAP_SUCCESS, 5,
		    "S=0000000000000000000000000000000000000000 M=hi",
		    V6D_WHY_AUTH_BAD_PEER, 0 },
		{ V6D_CHAP_FAILURE, 5, "E=691 R=0 C=00 V=3 M=no",
		    V6D_WHY_AUTH_REJECTED, 691 },
		{ V6D_CHAP_FAILURE, 5, "E=648", V6D_WHY_AUTH_REJECTED, 648 },
		{ V6D_CHAP_FAILURE, 5, "no", V6D_WHY_AUTH_REJECTED, 0 },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(rows); i++) {
		struct v6d_session *s;
		struct pair p;

		authenticating(&p, CLIENT, V6D_AUTH_MSCHAPV2);
		s = p.end[CLIENT];
		say_message(&p, CLIENT, V6D_CHAP_SUCCESS, 0, ""); /* unasked */
		assert_int_equal(v6d_session_why(s), V6D_WHY_NONE);
		say_value(
		    &p, CLIENT, V6D_CHAP_CHALLENGE, 5, challenge, 16, "x");
		say_message(&p, CLIENT, rows[i].code, rows[i].id,
		    rows[i].text ? rows[i].text : s->auth.proof);
		assert_int_equal(v6d_session_why(s), rows[i].why);
		assert_int_equal(v6d_session_code(s), rows[i].number);
		if (!rows[i].text)
			assert_int_equal(
			    v6d_session_state(s), V6D_SESSION_NETWORK);
		pair_done(&p);
	}
}

/* Asked again in the middle of a session: answered, nothing goes down. */
static void
test_challenged_while_up(void **state)
{
	struct v6d_session_conf c = pair_conf(V6D_ROLE_CLIENT, 7);
	struct v6d_session_conf v =
	    pair_conf(V6D_ROLE_SERVER, V6D_AUTH_MSCHAPV2);
	struct pair p;

	(void)state;
	pair_connect(&p, &c, &v);
	say_value(&p, CLIENT, V6D_CHAP_CHALLENGE, 77, challenge, 16, "x");
	assert_true(p.gre_len[CLIENT] > 0);
	say_message(
	    &p, CLIENT, V6D_CHAP_SUCCESS, 77, p.end[CLIENT]->auth.proof);
	assert_int_equal(v6d_session_state(p.end[CLIENT]), V6D_SESSION_UP);
	pair_done(&p);
}

/* A right response gets the proof, twice if it comes twice. */
static void
test_chap_server(void **state)
{
	(void)state;
	for (unsigned wrong = 0; wrong < 3; wrong++) {
		uint8_t value[V6D_MSCHAP_RESPONSE] = "peer challenge..";
		struct v6d_session *s;
		struct v6d_mschap m;
		struct pair p;

		authenticating(&p, SERVER, V6D_AUTH_MSCHAPV2);
		s = p.end[SERVER];
		m = (struct v6d_mschap){ s->auth.challenge, value,
			"user@example.jp",
			wrong == 1 ? "wrong" : "clientPass" };
		v6d_mschap_nt_response(&m, value + 24);
		say_value(&p, SERVER, V6D_CHAP_RESPONSE,
		    (uint8_t)(s->auth.id + 1), value, sizeof(value), m.user);
		assert_int_equal(v6d_session_state(s), V6D_SESSION_AUTH);
		say_value(&p, SERVER, V6D_CHAP_RESPONSE, s->auth.id, value,
		    sizeof(value), wrong == 2 ? "other" : m.user);
		assert_int_equal(v6d_session_why(s),
		    wrong ? V6D_WHY_AUTH_REJECTED : V6D_WHY_NONE);
		say_value(&p, SERVER, V6D_CHAP_RESPONSE, s->auth.id, value,
		    sizeof(value), m.user);
		if (!wrong)
			assert_true(p.gre_len[SERVER] > 0);
		pair_done(&p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pap_client),
		cmocka_unit_test(test_pap_request_is_repeated),
		cmocka_unit_test(test_pap_server),
		cmocka_unit_test(test_chap_client_response),
		cmocka_unit_test(test_chap_client_verdicts),
		cmocka_unit_test(test_challenged_while_up),
		cmocka_unit_test(test_chap_server),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
