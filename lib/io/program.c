/* SPDX-License-Identifier: GPL-2.0-or-later */
/* program.c - other programs, bound to this process's life. */
#include "io/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/wire.h"
#include "io/clock.h"

/* Servers live in sbin, which a user's PATH leaves out. */
static int
find_program(const char *name, char *buf, size_t n)
{
	const char *env = getenv("PATH");
	char dirs[1024];

	if (strchr(name, '/')) {
		snprintf(buf, n, "%s", name);
		return access(buf, X_OK) < 0 ? -errno : 0;
	}
	snprintf(dirs, sizeof(dirs), "%s:/usr/sbin:/sbin:/usr/bin:/bin",
	    env ? env : "");
	for (const char *d = dirs; d;) {
		size_t len = strcspn(d, ":");

		snprintf(buf, n, "%.*s/%s", (int)len, d, name);
		if (len > 0 && access(buf, X_OK) == 0)
			return 0;
		d = d[len] ? d + len + 1 : NULL;
	}
	return -ENOENT;
}

int
v6d_program_look(const char *name)
{
	char path[512];

	return find_program(name, path, sizeof(path));
}

/* Signals as a fresh program expects them, and death with our parent. */
static void
reset_signals(pid_t parent)
{
	struct sigaction dfl = { .sa_handler = SIG_DFL };
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* 0: the parent lives outside our PID namespace. */
	if (getppid() != parent && getppid() != 0)
		_exit(127);
	for (int s = 1; s < NSIG; s++)
		sigaction(s, &dfl, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* fd, or /dev/null where there is none; never one of 0, 1, 2. */
static int
lift(int fd)
{
	if (fd < 0) {
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
		if (fd < 0)
			_exit(127);
	}
	fd = fcntl(fd, F_DUPFD_CLOEXEC, 64);
	if (fd < 0)
		_exit(127);
	return fd;
}

/*
 * Puts the descriptors at 0, 1, 2, 3, ... and closes all others. They are
 * lifted out of the way first, so that no order of them can collide.
 */
static void
place_descriptors(const struct v6d_program_conf *conf)
{
	int fds[3 + V6D_ARRAY_LEN(conf->keep)];
	unsigned n = 3 + conf->n_keep;

	fds[0] = lift(conf->in_fd);
	fds[1] = lift(conf->out_fd);
	fds[2] = lift(conf->err_fd);
	for (unsigned i = 0; i < conf->n_keep; i++)
		fds[3 + i] = lift(conf->keep[i]);
	for (unsigned i = 0; i < n; i++)
		if (dup2(fds[i], (int)i) < 0)
			_exit(127);
	syscall(SYS_close_range, n, ~0u, 0);
}

static void
become(const struct v6d_program_conf *conf, const char *path, pid_t parent)
{
	reset_signals(parent);
	if (conf->ns_fd >= 0 && setns(conf->ns_fd, CLONE_NEWNET) < 0)
		_exit(126);
	place_descriptors(conf);
	execv(path, (char *const *)(uintptr_t)conf->argv);
	_exit(127);
}

int
v6d_program_start(const struct v6d_program_conf *conf, struct v6d_program *ret)
{
	char path[512];
	pid_t parent = getpid(), pid;
	sigset_t all, before;
	int fd, err;

	if (conf->n_keep > V6D_ARRAY_LEN(conf->keep))
		return -EINVAL;
	err = find_program(conf->argv[0], path, sizeof(path));
	if (err < 0)
		return err;
	/* A signal that comes to the child too early would run our handlers. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	pid = fork();
	if (pid == 0)
		become(conf, path, parent);
	err = -errno;
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (pid < 0)
		return err;
	fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (fd < 0) {
		err = -errno;
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		return err;
	}
	*ret = (struct v6d_program){ pid, fd };
	return 0;
}

/* Milliseconds until then for poll(); at least 1 while any time is left. */
static int
ms_until(v6d_ns until)
{
	v6d_ns now = v6d_clock_now(), ms;

	if (until <= now)
		return 0;
	ms = (until - now) / V6D_MS(1) + 1;
	return ms > 1000000 ? 1000000 : (int)ms;
}

static int
to_status(int s)
{
	return WIFSIGNALED(s) ? 128 + WTERMSIG(s) : WEXITSTATUS(s);
}

int
v6d_program_wait(struct v6d_program *c, v6d_ns until, int *ret_status)
{
	struct pollfd p = { c->pidfd, POLLIN, 0 };
	int s, ms;

	for (;;) {
		pid_t got = waitpid(c->pid, &s, WNOHANG);

		if (got == c->pid)
			break;
		if (got < 0 && errno != EINTR)
			return -errno;
		ms = ms_until(until);
		if (ms == 0)
			return -ETIMEDOUT;
		poll(&p, 1, ms);
	}
	close(c->pidfd);
	*c = (struct v6d_program){ 0, -1 };
	*ret_status = to_status(s);
	return 0;
}

void
v6d_program_end(struct v6d_program *c, v6d_ns patience)
{
	int status;

	if (!c || c->pid <= 0)
		return;
	kill(c->pid, SIGTERM);
	if (v6d_program_wait(c, v6d_clock_now() + patience, &status) !=
	    -ETIMEDOUT)
		return;
	kill(c->pid, SIGKILL);
	v6d_program_wait(c, V6D_NEVER, &status);
}

/* A file in memory with this text, read from its start. */
static int
text_file(const char *text, int *ret_fd)
{
	size_t n = strlen(text);
	int fd = memfd_create("v6doctor", MFD_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (write(fd, text, n) != (ssize_t)n || lseek(fd, 0, SEEK_SET) < 0) {
		close(fd);
		return -EIO;
	}
	*ret_fd = fd;
	return 0;
}

/* Reads until the other end is closed; false: the time is up. */
static bool
read_output(int fd, char *out, size_t n, v6d_ns until)
{
	char drop[4096];
	size_t len = 0;

	for (;;) {
		struct pollfd p = { fd, POLLIN, 0 };
		bool room = n > 0 && len < n - 1;
		ssize_t got;

		if (poll(&p, 1, ms_until(until)) <= 0 && ms_until(until) == 0)
			return false;
		if (!p.revents)
			continue;
		got = room ? read(fd, out + len, n - 1 - len)
			   : read(fd, drop, sizeof(drop));
		if (got <= 0)
			return true;
		if (room) {
			len += (size_t)got;
			out[len] = '\0';
		}
	}
}

int
v6d_program_run(int ns_fd, const char *const *argv, const char *in, char *out,
    size_t n, v6d_ns until, int *ret_status)
{
	struct v6d_program_conf conf = {
		.ns_fd = ns_fd, .argv = argv, .in_fd = -1
	};
	struct v6d_program c;
	int pipes[2], err = in ? text_file(in, &conf.in_fd) : 0;

	if (n > 0)
		out[0] = '\0';
	if (err < 0)
		return err;
	if (pipe2(pipes, O_CLOEXEC) < 0) {
		err = -errno;
		if (in)
			close(conf.in_fd);
		return err;
	}
	conf.out_fd = conf.err_fd = pipes[1];
	err = v6d_program_start(&conf, &c);
	close(pipes[1]);
	if (in)
		close(conf.in_fd);
	if (err == 0) {
		read_output(pipes[0], out, n, until);
		err = v6d_program_wait(&c, until, ret_status);
		if (err == -ETIMEDOUT)
			v6d_program_end(&c, 0);
	}
	close(pipes[0]);
	return err;
}
