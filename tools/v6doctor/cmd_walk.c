/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmd_walk.c - "v6doctor walk": guided, one step at a time, to the cause. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd.h"
#include "live.h"
#include "say.h"
#include "walk_options.h"
#include "walk_place.h"
#include "walk_talk.h"
#include "tongue.h"

struct session {
	struct v6d_walk_options o;
	struct v6d_walk_place place;
	struct v6d_talk talk;
	struct v6d_case c;
	bool can_check;
	bool asked_again; /* what was skipped has come back once */
	bool checks_failed;
};

/* ---- keeping ---- */

static void
keep(struct session *s)
{
	int err = v6d_case_keep(&s->c, s->place.state);

	if (err)
		v6d_talk_say(&s->talk, V6D_SAY_NOT_KEPT, s->place.state,
		    v6d_retold(strerror(-err)));
}

static int
load(struct session *s)
{
	int err = v6d_case_load(&s->c, s->place.state);

	if (err == -EBADMSG)
		return v6d_say("walk", V6D_EXIT_DATA,
		    "%s is no walk that this program kept, or it is damaged",
		    s->place.state);
	if (err)
		return v6d_say("walk", V6D_EXIT_NOINPUT,
		    "no walk is kept in %s: %s", s->place.state,
		    v6d_retold(strerror(-err)));
	return 0;
}

static unsigned
n_said(const struct v6d_case *c)
{
	unsigned n = 0;

	for (unsigned i = 0; i < c->n; i++)
		n += c->events[i].kind == V6D_EVENT_SAID;
	return n;
}

/* It began with something of another time or place. */
static bool
given(const struct v6d_case *c)
{
	for (unsigned i = 0; i < c->n; i++)
		if (c->events[i].first)
			return true;
	return false;
}

/* A line is typed, and it is y or yes. */
static bool
agreed(void)
{
	char line[64] = "";

	fputs(v6d_walk_word(V6D_SAY_PROMPT), stdout);
	fflush(stdout);
	return fgets(line, sizeof(line), stdin) &&
	       (line[0] == 'y' || line[0] == 'Y');
}

/* True: go on with the earlier walk. */
static bool
offer_earlier(struct session *s)
{
	struct v6d_case earlier = { .n = 0 };
	unsigned n;

	if (!isatty(STDIN_FILENO) ||
	    v6d_case_load(&earlier, s->place.state) != 0) {
		v6d_case_done(&earlier);
		return false;
	}
	n = n_said(&earlier);
	v6d_case_done(&earlier);
	if (n == 0)
		return false;
	v6d_talk_say(&s->talk, V6D_SAY_UNFINISHED, n);
	return agreed();
}

/* ---- the program's own checks ---- */

/* In a child: what it gives up of its rights, the walk keeps. */
static bool
run_checks(struct session *s, const char *save)
{
	struct v6d_live live = s->o.live;
	struct sigaction ignore = { .sa_handler = SIG_IGN }, before;
	int status = 0;
	pid_t pid;

	live.silent = true;
	live.no_redact = true;
	live.save = save;
	live.quiet = s->o.plain;
	v6d_talk_say(&s->talk, V6D_SAY_CHECKING);
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		const struct v6d_probe *idle = v6d_probe_by_name("idle");
		const struct v6d_probe *probes[64];
		size_t n = 0;

		for (size_t i = 0; i < v6d_n_probes && n < 64; i++)
			if (v6d_probes[i] != idle)
				probes[n++] = v6d_probes[i];
		_exit(v6d_live_run(&live, probes, n));
	}
	if (pid < 0)
		return false;
	sigaction(SIGINT, &ignore, &before); /* it ends the checks only */
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	sigaction(SIGINT, &before, NULL);
	return WIFEXITED(status) &&
	       (WEXITSTATUS(status) <= V6D_EXIT_UNDETERMINED ||
		   WEXITSTATUS(status) == V6D_EXIT_UNAVAILABLE) &&
	       access(save, R_OK) == 0;
}

static void
check(struct session *s)
{
	unlink(s->place.checks);
	if (run_checks(s, s->place.checks)) {
		v6d_case_file(&s->c, s->place.checks, false);
		v6d_case_said(&s->c, V6D_STEP_CHECKS, V6D_WALK_DONE);
		v6d_talk_say(&s->talk, V6D_SAY_CHECKED_ALL);
		return;
	}
	v6d_talk_say(&s->talk, V6D_SAY_CHECKS_FAILED);
	v6d_case_said(&s->c, V6D_STEP_CHECKS, V6D_WALK_CANNOT);
}

/* After something was tried: what the checks say is the answer. */
static void
check_again(struct session *s, enum v6d_walk_step step)
{
	struct v6d_judgement j;
	bool well = false;

	unlink(s->place.again);
	if (!run_checks(s, s->place.again)) {
		v6d_talk_say(&s->talk, V6D_SAY_CHECKS_FAILED);
		return;
	}
	if (v6d_judge_file(s->place.again, &j) == 0)
		well = v6d_judgement_verdict(&j) != V6D_VERDICT_FAULTY;
	v6d_judgement_done(&j);
	unlink(s->place.again);
	v6d_talk_say(&s->talk, well ? V6D_SAY_NOW_WELL : V6D_SAY_NOW_SAME);
	v6d_case_said(&s->c, step, well ? 'y' : 'n');
}

/* ---- one step ---- */

static unsigned
lines_known(const struct v6d_case *c)
{
	return c->text ? c->text->paste.n_known : 0;
}

/* What was pasted or named: read at once, and left out if it is nothing. */
static void
give(struct session *s, enum v6d_walk_step step, enum v6d_typed what,
    const char *text)
{
	unsigned before = lines_known(&s->c);
	bool file = what == V6D_TYPED_FILE;

	if (file ? !v6d_case_file(&s->c, text, false)
		 : !v6d_case_paste(&s->c, text, strlen(text)))
		return;
	if (v6d_case_judge(&s->c, s->can_check) != 0) {
		v6d_say("walk", 0, "%s", v6d_retold(s->c.message));
		v6d_case_drop(&s->c);
		return;
	}
	if (!file || v6d_text_file(text)) {
		if (lines_known(&s->c) == before) {
			v6d_talk_say(&s->talk, V6D_SAY_UNREAD);
			v6d_case_drop(&s->c);
			return;
		}
		v6d_talk_say(
		    &s->talk, V6D_SAY_READ_LINES, lines_known(&s->c) - before);
	}
	/* pasted instead of an answer: the question stays */
	if (v6d_walk_step_kind(step) == V6D_WALK_LOOK)
		v6d_case_said(&s->c, step, V6D_WALK_DONE);
}

enum after { GO_ON, STOP, END_HERE };

static enum after
take_step(struct session *s, enum v6d_walk_step step)
{
	char *text = NULL, key;
	enum v6d_typed what = v6d_talk_read(&s->talk, &step, &key, &text);

	switch (what) {
	case V6D_TYPED_KEY:
		if (key == V6D_WALK_DONE && step == V6D_STEP_CHECKS)
			check(s);
		else
			v6d_case_said(&s->c, step, key);
		break;
	case V6D_TYPED_FILE:
	case V6D_TYPED_TEXT:
		give(s, step, what, text);
		break;
	case V6D_TYPED_AGAIN:
		check_again(s, step);
		break;
	case V6D_TYPED_KNOWN:
		/* the loop says it */
		break;
	case V6D_TYPED_BACK:
		v6d_talk_say(&s->talk,
		    v6d_case_back(&s->c) ? V6D_SAY_BACK : V6D_SAY_NO_BACK);
		break;
	case V6D_TYPED_END:
		return END_HERE;
	case V6D_TYPED_QUIT:
		return STOP;
	case V6D_TYPED_NONSENSE:
		v6d_talk_say(&s->talk, V6D_SAY_NOT_AN_ANSWER);
		break;
	}
	free(text);
	return GO_ON;
}

/* ---- the end ---- */

static void
save_text(struct session *s, const char *text)
{
	int fd =
	    open(s->place.text, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
	const char *report = v6d_case_report(&s->c);
	bool good = f && fputs(text, f) >= 0;

	if (f && fclose(f))
		good = false;
	printf("\n%s\n", v6d_walk_word(V6D_SAY_HEAD_SAVED));
	if (!good) {
		v6d_talk_say(&s->talk, V6D_SAY_NOT_SAVED, s->place.text,
		    v6d_retold(strerror(errno)));
		return;
	}
	v6d_talk_say(&s->talk, V6D_SAY_SAVED_WALK, s->place.text);
	if (report)
		v6d_talk_say(&s->talk, V6D_SAY_SAVED_REPORT, report);
	v6d_talk_say(&s->talk, V6D_SAY_SAVED_PLAIN);
}

static int
exit_status(const struct v6d_case *c)
{
	const struct v6d_diagnosis *d = v6d_case_diagnosis(c);

	switch (c->state.end) {
	case V6D_WALK_WELL:
		return V6D_EXIT_OK;
	case V6D_WALK_SURE:
	case V6D_WALK_LIKELY:
	case V6D_WALK_ALIKE:
		if (d && d->verdict == V6D_VERDICT_DEGRADED)
			return V6D_EXIT_DEGRADED;
		return V6D_EXIT_FAULT;
	case V6D_WALK_OPEN:
		if (d && d->verdict == V6D_VERDICT_FAULTY)
			return V6D_EXIT_FAULT;
		return V6D_EXIT_UNDETERMINED;
	case V6D_WALK_AT_ODDS:
	case V6D_WALK_ON:
		break;
	}
	return V6D_EXIT_UNDETERMINED;
}

static int
finish(struct session *s)
{
	struct v6d_talk plain = s->talk;
	char *text = v6d_talk_end(&s->talk, &s->c), *saved;

	plain.color = V6D_COLOR_NEVER;
	saved = v6d_talk_end(&plain, &s->c);
	if (!text || !saved)
		return v6d_say("walk", V6D_EXIT_INTERNAL, "out of memory");
	fputs(text, stdout);
	save_text(s, saved);
	free(text);
	free(saved);
	unlink(s->place.state);
	return exit_status(&s->c);
}

static int
stopped(struct session *s)
{
	keep(s);
	putchar('\n');
	v6d_talk_say(&s->talk, V6D_SAY_STOPPED);
	return V6D_EXIT_UNDETERMINED;
}

/* True: an answer was taken back, and the walk goes on. */
static bool
mend_odds(struct session *s)
{
	char line[64] = "";

	if (s->c.state.end != V6D_WALK_AT_ODDS)
		return false;
	v6d_talk_say(&s->talk, V6D_SAY_ODDS_BACK);
	fputs(v6d_walk_word(V6D_SAY_PROMPT), stdout);
	fflush(stdout);
	return fgets(line, sizeof(line), stdin) &&
	       (line[0] == 'b' || line[0] == 'B') && v6d_case_back(&s->c);
}

/* True: not decided, more can be asked, and the person wants to go on. */
static bool
asks_on(struct session *s)
{
	unsigned asked = s->c.state.n_asked;

	if (s->c.state.end != V6D_WALK_OPEN || s->c.patient)
		return false;
	s->c.patient = true;
	if (v6d_case_judge(&s->c, s->can_check) == 0 &&
	    s->c.state.end == V6D_WALK_ON) {
		v6d_talk_say(&s->talk, V6D_SAY_MORE, V6D_WALK_PERSON - asked);
		if (agreed())
			return true;
	}
	s->c.patient = false;
	v6d_case_judge(&s->c, s->can_check);
	return false;
}

static int
go(struct session *s)
{
	for (;;) {
		int status = v6d_case_judge(&s->c, s->can_check);

		if (status)
			return v6d_say(
			    "walk", status, "%s", v6d_retold(s->c.message));
		s->talk.can_again = s->can_check && s->c.have_judgement;
		if (s->c.state.end == V6D_WALK_OPEN && !s->asked_again &&
		    v6d_case_forget(&s->c, V6D_WALK_SKIP) > 0) {
			s->asked_again = true;
			continue;
		}
		if (mend_odds(s)) {
			keep(s);
			continue;
		}
		if (asks_on(s)) {
			keep(s);
			continue;
		}
		if (s->c.state.end != V6D_WALK_ON)
			return finish(s);
		v6d_talk_known(&s->talk, &s->c);
		v6d_talk_step(
		    &s->talk, s->c.state.next[0], s->c.state.n_asked + 1);
		switch (take_step(s, s->c.state.next[0])) {
		case STOP:
			return stopped(s);
		case END_HERE:
			return finish(s);
		case GO_ON:
			keep(s);
		}
	}
}

/*
 * As if there were no more to read: a read that waits returns, and so does one
 * that begins only after the signal.
 */
static int no_more = -1;

static void
on_signal(int n)
{
	int e = errno;

	(void)n;
	dup2(no_more, STDIN_FILENO);
	errno = e;
}

static void
catch_signals(void)
{
	struct sigaction sa = { .sa_handler = on_signal };

	no_more = open("/dev/null", O_RDONLY | O_CLOEXEC);
	sigemptyset(&sa.sa_mask);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
}

static int
start(struct session *s, int argc, char **argv)
{
	int err = v6d_walk_place(s->o.state, s->o.save, &s->place), status;

	if (err)
		return v6d_say("walk", V6D_EXIT_NOINPUT,
		    "there is no folder to keep the walk in (%s); name a file "
		    "with --state",
		    v6d_retold(strerror(-err)));
	s->talk.color = s->o.live.output.how.color;
	s->c.helper = s->o.helper;
	if (s->o.resume || (s->o.first >= argc && offer_earlier(s))) {
		status = load(s);
		if (status)
			return status;
		v6d_talk_say(&s->talk, V6D_SAY_RESUMED, n_said(&s->c));
	}
	for (int i = s->o.first; i < argc; i++)
		if (strcmp(argv[i], "-") == 0)
			return v6d_say("walk", V6D_EXIT_USAGE,
			    "answers come from standard input; give the text "
			    "as a file, or paste it with p");
		else if (!v6d_case_file(&s->c, argv[i], true))
			return v6d_say("walk", V6D_EXIT_USAGE,
			    "'%s': that is one too many", argv[i]);
	s->talk.helper = s->c.helper;
	s->can_check = !s->c.helper && !s->o.no_checks && !given(&s->c);
	v6d_talk_say(
	    &s->talk, s->c.helper ? V6D_SAY_HELLO_HELPER : V6D_SAY_HELLO);
	v6d_talk_say(&s->talk, V6D_SAY_KEYS);
	catch_signals();
	return go(s);
}

int
v6d_cmd_walk(int argc, char **argv)
{
	struct session *s = calloc(1, sizeof(*s));
	int status;

	if (!s)
		return v6d_say("walk", V6D_EXIT_INTERNAL, "out of memory");
	status = v6d_walk_options(argc, argv, &s->o);
	if (status == 0 && !s->o.help)
		status = start(s, argc, argv);
	v6d_case_done(&s->c);
	free(s);
	return status;
}
