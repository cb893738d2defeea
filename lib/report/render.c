/* SPDX-License-Identifier: GPL-2.0-or-later */
/* render.c - what the renderings for machines and tickets share. */
#include "report/render.h"

#include <stdlib.h>
#include <string.h>

#include "report/page.h"
#include "report/say.h"

#define CEILING (1024u * 1024u) /* touched only as far as it is used */

struct v6d_text
v6d_render_start(const struct v6d_lang *l)
{
	struct v6d_text t = v6d_text_to(malloc(CEILING), CEILING);

	t.lang = l;
	return t;
}

char *
v6d_render_end(struct v6d_text *t)
{
	char *less = realloc(t->p, t->len + 1);

	return less ? less : t->p;
}

/* ---- points ---- */

static struct v6d_text
words_of(const struct v6d_report *r, struct v6d_point *ret)
{
	struct v6d_text w = v6d_text_to(ret->words, sizeof(ret->words));

	w.lang = r->lang;
	return w;
}

static enum v6d_outcome
outcome_of(const char *status)
{
	static const struct {
		const char *status;
		enum v6d_outcome outcome;
	} t[] = {
		{ "pass", V6D_OUTCOME_PASS },
		{ "warn", V6D_OUTCOME_PASS },
		{ "fail", V6D_OUTCOME_FAIL },
		{ "skipped", V6D_OUTCOME_SKIPPED },
		{ "broken", V6D_OUTCOME_BROKEN },
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		if (strcmp(t[i].status, status) == 0)
			return t[i].outcome;
	return V6D_OUTCOME_UNKNOWN;
}

static void
check_point(const struct v6d_report *r, const struct v6d_check *c,
    struct v6d_point *ret)
{
	struct v6d_text t = v6d_text_to(ret->name, sizeof(ret->name));
	struct v6d_text w = words_of(r, ret);

	v6d_text_add(&t, "%s", c->probe);
	v6d_text_retell(&w, c->summary);
	ret->outcome = outcome_of(c->status);
	ret->ms = c->ms;
}

static void
stage_point(const struct v6d_report *r, enum v6d_stage s, struct v6d_point *ret)
{
	const struct v6d_diagnosis *d = r->diagnosis;
	const char *not_seen = v6d_say_not_seen(d, r->scope, s);
	struct v6d_text t = v6d_text_to(ret->name, sizeof(ret->name));
	struct v6d_text w = words_of(r, ret);

	v6d_text_add(&t, "%s", v6d_stage_name(s));
	ret->ms = 0;
	if (not_seen) {
		bool can = !r->scope || r->scope->can[s];

		v6d_text_retell(&w, not_seen);
		ret->outcome = can ? V6D_OUTCOME_UNKNOWN : V6D_OUTCOME_SKIPPED;
		return;
	}
	v6d_text_add(&w, "%s",
	    v6d_lang_get(w.lang, d->passed[s] ? N_("was seen to work")
					      : N_("was not seen to work")));
	ret->outcome = d->passed[s] ? V6D_OUTCOME_PASS : V6D_OUTCOME_FAIL;
}

static void
finding_point(const struct v6d_report *r, const struct v6d_finding *f,
    struct v6d_point *ret)
{
	struct v6d_text t = v6d_text_to(ret->name, sizeof(ret->name));
	struct v6d_text w = words_of(r, ret);

	v6d_text_add(&t, "cause %s", v6d_cause_name(f->cause));
	v6d_page_title(f->cause, f, &w);
	v6d_text_add(&w, " (%s, %s)",
	    v6d_lang_get(w.lang, v6d_severity_name(f->severity)),
	    v6d_lang_get(w.lang, v6d_certainty_name(f->certainty)));
	ret->outcome =
	    f->severity == V6D_SEV_FAULT ? V6D_OUTCOME_FAIL : V6D_OUTCOME_PASS;
	ret->ms = 0;
}

static void
undecided_point(const struct v6d_report *r, const struct v6d_undecided *u,
    struct v6d_point *ret)
{
	struct v6d_text t = v6d_text_to(ret->name, sizeof(ret->name));
	struct v6d_text w = words_of(r, ret);

	v6d_text_add(&t, "cause undecided");
	v6d_text_say(&w, "one of ");
	for (unsigned i = 0; i < u->n; i++)
		v6d_text_add(
		    &w, "%s%s", i ? ", " : "", v6d_cause_name(u->between[i]));
	ret->outcome = V6D_OUTCOME_FAIL;
	ret->ms = 0;
}

static void
unexplained_point(const struct v6d_report *r, struct v6d_point *ret)
{
	const struct v6d_diagnosis *d = r->diagnosis;
	struct v6d_text t = v6d_text_to(ret->name, sizeof(ret->name));
	struct v6d_text w = words_of(r, ret);

	v6d_text_add(&t, "cause unknown");
	for (unsigned i = 0; i < d->n_unexplained; i++) {
		v6d_text_add(&w, "%s", i ? "; " : "");
		v6d_say_symptom(&w, &d->symptoms, d->unexplained[i]);
	}
	ret->outcome = V6D_OUTCOME_FAIL;
	ret->ms = 0;
}

bool
v6d_render_point(const struct v6d_report *r, size_t i, struct v6d_point *ret)
{
	const struct v6d_diagnosis *d = r->diagnosis;
	size_t n = r->n_checks ? r->n_checks : V6D_N_STAGES;

	if (i < n && r->n_checks)
		check_point(r, &r->checks[i], ret);
	else if (i < n)
		stage_point(r, (enum v6d_stage)i, ret);
	else if ((i -= n) < d->n)
		finding_point(r, &d->findings[i], ret);
	else if ((i -= d->n) < d->n_undecided)
		undecided_point(r, &d->undecided[i], ret);
	else if (i == d->n_undecided && d->n_unexplained > 0)
		unexplained_point(r, ret);
	else
		return false;
	return true;
}

/* ---- escapes ---- */

void
v6d_render_xml(struct v6d_text *t, const char *s)
{
	for (; *s; s++)
		switch (*s) {
		case '&':
			v6d_text_add(t, "&amp;");
			break;
		case '<':
			v6d_text_add(t, "&lt;");
			break;
		case '>':
			v6d_text_add(t, "&gt;");
			break;
		case '"':
			v6d_text_add(t, "&quot;");
			break;
		case '\'':
			v6d_text_add(t, "&#39;");
			break;
		default:
			/* XML 1.0 2.2: no control characters but these. */
			v6d_text_add(t, "%c",
			    (unsigned char)*s < 0x20 && *s != '\n' && *s != '\t'
				? '?'
				: *s);
		}
}

void
v6d_render_label(struct v6d_text *t, const char *s)
{
	v6d_text_add(t, "\"");
	for (; *s; s++)
		if (*s == '\n')
			v6d_text_add(t, "\\n");
		else
			v6d_text_add(
			    t, "%s%c", *s == '\\' || *s == '"' ? "\\" : "", *s);
	v6d_text_add(t, "\"");
}
