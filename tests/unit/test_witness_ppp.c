/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_witness_ppp.c - how far PPP came, and what an advertisement is worth. */
#include "witness_help.h"

#define LONG V6D_S(20)

static const uint8_t pap[] = { 3, 4, 0xc0, 0x23 };
static const uint8_t chap2[] = { 3, 5, 0xc2, 0x23, 0x81 };
static const uint8_t ifid[] = { 1, 10, 0, 0, 0, 0, 0, 0, 0, 5 };

static void
terminate(struct tape *t, enum v6d_dir d)
{
	tape_cp(t, d, V6D_PPP_LCP, V6D_CP_TERM_REQ, 9, NULL, 0);
}

static void
reject(struct tape *t, enum v6d_dir d, uint16_t proto)
{
	uint8_t data[6] = { (uint8_t)(proto >> 8), (uint8_t)proto, 1, 1, 0, 4 };

	tape_cp(t, d, V6D_PPP_LCP, V6D_LCP_PROTO_REJ, 8, data, 6);
}

static void
linked(struct tape *t)
{
	tape_call(t);
	tape_lcp_up(t);
}

static void
authenticated(struct tape *t)
{
	linked(t);
	tape_pap(t, true);
}

static void
lcp_unanswered(struct tape *t)
{
	tape_call(t);
	tape_agree(t, IN, V6D_PPP_LCP, 1, NULL, 0);
	for (uint8_t i = 0; i < 4; i++) {
		tape_cp(t, OUT, V6D_PPP_LCP, V6D_CP_CONF_REQ, i, NULL, 0);
		tape_wait(t, V6D_S(3));
	}
}

static void
lcp_loop(struct tape *t)
{
	tape_call(t);
	for (uint8_t i = 0; i < 6; i++) {
		tape_cp(t, OUT, V6D_PPP_LCP, V6D_CP_CONF_REQ, i, chap2, 5);
		tape_cp(t, IN, V6D_PPP_LCP, V6D_CP_CONF_NAK, i, pap, 4);
	}
}

static void
method_refused(struct tape *t)
{
	tape_call(t);
	tape_agree(t, OUT, V6D_PPP_LCP, 1, NULL, 0);
	tape_cp(t, IN, V6D_PPP_LCP, V6D_CP_CONF_REQ, 1, pap, sizeof(pap));
	tape_cp(t, OUT, V6D_PPP_LCP, V6D_CP_CONF_NAK, 1, chap2, sizeof(chap2));
	tape_agree(t, IN, V6D_PPP_LCP, 2, NULL, 0);
	terminate(t, IN);
}

/* A Nak and then agreement on another method is how it should go. */
static void
method_agreed(struct tape *t)
{
	tape_call(t);
	tape_agree(t, OUT, V6D_PPP_LCP, 1, NULL, 0);
	tape_cp(t, IN, V6D_PPP_LCP, V6D_CP_CONF_REQ, 1, chap2, sizeof(chap2));
	tape_cp(t, OUT, V6D_PPP_LCP, V6D_CP_CONF_NAK, 1, pap, sizeof(pap));
	tape_agree(t, IN, V6D_PPP_LCP, 2, pap, sizeof(pap));
	tape_pap(t, true);
}

static void
auth_failed(struct tape *t)
{
	linked(t);
	tape_pap(t, false);
	terminate(t, IN);
}

static void
no_auth(struct tape *t)
{
	tape_call(t);
	tape_agree(t, OUT, V6D_PPP_LCP, 1, NULL, 0);
	tape_agree(t, IN, V6D_PPP_LCP, 1, NULL, 0);
	tape_ipv6cp_up(t);
}

static void
ipv6cp_rejected(struct tape *t)
{
	authenticated(t);
	tape_cp(t, OUT, V6D_PPP_IPV6CP, V6D_CP_CONF_REQ, 1, ifid, 10);
	reject(t, IN, V6D_PPP_IPV6CP);
}

static void
ipv6cp_refused_here(struct tape *t)
{
	authenticated(t);
	tape_cp(t, IN, V6D_PPP_IPV6CP, V6D_CP_CONF_REQ, 1, ifid, 10);
	reject(t, OUT, V6D_PPP_IPV6CP);
}

static void
ipv6cp_clash(struct tape *t)
{
	authenticated(t);
	tape_cp(t, IN, V6D_PPP_IPV6CP, V6D_CP_CONF_REQ, 1, ifid, 10);
	for (uint8_t i = 0; i < 6; i++) {
		tape_cp(t, OUT, V6D_PPP_IPV6CP, V6D_CP_CONF_REQ, i, ifid, 10);
		tape_cp(t, IN, V6D_PPP_IPV6CP, V6D_CP_CONF_NAK, i, ifid, 10);
	}
}

static void
ipv6cp_silent(struct tape *t)
{
	authenticated(t);
	for (uint8_t i = 0; i < 4; i++) {
		tape_cp(t, OUT, V6D_PPP_IPV6CP, V6D_CP_CONF_REQ, i, ifid, 10);
		tape_wait(t, V6D_S(3));
	}
}

static void
ipcp_required(struct tape *t)
{
	authenticated(t);
	tape_cp(t, IN, V6D_PPP_IPCP, V6D_CP_CONF_REQ, 1, NULL, 0);
	reject(t, OUT, V6D_PPP_IPCP);
	tape_ipv6cp_up(t);
	terminate(t, IN);
}

static void
ipcp_not_needed(struct tape *t)
{
	authenticated(t);
	tape_cp(t, IN, V6D_PPP_IPCP, V6D_CP_CONF_REQ, 1, NULL, 0);
	reject(t, OUT, V6D_PPP_IPCP);
	tape_ipv6cp_up(t);
}

static void
ccp_required(struct tape *t)
{
	static const uint8_t mppe[] = { 18, 6, 1, 0, 0, 0x40 };

	authenticated(t);
	tape_cp(t, IN, V6D_PPP_CCP, V6D_CP_CONF_REQ, 1, mppe, sizeof(mppe));
	tape_cp(t, OUT, V6D_PPP_CCP, V6D_CP_CONF_REJ, 1, mppe, sizeof(mppe));
	terminate(t, IN);
}

/* Compression alone is no reason to leave. */
static void
deflate_refused(struct tape *t)
{
	static const uint8_t deflate[] = { 26, 4, 0x78, 0 };

	authenticated(t);
	tape_cp(
	    t, IN, V6D_PPP_CCP, V6D_CP_CONF_REQ, 1, deflate, sizeof(deflate));
	reject(t, OUT, V6D_PPP_CCP);
	terminate(t, IN);
}

static void
ccp_refused(struct tape *t)
{
	static const uint8_t mppe[] = { 18, 6, 1, 0, 0, 0x40 };

	authenticated(t);
	tape_cp(t, OUT, V6D_PPP_CCP, V6D_CP_CONF_REQ, 1, mppe, sizeof(mppe));
	reject(t, IN, V6D_PPP_CCP);
	terminate(t, OUT);
}

/* The server wants TLS, the client MD5 or a Failure. */
static void
eap(struct tape *t, bool nak)
{
	static const uint8_t tls = 13, md5[] = { 4, 1, 'x' }, want[] = { 3, 4 };

	linked(t);
	tape_cp(t, IN, V6D_PPP_EAP, 1, 1, nak ? &tls : md5, nak ? 1 : 3);
	tape_cp(t, OUT, V6D_PPP_EAP, 2, 1, nak ? want : md5, nak ? 2 : 3);
	tape_cp(t, IN, V6D_PPP_EAP, 4, 1, NULL, 0);
	terminate(t, IN);
}

static void
eap_declined(struct tape *t)
{
	eap(t, true);
}

static void
eap_failed(struct tape *t)
{
	eap(t, false);
}

static void
client_terminates(struct tape *t)
{
	tape_up(t);
	terminate(t, OUT);
	terminate(t, IN);
}

/* A client without IPv6 on a service that has nothing else. */
static void
only_ipcp(struct tape *t)
{
	static const uint8_t ip[] = { 3, 6, 0, 0, 0, 0 };

	authenticated(t);
	tape_cp(t, OUT, V6D_PPP_IPCP, V6D_CP_CONF_REQ, 1, ip, sizeof(ip));
	reject(t, IN, V6D_PPP_IPCP);
	terminate(t, OUT);
}

/* pppd without "noauth". */
static void
server_to_log_in(struct tape *t)
{
	tape_call(t);
	tape_cp(t, OUT, V6D_PPP_LCP, V6D_CP_CONF_REQ, 1, chap2, 5);
	tape_cp(t, IN, V6D_PPP_LCP, V6D_CP_CONF_REJ, 1, chap2, 5);
	terminate(t, OUT);
	tape_type(t, OUT, V6D_PPTP_CCR);
}

static void
one_router(struct tape *t)
{
	struct v6d_ra ra = good_ra();

	tape_up(t);
	tape_ra(t, &ra);
}

static void
two_routers(struct tape *t)
{
	struct v6d_ra ra = good_ra();
	struct v6d_ip ip = { .src = addr6("fe80::77"),
		.dst = addr6("ff02::1"),
		.version = 6,
		.ttl = 255,
		.proto = V6D_IPPROTO_ICMP6 };
	uint8_t buf[512];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	one_router(t);
	v6d_ra_encode(&o, &ra, &ip);
	tape_ip6(t, IN, &ip, buf, o.len);
}

/* The link takes 1400 bytes, and the router advertises 1500. */
static void
ra_over_mru(struct tape *t)
{
	static const uint8_t mru[] = { 1, 4, 0x05, 0x78 };
	struct v6d_ra ra = good_ra();

	ra.mtu = 1500;
	tape_call(t);
	tape_agree(t, OUT, V6D_PPP_LCP, 1, NULL, 0);
	tape_agree(t, IN, V6D_PPP_LCP, 1, mru, sizeof(mru));
	tape_ipv6cp_up(t);
	tape_ra(t, &ra);
}

static void
ra_of_mru(struct tape *t)
{
	struct v6d_ra ra = good_ra();

	ra.mtu = 1500;
	tape_up(t);
	tape_ra(t, &ra);
}

static void
test_scenes(void **state)
{
	static const struct scene scenes[] = {
		{ "up: LCP", tape_up, 0, V6D_FACT_PPP_LCP, "ok" },
		{ "up: auth", tape_up, 0, V6D_FACT_PPP_AUTH, "ok" },
		{ "up: IPV6CP", tape_up, 0, V6D_FACT_PPP_IPV6CP, "ok" },
		{ "call only", tape_call, LONG, V6D_FACT_PPP_LCP, "" },
		{ "LCP unanswered", lcp_unanswered, 0, V6D_FACT_PPP_LCP,
		    "bad timeout" },
		{ "LCP loop", lcp_loop, 0, V6D_FACT_PPP_LCP, "bad loop" },
		{ "method refused", method_refused, 0, V6D_FACT_PPP_AUTH,
		    "bad method" },
		{ "method agreed", method_agreed, 0, V6D_FACT_PPP_AUTH, "ok" },
		{ "wrong password", auth_failed, 0, V6D_FACT_PPP_AUTH,
		    "bad rejected" },
		{ "wrong password: no other refusal", auth_failed, 0,
		    V6D_FACT_PPP_IPCP, "" },
		{ "no authentication", no_auth, 0, V6D_FACT_PPP_AUTH, "ok" },
		{ "not yet authenticated", linked, 0, V6D_FACT_PPP_AUTH, "" },
		{ "IPV6CP rejected", ipv6cp_rejected, 0, V6D_FACT_PPP_IPV6CP,
		    "bad rejected" },
		{ "IPV6CP refused by the client", ipv6cp_refused_here, 0,
		    V6D_FACT_PPP_IPV6CP, "bad not-offered" },
		{ "only IPv4 asked for", only_ipcp, LONG, V6D_FACT_PPP_IPV6CP,
		    "bad not-offered" },
		{ "the server asked to log in", server_to_log_in, 0,
		    V6D_FACT_PPP_AUTH, "bad demanded" },
		{ "PAP", authenticated, 0, V6D_FACT_PPP_CRYPTO, "bad pap" },
		{ "an MTU over the link's", ra_over_mru, 0, V6D_FACT_RA_MTU,
		    "bad too-big" },
		{ "the link's own MTU", ra_of_mru, 0, V6D_FACT_RA_MTU, "ok" },
		{ "two routers", two_routers, 0, V6D_FACT_RA_ROUTERS,
		    "bad several" },
		{ "one router", one_router, 0, V6D_FACT_RA_ROUTERS, "" },
		{ "one identifier on both sides", ipv6cp_clash, 0,
		    V6D_FACT_PPP_IPV6CP, "bad clash" },
		{ "IPV6CP silent", ipv6cp_silent, 0, V6D_FACT_PPP_IPV6CP,
		    "bad timeout" },
		{ "IPV6CP not begun", authenticated, LONG, V6D_FACT_PPP_IPV6CP,
		    "" },
		{ "IPCP required", ipcp_required, 0, V6D_FACT_PPP_IPCP,
		    "bad required" },
		{ "IPCP not needed", ipcp_not_needed, LONG, V6D_FACT_PPP_IPCP,
		    "ok" },
		{ "encryption required", ccp_required, 0, V6D_FACT_PPP_CCP,
		    "bad required" },
		{ "compression refused", deflate_refused, 0, V6D_FACT_PPP_CCP,
		    "" },
		{ "encryption refused", ccp_refused, 0, V6D_FACT_PPP_CCP,
		    "bad refused" },
		{ "EAP method declined", eap_declined, 0, V6D_FACT_PPP_AUTH,
		    "bad method" },
		{ "EAP password", eap_failed, 0, V6D_FACT_PPP_AUTH,
		    "bad rejected" },
		{ "ended by the server", ipcp_required, 0,
		    V6D_FACT_PPP_TERMINATED, "bad peer" },
		{ "ended by the client", client_terminates, 0,
		    V6D_FACT_PPP_TERMINATED, "" },
		{ "MRU", tape_up, 0, V6D_FACT_PPP_MRU, "ok" },
	};

	(void)state;
	CHECK_SCENES(scenes);
}

/* ---- router advertisement ---- */

static void
solicits(struct tape *t, unsigned n)
{
	tape_call(t);
	tape_lcp_up(t);
	tape_pap(t, true);
	tape_ipv6cp_up(t);
	for (unsigned i = 0; i < n; i++) {
		tape_rs(t);
		tape_wait(t, V6D_S(4));
	}
}

static void
three_solicits(struct tape *t)
{
	solicits(t, 3);
}

static void
one_solicit(struct tape *t)
{
	solicits(t, 1);
}

static void
no_solicit(struct tape *t)
{
	solicits(t, 0);
}

static void
with_ra(struct tape *t, const struct v6d_ra *ra)
{
	solicits(t, 0);
	tape_rs(t);
	tape_ra(t, ra);
}

static void
ra_zero(struct tape *t)
{
	struct v6d_ra ra = good_ra();

	ra.lifetime_s = 0;
	with_ra(t, &ra);
}

static void
ra_no_prefix(struct tape *t)
{
	struct v6d_ra ra = good_ra();

	ra.n_prefixes = 0;
	with_ra(t, &ra);
}

static void
ra_no_autoconf(struct tape *t)
{
	struct v6d_ra ra = good_ra();

	ra.prefixes[0].autonomous = false;
	with_ra(t, &ra);
}

static void
ra_length(struct tape *t)
{
	struct v6d_ra ra = good_ra();

	ra.prefixes[0].prefix.len = 56;
	with_ra(t, &ra);
}

static void
ra_second_prefix_good(struct tape *t)
{
	struct v6d_ra ra = good_ra();

	ra.prefixes[1] = ra.prefixes[0];
	ra.prefixes[0].valid_s = 0;
	ra.n_prefixes = 2;
	with_ra(t, &ra);
}

static void
ra_mtu(struct tape *t)
{
	struct v6d_ra ra = good_ra();

	ra.mtu = 1200;
	with_ra(t, &ra);
}

static void
ra_bad_sum(struct tape *t)
{
	struct v6d_ra ra = good_ra();

	with_ra(t, &ra);
	t->packets[t->n - 1].p[20 + 16 + 4 + 40 + 4] ^= 1;
}

static void
ra_expires(struct tape *t)
{
	struct v6d_ra ra = good_ra();

	ra.lifetime_s = 9;
	with_ra(t, &ra);
}

static void
test_ra(void **state)
{
	static const struct scene scenes[] = {
		{ "good", tape_up, 0, V6D_FACT_RA_RECEIVED, "ok" },
		{ "good: prefix", tape_up, 0, V6D_FACT_RA_PREFIX, "ok" },
		{ "good: valid", tape_up, 0, V6D_FACT_RA_VALID, "ok" },
		{ "good: lifetime", tape_up, 0, V6D_FACT_RA_LIFETIME, "ok" },
		{ "unanswered", three_solicits, 0, V6D_FACT_RA_RECEIVED,
		    "bad none" },
		{ "not answered yet", one_solicit, 0, V6D_FACT_RA_RECEIVED,
		    "" },
		{ "not asked for", no_solicit, V6D_S(60), V6D_FACT_RA_RECEIVED,
		    "" },
		{ "lifetime 0", ra_zero, 0, V6D_FACT_RA_LIFETIME, "bad zero" },
		{ "no prefix", ra_no_prefix, 0, V6D_FACT_RA_PREFIX,
		    "bad none" },
		{ "no autoconfiguration", ra_no_autoconf, 0, V6D_FACT_RA_PREFIX,
		    "bad no-autoconf" },
		{ "a /56", ra_length, 0, V6D_FACT_RA_PREFIX, "bad length" },
		{ "one of two is good", ra_second_prefix_good, 0,
		    V6D_FACT_RA_PREFIX, "ok" },
		{ "MTU 1200", ra_mtu, 0, V6D_FACT_RA_MTU, "bad too-small" },
		{ "checksum", ra_bad_sum, 0, V6D_FACT_RA_VALID,
		    "bad checksum" },
		{ "checksum: content unread", ra_bad_sum, 0, V6D_FACT_RA_PREFIX,
		    "" },
		{ "expires", ra_expires, LONG, V6D_FACT_RA_UNSOLICITED,
		    "bad solicited-only" },
		{ "not expired", ra_expires, V6D_S(5), V6D_FACT_RA_UNSOLICITED,
		    "" },
	};

	(void)state;
	CHECK_SCENES(scenes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scenes),
		cmocka_unit_test(test_ra),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
