/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_rules_dns.c - causes in the look-up of names. */
#include "diag_help.h"

#define WELL UP SIZE BULK

static void
test_cases(void **state)
{
	static const struct diag_case t[] = {
		{ WELL "dns.a=ok dns.aaaa=slow", "degraded dns-aaaa-slow!" },
		{ WELL "dns.a=timeout dns.aaaa=timeout dns.pair=none "
		       "dns.tcp=timeout",
		    "faulty dns-unreachable!(dns.pair,dns.tcp)" },
		{ WELL "dns.a=ok dns.aaaa=timeout dns.pair=one dns.name="
		       "unresolved",
		    "faulty dns-aaaa-dropped!(dns.pair,dns.name)" },
		/* one after the other both are answered, at once only one */
		{ WELL DNS "dns.pair=one",
		    "degraded dns-one-answer-per-port!" },
		{ WELL DNS "dns.pair=one dns.name=unresolved "
			   "dns.literal=ok",
		    "faulty dns-one-answer-per-port!(dns.name)" },
		{ WELL "dns.a=ok dns.aaaa=truncated dns.tcp=timeout "
		       "dns.name=unresolved",
		    "faulty dns-truncation!(dns.name)" },
		{ WELL DNS "dns.pair=one dns.libc=timeout",
		    "degraded dns-one-answer-per-port!(dns.libc)" },
		{ WELL DNS "dns.libc=none", "faulty libc-resolver!" },
		{ WELL DNS "dns.tcp=refused", "degraded dns-truncation" },
		{ WELL DNS "dns.servers=v6-only",
		    "degraded dns-v6-only-resolver!" },
		{ "dns.servers=v6-only server.name=timeout dns.a=timeout",
		    "faulty dns-v6-only-resolver!(server.name,dns.a)" },
		{ WELL DNS "dns.own=stale", "degraded dns-stale-record!" },
		{ WELL "dns.a=ok dns.aaaa=wrong dns.name=stall",
		    "faulty dns-aaaa-wrong!(dns.name)" },
	};

	(void)state;
	check_cases(t, sizeof(t) / sizeof(t[0]));
}

RUN(cmocka_unit_test(test_cases))
