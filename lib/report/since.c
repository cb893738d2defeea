/* SPDX-License-Identifier: GPL-2.0-or-later */
/* since.c - what changed since the last run that was healthy, in words. */
#include "report/since.h"

#include <string.h>

#include "base/lang.h"
#include "report/say.h"

#define LINE (3 * V6D_SINCE_TEXT)

/* What stands between commas, one by one; "-" for nothing. */
static void
retell_parts(struct v6d_text *t, const char *s)
{
	if (!*s)
		v6d_text_add(t, "-");
	while (*s) {
		const char *end = strstr(s, ", ");
		size_t n = end ? (size_t)(end - s) : strlen(s);
		char part[V6D_SINCE_TEXT];
		struct v6d_text one = v6d_text_to(part, sizeof(part));

		v6d_text_add(&one, "%.*s", (int)n, s);
		v6d_text_retell(t, part);
		s += n;
		if (end) {
			v6d_text_add(t, "%s", v6d_lang_get(t->lang, N_(", ")));
			s += 2;
		}
	}
}

void
v6d_since_line(struct v6d_text *t, const struct v6d_report_change *c)
{
	v6d_text_add(t, "%s: ", v6d_lang_get(t->lang, c->words));
	retell_parts(t, c->was);
	v6d_text_add(t, " -> ");
	retell_parts(t, c->is);
}

void
v6d_since_follows(struct v6d_text *t, const struct v6d_report_since *s)
{
	unsigned n = 0;

	for (unsigned i = 0; i < s->n; i++)
		n += !s->changes[i].result;
	if (n == 0)
		v6d_text_say(t,
		    "Nothing that was looked at on this host has changed: the "
		    "fault lies beyond it, or comes and goes.");
	else if (n == 1)
		v6d_text_say(t,
		    "Only one thing changed: look there first. That is a hint, "
		    "no proof.");
	else
		v6d_text_say(t,
		    "Several things changed: the fault may lie in one of them, "
		    "or elsewhere.");
}

void
v6d_since_draw(struct v6d_paint *p, const struct v6d_report *r)
{
	const struct v6d_report_since *s = r->since;
	char head[96], when[40], line[LINE];
	struct v6d_text h = v6d_text_like(&p->t, head, sizeof(head));
	struct v6d_text at = v6d_text_to(when, sizeof(when));
	struct v6d_text t;

	if (!s)
		return;
	v6d_say_when(&at, s->started_unix_ms);
	v6d_text_say(&h, "SINCE THE LAST GOOD RUN (%s)", when);
	v6d_paint_head(p, head);
	for (unsigned i = 0; i < s->n; i++) {
		t = v6d_text_like(&p->t, line, sizeof(line));
		v6d_since_line(&t, &s->changes[i]);
		v6d_text_add(&p->t, "  ");
		v6d_paint_wrap(p, 2, 4, line);
	}
	t = v6d_text_like(&p->t, line, sizeof(line));
	v6d_since_follows(&t, s);
	v6d_text_add(&p->t, "  ");
	v6d_paint_wrap(p, 2, 2, line);
}
