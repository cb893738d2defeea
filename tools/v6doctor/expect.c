/* SPDX-License-Identifier: GPL-2.0-or-later */
/* expect.c - a diagnosis against the lines of a .expect file, and as these. */
#include "expect.h"

#include <string.h>

#include "regress_text.h"

const struct v6d_item v6d_expect_items[] = {
	{ "verdict VERDICT",
	    N_("healthy, degraded, faulty, undetermined or no-session") },
	{ "cause NAME", N_("the first cause; none") },
	{ "certainty WORD",
	    N_("of the first cause: certain, likely, possible") },
	{ "undecided NAME...", N_("all of these are among the candidates") },
	{ "value NAME NUMBER", N_("of the first cause") },
	{ "direction WORD", N_("of the first cause: in, out, both, unknown") },
	{ "sessions N", N_("sessions in the capture") },
	{ "# anything", N_("why it is expected") },
	{ NULL, NULL },
};

static const struct v6d_finding *
first_finding(const struct v6d_expect_of *of)
{
	return of->d && of->d->n > 0 ? &of->d->findings[0] : NULL;
}

static bool
is_candidate(const struct v6d_diagnosis *d, const char *name)
{
	for (unsigned i = 0; d && i < d->n_undecided; i++)
		for (unsigned k = 0; k < d->undecided[i].n; k++)
			if (strcmp(v6d_cause_name(d->undecided[i].between[k]),
				name) == 0)
				return true;
	return false;
}

static void
list_candidates(const struct v6d_diagnosis *d, struct v6d_text *t)
{
	for (unsigned i = 0; d && i < d->n_undecided; i++)
		for (unsigned k = 0; k < d->undecided[i].n; k++)
			v6d_text_add(t, " %s",
			    v6d_cause_name(d->undecided[i].between[k]));
}

/* ---- what is so ---- */

static void
verdict_now(const struct v6d_expect_of *of, struct v6d_text *t)
{
	v6d_text_add(
	    t, "%s", of->d ? v6d_verdict_name(of->d->verdict) : "no-session");
}

static void
cause_now(const struct v6d_expect_of *of, struct v6d_text *t)
{
	const struct v6d_finding *f = first_finding(of);

	if (f)
		v6d_text_add(t, "%s", v6d_cause_name(f->cause));
}

static void
certainty_now(const struct v6d_expect_of *of, struct v6d_text *t)
{
	const struct v6d_finding *f = first_finding(of);

	if (f)
		v6d_text_add(t, "%s", v6d_certainty_name(f->certainty));
}

static void
undecided_now(const struct v6d_expect_of *of, struct v6d_text *t)
{
	char list[V6D_EXPECT_LINE] = "";
	struct v6d_text l = v6d_text_to(list, sizeof(list));

	list_candidates(of->d, &l);
	v6d_text_add(t, "%s", l.len > 0 ? list + 1 : "");
}

static void
value_now(const struct v6d_expect_of *of, struct v6d_text *t)
{
	const struct v6d_finding *f = first_finding(of);

	if (f && f->value_name)
		v6d_text_add(t, "%s %lld", f->value_name, (long long)f->value);
}

static void
direction_now(const struct v6d_expect_of *of, struct v6d_text *t)
{
	const struct v6d_finding *f = first_finding(of);

	if (f && f->direction)
		v6d_text_add(t, "%s", f->direction);
}

static void
sessions_now(const struct v6d_expect_of *of, struct v6d_text *t)
{
	if (!of->text)
		v6d_text_add(t, "%zu", of->sessions);
}

/* ---- against what is expected ---- */

static void
compare(struct v6d_text *t, const char *what, const char *want, const char *got)
{
	if (strcmp(want, got) != 0)
		v6d_text_add(t, "    %s: expected %s, got %s\n", what, want,
		    got[0] ? got : "none");
}

static void
compare_cause(
    const struct v6d_expect_of *of, const char *want, struct v6d_text *t)
{
	const struct v6d_finding *f = first_finding(of);
	char buf[V6D_EXPECT_LINE];
	struct v6d_text got = v6d_text_to(buf, sizeof(buf));

	if (!f && strcmp(want, "none") == 0)
		return;
	v6d_text_add(&got, "%s", f ? v6d_cause_name(f->cause) : "none");
	if (!f && of->d && of->d->n_undecided > 0) {
		v6d_text_add(&got, ", undecided between");
		list_candidates(of->d, &got);
	}
	compare(t, "cause", want, buf);
}

/* All that are named must be there; there may be more. */
static void
compare_undecided(
    const struct v6d_expect_of *of, char *want, struct v6d_text *t)
{
	char buf[V6D_EXPECT_LINE] = "", *save = NULL;
	struct v6d_text got = v6d_text_to(buf, sizeof(buf));

	list_candidates(of->d, &got);
	for (char *n = strtok_r(want, " ", &save); n;
	     n = strtok_r(NULL, " ", &save))
		if (!is_candidate(of->d, n))
			v6d_text_add(t,
			    N_("    undecided: expected %s among them, "
			       "got%s\n"),
			    n, buf[0] ? buf : " none");
}

static const struct {
	const char *key;
	void (*now)(const struct v6d_expect_of *of, struct v6d_text *t);
	bool of_cause; /* said of the first cause */
} keys[] = {
	{ "verdict", verdict_now, false },
	{ "cause", cause_now, true },
	{ "certainty", certainty_now, true },
	{ "undecided", undecided_now, false },
	{ "value", value_now, true },
	{ "direction", direction_now, true },
	{ "sessions", sessions_now, false },
};
#define N_KEYS (sizeof(keys) / sizeof(keys[0]))

static size_t
key_of(const char *line)
{
	size_t n = strcspn(line, " "), i;

	for (i = 0; i < N_KEYS; i++)
		if (strncmp(keys[i].key, line, n) == 0 &&
		    keys[i].key[n] == '\0')
			break;
	return i;
}

bool
v6d_expect_line(const struct v6d_expect_of *of, char *line, struct v6d_text *t)
{
	size_t i = key_of(line);
	char *want = strchr(line, ' '), got[V6D_EXPECT_LINE] = "";
	struct v6d_text now = v6d_text_to(got, sizeof(got));

	if (!want || (i == N_KEYS && !of->text))
		return false;
	if (i == N_KEYS)
		return v6d_regress_text_line(of->text, line, t);
	want++;
	if (keys[i].now == cause_now)
		compare_cause(of, want, t);
	else if (keys[i].now == undecided_now)
		compare_undecided(of, want, t);
	else {
		keys[i].now(of, &now);
		compare(t, keys[i].key, want, got);
	}
	return true;
}

void
v6d_expect_compare(FILE *f, const struct v6d_expect_of *of, struct v6d_text *t)
{
	char line[V6D_EXPECT_LINE], as_it_was[V6D_EXPECT_LINE];
	unsigned n = 0, said = 0;

	while (fgets(line, sizeof(line), f)) {
		n++;
		line[strcspn(line, "\r\n")] = '\0';
		if (line[0] == '\0' || line[0] == '#')
			continue;
		said++;
		memcpy(as_it_was, line, sizeof(line));
		if (!v6d_expect_line(of, line, t))
			v6d_text_add(t,
			    N_("    line %u of the .expect file is not "
			       "understood: %s\n"),
			    n, as_it_was);
	}
	if (said == 0)
		v6d_text_add(
		    t, "%s", N_("    the .expect file expects nothing\n"));
}

/* ---- as lines ---- */

/* Advice stands first where there is nothing else: that is no cause. */
static bool
has_cause(const struct v6d_expect_of *of)
{
	const struct v6d_finding *f = first_finding(of);

	return f && f->severity > V6D_SEV_ADVICE;
}

/* What has no cause may have candidates, and the other way round. */
static size_t
instead(const struct v6d_expect_of *of, size_t i)
{
	if (keys[i].now == cause_now && !has_cause(of))
		return key_of("undecided");
	if (keys[i].now == undecided_now && (!of->d || of->d->n_undecided == 0))
		return key_of("cause");
	return i;
}

static void
add_line(const struct v6d_expect_of *of, size_t i, struct v6d_text *ret)
{
	char now[V6D_EXPECT_LINE] = "";
	struct v6d_text t = v6d_text_to(now, sizeof(now));

	if (keys[i].of_cause && !has_cause(of))
		return;
	keys[i].now(of, &t);
	if (now[0])
		v6d_text_add(ret, "%s %s\n", keys[i].key, now);
}

bool
v6d_expect_now(
    const struct v6d_expect_of *of, const char *key, struct v6d_text *ret)
{
	size_t i = key_of(key);

	if (i == N_KEYS)
		return false;
	add_line(of, instead(of, i), ret);
	return true;
}

void
v6d_expect_all(const struct v6d_expect_of *of, struct v6d_text *ret)
{
	for (size_t i = 0; i < N_KEYS; i++)
		add_line(of, i, ret);
}
