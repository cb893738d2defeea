/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * html.c - a report as one HTML file without anything from outside: for a
 * desk, a telephone, paper, a keyboard and a screen reader.
 */
#include "report/render.h"

#include <string.h>

#include "base/embed.h"
#include "report/between.h"
#include "report/page.h"
#include "report/picture.h"
#include "report/say.h"
#include "report/since.h"
#include "report/steps.h"

static void
element(struct v6d_text *t, const char *name, const char *text)
{
	v6d_text_add(t, "<%s>", name);
	v6d_render_xml(t, text);
	v6d_text_add(t, "</%s>\n", name);
}

/* A message, in the page's language. */
static void
say(struct v6d_text *t, const char *name, const char *message)
{
	element(t, name, v6d_lang_get(t->lang, message));
}

/* An English sentence that was finished elsewhere. */
static void
retell(struct v6d_text *t, const char *sentence)
{
	char buf[1024];
	struct v6d_text w = v6d_text_like(t, buf, sizeof(buf));

	v6d_text_retell(&w, sentence);
	v6d_render_xml(t, buf);
}

static const char *
class_of_verdict(enum v6d_verdict v)
{
	switch (v) {
	case V6D_VERDICT_HEALTHY:
		return "good";
	case V6D_VERDICT_DEGRADED:
	case V6D_VERDICT_UNDETERMINED:
		return "warn";
	case V6D_VERDICT_FAULTY:
		return "bad";
	}
	return "none";
}

static void
badge(struct v6d_text *t, const char *class, const char *word)
{
	v6d_text_add(t, "<span class=\"badge %s\">%s</span> ", class,
	    v6d_lang_get(t->lang, word));
}

static void
head(struct v6d_text *t, const struct v6d_report *r)
{
	v6d_text_add(t,
	    "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n"
	    "<meta charset=\"utf-8\"/>\n"
	    "<meta name=\"viewport\" content=\"width=device-width, "
	    "initial-scale=1\"/>\n"
	    "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
	    "<title>v6doctor: %s</title>\n<style>\n%s</style>\n</head>\n"
	    "<body>\n<main>\n",
	    v6d_lang_tag(t->lang),
	    v6d_lang_get(t->lang, v6d_verdict_name(r->diagnosis->verdict)),
	    v6d_file_text(v6d_report_files, "html.css"));
}

static void
verdict(struct v6d_text *t, const struct v6d_report *r)
{
	const struct v6d_diagnosis *d = r->diagnosis;
	char said[V6D_PAGE_TITLE + 80], stamp[32], when[32];
	struct v6d_text s = v6d_text_like(t, said, sizeof(said));
	struct v6d_text at = v6d_text_like(t, stamp, sizeof(stamp));
	struct v6d_text in_words = v6d_text_like(t, when, sizeof(when));

	v6d_say_verdict(&s, d);
	v6d_say_time(&at, r->started_unix_ms);
	v6d_say_when(&in_words, r->started_unix_ms);
	v6d_text_add(t, "<header class=\"verdict %s\">\n<h1>",
	    class_of_verdict(d->verdict));
	badge(t, class_of_verdict(d->verdict), v6d_verdict_name(d->verdict));
	v6d_render_xml(t, said);
	v6d_text_say(t,
	    "</h1>\n<p class=\"faint\">Code <strong>%s</strong>, "
	    "<time datetime=\"%s\">%s</time>, %u.%03u s, %s",
	    d->code, stamp, when, r->duration_ms / 1000, r->duration_ms % 1000,
	    r->source_kind);
	if (r->source_name) {
		v6d_text_add(t, " ");
		v6d_render_xml(t, r->source_name);
	}
	v6d_text_add(t, ", v6doctor %s</p>\n</header>\n", r->version);
}

static void
path(struct v6d_text *t, const struct v6d_report *r)
{
	v6d_text_add(t, "<figure>\n");
	v6d_picture_path(t, r, false);
	v6d_picture_path(t, r, true);
	v6d_text_add(t, "</figure>\n");
}

/* ---- captures ---- */

#define ROWS 1000 /* of tunnels: a page is for reading */

/* A table's begin; columns end with NULL. */
static void
table(struct v6d_text *t, const char *label, const char *const *columns)
{
	v6d_text_add(t,
	    "<div class=\"scroll\" tabindex=\"0\" role=\"group\" "
	    "aria-label=\"%s\">\n<table>\n<thead><tr>",
	    v6d_lang_get(t->lang, label));
	for (; *columns; columns++)
		v6d_text_add(t, "<th scope=\"col\">%s</th>",
		    v6d_lang_get(t->lang, *columns));
	v6d_text_add(t, "</tr></thead>\n<tbody>\n");
}

static void
verdict_cells(struct v6d_text *t, enum v6d_verdict v, const char *code)
{
	v6d_text_add(t, "<td>");
	badge(t, class_of_verdict(v), v6d_verdict_name(v));
	v6d_text_add(t, "</td><td>%s</td></tr>\n", code);
}

/* Of a capture with several: the worst first. */
static void
tunnels(struct v6d_text *t, const struct v6d_report *r)
{
	static const char *const columns[] = { N_("tunnel"), N_("begins, s"),
		N_("client"), N_("server"), N_("verdict"), N_("code"), NULL };
	const struct v6d_report_tunnels *all = &r->tunnels;
	struct v6d_report_tunnel one;

	if (all->n < 2)
		return;
	say(t, "h2", N_("Tunnels"));
	table(t, N_("Tunnels"), columns);
	for (size_t i = 0; i < all->n && i < ROWS; i++) {
		all->get(all->arg, i, false, &one);
		v6d_text_add(t,
		    "<tr><td class=\"number\">%zu</td>"
		    "<td class=\"number\">%.3f</td><td>%s</td><td>%s</td>",
		    one.number, one.began_ms / 1000.0, one.client, one.server);
		verdict_cells(t, one.verdict, one.code);
	}
	v6d_text_add(t, "</tbody>\n</table>\n</div>\n<p>");
	if (all->n > ROWS)
		v6d_text_say(t, "And %zu more. ", all->n - ROWS);
	v6d_text_say(t, "What follows is of tunnel %zu, the worst.", r->tunnel);
	v6d_text_add(t, "</p>\n");
}

static void
places(struct v6d_text *t, const struct v6d_report *r)
{
	static const char *const columns[] = { N_("capture"), N_("taken"),
		N_("verdict"), N_("code"), NULL };

	if (r->n_places < 2)
		return;
	say(t, "h2", N_("Captures, from the client to the server"));
	table(t, N_("Captures"), columns);
	for (size_t i = 0; i < r->n_places; i++) {
		const struct v6d_report_place *p = &r->places[i];

		v6d_text_add(t, "<tr><td>");
		v6d_render_xml(t, p->name);
		v6d_text_add(t, "</td><td>");
		v6d_position_say(t, &p->position);
		v6d_text_add(t, "</td>");
		verdict_cells(t, p->verdict, p->code);
	}
	v6d_text_add(t, "</tbody>\n</table>\n</div>\n");
}

static void
between(struct v6d_text *t, const struct v6d_report *r)
{
	char words[768];

	for (size_t i = 0; i < r->n_between; i++) {
		say(t, "h3", N_("Between the captures"));
		v6d_text_add(t, "<ul>\n");
		for (unsigned k = 0;; k++) {
			struct v6d_text w =
			    v6d_text_like(t, words, sizeof(words));

			if (!v6d_between_say(&w, &r->between[i], k))
				break;
			element(t, "li", words);
		}
		v6d_text_add(t, "</ul>\n");
	}
}

/* ---- diagnosis ---- */

static void
symptoms(struct v6d_text *t, const struct v6d_diagnosis *d, const char *label,
    const enum v6d_symptom *s, unsigned n)
{
	if (n == 0)
		return;
	v6d_text_add(t, "<h4>%s</h4>\n<ul>\n", v6d_lang_get(t->lang, label));
	for (unsigned i = 0; i < n; i++) {
		char buf[768];
		struct v6d_text w = v6d_text_like(t, buf, sizeof(buf));

		v6d_say_symptom(&w, &d->symptoms, s[i]);
		element(t, "li", buf);
	}
	v6d_text_add(t, "</ul>\n");
}

static void
remedy(struct v6d_text *t, const struct v6d_finding *f)
{
	const char *page = v6d_page_of(f->cause, t->lang);
	unsigned i;

	for (i = 0; page && i < V6D_PAGE_ITEMS; i++) {
		char buf[V6D_PAGE_ITEM];
		struct v6d_text w = v6d_text_like(t, buf, sizeof(buf));

		if (!v6d_page_remedy(page, i, f, &w))
			break;
		if (i == 0) {
			say(t, "h4", "What to do");
			v6d_text_add(t, "<ol>\n");
		}
		element(t, "li", buf);
	}
	if (i > 0)
		v6d_text_add(t, "</ol>\n");
}

static void
finding(
    struct v6d_text *t, const struct v6d_report *r, const struct v6d_finding *f)
{
	char title[V6D_PAGE_TITLE], place[V6D_SUBJECT * 2 + 64];
	struct v6d_text w = v6d_text_like(t, title, sizeof(title));
	struct v6d_text p = v6d_text_like(t, place, sizeof(place));

	v6d_page_title(f->cause, f, &w);
	v6d_say_place(&p, r, f);
	v6d_text_add(t, "<section class=\"finding %s\">\n<h3>",
	    f->severity == V6D_SEV_FAULT     ? "bad"
	    : f->severity == V6D_SEV_WARNING ? "warn"
					     : "none");
	v6d_render_xml(t, title);
	v6d_text_add(t,
	    "</h3>\n<p class=\"faint\"><code>%s</code>, %s, %s</p>\n",
	    v6d_cause_name(f->cause),
	    v6d_lang_get(t->lang, v6d_severity_name(f->severity)),
	    v6d_lang_get(t->lang, v6d_certainty_name(f->certainty)));
	if (p.len > 0) {
		v6d_text_say(t, "<p>Where: ");
		v6d_render_xml(t, place);
		v6d_text_add(t, "%s</p>\n", v6d_lang_get(t->lang, "."));
	}
	remedy(t, f);
	symptoms(t, r->diagnosis, N_("Seen"), f->evidence, f->n_evidence);
	symptoms(t, r->diagnosis, N_("What follows from it"), f->consequences,
	    f->n_consequences);
	v6d_text_add(t, "</section>\n");
}

static void
undecided(struct v6d_text *t, const struct v6d_diagnosis *d,
    const struct v6d_undecided *u)
{
	v6d_text_add(t, "<section class=\"finding warn\">\n");
	say(t, "h3", N_("These look alike from here"));
	v6d_text_add(t, "<ul>\n");
	for (unsigned i = 0; i < u->n; i++) {
		char title[V6D_PAGE_TITLE];
		struct v6d_text w = v6d_text_like(t, title, sizeof(title));

		v6d_page_title(u->between[i], NULL, &w);
		v6d_text_add(t, "<li>");
		v6d_render_xml(t, title);
		v6d_text_add(t, " <code>%s</code></li>\n",
		    v6d_cause_name(u->between[i]));
	}
	v6d_text_add(t, "</ul>\n");
	say(t, "h4", N_("What decides"));
	say(t, "p", u->ask);
	symptoms(t, d, N_("Seen"), u->evidence, u->n_evidence);
	v6d_text_add(t, "</section>\n");
}

/* The findings that are advice, or those that are not, under a heading. */
static unsigned
findings(struct v6d_text *t, const struct v6d_report *r, bool advice,
    const char *heading)
{
	const struct v6d_diagnosis *d = r->diagnosis;
	unsigned n = 0;

	for (unsigned i = 0; i < d->n; i++) {
		if ((d->findings[i].severity == V6D_SEV_ADVICE) != advice)
			continue;
		if (n++ == 0)
			say(t, "h2", heading);
		finding(t, r, &d->findings[i]);
	}
	return n;
}

static void
advice(struct v6d_text *t, const struct v6d_report *r)
{
	findings(t, r, true, N_("Advice"));
}

static void
diagnosis(struct v6d_text *t, const struct v6d_report *r)
{
	const struct v6d_diagnosis *d = r->diagnosis;

	if (findings(t, r, false, N_("Diagnosis")) == 0 &&
	    d->n_undecided + d->n_unexplained > 0)
		say(t, "h2", N_("Diagnosis"));
	for (unsigned i = 0; i < d->n_undecided; i++)
		undecided(t, d, &d->undecided[i]);
	if (d->n_unexplained > 0) {
		v6d_text_add(t, "<section class=\"finding bad\">\n");
		say(t, "h3", N_("No known cause explains this"));
		symptoms(t, d, N_("Seen"), d->unexplained, d->n_unexplained);
		v6d_text_add(t, "</section>\n");
	}
}

/* Of a pasted text: findings, hypotheses, what to test. */
static void
notes(struct v6d_text *t, const struct v6d_report *r)
{
	if (r->n_notes > 0) {
		say(t, "h2", N_("Findings"));
		v6d_text_add(t, "<ul>\n");
	}
	for (size_t i = 0; i < r->n_notes; i++) {
		v6d_text_add(t, "<li><strong>%s</strong> ",
		    v6d_lang_get(t->lang, r->notes[i].grade));
		retell(t, r->notes[i].text);
		v6d_text_add(t, " <code>%s</code> (%s)</li>\n",
		    r->notes[i].name, r->notes[i].where);
	}
	v6d_text_add(t, "%s", r->n_notes > 0 ? "</ul>\n" : "");
	if (r->n_guesses > 0) {
		say(t, "h2", N_("Hypotheses, the likeliest first"));
		v6d_text_add(t, "<ol>\n");
	}
	for (size_t i = 0; i < r->n_guesses; i++) {
		v6d_text_add(t, "<li>");
		retell(t, r->guesses[i].text);
		v6d_text_add(t, " <code>%s</code>, %s</li>\n",
		    r->guesses[i].name,
		    v6d_lang_get(t->lang, r->guesses[i].standing));
	}
	v6d_text_add(t, "%s", r->n_guesses > 0 ? "</ol>\n" : "");
	if (r->n_tests > 0) {
		say(t, "h2", N_("Next"));
		v6d_text_add(t, "<ol>\n");
	}
	for (size_t i = 0; i < r->n_tests; i++)
		say(t, "li", r->tests[i].text);
	v6d_text_add(t, "%s", r->n_tests > 0 ? "</ol>\n" : "");
}

/* ---- checks and what they saw ---- */

static void
fact_row(struct v6d_text *t, const struct v6d_obs *o)
{
	v6d_text_add(t,
	    "<tr><td class=\"number\">%.3f</td><td><code>%s</code></td>"
	    "<td>%s%s%s</td><td>",
	    (double)o->at / 1e9, v6d_fact_name(o->fact),
	    v6d_lang_get(t->lang, v6d_state_name(o->state)),
	    o->word[0] ? ", " : "", v6d_lang_get(t->lang, o->word));
	if (o->value != V6D_NO_VALUE)
		v6d_text_add(t, "%lld %s", (long long)o->value,
		    v6d_lang_get(t->lang, v6d_fact_unit(o->fact)));
	v6d_text_add(t, "</td><td>");
	v6d_render_xml(t, o->subject);
	v6d_text_add(t, "</td></tr>\n");
}

static void
fact_head(struct v6d_text *t)
{
	v6d_text_say(t,
	    "<div class=\"scroll\" tabindex=\"0\" role=\"group\" "
	    "aria-label=\"Observations\">\n<table>\n<thead><tr>"
	    "<th scope=\"col\">s</th><th scope=\"col\">observation</th>"
	    "<th scope=\"col\">state</th><th scope=\"col\">value</th>"
	    "<th scope=\"col\">of</th></tr></thead>\n<tbody>\n");
}

/* The newest of each thing that this probe (NULL: any) saw. */
static unsigned
facts_of(struct v6d_text *t, const struct v6d_facts *f, const char *probe)
{
	char source[32];
	struct v6d_text s = v6d_text_like(t, source, sizeof(source));
	unsigned n = 0;

	v6d_text_add(&s, "probe %s", probe ? probe : "");
	for (size_t i = 0; f && i < f->n; i++) {
		const struct v6d_obs *o = &f->obs[i];

		if (v6d_facts_of(f, o->fact, o->subject) != o ||
		    (probe && strcmp(o->source, source) != 0))
			continue;
		if (n++ == 0)
			fact_head(t);
		fact_row(t, o);
	}
	if (n > 0)
		v6d_text_add(t, "</tbody>\n</table>\n</div>\n");
	return n;
}

static const char *
class_of_check(const char *status)
{
	if (strcmp(status, "pass") == 0)
		return "good";
	if (strcmp(status, "fail") == 0 || strcmp(status, "broken") == 0)
		return "bad";
	if (strcmp(status, "skipped") == 0)
		return "none";
	return "warn";
}

static void
checks(struct v6d_text *t, const struct v6d_report *r)
{
	if (r->n_checks > 0)
		say(t, "h2", N_("Checks"));
	for (size_t i = 0; i < r->n_checks; i++) {
		const struct v6d_check *c = &r->checks[i];

		v6d_text_add(t, "<details>\n<summary>");
		badge(t, class_of_check(c->status), c->status);
		v6d_text_add(t, "<strong>%s</strong>: ", c->probe);
		retell(t, c->summary);
		v6d_text_add(
		    t, "</summary>\n<p class=\"faint\">%u ms</p>\n", c->ms);
		if (facts_of(t, r->facts, c->probe) == 0)
			say(t, "p", N_("It added no observation."));
		v6d_text_add(t, "</details>\n");
	}
}

/* Of a capture, which has no checks. */
static void
stages(struct v6d_text *t, const struct v6d_report *r)
{
	struct v6d_point p;

	if (r->n_checks > 0)
		return;
	say(t, "h2", N_("Stages"));
	v6d_text_add(t, "<ul>\n");
	for (size_t i = 0; i < V6D_N_STAGES; i++)
		if (v6d_render_point(r, i, &p)) {
			v6d_text_add(t, "<li><strong>%s</strong>: ", p.name);
			v6d_render_xml(t, p.words);
			v6d_text_add(t, "</li>\n");
		}
	v6d_text_add(t, "</ul>\n");
}

static void
sizes(struct v6d_text *t, const struct v6d_report *r)
{
	size_t before = t->len;

	say(t, "h2", N_("Which sizes pass"));
	v6d_text_add(t, "<figure>\n");
	if (!v6d_picture_sizes(t, r->facts)) {
		t->len = before;
		t->p[before] = '\0';
		return;
	}
	v6d_text_say(t,
	    "<figcaption>GRE: length of the outer IPv4 packet; IPv6: of the "
	    "packet inside the tunnel.</figcaption>\n</figure>\n");
}

/* How the tunnel came up. */
static void
negotiation(struct v6d_text *t, const struct v6d_report *r)
{
	size_t before = t->len;

	say(t, "h2", N_("How the tunnel came up"));
	if (!v6d_steps_draw(t, r->facts)) {
		t->len = before;
		t->p[before] = '\0';
	}
}

static void
since(struct v6d_text *t, const struct v6d_report_since *s)
{
	char buf[3 * V6D_SINCE_TEXT], when[40];
	struct v6d_text at = v6d_text_to(when, sizeof(when)), w;

	if (!s)
		return;
	v6d_say_when(&at, s->started_unix_ms);
	v6d_text_add(t, "<h2>");
	v6d_text_say(t, "Since the last good run (%s)", when);
	v6d_text_add(t, "</h2>\n%s", s->n ? "<ul>\n" : "");
	for (unsigned i = 0; i < s->n; i++) {
		w = v6d_text_like(t, buf, sizeof(buf));
		v6d_since_line(&w, &s->changes[i]);
		v6d_text_add(t, "<li>");
		v6d_render_xml(t, buf);
		v6d_text_add(t, "</li>\n");
	}
	w = v6d_text_like(t, buf, sizeof(buf));
	v6d_since_follows(&w, s);
	v6d_text_add(t, "%s<p>", s->n ? "</ul>\n" : "");
	v6d_render_xml(t, buf);
	v6d_text_add(t, "</p>\n");
}

static void
not_seen(struct v6d_text *t, const struct v6d_report *r)
{
	bool any = false;

	for (int i = 0; i < V6D_N_STAGES && r->n_checks > 0; i++) {
		const char *why =
		    v6d_say_not_seen(r->diagnosis, r->scope, (enum v6d_stage)i);

		if (!why)
			continue;
		if (!any) {
			say(t, "h2", N_("Not seen"));
			v6d_text_add(t, "<ul>\n");
		}
		v6d_text_add(t, "<li><strong>%s</strong>: ",
		    v6d_stage_name((enum v6d_stage)i));
		retell(t, why);
		v6d_text_add(t, "</li>\n");
		any = true;
	}
	if (any)
		v6d_text_add(t, "</ul>\n");
}

/* When what happened, from the dialling on. */
static void
timeline(struct v6d_text *t, const struct v6d_report *r)
{
	say(t, "h2", N_("All observations"));
	v6d_text_add(t, "<details>\n");
	say(t, "summary", N_("In the order of time"));
	if (facts_of(t, r->facts, NULL) == 0)
		say(t, "p", N_("None."));
	v6d_text_add(t, "</details>\n");
}

char *
v6d_render_html(const struct v6d_report *r, struct v6d_format_how *h)
{
	struct v6d_text t = v6d_render_start(r->lang);

	(void)h;
	if (!t.p)
		return NULL;
	head(&t, r);
	verdict(&t, r);
	tunnels(&t, r);
	path(&t, r);
	places(&t, r);
	between(&t, r);
	diagnosis(&t, r);
	since(&t, r->since);
	notes(&t, r);
	sizes(&t, r);
	checks(&t, r);
	stages(&t, r);
	not_seen(&t, r);
	negotiation(&t, r);
	advice(&t, r);
	timeline(&t, r);
	v6d_text_add(&t, "</main>\n</body>\n</html>\n");
	return v6d_render_end(&t);
}
