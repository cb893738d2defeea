/* SPDX-License-Identifier: GPL-2.0-or-later */
/* boot.c - sysctl.conf(5) and sysctl.d(5): what they make of one setting. */
#include "io/boot.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/wire.h"

#define PATH 512
#define FILES 128
#define LINE 1024
#define LINES 4096 /* of one file, at most */

static const char *const systemd_folders[] = { "/etc/sysctl.d", "/run/sysctl.d",
	"/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d" };
/* procps, sysctl(8) --system */
static const char *const procps_folders[] = { "/run/sysctl.d", "/etc/sysctl.d",
	"/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d" };
static const char conf[] = "/etc/sysctl.conf";

/* ---- files ---- */

struct names {
	unsigned n;
	struct name {
		const char *folder;
		char file[256];
	} name[FILES];
};

static bool
has(const struct names *l, const char *file)
{
	for (unsigned i = 0; i < l->n; i++)
		if (strcmp(l->name[i].file, file) == 0)
			return true;
	return false;
}

static bool
ends_in(const char *s, const char *ending)
{
	size_t n = strlen(s), m = strlen(ending);

	return n > m && strcmp(s + n - m, ending) == 0;
}

static void
read_folder(
    struct names *l, const char *root, const char *folder, const char *ending)
{
	char path[PATH];
	const struct dirent *e;
	DIR *d;

	snprintf(path, sizeof(path), "%s%s", root, folder);
	d = opendir(path);
	while (d && l->n < FILES && (e = readdir(d))) {
		if (!ends_in(e->d_name, ending) || has(l, e->d_name))
			continue;
		l->name[l->n].folder = folder;
		snprintf(l->name[l->n].file, sizeof(l->name[0].file), "%s",
		    e->d_name);
		l->n++;
	}
	if (d)
		closedir(d);
}

static int
by_name(const void *a, const void *b)
{
	const struct name *x = a, *y = b;

	return strcmp(x->file, y->file);
}

void
v6d_boot_files(const char *root, const char *const *folders, size_t n,
    const char *ending,
    void (*each)(void *arg, const char *root, const char *path), void *arg)
{
	struct names *l = calloc(1, sizeof(*l));

	for (size_t i = 0; l && i < n; i++)
		read_folder(l, root, folders[i], ending);
	if (l)
		qsort(l->name, l->n, sizeof(l->name[0]), by_name);
	for (unsigned i = 0; l && i < l->n; i++) {
		char path[PATH];

		snprintf(path, sizeof(path), "%s/%s", l->name[i].folder,
		    l->name[i].file);
		each(arg, root, path);
	}
	free(l);
}

static char *
trim(char *s)
{
	char *end = s + strlen(s);

	while (end > s && isspace((unsigned char)end[-1]))
		*--end = '\0';
	while (isspace((unsigned char)*s))
		s++;
	return s;
}

void
v6d_boot_lines(const char *root, const char *path,
    void (*each)(void *arg, char *line, unsigned number), void *arg)
{
	char full[PATH + PATH], line[LINE];
	struct stat st;
	FILE *f;

	snprintf(full, sizeof(full), "%s%s", root, path);
	/* A pipe would be waited for. */
	if (stat(full, &st) != 0 || !S_ISREG(st.st_mode))
		return;
	f = fopen(full, "re");
	for (unsigned i = 1; f && i <= LINES && fgets(line, LINE, f); i++) {
		char *s = trim(line);

		if (*s != '\0' && *s != '#' && *s != ';')
			each(arg, s, i);
	}
	if (f)
		fclose(f);
}

/* ---- one setting in them ---- */

struct seek {
	const char *path; /* that is looked for */
	const char *file; /* that is read */
	unsigned order;
	bool left_out; /* patterns do not touch it */
	struct v6d_boot exact, pattern;
};

/* "net.ipv6.conf.eth0/1.forwarding" and "net/ipv6/conf/eth0.1/forwarding". */
static void
slashes(char *key)
{
	bool swap = key[strcspn(key, "./")] == '.';

	for (char *s = key; swap && *s; s++)
		*s = *s == '.' ? '/' : *s == '/' ? '.' : *s;
}

static void
found(struct seek *k, struct v6d_boot *b, const char *value, unsigned number)
{
	char *end;
	int64_t v;

	errno = 0;
	v = strtoll(value, &end, 0);
	if (errno || end == value)
		return;
	b->said = true;
	b->value = v;
	b->order = k->order;
	snprintf(b->where, sizeof(b->where), "%.140s:%u", k->file, number);
}

static void
on_line(void *arg, char *line, unsigned number)
{
	struct seek *k = arg;
	char *value = strchr(line, '='), *key = line;
	bool dash = *key == '-';

	k->order++;
	key += dash;
	if (value)
		*value++ = '\0';
	key = trim(key);
	slashes(key);
	if (strcmp(key, k->path) == 0) {
		k->left_out = dash && !value;
		k->exact.said = false;
		if (value)
			found(k, &k->exact, trim(value), number);
	} else if (value && fnmatch(key, k->path, FNM_PATHNAME) == 0) {
		found(k, &k->pattern, trim(value), number);
	}
}

static void
on_file(void *arg, const char *root, const char *path)
{
	struct seek *k = arg;

	k->file = path;
	v6d_boot_lines(root, path, on_line, k);
}

static bool
has_systemd(const char *root)
{
	char path[PATH];

	snprintf(path, sizeof(path), "%s/run/systemd/system", root);
	return access(path, F_OK) == 0;
}

/* What is carried out last of one path, whatever else is said of others. */
static void
seek(const char *root, const char *path, struct v6d_boot *ret)
{
	struct seek k = { .path = path };

	if (has_systemd(root)) {
		v6d_boot_files(root, systemd_folders,
		    V6D_ARRAY_LEN(systemd_folders), ".conf", on_file, &k);
	} else {
		v6d_boot_files(root, procps_folders,
		    V6D_ARRAY_LEN(procps_folders), ".conf", on_file, &k);
		on_file(&k, root, conf);
	}
	*ret = k.exact.said ? k.exact : k.pattern;
	if (k.left_out)
		ret->said = false;
}

/* systemd-sysctl reads it only where a link in sysctl.d leads to it. */
static void
seek_unread(const char *root, const char *path, struct v6d_boot *ret)
{
	struct seek k = { .path = path };

	*ret = (struct v6d_boot){ .said = false };
	if (!has_systemd(root))
		return;
	on_file(&k, root, conf);
	*ret = k.exact.said ? k.exact : k.pattern;
}

/* ---- the setting of an interface ---- */

/* "net/ipv6/conf/NAME/KEY" taken apart. */
static bool
of_interface(const char *path, char name[32], char key[64])
{
	static const char conf_of[] = "net/ipv6/conf/";
	const char *s = path + sizeof(conf_of) - 1, *slash;

	if (strncmp(path, conf_of, sizeof(conf_of) - 1) != 0)
		return false;
	slash = strchr(s, '/');
	if (!slash || slash - s >= 32 || strlen(slash) > 64)
		return false;
	snprintf(name, 32, "%.*s", (int)(slash - s), s);
	snprintf(key, 64, "%s", slash + 1);
	return true;
}

/* What "all" sets everywhere, Documentation/networking/ip-sysctl.rst. */
static bool
is_for_all(const char *key)
{
	return strcmp(key, "forwarding") == 0 ||
	       strcmp(key, "disable_ipv6") == 0;
}

/* An interface that comes later has its own line carried out last. */
static void
inherit(const char *root, const char *name, const char *key, struct v6d_boot *b)
{
	bool is_default = strcmp(name, "default") == 0;
	struct v6d_boot other;
	char path[128];

	if (strcmp(name, "all") == 0 || (b->said && !is_default))
		return;
	if (!is_default) {
		snprintf(path, sizeof(path), "net/ipv6/conf/default/%s", key);
		seek(root, path, b);
	}
	if (!is_for_all(key))
		return;
	snprintf(path, sizeof(path), "net/ipv6/conf/all/%s", key);
	seek(root, path, &other);
	if (other.said && (!b->said || other.order > b->order))
		*b = other;
}

void
v6d_boot_setting(
    const char *root, const char *path, struct v6d_boot *ret, bool *ret_unread)
{
	char name[32], key[64];
	struct v6d_boot unread;

	root = root ? root : "";
	*ret_unread = false;
	seek(root, path, ret);
	if (of_interface(path, name, key)) {
		inherit(root, name, key, ret);
		v6d_boot_link(root, name, key, ret);
	}
	if (ret->said)
		return;
	seek_unread(root, path, &unread);
	if (unread.said) {
		*ret = unread;
		*ret_unread = true;
	}
}
