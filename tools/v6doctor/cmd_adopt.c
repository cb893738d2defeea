/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_adopt.c - v6doctor adopt: somebody's report as a fixture. */
#include "cmd.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "args.h"
#include "expect.h"
#include "expect_update.h"
#include "fixture.h"
#include "read_save.h"
#include "read_text.h"
#include "say.h"
#include "tongue.h"

#define NAME_MAX_LEN 80 /* of a fixture */
#define NOTE_MAX_LEN 400 /* a line of a .expect file, as regress reads it */

struct options {
	const char *report, *dir, *name, *note, *mapping;
};

/* The two files that are made. */
struct fixture {
	char report[4096], expect[4096];
};

const struct v6d_usage v6d_usage_adopt = {
	.words = "REPORT DIR",
	.takes = V6D_TAKES_FILE,
	.text = { N_("Makes a fixture for \"v6doctor regress DIR\" of a saved "
		     "report or a capture: DIR/NAME.pcapng, a report with "
		     "pseudonyms for addresses and names, without payload, "
		     "passwords and CHAP responses; and DIR/NAME.expect, what "
		     "was made of it."),
	    N_("Nothing is written unless the diagnosis with pseudonyms is the "
	       "same. Look at the NAME.expect: what is expected has to come "
	       "from what the fault was.") },
	.options = { V6D_OPT_NAME, V6D_OPT_NOTE, V6D_OPT_MAPPING,
	    V6D_OPT_HELP },
	.status = { { V6D_EXIT_OK, N_("adopted") },
	    { V6D_EXIT_FAULT,
		N_("with pseudonyms it would be judged otherwise") },
	    { V6D_EXIT_USAGE, N_("wrong usage") },
	    { V6D_EXIT_DATA, N_("not a report or capture, or a damaged one") },
	    { V6D_EXIT_NOINPUT, N_("a file cannot be opened") },
	    { V6D_EXIT_UNAVAILABLE,
		N_("it cannot be written, or is there already") },
	    { V6D_EXIT_INTERNAL, N_("internal error") } },
	.examples = { { "v6doctor adopt --note \"router X, firmware 2\" "
			"report.pcapng captures/mine",
	    NULL } },
};

/* Returns an exit status, or -1: go on. */
static int
read_options(int argc, char **argv, struct options *o)
{
	struct v6d_args a;
	int c;

	v6d_args_begin(&a, argc, argv);
	while ((c = v6d_args_next(&a)))
		switch (c) {
		case V6D_OPT_NAME:
			o->name = a.value;
			break;
		case V6D_OPT_NOTE:
			o->note = a.value;
			break;
		case V6D_OPT_MAPPING:
			o->mapping = a.value;
			break;
		}
	if (a.over)
		return a.status;
	if (optind + 2 != argc)
		return v6d_say("adopt", V6D_EXIT_USAGE,
		    "it takes a report and a folder; \"v6doctor adopt --help\" "
		    "tells more");
	o->report = argv[optind];
	o->dir = argv[optind + 1];
	return -1;
}

/* ---- names ---- */

static bool
is_name(const char *s, size_t n)
{
	if (n == 0 || n > NAME_MAX_LEN || s[0] == '.' || s[0] == '-')
		return false;
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)s[i]) && !strchr("._+-", s[i]))
			return false;
	return true;
}

static int
name_files(const struct options *o, struct fixture *ret)
{
	const char *slash = strrchr(o->report, '/');
	const char *name = o->name ? o->name : slash ? slash + 1 : o->report;
	const char *end = o->name ? NULL : v6d_fixture_ending(name);
	size_t n = end ? (size_t)(end - name) : strlen(name);
	int left;

	if (!is_name(name, n))
		return v6d_say("adopt", V6D_EXIT_USAGE,
		    "'%.*s' is no name for a fixture: at most %d letters, "
		    "digits, dots, dashes; --name gives another",
		    (int)n, name, NAME_MAX_LEN);
	left = snprintf(ret->report, sizeof(ret->report), "%s/%.*s.pcapng",
	    o->dir, (int)n, name);
	if (left < 0 || (size_t)left >= sizeof(ret->report))
		return v6d_say("adopt", V6D_EXIT_USAGE,
		    "the folder's name is "
		    "too long");
	v6d_fixture_expect(ret->report, ret->expect, sizeof(ret->expect));
	if (access(ret->report, F_OK) == 0 || access(ret->expect, F_OK) == 0)
		return v6d_say("adopt", V6D_EXIT_UNAVAILABLE,
		    "%s or its .expect file is there already; --name gives "
		    "another name",
		    ret->report);
	return 0;
}

static int
check_note(const char *note)
{
	if (!note || (strlen(note) <= NOTE_MAX_LEN && !strpbrk(note, "\r\n")))
		return 0;
	return v6d_say("adopt", V6D_EXIT_USAGE,
	    "--note: one line, at most %d bytes", NOTE_MAX_LEN);
}

/* ---- what is expected ---- */

static void
expect_of(const struct v6d_judgement *j, struct v6d_text *ret)
{
	const struct v6d_expect_of of = { .d = v6d_judgement_diagnosis(j),
		.sessions = 1 };

	v6d_expect_all(&of, ret);
}

/* The report that was written says the same as what it was made of. */
static int
check_same(const struct fixture *f, const char *want)
{
	char now[V6D_EXPECT_BYTES] = "";
	struct v6d_text t = v6d_text_to(now, sizeof(now));
	struct v6d_judgement j;
	int err = v6d_judge_file(f->report, &j), status = 0;

	if (err)
		status = v6d_say_cannot("adopt", f->report, err, j.message);
	else
		expect_of(&j, &t);
	if (err == 0 && strcmp(now, want) != 0)
		status = v6d_say("adopt", V6D_EXIT_FAULT,
		    "with pseudonyms it would be judged otherwise, and is "
		    "not adopted: %s",
		    now);
	v6d_judgement_done(&j);
	return status;
}

static int
write_expect(
    const struct options *o, const struct fixture *f, const char *lines)
{
	char text[V6D_EXPECT_BYTES];
	struct v6d_text t = v6d_text_to(text, sizeof(text));
	int err;

	if (o->note)
		v6d_text_add(&t, "# %s\n", o->note);
	v6d_text_add(&t, "%s", lines);
	err = v6d_fixture_write(f->expect, text, t.len);
	if (err == 0)
		err = v6d_fixture_share(f->report);
	return err == 0 ? 0
			: v6d_say("adopt", V6D_EXIT_UNAVAILABLE,
			      "cannot write %s: %s", f->expect,
			      v6d_retold(strerror(-err)));
}

/* ---- the fixture ---- */

static int
make(const struct options *o, const struct fixture *f,
    const struct v6d_judgement *j)
{
	struct v6d_save s = { .command = "adopt",
		.path = f->report,
		.mapping = o->mapping,
		.quiet = true };
	char lines[V6D_EXPECT_BYTES] = "";
	struct v6d_text t = v6d_text_to(lines, sizeof(lines));
	int status = v6d_save_open(&s);

	if (status)
		return status;
	expect_of(j, &t);
	status = v6d_read_save(&s, o->report, j);
	v6d_save_drop(&s);
	if (status)
		return status;
	status = check_same(f, lines);
	if (status == 0)
		status = write_expect(o, f, lines);
	if (status == 0)
		printf("%s\n%s\n%s", f->report, f->expect, lines);
	else
		unlink(f->report);
	return status;
}

static int
adopt(const struct options *o, const struct fixture *f)
{
	struct v6d_judgement j;
	int err = v6d_judge_file(o->report, &j), status;

	if (err)
		status = v6d_say_cannot("adopt", o->report, err, j.message);
	else if (j.damaged)
		status = v6d_say("adopt", V6D_EXIT_DATA,
		    "%s is damaged: %s. \"v6doctor read --save\" makes a whole "
		    "report of what is left.",
		    o->report, v6d_retold(j.message));
	else
		status = make(o, f, &j);
	v6d_judgement_done(&j);
	return status;
}

int
v6d_cmd_adopt(int argc, char **argv)
{
	struct options o = { 0 };
	struct fixture f;
	int status = read_options(argc, argv, &o);

	if (status >= 0)
		return status;
	status = check_note(o.note);
	if (status == 0)
		status = name_files(&o, &f);
	if (status)
		return status;
	if (!v6d_read_save_can(o.report))
		return v6d_say("adopt", V6D_EXIT_USAGE,
		    "the file is read twice: it takes no pipe and no standard "
		    "input");
	if (v6d_text_file(o.report))
		return v6d_say("adopt", V6D_EXIT_USAGE,
		    "%s is a text, in which only you can replace names: put "
		    "it into %s as NAME.txt, then \"v6doctor regress --update "
		    "%s\"",
		    o.report, o.dir, o.dir);
	return adopt(&o, &f);
}
