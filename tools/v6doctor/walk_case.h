/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * walk_case.h - all that was given and answered in one walk, in its order: so
 * that it can be judged, taken back step by step, kept and gone on with.
 */
#ifndef V6D_TOOLS_WALK_CASE_H
#define V6D_TOOLS_WALK_CASE_H

#include "judge.h"
#include "read_text.h"
#include "walk/walk.h"

#define V6D_CASE_EVENTS 128

enum v6d_event_kind { V6D_EVENT_FILE, V6D_EVENT_PASTE, V6D_EVENT_SAID };

struct v6d_event {
	enum v6d_event_kind kind;
	bool first; /* given at the start: "back" leaves it */
	char *text; /* a file's name, or what was pasted */
	size_t len;
	struct v6d_walk_said said;
};

struct v6d_case {
	bool helper;
	bool patient; /* agreed to be asked on */
	unsigned n;
	struct v6d_event events[V6D_CASE_EVENTS];
	/* What they come to; v6d_case_judge makes it. */
	struct v6d_judgement judgement; /* of the newest report or capture */
	bool have_judgement;
	struct v6d_text_judgement *text; /* of all texts, or NULL */
	char message[V6D_CAPTURE_MESSAGE + 300]; /* what could not be read */
	struct v6d_walk walk;
	struct v6d_walk_state state;
};

/* Adds an event; false: no memory, or one too many. */
bool v6d_case_file(struct v6d_case *c, const char *path, bool first);
bool v6d_case_paste(struct v6d_case *c, const char *text, size_t n);
bool v6d_case_said(struct v6d_case *c, enum v6d_walk_step step, char key);

/* Takes the last answer back, with what was given for it. False: none. */
bool v6d_case_back(struct v6d_case *c);

/* Takes the last file or paste away. */
void v6d_case_drop(struct v6d_case *c);

/* Forgets all that is said with this key, so that it is asked again. */
unsigned v6d_case_forget(struct v6d_case *c, char key);

/*
 * Reads what was given and computes where the walk stands. 0, or an exit
 * status with message set: the newest file cannot be read.
 */
int v6d_case_judge(struct v6d_case *c, bool can_check);

/* The diagnosis of what was given, or NULL. */
const struct v6d_diagnosis *v6d_case_diagnosis(const struct v6d_case *c);

/* The newest report or capture, or NULL. */
const char *v6d_case_report(const struct v6d_case *c);

/* Keeps it in a file (mode 0600), and reads it again; 0, -errno, or -EBADMSG:
 * it is no such file. */
int v6d_case_keep(const struct v6d_case *c, const char *path);
int v6d_case_load(struct v6d_case *c, const char *path);

void v6d_case_done(struct v6d_case *c);

#endif
