/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tap.c - a report as Test Anything Protocol, version 13. */
#include "report/render.h"

#include <string.h>

/*
 * Skipped is not passed, unknown is not failed: the one is a SKIP, the other
 * a TODO, which no consumer counts as a failure.
 */
static void
add(struct v6d_text *t, const struct v6d_point *p, unsigned number)
{
	bool ok =
	    p->outcome == V6D_OUTCOME_PASS || p->outcome == V6D_OUTCOME_SKIPPED;

	v6d_text_add(t, "%s %u - %s", ok ? "ok" : "not ok", number, p->name);
	switch (p->outcome) {
	case V6D_OUTCOME_SKIPPED:
		v6d_text_add(t, " # SKIP ");
		break;
	case V6D_OUTCOME_UNKNOWN:
		v6d_text_add(t, " # TODO unknown: ");
		break;
	case V6D_OUTCOME_BROKEN:
		v6d_text_add(t, ": the check failed: ");
		break;
	case V6D_OUTCOME_PASS:
	case V6D_OUTCOME_FAIL:
		v6d_text_add(t, ": ");
	}
	/* A # would start a directive. */
	for (const char *s = p->words; *s; s++)
		v6d_text_add(
		    t, "%s%c", *s == '#' ? "\\" : "", *s == '\n' ? ' ' : *s);
	v6d_text_add(t, "\n");
}

char *
v6d_render_tap(const struct v6d_report *r, struct v6d_format_how *h)
{
	struct v6d_text t = v6d_render_start(NULL);
	struct v6d_point p;

	if (!t.p)
		return NULL;
	v6d_text_add(&t, "# %s: %s (code %s)\n",
	    r->source_name ? r->source_name : r->source_kind,
	    v6d_verdict_name(r->diagnosis->verdict), r->diagnosis->code);
	for (size_t i = 0; v6d_render_point(r, i, &p); i++)
		add(&t, &p, ++h->points);
	return v6d_render_end(&t);
}
