/* SPDX-License-Identifier: GPL-2.0-or-later */
/* netns.c - network namespaces, and the one function that opens sockets. */
#include "io/netns.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define STACK (256 * 1024)

int
v6d_netns_here(int *ret_fd)
{
	int fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC), s;

	if (fd < 0) { /* /proc is missing, or of another PID namespace */
		s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		if (s < 0)
			return -errno;
		fd = ioctl(s, SIOCGSKNS);
		if (fd < 0) {
			int err = -errno;

			close(s);
			return err;
		}
		close(s);
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	}
	*ret_fd = fd;
	return 0;
}

int
v6d_netns_open(const char *name, int *ret_fd)
{
	char path[512];
	int fd;

	if (!strchr(name, '/')) {
		int n = snprintf(path, sizeof(path), "/run/netns/%s", name);

		if (n < 0 || (size_t)n >= sizeof(path))
			return -ENAMETOOLONG;
		name = path;
	}
	fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	*ret_fd = fd;
	return 0;
}

/* What a child does in another namespace. */
struct errand {
	int ns_fd; /* or -1: it makes its own */
	int (*fn)(void *arg);
	void *arg;
	pid_t parent;
	int result;
	bool done;
};

/*
 * Without rights of the machine's, a namespace of ours belongs to a user
 * namespace of ours, and is entered by way of that.
 */
static int
enter(int ns_fd)
{
	int user, err = 0;

	if (setns(ns_fd, CLONE_NEWNET) == 0)
		return 0;
	err = -errno;
	if (err != -EPERM)
		return err;
	user = ioctl(ns_fd, NS_GET_USERNS);
	if (user < 0)
		return err;
	if (setns(user, CLONE_NEWUSER) == 0)
		err = setns(ns_fd, CLONE_NEWNET) == 0 ? 0 : -errno;
	close(user);
	return err;
}

/* Entering a user namespace takes the death signal away: it comes after. */
static int
run_errand(void *arg)
{
	struct errand *e = arg;

	e->result = e->ns_fd < 0 ? 0 : enter(e->ns_fd);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != e->parent)
		_exit(1);
	if (e->result == 0)
		e->result = e->fn(e->arg);
	e->done = true;
	return 0;
}

/*
 * As vfork() does: the child has our memory and our descriptors, a stack of
 * its own, and we wait until it has ended. Signals are ours, not the child's.
 */
static int
send_child(struct errand *e)
{
	const int flags = CLONE_VM | CLONE_VFORK | CLONE_FILES;
	_Alignas(16) char stack[STACK];
	sigset_t all, before;
	pid_t pid;
	int err = 0;

	e->parent = getpid();
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	pid = clone(run_errand, stack + sizeof(stack), flags, e);
	if (pid < 0)
		err = -errno;
	else
		while (waitpid(pid, NULL, __WALL) < 0 && errno == EINTR)
			;
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (err == 0 && !e->done)
		abort(); /* it died half-way, in the memory that is ours */
	return err < 0 ? err : e->result;
}

/* Loopback is down in a new namespace; without it even local routes fail. */
static int
loopback_up(void)
{
	struct ifreq r = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), err = 0;

	if (s < 0)
		return -errno;
	if (ioctl(s, SIOCSIFFLAGS, &r) < 0)
		err = -errno;
	close(s);
	return err;
}

/*
 * In a user namespace of its own the child has every right, over that alone.
 * Whoever owns it may trace what runs there, and with it our memory: unless
 * that is not to be looked into.
 */
static int
make_private(void *arg)
{
	int err;

	if (unshare(CLONE_NEWNET) < 0) {
		if (errno != EPERM)
			return -errno;
		prctl(PR_SET_DUMPABLE, 0);
		if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
			return -errno;
	}
	err = loopback_up();
	return err < 0 ? err : v6d_netns_here(arg);
}

int
v6d_netns_private(int *ret_fd)
{
	int fd = -1;
	struct errand e = { .ns_fd = -1, .fn = make_private, .arg = &fd };
	int err = send_child(&e);

	if (err == 0)
		*ret_fd = fd;
	return err;
}

static bool
is_here(int ns_fd)
{
	struct stat here, there;
	int fd;
	bool same;

	if (v6d_netns_here(&fd) < 0)
		return false;
	same = fstat(fd, &here) == 0 && fstat(ns_fd, &there) == 0 &&
	       here.st_dev == there.st_dev && here.st_ino == there.st_ino;
	close(fd);
	return same;
}

int
v6d_netns_run(int ns_fd, int (*fn)(void *arg), void *arg)
{
	struct errand e = { .ns_fd = ns_fd, .fn = fn, .arg = arg };

	return ns_fd < 0 || is_here(ns_fd) ? fn(arg) : send_child(&e);
}

struct socket_args {
	int domain, type, proto, fd;
};

static int
open_socket(void *arg)
{
	struct socket_args *a = arg;

	a->fd =
	    socket(a->domain, a->type | SOCK_CLOEXEC | SOCK_NONBLOCK, a->proto);
	return a->fd < 0 ? -errno : 0;
}

int
v6d_netns_socket(int ns_fd, int domain, int type, int proto, int *ret_fd)
{
	struct socket_args a = { domain, type, proto, -1 };
	int err = v6d_netns_run(ns_fd, open_socket, &a);

	if (err == 0)
		*ret_fd = a.fd;
	return err;
}

const char *
v6d_netns_name(int ns_fd, char *buf, size_t n)
{
	char path[64] = "/proc/self/ns/net";
	ssize_t got;

	if (ns_fd >= 0)
		snprintf(path, sizeof(path), "/proc/self/fd/%d", ns_fd);
	got = readlink(path, buf, n - 1);
	buf[got > 0 ? got : 0] = '\0';
	return buf;
}
