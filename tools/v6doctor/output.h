/* SPDX-License-Identifier: GPL-2.0-or-later */
/* output.h - reports to a stream, in the format that was asked for. */
#ifndef V6D_TOOLS_OUTPUT_H
#define V6D_TOOLS_OUTPUT_H

#include <stdio.h>

#include "report/changes.h"
#include "report/format.h"

struct v6d_output {
	const struct v6d_format *format; /* NULL: text */
	FILE *to; /* NULL: standard output */
	struct v6d_format_how how;
};

/* The value of --format. 0, or an exit status; the message is out. */
int
v6d_output_format(struct v6d_output *o, const char *command, const char *name);

/* True where a machine reads: nothing but the reports may be printed. */
bool v6d_output_document(const struct v6d_output *o);

/*
 * Before the first report, each of them, after the last. Return 0, or an
 * exit status when memory or the stream gave out; the message is out.
 */
int v6d_output_begin(const struct v6d_output *o, const char *command);
int v6d_output_report(
    struct v6d_output *o, const char *command, const struct v6d_report *r);
int v6d_output_end(const struct v6d_output *o, const char *command);

/* What a run saw (changes.h), in the language of the changes. */
void v6d_output_take(const struct v6d_output *o, const struct v6d_report *r,
    const struct v6d_seen *before, struct v6d_seen *ret);

/*
 * What is otherwise than before, to standard output: as text, unless the
 * format is for machines and has changes of its own. Returns as above.
 */
int v6d_output_changes(const struct v6d_output *o, const char *command,
    const struct v6d_seen *before, const struct v6d_seen *now);

#endif
