/* SPDX-License-Identifier: GPL-2.0-or-later */
/* residue.c - what a run left that ended without undoing, by its journal. */
#include "gateway/residue.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "gateway/boot.h"
#include "gateway/change.h"

#define ENDING ".journal"

bool
v6d_residue_is(const struct v6d_journal *j, unsigned i, bool same_boot)
{
	const struct v6d_change_kind *kind = v6d_change_kind_of(&j->e[i].r);

	return kind && !j->e[i].undone && (same_boot || kind->lasting);
}

/* "" where the file is no journal. */
static void
instance_of(const char *file, char *buf, size_t n)
{
	size_t len = strlen(file), end = sizeof(ENDING) - 1;

	buf[0] = '\0';
	if (len > end && strcmp(file + len - end, ENDING) == 0)
		snprintf(buf, n, "%.*s", (int)(len - end), file);
}

static int
look_at(const char *state_dir, const char *name, int ns_fd,
    void (*found)(void *, const char *, const struct v6d_record *), void *arg)
{
	static struct v6d_journal j; /* large; one at a time */
	struct v6d_boot b;
	int err = v6d_journal_peek(&j, state_dir, name);

	if (err < 0)
		return err == -ENOENT ? 0 : err;
	b = v6d_boot_of(&j, ns_fd);
	for (unsigned i = j.n; !j.held && b.same_netns && i-- > 0;)
		if (v6d_residue_is(&j, i, b.same_boot))
			found(arg, name, &j.e[i].r);
	v6d_journal_close(&j);
	return 0;
}

int
v6d_residue_each(const char *state_dir, int ns_fd,
    void (*found)(void *, const char *, const struct v6d_record *), void *arg)
{
	DIR *d = opendir(state_dir);
	char name[64];
	struct dirent *e;
	int err = 0;

	if (!d)
		return errno == ENOENT ? 0 : -errno;
	while (err == 0 && (e = readdir(d))) {
		instance_of(e->d_name, name, sizeof(name));
		if (name[0])
			err = look_at(state_dir, name, ns_fd, found, arg);
	}
	closedir(d);
	return err;
}
