/* SPDX-License-Identifier: GPL-2.0-or-later */
/* explain.c - causes, probes, facts and telephone codes in words. */
#include "report/report.h"

#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/width.h"
#include "base/wire.h"
#include "diag/rules.h"
#include "probe/probe.h"
#include "report/codes.h"
#include "report/page.h"
#include "report/paint.h"
#include "report/render.h"
#include "report/say.h"

/* Verdicts have codes too. */
static const struct {
	const char *code, *text;
} verdict_codes[] = {
	{ "OK", N_("Every stage that could be looked at works.") },
	{ "U0",
	    N_("Undetermined: no fault showed, and not every stage could be "
	       "looked at. The report's last part says which and why.") },
	{ "U1",
	    N_("A fault shows that no cause of the catalogue explains. Save "
	       "the report (--json) and send it in: the catalogue should "
	       "know it.") },
};

static bool
same_letters(const char *a, const char *b)
{
	for (; *a && *b; a++, b++) {
		int d = *a - *b;

		if (d != 0 && d != 'a' - 'A' && d != 'A' - 'a')
			return false;
	}
	return *a == *b;
}

/* Past the front matter. */
static const char *
body(const char *page)
{
	const char *end;

	if (strncmp(page, "---\n", 4) != 0)
		return page;
	end = strstr(page + 4, "\n---\n");
	return end ? end + 5 : page;
}

/* "## Meaning" becomes MEANING; numbers not known become their words. */
static void
add_line(struct v6d_paint *p, const char *s, size_t n)
{
	if (strncmp(s, "## ", 3) != 0) {
		v6d_page_fill(&p->t, s, n, NULL);
		v6d_text_add(&p->t, "\n");
		return;
	}
	for (size_t i = 3; i < n; i++)
		v6d_text_add(&p->t, "%c",
		    s[i] >= 'a' && s[i] <= 'z' ? s[i] - 'a' + 'A' : s[i]);
	v6d_text_add(&p->t, "\n");
}

/* Lines that are one paragraph or item: up to an empty one, a heading, a row
 * of a table or the next item. */
static size_t
paragraph(const char *s)
{
	size_t n = strcspn(s, "\n");

	while (s[n] && s[n + 1] && !strchr("\n#|", s[n + 1]) &&
	       strspn(s + n + 1, "0123456789") == 0)
		n += 1 + strcspn(s + n + 1, "\n");
	return n;
}

/* A row of a table without what lines its cells up. */
static void
add_row(struct v6d_paint *p, const char *s, size_t n)
{
	char row[V6D_PAGE_ITEM];
	struct v6d_text t = v6d_text_like(&p->t, row, sizeof(row));

	if (n < 3 || s[1] == '-')
		return;
	v6d_page_fill(&t, s + 1, n - 2, NULL);
	v6d_paint_wrap(p, 0, 4, row);
}

/* The page's lines are broken for the usual width; these anew. */
static void
add_narrow(struct v6d_paint *p, const char *page)
{
	for (const char *s = body(page); *s;) {
		char filled[V6D_PAGE_ITEM * 2];
		struct v6d_text t =
		    v6d_text_like(&p->t, filled, sizeof(filled));
		size_t mark = strspn(s, "0123456789"), n;

		if (*s == '#' || *s == '|' || *s == '\n') {
			n = strcspn(s, "\n");
			if (*s == '|')
				add_row(p, s, n);
			else
				add_line(p, s, n);
		} else {
			n = paragraph(s);
			v6d_page_fill(&t, s, n, NULL);
			v6d_paint_wrap(p, 0, mark ? 3 : 0, filled);
		}
		s += n;
		s += *s == '\n';
	}
}

static unsigned
widest(const char *s)
{
	unsigned most = 0;

	while (*s) {
		size_t n = strcspn(s, "\n");
		unsigned columns = v6d_width_n(s, n);

		most = columns > most ? columns : most;
		s += n;
		s += *s == '\n';
	}
	return most;
}

static void
add_body(struct v6d_paint *p, const char *page)
{
	if (widest(body(page)) > v6d_paint_width(p) + 1) {
		add_narrow(p, page);
		return;
	}
	for (const char *s = body(page); *s;) {
		size_t n = strcspn(s, "\n");

		add_line(p, s, n);
		s += n;
		s += *s == '\n';
	}
}

/* ---- the abbreviations of a page ---- */

static const struct {
	const char *word, *text;
} glossary[] = {
#define TERM(word, text) { word, text },
#include "report/glossary.def"
#undef TERM
};

static bool
in_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9');
}

/* The word stands in s by itself: not "IP" in "PPTP", nor "MS-CHAP" in
 * "MS-CHAPv2". */
static bool
stands_in(const char *s, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = strstr(s, word); at; at = strstr(at + 1, word))
		if ((at == s || !in_word(at[-1])) && !in_word(at[n]))
			return true;
	return false;
}

static void
add_glossary(struct v6d_paint *p, const char *page)
{
	bool any = false;

	for (size_t i = 0; i < V6D_ARRAY_LEN(glossary); i++) {
		const char *word = glossary[i].word;

		if (!stands_in(body(page), word))
			continue;
		if (!any)
			v6d_text_say(&p->t, "\nWORDS\n");
		any = true;
		v6d_text_add(&p->t, "  %s: ", word);
		v6d_paint_say(
		    p, (unsigned)strlen(word) + 4, 4, glossary[i].text);
	}
}

/* An abbreviation by itself, as it is written: "gre" is the probe. */
static bool
add_term(struct v6d_paint *p, const char *what)
{
	for (size_t i = 0; i < V6D_ARRAY_LEN(glossary); i++)
		if (strcmp(glossary[i].word, what) == 0) {
			v6d_text_add(&p->t, "%s: ", what);
			v6d_paint_say(
			    p, (unsigned)strlen(what) + 2, 2, glossary[i].text);
			return true;
		}
	return false;
}

static void
add_cause(struct v6d_paint *p, enum v6d_cause c)
{
	const char *page = v6d_page_of(c, p->t.lang);
	char title[V6D_PAGE_TITLE];
	struct v6d_text t = v6d_text_like(&p->t, title, sizeof(title));

	v6d_page_title(c, NULL, &t);
	v6d_text_add(&p->t, "%s - ", v6d_cause_name(c));
	v6d_paint_wrap(p, (unsigned)strlen(v6d_cause_name(c)) + 3, 2, title);
	v6d_text_say(&p->t, "layer %s, code %s\n\n",
	    v6d_layer_name(v6d_cause_layer(c)), v6d_cause_code(c));
	if (!page)
		return;
	add_body(p, page);
	add_glossary(p, page);
}

/* "G3-1454", or several with slashes between; false when one is unknown. */
static bool
add_codes(struct v6d_paint *p, const char *what)
{
	bool first = true;

	while (*what) {
		size_t n = strcspn(what, "/");
		char one[16];
		struct v6d_text t = v6d_text_to(one, sizeof(one));
		enum v6d_cause c;

		v6d_text_add(&t, "%.*s", (int)n, what);
		if (!v6d_cause_by_code(one, &c))
			return false;
		v6d_text_add(&p->t, "%s", first ? "" : "\n");
		add_cause(p, c);
		first = false;
		what += n;
		what += *what == '/';
	}
	return !first;
}

static bool
add_verdict(struct v6d_paint *p, const char *what)
{
	for (size_t i = 0; i < V6D_ARRAY_LEN(verdict_codes); i++)
		if (same_letters(verdict_codes[i].code, what)) {
			v6d_paint_say(p, 0, 0, verdict_codes[i].text);
			return true;
		}
	return false;
}

static bool
add_probe(struct v6d_paint *p, const char *what)
{
	const char *page = v6d_page_find("probes", what, p->t.lang);
	const struct v6d_probe *probe = v6d_probe_by_name(what);
	char head[400];
	struct v6d_text t = v6d_text_like(&p->t, head, sizeof(head));

	if (!page && !probe)
		return false;
	v6d_text_say(&t, "%s - a probe", what);
	v6d_text_add(&t, "%s%s", probe ? ": " : "",
	    probe ? v6d_lang_get(p->t.lang, probe->question) : "");
	v6d_paint_wrap(p, 0, 2, head);
	if (page) {
		v6d_text_add(&p->t, "\n");
		add_body(p, page);
	}
	return true;
}

/* Causes one of whose own signs is this word of the symptom. */
static void
add_causes_of(struct v6d_paint *p, enum v6d_symptom sym, const char *word)
{
	struct v6d_symptoms s;
	char names[400] = "";
	struct v6d_text t = v6d_text_to(names, sizeof(names));

	memset(&s, 0, sizeof(s));
	memset(s.v, V6D_SYM_UNKNOWN, sizeof(s.v));
	s.v[sym] = v6d_symptom_value(sym, word);
	for (int i = 0; i < V6D_N_CAUSES; i++) {
		const struct v6d_term *k =
		    v6d_rule_of((enum v6d_cause)i)->shows;

		for (; k && k->words; k++)
			if (k->sym == sym && v6d_symptom_is(&s, sym, k->words))
				break;
		if (k && k->words)
			v6d_text_add(&t, "%s%s", t.len ? ", " : "",
			    v6d_cause_name((enum v6d_cause)i));
	}
	if (t.len == 0)
		return;
	v6d_text_say(&p->t, "    causes: ");
	v6d_paint_wrap(p, 12, 12, names);
}

/* What can be wrong with it, and what brings that about. */
static void
add_words(struct v6d_paint *p, enum v6d_symptom sym)
{
	int8_t n = v6d_symptom_n_words(sym);

	v6d_text_say(&p->t, "\nWHAT IT CAN BE\n  ok\n");
	for (int8_t v = 1; v <= n; v++) {
		const char *word = v6d_symptom_word(sym, v);
		const char *say = v6d_say_of(sym, word);
		char text[768];
		struct v6d_text t = v6d_text_like(&p->t, text, sizeof(text));

		say = say ? v6d_lang_get(t.lang, say) : NULL;
		v6d_page_fill(&t, say ? say : "", say ? strlen(say) : 0, NULL);
		v6d_text_add(&p->t, "  %s: ", word);
		v6d_paint_wrap(p, (unsigned)strlen(word) + 4, 4, text);
		add_causes_of(p, sym, word);
	}
	v6d_text_say(&p->t, "\nWHAT TO DO\n");
	v6d_paint_say(p, 0, 0,
	    "\"v6doctor explain\" with the name of a cause says what to do; "
	    "\"v6doctor run-all\" tells which of them it is.");
}

static bool
add_fact(struct v6d_paint *p, const char *what)
{
	enum v6d_fact f;

	if (!v6d_fact_by_name(what, &f))
		return false;
	v6d_text_say(&p->t, "%s - an observation\n\n", what);
	v6d_paint_say(p, 0, 0, v6d_fact_text(f));
	if (v6d_fact_unit(f)[0])
		v6d_text_say(&p->t, "Unit of its value: %s.\n",
		    v6d_lang_get(p->t.lang, v6d_fact_unit(f)));
	for (int i = 0; i < V6D_N_SYMPTOMS; i++)
		if (strcmp(v6d_symptom_name((enum v6d_symptom)i), what) == 0)
			add_words(p, (enum v6d_symptom)i);
	return true;
}

/* ---- numbers of other programs ---- */

static void
add_code(struct v6d_paint *p, const struct v6d_code *c)
{
	char head[240];
	struct v6d_text t = v6d_text_like(&p->t, head, sizeof(head));

	v6d_text_add(&t, "%s-%u - %s", v6d_group_name(c->group), c->number,
	    v6d_lang_get(t.lang, v6d_group_title(c->group)));
	v6d_paint_wrap(p, 0, 2, head);
	v6d_text_say(&p->t, "\nMEANING\n");
	v6d_paint_say(p, 0, 0, c->meaning);
	v6d_text_say(&p->t, "\nWHERE IT IS SEEN\n");
	v6d_paint_say(p, 0, 0, v6d_group_seen(c->group));
	v6d_text_say(&p->t, "\nWHAT TO DO\n");
	v6d_paint_say(p, 0, 0, c->todo);
	if (!c->causes[0])
		return;
	v6d_text_say(&p->t, "\nCAUSES THAT BRING IT ABOUT\n");
	for (const char *s = c->causes; *s;) {
		size_t n = strcspn(s, " ");

		v6d_text_add(&p->t, "  %.*s\n", (int)n, s);
		s += n;
		s += *s == ' ';
	}
}

static bool
add_numbers(struct v6d_paint *p, const char *what)
{
	enum v6d_code_group only = V6D_N_GROUPS;
	unsigned number;
	bool any, first = true;

	if (!v6d_code_parse(what, &only, &number, &any))
		return false;
	for (int g = 0; g < V6D_N_GROUPS; g++) {
		const struct v6d_code *c =
		    v6d_code_of((enum v6d_code_group)g, number);

		if (!c || (!any && only != (enum v6d_code_group)g))
			continue;
		v6d_text_add(&p->t, "%s", first ? "" : "\n");
		add_code(p, c);
		first = false;
	}
	return !first;
}

const char *
v6d_explain_no_text(const char *what)
{
	enum v6d_code_group only = V6D_N_GROUPS;
	unsigned number;
	bool any;

	if (!v6d_code_parse(what, &only, &number, &any))
		return NULL;
	for (int g = 0; g < V6D_N_GROUPS; g++)
		if ((any ? g == V6D_GROUP_WINDOWS : (int)only == g) &&
		    v6d_group_spans((enum v6d_code_group)g, number) &&
		    !v6d_code_of((enum v6d_code_group)g, number))
			return v6d_group_title((enum v6d_code_group)g);
	return NULL;
}

static bool
add_any(struct v6d_paint *p, const char *what)
{
	enum v6d_cause c;

	if (v6d_cause_by_name(what, &c)) {
		add_cause(p, c);
		return true;
	}
	return add_probe(p, what) || add_verdict(p, what) ||
	       add_term(p, what) || add_codes(p, what) || add_fact(p, what) ||
	       add_numbers(p, what);
}

char *
v6d_explain_text(const char *what, const struct v6d_lang *l, unsigned columns)
{
	struct v6d_paint p = { .t = v6d_render_start(l), .columns = columns };

	if (!p.t.p)
		return NULL;
	if (!add_any(&p, what)) {
		free(p.t.p);
		return NULL;
	}
	return v6d_render_end(&p.t);
}

char *
v6d_list_causes_text(const struct v6d_lang *l)
{
	struct v6d_paint p = { .t = v6d_render_start(l) };

	if (!p.t.p)
		return NULL;
	for (int layer = 0; layer < V6D_N_LAYERS; layer++) {
		for (int i = 0; i < V6D_N_CAUSES; i++) {
			enum v6d_cause c = (enum v6d_cause)i;
			char title[V6D_PAGE_TITLE];
			struct v6d_text t =
			    v6d_text_like(&p.t, title, sizeof(title));

			if (v6d_cause_layer(c) != (enum v6d_layer)layer)
				continue;
			v6d_page_title(c, NULL, &t);
			v6d_text_add(&p.t, "  %-4s %-24s ", v6d_cause_code(c),
			    v6d_cause_name(c));
			v6d_paint_wrap(&p, 32, 32, title);
		}
	}
	return v6d_render_end(&p.t);
}
