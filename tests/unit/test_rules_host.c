/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_rules_host.c - causes on this host, as an end or as a gateway. */
#include "diag_help.h"

#define WELL UP SIZE BULK DNS

static void
test_end(void **state)
{
	static const struct diag_case t[] = {
		{ "host.tun=missing", "undetermined local-prerequisite!" },
		{ LINK "host.ipv6=disabled ra.received=ok addr.global=none",
		    "faulty ipv6-disabled!(addr.global)" },
		/* the packets never left: the far end has no part in it */
		{ LINK RA SIZE "route.target=ok v6.small=refused "
			       "v6.out=filtered v6.site=differs v6.get=refused",
		    "faulty ipv6-filtered-local!(v6.small,v6.site,v6.get)" },
		{ LINK RA SIZE "route.target=ok v6.small=refused v6.out=ok",
		    "faulty far-end" },
		{ CONTROL "host.rp_filter=dropped gre.in=filtered",
		    "faulty rp-filter!(gre.in)" },
		{ CONTROL "host.rp_filter=strict gre.in=none",
		    "faulty rp-filter(gre.in)" },
		{ WELL "host.persistent=lost",
		    "healthy settings-not-persistent!" },
		{ WELL "addr.privacy=eui64", "healthy privacy-eui64!" },
	};

	(void)state;
	check_cases(t, sizeof(t) / sizeof(t[0]));
}

static void
test_gateway(void **state)
{
	static const struct diag_case t[] = {
		{ WELL "lan.exposed=open", "degraded gateway-exposed!" },
		{ WELL "lan.exposed=reached", "faulty gateway-exposed!" },
		{ WELL "lan.advertised=unguarded",
		    "degraded radvd-before-firewall!" },
		{ WELL "lan.mss=too-big", "degraded mss-not-clamped!" },
		/* what is wrong on the LAN does not explain this host's own */
		{ UP SIZE "v6.put=ok lan.mss=too-big v6.get=stall "
			  "v6.pmtu.in=blackhole",
		    "faulty path-mtu-blackhole-in! mss-not-clamped!" },
		{ WELL "host.residue=route", "degraded residue!" },
		{ WELL "host.residue=route route.metric=tied",
		    "degraded residue!(route.metric)" },
		{ WELL "host.residue=sysctl host.accept_ra=forwarding",
		    "degraded residue!(host.accept_ra)" },
		{ WELL "host.residue=record", "degraded residue!" },
		{ WELL "host.icmp6=dropped", "degraded icmpv6-over-filtered!" },
		{ UP SIZE "v6.get=ok v6.put=stall v6.pmtu.out=blackhole "
			  "v6.ptb=unheeded host.icmp6=dropped",
		    "faulty ptb-filtered-local!"
		    "(host.icmp6,v6.put,v6.pmtu.out)" },
	};

	(void)state;
	check_cases(t, sizeof(t) / sizeof(t[0]));
}

RUN(cmocka_unit_test(test_end), cmocka_unit_test(test_gateway))
