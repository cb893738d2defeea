/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_report_text.c - the report for people (report/text.c). */
#include "report_help.h"

#include <stdlib.h>

static char *
shown(const struct run *u, bool verbose)
{
	char *s = v6d_report_text(&u->r, V6D_COLOR_NEVER, verbose);

	assert_non_null(s);
	check_width(s);
	assert_null(strchr(s, '\033'));
	assert_null(strstr(s, " \n"));
	return s;
}

static void
test_story(void **state)
{
	struct run u;
	char *s;

	(void)state;
	run_story(&u);
	s = shown(&u, false);
	has(s, "FAULTY  GRE packets over 1454 bytes are lost towards this "
	       "host.\n");
	has(s, "<<=X=<<");
	has(s, "\nCHECKS\n  ok     control   the call is accepted\n");
	has(s, "  FAIL   gre ");
	has(s, "  skip   dns       no name in the profile\n");
	has(s, "DIAGNOSIS (code G3-1454)");
	has(s, "certain]");
	has(s, "between 192.168.0.2 and 203.0.113.10, towards this host");
	has(s, "Follows     - a large download over IPv6 stops after 0 bytes");
	has(s, "What to do  1. Make the tunnel's largest packet (MTU and MRU) "
	       "1414");
	has(s, "\nNOT SEEN\n  ra, dns: ");
	assert_null(strstr(s, "FACTS"));
	assert_null(strstr(s, "TRAFFIC"));
	free(s);
	u.r.gre_sent = 341;
	u.r.gre_sent_bytes = 412345;
	u.r.other_sent = 512;
	u.r.other_sent_bytes = 40123;
	s = shown(&u, true);
	has(s, "FACTS");
	has(s, "TRAFFIC\n  GRE sent      341 packets,     412345 bytes\n");
	has(s, "\n  else sent     512 packets,      40123 bytes\n");
	has(s, "gre.size.in      bad, limit, 1454 bytes outer IPv4");
	free(s);
}

/* What changed since the last healthy run (report/since.c). */
static void
test_since(void **state)
{
	struct v6d_report_since since = { .started_unix_ms = 1000, .n = 2 };
	struct run u;
	char *s;

	(void)state;
	since.changes[0] =
	    (struct v6d_report_change){ "routes", "this host's routes",
		    "default via 192.0.2.1 dev eth0", "", false };
	since.changes[1] = (struct v6d_report_change){ "path-mtu",
		"what the path carries, bytes", "GRE in at least 1484",
		"GRE in up to 1454", true };
	run_story(&u);
	u.r.since = &since;
	s = shown(&u, false);
	has(s, "SINCE THE LAST GOOD RUN (1970-01-01 00:00:01 UTC)\n");
	has(s, "  this host's routes: default via 192.0.2.1 dev eth0 -> -\n");
	has(s, "bytes: GRE in at least 1484 -> GRE in up to 1454\n");
	has(s, "  Only one thing changed: look there first.");
	free(s);
	since.changes[1].result = false;
	s = shown(&u, false);
	has(s, "  Several things changed");
	free(s);
	since.n = 0;
	s = shown(&u, false);
	has(s, "  Nothing that was looked at on this host has changed");
	free(s);
}

static void
test_undecided(void **state)
{
	struct run u;
	char *s;

	(void)state;
	run_undecided(&u);
	s = shown(&u, false);
	has(s, "FAULTY  There is a fault. 4 causes would explain it");
	has(s, "DIAGNOSIS (code G1/G2/G5/G6)");
	has(s, "does not translate PPTP [napt-no-helper]");
	has(s, "To decide");
	has(s, "\nSTAGES\n  ok     control\n  not ok gre\n");
	free(s);
}

static void
test_verdicts(void **state)
{
	static const struct {
		const char *symptoms, *line;
	} t[] = {
		{ UP SIZE BULK DNS, "HEALTHY  Everything that was looked at "
				    "works.\n" },
		{ "", "UNDETERMINED  No fault showed" },
		{ UP SIZE BULK DNS "gre.loss=loss",
		    "DEGRADED  It works, but: GRE packets are lost" },
		{ "gre.loss=loss host.icmp6=dropped",
		    "UNDETERMINED  No fault showed" },
		{ "ppp.ipv6cp=other", "FAULTY  Something is wrong that no "
				      "known cause explains.\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct v6d_symptoms sym = symptoms(t[i].symptoms);
		struct run u;
		char *s;

		run_start(&u);
		v6d_diagnose_symptoms(&sym, NULL, &u.d);
		s = shown(&u, true);
		assert_int_equal(strncmp(s, t[i].line, strlen(t[i].line)), 0);
		free(s);
	}
}

/* Of a stage something was seen, nothing wrong, and not all of it. */
static void
test_half_a_stage(void **state)
{
	struct v6d_symptoms sym = symptoms("route.default=ok");
	struct run u;
	char *s;

	(void)state;
	run_start(&u);
	v6d_diagnose_symptoms(&sym, NULL, &u.d);
	u.r.n_checks = 0;
	s = shown(&u, false);
	has(s, "\nSTAGES\n  ?      route\n");
	free(s);
}

/* A warning is no proof that something works. */
static void
test_at_risk(void **state)
{
	struct v6d_symptoms sym = symptoms("host.icmp6=dropped");
	struct run u;
	char *s;

	(void)state;
	run_start(&u);
	v6d_diagnose_symptoms(&sym, NULL, &u.d);
	u.d.verdict = V6D_VERDICT_DEGRADED;
	s = shown(&u, true);
	has(s, "DEGRADED  At risk: The firewall drops");
	free(s);
}

/* A warning that stands beside an open fault is not what it is about. */
static void
test_open_fault_first(void **state)
{
	struct v6d_symptoms sym =
	    symptoms("v6.small=ok dns.literal=stall napt.sessions=full");
	struct run u;
	char *s;

	(void)state;
	run_start(&u);
	v6d_diagnose_symptoms(&sym, NULL, &u.d);
	assert_int_equal(u.d.n, 1);
	assert_int_equal(u.d.findings[0].severity, V6D_SEV_WARNING);
	s = shown(&u, true);
	has(s, "FAULTY  There is a fault.");
	assert_memory_equal(u.d.code, "G3/", 3);
	free(s);
}

/* Whatever a single cause says of itself fits the terminal. */
static void
test_every_cause(void **state)
{
	(void)state;
	for (int i = 0; i < V6D_N_CAUSES; i++) {
		struct run u;
		char *s;

		run_start(&u);
		u.d.verdict = V6D_VERDICT_FAULTY;
		u.d.n = 1;
		u.d.findings[0].cause = (enum v6d_cause)i;
		u.d.findings[0].severity = V6D_SEV_FAULT;
		s = shown(&u, false);
		has(s, "What to do  1. ");
		free(s);
	}
}

static void
test_color(void **state)
{
	struct run u;
	char *s;

	(void)state;
	run_story(&u);
	s = v6d_report_text(&u.r, V6D_COLOR_ALWAYS, false);
	assert_non_null(s);
	has(s, "\033[1;31mFAULTY\033[0m");
	free(s);
}

RUN(cmocka_unit_test(test_story), cmocka_unit_test(test_since),
    cmocka_unit_test(test_undecided), cmocka_unit_test(test_verdicts),
    cmocka_unit_test(test_half_a_stage), cmocka_unit_test(test_at_risk),
    cmocka_unit_test(test_open_fault_first), cmocka_unit_test(test_every_cause),
    cmocka_unit_test(test_color))
