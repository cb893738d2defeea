/* SPDX-License-Identifier: GPL-2.0-or-later */
/* output.c - reports to standard output, in the format that was asked for. */
#include "output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "say.h"

static const struct v6d_format *
format_of(const struct v6d_output *o)
{
	return o->format ? o->format : &v6d_formats[0];
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
	return v6d_say(command, V6D_EXIT_USAGE, "--format '%s': %s", name,
	    v6d_format_names(names, sizeof(names)));
}

static int
check(const char *command, bool ok)
{
	if (ok && fflush(stdout) == 0)
		return 0;
	return v6d_say(command, V6D_EXIT_INTERNAL,
	    "standard output cannot be written: %s", strerror(errno));
}

int
v6d_output_begin(const struct v6d_output *o, const char *command)
{
	return check(command, fputs(format_of(o)->head, stdout) >= 0);
}

int
v6d_output_report(
    struct v6d_output *o, const char *command, const struct v6d_report *r)
{
	char *text = format_of(o)->render(r, &o->how);
	int status;

	if (!text)
		return v6d_say(command, V6D_EXIT_INTERNAL, "out of memory");
	status = check(command, fputs(text, stdout) >= 0);
	free(text);
	return status;
}

/* "%u" is the number of points. */
int
v6d_output_end(const struct v6d_output *o, const char *command)
{
	const char *tail = format_of(o)->tail, *number = strstr(tail, "%u");
	int n = number ? (int)(number - tail) : (int)strlen(tail);
	bool ok = printf("%.*s", n, tail) >= 0;

	if (number)
		ok = ok && printf("%u%s", o->how.points, number + 2) > 0;
	return check(command, ok);
}
