/* SPDX-License-Identifier: GPL-2.0-or-later */
/* walk_place.c - where a walk keeps its files. */
#include "walk_place.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/time.h"
#include "io/clock.h"

/* A folder and those above it. */
static int
make_folder(char *path)
{
	for (char *s = path + 1;; s++) {
		char c = *s;

		if (c != '/' && c != '\0')
			continue;
		*s = '\0';
		if (mkdir(path, 0700) && errno != EEXIST)
			return -errno;
		*s = c;
		if (c == '\0')
			return 0;
	}
}

static int
folder(char *ret, size_t n)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (state && state[0] == '/')
		snprintf(ret, n, "%s/v6doctor", state);
	else if (home && home[0] == '/')
		snprintf(ret, n, "%s/.local/state/v6doctor", home);
	else
		return -ENOENT;
	return make_folder(ret);
}

static void
name_text(const char *where, char *ret, size_t n)
{
	time_t now = (time_t)(v6d_clock_unix() / V6D_S(1));
	struct tm tm;
	char when[32];

	localtime_r(&now, &tm);
	strftime(when, sizeof(when), "%Y%m%d-%H%M%S", &tm);
	snprintf(ret, n, "%s/walk-%s.txt", where, when);
}

int
v6d_walk_place(const char *state, const char *save, struct v6d_walk_place *ret)
{
	char where[3900];
	int err;

	if (state) {
		const char *slash = strrchr(state, '/');

		snprintf(where, sizeof(where), "%.*s",
		    slash ? (int)(slash - state) : 1, slash ? state : ".");
		snprintf(ret->state, sizeof(ret->state), "%s", state);
	} else {
		err = folder(where, sizeof(where));
		if (err)
			return err;
		snprintf(ret->state, sizeof(ret->state), "%s/walk", where);
	}
	snprintf(ret->checks, sizeof(ret->checks), "%s/walk-checks.pcapng.gz",
	    where);
	snprintf(
	    ret->again, sizeof(ret->again), "%s/walk-again.pcapng.gz", where);
	if (save)
		snprintf(ret->text, sizeof(ret->text), "%s", save);
	else
		name_text(where, ret->text, sizeof(ret->text));
	return 0;
}
