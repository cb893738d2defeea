/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netns.h - network namespaces, and the one function that opens sockets in
 * them. Namespaces are file descriptors; -1 is the calling thread's own. The
 * calling thread never leaves its own: what is to be done in another one is
 * done by a child process that shares memory and descriptors with it, and is
 * over when the function returns. So it works with root's rights as with
 * none, where a namespace of ours lies in a user namespace of ours.
 */
#ifndef V6D_IO_NETNS_H
#define V6D_IO_NETNS_H

#include <stddef.h>

/* The two namespaces of a run. */
struct v6d_netns {
	int host_fd; /* the host's: everything outer */
	int private_fd; /* the tunnel's, or -1: there is none */
};

/* The calling thread's namespace as a descriptor (close-on-exec). */
int v6d_netns_here(int *ret_fd);

/*
 * Its name in the kernel's words, "net:[INODE]", into buf, which is returned;
 * "" when it cannot be read. The name of one that is gone may come again.
 */
const char *v6d_netns_name(int ns_fd, char *buf, size_t n);

/* NAME below /run/netns, or a path to a namespace file. */
int v6d_netns_open(const char *name, int *ret_fd);

/*
 * Makes a new, empty namespace with its loopback up; without the right to,
 * in a new user namespace, and then nobody may look into this process any
 * more (PR_SET_DUMPABLE). It lives as long as a descriptor, socket or device
 * of it. -EPERM, -ENOSPC: user namespaces are forbidden, too.
 */
int v6d_netns_private(int *ret_fd);

/*
 * socket(2) in that namespace, always close-on-exec and non-blocking. A
 * socket keeps the namespace it was made in. Returns 0 or -errno.
 */
int v6d_netns_socket(int ns_fd, int domain, int type, int proto, int *ret_fd);

/*
 * Calls fn(arg) in that namespace and returns what it returns; or -errno
 * when the namespace cannot be entered (fn was not called then). fn may use
 * memory and descriptors as if it were called here; another process id and
 * thread identity is all that differs. It must end soon.
 */
int v6d_netns_run(int ns_fd, int (*fn)(void *arg), void *arg);

#endif
