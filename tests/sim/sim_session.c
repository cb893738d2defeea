/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sim_session.c - whole sessions in virtual time: the ways up, and down. */
#include "sim/pair.h"

static const unsigned auths[] = { V6D_AUTH_NONE, V6D_AUTH_PAP,
	V6D_AUTH_MSCHAPV2, V6D_AUTH_CHAP, V6D_AUTH_EAP };

static struct v6d_session_conf
client(void)
{
	return pair_conf(V6D_ROLE_CLIENT, V6D_AUTH_NONE | V6D_AUTH_ANY);
}

static struct v6d_session_conf
server(unsigned auth)
{
	return pair_conf(V6D_ROLE_SERVER, auth);
}

/* Both ends agree about everything that they have agreed upon. */
static void
check_agreement(const struct pair *p)
{
	const struct v6d_session *c = p->end[CLIENT], *v = p->end[SERVER];

	assert_int_equal(p->up[CLIENT], 1);
	assert_int_equal(p->up[SERVER], 1);
	assert_memory_equal(v6d_session_ifid(c), v6d_session_peer_ifid(v), 8);
	assert_memory_equal(v6d_session_ifid(v), v6d_session_peer_ifid(c), 8);
	assert_memory_not_equal(v6d_session_ifid(c), v6d_session_ifid(v), 8);
	assert_int_equal(v6d_session_call_id(c), v6d_session_peer_call_id(v));
	assert_int_equal(v6d_session_call_id(v), v6d_session_peer_call_id(c));
}

static void
check_connects(
    const struct v6d_session_conf *c, const struct v6d_session_conf *v)
{
	struct pair p;

	pair_connect(&p, c, v);
	check_agreement(&p);
	pair_done(&p);
}

static void
test_each_authentication(void **state)
{
	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(auths); i++) {
		struct v6d_session_conf c = client(), v = server(auths[i]);

		check_connects(&c, &v);
		v.server.silent = true;
		check_connects(&c, &v);
	}
}

static void
test_call_ids_and_sequence_starts(void **state)
{
	static const uint16_t ids[] = { 0, 1, 0xffff };

	(void)state;
	for (unsigned i = 0; i < 3 * 3 * 4; i++) {
		struct v6d_session_conf c = client(), v = server(V6D_AUTH_PAP);

		c.call_id = ids[i % 3];
		v.call_id = ids[i / 3 % 3];
		c.first_seq = i / 9 % 2;
		v.first_seq = i / 18;
		check_connects(&c, &v);
	}
}

/* RFC 2637 4: 32-bit numbers wrap; an odd start is no reason to refuse. */
static void
test_sequence_wraps(void **state)
{
	struct v6d_session_conf c = client(), v = server(V6D_AUTH_MSCHAPV2);

	(void)state;
	c.first_seq = UINT32_MAX - 2;
	v.first_seq = UINT32_MAX - 3;
	check_connects(&c, &v);
}

static void
test_milestones_are_in_order(void **state)
{
	struct v6d_session_conf c = client(), v = server(V6D_AUTH_MSCHAPV2);
	const struct v6d_session_times *t;
	struct pair p;

	(void)state;
	pair_connect(&p, &c, &v);
	t = v6d_session_times(p.end[CLIENT]);
	assert_true(t->start < t->tcp && t->tcp < t->sccrp);
	assert_true(t->sccrp < t->ocrp && t->ocrp <= t->first_gre);
	assert_true(t->first_gre <= t->lcp && t->lcp < t->auth);
	assert_true(t->auth <= t->ipv6cp && t->ipv6cp != V6D_NEVER);
	pair_done(&p);
}

/* From Outgoing-Call-Reply to IPv6: three round trips with PAP, not five. */
static void
test_requests_share_flights(void **state)
{
	struct v6d_session_conf c = client(), v = server(V6D_AUTH_PAP);
	const struct v6d_session_times *t;
	struct pair p;

	(void)state;
	pair_connect(&p, &c, &v);
	t = v6d_session_times(p.end[CLIENT]);
	assert_true(t->ipv6cp - t->ocrp <= 2 * 2 * PAIR_LATENCY);
	pair_done(&p);
}

/* Address, control and protocol fields left out in every combination. */
static bool squeeze_address, squeeze_protocol;

static void
squeeze(struct pair *p, int from, uint8_t *b, size_t *len)
{
	size_t h = 8 + (b[0] & 0x10 ? 4u : 0u) + (b[1] & 0x80 ? 4u : 0u);
	size_t cut = 0;

	(void)p;
	if (from != SERVER || *len < h + 4)
		return;
	if (squeeze_protocol && b[h + 2] == 0) {
		b[h + 2] = b[h + 1];
		b[h + 1] = b[h];
		cut = 1;
	}
	if (squeeze_address)
		cut += 2;
	memmove(b + h, b + h + cut, *len - h - cut);
	*len -= cut;
	b[4] = (uint8_t)((*len - h) >> 8);
	b[5] = (uint8_t)(*len - h);
}

static void
test_compressed_fields(void **state)
{
	uint8_t packet[40] = { 0x60 };

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		struct v6d_session_conf c = client(), v = server(V6D_AUTH_PAP);
		struct pair p;

		squeeze_address = i & 1;
		squeeze_protocol = i & 2;
		pair_init(&p, &c, &v);
		p.mangle = squeeze;
		pair_dial(&p);
		pair_run(&p, V6D_S(1));
		check_agreement(&p);
		packet[39] = (uint8_t)i;
		pair_feed(&p, SERVER, V6D_EV_TUN, packet, 40, 0);
		pair_run(&p, V6D_S(1));
		assert_int_equal(p.tun[CLIENT], 1);
		assert_memory_equal(p.tun_data[CLIENT], packet, 40);
		pair_done(&p);
	}
}

/* The first LCP frame by GRE may be there before the reply by TCP. */
static void
test_frame_overtakes_call_reply(void **state)
{
	struct v6d_session_conf c = client(), v = server(V6D_AUTH_PAP);
	struct pair p;

	(void)state;
	pair_init(&p, &c, &v);
	pair_dial(&p);
	while (v6d_session_state(p.end[SERVER]) != V6D_SESSION_LCP)
		assert_true(pair_step(&p, V6D_NEVER));
	for (unsigned i = 0; i < p.n_flight; i++)
		if (p.flight[i].to == CLIENT &&
		    p.flight[i].ev == V6D_EV_TCP_BYTES)
			p.flight[i].at += V6D_MS(20);
	while (p.end[CLIENT]->carrier.early_len == 0)
		assert_true(pair_step(&p, V6D_S(2)));
	pair_run(&p, V6D_S(1));
	check_agreement(&p);
	pair_done(&p);
}

static void
test_ipcp_offered(void **state)
{
	struct v6d_session_conf c = client(), v = server(V6D_AUTH_PAP);

	(void)state;
	v.server.offer_ipcp = true;
	check_connects(&c, &v);
}

static void
test_identifiers(void **state)
{
	static const uint8_t suggested[8] = { 0, 0, 0, 0, 0, 0, 0xbe, 0xef };
	struct v6d_session_conf c = client(), v = server(V6D_AUTH_NONE);
	struct pair p;

	(void)state;
	memset(c.ifid, 0, 8); /* asks the server for one */
	memcpy(v.server.peer_ifid, suggested, 8);
	pair_connect(&p, &c, &v);
	check_agreement(&p);
	assert_memory_equal(v6d_session_ifid(p.end[CLIENT]), suggested, 8);
	pair_done(&p);

	memset(v.server.peer_ifid, 0, 8); /* any will do */
	check_connects(&c, &v);

	memset(v.ifid, 0, 8); /* the server has none, the client has */
	c.ifid[7] = 1;
	check_connects(&c, &v);

	memcpy(v.ifid, c.ifid, 8); /* a clash */
	check_connects(&c, &v);
}

/* Neither has an identifier: each rejects, and each picks its own. */
static void
test_both_identifiers_zero(void **state)
{
	struct v6d_session_conf c = client(), v = server(V6D_AUTH_NONE);
	static const uint8_t none[8];
	struct pair p;

	(void)state;
	memset(c.ifid, 0, 8);
	memset(v.ifid, 0, 8);
	pair_connect(&p, &c, &v);
	assert_memory_not_equal(v6d_session_ifid(p.end[CLIENT]), none, 8);
	assert_memory_not_equal(v6d_session_ifid(p.end[SERVER]), none, 8);
	assert_memory_not_equal(v6d_session_ifid(p.end[CLIENT]),
	    v6d_session_ifid(p.end[SERVER]), 8);
	pair_done(&p);
}

/* How a session that cannot come up ends, at either end. */
struct end {
	enum v6d_session_why why;
	enum v6d_session_state in;
	int code;
};

static void
check_ends(const struct v6d_session_conf *c, const struct v6d_session_conf *v,
    struct end of_client, struct end of_server)
{
	struct end want[2] = { of_client, of_server };
	struct pair p;

	pair_init(&p, c, v);
	pair_dial(&p);
	pair_run(&p, V6D_S(2));
	for (int i = CLIENT; i <= SERVER; i++) {
		const struct v6d_session *s = p.end[i];

		assert_int_equal(v6d_session_state(s), V6D_SESSION_DEAD);
		assert_int_equal(v6d_session_why(s), want[i].why);
		assert_int_equal(v6d_session_failed_in(s), want[i].in);
		assert_int_equal(v6d_session_code(s), want[i].code);
	}
	pair_done(&p);
}

static void
test_wrong_password(void **state)
{
	struct end pap = { V6D_WHY_AUTH_REJECTED, V6D_SESSION_AUTH, 0 };
	struct end chap = { V6D_WHY_AUTH_REJECTED, V6D_SESSION_AUTH, 691 };
	struct v6d_session_conf c = client(), v = server(V6D_AUTH_PAP);

	(void)state;
	c.password[0] = 'X';
	check_ends(&c, &v, pap, chap);
	v.auth = V6D_AUTH_MSCHAPV2;
	check_ends(&c, &v, chap, chap);
	v.auth = V6D_AUTH_CHAP;
	check_ends(&c, &v, pap, chap);
	v.auth = V6D_AUTH_EAP;
	check_ends(&c, &v, pap, chap);
	v.auth = V6D_AUTH_MSCHAPV2;
	c = client();
	c.user[0] = 'X';
	check_ends(&c, &v, chap, chap);
}

/* Nobody gives in: the client names what was demanded. */
static void
test_no_common_authentication(void **state)
{
	struct end c_end = { V6D_WHY_AUTH_METHOD, V6D_SESSION_LCP,
		V6D_PPP_CHAP };
	struct end v_end = { V6D_WHY_AUTH_METHOD, V6D_SESSION_LCP,
		V6D_PPP_PAP };
	struct v6d_session_conf c = client(), v = server(V6D_AUTH_MSCHAPV2);

	(void)state;
	c.auth = V6D_AUTH_PAP;
	check_ends(&c, &v, c_end, v_end);
	c.auth = V6D_AUTH_NONE;
	v_end.code = 0; /* rejected, nothing offered instead */
	check_ends(&c, &v, c_end, v_end);
	c.auth = V6D_AUTH_MSCHAPV2;
	v.auth = V6D_AUTH_PAP;
	c_end.code = V6D_PPP_PAP;
	v_end.code = V6D_PPP_CHAP;
	check_ends(&c, &v, c_end, v_end);
}

/* What each end wishes: encrypted, in clear, or no agreement. */
static void
test_encryption_wishes(void **state)
{
	static const char outcome[3][4] = { "cec", "eex", "cxc" };

	(void)state;
	for (int i = 0; i < 9; i++) {
		struct v6d_session_conf c = client(),
					v = server(V6D_AUTH_MSCHAPV2);
		char want = outcome[i / 3][i % 3];
		struct pair p;

		c.mppe = (enum v6d_mppe_wish)(i / 3);
		v.mppe = (enum v6d_mppe_wish)(i % 3);
		pair_init(&p, &c, &v);
		pair_dial(&p);
		pair_run(&p, V6D_S(1));
		assert_int_equal(pair_is_up(&p), want != 'x');
		for (int end = CLIENT; end <= SERVER && want == 'x'; end++)
			assert_int_equal(
			    v6d_session_why(p.end[end]), V6D_WHY_MPPE);
		if (want != 'x')
			assert_int_equal(
			    v6d_session_encrypted(p.end[CLIENT]), want == 'e');
		pair_done(&p);
	}
}

/* Without MS-CHAPv2 there are no keys. */
static void
test_encryption_needs_keys(void **state)
{
	struct v6d_session_conf c = client(), v = server(V6D_AUTH_CHAP);
	struct end c_end = { V6D_WHY_AUTH_METHOD, V6D_SESSION_LCP,
		V6D_PPP_CHAP };
	struct end v_end = { V6D_WHY_AUTH_METHOD, V6D_SESSION_LCP,
		V6D_PPP_CHAP };

	(void)state;
	c.mppe = V6D_MPPE_REQUIRE;
	check_ends(&c, &v, c_end, v_end);
}

static void
test_second_choice_of_authentication(void **state)
{
	struct v6d_session_conf c = client(), v = server(7);
	struct pair p;

	(void)state;
	c.auth = V6D_AUTH_PAP;
	pair_connect(&p, &c, &v);
	assert_int_equal(p.end[CLIENT]->auth.method, V6D_AUTH_PAP);
	pair_done(&p);
}

static void
test_server_refuses(void **state)
{
	struct end start = { V6D_WHY_START_REFUSED, V6D_SESSION_WAIT_START, 4 };
	struct end call = { V6D_WHY_CALL_REFUSED, V6D_SESSION_WAIT_CALL, 4 };
	struct v6d_session_conf c = client(), v = server(V6D_AUTH_PAP);

	(void)state;
	v.server.refuse_start = 4;
	check_ends(&c, &v, start, start);
	v.server.refuse_start = 1;
	v.server.refuse_call = 4;
	check_ends(&c, &v, call, call);
	v.server.refuse_call = 0;
	v.server.drop_call = true;
	call.code = 0;
	check_ends(&c, &v,
	    (struct end){ V6D_WHY_CLOSED, V6D_SESSION_WAIT_CALL, 0 }, call);
}

static void
test_server_without_ipv6(void **state)
{
	struct end c_end = { V6D_WHY_IPV6CP_REJECTED, V6D_SESSION_NETWORK, 0 };
	struct end v_end = { V6D_WHY_TERMINATED, V6D_SESSION_NETWORK, 0 };
	struct v6d_session_conf c = client(), v = server(V6D_AUTH_NONE);

	(void)state;
	v.server.no_ipv6 = true;
	check_ends(&c, &v, c_end, v_end);
	v.auth = V6D_AUTH_MSCHAPV2;
	check_ends(&c, &v, c_end, v_end);
}

/* As pptpd: no word, TCP is closed. */
static void
test_server_hangs_up(void **state)
{
	struct v6d_session_conf c = client(), v = server(V6D_AUTH_NONE);
	struct pair p;

	(void)state;
	pair_connect(&p, &c, &v);
	pair_feed(&p, SERVER, V6D_EV_GRE_ICMP, NULL, 0, 3 << 8 | 4);
	assert_true(pair_is_up(&p));
	pair_feed(&p, SERVER, V6D_EV_GRE_ICMP, NULL, 0, 3 << 8 | 2);
	pair_run(&p, V6D_MS(10));
	assert_int_equal(v6d_session_why(p.end[SERVER]), V6D_WHY_HUNG_UP);
	assert_int_equal(v6d_session_why(p.end[CLIENT]), V6D_WHY_CLOSED);
	pair_done(&p);

	v.server.ignore_icmp = true;
	pair_connect(&p, &c, &v);
	pair_feed(&p, SERVER, V6D_EV_GRE_ICMP, NULL, 0, 3 << 8 | 2);
	pair_feed(&p, CLIENT, V6D_EV_GRE_ICMP, NULL, 0, 3 << 8 | 2);
	assert_true(pair_is_up(&p));
	pair_done(&p);
}

static void
test_orderly_stop(void **state)
{
	(void)state;
	for (int who = CLIENT; who <= SERVER; who++) {
		struct v6d_session_conf c = client(), v = server(V6D_AUTH_PAP);
		struct pair p;

		pair_connect(&p, &c, &v);
		pair_feed(&p, who, V6D_EV_STOP, NULL, 0, 0);
		pair_run(&p, V6D_MS(100));
		assert_int_equal(p.dead[CLIENT] + p.dead[SERVER], 2);
		assert_int_equal(v6d_session_why(p.end[who]), V6D_WHY_STOPPED);
		assert_int_equal(
		    v6d_session_failed_in(p.end[who]), V6D_SESSION_UP);
		assert_int_equal(
		    v6d_session_why(p.end[!who]), V6D_WHY_TERMINATED);
		pair_done(&p);
	}
}

static enum fate
deaf(struct pair *p, int from, bool gre, unsigned nth, const uint8_t *bytes,
    size_t len)
{
	(void)gre, (void)nth, (void)bytes, (void)len;
	return from == p->victim ? DROP : DELIVER;
}

/* In whatever state, against a peer gone deaf: below a second. */
static void
test_stop_is_bounded(void **state)
{
	(void)state;
	for (unsigned n = 0; n < 40; n++) {
		struct v6d_session_conf c = client(), v = server(V6D_AUTH_PAP);
		int who = n % 2;
		struct pair p;

		pair_init(&p, &c, &v);
		pair_dial(&p);
		for (unsigned i = 0; i < n / 2; i++)
			pair_step(&p, p.now + V6D_S(1));
		p.fate = deaf;
		p.victim = !who;
		pair_feed(&p, who, V6D_EV_STOP, NULL, 0, 0);
		pair_run(&p, V6D_S(1));
		assert_int_equal(p.dead[who], 1);
		assert_int_equal(v6d_session_why(p.end[who]), V6D_WHY_STOPPED);
		pair_done(&p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_authentication),
		cmocka_unit_test(test_call_ids_and_sequence_starts),
		cmocka_unit_test(test_sequence_wraps),
		cmocka_unit_test(test_milestones_are_in_order),
		cmocka_unit_test(test_requests_share_flights),
		cmocka_unit_test(test_compressed_fields),
		cmocka_unit_test(test_frame_overtakes_call_reply),
		cmocka_unit_test(test_ipcp_offered),
		cmocka_unit_test(test_identifiers),
		cmocka_unit_test(test_both_identifiers_zero),
		cmocka_unit_test(test_wrong_password),
		cmocka_unit_test(test_no_common_authentication),
		cmocka_unit_test(test_encryption_wishes),
		cmocka_unit_test(test_encryption_needs_keys),
		cmocka_unit_test(test_second_choice_of_authentication),
		cmocka_unit_test(test_server_refuses),
		cmocka_unit_test(test_server_without_ipv6),
		cmocka_unit_test(test_server_hangs_up),
		cmocka_unit_test(test_orderly_stop),
		cmocka_unit_test(test_stop_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
