/* SPDX-License-Identifier: GPL-2.0-or-later */
/* say.c - symptoms, coverage and times in words. */
#include "report/say.h"

#include <string.h>

#include "base/wire.h"
#include "report/page.h"

static const struct {
	enum v6d_symptom sym;
	const char *word, *sentence;
} table[] = {
#define WORDS(sym, word, sentence) { V6D_SYM_##sym, word, sentence },
#include "report/words.def"
#undef WORDS
};

const char *
v6d_say_of(enum v6d_symptom sym, const char *word)
{
	for (size_t i = 0; i < V6D_ARRAY_LEN(table); i++)
		if (table[i].sym == sym && strcmp(table[i].word, word) == 0)
			return table[i].sentence;
	return NULL;
}

static bool
starts(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

static void
tenths(struct v6d_text *t, int64_t n)
{
	v6d_text_add(t, "%lld", (long long)(n / 10));
	if (n % 10)
		v6d_text_add(t, ".%lld", (long long)(n % 10));
}

/* A rate in per mille, and where the true one lies. */
static void
percent(struct v6d_text *t, const struct v6d_obs *o)
{
	bool between = o->high > o->low;

	if (between)
		v6d_text_say(t, "about ");
	tenths(t, o->value);
	v6d_text_add(t, " %%");
	if (!between)
		return;
	v6d_text_add(t, " (");
	tenths(t, o->low);
	v6d_text_add(t, "-");
	tenths(t, o->high);
	v6d_text_add(t, " %%)");
}

/* Fills one {value|words}, {percent|words} or {subject|words}. */
static void
fill(struct v6d_text *t, const char *s, const struct v6d_obs *o)
{
	const char *bar = strchr(s, '|');
	size_t n = strcspn(bar, "}") - 1;

	if (o && starts(s, "{percent|") && o->value != V6D_NO_VALUE)
		percent(t, o);
	else if (o && starts(s, "{value|") && o->value != V6D_NO_VALUE)
		v6d_text_add(t, "%lld", (long long)o->value);
	else if (o && starts(s, "{subject|") && o->subject[0])
		v6d_text_add(t, "%s", o->subject);
	else
		v6d_text_add(t, "%.*s", (int)n, bar + 1);
}

void
v6d_say_symptom(
    struct v6d_text *t, const struct v6d_symptoms *s, enum v6d_symptom sym)
{
	const char *word = v6d_symptom_word(sym, s->v[sym]);
	const char *p = v6d_say_of(sym, word);

	if (!p) {
		const struct v6d_obs *o = s->from[sym];

		v6d_text_add(t, "%s: %s", v6d_symptom_name(sym),
		    s->v[sym] == V6D_SYM_OTHER && o && o->word[0] ? o->word
								  : word);
		return;
	}
	for (p = v6d_lang_get(t->lang, p); *p; p++) {
		if (*p != '{') {
			v6d_text_add(t, "%c", *p);
			continue;
		}
		fill(t, p, s->from[sym]);
		p = strchr(p, '}');
	}
}

static bool
has_finding(const struct v6d_diagnosis *d)
{
	return d->n > 0 && d->findings[0].severity > V6D_SEV_ADVICE;
}

static bool
any_passed(const struct v6d_diagnosis *d)
{
	for (int i = 0; i < V6D_N_STAGES; i++)
		if (d->passed[i])
			return true;
	return false;
}

void
v6d_say_verdict(struct v6d_text *t, const struct v6d_diagnosis *d)
{
	char title[V6D_PAGE_TITLE];
	struct v6d_text tt = v6d_text_like(t, title, sizeof(title));

	if (has_finding(d))
		v6d_page_title(d->findings[0].cause, &d->findings[0], &tt);
	switch (d->verdict) {
	case V6D_VERDICT_HEALTHY:
		v6d_text_say(t, "Everything that was looked at works.");
		return;
	case V6D_VERDICT_DEGRADED:
		/* where nothing was seen to work, that is not said */
		if (!has_finding(d))
			v6d_text_say(&tt, "see the findings");
		if (any_passed(d))
			v6d_text_say(t, "It works, but: %s.", title);
		else
			v6d_text_say(t, "At risk: %s.", title);
		return;
	case V6D_VERDICT_FAULTY:
		/* a warning beside it is not what it is about */
		if (has_finding(d) &&
		    (d->findings[0].severity == V6D_SEV_FAULT ||
			d->n_undecided == 0))
			v6d_text_say(t, "%s.", title);
		else if (d->n_undecided > 0)
			v6d_text_say(t,
			    "There is a fault. %u causes would "
			    "explain it; one more check decides.",
			    d->undecided[0].n);
		else
			v6d_text_say(t, "Something is wrong that no known "
					"cause explains.");
		return;
	case V6D_VERDICT_UNDETERMINED:
		v6d_text_say(t, "No fault showed, but not everything could "
				"be looked at.");
		return;
	}
}

const char *
v6d_say_gap(const struct v6d_facts *f, size_t *pos)
{
	while (f && *pos < f->n) {
		const struct v6d_obs *o = &f->obs[(*pos)++];

		if (o->fact == V6D_FACT_HOST_MODEL && o->state == V6D_UNKNOWN)
			return o->subject;
	}
	return NULL;
}

const char *
v6d_say_not_seen(const struct v6d_diagnosis *d, const struct v6d_scope *scope,
    enum v6d_stage stage)
{
	if (d->seen[stage])
		return NULL;
	if (scope && !scope->can[stage])
		return scope->why_not[stage]
			   ? scope->why_not[stage]
			   : N_("this source does not show it");
	return N_("nothing was seen: what comes before failed, or the check "
		  "could not be finished");
}

void
v6d_say_where(const struct v6d_report *r, const struct v6d_finding *f,
    const char **ret_after, const char **ret_before)
{
	bool leg = v6d_cause_layer(f->cause) == V6D_LAYER_GRE;

	*ret_after = f->after[0] || !leg ? f->after : r->client;
	*ret_before = f->before[0] || !leg ? f->before : r->server;
}

void
v6d_say_place(
    struct v6d_text *t, const struct v6d_report *r, const struct v6d_finding *f)
{
	const char *after, *before;

	v6d_say_where(r, f, &after, &before);
	if (after[0] && before[0])
		v6d_text_say(t, "between %s and %s", after, before);
	else if (before[0])
		v6d_text_say(t, "at %s, or before it", before);
	else if (after[0])
		v6d_text_say(t, "somewhere after %s", after);
	if (f->direction && strcmp(f->direction, "unknown") != 0)
		v6d_text_add(t, "%s%s",
		    t->len ? v6d_lang_get(t->lang, ", ") : "",
		    v6d_lang_get(t->lang, strcmp(f->direction, "in") == 0
					      ? "towards this host"
					  : strcmp(f->direction, "out") == 0
					      ? "towards the server"
					      : "in both directions"));
}

/* Days since 1970-01-01 to a date (proleptic Gregorian, March first). */
static void
date(int64_t days, int64_t *ret_y, int64_t *ret_m, int64_t *ret_d)
{
	int64_t z = days + 719468; /* since 0000-03-01 */
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	*ret_d = doy - (153 * mp + 2) / 5 + 1;
	*ret_m = mp < 10 ? mp + 3 : mp - 9;
	*ret_y = yoe + era * 400 + (*ret_m <= 2);
}

/* A date and a time of day with something between; returns milliseconds. */
static unsigned
say_clock(struct v6d_text *t, int64_t unix_ms, char between)
{
	int64_t day_ms = 86400000, days = unix_ms / day_ms;
	int64_t ms = unix_ms % day_ms, y, m, d;

	if (ms < 0) {
		ms += day_ms;
		days--;
	}
	date(days, &y, &m, &d);
	v6d_text_add(t, "%04lld-%02lld-%02lld%c%02lld:%02lld:%02lld",
	    (long long)y, (long long)m, (long long)d, between,
	    (long long)(ms / 3600000), (long long)(ms / 60000 % 60),
	    (long long)(ms / 1000 % 60));
	return (unsigned)(ms % 1000);
}

void
v6d_say_time(struct v6d_text *t, int64_t unix_ms)
{
	v6d_text_add(t, ".%03uZ", say_clock(t, unix_ms, 'T'));
}

void
v6d_say_when(struct v6d_text *t, int64_t unix_ms)
{
	say_clock(t, unix_ms, ' ');
	v6d_text_add(t, " UTC");
}
