/* SPDX-License-Identifier: GPL-2.0-or-later */
/* change_sysctl.c - a sysctl changed; and forwarding, which changes many. */
#include "gateway/change_impl.h"

#include <errno.h>
#include <inttypes.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/netns.h"
#include "io/sysctl.h"

#define ALL "net/ipv6/conf/all/forwarding"

/* sysctl PATH OLD NEW */
int
v6d_change_sysctl(struct v6d_changes *c, const char *path, int64_t value)
{
	char old[24], new[24];
	struct v6d_record r = { 4, { "sysctl", path, old, new } };
	int64_t now;
	int err = v6d_sysctl_read(c->ns_fd, path, &now);

	if (err < 0)
		return v6d_change_told(
		    c, err, "%s cannot be read: %s", path, strerror(-err));
	if (now == value)
		return 0;
	snprintf(old, sizeof(old), "%" PRId64, now);
	snprintf(new, sizeof(new), "%" PRId64, value);
	err = v6d_change_note(c, &r);
	if (err < 0)
		return err;
	err = v6d_sysctl_write(c->ns_fd, path, value);
	if (err == 0)
		return 0;
	v6d_change_told(
	    c, err, "%s cannot be set to %s: %s", path, new, strerror(-err));
	return v6d_change_not_made(c, err);
}

enum v6d_undo
v6d_undo_sysctl(struct v6d_changes *c, const struct v6d_record *r)
{
	const char *path = r->word[1];
	int64_t old = strtoll(r->word[2], NULL, 10);
	int64_t new = strtoll(r->word[3], NULL, 10), now;
	int err = v6d_sysctl_read(c->ns_fd, path, &now);

	if (err == -ENOENT || (err == 0 && now == old))
		return V6D_UNDO_DONE; /* the interface is gone */
	if (err == 0 && now != new)
		return v6d_change_left(c,
		    "%s is %lld now, not the %lld of this program: left", path,
		    (long long)now, (long long)new);
	if (err == 0)
		err = v6d_sysctl_write(c->ns_fd, path, old);
	if (err == 0)
		return V6D_UNDO_DONE;
	return v6d_change_stuck(
	    c, "%s cannot be set back: %s", path, strerror(-err));
}

/* ---- forwarding ---- */

static const char *
path_of(const char *conf, char *buf, size_t n)
{
	snprintf(buf, n, "net/ipv6/conf/%s/forwarding", conf);
	return buf;
}

/* What one namespace has: the interfaces, behind "default". */
struct table {
	unsigned n;
	char word[V6D_RECORD_WORDS][32]; /* NAME=VALUE */
};

static int
add_conf(struct table *t, const char *name)
{
	char path[64];
	int64_t v;

	if (v6d_sysctl_read(-1, path_of(name, path, sizeof(path)), &v) < 0)
		return 0; /* an interface without IPv6 */
	if (t->n == V6D_RECORD_WORDS - 2)
		return -E2BIG;
	snprintf(
	    t->word[t->n++], sizeof(t->word[0]), "%.15s=%" PRId64, name, v);
	return 0;
}

static int
read_table(void *arg)
{
	struct table *t = arg;
	struct if_nameindex *all = if_nameindex();
	int err;

	if (!all)
		return -errno;
	err = add_conf(t, "default");
	for (unsigned i = 0; err == 0 && all[i].if_index; i++)
		err = add_conf(t, all[i].if_name);
	if_freenameindex(all);
	return err;
}

/* forwarding NAME=VALUE...; the old value of "all" is 0, or nothing is done */
int
v6d_change_forwarding(struct v6d_changes *c)
{
	struct v6d_record r = { 1, { "forwarding" } };
	struct table t = { 0 };
	int64_t now;
	int err = v6d_sysctl_read(c->ns_fd, ALL, &now);

	if (err == 0 && now == 1)
		return 0;
	if (err == 0)
		err = v6d_netns_run(c->ns_fd, read_table, &t);
	if (err < 0)
		return v6d_change_told(c, err,
		    "the forwarding of the interfaces cannot be read: %s",
		    strerror(-err));
	for (unsigned i = 0; i < t.n; i++)
		r.word[r.n++] = t.word[i];
	if (r.n < 3) /* "default" and the loopback are always there */
		r.word[r.n++] = "-";
	err = v6d_change_note(c, &r);
	if (err < 0)
		return err;
	err = v6d_sysctl_write(c->ns_fd, ALL, 1);
	if (err == 0)
		return 0;
	v6d_change_told(
	    c, err, "forwarding cannot be switched on: %s", strerror(-err));
	return v6d_change_not_made(c, err);
}

struct one {
	char path[64];
	int64_t old;
	bool give_back;
};

/*
 * An interface that had its own value and still has what "all" gave it gets
 * that back; what somebody changed meanwhile is theirs.
 */
static bool
look(struct v6d_changes *c, const char *word, struct one *ret)
{
	char name[32], *eq;
	int64_t now;

	snprintf(name, sizeof(name), "%s", word);
	eq = strchr(name, '=');
	if (!eq)
		return false;
	*eq = '\0';
	path_of(name, ret->path, sizeof(ret->path));
	ret->old = strtoll(eq + 1, NULL, 10);
	return ret->old != 0 &&
	       v6d_sysctl_read(c->ns_fd, ret->path, &now) == 0 && now != 0;
}

enum v6d_undo
v6d_undo_forwarding(struct v6d_changes *c, const struct v6d_record *r)
{
	struct one one[V6D_RECORD_WORDS] = { 0 };
	int64_t now;
	int err = v6d_sysctl_read(c->ns_fd, ALL, &now);

	for (unsigned i = 1; err == 0 && i < r->n; i++)
		one[i].give_back = look(c, r->word[i], &one[i]) || now == 0;
	if (err == 0 && now != 0)
		err = v6d_sysctl_write(c->ns_fd, ALL, 0);
	if (err < 0)
		return v6d_change_stuck(
		    c, "forwarding cannot be switched off: %s", strerror(-err));
	for (unsigned i = 1; i < r->n; i++)
		if (one[i].give_back && one[i].old != 0)
			v6d_sysctl_write(c->ns_fd, one[i].path, one[i].old);
	return V6D_UNDO_DONE;
}
