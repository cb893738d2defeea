/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_outer.c - causes of the link, the control connection, the sessions. */
#include "diag/rules.h"

const struct v6d_term v6d_terms_dead[] = {
	IS(RA_RECEIVED, "none"),
	IS(RA_USED, "*"),
	IS(ADDR_GLOBAL, "none tentative"),
	IS(ROUTE_DEFAULT, "none"),
	IS(ROUTE_TARGET, "none"),
	IS(V6_ROUTER, "timeout"),
	IS(V6_SMALL, "timeout unreachable all"),
	IS(V6_GET, "stall timeout refused"),
	IS(V6_PUT, "stall timeout refused"),
	IS(DNS_NAME, "timeout stall refused"),
	IS(DNS_LITERAL, "timeout stall refused"),
	END,
};

const struct v6d_term v6d_terms_no_ipv6[] = {
	IS(RA_USED, "*"),
	IS(ADDR_GLOBAL, "none"),
	IS(ROUTE_DEFAULT, "none"),
	IS(ROUTE_TARGET, "none source"),
	IS(V6_ROUTER, "timeout"),
	IS(V6_SMALL, "timeout unreachable all"),
	IS(V6_GET, "timeout refused stall"),
	IS(V6_PUT, "timeout refused stall"),
	IS(DNS_NAME, "timeout refused stall"),
	IS(DNS_LITERAL, "timeout refused stall"),
	END,
};

const struct v6d_rule v6d_rules_outer[V6D_N_CAUSES] = {
	[V6D_CAUSE_LAN_DOWN] = {
		.shows = LIST(IS(LAN_ADDR, "none"), IS(LAN_ROUTE, "*"),
		    IS(LAN_GATEWAY, "*")),
		.leads = LIST(IS(CONTROL_TCP, "timeout unreachable local"),
		    IS(SERVER_ALIVE, "silent"), IS(V4_CONTROL, "*"),
		    IS(SERVER_NAME, "timeout servfail"),
		    IS(CONTROL_ICMP, "unreachable"),
		    IS(GRE_SEND, "unreachable"), IS(GRE_IN, "died"),
		    IS(DNS_A, "timeout"), IS(DNS_AAAA, "timeout")),
		.and_leads = v6d_terms_dead,
		.excludes = LIST(IS(V4_CONTROL, "ok"), IS(SERVER_ALIVE, "ok")),
		.only_if = LIST(IS(LAN_ADDR, "none"), IS(LAN_ROUTE, "*"),
		    IS(LAN_GATEWAY, "*")),
		.needs = LIST(IS(LAN_ADDR, "none"), IS(LAN_ROUTE, "*")),
		.ask = "Does any other IPv4 site open from this host?",
	},
	[V6D_CAUSE_LAN_ADDRESS_CHANGED] = {
		.shows = LIST(IS(LAN_ADDR, "changed")),
		.leads = LIST(IS(GRE_IN, "died"), IS(CONTROL_ECHO, "timeout"),
		    IS(CONTROL_HANGUP, "closed reset disconnect stop"),
		    IS(PPP_TERMINATED, "peer")),
		.and_leads = v6d_terms_dead,
		.needs = LIST(IS(LAN_ADDR, "changed")),
		.ask = "Did the line or the WLAN reconnect at that moment? "
		       "Dial again.",
	},
	[V6D_CAUSE_SERVER_NAME] = {
		.shows = LIST(IS(SERVER_NAME, "*")),
		.needs = LIST(IS(SERVER_NAME, "nxdomain nodata")),
		.ask = "Look the server's name up with another resolver, and "
		       "compare it with the contract's paper.",
	},
	[V6D_CAUSE_SERVER_UNREACHABLE] = {
		.shows = LIST(IS(CONTROL_TCP, "timeout unreachable"),
		    IS(SERVER_ALIVE, "*"), IS(CONTROL_ICMP, "unreachable")),
		.excludes = LIST(IS(SERVER_ALIVE, "ok")),
		.needs = LIST(IS_IF(CONTROL_TCP, "unreachable", CONTROL_ICMP,
		    "unreachable")),
		.ask = "Does anything of the server answer: ping it, and try "
		       "TCP 1723 from another line (a mobile phone)?",
	},
	[V6D_CAUSE_SERVER_REFUSES] = {
		.shows = LIST(IS(CONTROL_TCP, "refused")),
		.needs = LIST(IS(CONTROL_TCP, "refused")),
		.ask = "Is a PPTP service running on the server?",
	},
	[V6D_CAUSE_CONTROL_BLOCKED] = {
		.shows = LIST(IS(CONTROL_TCP, "timeout prohibited unreachable"),
		    IS(CONTROL_ICMP, "*"), IS(SERVER_ALIVE, "prohibited"),
		    IS(CONTROL_TRACE, "*")),
		.needs = LIST(IS(CONTROL_ICMP, "prohibited"),
		    IS(CONTROL_TRACE, "router"),
		    IS(CONTROL_TCP, "prohibited")),
		.ask = "Does TCP 1723 of the server open from another line "
		       "(a mobile phone, a neighbour)?",
	},
	[V6D_CAUSE_CONTROL_RESET_INSPECTION] = {
		.shows = LIST(IS(CONTROL_START, "timeout reset"),
		    IS(CONTROL_CALL, "timeout reset"),
		    IS(CONTROL_LOST, "lost-in lost-out"),
		    IS(CONTROL_HANGUP, "reset")),
		.needs = LIST(IS(CONTROL_LOST, "lost-in lost-out")),
		.leads = LIST(IS(GRE_IN, "none absent died")),
		.and_leads = v6d_terms_dead,
		.ask = "Try the same server from another line, or switch the "
		       "router's PPTP inspection (ALG) off and on.",
	},
	[V6D_CAUSE_CONTROL_NOT_PPTP] = {
		.shows = LIST(IS(CONTROL_START, "not-pptp timeout")),
		.needs = LIST(IS(CONTROL_START, "not-pptp")),
		.ask = "Ask the operator what listens on TCP 1723 there; does "
		       "it speak PPTP to a client on another line?",
	},
	[V6D_CAUSE_SERVER_CLOSES_EARLY] = {
		/* Who closes before it has read our message sends a reset. */
		.shows = LIST(IS(CONTROL_START, "closed reset")),
		.ask = "Try again after ten minutes, and ask the operator for "
		       "an access list or a limit of connections.",
	},
	[V6D_CAUSE_CALL_REFUSED] = {
		.shows = LIST(IS(CONTROL_CALL, "refused"),
		    IS(CONTROL_START, "refused")),
		.needs = LIST(IS(CONTROL_CALL, "refused"),
		    IS(CONTROL_START, "refused")),
		.ask = "Ask the operator why the server refuses the call.",
	},
	[V6D_CAUSE_CALL_LIMIT] = {
		.shows = LIST(IS(CONTROL_CALL, "closed")),
		.ask = "End every other session to that server and try "
		       "again.",
	},
	[V6D_CAUSE_SERVER_DISCONNECTS] = {
		.shows = LIST(IS(CONTROL_HANGUP,
				 "closed reset disconnect stop"),
		    IS(PPP_TERMINATED, "peer"), IS(PPP_LCP, "terminated"),
		    IS(PPP_IPV6CP, "terminated")),
		.leads = LIST(IS(GRE_IN, "died"), IS(CONTROL_ECHO, "timeout"),
		    IS(GRE_IDLE, "dead dead-in")),
		.and_leads = v6d_terms_dead,
		.needs = LIST(IS(CONTROL_HANGUP, "disconnect stop")),
		.ask = "Ask the operator for the server's log of this call; "
		       "is another session using the same account?",
	},
	[V6D_CAUSE_CONTROL_LOST_AFTER_SLI] = {
		.shows = LIST(IS(CONTROL_ECHO, "timeout"),
		    IS(CONTROL_LOST, "after-sli")),
		.needs = LIST(IS(CONTROL_LOST, "after-sli")),
		.ask = "Does the tunnel still carry packets while the control "
		       "connection is silent? Try without the router's PPTP "
		       "inspection.",
	},
	[V6D_CAUSE_SERVER_SLOW] = {
		.shows = LIST(IS(CONTROL_SLOW, "*")),
		.leads = LIST(IS(CONTROL_START, "timeout"),
		    IS(CONTROL_CALL, "timeout")),
		.needs = LIST(IS(CONTROL_SLOW, "*")),
		.worse = LIST(IS(CONTROL_START, "timeout"),
		    IS(CONTROL_CALL, "timeout")),
		.ask = "Is it as slow at another hour and from another line?",
	},
	[V6D_CAUSE_NAPT_EXHAUSTED] = {
		.shows = LIST(IS(NAPT_SESSIONS, "exhausted none-new full"),
		    IS(V4_CONTROL, "timeout refused"),
		    IS(CONTROL_TCP, "timeout")),
		/* an echo needs an entry as well */
		.leads = LIST(IS(SERVER_ALIVE, "silent"),
		    IS(SERVER_NAME, "timeout"), IS(DNS_A, "timeout"),
		    IS(DNS_AAAA, "timeout"), IS(DNS_NAME, "unresolved"),
		    IS(DNS_PAIR, "*"), IS(DNS_TCP, "timeout"),
		    IS(DNS_EDNS, "timeout"), IS(DNS_LIBC, "timeout")),
		/* It can fill up during the run: the newest look decides. */
		.excludes = LIST(
		    IS(NAPT_SESSIONS, "ok limit ports per-target"),
		    IS_UNLESS(V4_CONTROL, "ok", NAPT_SESSIONS,
			"exhausted none-new full"),
		    IS_UNLESS(SERVER_ALIVE, "ok", NAPT_SESSIONS,
			"exhausted none-new full")),
		.needs = LIST(IS(NAPT_SESSIONS, "exhausted full")),
		/* a log tells of some moment, not of now */
		.worse = LIST(IS(NAPT_SESSIONS, "exhausted none-new"),
		    IS(V4_CONTROL, "timeout refused"),
		    IS(CONTROL_TCP, "timeout")),
		.ask = "Do new IPv4 connections work right now? Look at the "
		       "router's session table, or restart the router.",
	},
	[V6D_CAUSE_NAPT_LIMIT_LOW] = {
		.shows = LIST(IS(NAPT_SESSIONS, "limit"),
		    IS(NAPT_UDP, "limit shared")),
		.ask = "Measure again with another napt-target: a server may "
		       "limit each client too. And what does the router's "
		       "manual say of its session table?",
	},
	[V6D_CAUSE_NAPT_PORTS_PER_TARGET] = {
		.shows = LIST(IS(NAPT_SESSIONS, "per-target ports"),
		    IS(NAPT_UDP, "per-target")),
		.leads = LIST(IS(V4_CONTROL, "timeout refused")),
		.needs = LIST(IS(NAPT_SESSIONS, "per-target"),
		    IS(NAPT_UDP, "per-target")),
		.ask = "While one target takes no new session, does another "
		       "one?",
	},
	[V6D_CAUSE_CONNTRACK_FULL] = {
		.shows = LIST(IS(HOST_CONNTRACK, "full"),
		    IS(HOST_CONNTRACK_ROOM, "*"),
		    IS(HOST_CONNTRACK_CLASH, "*")),
		.leads = LIST(IS(NAPT_SESSIONS, "limit exhausted per-target "
						"ports none-new full"),
		    IS(NAPT_UDP, "limit shared per-target"),
		    IS(V4_CONTROL, "timeout refused"),
		    IS(CONTROL_TCP, "timeout local"),
		    IS(SERVER_ALIVE, "silent"), IS(SERVER_NAME, "timeout"),
		    IS(DNS_A, "timeout"), IS(DNS_AAAA, "timeout"),
		    IS(DNS_NAME, "unresolved"), IS(DNS_PAIR, "*"),
		    IS(DNS_TCP, "timeout"), IS(DNS_EDNS, "timeout"),
		    IS(DNS_LIBC, "timeout")),
		.only_if = LIST(IS(HOST_CONNTRACK, "full"),
		    IS(HOST_CONNTRACK_ROOM, "*"),
		    IS(HOST_CONNTRACK_CLASH, "*")),
		/* A clash can be of two packets that came at once, and a drop
		   of one that a helper did not like. */
		.needs = LIST(IS(HOST_CONNTRACK, "full"),
		    IS(HOST_CONNTRACK_ROOM, "evicted")),
		.worse = LIST(IS(HOST_CONNTRACK, "full"),
		    IS(HOST_CONNTRACK_ROOM, "refused")),
		.ask = "\"conntrack -S\" on this host: do drop, early_drop or "
		       "insert_failed rise while connections fail?",
	},
	[V6D_CAUSE_NAPT_DOUBLE] = {
		/* A provider's private addresses look the same. */
		.shows = LIST(IS(NAPT_LAYERS, "double")),
		.ask = "Which routers stand between this host and the line, "
		       "and which of them can be set to bridge?",
	},
};
