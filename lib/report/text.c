/* SPDX-License-Identifier: GPL-2.0-or-later */
/* text.c - the report that a person reads on a terminal. */
#include "report/report.h"

#include <string.h>

#include "base/wire.h"
#include "report/between.h"
#include "report/notes.h"
#include "report/page.h"
#include "report/paint.h"
#include "report/path.h"
#include "report/render.h"
#include "report/say.h"
#include "report/since.h"
#include "report/timeline.h"
#include "report/tunnels.h"

/* ---- cells and labels ---- */

/* A message in a cell so many columns wide. */
static void
draw_cell(struct v6d_paint *p, enum v6d_ink ink, const char *message,
    unsigned columns)
{
	char cell[64];
	struct v6d_text t = v6d_text_like(&p->t, cell, sizeof(cell));

	v6d_text_pad(&t, v6d_lang_get(t.lang, message), columns);
	v6d_paint_add(p, ink, cell);
}

/* "     Seen        - ": what stands before what is told of a finding. */
static void
draw_label(struct v6d_paint *p, const char *message, const char *mark)
{
	v6d_text_add(&p->t, "     ");
	draw_cell(p, V6D_INK_PLAIN, message, 11);
	v6d_text_add(&p->t, " %s", mark);
}

/* ---- verdict ---- */

static void
draw_verdict(struct v6d_paint *p, const struct v6d_diagnosis *d)
{
	char buf[V6D_PAGE_TITLE + 80];
	struct v6d_text t = v6d_text_like(&p->t, buf, sizeof(buf));

	v6d_say_verdict(&t, d);
	v6d_paint_verdict(p, d->verdict, buf);
}

/* Of a capture with several: all in short, then the worst. */
static void
draw_tunnels(struct v6d_paint *p, const struct v6d_report *r, bool verbose)
{
	v6d_tunnels_draw(p, r, verbose);
	if (r->tunnels.n > V6D_TUNNELS_FEW)
		return;
	v6d_text_add(&p->t, "\n");
	v6d_text_say(&p->t, "TUNNEL %zu", r->tunnel);
	v6d_text_add(&p->t, "\n");
	draw_verdict(p, r->diagnosis);
}

/* ---- checks ---- */

static const struct {
	const char *status, *word;
	enum v6d_ink ink;
} statuses[] = {
	{ "pass", N_("ok"), V6D_INK_GOOD },
	{ "warn", N_("warn"), V6D_INK_WARN },
	{ "fail", N_("FAIL"), V6D_INK_BAD },
	{ "unknown", "?", V6D_INK_WARN },
	{ "skipped", N_("skip"), V6D_INK_FAINT },
	{ "broken", N_("BROKEN"), V6D_INK_BAD },
};

static void
draw_check(struct v6d_paint *p, const struct v6d_check *c)
{
	const char *word = c->status;
	enum v6d_ink ink = V6D_INK_PLAIN;
	char cell[32], said[V6D_SUBJECT * 3];
	struct v6d_text t = v6d_text_like(&p->t, cell, sizeof(cell));
	struct v6d_text w = v6d_text_like(&p->t, said, sizeof(said));

	for (size_t i = 0; i < V6D_ARRAY_LEN(statuses); i++)
		if (strcmp(statuses[i].status, c->status) == 0) {
			word = statuses[i].word;
			ink = statuses[i].ink;
		}
	v6d_text_pad(&t, v6d_lang_get(t.lang, word), 6);
	v6d_text_retell(&w, c->summary);
	v6d_text_add(&p->t, "  ");
	v6d_paint_add(p, ink, cell);
	v6d_text_add(&p->t, " %-9s ", c->probe);
	v6d_paint_wrap(p, 19, 19, said);
}

static void
draw_checks(struct v6d_paint *p, const struct v6d_report *r)
{
	if (r->n_checks == 0)
		return;
	v6d_paint_head(p, N_("CHECKS"));
	for (size_t i = 0; i < r->n_checks; i++)
		draw_check(p, &r->checks[i]);
}

static bool
is_abnormal(const struct v6d_diagnosis *d, enum v6d_stage stage)
{
	for (int i = 0; i < V6D_N_SYMPTOMS; i++)
		if (d->symptoms.v[i] > 0 &&
		    v6d_symptom_stage((enum v6d_symptom)i) == stage)
			return true;
	return false;
}

static bool
any_seen(const struct v6d_diagnosis *d)
{
	for (int i = 0; i < V6D_N_STAGES; i++)
		if (d->seen[i])
			return true;
	return false;
}

/* Of a capture, which has no checks: what the stages show. */
static void
draw_stages(struct v6d_paint *p, const struct v6d_diagnosis *d)
{
	bool any = false;

	for (int i = 0; i < V6D_N_STAGES; i++) {
		enum v6d_stage s = (enum v6d_stage)i;

		if (!d->seen[i])
			continue;
		if (!any)
			v6d_paint_head(p, N_("STAGES"));
		any = true;
		v6d_text_add(&p->t, "  ");
		if (d->passed[i])
			draw_cell(p, V6D_INK_GOOD, N_("ok"), 6);
		else if (!is_abnormal(d, s)) /* not all of it was seen */
			draw_cell(p, V6D_INK_WARN, "?", 6);
		else
			draw_cell(p, V6D_INK_WARN, N_("not ok"), 6);
		v6d_text_add(&p->t, " %s\n", v6d_stage_name(s));
	}
}

/* ---- diagnosis ---- */

static void
draw_symptoms(struct v6d_paint *p, const struct v6d_diagnosis *d,
    const char *label, const enum v6d_symptom *s, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		char buf[768];
		struct v6d_text t = v6d_text_like(&p->t, buf, sizeof(buf));

		v6d_say_symptom(&t, &d->symptoms, s[i]);
		draw_label(p, i == 0 ? label : "", "- ");
		v6d_paint_wrap(p, 19, 19, buf);
	}
}

static void
draw_where(struct v6d_paint *p, const struct v6d_report *r,
    const struct v6d_finding *f)
{
	char buf[V6D_SUBJECT * 2 + 64];
	struct v6d_text t = v6d_text_like(&p->t, buf, sizeof(buf));

	v6d_say_place(&t, r, f);
	if (t.len == 0)
		return;
	draw_label(p, N_("Where"), "  ");
	v6d_paint_wrap(p, 19, 19, buf);
}

static void
draw_remedy(struct v6d_paint *p, const struct v6d_finding *f)
{
	const char *page = v6d_page_of(f->cause, p->t.lang);

	for (unsigned i = 0; page && i < V6D_PAGE_ITEMS; i++) {
		char buf[V6D_PAGE_ITEM];
		struct v6d_text t = v6d_text_like(&p->t, buf, sizeof(buf));

		if (!v6d_page_remedy(page, i, f, &t))
			break;
		draw_label(p, i == 0 ? N_("What to do") : "", "");
		v6d_text_add(&p->t, "%u. ", i + 1);
		v6d_paint_wrap(p, 20, 20, buf);
	}
}

static void
draw_finding(struct v6d_paint *p, const struct v6d_report *r, unsigned i)
{
	const struct v6d_diagnosis *d = r->diagnosis;
	const struct v6d_finding *f = &d->findings[i];
	char buf[V6D_PAGE_TITLE + 96];
	struct v6d_text t = v6d_text_like(&p->t, buf, sizeof(buf));

	v6d_page_title(f->cause, f, &t);
	v6d_text_add(&t, " [%s, %s: %s]", v6d_cause_name(f->cause),
	    v6d_lang_get(t.lang, v6d_severity_name(f->severity)),
	    v6d_lang_get(t.lang, v6d_certainty_name(f->certainty)));
	v6d_text_add(&p->t, "  %u. ", i + 1);
	v6d_paint_wrap(p, 5, 5, buf);
	draw_where(p, r, f);
	draw_symptoms(p, d, N_("Seen"), f->evidence, f->n_evidence);
	draw_symptoms(p, d, N_("Follows"), f->consequences, f->n_consequences);
	draw_remedy(p, f);
}

static void
draw_undecided(struct v6d_paint *p, const struct v6d_diagnosis *d,
    const struct v6d_undecided *u)
{
	v6d_text_say(&p->t, "  These look alike from here:\n");
	for (unsigned i = 0; i < u->n; i++) {
		char buf[V6D_PAGE_TITLE + 64];
		struct v6d_text t = v6d_text_like(&p->t, buf, sizeof(buf));

		v6d_page_title(u->between[i], NULL, &t);
		v6d_text_add(&t, " [%s]", v6d_cause_name(u->between[i]));
		v6d_text_add(&p->t, "     - ");
		v6d_paint_wrap(p, 7, 7, buf);
	}
	draw_symptoms(p, d, N_("Seen"), u->evidence, u->n_evidence);
	draw_label(p, N_("To decide"), "  ");
	v6d_paint_say(p, 19, 19, u->ask);
}

/* Advice stands last among the findings: it is no part of the verdict. */
static unsigned
n_causes(const struct v6d_diagnosis *d)
{
	unsigned n = 0;

	while (n < d->n && d->findings[n].severity > V6D_SEV_ADVICE)
		n++;
	return n;
}

/* One line each: what to do about it can wait, and explain tells it. */
static void
draw_advice(struct v6d_paint *p, const struct v6d_diagnosis *d)
{
	unsigned first = n_causes(d);

	if (first == d->n)
		return;
	v6d_paint_head(p, N_("ADVICE (\"v6doctor explain NAME\" tells more)"));
	for (unsigned i = first; i < d->n; i++) {
		const struct v6d_finding *f = &d->findings[i];
		char buf[V6D_PAGE_TITLE + 64];
		struct v6d_text t = v6d_text_like(&p->t, buf, sizeof(buf));

		v6d_page_title(f->cause, f, &t);
		v6d_text_add(&t, " [%s]", v6d_cause_name(f->cause));
		v6d_text_add(&p->t, "  - ");
		v6d_paint_wrap(p, 4, 4, buf);
	}
}

static void
draw_diagnosis(struct v6d_paint *p, const struct v6d_report *r)
{
	const struct v6d_diagnosis *d = r->diagnosis;
	char head[64];
	struct v6d_text t = v6d_text_like(&p->t, head, sizeof(head));

	unsigned n = n_causes(d);

	if (n == 0 && d->n_undecided == 0 && d->n_unexplained == 0)
		return;
	v6d_text_say(&t, "DIAGNOSIS (code %s)", d->code);
	v6d_paint_head(p, head);
	for (unsigned i = 0; i < n; i++) {
		if (i > 0)
			v6d_text_add(&p->t, "\n");
		draw_finding(p, r, i);
	}
	for (unsigned i = 0; i < d->n_undecided; i++) {
		if (i > 0 || n > 0)
			v6d_text_add(&p->t, "\n");
		draw_undecided(p, d, &d->undecided[i]);
	}
	draw_symptoms(
	    p, d, N_("Unexplained"), d->unexplained, d->n_unexplained);
}

/* ---- what could not be seen, facts ---- */

/* The stages from `first` on that are not seen for the same reason. */
static bool
same_reason(const struct v6d_report *r, int first, int i)
{
	const char *a =
	    v6d_say_not_seen(r->diagnosis, r->scope, (enum v6d_stage)first);
	const char *b =
	    v6d_say_not_seen(r->diagnosis, r->scope, (enum v6d_stage)i);

	return a && b && strcmp(a, b) == 0;
}

static void
draw_not_seen(struct v6d_paint *p, const struct v6d_report *r, int first)
{
	char buf[768];
	struct v6d_text t = v6d_text_like(&p->t, buf, sizeof(buf));

	for (int i = first; i < V6D_N_STAGES; i++)
		if (same_reason(r, first, i))
			v6d_text_add(&t, "%s%s", i > first ? ", " : "",
			    v6d_stage_name((enum v6d_stage)i));
	v6d_text_add(&t, ": ");
	v6d_text_retell(&t,
	    v6d_say_not_seen(r->diagnosis, r->scope, (enum v6d_stage)first));
	v6d_text_add(&p->t, "  ");
	v6d_paint_wrap(p, 2, 4, buf);
}

/* The tunnel's checks say how a host without these would fare. */
static void
draw_gaps(struct v6d_paint *p, const struct v6d_report *r, bool any)
{
	const char *gap;
	size_t pos = 0;

	while ((gap = v6d_say_gap(r->facts, &pos))) {
		char buf[320], what[192];
		struct v6d_text t = v6d_text_like(&p->t, buf, sizeof(buf));
		struct v6d_text w = v6d_text_like(&p->t, what, sizeof(what));

		v6d_text_retell(&w, gap);
		v6d_text_say(&t,
		    "host: its model, in which the tunnel is tried, lacks %s",
		    what);
		if (!any)
			v6d_paint_head(p, N_("NOT SEEN"));
		any = true;
		v6d_text_add(&p->t, "  ");
		v6d_paint_wrap(p, 2, 4, buf);
	}
}

static void
draw_coverage(struct v6d_paint *p, const struct v6d_report *r)
{
	bool any = false;

	for (int i = 0; i < V6D_N_STAGES; i++) {
		bool told = false;

		if (!v6d_say_not_seen(
			r->diagnosis, r->scope, (enum v6d_stage)i))
			continue;
		for (int j = 0; j < i; j++)
			told = told || same_reason(r, j, i);
		if (told)
			continue;
		if (!any)
			v6d_paint_head(p, N_("NOT SEEN"));
		any = true;
		draw_not_seen(p, r, i);
	}
	draw_gaps(p, r, any);
}

static void
draw_fact(struct v6d_paint *p, const struct v6d_obs *o)
{
	char buf[V6D_SUBJECT + V6D_WORD + 96];
	struct v6d_text t = v6d_text_like(&p->t, buf, sizeof(buf));

	v6d_text_add(&t, "%s", v6d_lang_get(t.lang, v6d_state_name(o->state)));
	if (o->word[0])
		v6d_text_add(&t, ", %s", v6d_lang_get(t.lang, o->word));
	if (o->value != V6D_NO_VALUE)
		v6d_text_add(&t, ", %lld %s", (long long)o->value,
		    v6d_lang_get(t.lang, v6d_fact_unit(o->fact)));
	if (o->high > o->low)
		v6d_text_say(&t, ", between %lld and %lld", (long long)o->low,
		    (long long)o->high);
	if (o->subject[0]) {
		v6d_text_add(&t, " (");
		v6d_text_retell(&t, o->subject);
		v6d_text_add(&t, ")");
	}
	v6d_text_add(&p->t, "  %8.3f s  %-16s ", (double)o->at / 1e9,
	    v6d_fact_name(o->fact));
	v6d_paint_wrap(p, 31, 31, buf);
}

static void
draw_traffic(struct v6d_paint *p, const struct v6d_report *r)
{
	if (r->gre_sent + r->gre_came + r->other_sent == 0)
		return;
	v6d_paint_head(p, N_("TRAFFIC"));
	v6d_text_say(&p->t, "  GRE sent %8llu packets, %10llu bytes\n",
	    (unsigned long long)r->gre_sent,
	    (unsigned long long)r->gre_sent_bytes);
	v6d_text_say(&p->t, "  GRE came %8llu packets, %10llu bytes\n",
	    (unsigned long long)r->gre_came,
	    (unsigned long long)r->gre_came_bytes);
	v6d_text_add(&p->t, "  else sent %7llu packets, %10llu bytes\n",
	    (unsigned long long)r->other_sent,
	    (unsigned long long)r->other_sent_bytes);
}

static void
draw_facts(struct v6d_paint *p, const struct v6d_facts *f)
{
	v6d_paint_head(p, N_("FACTS"));
	for (size_t i = 0; f && i < f->n; i++)
		draw_fact(p, &f->obs[i]);
}

/* All of one run, text or tunnel, but the verdict. */
static void
draw_one(struct v6d_paint *p, const struct v6d_report *r, bool verbose)
{
	/* settings and the like are of no place on the path */
	if (r->n_notes == 0 || any_seen(r->diagnosis))
		v6d_path_draw(p, r);
	draw_checks(p, r);
	if (r->n_checks == 0)
		draw_stages(p, r->diagnosis);
	v6d_position_draw(p, r);
	v6d_between_draw(p, r);
	draw_diagnosis(p, r);
	v6d_since_draw(p, r);
	draw_advice(p, r->diagnosis);
	v6d_notes_draw(p, r);
	draw_coverage(p, r);
	if (r->view && r->tunnels.n < 2)
		v6d_timeline_draw(p, r->view);
	if (verbose) {
		draw_traffic(p, r);
		draw_facts(p, r->facts);
	}
}

char *
v6d_report_text(const struct v6d_report *r, enum v6d_color color, bool verbose)
{
	struct v6d_paint p = { .color = color == V6D_COLOR_ALWAYS,
		.columns = r->columns };

	p.t = v6d_render_start(r->lang);
	if (!p.t.p)
		return NULL;
	if (r->tunnels.n > 1)
		draw_tunnels(&p, r, verbose);
	else
		draw_verdict(&p, r->diagnosis);
	if (r->tunnels.n <= V6D_TUNNELS_FEW)
		draw_one(&p, r, verbose);
	return v6d_render_end(&p.t);
}
