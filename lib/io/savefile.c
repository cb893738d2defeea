/* SPDX-License-Identifier: GPL-2.0-or-later */
/* savefile.c - whole files: written aside and renamed. */
#include "io/savefile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define YES 'y' /* orders to the keeper */
#define NO 'n'

/* ---- the process that keeps the right to rename ---- */

/* "y": put it in place. Else, or where nobody is left: take it away. */
static void
keep(int order, const char *name, const char *path)
{
	char byte;
	ssize_t n;

	do
		n = read(order, &byte, 1);
	while (n < 0 && errno == EINTR);
	if (n == 1 && byte == YES && rename(name, path) == 0)
		_exit(0);
	n = n == 1 && byte == YES ? errno : 0;
	unlink(name);
	_exit((int)n);
}

static int
start_keeper(const char *name, const char *path, struct v6d_savefile *s)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	s->keeper = fork();
	if (s->keeper == 0) {
		sigaction(SIGINT, &ignore, NULL); /* the program's */
		sigaction(SIGTERM, &ignore, NULL);
		close(ends[1]);
		close(s->fd);
		prctl(PR_SET_NAME, "v6doctor-save");
		keep(ends[0], name, path);
	}
	close(ends[0]);
	s->order = ends[1];
	if (s->keeper > 0)
		return 0;
	close(ends[1]);
	return -EAGAIN;
}

/*
 * Its exit status is the errno of the renaming. It is told either way: other
 * children of this process may hold the pipe open.
 */
static int
end_keeper(struct v6d_savefile *s, bool in_place)
{
	int status = 0;
	char byte = in_place ? YES : NO;
	bool told = send(s->order, &byte, 1, MSG_NOSIGNAL) == 1;

	close(s->order);
	while (waitpid(s->keeper, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if ((in_place && !told) || !WIFEXITED(status))
		return -EIO;
	return -WEXITSTATUS(status);
}

/* ---- writing ---- */

/* Only a regular file is replaced: not a folder, not a device. */
static int
may_replace(const char *path)
{
	struct stat st;

	if (path[0] == '\0')
		return -ENOENT;
	if (stat(path, &st) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	return S_ISREG(st.st_mode) ? 0 : -EINVAL;
}

/* Under sudo the file belongs to whoever called it, as the terminal does. */
static void
give_to_caller(int fd)
{
	const char *uid = getenv("SUDO_UID"), *gid = getenv("SUDO_GID");

	if (geteuid() != 0 || !uid || !gid)
		return;
	if (fchown(fd, (uid_t)strtoul(uid, NULL, 10),
		(gid_t)strtoul(gid, NULL, 10)) < 0)
		return; /* then it is root's */
}

int
v6d_savefile_open(const char *path, struct v6d_savefile *ret)
{
	char name[PATH_MAX];
	int err = may_replace(path);

	ret->fd = -1;
	if (err < 0)
		return err;
	if ((size_t)snprintf(name, sizeof(name), "%s.XXXXXX", path) >=
	    sizeof(name))
		return -ENAMETOOLONG;
	/* mode 0600, whatever the umask */
	ret->fd = mkostemp(name, O_CLOEXEC);
	if (ret->fd < 0)
		return -errno;
	give_to_caller(ret->fd);
	err = start_keeper(name, path, ret);
	if (err < 0) {
		close(ret->fd);
		unlink(name);
		ret->fd = -1;
	}
	return err;
}

static int
write_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t k = write(fd, p, n);

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return -errno;
		p += k;
		n -= (size_t)k;
	}
	/* a file system without fsync says EINVAL */
	return fsync(fd) < 0 && errno != EINVAL ? -errno : 0;
}

int
v6d_savefile_end(struct v6d_savefile *s, const void *p, size_t n)
{
	int err = write_all(s->fd, p, n), renamed;

	if (close(s->fd) < 0 && err == 0)
		err = -errno;
	s->fd = -1;
	renamed = end_keeper(s, err == 0);
	return err < 0 ? err : renamed;
}

void
v6d_savefile_drop(struct v6d_savefile *s)
{
	if (s->fd < 0)
		return;
	close(s->fd);
	s->fd = -1;
	end_keeper(s, false);
}
