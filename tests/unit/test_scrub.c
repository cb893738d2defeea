/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_scrub.c - no secret and no payload is kept of a GRE packet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/auth.h"
#include "proto/eap.h"
#include "proto/gre.h"
#include "proto/ip.h"
#include "trace/scrub.h"

#define SECRET "hunter2hunter2xx"
#define NAME "alice"

static uint8_t kept[512];
static size_t n_kept, shorter;

/* Frames a PPP packet in GRE, with a sequence number, and scrubs it. */
static void
scrub(uint16_t proto, const uint8_t *packet, size_t n)
{
	uint8_t buf[1700], *exact;
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));
	struct v6d_gre g = { .version = 1,
		.proto = V6D_GRE_PROTO_PPP,
		.call_id = 7,
		.payload_len = (uint16_t)(n + 4),
		.has_seq = true,
		.seq = 9 };
	struct v6d_out to = v6d_out_to(kept, sizeof(kept));

	v6d_gre_encode(&o, &g);
	v6d_ppp_encode(&o, proto);
	v6d_out_bytes(&o, packet, n);
	assert_false(o.full);
	exact = malloc(o.len);
	memcpy(exact, buf, o.len);
	shorter = v6d_scrub_gre(&to, exact, o.len, o.len);
	n_kept = to.len;
	/* every truncation is survived, and keeps no more than there is */
	for (size_t i = 0; i < o.len; i++) {
		uint8_t *cut = malloc(i + 1), small[512];
		struct v6d_out s = v6d_out_to(small, sizeof(small));

		memcpy(cut, exact, i);
		v6d_scrub_gre(&s, cut, i, i % 2 ? i : o.len);
		assert_true(s.len <= i + 1);
		assert_null(memmem(small, s.len, SECRET, 4));
		free(cut);
	}
	free(exact);
}

static bool
holds(const char *s)
{
	return memmem(kept, n_kept, s, strlen(s)) != NULL;
}

static void
test_pap(void **state)
{
	uint8_t buf[300];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	(void)state;
	v6d_pap_encode_req(&o, 3, NAME, SECRET);
	scrub(V6D_PPP_PAP, buf, o.len);
	assert_true(holds(NAME));
	assert_false(holds("hunt"));
	assert_int_equal(shorter, strlen(SECRET));
	/* GRE 12, PPP 4, header 4, name 1 + 5, an empty password 1 */
	assert_int_equal(n_kept, 12 + 4 + 4 + 6 + 1);
	assert_int_equal(v6d_be16(kept + 4), 15); /* GRE payload */
	assert_int_equal(v6d_be16(kept + 18), 11); /* PAP */
	o = v6d_out_to(buf, sizeof(buf));
	v6d_pap_encode_reply(&o, V6D_PAP_NAK, 3, "no");
	scrub(V6D_PPP_PAP, buf, o.len);
	assert_true(holds("no"));
	assert_int_equal(shorter, 0);
}

static void
test_chap(void **state)
{
	static const uint8_t codes[] = { V6D_CHAP_CHALLENGE,
		V6D_CHAP_RESPONSE };
	uint8_t buf[300];
	struct v6d_out o;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		o = v6d_out_to(buf, sizeof(buf));
		v6d_chap_encode_value(&o, codes[i], 1, (const uint8_t *)SECRET,
		    strlen(SECRET), NAME);
		scrub(V6D_PPP_CHAP, buf, o.len);
		assert_true(holds(NAME));
		assert_false(holds("hunt"));
		assert_int_equal(n_kept, 16 + o.len);
		assert_int_equal(kept[20], strlen(SECRET)); /* the size stays */
	}
	o = v6d_out_to(buf, sizeof(buf));
	v6d_chap_encode_message(&o, V6D_CHAP_SUCCESS, 1, "S=" SECRET);
	scrub(V6D_PPP_CHAP, buf, o.len);
	assert_false(holds("hunt"));
	o = v6d_out_to(buf, sizeof(buf));
	v6d_chap_encode_message(
	    &o, V6D_CHAP_FAILURE, 1, "E=691 R=1 C=" SECRET " V=3");
	scrub(V6D_PPP_CHAP, buf, o.len);
	assert_true(holds("E=691"));
	assert_false(holds("hunt"));
	assert_false(holds("C="));
}

static void
test_eap(void **state)
{
	uint8_t buf[300];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	(void)state;
	v6d_eap_encode_md5(&o, V6D_EAP_RESPONSE, 1, (const uint8_t *)SECRET,
	    strlen(SECRET), NAME);
	scrub(V6D_PPP_EAP, buf, o.len);
	assert_true(holds(NAME));
	assert_false(holds("hunt"));
	o = v6d_out_to(buf, sizeof(buf));
	v6d_eap_encode(&o, V6D_EAP_RESPONSE, 1, 21, SECRET, strlen(SECRET));
	scrub(V6D_PPP_EAP, buf, o.len);
	assert_false(holds("hunt"));
	o = v6d_out_to(buf, sizeof(buf));
	v6d_eap_encode(
	    &o, V6D_EAP_RESPONSE, 1, V6D_EAP_IDENTITY, NAME, strlen(NAME));
	scrub(V6D_PPP_EAP, buf, o.len);
	assert_true(holds(NAME));
	o = v6d_out_to(buf, sizeof(buf));
	v6d_cp_encode(&o, V6D_EAP_SUCCESS, 1, NULL, 0);
	scrub(V6D_PPP_EAP, buf, o.len);
	assert_int_equal(n_kept, 16 + 4);
}

/* Configure packets are whole; the text of others is not kept. */
static void
test_control(void **state)
{
	static const struct {
		uint8_t code;
		size_t kept;
	} want[] = {
		{ V6D_CP_CONF_REQ, 4 + 16 },
		{ V6D_CP_CONF_REJ, 4 + 16 },
		{ V6D_CP_TERM_REQ, 4 },
		{ V6D_CP_CODE_REJ, 4 },
		{ V6D_LCP_PROTO_REJ, 4 + 2 },
		{ V6D_LCP_ECHO_REQ, 4 + 4 },
		{ V6D_LCP_DISCARD, 4 + 4 },
		{ V6D_LCP_IDENT, 4 },
	};
	uint8_t buf[300];

	(void)state;
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		struct v6d_out o = v6d_out_to(buf, sizeof(buf));

		/* not the usual text: each truncation of it may be kept */
		v6d_cp_encode(&o, want[i].code, 1,
		    (const uint8_t *)"abcdefghijklmnop", 16);
		scrub(V6D_PPP_LCP, buf, o.len);
		assert_int_equal(n_kept, 16 + want[i].kept);
		assert_int_equal(shorter, 0);
	}
}

static void
test_payload(void **state)
{
	uint8_t p[1400];

	(void)state;
	memset(p, 'x', sizeof(p));
	p[6] = V6D_IPPROTO_TCP;
	scrub(V6D_PPP_IPV6, p, sizeof(p));
	assert_int_equal(n_kept, 16 + 40 + 20);
	p[6] = V6D_IPPROTO_UDP;
	scrub(V6D_PPP_IPV6, p, sizeof(p));
	assert_int_equal(n_kept, 16 + 40 + 8);
	p[6] = V6D_IPPROTO_ICMP6;
	p[40] = 128;
	scrub(V6D_PPP_IPV6, p, sizeof(p));
	assert_int_equal(n_kept, 16 + 40 + 8);
	p[40] = 134; /* a router advertisement is whole */
	scrub(V6D_PPP_IPV6, p, 104);
	assert_int_equal(n_kept, 16 + 104);
	scrub(V6D_PPP_IP, p, sizeof(p));
	assert_int_equal(n_kept, 16 + 28);
	scrub(V6D_PPP_COMP, p, sizeof(p)); /* nothing of what is not known */
	assert_int_equal(n_kept, 16);
	scrub(0x1234, p, sizeof(p));
	assert_int_equal(n_kept, 16);
}

/* GRE of others: the first four bytes. */
static void
test_foreign(void **state)
{
	const uint8_t gre[] = { 0x20, 0, 0x08, 0, 'h', 'u', 'n', 't' };
	struct v6d_out o = v6d_out_to(kept, sizeof(kept));

	(void)state;
	assert_int_equal(v6d_scrub_gre(&o, gre, sizeof(gre), sizeof(gre)), 0);
	assert_int_equal(o.len, 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pap),
		cmocka_unit_test(test_chap),
		cmocka_unit_test(test_eap),
		cmocka_unit_test(test_control),
		cmocka_unit_test(test_payload),
		cmocka_unit_test(test_foreign),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
