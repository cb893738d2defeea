/* SPDX-License-Identifier: GPL-2.0-or-later */
/* load.c - a profile and its password for a command, or a message. */
#include "load.h"

#include <errno.h>
#include <stdio.h>

#include "cmd.h"
#include "say.h"
#include "tongue.h"

static int
complain(const char *command, int status, const struct v6d_profile_error *e)
{
	struct v6d_profile_error where = *e;
	char text[sizeof(e->file) + 16];

	where.reason[0] = '\0'; /* "FILE:LINE: " is left */
	return v6d_say(command, status, "%s%s",
	    v6d_profile_error_text(&where, text, sizeof(text)),
	    v6d_retold(e->reason));
}

int
v6d_load_profile(const char *command, const char *path, struct v6d_profile *ret)
{
	struct v6d_profile_error e = { 0 };
	int err = v6d_profile_read(path, ret, &e);

	if (err == 0)
		return 0;
	return complain(
	    command, err == -EINVAL ? V6D_EXIT_CONFIG : V6D_EXIT_NOINPUT, &e);
}

int
v6d_load_password(
    const char *command, const struct v6d_profile *p, char *ret, size_t n)
{
	const struct v6d_profile_tunnel *t = &p->tunnel;
	struct v6d_profile_error e = { 0 };
	char prompt[2 * V6D_PROFILE_TEXT + 32];
	int err;

	if (t->password_file[0] != '\0') {
		err = v6d_profile_password(t->password_file, ret, n, &e);
		if (err == 0)
			return 0;
		return complain(command,
		    err == -ENOENT ? V6D_EXIT_NOINPUT : V6D_EXIT_CONFIG, &e);
	}
	snprintf(prompt, sizeof(prompt), "Password of %s at %s: ", t->user,
	    t->server);
	err = v6d_profile_ask_password(prompt, ret, n);
	if (err == 0)
		return 0;
	return v6d_say(command, V6D_EXIT_CONFIG,
	    "%s: no password: name a password-file in [tunnel] (mode 0600), "
	    "or run on a terminal",
	    p->path);
}
