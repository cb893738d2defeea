/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_ppptrack.c - what a bystander sees of PPP. */
#include "flow_help.h"

static const uint8_t chap2[] = { 3, 5, 0xc2, 0x23, 0x81 };
static const uint8_t pap[] = { 3, 4, 0xc0, 0x23 };
static const uint8_t mru1400[] = { 1, 4, 0x05, 0x78 };

static void
test_up(void **state)
{
	struct tape t;
	const struct v6d_view *v;
	const struct v6d_view_ppp *p;

	(void)state;
	tape_init(&t);
	tape_up(&t);
	v = tape_play(&t);
	p = &v->ppp;
	assert_true(p->opened[V6D_VIEW_LCP] != V6D_NEVER);
	assert_true(p->opened[V6D_VIEW_IPV6CP] > p->opened[V6D_VIEW_LCP]);
	assert_true(p->opened[V6D_VIEW_IPCP] == V6D_NEVER);
	assert_int_equal(p->auth, V6D_VIEW_AUTH_OK);
	assert_int_equal(p->method.proto, V6D_PPP_PAP);
	assert_int_equal(p->ifid[OUT][7], 2);
	assert_int_equal(p->ifid[IN][7], 1);
	assert_int_equal(v->inner.frames[OUT] + v->inner.frames[IN], 2);
	assert_int_equal(p->malformed, 0);
	tape_done(&t);
}

/* An ack for an older request agrees to nothing. */
static void
test_old_ack(void **state)
{
	struct tape t;
	const struct v6d_view_ppp *p;

	(void)state;
	tape_init(&t);
	tape_call(&t);
	tape_agree(&t, IN, V6D_PPP_LCP, 1, pap, sizeof(pap));
	tape_cp(&t, OUT, V6D_PPP_LCP, V6D_CP_CONF_REQ, 1, NULL, 0);
	tape_cp(&t, OUT, V6D_PPP_LCP, V6D_CP_CONF_REQ, 2, mru1400, 4);
	tape_cp(&t, IN, V6D_PPP_LCP, V6D_CP_CONF_ACK, 1, NULL, 0);
	p = &tape_play(&t)->ppp;
	assert_true(p->opened[V6D_VIEW_LCP] == V6D_NEVER);
	assert_int_equal(v6d_view_neg(p, V6D_VIEW_LCP, OUT)->n_req, 2);
	assert_int_equal(p->mru[OUT], 1400);
	assert_int_equal(p->mru[IN], 0);
	tape_done(&t);
}

static void
test_refusals(void **state)
{
	static const uint8_t rej[] = { 0x80, 0x57, 1, 1, 0, 4 };
	struct tape t;
	const struct v6d_view_ppp *p;

	(void)state;
	tape_init(&t);
	tape_call(&t);
	tape_cp(&t, IN, V6D_PPP_LCP, V6D_CP_CONF_REQ, 1, pap, sizeof(pap));
	tape_cp(&t, OUT, V6D_PPP_LCP, V6D_CP_CONF_NAK, 1, chap2, sizeof(chap2));
	tape_cp(&t, IN, V6D_PPP_LCP, V6D_CP_CONF_REQ, 2, NULL, 0);
	tape_cp(&t, OUT, V6D_PPP_LCP, V6D_CP_CONF_REJ, 2, pap, sizeof(pap));
	tape_cp(&t, IN, V6D_PPP_LCP, V6D_LCP_PROTO_REJ, 3, rej, sizeof(rej));
	tape_cp(&t, IN, V6D_PPP_LCP, V6D_LCP_PROTO_REJ, 4, rej, sizeof(rej));
	tape_cp(&t, IN, V6D_PPP_LCP, V6D_CP_TERM_REQ, 5,
	    (const uint8_t *)"sorry", 5);
	p = &tape_play(&t)->ppp;
	assert_int_equal(p->demand[IN].proto, V6D_PPP_PAP);
	assert_true(p->withdrawn[IN]);
	assert_int_equal(p->counter[OUT].proto, V6D_PPP_CHAP);
	assert_int_equal(p->counter[OUT].alg, V6D_CHAP_MSV2);
	assert_true(p->auth_refused[OUT]);
	assert_int_equal(v6d_view_neg(p, V6D_VIEW_LCP, IN)->n_nak, 1);
	assert_int_equal(v6d_view_neg(p, V6D_VIEW_LCP, IN)->n_rej, 1);
	assert_int_equal(p->n_prot_rej[IN], 1);
	assert_int_equal(p->prot_rej[IN][0].proto, V6D_PPP_IPV6CP);
	assert_int_equal(v6d_view_neg(p, V6D_VIEW_LCP, IN)->n_term_req, 1);
	assert_string_equal((const char *)p->term_text[IN], "sorry");
	tape_done(&t);
}

static void
tape_chap(struct tape *t, enum v6d_dir d, uint8_t code, const char *text)
{
	static const uint8_t value[49] = { 1 };
	uint8_t buf[256];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	v6d_ppp_encode(&o, V6D_PPP_CHAP);
	if (code <= V6D_CHAP_RESPONSE)
		v6d_chap_encode_value(&o, code, 1, value,
		    code == V6D_CHAP_CHALLENGE ? 16 : 49, text);
	else
		v6d_chap_encode_message(&o, code, 1, text);
	tape_gre(t, d, buf, o.len);
}

static void
test_chap(void **state)
{
	struct tape t;
	const struct v6d_view_ppp *p;

	(void)state;
	tape_init(&t);
	tape_call(&t);
	tape_chap(&t, IN, V6D_CHAP_CHALLENGE, "server");
	tape_chap(&t, OUT, V6D_CHAP_RESPONSE, "alice");
	p = &tape_play(&t)->ppp;
	assert_int_equal(p->auth, V6D_VIEW_AUTH_ASKED);
	assert_int_equal(p->method.alg, V6D_CHAP_MSV2);
	tape_chap(&t, IN, V6D_CHAP_FAILURE, "E=691 R=0 C=0 V=3 M=no");
	p = &tape_play(&t)->ppp;
	assert_int_equal(p->auth, V6D_VIEW_AUTH_FAILED);
	assert_int_equal(p->auth_code, 691);
	assert_int_equal(p->n_auth_try, 1);
	tape_done(&t);
}

static void
test_opaque(void **state)
{
	static const uint8_t mppe[] = { 0xff, 3, 0, 0xfd, 0x90, 1, 5, 6, 7 };
	static const uint8_t ipv4[] = { 0x21, 0x45 }; /* PFC, ACFC */
	struct tape t;
	const struct v6d_view_ppp *p;

	(void)state;
	tape_init(&t);
	tape_call(&t);
	tape_gre(&t, OUT, mppe, sizeof(mppe));
	tape_gre(&t, IN, ipv4, sizeof(ipv4));
	tape_gre(&t, IN, ipv4, 0);
	p = &tape_play(&t)->ppp;
	assert_true(p->opaque);
	assert_int_equal(p->n_opaque[OUT], 1);
	assert_int_equal(p->n_ip4[IN], 1);
	tape_done(&t);
}

static void
test_echo_and_garbage(void **state)
{
	static const uint8_t bad[] = { 0xff, 3, 0xc0, 0x21, 1, 1, 0xff, 0xff };
	struct tape t;
	const struct v6d_view_ppp *p;

	(void)state;
	tape_init(&t);
	tape_call(&t);
	tape_cp(&t, OUT, V6D_PPP_LCP, V6D_LCP_ECHO_REQ, 1, bad, 4);
	tape_cp(&t, IN, V6D_PPP_LCP, V6D_LCP_ECHO_REP, 1, bad, 4);
	tape_cp(&t, OUT, V6D_PPP_LCP, V6D_LCP_ECHO_REQ, 2, bad, 4);
	tape_gre(&t, IN, bad, sizeof(bad));
	p = &tape_play(&t)->ppp;
	assert_int_equal(p->n_echo_req[OUT], 2);
	assert_int_equal(p->n_echo_rep[IN], 1);
	assert_int_equal(p->malformed, 1);
	tape_done(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_up),
		cmocka_unit_test(test_old_ack),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_chap),
		cmocka_unit_test(test_opaque),
		cmocka_unit_test(test_echo_and_garbage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
