/* SPDX-License-Identifier: GPL-2.0-or-later */
/* markdown.c - a report to paste into a ticket (CommonMark with tables). */
#include "report/render.h"

#include <string.h>

#include "report/between.h"
#include "report/page.h"
#include "report/say.h"
#include "report/since.h"

/* Text of ours or of a stranger: nothing in it is markup. */
static void
plain(struct v6d_text *t, const char *s)
{
	for (; *s; s++)
		if (strchr("\\`*_{}[]<>#|", *s))
			v6d_text_add(t, "\\%c", *s);
		else
			v6d_text_add(t, "%c", *s == '\n' ? ' ' : *s);
}

/* An English sentence that was finished elsewhere. */
static void
retell(struct v6d_text *t, const char *sentence)
{
	char buf[1024];
	struct v6d_text w = v6d_text_like(t, buf, sizeof(buf));

	v6d_text_retell(&w, sentence);
	plain(t, buf);
}

static void
symptoms(struct v6d_text *t, const struct v6d_diagnosis *d, const char *label,
    const enum v6d_symptom *s, unsigned n)
{
	if (n > 0)
		v6d_text_add(t, "\n%s:\n\n", v6d_lang_get(t->lang, label));
	for (unsigned i = 0; i < n; i++) {
		char buf[768];
		struct v6d_text w = v6d_text_like(t, buf, sizeof(buf));

		v6d_say_symptom(&w, &d->symptoms, s[i]);
		v6d_text_add(t, "- ");
		plain(t, buf);
		v6d_text_add(t, "\n");
	}
}

static void
head(struct v6d_text *t, const struct v6d_report *r)
{
	char buf[V6D_PAGE_TITLE + 80], when[32];
	struct v6d_text w = v6d_text_like(t, buf, sizeof(buf));
	struct v6d_text at = v6d_text_like(t, when, sizeof(when));

	v6d_say_verdict(&w, r->diagnosis);
	v6d_say_when(&at, r->started_unix_ms);
	v6d_text_say(t, "## v6doctor: %s (code %s)\n\n",
	    v6d_lang_get(t->lang, v6d_verdict_name(r->diagnosis->verdict)),
	    r->diagnosis->code);
	plain(t, buf);
	v6d_text_say(t, "\n\nFrom %s to the PPTP server ",
	    r->client[0] ? r->client : v6d_lang_get(t->lang, N_("unknown")));
	plain(t, r->server[0] ? r->server : v6d_lang_get(t->lang, "unknown"));
	v6d_text_say(t, ", %s, version %s, source: %s", when, r->version,
	    r->source_kind);
	if (r->source_name) {
		v6d_text_add(t, " ");
		plain(t, r->source_name);
	}
	v6d_text_add(t, ".\n");
}

static void
checks(struct v6d_text *t, const struct v6d_report *r)
{
	if (r->n_checks > 0)
		v6d_text_say(
		    t, "\n| check | status | summary |\n|---|---|---|\n");
	for (size_t i = 0; i < r->n_checks; i++) {
		v6d_text_add(t, "| %s | %s | ", r->checks[i].probe,
		    v6d_lang_get(t->lang, r->checks[i].status));
		retell(t, r->checks[i].summary);
		v6d_text_add(t, " |\n");
	}
}

/* ---- captures ---- */

#define ROWS 1000 /* of tunnels: a page is for reading */

/* Of a capture with several: the worst first. */
static void
tunnels(struct v6d_text *t, const struct v6d_report *r)
{
	const struct v6d_report_tunnels *all = &r->tunnels;
	struct v6d_report_tunnel one;

	if (all->n < 2)
		return;
	v6d_text_say(t,
	    "\n| tunnel | begins, s | client | server | verdict | code |\n"
	    "|---|---|---|---|---|---|\n");
	for (size_t i = 0; i < all->n && i < ROWS; i++) {
		all->get(all->arg, i, false, &one);
		v6d_text_add(t, "| %zu | %.3f | %s | %s | %s | %s |\n",
		    one.number, one.began_ms / 1000.0, one.client, one.server,
		    v6d_lang_get(t->lang, v6d_verdict_name(one.verdict)),
		    one.code);
	}
	if (all->n > ROWS)
		v6d_text_say(t, "\nAnd %zu more.\n", all->n - ROWS);
	v6d_text_say(
	    t, "\nWhat follows is of tunnel %zu, the worst.\n", r->tunnel);
}

static void
places(struct v6d_text *t, const struct v6d_report *r)
{
	if (r->n_places > 1)
		v6d_text_say(t,
		    "\n| capture, from the client on | taken | verdict | code "
		    "|\n|---|---|---|---|\n");
	for (size_t i = 0; i < r->n_places; i++) {
		const struct v6d_report_place *p = &r->places[i];
		char words[160] = "";
		struct v6d_text w = v6d_text_like(t, words, sizeof(words));

		v6d_position_say(&w, &p->position);
		v6d_text_add(t, "| ");
		plain(t, p->name);
		v6d_text_add(t, " | %s | %s | %s |\n", words,
		    v6d_lang_get(t->lang, v6d_verdict_name(p->verdict)),
		    p->code);
	}
}

static void
between(struct v6d_text *t, const struct v6d_report_between *b)
{
	char words[768];

	v6d_text_say(t, "\nBetween the captures:\n\n");
	for (unsigned i = 0;; i++) {
		struct v6d_text w = v6d_text_like(t, words, sizeof(words));

		if (!v6d_between_say(&w, b, i))
			break;
		v6d_text_add(t, "- ");
		plain(t, words);
		v6d_text_add(t, "\n");
	}
}

static void
captures(struct v6d_text *t, const struct v6d_report *r)
{
	tunnels(t, r);
	places(t, r);
	for (size_t i = 0; i < r->n_between; i++)
		between(t, &r->between[i]);
}

/* ---- findings ---- */

static void
remedy(struct v6d_text *t, const struct v6d_finding *f)
{
	const char *page = v6d_page_of(f->cause, t->lang);

	for (unsigned i = 0; page && i < V6D_PAGE_ITEMS; i++) {
		char buf[V6D_PAGE_ITEM];
		struct v6d_text w = v6d_text_like(t, buf, sizeof(buf));

		if (!v6d_page_remedy(page, i, f, &w))
			break;
		if (i == 0)
			v6d_text_say(t, "\nWhat to do:\n\n");
		v6d_text_add(t, "%u. ", i + 1);
		plain(t, buf);
		v6d_text_add(t, "\n");
	}
}

static void
where(
    struct v6d_text *t, const struct v6d_report *r, const struct v6d_finding *f)
{
	char buf[V6D_SUBJECT * 2 + 64];
	struct v6d_text w = v6d_text_like(t, buf, sizeof(buf));

	v6d_say_place(&w, r, f);
	if (w.len == 0)
		return;
	v6d_text_say(t, "\nWhere: ");
	plain(t, buf);
	v6d_text_add(t, "%s\n", v6d_lang_get(t->lang, N_(".")));
}

static void
finding(
    struct v6d_text *t, const struct v6d_report *r, const struct v6d_finding *f)
{
	const struct v6d_diagnosis *d = r->diagnosis;
	char title[V6D_PAGE_TITLE];
	struct v6d_text w = v6d_text_like(t, title, sizeof(title));

	v6d_page_title(f->cause, f, &w);
	v6d_text_add(t, "\n### ");
	plain(t, title);
	v6d_text_add(t, "\n\n`%s`, %s, %s\n", v6d_cause_name(f->cause),
	    v6d_lang_get(t->lang, v6d_severity_name(f->severity)),
	    v6d_lang_get(t->lang, v6d_certainty_name(f->certainty)));
	where(t, r, f);
	symptoms(t, d, N_("Seen"), f->evidence, f->n_evidence);
	symptoms(
	    t, d, N_("Follows from it"), f->consequences, f->n_consequences);
	remedy(t, f);
}

static void
undecided(struct v6d_text *t, const struct v6d_diagnosis *d,
    const struct v6d_undecided *u)
{
	v6d_text_say(t, "\n### Undecided\n\nThese look alike from here:\n\n");
	for (unsigned i = 0; i < u->n; i++) {
		char title[V6D_PAGE_TITLE];
		struct v6d_text w = v6d_text_like(t, title, sizeof(title));

		v6d_page_title(u->between[i], NULL, &w);
		v6d_text_add(t, "- `%s`: ", v6d_cause_name(u->between[i]));
		plain(t, title);
		v6d_text_add(t, "\n");
	}
	symptoms(t, d, N_("Seen"), u->evidence, u->n_evidence);
	v6d_text_say(t, "\nTo decide: ");
	plain(t, v6d_lang_get(t->lang, u->ask));
	v6d_text_add(t, "\n");
}

/* Of a pasted text: findings, hypotheses, what to test. */
static void
notes(struct v6d_text *t, const struct v6d_report *r)
{
	for (size_t i = 0; i < r->n_notes; i++) {
		if (i == 0)
			v6d_text_say(t, "\nFindings:\n\n");
		v6d_text_add(
		    t, "- **%s** ", v6d_lang_get(t->lang, r->notes[i].grade));
		retell(t, r->notes[i].text);
		v6d_text_add(
		    t, " `%s` (%s)\n", r->notes[i].name, r->notes[i].where);
	}
	for (size_t i = 0; i < r->n_guesses; i++) {
		if (i == 0)
			v6d_text_say(
			    t, "\nHypotheses, the likeliest first:\n\n");
		v6d_text_add(t, "- `%s` (%s): ", r->guesses[i].name,
		    v6d_lang_get(t->lang, r->guesses[i].standing));
		retell(t, r->guesses[i].text);
		v6d_text_add(t, "\n");
	}
	for (size_t i = 0; i < r->n_tests; i++) {
		if (i == 0)
			v6d_text_say(t, "\nNext:\n\n");
		v6d_text_add(t, "- ");
		retell(t, r->tests[i].text);
		v6d_text_add(t, "\n");
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
	v6d_text_say(t, "\nSince the last good run (%s):\n\n", when);
	for (unsigned i = 0; i < s->n; i++) {
		w = v6d_text_like(t, buf, sizeof(buf));
		v6d_since_line(&w, &s->changes[i]);
		v6d_text_add(t, "- ");
		plain(t, buf);
		v6d_text_add(t, "\n");
	}
	w = v6d_text_like(t, buf, sizeof(buf));
	v6d_since_follows(&w, s);
	v6d_text_add(t, "%s%s\n", s->n ? "\n" : "", buf);
}

static void
not_seen(struct v6d_text *t, const struct v6d_report *r)
{
	bool any = false;

	for (int i = 0; i < V6D_N_STAGES; i++) {
		const char *why =
		    v6d_say_not_seen(r->diagnosis, r->scope, (enum v6d_stage)i);

		if (!why)
			continue;
		if (!any)
			v6d_text_say(t, "\nNot seen:\n\n");
		v6d_text_add(t, "- %s: ", v6d_stage_name((enum v6d_stage)i));
		retell(t, why);
		v6d_text_add(t, "\n");
		any = true;
	}
}

static void
facts(struct v6d_text *t, const struct v6d_facts *f)
{
	v6d_text_say(t,
	    "\n<details><summary>Observations</summary>\n\n"
	    "| s | name | state | value | of |\n|---|---|---|---|---|\n");
	for (size_t i = 0; f && i < f->n; i++) {
		const struct v6d_obs *o = &f->obs[i];

		v6d_text_add(t, "| %.3f | %s | %s %s | ", (double)o->at / 1e9,
		    v6d_fact_name(o->fact),
		    v6d_lang_get(t->lang, v6d_state_name(o->state)), o->word);
		if (o->value != V6D_NO_VALUE)
			v6d_text_add(t, "%lld %s", (long long)o->value,
			    v6d_lang_get(t->lang, v6d_fact_unit(o->fact)));
		v6d_text_add(t, " | ");
		plain(t, o->subject);
		v6d_text_add(t, " |\n");
	}
	v6d_text_add(t, "\n</details>\n");
}

char *
v6d_render_markdown(const struct v6d_report *r, struct v6d_format_how *h)
{
	const struct v6d_diagnosis *d = r->diagnosis;
	struct v6d_text t = v6d_render_start(r->lang);

	if (!t.p)
		return NULL;
	head(&t, r);
	checks(&t, r);
	captures(&t, r);
	for (unsigned i = 0; i < d->n; i++)
		finding(&t, r, &d->findings[i]);
	for (unsigned i = 0; i < d->n_undecided; i++)
		undecided(&t, d, &d->undecided[i]);
	symptoms(&t, d, N_("Unexplained"), d->unexplained, d->n_unexplained);
	since(&t, r->since);
	notes(&t, r);
	not_seen(&t, r);
	if (h->verbose)
		facts(&t, r->facts);
	return v6d_render_end(&t);
}
