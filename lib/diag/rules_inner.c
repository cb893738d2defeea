/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_inner.c - causes inside the tunnel: RA, routes, path MTU. */
#include "diag/rules.h"

#define FETCH_FAILS                                                   \
	IS(V6_GET, "timeout refused"), IS(V6_PUT, "timeout refused"), \
	    IS(DNS_NAME, "timeout refused"),                          \
	    IS(DNS_LITERAL, "timeout refused")

const struct v6d_rule v6d_rules_inner[V6D_N_CAUSES] = {
	[V6D_CAUSE_RA_ABSENT] = {
		.by_effects = true,
		.excludes = LIST(IS(RA_RECEIVED, "ok"), IS(ADDR_GLOBAL, "ok"),
		    IS(V6_SMALL, "ok"), IS(DNS_LITERAL, "ok")),
		.shows = LIST(IS(RA_RECEIVED, "none")),
		.and_leads = v6d_terms_no_ipv6,
		.needs = LIST(IS(RA_RECEIVED, "none")),
		.ask = "Ask the operator whether the server advertises a "
		       "prefix on this account.",
	},
	[V6D_CAUSE_RA_NO_PREFIX] = {
		.shows = LIST(IS(RA_PREFIX, "none")),
		.and_leads = v6d_terms_no_ipv6,
		.needs = LIST(IS(RA_PREFIX, "none")),
		.ask = "Ask the operator: does the service use DHCPv6 instead?",
	},
	[V6D_CAUSE_RA_NO_AUTOCONF] = {
		.shows = LIST(IS(RA_PREFIX, "no-autoconf")),
		.and_leads = v6d_terms_no_ipv6,
		.needs = LIST(IS(RA_PREFIX, "no-autoconf")),
		.ask = "Ask the operator how addresses are given out.",
	},
	[V6D_CAUSE_RA_BAD_PREFIX_LENGTH] = {
		.shows = LIST(IS(RA_PREFIX, "length")),
		.and_leads = v6d_terms_no_ipv6,
		.needs = LIST(IS(RA_PREFIX, "length")),
		.ask = "Ask the operator for an advertised /64.",
	},
	[V6D_CAUSE_RA_ZERO_LIFETIME] = {
		.shows = LIST(IS(RA_LIFETIME, "zero")),
		.leads = LIST(IS(RA_USED, "no-route"),
		    IS(ROUTE_DEFAULT, "none"), IS(ROUTE_TARGET, "none"),
		    IS(V6_SMALL, "timeout unreachable all"),
		    IS(V6_GET, "timeout refused stall"),
		    IS(V6_PUT, "timeout refused stall"),
		    IS(DNS_NAME, "timeout refused stall"),
		    IS(DNS_LITERAL, "timeout refused stall")),
		.needs = LIST(IS(RA_LIFETIME, "zero")),
		.ask = "Ask the operator whether the server forwards IPv6.",
	},
	[V6D_CAUSE_RA_EXPIRED] = {
		.shows = LIST(IS(RA_PREFIX, "expired")),
		.and_leads = v6d_terms_no_ipv6,
		.needs = LIST(IS(RA_PREFIX, "expired")),
		.ask = "Ask the operator why the prefix has no lifetime left.",
	},
	[V6D_CAUSE_RA_IGNORED_FORWARDING] = {
		.shows = LIST(IS(HOST_ACCEPT_RA, "forwarding"),
		    IS(RA_USED, "*")),
		.and_leads = v6d_terms_no_ipv6,
		.excludes = LIST(IS(HOST_ACCEPT_RA, "ok off"),
		    IS(RA_USED, "ok")),
		.only_if = LIST(IS(HOST_ACCEPT_RA, "forwarding"),
		    IS(RA_USED, "nothing no-route")),
		.needs = LIST(IS(HOST_ACCEPT_RA, "forwarding")),
		.ask = "Is net.ipv6.conf.*.forwarding 1 and accept_ra 1? Set "
		       "accept_ra to 2 and dial again.",
	},
	[V6D_CAUSE_RA_IGNORED_SETTING] = {
		.shows = LIST(IS(HOST_ACCEPT_RA, "off"), IS(RA_USED, "*")),
		.and_leads = v6d_terms_no_ipv6,
		.excludes = LIST(IS(HOST_ACCEPT_RA, "ok forwarding"),
		    IS(RA_USED, "ok")),
		.only_if = LIST(IS(HOST_ACCEPT_RA, "off"),
		    IS(RA_USED, "*")),
		.needs = LIST(IS(HOST_ACCEPT_RA, "off")),
		.ask = "What do net.ipv6.conf.IF.accept_ra and .autoconf say "
		       "for the tunnel's interface?",
	},
	[V6D_CAUSE_RA_FILTERED_LOCAL] = {
		.shows = LIST(IS(RA_USED, "nothing"), IS(RA_INPUT, "filtered")),
		.leads = LIST(IS(HOST_ICMP6, "dropped")),
		.and_leads = v6d_terms_no_ipv6,
		.excludes = LIST(IS(RA_USED, "ok no-address no-route"),
		    IS(RA_INPUT, "ok")),
		.only_if = LIST(IS(RA_USED, "nothing"),
		    IS(RA_INPUT, "filtered")),
		.needs = LIST(IS(RA_INPUT, "filtered")),
		.ask = "Does this host's ip6tables or nftables let ICMPv6 "
		       "type 134 in?",
	},
	[V6D_CAUSE_RA_BAD_HOP_LIMIT] = {
		.shows = LIST(IS(RA_VALID, "hop-limit")),
		.and_leads = v6d_terms_no_ipv6,
		.needs = LIST(IS(RA_VALID, "hop-limit")),
		.ask = "Ask the operator what forwards or forges "
		       "advertisements on the link.",
	},
	[V6D_CAUSE_RA_SOURCE_NOT_LINK_LOCAL] = {
		.shows = LIST(IS(RA_VALID, "source")),
		.and_leads = v6d_terms_no_ipv6,
		.needs = LIST(IS(RA_VALID, "source")),
		.ask = "Ask the operator to give the server's tunnel interface "
		       "a link-local address.",
	},
	[V6D_CAUSE_RA_MALFORMED] = {
		.shows = LIST(IS(RA_VALID, "code checksum malformed")),
		.and_leads = v6d_terms_no_ipv6,
		.needs = LIST(IS(RA_VALID, "code checksum malformed")),
		.ask = "Record a capture and send it to the operator.",
	},
	[V6D_CAUSE_RA_SOLICITED_ONLY] = {
		.shows = LIST(IS(RA_UNSOLICITED, "solicited-only")),
		.needs = LIST(IS(RA_UNSOLICITED, "solicited-only")),
		.ask = "Watch the default route until its lifetime is over.",
	},
	[V6D_CAUSE_RA_MTU] = {
		.shows = LIST(IS(RA_MTU, "*")),
		.leads = LIST(IS_IF(V6_MTU, "too-big", RA_MTU, "too-big"),
		    IS_IF(V6_MTU, "too-small", RA_MTU, "too-small")),
		.needs = LIST(IS(RA_MTU, "*")),
		.ask = "Compare the advertised MTU with the tunnel's.",
	},
	[V6D_CAUSE_RA_SEVERAL_ROUTERS] = {
		.shows = LIST(IS(RA_ROUTERS, "*")),
		.leads = LIST(
		    IS_IF(ROUTE_TARGET, "source", RA_ROUTERS, "conflict"),
		    IS_IF(V6_SMALL, "timeout unreachable all", RA_ROUTERS,
			"conflict"),
		    IS_IF(V6_GET, "timeout refused stall", RA_ROUTERS,
			"conflict"),
		    IS_IF(V6_PUT, "timeout refused stall", RA_ROUTERS,
			"conflict"),
		    IS_IF(DNS_NAME, "timeout refused stall", RA_ROUTERS,
			"conflict"),
		    IS_IF(DNS_LITERAL, "timeout refused stall", RA_ROUTERS,
			"conflict")),
		.needs = LIST(IS(RA_ROUTERS, "*")),
		.worse = LIST(IS_IF(V6_SMALL, "*", RA_ROUTERS, "conflict"),
		    IS_IF(ROUTE_TARGET, "source", RA_ROUTERS, "conflict"),
		    IS_IF(V6_GET, "*", RA_ROUTERS, "conflict")),
		.ask = "Ask the operator which of the routers in the tunnel is "
		       "the right one.",
	},
	[V6D_CAUSE_ADDR_NONE] = {
		.shows = LIST(IS(ADDR_GLOBAL, "none"),
		    IS(RA_USED, "no-address")),
		.leads = LIST(IS(ROUTE_TARGET, "none source"),
		    IS(V6_SMALL, "timeout unreachable all"),
		    IS(V6_ROUTER, "timeout"), FETCH_FAILS),
		.ask = "What does \"ip -6 addr show\" say of the tunnel's "
		       "interface?",
	},
	[V6D_CAUSE_ADDR_DAD_FAILED] = {
		.shows = LIST(IS(ADDR_GLOBAL, "dadfailed tentative")),
		.leads = LIST(IS(RA_USED, "no-address"),
		    IS(ROUTE_TARGET, "none source"),
		    IS(V6_SMALL, "timeout unreachable all"),
		    IS(V6_ROUTER, "timeout"), FETCH_FAILS),
		.needs = LIST(IS(ADDR_GLOBAL, "dadfailed")),
		.ask = "Is another host using the same address? Dial again "
		       "with another interface identifier.",
	},
	[V6D_CAUSE_ADDR_DEPRECATED] = {
		.shows = LIST(IS(ADDR_GLOBAL, "deprecated")),
		.needs = LIST(IS(ADDR_GLOBAL, "deprecated")),
		.ask = "Do the address's lifetimes count down without being "
		       "renewed?",
	},
	[V6D_CAUSE_ROUTE_MISSING] = {
		.shows = LIST(IS(ROUTE_DEFAULT, "none"),
		    IS(ROUTE_TARGET, "none"), IS(RA_USED, "no-route")),
		.leads = LIST(IS(V6_SMALL, "timeout unreachable all"),
		    FETCH_FAILS),
		.ask = "What does \"ip -6 route\" say, and who took the "
		       "default route away?",
	},
	[V6D_CAUSE_ROUTE_WRONG_INTERFACE] = {
		.shows = LIST(IS(ROUTE_DEFAULT, "elsewhere"),
		    IS(ROUTE_TARGET, "elsewhere")),
		.leads = LIST(IS(V6_SMALL, "timeout unreachable refused all"),
		    IS(V6_ROUTER, "timeout"), FETCH_FAILS),
		.needs = LIST(IS(ROUTE_TARGET, "elsewhere")),
		.ask = "Which interface does \"ip -6 route get TARGET\" name?",
	},
	[V6D_CAUSE_POLICY_RULE] = {
		.shows = LIST(IS(ROUTE_TARGET, "rule")),
		.leads = LIST(IS(V6_SMALL, "timeout unreachable refused all"),
		    IS(V6_ROUTER, "timeout"), FETCH_FAILS),
		.needs = LIST(IS(ROUTE_TARGET, "rule")),
		.ask = "Which of the rules that \"ip -6 rule\" lists fits the "
		       "target?",
	},
	[V6D_CAUSE_ROUTE_METRIC] = {
		.shows = LIST(IS(ROUTE_METRIC, "tied")),
		.leads = LIST(IS(ROUTE_DEFAULT, "elsewhere"),
		    IS(ROUTE_TARGET, "elsewhere source"),
		    IS(V6_SMALL, "timeout unreachable refused all"),
		    IS(V6_ROUTER, "timeout"), FETCH_FAILS),
		.needs = LIST(IS(ROUTE_METRIC, "tied")),
		.worse = LIST(IS(ROUTE_TARGET, "elsewhere source"),
		    IS(V6_SMALL, "*")),
		.ask = "What metrics do the default routes have that \"ip -6 "
		       "route\" shows?",
	},
	[V6D_CAUSE_ROUTE_BLACKHOLE] = {
		.shows = LIST(IS(ROUTE_DEFAULT, "prohibited"),
		    IS(ROUTE_TARGET, "prohibited")),
		.leads = LIST(IS(V6_SMALL, "timeout unreachable refused all"),
		    FETCH_FAILS),
		.needs = LIST(IS(ROUTE_TARGET, "prohibited")),
		.ask = "Who added the unreachable, prohibit or blackhole route "
		       "that \"ip -6 route\" shows?",
	},
	[V6D_CAUSE_SOURCE_ADDRESS] = {
		.shows = LIST(IS(ROUTE_TARGET, "source")),
		.leads = LIST(IS(V6_SMALL, "timeout unreachable all"),
		    FETCH_FAILS),
		.needs = LIST(IS(ROUTE_TARGET, "source")),
		.ask = "Which source does \"ip -6 route get TARGET\" choose?",
	},
	[V6D_CAUSE_ROUTING_LOOP] = {
		.shows = LIST(IS(ROUTE_LOOP, "loop")),
		.leads = LIST(IS(CONTROL_TCP, "timeout unreachable"),
		    IS(CONTROL_ECHO, "timeout"), IS(GRE_IN, "*"),
		    IS(GRE_OUT, "*"), IS(CONTROL_HANGUP, "*"),
		    IS(SERVER_ALIVE, "silent"), IS(PPP_LCP, "timeout")),
		.and_leads = v6d_terms_dead,
		.needs = LIST(IS(ROUTE_LOOP, "loop")),
		.ask = "Which interface does \"ip route get SERVER\" name "
		       "while the tunnel is up?",
	},
	[V6D_CAUSE_CLOSED_NETWORK] = {
		.shows = LIST(IS(ADDR_CLOSED, "*")),
		.leads = LIST(IS(ROUTE_DEFAULT, "elsewhere"),
		    IS(ROUTE_TARGET, "elsewhere source prohibited"),
		    IS(V6_SMALL, "timeout unreachable refused all"),
		    IS(V6_ROUTER, "timeout"), FETCH_FAILS),
		.only_if = LIST(IS(ADDR_CLOSED, "*")),
		.needs = LIST(IS(ADDR_CLOSED, "*")),
		.worse = LIST(IS(ROUTE_TARGET, "*")),
		.ask = "Which source and interface does \"ip -6 route get "
		       "TARGET\" name?",
	},
	[V6D_CAUSE_PATH_MTU_BLACKHOLE_IN] = {
		.by_effects = true,
		.shows = LIST(IS(V6_GET, "stall timeout"),
		    IS(V6_PMTU_IN, "blackhole narrower"),
		    IS(V6_PMTU, "blackhole")),
		.leads = LIST(IS_UNLESS(DNS_NAME, "stall timeout", DNS_LITERAL,
				  "ok"),
		    IS(DNS_LITERAL, "stall timeout")),
		.needs = LIST(IS(V6_PMTU_IN, "narrower"),
		    IS_IF(V6_PMTU_IN, "blackhole", GRE_SIZE_IN, "ok")),
		.ask = "Set the tunnel's MTU to 1280 and dial again: do pages "
		       "load? And does another IPv6 site stall too?",
	},
	[V6D_CAUSE_PATH_MTU_BLACKHOLE_OUT] = {
		.shows = LIST(IS(V6_PUT, "stall timeout"),
		    IS(V6_PMTU_OUT, "blackhole narrower"),
		    IS(V6_PTB, "too-small too-big"),
		    IS(V6_PMTU, "blackhole")),
		.needs = LIST(IS(V6_PMTU_OUT, "narrower"),
		    IS_IF(V6_PMTU_OUT, "blackhole", GRE_SIZE_OUT, "ok")),
		.ask = "Set the tunnel's MTU to 1280: does the upload go "
		       "through?",
	},
	[V6D_CAUSE_PTB_FILTERED_LOCAL] = {
		.shows = LIST(IS(V6_PTB, "unheeded")),
		.leads = LIST(IS(V6_PUT, "stall timeout"),
		    IS(V6_PMTU_OUT, "blackhole narrower"),
		    IS(HOST_ICMP6, "dropped")),
		.only_if = LIST(IS(V6_PTB, "unheeded")),
		.needs = LIST(IS(V6_PTB, "unheeded")),
		.ask = "Does this host's ip6tables or nftables let ICMPv6 "
		       "type 2 in?",
	},
	[V6D_CAUSE_TUNNEL_MTU_TOO_BIG] = {
		.shows = LIST(IS(V6_MTU, "too-big")),
		/* Only the way on which GRE does not carry it. */
		.leads = LIST(IS_UNLESS(V6_GET, "stall", GRE_SIZE_IN, "ok"),
		    IS_UNLESS(V6_PUT, "stall", GRE_SIZE_OUT, "ok"),
		    IS_UNLESS(V6_PMTU_IN, "blackhole", GRE_SIZE_IN, "ok"),
		    IS_UNLESS(V6_PMTU_OUT, "blackhole", GRE_SIZE_OUT, "ok")),
		.only_if = LIST(IS(V6_MTU, "too-big")),
		.needs = LIST(IS(V6_MTU, "too-big")),
		.worse = LIST(IS(V6_GET, "stall"), IS(V6_PUT, "stall")),
		.ask = "What is the tunnel interface's MTU, and how large a "
		       "GRE packet passes?",
	},
	[V6D_CAUSE_TUNNEL_MTU_TOO_SMALL] = {
		.shows = LIST(IS(V6_MTU, "too-small")),
		.and_leads = v6d_terms_no_ipv6,
		.needs = LIST(IS(V6_MTU, "too-small")),
		.ask = "Is the tunnel interface's MTU below 1280?",
	},
	[V6D_CAUSE_FAR_END] = {
		.shows = LIST(IS(V6_SITE, "differs"),
		    IS(V6_SMALL, "timeout refused unreachable"),
		    IS(V6_GET, "refused http timeout"),
		    IS(V6_PUT, "refused http timeout"),
		    IS_IF(V6_GET, "stall", V6_SITE, "differs"),
		    IS_IF(V6_PUT, "stall", V6_SITE, "differs"),
		    IS(DNS_LITERAL, "timeout refused"),
		    IS_UNLESS(DNS_NAME, "timeout refused", DNS_LITERAL,
			"ok"),
		    IS(V4_CONTROL, "*")),
		.leads = LIST(
		    IS_IF(V6_PMTU_IN, "blackhole narrower", V6_SITE, "differs"),
		    IS_IF(V6_PMTU_OUT, "blackhole narrower", V6_SITE,
			"differs")),
		.needs = LIST(IS(V6_SITE, "differs")),
		.worse = LIST(IS(DNS_NAME, "*"), IS(V6_SMALL, "*"),
		    IS(V6_GET, "*"),
		    IS(V6_PUT, "*"), IS(DNS_LITERAL, "*")),
		.ask = "Does any other IPv6 site answer through the tunnel? "
		       "Name a second one in ipv6-target.",
	},
	[V6D_CAUSE_V6_CORE_UNREACHABLE] = {
		.shows = LIST(IS(V6_SMALL, "timeout unreachable all"),
		    IS(V6_ROUTER, "timeout")),
		.leads = LIST(FETCH_FAILS),
		.excludes = LIST(IS(V6_SMALL, "ok refused")),
		.needs = LIST(IS_IF(V6_SMALL, "all", ROUTE_TARGET, "ok")),
		.ask = "Does any other IPv6 site answer through the tunnel, "
		       "and does the server's end (fe80::) answer?",
	},
};
