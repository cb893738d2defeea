/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_tunnel_lcp.c - what LCP agrees to, refuses, and rejects. */
#include "sim/pair.h"

#include "proto/auth.h"

/* A pair whose server keeps quiet: its LCP lines are the test's. */
static void
call_up(struct pair *p, unsigned auth)
{
	struct v6d_session_conf c = pair_conf(V6D_ROLE_CLIENT, auth);
	struct v6d_session_conf v = pair_conf(V6D_ROLE_SERVER, 1);

	v.server.silent = true;
	pair_init(p, &c, &v);
	pair_dial(p);
	while (v6d_session_state(p->end[CLIENT]) != V6D_SESSION_LCP)
		assert_true(pair_step(p, V6D_S(9)));
}

/* Options of a Configure-Request, and what comes back. */
static const struct {
	const char *what;
	unsigned auth; /* the client's */
	size_t n;
	uint8_t opts[16];
	uint8_t code;
	size_t back_n;
	uint8_t back[16];
} judged[] = {
	{ "nothing", 7, 0, { 0 }, V6D_CP_CONF_ACK, 0, { 0 } },
	{ "MRU", 7, 4, { 1, 4, 5, 0x78 }, V6D_CP_CONF_ACK, 4,
	    { 1, 4, 5, 0x78 } },
	{ "ACCM, PFC, ACFC", 7, 10, { 2, 6, 0, 0, 0, 0, 7, 2, 8, 2 },
	    V6D_CP_CONF_ACK, 10, { 2, 6, 0, 0, 0, 0, 7, 2, 8, 2 } },
	{ "magic", 7, 6, { 5, 6, 1, 2, 3, 4 }, V6D_CP_CONF_ACK, 6,
	    { 5, 6, 1, 2, 3, 4 } },
	{ "MRU of a wrong length", 7, 3, { 1, 3, 5 }, V6D_CP_CONF_REJ, 3,
	    { 1, 3, 5 } },
	{ "magic of a wrong length", 7, 4, { 5, 4, 1, 2 }, V6D_CP_CONF_REJ, 4,
	    { 5, 4, 1, 2 } },
	{ "callback, MRRU", 7, 7, { 13, 3, 6, 17, 4, 6, 78 }, V6D_CP_CONF_REJ,
	    7, { 13, 3, 6, 17, 4, 6, 78 } },
	{ "PAP", 7, 4, { 3, 4, 0xc0, 0x23 }, V6D_CP_CONF_ACK, 4,
	    { 3, 4, 0xc0, 0x23 } },
	{ "MS-CHAPv2", 7, 5, { 3, 5, 0xc2, 0x23, 0x81 }, V6D_CP_CONF_ACK, 5,
	    { 3, 5, 0xc2, 0x23, 0x81 } },
	{ "EAP: we name MS-CHAPv2", 7, 4, { 3, 4, 0xc2, 0x27 }, V6D_CP_CONF_NAK,
	    5, { 3, 5, 0xc2, 0x23, 0x81 } },
	{ "CHAP-MD5: we name PAP", 3, 5, { 3, 5, 0xc2, 0x23, 5 },
	    V6D_CP_CONF_NAK, 4, { 3, 4, 0xc0, 0x23 } },
	{ "PAP, we have none", 1, 4, { 3, 4, 0xc0, 0x23 }, V6D_CP_CONF_REJ, 4,
	    { 3, 4, 0xc0, 0x23 } },
};

static void
test_options(void **state)
{
	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(judged); i++) {
		uint8_t ask[32], answer[32];
		struct v6d_out a = v6d_out_to(ask, sizeof(ask));
		struct v6d_out b = v6d_out_to(answer, sizeof(answer));
		struct pair p;

		print_message("%s\n", judged[i].what);
		call_up(&p, judged[i].auth);
		v6d_cp_encode(
		    &a, V6D_CP_CONF_REQ, 9, judged[i].opts, judged[i].n);
		v6d_cp_encode(
		    &b, judged[i].code, 9, judged[i].back, judged[i].back_n);
		pair_expect(&p, CLIENT, V6D_PPP_LCP, ask, a.len, V6D_PPP_LCP,
		    answer, b.len);
		pair_done(&p);
	}
}

/* Our own number from the other end: a loop. It gets another. */
static void
test_same_magic(void **state)
{
	uint8_t ask[10] = { V6D_CP_CONF_REQ, 1, 0, 10, 5, 6 };
	struct v6d_out o = v6d_out_to(ask + 6, 4);
	struct v6d_wire w;
	uint16_t proto;
	struct pair p;

	(void)state;
	call_up(&p, 7);
	v6d_out_be32(&o, p.end[CLIENT]->lcp.magic);
	pair_inject(&p, CLIENT, V6D_PPP_LCP, ask, sizeof(ask));
	w = pair_answer(&p, CLIENT, &proto);
	assert_int_equal(w.p[0], V6D_CP_CONF_NAK);
	assert_memory_not_equal(w.p + 6, ask + 6, 4);
	pair_done(&p);
}

/* The request that goes out; options rejected do not come back. */
static void
test_own_request(void **state)
{
	uint8_t refusal[10] = { V6D_CP_CONF_REJ, 0, 0, 8, 1, 4, 5, 0x78 };
	struct v6d_session_conf c = pair_conf(V6D_ROLE_CLIENT, 7);
	struct v6d_session_conf v = pair_conf(V6D_ROLE_SERVER, 1);
	struct v6d_fsm *f;
	struct pair p;

	(void)state;
	c.mru = 1400;
	v.server.silent = true;
	pair_init(&p, &c, &v);
	pair_dial(&p);
	while (v6d_session_state(p.end[CLIENT]) != V6D_SESSION_LCP)
		assert_true(pair_step(&p, V6D_S(9)));
	f = &p.end[CLIENT]->lcp.fsm;
	assert_int_equal(f->asked_len, 10);
	assert_memory_equal(f->asked, "\x01\x04\x05\x78\x05\x06", 6);
	refusal[1] = f->id;
	pair_inject(&p, CLIENT, V6D_PPP_LCP, refusal, 8);
	assert_int_equal(f->asked_len, 6);
	memcpy(refusal, "\x03\0\0\x0a\x05\x06", 6); /* Nak of the magic */
	refusal[1] = f->id;
	memcpy(refusal + 6, f->asked + 2, 4);
	pair_inject(&p, CLIENT, V6D_PPP_LCP, refusal, 10);
	assert_int_equal(f->asked_len, 6);
	assert_memory_not_equal(f->asked + 2, refusal + 6, 4);
	refusal[0] = V6D_CP_CONF_REJ;
	refusal[1] = f->id;
	memcpy(refusal + 6, f->asked + 2, 4);
	pair_inject(&p, CLIENT, V6D_PPP_LCP, refusal, 10);
	assert_int_equal(f->asked_len, 0);
	assert_int_equal(p.end[CLIENT]->lcp.magic, 0);
	pair_done(&p);
}

static void
test_nak_of_our_mru(void **state)
{
	static const struct {
		uint16_t suggested, then;
	} rows[] = { { 1492, 1492 }, { 1500, 0 }, { 64, 1400 } };

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(rows); i++) {
		uint8_t nak[8] = { V6D_CP_CONF_NAK, 0, 0, 8, 1, 4,
			(uint8_t)(rows[i].suggested >> 8),
			(uint8_t)rows[i].suggested };
		struct pair p;

		call_up(&p, 7);
		p.end[CLIENT]->lcp.mru = 1400;
		nak[1] = p.end[CLIENT]->lcp.fsm.id;
		pair_inject(&p, CLIENT, V6D_PPP_LCP, nak, 8);
		assert_int_equal(p.end[CLIENT]->lcp.mru, rows[i].then);
		pair_done(&p);
	}
}

static void
test_protocol_reject_of_the_unknown(void **state)
{
	static const uint8_t ipcp[] = { 1, 1, 0, 10, 3, 6, 192, 0, 2, 1 };
	static const uint8_t ccp[] = { 1, 1, 0, 10, 18, 6, 1, 0, 0, 0x40 };
	static const struct {
		uint16_t proto;
		const uint8_t *packet;
	} rows[] = { { V6D_PPP_IPCP, ipcp }, { V6D_PPP_CCP, ccp },
		{ 0x4021, ipcp } };
	struct v6d_session_conf c = pair_conf(V6D_ROLE_CLIENT, 7);
	struct v6d_session_conf v = pair_conf(V6D_ROLE_SERVER, 1);

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(rows); i++) {
		uint8_t reject[16] = { V6D_LCP_PROTO_REJ, 1, 0, 16,
			(uint8_t)(rows[i].proto >> 8), (uint8_t)rows[i].proto };
		struct pair p;

		memcpy(reject + 6, rows[i].packet, 10);
		pair_connect(&p, &c, &v);
		for (int end = CLIENT; end <= SERVER; end++)
			pair_expect(&p, end, rows[i].proto, rows[i].packet, 10,
			    V6D_PPP_LCP, reject, sizeof(reject));
		assert_true(pair_is_up(&p));
		pair_done(&p);
	}
}

/* Before LCP is open nothing but LCP is heard (RFC 1661 3.4). */
static void
test_nothing_else_before_open(void **state)
{
	static const uint8_t packet[] = { 1, 1, 0, 4 };
	struct pair p;

	(void)state;
	call_up(&p, 7);
	pair_expect(&p, CLIENT, V6D_PPP_IPCP, packet, 4, 0, NULL, 0);
	pair_expect(&p, CLIENT, V6D_PPP_IPV6CP, packet, 4, 0, NULL, 0);
	pair_expect(
	    &p, CLIENT, V6D_PPP_LCP, "\x09\1\0\x08\1\2\3\4", 8, 0, NULL, 0);
	pair_done(&p);
}

/* Only the protocols that we need matter to us. */
static void
test_protocol_reject_received(void **state)
{
	static const struct {
		uint16_t proto;
		enum v6d_session_why why;
	} rows[] = {
		{ V6D_PPP_IPCP, V6D_WHY_NONE },
		{ V6D_PPP_CCP, V6D_WHY_NONE },
		{ V6D_PPP_IPV6CP, V6D_WHY_IPV6CP_REJECTED },
		{ V6D_PPP_CHAP, V6D_WHY_AUTH_METHOD },
	};
	struct v6d_session_conf c = pair_conf(V6D_ROLE_CLIENT, 7);
	struct v6d_session_conf v = pair_conf(V6D_ROLE_SERVER, 1);

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(rows); i++) {
		uint8_t reject[6] = { V6D_LCP_PROTO_REJ, 1, 0, 6,
			(uint8_t)(rows[i].proto >> 8), (uint8_t)rows[i].proto };
		struct pair p;

		pair_connect(&p, &c, &v);
		pair_inject(&p, CLIENT, V6D_PPP_LCP, reject, 5); /* cut */
		assert_int_equal(v6d_session_why(p.end[CLIENT]), V6D_WHY_NONE);
		pair_inject(&p, CLIENT, V6D_PPP_LCP, reject, 6);
		assert_int_equal(v6d_session_why(p.end[CLIENT]), rows[i].why);
		pair_done(&p);
	}
}

/* A line that sends us our own requests: dead, and not for ever. */
static void
test_looped_back(void **state)
{
	struct v6d_session *s;
	struct pair p;

	(void)state;
	call_up(&p, 7);
	s = p.end[CLIENT];
	for (unsigned i = 0; i < 20 && s->why == V6D_WHY_NONE; i++) {
		uint8_t own[10] = { V6D_CP_CONF_REQ, (uint8_t)i, 0, 10,
			V6D_LCP_MAGIC, 6, (uint8_t)(s->lcp.magic >> 24),
			(uint8_t)(s->lcp.magic >> 16),
			(uint8_t)(s->lcp.magic >> 8), (uint8_t)s->lcp.magic };

		pair_inject(&p, CLIENT, V6D_PPP_LCP, own, sizeof(own));
	}
	assert_int_equal(v6d_session_why(s), V6D_WHY_LOOPED);
	pair_done(&p);
}

/* Identification is ignored; a code that nobody knows is rejected. */
static void
test_codes(void **state)
{
	static const uint8_t ident[] = { V6D_LCP_IDENT, 3, 0, 8, 1, 2, 3, 4 };
	static const uint8_t strange[] = { 99, 3, 0, 6, 1, 2 };
	static const uint8_t answer[] = { V6D_CP_CODE_REJ, 1, 0, 10, 99, 3, 0,
		6, 1, 2 };
	struct v6d_session_conf c = pair_conf(V6D_ROLE_CLIENT, 7);
	struct v6d_session_conf v = pair_conf(V6D_ROLE_SERVER, 1);
	struct pair p;

	(void)state;
	pair_connect(&p, &c, &v);
	pair_expect(&p, CLIENT, V6D_PPP_LCP, ident, sizeof(ident), 0, NULL, 0);
	pair_expect(&p, CLIENT, V6D_PPP_LCP, strange, sizeof(strange),
	    V6D_PPP_LCP, answer, sizeof(answer));
	pair_done(&p);
}

/* The client's request is agreed to as it is. */
static void
ack_request(struct pair *p)
{
	const struct v6d_fsm *f = &p->end[CLIENT]->lcp.fsm;
	uint8_t buf[80];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	v6d_cp_encode(&o, V6D_CP_CONF_ACK, f->id, f->asked, f->asked_len);
	pair_inject(p, CLIENT, V6D_PPP_LCP, buf, o.len);
}

/* A peer that leaves rather than do what we can names its own demand. */
static void
test_terminated_over_authentication(void **state)
{
	static const uint8_t eap[] = { V6D_CP_CONF_REQ, 1, 0, 8, 3, 4, 0xc2,
		0x27 };
	static const uint8_t plain[] = { V6D_CP_CONF_REQ, 3, 0, 4 };
	static const uint8_t leave[] = { V6D_CP_TERM_REQ, 2, 0, 4 };
	struct pair p;

	(void)state;
	call_up(&p, 7);
	pair_inject(&p, CLIENT, V6D_PPP_LCP, eap, sizeof(eap));
	pair_inject(&p, CLIENT, V6D_PPP_LCP, leave, sizeof(leave));
	assert_int_equal(v6d_session_why(p.end[CLIENT]), V6D_WHY_AUTH_METHOD);
	assert_int_equal(v6d_session_code(p.end[CLIENT]), V6D_PPP_EAP);
	pair_done(&p);

	/* pppd agrees to do without at first, and then leaves. */
	call_up(&p, 7);
	pair_inject(&p, CLIENT, V6D_PPP_LCP, eap, sizeof(eap));
	pair_inject(&p, CLIENT, V6D_PPP_LCP, plain, sizeof(plain));
	ack_request(&p);
	assert_int_equal(v6d_session_state(p.end[CLIENT]), V6D_SESSION_NETWORK);
	pair_inject(&p, CLIENT, V6D_PPP_LCP, leave, sizeof(leave));
	assert_int_equal(v6d_session_why(p.end[CLIENT]), V6D_WHY_AUTH_METHOD);
	assert_int_equal(v6d_session_code(p.end[CLIENT]), V6D_PPP_EAP);
	pair_done(&p);

	call_up(&p, 7);
	pair_inject(&p, CLIENT, V6D_PPP_LCP, leave, sizeof(leave));
	assert_int_equal(v6d_session_why(p.end[CLIENT]), V6D_WHY_TERMINATED);
	pair_done(&p);
}

/* A peer that tries one method after another is given its time. */
static void
test_one_method_after_another(void **state)
{
	static const uint8_t eap[] = { V6D_CP_CONF_REQ, 1, 0, 8, 3, 4, 0xc2,
		0x27 };
	static const uint8_t md5[] = { V6D_CP_CONF_REQ, 1, 0, 9, 3, 5, 0xc2,
		0x23, 5 };
	struct pair p;

	(void)state;
	call_up(&p, 7);
	for (unsigned i = 0; i < 2; i++) {
		pair_inject(&p, CLIENT, V6D_PPP_LCP, eap, sizeof(eap));
		pair_inject(&p, CLIENT, V6D_PPP_LCP, md5, sizeof(md5));
	}
	assert_int_equal(v6d_session_state(p.end[CLIENT]), V6D_SESSION_LCP);
	pair_inject(&p, CLIENT, V6D_PPP_LCP, md5, sizeof(md5));
	pair_inject(&p, CLIENT, V6D_PPP_LCP, md5, sizeof(md5));
	assert_int_equal(v6d_session_why(p.end[CLIENT]), V6D_WHY_AUTH_METHOD);
	assert_int_equal(v6d_session_code(p.end[CLIENT]), V6D_PPP_CHAP);
	assert_int_equal(v6d_session_code2(p.end[CLIENT]), V6D_CHAP_MD5);
	pair_done(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_same_magic),
		cmocka_unit_test(test_own_request),
		cmocka_unit_test(test_nak_of_our_mru),
		cmocka_unit_test(test_protocol_reject_of_the_unknown),
		cmocka_unit_test(test_nothing_else_before_open),
		cmocka_unit_test(test_protocol_reject_received),
		cmocka_unit_test(test_looped_back),
		cmocka_unit_test(test_codes),
		cmocka_unit_test(test_terminated_over_authentication),
		cmocka_unit_test(test_one_method_after_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
