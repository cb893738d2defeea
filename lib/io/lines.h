/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lines.h - one end of a local stream socket that carries lines of text. */
#ifndef V6D_IO_LINES_H
#define V6D_IO_LINES_H

#include <stddef.h>
#include <uv.h>

#define V6D_LINES_MAX 131072 /* bytes of the longest line that is read */

struct v6d_lines;

/* Takes over a connected socket. Returns 0 or -errno (fd stays open). */
int v6d_lines_open(uv_loop_t *loop, int fd, struct v6d_lines **ret);

/* Accepts who waits at a listening pipe. Returns 0 or -errno. */
int v6d_lines_accept(
    uv_loop_t *loop, uv_stream_t *listener, struct v6d_lines **ret);

/*
 * From now on each line that comes is handed over, without its end. NULL,
 * once and last: the other end is gone, or sent a longer one than is read.
 */
void v6d_lines_hear(struct v6d_lines *l,
    void (*on_line)(void *arg, const char *line), void *arg);

/* Sends one line (copied, its end is added). */
void v6d_lines_send(struct v6d_lines *l, const char *line);

/* Nothing more is sent: the other end hears the end after the last line. */
void v6d_lines_end(struct v6d_lines *l);

/* Hears no more and frees l when the loop has turned. NULL is fine. */
void v6d_lines_close(struct v6d_lines *l);

#endif
