/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_tunnel_eap.c - EAP with MD5-Challenge, packet by packet. */
#include "sim/pair.h"

#include "proto/eap.h"

static enum fate
mute_after_lcp(struct pair *p, int from, bool gre, unsigned nth,
    const uint8_t *bytes, size_t len)
{
	(void)bytes, (void)len;
	return gre && from == p->victim && nth >= 2 ? DROP : DELIVER;
}

static struct v6d_session *
authenticating(struct pair *p, int tested)
{
	struct v6d_session_conf c = pair_conf(V6D_ROLE_CLIENT, V6D_AUTH_EAP);
	struct v6d_session_conf v = pair_conf(V6D_ROLE_SERVER, V6D_AUTH_EAP);

	pair_init(p, &c, &v);
	p->fate = mute_after_lcp;
	p->victim = !tested;
	pair_dial(p);
	pair_run(p, V6D_MS(200));
	assert_int_equal(v6d_session_state(p->end[tested]), V6D_SESSION_AUTH);
	return p->end[tested];
}

static const uint8_t ask_identity[] = { 1, 7, 0, 5, V6D_EAP_IDENTITY };
static const uint8_t ask_tls[] = { 1, 8, 0, 6, 13, 0x20 };
static const uint8_t ask_md5[] = { 1, 9, 0, 9, V6D_EAP_MD5, 3, 'a', 'b', 'c' };
static const uint8_t success[] = { V6D_EAP_SUCCESS, 9, 0, 4 };
static const uint8_t failure[] = { V6D_EAP_FAILURE, 9, 0, 4 };

static void
test_client(void **state)
{
	static const uint8_t identity[] = { 2, 7, 0, 20, 1, 'u', 's', 'e', 'r',
		'@', 'e', 'x', 'a', 'm', 'p', 'l', 'e', '.', 'j', 'p' };
	static const uint8_t nak[] = { 2, 8, 0, 6, V6D_EAP_NAK, V6D_EAP_MD5 };
	struct v6d_session *s;
	uint8_t md5[V6D_MD5];
	struct pair p;

	(void)state;
	s = authenticating(&p, CLIENT);
	pair_inject(&p, CLIENT, V6D_PPP_EAP, success, 4); /* of nothing */
	assert_int_equal(v6d_session_state(s), V6D_SESSION_AUTH);
	pair_expect(&p, CLIENT, V6D_PPP_EAP, ask_identity, 5, V6D_PPP_EAP,
	    identity, sizeof(identity));
	pair_expect(&p, CLIENT, V6D_PPP_EAP, ask_tls, sizeof(ask_tls),
	    V6D_PPP_EAP, nak, sizeof(nak));
	pair_inject(&p, CLIENT, V6D_PPP_EAP, ask_md5, sizeof(ask_md5));
	v6d_chap_md5(s, 9, (const uint8_t *)"abc", 3, md5);
	assert_memory_equal(s->auth.value, md5, V6D_MD5);
	pair_inject(&p, CLIENT, V6D_PPP_EAP, success, 4);
	assert_int_equal(v6d_session_state(s), V6D_SESSION_NETWORK);
	pair_done(&p);
}

/* A method that we declined is another fault than a wrong password. */
static void
test_client_failures(void **state)
{
	struct v6d_session *s;
	struct pair p;

	(void)state;
	s = authenticating(&p, CLIENT);
	pair_inject(&p, CLIENT, V6D_PPP_EAP, ask_tls, sizeof(ask_tls));
	pair_inject(&p, CLIENT, V6D_PPP_EAP, failure, 4);
	assert_int_equal(v6d_session_why(s), V6D_WHY_AUTH_METHOD);
	assert_int_equal(v6d_session_code(s), V6D_PPP_EAP);
	assert_int_equal(v6d_session_code2(s), 13);
	pair_done(&p);

	s = authenticating(&p, CLIENT);
	pair_inject(&p, CLIENT, V6D_PPP_EAP, ask_md5, sizeof(ask_md5));
	pair_inject(&p, CLIENT, V6D_PPP_EAP, failure, 4);
	assert_int_equal(v6d_session_why(s), V6D_WHY_AUTH_REJECTED);
	pair_done(&p);
}

/* The server went on: its Success was lost (RFC 3748 4.2). */
static void
test_lost_success(void **state)
{
	static const uint8_t ipv6cp[] = { 1, 1, 0, 14, 1, 10, 0, 0, 0, 0, 0, 0,
		0, 1 };
	struct v6d_session *s;
	struct pair p;

	(void)state;
	s = authenticating(&p, CLIENT);
	pair_inject(&p, CLIENT, V6D_PPP_IPV6CP, ipv6cp, sizeof(ipv6cp));
	assert_int_equal(v6d_session_state(s), V6D_SESSION_AUTH);
	pair_inject(&p, CLIENT, V6D_PPP_EAP, ask_md5, sizeof(ask_md5));
	pair_inject(&p, CLIENT, V6D_PPP_IPV6CP, ipv6cp, sizeof(ipv6cp));
	assert_int_equal(v6d_session_state(s), V6D_SESSION_NETWORK);
	pair_done(&p);
}

static void
respond(struct pair *p, struct v6d_session *s, uint8_t type, bool good)
{
	uint8_t buf[100], md5[V6D_MD5];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	v6d_chap_md5(
	    s, s->auth.id, s->auth.challenge, s->auth.challenge_len, md5);
	md5[0] ^= !good;
	if (type == V6D_EAP_MD5)
		v6d_eap_encode_md5(&o, V6D_EAP_RESPONSE, s->auth.id, md5,
		    V6D_MD5, "user@example.jp");
	else
		v6d_eap_encode(
		    &o, V6D_EAP_RESPONSE, s->auth.id, type, "\x0d", 1);
	pair_inject(p, SERVER, V6D_PPP_EAP, buf, o.len);
}

static void
test_server(void **state)
{
	static const struct {
		uint8_t type;
		bool good;
		enum v6d_session_why why;
	} t[] = {
		{ V6D_EAP_MD5, true, V6D_WHY_NONE },
		{ V6D_EAP_MD5, false, V6D_WHY_AUTH_REJECTED },
		{ V6D_EAP_NAK, true, V6D_WHY_AUTH_METHOD },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		struct v6d_session *s;
		struct pair p;

		s = authenticating(&p, SERVER);
		respond(&p, s, V6D_EAP_MD5, true); /* not asked for yet */
		assert_int_equal(v6d_session_state(s), V6D_SESSION_AUTH);
		respond(&p, s, V6D_EAP_IDENTITY, true);
		assert_true(s->auth.named);
		respond(&p, s, t[i].type, t[i].good);
		assert_int_equal(v6d_session_why(s), t[i].why);
		assert_int_equal(v6d_session_state(s) == V6D_SESSION_NETWORK,
		    t[i].why == V6D_WHY_NONE);
		pair_done(&p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_client),
		cmocka_unit_test(test_client_failures),
		cmocka_unit_test(test_lost_success),
		cmocka_unit_test(test_server),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
