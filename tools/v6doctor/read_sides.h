/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * read_sides.h - several captures given together: what was rotated is read as
 * one, and what was recorded at two places of one path is compared.
 */
#ifndef V6D_TOOLS_READ_SIDES_H
#define V6D_TOOLS_READ_SIDES_H

#include "judge.h"
#include "output.h"

#define V6D_SIDES 16 /* captures at most */

/* Captures of one place: one judgement. */
struct v6d_place_read {
	char name[256]; /* of its files */
	size_t n; /* of them */
	const char *paths[V6D_SIDES]; /* in the order of time */
	v6d_ns first[V6D_SIDES]; /* packet of each */
	int err; /* of v6d_judge_captures; j.message says why */
	struct v6d_judgement j;
	struct v6d_passed passed;
	size_t group; /* places that saw the same packets have the same */
};

struct v6d_sides {
	size_t n;
	struct v6d_place_read places[V6D_SIDES];
};

/* True: this can be one of several (a file, no pipe, no saved report). */
bool v6d_sides_takes(const char *path);

/*
 * Reads them: at most V6D_SIDES. Returns 0 or -ENOMEM. Give it to
 * v6d_sides_done in any case.
 */
int v6d_sides_read(const char *const *paths, size_t n, struct v6d_sides *s);
void v6d_sides_done(struct v6d_sides *s);

/* The next place of the same group behind i; s->n: there is none. */
size_t v6d_sides_next(const struct v6d_sides *s, size_t i);

/*
 * The report of a group of two places or more, of which i is the first: of
 * its worst session, at the place that tells most of it (NULL: no place has
 * one). Borrows s.
 */
struct v6d_sides_report {
	size_t n; /* places that saw the session */
	struct v6d_report_place places[V6D_SIDES];
	struct v6d_report_between between[V6D_SIDES];
	struct v6d_judgement *told; /* of the place that tells most */
	char name[512];
};
void
v6d_sides_report(struct v6d_sides *s, size_t i, struct v6d_sides_report *ret);

#endif
