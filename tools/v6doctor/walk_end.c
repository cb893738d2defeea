/* SPDX-License-Identifier: GPL-2.0-or-later */
/* walk_end.c - the end of a walk as a text: cause, remedy, whom to tell. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/wire.h"
#include "report/page.h"
#include "report/paint.h"
#include "report/render.h"
#include "report/say.h"
#include "say.h"
#include "tongue.h"
#include "walk_talk.h"

#define STILL_NAMED 5 /* steps that would tell more */
#define OPEN_NAMED 6 /* causes that are named where several are left */

static void
line(struct v6d_paint *p, const char *s)
{
	v6d_text_add(&p->t, "  ");
	v6d_paint_wrap(p, 2, 2, s);
}

/* An English sentence that was finished elsewhere. */
static void
retold(struct v6d_paint *p, const char *sentence)
{
	char text[1280];
	struct v6d_text t = v6d_tongue_text(text, sizeof(text));

	v6d_text_retell(&t, sentence);
	line(p, text);
}

static void
word(struct v6d_paint *p, enum v6d_walk_word w)
{
	line(p, v6d_walk_word(w));
}

static void
head(struct v6d_paint *p, enum v6d_walk_word w)
{
	v6d_paint_head(p, v6d_walk_word(w));
}

/* The finding of that cause, with its numbers; NULL where facts lack it. */
static const struct v6d_finding *
finding_of(const struct v6d_case *c, enum v6d_cause cause)
{
	const struct v6d_diagnosis *d = v6d_case_diagnosis(c);

	for (unsigned i = 0; d && i < d->n; i++)
		if (d->findings[i].cause == cause)
			return &d->findings[i];
	return NULL;
}

/* "G3-1454", as it is read over the telephone. */
static const char *
code_of(const struct v6d_case *c, enum v6d_cause one, char *buf, size_t n)
{
	const struct v6d_finding *f = finding_of(c, one);
	struct v6d_text t = v6d_tongue_text(buf, n);

	v6d_text_add(&t, "%s", v6d_cause_code(one));
	if (f && f->value_name && f->value >= 0)
		v6d_text_add(&t, "-%lld", (long long)f->value);
	return buf;
}

static void
name_cause(struct v6d_text *t, const struct v6d_case *c, enum v6d_cause one)
{
	char code[32];

	v6d_page_title(one, finding_of(c, one), t);
	v6d_text_say(t, " (%s, code %s)", v6d_cause_name(one),
	    code_of(c, one, code, sizeof(code)));
}

static void
cause(struct v6d_paint *p, const struct v6d_case *c, enum v6d_cause one)
{
	char title[V6D_PAGE_TITLE + 64];
	struct v6d_text t = v6d_tongue_text(title, sizeof(title));

	name_cause(&t, c, one);
	line(p, title);
}

/* One of several, with its chance in a word before it. */
static void
candidate(struct v6d_paint *p, const struct v6d_case *c,
    const struct v6d_walk_left *left)
{
	char title[V6D_PAGE_TITLE + 64];
	struct v6d_text t = v6d_tongue_text(title, sizeof(title));
	enum v6d_walk_word w = left->permille >= 500   ? V6D_SAY_CHANCE_LIKELY
			       : left->permille >= 150 ? V6D_SAY_CHANCE_POSSIBLE
						       : V6D_SAY_CHANCE_HARDLY;

	name_cause(&t, c, left->cause);
	v6d_text_add(&p->t, "  ");
	v6d_text_pad(&p->t, v6d_walk_word(w), 10);
	v6d_paint_wrap(p, 12, 12, title);
}

static enum v6d_walk_word
head_of(enum v6d_walk_end end)
{
	switch (end) {
	case V6D_WALK_SURE:
		return V6D_SAY_END_SURE;
	case V6D_WALK_LIKELY:
		return V6D_SAY_END_LIKELY;
	case V6D_WALK_WELL:
		return V6D_SAY_END_WELL;
	case V6D_WALK_AT_ODDS:
		return V6D_SAY_END_ODDS;
	case V6D_WALK_ALIKE:
		return V6D_SAY_END_ALIKE;
	case V6D_WALK_OPEN:
	case V6D_WALK_ON:
		break;
	}
	return V6D_SAY_END_OPEN;
}

/* Those of the list that the same thing helps against, or all. */
static void
candidates(struct v6d_paint *p, const struct v6d_case *c)
{
	const struct v6d_walk_state *s = &c->state;
	unsigned n = 0;

	for (unsigned i = 0; i < s->n_left && n < OPEN_NAMED; i++) {
		if (s->end == V6D_WALK_ALIKE &&
		    v6d_walk_cure_of(s->left[i].cause) != s->cure)
			continue;
		candidate(p, c, &s->left[i]);
		n++;
	}
}

static void
verdict(struct v6d_paint *p, const struct v6d_case *c)
{
	const struct v6d_walk_state *s = &c->state;

	head(p, head_of(s->end));
	switch (s->end) {
	case V6D_WALK_SURE:
		cause(p, c, s->left[0].cause);
		word(p, V6D_SAY_SAY_SURE);
		return;
	case V6D_WALK_LIKELY:
		cause(p, c, s->left[0].cause);
		word(p, finding_of(c, s->left[0].cause)
			    ? V6D_SAY_SAY_LIKELY_SEEN
			: c->have_judgement ? V6D_SAY_SAY_LIKELY_BOTH
					    : V6D_SAY_SAY_LIKELY_TOLD);
		return;
	case V6D_WALK_WELL:
		word(p, V6D_SAY_SAY_WELL);
		return;
	case V6D_WALK_AT_ODDS:
		word(p, V6D_SAY_SAY_ODDS);
		return;
	case V6D_WALK_ALIKE:
		word(p, V6D_SAY_SAY_ALIKE);
		candidates(p, c);
		return;
	case V6D_WALK_OPEN:
	case V6D_WALK_ON:
		if (s->family_permille >= 500)
			line(p, _(v6d_walk_family_text(s->family)));
		word(p, V6D_SAY_SAY_OPEN);
		candidates(p, c);
		return;
	}
}

/* Other findings beside the first: a full table, say. */
static void
also(struct v6d_paint *p, const struct v6d_case *c)
{
	const struct v6d_diagnosis *d = v6d_case_diagnosis(c);
	bool any = false;

	for (unsigned i = 0; d && i < d->n; i++) {
		enum v6d_cause one = d->findings[i].cause;

		if (d->findings[i].severity == V6D_SEV_ADVICE ||
		    (c->state.n_left > 0 && one == c->state.left[0].cause))
			continue;
		if (!any)
			head(p, V6D_SAY_ALSO);
		any = true;
		cause(p, c, one);
	}
	if (any)
		word(p, V6D_SAY_ALSO_HOW);
}

static void
seen(struct v6d_paint *p, const struct v6d_diagnosis *d,
    const enum v6d_symptom *list, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		char text[768];
		struct v6d_text t = v6d_tongue_text(text, sizeof(text));

		v6d_say_symptom(&t, &d->symptoms, list[i]);
		line(p, text);
	}
}

/* How large a full packet of the tunnel is outside, by the text. */
static void
arithmetic(struct v6d_paint *p, const struct v6d_case *c)
{
	for (unsigned i = 0; c->text && i < c->text->notes.n; i++)
		if (c->text->notes.note[i].id == V6D_NOTE_MTU_ARITHMETIC)
			retold(p, c->text->notes.note[i].text);
}

/* What speaks for it: of its finding, else of what was left undecided. */
static void
evidence(struct v6d_paint *p, const struct v6d_case *c)
{
	const struct v6d_diagnosis *d = v6d_case_diagnosis(c);
	const struct v6d_finding *f =
	    c->state.n_left > 0 ? finding_of(c, c->state.left[0].cause) : NULL;

	if (!d || (!f && d->n_undecided == 0))
		return;
	head(p, V6D_SAY_EVIDENCE);
	arithmetic(p, c);
	if (f) {
		seen(p, d, f->evidence, f->n_evidence);
		seen(p, d, f->consequences, f->n_consequences);
	} else {
		seen(
		    p, d, d->undecided[0].evidence, d->undecided[0].n_evidence);
	}
}

static const char *
label_of(const struct v6d_walk_said *said)
{
	const char *label;
	char key;

	for (unsigned i = 0; (key = v6d_walk_answer(said->step, i, &label));
	     i++)
		if (key == said->key)
			return _(label);
	switch (said->key) {
	case V6D_WALK_DONT_KNOW:
		return v6d_walk_word(V6D_SAY_DONT_KNOW);
	case V6D_WALK_CANNOT:
		return v6d_walk_word(V6D_SAY_CANNOT);
	case V6D_WALK_SKIP:
		return v6d_walk_word(V6D_SAY_SKIPPED);
	}
	return v6d_walk_word(V6D_SAY_GIVEN);
}

static void
answers(struct v6d_paint *p, const struct v6d_case *c)
{
	bool any = false;

	for (unsigned i = 0; i < c->walk.n_said; i++) {
		const struct v6d_walk_said *said = &c->walk.said[i];

		if (said->key == V6D_WALK_FIRST)
			continue;
		if (!any)
			head(p, V6D_SAY_ANSWERED);
		any = true;
		v6d_text_add(&p->t, "  %-16s ", v6d_walk_step_name(said->step));
		v6d_paint_wrap(p, 19, 19, label_of(said));
	}
}

static void
remedies(struct v6d_paint *p, const struct v6d_case *c)
{
	const struct v6d_walk_state *s = &c->state;
	enum v6d_cause one = s->left[0].cause;
	const char *page = v6d_page_of(one, v6d_tongue);

	if (s->end == V6D_WALK_ALIKE) {
		head(p, V6D_SAY_TO_DO);
		line(p, _(v6d_walk_cure_text(s->cure)));
	}
	head(p, s->end == V6D_WALK_OPEN || s->end == V6D_WALK_ON
		    ? V6D_SAY_TO_DO_OPEN
		: s->end == V6D_WALK_ALIKE ? V6D_SAY_TO_DO_AFTER
					   : V6D_SAY_TO_DO);
	for (unsigned i = 0; page; i++) {
		char item[V6D_PAGE_ITEM];
		struct v6d_text t = v6d_tongue_text(item, sizeof(item));

		if (!v6d_page_remedy(page, i, finding_of(c, one), &t))
			return;
		v6d_text_add(&p->t, "  %u ", i + 1);
		v6d_paint_wrap(p, 4, 4, item);
	}
}

/* ---- where, and whom to tell ---- */

static const struct {
	unsigned place;
	enum v6d_walk_word where;
} places[] = {
	{ V6D_AT_HOST, V6D_SAY_WHERE_HOST },
	{ V6D_AT_LAN, V6D_SAY_WHERE_LAN },
	{ V6D_AT_ROUTER, V6D_SAY_WHERE_ROUTER },
	{ V6D_AT_LINE, V6D_SAY_WHERE_LINE },
	{ V6D_AT_SERVER, V6D_SAY_WHERE_SERVER },
	{ V6D_AT_BEYOND, V6D_SAY_WHERE_BEYOND },
};

static const struct {
	unsigned place;
	enum v6d_walk_word to, text;
} messages[] = {
	{ V6D_AT_ROUTER, V6D_SAY_MESSAGE_ROUTER, V6D_SAY_TEXT_ROUTER },
	{ V6D_AT_LINE, V6D_SAY_MESSAGE_LINE, V6D_SAY_TEXT_LINE },
	{ V6D_AT_SERVER, V6D_SAY_MESSAGE_SERVER, V6D_SAY_TEXT_SERVER },
};

static unsigned
places_of(const struct v6d_walk_state *s)
{
	unsigned at = v6d_walk_places(s->left[0].cause) & s->places;

	return at ? at : v6d_walk_places(s->left[0].cause);
}

static void
where(struct v6d_paint *p, const struct v6d_walk_state *s)
{
	unsigned at = places_of(s);

	head(p, V6D_SAY_WHERE);
	word(p, (at & (at - 1)) == 0 ? V6D_SAY_WHERE_ONE : V6D_SAY_WHERE_OPEN);
	for (size_t i = 0; i < V6D_ARRAY_LEN(places); i++)
		if (at & places[i].place) {
			v6d_text_add(&p->t, "  - ");
			v6d_paint_wrap(p, 4, 4, v6d_walk_word(places[i].where));
		}
}

static bool
is_hint(const struct v6d_case *c, enum v6d_walk_step step)
{
	for (unsigned i = 0; i < c->walk.n_hints; i++)
		if (c->walk.hints[i] == step)
			return true;
	return false;
}

static void
still(struct v6d_paint *p, const struct v6d_case *c)
{
	enum v6d_walk_step steps[V6D_N_STEPS];
	unsigned n = v6d_walk_useful(&c->walk, &c->state, steps), shown = 0;

	if (n > 0)
		head(p, V6D_SAY_STILL);
	/* what the text itself suggests stands before the rest */
	for (int hinted = 1; hinted >= 0; hinted--)
		for (unsigned i = 0; i < n && shown < STILL_NAMED; i++) {
			if (is_hint(c, steps[i]) != (hinted == 1))
				continue;
			v6d_text_add(&p->t, "  %u ", ++shown);
			v6d_paint_say(p, 4, 4, v6d_walk_step_text(steps[i]));
		}
}

/* The page's own words on whom to tell, on one line. */
static void
whom_by_page(struct v6d_paint *p, enum v6d_cause one)
{
	const char *page = v6d_page_of(one, v6d_tongue), *s;
	char text[1200];
	struct v6d_text t = v6d_tongue_text(text, sizeof(text));
	size_t n = 0;

	s = page ? v6d_page_section(page, _("Whom to tell"), &n) : NULL;
	if (!s)
		return;
	v6d_page_fill(&t, s, n, NULL);
	line(p, text);
}

static void
whom(struct v6d_paint *p, const struct v6d_case *c)
{
	enum v6d_cause one = c->state.left[0].cause;
	char title[V6D_PAGE_TITLE], text[2048], code[32];
	struct v6d_text t = v6d_tongue_text(title, sizeof(title)), m;
	unsigned at = places_of(&c->state);

	v6d_page_title(one, finding_of(c, one), &t);
	head(p, V6D_SAY_WHOM);
	whom_by_page(p, one);
	/* what is between computer and router is nobody else's */
	if (v6d_cause_layer(one) == V6D_LAYER_LINK)
		return;
	for (size_t i = 0; i < V6D_ARRAY_LEN(messages); i++) {
		if (!(at & messages[i].place))
			continue;
		word(p, messages[i].to);
		m = v6d_tongue_text(text, sizeof(text));
		v6d_walk_word_add(&m, messages[i].text, title,
		    code_of(c, one, code, sizeof(code)));
		if (v6d_case_report(c))
			v6d_text_add(
			    &m, " %s", v6d_walk_word(V6D_SAY_TEXT_ATTACHED));
		v6d_text_add(&p->t, "    ");
		v6d_paint_wrap(p, 4, 4, text);
	}
}

/* The last lines of the screen: the cause, and what to do first. */
static void
in_short(struct v6d_paint *p, const struct v6d_case *c)
{
	enum v6d_cause one = c->state.left[0].cause;
	const char *page = v6d_page_of(one, v6d_tongue);
	char item[V6D_PAGE_ITEM];
	struct v6d_text t = v6d_tongue_text(item, sizeof(item));

	head(p, V6D_SAY_HEAD_SHORT);
	if (c->state.end == V6D_WALK_ALIKE) {
		line(p, _(v6d_walk_family_text(c->state.family)));
		line(p, _(v6d_walk_cure_text(c->state.cure)));
		return;
	}
	cause(p, c, one);
	if (page && v6d_page_remedy(page, 0, finding_of(c, one), &t))
		line(p, item);
}

char *
v6d_talk_end(const struct v6d_talk *t, const struct v6d_case *c)
{
	struct v6d_paint p = { .t = v6d_render_start(v6d_tongue),
		.color = t->color == V6D_COLOR_ALWAYS,
		.columns = v6d_say_columns() };
	enum v6d_walk_end end = c->state.end;
	bool named = end == V6D_WALK_SURE || end == V6D_WALK_LIKELY ||
		     end == V6D_WALK_ALIKE || end == V6D_WALK_OPEN ||
		     end == V6D_WALK_ON;

	if (!p.t.p)
		return NULL;
	verdict(&p, c);
	also(&p, c);
	evidence(&p, c);
	answers(&p, c);
	if (named && c->state.n_left > 0) {
		remedies(&p, c);
		where(&p, &c->state);
		still(&p, c);
		whom(&p, c);
	}
	if (end == V6D_WALK_SURE || end == V6D_WALK_LIKELY ||
	    end == V6D_WALK_ALIKE)
		in_short(&p, c);
	return v6d_render_end(&p.t);
}
