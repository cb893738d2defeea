/* SPDX-License-Identifier: GPL-2.0-or-later */
/* report_help.h - a finished run for tests of the renderings. */
#ifndef TESTS_REPORT_HELP_H
#define TESTS_REPORT_HELP_H

#include "diag_help.h"

#include "report/report.h"

struct run {
	struct v6d_obs obs[16];
	struct v6d_facts facts;
	struct v6d_diagnosis d;
	struct v6d_report r;
};

static inline void
run_add(struct run *u, enum v6d_fact fact, const char *subject,
    const char *word, int64_t value)
{
	v6d_facts_add(
	    &u->facts, fact, subject, word ? V6D_BAD : V6D_OK, word, value);
}

static inline void
run_start(struct run *u)
{
	memset(u, 0, sizeof(*u));
	v6d_facts_init(&u->facts, u->obs, 16);
	u->facts.source = "probe gre";
	u->facts.now = V6D_MS(1234);
	u->r = (struct v6d_report){ .version = "9.9",
		.source_kind = "lab",
		.source_name = "lab",
		.started_unix_ms = 1795436400123,
		.duration_ms = 2345,
		.client = "192.168.0.2",
		.server = "203.0.113.10",
		.facts = &u->facts,
		.diagnosis = &u->d };
}

/* The story: GRE over 1454 bytes is lost on the way in. */
static inline void
run_story(struct run *u)
{
	static const struct v6d_check checks[] = {
		{ "control", "pass", "the call is accepted", 14 },
		{ "gre", "fail", "GRE over 1454 bytes is lost", 40 },
		{ "dns", "skipped", "no name in the profile", 0 },
	};

	run_start(u);
	run_add(u, V6D_FACT_CONTROL_CALL, "203.0.113.10", NULL, 1);
	run_add(u, V6D_FACT_GRE_IN, "203.0.113.10", NULL, 9);
	run_add(u, V6D_FACT_PPP_IPV6CP, "", NULL, V6D_NO_VALUE);
	run_add(u, V6D_FACT_V6_SMALL, "2001:db8:b::80", NULL, 3);
	run_add(u, V6D_FACT_GRE_SIZE_IN, "203.0.113.10", "limit", 1454);
	run_add(u, V6D_FACT_V6_GET, "2001:db8:b::80", "stall", 0);
	v6d_diagnose(&u->facts, NULL, &u->d);
	u->r.checks = checks;
	u->r.n_checks = 3;
}

/* What was neither passed nor failed, and what broke. */
static inline void
run_neither(struct run *u)
{
	static const struct v6d_check checks[] = {
		{ "gre", "unknown", "no answer # in time", 1 },
		{ "dns", "skipped", "no name", 0 },
		{ "napt", "broken", "<tag>", 2500 },
	};

	run_start(u);
	u->r.checks = checks;
	u->r.n_checks = 3;
}

/* Nothing of GRE comes back: several causes are left. */
static inline void
run_undecided(struct run *u)
{
	run_start(u);
	run_add(u, V6D_FACT_CONTROL_CALL, "203.0.113.10", NULL, 1);
	run_add(u, V6D_FACT_GRE_IN, "203.0.113.10", "none", 0);
	v6d_diagnose(&u->facts, NULL, &u->d);
}

static inline void
has(const char *s, const char *part)
{
	if (!strstr(s, part))
		fail_msg("no \"%s\" in\n%s", part, s);
}

/* No line is longer than a terminal. */
static inline void
check_width(const char *s)
{
	while (*s) {
		size_t n = strcspn(s, "\n");

		if (n > 80)
			fail_msg("too long: %.*s", (int)n, s);
		s += n;
		s += *s == '\n';
	}
}

#endif
