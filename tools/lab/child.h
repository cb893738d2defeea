/* SPDX-License-Identifier: GPL-2.0-or-later */
/* child.h - programs run inside a node of the lab. */
#ifndef V6D_TOOLS_LAB_CHILD_H
#define V6D_TOOLS_LAB_CHILD_H

#include <stddef.h>
#include <sys/types.h>

#define V6D_CHILD_WORDS 32

struct v6d_child {
	pid_t pid;
	int pidfd; /* readable when it has ended */
	int log; /* what it said on both outputs; -1: kept nowhere */
	const char *what;
};

/*
 * Starts argv[0] in the network namespace ns (-1: where we are). input
 * (NULL: none) becomes its standard input. keep_fd, unless -1, becomes its
 * descriptor 3. self_fd is run where argv[0] is "v6doctor". 0 or -errno.
 */
int v6d_child_start(struct v6d_child *ret_child, int ns,
    const char *const argv[], const char *input, int keep_fd, int self_fd);

/* Starts a loop that connects to addr:port until it is accepted. */
int v6d_child_connect(
    struct v6d_child *ret_child, int ns, const char *addr, const char *port);

/*
 * Waits for the end of a child, deadline_ms at most (then it is killed).
 * Returns its exit status, 128 + signal, or -ETIMEDOUT.
 */
int v6d_child_wait(struct v6d_child *c, int deadline_ms);

/* The end of what it said, as one line of text. */
void v6d_child_said(const struct v6d_child *c, char *buf, size_t n);

/* Closes the descriptors; the process goes on if it still runs. */
void v6d_child_forget(struct v6d_child *c);

/* Cuts line into words in place; returns how many. words ends with NULL. */
int v6d_child_words(char *line, const char *words[V6D_CHILD_WORDS]);

#endif
