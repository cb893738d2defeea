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
#include "expect.h"
#include "judge.h"
#include "regress_print.h"
#include "regress_text.h"
#include "say.h"
#include "trace/replay.h"

struct options {
	const struct regress_format *format;
	bool strict;
	const char *dir;
};

static void
help(void)
{
	puts("v6doctor regress DIR [--strict] [--format text|tap|junit]\n"
	     "\n"
	     "Reads every NAME.pcap and NAME.pcapng (also .gz, .zst) of a "
	     "folder, captures and\n"
	     "saved reports, and every NAME.txt, and compares the diagnosis "
	     "with NAME.expect,\n"
	     "lines of:\n"
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
	     "\n");
	puts(v6d_regress_text_help);
	puts("A saved report is also replayed: the checks of this version "
	     "with the answers of\n"
	     "then must come to the same. That they ask or observe otherwise "
	     "is told; with\n"
	     "--strict it is a difference.\n"
	     "\n"
	     "Exit status: 0 all as expected, 2 something differs, 66 no such "
	     "folder.");
}

static int
read_options(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
		{ "format", required_argument, NULL, 'f' },
		{ "strict", no_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, ":h", longs, NULL)) != -1)
		switch (c) {
		case 'f':
			o->format = regress_format_by_name(optarg);
			if (o->format)
				break;
			return v6d_say("regress", V6D_EXIT_USAGE,
			    "--format '%s': text, tap or junit", optarg);
		case 's':
			o->strict = true;
			break;
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

/* ---- one file ---- */

/* Where the ending of a file that is read begins, or NULL. */
static const char *
ending_of(const char *name)
{
	static const char *const ends[] = { ".pcap", ".pcapng", ".pcap.gz",
		".pcapng.gz", ".pcap.zst", ".pcapng.zst", ".txt" };
	size_t n = strlen(name);

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		size_t k = strlen(ends[i]);

		if (n > k && strcmp(name + n - k, ends[i]) == 0)
			return name + n - k;
	}
	return NULL;
}

static void
expect_path(const char *path, char *buf, size_t n)
{
	snprintf(buf, n, "%.*s.expect", (int)(ending_of(path) - path), path);
}

/* How today's probes went with the answers of then. */
static void
compare_replayed(const struct options *o, const struct v6d_judgement *j,
    FILE *expect, struct outcome *r)
{
	static const char *const how[] = {
		[V6D_REPLAY_SAME] = "",
		[V6D_REPLAY_OTHER_ASKS] = "asks otherwise now",
		[V6D_REPLAY_OTHER_FACTS] = "observes otherwise now",
		[V6D_REPLAY_IMPOSSIBLE] = "cannot be replayed",
	};
	struct v6d_replay p;
	struct v6d_loaded *l;

	if (!v6d_replay(j->trace, &p))
		return v6d_text_add(&r->differs, "    out of memory\n");
	if (p.how != V6D_REPLAY_SAME)
		snprintf(
		    r->note, sizeof(r->note), "%s: %s", how[p.how], p.what);
	if (p.how == V6D_REPLAY_SAME || p.how == V6D_REPLAY_OTHER_FACTS) {
		l = v6d_load(p.trace, V6D_VERSION, NULL);
		rewind(expect);
		if (l)
			v6d_expect_compare(
			    expect, &l->diagnosis, 1, &r->differs);
		v6d_loaded_free(l);
	}
	if (r->note[0] && o->strict)
		v6d_text_add(&r->differs, "    %s\n", r->note);
	v6d_replay_done(&p);
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
	if (strcmp(ending_of(r->name), ".txt") == 0) {
		v6d_regress_text(path, f, &r->differs);
		fclose(f);
		return;
	}
	err = v6d_judge_file(path, &j);
	if (err || j.damaged)
		v6d_text_add(&r->differs, "    cannot be read: %s\n",
		    j.message[0] ? j.message : strerror(-err));
	else
		v6d_expect_compare(f, v6d_judgement_diagnosis(&j),
		    j.report ? 1 : j.n, &r->differs);
	if (j.report && r->differs.len == 0 &&
	    v6d_trace_next(j.trace, V6D_TRACE_PROBE_OF, NULL))
		compare_replayed(o, &j, f, r);
	v6d_judgement_done(&j);
	fclose(f);
}

/* ---- the folder ---- */

static int
is_capture(const struct dirent *e)
{
	return ending_of(e->d_name) != NULL;
}

static int
run_all(const struct options *o, struct dirent **list, size_t n)
{
	struct outcome *all = calloc(n, sizeof(*all));
	bool bad = false;

	if (!all)
		return v6d_say("regress", V6D_EXIT_INTERNAL, "out of memory");
	for (size_t i = 0; i < n; i++) {
		struct outcome *r = &all[i];

		r->differs = v6d_text_to(r->text, sizeof(r->text));
		snprintf(r->name, sizeof(r->name), "%s", list[i]->d_name);
		run_one(o, r);
		bad = bad || r->differs.len > 0;
	}
	o->format->print(o->dir, all, n);
	free(all);
	return bad ? V6D_EXIT_FAULT : V6D_EXIT_OK;
}

int
v6d_cmd_regress(int argc, char **argv)
{
	struct options o = { .format = regress_format_by_name("text") };
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
		    "nothing in %s: it looks for NAME.pcap, NAME.pcapng "
		    "and NAME.txt, each with a NAME.expect",
		    o.dir);
	else
		status = run_all(&o, list, (size_t)n);
	for (int i = 0; i < n; i++)
		free(list[i]);
	free(list);
	return status;
}
