/* SPDX-License-Identifier: GPL-2.0-or-later */
/* netns.c - network namespaces, and the one function that opens sockets. */
#include "io/netns.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* Back to where we came from, or not at all. */
static void
go_back(int home)
{
	if (setns(home, CLONE_NEWNET) < 0) {
		fputs("v6doctor: cannot return to the own network "
		      "namespace\n",
		    stderr);
		abort();
	}
	close(home);
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

int
v6d_netns_private(int *ret_fd)
{
	int home, fd = -1, err = v6d_netns_here(&home);

	if (err < 0)
		return err;
	if (unshare(CLONE_NEWNET) < 0) {
		err = -errno;
		close(home);
		return err;
	}
	err = loopback_up();
	if (err == 0)
		err = v6d_netns_here(&fd);
	go_back(home);
	if (err == 0)
		*ret_fd = fd;
	return err;
}

static bool
same_file(int a, int b)
{
	struct stat sa, sb;

	return fstat(a, &sa) == 0 && fstat(b, &sb) == 0 &&
	       sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
}

int
v6d_netns_run(int ns_fd, int (*fn)(void *arg), void *arg)
{
	int home, err;

	if (ns_fd < 0)
		return fn(arg);
	err = v6d_netns_here(&home);
	if (err < 0)
		return err;
	if (same_file(home, ns_fd)) { /* needs no rights: nothing to enter */
		close(home);
		return fn(arg);
	}
	if (setns(ns_fd, CLONE_NEWNET) < 0) {
		err = -errno;
		close(home);
		return err;
	}
	err = fn(arg);
	go_back(home);
	return err;
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
