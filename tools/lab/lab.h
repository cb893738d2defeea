/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lab.h - the practice network: eight nodes, real servers, faults on demand. */
#ifndef V6D_TOOLS_LAB_H
#define V6D_TOOLS_LAB_H

#include <stdbool.h>
#include <stddef.h>

/*
 * c1, c2 - nat1 - nat2 - isp - srv - r6 - web. c1 is "the host" when the
 * doctor is run against the lab.
 */
enum v6d_lab_node {
	V6D_LAB_C1,
	V6D_LAB_C2,
	V6D_LAB_NAT1,
	V6D_LAB_NAT2,
	V6D_LAB_ISP,
	V6D_LAB_SRV,
	V6D_LAB_R6,
	V6D_LAB_WEB,
	V6D_LAB_NODES /* how many */
};

struct v6d_lab_opts {
	const char *name; /* NULL: anonymous, dies with the calling thread */
	const char *const *faults; /* each NAME[=VALUE][@PLACE] */
	size_t n_faults;
};

#define V6D_LAB_ERR 1024 /* room for any message */

struct v6d_lab;

/*
 * Builds a lab and returns when every server in it answers. Blocks for some
 * tenths of a second, 15 s at most. Call it before other threads run.
 *
 * An anonymous lab is gone when v6d_lab_stop() is called or the calling
 * thread ends, however it ends. A named one stays until "lab down"; its
 * handle may be dropped with v6d_lab_detach().
 *
 * Returns 0, or an exit status (64: unknown fault, place, value or name; 69:
 * no permission, a missing program or kernel part; 70) with a message for
 * people in err, which has room for V6D_LAB_ERR bytes.
 */
int v6d_lab_start(
    const struct v6d_lab_opts *opts, struct v6d_lab **ret_lab, char *err);

/* A handle on a named lab that is up. 0, or 66 (there is none), 69, 70. */
int v6d_lab_attach(const char *name, struct v6d_lab **ret_lab, char *err);

/*
 * The network namespace of a node, for setns(fd, CLONE_NEWNET). Belongs to
 * the handle. -1 for a name that is no node.
 */
int v6d_lab_node_fd(const struct v6d_lab *lab, const char *node);

/*
 * c1's profile as a path that this process and its children can
 * open while the handle lives. The password file it names is mode 0600 and
 * has no name outside this process.
 */
const char *v6d_lab_profile_path(const struct v6d_lab *lab);

/* The faults that are in, one "NAME=VALUE@PLACE" a line; "" when none is. */
const char *v6d_lab_faults(const struct v6d_lab *lab);

/* The process that owns the lab, as this process sees it; 0: unknown. */
long v6d_lab_owner(const struct v6d_lab *lab);

/* Takes the lab down, waits until its processes are gone, frees the handle. */
void v6d_lab_stop(struct v6d_lab *lab);

/* Frees the handle only; a named lab stays, an anonymous one goes. */
void v6d_lab_detach(struct v6d_lab *lab);

/* "c1"... in path order; NULL when node is V6D_LAB_NODES or more. */
const char *v6d_lab_node_name(enum v6d_lab_node node);

#endif
