/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nearest.h - which known names a mistyped one may have meant. */
#ifndef V6D_TOOLS_NEAREST_H
#define V6D_TOOLS_NEAREST_H

#include <stddef.h>

#define V6D_NEAREST 3

/* The closest names so far, the closest first; starts as { .n = 0 }. */
struct v6d_nearest {
	const char *names[V6D_NEAREST];
	size_t far[V6D_NEAREST];
	size_t n;
};

/* Takes `name` in if it is close to `word`, and closer than what is there. */
void
v6d_nearest_offer(struct v6d_nearest *b, const char *word, const char *name);

#endif
