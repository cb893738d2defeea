/* SPDX-License-Identifier: GPL-2.0-or-later */
/* child.c - programs run inside a node of the lab. */
#include "lab/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include "base/addr.h"

extern char **environ;

#define RETRY_NS (2 * 1000 * 1000) /* between attempts to connect */

/* A file without a name that holds text, read from its start. */
static int
text_fd(const char *text)
{
	size_t n = strlen(text);
	int fd = memfd_create("v6doctor-input", MFD_CLOEXEC);

	if (fd < 0)
		return -errno;
	while (n > 0) {
		ssize_t w = write(fd, text, n);

		if (w <= 0) {
			close(fd);
			return -EIO;
		}
		text += w;
		n -= (size_t)w;
	}
	lseek(fd, 0, SEEK_SET);
	return fd;
}

/* Descriptors 0-3 as wanted, all others closed on exec. */
static void
set_fds(int in, int log, int keep)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	/* Moved out of the way first: they may sit on 0-3 themselves. */
	in = fcntl(in >= 0 ? in : null, F_DUPFD_CLOEXEC, 10);
	log = fcntl(log >= 0 ? log : null, F_DUPFD_CLOEXEC, 10);
	if (keep >= 0)
		keep = fcntl(keep, F_DUPFD_CLOEXEC, 10);
	dup2(in, 0);
	dup2(log, 1);
	dup2(log, 2);
	if (keep >= 0)
		dup2(keep, 3);
}

static void
enter(int ns)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (ns >= 0 && setns(ns, CLONE_NEWNET) != 0)
		_exit(127);
}

static int
open_pidfd(struct v6d_child *c)
{
	c->pidfd = (int)syscall(SYS_pidfd_open, c->pid, 0);
	if (c->pidfd < 0)
		return -errno;
	fcntl(c->pidfd, F_SETFD, FD_CLOEXEC);
	return 0;
}

static void
become(const char *const argv[], int self_fd)
{
	char *words[V6D_CHILD_WORDS] = { NULL };

	/* exec() takes words that it does not change as if it might. */
	for (size_t i = 0; i < V6D_CHILD_WORDS - 1 && argv[i]; i++)
		memcpy(&words[i], &argv[i], sizeof(words[i]));
	if (strcmp(argv[0], "v6doctor") == 0)
		fexecve(self_fd, words, environ);
	else
		execvp(argv[0], words);
	dprintf(2, "%s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

int
v6d_child_start(struct v6d_child *ret_child, int ns, const char *const argv[],
    const char *input, int keep_fd, int self_fd)
{
	struct v6d_child c = { .pidfd = -1, .log = -1, .what = argv[0] };
	int in = input ? text_fd(input) : -1;

	if (input && in < 0)
		return in;
	c.log = memfd_create("v6doctor-log", MFD_CLOEXEC);
	c.pid = fork();
	if (c.pid == 0) {
		enter(ns);
		set_fds(in, c.log, keep_fd);
		become(argv, self_fd);
	}
	if (in >= 0)
		close(in);
	if (c.pid < 0)
		return -errno;
	*ret_child = c;
	return open_pidfd(ret_child);
}

/* One attempt; a connection that is refused may be accepted later. */
static int
try_connect(const struct v6d_addr *a, uint16_t port)
{
	struct sockaddr_in s4 = { .sin_family = AF_INET };
	struct sockaddr_in6 s6 = { .sin6_family = AF_INET6 };
	int fd = socket(
	    a->family == 4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int rc;

	s4.sin_port = s6.sin6_port = htons(port);
	memcpy(&s4.sin_addr, a->b, 4);
	memcpy(&s6.sin6_addr, a->b, 16);
	if (a->family == 4)
		rc = connect(fd, (struct sockaddr *)&s4, sizeof(s4));
	else
		rc = connect(fd, (struct sockaddr *)&s6, sizeof(s6));
	close(fd);
	return rc;
}

int
v6d_child_connect(
    struct v6d_child *ret_child, int ns, const char *addr, const char *port)
{
	const struct timespec pause = { .tv_nsec = RETRY_NS };
	struct v6d_child c = { .pidfd = -1, .log = -1, .what = "connect" };
	struct v6d_addr a;
	unsigned p = 0;

	for (; *port >= '0' && *port <= '9'; port++)
		p = p * 10 + (unsigned)(*port - '0');
	if (!v6d_addr_parse(addr, &a))
		return -EINVAL;
	c.pid = fork();
	if (c.pid == 0) {
		enter(ns);
		while (try_connect(&a, (uint16_t)p) != 0)
			nanosleep(&pause, NULL);
		_exit(0);
	}
	if (c.pid < 0)
		return -errno;
	*ret_child = c;
	return open_pidfd(ret_child);
}

int
v6d_child_wait(struct v6d_child *c, int deadline_ms)
{
	struct pollfd p = { .fd = c->pidfd, .events = POLLIN };
	int status;

	if (poll(&p, 1, deadline_ms) <= 0) {
		kill(c->pid, SIGKILL);
		waitpid(c->pid, &status, 0);
		return -ETIMEDOUT;
	}
	if (waitpid(c->pid, &status, 0) != c->pid)
		return -errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void
v6d_child_said(const struct v6d_child *c, char *buf, size_t n)
{
	off_t size = c->log >= 0 ? lseek(c->log, 0, SEEK_END) : 0;
	off_t from = size > (off_t)n - 1 ? size - (off_t)n + 1 : 0;
	ssize_t got = 0;

	if (size > 0)
		got = pread(c->log, buf, n - 1, from);
	if (got < 0)
		got = 0;
	while (got > 0 && buf[got - 1] == '\n')
		got--;
	buf[got] = '\0';
	for (char *p = buf; *p; p++)
		if (*p == '\n')
			*p = ' ';
}

void
v6d_child_forget(struct v6d_child *c)
{
	if (c->pidfd >= 0)
		close(c->pidfd);
	if (c->log >= 0)
		close(c->log);
	c->pidfd = c->log = -1;
}

int
v6d_child_words(char *line, const char *words[V6D_CHILD_WORDS])
{
	int n = 0;

	while (*line && n < V6D_CHILD_WORDS - 1) {
		words[n++] = line;
		line += strcspn(line, " ");
		if (*line)
			*line++ = '\0';
		line += strspn(line, " ");
	}
	words[n] = NULL;
	return n;
}
