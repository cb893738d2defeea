/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_changes.c - what is otherwise in a run than in the one before. */
#include "report_help.h"

#include <stdio.h>
#include <stdlib.h>

#include "report/changes.h"

static const struct v6d_seen nothing;

static void
healthy(struct run *u)
{
	static const struct v6d_check checks[] = {
		{ "control", "pass", "the call is accepted", 14 },
		{ "gre", "pass", "GRE passes", 40 },
		{ "dns", "skipped", "no name in the profile", 0 },
	};

	run_start(u);
	u->d.verdict = V6D_VERDICT_HEALTHY;
	snprintf(u->d.code, sizeof(u->d.code), "OK");
	u->r.checks = checks;
	u->r.n_checks = 3;
}

static void
test_first(void **state)
{
	struct v6d_seen now;
	struct run u;

	(void)state;
	run_story(&u);
	v6d_seen_take(&u.r, &nothing, &now);
	assert_int_equal(now.run, 1);
	assert_false(v6d_seen_changed(&nothing, &now));
}

static void
test_breaks(void **state)
{
	char buf[4096];
	struct v6d_text t = v6d_text_to(buf, sizeof(buf));
	struct v6d_seen before, now;
	struct run u;
	char *line;

	(void)state;
	healthy(&u);
	v6d_seen_take(&u.r, &nothing, &before);
	run_story(&u);
	v6d_seen_take(&u.r, &before, &now);
	assert_int_equal(now.run, 2);
	assert_true(v6d_seen_changed(&before, &now));
	v6d_seen_text(&t, &before, &now);
	has(buf, "run 2: healthy -> faulty (G3-1454). GRE packets over 1454");
	has(buf, "\n  check gre: pass -> fail: GRE over 1454 bytes is lost\n");
	has(buf, "\n  cause gre-size-limit: new, ");
	assert_null(strstr(buf, "control"));
	line = v6d_seen_jsonl(&before, &now);
	has(line, "{\"type\":\"change\",\"run\":2,\"started\":");
	has(line, "{\"what\":\"check\",\"name\":\"gre\",\"before\":\"pass\","
		  "\"after\":\"fail\"");
	has(line, "{\"what\":\"cause\",\"name\":\"gre-size-limit\","
		  "\"before\":null,\"after\":\"");
	free(line);
}

static void
test_mended(void **state)
{
	char buf[4096];
	struct v6d_text t = v6d_text_to(buf, sizeof(buf));
	struct v6d_seen before, now;
	struct run u;

	(void)state;
	run_story(&u);
	v6d_seen_take(&u.r, &nothing, &before);
	healthy(&u);
	v6d_seen_take(&u.r, &before, &now);
	v6d_seen_text(&t, &before, &now);
	has(buf, "faulty -> healthy (OK)");
	has(buf, "\n  cause gre-size-limit: gone\n");
}

/* Skipped once, looked at the next time, and the other way round. */
static void
test_skipped(void **state)
{
	static const struct v6d_check looked[] = {
		{ "control", "pass", "the call is accepted", 14 },
		{ "gre", "pass", "GRE passes", 40 },
		{ "dns", "pass", "answers", 3 },
	};
	struct v6d_seen first, second, third;
	struct run u;

	(void)state;
	healthy(&u);
	v6d_seen_take(&u.r, &nothing, &first);
	u.r.checks = looked;
	v6d_seen_take(&u.r, &first, &second);
	assert_false(v6d_seen_changed(&first, &second));
	healthy(&u);
	v6d_seen_take(&u.r, &second, &third);
	assert_false(v6d_seen_changed(&second, &third));
	assert_string_equal(third.things[4].name, "dns");
	assert_string_equal(third.things[4].word, "pass");
}

/* More than there is room for: what is past it is left out, nothing else. */
static void
test_full(void **state)
{
	static struct v6d_check many[V6D_SEEN_THINGS + 9];
	struct v6d_seen now;
	struct run u;

	(void)state;
	healthy(&u);
	for (size_t i = 0; i < V6D_SEEN_THINGS + 9; i++) {
		many[i] = (struct v6d_check){ .status = "pass" };
		snprintf(many[i].probe, sizeof(many[i].probe), "p%zu", i);
	}
	u.r.checks = many;
	u.r.n_checks = V6D_SEEN_THINGS + 9;
	v6d_seen_take(&u.r, &nothing, &now);
	assert_int_equal(now.n, V6D_SEEN_THINGS);
}

RUN(cmocka_unit_test(test_first), cmocka_unit_test(test_breaks),
    cmocka_unit_test(test_mended), cmocka_unit_test(test_skipped),
    cmocka_unit_test(test_full))
