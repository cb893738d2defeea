/* SPDX-License-Identifier: GPL-2.0-or-later */
/* save.c - --save: opens the file early, writes it whole at the end. */
#include "save.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "cmd.h"
#include "say.h"
#include "tongue.h"
#include "trace/file.h"
#include "trace/redact.h"

static int
cannot(const struct v6d_save *s, const char *what, const char *path, int err)
{
	return v6d_say(s->command, V6D_EXIT_UNAVAILABLE,
	    "%s cannot be saved in %s: %s", _(what), path,
	    err == -EINVAL ? _("it is there and is no plain file")
			   : v6d_retold(strerror(-err)));
}

int
v6d_save_check(const struct v6d_save *s)
{
	if (!s->path && (s->mapping || s->plain))
		return v6d_say(s->command, V6D_EXIT_USAGE,
		    "%s is about the report of --save FILE",
		    s->mapping ? "--mapping" : "--no-redact");
	if (s->mapping && s->plain)
		return v6d_say(s->command, V6D_EXIT_USAGE,
		    "--no-redact: nothing stands for anything else, so there "
		    "is no --mapping");
	return 0;
}

int
v6d_save_open(struct v6d_save *s)
{
	int err = 0;

	s->file.fd = s->mapping_file.fd = -1;
	if (s->path)
		err = v6d_savefile_open(s->path, &s->file);
	if (err < 0)
		return cannot(s, N_("the report"), s->path, err);
	if (s->mapping)
		err = v6d_savefile_open(s->mapping, &s->mapping_file);
	if (err < 0)
		return cannot(s, N_("the mapping"), s->mapping, err);
	return 0;
}

/* ---- redaction ---- */

static struct v6d_redact *
redact(struct v6d_trace *t, struct v6d_packets *p, const char *user)
{
	struct v6d_redact *r = calloc(1, sizeof(*r));
	uint8_t key[V6D_REDACT_KEY];
	char host[256] = "";

	if (!r || getrandom(key, sizeof(key), 0) != (ssize_t)sizeof(key)) {
		free(r);
		return NULL;
	}
	v6d_redact_init(r, key);
	explicit_bzero(key, sizeof(key));
	v6d_redact_learn(r, user);
	if (gethostname(host, sizeof(host) - 1) == 0)
		v6d_redact_learn(r, host);
	v6d_redact_trace(r, t);
	v6d_redact_packets(r, p);
	return r;
}

static int
write_mapping(struct v6d_save *s, struct v6d_redact *r)
{
	char *map = v6d_redact_map(r);
	int err = map ? v6d_savefile_end(&s->mapping_file, map, strlen(map))
		      : -ENOMEM;

	if (map)
		explicit_bzero(map, strlen(map));
	free(map);
	return err < 0 ? cannot(s, N_("the mapping"), s->mapping, err) : 0;
}

/* ---- the file ---- */

static int
write_report(struct v6d_save *s, const struct v6d_trace *t,
    const struct v6d_packets *p, v6d_ns epoch)
{
	struct v6d_trace_bytes b = { 0 };
	size_t n = 0;
	char *text = v6d_trace_text(t, &n);
	int err = -ENOMEM;

	if (text && v6d_trace_file_write(
			text, n, "v6doctor " V6D_VERSION, p, epoch, &b))
		err = v6d_savefile_end(&s->file, b.p, b.n);
	free(b.p);
	free(text);
	return err < 0 ? cannot(s, N_("the report"), s->path, err) : 0;
}

static int
save(struct v6d_save *s, struct v6d_trace *t, struct v6d_packets *p,
    v6d_ns epoch, const char *user)
{
	struct v6d_redact *names = NULL;
	int status = 0;

	if (t && !s->plain)
		names = redact(t, p, user);
	if (!t || (!s->plain && !names))
		return cannot(s, N_("the report"), s->path, -ENOMEM);
	if (s->mapping)
		status = write_mapping(s, names);
	if (status == 0)
		status = write_report(s, t, p, epoch);
	if (names)
		explicit_bzero(names, sizeof(*names));
	free(names);
	return status;
}

int
v6d_save_trace(struct v6d_save *s, struct v6d_trace *t, struct v6d_packets *p,
    v6d_ns epoch, const char *user)
{
	int status = save(s, t, p, epoch, user);

	if (status == 0 && !s->quiet)
		v6d_say(s->command, 0, "the report is saved in %s, %s", s->path,
		    s->plain ? "with the real addresses and names"
			     : "with pseudonyms for addresses and names");
	return status;
}

int
v6d_save_run(struct v6d_save *s, const struct v6d_run *r, const char *user)
{
	if (!s->path)
		return 0;
	return v6d_save_trace(
	    s, v6d_run_trace(r), v6d_run_packets(r), v6d_run_epoch(r), user);
}

void
v6d_save_drop(struct v6d_save *s)
{
	v6d_savefile_drop(&s->file);
	v6d_savefile_drop(&s->mapping_file);
}
