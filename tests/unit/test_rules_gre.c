/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_rules_gre.c - causes in the GRE leg. */
#include "diag_help.h"

static void
test_cases(void **state)
{
	static const struct diag_case t[] = {
		{ CONTROL "gre.send=ok gre.in=none ppp.lcp=timeout",
		    "faulty {gre-blocked gre-blocked-local napt-no-helper "
		    "napt-one-session}" },
		{ CONTROL "gre.in=absent ppp.lcp=timeout",
		    "faulty {gre-blocked napt-no-helper napt-one-session}" },
		{ CONTROL "gre.in=none control.hangup=at-once",
		    "faulty {gre-blocked napt-no-helper}" },
		{ CONTROL "control.hangup=at-once",
		    "faulty {gre-blocked napt-no-helper}" },
		{ CONTROL "gre.in=none gre.icmp=first-hop ppp.lcp=timeout",
		    "faulty gre-blocked-first-hop!(ppp.lcp)" },
		{ CONTROL "gre.in=none gre.icmp=first-hop "
			  "control.hangup=at-once",
		    "faulty gre-blocked-first-hop!(control.hangup)" },
		{ CONTROL "gre.send=denied gre.in=none ppp.lcp=timeout",
		    "faulty gre-blocked-local!(ppp.lcp)" },
		/* the server spoke first */
		{ CONTROL "gre.send=denied gre.in=ok gre.out=unacknowledged "
			  "ppp.lcp=timeout",
		    "faulty gre-blocked-local!(gre.out,ppp.lcp)" },
		{ CONTROL "gre.in=filtered host.rule=counted ppp.lcp=timeout",
		    "faulty gre-blocked-local!(ppp.lcp)" },
		{ CONTROL "gre.in=filtered host.rule=uncounted "
			  "ppp.lcp=timeout host.rp_filter=dropped",
		    "faulty rp-filter!(host.rule,gre.in,ppp.lcp)" },
		{ CONTROL "gre.in=ok gre.out=unacknowledged ppp.lcp=timeout",
		    "faulty gre-blocked(ppp.lcp)" },
		{ UP DNS "gre.size.in=limit gre.size.out=ok v6.get=stall "
			 "v6.put=ok v6.pmtu.in=blackhole dns.name=stall "
			 "dns.literal=stall v6.mtu=too-big",
		    "faulty gre-size-limit!(v6.get,v6.pmtu.in,v6.mtu,"
		    "dns.name,dns.literal)" },
		{ UP DNS "gre.size.in=ok gre.size.out=limit v6.get=ok "
			 "v6.put=stall",
		    "faulty gre-size-limit!(v6.put)" },
		{ UP DNS "v6.get=stall v6.put=ok",
		    "faulty {gre-size-limit gre-fragments "
		    "path-mtu-blackhole-in}" },
		{ UP SIZE BULK DNS "gre.loss=loss", "degraded gre-loss!" },
		{ UP SIZE BULK DNS "gre.loss=heavy", "faulty gre-loss!" },
		/* loss that comes with the rate is the rate's doing */
		{ UP SIZE BULK DNS "gre.loss=heavy gre.rate=policed",
		    "degraded policer!(gre.loss)" },
		{ UP SIZE BULK DNS "gre.loss=heavy gre.rate=congested",
		    "degraded policer(gre.loss)" },
		{ UP SIZE BULK DNS "gre.rate=queue", "degraded policer!" },
		{ UP SIZE BULK DNS "gre.loss=heavy gre.rate=queue",
		    "faulty gre-loss! policer!" },
		{ UP SIZE BULK DNS "gre.plain=plain", "healthy gre-not-pptp!" },
		{ UP SIZE BULK DNS "gre.foreign=foreign",
		    "degraded call-id-collision!" },
		/* recorded beside the server, which waits in vain */
		{ CONTROL "gre.in=ok gre.out=unacknowledged "
			  "control.hangup=disconnect ppp.lcp=terminated "
			  "ppp.terminated=peer",
		    "faulty gre-blocked(control.hangup,ppp.lcp,"
		    "ppp.terminated)" },
		{ CONTROL "gre.in=none gre.out=ok control.hangup=disconnect "
			  "ppp.lcp=terminated ppp.terminated=peer",
		    "faulty {gre-blocked napt-no-helper napt-one-session}" },
		{ CONTROL "gre.in=filtered gre.out=ok ppp.lcp=timeout",
		    "faulty gre-blocked-local!(ppp.lcp)" },
		{ CONTROL "gre.in=none gre.icmp=later-hop ppp.lcp=timeout",
		    "faulty gre-blocked!(ppp.lcp)" },
		{ UP DNS "gre.size.in=hole v6.get=ok", "degraded outer-mtu!" },
		{ UP DNS "gre.size.out=limit gre.icmp.mtu=first-hop "
			 "v6.put=stall",
		    "faulty outer-mtu!(v6.put)" },
		{ UP DNS SIZE "gre.fragments=lost-in v6.get=stall",
		    "faulty gre-fragments! path-mtu-blackhole-in" },
		{ UP DNS "gre.size.in=limit gre.size.out=limit "
			 "v6.get=stall v6.put=stall v6.pmtu.in=blackhole "
			 "v6.pmtu.out=blackhole",
		    "faulty gre-size-limit!(v6.get,v6.put,v6.pmtu.out,"
		    "v6.pmtu.in)" },
		{ UP DNS SIZE BULK "gre.data=changed",
		    "faulty gre-corruption!" },
		/* an end that gets nonsense hangs up */
		{ UP DNS "gre.data=changed control.hangup=closed "
			 "v6.get=timeout",
		    "faulty gre-corruption!(control.hangup,v6.get)" },
		{ CONTROL "gre.in=ok gre.data=changed ppp.lcp=timeout",
		    "faulty gre-corruption!(ppp.lcp)" },
		/* behind GRE's limit the path is narrower still */
		{ UP DNS "gre.size.in=limit gre.size.out=ok v6.get=stall "
			 "v6.pmtu.in=narrower",
		    "faulty gre-size-limit!(v6.get) path-mtu-blackhole-in!" },
		{ UP DNS "gre.size.in=ok gre.size.out=limit v6.put=stall "
			 "v6.pmtu.out=narrower",
		    "faulty gre-size-limit!(v6.put) path-mtu-blackhole-out!" },
		{ UP SIZE BULK DNS "gre.idle=dead-in",
		    "faulty gre-idle-timeout!" },
		{ CONTROL PPP "gre.in=died gre.idle=dead v6.small=timeout",
		    "faulty gre-idle-timeout(v6.small)" },
	};

	(void)state;
	check_cases(t, sizeof(t) / sizeof(t[0]));
}

RUN(cmocka_unit_test(test_cases))
