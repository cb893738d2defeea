/* SPDX-License-Identifier: GPL-2.0-or-later */
/* journal.c - what has to be undone, on disk before it is done. */
#include "gateway/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/wire.h"

#define ROOM (512 * 1024) /* bytes claimed for one run */
#define UNDONE "undone"
#define SPARE 16 /* records, for what one change of prefix needs */

static void
forget(struct v6d_journal *j)
{
	for (unsigned i = 0; i < j->n; i++)
		free(j->e[i].line);
	j->n = 0;
}

void
v6d_journal_close(struct v6d_journal *j)
{
	if (!j)
		return;
	forget(j);
	if (j->fd >= 0)
		close(j->fd);
	if (j->dir_fd >= 0)
		close(j->dir_fd);
	j->fd = j->dir_fd = -1;
}

/* ---- reading ---- */

static void
take_undone(struct v6d_journal *j, const struct v6d_record *r)
{
	unsigned long i = strtoul(r->word[1], NULL, 10);

	if (i < j->n)
		j->e[i].undone = true;
}

static int
take_line(struct v6d_journal *j, const char *line, size_t n)
{
	struct v6d_journal_entry *e = &j->e[j->n];
	char *copy = malloc(n + 1);

	if (!copy)
		return -ENOMEM;
	memcpy(copy, line, n);
	copy[n] = '\0';
	if (j->n == V6D_JOURNAL_RECORDS ||
	    !v6d_record_decode(copy, copy + n, &e->r)) {
		free(copy);
		return -EBADMSG;
	}
	if (e->r.n == 2 && strcmp(e->r.word[0], UNDONE) == 0) {
		take_undone(j, &e->r);
		free(copy);
		return 0;
	}
	e->line = copy;
	e->undone = false;
	j->n++;
	return 0;
}

/*
 * Up to the first line that is no record: a crash tears the last one, and
 * what it announced was not done then.
 */
static int
take_text(struct v6d_journal *j, const char *text, size_t n)
{
	size_t at = 0;
	int err = 0;

	while (at < n && text[at]) {
		const char *end = memchr(text + at, '\n', n - at);

		if (!end)
			break;
		err = take_line(j, text + at, (size_t)(end - text) - at);
		if (err < 0)
			break;
		at = (size_t)(end - text) + 1;
	}
	j->at = (off_t)at;
	j->damaged = at < n && text[at];
	return err == -ENOMEM ? err : 0;
}

static int
read_all(struct v6d_journal *j)
{
	struct stat st;
	char *text;
	ssize_t n;
	int err;

	if (fstat(j->fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode) || st.st_size > 2 * ROOM)
		return -EBADMSG;
	text = malloc((size_t)st.st_size + 1);
	if (!text)
		return -ENOMEM;
	n = pread(j->fd, text, (size_t)st.st_size, 0);
	err = n < 0 ? -errno : take_text(j, text, (size_t)n);
	free(text);
	return err;
}

/* ---- opening ---- */

static int
make_dir(const char *dir)
{
	if (mkdir(dir, 0755) == 0 || errno == EEXIST)
		return 0;
	return -errno;
}

static int
open_file(struct v6d_journal *j, const char *dir, int flags)
{
	j->dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (j->dir_fd < 0)
		return -errno;
	j->fd = open(j->path, flags | O_CLOEXEC | O_NOFOLLOW, 0600);
	return j->fd < 0 ? -errno : 0;
}

static int
take_lock(struct v6d_journal *j)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (fcntl(j->fd, F_SETLK, &l) == 0)
		return 0;
	if (errno != EAGAIN && errno != EACCES)
		return -errno;
	if (fcntl(j->fd, F_GETLK, &l) == 0 && l.l_type != F_UNLCK)
		j->owner = l.l_pid;
	return -EBUSY;
}

/* Was it removed between our open and our lock? Then start again. */
static bool
is_current(const struct v6d_journal *j)
{
	struct stat a, b;

	return fstat(j->fd, &a) == 0 && stat(j->path, &b) == 0 &&
	       a.st_ino == b.st_ino && a.st_dev == b.st_dev;
}

static int
set_path(struct v6d_journal *j, const char *dir, const char *name)
{
	int n = snprintf(j->path, sizeof(j->path), "%s/%s.journal", dir, name);

	return n < 0 || (size_t)n >= sizeof(j->path) ? -ENAMETOOLONG : 0;
}

static void
start_empty(struct v6d_journal *j)
{
	memset(j, 0, sizeof(*j));
	j->fd = j->dir_fd = -1;
}

static int
open_memory(struct v6d_journal *j)
{
	j->fd = memfd_create("v6doctor-journal", MFD_CLOEXEC);
	return j->fd < 0 ? -errno : 0;
}

static int
open_named(struct v6d_journal *j, const char *dir, const char *name, bool make)
{
	int err = set_path(j, dir, name);

	if (err == 0 && make)
		err = make_dir(dir);
	for (int i = 0; err == 0 && i < 8; i++) {
		err = open_file(j, dir, O_RDWR | (make ? O_CREAT : 0));
		if (err == 0)
			err = take_lock(j);
		if (err < 0 || is_current(j))
			break;
		v6d_journal_close(j);
	}
	return err == 0 && j->fd < 0 ? -EAGAIN : err;
}

int
v6d_journal_open(
    struct v6d_journal *j, const char *dir, const char *name, bool make)
{
	int err;

	start_empty(j);
	if (!name)
		return open_memory(j);
	err = open_named(j, dir, name, make);
	if (err == 0)
		err = read_all(j);
	if (err == 0 && j->damaged && ftruncate(j->fd, j->at) < 0)
		err = -errno;
	if (err < 0)
		v6d_journal_close(j);
	return err;
}

static bool
is_held(const struct v6d_journal *j)
{
	struct flock l = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	return fcntl(j->fd, F_GETLK, &l) == 0 && l.l_type != F_UNLCK;
}

int
v6d_journal_peek(struct v6d_journal *j, const char *dir, const char *name)
{
	int err;

	start_empty(j);
	err = set_path(j, dir, name);
	if (err == 0)
		err = open_file(j, dir, O_RDONLY);
	if (err == 0)
		err = read_all(j);
	if (err == 0)
		j->held = is_held(j);
	if (err < 0)
		v6d_journal_close(j);
	return err;
}

/* ---- writing ---- */

static int
write_line(struct v6d_journal *j, const char *line, size_t n)
{
	size_t done = 0;

	while (done < n) {
		ssize_t k =
		    pwrite(j->fd, line + done, n - done, j->at + (off_t)done);

		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			return k < 0 ? -errno : -EIO;
		done += (size_t)k;
	}
	if (fdatasync(j->fd) < 0)
		return -errno;
	j->at += (off_t)n;
	return 0;
}

static int
write_record(struct v6d_journal *j, const struct v6d_record *r, char **ret,
    size_t *ret_n)
{
	char *line = malloc(V6D_RECORD_LINE), *less;
	size_t n;
	int err;

	if (!line)
		return -ENOMEM;
	n = v6d_record_encode(r, line, V6D_RECORD_LINE);
	err = n == 0 ? -EMSGSIZE : write_line(j, line, n);
	if (err < 0) {
		free(line);
		return err;
	}
	less = realloc(line, n + 1);
	*ret = less ? less : line;
	*ret_n = n - 1;
	return 0;
}

/* ---- a run of months: what is undone need not stay ---- */

/* Without the undone; the first record says what it all is. */
static void
drop_undone(struct v6d_journal *j)
{
	unsigned n = 0;

	for (unsigned i = 0; i < j->n; i++) {
		if (i > 0 && j->e[i].undone)
			free(j->e[i].line);
		else
			j->e[n++] = j->e[i];
	}
	j->n = n;
}

/* Writes every record of j into another file, from its start. */
static int
write_all(struct v6d_journal *j, int fd)
{
	struct v6d_journal to = { .fd = fd, .dir_fd = -1 };
	int err = posix_fallocate(fd, 0, ROOM);

	err = -err;
	for (unsigned i = 0; err == 0 && i < j->n; i++) {
		char *line;
		size_t n;

		if (i > 0 && j->e[i].undone)
			continue;
		err = write_record(&to, &j->e[i].r, &line, &n);
		if (err == 0)
			free(line);
	}
	if (err == 0)
		j->at = to.at;
	return err;
}

/*
 * The new file takes the old one's name when it is whole, on the disk, and
 * locked: at every moment one good journal stands there.
 */
static int
replace_file(struct v6d_journal *j)
{
	char path[V6D_JOURNAL_PATH + 8];
	struct v6d_journal new = { .dir_fd = -1 };
	off_t before = j->at;
	int err;

	snprintf(path, sizeof(path), "%s.new", j->path);
	new.fd = open(
	    path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (new.fd < 0)
		return -errno;
	err = take_lock(&new);
	if (err == 0)
		err = write_all(j, new.fd);
	if (err == 0 && rename(path, j->path) < 0)
		err = -errno;
	if (err < 0) {
		j->at = before;
		unlink(path);
		close(new.fd);
		return err;
	}
	fsync(j->dir_fd);
	close(j->fd);
	j->fd = new.fd;
	return 0;
}

static int
replace_memory(struct v6d_journal *j)
{
	struct v6d_journal new;
	int err = open_memory(&new), old = j->fd;

	if (err == 0)
		err = write_all(j, new.fd);
	if (err < 0)
		return err;
	j->fd = new.fd;
	close(old);
	return 0;
}

static bool
is_nearly_full(const struct v6d_journal *j)
{
	return j->n + SPARE > V6D_JOURNAL_RECORDS ||
	       j->at + 2 * V6D_RECORD_LINE > ROOM;
}

static void
make_room(struct v6d_journal *j)
{
	int err = j->path[0] ? replace_file(j) : replace_memory(j);

	if (err == 0)
		drop_undone(j);
}

int
v6d_journal_add(struct v6d_journal *j, const struct v6d_record *r)
{
	struct v6d_journal_entry *e;
	char *line;
	size_t n;
	int err;

	if (is_nearly_full(j))
		make_room(j);
	if (j->n == V6D_JOURNAL_RECORDS)
		return -ENOSPC;
	e = &j->e[j->n];
	err = write_record(j, r, &line, &n);
	if (err < 0)
		return err;
	if (!v6d_record_decode(line, line + n, &e->r)) {
		free(line);
		return -EBADMSG;
	}
	e->line = line;
	e->undone = false;
	j->n++;
	return 0;
}

/* A new run that takes over what an older one could not undo. */
static int
begin_with(struct v6d_journal *j, const struct v6d_record *first)
{
	char *line = malloc(V6D_RECORD_LINE);
	size_t n = line ? v6d_record_encode(first, line, V6D_RECORD_LINE) : 0;
	int err;

	if (n == 0) {
		free(line);
		return -ENOMEM;
	}
	free(j->e[0].line);
	j->e[0].line = line;
	v6d_record_decode(line, line + n - 1, &j->e[0].r);
	err = j->path[0] ? replace_file(j) : replace_memory(j);
	if (err == 0)
		drop_undone(j);
	return err;
}

int
v6d_journal_begin(struct v6d_journal *j, const struct v6d_record *first)
{
	int err;

	if (j->n > 0)
		return begin_with(j, first);
	err = ftruncate(j->fd, 0) < 0 ? errno : 0;

	if (err == 0)
		err = posix_fallocate(j->fd, 0, ROOM);
	if (err)
		return -err;
	j->at = 0;
	err = v6d_journal_add(j, first);
	/* The file's name must be on the disk as well. */
	if (err == 0 && j->dir_fd >= 0 && fsync(j->dir_fd) < 0)
		err = -errno;
	return err;
}

int
v6d_journal_undone(struct v6d_journal *j, unsigned i)
{
	struct v6d_record r = { .n = 2, .word = { UNDONE } };
	char number[16], *line;
	size_t n;
	int err;

	snprintf(number, sizeof(number), "%u", i);
	r.word[1] = number;
	err = write_record(j, &r, &line, &n);
	j->e[i].undone = true;
	if (err == 0)
		free(line);
	return err;
}

int
v6d_journal_remove(struct v6d_journal *j)
{
	int err = 0;

	if (j->path[0]) {
		char path[V6D_JOURNAL_PATH + 8];

		/* Of a crash while it was made shorter. */
		snprintf(path, sizeof(path), "%s.new", j->path);
		unlink(path);
	}
	if (j->path[0] && unlink(j->path) < 0)
		err = -errno;
	if (err == 0 && j->dir_fd >= 0 && fsync(j->dir_fd) < 0)
		err = -errno;
	forget(j);
	return err;
}
