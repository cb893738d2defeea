/* SPDX-License-Identifier: GPL-2.0-or-later */
/* merge.h - several captures as one, in the order of time. */
#ifndef V6D_TOOLS_MERGE_H
#define V6D_TOOLS_MERGE_H

#include "io/capture.h"

struct v6d_merge; /* opaque */

/*
 * Opens n captures. Returns 0, or what v6d_capture_open does of the first
 * that cannot be read; message says of which, and why.
 */
int v6d_merge_open(const char *const *paths, size_t n, struct v6d_merge **ret_m,
    char *message, size_t size);

/*
 * The earliest packet that is left of any of them, each in its own order. 1
 * and *ret_p, valid until the next call; 0: no more. A file that turns out to
 * be damaged ends there, the others go on.
 */
int v6d_merge_next(struct v6d_merge *m, struct v6d_captured *ret_p);

/* What is damaged; "": nothing is. Valid until it is closed. */
const char *v6d_merge_damage(const struct v6d_merge *m);

/* NULL is fine. */
void v6d_merge_close(struct v6d_merge *m);

#endif
