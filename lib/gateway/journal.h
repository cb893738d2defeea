/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * journal.h - what has to be undone, on disk before it is done. One file for
 * one instance (profile); whoever runs the instance holds its lock.
 */
#ifndef V6D_GATEWAY_JOURNAL_H
#define V6D_GATEWAY_JOURNAL_H

#include <sys/types.h>

#include "gateway/record.h"

#define V6D_JOURNAL_PATH 256
#define V6D_JOURNAL_RECORDS 512

struct v6d_journal_entry {
	char *line; /* heap; the record's words are pieces of it */
	struct v6d_record r;
	bool undone;
};

struct v6d_journal {
	int fd, dir_fd; /* -1: not open */
	char path[V6D_JOURNAL_PATH]; /* "": in memory only */
	off_t at; /* where the next line goes */
	unsigned n;
	struct v6d_journal_entry e[V6D_JOURNAL_RECORDS];
	bool damaged; /* something behind the last good line */
	pid_t owner; /* who holds the lock, after -EBUSY */
	bool held; /* after a peek: somebody holds the lock, so it runs */
};

/*
 * Opens DIR/NAME.journal, makes it where `make` is true, locks it and reads
 * what is in it. name NULL: one in memory, for a rehearsal. -EBUSY: another
 * process runs the instance (j->owner); -ENOENT: there is none and make is
 * false; -EROFS, -EACCES, -ENOSPC, ...: it cannot be kept here. On failure
 * nothing is left open.
 */
int v6d_journal_open(
    struct v6d_journal *j, const char *dir, const char *name, bool make);

/* Looks without locking: for "status". The same errors but -EBUSY. */
int v6d_journal_peek(struct v6d_journal *j, const char *dir, const char *name);

/*
 * Claims room for everything that a run may write, so that a full disk shows
 * now and not between two steps, and writes the first record. What j has that
 * is not undone stays behind it.
 */
int v6d_journal_begin(struct v6d_journal *j, const struct v6d_record *first);

/*
 * Appends a record; it is on the disk when this returns 0. Where room is
 * short the undone ones go first, and with them the numbers of the others.
 */
int v6d_journal_add(struct v6d_journal *j, const struct v6d_record *r);

/* Notes that entry i is undone. */
int v6d_journal_undone(struct v6d_journal *j, unsigned i);

/* Every change is undone: the file goes. */
int v6d_journal_remove(struct v6d_journal *j);

/* Frees everything; the file stays as it is. NULL is no error. */
void v6d_journal_close(struct v6d_journal *j);

#endif
