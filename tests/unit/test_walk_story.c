/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_walk_story.c - one long thread walked piece by piece: what is known
 * and which step is asked for next, at every piece; and the verdict.
 */
#include "paste_help.h"

#include "walk/walk.h"

#define TEXT "captures/text/"

static void
look(const struct pasted *q, struct v6d_walk *w, struct v6d_walk_state *s)
{
	w->seen = q->d.symptoms;
	w->judged = &q->d;
	v6d_walk_read(&q->p, &q->rank, w);
	v6d_walk_look(w, s);
}

static unsigned
share(const struct v6d_walk_state *s, enum v6d_cause c)
{
	for (unsigned i = 0; i < s->n_left; i++)
		if (s->left[i].cause == c)
			return s->left[i].permille;
	return 0;
}

/* The steps that come next begin with these. */
static void
check_next(const struct v6d_walk_state *s, const char *want)
{
	char got[256] = "";
	struct v6d_text t = v6d_text_to(got, sizeof(got));

	for (unsigned i = 0; i < s->n_next; i++)
		v6d_text_add(&t, "%s ", v6d_walk_step_name(s->next[i]));
	if (strncmp(got, want, strlen(want)) != 0)
		fail_msg("next: %s, not %s", got, want);
}

/* These steps are still useful, and stand in this order. */
static void
check_useful(
    const struct v6d_walk *w, const struct v6d_walk_state *s, const char *want)
{
	enum v6d_walk_step steps[V6D_N_STEPS];
	unsigned n = v6d_walk_useful(w, s, steps);
	char got[1024] = "";
	struct v6d_text t = v6d_text_to(got, sizeof(got));
	const char *at = got;

	for (unsigned i = 0; i < n; i++)
		v6d_text_add(&t, "%s ", v6d_walk_step_name(steps[i]));
	while (*want) {
		char one[64];
		size_t k = strcspn(want, " ");

		snprintf(one, sizeof(one), "%.*s ", (int)k, want);
		at = strstr(at, one);
		if (!at)
			fail_msg("%s is missing or too late in: %s", one, got);
		want += k;
		want += *want == ' ';
	}
}

static void
test_story(void **state)
{
	static const struct {
		const char *piece, *next;
	} t[] = {
		{ "story-1-symptom.txt", "addresses " },
		{ "story-2-ifconfig.txt", "routes " },
		{ "story-3-telnet.txt", "size-sweep literal-fetch " },
		{ "story-4-netstat.txt", "literal-fetch " },
		{ "story-5-literal.txt",
		    "size-sweep capture other-line one-router-less " },
		{ "story-6-two-routers.txt", "size-sweep mtu-1280 " },
		{ "story-8-other-line.txt", "mtu-1280 direct-cable " },
		{ "story-9-table.txt", "mtu-1280 direct-cable watch-table " },
	};
	/* A Mac: no report can be had of it. */
	struct v6d_walk w = { .n_said = 1,
		.said = { { V6D_STEP_REPORT, V6D_WALK_CANNOT } } };
	struct pasted *q = pasted("");
	struct v6d_walk_state s;

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		char path[64];

		snprintf(path, sizeof(path), TEXT "%s", t[i].piece);
		paste_file(q, path);
		look(q, &w, &s);
		assert_int_equal(s.end, V6D_WALK_ON);
		assert_int_equal(s.left[0].cause, V6D_CAUSE_GRE_SIZE_LIMIT);
		if (i > 1)
			assert_int_equal(s.family, V6D_FAMILY_SIZE_ON_LINE);
		check_next(&s, t[i].next);
	}
	free(q);
}

/*
 * The whole thread: loss by size on the line is as good as sure, fragments
 * are possible, the box is open, and the full table is a finding of its own.
 */
static void
test_verdict(void **state)
{
	static const char *const pieces[] = { "1-symptom", "2-ifconfig",
		"3-telnet", "4-netstat", "5-literal", "6-two-routers", "7-curl",
		"8-other-line", "9-table" };
	struct v6d_walk w = { .n_said = 1,
		.said = { { V6D_STEP_REPORT, V6D_WALK_CANNOT } } };
	struct pasted *q = pasted("");
	struct v6d_walk_state s;

	(void)state;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		char path[64];

		snprintf(path, sizeof(path), TEXT "story-%s.txt", pieces[i]);
		paste_file(q, path);
	}
	look(q, &w, &s);
	assert_int_equal(s.family, V6D_FAMILY_SIZE_ON_LINE);
	assert_true(s.family_permille >= 750);
	assert_in_range(share(&s, V6D_CAUSE_GRE_FRAGMENTS), 150, 600);
	assert_int_equal(s.places, V6D_AT_LAN | V6D_AT_ROUTER | V6D_AT_LINE);
	assert_int_equal(q->d.findings[0].cause, V6D_CAUSE_NAPT_EXHAUSTED);
	check_useful(&w, &s, "mtu-1280 size-sweep capture one-router-less");
	/* what decides: it helps, and the box stays open */
	w.said[w.n_said++] = (struct v6d_walk_said){ V6D_STEP_MTU_1280, 'y' };
	look(q, &w, &s);
	assert_true(s.family_permille >= 900);
	assert_int_equal(s.places, V6D_AT_LAN | V6D_AT_ROUTER | V6D_AT_LINE);
	free(q);
}

RUN(cmocka_unit_test(test_story), cmocka_unit_test(test_verdict))
