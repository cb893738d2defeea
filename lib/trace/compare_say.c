/* SPDX-License-Identifier: GPL-2.0-or-later */
/* compare_say.c - a comparison of two reports for people and for machines. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/lang.h"
#include "report/page.h"
#include "report/paint.h"
#include "report/say.h"
#include "report/since.h"
#include "trace/compare.h"

#define CEILING (64u * 1024u)
#define VALUE 160

/* ---- what may be concluded, in words ---- */

static void
list_changed(const struct v6d_comparison *c, struct v6d_text *t)
{
	unsigned n = 0;

	for (int i = 0; i < V6D_N_ASPECTS; i++) {
		const struct v6d_aspect_pair *p = &c->aspects[i];

		if (p->how != V6D_ASPECT_CHANGED || p->result)
			continue;
		v6d_text_add(t, "%s%s",
		    n == 0                  ? ""
		    : n + 1 == c->n_changed ? v6d_lang_get(t->lang, N_(" and "))
					    : v6d_lang_get(t->lang, N_(", ")),
		    v6d_lang_get(
			t->lang, v6d_aspect_words((enum v6d_aspect)i)));
		n++;
	}
}

static void
doubt(struct v6d_text *t)
{
	v6d_text_say(t, " One run each is one observation each: make both "
			"again before you build on it.");
}

static void
say_conclusion(const struct v6d_comparison *c, struct v6d_text *t)
{
	switch (c->conclusion) {
	case V6D_CONCLUDE_SAME:
		if (c->stayed.n > 0)
			v6d_text_say(t, "The cause is there both times: it "
					"does not lie in what changed.");
		else
			v6d_text_say(t, "Nothing is wrong in either.");
		return;
	case V6D_CONCLUDE_POINTED:
		v6d_text_say(t, "Only one thing changed that was looked at: ");
		list_changed(c, t);
		v6d_text_say(t, ". The cause lies there or behind it.");
		doubt(t);
		return;
	case V6D_CONCLUDE_NARROWED:
		v6d_text_say(t, "Together changed: ");
		list_changed(c, t);
		v6d_text_say(t, ". The cause is narrowed to these, not proven "
				"to be one of them: change one at a time.");
		doubt(t);
		return;
	case V6D_CONCLUDE_UNSEEN:
		v6d_text_say(t, "Nothing that was looked at changed around it: "
				"what made the difference was not looked at, "
				"or the fault comes and goes.");
		doubt(t);
		return;
	case V6D_CONCLUDE_OPEN:
		v6d_text_say(t, "One of the two could not tell whether there "
				"is a fault: nothing follows from the "
				"difference.");
		return;
	}
}

/* ---- an observation in words ---- */

static void
say_obs(const struct v6d_obs *o, struct v6d_text *t)
{
	if (!o) {
		v6d_text_say(t, "not observed");
		return;
	}
	v6d_text_add(t, "%s", v6d_state_name(o->state));
	if (o->word[0])
		v6d_text_add(t, ", %s", o->word);
	if (o->value != V6D_NO_VALUE)
		v6d_text_add(t, ", %lld%s%s", (long long)o->value,
		    v6d_fact_unit(o->fact)[0] ? " " : "",
		    v6d_lang_get(t->lang, v6d_fact_unit(o->fact)));
}

/* ---- for people ---- */

static void
line(struct v6d_paint *p, const char *left, const char *was, const char *is)
{
	char s[3 * VALUE];
	struct v6d_text t = v6d_text_like(&p->t, s, sizeof(s));
	const char *none = v6d_lang_get(t.lang, N_("(not said)"));

	v6d_text_add(
	    &t, "%s: %s -> %s", left, was[0] ? was : none, is[0] ? is : none);
	v6d_text_add(&p->t, "  ");
	v6d_paint_wrap(p, 2, 4, s);
}

static void
causes(struct v6d_paint *p, const char *left, const struct v6d_cause_list *l)
{
	char s[V6D_PAGE_TITLE + VALUE], title[V6D_PAGE_TITLE];

	for (unsigned i = 0; i < l->n; i++) {
		struct v6d_text t = v6d_text_like(&p->t, title, sizeof(title));
		struct v6d_text row = v6d_text_like(&p->t, s, sizeof(s));

		v6d_page_title(l->cause[i], NULL, &t);
		v6d_text_pad(&row, v6d_lang_get(row.lang, left), 6);
		v6d_text_add(
		    &row, "  %s (%s)", v6d_cause_name(l->cause[i]), title);
		v6d_text_add(&p->t, "  ");
		v6d_paint_wrap(p, 2, 10, s);
	}
}

/* What it was and is were said by compare.c, in English. */
static void
aspect(struct v6d_paint *p, const struct v6d_report_change *c)
{
	char s[3 * VALUE];
	struct v6d_text t = v6d_text_like(&p->t, s, sizeof(s));

	v6d_since_line(&t, c);
	v6d_text_add(&p->t, "  ");
	v6d_paint_wrap(p, 2, 4, s);
}

static void
aspects(struct v6d_paint *p, const struct v6d_comparison *c)
{
	char same[512];
	struct v6d_text t = v6d_text_to(same, sizeof(same));
	struct v6d_report_since changed;

	v6d_compare_since(c, &changed);
	v6d_paint_head(p, v6d_lang_get(p->t.lang, N_("AROUND IT")));
	for (unsigned i = 0; i < changed.n; i++)
		aspect(p, &changed.changes[i]);
	for (int i = 0; i < V6D_N_ASPECTS; i++) {
		const struct v6d_aspect_pair *a = &c->aspects[i];
		const char *words = v6d_lang_get(
		    p->t.lang, v6d_aspect_words((enum v6d_aspect)i));

		if (a->how == V6D_ASPECT_SAME)
			v6d_text_add(&t, "%s%s",
			    t.len ? v6d_lang_get(p->t.lang, N_(", ")) : "",
			    words);
	}
	if (t.len > 0) {
		v6d_text_say(&p->t, "  the same: ");
		v6d_paint_wrap(p, 12, 4, same);
	}
	if (c->was.pseudonyms || c->is.pseudonyms) {
		v6d_text_add(&p->t, "  ");
		v6d_paint_say(p, 2, 2,
		    "Addresses and names cannot be compared: a report holds "
		    "pseudonyms (--no-redact keeps the real ones).");
	}
}

static void
facts(struct v6d_paint *p, const struct v6d_comparison *c)
{
	if (c->n_facts > 0)
		v6d_paint_head(
		    p, v6d_lang_get(p->t.lang, N_("OBSERVED OTHERWISE")));
	for (unsigned i = 0; i < c->n_facts; i++) {
		const struct v6d_fact_pair *f = &c->facts[i];
		char was[VALUE], is[VALUE];
		struct v6d_text a = v6d_text_like(&p->t, was, sizeof(was));
		struct v6d_text b = v6d_text_like(&p->t, is, sizeof(is));

		say_obs(f->was, &a);
		say_obs(f->is, &b);
		line(p, v6d_fact_name(f->fact), was, is);
	}
	if (c->n_facts_dropped > 0)
		v6d_text_say(&p->t, "  and %u more\n", c->n_facts_dropped);
}

static void
verdict(struct v6d_paint *p, const char *when, const struct v6d_side *s)
{
	char text[512], started[40];
	struct v6d_text t = v6d_text_like(&p->t, text, sizeof(text));
	struct v6d_text at = v6d_text_to(started, sizeof(started));

	v6d_say_when(&at, s->report->started_unix_ms);
	v6d_text_pad(&t, v6d_lang_get(t.lang, when), 9);
	v6d_text_say(&t, "%s, code %s, of %s (%s)",
	    v6d_lang_get(
		t.lang, v6d_verdict_name(s->report->diagnosis->verdict)),
	    s->report->diagnosis->code, started, s->name);
	v6d_paint_wrap(p, 0, 10, text);
}

char *
v6d_compare_text(const struct v6d_comparison *c, enum v6d_color color,
    const struct v6d_lang *l, unsigned columns)
{
	struct v6d_paint p = { .t = v6d_text_to(malloc(CEILING), CEILING),
		.color = color == V6D_COLOR_ALWAYS,
		.columns = columns };
	char text[1024];
	struct v6d_text t = v6d_text_to(text, sizeof(text));

	p.t.lang = l;
	t.lang = l;
	if (!p.t.p)
		return NULL;
	verdict(&p, N_("before:"), &c->was);
	verdict(&p, N_("after:"), &c->is);
	v6d_paint_head(&p, v6d_lang_get(l, N_("CAUSES")));
	causes(&p, N_("gone"), &c->gone);
	causes(&p, N_("new"), &c->come);
	causes(&p, N_("stayed"), &c->stayed);
	if (c->gone.n + c->come.n + c->stayed.n == 0)
		v6d_text_say(&p.t, "  none in either\n");
	aspects(&p, c);
	facts(&p, c);
	v6d_paint_head(&p, v6d_lang_get(l, N_("WHAT FOLLOWS")));
	say_conclusion(c, &t);
	v6d_text_add(&p.t, "  ");
	v6d_paint_wrap(&p, 2, 2, text);
	return p.t.p;
}

/* ---- for machines ---- */

static json_t *
side(const struct v6d_side *s)
{
	char started[40];
	struct v6d_text t = v6d_text_to(started, sizeof(started));
	json_t *o = json_object();

	v6d_say_time(&t, s->report->started_unix_ms);
	json_object_set_new(o, "name", json_string(s->name));
	json_object_set_new(o, "started", json_string(started));
	json_object_set_new(o, "verdict",
	    json_string(v6d_verdict_name(s->report->diagnosis->verdict)));
	json_object_set_new(o, "code", json_string(s->report->diagnosis->code));
	json_object_set_new(o, "pseudonyms", json_boolean(s->pseudonyms));
	return o;
}

static json_t *
cause_names(const struct v6d_cause_list *l)
{
	json_t *a = json_array();

	for (unsigned i = 0; i < l->n; i++)
		json_array_append_new(
		    a, json_string(v6d_cause_name(l->cause[i])));
	return a;
}

static json_t *
text_or_null(const char *s)
{
	return s[0] ? json_string(s) : json_null();
}

static json_t *
aspect_list(const struct v6d_comparison *c)
{
	static const char *const how[] = { [V6D_ASPECT_UNKNOWN] = "unknown",
		[V6D_ASPECT_SAME] = "same",
		[V6D_ASPECT_CHANGED] = "changed" };
	json_t *a = json_array();

	for (int i = 0; i < V6D_N_ASPECTS; i++) {
		const struct v6d_aspect_pair *p = &c->aspects[i];
		json_t *o = json_object();

		json_object_set_new(o, "what",
		    json_string(v6d_aspect_name((enum v6d_aspect)i)));
		json_object_set_new(o, "how", json_string(how[p->how]));
		json_object_set_new(o, "before", text_or_null(p->was));
		json_object_set_new(o, "after", text_or_null(p->is));
		json_array_append_new(a, o);
	}
	return a;
}

static json_t *
obs(const struct v6d_obs *b)
{
	json_t *o;

	if (!b)
		return json_null();
	o = json_object();
	json_object_set_new(o, "subject", json_string(b->subject));
	json_object_set_new(o, "state", json_string(v6d_state_name(b->state)));
	json_object_set_new(o, "word", text_or_null(b->word));
	json_object_set_new(o, "value",
	    b->value == V6D_NO_VALUE ? json_null() : json_integer(b->value));
	return o;
}

static json_t *
fact_list(const struct v6d_comparison *c)
{
	json_t *a = json_array();

	for (unsigned i = 0; i < c->n_facts; i++) {
		const struct v6d_fact_pair *f = &c->facts[i];
		json_t *o = json_object();

		json_object_set_new(
		    o, "name", json_string(v6d_fact_name(f->fact)));
		json_object_set_new(
		    o, "unit", json_string(v6d_fact_unit(f->fact)));
		json_object_set_new(o, "before", obs(f->was));
		json_object_set_new(o, "after", obs(f->is));
		json_array_append_new(a, o);
	}
	return a;
}

char *
v6d_compare_json(const struct v6d_comparison *c, const struct v6d_lang *l)
{
	json_t *o = json_object(), *k = json_object();
	char text[1024], *ret;
	struct v6d_text t = v6d_text_to(text, sizeof(text));

	t.lang = l;
	say_conclusion(c, &t);
	json_object_set_new(o, "schema", json_string("v6doctor-compare/1"));
	json_object_set_new(o, "before", side(&c->was));
	json_object_set_new(o, "after", side(&c->is));
	json_object_set_new(k, "gone", cause_names(&c->gone));
	json_object_set_new(k, "new", cause_names(&c->come));
	json_object_set_new(k, "stayed", cause_names(&c->stayed));
	json_object_set_new(o, "causes", k);
	json_object_set_new(o, "around", aspect_list(c));
	json_object_set_new(o, "facts", fact_list(c));
	json_object_set_new(
	    o, "conclusion", json_string(v6d_conclusion_name(c->conclusion)));
	json_object_set_new(o, "text", json_string(text));
	ret = json_dumps(o, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
	json_decref(o);
	return ret;
}
