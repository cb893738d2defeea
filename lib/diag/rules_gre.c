/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_gre.c - causes in the GRE leg between this host and the server. */
#include "diag/rules.h"

/* The server waited for GRE in vain, and says so as it hangs up. */
#define GIVES_UP IS_UNLESS(PPP_TERMINATED, "peer", PPP_LCP, "ok")

/* Nothing of the tunnel comes up without GRE in both directions. */
#define NO_GRE                                                                 \
	LIST(IS_UNLESS(PPP_LCP, "timeout terminated", GRE_IN, "ok"), GIVES_UP, \
	    IS(CONTROL_HANGUP, "closed disconnect stop"))

/* What a loss of big packets towards this host shows as, further in. */
#define BIG_IN(unless)                                               \
	IS_UNLESS(V6_GET, "stall timeout", unless, "ok"),            \
	    IS_UNLESS(V6_PMTU_IN, "blackhole", unless, "ok"),        \
	    IS_UNLESS(V6_PMTU, "blackhole", unless, "ok"),           \
	    IS_UNLESS(DNS_NAME, "stall timeout", DNS_LITERAL, "ok"), \
	    IS_UNLESS(DNS_LITERAL, "stall timeout", unless, "ok")
#define BIG_OUT(unless)                                   \
	IS_UNLESS(V6_PUT, "stall timeout", unless, "ok"), \
	    IS_UNLESS(V6_PMTU_OUT, "blackhole", unless, "ok")
#define BIG_MTU IS(V6_MTU, "too-big")

/* What a few lost packets do not bring about, and many do. */
#define HEAVY(s, w) IS_IF(s, w, GRE_LOSS, "heavy heavy-both")

/* What is above the rate is lost, not only late. */
#define LOSING "policed congested full-queue"

/* Beside the server the client's GRE can come, and none get back to it. */
#define GRE_WORKS \
	IS(PPP_LCP, "ok"), IS_UNLESS(GRE_OUT, "ok", GRE_IN, "none absent")

const struct v6d_rule v6d_rules_gre[V6D_N_CAUSES] = {
	[V6D_CAUSE_GRE_BLOCKED] = {
		.by_effects = true,
		.shows = LIST(IS(GRE_IN, "none absent"),
		    IS(GRE_OUT, "unacknowledged"), IS(GRE_ICMP, "later-hop")),
		/* at once: a router's ICMP tells the server, not us */
		.leads = LIST(IS(PPP_LCP, "timeout terminated"),
		    GIVES_UP,
		    IS(CONTROL_HANGUP, "closed disconnect stop at-once")),
		.excludes = LIST(GRE_WORKS),
		.needs = LIST(IS(GRE_ICMP, "later-hop")),
		.ask = "Dial the same server over another line (a mobile "
		       "phone's): if it works there, this line or its "
		       "routers block GRE (IP protocol 47).",
	},
	[V6D_CAUSE_GRE_BLOCKED_LOCAL] = {
		.shows = LIST(IS(GRE_SEND, "*"), IS(GRE_IN, "none filtered"),
		    IS(HOST_RULE, "*")),
		.leads = LIST(IS(PPP_LCP, "timeout terminated"),
		    IS(GRE_OUT, "unacknowledged"), GIVES_UP,
		    IS(CONTROL_HANGUP, "closed disconnect stop")),
		/* A server may speak first, before it hears from us. */
		.excludes = LIST(IS(PPP_LCP, "ok"),
		    IS_UNLESS(GRE_IN, "ok absent", GRE_SEND, "denied"),
		    IS_UNLESS(GRE_OUT, "ok", GRE_IN, "filtered")),
		.needs = LIST(IS(GRE_SEND, "denied"), IS(GRE_IN, "filtered")),
		.ask = "Switch this host's own firewall off for one try, or "
		       "let IP protocol 47 in and out.",
	},
	[V6D_CAUSE_GRE_BLOCKED_FIRST_HOP] = {
		.shows = LIST(IS(GRE_ICMP, "first-hop"),
		    IS(GRE_SEND, "unreachable"), IS(GRE_IN, "none absent"),
		    IS(GRE_OUT, "unacknowledged")),
		.leads = LIST(
		    IS_UNLESS(PPP_LCP, "timeout terminated", GRE_OUT, "ok"),
		    GIVES_UP, IS(CONTROL_HANGUP, "*")),
		.excludes = LIST(GRE_WORKS),
		.only_if = LIST(IS(GRE_ICMP, "first-hop")),
		.needs = LIST(IS(GRE_ICMP, "first-hop")),
		.ask = "Look for \"PPTP passthrough\" or a rule about GRE in "
		       "the own router's settings.",
	},
	[V6D_CAUSE_NAPT_NO_HELPER] = {
		.by_effects = true,
		.shows = LIST(IS(GRE_IN, "none absent"),
		    IS(CONTROL_HANGUP, "at-once"),
		    IS_UNLESS(GRE_FOREIGN, "foreign", GRE_IN, "ok")),
		.leads = NO_GRE,
		.excludes = LIST(GRE_WORKS, IS(GRE_IN, "ok died filtered")),
		.ask = "Turn on \"PPTP passthrough\" (VPN pass-through, PPTP "
		       "ALG) in every router on the way, or connect past the "
		       "routers once.",
	},
	[V6D_CAUSE_NAPT_ONE_SESSION] = {
		.shows = LIST(IS(GRE_IN, "none absent died")),
		.leads = NO_GRE,
		.and_leads = v6d_terms_dead,
		.excludes = LIST(IS(GRE_IN, "ok filtered")),
		.ask = "Is another PPTP session open behind the same router? "
		       "End it, wait three minutes and try again.",
	},
	[V6D_CAUSE_CALL_ID_COLLISION] = {
		.shows = LIST(IS(GRE_FOREIGN, "foreign")),
		.leads = LIST(IS(GRE_IN, "none absent"),
		    IS(PPP_LCP, "timeout"), IS(GRE_OUT, "unacknowledged"),
		    IS(CONTROL_HANGUP, "closed disconnect stop at-once")),
		.only_if = LIST(IS(GRE_FOREIGN, "foreign")),
		.needs = LIST(IS(GRE_FOREIGN, "foreign")),
		.worse = LIST(IS(GRE_IN, "*"), IS(GRE_OUT, "*"),
		    IS(PPP_LCP, "*")),
		.ask = "End every other PPTP session behind the same router "
		       "and dial once more.",
	},
	[V6D_CAUSE_GRE_SIZE_LIMIT] = {
		.by_effects = true,
		.shows = LIST(IS(GRE_SIZE_IN, "limit fragments dont-fragment"),
		    IS(GRE_SIZE_OUT, "limit fragments dont-fragment"),
		    IS(GRE_SIZE, "limit")),
		.leads = LIST(BIG_IN(GRE_SIZE_IN), BIG_OUT(GRE_SIZE_OUT),
		    BIG_MTU),
		.needs = LIST(IS(GRE_SIZE_IN, "limit"),
		    IS(GRE_SIZE_OUT, "limit"), IS(GRE_SIZE, "limit")),
		.ask = "Measure the GRE leg alone with LCP echoes: "
		       "\"v6doctor run gre\". Or set the tunnel's MTU to 1280: "
		       "do pages load then?",
	},
	[V6D_CAUSE_GRE_FRAGMENTS] = {
		.by_effects = true,
		.shows = LIST(IS(GRE_FRAGMENTS, "*"),
		    IS(GRE_SIZE_IN, "fragments"),
		    IS(GRE_SIZE_OUT, "fragments")),
		.leads = LIST(BIG_IN(GRE_SIZE_IN), BIG_OUT(GRE_SIZE_OUT),
		    IS(GRE_SIZE, "limit"), BIG_MTU),
		.excludes = LIST(IS(GRE_FRAGMENTS, "ok")),
		.needs = LIST(IS(GRE_FRAGMENTS, "*")),
		.worse = LIST(IS(V6_GET, "stall"), IS(V6_PUT, "stall")),
		.ask = "Set the tunnel's MTU so low that nothing outside is "
		       "fragmented (1280 inside): do pages load then?",
	},
	[V6D_CAUSE_OUTER_MTU] = {
		.shows = LIST(IS(GRE_ICMP_MTU, "*"),
		    IS(GRE_SIZE_IN, "hole limit dont-fragment"),
		    IS(GRE_SIZE_OUT, "hole limit dont-fragment"),
		    IS(GRE_SIZE, "hole limit")),
		.leads = LIST(BIG_IN(GRE_SIZE_IN), BIG_OUT(GRE_SIZE_OUT),
		    BIG_MTU),
		.only_if = LIST(IS(GRE_ICMP_MTU, "*"),
		    IS(GRE_SIZE_IN, "hole dont-fragment"),
		    IS(GRE_SIZE_OUT, "hole dont-fragment"),
		    IS(GRE_SIZE, "hole")),
		.needs = LIST(IS(GRE_ICMP_MTU, "*"), IS(GRE_SIZE_IN, "hole"),
		    IS(GRE_SIZE_OUT, "hole"), IS(GRE_SIZE, "hole")),
		.worse = LIST(IS(V6_GET, "stall timeout"),
		    IS(V6_PUT, "stall timeout"), IS(DNS_NAME, "stall"),
		    IS(GRE_SIZE_IN, "limit"), IS(GRE_SIZE_OUT, "limit"),
		    IS(GRE_SIZE, "limit")),
		.ask = "Ping the server over IPv4 with don't-fragment set and "
		       "growing sizes: where does it end?",
	},
	[V6D_CAUSE_GRE_LOSS] = {
		.shows = LIST(IS(GRE_LOSS, "*"), IS(GRE_REORDER, "*")),
		.leads = LIST(HEAVY(V6_GET, "stall timeout"),
		    HEAVY(V6_PUT, "stall timeout"),
		    HEAVY(V6_SMALL, "timeout unreachable all"),
		    HEAVY(V6_ROUTER, "timeout"), HEAVY(V6_SITE, "*"),
		    HEAVY(DNS_NAME, "timeout stall"),
		    HEAVY(DNS_LITERAL, "timeout stall"),
		    HEAVY(RA_RECEIVED, "none"), HEAVY(ADDR_GLOBAL, "none"),
		    HEAVY(ROUTE_DEFAULT, "none"), HEAVY(ROUTE_TARGET, "none"),
		    HEAVY(PPP_IPV6CP, "timeout"), HEAVY(PPP_AUTH, "timeout"),
		    HEAVY(PPP_LCP, "timeout"), HEAVY(V6_PMTU_IN, "*"),
		    HEAVY(V6_PMTU_OUT, "*"), HEAVY(GRE_IDLE, "*")),
		.only_if = LIST(IS(GRE_LOSS, "*"), IS(GRE_REORDER, "*")),
		.needs = LIST(IS(GRE_LOSS, "*"), IS(GRE_REORDER, "*")),
		.worse = LIST(IS(GRE_LOSS, "heavy heavy-both")),
		.ask = "Measure again over a cable instead of WLAN, and at "
		       "another hour.",
	},
	[V6D_CAUSE_GRE_IDLE_TIMEOUT] = {
		.shows = LIST(IS(GRE_IDLE, "*"), IS(GRE_IN, "died")),
		/* A router's ICMP about it makes a server hang up. */
		.leads = LIST(IS_IF(CONTROL_HANGUP, "*", GRE_IDLE, "*")),
		.and_leads = v6d_terms_dead,
		.excludes = LIST(IS(GRE_IDLE, "ok")),
		.needs = LIST(IS(GRE_IDLE, "dead-in")),
		.ask = "Does the tunnel live when an LCP echo is sent every "
		       "10 seconds?",
	},
	[V6D_CAUSE_POLICER] = {
		.shows = LIST(IS(GRE_RATE, "*")),
		.leads = LIST(IS_IF(GRE_LOSS, "*", GRE_RATE, LOSING),
		    IS_IF(V6_GET, "stall timeout", GRE_RATE, LOSING),
		    IS_IF(V6_PUT, "stall timeout", GRE_RATE, LOSING)),
		/* what a capture shows of loss may be a coincidence */
		.needs = LIST(IS(GRE_RATE, "policed queue full-queue")),
		.ask = "Measure at another hour, and with nothing else on the "
		       "line: does the rate stay the same?",
	},
	[V6D_CAUSE_GRE_NOT_PPTP] = {
		.shows = LIST(IS(GRE_PLAIN, "plain")),
		.needs = LIST(IS(GRE_PLAIN, "plain")),
		.ask = "Does another tunnel (plain GRE, EoIP) run between the "
		       "same two hosts?",
	},
	[V6D_CAUSE_GRE_CORRUPTION] = {
		.shows = LIST(IS(GRE_DATA, "changed")),
		/* An end that gets nonsense hangs up, or gets no further. */
		.leads = LIST(IS(V6_GET, "stall timeout"),
		    IS(V6_PUT, "stall timeout"), IS(V6_SMALL, "timeout"),
		    IS(DNS_NAME, "stall timeout"),
		    IS(DNS_LITERAL, "stall timeout"),
		    IS(CONTROL_HANGUP, "closed reset disconnect stop"),
		    IS(CONTROL_ECHO, "timeout"), IS(GRE_IN, "died"),
		    IS(PPP_TERMINATED, "peer"),
		    IS(PPP_LCP, "timeout terminated"),
		    IS(PPP_IPV6CP, "timeout terminated")),
		.only_if = LIST(IS(GRE_DATA, "changed")),
		.needs = LIST(IS(GRE_DATA, "changed")),
		.ask = "Measure again with another cable, port and router.",
	},
};
