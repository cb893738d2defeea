/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_regress.c - v6doctor regress: captures against what is expected. */
#include "cmd.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "args.h"
#include "base/text.h"
#include "expect.h"
#include "fixture.h"
#include "judge.h"
#include "regress_print.h"
#include "regress_text.h"
#include "say.h"
#include "tongue.h"
#include "trace/replay.h"

struct options {
	const struct regress_format *format;
	bool strict, update, yes;
	const char *dir;
};

const struct v6d_usage v6d_usage_regress = {
	.words = "DIR",
	.takes = V6D_TAKES_DIR,
	.text = { N_("Reads every NAME.pcap and NAME.pcapng (also .gz, .zst) "
		     "of "
		     "a folder, captures and saved reports, and every "
		     "NAME.txt, and compares the diagnosis with NAME.expect."),
	    N_("A saved report is also replayed: the checks of this version "
	       "with the answers of then must come to the same. That they ask "
	       "or observe otherwise is told; with --strict it is a "
	       "difference.") },
	.lists = { { N_("Lines of NAME.expect:"), v6d_expect_items, NULL },
	    { N_("Of a text (NAME.txt) also:"), v6d_regress_text_items,
		NULL } },
	.options = { V6D_OPT_REGRESS_FORMAT, V6D_OPT_STRICT, V6D_OPT_UPDATE,
	    V6D_OPT_UPDATE_YES, V6D_OPT_HELP },
	.status = { { V6D_EXIT_OK,
			N_("all as expected; with --update: all is written") },
	    { V6D_EXIT_FAULT, N_("something differs") },
	    { V6D_EXIT_USAGE, N_("wrong usage") },
	    { V6D_EXIT_NOINPUT,
		N_("there is no such folder, or nothing in it") },
	    { V6D_EXIT_INTERNAL, N_("internal error") } },
	.examples = { { "v6doctor regress captures/mine", NULL },
	    { "v6doctor regress captures/mine --format junit",
		N_("your own fixtures in CI") } },
};

static int
read_options(int argc, char **argv, struct options *o)
{
	struct v6d_args a;
	int c;

	v6d_args_begin(&a, argc, argv);
	while ((c = v6d_args_next(&a)))
		switch (c) {
		case V6D_OPT_REGRESS_FORMAT:
			o->format = regress_format_by_name(a.value);
			if (o->format)
				break;
			return v6d_say("regress", V6D_EXIT_USAGE,
			    "--format '%s': text, json, jsonl, tap, junit or "
			    "prometheus",
			    a.value);
		case V6D_OPT_STRICT:
			o->strict = true;
			break;
		case V6D_OPT_UPDATE:
			o->update = true;
			break;
		case V6D_OPT_UPDATE_YES:
			o->yes = true;
			break;
		}
	if (a.over)
		return a.status;
	if (o->yes && !o->update)
		return v6d_say(
		    "regress", V6D_EXIT_USAGE, "--yes is about --update");
	if (o->update && o->format != regress_format_by_name("text"))
		return v6d_say("regress", V6D_EXIT_USAGE,
		    "--update is for people: --format text");
	if (optind + 1 == argc) {
		o->dir = argv[optind];
		return -1;
	}
	return v6d_say("regress", V6D_EXIT_USAGE,
	    "it takes one folder; \"v6doctor regress --help\" tells more");
}

/* ---- one file ---- */

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
		return v6d_text_add(&r->differs, N_("    out of memory\n"));
	if (p.how != V6D_REPLAY_SAME)
		snprintf(
		    r->note, sizeof(r->note), "%s: %s", how[p.how], p.what);
	if (p.how == V6D_REPLAY_SAME || p.how == V6D_REPLAY_OTHER_FACTS) {
		l = v6d_load(p.trace, V6D_VERSION, NULL);
		rewind(expect);
		if (l)
			v6d_expect_compare(expect,
			    &(struct v6d_expect_of){
				.d = &l->diagnosis, .sessions = 1 },
			    &r->differs);
		v6d_loaded_free(l);
	}
	if (r->note[0] && o->strict)
		v6d_text_add(&r->differs, "    %s\n", r->note);
	v6d_replay_done(&p);
}

/* What differs goes into r; with --update, what would be right, too. */
static void
compare(const struct options *o, FILE *f, const struct v6d_expect_of *of,
    struct outcome *r)
{
	if (f)
		v6d_expect_compare(f, of, &r->differs);
	if (!o->update || r->differs.len == 0 || !(f || r->no_expect))
		return;
	if (f)
		rewind(f);
	r->update = malloc(sizeof(*r->update));
	if (r->update)
		v6d_expect_update(f, of, r->update);
}

static void
run_text(const struct options *o, const char *path, FILE *f, struct outcome *r)
{
	struct v6d_text_judgement *j = v6d_text_new();
	int err = j ? v6d_text_add_file(j, path) : -ENOMEM;

	if (err) {
		v6d_text_add(&r->differs, N_("    cannot be read: %s\n"),
		    j && j->message[0] ? j->message : strerror(-err));
	} else {
		v6d_text_judge(j);
		compare(o, f,
		    &(struct v6d_expect_of){ .d = &j->diagnosis, .text = j },
		    r);
	}
	v6d_text_free(j);
}

static void
run_capture(
    const struct options *o, const char *path, FILE *f, struct outcome *r)
{
	struct v6d_judgement j;
	int err = v6d_judge_file(path, &j);

	if (err || j.damaged)
		v6d_text_add(&r->differs, N_("    cannot be read: %s\n"),
		    j.message[0] ? j.message : strerror(-err));
	else
		compare(o, f,
		    &(struct v6d_expect_of){ .d = v6d_judgement_diagnosis(&j),
			.sessions = j.report ? 1 : j.n },
		    r);
	if (j.report && r->differs.len == 0 &&
	    v6d_trace_next(j.trace, V6D_TRACE_PROBE_OF, NULL))
		compare_replayed(o, &j, f, r);
	v6d_judgement_done(&j);
}

static void
run_one(const struct options *o, struct outcome *r)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", o->dir, r->name);
	v6d_fixture_expect(path, r->expect, sizeof(r->expect));
	f = fopen(r->expect, "re");
	r->no_expect = !f && errno == ENOENT;
	if (!f)
		v6d_text_add(&r->differs, N_("    cannot open %s: %s\n"),
		    r->expect, strerror(errno));
	if (v6d_fixture_is_text(path))
		run_text(o, path, f, r);
	else
		run_capture(o, path, f, r);
	if (f)
		fclose(f);
}

/* ---- the folder ---- */

static int
is_capture(const struct dirent *e)
{
	return v6d_fixture_ending(e->d_name) != NULL;
}

/* ---- --update ---- */

/* Asks on the terminal, unless --yes; false: nothing is to be written. */
static bool
may_write(const struct options *o, size_t n)
{
	char line[16] = "";

	if (n == 0 || o->yes)
		return n > 0;
	if (!isatty(STDIN_FILENO)) {
		v6d_say("regress", 0,
		    "nothing is written: --update asks first, and there is no "
		    "terminal; add --yes");
		return false;
	}
	fprintf(
	    stderr, "Write %zu .expect file%s? [y/N] ", n, n == 1 ? "" : "s");
	return fgets(line, sizeof(line), stdin) &&
	       (line[0] == 'y' || line[0] == 'Y');
}

static bool
can_write(const struct outcome *r)
{
	return r->update && r->update->changes && !r->update->too_long;
}

/* False: it is not as it should be, and that was told. */
static bool
write_one(const struct outcome *r)
{
	int err = v6d_fixture_write(
	    r->expect, r->update->text, strlen(r->update->text));

	if (err)
		v6d_say("regress", 0, "cannot write %s: %s", r->expect,
		    v6d_retold(strerror(-err)));
	return err == 0;
}

static int
update(const struct options *o, const struct outcome *all, size_t n)
{
	size_t would = 0, written = 0, differ = 0, by_hand = 0;

	fflush(stdout);
	for (size_t i = 0; i < n; i++)
		would += can_write(&all[i]);
	if (!may_write(o, would))
		return V6D_EXIT_FAULT;
	for (size_t i = 0; i < n; i++) {
		differ += all[i].differs.len > 0;
		if (!can_write(&all[i]) || !write_one(&all[i]))
			continue;
		written++;
		by_hand += all[i].update->by_hand > 0;
	}
	v6d_say("regress", 0, "%zu of %zu written%s", written, differ,
	    by_hand > 0 ? "; lines with \"?\" are left to you" : "");
	return written < differ || by_hand > 0 ? V6D_EXIT_FAULT : V6D_EXIT_OK;
}

static int
run_all(const struct options *o, struct dirent **list, size_t n)
{
	struct outcome *all = calloc(n, sizeof(*all));
	bool bad = false;
	int status;

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
	if (o->update && bad)
		status = update(o, all, n);
	else
		status = bad ? V6D_EXIT_FAULT : V6D_EXIT_OK;
	for (size_t i = 0; i < n; i++)
		free(all[i].update);
	free(all);
	return status;
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
		    "cannot open %s: %s", o.dir, v6d_retold(strerror(errno)));
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
