/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netns.h - network namespaces, and the one function that opens sockets in
 * them. Namespaces are file descriptors; -1 is the calling thread's own. The
 * calling thread is always back in its own namespace when a function returns;
 * where that should be impossible the process aborts, for nothing it did
 * afterwards could be trusted.
 */
#ifndef V6D_IO_NETNS_H
#define V6D_IO_NETNS_H

/* The two namespaces of a run. */
struct v6d_netns {
	int host_fd; /* the host's: everything outer */
	int private_fd; /* the tunnel's, or -1: there is none */
};

/* The calling thread's namespace as a descriptor (close-on-exec). */
int v6d_netns_here(int *ret_fd);

/* NAME below /run/netns, or a path to a namespace file. */
int v6d_netns_open(const char *name, int *ret_fd);

/*
 * Makes a new, empty namespace with its loopback up. It lives as long as a
 * descriptor, socket or device of it. -EPERM: no right to make one.
 */
int v6d_netns_private(int *ret_fd);

/*
 * socket(2) in that namespace, always close-on-exec and non-blocking. A
 * socket keeps the namespace it was made in. Returns 0 or -errno.
 */
int v6d_netns_socket(int ns_fd, int domain, int type, int proto, int *ret_fd);

/*
 * Calls fn(arg) in that namespace and returns what it returns; or -errno
 * when the namespace cannot be entered (fn was not called then).
 */
int v6d_netns_run(int ns_fd, int (*fn)(void *arg), void *arg);

#endif
