/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * program.h - other programs: in a namespace, with nothing inherited but what
 * is named, dead when we die, and never left as a zombie.
 */
#ifndef V6D_IO_PROGRAM_H
#define V6D_IO_PROGRAM_H

#include <stddef.h>
#include <sys/types.h>

#include "base/time.h"

struct v6d_program_conf {
	int ns_fd; /* network namespace, -1: our own */
	const char *const *argv; /* NULL-terminated; argv[0] is searched in
				    PATH and in /usr/sbin and /sbin */
	int in_fd, out_fd, err_fd; /* -1: /dev/null */
	int keep[4]; /* passed on as descriptors 3, 4, ... */
	unsigned n_keep;
};

struct v6d_program {
	pid_t pid;
	int pidfd; /* readable when it has ended */
};

/* 0, or -ENOENT: there is no such program where v6d_program_start looks. */
int v6d_program_look(const char *name);

/*
 * Starts it. -ENOENT: there is no such program. It gets SIGKILL when the
 * thread that started it ends.
 */
int
v6d_program_start(const struct v6d_program_conf *conf, struct v6d_program *ret);

/*
 * Waits until `until` for its end. 0: *ret_status is its exit status, or
 * 128 + signal; -ETIMEDOUT: it still runs.
 */
int v6d_program_wait(struct v6d_program *c, v6d_ns until, int *ret_status);

/* SIGTERM, and after `patience` SIGKILL; reaped on return. NULL is no error. */
void v6d_program_end(struct v6d_program *c, v6d_ns patience);

/*
 * Runs a program to its end: `in` (NULL: nothing) to its standard input,
 * standard output and error into out (NUL-terminated, the rest is dropped).
 * *ret_status as above. -ETIMEDOUT: it was killed at `until`.
 */
int v6d_program_run(int ns_fd, const char *const *argv, const char *in,
    char *out, size_t n, v6d_ns until, int *ret_status);

#endif
