/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_ppp.c - causes in PPP: link, authentication, IPV6CP. */
#include "diag/rules.h"

/* A peer that gives up ends PPP, the call and the control connection. */
#define GIVES_UP \
	IS(PPP_TERMINATED, "peer"), IS(CONTROL_HANGUP, "*"), IS(GRE_IN, "died")

const struct v6d_rule v6d_rules_ppp[V6D_N_CAUSES] = {
	[V6D_CAUSE_AUTH_REJECTED] = {
		.shows = LIST(IS(PPP_AUTH, "rejected")),
		.leads = LIST(GIVES_UP, IS(PPP_LCP, "terminated"),
		    IS(PPP_IPV6CP, "timeout terminated")),
		.needs = LIST(IS(PPP_AUTH, "rejected")),
		.ask = "Type the user name (with its @realm) and the password "
		       "again.",
	},
	[V6D_CAUSE_AUTH_METHOD] = {
		.shows = LIST(IS(PPP_AUTH, "method demanded"),
		    IS(PPP_CCP, "required refused"),
		    IS(PPP_LCP, "refused")),
		.leads = LIST(GIVES_UP, IS(PPP_LCP, "terminated timeout"),
		    IS(PPP_IPV6CP, "timeout terminated refused")),
		.only_if = LIST(IS(PPP_AUTH, "method demanded"),
		    IS(PPP_CCP, "required refused"), IS(PPP_LCP, "refused")),
		.needs = LIST(IS(PPP_AUTH, "method demanded"),
		    IS(PPP_CCP, "required refused")),
		.ask = "Which authentication and encryption does the operator "
		       "document for this service?",
	},
	[V6D_CAUSE_AUTH_BAD_PEER] = {
		.shows = LIST(IS(PPP_AUTH, "bad-peer")),
		.leads = LIST(GIVES_UP, IS(PPP_LCP, "terminated")),
		.needs = LIST(IS(PPP_AUTH, "bad-peer")),
		.ask = "Ask the operator whether this address is really "
		       "theirs, before giving it the password again.",
	},
	[V6D_CAUSE_IPV6CP_REFUSED] = {
		.shows = LIST(IS(PPP_IPV6CP, "rejected refused timeout")),
		.leads = LIST(GIVES_UP),
		.needs = LIST(IS(PPP_IPV6CP, "rejected refused")),
		.ask = "Is this account meant for IPv6? Ask the operator.",
	},
	[V6D_CAUSE_IPCP_REQUIRED] = {
		.shows = LIST(IS(PPP_IPCP, "required")),
		.leads = LIST(GIVES_UP, IS(PPP_LCP, "terminated"),
		    IS(PPP_IPV6CP, "terminated timeout"),
		    IS(RA_RECEIVED, "none")),
		.needs = LIST(IS(PPP_IPCP, "required")),
		.ask = "Is this an IPv6 service, or a general PPTP server that "
		       "gives IPv4 addresses?",
	},
	[V6D_CAUSE_PPP_NEGOTIATION] = {
		.shows = LIST(IS_UNLESS(PPP_LCP, "timeout", GRE_IN,
				  "none absent filtered"),
		    IS(PPP_LCP, "loop refused terminated"),
		    IS(PPP_IPV6CP, "timeout terminated"),
		    IS(PPP_AUTH, "timeout")),
		.leads = LIST(GIVES_UP),
		.needs = LIST(IS(PPP_LCP, "loop refused")),
		.ask = "Record a capture of one try and read the options that "
		       "go back and forth: \"v6doctor read FILE\".",
	},
	[V6D_CAUSE_CLIENT_WITHOUT_IPV6] = {
		.shows = LIST(IS(PPP_IPV6CP, "not-offered")),
		.leads = LIST(GIVES_UP, IS(PPP_LCP, "terminated")),
		.and_leads = v6d_terms_no_ipv6,
		.needs = LIST(IS(PPP_IPV6CP, "not-offered")),
		.ask = "Is IPv6 switched on in this client's PPP settings "
		       "(pppd: \"+ipv6\")?",
	},
	[V6D_CAUSE_MPPE_NOT_NEGOTIATED] = {
		.shows = LIST(IS(PPP_MPPE, "clear")),
		.needs = LIST(IS(PPP_MPPE, "clear")),
		.ask = "Do the options switch CCP off (pppd: \"noccp\") while "
		       "they require MPPE?",
	},
	[V6D_CAUSE_PPTP_CRYPTO] = {
		.shows = LIST(IS(PPP_CRYPTO, "*")),
		.needs = LIST(IS(PPP_CRYPTO, "*")),
		.ask = "Does the operator offer another kind of tunnel?",
	},
	[V6D_CAUSE_IFID_CLASH] = {
		.shows = LIST(IS(PPP_IPV6CP, "clash")),
		.leads = LIST(GIVES_UP),
		.needs = LIST(IS(PPP_IPV6CP, "clash")),
		.ask = "Give this host another interface identifier and dial "
		       "again.",
	},
};
