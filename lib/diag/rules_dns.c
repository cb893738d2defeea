/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_dns.c - causes in the look-up of names. */
#include "diag/rules.h"

const struct v6d_rule v6d_rules_dns[V6D_N_CAUSES] = {
	[V6D_CAUSE_DNS_UNREACHABLE] = {
		.shows = LIST(IS(DNS_A, "timeout"), IS(DNS_AAAA, "timeout")),
		.leads = LIST(IS(DNS_NAME, "unresolved timeout"),
		    IS(DNS_PAIR, "*"), IS(DNS_TCP, "*"), IS(DNS_EDNS, "*")),
		.excludes = LIST(IS(DNS_A, "ok"), IS(DNS_AAAA, "ok")),
		.needs = LIST(IS_IF(DNS_A, "timeout", DNS_AAAA, "timeout")),
		.ask = "Does another resolver answer, and does this one answer "
		       "for any name?",
	},
	[V6D_CAUSE_DNS_AAAA_DROPPED] = {
		.shows = LIST(IS(DNS_AAAA, "timeout")),
		.leads = LIST(IS(DNS_NAME, "unresolved timeout"),
		    IS(DNS_PAIR, "*")),
		.excludes = LIST(IS(DNS_A, "timeout")),
		.needs = LIST(IS_IF(DNS_AAAA, "timeout", DNS_A, "ok")),
		.ask = "Ask the same resolver for A and AAAA of the same name: "
		       "does only AAAA stay without an answer?",
	},
	[V6D_CAUSE_DNS_AAAA_ERROR] = {
		.shows = LIST(IS(DNS_AAAA,
		    "nxdomain servfail refused malformed notimp")),
		.leads = LIST(IS(DNS_NAME, "unresolved timeout")),
		.excludes = LIST(IS(DNS_A,
		    "nxdomain servfail refused malformed notimp")),
		.needs = LIST(IS_IF(DNS_AAAA,
		    "nxdomain servfail refused malformed notimp", DNS_A,
		    "ok")),
		.ask = "Ask another resolver for AAAA of the same name.",
	},
	[V6D_CAUSE_DNS_AAAA_MISSING] = {
		.shows = LIST(IS(DNS_AAAA, "nodata")),
		.leads = LIST(IS(DNS_NAME, "unresolved")),
		.ask = "Ask another resolver, or the name's own server, for "
		       "its AAAA record.",
	},
	[V6D_CAUSE_DNS_AAAA_WRONG] = {
		.shows = LIST(IS(DNS_AAAA, "wrong")),
		.leads = LIST(IS(DNS_NAME, "*")),
		.needs = LIST(IS(DNS_AAAA, "wrong")),
		.ask = "Compare the resolver's AAAA answer with another "
		       "resolver's.",
	},
	[V6D_CAUSE_DNS_AAAA_SLOW] = {
		.shows = LIST(IS(DNS_AAAA, "slow")),
		.leads = LIST(IS(DNS_NAME, "timeout unresolved")),
		.needs = LIST(IS(DNS_AAAA, "slow")),
		.worse = LIST(IS(DNS_NAME, "*")),
		.ask = "Which of the host's resolvers is the slow one?",
	},
	[V6D_CAUSE_DNS_ERROR] = {
		.shows = LIST(IS(DNS_A,
				 "nxdomain servfail refused malformed notimp"),
		    IS(DNS_AAAA,
			"nxdomain servfail refused malformed notimp")),
		.leads = LIST(IS(DNS_NAME, "unresolved")),
		.excludes = LIST(IS(DNS_A, "ok"), IS(DNS_AAAA, "ok")),
		.needs = LIST(IS_IF(DNS_A,
		    "nxdomain servfail refused malformed notimp", DNS_AAAA,
		    "nxdomain servfail refused malformed notimp")),
		.ask = "Does another resolver know the name?",
	},
	[V6D_CAUSE_LIBC_RESOLVER] = {
		.shows = LIST(IS(DNS_LIBC, "*"), IS(DNS_NAME, "unresolved"),
		    IS_UNLESS(DNS_NAME, "timeout refused stall", DNS_LITERAL,
			"timeout refused stall")),
		.needs = LIST(IS(DNS_LIBC, "*")),
		.ask = "What do /etc/resolv.conf, /etc/nsswitch.conf and "
		       "/etc/hosts say about the name?",
	},
	[V6D_CAUSE_DNS_TRUNCATION] = {
		.shows = LIST(IS(DNS_A, "truncated"), IS(DNS_AAAA, "truncated"),
		    IS(DNS_TCP, "*"), IS(DNS_EDNS, "*")),
		.leads = LIST(IS(DNS_NAME, "unresolved timeout"),
		    IS(DNS_LIBC, "*")),
		.needs = LIST(IS(DNS_A, "truncated"),
		    IS(DNS_AAAA, "truncated")),
		.worse = LIST(IS_IF(DNS_NAME, "*", DNS_AAAA, "truncated")),
		.ask = "Ask the resolver for a long answer over UDP and over "
		       "TCP: does one of them come?",
	},
	[V6D_CAUSE_DNS_ONE_ANSWER_PER_PORT] = {
		.shows = LIST(IS(DNS_PAIR, "*")),
		.leads = LIST(IS(DNS_NAME, "unresolved timeout"),
		    IS(DNS_LIBC, "*")),
		.needs = LIST(IS_IF(DNS_PAIR, "one", DNS_AAAA, "ok")),
		.worse = LIST(IS(DNS_NAME, "*")),
		.ask = "Put \"options single-request-reopen\" into "
		       "/etc/resolv.conf: do names resolve at once?",
	},
	[V6D_CAUSE_DNS_V6_ONLY_RESOLVER] = {
		.shows = LIST(IS(DNS_SERVERS, "v6-only")),
		.leads = LIST(IS(DNS_A, "timeout"), IS(DNS_AAAA, "timeout"),
		    IS(DNS_PAIR, "*"), IS(DNS_TCP, "timeout"),
		    IS(DNS_EDNS, "timeout"),
		    IS(DNS_NAME, "unresolved timeout"),
		    IS(SERVER_NAME, "timeout")),
		.needs = LIST(IS(DNS_SERVERS, "v6-only")),
		.worse = LIST(IS(DNS_NAME, "*"), IS(SERVER_NAME, "timeout")),
		.ask = "Which resolvers does /etc/resolv.conf name, and which "
		       "of them answer while the tunnel is down?",
	},
	[V6D_CAUSE_DNS_STALE_RECORD] = {
		.shows = LIST(IS(DNS_OWN, "*")),
		.needs = LIST(IS(DNS_OWN, "*")),
		.ask = "Compare the published AAAA record with \"ip -6 addr "
		       "show\".",
	},
};
