/* SPDX-License-Identifier: GPL-2.0-or-later */
/* story_help.h - the story of a tape, and what is told in it. */
#ifndef TESTS_STORY_HELP_H
#define TESTS_STORY_HELP_H

#include "flow_help.h"

#include "report/story.h"

static struct v6d_story story;

static inline void
story_of(struct tape *t)
{
	v6d_story_tell(&story, tape_play(t), NULL);
	for (unsigned i = 1; i < story.n; i++)
		assert_true(story.events[i].at >= story.events[i - 1].at);
}

/* The event whose words begin so, or NULL. */
static inline const struct v6d_event *
told(enum v6d_event_mark mark, enum v6d_dir d, const char *words)
{
	for (unsigned i = 0; i < story.n; i++) {
		const struct v6d_event *e = &story.events[i];

		if (e->mark == mark && e->dir == d &&
		    strncmp(e->words, words, strlen(words)) == 0)
			return e;
	}
	return NULL;
}

static inline void
assert_told(enum v6d_event_mark mark, enum v6d_dir d, const char *words)
{
	if (told(mark, d, words))
		return;
	for (unsigned i = 0; i < story.n; i++)
		print_message("%d %d %s\n", story.events[i].mark,
		    story.events[i].dir, story.events[i].words);
	fail_msg("not told: %s", words);
}

#endif
