/* SPDX-License-Identifier: GPL-2.0-or-later */
/* timeline.c - a tunnel's story drawn between two lines, one for each end. */
#include "report/timeline.h"

#include <stdlib.h>

#include "report/story.h"

#define WORDS 28 /* column where the words begin */

static const char *
arrow(const struct v6d_event *e)
{
	bool out = e->dir == V6D_DIR_OUT;

	switch (e->mark) {
	case V6D_EVENT_SENT:
		return out ? "|---------->|" : "|<----------|";
	case V6D_EVENT_LOST:
		return out ? "|----->X    |" : "|    X<-----|";
	case V6D_EVENT_MISSING:
		return out ? "|    ?- - ->|" : "|<- - -?    |";
	case V6D_EVENT_STATE:
		break;
	}
	return "|           |";
}

static enum v6d_ink
ink_of(enum v6d_event_mark mark)
{
	if (mark == V6D_EVENT_STATE)
		return V6D_INK_FAINT;
	return mark == V6D_EVENT_SENT ? V6D_INK_PLAIN : V6D_INK_BAD;
}

static void
draw(struct v6d_paint *p, const struct v6d_event *e, v6d_ns begin)
{
	double at = e->at > begin ? (double)(e->at - begin) / 1e9 : 0;

	v6d_text_add(&p->t, "  %9.3f  ", at);
	v6d_paint_add(p, ink_of(e->mark), arrow(e));
	v6d_text_add(&p->t, "  ");
	v6d_paint_wrap(p, WORDS, WORDS, e->words);
}

void
v6d_timeline_draw(struct v6d_paint *p, const struct v6d_view *v)
{
	struct v6d_story *s = malloc(sizeof(*s));

	if (!s)
		return;
	v6d_story_tell(s, v, p->t.lang);
	v6d_paint_head(p, N_("TIMELINE"));
	v6d_text_say(&p->t, "    seconds  client   server\n");
	for (unsigned i = 0; i < s->n; i++)
		draw(p, &s->events[i], v->begin);
	free(s);
}
