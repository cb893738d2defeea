/* SPDX-License-Identifier: GPL-2.0-or-later */
/* save.c - --save: opens the file early, writes it whole at the end. */
#include "save.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "say.h"
#include "trace/file.h"

static int
cannot(const struct v6d_save *s, int err)
{
	return v6d_say(s->command, V6D_EXIT_UNAVAILABLE,
	    "the report cannot be saved in %s: %s", s->path,
	    err == -EINVAL ? "it is there and is no plain file"
			   : strerror(-err));
}

int
v6d_save_open(struct v6d_save *s)
{
	int err;

	s->file.fd = -1;
	if (!s->path)
		return 0;
	err = v6d_savefile_open(s->path, &s->file);
	return err < 0 ? cannot(s, err) : 0;
}

static int
write_report(struct v6d_save *s, const struct v6d_run *r)
{
	struct v6d_trace *t = v6d_run_trace(r);
	struct v6d_trace_bytes b = { 0 };
	size_t n = 0;
	char *text = t ? v6d_trace_text(t, &n) : NULL;
	int err = -ENOMEM;

	if (text && v6d_trace_file_write(text, n, "v6doctor " V6D_VERSION,
			v6d_run_packets(r), v6d_run_epoch(r), &b))
		err = v6d_savefile_end(&s->file, b.p, b.n);
	free(b.p);
	free(text);
	return err;
}

int
v6d_save_run(struct v6d_save *s, const struct v6d_run *r)
{
	int err;

	if (!s->path)
		return 0;
	err = write_report(s, r);
	if (err < 0)
		return cannot(s, err);
	if (!s->quiet)
		v6d_say(s->command, 0,
		    "the report is saved in %s; \"v6doctor read\" reads it",
		    s->path);
	return 0;
}

void
v6d_save_drop(struct v6d_save *s)
{
	v6d_savefile_drop(&s->file);
}
