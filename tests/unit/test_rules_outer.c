/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_rules_outer.c - causes of host, link and control connection. */
#include "diag_help.h"

static void
test_cases(void **state)
{
	static const struct diag_case t[] = {
		{ UP SIZE BULK DNS "control.slow=start",
		    "degraded server-slow!" },
		{ "control.tcp=ok control.slow=start control.start=timeout",
		    "faulty server-slow!(control.start)" },
		{ UP SIZE "lan.addr=changed gre.in=died control.hangup=reset",
		    "faulty lan-address-changed!(control.hangup,gre.in)" },
		{ UP SIZE BULK DNS
		    "napt.sessions=per-target v4.control=timeout",
		    "degraded napt-ports-per-target!(v4.control)" },
		{ UP SIZE BULK DNS "napt.sessions=ports",
		    "degraded napt-ports-per-target" },
		{ UP SIZE BULK DNS "napt.layers=double",
		    "healthy napt-double" },
		{ "control.tcp=timeout server.alive=ok",
		    "faulty control-blocked" },
		{ "control.tcp=timeout server.alive=silent",
		    "faulty {server-unreachable napt-exhausted}" },
		{ "control.tcp=timeout server.alive=silent v4.control=ok",
		    "faulty server-unreachable" },
		/* a table that is full has no say inside the tunnel */
		{ UP SIZE "napt.sessions=exhausted v6.put=ok v6.get=stall "
			  "v6.pmtu.in=blackhole",
		    "faulty path-mtu-blackhole-in! napt-exhausted!" },
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
		{ "host.raw=denied control.tcp=ok",
		    "undetermined local-prerequisite!" },
		{ "lan.addr=none control.tcp=unreachable",
		    "faulty lan-down!(control.tcp)" },
		{ "lan.addr=ok lan.route=ok lan.gateway=silent "
		  "server.alive=silent control.tcp=timeout",
		    "faulty lan-down(server.alive,control.tcp)" },
		{ "server.name=nxdomain", "faulty server-name!" },
		{ CONTROL GRE "ppp.terminated=peer control.hangup=disconnect",
		    "faulty server-disconnects!" },
		{ CONTROL GRE "control.hangup=reset",
		    "faulty {control-reset-inspection "
		    "server-disconnects}" },
		{ "control.tcp=ok control.start=reset",
		    "faulty {control-reset-inspection "
		    "server-closes-early}" },
		{ "control.tcp=ok control.start=timeout",
		    "faulty {control-reset-inspection "
		    "control-not-pptp}" },
		{ "control.tcp=ok control.start=ok control.call=closed",
		    "faulty call-limit" },
		{ "control.tcp=timeout v4.control=timeout",
		    "faulty napt-exhausted" },
		{ UP SIZE BULK "v4.control=ok dns.a=timeout dns.aaaa=timeout "
			       "napt.sessions=exhausted",
		    "faulty napt-exhausted!(dns.a,dns.aaaa)" },
		/* this host's own table, whatever passes at that moment */
		{ UP SIZE BULK DNS "host.conntrack=full v4.control=ok "
				   "napt.sessions=ok",
		    "faulty conntrack-full!" },
		{ UP SIZE BULK DNS "host.conntrack.room=refused "
				   "v4.control=timeout napt.sessions=exhausted",
		    "faulty conntrack-full(v4.control,napt.sessions)" },
		{ UP SIZE BULK DNS "host.conntrack.room=evicted",
		    "degraded conntrack-full!" },
		{ UP SIZE BULK DNS "host.conntrack.clash=failed "
				   "napt.sessions=per-target",
		    "degraded conntrack-full(napt.sessions)" },
		{ UP SIZE BULK DNS "napt.sessions=limit",
		    "degraded napt-limit-low" },
		{ UP SIZE BULK DNS "napt.sessions=limit napt.udp=shared",
		    "degraded napt-limit-low" },
		{ UP SIZE BULK DNS "napt.sessions=ok napt.udp=limit",
		    "degraded napt-limit-low" },
		{ UP SIZE BULK DNS "napt.sessions=ok napt.udp=per-target",
		    "degraded napt-ports-per-target!" },
		{ UP SIZE DNS "v6.get=stall napt.sessions=limit",
		    "faulty path-mtu-blackhole-in napt-limit-low" },
		/* What is inside the tunnel needs no entries of its own. */
		{ UP SIZE DNS "v6.get=stall napt.sessions=exhausted",
		    "faulty path-mtu-blackhole-in napt-exhausted!" },
		{ UP SIZE BULK DNS "control.echo=timeout",
		    "degraded control-lost-after-sli" },
	};

	(void)state;
	check_cases(t, sizeof(t) / sizeof(t[0]));
}

RUN(cmocka_unit_test(test_cases))
