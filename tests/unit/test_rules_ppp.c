/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_rules_ppp.c - causes in PPP. */
#include "diag_help.h"

static void
test_cases(void **state)
{
	static const struct diag_case t[] = {
		{ CONTROL GRE "ppp.lcp=ok ppp.auth=ok ppp.ipv6cp=not-offered "
			      "addr.global=none",
		    "faulty client-without-ipv6!(addr.global)" },
		{ UP SIZE BULK DNS "ppp.mppe=clear",
		    "degraded mppe-not-negotiated!" },
		{ UP SIZE BULK DNS "ppp.crypto=mschap",
		    "healthy pptp-crypto!" },
		{ CONTROL GRE "ppp.lcp=timeout", "faulty ppp-negotiation" },
		{ CONTROL GRE "ppp.lcp=ok ppp.auth=rejected "
			      "ppp.terminated=peer control.hangup=closed",
		    "faulty auth-rejected!(control.hangup,ppp.terminated)" },
		{ CONTROL GRE "ppp.lcp=ok ppp.auth=ok ppp.ipv6cp=rejected",
		    "faulty ipv6cp-refused!" },
		{ LINK "ppp.ipcp=required ppp.terminated=peer",
		    "faulty ipcp-required!(ppp.terminated)" },
		{ CONTROL GRE "ppp.lcp=ok ppp.auth=method ppp.terminated=peer",
		    "faulty auth-method!(ppp.terminated)" },
		{ CONTROL GRE "ppp.lcp=ok ppp.auth=ok ppp.ccp=required "
			      "ppp.terminated=peer",
		    "faulty auth-method!(ppp.terminated)" },
		{ CONTROL GRE "ppp.lcp=ok ppp.auth=bad-peer",
		    "faulty auth-bad-peer!" },
		{ CONTROL GRE "ppp.lcp=ok ppp.auth=ok ppp.ipv6cp=timeout",
		    "faulty {ipv6cp-refused ppp-negotiation}" },
		{ CONTROL GRE "ppp.lcp=ok ppp.auth=ok ppp.ipv6cp=clash",
		    "faulty ifid-clash!" },
	};

	(void)state;
	check_cases(t, sizeof(t) / sizeof(t[0]));
}

RUN(cmocka_unit_test(test_cases))
