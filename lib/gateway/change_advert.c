/* SPDX-License-Identifier: GPL-2.0-or-later */
/* change_advert.c - what the LAN is told, taken back; and our own folder. */
#include "gateway/change_impl.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/wire.h"
#include "io/advert.h"

#define PATIENCE_MS 1500 /* for radvd's own goodbye */

/* ---- folder PATH ---- */

static const char *const files[] = { "radvd.conf", "radvd.conf.new",
	"radvd.pid", "pppd.options", "control", "session", "pid",
	"report.json" };

/* The folder above; "" where there is none to be made. */
static const char *
parent_of(const char *path, char *buf, size_t n)
{
	char *slash;

	snprintf(buf, n, "%s", path);
	slash = strrchr(buf, '/');
	*(slash ? slash : buf) = '\0';
	return buf;
}

int
v6d_change_folder(struct v6d_changes *c, const char *path)
{
	char parent[V6D_JOURNAL_PATH + 32];
	struct v6d_record r = { 3, { "folder", path, "there" } };
	int err;

	parent_of(path, parent, sizeof(parent));
	if (parent[0] && access(parent, F_OK) < 0)
		r.word[2] = "made";
	err = v6d_change_note(c, &r);
	if (err < 0)
		return err;
	if (parent[0])
		mkdir(parent, 0755);
	if (mkdir(path, 0755) == 0 || errno == EEXIST)
		return 0;
	err = v6d_change_told(c, -errno, "the folder %s cannot be made: %s",
	    path, strerror(errno));
	return v6d_change_not_made(c, err);
}

enum v6d_undo
v6d_undo_folder(struct v6d_changes *c, const struct v6d_record *r)
{
	char path[V6D_JOURNAL_PATH + 32];

	for (size_t i = 0; i < V6D_ARRAY_LEN(files); i++) {
		snprintf(path, sizeof(path), "%s/%s", r->word[1], files[i]);
		unlink(path);
	}
	if (rmdir(r->word[1]) == 0 || errno == ENOENT) {
		parent_of(r->word[1], path, sizeof(path));
		if (r->n > 2 && strcmp(r->word[2], "made") == 0)
			rmdir(path); /* stays while others use it */
		return V6D_UNDO_DONE;
	}
	if (errno == ENOTEMPTY)
		return v6d_change_left(c,
		    "the folder %s has files of others in it: left",
		    r->word[1]);
	return v6d_change_stuck(c, "the folder %s cannot be removed: %s",
	    r->word[1], strerror(errno));
}

/* ---- advert IFNAME PREFIX CONF ---- */

int
v6d_change_advert(struct v6d_changes *c, const char *ifname,
    const struct v6d_prefix *prefix, const char *conf)
{
	char text[64];
	struct v6d_record r = { 4, { "advert", ifname, text, conf } };

	v6d_change_prefix_text(prefix, text, sizeof(text));
	if (v6d_change_noted(c->j, r.n, r.word) >= 0)
		return 0;
	return v6d_change_note(c, &r);
}

/*
 * RFC 4861 6.2.5: a router that stops says so; and the prefix is of no use
 * any more, which hosts believe for the part of its preferred lifetime.
 */
enum v6d_undo
v6d_undo_advert(struct v6d_changes *c, const struct v6d_record *r)
{
	struct v6d_ra ra = { .n_prefixes = 1 };

	v6d_change_end_program("radvd", r->word[3], PATIENCE_MS);
	ra.prefixes[0].on_link = ra.prefixes[0].autonomous = true;
	if (v6d_prefix_parse(r->word[2], &ra.prefixes[0].prefix))
		v6d_advert_send(c->ns_fd, r->word[1], &ra);
	return V6D_UNDO_DONE; /* whoever could hear it has heard it */
}
