/* SPDX-License-Identifier: GPL-2.0-or-later */
/* read_text.h - pasted text to facts, findings and a diagnosis. */
#ifndef V6D_TOOLS_READ_TEXT_H
#define V6D_TOOLS_READ_TEXT_H

#include "output.h"
#include "paste/paste.h"

#define V6D_TEXT_FACTS 512 /* observations of one text */
#define V6D_TEXT_LINES 40000 /* of one piece; the rest is counted as lost */
#define V6D_TEXT_BYTES (4u << 20)

/* All of a text, in several pieces or one. */
struct v6d_text_judgement {
	struct v6d_paste paste;
	struct v6d_obs obs[V6D_TEXT_FACTS];
	struct v6d_facts facts;
	struct v6d_scope scope;
	struct v6d_diagnosis diagnosis;
	struct v6d_notes notes;
	struct v6d_ranking ranking;
	char message[256]; /* what was wrong with a file; "" for nothing */
};

/*
 * True when the file begins as a text does, not as a capture or an archive.
 * False as well where it cannot be opened: whoever opens it will say why.
 * Of standard input ("-") nothing is consumed.
 */
bool v6d_text_file(const char *path);

/* A new judgement; NULL: no memory. */
struct v6d_text_judgement *v6d_text_new(void);

/*
 * Adds one file. Returns 0, -EBADMSG (message set: nothing in it is known or
 * it is too long) or another -errno.
 */
int v6d_text_add_file(struct v6d_text_judgement *j, const char *path);
/* The same for bytes that are at hand. */
int
v6d_text_add_bytes(struct v6d_text_judgement *j, const uint8_t *text, size_t n);

/* After the last piece: facts, diagnosis, findings, hypotheses. */
void v6d_text_judge(struct v6d_text_judgement *j);
void v6d_text_free(struct v6d_text_judgement *j);

/*
 * Reads these files as one piece of evidence and prints the report; returns
 * an exit status.
 */
int v6d_read_text(struct v6d_output *o, char *const *paths, int n);

#endif
