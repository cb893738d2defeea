/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_regress.c - v6doctor regress: captures against what is expected. */
#include "cmd.h"

#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "judge.h"
#include "say.h"

struct options {
	bool tap;
	const char *dir;
};

/* The outcome for one capture; `differs` is empty when all is as expected. */
struct outcome {
	char name[256];
	char text[2048];
	struct v6d_text differs;
};

static void
help(void)
{
	puts("v6doctor regress DIR [--format text|tap]\n"
	     "\n"
	     "Reads every NAME.pcap and NAME.pcapng of a folder and compares "
	     "the diagnosis\n"
	     "with NAME.expect, lines of:\n"
	     "\n"
	     "  verdict VERDICT     healthy, degraded, faulty, undetermined, "
	     "no-session\n"
	     "  cause NAME          the first cause\n"
	     "  undecided NAME...   all of these are among the candidates\n"
	     "  value NAME NUMBER   of the first cause\n"
	     "  direction WORD      of the first cause: in, out, both, "
	     "unknown\n"
	     "  sessions N          sessions in the capture\n"
	     "  # anything          why\n"
	     "\n"
	     "Exit status: 0 all as expected, 2 something differs, 66 no such "
	     "folder.");
}

static int
read_options(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
		{ "format", required_argument, NULL, 'f' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, ":h", longs, NULL)) != -1)
		switch (c) {
		case 'f':
			o->tap = strcmp(optarg, "tap") == 0;
			if (o->tap || strcmp(optarg, "text") == 0)
				break;
			return v6d_say("regress", V6D_EXIT_USAGE,
			    "--format '%s': text or tap", optarg);
		case 'h':
			help();
			return V6D_EXIT_OK;
		default:
			return v6d_say_option(
			    "regress", c, argv[optind - 1], longs);
		}
	if (optind + 1 == argc) {
		o->dir = argv[optind];
		return -1;
	}
	return v6d_say("regress", V6D_EXIT_USAGE,
	    "it takes one folder; \"v6doctor regress --help\" tells more");
}

/* ---- what came out ---- */

static const char *
verdict_of(const struct v6d_judgement *j)
{
	const struct v6d_diagnosis *d = v6d_judgement_diagnosis(j);

	return d ? v6d_verdict_name(d->verdict) : "no-session";
}

static const struct v6d_finding *
first_finding(const struct v6d_judgement *j)
{
	const struct v6d_diagnosis *d = v6d_judgement_diagnosis(j);

	return d && d->n > 0 ? &d->findings[0] : NULL;
}

static bool
is_candidate(const struct v6d_judgement *j, const char *name)
{
	const struct v6d_diagnosis *d = v6d_judgement_diagnosis(j);

	for (unsigned i = 0; d && i < d->n_undecided; i++)
		for (unsigned k = 0; k < d->undecided[i].n; k++)
			if (strcmp(v6d_cause_name(d->undecided[i].between[k]),
				name) == 0)
				return true;
	return false;
}

static void
list_candidates(const struct v6d_judgement *j, struct v6d_text *t)
{
	const struct v6d_diagnosis *d = v6d_judgement_diagnosis(j);

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
    struct v6d_text *t, const char *want, const struct v6d_judgement *j)
{
	const struct v6d_finding *f = first_finding(j);
	char buf[512];
	struct v6d_text got = v6d_text_to(buf, sizeof(buf));

	if (f) {
		compare(t, "cause", want, v6d_cause_name(f->cause));
		return;
	}
	v6d_text_add(&got, "none");
	if (v6d_judgement_diagnosis(j) &&
	    v6d_judgement_diagnosis(j)->n_undecided > 0)
		v6d_text_add(&got, ", undecided between");
	list_candidates(j, &got);
	compare(t, "cause", want, buf);
}

static void
compare_undecided(struct v6d_text *t, char *want, const struct v6d_judgement *j)
{
	char buf[512] = "";
	struct v6d_text got = v6d_text_to(buf, sizeof(buf));
	char *save = NULL;

	list_candidates(j, &got);
	for (char *n = strtok_r(want, " ", &save); n;
	     n = strtok_r(NULL, " ", &save))
		if (!is_candidate(j, n))
			v6d_text_add(t,
			    "    undecided: expected %s among them, got%s\n", n,
			    buf[0] ? buf : " none");
}

static void
compare_value(
    struct v6d_text *t, const char *want, const struct v6d_judgement *j)
{
	const struct v6d_finding *f = first_finding(j);
	char got[128] = "";

	if (f && f->value_name)
		snprintf(got, sizeof(got), "%s %lld", f->value_name,
		    (long long)f->value);
	compare(t, "value", want, got);
}

/* Returns false for a line that says nothing known. */
static bool
compare_line(char *line, const struct v6d_judgement *j, struct v6d_text *t)
{
	const struct v6d_finding *f = first_finding(j);
	char *want = strchr(line, ' ');
	char number[32];

	if (!want)
		return false;
	*want++ = '\0';
	if (strcmp(line, "verdict") == 0) {
		compare(t, "verdict", want, verdict_of(j));
	} else if (strcmp(line, "cause") == 0) {
		compare_cause(t, want, j);
	} else if (strcmp(line, "undecided") == 0) {
		compare_undecided(t, want, j);
	} else if (strcmp(line, "value") == 0) {
		compare_value(t, want, j);
	} else if (strcmp(line, "direction") == 0) {
		compare(t, "direction", want, f ? f->direction : NULL);
	} else if (strcmp(line, "sessions") == 0) {
		snprintf(number, sizeof(number), "%zu", j->n);
		compare(t, "sessions", want, number);
	} else {
		return false;
	}
	return true;
}

static void
compare_file(FILE *f, const struct v6d_judgement *j, struct v6d_text *t)
{
	char line[512];
	unsigned n = 0, said = 0;

	while (fgets(line, sizeof(line), f)) {
		n++;
		line[strcspn(line, "\r\n")] = '\0';
		if (line[0] == '\0' || line[0] == '#')
			continue;
		said++;
		if (!compare_line(line, j, t))
			v6d_text_add(t,
			    "    line %u of the .expect file is not "
			    "understood: %s\n",
			    n, line);
	}
	if (said == 0)
		v6d_text_add(t, "    the .expect file expects nothing\n");
}

static void
expect_path(const char *path, char *buf, size_t n)
{
	const char *dot = strrchr(path, '.');

	snprintf(buf, n, "%.*s.expect", (int)(dot - path), path);
}

static void
run_one(const struct options *o, struct outcome *r)
{
	char path[4096], expect[4096 + 8];
	struct v6d_judgement j;
	FILE *f;
	int err;

	snprintf(path, sizeof(path), "%s/%s", o->dir, r->name);
	expect_path(path, expect, sizeof(expect));
	f = fopen(expect, "re");
	if (!f) {
		v6d_text_add(&r->differs, "    cannot open %s: %s\n", expect,
		    strerror(errno));
		return;
	}
	err = v6d_judge_file(path, &j);
	if (err || j.damaged)
		v6d_text_add(&r->differs, "    cannot be read: %s\n",
		    j.message[0] ? j.message : strerror(-err));
	else
		compare_file(f, &j, &r->differs);
	v6d_judgement_done(&j);
	fclose(f);
}

/* ---- the folder ---- */

static int
is_capture(const struct dirent *e)
{
	const char *dot = strrchr(e->d_name, '.');

	return dot && dot != e->d_name &&
	       (strcmp(dot, ".pcap") == 0 || strcmp(dot, ".pcapng") == 0);
}

static void
print_outcome(const struct options *o, size_t i, const struct outcome *r)
{
	bool ok = r->differs.len == 0;

	if (!o->tap) {
		if (!ok)
			printf("DIFFERS  %s\n%s", r->name, r->text);
		return;
	}
	printf("%s %zu - %s\n", ok ? "ok" : "not ok", i + 1, r->name);
	for (const char *s = r->text; *s; s = strchr(s, '\n') + 1)
		printf("# %.*s\n", (int)strcspn(s + 4, "\n"), s + 4);
}

static int
run_all(const struct options *o, struct dirent **list, size_t n)
{
	size_t bad = 0;

	if (o->tap)
		printf("TAP version 13\n1..%zu\n", n);
	for (size_t i = 0; i < n; i++) {
		struct outcome r = { 0 };

		r.differs = v6d_text_to(r.text, sizeof(r.text));
		snprintf(r.name, sizeof(r.name), "%s", list[i]->d_name);
		run_one(o, &r);
		bad += r.differs.len > 0;
		print_outcome(o, i, &r);
	}
	if (!o->tap)
		printf("%s: %zu captures, %zu as expected, %zu differ\n",
		    o->dir, n, n - bad, bad);
	return bad ? V6D_EXIT_FAULT : V6D_EXIT_OK;
}

int
v6d_cmd_regress(int argc, char **argv)
{
	struct options o = { 0 };
	struct dirent **list = NULL;
	int status = read_options(argc, argv, &o), n;

	if (status >= 0)
		return status;
	n = scandir(o.dir, &list, is_capture, alphasort);
	if (n < 0)
		return v6d_say("regress", V6D_EXIT_NOINPUT,
		    "cannot open %s: %s", o.dir, strerror(errno));
	if (n == 0)
		status = v6d_say("regress", V6D_EXIT_NOINPUT,
		    "no capture in %s: it looks for NAME.pcap and "
		    "NAME.pcapng, each with a NAME.expect",
		    o.dir);
	else
		status = run_all(&o, list, (size_t)n);
	for (int i = 0; i < n; i++)
		free(list[i]);
	free(list);
	return status;
}
