/* SPDX-License-Identifier: GPL-2.0-or-later */
/* changes.c - what is otherwise in a run than in the one before. */
#include "report/changes.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "report/page.h"
#include "report/say.h"

/* ---- one run ---- */

/* Room for a thing's sentence, or NULL: there are too many. */
static struct v6d_seen_thing *
add(struct v6d_seen *s, enum v6d_seen_kind kind, const char *name,
    const char *word)
{
	struct v6d_seen_thing *g;
	struct v6d_text t;

	if (s->n == V6D_SEEN_THINGS)
		return NULL;
	g = &s->things[s->n++];
	g->kind = kind;
	t = v6d_text_to(g->name, sizeof(g->name));
	v6d_text_add(&t, "%s", name);
	t = v6d_text_to(g->word, sizeof(g->word));
	v6d_text_add(&t, "%s", word);
	g->text[0] = '\0';
	return g;
}

static struct v6d_text
text_of(struct v6d_seen_thing *g, const struct v6d_lang *lang)
{
	struct v6d_text t = v6d_text_to(g->text, sizeof(g->text));

	t.lang = lang;
	return t;
}

static const struct v6d_seen_thing *
find(const struct v6d_seen *s, enum v6d_seen_kind kind, const char *name)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->things[i].kind == kind &&
		    strcmp(s->things[i].name, name) == 0)
			return &s->things[i];
	return NULL;
}

static void
take_check(struct v6d_seen *s, const struct v6d_check *c,
    const struct v6d_lang *lang, const struct v6d_seen *before)
{
	bool skipped = strcmp(c->status, "skipped") == 0;
	const struct v6d_seen_thing *old =
	    skipped ? find(before, V6D_SEEN_CHECK, c->probe) : NULL;
	struct v6d_seen_thing *g =
	    add(s, V6D_SEEN_CHECK, c->probe, old ? old->word : c->status);
	struct v6d_text t;

	if (!g)
		return;
	t = text_of(g, lang);
	v6d_text_retell(&t, c->summary);
}

static void
take_cause(struct v6d_seen *s, enum v6d_cause c, const struct v6d_finding *f,
    const struct v6d_lang *lang)
{
	struct v6d_seen_thing *g = add(s, V6D_SEEN_CAUSE, v6d_cause_name(c),
	    f ? v6d_certainty_name(f->certainty) : "undecided");
	struct v6d_text t;

	if (!g)
		return;
	t = text_of(g, lang);
	v6d_page_title(c, f, &t);
}

void
v6d_seen_take(const struct v6d_report *r, const struct v6d_seen *before,
    struct v6d_seen *ret)
{
	const struct v6d_diagnosis *d = r->diagnosis;
	struct v6d_seen_thing *verdict;
	struct v6d_text t;

	ret->n = 0;
	ret->run = before->run + 1;
	ret->started_unix_ms = r->started_unix_ms;
	verdict = add(ret, V6D_SEEN_VERDICT, "", v6d_verdict_name(d->verdict));
	t = text_of(verdict, r->lang);
	v6d_say_verdict(&t, d);
	add(ret, V6D_SEEN_CODE, "", d->code);
	for (size_t i = 0; i < r->n_checks; i++)
		take_check(ret, &r->checks[i], r->lang, before);
	for (unsigned i = 0; i < d->n; i++)
		if (d->findings[i].severity > V6D_SEV_ADVICE)
			take_cause(ret, d->findings[i].cause, &d->findings[i],
			    r->lang);
	for (unsigned i = 0; i < d->n_undecided; i++)
		for (unsigned j = 0; j < d->undecided[i].n; j++)
			if (!find(ret, V6D_SEEN_CAUSE,
				v6d_cause_name(d->undecided[i].between[j])))
				take_cause(ret, d->undecided[i].between[j],
				    NULL, r->lang);
}

/* ---- two runs ---- */

struct change {
	const struct v6d_seen_thing *before, *now; /* NULL: not there */
};

static bool
differ(const struct change *c)
{
	if (!c->before || !c->now)
		return c->before != c->now;
	/* that it could be looked at this time, and all is well, is no news */
	if (strcmp(c->before->word, "skipped") == 0 &&
	    strcmp(c->now->word, "pass") == 0)
		return false;
	return strcmp(c->before->word, c->now->word) != 0;
}

/* Change i, in the order of the run, then what is gone. False: no more. */
static bool
next(const struct v6d_seen *before, const struct v6d_seen *now, size_t *i,
    struct change *ret)
{
	while (*i < now->n + before->n) {
		size_t at = (*i)++;
		bool gone = at >= now->n;
		const struct v6d_seen_thing *g =
		    gone ? &before->things[at - now->n] : &now->things[at];

		ret->now = gone ? NULL : g;
		ret->before = gone ? g : find(before, g->kind, g->name);
		if (gone && find(now, g->kind, g->name))
			continue;
		if (differ(ret))
			return true;
	}
	return false;
}

bool
v6d_seen_changed(const struct v6d_seen *before, const struct v6d_seen *now)
{
	struct change c;
	size_t i = 0;

	return before->run > 0 && next(before, now, &i, &c);
}

/* ---- for people ---- */

static void
head(struct v6d_text *t, const struct v6d_seen *before,
    const struct v6d_seen *now)
{
	const struct v6d_seen_thing *was = find(before, V6D_SEEN_VERDICT, "");
	const struct v6d_seen_thing *is = find(now, V6D_SEEN_VERDICT, "");
	const struct v6d_seen_thing *code = find(now, V6D_SEEN_CODE, "");
	const char *word = v6d_lang_get(t->lang, is->word);

	v6d_say_time(t, now->started_unix_ms);
	v6d_text_add(t, "  ");
	if (strcmp(was->word, is->word) == 0)
		v6d_text_say(t, "run %u: still %s (%s). %s", now->run, word,
		    code->word, is->text);
	else
		v6d_text_say(t, "run %u: %s -> %s (%s). %s", now->run,
		    v6d_lang_get(t->lang, was->word), word, code->word,
		    is->text);
	v6d_text_add(t, "\n");
}

static void
line(struct v6d_text *t, const struct change *c)
{
	const struct v6d_seen_thing *g = c->now ? c->now : c->before;

	v6d_text_add(t, "  ");
	if (g->kind == V6D_SEEN_CHECK)
		v6d_text_say(t, "check %s: ", g->name);
	else
		v6d_text_say(t, "cause %s: ", g->name);
	if (!c->now)
		v6d_text_say(t, "gone");
	else if (!c->before)
		v6d_text_say(
		    t, "new, %s: %s", v6d_lang_get(t->lang, g->word), g->text);
	else
		v6d_text_add(t, "%s -> %s: %s",
		    v6d_lang_get(t->lang, c->before->word),
		    v6d_lang_get(t->lang, g->word), g->text);
	v6d_text_add(t, "\n");
}

void
v6d_seen_text(struct v6d_text *t, const struct v6d_seen *before,
    const struct v6d_seen *now)
{
	struct change c;
	size_t i = 0;

	head(t, before, now);
	while (next(before, now, &i, &c)) {
		const struct v6d_seen_thing *g = c.now ? c.now : c.before;

		if (g->kind == V6D_SEEN_CHECK || g->kind == V6D_SEEN_CAUSE)
			line(t, &c);
	}
}

/* ---- for machines ---- */

static json_t *
string_or_null(const char *s)
{
	json_t *j = s ? json_string(s) : NULL;

	return j ? j : json_null();
}

static json_t *
change(const struct change *c)
{
	static const char *const kinds[] = { [V6D_SEEN_VERDICT] = "verdict",
		[V6D_SEEN_CODE] = "code",
		[V6D_SEEN_CHECK] = "check",
		[V6D_SEEN_CAUSE] = "cause" };
	const struct v6d_seen_thing *g = c->now ? c->now : c->before;
	json_t *o = json_object();

	json_object_set_new(o, "what", json_string(kinds[g->kind]));
	json_object_set_new(o, "name", string_or_null(g->name));
	json_object_set_new(
	    o, "before", string_or_null(c->before ? c->before->word : NULL));
	json_object_set_new(
	    o, "after", string_or_null(c->now ? c->now->word : NULL));
	json_object_set_new(o, "text", string_or_null(g->text));
	return o;
}

char *
v6d_seen_jsonl(const struct v6d_seen *before, const struct v6d_seen *now)
{
	json_t *o = json_object(), *changes = json_array();
	char started[32], *text;
	struct v6d_text t = v6d_text_to(started, sizeof(started));
	struct change c;
	size_t i = 0;

	v6d_say_time(&t, now->started_unix_ms);
	json_object_set_new(o, "type", json_string("change"));
	json_object_set_new(o, "run", json_integer(now->run));
	json_object_set_new(o, "started", json_string(started));
	json_object_set_new(o, "verdict",
	    string_or_null(find(now, V6D_SEEN_VERDICT, "")->word));
	json_object_set_new(
	    o, "code", string_or_null(find(now, V6D_SEEN_CODE, "")->word));
	while (next(before, now, &i, &c))
		json_array_append_new(changes, change(&c));
	json_object_set_new(o, "changes", changes);
	text = json_dumps(o, JSON_COMPACT | JSON_PRESERVE_ORDER);
	json_decref(o);
	return text;
}
