/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * savefile.h - a file that is there whole or not at all. It is opened before
 * rights are given up; a process of its own keeps them to put the file in its
 * place, and takes it away when the program dies.
 */
#ifndef V6D_IO_SAVEFILE_H
#define V6D_IO_SAVEFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct v6d_savefile {
	int fd; /* of the file beside it; -1: not open */
	int order; /* a byte to the process that puts it in place */
	pid_t keeper;
};

/*
 * Opens a file of another name beside path, mode 0600, of the user who called
 * sudo where one did. What is at path stays until the end. 0 or -errno; what
 * is no regular file is not replaced (-EISDIR, -EINVAL).
 */
int v6d_savefile_open(const char *path, struct v6d_savefile *ret);

/* Writes it and puts it in its place; closes s in any case. 0 or -errno. */
int v6d_savefile_end(struct v6d_savefile *s, const void *p, size_t n);

/* Takes it away; without effect on one that is not open. */
void v6d_savefile_drop(struct v6d_savefile *s);

#endif
