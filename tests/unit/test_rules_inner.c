/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_rules_inner.c - causes inside the tunnel. */
#include "diag_help.h"

static void
test_cases(void **state)
{
	static const struct diag_case t[] = {
		{ LINK "ra.received=ok ra.valid=ok ra.lifetime=ok "
		       "ra.prefix=none addr.global=none",
		    "faulty ra-no-prefix!(addr.global)" },
		{ LINK "ra.received=ok ra.valid=ok ra.lifetime=ok "
		       "ra.prefix=length addr.global=none",
		    "faulty ra-bad-prefix-length!(addr.global)" },
		{ LINK "ra.received=ok ra.valid=ok ra.lifetime=ok "
		       "ra.prefix=expired addr.global=none",
		    "faulty ra-expired!(addr.global)" },
		{ LINK "ra.received=ok host.accept_ra=off ra.used=nothing",
		    "faulty ra-ignored-setting!" },
		{ LINK "ra.received=ok ra.valid=source addr.global=none",
		    "faulty ra-source-not-link-local!(addr.global)" },
		{ LINK "ra.received=ok ra.valid=checksum addr.global=none",
		    "faulty ra-malformed!(addr.global)" },
		{ UP SIZE BULK DNS "ra.mtu=too-small", "degraded ra-mtu!" },
		{ UP SIZE BULK DNS "ra.routers=several",
		    "degraded ra-several-routers!" },
		{ LINK RA "ra.routers=conflict route.target=source "
			  "v6.small=timeout",
		    "faulty ra-several-routers!(route.target,v6.small)" },
		{ LINK "ra.received=ok ra.valid=ok ra.used=no-address "
		       "addr.global=none route.target=none host.accept_ra=ok",
		    "faulty addr-none(route.target)" },
		{ LINK "ra.received=ok addr.global=dadfailed",
		    "faulty addr-dad-failed!" },
		{ UP SIZE BULK DNS "addr.global=deprecated",
		    "degraded addr-deprecated!" },
		{ LINK RA "ra.used=no-route route.default=none "
			  "route.target=none v6.small=unreachable "
			  "host.accept_ra=ok",
		    "faulty route-missing(v6.small)" },
		{ LINK RA "route.target=prohibited v6.small=unreachable",
		    "faulty route-blackhole!(v6.small)" },
		{ LINK RA "route.target=source v6.small=timeout",
		    "faulty source-address!(v6.small)" },
		{ UP SIZE BULK DNS "route.metric=tied",
		    "degraded route-metric!" },
		{ LINK RA "route.metric=tied route.target=elsewhere "
			  "v6.small=timeout",
		    "faulty route-metric!(route.target,v6.small)" },
		{ UP "v6.mtu=too-big v6.get=stall v6.put=ok",
		    "faulty {gre-size-limit gre-fragments "
		    "tunnel-mtu-too-big}" },
		/* GRE is too narrow one way, the path the other way */
		{ UP DNS "gre.size.in=ok gre.size.out=limit v6.mtu=too-big "
			 "v6.pmtu.in=blackhole v6.get=stall v6.put=stall",
		    "faulty gre-size-limit!(v6.put,v6.mtu) "
		    "path-mtu-blackhole-in!" },
		{ UP DNS "gre.size.in=limit gre.size.out=ok v6.mtu=too-big "
			 "v6.pmtu.out=blackhole v6.get=stall v6.put=stall",
		    "faulty gre-size-limit!(v6.get,v6.mtu) "
		    "path-mtu-blackhole-out!" },
		{ LINK RA "route.target=rule v6.small=timeout",
		    "faulty policy-rule!(v6.small)" },
		{ LINK "ra.received=ok v6.mtu=too-small addr.global=none",
		    "faulty tunnel-mtu-too-small!(addr.global)" },
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
		{ UP DNS SIZE "v6.get=stall v6.put=ok",
		    "faulty path-mtu-blackhole-in" },
		{ UP DNS SIZE "v6.get=stall v6.put=ok "
			      "v6.pmtu.in=blackhole dns.literal=stall",
		    "faulty path-mtu-blackhole-in!(dns.literal)" },
		{ UP DNS SIZE "v6.get=ok v6.put=stall "
			      "v6.pmtu.out=blackhole",
		    "faulty path-mtu-blackhole-out!" },
		{ UP DNS SIZE "v6.get=ok v6.put=stall "
			      "v6.pmtu.out=blackhole v6.ptb=unheeded",
		    "faulty ptb-filtered-local!(v6.put,v6.pmtu.out)" },
		{ LINK RA "addr.closed=closed route.target=elsewhere "
			  "v6.small=timeout",
		    "faulty closed-network!(route.target,v6.small)" },
		{ UP SIZE BULK DNS "addr.closed=closed",
		    "degraded closed-network!" },
		{ UP SIZE BULK "dns.a=ok dns.aaaa=timeout "
			       "dns.literal=ok dns.name=unresolved",
		    "faulty dns-aaaa-dropped!(dns.name)" },
		{ UP SIZE BULK "dns.a=timeout dns.aaaa=timeout",
		    "faulty dns-unreachable!" },
		{ UP SIZE BULK "dns.a=ok dns.aaaa=servfail",
		    "faulty dns-aaaa-error!" },
		{ UP SIZE BULK DNS "ra.unsolicited=solicited-only",
		    "degraded ra-solicited-only!" },
		{ UP SIZE BULK DNS "v6.site=differs", "degraded far-end!" },
		{ LINK RA "route.target=ok v6.small=timeout",
		    "faulty {far-end v6-core-unreachable}" },
		{ LINK RA "route.target=ok v6.small=all v6.get=timeout",
		    "faulty v6-core-unreachable!(v6.get)" },
		{ LINK "host.ipv6=disabled ra.received=ok addr.global=none",
		    "faulty ipv6-disabled!(addr.global)" },
		{ LINK "ra.received=ok ra.valid=ok ra.used=nothing "
		       "host.accept_ra=ok addr.global=none",
		    "faulty ra-filtered-local(addr.global)" },
		{ LINK "ra.received=ok ra.valid=hop-limit ra.used=nothing",
		    "faulty ra-bad-hop-limit!(ra.used)" },
		{ LINK RA "route.default=ok route.target=elsewhere "
			  "v6.small=timeout",
		    "faulty route-wrong-interface!(v6.small)" },
		{ LINK RA "route.loop=loop gre.in=died",
		    "faulty routing-loop!(gre.in)" },
		{ UP SIZE BULK "dns.a=ok dns.aaaa=nodata",
		    "faulty dns-aaaa-missing" },
		{ UP SIZE BULK "dns.a=nxdomain dns.aaaa=nxdomain",
		    "faulty dns-error!" },
		{ UP SIZE BULK DNS "dns.literal=ok dns.name=unresolved",
		    "faulty libc-resolver" },
	};

	(void)state;
	check_cases(t, sizeof(t) / sizeof(t[0]));
}

RUN(cmocka_unit_test(test_cases))
