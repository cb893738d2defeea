/* SPDX-License-Identifier: GPL-2.0-or-later */
/* read_text.c - v6doctor read: pasted text, settings, logs and scripts. */
#include "read_text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>
#include <unistd.h>

#include "cmd.h"
#include "io/charset.h"
#include "io/clock.h"
#include "say.h"
#include "tongue.h"

/* How captures and archives begin; what begins otherwise may be text. */
static bool
is_binary(const uint8_t *b, size_t n)
{
	static const uint8_t magic[][4] = {
		{ 0xd4, 0xc3, 0xb2, 0xa1 },
		{ 0xa1, 0xb2, 0xc3, 0xd4 },
		{ 0x4d, 0x3c, 0xb2, 0xa1 },
		{ 0xa1, 0xb2, 0x3c, 0x4d },
		{ 0x34, 0xcd, 0xb2, 0xa1 },
		{ 0xa1, 0xb2, 0xcd, 0x34 },
		{ 0x0a, 0x0d, 0x0d, 0x0a },
		{ 0x28, 0xb5, 0x2f, 0xfd },
	};

	for (size_t i = 0; i < sizeof(magic) / sizeof(magic[0]); i++)
		if (n >= 4 && memcmp(b, magic[i], 4) == 0)
			return true;
	return n >= 2 && b[0] == 0x1f && b[1] == 0x8b;
}

/* The first bytes of a stream, put back behind it. */
static size_t
peek_stream(FILE *f, uint8_t *b, size_t cap)
{
	size_t n = 0;
	int c;

	while (n < cap && (c = getc(f)) != EOF)
		b[n++] = (uint8_t)c;
	/* glibc takes back as many bytes as its buffer has given */
	for (size_t i = n; i > 0; i--)
		ungetc(b[i - 1], f);
	return n;
}

/*
 * The first bytes of a shell's pipe ("read <(ifconfig)"), which cannot be put
 * back: tee() copies without taking.
 */
static size_t
peek_pipe(int fd, uint8_t *b, size_t cap)
{
	int copy[2];
	ssize_t n;

	if (pipe(copy))
		return 0;
	n = tee(fd, copy[1], cap, 0);
	if (n > 0)
		n = read(copy[0], b, (size_t)n);
	close(copy[0]);
	close(copy[1]);
	return n > 0 ? (size_t)n : 0;
}

/* Up to cap first bytes of a file that can be opened again. */
static size_t
peek_file(const char *path, uint8_t *b, size_t cap)
{
	struct stat st;
	size_t n;
	FILE *f;

	if (stat(path, &st))
		return 0;
	/* one made by mkfifo gives what it has to the first who opens it */
	if (S_ISFIFO(st.st_mode) && strncmp(path, "/dev/fd/", 8) != 0 &&
	    strncmp(path, "/proc/", 6) != 0)
		return 0;
	f = fopen(path, "rbe");
	if (!f)
		return 0;
	n = S_ISFIFO(st.st_mode) ? peek_pipe(fileno(f), b, cap)
				 : peek_stream(f, b, cap);
	fclose(f);
	return n;
}

bool
v6d_text_file(const char *path)
{
	uint8_t b[4];
	size_t n = strcmp(path, "-") == 0 ? peek_stream(stdin, b, sizeof(b))
					  : peek_file(path, b, sizeof(b));

	return !is_binary(b, n) && v6d_paste_is_text(b, n);
}

struct v6d_text_judgement *
v6d_text_new(void)
{
	struct v6d_text_judgement *j = calloc(1, sizeof(*j));

	if (j)
		v6d_paste_init(&j->paste);
	return j;
}

void
v6d_text_free(struct v6d_text_judgement *j)
{
	free(j);
}

static int
add_utf8(struct v6d_text_judgement *j, const uint8_t *text, size_t n)
{
	struct v6d_paste_mem mem = { .cap = v6d_paste_room(n),
		.n_lines = V6D_TEXT_LINES };
	int r = -ENOMEM;

	mem.text = malloc(mem.cap);
	mem.lines = calloc(mem.n_lines, sizeof(mem.lines[0]));
	if (mem.text && mem.lines) {
		(void)v6d_paste_add(&j->paste, text, n, &mem);
		r = 0;
	}
	free(mem.text);
	free(mem.lines);
	return r;
}

int
v6d_text_add_bytes(struct v6d_text_judgement *j, const uint8_t *text, size_t n)
{
	size_t n_utf8 = 0;
	uint8_t *utf8 = v6d_charset_japanese(text, n, &n_utf8);
	int r = utf8 ? add_utf8(j, utf8, n_utf8) : add_utf8(j, text, n);

	free(utf8);
	return r;
}

int
v6d_text_add_file(struct v6d_text_judgement *j, const char *path)
{
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "rbe");
	uint8_t *text;
	size_t n;
	int r = 0;

	if (!f)
		return -errno;
	text = malloc(V6D_TEXT_BYTES + 1);
	if (!text) {
		if (f != stdin)
			fclose(f);
		return -ENOMEM;
	}
	n = fread(text, 1, V6D_TEXT_BYTES + 1, f);
	if (ferror(f))
		r = -errno;
	if (f != stdin)
		fclose(f);
	if (r == 0 && n > V6D_TEXT_BYTES) {
		snprintf(j->message, sizeof(j->message),
		    N_("it is longer than %u bytes; give the part that "
		       "matters"),
		    V6D_TEXT_BYTES);
		r = -EBADMSG;
	}
	if (r == 0)
		r = v6d_text_add_bytes(j, text, n);
	free(text);
	return r;
}

/*
 * A text never shows that all is well; what is at risk it may show: a cause
 * that is a warning, or a finding of the worst kinds.
 */
static void
weigh(struct v6d_text_judgement *j)
{
	bool risk = false;

	if (j->diagnosis.verdict != V6D_VERDICT_UNDETERMINED)
		return;
	for (unsigned i = 0; i < j->notes.n; i++)
		risk = risk || j->notes.note[i].grade <= V6D_GRADE_HIGH;
	for (unsigned i = 0; i < j->diagnosis.n; i++)
		risk = risk ||
		       j->diagnosis.findings[i].severity >= V6D_SEV_WARNING;
	if (risk)
		j->diagnosis.verdict = V6D_VERDICT_DEGRADED;
}

void
v6d_text_judge(struct v6d_text_judgement *j)
{
	v6d_facts_init(&j->facts, j->obs, V6D_TEXT_FACTS);
	j->facts.source = "paste";
	v6d_paste_facts(&j->paste, &j->facts);
	v6d_paste_scope(&j->paste, &j->facts, &j->scope);
	v6d_diagnose(&j->facts, &j->scope, &j->diagnosis);
	v6d_paste_temper(&j->paste, &j->diagnosis, &j->scope);
	v6d_paste_notes(&j->paste, &j->notes);
	v6d_paste_rank(&j->paste, &j->facts, &j->ranking);
	weigh(j);
}

/* ---- the report ---- */

/* What the report borrows. */
struct parts {
	struct v6d_report_note notes[V6D_PASTE_NOTES];
	char where[V6D_PASTE_NOTES][48];
	struct v6d_report_guess guesses[V6D_N_HYPOTHESES];
	struct v6d_report_test tests[V6D_RANK_TESTS];
};

static void
fill_notes(const struct v6d_text_judgement *j, struct parts *p)
{
	for (unsigned i = 0; i < j->notes.n; i++) {
		const struct v6d_note *n = &j->notes.note[i];

		v6d_paste_source(
		    &j->paste, &n->at, p->where[i], sizeof(p->where[i]));
		p->notes[i] = (struct v6d_report_note){
			.name = v6d_note_name(n->id),
			.grade = v6d_grade_name(n->grade),
			.text = n->text,
			.where = p->where[i],
		};
	}
}

static void
fill_ranking(const struct v6d_ranking *r, struct parts *p)
{
	static const char *const standings[] = { "stands", "claimed-against",
		"refuted" };

	for (unsigned i = 0; i < r->n; i++)
		p->guesses[i] = (struct v6d_report_guess){
			.name = v6d_hypothesis_name(r->ranked[i].hypothesis),
			.text = v6d_hypothesis_text(r->ranked[i].hypothesis),
			.standing = standings[r->ranked[i].standing],
			.why = r->ranked[i].why,
		};
	for (unsigned i = 0; i < r->n_tests; i++)
		p->tests[i] = (struct v6d_report_test){
			.name = r->tests[i],
			.text = v6d_rank_test_text(r->tests[i]),
		};
}

static int
print(
    const struct v6d_text_judgement *j, const char *name, struct v6d_output *o)
{
	struct parts *p = calloc(1, sizeof(*p));
	struct v6d_report r = { .version = V6D_VERSION,
		.source_kind = "text",
		.source_name = name,
		.facts = &j->facts,
		.diagnosis = &j->diagnosis,
		.scope = &j->scope };
	int status;

	if (!p)
		return v6d_say("read", V6D_EXIT_INTERNAL, "out of memory");
	r.started_unix_ms = (int64_t)(v6d_clock_unix() / V6D_MS(1));
	fill_notes(j, p);
	fill_ranking(&j->ranking, p);
	r.n_notes = j->notes.n;
	r.notes = p->notes;
	r.n_guesses = j->ranking.n;
	r.guesses = p->guesses;
	r.n_tests = j->ranking.n_tests;
	r.tests = p->tests;
	status = v6d_output_report(o, "read", &r);
	free(p);
	return status;
}

/* "1-4, 9, 12-20": lines that no format knows. */
static void
list_gaps(const struct v6d_paste *p, struct v6d_text *t)
{
	for (unsigned i = 0; i < p->n_gaps && i < 8; i++) {
		const struct v6d_paste_gap *g = &p->gaps[i];

		v6d_text_add(t, "%s", i ? ", " : "");
		if (p->n_pieces > 1)
			v6d_text_add(t, "%u:", g->piece + 1u);
		v6d_text_add(t, "%u", g->first);
		if (g->last > g->first)
			v6d_text_add(t, "-%u", g->last);
	}
	if (p->n_gaps > 8)
		v6d_text_say(t, " and more");
}

static void
print_read(const struct v6d_paste *p)
{
	char gaps[256];
	struct v6d_text t = v6d_tongue_text(gaps, sizeof(gaps));
	bool any = false;

	printf("%s", _("\nREAD\n"));
	for (int f = 0; f < V6D_N_PFS; f++)
		if (p->lines_of[f] > 0) {
			char at[48];

			v6d_paste_source(p, &p->first_of[f], at, sizeof(at));
			printf(p->lines_of[f] == 1
				   ? _("  %-14s %3u line, from %s\n")
				   : _("  %-14s %3u lines, from %s\n"),
			    v6d_paste_format_name((enum v6d_paste_format)f),
			    p->lines_of[f],
			    strrchr(at, ',') ? strrchr(at, ',') + 2 : at);
			any = true;
		}
	if (!any)
		printf("%s", _("  commands only, without what they printed\n"));
	list_gaps(p, &t);
	if (t.len > 0)
		printf(_("  not understood, left out: line %s\n"), gaps);
}

/* No line of it is known: where, and what was looked for. */
static int
say_nothing_known(const struct v6d_paste *p, const char *name)
{
	char tried[1024], lines[256];
	struct v6d_text t = v6d_text_to(tried, sizeof(tried));
	struct v6d_text l = v6d_text_to(lines, sizeof(lines));

	for (int f = 0; f < V6D_N_PFS; f++)
		v6d_text_add(&t, "%s%s", f ? ", " : "",
		    v6d_paste_format_name((enum v6d_paste_format)f));
	list_gaps(p, &l);
	return v6d_say("read", V6D_EXIT_DATA,
	    "%s: it is text, and no line of it is known (line %s). Tried: "
	    "captures, and of texts: %s. \"v6doctor read --help\" tells more",
	    name, l.len ? lines : "1: empty", tried);
}

static int
add_files(struct v6d_text_judgement *j, char *const *paths, int n)
{
	for (int i = 0; i < n; i++) {
		int err = v6d_text_add_file(j, paths[i]);

		if (err)
			return v6d_say_cannot(
			    "read", paths[i], err, j->message);
	}
	return 0;
}

int
v6d_read_text(struct v6d_output *o, char *const *paths, int n)
{
	struct v6d_text_judgement *j = v6d_text_new();
	bool in = n == 1 && strcmp(paths[0], "-") == 0;
	const char *name = in ? "standard input" : n == 1 ? paths[0] : NULL;
	int status;

	if (!j)
		return v6d_say("read", V6D_EXIT_INTERNAL, "out of memory");
	status = add_files(j, paths, n);
	if (status == 0 && j->paste.n_known == 0)
		status = say_nothing_known(&j->paste, name ? name : "text");
	if (status == 0) {
		v6d_text_judge(j);
		status = print(j, name, o);
		if (status == 0 && !v6d_output_document(o))
			print_read(&j->paste);
		if (status == 0)
			status = v6d_verdict_exit(j->diagnosis.verdict);
	}
	v6d_text_free(j);
	return status;
}
