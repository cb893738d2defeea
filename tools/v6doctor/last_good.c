/* SPDX-License-Identifier: GPL-2.0-or-later */
/* last_good.c - the last healthy run of a profile, kept and compared with. */
#include "last_good.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd.h"
#include "gateway/gateway.h"
#include "io/input.h"
#include "say.h"
#include "trace/file.h"

#define REPORT_MAX (16u << 20) /* bytes */

/* ---- where ---- */

/* A folder and those above it, for its owner alone. */
static int
make_folders(const char *path)
{
	char part[sizeof(((struct v6d_last_good *)0)->path)];

	snprintf(part, sizeof(part), "%s", path);
	for (char *s = part + 1;; s++) {
		char c = *s;

		if (c != '/' && c != '\0')
			continue;
		*s = '\0';
		if (mkdir(part, 0700) && errno != EEXIST)
			return -errno;
		*s = c;
		if (c == '\0')
			return 0;
	}
}

static bool
folder(const struct v6d_last_good *g, char *ret, size_t n)
{
	const char *service = getenv("STATE_DIRECTORY"); /* systemd.exec(5) */
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	int len;

	if (g->dir)
		len = snprintf(ret, n, "%s", g->dir);
	else if (service && service[0] == '/')
		len = snprintf(
		    ret, n, "%.*s/good", (int)strcspn(service, ":"), service);
	else if (geteuid() == 0)
		len = snprintf(ret, n, "%s/good", V6D_GW_STATE_DIR);
	else if (state && state[0] == '/')
		len = snprintf(ret, n, "%s/v6doctor/good", state);
	else if (home && home[0] == '/')
		len = snprintf(ret, n, "%s/.local/state/v6doctor/good", home);
	else
		return false;
	return len > 0 && (size_t)len < n;
}

/* Two profiles of one name in two folders are two. */
static uint32_t
hash_of(const char *s)
{
	uint32_t h = 2166136261u; /* FNV-1a */

	for (; *s; s++)
		h = (h ^ (uint8_t)*s) * 16777619u;
	return h;
}

static bool
place(struct v6d_last_good *g, const char *profile, const char *interface)
{
	char dir[3500], *real = profile ? realpath(profile, NULL) : NULL;
	const char *what = interface ? interface : "host";
	const char *name = real ? strrchr(real, '/') + 1 : what;
	int n = (int)strcspn(name, "."), len;
	bool ok = folder(g, dir, sizeof(dir)) && make_folders(dir) == 0;

	len = snprintf(g->path, sizeof(g->path), "%s/%.64s%.*s-%08x.pcapng",
	    dir, real && interface ? interface : "", n > 64 ? 64 : n, name,
	    hash_of(real ? real : what));
	free(real);
	return ok && len > 0 && (size_t)len < sizeof(g->path);
}

/* ---- the last one ---- */

/* One that cannot be read is none: the next healthy run takes its place. */
static void
read_last(struct v6d_last_good *g)
{
	char why[160];
	FILE *f = v6d_input_open(g->path);
	uint8_t *p = NULL;
	size_t n = 0, len = 0;
	char *text = NULL;

	if (!f)
		return;
	if (v6d_input_all(f, REPORT_MAX, &p, &n) == 0)
		text = v6d_trace_file_read(p, n, &len, why, sizeof(why));
	v6d_input_close(f);
	if (text)
		g->trace = v6d_trace_read(text, len, why, sizeof(why));
	free(text);
	free(p);
	if (g->trace && g->trace->whole)
		g->was = v6d_load(g->trace, V6D_VERSION, NULL);
}

int
v6d_last_good_open(
    struct v6d_last_good *g, const char *profile, const char *interface)
{
	int err;

	g->file.fd = -1;
	errno = 0;
	if (!place(g, profile, interface))
		err = errno ? -errno : -ENAMETOOLONG;
	else
		err = v6d_savefile_open(g->path, &g->file);
	if (err < 0)
		return g->dir ? v6d_say(g->command, V6D_EXIT_UNAVAILABLE,
				    "nothing can be kept in %s: %s", g->dir,
				    strerror(-err))
			      : 0;
	read_last(g);
	return 0;
}

static bool
is_healthy(const struct v6d_run *r)
{
	return v6d_run_signal(r) == 0 &&
	       v6d_run_report(r)->diagnosis->verdict == V6D_VERDICT_HEALTHY;
}

static struct v6d_side
side_of(const struct v6d_loaded *l, const struct v6d_trace *t)
{
	const struct v6d_trace_head *h =
	    v6d_trace_next(t, V6D_TRACE_HEAD, NULL);

	return (struct v6d_side){ .name = "",
		.report = &l->report,
		.plan = &l->plan,
		.trace = t,
		.system = h->system,
		.pseudonyms = h->redacted };
}

const struct v6d_report_since *
v6d_last_good_since(struct v6d_last_good *g, const struct v6d_run *r)
{
	const struct v6d_trace *t = v6d_run_trace(r);
	struct v6d_comparison *c;
	struct v6d_side was, is;

	if (!g->was || !t || is_healthy(r))
		return NULL;
	g->is = v6d_load(t, V6D_VERSION, NULL);
	c = calloc(1, sizeof(*c));
	if (g->is && c) {
		was = side_of(g->was, g->trace);
		is = side_of(g->is, t);
		v6d_compare(&was, &is, c);
		v6d_compare_since(c, &g->since);
	}
	free(c);
	return g->since.started_unix_ms ? &g->since : NULL;
}

void
v6d_last_good_keep(struct v6d_last_good *g, const struct v6d_run *r)
{
	const struct v6d_trace *t = v6d_run_trace(r);
	struct v6d_trace_bytes b = { 0 };
	size_t n = 0;
	char *text;

	if (g->file.fd < 0 || !t || !is_healthy(r))
		return;
	text = v6d_trace_text(t, &n);
	if (text &&
	    v6d_trace_file_write(text, n, "v6doctor " V6D_VERSION, NULL, 0, &b))
		v6d_savefile_end(&g->file, b.p, b.n);
	free(b.p);
	free(text);
}

void
v6d_last_good_done(struct v6d_last_good *g)
{
	v6d_savefile_drop(&g->file);
	v6d_loaded_free(g->is);
	v6d_loaded_free(g->was);
	v6d_trace_free(g->trace);
}
