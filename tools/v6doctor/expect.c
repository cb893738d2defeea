/* SPDX-License-Identifier: GPL-2.0-or-later */
/* expect.c - a diagnosis against the lines of a .expect file. */
#include "expect.h"

#include <string.h>

static const char *
verdict_of(const struct v6d_diagnosis *d)
{
	return d ? v6d_verdict_name(d->verdict) : "no-session";
}

static const struct v6d_finding *
first_finding(const struct v6d_diagnosis *d)
{
	return d && d->n > 0 ? &d->findings[0] : NULL;
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

/* ---- against what is expected ---- */

static void
compare(struct v6d_text *t, const char *what, const char *want, const char *got)
{
	if (strcmp(want, got ? got : "") != 0)
		v6d_text_add(t, "    %s: expected %s, got %s\n", what, want,
		    got && got[0] ? got : "none");
}

static void
compare_cause(
    struct v6d_text *t, const char *want, const struct v6d_diagnosis *d)
{
	const struct v6d_finding *f = first_finding(d);
	char buf[512];
	struct v6d_text got = v6d_text_to(buf, sizeof(buf));

	if (f) {
		compare(t, "cause", want, v6d_cause_name(f->cause));
		return;
	}
	v6d_text_add(&got, "none");
	if (d && d->n_undecided > 0)
		v6d_text_add(&got, ", undecided between");
	list_candidates(d, &got);
	compare(t, "cause", want, buf);
}

static void
compare_undecided(struct v6d_text *t, char *want, const struct v6d_diagnosis *d)
{
	char buf[512] = "";
	struct v6d_text got = v6d_text_to(buf, sizeof(buf));
	char *save = NULL;

	list_candidates(d, &got);
	for (char *n = strtok_r(want, " ", &save); n;
	     n = strtok_r(NULL, " ", &save))
		if (!is_candidate(d, n))
			v6d_text_add(t,
			    "    undecided: expected %s among them, got%s\n", n,
			    buf[0] ? buf : " none");
}

static void
compare_value(
    struct v6d_text *t, const char *want, const struct v6d_diagnosis *d)
{
	const struct v6d_finding *f = first_finding(d);
	char got[128] = "";

	if (f && f->value_name)
		snprintf(got, sizeof(got), "%s %lld", f->value_name,
		    (long long)f->value);
	compare(t, "value", want, got);
}

/* Returns false for a line that says nothing known. */
static bool
compare_line(char *line, const struct v6d_diagnosis *d, size_t sessions,
    struct v6d_text *t)
{
	const struct v6d_finding *f = first_finding(d);
	char *want = strchr(line, ' ');
	char number[32];

	if (!want)
		return false;
	*want++ = '\0';
	if (strcmp(line, "verdict") == 0) {
		compare(t, "verdict", want, verdict_of(d));
	} else if (strcmp(line, "cause") == 0) {
		compare_cause(t, want, d);
	} else if (strcmp(line, "undecided") == 0) {
		compare_undecided(t, want, d);
	} else if (strcmp(line, "value") == 0) {
		compare_value(t, want, d);
	} else if (strcmp(line, "direction") == 0) {
		compare(t, "direction", want, f ? f->direction : NULL);
	} else if (strcmp(line, "sessions") == 0) {
		snprintf(number, sizeof(number), "%zu", sessions);
		compare(t, "sessions", want, number);
	} else {
		return false;
	}
	return true;
}

void
v6d_expect_compare(
    FILE *f, const struct v6d_diagnosis *d, size_t sessions, struct v6d_text *t)
{
	char line[512];
	unsigned n = 0, said = 0;

	while (fgets(line, sizeof(line), f)) {
		n++;
		line[strcspn(line, "\r\n")] = '\0';
		if (line[0] == '\0' || line[0] == '#')
			continue;
		said++;
		if (!compare_line(line, d, sessions, t))
			v6d_text_add(t,
			    "    line %u of the .expect file is not "
			    "understood: %s\n",
			    n, line);
	}
	if (said == 0)
		v6d_text_add(t, "    the .expect file expects nothing\n");
}
