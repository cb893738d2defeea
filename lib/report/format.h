/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * format.h - the renderings by name, and how several reports make one
 * output. One table: options, help and tests all walk over it.
 */
#ifndef V6D_REPORT_FORMAT_H
#define V6D_REPORT_FORMAT_H

#include "report/report.h"

/* How to render; the same for every report of one output. */
struct v6d_format_how {
	enum v6d_color color; /* of text */
	bool verbose; /* text, markdown: every observation too */
	unsigned points; /* tap: test points so far, over all reports */
};

enum v6d_format_words {
	V6D_WORDS_READER, /* the reader's, by his environment or --lang */
	V6D_WORDS_ASKED, /* English; another only where --lang asks for it */
	V6D_WORDS_ENGLISH,
};

struct v6d_format {
	const char *name; /* "junit": command line */
	const char *what; /* for the help, a few words */
	const char *head; /* once, before the first report; or "" */
	/* One report: malloc'd text, or NULL (no memory). */
	char *(*render)(const struct v6d_report *r, struct v6d_format_how *h);
	/* Once, after the last report; or "". A %u in it is `points`. */
	const char *tail;
	enum v6d_format_words words; /* whose language its texts are in */
	bool document; /* for machines: no progress, no lines between */
	bool one; /* an output holds one report, not several */
	bool changes; /* changes between runs can follow in it: changes.h */
};

extern const struct v6d_format v6d_formats[];
extern const size_t v6d_n_formats;

/* The format of that name, or NULL. */
const struct v6d_format *v6d_format_by_name(const char *name);

/* "text, json, ...": for messages. Returns buf. */
const char *v6d_format_names(char *buf, size_t n);

#endif
