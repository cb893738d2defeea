/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ask.c - the check or question that splits causes that look alike. */
#include "diag/rules.h"

#include "base/wire.h"

/* The first row whose two causes are both candidates is asked. */
static const struct {
	enum v6d_cause a, b;
	const char *ask;
} pairs[] = {
	{ V6D_CAUSE_GRE_BLOCKED, V6D_CAUSE_NAPT_NO_HELPER,
	    "Dial the same server over another line (a mobile phone's). If it "
	    "works there, turn on \"PPTP passthrough\" in every router here: "
	    "if that helps it was the NAPT, if not, GRE is blocked on the "
	    "way." },
	{ V6D_CAUSE_CALL_ID_COLLISION, V6D_CAUSE_NAPT_NO_HELPER,
	    "End every other PPTP session behind the same router and dial "
	    "once more: does GRE come back now?" },
	{ V6D_CAUSE_SERVER_UNREACHABLE, V6D_CAUSE_NAPT_EXHAUSTED,
	    "Does any other IPv4 site open from this host, right now? If "
	    "none does, and what was open goes on, the router's session table "
	    "is full." },
	{ V6D_CAUSE_SERVER_UNREACHABLE, V6D_CAUSE_CONTROL_BLOCKED,
	    "Does anything else of the server answer (ping, another TCP "
	    "port)? And does its TCP 1723 open from another line, such as a "
	    "mobile phone's?" },
	{ V6D_CAUSE_CONTROL_RESET_INSPECTION, V6D_CAUSE_CONTROL_NOT_PPTP,
	    "Dial the same server over another line: if it answers there, "
	    "something on this line eats PPTP messages." },
	{ V6D_CAUSE_GRE_SIZE_LIMIT, V6D_CAUSE_PATH_MTU_BLACKHOLE_IN,
	    "Measure the GRE leg alone: \"v6doctor run gre\". If full-size GRE "
	    "passes, the loss is in the IPv6 path behind the server." },
	{ V6D_CAUSE_GRE_SIZE_LIMIT, V6D_CAUSE_PATH_MTU_BLACKHOLE_OUT,
	    "Measure the GRE leg alone: \"v6doctor run gre\". If full-size GRE "
	    "passes, the loss is in the IPv6 path behind the server." },
	{ V6D_CAUSE_FAR_END, V6D_CAUSE_PATH_MTU_BLACKHOLE_IN,
	    "Fetch a big page from a second IPv6 site: does it stall too?" },
	{ V6D_CAUSE_FAR_END, V6D_CAUSE_V6_CORE_UNREACHABLE,
	    "Does any other IPv6 site answer through the tunnel? Name a "
	    "second one in ipv6-target." },
	{ V6D_CAUSE_RA_IGNORED_FORWARDING, V6D_CAUSE_RA_IGNORED_SETTING,
	    "What do net.ipv6.conf.IF.accept_ra and .forwarding say for the "
	    "tunnel's interface? With forwarding=1, accept_ra must be 2." },
	{ V6D_CAUSE_DNS_UNREACHABLE, V6D_CAUSE_DNS_AAAA_DROPPED,
	    "Ask the same resolver for the A record of the same name: does "
	    "that come?" },
	{ V6D_CAUSE_PPP_NEGOTIATION, V6D_CAUSE_IPV6CP_REFUSED,
	    "Does the peer answer IPV6CP after other settings (encryption, "
	    "authentication)? The server's log tells." },
	{ V6D_CAUSE_SERVER_DISCONNECTS, V6D_CAUSE_NAPT_ONE_SESSION,
	    "Was another PPTP session started behind the same router at that "
	    "moment? If not, ask the operator for the server's log." },
	{ V6D_CAUSE_GRE_IDLE_TIMEOUT, V6D_CAUSE_NAPT_ONE_SESSION,
	    "Was another PPTP session started behind the same router, or was "
	    "the tunnel idle for minutes? Dial again with an LCP echo every "
	    "10 seconds." },
	{ V6D_CAUSE_NAPT_EXHAUSTED, V6D_CAUSE_FAR_END,
	    "Does another IPv4 site open from this host, and is the router's "
	    "session table full?" },
};

static bool
among(const enum v6d_cause *c, unsigned n, enum v6d_cause one)
{
	for (unsigned i = 0; i < n; i++)
		if (c[i] == one)
			return true;
	return false;
}

const char *
v6d_ask_between(const enum v6d_cause *c, unsigned n)
{
	for (size_t i = 0; i < V6D_ARRAY_LEN(pairs); i++)
		if (among(c, n, pairs[i].a) && among(c, n, pairs[i].b))
			return pairs[i].ask;
	return v6d_rule_of(c[0])->ask;
}
