/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_signatures.c - the ways in which PPTP and IPv6 in it are known to fail,
 * as people meet them, and where each must end: in one cause, or honestly
 * among those that look the same from here.
 */
#include "diag_help.h"

#define WELL UP SIZE BULK DNS

static void
test_control(void **state)
{
	static const struct diag_case t[] = {
		/* SYN repeated, no answer ("Connection timed out", 809) */
		{ "control.tcp=timeout", "faulty {server-unreachable "
					 "control-blocked napt-exhausted}" },
		/* reset ("Connection refused") */
		{ "control.tcp=refused", "faulty server-refuses!" },
		/* accepted and closed ("read returned zero") */
		{ "control.tcp=ok control.start=closed",
		    "faulty server-closes-early" },
		/* accepted and mute */
		{ "control.tcp=ok control.start=timeout",
		    "faulty {control-reset-inspection control-not-pptp}" },
		/* "Negative reply to our Start Control Connection Request" */
		{ "control.tcp=ok control.start=refused",
		    "faulty call-refused!" },
		/* Outgoing-Call-Reply with result 2, 4, 7 */
		{ "control.tcp=ok control.start=ok control.call=refused",
		    "faulty call-refused!" },
		/* reply after 50 s: most clients are gone by then */
		{ "control.tcp=ok control.start=ok control.slow=call "
		  "control.call=timeout",
		    "faulty server-slow!(control.call)" },
		/* "missing echo reply", and GRE goes on */
		{ WELL "control.echo=timeout",
		    "degraded control-lost-after-sli" },
		/* TCP sends again and again since Set-Link-Info */
		{ WELL "control.lost=after-sli control.echo=timeout",
		    "degraded control-lost-after-sli!" },
		/* Call-Disconnect-Notify; the server's pppd died */
		{ LINK RA "control.hangup=disconnect gre.in=died "
			  "ppp.terminated=peer",
		    "faulty server-disconnects!(gre.in)" },
		/* "Network is unreachable", "No route to host" */
		{ "lan.route=none control.tcp=unreachable",
		    "faulty lan-down!(control.tcp)" },
		/* the LAN's address changed under the tunnel */
		{ LINK RA "lan.addr=changed gre.in=died v6.small=timeout",
		    "faulty lan-address-changed!(gre.in,v6.small)" },
		/* the server's own address is routed into the tunnel */
		{ LINK RA "route.loop=loop gre.in=died",
		    "faulty routing-loop!(gre.in)" },
	};

	(void)state;
	check_cases(t, sizeof(t) / sizeof(t[0]));
}

static void
test_gre(void **state)
{
	static const struct diag_case t[] = {
		/* LCP requests go out, nothing comes (619, 721, 806) */
		{ CONTROL "gre.send=ok gre.in=absent ppp.lcp=timeout",
		    "faulty {gre-blocked napt-no-helper napt-one-session}" },
		/* the server hangs up at once: a NAT's ICMP reached it */
		{ CONTROL "gre.in=absent control.hangup=at-once",
		    "faulty {gre-blocked napt-no-helper}" },
		/* frames of another call id come, none of ours */
		{ CONTROL "gre.in=absent gre.foreign=foreign ppp.lcp=timeout",
		    "faulty {napt-no-helper call-id-collision}" },
		/* the second PC kills the first one's tunnel */
		{ LINK RA "gre.in=died v6.small=timeout",
		    "faulty {napt-one-session gre-idle-timeout}" },
		/* dead after idle minutes, echoes of the control still come */
		{ LINK RA "control.echo=ok gre.idle=dead-in gre.in=died "
			  "v6.small=timeout",
		    "faulty gre-idle-timeout!(v6.small)" },
		/* "Operation not permitted" */
		{ CONTROL "gre.send=denied gre.in=none ppp.lcp=timeout",
		    "faulty gre-blocked-local!(ppp.lcp)" },
		/* on the wire and not on our socket */
		{ CONTROL "gre.in=filtered ppp.lcp=timeout",
		    "faulty gre-blocked-local!(ppp.lcp)" },
		/* the own router says so */
		{ CONTROL "gre.icmp=first-hop gre.in=absent ppp.lcp=timeout",
		    "faulty gre-blocked-first-hop!(ppp.lcp)" },
		/* no kernel PPP, no /dev/net/tun, no raw sockets */
		{ "host.tun=missing host.raw=denied",
		    "undetermined local-prerequisite!" },
		/* "Discarding GRE": another version, another protocol */
		{ WELL "gre.plain=plain", "healthy gre-not-pptp!" },
		/* "buffering", "discarding duplicate" */
		{ WELL "gre.reorder=late", "degraded gre-loss!" },
		{ WELL "gre.reorder=duplicate", "degraded gre-loss!" },
		{ WELL "gre.loss=loss", "degraded gre-loss!" },
		/* ping and connect work, pages hang: the story itself */
		{ UP "v6.get=stall v6.put=ok dns.literal=stall dns.name=stall",
		    "faulty {gre-size-limit gre-fragments "
		    "path-mtu-blackhole-in}" },
		{ UP "gre.size.in=limit gre.size.out=ok v6.get=stall "
		     "v6.put=ok dns.literal=stall dns.name=stall",
		    "faulty gre-size-limit!(v6.get,dns.name,dns.literal)" },
		{ UP "gre.size.in=fragments gre.fragments=lost-in v6.get=stall "
		     "v6.put=ok",
		    "faulty gre-fragments!(v6.get)" },
		/* silent above 1454, signalled, or with fragments passing */
		{ UP "gre.size.out=dont-fragment gre.icmp.mtu=first-hop "
		     "v6.put=stall",
		    "faulty outer-mtu!(v6.put)" },
		{ UP "gre.size.out=hole v6.get=ok v6.put=ok",
		    "undetermined outer-mtu!" },
	};

	(void)state;
	check_cases(t, sizeof(t) / sizeof(t[0]));
}

static void
test_ppp(void **state)
{
	static const struct diag_case t[] = {
		/* 691, "E=691", 649 */
		{ CONTROL GRE "ppp.lcp=ok ppp.auth=rejected "
			      "ppp.terminated=peer",
		    "faulty auth-rejected!(ppp.terminated)" },
		/* "peer refused to authenticate" */
		{ CONTROL GRE "ppp.auth=demanded", "faulty auth-method!" },
		/* 741, 742: encryption wanted by one side */
		{ CONTROL GRE "ppp.lcp=ok ppp.auth=ok ppp.ccp=required "
			      "ppp.terminated=peer",
		    "faulty auth-method!(ppp.terminated)" },
		/* "noccp" with "require-mppe": in clear, unnoticed */
		{ WELL "ppp.mppe=clear", "degraded mppe-not-negotiated!" },
		/* 720, "No network protocols running" */
		{ CONTROL GRE "ppp.lcp=ok ppp.auth=ok ppp.ipv6cp=not-offered",
		    "faulty client-without-ipv6!" },
		/* Protocol-Reject of IPV6CP */
		{ CONTROL GRE "ppp.lcp=ok ppp.auth=ok ppp.ipv6cp=rejected",
		    "faulty ipv6cp-refused!" },
		/* IPV6CP unanswered, LCP fine */
		{ CONTROL GRE "ppp.lcp=ok ppp.auth=ok ppp.ipv6cp=timeout",
		    "faulty {ipv6cp-refused ppp-negotiation}" },
		/* "loopback", options that never converge */
		{ CONTROL GRE "ppp.lcp=loop", "faulty ppp-negotiation!" },
	};

	(void)state;
	check_cases(t, sizeof(t) / sizeof(t[0]));
}

static void
test_inner(void **state)
{
	static const struct diag_case t[] = {
		/* no advertisement; one that makes no address; no route */
		{ LINK "ra.received=none addr.global=none",
		    "faulty ra-absent!(addr.global)" },
		{ LINK "ra.received=ok ra.valid=hop-limit addr.global=none",
		    "faulty ra-bad-hop-limit!(addr.global)" },
		{ LINK "ra.received=ok ra.prefix=no-autoconf addr.global=none",
		    "faulty ra-no-autoconf!(addr.global)" },
		{ LINK "ra.received=ok ra.lifetime=zero ra.prefix=ok "
		       "addr.global=ok route.default=none route.target=none",
		    "faulty ra-zero-lifetime!(route.default,route.target)" },
		/* accept_ra=1 and forwarding=1: the address runs out */
		{ LINK "ra.received=ok host.accept_ra=forwarding "
		       "ra.used=nothing addr.global=none",
		    "faulty ra-ignored-forwarding!(addr.global)" },
		/* only names with AAAA stall: a closed network's address */
		{ LINK RA "addr.closed=closed route.target=elsewhere "
			  "v6.small=timeout",
		    "faulty closed-network!(route.target,v6.small)" },
		/* names stall, the literal works */
		{ UP SIZE BULK "dns.a=ok dns.aaaa=timeout dns.literal=ok "
			       "dns.name=unresolved",
		    "faulty dns-aaaa-dropped!(dns.name)" },
		{ UP SIZE BULK "dns.a=ok dns.aaaa=servfail dns.literal=ok",
		    "faulty dns-aaaa-error!" },
		/* random failures for everyone, a log full of it */
		{ UP SIZE BULK DNS "napt.sessions=exhausted v4.control=timeout",
		    "faulty napt-exhausted!" },
		/* throughput collapses over a rate */
		{ WELL "gre.rate=policed gre.loss=loss",
		    "degraded policer!(gre.loss)" },
		/* radvd and an empty forward chain */
		{ WELL "lan.exposed=open lan.advertised=unguarded",
		    "degraded radvd-before-firewall! gateway-exposed!" },
		/* what a script left behind */
		{ WELL "host.residue=radvd", "degraded residue!" },
		/* the published name points elsewhere */
		{ WELL "dns.own=stale", "degraded dns-stale-record!" },
	};

	(void)state;
	check_cases(t, sizeof(t) / sizeof(t[0]));
}

RUN(cmocka_unit_test(test_control), cmocka_unit_test(test_gre),
    cmocka_unit_test(test_ppp), cmocka_unit_test(test_inner))
