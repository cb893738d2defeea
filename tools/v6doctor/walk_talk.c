/* SPDX-License-Identifier: GPL-2.0-or-later */
/* walk_talk.c - a walk on a terminal, line by line. */
#include "say.h"
#include "tongue.h"
#include "walk_talk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/wire.h"
#include "report/paint.h"
#include "report/render.h"
#include "report/say.h"

/* ---- output ---- */

static void
put(struct v6d_paint *p)
{
	fputs(p->t.p, stdout);
	fflush(stdout);
	free(p->t.p);
}

static bool
begin(const struct v6d_talk *t, struct v6d_paint *p)
{
	*p = (struct v6d_paint){ .t = v6d_render_start(v6d_tongue),
		.color = t->color == V6D_COLOR_ALWAYS,
		.columns = v6d_say_columns() };
	return p->t.p != NULL;
}

void
v6d_talk_say(const struct v6d_talk *t, enum v6d_walk_word w, ...)
{
	char text[2048];
	struct v6d_text filled = v6d_tongue_text(text, sizeof(text));
	struct v6d_paint p;
	va_list ap;

	va_start(ap, w);
	v6d_walk_word_vadd(&filled, w, ap);
	va_end(ap);
	if (!begin(t, &p))
		return;
	v6d_paint_wrap(&p, 0, 0, text);
	put(&p);
}

static const char *
likeliest_of_text(const struct v6d_case *c)
{
	const struct v6d_ranking *r = c->text ? &c->text->ranking : NULL;

	if (c->have_judgement || !r || r->n_standing == 0)
		return NULL;
	return _(v6d_hypothesis_text(r->ranked[0].hypothesis));
}

static bool
anything_known(const struct v6d_case *c)
{
	for (int i = 0; i < V6D_N_SYMPTOMS; i++)
		if (c->state.symptoms.v[i] != V6D_SYM_UNKNOWN)
			return true;
	for (unsigned i = 0; i < c->walk.n_said; i++)
		if (strchr("yn123456789", c->walk.said[i].key))
			return true;
	return false;
}

/* In one sentence. */
static void
known(const struct v6d_case *c, struct v6d_text *t)
{
	const struct v6d_walk_state *s = &c->state;
	const char *likeliest = likeliest_of_text(c);

	bool narrowed = s->n_asked > 0 && s->n_left > 0 && c->have_judgement &&
			v6d_case_diagnosis(c)->n_undecided > 0;

	if (c->have_judgement && !narrowed)
		v6d_say_verdict(t, v6d_case_diagnosis(c));
	else if (likeliest)
		v6d_walk_word_add(t, V6D_SAY_KNOWN_TEXT, likeliest);
	else if (!narrowed && !anything_known(c))
		v6d_text_add(t, "%s", v6d_walk_word(V6D_SAY_KNOWN_NOTHING));
	else if (!narrowed && s->family_permille >= 500)
		v6d_text_add(t, "%s", _(v6d_walk_family_text(s->family)));
	else
		v6d_walk_word_add(t, V6D_SAY_KNOWN_MANY, s->n_left);
}

void
v6d_talk_known(const struct v6d_talk *t, const struct v6d_case *c)
{
	char text[2048];
	struct v6d_text k = v6d_tongue_text(text, sizeof(text));
	struct v6d_paint p;

	if (!begin(t, &p))
		return;
	known(c, &k);
	v6d_paint_head(&p, v6d_walk_word(V6D_SAY_HEAD_KNOWN));
	v6d_text_add(&p.t, "  ");
	v6d_paint_wrap(&p, 2, 2, text);
	put(&p);
}

/* ---- a step ---- */

static enum v6d_walk_word
head_of(const struct v6d_talk *t, enum v6d_walk_kind kind)
{
	switch (kind) {
	case V6D_WALK_CHECK:
		return V6D_SAY_HEAD_CHECK;
	case V6D_WALK_LOOK:
		return t->helper ? V6D_SAY_HEAD_USER_LOOK : V6D_SAY_HEAD_LOOK;
	case V6D_WALK_ASK:
		return t->helper ? V6D_SAY_HEAD_ASK_USER
				 : V6D_SAY_HEAD_QUESTION;
	case V6D_WALK_TRY:
		return t->helper ? V6D_SAY_HEAD_USER_TRY : V6D_SAY_HEAD_TRY;
	}
	return V6D_SAY_HEAD_QUESTION;
}

static void
add_answers(struct v6d_paint *p, enum v6d_walk_step step)
{
	const char *label;
	char key;

	for (unsigned i = 0; (key = v6d_walk_answer(step, i, &label)); i++) {
		v6d_text_add(&p->t, "  ");
		v6d_paint_add(p, V6D_INK_BOLD, (char[]){ key, '\0' });
		v6d_text_add(&p->t, "  ");
		v6d_paint_say(p, 5, 5, label);
	}
}

/* How to answer. */
static enum v6d_walk_word
how(enum v6d_walk_step step)
{
	const char *label;

	switch (v6d_walk_step_kind(step)) {
	case V6D_WALK_CHECK:
		return V6D_SAY_ANSWER_CHECK;
	case V6D_WALK_LOOK:
		return V6D_SAY_ANSWER_LOOK;
	case V6D_WALK_ASK:
	case V6D_WALK_TRY:
		break;
	}
	return v6d_walk_answer(step, 0, &label) == 'y' ? V6D_SAY_ANSWER_YES
						       : V6D_SAY_ANSWER_NUMBER;
}

static bool
can_again(const struct v6d_talk *t, enum v6d_walk_step step)
{
	const char *label;

	return t->can_again && v6d_walk_step_kind(step) == V6D_WALK_TRY &&
	       v6d_walk_answer(step, 0, &label) == 'y';
}

void
v6d_talk_step(const struct v6d_talk *t, enum v6d_walk_step step, unsigned n)
{
	char head[160], why[900];
	struct v6d_text h = v6d_tongue_text(head, sizeof(head));
	struct v6d_text w = v6d_tongue_text(why, sizeof(why));
	struct v6d_paint p;

	if (!begin(t, &p))
		return;
	v6d_walk_word_add(
	    &h, head_of(t, v6d_walk_step_kind(step)), n, V6D_WALK_PERSON);
	v6d_walk_word_add(&w, V6D_SAY_WHY, _(v6d_walk_step_why(step)));
	v6d_paint_head(&p, head);
	v6d_text_add(&p.t, "  ");
	v6d_paint_say(&p, 2, 2, v6d_walk_step_text(step));
	v6d_text_add(&p.t, "  ");
	v6d_paint_wrap(&p, 2, 2, why);
	v6d_text_add(&p.t, "\n");
	add_answers(&p, step);
	v6d_paint_wrap(&p, 0, 0, v6d_walk_word(how(step)));
	if (can_again(t, step))
		v6d_paint_wrap(&p, 0, 0, v6d_walk_word(V6D_SAY_AGAIN));
	put(&p);
}

/* ---- what is typed ---- */

/* One line without its end and the blanks around it; NULL: no more. */
static char *
read_line(void)
{
	char *line = NULL, *s;
	size_t cap = 0, n;

	if (getline(&line, &cap, stdin) < 0) {
		free(line);
		return NULL;
	}
	s = line + strspn(line, " \t");
	n = strlen(s);
	while (n > 0 && strchr(" \t\r\n", s[n - 1]))
		n--;
	memmove(line, s, n);
	line[n] = '\0';
	return line;
}

/* The lines up to one that holds only a full stop, `first` before them. */
static char *
read_text(const char *first, bool *ret_ended)
{
	char *text = NULL, *line = NULL;
	size_t len = 0, line_cap = 0;
	FILE *f = open_memstream(&text, &len);

	*ret_ended = false;
	if (!f)
		return NULL;
	if (first[0])
		fprintf(f, "%s\n", first);
	while (getline(&line, &line_cap, stdin) > 0) {
		if (strcmp(line, ".\n") == 0 || strcmp(line, ".\r\n") == 0) {
			*ret_ended = true;
			break;
		}
		fputs(line, f);
	}
	free(line);
	fclose(f);
	return text;
}

/* Words for keys, as people type them. */
static const struct {
	const char *word;
	char key;
} spelled[] = {
	{ "yes", 'y' },
	{ "no", 'n' },
	{ "ja", 'y' },
	{ "\xe3\x81\xaf\xe3\x81\x84", 'y' }, /* hai */
	{ "\xe3\x81\x84\xe3\x81\x84\xe3\x81\x88", 'n' }, /* iie */
	{ "back", 'b' },
	{ "skip", 's' },
	{ "quit", 'q' },
	{ "don't know", '?' },
	{ "?", '?' },
};

static char
key_of(const char *line)
{
	if (line[0] && !line[1])
		return line[0] >= 'A' && line[0] <= 'Z'
			   ? (char)(line[0] - 'A' + 'a')
			   : line[0];
	for (size_t i = 0; i < V6D_ARRAY_LEN(spelled); i++)
		if (strcasecmp(line, spelled[i].word) == 0)
			return spelled[i].key;
	return 0;
}

static bool
is_answer(enum v6d_walk_step step, char key)
{
	const char *label;
	char k;

	for (unsigned i = 0; (k = v6d_walk_answer(step, i, &label)); i++)
		if (k == key)
			return true;
	return key == V6D_WALK_DONT_KNOW || key == V6D_WALK_SKIP ||
	       (key == V6D_WALK_CANNOT &&
		   (v6d_walk_step_kind(step) == V6D_WALK_LOOK ||
		       v6d_walk_step_kind(step) == V6D_WALK_TRY));
}

static enum v6d_typed
read_paste(const struct v6d_talk *t, const char *first, char **ret_text)
{
	bool ended;

	v6d_talk_say(t, V6D_SAY_PASTING);
	*ret_text = read_text(first, &ended);
	if (*ret_text && (ended || (*ret_text)[0]))
		return V6D_TYPED_TEXT;
	free(*ret_text);
	*ret_text = NULL;
	return V6D_TYPED_QUIT;
}

/* Somebody pastes without a word: no answer is so long. */
static bool
begins_paste(enum v6d_walk_step step, const char *line)
{
	if (v6d_walk_step_kind(step) == V6D_WALK_LOOK)
		return strlen(line) > 3;
	return strlen(line) > 20 || (strlen(line) > 3 && strchr(line, ' '));
}

static enum v6d_typed
typed(const struct v6d_talk *t, enum v6d_walk_step *at, char *line,
    char *ret_key, char **ret_text)
{
	enum v6d_walk_step step = *at;
	char key = key_of(line);

	if (v6d_walk_step_kind(step) == V6D_WALK_CHECK &&
	    (!line[0] || key == 'y'))
		key = V6D_WALK_DONE;
	*ret_key = key;
	if (key == V6D_WALK_DONE && v6d_walk_step_kind(step) == V6D_WALK_CHECK)
		return V6D_TYPED_KEY;
	if (key && is_answer(step, key))
		return V6D_TYPED_KEY;
	if (v6d_walk_alias(at, line, ret_key))
		return V6D_TYPED_KEY;
	switch (key) {
	case 'b':
		return V6D_TYPED_BACK;
	case 'q':
		return V6D_TYPED_QUIT;
	case 'e':
		return V6D_TYPED_END;
	case 'w':
		return V6D_TYPED_KNOWN;
	case 'p':
		return read_paste(t, "", ret_text);
	case 'r':
		return can_again(t, step) ? V6D_TYPED_AGAIN
					  : V6D_TYPED_NONSENSE;
	}
	if (line[0] && access(line, R_OK) == 0) {
		*ret_text = strdup(line);
		return V6D_TYPED_FILE;
	}
	if (begins_paste(step, line))
		return read_paste(t, line, ret_text);
	return V6D_TYPED_NONSENSE;
}

enum v6d_typed
v6d_talk_read(const struct v6d_talk *t, enum v6d_walk_step *step, char *ret_key,
    char **ret_text)
{
	enum v6d_typed what;
	char *line;

	*ret_text = NULL;
	*ret_key = 0;
	fputs(v6d_walk_word(V6D_SAY_PROMPT), stdout);
	fflush(stdout);
	line = read_line();
	if (!line)
		return V6D_TYPED_QUIT;
	what = typed(t, step, line, ret_key, ret_text);
	free(line);
	return what;
}
