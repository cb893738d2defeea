/* SPDX-License-Identifier: GPL-2.0-or-later */
/* window.c - the bytes of a stream in place, many read at a time. */
#include "io/window.h"

#include <stdlib.h>
#include <string.h>

/* Bytes: few enough to be in the processor's cache still when they are used. */
#define FIRST (256u << 10)

void
v6d_window_init(struct v6d_window *w, FILE *f)
{
	*w = (struct v6d_window){ .f = f };
}

void
v6d_window_done(struct v6d_window *w)
{
	free(w->buf);
	w->buf = NULL;
}

size_t
v6d_window_left(const struct v6d_window *w)
{
	return w->n - w->at;
}

static bool
make_room(struct v6d_window *w, size_t n)
{
	size_t cap = w->cap ? w->cap : FIRST;
	uint8_t *buf;

	while (cap < n)
		cap *= 2;
	if (cap == w->cap)
		return true;
	buf = realloc(w->buf, cap);
	if (!buf) {
		w->no_memory = true;
		return false;
	}
	w->buf = buf;
	w->cap = cap;
	return true;
}

const uint8_t *
v6d_window_see(struct v6d_window *w, size_t n)
{
	size_t left = v6d_window_left(w);

	if (n <= left)
		return w->buf + w->at;
	if (w->held || !make_room(w, n))
		return NULL;
	memmove(w->buf, w->buf + w->at, left);
	w->at = 0;
	w->n = left + fread(w->buf + left, 1, w->cap - left, w->f);
	return n <= w->n ? w->buf : NULL;
}

void
v6d_window_step(struct v6d_window *w, size_t n)
{
	w->at += n;
}
