/* SPDX-License-Identifier: GPL-2.0-or-later */
/* story.h - what happened in a tunnel, one event after another. */
#ifndef V6D_REPORT_STORY_H
#define V6D_REPORT_STORY_H

#include "base/text.h"
#include "flow/view.h"

#define V6D_STORY_EVENTS 200
#define V6D_STORY_WORDS 200

struct v6d_event {
	v6d_ns at;
	enum v6d_event_mark {
		V6D_EVENT_SENT, /* it passed here */
		V6D_EVENT_LOST, /* it was sent, and did not get through */
		V6D_EVENT_MISSING, /* it was waited for, and did not come */
		V6D_EVENT_STATE, /* of neither end alone */
	} mark;
	enum v6d_dir dir; /* of what was sent, lost or is missing */
	char words[V6D_STORY_WORDS];
};

struct v6d_story {
	const struct v6d_view *v;
	const struct v6d_lang *lang;
	unsigned n;
	struct v6d_event events[V6D_STORY_EVENTS];
};

/* Tells all that the view holds, in order of time. */
void v6d_story_tell(
    struct v6d_story *s, const struct v6d_view *v, const struct v6d_lang *lang);

/* ---- its parts ---- */

/* A new event, whose words are appended to the text; what finds no room is
 * not told. */
struct v6d_text v6d_story_add(
    struct v6d_story *s, v6d_ns at, enum v6d_event_mark mark, enum v6d_dir dir);

/* Nothing came in that direction after `at`, while the session lasted. */
void v6d_story_silence(struct v6d_story *s, v6d_ns at, enum v6d_dir dir);

/* ", 5 times until 12.500 s" where n is more than one. */
void v6d_story_times(
    const struct v6d_story *s, struct v6d_text *t, unsigned n, v6d_ns last);

void v6d_story_outer(struct v6d_story *s); /* TCP, control, GRE, ICMP */
void v6d_story_ppp(struct v6d_story *s);
void v6d_story_inner(struct v6d_story *s); /* IPv6 */

#endif
