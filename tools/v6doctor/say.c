/* SPDX-License-Identifier: GPL-2.0-or-later */
/* say.c - messages to standard error, and options that are wrong. */
#include "say.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cmd.h"
#include "nearest.h"
#include "report/paint.h"
#include "tongue.h"

#define MESSAGE 12288 /* bytes; two paths of 4096 fit */

unsigned
v6d_say_columns(void)
{
	const char *set = getenv("COLUMNS");
	unsigned long n = set ? strtoul(set, NULL, 10) : 0;
	struct winsize w = { 0 };

	if (n > 0 && n < 1000)
		return (unsigned)n;
	if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) != 0)
		return 0;
	return w.ws_col;
}

int
v6d_say(const char *command, int status, const char *fmt, ...)
{
	static char words[MESSAGE], lines[MESSAGE + MESSAGE / 8];
	struct v6d_paint p = { .t = v6d_text_to(lines, sizeof(lines)),
		.columns = v6d_say_columns() };
	int n = snprintf(words, sizeof(words),
	    "v6doctor%s%s: ", command[0] ? " " : "", command);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(words + n, sizeof(words) - (size_t)n,
	    v6d_lang_get(v6d_tongue, fmt), ap);
	va_end(ap);
	v6d_paint_wrap(&p, 0, 2, words);
	fputs(lines, stderr);
	return status;
}

int
v6d_say_cannot(
    const char *command, const char *path, int err, const char *message)
{
	if (err == -ENOMEM)
		return v6d_say(command, V6D_EXIT_INTERNAL, "out of memory");
	if (message[0])
		return v6d_say(command, V6D_EXIT_DATA, "%s: %s", path,
		    v6d_retold(message));
	return v6d_say(command, V6D_EXIT_NOINPUT, "cannot open %s: %s", path,
	    v6d_retold(strerror(-err)));
}

int
v6d_say_option(
    const char *command, int c, const char *arg, const struct option *longs)
{
	struct v6d_nearest near = { .n = 0 };
	char word[40];

	if (c == ':')
		return v6d_say(
		    command, V6D_EXIT_USAGE, "%s wants a value", arg);
	snprintf(word, sizeof(word), "%.*s",
	    (int)strcspn(arg + strspn(arg, "-"), "="), arg + strspn(arg, "-"));
	for (; longs->name && word[0]; longs++)
		v6d_nearest_offer(&near, word, longs->name);
	if (near.n > 0)
		return v6d_say(command, V6D_EXIT_USAGE,
		    "unknown option '%s'; did you mean --%s? \"v6doctor %s "
		    "--help\" lists the options",
		    arg, near.names[0], command);
	return v6d_say(command, V6D_EXIT_USAGE,
	    "unknown option '%s'; \"v6doctor %s --help\" lists the options",
	    arg, command);
}

static bool
terminal_with_colors(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no && no[0] != '\0') &&
	       !(term && strcmp(term, "dumb") == 0);
}

bool
v6d_color_of(const char *word, enum v6d_color *ret)
{
	bool on;

	if (!word || strcmp(word, "auto") == 0)
		on = terminal_with_colors();
	else if (strcmp(word, "always") == 0)
		on = true;
	else if (strcmp(word, "never") == 0)
		on = false;
	else
		return false;
	*ret = on ? V6D_COLOR_ALWAYS : V6D_COLOR_NEVER;
	return true;
}
