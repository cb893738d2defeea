/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_packets.c - from packets to a cause, all the way: made-up sessions for
 * the faults of which there is no recording.
 */
#include "diag_help.h"

#include "diag/witness.h"
#include "flow_help.h"

#define LONG V6D_S(20)

static const uint8_t chap2[] = { 3, 5, 0xc2, 0x23, 0x81 };
static const uint8_t pap[] = { 3, 4, 0xc0, 0x23 };

static void
begin(struct tape *t)
{
	tape_handshake(t);
	tape_type(t, OUT, V6D_PPTP_SCCRQ);
	tape_type(t, IN, V6D_PPTP_SCCRP);
	tape_type(t, OUT, V6D_PPTP_OCRQ);
}

static void
slow(struct tape *t)
{
	begin(t);
	tape_wait(t, V6D_S(50));
	tape_type(t, IN, V6D_PPTP_OCRP);
	tape_lcp_up(t);
	tape_pap(t, true);
}

static void
call_busy(struct tape *t)
{
	struct v6d_pptp m = message(V6D_PPTP_OCRP);

	m.result = 4;
	begin(t);
	tape_message(t, IN, &m);
}

static void
closes_at_call(struct tape *t)
{
	begin(t);
	tape_tcp(t, IN, V6D_TCP_FIN | V6D_TCP_ACK, NULL, 0);
}

static void
closes_early(struct tape *t)
{
	tape_handshake(t);
	tape_tcp(t, IN, V6D_TCP_FIN | V6D_TCP_ACK, NULL, 0);
}

static void
disconnects(struct tape *t)
{
	struct v6d_pptp m = message(V6D_PPTP_CDN);

	m.result = 3;
	m.call_id = SERVER_ID;
	tape_up(t);
	tape_wait(t, V6D_S(30));
	tape_message(t, IN, &m);
}

static void
sli(struct tape *t)
{
	struct v6d_pptp m = message(V6D_PPTP_SLI);
	uint8_t buf[V6D_PPTP_MAX];
	size_t n = encode_message(&m, buf, sizeof(buf));

	tape_up(t);
	for (unsigned i = 0; i < 5; i++) {
		tape_segment(
		    t, OUT, V6D_TCP_PSH | V6D_TCP_ACK, t->tcp[OUT], buf, n);
		tape_wait(t, V6D_S(1));
	}
}

static void
another_tunnel(struct tape *t)
{
	static const uint8_t ipip[24] = { 0, 0, 8, 0, 0x45 };
	struct v6d_ip ip = tape_ip(t, IN, V6D_IPPROTO_GRE);

	tape_up(t);
	tape_ip4(t, &ip, ipip, sizeof(ipip));
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
same_identifier(struct tape *t)
{
	static const uint8_t id[] = { 1, 10, 0, 0, 0, 0, 0, 0, 0, 5 };

	tape_call(t);
	tape_lcp_up(t);
	tape_pap(t, true);
	tape_agree(t, IN, V6D_PPP_IPV6CP, 1, id, sizeof(id));
	for (uint8_t i = 0; i < 6; i++) {
		tape_cp(
		    t, OUT, V6D_PPP_IPV6CP, V6D_CP_CONF_REQ, i, id, sizeof(id));
		tape_cp(
		    t, IN, V6D_PPP_IPV6CP, V6D_CP_CONF_NAK, i, id, sizeof(id));
	}
}

static void
only_ipv4(struct tape *t)
{
	static const uint8_t ip[] = { 3, 6, 0, 0, 0, 0 };
	static const uint8_t rej[] = { 0x80, 0x21, 1, 1, 0, 4 };

	tape_call(t);
	tape_lcp_up(t);
	tape_pap(t, true);
	tape_cp(t, OUT, V6D_PPP_IPCP, V6D_CP_CONF_REQ, 1, ip, sizeof(ip));
	tape_cp(t, IN, V6D_PPP_LCP, V6D_LCP_PROTO_REJ, 8, rej, sizeof(rej));
	tape_cp(t, OUT, V6D_PPP_LCP, V6D_CP_TERM_REQ, 9, NULL, 0);
}

static void
server_to_log_in(struct tape *t)
{
	tape_call(t);
	tape_cp(t, OUT, V6D_PPP_LCP, V6D_CP_CONF_REQ, 1, chap2, 5);
	tape_cp(t, IN, V6D_PPP_LCP, V6D_CP_CONF_REJ, 1, chap2, 5);
	tape_cp(t, OUT, V6D_PPP_LCP, V6D_CP_TERM_REQ, 9, NULL, 0);
	tape_type(t, OUT, V6D_PPTP_CCR);
}

/* ---- advertisements ---- */

static void
linked(struct tape *t)
{
	tape_call(t);
	tape_lcp_up(t);
	tape_pap(t, true);
	tape_ipv6cp_up(t);
	tape_rs(t);
}

static void
ra_from(struct tape *t, const struct v6d_ra *ra, const char *src, uint8_t ttl)
{
	struct v6d_ip ip = { .src = addr6(src),
		.dst = addr6("ff02::1"),
		.version = 6,
		.ttl = ttl,
		.proto = V6D_IPPROTO_ICMP6 };
	uint8_t buf[512];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	v6d_ra_encode(&o, ra, &ip);
	tape_ip6(t, IN, &ip, buf, o.len);
}

static void
ra_no_prefix(struct tape *t)
{
	struct v6d_ra ra = good_ra();

	ra.n_prefixes = 0;
	linked(t);
	tape_ra(t, &ra);
}

static void
ra_expired(struct tape *t)
{
	struct v6d_ra ra = good_ra();

	ra.prefixes[0].valid_s = ra.prefixes[0].preferred_s = 0;
	linked(t);
	tape_ra(t, &ra);
}

static void
ra_mtu(struct tape *t)
{
	struct v6d_ra ra = good_ra();

	ra.mtu = 1200;
	linked(t);
	tape_ra(t, &ra);
}

static void
ra_global_source(struct tape *t)
{
	struct v6d_ra ra = good_ra();

	linked(t);
	ra_from(t, &ra, "2001:db8:1::1", 255);
}

static void
ra_hop_limit(struct tape *t)
{
	struct v6d_ra ra = good_ra();

	linked(t);
	ra_from(t, &ra, "fe80::1", 64);
}

static void
ra_broken(struct tape *t)
{
	static const uint8_t zero_option[24] = { 134, 0, 0, 0, 64, 0, 7,
		8, [16] = 5 };
	struct v6d_ip ip = { .src = addr6("fe80::1"),
		.dst = addr6("ff02::1"),
		.version = 6,
		.ttl = 255,
		.proto = V6D_IPPROTO_ICMP6 };

	linked(t);
	tape_ip6(t, IN, &ip, zero_option, sizeof(zero_option));
}

static void
ra_two_routers(struct tape *t)
{
	struct v6d_ra ra = good_ra();

	linked(t);
	tape_ra(t, &ra);
	ra_from(t, &ra, "fe80::77", 255);
}

/* ---- inside ---- */

static void
echo_from(struct tape *t, const char *from)
{
	struct v6d_ip ip = inner_ip(OUT, V6D_IPPROTO_ICMP6);
	struct v6d_icmp m = { .type = V6D_ICMP6_ECHO, .id = 9, .seq = 1 };
	static const uint8_t zeros[64];
	uint8_t buf[256];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	ip.src = addr6(from);
	v6d_icmp6_encode_echo(&o, &m, &ip, zeros, sizeof(zeros));
	tape_ip6(t, OUT, &ip, buf, o.len);
}

static void
tells_mac(struct tape *t)
{
	tape_up(t);
	echo_from(t, "2001:db8:1:0:129a:ddff:fe4a:472d");
}

static void
lan_mss(struct tape *t)
{
	struct v6d_ip ip = inner_ip(OUT, V6D_IPPROTO_TCP);
	struct v6d_tcp tcp = {
		.sport = 50001, .dport = 80, .flags = V6D_TCP_SYN, .mss = 1440
	};
	struct v6d_ra ra = good_ra();
	uint8_t buf[256];
	struct v6d_out o = v6d_out_to(buf, sizeof(buf));

	ra.mtu = 1444;
	linked(t);
	tape_ra(t, &ra);
	tape_echo(t, OUT, false, 1, 104);
	ip.src = addr6("2001:db8:1::77");
	v6d_tcp_encode(&o, &tcp, &ip, NULL, 0);
	tape_ip6(t, OUT, &ip, buf, o.len);
}

/* told() must begin with this: what else is advised does not matter. */
static const struct {
	void (*write)(struct tape *t);
	const char *told;
} cases[] = {
	{ slow, "undetermined server-slow!" },
	{ call_busy, "faulty call-refused!" },
	{ closes_at_call, "faulty call-limit" },
	{ closes_early, "faulty server-closes-early" },
	{ disconnects, "faulty server-disconnects!" },
	{ sli, "undetermined control-lost-after-sli!" },
	{ another_tunnel, "undetermined gre-not-pptp!" },
	{ lcp_loop, "faulty ppp-negotiation!" },
	{ same_identifier, "faulty ifid-clash!" },
	{ only_ipv4, "faulty client-without-ipv6!" },
	{ server_to_log_in, "faulty auth-method!" },
	{ ra_no_prefix, "faulty ra-no-prefix!" },
	{ ra_expired, "faulty ra-expired!" },
	{ ra_mtu, "undetermined ra-mtu!" },
	{ ra_global_source, "faulty ra-source-not-link-local!" },
	{ ra_hop_limit, "faulty ra-bad-hop-limit!" },
	{ ra_broken, "faulty ra-malformed!" },
	{ ra_two_routers, "undetermined ra-several-routers!" },
	{ tells_mac, "undetermined pptp-crypto! privacy-eui64!" },
	{ lan_mss, "undetermined mss-not-clamped!" },
};

static void
test_cases(void **state)
{
	static const struct v6d_witness_how how = { .live = false };
	static struct v6d_obs obs[128];
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < V6D_ARRAY_LEN(cases); i++) {
		struct v6d_facts f;
		struct v6d_diagnosis d;
		struct tape t;
		char buf[512];

		tape_init(&t);
		cases[i].write(&t);
		v6d_facts_init(&f, obs, V6D_ARRAY_LEN(obs));
		f.source = "capture";
		v6d_witness(tape_play_part(&t, 0, SIZE_MAX, LONG), &how, &f);
		v6d_diagnose(&f, NULL, &d);
		told(&d, buf, sizeof(buf));
		if (strncmp(buf, cases[i].told, strlen(cases[i].told)) != 0) {
			print_error(
			    "expected %s\n  got    %s\n", cases[i].told, buf);
			bad++;
		}
		tape_done(&t);
	}
	assert_int_equal(bad, 0);
}

RUN(cmocka_unit_test(test_cases))
