/* SPDX-License-Identifier: GPL-2.0-or-later */
/* net.h - the lab's namespaces, links, addresses and rules. */
#ifndef V6D_TOOLS_LAB_NET_H
#define V6D_TOOLS_LAB_NET_H

#include "lab/fault.h"

/* All that one lab is made of, while its owner builds it. */
struct v6d_lab_plan {
	struct v6d_lab_fault faults[V6D_LAB_FAULTS];
	size_t n_faults;
	int ns[V6D_LAB_NODES]; /* network namespaces */
	int wire; /* that of bad lines (wire.h); -1: there are none */
	int self_fd; /* this program */
	char *err; /* V6D_LAB_ERR bytes */
};

/*
 * The topology's lines of that kind for a node, then those of the faults.
 * In a heap block that the caller frees; NULL when memory is short.
 */
char *v6d_net_lines(
    const struct v6d_lab_plan *plan, const char *kind, enum v6d_lab_node node);

/*
 * Makes the private mounts, the namespaces, links, addresses and rules.
 * For a process that is alone in its mount and PID namespace. 0 or an exit
 * status, with a message in plan->err.
 */
int v6d_net_build(struct v6d_lab_plan *plan);

#endif
