/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * window.h - the bytes of a stream in place, many read at a time: what is
 * seen of them is not copied.
 */
#ifndef V6D_IO_WINDOW_H
#define V6D_IO_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct v6d_window {
	FILE *f; /* io/input.h; borrowed */
	uint8_t *buf;
	size_t at, n, cap; /* what is next of n bytes, and room for them */
	/* What was seen stays where it is: nothing is read meanwhile. */
	bool held;
	bool no_memory; /* sticks */
};

void v6d_window_init(struct v6d_window *w, FILE *f);
void v6d_window_done(struct v6d_window *w);

/*
 * The next n bytes, valid until the next call while it is not held; or NULL:
 * so many do not follow, or (held) they have not been read, or there is no
 * memory for so many. They stay the next ones.
 */
const uint8_t *v6d_window_see(struct v6d_window *w, size_t n);

/* Steps over n bytes that were seen. */
void v6d_window_step(struct v6d_window *w, size_t n);

/* Bytes that were read and not stepped over. */
size_t v6d_window_left(const struct v6d_window *w);

#endif
