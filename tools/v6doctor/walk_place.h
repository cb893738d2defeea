/* SPDX-License-Identifier: GPL-2.0-or-later */
/* walk_place.h - where a walk keeps its files. */
#ifndef V6D_TOOLS_WALK_PLACE_H
#define V6D_TOOLS_WALK_PLACE_H

#include <stddef.h>

struct v6d_walk_place {
	char state[4096]; /* the walk under way */
	char checks[4096]; /* the report of its checks */
	char again[4096]; /* of a second run, gone after it */
	char text[4096]; /* the finished walk */
};

/*
 * The user's state folder (XDG_STATE_HOME, else .local/state), which is made
 * where it is missing; or that of `state`, where it is given. save: the name
 * of the finished walk, or NULL. 0 or -errno.
 */
int
v6d_walk_place(const char *state, const char *save, struct v6d_walk_place *ret);

#endif
