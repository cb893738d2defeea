/* SPDX-License-Identifier: GPL-2.0-or-later */
/* output.c - reports to a stream, in the format that was asked for. */
#include "output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "say.h"
#include "tongue.h"

static const struct v6d_format *
format_of(const struct v6d_output *o)
{
	return o->format ? o->format : &v6d_formats[0];
}

static const struct v6d_lang *
language_of(const struct v6d_format *f)
{
	switch (f->words) {
	case V6D_WORDS_READER:
		return v6d_tongue;
	case V6D_WORDS_ASKED:
		return v6d_tongue_asked();
	case V6D_WORDS_ENGLISH:
		return NULL;
	}
	return NULL;
}

bool
v6d_output_document(const struct v6d_output *o)
{
	return format_of(o)->document;
}

int
v6d_output_format(struct v6d_output *o, const char *command, const char *name)
{
	char names[128];

	o->format = v6d_format_by_name(name);
	if (o->format)
		return 0;
	return v6d_say(command, V6D_EXIT_USAGE,
	    "--format '%s': it is one of %s", name,
	    v6d_format_names(names, sizeof(names)));
}

static FILE *
to(const struct v6d_output *o)
{
	return o->to ? o->to : stdout;
}

static int
check(const struct v6d_output *o, const char *command, bool ok)
{
	if (ok && fflush(to(o)) == 0)
		return 0;
	return v6d_say(command, V6D_EXIT_INTERNAL, "%s cannot be written: %s",
	    o->to ? _("the output") : _("standard output"),
	    v6d_retold(strerror(errno)));
}

int
v6d_output_begin(const struct v6d_output *o, const char *command)
{
	return check(o, command, fputs(format_of(o)->head, to(o)) >= 0);
}

int
v6d_output_report(
    struct v6d_output *o, const char *command, const struct v6d_report *r)
{
	struct v6d_report own = *r;
	int status;
	char *text;

	own.lang = language_of(format_of(o));
	own.columns = o->to ? 0 : v6d_say_columns();
	text = format_of(o)->render(&own, &o->how);

	if (!text)
		return v6d_say(command, V6D_EXIT_INTERNAL, "out of memory");
	status = check(o, command, fputs(text, to(o)) >= 0);
	free(text);
	return status;
}

/* "%u" is the number of points. */
int
v6d_output_end(const struct v6d_output *o, const char *command)
{
	const char *tail = format_of(o)->tail, *number = strstr(tail, "%u");
	int n = number ? (int)(number - tail) : (int)strlen(tail);
	bool ok = fprintf(to(o), "%.*s", n, tail) >= 0;

	if (number)
		ok =
		    ok && fprintf(to(o), "%u%s", o->how.points, number + 2) > 0;
	return check(o, command, ok);
}

static bool
changes_as_lines(const struct v6d_output *o)
{
	return format_of(o)->changes && format_of(o)->document;
}

void
v6d_output_take(const struct v6d_output *o, const struct v6d_report *r,
    const struct v6d_seen *before, struct v6d_seen *ret)
{
	struct v6d_report own = *r;

	own.lang = changes_as_lines(o) ? language_of(format_of(o)) : v6d_tongue;
	v6d_seen_take(&own, before, ret);
}

int
v6d_output_changes(const struct v6d_output *o, const char *command,
    const struct v6d_seen *before, const struct v6d_seen *now)
{
	struct v6d_output plain = { 0 };
	char buf[V6D_SEEN_THINGS * 320];
	struct v6d_text t = v6d_text_to(buf, sizeof(buf));
	bool ok = true;

	t.lang = v6d_tongue;
	if (changes_as_lines(o)) {
		char *line = v6d_seen_jsonl(before, now);

		if (!line)
			return v6d_say(
			    command, V6D_EXIT_INTERNAL, "out of memory");
		ok = puts(line) >= 0;
		free(line);
	} else {
		v6d_seen_text(&t, before, now);
		ok = fputs(buf, stdout) >= 0;
	}
	return check(&plain, command, ok);
}
