/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_tunnel_chap.c - CHAP with MD5, packet by packet. */
#include "sim/pair.h"

#include "proto/auth.h"

/* LCP is up with CHAP; the other end's later words are the test's. */
static enum fate
mute_after_lcp(struct pair *p, int from, bool gre, unsigned nth,
    const uint8_t *bytes, size_t len)
{
	(void)bytes, (void)len;
	return gre && from == p->victim && nth >= 2 ? DROP : DELIVER;
}

static void
authenticating(struct pair *p, int tested)
{
	struct v6d_session_conf c = pair_conf(V6D_ROLE_CLIENT, V6D_AUTH_CHAP);
	struct v6d_session_conf v = pair_conf(V6D_ROLE_SERVER, V6D_AUTH_CHAP);

	memcpy(c.password, "secret", 7);
	memcpy(v.password, "secret", 7);
	pair_init(p, &c, &v);
	p->fate = mute_after_lcp;
	p->victim = !tested;
	pair_dial(p);
	pair_run(p, V6D_MS(200));
	assert_int_equal(v6d_session_state(p->end[tested]), V6D_SESSION_AUTH);
}

/* MD5 of 05, "secret", "abc", as other programs compute it. */
static const uint8_t abc[V6D_MD5] = { 0xdf, 0x6b, 0xff, 0xe1, 0x2a, 0xe4, 0x86,
	0x48, 0x32, 0x47, 0x6f, 0xf4, 0xc0, 0xa1, 0x70, 0x34 };

static void
say(struct pair *p, int to, uint8_t code, uint8_t id, const uint8_t *value,
    uint8_t n, const char *name)
{
	uint8_t buf[300];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	if (name)
		v6d_chap_encode_value(&o, code, id, value, n, name);
	else
		v6d_chap_encode_message(&o, code, id, "");
	p->gre_len[to] = 0;
	pair_inject(p, to, V6D_PPP_CHAP, buf, o.len);
}

/* A challenge of any length is answered; Success needs no proof. */
static void
test_client(void **state)
{
	struct v6d_session *s;
	struct pair p;

	(void)state;
	authenticating(&p, CLIENT);
	s = p.end[CLIENT];
	say(&p, CLIENT, V6D_CHAP_SUCCESS, 5, NULL, 0, NULL); /* too early */
	say(&p, CLIENT, V6D_CHAP_CHALLENGE, 5, (const uint8_t *)"", 0, "x");
	assert_false(s->auth.responded);
	say(&p, CLIENT, V6D_CHAP_CHALLENGE, 5, (const uint8_t *)"abc", 3, "x");
	assert_int_equal(s->auth.value_len, V6D_MD5);
	assert_memory_equal(s->auth.value, abc, V6D_MD5);
	say(&p, CLIENT, V6D_CHAP_SUCCESS, 6, NULL, 0, NULL); /* not for us */
	assert_int_equal(v6d_session_state(s), V6D_SESSION_AUTH);
	say(&p, CLIENT, V6D_CHAP_SUCCESS, 5, NULL, 0, NULL);
	assert_int_equal(v6d_session_state(s), V6D_SESSION_NETWORK);
	pair_done(&p);
}

static void
test_server(void **state)
{
	static const struct {
		const char *name;
		uint8_t n, spoil;
		enum v6d_session_state then;
	} t[] = {
		{ "user@example.jp", V6D_MD5, 0, V6D_SESSION_NETWORK },
		{ "user@example.j", V6D_MD5, 0, V6D_SESSION_CLOSING },
		{ "user@example.jp", V6D_MD5, 1, V6D_SESSION_CLOSING },
		{ "user@example.jp", V6D_MD5 - 1, 0, V6D_SESSION_AUTH },
		{ "user@example.jp", V6D_MSCHAP_RESPONSE, 0, V6D_SESSION_AUTH },
	};

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(t); i++) {
		uint8_t value[V6D_MSCHAP_RESPONSE] = { 0 };
		struct v6d_session *s;
		struct pair p;

		authenticating(&p, SERVER);
		s = p.end[SERVER];
		v6d_chap_md5(s, s->auth.id, s->auth.challenge,
		    s->auth.challenge_len, value);
		value[0] ^= t[i].spoil;
		say(&p, SERVER, V6D_CHAP_RESPONSE, s->auth.id, value, t[i].n,
		    t[i].name);
		assert_int_equal(v6d_session_state(s), t[i].then);
		pair_done(&p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_client),
		cmocka_unit_test(test_server),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
