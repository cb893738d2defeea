/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * changes.h - what is otherwise in a run than in the one before: verdict,
 * telephone code, checks, causes. What is kept of a run for that is a plain
 * block of memory without pointers, so that it can be handed from one process
 * to another.
 */
#ifndef V6D_REPORT_CHANGES_H
#define V6D_REPORT_CHANGES_H

#include "base/text.h"
#include "report/report.h"

#define V6D_SEEN_THINGS 64

enum v6d_seen_kind {
	V6D_SEEN_VERDICT,
	V6D_SEEN_CODE,
	V6D_SEEN_CHECK,
	V6D_SEEN_CAUSE,
};

/* One thing of a run, and the word for it that is compared. */
struct v6d_seen_thing {
	enum v6d_seen_kind kind;
	char name[48]; /* of the check or cause; or "" */
	char word[24]; /* faulty, G3-1454, pass, certain, undecided */
	char text[192]; /* one sentence, in the report's language; or "" */
};

struct v6d_seen {
	unsigned run; /* from 1; 0: nothing was seen yet */
	int64_t started_unix_ms;
	size_t n;
	struct v6d_seen_thing things[V6D_SEEN_THINGS];
};

/*
 * What this run saw. Of a check that was skipped, what `before` knew of it
 * stays: skipped is not otherwise.
 */
void v6d_seen_take(const struct v6d_report *r, const struct v6d_seen *before,
    struct v6d_seen *ret);

/* True where `now` is otherwise than `before`; a first run is not. */
bool
v6d_seen_changed(const struct v6d_seen *before, const struct v6d_seen *now);

/* The changes for people, some lines: the time and the verdict, then each. */
void v6d_seen_text(struct v6d_text *t, const struct v6d_seen *before,
    const struct v6d_seen *now);

/*
 * The same as one object on a line, type `change` (docs/json.md). malloc'd;
 * NULL: no memory.
 */
char *v6d_seen_jsonl(const struct v6d_seen *before, const struct v6d_seen *now);

#endif
