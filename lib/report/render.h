/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * render.h - the renderings for machines and tickets, and what they share.
 * Each returns malloc'd text, or NULL where there is no memory.
 */
#ifndef V6D_REPORT_RENDER_H
#define V6D_REPORT_RENDER_H

#include "base/text.h"
#include "report/format.h"

char *v6d_render_jsonl(const struct v6d_report *r, struct v6d_format_how *h);
char *v6d_render_tap(const struct v6d_report *r, struct v6d_format_how *h);
char *v6d_render_junit(const struct v6d_report *r, struct v6d_format_how *h);
char *
v6d_render_prometheus(const struct v6d_report *r, struct v6d_format_how *h);
char *v6d_render_markdown(const struct v6d_report *r, struct v6d_format_how *h);
char *v6d_render_html(const struct v6d_report *r, struct v6d_format_how *h);

/* An empty text with room for a whole rendering; p is NULL: no memory. */
struct v6d_text v6d_render_start(const struct v6d_lang *l);

/* The finished text, no longer than needed; free() it. */
char *v6d_render_end(struct v6d_text *t);

enum v6d_outcome {
	V6D_OUTCOME_PASS, /* it works, maybe with a warning */
	V6D_OUTCOME_FAIL,
	V6D_OUTCOME_BROKEN, /* the check itself failed */
	V6D_OUTCOME_UNKNOWN, /* looked at, and not to be told */
	V6D_OUTCOME_SKIPPED, /* not looked at */
};

/* One thing that was looked at, and what became of it. */
struct v6d_point {
	char name[64]; /* "gre", "cause gre-size-limit" */
	enum v6d_outcome outcome;
	char words[1024];
	unsigned ms;
};

/*
 * Point i of a report: its checks (of a capture, its stages), then what the
 * diagnosis names. False: no more.
 */
bool
v6d_render_point(const struct v6d_report *r, size_t i, struct v6d_point *ret);

/* Appends s with the five characters that XML reserves escaped, and what is
 * no XML character as '?'. Good for HTML as well. */
void v6d_render_xml(struct v6d_text *t, const char *s);

/* Appends s as the value of a Prometheus label: quoted, with backslash, quote
 * and newline escaped. */
void v6d_render_label(struct v6d_text *t, const char *s);

#endif
