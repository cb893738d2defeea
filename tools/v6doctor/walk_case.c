/* SPDX-License-Identifier: GPL-2.0-or-later */
/* walk_case.c - what was given and answered in one walk; judged and kept. */
#include "walk_case.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd.h"
#include "tongue.h"

#define HEADER "v6doctor-walk 1"

/* ---- events ---- */

static struct v6d_event *
add(struct v6d_case *c, enum v6d_event_kind kind, const char *text, size_t n)
{
	struct v6d_event *e = &c->events[c->n];

	if (c->n == V6D_CASE_EVENTS)
		return NULL;
	*e = (struct v6d_event){ .kind = kind };
	if (text) {
		e->text = malloc(n + 1);
		if (!e->text)
			return NULL;
		memcpy(e->text, text, n);
		e->text[n] = '\0';
		e->len = n;
	}
	c->n++;
	return e;
}

/* What can be read once only: its text is kept. */
static struct v6d_event *
add_stream(struct v6d_case *c, const char *path)
{
	FILE *f = fopen(path, "re");
	char *text = f ? malloc(V6D_TEXT_BYTES) : NULL;
	struct v6d_event *e = NULL;

	if (text)
		e = add(c, V6D_EVENT_PASTE, text,
		    fread(text, 1, V6D_TEXT_BYTES, f));
	free(text);
	if (f)
		fclose(f);
	return e;
}

bool
v6d_case_file(struct v6d_case *c, const char *path, bool first)
{
	char *full = realpath(path, NULL);
	const char *name = full ? full : path;
	struct v6d_event *e;
	struct stat st;

	if (stat(path, &st) == 0 && S_ISFIFO(st.st_mode))
		e = add_stream(c, path);
	else
		e = add(c, V6D_EVENT_FILE, name, strlen(name));
	free(full);
	if (e)
		e->first = first;
	return e != NULL;
}

bool
v6d_case_paste(struct v6d_case *c, const char *text, size_t n)
{
	return add(c, V6D_EVENT_PASTE, text, n) != NULL;
}

bool
v6d_case_said(struct v6d_case *c, enum v6d_walk_step step, char key)
{
	struct v6d_event *e = add(c, V6D_EVENT_SAID, NULL, 0);

	if (e)
		e->said = (struct v6d_walk_said){ step, key };
	return e != NULL;
}

void
v6d_case_drop(struct v6d_case *c)
{
	if (c->n > 0)
		free(c->events[--c->n].text);
}

bool
v6d_case_back(struct v6d_case *c)
{
	unsigned last = c->n;

	while (last > 0 && c->events[last - 1].kind != V6D_EVENT_SAID)
		last--;
	if (last == 0)
		return false;
	last--;
	/* with what was given for it, just before */
	while (last > 0 && c->events[last - 1].kind != V6D_EVENT_SAID &&
	       !c->events[last - 1].first)
		last--;
	while (c->n > last)
		v6d_case_drop(c);
	return true;
}

unsigned
v6d_case_forget(struct v6d_case *c, char key)
{
	unsigned n = 0, to = 0;

	for (unsigned i = 0; i < c->n; i++) {
		const struct v6d_event *e = &c->events[i];

		if (e->kind == V6D_EVENT_SAID && e->said.key == key)
			n++;
		else
			c->events[to++] = *e;
	}
	c->n = to;
	return n;
}

/* ---- what they come to ---- */

static void
forget_judgements(struct v6d_case *c)
{
	if (c->have_judgement)
		v6d_judgement_done(&c->judgement);
	c->have_judgement = false;
	v6d_text_free(c->text);
	c->text = NULL;
}

static int
cannot(struct v6d_case *c, const char *path, int err, const char *why)
{
	snprintf(c->message, sizeof(c->message), "%s: %s", path,
	    v6d_retold(why[0] ? why : strerror(-err)));
	if (err == -ENOMEM)
		return V6D_EXIT_INTERNAL;
	return err == -EBADMSG ? V6D_EXIT_DATA : V6D_EXIT_NOINPUT;
}

static int
read_report(struct v6d_case *c, const char *path)
{
	int err;

	if (c->have_judgement)
		v6d_judgement_done(&c->judgement);
	err = v6d_judge_file(path, &c->judgement);
	c->have_judgement = true;
	if (err)
		return cannot(c, path, err, c->judgement.message);
	if (!v6d_judgement_diagnosis(&c->judgement))
		return cannot(
		    c, path, -EBADMSG, N_("there is no PPTP session in it"));
	return 0;
}

static int
read_text(struct v6d_case *c, const struct v6d_event *e)
{
	int err;

	if (!c->text)
		c->text = v6d_text_new();
	if (!c->text)
		return V6D_EXIT_INTERNAL;
	err = e->kind == V6D_EVENT_PASTE ? v6d_text_add_bytes(c->text,
					       (const uint8_t *)e->text, e->len)
					 : v6d_text_add_file(c->text, e->text);
	return err ? cannot(c, e->kind == V6D_EVENT_PASTE ? "text" : e->text,
			 err, c->text->message)
		   : 0;
}

static int
read_events(struct v6d_case *c)
{
	int status = 0;

	for (unsigned i = 0; i < c->n && status == 0; i++) {
		const struct v6d_event *e = &c->events[i];

		if (e->kind == V6D_EVENT_SAID)
			continue;
		if (e->kind == V6D_EVENT_FILE && !v6d_text_file(e->text))
			status = read_report(c, e->text);
		else
			status = read_text(c, e);
	}
	if (status == 0 && c->text)
		v6d_text_judge(c->text);
	return status;
}

/* What was given from the start is not asked for. */
static void
take_as_given(struct v6d_case *c)
{
	struct v6d_walk *w = &c->walk;
	enum v6d_walk_step step =
	    c->judgement.report ? V6D_STEP_REPORT : V6D_STEP_CAPTURE;

	w->said[w->n_said++] = (struct v6d_walk_said){ step, V6D_WALK_FIRST };
	if (step == V6D_STEP_REPORT)
		w->said[w->n_said++] =
		    (struct v6d_walk_said){ V6D_STEP_CHECKS, V6D_WALK_FIRST };
}

static bool
gave_first(const struct v6d_case *c)
{
	const char *report = v6d_case_report(c);

	for (unsigned i = 0; i < c->n; i++)
		if (c->events[i].first && report && c->events[i].text == report)
			return true;
	return false;
}

static void
fill_walk(struct v6d_case *c, bool can_check)
{
	struct v6d_walk *w = &c->walk;

	memset(w, 0, sizeof(*w));
	memset(w->seen.v, V6D_SYM_UNKNOWN, sizeof(w->seen.v));
	w->can_check = can_check;
	w->patient = c->patient;
	if (gave_first(c))
		take_as_given(c);
	for (unsigned i = 0; i < c->n && w->n_said < V6D_WALK_SAID; i++)
		if (c->events[i].kind == V6D_EVENT_SAID)
			w->said[w->n_said++] = c->events[i].said;
	w->judged = v6d_case_diagnosis(c);
	w->looked = c->have_judgement;
	if (w->judged)
		w->seen = w->judged->symptoms;
	if (c->text)
		v6d_walk_read(&c->text->paste, &c->text->ranking, w);
	/* a text tells what the report left open */
	for (int i = 0; c->text && w->looked && i < V6D_N_SYMPTOMS; i++)
		if (w->seen.v[i] == V6D_SYM_UNKNOWN)
			w->seen.v[i] = c->text->diagnosis.symptoms.v[i];
}

int
v6d_case_judge(struct v6d_case *c, bool can_check)
{
	int status;

	forget_judgements(c);
	status = read_events(c);
	if (status)
		return status;
	fill_walk(c, can_check);
	v6d_walk_look(&c->walk, &c->state);
	return 0;
}

const struct v6d_diagnosis *
v6d_case_diagnosis(const struct v6d_case *c)
{
	if (c->have_judgement)
		return v6d_judgement_diagnosis(&c->judgement);
	return c->text ? &c->text->diagnosis : NULL;
}

const char *
v6d_case_report(const struct v6d_case *c)
{
	for (unsigned i = c->n; i-- > 0;)
		if (c->events[i].kind == V6D_EVENT_FILE &&
		    !v6d_text_file(c->events[i].text))
			return c->events[i].text;
	return NULL;
}

/* ---- kept ---- */

static void
write_event(FILE *f, const struct v6d_event *e)
{
	switch (e->kind) {
	case V6D_EVENT_FILE:
		fprintf(f, "%s %zu\n%s\n", e->first ? "first" : "file", e->len,
		    e->text);
		return;
	case V6D_EVENT_PASTE:
		fprintf(f, "%s %zu\n", e->first ? "given" : "paste", e->len);
		fwrite(e->text, 1, e->len, f);
		fputc('\n', f);
		return;
	case V6D_EVENT_SAID:
		fprintf(f, "said %s %c\n", v6d_walk_step_name(e->said.step),
		    e->said.key);
		return;
	}
}

int
v6d_case_keep(const struct v6d_case *c, const char *path)
{
	char beside[4096];
	FILE *f;
	int fd, err = 0;

	if (snprintf(beside, sizeof(beside), "%s.new", path) >=
	    (int)sizeof(beside))
		return -ENAMETOOLONG;
	fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	f = fd < 0 ? NULL : fdopen(fd, "w");
	if (!f)
		return -errno;
	fprintf(f, HEADER "\n");
	if (c->helper)
		fprintf(f, "helper\n");
	if (c->patient)
		fprintf(f, "patient\n");
	for (unsigned i = 0; i < c->n; i++)
		write_event(f, &c->events[i]);
	if (fflush(f) || fsync(fd))
		err = -errno;
	if (fclose(f) && !err)
		err = -errno;
	if (!err && rename(beside, path))
		err = -errno;
	if (err)
		unlink(beside);
	return err;
}

/* n bytes and the newline behind them. */
static char *
read_bytes(FILE *f, size_t n)
{
	char *s = n > V6D_TEXT_BYTES ? NULL : malloc(n + 1);

	if (s && (fread(s, 1, n, f) != n || fgetc(f) != '\n')) {
		free(s);
		return NULL;
	}
	if (s)
		s[n] = '\0';
	return s;
}

static bool
load_bytes(struct v6d_case *c, FILE *f, const char *line)
{
	char *end, *text;
	size_t n = strtoul(strchr(line, ' ') + 1, &end, 10);
	struct v6d_event *e;

	if (*end != '\n' || !(text = read_bytes(f, n)))
		return false;
	e = add(c,
	    line[0] == 'p' || line[0] == 'g' ? V6D_EVENT_PASTE : V6D_EVENT_FILE,
	    text, n);
	free(text);
	if (e)
		e->first = line[0] == 'g' || strncmp(line, "first ", 6) == 0;
	return e != NULL;
}

static bool
load_said(struct v6d_case *c, char *line)
{
	char *name = strchr(line, ' ') + 1, *key = strchr(name, ' ');
	enum v6d_walk_step step;

	if (!key || key[1] == '\0' || key[2] != '\n')
		return false;
	*key = '\0';
	/* one that this version has no more is left out */
	return !v6d_walk_step_by_name(name, &step) ||
	       v6d_case_said(c, step, key[1]);
}

static bool
load_line(struct v6d_case *c, FILE *f, char *line)
{
	if (strcmp(line, "helper\n") == 0) {
		c->helper = true;
		return true;
	}
	if (strcmp(line, "patient\n") == 0) {
		c->patient = true;
		return true;
	}
	if (strncmp(line, "first ", 6) == 0 ||
	    strncmp(line, "given ", 6) == 0 || strncmp(line, "file ", 5) == 0 ||
	    strncmp(line, "paste ", 6) == 0)
		return load_bytes(c, f, line);
	return strncmp(line, "said ", 5) == 0 && load_said(c, line);
}

int
v6d_case_load(struct v6d_case *c, const char *path)
{
	FILE *f = fopen(path, "re");
	char line[256];
	bool good;

	if (!f)
		return -errno;
	good = fgets(line, sizeof(line), f) && strcmp(line, HEADER "\n") == 0;
	while (good && fgets(line, sizeof(line), f))
		good = load_line(c, f, line);
	fclose(f);
	return good ? 0 : -EBADMSG;
}

void
v6d_case_done(struct v6d_case *c)
{
	forget_judgements(c);
	while (c->n > 0)
		v6d_case_drop(c);
}
