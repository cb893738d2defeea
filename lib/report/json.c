/* SPDX-License-Identifier: GPL-2.0-or-later */
/* json.c - a run as one JSON document, schema v6doctor/1 (docs/json.md). */
#include "report/report.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/wire.h"
#include "report/notes.h"
#include "report/page.h"
#include "report/render.h"
#include "report/say.h"
#include "report/since.h"

/* Text that may hold bytes of a stranger: jansson takes UTF-8 only. */
static json_t *
string(const char *s)
{
	json_t *j = json_string(s);
	char clean[V6D_SUBJECT * 2];
	struct v6d_text t = v6d_text_to(clean, sizeof(clean));

	if (j)
		return j;
	v6d_text_add_foreign(&t, (const uint8_t *)s, strlen(s));
	return json_string(clean);
}

/* A text in the document's language, empty. */
static struct v6d_text
text_in(const struct v6d_report *r, char *buf, size_t cap)
{
	struct v6d_text t = v6d_text_to(buf, cap);

	t.lang = r->lang;
	return t;
}

/* An English sentence that was finished elsewhere. */
static json_t *
retold(const struct v6d_report *r, const char *sentence)
{
	char buf[1024];
	struct v6d_text t = text_in(r, buf, sizeof(buf));

	v6d_text_retell(&t, sentence);
	return string(buf);
}

static json_t *
string_or_null(const char *s)
{
	return s && s[0] ? string(s) : json_null();
}

/* ---- diagnosis ---- */

static json_t *
symptom_names(const enum v6d_symptom *s, unsigned n)
{
	json_t *a = json_array();

	for (unsigned i = 0; i < n; i++)
		json_array_append_new(a, string(v6d_symptom_name(s[i])));
	return a;
}

static json_t *
where(const struct v6d_report *r, const struct v6d_finding *f)
{
	const char *after, *before;
	json_t *o = json_object();

	v6d_say_where(r, f, &after, &before);
	json_object_set_new(o, "after", string_or_null(after));
	json_object_set_new(o, "before", string_or_null(before));
	json_object_set_new(o, "direction", string_or_null(f->direction));
	return o;
}

static json_t *
values(const struct v6d_finding *f)
{
	json_t *o = json_object();

	if (f->value_name)
		json_object_set_new(o, f->value_name, json_integer(f->value));
	if (f->value2_name)
		json_object_set_new(o, f->value2_name, json_integer(f->value2));
	if (f->word[0])
		json_object_set_new(o, "text", string(f->word));
	return o;
}

static json_t *
remedy(const struct v6d_report *r, const struct v6d_finding *f)
{
	const char *page = v6d_page_of(f->cause, r->lang);
	json_t *a = json_array();

	for (unsigned i = 0; page && i < V6D_PAGE_ITEMS; i++) {
		char buf[V6D_PAGE_ITEM];
		struct v6d_text t = text_in(r, buf, sizeof(buf));

		if (!v6d_page_remedy(page, i, f, &t))
			break;
		json_array_append_new(a, string(buf));
	}
	return a;
}

static json_t *
title(const struct v6d_report *r, const struct v6d_finding *f)
{
	char buf[V6D_PAGE_TITLE];
	struct v6d_text t = text_in(r, buf, sizeof(buf));

	v6d_page_title(f->cause, f, &t);
	return string(buf);
}

static json_t *
finding(const struct v6d_report *r, const struct v6d_finding *f)
{
	json_t *o = json_object();

	json_object_set_new(o, "cause", string(v6d_cause_name(f->cause)));
	json_object_set_new(o, "code", string(v6d_cause_code(f->cause)));
	json_object_set_new(
	    o, "severity", string(v6d_severity_name(f->severity)));
	json_object_set_new(
	    o, "certainty", string(v6d_certainty_name(f->certainty)));
	json_object_set_new(
	    o, "layer", string(v6d_layer_name(v6d_cause_layer(f->cause))));
	json_object_set_new(o, "title", title(r, f));
	json_object_set_new(o, "where", where(r, f));
	json_object_set_new(o, "values", values(f));
	json_object_set_new(
	    o, "evidence", symptom_names(f->evidence, f->n_evidence));
	json_object_set_new(o, "consequences",
	    symptom_names(f->consequences, f->n_consequences));
	json_object_set_new(o, "remedy", remedy(r, f));
	return o;
}

/* Advice is what does not make the verdict; the rest is the diagnosis. */
static json_t *
findings(const struct v6d_report *r, const struct v6d_diagnosis *d, bool advice)
{
	json_t *a = json_array();

	for (unsigned i = 0; i < d->n; i++) {
		const struct v6d_finding *f = &d->findings[i];
		json_t *o;

		if ((f->severity == V6D_SEV_ADVICE) != advice)
			continue;
		o = finding(r, f);
		if (advice)
			json_object_set_new(
			    o, "id", string(v6d_cause_name(f->cause)));
		json_array_append_new(a, o);
	}
	return a;
}

static json_t *
why(const struct v6d_report *r, const struct v6d_diagnosis *d,
    const struct v6d_undecided *u)
{
	char buf[1024];
	struct v6d_text t = text_in(r, buf, sizeof(buf));

	v6d_text_say(&t, "each would explain: ");
	for (unsigned i = 0; i < u->n_evidence; i++) {
		v6d_text_add(&t, "%s", i ? "; " : "");
		v6d_say_symptom(&t, &d->symptoms, u->evidence[i]);
	}
	return string(buf);
}

static json_t *
undecided(const struct v6d_report *r, const struct v6d_diagnosis *d)
{
	json_t *a = json_array();

	for (unsigned i = 0; i < d->n_undecided; i++) {
		const struct v6d_undecided *u = &d->undecided[i];
		json_t *o = json_object(), *between = json_array();

		for (unsigned j = 0; j < u->n; j++)
			json_array_append_new(
			    between, string(v6d_cause_name(u->between[j])));
		json_object_set_new(o, "between", between);
		json_object_set_new(o, "ask", retold(r, u->ask));
		json_object_set_new(o, "why", why(r, d, u));
		json_object_set_new(
		    o, "evidence", symptom_names(u->evidence, u->n_evidence));
		json_array_append_new(a, o);
	}
	return a;
}

static void
add_diagnosis(
    json_t *o, const struct v6d_report *r, const struct v6d_diagnosis *d)
{
	json_object_set_new(o, "verdict", string(v6d_verdict_name(d->verdict)));
	json_object_set_new(o, "code", string(d->code));
	json_object_set_new(o, "diagnosis", findings(r, d, false));
	json_object_set_new(o, "undecided", undecided(r, d));
	json_object_set_new(
	    o, "unexplained", symptom_names(d->unexplained, d->n_unexplained));
	json_object_set_new(o, "advice", findings(r, d, true));
}

/* ---- the rest ---- */

static json_t *
coverage(const struct v6d_report *r)
{
	const struct v6d_diagnosis *d = r->diagnosis;
	json_t *o = json_object(), *seen = json_array(), *not = json_array();
	json_t *lacks = json_array();
	const char *gap;
	size_t pos = 0;

	for (int i = 0; i < V6D_N_STAGES; i++) {
		const char *name = v6d_stage_name((enum v6d_stage)i);
		const char *no =
		    v6d_say_not_seen(d, r->scope, (enum v6d_stage)i);
		json_t *n;

		if (!no) {
			json_array_append_new(seen, string(name));
			continue;
		}
		n = json_object();
		json_object_set_new(n, "stage", string(name));
		json_object_set_new(n, "why", retold(r, no));
		json_array_append_new(not, n);
	}
	json_object_set_new(o, "seen", seen);
	json_object_set_new(o, "not_seen", not );
	while ((gap = v6d_say_gap(r->facts, &pos)))
		json_array_append_new(lacks, retold(r, gap));
	json_object_set_new(o, "model_lacks", lacks);
	return o;
}

static json_t *
since(const struct v6d_report *r)
{
	const struct v6d_report_since *s = r->since;
	json_t *o = json_object(), *a = json_array();
	char buf[3 * V6D_SINCE_TEXT];
	struct v6d_text t = text_in(r, buf, sizeof(buf));

	v6d_say_time(&t, s->started_unix_ms);
	json_object_set_new(o, "started", string(buf));
	for (unsigned i = 0; i < s->n; i++) {
		const struct v6d_report_change *c = &s->changes[i];
		json_t *k = json_object();

		json_object_set_new(k, "what", string(c->name));
		json_object_set_new(k, "before", string_or_null(c->was));
		json_object_set_new(k, "after", string_or_null(c->is));
		json_object_set_new(k, "result", json_boolean(c->result));
		t = text_in(r, buf, sizeof(buf));
		v6d_since_line(&t, c);
		json_object_set_new(k, "text", string(buf));
		json_array_append_new(a, k);
	}
	json_object_set_new(o, "changes", a);
	t = text_in(r, buf, sizeof(buf));
	v6d_since_follows(&t, s);
	json_object_set_new(o, "text", string(buf));
	return o;
}

static json_t *
checks(const struct v6d_report *r)
{
	json_t *a = json_array();

	for (size_t i = 0; i < r->n_checks; i++) {
		const struct v6d_check *c = &r->checks[i];
		json_t *o = json_object();

		json_object_set_new(o, "probe", string(c->probe));
		json_object_set_new(o, "status", string(c->status));
		json_object_set_new(o, "summary", retold(r, c->summary));
		json_object_set_new(o, "ms", json_integer(c->ms));
		json_array_append_new(a, o);
	}
	return a;
}

static json_t *
facts(const struct v6d_facts *f)
{
	json_t *a = json_array();

	for (size_t i = 0; f && i < f->n; i++) {
		const struct v6d_obs *b = &f->obs[i];
		json_t *o = json_object();

		json_object_set_new(o, "name", string(v6d_fact_name(b->fact)));
		json_object_set_new(o, "subject", string(b->subject));
		json_object_set_new(
		    o, "state", string(v6d_state_name(b->state)));
		json_object_set_new(o, "word", string_or_null(b->word));
		json_object_set_new(o, "value",
		    b->value == V6D_NO_VALUE ? json_null()
					     : json_integer(b->value));
		if (b->high > b->low) {
			json_object_set_new(o, "low", json_integer(b->low));
			json_object_set_new(o, "high", json_integer(b->high));
		}
		json_object_set_new(o, "unit", string(v6d_fact_unit(b->fact)));
		json_object_set_new(o, "source", string(b->source));
		json_object_set_new(
		    o, "at_ms", json_integer((json_int_t)(b->at / V6D_MS(1))));
		json_array_append_new(a, o);
	}
	return a;
}

/* Of a capture with many tunnels each is told in short. */
#define WHOLE_MAX 64

static json_t *
tunnel(const struct v6d_report *r, size_t i)
{
	bool whole = r->tunnels.n <= WHOLE_MAX;
	struct v6d_report own = { .lang = r->lang }; /* its ends */
	struct v6d_report_tunnel t;
	json_t *o = json_object();
	char id[24];

	r->tunnels.get(r->tunnels.arg, i, whole, &t);
	snprintf(id, sizeof(id), "%zu", t.number);
	memcpy(own.client, t.client, sizeof(own.client));
	memcpy(own.server, t.server, sizeof(own.server));
	json_object_set_new(o, "id", string(id));
	json_object_set_new(o, "client", string(t.client));
	json_object_set_new(o, "server", string(t.server));
	json_object_set_new(o, "began_ms", json_integer(t.began_ms));
	json_object_set_new(
	    o, "seen_from", string(v6d_seen_from_name(t.position.from)));
	if (whole && t.diagnosis) {
		add_diagnosis(o, &own, t.diagnosis);
		json_object_set_new(o, "facts", facts(t.facts));
		return o;
	}
	json_object_set_new(o, "verdict", string(v6d_verdict_name(t.verdict)));
	json_object_set_new(o, "code", string(t.code));
	return o;
}

/* ---- several captures of one session ---- */

static json_t *
places(const struct v6d_report *r)
{
	json_t *a = json_array();

	for (size_t i = 0; i < r->n_places; i++) {
		const struct v6d_report_place *p = &r->places[i];
		json_t *o = json_object();

		json_object_set_new(o, "name", string(p->name));
		json_object_set_new(o, "seen_from",
		    string(v6d_seen_from_name(p->position.from)));
		json_object_set_new(
		    o, "verdict", string(v6d_verdict_name(p->verdict)));
		json_object_set_new(o, "code", string(p->code));
		json_array_append_new(a, o);
	}
	return a;
}

static json_t *
bytes_or_null(unsigned n)
{
	return n > 0 ? json_integer(n) : json_null();
}

static json_t *
crossing(const struct v6d_crossing *w)
{
	json_t *o = json_object();

	json_object_set_new(o, "sent", json_integer(w->sent));
	json_object_set_new(o, "lost", json_integer(w->lost));
	json_object_set_new(o, "stray", json_integer(w->stray));
	json_object_set_new(
	    o, "largest_passed", bytes_or_null(w->largest_passed));
	json_object_set_new(
	    o, "smallest_lost", bytes_or_null(w->smallest_lost));
	json_object_set_new(o, "largest_lost", bytes_or_null(w->largest_lost));
	return o;
}

static json_t *
crossings(const struct v6d_crossing *ways)
{
	json_t *o = json_object();

	json_object_set_new(o, "out", crossing(&ways[V6D_DIR_OUT]));
	json_object_set_new(o, "in", crossing(&ways[V6D_DIR_IN]));
	return o;
}

static json_t *
clock_of(const struct v6d_between *s)
{
	json_t *o = json_object();

	json_object_set_new(o, "far_ahead_min_us",
	    s->clock_known ? json_integer(s->ahead_min / 1000) : json_null());
	json_object_set_new(o, "far_ahead_max_us",
	    s->clock_known ? json_integer(s->ahead_max / 1000) : json_null());
	json_object_set_new(o, "drifts", json_boolean(s->drifts));
	return o;
}

static json_t *
between(const struct v6d_report *r)
{
	json_t *a = json_array();

	for (size_t i = 0; i < r->n_between; i++) {
		const struct v6d_report_between *b = &r->between[i];
		json_t *o = json_object();

		json_object_set_new(o, "near", string(b->near_name));
		json_object_set_new(o, "far", string(b->far_name));
		json_object_set_new(o, "order_known", json_boolean(b->ordered));
		json_object_set_new(o, "partial", json_boolean(b->partial));
		json_object_set_new(o, "in_both", json_integer(b->seen.n_both));
		json_object_set_new(o, "clock", clock_of(&b->seen));
		json_object_set_new(
		    o, "control", crossings(b->seen.way[V6D_PASS_CONTROL]));
		json_object_set_new(
		    o, "gre", crossings(b->seen.way[V6D_PASS_GRE]));
		json_array_append_new(a, o);
	}
	return a;
}

static json_t *
source(const struct v6d_report *r)
{
	json_t *o = json_object();

	json_object_set_new(o, "kind", string(r->source_kind));
	json_object_set_new(o, "name", string_or_null(r->source_name));
	json_object_set_new(o, "client", string_or_null(r->client));
	json_object_set_new(o, "server", string_or_null(r->server));
	if (r->tunnel > 0) {
		json_object_set_new(
		    o, "tunnel", json_integer((json_int_t)r->tunnel));
		json_object_set_new(
		    o, "tunnels", json_integer((json_int_t)r->n_in_capture));
		json_object_set_new(o, "seen_from",
		    string(v6d_seen_from_name(r->position.from)));
	}
	return o;
}

/* What a run itself put on the line. */
static json_t *
traffic(const struct v6d_report *r)
{
	json_t *o = json_object();

	json_object_set_new(
	    o, "gre_sent", json_integer((json_int_t)r->gre_sent));
	json_object_set_new(
	    o, "gre_sent_bytes", json_integer((json_int_t)r->gre_sent_bytes));
	json_object_set_new(
	    o, "gre_came", json_integer((json_int_t)r->gre_came));
	json_object_set_new(
	    o, "gre_came_bytes", json_integer((json_int_t)r->gre_came_bytes));
	json_object_set_new(
	    o, "other_sent", json_integer((json_int_t)r->other_sent));
	json_object_set_new(o, "other_sent_bytes",
	    json_integer((json_int_t)r->other_sent_bytes));
	return o;
}

static json_t *
document(const struct v6d_report *r)
{
	json_t *o = json_object();
	char started[32];
	struct v6d_text t = v6d_text_to(started, sizeof(started));

	v6d_say_time(&t, r->started_unix_ms);
	json_object_set_new(o, "schema", string("v6doctor/1"));
	json_object_set_new(o, "version", string(r->version));
	json_object_set_new(o, "language", string(v6d_lang_tag(r->lang)));
	json_object_set_new(o, "started", string(started));
	json_object_set_new(o, "duration_ms", json_integer(r->duration_ms));
	json_object_set_new(o, "source", source(r));
	add_diagnosis(o, r, r->diagnosis);
	json_object_set_new(o, "coverage", coverage(r));
	json_object_set_new(o, "checks", checks(r));
	json_object_set_new(o, "facts", facts(r->facts));
	if (r->since)
		json_object_set_new(o, "since_last_good", since(r));
	if (r->gre_sent + r->gre_came + r->other_sent > 0)
		json_object_set_new(o, "traffic", traffic(r));
	if (r->n_places > 1) {
		json_object_set_new(o, "places", places(r));
		json_object_set_new(o, "between", between(r));
	}
	v6d_notes_json(o, r);
	return o;
}

/* Text that grows; p is NULL at first. */
struct growing {
	char *p;
	size_t len;
};

/* False: no memory. */
static bool
append_text(struct growing *g, const char *s)
{
	size_t n = strlen(s);
	char *more = realloc(g->p, g->len + n + 1);

	if (!more)
		return false;
	memcpy(more + g->len, s, n + 1);
	g->p = more;
	g->len += n;
	return true;
}

/* Appends o; takes it. */
static bool
append(struct growing *g, json_t *o, size_t flags)
{
	char *part = json_dumps(o, flags | JSON_PRESERVE_ORDER);
	bool ok = part && append_text(g, part);

	free(part);
	json_decref(o);
	return ok;
}

/* There can be many of them: each is made, written and forgotten. */
static bool
append_tunnels(struct growing *g, const struct v6d_report *r)
{
	bool ok = append_text(g, ",\n  \"tunnels\": [");

	for (size_t i = 0; ok && i < r->tunnels.n; i++)
		ok = append_text(g, i ? ",\n    " : "\n    ") &&
		     append(g, tunnel(r, i), JSON_COMPACT);
	return ok && append_text(g, r->tunnels.n ? "\n  ]\n}\n" : "]\n}\n");
}

char *
v6d_report_json(const struct v6d_report *r)
{
	struct growing g = { 0 };
	bool ok = append(&g, document(r), JSON_INDENT(2));

	if (ok) {
		g.len -= strlen("\n}"); /* the tunnels come last */
		ok = append_tunnels(&g, r);
	}
	if (!ok)
		free(g.p);
	return ok ? g.p : NULL;
}

/* ---- a line for each thing ---- */

/* What is a list in the document, and what one of it is called. */
static const struct {
	const char *list, *one;
} lists[] = {
	{ "checks", "check" },
	{ "facts", "fact" },
	{ "diagnosis", "finding" },
	{ "undecided", "undecided" },
	{ "advice", "advice" },
};

/* o with "type" before its own keys, as one line; takes it. */
static bool
append_line(struct growing *g, const char *type, json_t *o)
{
	json_t *line = json_object();

	json_object_set_new(line, "type", string(type));
	json_object_update(line, o);
	json_decref(o);
	return append(g, line, JSON_COMPACT) && append_text(g, "\n");
}

char *
v6d_render_jsonl(const struct v6d_report *r, struct v6d_format_how *h)
{
	json_t *o = document(r), *list[V6D_ARRAY_LEN(lists)];
	struct growing g = { 0 };
	size_t i, j;
	bool ok;

	(void)h;
	for (i = 0; i < V6D_ARRAY_LEN(lists); i++) {
		list[i] = json_incref(json_object_get(o, lists[i].list));
		json_object_del(o, lists[i].list);
	}
	ok = append_line(&g, "run", o);
	for (i = 0; i < V6D_ARRAY_LEN(lists); i++) {
		for (j = 0; ok && j < json_array_size(list[i]); j++)
			ok = append_line(&g, lists[i].one,
			    json_incref(json_array_get(list[i], j)));
		json_decref(list[i]);
	}
	for (i = 0; ok && i < r->tunnels.n; i++)
		ok = append_line(&g, "tunnel", tunnel(r, i));
	if (!ok)
		free(g.p);
	return ok ? g.p : NULL;
}
