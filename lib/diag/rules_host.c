/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_host.c - causes on this host, as an end or as a gateway. */
#include "diag/rules.h"

const struct v6d_rule v6d_rules_host[V6D_N_CAUSES] = {
	[V6D_CAUSE_LOCAL_PREREQUISITE] = {
		.shows = LIST(IS(HOST_TUN, "*"), IS(HOST_RAW, "*"),
		    IS(CONTROL_TCP, "local")),
		.needs = LIST(IS(HOST_TUN, "*"), IS(HOST_RAW, "*"),
		    IS(CONTROL_TCP, "local")),
		.worse = LIST(IS(CONTROL_TCP, "local")),
		.ask = "Run it as root (or with CAP_NET_RAW and a readable "
		       "/dev/net/tun) and look at this host's output filter.",
	},
	[V6D_CAUSE_IPV6_DISABLED] = {
		.shows = LIST(IS(HOST_IPV6, "*")),
		.and_leads = v6d_terms_no_ipv6,
		.needs = LIST(IS(HOST_IPV6, "*")),
		.ask = "What does net.ipv6.conf.all.disable_ipv6 say?",
	},
	[V6D_CAUSE_IPV6_FILTERED_LOCAL] = {
		.shows = LIST(IS(V6_OUT, "filtered")),
		.leads = LIST(IS(V6_SMALL, "*"), IS(V6_SITE, "*"),
		    IS(V6_ROUTER, "timeout"), IS(V6_GET, "*"), IS(V6_PUT, "*"),
		    IS(DNS_NAME, "timeout stall refused"),
		    IS(DNS_LITERAL, "*")),
		.needs = LIST(IS(V6_OUT, "filtered")),
		.ask = "Does this host's ip6tables or nftables let IPv6 out to "
		       "the target?",
	},
	[V6D_CAUSE_RESIDUE] = {
		.shows = LIST(IS(HOST_RESIDUE, "*")),
		.leads = LIST(
		    IS_IF(ROUTE_METRIC, "tied", HOST_RESIDUE, "route"),
		    IS_IF(ROUTE_DEFAULT, "elsewhere", HOST_RESIDUE, "route"),
		    IS_IF(HOST_ACCEPT_RA, "forwarding", HOST_RESIDUE,
			"sysctl"),
		    IS_IF(LAN_ADVERTISED, "*", HOST_RESIDUE, "radvd")),
		.needs = LIST(IS(HOST_RESIDUE, "*")),
		.ask = "Was the tunnel set up before, and not taken down? "
		       "\"v6doctor restore\" undoes what it did itself.",
	},
	[V6D_CAUSE_SETTINGS_NOT_PERSISTENT] = {
		.shows = LIST(IS(HOST_PERSISTENT, "lost")),
		.needs = LIST(IS(HOST_PERSISTENT, "lost")),
		.ask = "Is the setting in /etc/sysctl.conf, /etc/sysctl.d or "
		       "the network manager's profile?",
	},
	[V6D_CAUSE_RP_FILTER] = {
		.shows = LIST(IS(HOST_RP_FILTER, "*")),
		.leads = LIST(IS(GRE_IN, "none filtered"),
		    IS(HOST_RULE, "uncounted unclear"),
		    IS(GRE_OUT, "unacknowledged"), IS(PPP_LCP, "timeout"),
		    IS(CONTROL_TCP, "timeout"),
		    IS(CONTROL_HANGUP, "closed disconnect stop")),
		.needs = LIST(IS(HOST_RP_FILTER, "dropped")),
		.worse = LIST(IS(GRE_IN, "none filtered"),
		    IS(CONTROL_TCP, "timeout")),
		.ask = "What does net.ipv4.conf.IF.rp_filter say, and does the "
		       "route back to the server leave by the interface that "
		       "its packets come in by?",
	},
	[V6D_CAUSE_MSS_NOT_CLAMPED] = {
		.shows = LIST(IS(LAN_MSS, "too-big")),
		.needs = LIST(IS(LAN_MSS, "too-big")),
		.ask = "Do big pages stall on the hosts of the LAN only, and "
		       "not on the gateway itself?",
	},
	[V6D_CAUSE_GATEWAY_EXPOSED] = {
		.shows = LIST(IS(LAN_EXPOSED, "*")),
		.needs = LIST(IS(LAN_EXPOSED, "*")),
		.worse = LIST(IS(LAN_EXPOSED, "reached")),
		.ask = "Try a port of a LAN host from outside, or read the "
		       "forward chain of ip6tables or nftables.",
	},
	[V6D_CAUSE_RADVD_BEFORE_FIREWALL] = {
		.shows = LIST(IS(LAN_ADVERTISED, "unguarded")),
		.needs = LIST(IS(LAN_ADVERTISED, "unguarded")),
		.ask = "Which is started first at boot, the packet filter or "
		       "radvd?",
	},
	[V6D_CAUSE_ICMPV6_OVER_FILTERED] = {
		.shows = LIST(IS(HOST_ICMP6, "dropped")),
		.needs = LIST(IS(HOST_ICMP6, "dropped")),
		.ask = "Which ICMPv6 types do ip6tables or nftables let "
		       "through?",
	},
	[V6D_CAUSE_PRIVACY_EUI64] = {
		.shows = LIST(IS(ADDR_PRIVACY, "eui64")),
		.needs = LIST(IS(ADDR_PRIVACY, "eui64")),
		.ask = "What does net.ipv6.conf.IF.use_tempaddr say?",
	},
};
