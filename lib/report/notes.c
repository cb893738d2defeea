/* SPDX-License-Identifier: GPL-2.0-or-later */
/* notes.c - findings, hypotheses and next tests of a text: terminal, JSON. */
#include "report/notes.h"

#include <string.h>

#include "base/wire.h"

static const struct {
	const char *grade;
	enum v6d_ink ink;
} grades[] = {
	{ N_("critical"), V6D_INK_BAD },
	{ N_("high"), V6D_INK_BAD },
	{ N_("medium"), V6D_INK_WARN },
	{ N_("low"), V6D_INK_WARN },
	{ N_("info"), V6D_INK_PLAIN },
	{ N_("good"), V6D_INK_GOOD },
};

static void
draw_note(
    struct v6d_paint *p, const struct v6d_report_note *n, enum v6d_ink ink)
{
	char buf[1280];
	struct v6d_text t = v6d_text_like(&p->t, buf, sizeof(buf));
	char cell[32];
	struct v6d_text c = v6d_text_like(&p->t, cell, sizeof(cell));

	v6d_text_retell(&t, n->text);
	v6d_text_add(&t, " [%s] (%s)", n->name, n->where);
	v6d_text_pad(&c, v6d_lang_get(c.lang, n->grade), 8);
	v6d_text_add(&p->t, "  ");
	v6d_paint_add(p, ink, cell);
	v6d_text_add(&p->t, " ");
	v6d_paint_wrap(p, 11, 11, buf);
}

static void
draw_notes(struct v6d_paint *p, const struct v6d_report *r)
{
	if (r->n_notes == 0)
		return;
	v6d_paint_head(p, N_("FINDINGS"));
	for (size_t g = 0; g < V6D_ARRAY_LEN(grades); g++)
		for (size_t i = 0; i < r->n_notes; i++)
			if (strcmp(r->notes[i].grade, grades[g].grade) == 0)
				draw_note(p, &r->notes[i], grades[g].ink);
}

static void
draw_guesses(struct v6d_paint *p, const struct v6d_report *r)
{
	unsigned n = 0;

	if (r->n_guesses == 0)
		return;
	v6d_paint_head(p, N_("HYPOTHESES, the likeliest first"));
	for (size_t i = 0; i < r->n_guesses; i++) {
		const struct v6d_report_guess *g = &r->guesses[i];
		bool out = strcmp(g->standing, "refuted") == 0;
		char buf[1024];
		struct v6d_text t = v6d_text_like(&p->t, buf, sizeof(buf));

		v6d_text_retell(&t, g->text);
		v6d_text_add(&t, " [%s]%s", g->name, g->why[0] ? ": " : "");
		v6d_text_retell(&t, g->why);
		if (out)
			v6d_text_say(&p->t, "  out ");
		else
			v6d_text_add(&p->t, "  %2u. ", ++n);
		v6d_paint_wrap(p, 6, 6, buf);
	}
}

static void
draw_tests(struct v6d_paint *p, const struct v6d_report *r)
{
	if (r->n_tests == 0)
		return;
	v6d_paint_head(p, N_("NEXT"));
	for (size_t i = 0; i < r->n_tests; i++) {
		v6d_text_add(&p->t, "  %2zu. ", i + 1);
		v6d_paint_say(p, 6, 6, r->tests[i].text);
	}
}

void
v6d_notes_draw(struct v6d_paint *p, const struct v6d_report *r)
{
	draw_notes(p, r);
	draw_guesses(p, r);
	draw_tests(p, r);
}

/* ---- JSON ---- */

/* Text of a stranger: what is no UTF-8 is replaced. */
static json_t *
string(const char *s)
{
	json_t *j = json_string(s);
	char clean[640];
	struct v6d_text t = v6d_text_to(clean, sizeof(clean));

	if (j)
		return j;
	v6d_text_add_foreign(&t, (const uint8_t *)s, strlen(s));
	return json_string(clean);
}

/* An English sentence, in the document's language. */
static json_t *
retold(const struct v6d_report *r, const char *sentence)
{
	char buf[1280];
	struct v6d_text t = v6d_text_to(buf, sizeof(buf));

	t.lang = r->lang;
	v6d_text_retell(&t, sentence);
	return string(buf);
}

void
v6d_notes_json(json_t *o, const struct v6d_report *r)
{
	json_t *notes = json_array(), *guesses = json_array();
	json_t *tests = json_array();

	for (size_t i = 0; i < r->n_notes; i++) {
		json_t *n = json_object();

		json_object_set_new(n, "finding", string(r->notes[i].name));
		json_object_set_new(n, "grade", string(r->notes[i].grade));
		json_object_set_new(n, "text", retold(r, r->notes[i].text));
		json_object_set_new(n, "source", string(r->notes[i].where));
		json_array_append_new(notes, n);
	}
	for (size_t i = 0; i < r->n_guesses; i++) {
		json_t *g = json_object();

		json_object_set_new(
		    g, "hypothesis", string(r->guesses[i].name));
		json_object_set_new(
		    g, "standing", string(r->guesses[i].standing));
		json_object_set_new(g, "text", retold(r, r->guesses[i].text));
		json_object_set_new(g, "why", retold(r, r->guesses[i].why));
		json_array_append_new(guesses, g);
	}
	for (size_t i = 0; i < r->n_tests; i++) {
		json_t *t = json_object();

		json_object_set_new(t, "test", string(r->tests[i].name));
		json_object_set_new(t, "text", retold(r, r->tests[i].text));
		json_array_append_new(tests, t);
	}
	json_object_set_new(o, "findings", notes);
	json_object_set_new(o, "hypotheses", guesses);
	json_object_set_new(o, "next", tests);
}
