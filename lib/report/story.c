/* SPDX-License-Identifier: GPL-2.0-or-later */
/* story.c - a tunnel's events, put in order of time. */
#include "report/story.h"

#include "base/wire.h"
#include "proto/pptp.h"

struct v6d_text
v6d_story_add(
    struct v6d_story *s, v6d_ns at, enum v6d_event_mark mark, enum v6d_dir dir)
{
	struct v6d_event *e = &s->events[s->n];
	struct v6d_text t = v6d_text_to(NULL, 0);

	if (s->n == V6D_STORY_EVENTS)
		return t;
	s->n++;
	e->at = at;
	e->mark = mark;
	e->dir = dir;
	t = v6d_text_to(e->words, sizeof(e->words));
	t.lang = s->lang;
	return t;
}

static double
seconds(v6d_ns from, v6d_ns to)
{
	return to > from ? (double)(to - from) / 1e9 : 0;
}

/* After that nobody answers any more. */
static v6d_ns
over(const struct v6d_view *v)
{
	v6d_ns t = v->end;

	for (int i = 0; i < V6D_N_DIRS; i++) {
		enum v6d_dir d = i ? V6D_DIR_IN : V6D_DIR_OUT;
		v6d_ns ends[] = { v->tcp.fin[d], v->tcp.rst[d],
			v6d_view_neg(&v->ppp, V6D_VIEW_LCP, d)->term_req,
			v6d_view_msg(&v->control, d, V6D_PPTP_CCR)->first,
			v6d_view_msg(&v->control, d, V6D_PPTP_CDN)->first };

		for (size_t j = 0; j < V6D_ARRAY_LEN(ends); j++)
			t = ends[j] < t ? ends[j] : t;
	}
	return t;
}

void
v6d_story_silence(struct v6d_story *s, v6d_ns at, enum v6d_dir dir)
{
	struct v6d_text t = v6d_story_add(s, at, V6D_EVENT_MISSING, dir);
	double waited = seconds(at, over(s->v));

	if (waited >= 0.1)
		v6d_text_say(
		    &t, "no answer seen in %.1f s, until the end", waited);
	else
		v6d_text_say(&t, "no answer seen before the end");
}

void
v6d_story_times(
    const struct v6d_story *s, struct v6d_text *t, unsigned n, v6d_ns last)
{
	if (n > 1)
		v6d_text_say(t, ", %u times until %.3f s", n,
		    seconds(s->v->begin, last));
}

/* Events of one time stay in the order in which they were told. */
static void
sort(struct v6d_story *s)
{
	for (unsigned i = 1; i < s->n; i++) {
		struct v6d_event e = s->events[i];
		unsigned at = i;

		for (; at > 0 && s->events[at - 1].at > e.at; at--)
			s->events[at] = s->events[at - 1];
		s->events[at] = e;
	}
}

void
v6d_story_tell(
    struct v6d_story *s, const struct v6d_view *v, const struct v6d_lang *lang)
{
	struct v6d_text t;

	s->v = v;
	s->lang = lang;
	s->n = 0;
	v6d_story_outer(s);
	v6d_story_ppp(s);
	v6d_story_inner(s);
	sort(s);
	if (s->n == V6D_STORY_EVENTS)
		s->n--; /* the end stands in any case */
	t = v6d_story_add(s, v->end, V6D_EVENT_STATE, V6D_DIR_OUT);
	v6d_text_say(&t, "the capture ends");
}
