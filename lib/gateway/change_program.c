/* SPDX-License-Identifier: GPL-2.0-or-later */
/* change_program.c - programs that were started, and what they leave. */
#include "gateway/change_impl.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/wire.h"

#define PPPD_PATIENCE_MS 5000 /* for its goodbye, and pptp's */

/* Is this process "NAME ... WORD ..."? WORD NULL: whatever it was told. */
static bool
is_program(const char *pid, const char *name, const char *word)
{
	char path[64], line[4096];
	size_t len = strlen(name);
	bool same, found = !word;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%.16s/cmdline", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, line, sizeof(line) - 1);
	close(fd);
	if (n <= 0)
		return false;
	line[n] = '\0';
	same =
	    strlen(line) >= len && strcmp(line + strlen(line) - len, name) == 0;
	for (char *w = line; same && !found && w < line + n; w += strlen(w) + 1)
		found = strcmp(w, word) == 0;
	return found;
}

/* A descriptor, because a number may be another process's by then. */
static void
end_process(
    const char *pid, const char *name, const char *word, int patience_ms)
{
	int fd = (int)syscall(SYS_pidfd_open, strtol(pid, NULL, 10), 0);
	struct pollfd p = { fd, POLLIN, 0 };

	if (fd < 0)
		return;
	if (is_program(pid, name, word)) {
		syscall(SYS_pidfd_send_signal, fd, SIGTERM, NULL, 0);
		if (poll(&p, 1, patience_ms) == 0) {
			syscall(SYS_pidfd_send_signal, fd, SIGKILL, NULL, 0);
			poll(&p, 1, patience_ms);
		}
	}
	close(fd);
}

void
v6d_change_end_program(const char *name, const char *word, int patience_ms)
{
	DIR *d = opendir("/proc");
	struct dirent *e;

	while (d && (e = readdir(d)))
		if (e->d_name[0] >= '1' && e->d_name[0] <= '9' &&
		    is_program(e->d_name, name, word))
			end_process(e->d_name, name, word, patience_ms);
	if (d)
		closedir(d);
}

/* ---- pppd IFNAME OPTIONS ---- */

int
v6d_change_pppd(struct v6d_changes *c, const char *ifname, const char *options)
{
	struct v6d_record r = { 3, { "pppd", ifname, options } };

	if (v6d_change_noted(c->j, r.n, r.word) >= 0)
		return 0;
	return v6d_change_note(c, &r);
}

/* One that was killed leaves it; a living one's stays. */
static void
remove_pid_file(const char *folder, const char *ifname)
{
	char path[128], text[32];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "%s/%.15s.pid", folder, ifname);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	text[strcspn(text, "\n")] = '\0';
	if (!is_program(text, "pppd", NULL))
		unlink(path);
}

enum v6d_undo
v6d_undo_pppd(struct v6d_changes *c, const struct v6d_record *r)
{
	static const char *const folders[] = { "/run", "/run/pppd" };

	v6d_change_end_program("pppd", r->word[2], PPPD_PATIENCE_MS);
	for (size_t i = 0; i < V6D_ARRAY_LEN(folders); i++)
		remove_pid_file(folders[i], r->word[1]);
	if (unlink(r->word[2]) < 0 && errno != ENOENT)
		return v6d_change_stuck(c,
		    "%s, which holds the password, cannot be removed: %s",
		    r->word[2], strerror(errno));
	return V6D_UNDO_DONE;
}
