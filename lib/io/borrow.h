/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * borrow.h - the other end of lend.h: the session of a gateway on this host
 * is asked, while it goes on.
 */
#ifndef V6D_IO_BORROW_H
#define V6D_IO_BORROW_H

#include <uv.h>

#include "probe/ask.h"

struct v6d_borrow;

/*
 * Looks below run_dir for the gateway whose tunnel is `interface` in this
 * network namespace (-1: our own), and begins to borrow its session: 0, and
 * *ret_fd is connected. -ENOENT: there is none that this user may ask; -EBUSY:
 * somebody else has borrowed it; -ENOTCONN: it has no session at the moment.
 */
int v6d_borrow_find(
    const char *run_dir, const char *interface, int ns_fd, int *ret_fd);

/*
 * Takes over fd. Each answer is handed to `answered` with its ask's id; a NULL
 * one, once and last: the session has ended, or its owner. Returns 0 or
 * -errno (fd stays open).
 */
int v6d_borrow_new(uv_loop_t *loop, int fd,
    void (*answered)(void *arg, unsigned id, const struct v6d_answer *a),
    void *arg, struct v6d_borrow **ret);

/* Asks; id is not 0. */
void
v6d_borrow_ask(struct v6d_borrow *b, unsigned id, const struct v6d_ask *ask);

/* Gives it back; b is freed when the loop has turned. NULL is fine. */
void v6d_borrow_free(struct v6d_borrow *b);

#endif
