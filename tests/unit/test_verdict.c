/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_verdict.c - symptoms in, diagnosis out. */
#include "diag_help.h"

#define CONTROL "control.tcp=ok control.start=ok control.call=ok "
#define GRE "gre.send=ok gre.in=ok gre.out=ok "
#define PPP "ppp.lcp=ok ppp.auth=ok ppp.ipv6cp=ok "
#define RA                                                        \
	"ra.received=ok ra.valid=ok ra.lifetime=ok ra.prefix=ok " \
	"ra.used=ok addr.global=ok "
#define ROUTE "route.default=ok route.target=ok v6.small=ok "
#define SIZE "gre.size.in=ok gre.size.out=ok "
#define BULK "v6.get=ok v6.put=ok "
#define DNS "dns.a=ok dns.aaaa=ok "
#define LINK CONTROL GRE PPP
#define UP LINK RA ROUTE

static void
diagnoses(void **state)
{
	static const struct {
		const char *symptoms, *told;
	} t[] = {
		{ "", "undetermined" },
		{ UP SIZE BULK DNS, "healthy" },
		{ UP SIZE BULK, "undetermined" },
		{ "control.tcp=timeout server.alive=ok",
		    "faulty control-blocked" },
		{ "control.tcp=timeout server.alive=silent",
		    "faulty server-unreachable" },
		{ "control.tcp=timeout",
		    "faulty {server-unreachable control-blocked "
		    "napt-exhausted}" },
		{ "control.tcp=prohibited control.icmp=prohibited",
		    "faulty control-blocked!" },
		{ "control.tcp=refused server.alive=ok",
		    "faulty server-refuses!" },
		{ "control.tcp=ok control.start=ok control.call=refused",
		    "faulty call-refused!" },
		{ "control.tcp=ok control.start=ok control.call=timeout",
		    "faulty control-reset-inspection" },
		{ "control.tcp=ok control.start=closed",
		    "faulty server-closes-early" },
		{ "control.tcp=ok control.start=not-pptp",
		    "faulty control-not-pptp!" },
		{ CONTROL "gre.send=ok gre.in=none ppp.lcp=timeout",
		    "faulty {gre-blocked gre-blocked-local napt-no-helper "
		    "napt-one-session}" },
		{ CONTROL "gre.in=absent ppp.lcp=timeout",
		    "faulty {gre-blocked napt-no-helper napt-one-session}" },
		{ CONTROL "gre.in=none control.hangup=at-once",
		    "faulty napt-no-helper" },
		{ CONTROL "control.hangup=at-once", "faulty napt-no-helper" },
		{ CONTROL "gre.in=none gre.icmp=first-hop ppp.lcp=timeout",
		    "faulty gre-blocked-first-hop!(ppp.lcp)" },
		{ CONTROL "gre.in=none gre.icmp=first-hop "
			  "control.hangup=at-once",
		    "faulty gre-blocked-first-hop!(control.hangup)" },
		{ CONTROL "gre.send=denied gre.in=none ppp.lcp=timeout",
		    "faulty gre-blocked-local!(ppp.lcp)" },
		{ CONTROL "gre.in=ok gre.out=unacknowledged ppp.lcp=timeout",
		    "faulty gre-blocked(ppp.lcp)" },
		{ CONTROL GRE "ppp.lcp=timeout", "faulty ppp-negotiation" },
		{ CONTROL GRE "ppp.lcp=ok ppp.auth=rejected "
			      "ppp.terminated=peer control.hangup=closed",
		    "faulty auth-rejected!(control.hangup,ppp.terminated)" },
		{ CONTROL GRE "ppp.lcp=ok ppp.auth=ok ppp.ipv6cp=rejected",
		    "faulty ipv6cp-refused!" },
		{ LINK "ppp.ipcp=required ppp.terminated=peer",
		    "faulty ipcp-required!(ppp.terminated)" },
		{ LINK "ra.received=none addr.global=none "
		       "route.target=none v6.small=unreachable",
		    "faulty ra-absent!(addr.global,route.target,v6.small)" },
		{ LINK "ra.received=ok ra.valid=ok ra.lifetime=zero "
		       "ra.prefix=ok ra.used=no-route addr.global=ok "
		       "route.default=none v6.small=unreachable",
		    "faulty ra-zero-lifetime!(ra.used,route.default,"
		    "v6.small)" },
		{ LINK "ra.received=ok ra.valid=ok ra.lifetime=ok "
		       "ra.prefix=ok ra.used=nothing "
		       "host.accept_ra=forwarding addr.global=none",
		    "faulty ra-ignored-forwarding!(addr.global)" },
		{ LINK "ra.received=ok ra.prefix=no-autoconf "
		       "addr.global=none",
		    "faulty ra-no-autoconf!(addr.global)" },
		{ UP DNS "gre.size.in=limit gre.size.out=ok v6.get=stall "
			 "v6.put=ok v6.pmtu.in=blackhole dns.name=stall "
			 "dns.literal=stall v6.mtu=too-big",
		    "faulty gre-size-limit!(v6.get,v6.pmtu.in,v6.mtu,"
		    "dns.name,dns.literal)" },
		{ UP DNS "gre.size.in=ok gre.size.out=limit v6.get=ok "
			 "v6.put=stall",
		    "faulty gre-size-limit!(v6.put)" },
		{ UP DNS SIZE "v6.get=stall v6.put=ok",
		    "faulty path-mtu-blackhole-in" },
		{ UP DNS SIZE "v6.get=stall v6.put=ok "
			      "v6.pmtu.in=blackhole dns.literal=stall",
		    "faulty path-mtu-blackhole-in!(dns.literal)" },
		{ UP DNS SIZE "v6.get=ok v6.put=stall "
			      "v6.pmtu.out=blackhole",
		    "faulty path-mtu-blackhole-out!" },
		{ UP DNS "v6.get=stall v6.put=ok",
		    "faulty {gre-size-limit gre-fragments "
		    "path-mtu-blackhole-in}" },
		{ UP SIZE BULK "dns.a=ok dns.aaaa=timeout "
			       "dns.literal=ok dns.name=unresolved",
		    "faulty dns-aaaa-dropped!(dns.name)" },
		{ UP SIZE BULK "dns.a=timeout dns.aaaa=timeout",
		    "faulty dns-unreachable!" },
		{ UP SIZE BULK "dns.a=ok dns.aaaa=servfail",
		    "faulty dns-aaaa-error!" },
		{ UP SIZE BULK DNS "gre.loss=loss", "degraded gre-loss!" },
		{ UP SIZE BULK DNS "gre.loss=heavy", "faulty gre-loss!" },
		{ UP SIZE BULK DNS "ra.unsolicited=solicited-only",
		    "degraded ra-solicited-only!" },
		{ UP SIZE BULK DNS "gre.foreign=foreign",
		    "degraded call-id-collision!" },
		{ "host.raw=denied control.tcp=ok",
		    "undetermined local-prerequisite!" },
		{ UP SIZE BULK DNS "v6.site=differs", "degraded far-end!" },
		{ LINK RA "route.target=ok v6.small=timeout",
		    "faulty {far-end v6-core-unreachable}" },
		{ LINK RA "route.target=ok v6.small=all v6.get=timeout",
		    "faulty v6-core-unreachable!(v6.get)" },
		{ UP DNS SIZE BULK "ppp.ipv6cp=other", "faulty ?ppp.ipv6cp" },
		/* two at once, each of its own kind */
		{ UP "gre.size.in=limit v6.get=stall dns.a=ok "
		     "dns.aaaa=timeout",
		    "faulty gre-size-limit!(v6.get) dns-aaaa-dropped!" },
	};
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct v6d_symptoms s = symptoms(t[i].symptoms);
		struct v6d_diagnosis d;
		char buf[512];

		v6d_diagnose_symptoms(&s, NULL, &d);
		if (strcmp(told(&d, buf, sizeof(buf)), t[i].told) == 0)
			continue;
		print_error("[%s]\n  gives    %s\n  expected %s\n",
		    t[i].symptoms, buf, t[i].told);
		bad++;
	}
	assert_int_equal(bad, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(diagnoses) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
